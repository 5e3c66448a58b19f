//! Subscriptions of a guild's channels.

use chrono::{DateTime, TimeDelta, Utc};

use super::topic_meaning;
use crate::discord::{DeskError, SubscribeRequest, Subscribed};
use crate::domain::{
    ChannelId, GuildId, Sensitivity, StoryId, Subscription, SubscriptionId, SubscriptionState, UserId,
};
use crate::render::answer::{Preview, SubscriptionView};
use crate::store::stories::StoryQuery;
use crate::store::subscriptions::{self, NewSubscription};
use crate::store::{SqliteConnection, WriteTx, deliveries, feeds, stories};
use crate::tasks::{Ctx, group};

/// What the answer to `/topics subscribe` looks back at.
const PREVIEW: TimeDelta = TimeDelta::days(7);
const PREVIEW_STORIES: u32 = 300;
const EXAMPLES: usize = 3;

/// Subscribes a channel, and tells what it would have got of late. In a channel that was paused
/// everything goes on: whoever subscribes again has mended what was wrong.
pub async fn subscribe(ctx: &Ctx, request: SubscribeRequest) -> Result<Subscribed, DeskError> {
    let now = ctx.clock.now();
    let meaning = match &request.filter.topic {
        Some(topic) => Some(topic_meaning(ctx, topic).await?),
        None => None,
    };
    let mut tx = ctx.store.write().await?;
    if let Some(feed) = request.filter.feed {
        let watched = feeds::of_guild(&mut tx, request.guild).await?;
        if watched.iter().all(|other| other.id != feed) {
            return Err(DeskError::user("This server does not watch that feed; /feeds add comes first."));
        }
    }
    resume(&mut tx, request.channel, now).await?;
    let new = NewSubscription {
        guild: request.guild,
        channel: request.channel,
        filter: &request.filter,
        meaning: meaning.as_ref(),
        terms: request.terms,
        since: now,
        created_by: request.by,
    };
    let id = subscriptions::add(&mut tx, &new, now).await?;
    let subscription = subscriptions::get(&mut tx, id).await?;
    tx.commit().await?;
    ctx.wake.deliver.notify_one();
    let Some(subscription) = subscription else {
        return Err(DeskError::user("That subscription was ended in the same moment; try again."));
    };

    let mut conn = ctx.store.read().await?;
    let preview = preview(&mut conn, &subscription, now - PREVIEW).await?;
    Ok(Subscribed { view: view(&mut conn, subscription).await?, preview })
}

/// What a subscription would have posted since a moment, at each sensitivity.
async fn preview(
    conn: &mut SqliteConnection,
    subscription: &Subscription,
    from: DateTime<Utc>,
) -> Result<Preview, DeskError> {
    let query =
        StoryQuery { guild: Some(subscription.guild), source: None, limit: PREVIEW_STORIES, offset: 0 };
    let Subscription { filter, meaning, terms, .. } = subscription;
    let mut preview = Preview::default();
    let ids = stories::latest(conn, &query).await?;
    let mut stories = stories::all(conn, &ids).await?;
    stories.retain(|story| {
        let newest = story.sources.iter().filter_map(|source| source.published).map(|at| at.instant()).max();
        newest.unwrap_or(story.updated_at) >= from
            && story.independent_sources() >= terms.min_sources as usize
    });
    let ids: Vec<StoryId> = stories.iter().map(|story| story.id).collect();
    let mut nearest = group::nearest_of(conn, &ids, filter, meaning.as_ref()).await?;
    for story in stories {
        let Some((nearest, found)) = nearest.remove(&story.id) else { continue };
        for (count, sensitivity) in preview.counts.iter_mut().zip(Sensitivity::ALL) {
            *count += usize::from(nearest <= sensitivity);
        }
        if nearest <= filter.sensitivity && preview.examples.len() < EXAMPLES {
            preview.examples.push((story, found.0));
        }
    }
    Ok(preview)
}

/// A guild's subscriptions that have not ended.
pub async fn list(ctx: &Ctx, guild: GuildId) -> Result<Vec<SubscriptionView>, DeskError> {
    let mut conn = ctx.store.once().await?;
    let mut views = Vec::new();
    for subscription in subscriptions::of_guild(&mut conn, guild).await? {
        views.push(view(&mut conn, subscription).await?);
    }
    Ok(views)
}

/// Pauses a subscription of the guild, or lets it go on, with all that its channel had refused: whoever lets it go on
/// has mended what was wrong.
pub async fn toggle(
    ctx: &Ctx,
    guild: GuildId,
    by: UserId,
    id: SubscriptionId,
) -> Result<Option<(SubscriptionView, bool)>, DeskError> {
    let mut tx = ctx.store.write().await?;
    let now = ctx.clock.now();
    if !subscriptions::toggle(&mut tx, id, guild, by, now).await? {
        return Ok(None);
    }
    let released = match subscriptions::get(&mut tx, id).await? {
        Some(Subscription { state: SubscriptionState::Active, channel, .. }) => {
            resume(&mut tx, channel, now).await?
        }
        _ => 0,
    };
    let view = changed(tx, id).await?;
    ctx.wake.deliver.notify_one();
    Ok(view.map(|view| (view, released > 0)))
}

/// Has everything go on in a channel that took no cards, and gives how many had waited.
async fn resume(
    conn: &mut SqliteConnection,
    channel: ChannelId,
    now: DateTime<Utc>,
) -> Result<u64, DeskError> {
    subscriptions::resume_channel(conn, channel).await?;
    Ok(deliveries::release_channel(conn, channel, now).await?)
}

/// Ends a subscription of the guild.
pub async fn unsubscribe(
    ctx: &Ctx,
    guild: GuildId,
    by: UserId,
    id: SubscriptionId,
) -> Result<Option<SubscriptionView>, DeskError> {
    let mut tx = ctx.store.write().await?;
    if !subscriptions::end(&mut tx, id, guild, by, ctx.clock.now()).await? {
        return Ok(None);
    }
    changed(tx, id).await
}

/// Keeps what was changed of a subscription, and gives it.
async fn changed(mut tx: WriteTx, id: SubscriptionId) -> Result<Option<SubscriptionView>, DeskError> {
    let view = match subscriptions::get(&mut tx, id).await? {
        Some(subscription) => Some(view(&mut tx, subscription).await?),
        None => None,
    };
    tx.commit().await?;
    Ok(view)
}

async fn view(
    conn: &mut SqliteConnection,
    subscription: Subscription,
) -> Result<SubscriptionView, DeskError> {
    let feed = match subscription.filter.feed {
        Some(feed) => {
            feeds::get(conn, feed).await?.map(|feed| feed.title.unwrap_or_else(|| feed.url.to_string()))
        }
        None => None,
    };
    Ok(SubscriptionView { subscription, feed })
}
