//! The desk answers what commands and buttons ask, from the store, the fetcher and the models.

mod actors;
mod feeds;
mod import;
mod kept;
mod nearest;
pub mod news;
mod pages;
mod reports;
mod status;
mod suggested;
mod topics;
pub mod trail;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono_tz::Tz;
use futures_util::FutureExt as _;

use crate::discord::{
    ActorQuery, AddedFeed, Desk, DeskError, Filed, LatestQuery, Listed, Reply, SearchQuery, SetRequest,
    Stored, SubscribeRequest, Subscribed,
};
use crate::domain::{
    ChannelId, Feed, FeedId, FeedRecord, GuildId, Headline, Locale, Meaning, Nonce, Settings, Side, Story,
    StoryId, SubscriptionId, UserId, Verdict,
};
use crate::reading::ReadError;
use crate::render::answer::{DigestedPage, ImportedFeeds, ReportQueue, Status, SubscriptionView};
use crate::render::chronicle::ActorView;
use crate::render::why::Trail;
use crate::store::{
    StoreError, deliveries, feeds as feed_rows, roundups, search, settings, stories, subscriptions,
};
use crate::tasks::{Ctx, Edition, deliver};

use kept::Kept;
pub use nearest::NearestArticles;
use suggested::Suggested;

/// Choices that Discord shows at most while somebody types.
const CHOICES: usize = 25;

/// Answers over the same parts that the stages of the flow work with.
pub struct NewsDesk {
    ctx: Arc<Ctx>,
    nearest: NearestArticles,
    suggested: Suggested,
    /// By guild and how many.
    newest: Kept<(GuildId, usize), Vec<StoryId>>,
    settings: Kept<(GuildId, Option<ChannelId>), Settings>,
    settings_edition: Edition,
}

impl NewsDesk {
    pub fn new(ctx: Arc<Ctx>) -> Self {
        Self {
            ctx,
            nearest: NearestArticles::default(),
            suggested: Suggested::default(),
            newest: Kept::default(),
            settings: Kept::default(),
            settings_edition: Edition::default(),
        }
    }

    async fn story_of(&self, nonce: &Nonce) -> Result<Option<Story>, DeskError> {
        let mut conn = self.ctx.store.once().await?;
        match deliveries::by_nonce(&mut conn, nonce).await? {
            Some(delivery) => Ok(stories::current(&mut conn, &[delivery.story]).await?.pop()),
            None => Ok(None),
        }
    }

    async fn stories_of(&self, nonce: &Nonce) -> Result<Vec<StoryId>, DeskError> {
        let mut conn = self.ctx.store.read().await?;
        match roundups::by_nonce(&mut conn, nonce).await? {
            Some(id) => Ok(roundups::stories(&mut conn, id).await?),
            None => Ok(Vec::new()),
        }
    }

    async fn of_guild(&self, guild: GuildId, id: StoryId) -> Result<Option<Story>, DeskError> {
        let mut conn = self.ctx.store.once().await?;
        let Some(story) = stories::current(&mut conn, &[id]).await?.pop() else { return Ok(None) };
        Ok(stories::is_of_guild(&mut conn, story.id, guild).await?.then_some(story))
    }

    async fn choices(&self, guild: GuildId, what: Stored, typed: &str) -> Result<Vec<String>, DeskError> {
        match what {
            Stored::Actor => self.suggested.actors(&self.ctx, guild, typed, CHOICES).await,
            Stored::Source => {
                Ok(search::outlets(&mut *self.ctx.store.once().await?, guild, typed, CHOICES as u32).await?)
            }
            Stored::Topic => self.suggested.topics(&self.ctx, guild, typed, CHOICES).await,
        }
    }

    async fn end_channel(&self, channel: ChannelId) -> Result<(), DeskError> {
        let mut tx = self.ctx.store.write().await?;
        deliver::channel_gone(&mut tx, channel, self.ctx.clock.now()).await?;
        tx.commit().await?;
        self.ctx.wake.deliver.notify_one();
        Ok(())
    }

    async fn speaks(&self, guild: GuildId, locale: Locale) -> Result<(), DeskError> {
        let mut tx = self.ctx.store.write().await?;
        settings::speak(&mut tx, guild, locale).await?;
        tx.commit().await?;
        self.settings_edition.turn();
        Ok(())
    }

