//! Feeds, and which guild watches which.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::{At, Json};
use crate::domain::{
    Feed, FeedId, FeedRecord, FeedState, FeedUrl, GuildId, Moving, Rhythm, UserId, Validators,
};
use crate::feeds::FARTHEST;

/// What a poll that read the feed, or found it unchanged, has to remember.
#[derive(Debug, Clone)]
pub struct FeedPolled {
    /// The feed's name for itself; the one known stays where the answer has none.
    pub title: Option<String>,
    /// To be sent with the next request.
    pub validators: Validators,
    pub rhythm: Rhythm,
    pub moving: Option<Moving>,
    pub next_poll_at: DateTime<Utc>,
}

/// Lines kept of a feed's history.
const MAX_HISTORY: u32 = 50;

struct Row {
    id: FeedId,
    url: FeedUrl,
    title: Option<String>,
    state: FeedState,
    etag: Option<String>,
    last_modified: Option<String>,
    rhythm: Json<Rhythm>,
    moved_to: Option<FeedUrl>,
    moved_since: Option<At>,
    moved_polls: u32,
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
            rhythm: row.rhythm.0,
            moving: row.moved_to.zip(row.moved_since).map(|(to, since)| Moving {
                to,
                since: since.0,
                polls: row.moved_polls,
            }),
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
               last_modified, rhythm AS "rhythm: Json<Rhythm>", moved_to AS "moved_to: FeedUrl",
               moved_since AS "moved_since: At", moved_polls AS "moved_polls: u32", next_poll_at AS "next_poll_at: At", last_success_at AS "last_success_at: At",
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

/// Has the feed of this address polled by `at` at the latest.
pub async fn poll_by(conn: &mut SqliteConnection, url: &FeedUrl, at: DateTime<Utc>) -> Result<()> {
    sqlx::query!("UPDATE feeds SET next_poll_at = min(next_poll_at, ?) WHERE url = ?", At(at), url)
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives a feed that was not read yet and that nobody else waits for a name to be called by until it tells its own, and
/// the moment of its first poll.
pub async fn introduce(
    conn: &mut SqliteConnection,
    id: FeedId,
    name: Option<&str>,
    first_poll_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "UPDATE feeds SET title = coalesce(title, ?), next_poll_at = ?
         WHERE id = ? AND last_success_at IS NULL AND failures = 0
           AND (SELECT count(*) FROM guild_feeds WHERE feed_id = feeds.id) = 1",
        name,
        At(first_poll_at),
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a guild watches the feed of this address.
pub async fn is_watched(conn: &mut SqliteConnection, guild: GuildId, url: &FeedUrl) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT 1 FROM guild_feeds JOIN feeds ON feeds.id = feed_id WHERE guild_id = ? AND url = ?
           ) AS "watched: bool""#,
        guild,
        url
    )
    .fetch_one(conn)
    .await?)
}

