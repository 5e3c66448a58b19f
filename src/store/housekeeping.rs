//! Retention: what the database forgets.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::At;

/// What a clean-up took away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Lines of the stage log.
    pub stage_records: u64,
    /// Paragraphs of outlets that were not seen again.
    pub outlet_blocks: u64,
}

/// Removes what was logged before `before` about entries that are done or skipped, and what was last seen
/// then on the pages of outlets.
///
/// Articles stay, they are what can be searched. So do entries: a feed that still offers one would
/// bring it back as news. The file keeps its size; SQLite fills the freed pages again.
pub async fn prune(conn: &mut SqliteConnection, before: DateTime<Utc>) -> Result<Pruned> {
    let done = sqlx::query!(
        "DELETE FROM stage_log WHERE at < ?
           AND EXISTS (SELECT 1 FROM entries WHERE entries.id = entry_id AND state IN ('done', 'skipped'))",
        At(before)
    )
    .execute(&mut *conn)
    .await?;
    // Long published, or too old to be.
    sqlx::query!("DELETE FROM crossposts WHERE posted_at < ?", At(before)).execute(&mut *conn).await?;
    // Furniture that was taken out is not seen any more: it is learned anew after this, which puts
    // right what was learned wrongly.
    let blocks =
        sqlx::query!("DELETE FROM outlet_blocks WHERE last_seen < ?", At(before)).execute(conn).await?;
    Ok(Pruned { stage_records: done.rows_affected(), outlet_blocks: blocks.rows_affected() })
}
