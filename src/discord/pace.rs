//! The pace of posting: fewer requests than Discord would refuse.
//!
//! serenity waits where the limit of a route is used up, but knows of the limit on all requests together only once it
//! was passed.

use std::time::{Duration, SystemTime};

use poise::serenity_prelude as serenity;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, sleep_until};

use crate::clock::Clock;

/// Between two requests: 45 a second. Discord takes 50, counted as they arrive, and some that left apart arrive together;
/// the rest of the bot asks little.
const SPACING: Duration = Duration::from_millis(22);

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
        // Held while it waits: after a pause of the whole process, those behind do not go all at once.
        let mut next = self.next.lock().await;
        sleep_until(*next).await;
        *next = Instant::now() + SPACING;
    }
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

    #[tokio::test]
    async fn requests_that_are_due_at_once_are_sent_one_after_the_other() {
        let begun = Instant::now();
        let (pace, http) = (Pace::default(), serenity::Http::new(""));
        let turns = (1..10).map(|channel| {
            let (pace, http) = (&pace, &http);
            async move {
                let channel_id = serenity::ChannelId::new(channel % 3 + 1);
                pace.turn(http, serenity::Route::ChannelMessages { channel_id }).await;
                begun.elapsed()
            }
        });
        let sent = futures_util::future::join_all(turns).await;
        assert!((0..).zip(&sent).all(|(before, at)| *at >= SPACING * before), "{sent:?}");
        assert!(Duration::from_secs(1).div_duration_f64(SPACING) < 50.0, "what Discord takes in a second");
    }
}
