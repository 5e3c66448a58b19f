//! What recurs on an outlet's pages: its furniture, told apart from its articles by counting.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::At;

/// Pages that must have carried a paragraph before it counts as furniture. Two may be one story, updated.
const RECURS_ON: i64 = 3;
/// Paragraphs remembered per outlet, the last seen: some weeks of a busy one.
const REMEMBERED: i64 = 4_000;

/// Fingerprints of the paragraphs that recur on pages of an outlet.
pub async fn recurring(conn: &mut SqliteConnection, outlet: &str) -> Result<HashSet<i64>> {
    let prints = sqlx::query_scalar!(
        "SELECT print FROM outlet_blocks WHERE outlet = ? AND pages >= ?",
        outlet,
        RECURS_ON
    )
    .fetch_all(conn)
    .await?;
    Ok(prints.into_iter().collect())
}

/// Counts the paragraphs that were kept of one page of an outlet.
///
/// A page of which more than half is known already is an article seen before, under another address or
/// in another edition, and teaches nothing.
pub async fn learn(
    conn: &mut SqliteConnection,
    outlet: &str,
    prints: &HashSet<i64>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut known = 0;
    for print in prints {
        known += sqlx::query_scalar!(
            "SELECT count(*) FROM outlet_blocks WHERE outlet = ? AND print = ?",
            outlet,
            print
        )
        .fetch_one(&mut *conn)
        .await?;
    }
    if 2 * known > i64::try_from(prints.len()).unwrap_or(i64::MAX) {
        return Ok(());
    }
    for print in prints {
        sqlx::query!(
            "INSERT INTO outlet_blocks (outlet, print, last_seen) VALUES (?, ?, ?)
             ON CONFLICT (outlet, print) DO UPDATE SET pages = pages + 1, last_seen = excluded.last_seen",
            outlet,
            print,
            At(now)
        )
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query!(
        "DELETE FROM outlet_blocks WHERE outlet = ?1 AND print IN
           (SELECT print FROM outlet_blocks WHERE outlet = ?1
             ORDER BY last_seen DESC, pages DESC, print LIMIT -1 OFFSET ?2)",
        outlet,
        REMEMBERED
    )
    .execute(conn)
    .await?;
    Ok(())
}
