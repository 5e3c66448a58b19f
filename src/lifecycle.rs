//! Who owns the running tasks, and how they end.
//!
//! Two tokens: *soft* asks every loop to finish what it holds and take nothing new; *hard*
//! drops what is still running. A task that ends before it was asked to is a failure of the
//! whole process: half a bot that looks alive is worse than none.

use std::future::Future;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// From the first signal to the end of the process, work in progress may take this long.
/// Docker and systemd kill after 10 s; the rest is for closing the database.
const GRACE: Duration = Duration::from_secs(8);

/// The tasks of one process.
pub struct Tasks {
    tracker: TaskTracker,
    stop: Stop,
    ended: mpsc::UnboundedSender<Ended>,
    ends: mpsc::UnboundedReceiver<Ended>,
}

/// What a task looks at to know that it should end.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    soft: CancellationToken,
    hard: CancellationToken,
}

type Ended = (&'static str, anyhow::Result<()>);

impl Stop {
    /// Asks every task to finish.
    pub fn request(&self) {
        self.soft.cancel();
    }

    /// Resolves when tasks should take nothing new.
    pub async fn requested(&self) {
        self.soft.cancelled().await;
    }

    pub fn is_requested(&self) -> bool {
        self.soft.is_cancelled()
    }
}

impl Default for Tasks {
    fn default() -> Self {
        let (ended, ends) = mpsc::unbounded_channel();
        Self { tracker: TaskTracker::new(), stop: Stop::default(), ended, ends }
    }
}

impl Tasks {
    /// The tokens of these tasks.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Starts a task that is to run until [`Stop::requested`].
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = anyhow::Result<()>> + Send + 'static) {
        let (ended, hard) = (self.ended.clone(), self.stop.hard.clone());
        #[expect(clippy::disallowed_methods, reason = "the one owner of tasks")]
        let handle = tokio::spawn(async move {
            tokio::select! {
                outcome = task => outcome,
                () = hard.cancelled() => Ok(()),
            }
        });
        self.tracker.spawn(async move {
            let outcome = handle.await.unwrap_or_else(|panic| Err(anyhow::anyhow!("it panicked: {panic}")));
            // The receiver lives as long as `self`; after that nobody asks.
            let _ = ended.send((name, outcome));
        });
    }

    /// Waits for a signal or for the first task to end, then stops all of them.
    ///
    /// # Errors
    /// A task failed, or ended without having been asked to.
    pub async fn run(mut self) -> anyhow::Result<()> {
        let mut signals = Signals::listen()?;
        let stop = self.stop.clone();
        let outcome = tokio::select! {
            // First: once a stop is requested, tasks that end are no failure.
            biased;
            () = stop.requested() => Ok(()),
            name = signals.next() => {
                tracing::info!("Stopping on {name}; a second signal stops at once.");
                Ok(())
            }
            Some((name, outcome)) = self.ends.recv() => match outcome {
                Ok(()) => Err(anyhow::anyhow!("the task {name} ended by itself")),
                Err(error) => Err(error.context(format!("the task {name} failed"))),
            },
        };
        self.stop.request();
        self.tracker.close();
        let in_time = tokio::select! {
            () = self.tracker.wait() => true,
            () = tokio::time::sleep(GRACE) => false,
            _ = signals.next() => false,
        };
        self.stop.hard.cancel();
        if !in_time {
            tracing::warn!(
                "Some work did not end in time and was dropped; it is taken up at the next start."
            );
            self.tracker.wait().await;
        }
        outcome?;
        while let Ok((name, outcome)) = self.ends.try_recv() {
            outcome.with_context(|| format!("the task {name} failed while stopping"))?;
        }
        Ok(())
    }
}

/// SIGTERM and SIGINT.
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let open = |kind| signal(kind).context("listening for signals");
        Ok(Self { terminate: open(SignalKind::terminate())?, interrupt: open(SignalKind::interrupt())? })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

/// Runs `tick` until the stop is requested: at once again while it finds work, else after
/// `pause` or when `wake` is notified. An error is logged and waited out: it never ends the loop.
///
/// # Errors
/// Only a [`Fatal`] error of `tick`.
pub async fn repeat<F>(
    name: &'static str,
    stop: Stop,
    wake: &tokio::sync::Notify,
    pause: Duration,
    mut tick: impl FnMut() -> F,
) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<bool>>,
{
    let mut failures = 0_u32;
    while !stop.is_requested() {
        let wait = match tick().await {
            Ok(true) => {
                failures = 0;
                continue;
            }
            Ok(false) => {
                failures = 0;
                pause
            }
            Err(error) if error.is::<Fatal>() => return Err(error),
            Err(error) => {
                failures += 1;
                let wait = pause.max(Duration::from_secs(1 << failures.min(6)));
                tracing::error!("The stage {name} failed and is tried again in {wait:?}: {error:#}");
                wait
            }
        };
        tokio::select! {
            () = stop.requested() => {}
            () = wake.notified(), if failures == 0 => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    Ok(())
}

/// An error that no retry mends: the process ends with it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Fatal(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_ends_because_it_was_asked_to_is_no_failure() {
        // Often: which of two that are ready is looked at first may be left to chance.
        for _ in 0..32 {
            let tasks = Tasks::default();
            let stop = tasks.stop();
            tasks.spawn("obedient", async move {
                stop.requested().await;
                Ok(())
            });
            tasks.stop().request();
            while tasks.ends.is_empty() {
                tokio::task::yield_now().await;
            }
            tasks.run().await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_task_that_ends_unasked_or_fails_ends_the_process_with_an_error() {
        for (outcome, said) in [
            (Ok(()), "the task poll ended by itself"),
            (Err(anyhow::anyhow!("no disk")), "the task poll failed: no disk"),
        ] {
            let tasks = Tasks::default();
            let stop = tasks.stop();
            tasks.spawn("other", async move {
                stop.requested().await;
                Ok(())
            });
            tasks.spawn("poll", async { outcome });
            assert_eq!(format!("{:#}", tasks.run().await.unwrap_err()), said);
        }
    }
}
