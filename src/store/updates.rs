//! Replies to cards: what an article told that nobody had told before, where moderators want that told by a message.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::At;
use crate::domain::{ArticleId, ChannelId, GuildId, MessageId, Nonce, Place, StoryId, Update, UpdateId};

/// How long a card has no second reply. What comes meanwhile is told by the card.
const APART: TimeDelta = TimeDelta::minutes(30);

/// Puts what an article told into the outbox, for every card of the story that stands in a channel which wants it.
/// Gives those channels.
pub async fn enqueue(
    conn: &mut SqliteConnection,
    story: StoryId,
    article: ArticleId,
    now: DateTime<Utc>,
) -> Result<Vec<ChannelId>> {
    let cards = sqlx::query!(
        r#"SELECT deliveries.id AS "id!: i64", deliveries.channel_id AS "channel: ChannelId"
           FROM deliveries JOIN subscriptions ON subscriptions.id = subscription_id
           WHERE story_id = ?1 AND message_id IS NOT NULL AND deliveries.state <> 'held' AND retracted_at IS NULL
             AND coalesce((SELECT reply_updates FROM channel_settings AS own WHERE own.channel_id = deliveries.channel_id),
                          (SELECT reply_updates FROM guild_settings AS own WHERE own.guild_id = subscriptions.guild_id), 0)
             AND NOT EXISTS (SELECT 1 FROM updates WHERE delivery_id = deliveries.id
                             AND (article_id = ?2 OR updates.created_at > ?3))"#,
        story,
        article,
        At(now - APART)
    )
    .fetch_all(&mut *conn)
    .await?;
    for card in &cards {
        let nonce = Nonce::random();
        sqlx::query!(
            "INSERT INTO updates (delivery_id, article_id, nonce, next_attempt_at, created_at) VALUES (?1, ?2, ?3, ?4, ?4)",
            card.id,
            article,
            nonce,
            At(now)
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(cards.into_iter().map(|card| card.channel).collect())
}

/// Replies to be posted now, the longest due first; those of a channel without an active subscription wait until it
/// has one.
pub async fn due(conn: &mut SqliteConnection, now: DateTime<Utc>, limit: u32) -> Result<Vec<Update>> {
    let rows = sqlx::query!(
        r#"SELECT updates.id AS "id!: UpdateId", story_id AS "story: StoryId",
               deliveries.channel_id AS "channel: ChannelId", guild_id AS "guild: GuildId",
               place AS "place: Place", article_id AS "article: ArticleId", deliveries.message_id AS "card!: MessageId",
               updates.nonce AS "nonce: Nonce", updates.attempts AS "attempts: u32",
               updates.attempted_at AS "attempted_at: At"
           FROM updates JOIN deliveries ON deliveries.id = delivery_id
               JOIN subscriptions ON subscriptions.id = subscription_id
           WHERE updates.state = 'due' AND updates.next_attempt_at <= ?1 AND deliveries.message_id IS NOT NULL
             AND EXISTS (SELECT 1 FROM subscriptions AS other
                         WHERE other.channel_id = deliveries.channel_id AND other.state = 'active')
           ORDER BY updates.next_attempt_at, updates.id LIMIT ?2"#,
        At(now),
        limit
    )
    .fetch_all(conn)
    .await?;
    let updates = rows.into_iter().map(|row| Update {
        id: row.id,
        story: row.story,
        channel: row.channel,
        guild: row.guild,
        place: row.place,
        article: row.article,
        card: row.card,
        nonce: row.nonce,
        attempts: row.attempts,
        attempted_at: row.attempted_at.map(Into::into),
    });
    Ok(updates.collect())
}

/// A request for it is about to be sent. To be committed before it is.
pub async fn begin(conn: &mut SqliteConnection, id: UpdateId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("UPDATE updates SET attempted_at = ?, attempts = attempts + 1 WHERE id = ?", At(now), id)
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn posted(conn: &mut SqliteConnection, id: UpdateId, message: MessageId) -> Result<()> {
    sqlx::query!(
        "UPDATE updates SET state = 'posted', message_id = ?, error = NULL WHERE id = ?",
        message,
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It did not work, or is not to be now; it is tried again at `at`.
pub async fn retry(conn: &mut SqliteConnection, id: UpdateId, reason: &str, at: DateTime<Utc>) -> Result<()> {
    sqlx::query!("UPDATE updates SET error = ?, next_attempt_at = ? WHERE id = ?", reason, At(at), id)
        .execute(conn)
        .await?;
    Ok(())
}

/// It is never posted.
pub async fn hold(conn: &mut SqliteConnection, id: UpdateId, reason: &str) -> Result<()> {
    sqlx::query!("UPDATE updates SET state = 'held', error = ? WHERE id = ?", reason, id)
        .execute(conn)
        .await?;
    Ok(())
}
