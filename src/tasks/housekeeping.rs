//! Housekeeping: what is no longer needed is deleted.

use chrono::{DateTime, TimeDelta, Utc};

use super::Ctx;
use crate::store::housekeeping;

/// How long `/why` can tell what happened to an entry.
const KEEP_STAGE_LOG: TimeDelta = TimeDelta::days(90);

/// Deletes what is too old. Always answers false: there is nothing to go on with.
pub async fn tick(ctx: &Ctx, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let mut tx = ctx.store.write().await?;
    let pruned = housekeeping::prune(&mut tx, now - KEEP_STAGE_LOG).await?;
    tx.commit().await?;
    tracing::debug!("Housekeeping deleted {pruned:?}.");
    Ok(false)
}
