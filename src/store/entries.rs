//! Entries of feeds on their way to a story, and what every stage did with them.
//!
//! An entry is `due` (to be fetched and read), then `read` (has an article, to be grouped), then
//! `done` (in a story); or `skipped`, for good. Every step writes a line of the stage log, from
//! which `/why` tells.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::At;
use crate::domain::{ArticleId, EntryId, FeedEntry, FeedId, Published, StoryId};

/// A step between a feed and a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Poll,
    Fetch,
    Clean,
    Read,
    Group,
    Match,
    Post,
}

/// How a stage ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Ok,
    /// Failed, and is tried again later.
    Retry,
    /// Failed, or was decided against, for good.
    Skipped,
}

/// An entry that the caller has for itself until its lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct DueEntry {
    pub id: EntryId,
    pub feed: FeedId,
    /// Absolute address of the article.
    pub url: String,
    pub title: Option<String>,
    pub summary: Option<String>,
    pub published: Option<Published>,
    pub author: Option<String>,
    /// What the feed gives of the article, as HTML.
    pub content: Option<String>,
    /// Offered at the feed's first poll: without a date it counts as old.
    pub back_catalogue: bool,
    /// How often it was claimed, this time included.
    pub attempts: u32,
    pub seen_at: DateTime<Utc>,
}

/// An entry whose article was read, to be grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadEntry {
    pub id: EntryId,
    pub article: ArticleId,
    /// Offered at the feed's first poll: without a date it counts as old.
    pub back_catalogue: bool,
    /// When the feed first offered it.
    pub seen_at: DateTime<Utc>,
}

/// One line of the stage log.
#[derive(Debug, Clone, PartialEq)]
pub struct StageRecord {
    pub entry: EntryId,
    pub feed: FeedId,
    pub stage: Stage,
    pub outcome: Outcome,
    pub detail: String,
    pub at: DateTime<Utc>,
}

/// How many entries are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// To be fetched and read.
    pub due: u64,
    /// Read, to be grouped.
    pub read: u64,
    pub done: u64,
    pub skipped: u64,
}

/// Keeps the entries that this feed has not offered before, and gives their ids in the order given.
/// One without an address, or whose address is no article's, is kept as skipped. `back_catalogue`: the feed is read
/// for the first time.
pub async fn insert_new(
    conn: &mut SqliteConnection,
    feed: FeedId,
    entries: &[FeedEntry],
    back_catalogue: bool,
    now: DateTime<Utc>,
) -> Result<Vec<EntryId>> {
    let mut new = Vec::new();
    for entry in entries {
        let refused = match &entry.url {
            None => Some("The feed gives no address for it.".to_owned()),
            Some(_) => entry.no_article.map(|reason| format!("Its address leads to {reason}.")),
        };
        let id = sqlx::query_scalar!(
            r#"INSERT INTO entries (feed_id, key, url, title, summary, published, back_catalogue, seen_at, next_attempt_at,
                   state, author, content)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, iif(?9, 'skipped', 'due'), ?10, iif(?9, NULL, ?11))
               ON CONFLICT (feed_id, key) DO NOTHING
               RETURNING id AS "id!: EntryId""#,
            feed,
            entry.key,
            entry.url.as_ref().map(|url| url.as_str()),
            entry.title,
            entry.summary,
            entry.published,
            back_catalogue,
            At(now),
            refused.is_some(),
            entry.author,
            entry.content
        )
        .fetch_optional(&mut *conn)
        .await?;
        let Some(id) = id else { continue };
        let (outcome, words) = match &refused {
            Some(reason) => (Outcome::Skipped, reason.as_str()),
            None if back_catalogue => (Outcome::Ok, "In the feed at its first poll."),
            None => (Outcome::Ok, "New in the feed."),
        };
        log(conn, id, Stage::Poll, outcome, words, now).await?;
        new.push(id);
    }
    Ok(new)
}

/// Counts an entry as old unless a date says otherwise: it came in a flood.
pub async fn mark_flood(conn: &mut SqliteConnection, id: EntryId, now: DateTime<Utc>) -> Result<()> {
    let done = sqlx::query!("UPDATE entries SET back_catalogue = 1 WHERE id = ? AND state = 'due'", id)
        .execute(&mut *conn)
        .await?;
    if done.rows_affected() > 0 {
        let words = "One of many new at once: counts as old unless its date says otherwise.";
        log(conn, id, Stage::Poll, Outcome::Ok, words, now).await?;
    }
    Ok(())
}

