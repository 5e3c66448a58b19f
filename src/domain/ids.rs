//! Identifiers as types, so that a story is never taken for a channel.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $inner:ty) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A row of `feeds`.
    FeedId, i64);
id!(
    /// A row of `entries`.
    EntryId, i64);
id!(
    /// A row of `articles`.
    ArticleId, i64);
id!(
    /// A row of `stories`.
    StoryId, i64);
id!(
    /// A row of `subscriptions`.
    SubscriptionId, i64);
id!(
    /// A row of `deliveries`.
    DeliveryId, i64);
id!(
    /// A row of `roundups`.
    RoundupId, i64);
id!(
    /// A tag of a Discord forum.
    TagId, u64);
id!(
    /// A row of `updates`.
    UpdateId, i64);
id!(
    /// A Discord role.
    RoleId, u64);
id!(
    /// A Discord guild ("server").
    GuildId, u64);
id!(
    /// A Discord channel or thread.
    ChannelId, u64);
id!(
    /// A Discord message.
    MessageId, u64);
id!(
    /// A Discord user.
    UserId, u64);
