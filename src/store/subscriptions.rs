//! What channels asked for.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::columns::{At, Json};
use super::{Result, deliveries};
use crate::domain::{
    ChannelId, FeedId, Filter, GuildId, Meaning, Mode, Place, RoleId, Sensitivity, Subscription,
    SubscriptionId, SubscriptionState, Terms, UserId,
};

/// A subscription to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewSubscription<'a> {
    pub guild: GuildId,
    pub channel: ChannelId,
    pub filter: &'a Filter,
    /// Of the topic; there is one exactly when there is a topic.
    pub meaning: Option<&'a Meaning>,
    pub terms: Terms,
    /// Nothing published before this moment is posted.
    pub since: DateTime<Utc>,
    pub created_by: UserId,
}

struct Row {
    id: SubscriptionId,
    guild: GuildId,
    channel: ChannelId,
    topic: Option<String>,
    topic_meaning: Option<Vec<u8>>,
    sensitivity: Sensitivity,
    without: Json<Vec<String>>,
    actor: Option<String>,
    feed: Option<FeedId>,
    pattern: Option<String>,
    mode: Mode,
    min_sources: u32,
    mention: Option<RoleId>,
    place: Place,
    state: String,
    state_reason: String,
    since: DateTime<Utc>,
    created_by: UserId,
    created_at: DateTime<Utc>,
    changed_by: Option<UserId>,
    changed_at: Option<At>,
}

impl From<Row> for Subscription {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            guild: row.guild,
            channel: row.channel,
            filter: Filter {
                topic: row.topic,
                sensitivity: row.sensitivity,
                without: row.without.0,
                actor: row.actor,
                feed: row.feed,
                pattern: row.pattern,
            },
            meaning: row.topic_meaning.filter(|bytes| !bytes.is_empty()).as_deref().map(Meaning::from_bytes),
            terms: Terms {
                mode: row.mode,
                min_sources: row.min_sources,
                mention: row.mention,
                place: row.place,
            },
            // The schema allows these three words.
            state: match row.state.as_str() {
                "active" => SubscriptionState::Active,
                "paused" => SubscriptionState::Paused(row.state_reason),
                _ => SubscriptionState::Ended(row.state_reason),
            },
            since: row.since,
            created_by: row.created_by,
            created_at: row.created_at,
            changed: row.changed_by.zip(row.changed_at.map(DateTime::from)),
        }
    }
}

macro_rules! select {
    ($rest:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT id AS "id!: SubscriptionId", guild_id AS "guild: GuildId", channel_id AS "channel: ChannelId", topic,
               topic_meaning, sensitivity AS "sensitivity: Sensitivity", without AS "without: Json<Vec<String>>", actor,
               feed_id AS "feed: FeedId", pattern, mode AS "mode: Mode", min_sources AS "min_sources: u32",
               mention AS "mention: RoleId", place AS "place: Place", state, state_reason, since AS "since: At", created_by AS "created_by: UserId",
               created_at AS "created_at: At", changed_by AS "changed_by: UserId", changed_at AS "changed_at: At"
               FROM subscriptions "#
                + $rest
            $(, $argument)*
        )
    };
}

