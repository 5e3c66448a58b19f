//! Poll: from a feed that is due to new entries.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::{StreamExt as _, stream};
use url::Url;

use super::{Ctx, Parser, Step, Timings, Wake};
use crate::domain::{Feed, FeedState, FeedUrl, Nonce, Published, Rhythm, Validators};
use crate::feeds::{Freshness, ParsedFeed, PollOutcome, gives_up, moving, next_poll, published_rhythm};
use crate::fetch::{FeedResponse, FetchError, Fetcher};
use crate::render::notice;
use crate::store::feeds::{self as rows, FeedPolled};
use crate::store::{Store, entries, notices, settings};

/// Feeds taken at a time, and polled side by side: one that answers slowly holds up a lane, not the others. Each host
/// still sees few requests at once.
const BATCH: u32 = 256;
const LANES: usize = 16;

/// So many new entries at once, and more than half of what the feed offers, are a back catalogue or new GUIDs for
/// old articles.
const FLOOD: usize = 20;

/// What polling works with: neither models nor Discord.
pub struct Watch<'a> {
    pub store: &'a Store,
    pub fetcher: &'a Fetcher,
    pub parser: &'a Parser,
    pub poll_interval: Duration,
    pub wake: &'a Wake,
    pub timings: &'a Timings,
}

/// Polls the feeds that are due. True if there were any.
pub async fn tick(ctx: &Ctx, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let Ctx { store, fetcher, parser, wake, timings, poll_interval, .. } = ctx;
    poll_due(&Watch { store, fetcher, parser, poll_interval: *poll_interval, wake, timings }, now).await
}

/// As [`tick`], with no more than it needs.
pub async fn poll_due(watch: &Watch<'_>, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let due = rows::due(&mut *watch.store.read().await?, now, BATCH).await?;
    let found = !due.is_empty();
    let polls =
        stream::iter(due).map(|feed| async move { poll(watch, &feed, now).await }).buffer_unordered(LANES);
    let outcomes: Vec<anyhow::Result<()>> = polls.collect().await;
    outcomes.into_iter().collect::<anyhow::Result<()>>()?;
    Ok(found)
}

/// What asking a feed came to.
enum Answer {
    Ok {
        read: Option<Box<ParsedFeed>>,
        validators: Validators,
        freshness: Freshness,
        moved_to: Option<Url>,
    },
    Failed {
        reason: String,
        retry_after: Option<DateTime<Utc>>,
        gone: bool,
    },
    /// It was not asked: too many others wait for its host.
    Postponed,
}

async fn poll(ctx: &Watch<'_>, feed: &Feed, now: DateTime<Utc>) -> anyhow::Result<()> {
    let answer = ctx.timings.of(Step::Poll, ask(ctx, feed)).await;
    match answer {
        Answer::Ok { read, validators, freshness, moved_to } => {
            for warning in read.iter().flat_map(|read| &read.warnings) {
                tracing::debug!(feed.id = %feed.id, "A feed is not as it should be: {warning}");
            }
            // An unchanged feed does not say its rhythm again.
            let rhythm = read.as_ref().map_or_else(|| feed.rhythm.clone(), |read| rhythm(read, now));
            let to = moved_to.and_then(|to| FeedUrl::parse(to.as_str()).ok());
            let (moving, moved) = moving(feed.moving.as_ref(), to, now);
            let outcome = PollOutcome {
                interval: ctx.poll_interval,
                freshness,
                rhythm: rhythm.clone(),
                ..PollOutcome::default()
            };
            let polled = FeedPolled {
                title: read.as_ref().and_then(|read| read.title.clone()),
                validators,
                rhythm,
                moving,
                next_poll_at: next_poll(&outcome, now, fastrand::f64()),
            };
            succeeded(ctx, feed, read.as_deref(), &polled, moved, now).await
        }
        Answer::Failed { reason, retry_after, gone } => {
            let outcome = PollOutcome {
                interval: ctx.poll_interval,
                failures: feed.failures.saturating_add(1),
                retry_after,
                rhythm: feed.rhythm.clone(),
                ..PollOutcome::default()
            };
            failed(ctx, feed, &reason, gone, &outcome, now).await
        }
        Answer::Postponed => {
            let outcome =
                PollOutcome { postponed: true, rhythm: feed.rhythm.clone(), ..PollOutcome::default() };
            let next = next_poll(&outcome, now, fastrand::f64());
            tracing::debug!(feed.id = %feed.id, "Put off a poll of {}: others wait for its host.", feed.url);
            let mut tx = ctx.store.write().await?;
            rows::postpone(&mut tx, feed.id, next).await?;
            Ok(tx.commit().await?)
        }
    }
}

