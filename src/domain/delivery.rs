//! A card on its way to a channel: the outbox.

use chrono::{DateTime, Utc};

use super::{ChannelId, DeliveryId, MessageId, StoryId};

/// Marks one message to Discord, at most 25 characters, never used twice.
///
/// Sent as the message's `nonce`, and as part of its buttons' `custom_id`, by which a message
/// whose answer was lost is found again long after Discord has forgotten the nonce.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Nonce(pub String);

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
    pub nonce: Nonce,
    pub state: DeliveryState,
    /// The message, once Discord has confirmed it.
    pub message: Option<MessageId>,
    pub attempts: u32,
    /// When a request was last begun. With no `message`, its outcome is unknown.
    pub attempted_at: Option<DateTime<Utc>>,
}
