//! The only reader of the system clock. Everything else is told what time it is.

use chrono::{DateTime, Utc};

/// Where `now` comes from: the system in the bot, a fixed moment in a test.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    #[default]
    System,
    Fixed(DateTime<Utc>),
}

impl Clock {
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the clock")]
            Clock::System => Utc::now(),
            Clock::Fixed(at) => *at,
        }
    }
}
