//! The pace of posting: fewer requests than Discord would refuse.
//!
//! serenity waits where the limit of a route is used up, but knows of the limit on all requests together only once it
//! was passed.

use std::time::{Duration, SystemTime};

use poise::serenity_prelude as serenity;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, sleep_until};

use crate::clock::Clock;

/// Between two requests. Discord takes 50 a second; the rest of the bot asks little, and no request arrives sooner after
/// another than it left.
const SPACING: Duration = Duration::from_millis(21);

/// When the next request may be sent.
#[derive(Debug)]
pub(super) struct Pace {
    next: Mutex<Instant>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { next: Mutex::new(Instant::now()) }
    }
}

impl Pace {
    /// Waits until a request for a route may be sent, within the route's own limit and that on all.
    pub async fn turn(&self, http: &serenity::Http, route: serenity::Route<'_>) {
        // First: a turn that is taken and then waits would come together with the next ones.
        if let Some(wait) = until_open(http, route).await {
            sleep(wait).await;
        }
        let slot = slot(&mut *self.next.lock().await, Instant::now());
        sleep_until(slot).await;
    }
}

/// Takes the next moment that is free.
fn slot(next: &mut Instant, now: Instant) -> Instant {
    let slot = (*next).max(now);
    *next = slot + SPACING;
    slot
}

/// How long the limit of a route is used up, as the answers to earlier requests said.
async fn until_open(http: &serenity::Http, route: serenity::Route<'_>) -> Option<Duration> {
    let routes = http.ratelimiter.as_ref()?.routes();
    let bucket = routes.read().await.get(&route.ratelimiting_bucket()).cloned()?;
    let (remaining, reset) = {
        let bucket = bucket.lock().await;
        (bucket.remaining(), bucket.reset()?)
    };
    let now = SystemTime::from(Clock::System.now());
    reset.duration_since(now).ok().filter(|_| remaining <= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_discord_takes_in_any_second() {
        let begun = Instant::now();
        let mut next = begun;
        // A hundred at once, then one every 5 ms.
        let asked = (0..300_u64).map(|n| begun + Duration::from_millis(n.saturating_sub(100) * 5));
        let sent: Vec<Instant> = asked.map(|now| slot(&mut next, now)).collect();
        for (at, first) in sent.iter().enumerate() {
            let within = sent[at..].iter().filter(|other| **other - *first < Duration::from_secs(1)).count();
            assert!(within < 50, "{within} in the second after {:?}", *first - begun);
        }
        assert_eq!(sent[0], begun, "the first need not wait");
        assert!(sent[299] - begun < Duration::from_secs(7), "near what Discord takes");
        let later = begun + Duration::from_secs(60);
        assert_eq!(slot(&mut next, later), later, "nor one after a pause");
    }
}
