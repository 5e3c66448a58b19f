//! Rate limits as Discord applies them: a fixed window per route and major parameter.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::Settings;
use super::endpoint::Endpoint;
use crate::domain::MessageId;

/// Buckets are forgotten above this number, when their window is over.
const BUCKETS: usize = 1024;

/// Refusals (401, 403, 429) that ban an address, and the window they are counted in.
///
/// Source: Discord's documentation, "Invalid Request Limit".
const INVALID: Limit = Limit { count: 10_000, window: Duration::from_secs(10 * 60) };

/// So many requests in so long a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub count: u32,
    pub window: Duration,
}

impl Limit {
    /// Discord's limit on messages of one channel, as observed from its headers.
    pub const MESSAGES: Self = Limit { count: 5, window: Duration::from_secs(2) };
    /// On all requests of a bot together, as documented.
    pub const GLOBAL: Self = Limit { count: 50, window: Duration::from_secs(1) };
    /// On publishing messages of an announcement channel.
    pub const CROSSPOSTS: Self = Limit { count: 10, window: Duration::from_secs(3600) };
    /// On IDENTIFYs at the gateway, as documented.
    pub const IDENTIFIES: Self = Limit { count: 1000, window: Duration::from_secs(24 * 3600) };
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
    /// It is over the limit on all requests together.
    pub global: bool,
}

/// What becomes of an IDENTIFY.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Granted,
    /// The last one was just now.
    TooSoon,
    /// There were too many today.
    Spent,
}

/// A fixed window: its end, and the requests in it.
#[derive(Debug, Clone, Copy)]
struct Window(Instant, u32);

impl Window {
    /// Counts a request; whether it was within the limit.
    fn take(&mut self, limit: Limit, now: Instant) -> bool {
        if self.0 <= now {
            *self = Window(now + limit.window, 0);
        }
        let within = self.1 < limit.count;
        self.1 += u32::from(within);
        within
    }
}

#[derive(Debug)]
pub struct Limiter {
    messages: Limit,
    crossposts: Limit,
    global: Limit,
    identifies: Limit,
    /// One IDENTIFY in so long.
    spacing: Limit,
    /// Edits of one message that is old.
    old_edits: Limit,
    buckets: HashMap<String, Window>,
    edited: HashMap<MessageId, Window>,
    all: Option<Window>,
    invalid: Option<Window>,
    identified: Option<Window>,
    identified_of_late: Option<Window>,
}

impl Limiter {
    pub fn new(settings: &Settings) -> Self {
        Limiter {
            messages: settings.message_limit,
            crossposts: settings.crosspost_limit,
            global: settings.global_limit,
            identifies: settings.identify_limit,
            spacing: Limit { count: 1, window: settings.identify_spacing },
            old_edits: settings.old_edit_limit,
            buckets: HashMap::new(),
            edited: HashMap::new(),
            all: None,
            invalid: None,
            identified: None,
            identified_of_late: None,
        }
    }

    /// Counts a request to an endpoint, `major` being the channel, guild or webhook in its path.
    ///
    /// `None`: the endpoint has no limit of its own (interaction callbacks).
    pub fn take(&mut self, endpoint: Endpoint, major: &str, now: Instant) -> Option<Quota> {
        if endpoint == Endpoint::CALLBACK {
            return None;
        }
        let posts = [Endpoint::CREATE_MESSAGE, Endpoint::EDIT_MESSAGE, Endpoint::FOLLOW_UP];
        let limit = match endpoint {
            Endpoint::CROSSPOST => self.crossposts,
            endpoint if posts.contains(&endpoint) => self.messages,
            _ => Limit::OTHERS,
        };
        // Answers to interactions are not the bot's own requests.
        let global = if endpoint.is_open() { None } else { Some(self.global) };
        let within = global
            .is_none_or(|global| self.all.get_or_insert(Window(now + global.window, 0)).take(global, now));
        if self.buckets.len() >= BUCKETS {
            self.buckets.retain(|_, Window(end, _)| *end > now);
        }
        let bucket = self.buckets.entry(format!("{} {} {major}", endpoint.method, endpoint.path));
        let window = bucket.or_insert(Window(now + limit.window, 0));
        let exceeded = !within || !window.take(limit, now);
        let end = match (within, self.all) {
            (false, Some(all)) => all.0,
            _ => window.0,
        };
        Some(Quota {
            bucket: hash(endpoint),
            limit: limit.count,
            remaining: limit.count - window.1,
            reset_after: end.saturating_duration_since(now),
            exceeded,
            global: !within,
        })
    }

