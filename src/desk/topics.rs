//! Subscriptions of a guild's channels.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use super::meaning;
use crate::discord::{DeskError, SubscribeRequest, Subscribed};
use crate::domain::{GuildId, Sensitivity, Subscription, SubscriptionId, UserId, fold};
use crate::render::answer::{Preview, SubscriptionView};
use crate::store::stories::StoryQuery;
use crate::store::subscriptions::{self, NewSubscription};
use crate::store::{SqliteConnection, WriteTx, deliveries, feeds, search, stories};
use crate::stories::recurring;
use crate::tasks::{Ctx, group};

/// What the answer to `/topics subscribe` looks back at.
const PREVIEW: TimeDelta = TimeDelta::days(7);
const PREVIEW_STORIES: u32 = 300;
const EXAMPLES: usize = 3;
/// Articles that suggestions are drawn from: answered while somebody types.
const SUGGEST_FROM: u32 = 500;
/// How long these stay as they are.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// Subscribes a channel, and tells what it would have got of late. In a channel that was paused
/// everything goes on: whoever subscribes again has mended what was wrong.
pub async fn subscribe(ctx: &Ctx, request: SubscribeRequest) -> Result<Subscribed, DeskError> {
    let now = ctx.clock.now();
    let vector = match &request.filter.topic {
        Some(topic) => Some(meaning(ctx, topic).await?),
        None => None,
    };
    let mut tx = ctx.store.write().await?;
    if let Some(feed) = request.filter.feed {
        let watched = feeds::of_guild(&mut tx, request.guild).await?;
        if watched.iter().all(|other| other.id != feed) {
            return Err(DeskError::user("This server does not watch that feed; /feeds add comes first."));
        }
    }
    subscriptions::resume_channel(&mut tx, request.channel).await?;
    deliveries::release_channel(&mut tx, request.channel, now).await?;
    let new = NewSubscription {
        guild: request.guild,
        channel: request.channel,
        filter: &request.filter,
        topic_vector: vector.as_deref(),
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
    let mut preview = Preview::default();
    for id in stories::latest(conn, &query).await? {
        let Some(story) = stories::get(conn, id).await? else { continue };
        let newest = story.sources.iter().filter_map(|source| source.published).map(|at| at.instant()).max();
        let Subscription { filter, topic_vector, terms, .. } = subscription;
        if newest.unwrap_or(story.updated_at) < from
            || story.independent_sources() < terms.min_sources as usize
        {
            continue;
        }
        let nearest = group::nearest(conn, id, filter, topic_vector.as_deref()).await?;
        let Some((nearest, found)) = nearest else { continue };
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
    let mut conn = ctx.store.read().await?;
    let mut views = Vec::new();
    for subscription in subscriptions::of_guild(&mut conn, guild).await? {
        views.push(view(&mut conn, subscription).await?);
    }
    Ok(views)
}

/// Pauses a subscription of the guild, or lets it go on.
pub async fn toggle(
    ctx: &Ctx,
    guild: GuildId,
    by: UserId,
    id: SubscriptionId,
) -> Result<Option<SubscriptionView>, DeskError> {
    let mut tx = ctx.store.write().await?;
    if !subscriptions::toggle(&mut tx, id, guild, by, ctx.clock.now()).await? {
        return Ok(None);
    }
    changed(tx, id).await
}

/// What the feeds of guilds had much of in the last days, counted once in a while: it is asked for at every key that
/// somebody presses.
#[derive(Debug, Default)]
pub struct Suggested {
    counted: Mutex<HashMap<GuildId, Counted>>,
}

/// What a guild's feeds had most of, and when that was.
#[derive(Debug)]
struct Counted {
    at: DateTime<Utc>,
    /// Folded, and as they are written.
    topics: Vec<(String, String)>,
}

impl Suggested {
    /// Topics to choose from: those that the guild has subscribed to, then the actors and phrases that its feeds had
    /// most of.
    pub async fn fitting(
        &self,
        ctx: &Ctx,
        guild: GuildId,
        typed: &str,
        most: usize,
    ) -> Result<Vec<String>, DeskError> {
        let mut conn = ctx.store.read().await?;
        let mut own: Vec<String> = subscriptions::of_guild(&mut conn, guild)
            .await?
            .into_iter()
            .filter_map(|subscription| subscription.filter.topic)
            .collect();
        own.sort();
        let mut topics = with_folded(own);
        let now = ctx.clock.now();
        let mut counted = self.counted.lock().await;
        // What is old goes; so does what is of guilds that nobody types in any more.
        counted.retain(|_, counted| now.signed_duration_since(counted.at).abs() < FRESH);
        if let Some(counted) = counted.get(&guild) {
            topics.extend_from_slice(&counted.topics);
        } else {
            let recent = search::recent(&mut conn, guild, now - PREVIEW, SUGGEST_FROM).await?;
            let often = recurring(recent.iter().map(|(title, actors)| (title.as_str(), actors.as_slice())));
            let often = with_folded(often);
            topics.extend_from_slice(&often);
            counted.insert(guild, Counted { at: now, topics: often });
        }
        drop(counted);
        let typed = fold(typed);
        let mut seen = HashSet::new();
        topics.retain(|(folded, _)| folded.contains(&typed) && seen.insert(folded.clone()));
        Ok(topics.into_iter().take(most).map(|(_, topic)| topic).collect())
    }
}

/// Topics with what they are compared by.
fn with_folded(topics: Vec<String>) -> Vec<(String, String)> {
    topics.into_iter().map(|topic| (fold(&topic), topic)).collect()
}

/// Ends a subscription of the guild.
pub async fn unsubscribe(
    ctx: &Ctx,
    guild: GuildId,
    id: SubscriptionId,
) -> Result<Option<SubscriptionView>, DeskError> {
    let mut tx = ctx.store.write().await?;
    if !subscriptions::end(&mut tx, id, guild, "unsubscribed by a moderator", ctx.clock.now()).await? {
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
