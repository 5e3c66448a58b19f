//! Posts of forums, threads that are archived or locked, and publishing what an announcement channel says.

use std::cmp::Reverse;

use poise::serenity_prelude as serenity;

use super::post::{PATIENCE, PostError, Publisher, carries, channel_id, checked, post_error, waits};
use crate::domain::{ChannelId, GuildId, MessageId, Nonce, TagId};
use crate::render::Message;

/// Our newest posts that are looked through for one whose answer was lost, as many as messages of a channel.
const POSTS: usize = 100;
impl Publisher {
    /// Begins a post in a forum. Its first message has the number of the post. Discord knows no nonce here:
    /// [`find_post`](Self::find_post) comes before every repetition.
    pub async fn create_post(
        &self,
        forum: ChannelId,
        name: &str,
        tag: Option<TagId>,
        message: &Message,
    ) -> Result<MessageId, PostError> {
        let tag = tag.and_then(|tag| std::num::NonZeroU64::new(tag.0)).map(serenity::ForumTagId::from);
        let post = serenity::CreateForumPost::new(name, checked(message)?.first_of_post())
            // A card goes on to be edited, and each edit would have to open its post again.
            .auto_archive_duration(serenity::AutoArchiveDuration::OneWeek)
            .set_applied_tags(tag);
        let channel_id = channel_id(forum)?;
        self.turn(serenity::Route::ChannelForumPosts { channel_id }).await;
        let post = channel_id.create_forum_post(self.http(), post).await.map_err(post_error)?;
        Ok(MessageId(post.id.get()))
    }

    /// The post of a forum whose first message has this nonce, among our newest 100 posts.
    pub async fn find_post(
        &self,
        guild: GuildId,
        forum: ChannelId,
        nonce: &Nonce,
    ) -> Result<Option<MessageId>, PostError> {
        let me = self.me().await?;
        let forum = channel_id(forum)?;
        let guild = std::num::NonZeroU64::new(guild.0).ok_or(PostError::ChannelGone)?;
        let guild_id = serenity::GuildId::from(guild);
        self.turn(serenity::Route::GuildThreadsActive { guild_id }).await;
        let active = guild_id.get_active_threads(self.http()).await;
        let mut posts = active.map_err(post_error)?.threads;
        posts.retain(|post| post.parent_id == Some(forum));
        self.turn(serenity::Route::ChannelArchivedPublicThreads { channel_id: forum }).await;
        let archived = forum.get_archived_public_threads(self.http(), None, Some(POSTS as u64)).await;
        posts.extend(archived.map_err(post_error)?.threads);
        posts.retain(|post| post.owner_id == Some(me));
        posts.sort_by_key(|post| Reverse(post.id));
        for post in posts.iter().take(POSTS) {
            let (channel_id, message_id) = (post.id, serenity::MessageId::new(post.id.get()));
            self.turn(serenity::Route::ChannelMessage { channel_id, message_id }).await;
            let first = channel_id.message(self.http(), message_id).await;
            match first.map_err(post_error) {
                Ok(first) if carries(&first, nonce) => return Ok(Some(MessageId(first.id.get()))),
                Ok(_) | Err(PostError::MessageGone | PostError::ChannelGone) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Opens a thread that was archived. [`PostError::Locked`] where only moderators may.
    pub(super) async fn reopen(&self, thread: serenity::ChannelId) -> Result<(), PostError> {
        let open = serenity::EditThread::new().archived(false);
        self.turn(serenity::Route::Channel { channel_id: thread }).await;
        match thread.edit_thread(self.http(), open).await.map_err(post_error) {
            Ok(_) => Ok(()),
            Err(PostError::Forbidden(_)) => Err(PostError::Locked),
            Err(error) => Err(error),
        }
    }

    /// Publishes a message of an announcement channel to the servers that follow it; one that is published already
    /// is no error. Ten an hour of one channel are the caller's part.
    pub async fn crosspost(&self, channel: ChannelId, message: MessageId) -> Result<(), PostError> {
        let id = std::num::NonZeroU64::new(message.0).ok_or(PostError::MessageGone)?;
        let (channel_id, message_id) = (channel_id(channel)?, serenity::MessageId::from(id));
        let published = async {
            self.turn(serenity::Route::ChannelMessageCrosspost { channel_id, message_id }).await;
            channel_id.crosspost(self.http(), message_id).await
        };
        match tokio::time::timeout(PATIENCE, published).await {
            Err(_) => Err(waits()),
            Ok(Err(serenity::Error::Http(serenity::HttpError::UnsuccessfulRequest(refused))))
                if refused.error.code == 40033 =>
            {
                Ok(())
            }
            Ok(done) => done.map(|_| ()).map_err(post_error),
        }
    }
}
