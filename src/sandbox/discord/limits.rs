//! Rate limits as Discord applies them: a fixed window per route and major parameter.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::endpoint::Endpoint;

/// Buckets are forgotten above this number, when their window is over.
const BUCKETS: usize = 1024;

/// So many requests in so long a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub count: u32,
    pub window: Duration,
}

impl Limit {
    /// Discord's limit on messages of one channel, as observed from its headers.
    pub const MESSAGES: Self = Limit { count: 5, window: Duration::from_secs(2) };
    /// For every other route; generous, as the real ones differ and change.
    const OTHERS: Self = Limit { count: 50, window: Duration::from_secs(1) };
}

/// What the headers of an answer say of its bucket.
#[derive(Debug, Clone, PartialEq)]
pub struct Quota {
    pub bucket: String,
    pub limit: u32,
    pub remaining: u32,
    pub reset_after: Duration,
    /// The request is over the limit: answer 429.
    pub exceeded: bool,
}

#[derive(Debug)]
pub struct Limiter {
    messages: Limit,
    buckets: HashMap<String, (Instant, u32)>,
}

impl Limiter {
    pub fn new(messages: Limit) -> Self {
        Limiter { messages, buckets: HashMap::new() }
    }

    /// Counts a request to an endpoint, `major` being the channel, guild or webhook in its path.
    ///
    /// `None`: the endpoint has no limit of its own (interaction callbacks).
    pub fn take(&mut self, endpoint: Endpoint, major: &str, now: Instant) -> Option<Quota> {
        if endpoint == Endpoint::CALLBACK {
            return None;
        }
        let posts = [Endpoint::CREATE_MESSAGE, Endpoint::EDIT_MESSAGE, Endpoint::FOLLOW_UP];
        let limit = if posts.contains(&endpoint) { self.messages } else { Limit::OTHERS };
        if self.buckets.len() >= BUCKETS {
            self.buckets.retain(|_, (end, _)| *end > now);
        }
        let bucket = self.buckets.entry(format!("{} {} {major}", endpoint.method, endpoint.path));
        let (end, used) = bucket.or_insert((now + limit.window, 0));
        if *end <= now {
            (*end, *used) = (now + limit.window, 0);
        }
        let exceeded = *used >= limit.count;
        *used += u32::from(!exceeded);
        Some(Quota {
            bucket: hash(endpoint),
            limit: limit.count,
            remaining: limit.count - *used,
            reset_after: *end - now,
            exceeded,
        })
    }
}

/// A bucket's name in the headers: 32 hexadecimal digits that tell nothing (FNV-1a, 64 bits).
fn hash(endpoint: Endpoint) -> String {
    let bytes = endpoint.method.bytes().chain(endpoint.path.bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}{:016x}", hash.rotate_left(17))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_messages_in_two_seconds_for_each_channel() {
        let start = Instant::now();
        let mut limiter = Limiter::new(Limit::MESSAGES);
        let mut post = |major: &str, after_ms: u64| {
            let now = start + Duration::from_millis(after_ms);
            limiter.take(Endpoint::CREATE_MESSAGE, major, now).unwrap()
        };
        let left: Vec<_> = (0..5).map(|i| post("1", i).remaining).collect();
        assert_eq!(left, [4, 3, 2, 1, 0]);
        let sixth = post("1", 1500);
        assert!(sixth.exceeded);
        assert_eq!(sixth.reset_after, Duration::from_millis(500));
        assert!(!post("2", 1500).exceeded, "another channel has its own bucket");
        assert!(!post("1", 2000).exceeded, "the window is over");
        assert!(limiter.take(Endpoint::CALLBACK, "", start).is_none());
    }
}
