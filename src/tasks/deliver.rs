//! Deliver: what is in the outbox goes to Discord.
//!
//! A request is marked as begun before it is sent. Where its answer was lost (a crash, a time-out,
//! a 5xx), the card may be in the channel already: Discord forgets a nonce after a few minutes, so
//! the channel is searched for a card with our nonce before anything is posted again.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use super::{Ctx, Step};
use crate::discord::PostError;
use crate::domain::{ChannelId, Delivery, MessageId, Nonce};
use crate::lifecycle::Fatal;
use crate::render;
use crate::store::entries::{self, Outcome, Stage};
use crate::store::{SqliteConnection, deliveries, notices, settings, stories, subscriptions};

const BATCH: u32 = 50;

/// First wait after a failure that may pass; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(5);
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);

/// Sends what is due. True if there was anything.
///
/// # Errors
/// [`Fatal`] when Discord no longer takes our token.
pub async fn tick(ctx: &Ctx, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let due = deliveries::due(&mut *ctx.store.read().await?, now, BATCH).await?;
    let found = !due.is_empty();
    // One after the other within a channel, which is how Discord counts its limits.
    let mut channels: BTreeMap<ChannelId, Vec<Delivery>> = BTreeMap::new();
    for delivery in due {
        channels.entry(delivery.channel).or_default().push(delivery);
    }
    let sent =
        join_all(channels.into_iter().map(|(channel, due)| channel_tick(ctx, channel, due, now))).await;
    let told = tell_moderators(ctx, now).await?;
    for outcome in sent {
        outcome?;
    }
    Ok(found || told)
}

async fn channel_tick(
    ctx: &Ctx,
    channel: ChannelId,
    due: Vec<Delivery>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    for delivery in due {
        let (revision, outcome) = send(ctx, &delivery, now).await?;
        let mut tx = ctx.store.write().await?;
        let (logged, detail) = told(&outcome, channel);
        entries::log_story(&mut tx, delivery.story, Stage::Post, logged, &detail, now).await?;
        let go_on = settle(&mut tx, &delivery, revision, outcome, now).await?;
        tx.commit().await?;
        if !go_on {
            break;
        }
    }
    Ok(())
}

/// What came of a delivery, for the stage log.
fn told(outcome: &Result<MessageId, PostError>, channel: ChannelId) -> (Outcome, String) {
    match outcome {
        Ok(message) => (Outcome::Ok, format!("shown in channel {channel} as message {message}")),
        Err(error @ PostError::Retry { .. }) => (Outcome::Retry, format!("channel {channel}: {error}")),
        Err(error) => (Outcome::Skipped, format!("channel {channel}: {error}")),
    }
}

/// Marks what came of a delivery. Whether to go on with the next one of its channel.
async fn settle(
    conn: &mut SqliteConnection,
    delivery: &Delivery,
    revision: i64,
    outcome: Result<MessageId, PostError>,
    now: DateTime<Utc>,
) -> anyhow::Result<bool> {
    let (id, channel) = (delivery.id, delivery.channel);
    match outcome {
        Ok(message) => {
            deliveries::posted(conn, id, message, revision, now).await?;
            Ok(true)
        }
        Err(PostError::Retry { after, reason }) => {
            let asked = after.and_then(|after| TimeDelta::from_std(after).ok()).unwrap_or_default();
            let at = now + asked.max(wait(delivery.attempts));
            tracing::warn!(delivery.id = %id, "A card could not be posted and is tried again: {reason}");
            deliveries::retry(conn, id, &reason, at).await?;
            Ok(false)
        }
        Err(PostError::Forbidden(reason)) => {
            pause(conn, channel, &reason, now).await?;
            Ok(false)
        }
        Err(PostError::ChannelGone) => {
            let reason = "the channel was deleted";
            subscriptions::end_channel(conn, channel, reason, now).await?;
            deliveries::hold_channel(conn, channel, reason).await?;
            Ok(false)
        }
        Err(PostError::MessageGone) => {
            deliveries::hold(conn, id, "the card was deleted in Discord").await?;
            Ok(true)
        }
        Err(PostError::Rejected(reason)) => {
            tracing::error!(
                delivery.id = %id,
                "Discord refuses a card's format, which is a fault of dateline: {reason}"
            );
            deliveries::hold(conn, id, &reason).await?;
            Ok(true)
        }
        Err(PostError::Unauthorized) => {
            Err(Fatal("Discord no longer takes the token: set a new DISCORD_TOKEN".to_owned()).into())
        }
    }
}

