//! Whether the gateway is alive.
//!
//! After some closes serenity neither reconnects nor ends: it spins. No event tells of that, but its
//! heartbeats are no longer acknowledged, and each acknowledgement would have changed a latency.

use std::time::{Duration, Instant};

/// What is seen of one shard: whether it is connected, and how long its last heartbeat took.
pub(super) type Sign = (bool, Option<Duration>);

/// Remembers when the gateway last gave a sign of life.
#[derive(Debug)]
pub(super) struct Pulse {
    patience: Duration,
    last: Instant,
    seen: Vec<Sign>,
}

impl Pulse {
    pub fn new(patience: Duration, now: Instant) -> Self {
        Self { patience, last: now, seen: Vec::new() }
    }

    /// Takes what is seen of all shards now. False once there was no sign of life for too long.
    ///
    /// Alive is a connected shard that was not so before, or whose latency changed. With several
    /// shards all must be connected.
    pub fn beat(&mut self, now: Instant, signs: Vec<Sign>) -> bool {
        let connected = !signs.is_empty() && signs.iter().all(|(connected, _)| *connected);
        if connected && signs != self.seen {
            self.last = now;
        }
        self.seen = signs;
        now.duration_since(self.last) <= self.patience
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_noticed_and_heartbeats_are_heard() {
        let start = Instant::now();
        let minute = |n: u64| start + Duration::from_secs(60 * n);
        let latency = |ms| Some(Duration::from_millis(ms));
        let mut pulse = Pulse::new(Duration::from_secs(300), start);
        for (at, signs, alive) in [
            (4, vec![], true),
            (5, vec![(true, None)], true),
            (9, vec![(true, latency(30))], true),
            (14, vec![(true, latency(31))], true),
            // Connected by its own account, but no heartbeat comes back any more.
            (19, vec![(true, latency(31))], true),
            (20, vec![(true, latency(31))], false),
            (21, vec![(true, latency(32))], true),
            // Trying for too long.
            (25, vec![(false, latency(33))], true),
            (27, vec![(false, latency(34))], false),
            // One of two shards is away.
            (28, vec![(true, latency(1)), (true, latency(2))], true),
            (34, vec![(true, latency(3)), (false, latency(2))], false),
        ] {
            assert_eq!(pulse.beat(minute(at), signs), alive, "minute {at}");
        }
    }
}
