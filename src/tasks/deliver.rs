//! Deliver: what is in the outbox goes to Discord.
//!
//! A request is marked as begun before it is sent. Where its answer was lost (a crash, a time-out,
//! a 5xx), the card may be in the channel already: Discord forgets a nonce after a few minutes, so
//! the channel is searched for a card with our nonce before anything is posted again.

mod crosspost;
mod roundup;
mod spot;
mod update;

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use super::{Ctx, Step};
use crate::discord::PostError;
use crate::domain::{
    ChannelId, Delivery, DeliveryId, MessageId, Mode, Nonce, Place, Roundup, RoundupId, Settings, Update,
    UpdateId,
};
use crate::lifecycle::Fatal;
use crate::render;
use crate::render::notice::{self, Hindrance};
use crate::store::entries::{self, Outcome, Stage};
use crate::store::{
    SqliteConnection, StoreError, crossposts, deliveries, notices, roundups, settings, stories,
    subscriptions, updates,
};

use spot::Spot;

const BATCH: u32 = 50;

/// First wait after a failure that may pass; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(5);
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);

/// What a channel is to get.
enum Due {
    Card(Delivery),
    Roundup(Roundup),
    Update(Update),
}

/// The row that a message stands in.
#[derive(Clone, Copy)]
enum Row {
    /// With the revision that the message shows.
    Card(DeliveryId, i64),
    Roundup(RoundupId),
    Update(UpdateId),
}

/// Sends what is due. True if there was anything.
///
/// # Errors
/// [`Fatal`] when Discord no longer takes our token.
pub async fn tick(ctx: &Ctx, now: DateTime<Utc>) -> anyhow::Result<bool> {
    // One after the other within a channel, which is how Discord counts its limits.
    let mut channels: BTreeMap<ChannelId, Vec<Due>> = BTreeMap::new();
    let mut conn = ctx.store.read().await?;
    for roundup in roundups::due(&mut conn, now, BATCH).await? {
        channels.entry(roundup.channel).or_default().push(Due::Roundup(roundup));
    }
    for delivery in deliveries::due(&mut conn, now, BATCH).await? {
        channels.entry(delivery.channel).or_default().push(Due::Card(delivery));
    }
    // After the edits of the cards that they are replies to.
    for update in updates::due(&mut conn, now, BATCH).await? {
        channels.entry(update.channel).or_default().push(Due::Update(update));
    }
    drop(conn);
    let found = !channels.is_empty();
    let sent =
        join_all(channels.into_iter().map(|(channel, due)| channel_tick(ctx, channel, due, now))).await;
    let told = tell_moderators(ctx, now).await?;
    for outcome in sent {
        outcome?;
    }
    let published = crosspost::tick(ctx, now).await?;
    Ok(found || told || published)
}

async fn channel_tick(
    ctx: &Ctx,
    channel: ChannelId,
    due: Vec<Due>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    for due in due {
        let go_on = match due {
            Due::Card(delivery) => card(ctx, delivery, now).await?,
            Due::Roundup(roundup) => roundup::tick(ctx, roundup, now).await?,
            Due::Update(update) => update::tick(ctx, update, now).await?,
        };
        if !go_on {
            tracing::debug!(channel.id = %channel, "The rest of what is due there waits");
            break;
        }
    }
    Ok(())
}

