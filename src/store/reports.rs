//! What readers call inaccurate, and what moderators made of it.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::{At, Offset};
use crate::domain::{ChannelId, DeliveryId, GuildId, Nonce, StoryId, UserId, Verdict};

/// A card that readers of a guild have reported.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    pub nonce: Nonce,
    pub story: StoryId,
    pub channel: ChannelId,
    pub readers: u32,
    /// When the first of them did.
    pub since: DateTime<Utc>,
}

/// Notes that a reader calls a card inaccurate. False if this reader has done so before.
pub async fn add(
    conn: &mut SqliteConnection,
    delivery: DeliveryId,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO reports (delivery_id, user_id, at) VALUES (?, ?, ?) ON CONFLICT (delivery_id, user_id) DO NOTHING",
        delivery,
        user,
        At(now)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The cards of a guild that wait for a moderator, the `most` longest waiting first, and how many more do.
pub async fn open(
    conn: &mut SqliteConnection,
    guild: GuildId,
    most: usize,
) -> Result<(Vec<Reported>, usize)> {
    let rows = sqlx::query!(
        r#"SELECT nonce AS "nonce!: Nonce", story_id AS "story!: StoryId", deliveries.channel_id AS "channel!: ChannelId",
               count(*) AS "readers!: u32", min(at) AS "since!: At", count(*) OVER () AS "waiting!: Offset"
           FROM reports JOIN deliveries ON deliveries.id = delivery_id
               JOIN subscriptions ON subscriptions.id = subscription_id
           WHERE reports.state = 'open' AND guild_id = ? GROUP BY delivery_id ORDER BY min(at), delivery_id LIMIT ? + 0"#,
        guild,
        Offset(most)
    )
    .fetch_all(conn)
    .await?;
    let waiting = rows.first().map_or(0, |row| row.waiting.0);
    let reported: Vec<Reported> = rows
        .into_iter()
        .map(|row| Reported {
            nonce: row.nonce,
            story: row.story,
            channel: row.channel,
            readers: row.readers,
            since: row.since.into(),
        })
        .collect();
    let more = waiting.saturating_sub(reported.len());
    Ok((reported, more))
}

/// Closes what was reported of a story in a guild. False if nothing was open.
pub async fn settle(
    conn: &mut SqliteConnection,
    guild: GuildId,
    story: StoryId,
    verdict: Verdict,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE reports SET state = ?, settled_by = ?, settled_at = ?
         WHERE state = 'open' AND delivery_id IN (
             SELECT deliveries.id FROM deliveries JOIN subscriptions ON subscriptions.id = subscription_id
             WHERE story_id = ? AND guild_id = ?)",
        verdict,
        by,
        At(now),
        story,
        guild
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}
