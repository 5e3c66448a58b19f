//! Direct messages to moderators about what they must mend, each said once to each.

use std::fmt;

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::At;
use crate::domain::{Nonce, UserId};

/// A row of `notices`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NoticeId(pub i64);

impl fmt::Display for NoticeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A message that waits to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub id: NoticeId,
    pub user: UserId,
    pub text: String,
    pub nonce: Nonce,
    /// How often sending it has failed.
    pub attempts: u32,
}

/// Has a user told something. False when this user was told of this cause before.
pub async fn enqueue(
    conn: &mut SqliteConnection,
    user: UserId,
    cause: &str,
    text: &str,
    nonce: &Nonce,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO notices (user_id, cause, text, nonce, next_attempt_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (user_id, cause) DO NOTHING",
        user,
        cause,
        text,
        nonce,
        At(now)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Notices to be sent now, the longest due first.
pub async fn due(conn: &mut SqliteConnection, now: DateTime<Utc>, limit: u32) -> Result<Vec<Notice>> {
    Ok(sqlx::query_as!(
        Notice,
        r#"SELECT id AS "id!: NoticeId", user_id AS "user: UserId", text, nonce AS "nonce: Nonce", attempts AS "attempts: u32"
           FROM notices WHERE sent = 0 AND next_attempt_at <= ? ORDER BY next_attempt_at, id LIMIT ?"#,
        At(now),
        limit
    )
    .fetch_all(conn)
    .await?)
}

/// Sent, or given up: it is not tried again.
pub async fn sent(conn: &mut SqliteConnection, id: NoticeId) -> Result<()> {
    sqlx::query!("UPDATE notices SET sent = 1 WHERE id = ?", id).execute(conn).await?;
    Ok(())
}

/// Sending failed; it is tried again at `at`.
pub async fn retry(conn: &mut SqliteConnection, id: NoticeId, at: DateTime<Utc>) -> Result<()> {
    sqlx::query!("UPDATE notices SET attempts = attempts + 1, next_attempt_at = ? WHERE id = ?", At(at), id)
        .execute(conn)
        .await?;
    Ok(())
}
