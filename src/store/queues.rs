//! How much waits at every stage.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::At;
use crate::domain::Queues;

struct Row {
    feeds: i64,
    failing: i64,
    due: i64,
    last_poll: Option<At>,
    to_read: i64,
    to_group: i64,
    to_post: i64,
    stories: i64,
}

/// Counts everything that waits. A table of a hundred thousand stories takes some milliseconds.
pub async fn queues(conn: &mut SqliteConnection, now: DateTime<Utc>) -> Result<Queues> {
    let row = sqlx::query_as!(
        Row,
        r#"WITH watched AS (
               SELECT failures, next_poll_at, last_success_at FROM feeds
               WHERE state = 'active' AND EXISTS (SELECT 1 FROM guild_feeds WHERE feed_id = feeds.id)
           )
           SELECT (SELECT count(*) FROM watched) AS "feeds!: i64",
               (SELECT count(*) FROM watched WHERE failures > 0) AS "failing!: i64",
               (SELECT count(*) FROM watched WHERE next_poll_at <= ?) AS "due!: i64",
               (SELECT max(last_success_at) FROM watched) AS "last_poll: At",
               (SELECT count(*) FROM entries WHERE state = 'due') AS "to_read!: i64",
               (SELECT count(*) FROM entries WHERE state = 'read') AS "to_group!: i64",
               (SELECT count(*) FROM deliveries WHERE state = 'due') AS "to_post!: i64",
               (SELECT count(*) FROM stories) AS "stories!: i64""#,
        At(now)
    )
    .fetch_one(conn)
    .await?;
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    Ok(Queues {
        feeds: count(row.feeds),
        failing: count(row.failing),
        due: count(row.due),
        last_poll: row.last_poll.map(Into::into),
        to_read: count(row.to_read),
        to_group: count(row.to_group),
        to_post: count(row.to_post),
        stories: count(row.stories),
    })
}