fn rhythm(read: &ParsedFeed, now: DateTime<Utc>) -> Rhythm {
    let published = read.entries.iter().filter_map(|entry| entry.published.map(Published::instant));
    let (usual_gap, newest) = published_rhythm(published, now);
    Rhythm {
        ttl: read.ttl.map(|ttl| ttl.as_secs()),
        skip_hours: read.skip_hours.clone(),
        skip_days: read.skip_days.clone(),
        usual_gap,
        newest,
    }
}

async fn ask(ctx: &Watch<'_>, feed: &Feed) -> Answer {
    match ctx.fetcher.feed(&feed.url, &feed.validators).await {
        Ok(FeedResponse::Unchanged { validators, freshness, moved_to }) => {
            Answer::Ok { read: None, validators, freshness, moved_to }
        }
        Ok(FeedResponse::Body { bytes, content_type, final_url, moved_to, validators, freshness }) => {
            match ctx.parser.parse(bytes, content_type, final_url).await.0 {
                Ok(read) => Answer::Ok { read: Some(Box::new(read)), validators, freshness, moved_to },
                Err(error) => Answer::Failed { reason: error.to_string(), retry_after: None, gone: false },
            }
        }
        Err(FetchError::Queue) => Answer::Postponed,
        Err(error) => Answer::Failed {
            reason: error.to_string(),
            retry_after: error.retry_after(),
            gone: error.is_gone(),
        },
    }
}

async fn succeeded(
    ctx: &Watch<'_>,
    feed: &Feed,
    read: Option<&ParsedFeed>,
    polled: &FeedPolled,
    moved: bool,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let mut tx = ctx.store.write().await?;
    let first = feed.last_success_at.is_none();
    if let Some(read) = read {
        let new = entries::insert_new(&mut tx, feed.id, &read.entries, first, now).await?;
        tracing::info!(feed.id = %feed.id, "Polled {}: {} new entries.", feed.url, new.len());
        if !first && new.len() >= FLOOD && new.len() * 2 > read.entries.len() {
            for id in &new {
                entries::mark_flood(&mut tx, *id, now).await?;
            }
            rows::note(&mut tx, feed.id, &format!("offered {} new entries at once", new.len()), now).await?;
        }
    }
    rows::record_success(&mut tx, feed.id, polled, now).await?;
    if first {
        rows::note(&mut tx, feed.id, "read for the first time", now).await?;
    } else if feed.failures > 0 {
        rows::note(&mut tx, feed.id, "reads again", now).await?;
    }
    if let Some(moving) = polled.moving.as_ref().filter(|_| moved) {
        tracing::info!(feed.id = %feed.id, "{} has moved to {}.", feed.url, moving.to);
        rows::note(&mut tx, feed.id, &format!("moved from {} to {}", feed.url, moving.to), now).await?;
        rows::move_to(&mut tx, feed.id, &moving.to).await?;
    }
    tx.commit().await?;
    ctx.wake.read.notify_one();
    Ok(())
}

async fn failed(
    ctx: &Watch<'_>,
    feed: &Feed,
    reason: &str,
    gone: bool,
    outcome: &PollOutcome,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let state = match gone {
        true => FeedState::Gone,
        false if gives_up(outcome.failures, feed.failing_since, now) => FeedState::Paused,
        false => FeedState::Active,
    };
    let next = next_poll(outcome, now, fastrand::f64());
    tracing::warn!(feed.id = %feed.id, "Could not poll {}: {reason}.", feed.url);
    let mut tx = ctx.store.write().await?;
    rows::record_failure(&mut tx, feed.id, reason, next, state, now).await?;
    let history = match state {
        FeedState::Active => format!("failed: {reason}"),
        FeedState::Gone => format!("ended: {reason}"),
        FeedState::Paused => format!("paused after a week of failures: {reason}"),
    };
    rows::note(&mut tx, feed.id, &history, now).await?;
    if state != FeedState::Active {
        let cause = format!("feed:{}:{}", feed.id, now.timestamp());
        for (moderator, guild) in rows::added_by(&mut tx, feed.id).await? {
            let locale = settings::of(&mut tx, guild, None).await?.locale;
            let text = match state {
                FeedState::Gone => notice::feed_gone(feed.url.as_str(), locale),
                _ => notice::feed_paused(feed.url.as_str(), reason, locale),
            };
            notices::enqueue(&mut tx, moderator, &cause, &text, &Nonce::random(), now).await?;
        }
    }
    tx.commit().await?;
    ctx.wake.deliver.notify_one();
    Ok(())
}
