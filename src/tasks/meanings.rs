//! Meanings: what was stored before this build is made comparable with topics.

use chrono::{DateTime, TimeDelta, Utc};

use super::Ctx;
use crate::domain::{Side, lead};
use crate::store::{articles, subscriptions};

/// Rows of one tick: a second or two of one reader.
const BATCH: u32 = 50;
/// How far back topics are looked for: the answer to `/topics subscribe` tells of a week.
const REACH: TimeDelta = TimeDelta::days(8);

/// Works out meanings that are missing. True if there were any.
pub async fn tick(ctx: &Ctx, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let mut conn = ctx.store.read().await?;
    let topics = subscriptions::without_meaning(&mut conn, BATCH).await?;
    let articles = articles::without_meaning(&mut conn, now - REACH, BATCH).await?;
    drop(conn);
    let found = !topics.is_empty() || !articles.is_empty();
    for (id, topic) in topics {
        let meaning = ctx.reader.meaning(topic, Side::Topic).await?;
        let mut tx = ctx.store.write().await?;
        subscriptions::set_meaning(&mut tx, id, &meaning).await?;
        tx.commit().await?;
    }
    for (id, title, text) in articles {
        let meaning = ctx.reader.meaning(lead(title.as_deref(), &text), Side::Article).await?;
        let mut tx = ctx.store.write().await?;
        articles::set_meaning(&mut tx, id, &meaning).await?;
        tx.commit().await?;
    }
    Ok(found)
}
