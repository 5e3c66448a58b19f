//! What the commands ask of the rest of the program.
//!
//! A seam: behind it are SQL, HTTP and models, none of which this module may name; before it, nothing
//! but plain questions and answers in domain and render types.

use std::fmt;

use chrono::NaiveDate;
use chrono_tz::Tz;
use futures_util::future::BoxFuture;
use poise::serenity_prelude as serenity;
use url::Url;

use crate::domain::{
    ChannelId, Feed, FeedId, FeedRecord, Filter, GuildId, Headline, Locale, Nonce, Settings, SettingsChange,
    Story, StoryId, SubscriptionId, Terms, UserId, Verdict,
};
use crate::render::answer::{DigestedPage, ImportedFeeds, Preview, ReportQueue, Status, SubscriptionView};
use crate::render::chronicle::ActorView;
use crate::render::why::Trail;
use crate::render::words;

/// An answer on its way.
pub type Reply<'a, T> = BoxFuture<'a, Result<T, DeskError>>;

/// Answers what commands and buttons ask. Called from the threads of the Discord client.
pub trait Desk: Send + Sync + 'static {
    /// The zone in which a guild wants times told.
    fn time_zone(&self, guild: GuildId) -> Reply<'_, Tz>;

    /// The newest stories, at most `limit`, the newest first.
    fn latest(&self, query: LatestQuery, on_page: usize) -> Reply<'_, Listed>;

    /// Stories that fit, at most `limit`, the best first.
    fn search(&self, query: SearchQuery, on_page: usize) -> Reply<'_, Listed>;

    /// Those of `ids` that are still kept, in this order.
    fn stories(&self, ids: Vec<StoryId>) -> Reply<'_, Vec<Story>>;

    /// The story on the card that was posted with this nonce.
    fn story_by_nonce(&self, nonce: Nonce) -> Reply<'_, Option<Story>>;

    /// The stories of the round-up that was posted with this nonce, in the order of their coming.
    fn roundup(&self, nonce: Nonce) -> Reply<'_, Vec<StoryId>>;

    /// A story that a feed of the guild carries; of one that was merged, the story that has its articles.
    fn story(&self, guild: GuildId, id: StoryId) -> Reply<'_, Option<Story>>;

    /// An actor of stories that feeds of the guild carry, with the first page of these; nothing where nobody of that
    /// name appears.
    fn actor(&self, query: ActorQuery, on_page: usize) -> Reply<'_, Option<(ActorView, Vec<Story>)>>;

    /// The newest stories of a guild whose headlines fit what was typed.
    fn headlines(&self, guild: GuildId, typed: String) -> Reply<'_, Vec<Headline>>;

    /// Fetches and digests any public page; nothing of it is stored.
    fn digest_url(&self, url: Url) -> Reply<'_, DigestedPage>;

    /// Subscribes a channel, and tells what it would have got in the last 7 days.
    fn subscribe(&self, request: SubscribeRequest) -> Reply<'_, Subscribed>;

    /// All of a guild that have not ended.
    fn subscriptions(&self, guild: GuildId) -> Reply<'_, Vec<SubscriptionView>>;

    /// Pauses a subscription of the guild, or lets it go on, and tells whether cards had waited; nothing if it has none of
    /// this number.
    fn toggle(
        &self,
        guild: GuildId,
        by: UserId,
        id: SubscriptionId,
    ) -> Reply<'_, Option<(SubscriptionView, bool)>>;

    /// Ends a subscription of the guild; nothing if it has none of this number.
    fn unsubscribe(
        &self,
        guild: GuildId,
        by: UserId,
        id: SubscriptionId,
    ) -> Reply<'_, Option<SubscriptionView>>;

    /// What became of the article at an address: nothing if none of the guild's feeds offered it.
    fn why(&self, guild: GuildId, url: Url) -> Reply<'_, Option<Trail>>;

    /// Watches the feed at an address that a person typed, or that the site there names.
    fn add_feed(&self, guild: GuildId, by: UserId, address: String) -> Reply<'_, AddedFeed>;

    /// Watches the feeds of a list (OPML), as it came; they are read later, one after another.
    fn import_feeds(&self, guild: GuildId, by: UserId, list: Vec<u8>) -> Reply<'_, ImportedFeeds>;

    /// What holds in a guild, or in one of its channels.
    fn settings(&self, guild: GuildId, channel: Option<ChannelId>) -> Reply<'_, Settings>;

    /// Changes settings of a guild or one of its channels, and gives what holds then.
    fn set(&self, request: SetRequest) -> Reply<'_, Settings>;

    /// A reader calls the card of this nonce inaccurate.
    fn file_report(&self, guild: GuildId, by: UserId, nonce: Nonce) -> Reply<'_, Filed>;

    /// The cards of a guild that wait for a moderator's word, the longest waiting first.
    fn reports(&self, guild: GuildId) -> Reply<'_, ReportQueue>;

    /// A moderator's word on the story of the card of this nonce, for all its cards in the guild.
    fn settle(&self, guild: GuildId, by: UserId, nonce: Nonce, verdict: Verdict) -> Reply<'_, ()>;

    /// The feeds that a guild watches.
    fn feeds(&self, guild: GuildId) -> Reply<'_, Vec<Feed>>;

    /// A feed that the guild watches, with its history, the newest first; nothing if it watches none of this number.
    fn feed_history(&self, guild: GuildId, id: FeedId) -> Reply<'_, Option<(Feed, Vec<FeedRecord>)>>;

    /// Stops watching a feed for the guild; nothing if it watches none of this number.
    fn remove_feed(&self, guild: GuildId, id: FeedId) -> Reply<'_, Option<Feed>>;

    /// How the bot is, and what it has to do.
    fn status(&self) -> Reply<'_, Status>;

    /// Stored values that fit what a person has typed so far, at most 25, the likeliest first.
    fn complete(&self, guild: GuildId, what: Stored, typed: String) -> Reply<'_, Vec<String>>;

    /// The language that a guild prefers.
    fn guild_speaks(&self, guild: GuildId, locale: Locale) -> Reply<'_, ()>;

    /// A channel was deleted.
    fn channel_gone(&self, channel: ChannelId) -> Reply<'_, ()>;

    /// The bot was removed from a guild, or the guild was deleted.
    fn guild_gone(&self, guild: GuildId) -> Reply<'_, ()>;
}

