//! The store over real files, each in a folder of its own.

mod articles;
mod channels;
mod entries;
mod feeds;
mod migrations;
mod opening;
mod outlets;
mod search;
mod stories;

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;

use super::articles::NewArticle;
use super::{ReadTx, Store, StoreError, WriteTx};
use crate::domain::{
    Actor, ActorKind, Article, ArticleId, ChannelId, Digest, FeedEntry, FeedId, FeedUrl, Filter, Granularity,
    GuildId, KeyDate, Meaning, Nonce, PIECE, Provenance, Published, Span, StoryId, SubscriptionId,
    Summarizer, SummarySentence, Terms, UserId, WHOLE,
};

/// A database in a folder that goes with it.
struct Bench {
    folder: TempDir,
    store: Store,
}

impl Bench {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open(&folder.path().join("news.sqlite")).await.unwrap();
        Self { folder, store }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("news.sqlite")
    }

    async fn write(&self) -> WriteTx {
        self.store.write().await.unwrap()
    }

    /// Keeps what was written, closes the database, opens it again and reads: what stands there now
    /// has been on disk.
    async fn reread(&mut self, written: WriteTx) -> ReadTx {
        written.commit().await.unwrap();
        self.store.clone().close().await;
        self.store = Store::open(&self.path()).await.unwrap();
        self.store.read().await.unwrap()
    }
}

const GUILD: GuildId = GuildId(u64::MAX - 7);
const CHANNEL: ChannelId = ChannelId(1_234_567_890_123_456_789);
const MODERATOR: UserId = UserId(u64::MAX);

/// A moment `minutes` after the first one of the tests.
fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

fn feed_url(name: &str) -> FeedUrl {
    FeedUrl::parse(&format!("https://example.org/{name}.xml")).unwrap()
}

fn entry(key: &str) -> FeedEntry {
    FeedEntry {
        key: key.into(),
        url: Some(format!("https://example.org/{key}").parse().unwrap()),
        title: Some(format!("Title of {key}")),
        summary: None,
        published: Some("1969-07-20T20:17:40Z".parse().unwrap()),
        ..FeedEntry::default()
    }
}

fn nonce(text: &str) -> Nonce {
    Nonce(text.into())
}

/// A text with two actors, of which the second has no letters to compare it by, and two dates.
fn digest(text: &str, actor: &str) -> Digest {
    Digest {
        headline: Some("Eagle has landed".into()),
        summary: vec![
            SummarySentence { text: text.chars().take(5).collect(), start: Some(0), end: Some(5) },
            SummarySentence { text: "In words of its own.".into(), start: None, end: None },
        ],
        actors: vec![
            Actor {
                name: actor.into(),
                kind: ActorKind::Person,
                role: Some("commander".into()),
                mentions: vec![Span { start: 0, end: 5 }, Span { start: 7, end: 9 }],
            },
            Actor { name: "—".into(), kind: ActorKind::Place, role: None, mentions: vec![] },
        ],
        dates: vec![
            KeyDate {
                text: "July 20".into(),
                start: 1,
                end: 8,
                value: "1969-07-20".into(),
                granularity: Granularity::Day,
                until: None,
                event: Some("The module touched down.".into()),
            },
            KeyDate {
                text: "within 24 hours".into(),
                start: 2,
                end: 17,
                value: "PT24H".into(),
                granularity: Granularity::Duration,
                until: Some("1969-07-21T20:17:00".into()),
                event: None,
            },
        ],
        text: text.into(),
        warnings: vec!["The text is short.".into()],
        provenance: Provenance {
            summarizer: Summarizer::Extractive,
            model: "all-MiniLM-L6-v2".into(),
            version: "0.1.0".into(),
        },
    }
}

/// What a test says about an article; the rest is the same for all.
struct Told<'a> {
    url: &'a str,
    title: &'a str,
    text: &'a str,
    outlet: &'a str,
    actor: &'a str,
    /// What the text calls the actor, in order.
    called: &'a [&'a str],
    minutes: i64,
}

impl Default for Told<'_> {
    fn default() -> Self {
        Self {
            url: "https://example.org/moon",
            title: "Eagle has landed",
            text: "Two astronauts walked on the Moon.\n\nA third circled above them.",
            outlet: "Le Petit Écho",
            actor: "Neil Armstrong",
            called: &[],
            minutes: 0,
        }
    }
}

impl Told<'_> {
    async fn insert(&self, tx: &mut WriteTx) -> ArticleId {
        let article = Article {
            title: Some(self.title.into()),
            byline: Some("By the desk".into()),
            published: Some(Published::Moment(at(self.minutes).into())),
            lang: Some("en".into()),
            warnings: vec!["No author was found.".into()],
            ..Article::default()
        };
        let mut digest = digest(self.text, self.actor);
        if !self.called.is_empty() {
            let place = |name: &&str| {
                let start = self.text[..self.text.find(name).unwrap()].chars().count();
                Span { start, end: start + name.chars().count() }
            };
            digest.actors[0].mentions = self.called.iter().map(place).collect();
        }
        let new = NewArticle {
            article: &article,
            url: self.url,
            outlet: self.outlet,
            vector: &[0.6, -0.8, f32::MIN_POSITIVE],
            meaning: &Meaning::new(&[0.5; WHOLE], [[0.5; PIECE].as_slice()].into_iter()),
            digest: &digest,
            published_at: at(self.minutes),
        };
        super::articles::insert(tx, &new, at(self.minutes + 1)).await.unwrap()
    }

    /// The article as a story of its own.
    async fn story(&self, tx: &mut WriteTx) -> (StoryId, ArticleId) {
        let article = self.insert(tx).await;
        let story = super::stories::open(tx, article, at(self.minutes), at(self.minutes + 2)).await.unwrap();
        (story, article)
    }
}

async fn feed(tx: &mut WriteTx, name: &str) -> FeedId {
    super::feeds::add(tx, &feed_url(name), at(0)).await.unwrap()
}

async fn subscribe(tx: &mut WriteTx, channel: ChannelId, actor: &str) -> SubscriptionId {
    let filter = Filter { actor: Some(actor.into()), ..Filter::default() };
    let new = super::subscriptions::NewSubscription {
        guild: GUILD,
        channel,
        filter: &filter,
        meaning: None,
        terms: Terms::default(),
        since: at(-60),
        created_by: MODERATOR,
    };
    super::subscriptions::add(tx, &new, at(0)).await.unwrap()
}
