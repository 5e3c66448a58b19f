//! How long each stage has worked since the start.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What is timed: from begin to end of each run, waiting for a free model thread included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Poll,
    Fetch,
    Clean,
    Read,
    Group,
    Post,
}

impl Step {
    pub const ALL: [Step; 6] = [Step::Poll, Step::Fetch, Step::Clean, Step::Read, Step::Group, Step::Post];

    pub fn name(self) -> &'static str {
        match self {
            Step::Poll => "poll",
            Step::Fetch => "fetch",
            Step::Clean => "clean",
            Step::Read => "read",
            Step::Group => "group",
            Step::Post => "post",
        }
    }
}

/// Runs and time of every step.
#[derive(Debug, Default)]
pub struct Timings([(AtomicU64, AtomicU64); Step::ALL.len()]);

impl Timings {
    /// Runs `work` and adds its time to `step`.
    pub async fn of<T>(&self, step: Step, work: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let outcome = work.await;
        self.add(step, begun.elapsed());
        outcome
    }

    /// How often `step` ran, and how long in all.
    pub fn get(&self, step: Step) -> (u64, Duration) {
        let (runs, nanos) = &self.0[step as usize];
        (runs.load(Ordering::Relaxed), Duration::from_nanos(nanos.load(Ordering::Relaxed)))
    }

    fn add(&self, step: Step, time: Duration) {
        let (runs, nanos) = &self.0[step as usize];
        runs.fetch_add(1, Ordering::Relaxed);
        nanos.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}