/// Subscribes a channel. Where it has a subscription to the same topic, actor and feed that has not ended, that
/// one keeps its age and is the answer: it gets the new terms, sensitivity, words to do without and pattern, and goes
/// on if it was paused.
pub async fn add(
    conn: &mut SqliteConnection,
    new: &NewSubscription<'_>,
    now: DateTime<Utc>,
) -> Result<SubscriptionId> {
    let Filter { topic, sensitivity, without, actor, feed, pattern } = new.filter;
    let without = Json(without.clone());
    let same = sqlx::query_scalar!(
        r#"SELECT id AS "id!: SubscriptionId" FROM subscriptions
           WHERE channel_id = ? AND state <> 'ended' AND topic IS ? AND actor IS ? AND feed_id IS ?"#,
        new.channel,
        topic,
        actor,
        feed
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(id) = same {
        sqlx::query!(
            "UPDATE subscriptions SET sensitivity = ?1, without = ?2, pattern = ?3, mode = ?4, min_sources = ?5, mention = ?6,
                 place = ?7, state = 'active', state_reason = '', by_moderator = 0, changed_by = ?8, changed_at = ?9
             WHERE id = ?10 AND (sensitivity <> ?1 OR without <> ?2 OR pattern IS NOT ?3 OR mode <> ?4 OR min_sources <> ?5
                 OR mention IS NOT ?6 OR place <> ?7 OR state <> 'active')",
            sensitivity,
            without,
            pattern,
            new.terms.mode,
            new.terms.min_sources,
            new.terms.mention,
            new.terms.place,
            new.created_by,
            At(now),
            id
        )
        .execute(conn)
        .await?;
        return Ok(id);
    }
    Ok(sqlx::query_scalar!(
        r#"INSERT INTO subscriptions (guild_id, channel_id, topic, topic_meaning, sensitivity, without, actor, feed_id, pattern,
               mode, min_sources, mention, place, since, created_by, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id AS "id!: SubscriptionId""#,
        new.guild,
        new.channel,
        topic,
        new.meaning.map(Meaning::to_bytes),
        sensitivity,
        without,
        actor,
        feed,
        pattern,
        new.terms.mode,
        new.terms.min_sources,
        new.terms.mention,
        new.terms.place,
        At(new.since),
        new.created_by,
        At(now)
    )
    .fetch_one(conn)
    .await?)
}

/// Some topics of subscriptions that have not ended whose meaning is to be worked out.
pub async fn without_meaning(
    conn: &mut SqliteConnection,
    limit: u32,
) -> Result<Vec<(SubscriptionId, String)>> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!: SubscriptionId", topic AS "topic!" FROM subscriptions
           WHERE topic IS NOT NULL AND topic_meaning = x'' AND state <> 'ended' LIMIT ?"#,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.topic)).collect())
}

pub async fn set_meaning(conn: &mut SqliteConnection, id: SubscriptionId, meaning: &Meaning) -> Result<()> {
    sqlx::query!("UPDATE subscriptions SET topic_meaning = ? WHERE id = ?", meaning.to_bytes(), id)
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn get(conn: &mut SqliteConnection, id: SubscriptionId) -> Result<Option<Subscription>> {
    Ok(select!("WHERE id = ?", id).fetch_optional(conn).await?.map(Subscription::from))
}

/// A guild's subscriptions that have not ended, by channel and age.
pub async fn of_guild(conn: &mut SqliteConnection, guild: GuildId) -> Result<Vec<Subscription>> {
    let rows = select!("WHERE guild_id = ? AND state <> 'ended' ORDER BY channel_id, id", guild)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(Subscription::from).collect())
}

/// All subscriptions that are to be matched.
pub async fn active(conn: &mut SqliteConnection) -> Result<Vec<Subscription>> {
    let rows = select!("WHERE state = 'active' ORDER BY id").fetch_all(conn).await?;
    Ok(rows.into_iter().map(Subscription::from).collect())
}

/// A channel's subscriptions that have not ended.
pub async fn of_channel(conn: &mut SqliteConnection, channel: ChannelId) -> Result<Vec<Subscription>> {
    let rows =
        select!("WHERE channel_id = ? AND state <> 'ended' ORDER BY id", channel).fetch_all(conn).await?;
    Ok(rows.into_iter().map(Subscription::from).collect())
}

pub async fn active_of_channel(conn: &mut SqliteConnection, channel: ChannelId) -> Result<Vec<Subscription>> {
    let rows =
        select!("WHERE channel_id = ? AND state = 'active' ORDER BY id", channel).fetch_all(conn).await?;
    Ok(rows.into_iter().map(Subscription::from).collect())
}