/// Posts or edits one card, or has it wait for a round-up. Whether to go on with the next one of its channel.
async fn card(ctx: &Ctx, delivery: Delivery, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let mut tx = ctx.store.write().await?;
    let Settings { time_zone, quiet_hours, locale, crosspost, .. } =
        settings::of(&mut tx, delivery.guild, Some(delivery.channel)).await?;
    if delivery.message.is_none() {
        let new = delivery.attempted_at.is_none() && delivery.roundup.is_none();
        let mode = if new { delivery.mode } else { Mode::Breaking };
        if let Some(at) = mode.due(now, quiet_hours, time_zone) {
            if new {
                roundups::gather(&mut tx, delivery.id, delivery.guild, at).await?;
                let waits =
                    format!("waits for the round-up of {} in channel {}", at.to_rfc3339(), delivery.channel);
                entries::log_story(&mut tx, delivery.story, Stage::Post, Outcome::Ok, &waits, now).await?;
            } else {
                deliveries::retry(&mut tx, delivery.id, "quiet hours", at).await?;
            }
            tx.commit().await?;
            return Ok(true);
        }
    }
    deliveries::begin(&mut tx, delivery.id, now).await?;
    let mut story = stories::get(&mut tx, delivery.story).await?;
    if let Some(story) = &mut story {
        deliveries::link(&mut tx, story, delivery.guild, delivery.channel).await?;
    }
    tx.commit().await?;
    let (revision, outcome) = match story {
        None => (0, Err(PostError::Rejected("the story is gone".to_owned()))),
        Some(story) => {
            let card = match delivery.retracted {
                true => render::retracted(&story, &delivery.nonce, locale),
                false => render::card(&story, &delivery.nonce, locale, now),
            };
            let spot = Spot {
                guild: delivery.guild,
                channel: delivery.channel,
                place: delivery.place,
                name: render::post_name(&story, locale),
            };
            let merged = story.merged_into.is_some();
            (story.revision, ctx.timings.of(Step::Post, show(ctx, &delivery, &spot, card, merged)).await)
        }
    };
    let mut tx = ctx.store.write().await?;
    let (logged, detail) = told(&outcome, delivery.channel);
    entries::log_story(&mut tx, delivery.story, Stage::Post, logged, &detail, now).await?;
    if crosspost && delivery.message.is_none() {
        publish(&mut tx, delivery.place, delivery.channel, &outcome, now).await?;
    }
    let row = Row::Card(delivery.id, revision);
    let go_on = settle(&mut tx, row, delivery.channel, delivery.attempts, outcome, now).await?;
    tx.commit().await?;
    Ok(go_on)
}

/// A card of a story that was `merged` into another points to the other's: it is made of one that stands, never posted.
async fn show(
    ctx: &Ctx,
    delivery: &Delivery,
    spot: &Spot,
    card: render::Message,
    merged: bool,
) -> Result<MessageId, PostError> {
    let channel = delivery.channel;
    let Some(message) = delivery.message else {
        if merged {
            let stands = spot.find(ctx, &delivery.nonce).await?;
            let stands = stands.ok_or(PostError::MessageGone)?;
            return spot.edit(ctx, stands, &card).await.map(|()| stands);
        }
        let card = card.mentioning(delivery.mention);
        return spot.post_once(ctx, &card, &delivery.nonce, delivery.attempted_at.is_some()).await;
    };
    match spot.edit(ctx, message, &card).await {
        // A post has its card on top: that waits until Discord takes edits again.
        Err(PostError::MessageOld) if matches!(spot.place, Place::Forum(_)) => Err(PostError::MessageOld),
        // Readers get a reply with the card as it is now, and that is edited from now on.
        Err(PostError::MessageOld) => match ctx.publisher.find_by_nonce(channel, &delivery.nonce).await? {
            Some(reply) if reply > message => ctx.publisher.edit(channel, reply, &card).await.map(|()| reply),
            _ => ctx.publisher.reply(channel, message, &card, &delivery.nonce).await,
        },
        edited => edited.map(|()| message),
    }
}

/// Has a new message published where it stands in an announcement channel.
async fn publish(
    conn: &mut SqliteConnection,
    place: Place,
    channel: ChannelId,
    outcome: &Result<MessageId, PostError>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    match (place, outcome) {
        (Place::Announcements, Ok(message)) => crossposts::enqueue(conn, channel, *message, now).await,
        _ => Ok(()),
    }
}

/// What came of a message, for the stage log.
fn told(outcome: &Result<MessageId, PostError>, channel: ChannelId) -> (Outcome, String) {
    match outcome {
        Ok(message) => (Outcome::Ok, format!("shown in channel {channel} as message {message}")),
        Err(error @ PostError::Retry { .. }) => (Outcome::Retry, format!("channel {channel}: {error}")),
        Err(error) => (Outcome::Skipped, format!("channel {channel}: {error}")),
    }
}

