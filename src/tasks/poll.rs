//! Poll: from a feed that is due to new entries.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use super::{Ctx, Step};
use crate::domain::{Feed, FeedState, Published, Validators};
use crate::feeds::{self, Freshness, ParsedFeed, PollOutcome, next_poll};
use crate::fetch::FeedResponse;
use crate::store::entries;
use crate::store::feeds::{self as rows, FeedPolled};

/// Feeds polled side by side; each host still sees few requests at once.
const BATCH: u32 = 8;

/// A feed that has failed for this long is paused.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(7);

/// Polls the feeds that are due. True if there were any.
pub async fn tick(ctx: &Ctx, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let due = rows::due(&mut *ctx.store.read().await?, now, BATCH).await?;
    for outcome in join_all(due.iter().map(|feed| poll(ctx, feed, now))).await {
        outcome?;
    }
    Ok(!due.is_empty())
}

/// What asking a feed came to.
enum Answer {
    Unchanged { validators: Validators, freshness: Freshness },
    Read { feed: ParsedFeed, validators: Validators, freshness: Freshness },
    Failed { reason: String, retry_after: Option<DateTime<Utc>>, gone: bool },
}

async fn poll(ctx: &Ctx, feed: &Feed, now: DateTime<Utc>) -> anyhow::Result<()> {
    let answer = ctx.timings.of(Step::Poll, ask(ctx, feed)).await;
    let outcome = PollOutcome { interval: ctx.poll_interval, ..PollOutcome::default() };
    match answer {
        Answer::Unchanged { validators, freshness } => {
            let outcome = PollOutcome { freshness, ..outcome };
            succeeded(ctx, feed, None, validators, &outcome, now).await
        }
        Answer::Read { feed: read, validators, freshness } => {
            for warning in &read.warnings {
                tracing::debug!(feed.id = %feed.id, "A feed is not as it should be: {warning}");
            }
            let outcome = PollOutcome {
                freshness,
                ttl: read.ttl,
                skip_hours: read.skip_hours.clone(),
                skip_days: read.skip_days.clone(),
                published: read
                    .entries
                    .iter()
                    .filter_map(|entry| entry.published.map(Published::instant))
                    .collect(),
                ..outcome
            };
            succeeded(ctx, feed, Some(&read), validators, &outcome, now).await
        }
        Answer::Failed { reason, retry_after, gone } => {
            let outcome = PollOutcome { failures: feed.failures + 1, retry_after, ..outcome };
            failed(ctx, feed, &reason, gone, &outcome, now).await
        }
    }
}

async fn ask(ctx: &Ctx, feed: &Feed) -> Answer {
    match ctx.fetcher.feed(&feed.url, &feed.validators).await {
        Ok(FeedResponse::Unchanged { validators, freshness }) => Answer::Unchanged { validators, freshness },
        Ok(FeedResponse::Body { bytes, content_type, final_url, validators, freshness, .. }) => {
            match feeds::parse(&bytes, content_type.as_deref(), &final_url) {
                Ok(feed) => Answer::Read { feed, validators, freshness },
                Err(error) => Answer::Failed { reason: error.to_string(), retry_after: None, gone: false },
            }
        }
        Err(error) => Answer::Failed {
            reason: error.to_string(),
            retry_after: error.retry_after(),
            gone: error.is_gone(),
        },
    }
}

async fn succeeded(
    ctx: &Ctx,
    feed: &Feed,
    read: Option<&ParsedFeed>,
    validators: Validators,
    outcome: &PollOutcome,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let mut tx = ctx.store.write().await?;
    if let Some(read) = read {
        let first = feed.last_success_at.is_none();
        let new = entries::insert_new(&mut tx, feed.id, &read.entries, first, now).await?;
        tracing::info!(feed.id = %feed.id, "Polled {}: {} new entries.", feed.url, new.len());
    }
    let polled = FeedPolled {
        title: read.and_then(|read| read.title.clone()),
        validators,
        next_poll_at: next_poll(outcome, now, fastrand::f64()),
    };
    rows::record_success(&mut tx, feed.id, &polled, now).await?;
    tx.commit().await?;
    ctx.wake.read.notify_one();
    Ok(())
}

async fn failed(
    ctx: &Ctx,
    feed: &Feed,
    reason: &str,
    gone: bool,
    outcome: &PollOutcome,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let state = match feed.failing_since {
        _ if gone => FeedState::Gone,
        Some(since) if now - since >= GIVE_UP_AFTER => FeedState::Paused,
        _ => FeedState::Active,
    };
    let next = next_poll(outcome, now, fastrand::f64());
    tracing::warn!(feed.id = %feed.id, "Could not poll {}: {reason}.", feed.url);
    let mut tx = ctx.store.write().await?;
    rows::record_failure(&mut tx, feed.id, reason, next, state, now).await?;
    Ok(tx.commit().await?)
}
