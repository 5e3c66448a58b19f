//! How much waits at every stage.

use chrono::{DateTime, Utc};

/// What waits, and what was done last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queues {
    /// Feeds that somebody watches and that are polled.
    pub feeds: u64,
    /// Those of them whose last poll failed, and those that are to be polled by now.
    pub failing: u64,
    pub due: u64,
    /// The last poll of any feed that succeeded.
    pub last_poll: Option<DateTime<Utc>>,
    /// Articles to be fetched and read, and read ones to be grouped.
    pub to_read: u64,
    pub to_group: u64,
    /// Cards to be posted or edited.
    pub to_post: u64,
    pub stories: u64,
}
