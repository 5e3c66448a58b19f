//! What readers call inaccurate, and what moderators made of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::{At, Json, Offset};
use crate::domain::{ChannelId, DeliveryId, GuildId, Nonce, StoryId, UserId, Verdict};

/// A card that readers of a guild have reported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reported {
    pub nonce: Nonce,
    pub story: StoryId,
    pub channel: ChannelId,
    pub readers: u32,
    /// When the first of them did.
    #[serde(with = "chrono::serde::ts_seconds")]
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
        "INSERT INTO reports (delivery_id, user_id, at, guild_id)
         SELECT deliveries.id, ?2, ?3, guild_id
         FROM deliveries JOIN subscriptions ON subscriptions.id = subscription_id WHERE deliveries.id = ?1
         ON CONFLICT (delivery_id, user_id) DO NOTHING",
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
    let open = sqlx::query!(
        r#"SELECT json_group_array(json_object('nonce', nonce, 'story', story_id, 'channel', channel_id, 'readers', readers,
                   'since', since) ORDER BY since, delivery_id) AS "first!: Json<Vec<Reported>>",
               coalesce(max(waiting), 0) AS "waiting!: Offset"
           FROM (SELECT delivery_id, count(*) AS readers, min(at) AS since, count(*) OVER () AS waiting
                 FROM reports WHERE state = 'open' AND guild_id = ?1
                 GROUP BY delivery_id ORDER BY since, delivery_id LIMIT ?2 + 0)
               CROSS JOIN deliveries ON deliveries.id = delivery_id"#,
        guild,
        Offset(most)
    )
    .fetch_one(conn)
    .await?;
    let more = open.waiting.0.saturating_sub(open.first.0.len());
    Ok((open.first.0, more))
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
         WHERE state = 'open' AND guild_id = ? AND delivery_id IN (SELECT id FROM deliveries WHERE story_id = ?)",
        verdict,
        by,
        At(now),
        guild,
        story
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}
