//! Few requests at a time for one host, and never in a burst.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until, timeout};

use super::FetchError;

/// Requests to one host at the same time.
const PER_HOST: usize = 2;
/// Hosts remembered; beyond it the idle ones are forgotten.
const MAX_HOSTS: usize = 1_000;

/// The gates of all hosts.
#[derive(Debug)]
pub(super) struct Gates {
    hosts: Mutex<HashMap<String, Arc<Gate>>>,
    spacing: Duration,
    /// How long a request waits for its turn.
    patience: Duration,
}

#[derive(Debug)]
struct Gate {
    permits: Arc<Semaphore>,
    /// When the next request may start.
    next: Mutex<Instant>,
}

impl Gates {
    pub(super) fn new(spacing: Duration, patience: Duration) -> Self {
        Self { hosts: Mutex::default(), spacing, patience }
    }

    /// Waits for a turn with the host; the turn lasts until the permit is dropped.
    pub(super) async fn enter(&self, host: &str) -> Result<OwnedSemaphorePermit, FetchError> {
        let gate = self.gate(host);
        let turn = async {
            let permit = Arc::clone(&gate.permits).acquire_owned().await.map_err(|_| FetchError::Queue)?;
            let now = Instant::now();
            let start = {
                let mut next = gate.next.lock().unwrap_or_else(PoisonError::into_inner);
                let start = (*next).max(now);
                *next = start + self.spacing;
                start
            };
            // A sleep takes a millisecond even where there is nothing to wait for.
            if start > now {
                sleep_until(start).await;
            }
            Ok(permit)
        };
        timeout(self.patience, turn).await.map_err(|_| FetchError::Queue)?
    }

    fn gate(&self, host: &str) -> Arc<Gate> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= MAX_HOSTS && !hosts.contains_key(host) {
            let now = Instant::now();
            hosts.retain(|_, gate| {
                let busy = gate.permits.available_permits() < PER_HOST || Arc::strong_count(gate) > 1;
                busy || *gate.next.lock().unwrap_or_else(PoisonError::into_inner) > now
            });
        }
        let new = || Gate { permits: Arc::new(Semaphore::new(PER_HOST)), next: Mutex::new(Instant::now()) };
        Arc::clone(hosts.entry(host.to_owned()).or_insert_with(|| Arc::new(new())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_at_a_time_for_one_host() {
        let gates = Gates::new(Duration::ZERO, Duration::MAX);
        let first = gates.enter("example.org").await.unwrap();
        let _second = gates.enter("example.org").await.unwrap();
        let _other = gates.enter("example.net").await.unwrap();
        {
            let mut third = std::pin::pin!(gates.enter("example.org"));
            assert!(futures_util::poll!(third.as_mut()).is_pending());
            drop(first);
            let _third = third.await.unwrap();
        }
    }

    #[tokio::test]
    async fn requests_are_spaced() {
        let gates = Gates::new(Duration::from_secs(3600), Duration::MAX);
        let _first = gates.enter("example.org").await.unwrap();
        assert!(futures_util::poll!(std::pin::pin!(gates.enter("example.org"))).is_pending());
    }

    #[tokio::test]
    async fn idle_hosts_are_forgotten() {
        let gates = Gates::new(Duration::ZERO, Duration::MAX);
        let _held = gates.enter("held.example").await.unwrap();
        for n in 0..3 * MAX_HOSTS {
            drop(gates.enter(&format!("{n}.example")).await.unwrap());
        }
        let hosts = gates.hosts.lock().unwrap();
        assert!(hosts.len() <= MAX_HOSTS);
        assert!(hosts.contains_key("held.example"));
    }
}
