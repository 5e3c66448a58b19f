//! What a channel asked for.

use chrono::{DateTime, Utc};

use super::{ChannelId, FeedId, GuildId, SubscriptionId, UserId};

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
    pub state: SubscriptionState,
    /// Nothing published before this moment is posted.
    pub since: DateTime<Utc>,
    pub created_by: UserId,
    pub created_at: DateTime<Utc>,
}