/// How many feeds a guild watches.
pub async fn count_of_guild(conn: &mut SqliteConnection, guild: GuildId) -> Result<u64> {
    let count =
        sqlx::query_scalar!(r#"SELECT count(*) AS "count: i64" FROM guild_feeds WHERE guild_id = ?"#, guild)
            .fetch_one(conn)
            .await?;
    Ok(u64::try_from(count).unwrap_or_default())
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

/// The feeds that any guild watches, by their titles.
pub async fn watched(conn: &mut SqliteConnection) -> Result<Vec<Feed>> {
    let rows = select!(
        "WHERE EXISTS (SELECT 1 FROM guild_feeds WHERE feed_id = feeds.id) ORDER BY title COLLATE NOCASE, url"
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Feed::from).collect())
}

/// The numbers of the feeds that a guild watches.
pub async fn ids_of_guild(conn: &mut SqliteConnection, guild: GuildId) -> Result<HashSet<FeedId>> {
    let ids = sqlx::query_scalar!(
        r#"SELECT json_group_array(feed_id) AS "ids!: Json<HashSet<FeedId>>" FROM guild_feeds WHERE guild_id = ?"#,
        guild
    );
    Ok(ids.fetch_one(conn).await?.0)
}

pub async fn get(conn: &mut SqliteConnection, id: FeedId) -> Result<Option<Feed>> {
    Ok(select!("WHERE id = ?", id).fetch_optional(conn).await?.map(Feed::from))
}

pub async fn find_by_url(conn: &mut SqliteConnection, url: &FeedUrl) -> Result<Option<Feed>> {
    Ok(select!("WHERE url = ?", url).fetch_optional(conn).await?.map(Feed::from))
}

/// Active feeds that somebody watches and whose time has come, the longest overdue first. A time that no schedule
/// gives was written while the clock was wrong, and has come too.
pub async fn due(conn: &mut SqliteConnection, now: DateTime<Utc>, limit: u32) -> Result<Vec<Feed>> {
    let rows = select!(
        "WHERE state = 'active' AND (next_poll_at <= ?1 OR next_poll_at > ?2)
           AND EXISTS (SELECT 1 FROM guild_feeds WHERE feed_id = feeds.id)
         ORDER BY next_poll_at, id LIMIT ?3",
        At(now),
        At(now + FARTHEST),
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
        "UPDATE feeds SET title = coalesce(?, title), etag = ?, last_modified = ?, rhythm = ?, moved_to = ?,
             moved_since = ?, moved_polls = ?, next_poll_at = ?, last_success_at = ?, failures = 0,
             failing_since = NULL, last_error = NULL
         WHERE id = ?",
        polled.title,
        polled.validators.etag,
        polled.validators.last_modified,
        Json(polled.rhythm.clone()),
        polled.moving.as_ref().map(|moving| &moving.to),
        polled.moving.as_ref().map(|moving| At(moving.since)),
        polled.moving.as_ref().map_or(0, |moving| moving.polls),
        At(polled.next_poll_at),
        At(now),
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives a feed the address that it has moved to. If that is a feed here already, its watchers and subscriptions
/// go there, and this one is gone.
pub async fn move_to(conn: &mut SqliteConnection, id: FeedId, to: &FeedUrl) -> Result<()> {
    let known = find_by_url(&mut *conn, to).await?.filter(|known| known.id != id);
    let Some(known) = known else {
        sqlx::query!(
            "UPDATE feeds SET url = ?, moved_to = NULL, moved_since = NULL, moved_polls = 0 WHERE id = ?",
            to,
            id
        )
        .execute(conn)
        .await?;
        return Ok(());
    };
    sqlx::query!(
        "INSERT INTO guild_feeds (guild_id, feed_id, added_by, added_at)
         SELECT guild_id, ?, added_by, added_at FROM guild_feeds WHERE feed_id = ?
         ON CONFLICT DO NOTHING",
        known.id,
        id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("DELETE FROM guild_feeds WHERE feed_id = ?", id).execute(&mut *conn).await?;
    sqlx::query!("UPDATE subscriptions SET feed_id = ? WHERE feed_id = ?", known.id, id)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("UPDATE feeds SET state = 'gone' WHERE id = ?", id).execute(conn).await?;
    Ok(())
}

/// Who added a feed, and to which guild.
pub async fn added_by(conn: &mut SqliteConnection, id: FeedId) -> Result<Vec<(UserId, GuildId)>> {
    let rows = sqlx::query!(
        r#"SELECT added_by AS "user!: UserId", guild_id AS "guild!: GuildId" FROM guild_feeds WHERE feed_id = ?
           ORDER BY added_by, guild_id"#,
        id
    );
    Ok(rows.fetch_all(conn).await?.into_iter().map(|row| (row.user, row.guild)).collect())
}

/// Writes a line of a feed's history, if it is not what the last one says; the oldest make room.
pub async fn note(conn: &mut SqliteConnection, id: FeedId, words: &str, now: DateTime<Utc>) -> Result<()> {
    let written = sqlx::query!(
        "INSERT INTO feed_log (feed_id, words, at)
         SELECT ?1, ?2, ?3
         WHERE ?2 IS NOT (SELECT words FROM feed_log WHERE feed_id = ?1 ORDER BY id DESC LIMIT 1)",
        id,
        words,
        At(now)
    )
    .execute(&mut *conn)
    .await?;
    if written.rows_affected() > 0 {
        sqlx::query!(
            "DELETE FROM feed_log WHERE feed_id = ?1 AND id NOT IN
                 (SELECT id FROM feed_log WHERE feed_id = ?1 ORDER BY id DESC LIMIT ?2)",
            id,
            MAX_HISTORY
        )
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// The history of a feed, the newest first.
pub async fn history(conn: &mut SqliteConnection, id: FeedId) -> Result<Vec<FeedRecord>> {
    Ok(sqlx::query_as!(
        FeedRecord,
        r#"SELECT words, at AS "at: At" FROM feed_log WHERE feed_id = ? ORDER BY id DESC"#,
        id
    )
    .fetch_all(conn)
    .await?)
}

/// Puts off a poll that was not made: of the feed itself nothing is known that was not before.
pub async fn postpone(conn: &mut SqliteConnection, id: FeedId, next_poll_at: DateTime<Utc>) -> Result<()> {
    sqlx::query!("UPDATE feeds SET next_poll_at = ? WHERE id = ?", At(next_poll_at), id)
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