/// Stories in their order, and those of the first page as they are now: who asked for these in a second question would
/// queue for the database twice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listed {
    pub ids: Vec<StoryId>,
    pub first: Vec<Story>,
}

/// A kind of value that commands complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// Topics of the guild's subscriptions, then what its feeds have much of.
    Topic,
    /// Names of actors of stories.
    Actor,
    /// Names of outlets.
    Source,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LatestQuery {
    pub guild: GuildId,
    pub topic: Option<String>,
    /// Name of an outlet.
    pub source: Option<String>,
    pub limit: usize,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchQuery {
    /// Only stories that this guild's feeds carry.
    pub guild: Option<GuildId>,
    pub query: String,
    /// Free text: only stories that fit it as a subscription would.
    pub topic: Option<String>,
    pub actor: Option<String>,
    /// Name of an outlet.
    pub source: Option<String>,
    /// Publication, both days included.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// Whose days these are.
    pub zone: Tz,
    pub limit: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ActorQuery {
    pub guild: GuildId,
    pub name: String,
    /// Publication, both days included.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// Whose days these are.
    pub zone: Tz,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SubscribeRequest {
    pub guild: GuildId,
    pub channel: ChannelId,
    pub by: UserId,
    /// Has at least one part.
    pub filter: Filter,
    pub terms: Terms,
}

/// What a moderator sets; what is absent stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct SetRequest {
    pub guild: GuildId,
    /// For this channel alone.
    pub channel: Option<ChannelId>,
    pub by: UserId,
    pub change: SettingsChange,
}

/// What became of a reader's report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filed {
    Noted,
    /// The same reader had filed it before.
    Before,
    /// The card had been taken back before.
    Retracted,
}

#[derive(Debug, Clone)]
pub struct Subscribed {
    pub view: SubscriptionView,
    pub preview: Preview,
}

#[derive(Debug, Clone)]
pub struct AddedFeed {
    pub feed: Feed,
    /// The guild had it before.
    pub already: bool,
}

/// What a person did that cannot be done, in a sentence they may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserError {
    /// In English, with the places of the values in braces.
    pub sentence: &'static str,
    /// One named `why` is a reason of ours in English.
    pub values: Vec<(&'static str, String)>,
}

impl UserError {
    /// The sentence in a language.
    pub fn told(&self, locale: Locale) -> String {
        let value = |(name, value): &(&'static str, String)| match *name {
            "why" => (*name, words::known(locale, value)),
            _ => (*name, value.clone()),
        };
        words::fill(locale, self.sentence, &self.values.iter().map(value).collect::<Vec<_>>())
    }
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Locale::English))
    }
}

impl std::error::Error for UserError {}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    #[error(transparent)]
    User(#[from] UserError),
    /// Logged with a reference, which is all that a person gets to see.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl DeskError {
    /// A sentence without values.
    pub fn user(sentence: &'static str) -> Self {
        Self::User(UserError { sentence, values: Vec::new() })
    }

    /// A sentence with values in the places of their names: `"No feed at {url}."`
    pub fn user_with(sentence: &'static str, values: &[(&'static str, String)]) -> Self {
        Self::User(UserError { sentence, values: values.to_vec() })
    }
}

impl From<serenity::Error> for DeskError {
    fn from(error: serenity::Error) -> Self {
        Self::Internal(anyhow::Error::new(error).context("speaking to Discord"))
    }
}
