//! Messages of announcement channels that are to be published to the servers that follow these.
//!
//! Discord takes ten an hour of one channel and answers 429 to the eleventh, so each waits for its turn here.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::At;
use crate::domain::{ChannelId, MessageId};

/// Requests for one channel within [`WINDOW`].
const MOST: i64 = 10;
/// Discord's hour, with room for the time that requests take to arrive. A request that failed is repeated after it, so
/// that every one counts.
pub const WINDOW: TimeDelta = TimeDelta::minutes(62);
/// What waited longer than this for its turn is no news any more.
const FRESH: TimeDelta = TimeDelta::hours(6);

/// Has a message published; one that was, or is to be, stays as it is.
pub async fn enqueue(
    conn: &mut SqliteConnection,
    channel: ChannelId,
    message: MessageId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO crossposts (message_id, channel_id, posted_at, next_attempt_at) VALUES (?1, ?2, ?3, ?3)
         ON CONFLICT (message_id) DO NOTHING",
        message,
        channel,
        At(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The message that has waited longest of those whose channel has a request left.
pub async fn next(conn: &mut SqliteConnection, now: DateTime<Utc>) -> Result<Option<(ChannelId, MessageId)>> {
    let row = sqlx::query!(
        r#"SELECT message_id AS "message: MessageId", channel_id AS "channel: ChannelId" FROM crossposts AS own
           WHERE state = 'due' AND next_attempt_at <= ?1 AND posted_at > ?2
             AND (SELECT count(*) FROM crossposts AS other
                  WHERE other.channel_id = own.channel_id AND other.attempted_at > ?3) < ?4
           ORDER BY next_attempt_at, message_id LIMIT 1"#,
        At(now),
        At(now - FRESH),
        At(now - WINDOW),
        MOST
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.channel, row.message)))
}

/// A request is about to be sent. To be committed before it is.
pub async fn begin(conn: &mut SqliteConnection, message: MessageId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "UPDATE crossposts SET attempted_at = ?1, next_attempt_at = ?2 WHERE message_id = ?3",
        At(now),
        At(now + WINDOW),
        message
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It is published, or never will be and `refused` says why.
pub async fn settle(conn: &mut SqliteConnection, message: MessageId, refused: Option<&str>) -> Result<()> {
    sqlx::query!(
        "UPDATE crossposts SET state = iif(?1 IS NULL, 'done', 'dropped'), error = ?1 WHERE message_id = ?2",
        refused,
        message
    )
    .execute(conn)
    .await?;
    Ok(())
}
