//! Feeds, and which guild watches which.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::At;
use crate::domain::{Feed, FeedId, FeedState, FeedUrl, GuildId, UserId, Validators};

/// What a poll that read the feed, or found it unchanged, has to remember.
#[derive(Debug, Clone)]
pub struct FeedPolled {
    /// The feed's name for itself; the one known stays where the answer has none.
    pub title: Option<String>,
    /// To be sent with the next request.
    pub validators: Validators,
    pub next_poll_at: DateTime<Utc>,
}

struct Row {
    id: FeedId,
    url: FeedUrl,
    title: Option<String>,
    state: FeedState,
    etag: Option<String>,
    last_modified: Option<String>,
    next_poll_at: DateTime<Utc>,
    last_success_at: Option<At>,
    failures: u32,
    failing_since: Option<At>,
    last_error: Option<String>,
}

impl From<Row> for Feed {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            url: row.url,
            title: row.title,
            state: row.state,
            validators: Validators { etag: row.etag, last_modified: row.last_modified },
            next_poll_at: row.next_poll_at,
            last_success_at: row.last_success_at.map(Into::into),
            failures: row.failures,
            failing_since: row.failing_since.map(Into::into),
            last_error: row.last_error,
        }
    }
}

macro_rules! select {
    ($rest:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT feeds.id AS "id!: FeedId", url AS "url: FeedUrl", title, state AS "state: FeedState", etag,
               last_modified, next_poll_at AS "next_poll_at: At", last_success_at AS "last_success_at: At",
               failures AS "failures: u32", failing_since AS "failing_since: At", last_error FROM feeds "#
                + $rest
            $(, $argument)*
        )
    };
}

/// The feed of this address, made if it is new. One that was paused or gone is polled again from now on.
pub async fn add(conn: &mut SqliteConnection, url: &FeedUrl, now: DateTime<Utc>) -> Result<FeedId> {
    Ok(sqlx::query_scalar!(
        r#"INSERT INTO feeds (url, next_poll_at, added_at) VALUES (?1, ?2, ?2)
           ON CONFLICT (url) DO UPDATE SET
               state = 'active',
               failures = iif(state = 'active', failures, 0),
               failing_since = iif(state = 'active', failing_since, NULL),
               next_poll_at = iif(state = 'active', next_poll_at, excluded.next_poll_at)
           RETURNING id AS "id!: FeedId""#,
        url,
        At(now)
    )
    .fetch_one(conn)
    .await?)
}

/// Lets a guild watch a feed. False when it does already.
pub async fn watch(
    conn: &mut SqliteConnection,
    guild: GuildId,
    feed: FeedId,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO guild_feeds (guild_id, feed_id, added_by, added_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        guild,
        feed,
        by,
        At(now)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends a guild's watching. False when it did not watch the feed. The feed and its stories stay.
pub async fn unwatch(conn: &mut SqliteConnection, guild: GuildId, feed: FeedId) -> Result<bool> {
    let done = sqlx::query!("DELETE FROM guild_feeds WHERE guild_id = ? AND feed_id = ?", guild, feed)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Stops watching all of a guild's feeds, as when the bot was removed from it.
pub async fn unwatch_all(conn: &mut SqliteConnection, guild: GuildId) -> Result<()> {
    sqlx::query!("DELETE FROM guild_feeds WHERE guild_id = ?", guild).execute(conn).await?;
    Ok(())
}

/// The feeds that a guild watches, in the order they were added.
pub async fn of_guild(conn: &mut SqliteConnection, guild: GuildId) -> Result<Vec<Feed>> {
    let rows = select!(
        "JOIN guild_feeds ON feed_id = feeds.id WHERE guild_id = ? ORDER BY guild_feeds.added_at, feeds.id",
        guild
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Feed::from).collect())
}

pub async fn get(conn: &mut SqliteConnection, id: FeedId) -> Result<Option<Feed>> {
    Ok(select!("WHERE id = ?", id).fetch_optional(conn).await?.map(Feed::from))
}

pub async fn find_by_url(conn: &mut SqliteConnection, url: &FeedUrl) -> Result<Option<Feed>> {
    Ok(select!("WHERE url = ?", url).fetch_optional(conn).await?.map(Feed::from))
}

/// Active feeds that somebody watches and whose time has come, the longest overdue first.
pub async fn due(conn: &mut SqliteConnection, now: DateTime<Utc>, limit: u32) -> Result<Vec<Feed>> {
    let rows = select!(
        "WHERE state = 'active' AND next_poll_at <= ?1
           AND EXISTS (SELECT 1 FROM guild_feeds WHERE feed_id = feeds.id)
         ORDER BY next_poll_at, id LIMIT ?2",
        At(now),
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Feed::from).collect())
}

/// Remembers a poll that succeeded, and forgets the failures before it.
pub async fn record_success(
    conn: &mut SqliteConnection,
    id: FeedId,
    polled: &FeedPolled,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "UPDATE feeds SET title = coalesce(?, title), etag = ?, last_modified = ?, next_poll_at = ?,
             last_success_at = ?, failures = 0, failing_since = NULL, last_error = NULL
         WHERE id = ?",
        polled.title,
        polled.validators.etag,
        polled.validators.last_modified,
        At(polled.next_poll_at),
        At(now),
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Remembers a poll that failed. `reason` is shown to moderators; `state` says whether polling goes on.
pub async fn record_failure(
    conn: &mut SqliteConnection,
    id: FeedId,
    reason: &str,
    next_poll_at: DateTime<Utc>,
    state: FeedState,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "UPDATE feeds SET failures = failures + 1, failing_since = coalesce(failing_since, ?), last_error = ?,
             next_poll_at = ?, state = ?
         WHERE id = ?",
        At(now),
        reason,
        At(next_poll_at),
        state,
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}
