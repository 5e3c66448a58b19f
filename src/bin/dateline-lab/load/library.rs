//! A database of made-up stories: about nothing, with the shape of news.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use dateline::clock::Clock;
use dateline::config::{self, Config, LATE_AFTER};
use dateline::domain::{
    Actor, ActorKind, Article, ChannelId, Digest, FeedEntry, FeedId, FeedUrl, Filter, GuildId, Meaning,
    MessageId, Nonce, PIECE, Provenance, Published, Span, StoryId, Summarizer, SummarySentence, Terms,
    UserId,
};
use dateline::reading::abstractive::Choice;
use dateline::sandbox::discord::EmbeddedDiscord;
use dateline::store::articles::NewArticle;
use dateline::store::stories::StoryQuery;
use dateline::store::subscriptions::NewSubscription;
use dateline::store::{Store, articles, deliveries, entries, feeds, reports, stories, subscriptions};
use indicatif::ProgressBar;

/// Stories written in one transaction.
const BATCH: usize = 2_000;
const DIMENSIONS: usize = 384;
const OUTLETS: usize = 200;
/// Every tenth of them is watched by another server.
const FEEDS: usize = 40;
const PEOPLE: usize = 30_000;
/// Of the channel, each with a card that a reader has reported.
const SUBSCRIPTIONS: usize = 10;
/// Words that texts are made of, with the frequencies of Zipf.
const VOCABULARY: f64 = 50_000.0;
const WORDS_OF_TEXT: usize = 280;

/// The settings of a bot on a database, with nothing but the embedded Discord to speak to.
pub fn config(discord: &EmbeddedDiscord, path: &Path) -> anyhow::Result<Config> {
    Ok(Config {
        discord: config::Discord { token: discord.token().into() },
        store: config::Store { path: path.to_owned() },
        fetch: config::Fetch {
            contact: "https://example.org/load".parse()?,
            allow_hosts: Vec::new(),
            poll_interval: Duration::from_secs(600),
            late_after: LATE_AFTER,
            host_spacing: Duration::ZERO,
        },
        reading: config::Reading {
            models: None,
            threads: 1,
            summarizer: Choice::Extractive,
            summarizer_model: None,
        },
    })
}

/// The stories of a database that was filled before, or is now, for a guild with a channel that moderators use.
pub async fn open(
    store: &Store,
    guild: GuildId,
    channel: ChannelId,
    count: usize,
) -> anyhow::Result<Vec<StoryId>> {
    let now = Clock::System.now();
    let all = StoryQuery { limit: u32::MAX, ..StoryQuery::default() };
    let mut known = stories::latest(&mut *store.read().await?, &all).await?;
    known.reverse();
    if known.is_empty() {
        known = fill(store, guild, count).await?;
    } else {
        watch(store, guild, now).await?;
    }
    moderate(store, guild, channel, &known, now).await?;
    Ok(known)
}