/// Marks what came of a message. Whether to go on with the next one of its channel.
async fn settle(
    conn: &mut SqliteConnection,
    row: Row,
    channel: ChannelId,
    attempts: u32,
    outcome: Result<MessageId, PostError>,
    now: DateTime<Utc>,
) -> anyhow::Result<bool> {
    match outcome {
        Ok(message) => {
            row.posted(conn, message, now).await?;
            Ok(true)
        }
        Err(error @ PostError::MessageOld) => {
            row.retry(conn, &error.to_string(), now + LONGEST_WAIT).await?;
            Ok(true)
        }
        Err(PostError::Retry { after, reason }) => {
            let asked = after.and_then(|after| TimeDelta::from_std(after).ok()).unwrap_or_default();
            tracing::warn!("A {row} could not be posted and is tried again: {reason}");
            row.retry(conn, &reason, now + asked.max(wait(attempts))).await?;
            Ok(false)
        }
        Err(PostError::Forbidden(reason)) => {
            pause(conn, channel, &reason, Hindrance::Permission(&reason), now).await?;
            Ok(false)
        }
        Err(error @ (PostError::Locked | PostError::Tag)) => {
            let locked = error == PostError::Locked;
            let hindrance = if locked { Hindrance::Locked } else { Hindrance::Tag };
            pause(conn, channel, &error.to_string(), hindrance, now).await?;
            Ok(false)
        }
        Err(PostError::ChannelGone) => {
            channel_gone(conn, channel, now).await?;
            Ok(false)
        }
        Err(PostError::MessageGone) => {
            row.hold(conn, "the message was deleted in Discord").await?;
            Ok(true)
        }
        Err(PostError::Rejected(reason)) => {
            tracing::error!("Discord refuses the format of a {row}, which is a fault of dateline: {reason}");
            row.hold(conn, &reason).await?;
            Ok(true)
        }
        Err(PostError::Unauthorized) => Err(token_refused()),
    }
}

fn token_refused() -> anyhow::Error {
    Fatal("Discord no longer takes the token: set a new DISCORD_TOKEN".to_owned()).into()
}

impl Row {
    async fn posted(
        self,
        conn: &mut SqliteConnection,
        message: MessageId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        match self {
            Row::Card(id, revision) => deliveries::posted(conn, id, message, revision, now).await,
            Row::Roundup(id) => roundups::posted(conn, id, message).await,
            Row::Update(id) => updates::posted(conn, id, message).await,
        }
    }

    async fn retry(
        self,
        conn: &mut SqliteConnection,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        match self {
            Row::Card(id, _) => deliveries::retry(conn, id, reason, at).await,
            Row::Roundup(id) => roundups::retry(conn, id, reason, at).await,
            Row::Update(id) => updates::retry(conn, id, reason, at).await,
        }
    }

    async fn hold(self, conn: &mut SqliteConnection, reason: &str) -> Result<(), StoreError> {
        match self {
            Row::Card(id, _) => deliveries::hold(conn, id, reason).await,
            Row::Roundup(id) => roundups::hold(conn, id, reason).await,
            Row::Update(id) => updates::hold(conn, id, reason).await,
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Row::Card(id, _) => write!(f, "card (delivery {id})"),
            Row::Roundup(id) => write!(f, "round-up ({id})"),
            Row::Update(id) => write!(f, "update ({id})"),
        }
    }
}

/// Pauses the channel's subscriptions and tells the moderators who made them, once.
async fn pause(
    conn: &mut SqliteConnection,
    channel: ChannelId,
    reason: &str,
    hindrance: Hindrance<'_>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    tracing::warn!(channel.id = %channel, "Discord refuses cards for a channel; its subscriptions are paused: {reason}");
    let cause = format!("paused:{channel}:{}", now.timestamp());
    for paused in subscriptions::pause_channel(conn, channel, reason).await? {
        let Settings { locale, .. } = settings::of(conn, paused.guild, None).await?;
        let text = notice::cannot_post(channel, hindrance, locale);
        notices::enqueue(conn, paused.created_by, &cause, &text, &Nonce::random(), now).await?;
    }
    deliveries::hold_channel(conn, channel, reason).await?;
    Ok(())
}

/// Ends the subscriptions of a channel that is deleted, and tells the moderators who made them, once.
pub async fn channel_gone(
    conn: &mut SqliteConnection,
    channel: ChannelId,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let reason = "the channel was deleted";
    for ended in subscriptions::of_channel(conn, channel).await? {
        let Settings { locale, .. } = settings::of(conn, ended.guild, None).await?;
        let (cause, text) = (format!("deleted:{channel}"), notice::channel_gone(channel, locale));
        notices::enqueue(conn, ended.created_by, &cause, &text, &Nonce::random(), now).await?;
    }
    subscriptions::end_channel(conn, channel, reason, now).await?;
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
