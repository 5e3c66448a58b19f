//! Publishing cards of announcement channels to the servers that follow these.

use chrono::{DateTime, Utc};

use super::super::Ctx;
use super::token_refused;
use crate::discord::PostError;
use crate::store::crossposts;

/// Messages of all channels that are published in one go; cards go before the rest.
const BATCH: usize = 20;

/// Publishes what has its turn. True if there was anything.
pub(super) async fn tick(ctx: &Ctx, now: DateTime<Utc>) -> anyhow::Result<bool> {
    for done in 0..BATCH {
        let mut tx = ctx.store.write().await?;
        let Some((channel, message)) = crossposts::next(&mut tx, now).await? else { return Ok(done > 0) };
        crossposts::begin(&mut tx, message, now).await?;
        tx.commit().await?;
        let published = ctx.publisher.crosspost(channel, message).await;
        let refused = match &published {
            Ok(()) => None,
            Err(PostError::Unauthorized) => return Err(token_refused()),
            Err(PostError::Retry { reason, .. }) => {
                tracing::warn!(channel.id = %channel, "A card could not be published and is tried again: {reason}");
                continue;
            }
            Err(error) => {
                tracing::warn!(channel.id = %channel, "A card stands, but is not published: {error}");
                Some(error.to_string())
            }
        };
        let mut tx = ctx.store.write().await?;
        crossposts::settle(&mut tx, message, refused.as_deref()).await?;
        tx.commit().await?;
    }
    Ok(true)
}