    async fn end_guild(&self, guild: GuildId) -> Result<(), DeskError> {
        let mut tx = self.ctx.store.write().await?;
        let reason = "dateline was removed from the server";
        subscriptions::end_guild(&mut tx, guild, reason, self.ctx.clock.now()).await?;
        feed_rows::unwatch_all(&mut tx, guild).await?;
        tx.commit().await?;
        self.ctx.edition.turn();
        Ok(())
    }

    async fn holds(&self, guild: GuildId, channel: Option<ChannelId>) -> Result<Settings, DeskError> {
        let edition = Some(self.settings_edition.number());
        let held = self.settings.get(self.ctx.clock.now(), (guild, channel), edition, async || {
            Ok(settings::of(&mut *self.ctx.store.once().await?, guild, channel).await?)
        });
        Ok(*held.await?)
    }

    async fn change(&self, request: SetRequest) -> Result<Settings, DeskError> {
        let SetRequest { guild, channel, by, change } = request;
        let mut tx = self.ctx.store.write().await?;
        settings::change(&mut tx, guild, channel, &change, by, self.ctx.clock.now()).await?;
        tx.commit().await?;
        self.settings_edition.turn();
        self.holds(guild, channel).await
    }
}

impl Desk for NewsDesk {
    fn time_zone(&self, guild: GuildId) -> Reply<'_, Tz> {
        async move { Ok(self.holds(guild, None).await?.time_zone) }.boxed()
    }

    fn latest(&self, query: LatestQuery, on_page: usize) -> Reply<'_, Listed> {
        news::latest(&self.ctx, &self.newest, query, on_page).boxed()
    }

    fn search(&self, query: SearchQuery, on_page: usize) -> Reply<'_, Listed> {
        news::search(&self.ctx, &self.nearest, query, on_page).boxed()
    }

    fn stories(&self, ids: Vec<StoryId>) -> Reply<'_, Vec<Story>> {
        async move { Ok(stories::current(&mut *self.ctx.store.once().await?, &ids).await?) }.boxed()
    }

    fn story_by_nonce(&self, nonce: Nonce) -> Reply<'_, Option<Story>> {
        async move { self.story_of(&nonce).await }.boxed()
    }

    fn roundup(&self, nonce: Nonce) -> Reply<'_, Vec<StoryId>> {
        async move { self.stories_of(&nonce).await }.boxed()
    }

    fn story(&self, guild: GuildId, id: StoryId) -> Reply<'_, Option<Story>> {
        async move { self.of_guild(guild, id).await }.boxed()
    }

    fn actor(&self, query: ActorQuery, on_page: usize) -> Reply<'_, Option<(ActorView, Vec<Story>)>> {
        actors::actor(&self.ctx, query, on_page).boxed()
    }

    fn headlines(&self, guild: GuildId, typed: String) -> Reply<'_, Vec<Headline>> {
        async move { self.suggested.headlines(&self.ctx, guild, &typed, CHOICES).await }.boxed()
    }

    fn digest_url(&self, url: url::Url) -> Reply<'_, DigestedPage> {
        pages::digest(&self.ctx, url).boxed()
    }

    fn subscribe(&self, request: SubscribeRequest) -> Reply<'_, Subscribed> {
        topics::subscribe(&self.ctx, request).boxed()
    }

    fn subscriptions(&self, guild: GuildId) -> Reply<'_, Vec<SubscriptionView>> {
        topics::list(&self.ctx, guild).boxed()
    }

    fn toggle(
        &self,
        guild: GuildId,
        by: UserId,
        id: SubscriptionId,
    ) -> Reply<'_, Option<(SubscriptionView, bool)>> {
        topics::toggle(&self.ctx, guild, by, id).boxed()
    }

    fn unsubscribe(
        &self,
        guild: GuildId,
        by: UserId,
        id: SubscriptionId,
    ) -> Reply<'_, Option<SubscriptionView>> {
        topics::unsubscribe(&self.ctx, guild, by, id).boxed()
    }

    fn why(&self, guild: GuildId, url: url::Url) -> Reply<'_, Option<Trail>> {
        async move { trail::of(&mut *self.ctx.store.once().await?, Some(guild), &url).await }.boxed()
    }

    fn add_feed(&self, guild: GuildId, by: UserId, address: String) -> Reply<'_, AddedFeed> {
        feeds::add(&self.ctx, guild, by, address).boxed()
    }

    fn import_feeds(&self, guild: GuildId, by: UserId, list: Vec<u8>) -> Reply<'_, ImportedFeeds> {
        import::import(&self.ctx, guild, by, list).boxed()
    }

    fn settings(&self, guild: GuildId, channel: Option<ChannelId>) -> Reply<'_, Settings> {
        self.holds(guild, channel).boxed()
    }

    fn set(&self, request: SetRequest) -> Reply<'_, Settings> {
        self.change(request).boxed()
    }

    fn file_report(&self, guild: GuildId, by: UserId, nonce: Nonce) -> Reply<'_, Filed> {
        reports::file(&self.ctx, guild, by, nonce).boxed()
    }

    fn reports(&self, guild: GuildId) -> Reply<'_, ReportQueue> {
        reports::open(&self.ctx, guild).boxed()
    }

    fn settle(&self, guild: GuildId, by: UserId, nonce: Nonce, verdict: Verdict) -> Reply<'_, ()> {
        reports::settle(&self.ctx, guild, by, nonce, verdict).boxed()
    }

    fn feeds(&self, guild: GuildId) -> Reply<'_, Vec<Feed>> {
        feeds::list(&self.ctx, guild).boxed()
    }

    fn feed_history(&self, guild: GuildId, id: FeedId) -> Reply<'_, Option<(Feed, Vec<FeedRecord>)>> {
        feeds::history(&self.ctx, guild, id).boxed()
    }

    fn remove_feed(&self, guild: GuildId, id: FeedId) -> Reply<'_, Option<Feed>> {
        feeds::remove(&self.ctx, guild, id).boxed()
    }

    fn status(&self) -> Reply<'_, Status> {
        status::status(&self.ctx).boxed()
    }

    fn complete(&self, guild: GuildId, what: Stored, typed: String) -> Reply<'_, Vec<String>> {
        async move { self.choices(guild, what, &typed).await }.boxed()
    }

    fn guild_speaks(&self, guild: GuildId, locale: Locale) -> Reply<'_, ()> {
        async move { self.speaks(guild, locale).await }.boxed()
    }

    fn channel_gone(&self, channel: ChannelId) -> Reply<'_, ()> {
        self.end_channel(channel).boxed()
    }

    fn guild_gone(&self, guild: GuildId) -> Reply<'_, ()> {
        self.end_guild(guild).boxed()
    }
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        DeskError::Internal(anyhow::Error::new(error).context("asking the database"))
    }
}

