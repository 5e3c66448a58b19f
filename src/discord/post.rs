//! Posting and editing cards, for the part of the program that knows nothing of serenity.

use std::sync::Arc;
use std::time::Duration;

use poise::serenity_prelude as serenity;
use secrecy::SecretString;
use tokio::sync::OnceCell;

use super::client::{self, Loopback};
use super::convert::Checked;
use super::pace::Pace;
use crate::domain::{ChannelId, MessageId, Nonce, UserId};
use crate::render::{Message, Press};

/// serenity waits as long as Discord's headers say, which for publishing, or for an old message, may be an hour.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Posts to channels and users.
///
/// One request at a time for one channel is the caller's part: in parallel they run into the rate limit.
#[derive(Clone)]
pub struct Publisher {
    http: Arc<serenity::Http>,
    /// Our own user, asked for once.
    me: Arc<OnceCell<serenity::UserId>>,
    pace: Arc<Pace>,
}

/// Why Discord did not do it, by who has to act.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// Nobody: it may work later, with the same nonce, since it may also have worked already.
    #[error("Discord is down or out of reach, and is asked again by itself: {reason}")]
    Retry { after: Option<Duration>, reason: String },
    /// A moderator, or the user who takes no direct messages.
    #[error("not allowed: {0}")]
    Forbidden(String),
    /// Nobody: the channel is deleted, or was never ours to see.
    #[error("the channel is gone")]
    ChannelGone,
    /// Nobody: somebody deleted the message.
    #[error("the message is gone")]
    MessageGone,
    /// Nobody: a message of more than an hour ago was edited too often of late.
    #[error("the message is too old to be edited again now")]
    MessageOld,
    /// A moderator: the thread is locked.
    #[error("the thread is locked")]
    Locked,
    /// A moderator: the forum asks for a tag, or no longer has the one that was chosen.
    #[error("the forum wants a tag that it has")]
    Tag,
    /// Us: the message is not as Discord wants it, and never will be.
    #[error("Discord refused the message: {0}")]
    Rejected(String),
    /// The operator.
    #[error("Discord refused the token: set DISCORD_TOKEN to the token of the bot")]
    Unauthorized,
}

impl Publisher {
    /// Makes no request yet. The token is not checked before the first one.
    pub fn new(token: &SecretString, loopback: Option<&Loopback>) -> anyhow::Result<Self> {
        Ok(Self { http: Arc::new(client::http(token, loopback)?), me: Arc::default(), pace: Arc::default() })
    }

    /// Posts a message. Repeated with the same nonce within a few minutes, it is posted once.
    pub async fn create(
        &self,
        channel: ChannelId,
        message: &Message,
        nonce: &Nonce,
    ) -> Result<MessageId, PostError> {
        let create = checked(message)?.create(nonce);
        let channel = channel_id(channel)?;
        self.turn_to_post(channel).await;
        let sent = channel.send_message(&self.http, create).await.map_err(post_error)?;
        Ok(MessageId(sent.id.get()))
    }

    /// Posts a message as a reply to one of ours, as [`create`](Self::create) does.
    pub async fn reply(
        &self,
        channel: ChannelId,
        to: MessageId,
        message: &Message,
        nonce: &Nonce,
    ) -> Result<MessageId, PostError> {
        let channel = channel_id(channel)?;
        let mut create = checked(message)?.create(nonce);
        if let Some(to) = std::num::NonZeroU64::new(to.0) {
            // Discord refuses a reply to what is gone, unless told that it may be.
            let reference = serenity::MessageReference::from((channel, serenity::MessageId::from(to)));
            create = create.reference_message(reference.fail_if_not_exists(false));
        }
        self.turn_to_post(channel).await;
        let sent = channel.send_message(&self.http, create).await.map_err(post_error)?;
        Ok(MessageId(sent.id.get()))
    }

    /// Replaces the embeds and buttons of a message of ours. A thread that was archived is opened for it.
    pub async fn edit(&self, channel: ChannelId, id: MessageId, message: &Message) -> Result<(), PostError> {
        let edit = checked(message)?.edit();
        let id = std::num::NonZeroU64::new(id.0).ok_or(PostError::MessageGone)?;
        let (channel_id, message_id) = (channel_id(channel)?, serenity::MessageId::from(id));
        let ask = async || {
            self.turn(serenity::Route::ChannelMessage { channel_id, message_id }).await;
            let edited = channel_id.edit_message(&self.http, message_id, edit.clone());
            match tokio::time::timeout(PATIENCE, edited).await {
                Ok(edited) => edited.map_err(post_error),
                Err(_) => Err(waits()),
            }
        };
        let mut edited = ask().await;
        if matches!(edited, Err(PostError::Locked)) {
            self.reopen(channel_id).await?;
            edited = ask().await;
        }
        edited.map(|_| ())
    }

    /// The message of this nonce among the latest 100 messages of the channel.
    ///
    /// Discord forgets nonces within minutes; its button carries ours for as long as it stands.
    pub async fn find_by_nonce(
        &self,
        channel: ChannelId,
        nonce: &Nonce,
    ) -> Result<Option<MessageId>, PostError> {
        let me = self.me().await?;
        let latest = serenity::GetMessages::new().limit(100);
        let channel = channel_id(channel)?;
        self.turn_to_post(channel).await;
        let messages = channel.messages(&self.http, latest).await.map_err(post_error)?;
        let ours = messages.iter().find(|message| message.author.id == me && carries(message, nonce));
        Ok(ours.map(|message| MessageId(message.id.get())))
    }