/// Ends a subscription of this guild; its row stays. False when the guild has no such one.
///
/// With a channel's last subscription end the cards that wait to be posted there.
pub async fn end(
    conn: &mut SqliteConnection,
    id: SubscriptionId,
    guild: GuildId,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<bool> {
    const REASON: &str = "unsubscribed by a moderator";
    let channel = sqlx::query_scalar!(
        r#"UPDATE subscriptions SET state = 'ended', state_reason = ?1, ended_at = ?2, changed_by = ?3, changed_at = ?2
           WHERE id = ?4 AND guild_id = ?5 AND state <> 'ended' RETURNING channel_id AS "channel!: ChannelId""#,
        REASON,
        At(now),
        by,
        id,
        guild
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(channel) = channel else { return Ok(false) };
    deliveries::hold_unasked(conn, channel, REASON).await?;
    Ok(true)
}

/// Ends all subscriptions of a channel, and the cards that wait to be posted there. Gives how many ended.
pub async fn end_channel(
    conn: &mut SqliteConnection,
    channel: ChannelId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<u64> {
    let done = sqlx::query!(
        "UPDATE subscriptions SET state = 'ended', state_reason = ?, ended_at = ? WHERE channel_id = ? AND state <> 'ended'",
        reason,
        At(now),
        channel
    )
    .execute(&mut *conn)
    .await?;
    deliveries::hold_unasked(conn, channel, reason).await?;
    Ok(done.rows_affected())
}

/// Ends all subscriptions of a guild, and the cards that wait to be posted there. Gives how many ended.
pub async fn end_guild(
    conn: &mut SqliteConnection,
    guild: GuildId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<u64> {
    let channels = sqlx::query_scalar!(
        r#"SELECT DISTINCT channel_id AS "channel: ChannelId" FROM subscriptions WHERE guild_id = ? AND state <> 'ended'"#,
        guild
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut ended = 0;
    for channel in channels {
        ended += end_channel(&mut *conn, channel, reason, now).await?;
    }
    Ok(ended)
}

/// Ends a guild's subscriptions to a feed that it no longer watches.
pub async fn end_feed(
    conn: &mut SqliteConnection,
    guild: GuildId,
    feed: FeedId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<u64> {
    let done = sqlx::query!(
        "UPDATE subscriptions SET state = 'ended', state_reason = ?, ended_at = ?
         WHERE guild_id = ? AND feed_id = ? AND state <> 'ended'",
        reason,
        At(now),
        guild,
        feed
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Pauses a channel's active subscriptions and gives those. `reason` tells a moderator what to change.
pub async fn pause_channel(
    conn: &mut SqliteConnection,
    channel: ChannelId,
    reason: &str,
) -> Result<Vec<Subscription>> {
    let mut pausing = active_of_channel(conn, channel).await?;
    sqlx::query!(
        "UPDATE subscriptions SET state = 'paused', state_reason = ? WHERE channel_id = ? AND state = 'active'",
        reason,
        channel
    )
    .execute(conn)
    .await?;
    for subscription in &mut pausing {
        subscription.state = SubscriptionState::Paused(reason.to_owned());
    }
    Ok(pausing)
}

/// Pauses a subscription of this guild until a moderator says otherwise, or lets one that is paused go on: nothing
/// that was published while a moderator had it paused is posted. False when the guild has no such one.
pub async fn toggle(
    conn: &mut SqliteConnection,
    id: SubscriptionId,
    guild: GuildId,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE subscriptions SET by_moderator = state = 'active', state_reason = iif(state = 'active', 'by a moderator', ''),
             since = iif(by_moderator, ?1, since), changed_by = ?2, changed_at = ?1,
             state = iif(state = 'active', 'paused', 'active')
         WHERE id = ?3 AND guild_id = ?4 AND state <> 'ended'",
        At(now),
        by,
        id,
        guild
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Makes a channel's paused subscriptions active again, but for those that a moderator paused, and gives how many.
/// Cards that were held with the channel are released by [`deliveries::release_channel`].
pub async fn resume_channel(conn: &mut SqliteConnection, channel: ChannelId) -> Result<u64> {
    let done = sqlx::query!(
        "UPDATE subscriptions SET state = 'active', state_reason = ''
         WHERE channel_id = ? AND state = 'paused' AND NOT by_moderator",
        channel
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