/// What was typed is read in milliseconds, once it is its turn.
const TYPED: Duration = Duration::from_secs(20);

/// What a model reads, unless others have it read for too long.
async fn in_time<T>(
    wait: Duration,
    read: impl Future<Output = Result<T, ReadError>>,
) -> Result<T, DeskError> {
    match tokio::time::timeout(wait, read).await {
        Ok(read) => Ok(read.context("reading what was asked about")?),
        Err(_) => Err(DeskError::user(
            "I am busy reading the news and have not come to your question. Please ask again in a minute.",
        )),
    }
}

/// What a topic a person typed means.
async fn topic_meaning(ctx: &Ctx, topic: &str) -> Result<Meaning, DeskError> {
    in_time(TYPED, ctx.reader.meaning(topic.to_owned(), Side::Topic)).await
}

/// Vectors of a text a person typed.
async fn meaning(ctx: &Ctx, text: &str) -> Result<Vec<f32>, DeskError> {
    let mut vectors = in_time(TYPED, ctx.reader.embed(vec![text.to_owned()])).await?;
    Ok(vectors.pop().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_model_that_is_busy_is_said_to_be() {
        let error =
            in_time(Duration::ZERO, std::future::pending::<Result<(), ReadError>>()).await.unwrap_err();
        insta::assert_snapshot!(error.to_string(), @"I am busy reading the news and have not come to your question. Please ask again in a minute.");
        assert!(in_time(TYPED, std::future::ready(Ok(()))).await.is_ok());
    }
}
