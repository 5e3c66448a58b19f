//! Round-ups: messages that gather stories until they are due.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::At;
use crate::domain::{
    ChannelId, DeliveryId, GuildId, MessageId, Nonce, Place, RoleId, Roundup, RoundupId, StoryId,
};

/// Has a card wait for its channel's round-up of this moment, which is opened with the first.
pub async fn gather(
    conn: &mut SqliteConnection,
    delivery: DeliveryId,
    guild: GuildId,
    due_at: DateTime<Utc>,
) -> Result<()> {
    let nonce = Nonce::random();
    let roundup = sqlx::query_scalar!(
        r#"INSERT INTO roundups (channel_id, guild_id, nonce, due_at, next_attempt_at)
           SELECT channel_id, ?1, ?2, ?3, ?3 FROM deliveries WHERE id = ?4
           ON CONFLICT (channel_id, due_at) DO UPDATE SET state = iif(state = 'held', 'due', state)
           RETURNING id AS "id!: RoundupId""#,
        guild,
        nonce,
        At(due_at),
        delivery
    )
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query!("UPDATE deliveries SET roundup_id = ? WHERE id = ?", roundup, delivery)
        .execute(conn)
        .await?;
    Ok(())
}

/// Round-ups to be posted now, the longest due first; those of a channel without an active subscription wait until
/// it has one.
pub async fn due(conn: &mut SqliteConnection, now: DateTime<Utc>, limit: u32) -> Result<Vec<Roundup>> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!: RoundupId", channel_id AS "channel: ChannelId", guild_id AS "guild: GuildId",
               nonce AS "nonce: Nonce", attempts AS "attempts: u32", attempted_at AS "attempted_at: At",
               (SELECT place FROM subscriptions WHERE subscriptions.channel_id = roundups.channel_id
                  AND subscriptions.state = 'active' ORDER BY subscriptions.id LIMIT 1) AS "place!: Place"
           FROM roundups WHERE state = 'due' AND next_attempt_at <= ?1
             AND EXISTS (SELECT 1 FROM subscriptions
                         WHERE subscriptions.channel_id = roundups.channel_id AND subscriptions.state = 'active')
           ORDER BY next_attempt_at, id LIMIT ?2"#,
        At(now),
        limit
    )
    .fetch_all(conn)
    .await?;
    let roundups = rows.into_iter().map(|row| Roundup {
        id: row.id,
        channel: row.channel,
        guild: row.guild,
        place: row.place,
        nonce: row.nonce,
        attempts: row.attempts,
        attempted_at: row.attempted_at.map(Into::into),
    });
    Ok(roundups.collect())
}

/// The stories that wait for it, or have a line in it, in the order in which they came.
pub async fn stories(conn: &mut SqliteConnection, id: RoundupId) -> Result<Vec<StoryId>> {
    Ok(sqlx::query_scalar!(
        r#"SELECT story_id AS "story: StoryId" FROM deliveries WHERE roundup_id = ? AND state <> 'held' ORDER BY id"#,
        id
    )
    .fetch_all(conn)
    .await?)
}

/// The roles that the subscriptions of its stories mention, each once; more would drown what they are told of.
pub async fn mentions(conn: &mut SqliteConnection, id: RoundupId) -> Result<Vec<RoleId>> {
    const MOST: u32 = 10;
    Ok(sqlx::query_scalar!(
        r#"SELECT mention AS "mention!: RoleId" FROM deliveries JOIN subscriptions ON subscriptions.id = subscription_id
           WHERE roundup_id = ?1 AND deliveries.state <> 'held' AND mention IS NOT NULL
           GROUP BY mention ORDER BY min(deliveries.id) LIMIT ?2"#,
        id,
        MOST
    )
    .fetch_all(conn)
    .await?)
}

/// The stories of the round-up that a nonce marks: what its button belongs to.
pub async fn by_nonce(conn: &mut SqliteConnection, nonce: &Nonce) -> Result<Option<RoundupId>> {
    Ok(sqlx::query_scalar!(r#"SELECT id AS "id!: RoundupId" FROM roundups WHERE nonce = ?"#, nonce)
        .fetch_optional(conn)
        .await?)
}

/// A request for it is about to be sent. To be committed before it is.
pub async fn begin(conn: &mut SqliteConnection, id: RoundupId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("UPDATE roundups SET attempted_at = ?, attempts = attempts + 1 WHERE id = ?", At(now), id)
        .execute(conn)
        .await?;
    Ok(())
}

/// It is posted, and so are the stories in it.
pub async fn posted(conn: &mut SqliteConnection, id: RoundupId, message: MessageId) -> Result<()> {
    sqlx::query!(
        "UPDATE roundups SET state = 'posted', message_id = ?, error = NULL WHERE id = ?",
        message,
        id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("UPDATE deliveries SET state = 'posted' WHERE roundup_id = ? AND state = 'due'", id)
        .execute(conn)
        .await?;
    Ok(())
}

/// It is not posted: a single story that waited for it is due as a card of its own.
pub async fn dissolve(conn: &mut SqliteConnection, id: RoundupId, reason: &str) -> Result<()> {
    sqlx::query!("UPDATE roundups SET state = 'held', error = ? WHERE id = ?", reason, id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Refused for good, with the stories in it.
pub async fn hold(conn: &mut SqliteConnection, id: RoundupId, reason: &str) -> Result<()> {
    sqlx::query!(
        "UPDATE deliveries SET state = 'held', with_channel = 0, error = ? WHERE roundup_id = ? AND state = 'due'",
        reason,
        id
    )
    .execute(&mut *conn)
    .await?;
    dissolve(conn, id, reason).await
}

/// It did not work, or is not to be now; it is tried again at `at`.
pub async fn retry(
    conn: &mut SqliteConnection,
    id: RoundupId,
    reason: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!("UPDATE roundups SET error = ?, next_attempt_at = ? WHERE id = ?", reason, At(at), id)
        .execute(conn)
        .await?;
    Ok(())
}