/// Takes one entry that is due, news before back catalogue. Nobody else gets it before `lease` is
/// over; after a crash it is due again then.
pub async fn claim_due(
    conn: &mut SqliteConnection,
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<Option<DueEntry>> {
    Ok(sqlx::query_as!(
        DueEntry,
        r#"UPDATE entries SET attempts = attempts + 1, next_attempt_at = ?2
           WHERE id = (SELECT id FROM entries WHERE state = 'due' AND next_attempt_at <= ?1
                       ORDER BY back_catalogue, next_attempt_at, id LIMIT 1)
           RETURNING id AS "id!: EntryId", feed_id AS "feed!: FeedId", url AS "url!", title AS "title?",
               summary AS "summary?", published AS "published?: Published", author AS "author?", content AS "content?",
               back_catalogue AS "back_catalogue!: bool",
               attempts AS "attempts!: u32", seen_at AS "seen_at!: At""#,
        At(now),
        At(now + lease)
    )
    .fetch_optional(conn)
    .await?)
}

/// Puts an entry back, to be tried again at `at`.
pub async fn retry(
    conn: &mut SqliteConnection,
    id: EntryId,
    reason: &str,
    stage: Stage,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!("UPDATE entries SET next_attempt_at = ? WHERE id = ?", At(at), id)
        .execute(&mut *conn)
        .await?;
    log(conn, id, stage, Outcome::Retry, reason, now).await
}

/// Puts an entry back that was claimed and not tried: it counts as no try.
pub async fn postpone(conn: &mut SqliteConnection, id: EntryId, at: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "UPDATE entries SET next_attempt_at = ?, attempts = max(attempts - 1, 0) WHERE id = ?",
        At(at),
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives an entry up for good.
pub async fn skip(
    conn: &mut SqliteConnection,
    id: EntryId,
    reason: &str,
    stage: Stage,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!("UPDATE entries SET state = 'skipped', content = NULL WHERE id = ?", id)
        .execute(&mut *conn)
        .await?;
    log(conn, id, stage, Outcome::Skipped, reason, now).await
}

/// An entry has become an article, and is to be grouped.
pub async fn mark_read(
    conn: &mut SqliteConnection,
    id: EntryId,
    article: ArticleId,
    detail: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "UPDATE entries SET state = 'read', article_id = ?, content = NULL WHERE id = ?",
        article,
        id
    )
    .execute(&mut *conn)
    .await?;
    log(conn, id, Stage::Read, Outcome::Ok, detail, now).await
}

/// Entries that are read and not yet in a story, in the order of publication: by which feed they came first
/// does not matter.
pub async fn to_group(conn: &mut SqliteConnection, limit: u32) -> Result<Vec<ReadEntry>> {
    Ok(sqlx::query_as!(
        ReadEntry,
        r#"SELECT entries.id AS "id!: EntryId", article_id AS "article!: ArticleId", back_catalogue AS "back_catalogue: bool",
               seen_at AS "seen_at: At"
           FROM entries JOIN articles ON articles.id = article_id
           WHERE state = 'read' ORDER BY published_at, articles.url, entries.id LIMIT ?"#,
        limit
    )
    .fetch_all(conn)
    .await?)
}

/// An entry's article is in a story.
pub async fn mark_done(
    conn: &mut SqliteConnection,
    id: EntryId,
    detail: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!("UPDATE entries SET state = 'done' WHERE id = ?", id).execute(&mut *conn).await?;
    log(conn, id, Stage::Group, Outcome::Ok, detail, now).await
}

/// Writes down what a stage did. `detail` is a sentence for people.
pub async fn log(
    conn: &mut SqliteConnection,
    id: EntryId,
    stage: Stage,
    outcome: Outcome,
    detail: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO stage_log (entry_id, stage, outcome, detail, at) VALUES (?, ?, ?, ?, ?)",
        id,
        stage,
        outcome,
        detail,
        At(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down what a stage did with a story, for every entry whose article is in it.
pub async fn log_story(
    conn: &mut SqliteConnection,
    story: StoryId,
    stage: Stage,
    outcome: Outcome,
    detail: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO stage_log (entry_id, stage, outcome, detail, at)
         SELECT entries.id, ?, ?, ?, ? FROM entries JOIN articles ON articles.id = article_id WHERE story_id = ?",
        stage,
        outcome,
        detail,
        At(now),
        story
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What happened to an address, given as a feed had it or as its article's own; the oldest first.
pub async fn history(conn: &mut SqliteConnection, url: &str) -> Result<Vec<StageRecord>> {
    Ok(sqlx::query_as!(
        StageRecord,
        r#"SELECT entry_id AS "entry: EntryId", feed_id AS "feed: FeedId", stage AS "stage: Stage",
               outcome AS "outcome: Outcome", detail, at AS "at: At"
           FROM stage_log JOIN entries ON entries.id = entry_id
           WHERE entry_id IN (
               SELECT id FROM entries WHERE url = ?1
               UNION
               SELECT entries.id FROM articles JOIN entries ON article_id = articles.id WHERE articles.url = ?1)
           ORDER BY stage_log.id"#,
        url
    )
    .fetch_all(conn)
    .await?)
}

/// How many entries of a feed are still to be read or grouped.
pub async fn open_of(conn: &mut SqliteConnection, feed: FeedId) -> Result<u64> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count: u64" FROM entries WHERE feed_id = ? AND state IN ('due', 'read')"#,
        feed
    )
    .fetch_one(conn)
    .await?)
}

pub async fn counts(conn: &mut SqliteConnection) -> Result<Counts> {
    let rows = sqlx::query!(r#"SELECT state, count(*) AS "count: u64" FROM entries GROUP BY state"#)
        .fetch_all(conn)
        .await?;
    let mut counts = Counts::default();
    for row in rows {
        match row.state.as_str() {
            "due" => counts.due = row.count,
            "read" => counts.read = row.count,
            "done" => counts.done = row.count,
            _ => counts.skipped = row.count,
        }
    }
    Ok(counts)
}