/// Subscribes the channel to some actors, and has readers report some of the cards that it got.
async fn moderate(
    store: &Store,
    guild: GuildId,
    channel: ChannelId,
    all: &[StoryId],
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let mut random = fastrand::Rng::with_seed(1989);
    let mut tx = store.write().await?;
    for story in all.iter().rev().take(SUBSCRIPTIONS) {
        let filter = Filter { actor: Some(somebody(&mut random)), ..Filter::default() };
        let new = NewSubscription {
            guild,
            channel,
            filter: &filter,
            meaning: None,
            terms: Terms::default(),
            since: now,
            created_by: UserId(1),
        };
        let subscription = subscriptions::add(&mut tx, &new, now).await?;
        let card = deliveries::enqueue(&mut tx, *story, channel, subscription, &Nonce::random(), now).await?;
        if let Some(card) = card {
            deliveries::posted(&mut tx, card, MessageId(1), 1, now).await?;
            reports::add(&mut tx, card, UserId(2), now).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Writes stories of one article each, the newest last, five actors each, a minute apart. Gives them.
pub async fn fill(store: &Store, guild: GuildId, count: usize) -> anyhow::Result<Vec<StoryId>> {
    let now = Clock::System.now();
    let feeds = watch(store, guild, now).await?;
    let mut random = fastrand::Rng::with_seed(1914);
    let mut made_up = Vec::with_capacity(count);
    let bar = ProgressBar::new(count as u64);
    for batch in (0..count).collect::<Vec<_>>().chunks(BATCH) {
        let mut tx = store.write().await?;
        for &n in batch {
            let at = now - TimeDelta::seconds(60 * (count - n) as i64);
            let (article, digest, vector) = made(at, &mut random);
            // Of no use to anybody, but of the usual size.
            let pieces = vector.chunks(PIECE).cycle().take(50);
            let meaning = Meaning::new(&vector, pieces);
            let new = NewArticle {
                article: &article,
                url: &address(n),
                outlet: &outlet(n),
                vector: &vector,
                meaning: &meaning,
                digest: &digest,
                published_at: at,
            };
            let id = articles::insert(&mut tx, &new, at).await?;
            let url = address(n);
            let entry = FeedEntry { key: url.clone(), url: url.parse().ok(), ..FeedEntry::default() };
            for entry in entries::insert_new(&mut tx, feeds[n % FEEDS], &[entry], false, at).await? {
                entries::mark_read(&mut tx, entry, id, "load", at).await?;
                let story = stories::open(&mut tx, id, at, at).await?;
                entries::mark_done(&mut tx, entry, &format!("story {story}"), at).await?;
                made_up.push(story);
            }
        }
        tx.commit().await?;
        bar.inc(batch.len() as u64);
    }
    bar.finish_and_clear();
    Ok(made_up)
}

/// Feeds that are never due, most of them the guild's, some another's.
async fn watch(store: &Store, guild: GuildId, now: DateTime<Utc>) -> anyhow::Result<Vec<FeedId>> {
    let mut tx = store.write().await?;
    let mut all = Vec::new();
    for n in 0..FEEDS {
        let url = FeedUrl::parse(&format!("https://example.org/{n}.xml"))?;
        let feed = feeds::add(&mut tx, &url, now + TimeDelta::days(9)).await?;
        let watcher = if n % 10 == 9 { GuildId(1) } else { guild };
        feeds::watch(&mut tx, watcher, feed, UserId(1), now).await?;
        all.push(feed);
    }
    tx.commit().await?;
    Ok(all)
}

/// Where the article of a story stands.
pub fn address(n: usize) -> String {
    format!("https://example.org/{n}")
}

fn made(at: DateTime<Utc>, random: &mut fastrand::Rng) -> (Article, Digest, Vec<f32>) {
    let title = words(8, random);
    let mut text = format!("{title}.");
    let mut actors = Vec::new();
    for _ in 0..5 {
        let name = somebody(random);
        // All is ASCII: a byte is a character.
        let start = text.len() + 1;
        text.push_str(&format!(" {name} {}.", words(WORDS_OF_TEXT / 5, random)));
        let mentions = vec![Span { start, end: start + name.len() }];
        actors.push(Actor { name, kind: ActorKind::Person, role: None, mentions });
    }
    let digest = Digest {
        headline: Some(title.clone()),
        summary: vec![SummarySentence {
            text: title.clone(),
            start: Some(0),
            end: Some(title.chars().count()),
        }],
        actors,
        dates: Vec::new(),
        text,
        warnings: Vec::new(),
        provenance: Provenance {
            summarizer: Summarizer::Extractive,
            model: "none".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
    };
    let mut vector: Vec<f32> = (0..DIMENSIONS).map(|_| random.f32() - 0.5).collect();
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|x| *x /= length);
    let article = Article {
        title: Some(title),
        published: Some(Published::Moment(at.fixed_offset())),
        lang: Some("en".to_owned()),
        ..Article::default()
    };
    (article, digest, vector)
}

/// Words side by side, common ones often.
pub fn words(count: usize, random: &mut fastrand::Rng) -> String {
    let words: Vec<String> = (0..count).map(|_| word(VOCABULARY.powf(random.f64()) as usize)).collect();
    words.join(" ")
}

/// A name, of few often and of many once.
pub fn somebody(random: &mut fastrand::Rng) -> String {
    let n = (random.f64().powi(3) * PEOPLE as f64) as usize;
    format!("{} {}", capital(&word(n % 256)), capital(&word(n / 256 + 300)))
}

pub fn outlet(n: usize) -> String {
    format!("The {} Herald", capital(&word(n % OUTLETS)))
}

/// A made-up word for each number: "almarost".
fn word(n: usize) -> String {
    const PARTS: [&str; 16] = [
        "al", "berg", "ma", "rost", "ilde", "tor", "ven", "kar", "osh", "lin", "dur", "ema", "sol", "nit",
        "gra", "pel",
    ];
    let mut rest = n + 16;
    let mut word = String::new();
    while rest > 0 {
        word.push_str(PARTS[rest % PARTS.len()]);
        rest /= PARTS.len();
    }
    word
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