    /// Counts an edit of a message that is old; if there were too many, after how long the next is allowed.
    pub fn edit_old(&mut self, message: MessageId, now: Instant) -> Option<Duration> {
        if self.edited.len() >= BUCKETS {
            self.edited.retain(|_, Window(end, _)| *end > now);
        }
        let window = self.edited.entry(message).or_insert(Window(now, 0));
        let within = window.take(self.old_edits, now);
        (!within).then(|| window.0 - now)
    }

    /// Counts an IDENTIFY whose form is right.
    pub fn identify(&mut self, now: Instant) -> Turn {
        let of_late = self.identified_of_late.get_or_insert(Window(now, 0));
        if !of_late.take(self.spacing, now) {
            return Turn::TooSoon;
        }
        let today = self.identified.get_or_insert(Window(now, 0));
        if today.take(self.identifies, now) { Turn::Granted } else { Turn::Spent }
    }

    /// How many IDENTIFYs are left, and after how long all are again.
    pub fn identifies_left(&self, now: Instant) -> (u32, Duration) {
        match self.identified {
            Some(Window(end, count)) if end > now => (self.identifies.count - count, end - now),
            _ => (self.identifies.count, Duration::ZERO),
        }
    }

    /// Counts an answer of 401, 403 or 429.
    pub fn refused(&mut self, now: Instant) {
        self.invalid.get_or_insert(Window(now + INVALID.window, 0)).take(INVALID, now);
    }

    /// Whether there were so many refusals that no request is answered any more.
    pub fn is_banned(&self, now: Instant) -> bool {
        self.invalid.is_some_and(|Window(end, count)| end > now && count >= INVALID.count)
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
        let mut limiter = Limiter::new(&Settings::default());
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

    #[test]
    fn fifty_requests_a_second_over_all_routes() {
        let start = Instant::now();
        let mut limiter = Limiter::new(&Settings::default());
        let mut post =
            |major: u32| limiter.take(Endpoint::CREATE_MESSAGE, &major.to_string(), start).unwrap();
        assert!((0..50).all(|major| !post(major).exceeded));
        let over = post(50);
        assert!(over.exceeded && over.global, "{over:?}");
        assert_eq!(over.reset_after, Duration::from_secs(1));
        let followed = limiter.take(Endpoint::FOLLOW_UP, "token", start).unwrap();
        assert!(!followed.exceeded, "answers to interactions are not counted");
        assert!(!limiter.take(Endpoint::CHANNEL, "1", start + Duration::from_secs(1)).unwrap().exceeded);
    }

    #[test]
    fn ten_thousand_refusals_in_ten_minutes_ban() {
        let start = Instant::now();
        let mut limiter = Limiter::new(&Settings::default());
        (1..INVALID.count).for_each(|_| limiter.refused(start));
        assert!(!limiter.is_banned(start));
        limiter.refused(start);
        assert!(limiter.is_banned(start));
        assert!(!limiter.is_banned(start + INVALID.window));
    }

    #[test]
    fn ten_messages_an_hour_are_published() {
        let start = Instant::now();
        let mut limiter = Limiter::new(&Settings::default());
        let published = (0..11).filter(|_| !limiter.take(Endpoint::CROSSPOST, "1", start).unwrap().exceeded);
        assert_eq!(published.count(), 10);
    }

    #[test]
    fn a_thousand_identifies_a_day_each_five_seconds_after_the_last() {
        let start = Instant::now();
        let mut limiter = Limiter::new(&Settings::default());
        let spacing = Duration::from_secs(5);
        let at = |n: u32| start + spacing * n;
        assert_eq!(limiter.identify(start), Turn::Granted);
        assert_eq!(limiter.identify(at(1) - Duration::from_millis(1)), Turn::TooSoon);
        assert!((1..1000).all(|n| limiter.identify(at(n)) == Turn::Granted));
        assert_eq!(limiter.identify(at(1000)), Turn::Spent);
        let day = Limit::IDENTIFIES.window;
        assert_eq!(limiter.identifies_left(at(1000)), (0, day - spacing * 1000));
        assert_eq!(limiter.identify(start + day), Turn::Granted);
        assert_eq!(limiter.identifies_left(start + day), (999, day));
    }
}
