//! Where messages of a channel stand: in it, or each as the first of a post of its own.

use super::super::Ctx;
use crate::discord::PostError;
use crate::domain::{ChannelId, GuildId, MessageId, Nonce, Place};
use crate::render::Message;

/// Where one message stands, or is to.
pub(super) struct Spot {
    pub guild: GuildId,
    pub channel: ChannelId,
    pub place: Place,
    /// Of its post, where it begins one.
    pub name: String,
}

impl Spot {
    /// Posts a message that may have been posted already, where an earlier try had no answer.
    pub async fn post_once(
        &self,
        ctx: &Ctx,
        message: &Message,
        nonce: &Nonce,
        tried: bool,
    ) -> Result<MessageId, PostError> {
        if tried && let Some(found) = self.find(ctx, nonce).await? {
            // It shows what was known then; an edit brings it up to date.
            return self.edit(ctx, found, message).await.map(|()| found);
        }
        match self.place {
            Place::Forum(tag) => ctx.publisher.create_post(self.channel, &self.name, tag, message).await,
            Place::Channel | Place::Announcements => ctx.publisher.create(self.channel, message, nonce).await,
        }
    }

    /// The message of a nonce, if it is there.
    pub async fn find(&self, ctx: &Ctx, nonce: &Nonce) -> Result<Option<MessageId>, PostError> {
        match self.place {
            Place::Forum(_) => ctx.publisher.find_post(self.guild, self.channel, nonce).await,
            Place::Channel | Place::Announcements => ctx.publisher.find_by_nonce(self.channel, nonce).await,
        }
    }

    pub async fn edit(&self, ctx: &Ctx, id: MessageId, message: &Message) -> Result<(), PostError> {
        let edited = ctx.publisher.edit(self.place.room(self.channel, id), id, message).await;
        within_post(self.place, edited)
    }
}

/// What came of a request about a message that stands: what is wrong with one post says nothing of its forum.
pub(super) fn within_post<T>(place: Place, outcome: Result<T, PostError>) -> Result<T, PostError> {
    match (place, outcome) {
        (Place::Forum(_), Err(PostError::ChannelGone | PostError::Locked)) => Err(PostError::MessageGone),
        (_, outcome) => outcome,
    }
}
