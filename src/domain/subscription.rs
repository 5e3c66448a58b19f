//! What a channel asked for.

use chrono::{DateTime, Utc};

use super::{ChannelId, FeedId, GuildId, RoleId, SubscriptionId, UserId};

/// What a story must have to be posted. Every part that is given must hold; one at least is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Free text, matched by meaning and words.
    pub topic: Option<String>,
    /// A name, matched against the story's actors.
    pub actor: Option<String>,
    /// Any article of this feed.
    pub feed: Option<FeedId>,
}

/// When a channel gets a story that it asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// At once, as a card of its own.
    #[default]
    Breaking,
    /// In a round-up at the full hour.
    Hourly,
    /// In a round-up in the morning.
    Daily,
}

/// How a channel gets what it asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    pub mode: Mode,
    /// Outlets that must tell a story before it is posted, 1 to [`Terms::MOST_SOURCES`].
    pub min_sources: u32,
    /// A role that a card mentions.
    pub mention: Option<RoleId>,
}

impl Terms {
    pub const MOST_SOURCES: u32 = 20;
}

impl Default for Terms {
    fn default() -> Self {
        Self { mode: Mode::default(), min_sources: 1, mention: None }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubscriptionState {
    Active,
    /// Discord refuses our messages; the words say what a moderator has to change.
    Paused(String),
    /// Unsubscribed, or the channel is gone. The row stays for `/why`.
    Ended(String),
}

/// A channel's wish to see some stories.
#[derive(Debug, Clone)]
pub struct Subscription {
    pub id: SubscriptionId,
    pub guild: GuildId,
    pub channel: ChannelId,
    pub filter: Filter,
    /// Meaning of the topic: unit vector of the encoder's dimension; absent without a topic.
    pub topic_vector: Option<Vec<f32>>,
    pub terms: Terms,
    pub state: SubscriptionState,
    /// Nothing published before this moment is posted.
    pub since: DateTime<Utc>,
    pub created_by: UserId,
    pub created_at: DateTime<Utc>,
}
