//! A card on its way to a channel: the outbox.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    ArticleId, ChannelId, DeliveryId, GuildId, MessageId, Mode, Place, RoleId, RoundupId, StoryId,
    SubscriptionId, UpdateId,
};

/// Marks one message to Discord, at most 25 characters, never used twice.
///
/// Sent as the message's `nonce`, and as part of its buttons' `custom_id`, by which a message
/// whose answer was lost is found again long after Discord has forgotten the nonce.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nonce(pub String);

impl Nonce {
    /// A new one: 80 bits of chance in base 32, 16 characters.
    pub fn random() -> Self {
        const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        Self((0..16).map(|_| char::from(ALPHABET[fastrand::usize(..ALPHABET.len())])).collect())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be posted, or to be edited to a newer revision.
    Due,
    /// Shown at its latest revision.
    Posted,
    /// Refused for good, or held back with its subscription; the error says why.
    Held,
}

/// One story for one channel. There is never a second one for the same pair.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub id: DeliveryId,
    pub story: StoryId,
    pub channel: ChannelId,
    pub guild: GuildId,
    /// As the subscription has it that asked first.
    pub mode: Mode,
    pub mention: Option<RoleId>,
    pub place: Place,
    /// The round-up that it waited for.
    pub roundup: Option<RoundupId>,
    pub nonce: Nonce,
    pub state: DeliveryState,
    /// Moderators took it back; the card says so.
    pub retracted: bool,
    /// The one that asked first.
    pub subscription: SubscriptionId,
    /// The message, once Discord has confirmed it.
    pub message: Option<MessageId>,
    pub attempts: u32,
    /// When a request was last begun. With no `message`, its outcome is unknown.
    pub attempted_at: Option<DateTime<Utc>>,
}

/// One message to a channel that tells several stories. It gathers them until it is due.
#[derive(Debug, Clone)]
pub struct Roundup {
    pub id: RoundupId,
    pub channel: ChannelId,
    pub guild: GuildId,
    /// As the channel's oldest subscription has it.
    pub place: Place,
    pub nonce: Nonce,
    pub attempts: u32,
    /// When a request was last begun; its outcome is unknown.
    pub attempted_at: Option<DateTime<Utc>>,
}

/// A reply to a card that was posted: what one more article told that nobody had told before.
#[derive(Debug, Clone)]
pub struct Update {
    pub id: UpdateId,
    pub story: StoryId,
    pub channel: ChannelId,
    pub guild: GuildId,
    pub place: Place,
    pub article: ArticleId,
    /// The card.
    pub card: MessageId,
    pub nonce: Nonce,
    pub attempts: u32,
    /// When a request was last begun; its outcome is unknown.
    pub attempted_at: Option<DateTime<Utc>>,
}

/// What moderators make of a card that readers call inaccurate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Taken back.
    Retracted,
    /// Kept.
    Dismissed,
}