/// Posts or edits one card; answers the revision that it shows, and the message or why there is none.
async fn send(
    ctx: &Ctx,
    delivery: &Delivery,
    now: DateTime<Utc>,
) -> anyhow::Result<(i64, Result<MessageId, PostError>)> {
    let mut tx = ctx.store.write().await?;
    deliveries::begin(&mut tx, delivery.id, now).await?;
    let mut story = stories::get(&mut tx, delivery.story).await?;
    if let Some(story) = &mut story {
        deliveries::link(&mut tx, story, delivery.guild, delivery.channel).await?;
    }
    let zone = settings::time_zone(&mut tx, delivery.guild, Some(delivery.channel)).await?;
    tx.commit().await?;
    let Some(story) = story else {
        return Ok((0, Err(PostError::Rejected("the story is gone".to_owned()))));
    };
    let card = render::card(&story, &delivery.nonce, zone);
    let post = async {
        match delivery.message {
            Some(message) => ctx.publisher.edit(delivery.channel, message, &card).await.map(|()| message),
            None => post_once(ctx, delivery, &card, story.merged_into.is_some()).await,
        }
    };
    Ok((story.revision, ctx.timings.of(Step::Post, post).await))
}

async fn post_once(
    ctx: &Ctx,
    delivery: &Delivery,
    card: &render::Message,
    merged: bool,
) -> Result<MessageId, PostError> {
    if delivery.attempted_at.is_some()
        && let Some(message) = ctx.publisher.find_by_nonce(delivery.channel, &delivery.nonce).await?
    {
        // It shows what was known then; an edit brings it up to date.
        return ctx.publisher.edit(delivery.channel, message, card).await.map(|()| message);
    }
    if merged {
        // A pointer to another card is made of a card that stands, never posted anew.
        return Err(PostError::MessageGone);
    }
    ctx.publisher.create(delivery.channel, card, &delivery.nonce).await
}

/// Pauses the channel's subscriptions and tells the moderators who made them, once.
async fn pause(
    conn: &mut SqliteConnection,
    channel: ChannelId,
    reason: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    tracing::warn!(channel.id = %channel, "Discord refuses cards for a channel; its subscriptions are paused: {reason}");
    for paused in subscriptions::pause_channel(conn, channel, reason).await? {
        let cause = format!("paused:{channel}:{}", now.timestamp());
        let text = format!(
            "I cannot post in <#{channel}>: {reason}. Its subscriptions are paused; nothing is lost. Let me View Channel, \
             Send Messages, Embed Links and Read Message History there, then run /topics subscribe there again. /topics \
             list shows what is paused."
        );
        notices::enqueue(conn, paused.created_by, &cause, &text, &Nonce::random(), now).await?;
    }
    deliveries::hold_channel(conn, channel, reason).await?;
    Ok(())
}

async fn tell_moderators(ctx: &Ctx, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let due = notices::due(&mut *ctx.store.read().await?, now, BATCH).await?;
    for notice in &due {
        let message = render::Message { content: Some(notice.text.clone()), ..render::Message::default() };
        let outcome = ctx.publisher.direct_message(notice.user, &message, &notice.nonce).await;
        let mut tx = ctx.store.write().await?;
        match outcome {
            Err(PostError::Retry { reason, .. }) => {
                tracing::warn!("A moderator could not be told and is tried again: {reason}");
                notices::retry(&mut tx, notice.id, now + wait(notice.attempts)).await?;
            }
            Ok(_) => notices::sent(&mut tx, notice.id).await?,
            Err(error) => {
                tracing::warn!("A moderator takes no direct messages, /topics list will tell: {error}");
                notices::sent(&mut tx, notice.id).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(!due.is_empty())
}

fn wait(attempts: u32) -> TimeDelta {
    (FIRST_WAIT * (1 << attempts.min(10))).min(LONGEST_WAIT)
}
