//! How much one person may ask at once.
//!
//! Everybody of all servers shares one disk and one model. The limits are far above what a person reads and far below
//! what a script sends; who meets one is told when to go on.

use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::desk::DeskError;
use crate::domain::UserId;

/// Commands and buttons: 20 at once, then one every 2 seconds. Nobody reads answers faster.
const ANSWERS: (u32, Duration) = (20, Duration::from_secs(2));
/// Pages read on demand: 3 at once, then one every 20 seconds. Each is a request to somebody's site, and half a second
/// of the model that reads the news (half a minute where summaries are in its own words).
const PAGES: (u32, Duration) = (3, Duration::from_secs(20));
/// People who are kept in mind before those who have waited long enough are forgotten.
const PEOPLE: usize = 10_000;

type Limiter<C> = RateLimiter<UserId, HashMapStateStore<UserId>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Who has asked how much of late.
pub struct Patience<C: Clock = DefaultClock> {
    clock: C,
    answers: Limiter<C>,
    pages: Limiter<C>,
}

impl Default for Patience {
    fn default() -> Self {
        Self::by(DefaultClock::default())
    }
}

impl<C: Clock + Clone> Patience<C> {
    fn by(clock: C) -> Self {
        let limiter = |limit| RateLimiter::new(quota(limit), HashMapStateStore::default(), clock.clone());
        Self { answers: limiter(ANSWERS), pages: limiter(PAGES), clock }
    }

    /// Counts a question; `reads_page` where it is about a page that is read for it.
    ///
    /// # Errors
    /// What the person is told who asks too much.
    pub fn spend(&self, user: UserId, reads_page: bool) -> Result<(), DeskError> {
        self.count(&self.answers, user)?;
        if reads_page { self.count(&self.pages, user) } else { Ok(()) }
    }

    fn count(&self, limiter: &Limiter<C>, user: UserId) -> Result<(), DeskError> {
        if limiter.len() > PEOPLE {
            limiter.retain_recent();
        }
        limiter.check_key(&user).map_err(|until| {
            let seconds = until.wait_time_from(self.clock.now()).as_secs() + 1;
            DeskError::user_with(
                "That is more than I answer one person at a time. Please wait {seconds} s.",
                &[("seconds", seconds.to_string())],
            )
        })
    }
}

fn quota((burst, every): (u32, Duration)) -> Quota {
    let burst = std::num::NonZeroU32::new(burst).unwrap_or(std::num::NonZeroU32::MIN);
    // Nothing only for a period of zero.
    Quota::with_period(every).unwrap_or_else(|| Quota::per_second(burst)).allow_burst(burst)
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn a_person_reads_and_a_script_is_told_to_wait() {
        let clock = FakeRelativeClock::default();
        let patience = Patience::by(clock.clone());
        let ask = |user, reads_page| match patience.spend(UserId(user), reads_page) {
            Ok(()) => String::new(),
            Err(error) => error.to_string(),
        };
        for _ in 0..3 {
            assert_eq!(ask(1, true), "");
        }
        insta::assert_snapshot!(ask(1, true), @"That is more than I answer one person at a time. Please wait 21 s.");
        assert_eq!(ask(1, false), "", "other questions are still answered");
        assert_eq!(ask(2, true), "", "and other people");
        clock.advance(Duration::from_secs(20));
        assert_eq!(ask(1, true), "");
        for _ in 0..20 {
            assert_eq!(ask(3, false), "");
        }
        insta::assert_snapshot!(ask(3, false), @"That is more than I answer one person at a time. Please wait 3 s.");
        clock.advance(Duration::from_secs(2));
        assert_eq!(ask(3, false), "");
    }
}