    /// Writes to a user. `Forbidden` where the user takes no messages from us.
    pub async fn direct_message(
        &self,
        user: UserId,
        message: &Message,
        nonce: &Nonce,
    ) -> Result<(), PostError> {
        let create = checked(message)?.create(nonce);
        let user = std::num::NonZeroU64::new(user.0)
            .ok_or_else(|| PostError::Forbidden("no such user".to_owned()))?;
        self.turn(serenity::Route::UserMeDmChannels).await;
        let channel = serenity::UserId::from(user).create_dm_channel(&self.http).await.map_err(post_error)?;
        self.turn_to_post(channel.id).await;
        channel.id.send_message(&self.http, create).await.map_err(post_error)?;
        Ok(())
    }

    /// Waits until a request about the messages of a channel may be sent.
    async fn turn_to_post(&self, channel_id: serenity::ChannelId) {
        self.turn(serenity::Route::ChannelMessages { channel_id }).await;
    }

    /// Waits until a request for a route may be sent.
    pub(super) async fn turn(&self, route: serenity::Route<'_>) {
        self.pace.turn(&self.http, route).await;
    }

    pub(super) fn http(&self) -> &serenity::Http {
        &self.http
    }

    pub(super) async fn me(&self) -> Result<serenity::UserId, PostError> {
        let ask = async || Ok(self.http.get_current_user().await.map_err(post_error)?.id);
        self.me.get_or_try_init(ask).await.copied()
    }
}

pub(super) fn checked(message: &Message) -> Result<Checked<'_>, PostError> {
    Checked::new(message).map_err(|error| PostError::Rejected(error.to_string()))
}

/// Discord gives out no channel 0, and serenity panics on one.
pub(super) fn channel_id(channel: ChannelId) -> Result<serenity::ChannelId, PostError> {
    std::num::NonZeroU64::new(channel.0).map(serenity::ChannelId::from).ok_or(PostError::ChannelGone)
}

pub(super) fn carries(message: &serenity::Message, nonce: &Nonce) -> bool {
    let ours = [Press::Sources(nonce.clone()), Press::Roundup(nonce.clone())].map(|press| press.to_string());
    message.components.iter().flat_map(|row| &row.components).any(|component| match component {
        serenity::ActionRowComponent::Button(button) => {
            matches!(&button.data, serenity::ButtonKind::NonLink { custom_id, .. } if ours.contains(custom_id))
        }
        _ => false,
    })
}

pub(super) fn post_error(error: serenity::Error) -> PostError {
    match error {
        serenity::Error::Http(serenity::HttpError::UnsuccessfulRequest(response)) => {
            let reason = match response.status_code.as_u16() {
                status @ 500.. => format!("it answered {status}"),
                _ => serenity::HttpError::UnsuccessfulRequest(response.clone()).to_string(),
            };
            if response.error.errors.iter().any(|error| error.path.starts_with("applied_tags")) {
                return PostError::Tag;
            }
            refusal(response.status_code.as_u16(), response.error.code, reason)
        }
        serenity::Error::Http(error) => retry(None, chain(&error)),
        // The request was carried out, its answer was not understood.
        serenity::Error::Json(error) => retry(None, error.to_string()),
        serenity::Error::Model(error) => PostError::Rejected(error.to_string()),
        other => retry(None, chain(&other)),
    }
}

/// What a status and Discord's own error code mean for us.
/// <https://discord.com/developers/docs/topics/opcodes-and-status-codes>
fn refusal(status: u16, code: isize, reason: String) -> PostError {
    match (status, code) {
        (_, 10003) => PostError::ChannelGone,
        (_, 10008) => PostError::MessageGone,
        (_, 30046) => PostError::MessageOld,
        (_, 50083 | 160_005) => PostError::Locked,
        (_, 40067) => PostError::Tag,
        (401, _) => PostError::Unauthorized,
        // Not Discord's own answer but one of a gate before it: we ask too much, or are blocked for a while.
        (403, -1 | 0 | 40333) => retry(Some(Duration::from_secs(600)), reason),
        (403, _) => PostError::Forbidden(reason),
        (408 | 429 | 500.., _) | (404, _) => retry(None, reason),
        _ => PostError::Rejected(reason),
    }
}

pub(super) fn retry(after: Option<Duration>, reason: String) -> PostError {
    PostError::Retry { after, reason }
}

/// A limit of Discord that serenity would have sat out.
pub(super) fn waits() -> PostError {
    retry(None, "one of Discord's limits asks for more time".to_owned())
}

/// An error with its causes; serenity's own words leave out what the network said.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |words, cause| format!("{words}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_who_must_act() {
        let words = || "words".to_owned();
        let minutes = Some(Duration::from_secs(600));
        for (status, code, expected) in [
            (400, 50035, PostError::Rejected(words())),
            (400, 50083, PostError::Locked),
            (400, 160_005, PostError::Locked),
            (400, 40067, PostError::Tag),
            (405, 0, PostError::Rejected(words())),
            (413, 40005, PostError::Rejected(words())),
            (401, 0, PostError::Unauthorized),
            (403, 50013, PostError::Forbidden(words())),
            (403, 50001, PostError::Forbidden(words())),
            (403, 50007, PostError::Forbidden(words())),
            (403, -1, retry(minutes, words())),
            (404, 10003, PostError::ChannelGone),
            (404, 10008, PostError::MessageGone),
            // A bare 404 is too little to end a subscription for.
            (404, 0, retry(None, words())),
            (429, 0, retry(None, words())),
            (429, 30046, PostError::MessageOld),
            (500, 0, retry(None, words())),
            (503, -1, retry(None, words())),
        ] {
            assert_eq!(refusal(status, code, words()), expected, "{status} {code}");
        }
    }
}
