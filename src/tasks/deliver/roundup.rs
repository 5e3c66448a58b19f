//! A round-up that is due: one message for the stories that it gathered.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use super::super::{Ctx, Step};
use super::spot::Spot;
use super::{Row, publish, settle, told};
use crate::domain::{Mode, Roundup, Settings};
use crate::render;
use crate::store::entries::{self, Stage};
use crate::store::{roundups, settings, stories};

/// Posts a round-up. A single story gets its card instead, which goes on to be edited. Whether to go on with what is
/// due in its channel.
pub(super) async fn tick(ctx: &Ctx, roundup: Roundup, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let mut tx = ctx.store.write().await?;
    let Settings { time_zone, quiet_hours, locale, crosspost, .. } =
        settings::of(&mut tx, roundup.guild, Some(roundup.channel)).await?;
    // Quiet hours that were set, or a long outage that ended, after its stories came.
    if let Some(at) = Mode::Breaking.due(now, quiet_hours, time_zone) {
        roundups::retry(&mut tx, roundup.id, "quiet hours", at).await?;
        tx.commit().await?;
        return Ok(true);
    }
    let mut gathered = Vec::new();
    for id in roundups::stories(&mut tx, roundup.id).await? {
        gathered.extend(stories::get(&mut tx, id).await?);
    }
    if gathered.len() < 2 {
        let reason =
            if gathered.is_empty() { "nothing is left to tell" } else { "a single story has its own card" };
        roundups::dissolve(&mut tx, roundup.id, reason).await?;
        tx.commit().await?;
        return Ok(true);
    }
    // What is breaking first, then the widest told, then the newest.
    gathered.sort_by_key(|story| {
        Reverse((story.breaking.is_some(), story.independent_sources(), story.updated_at, story.id))
    });
    let mentions = roundups::mentions(&mut tx, roundup.id).await?;
    roundups::begin(&mut tx, roundup.id, now).await?;
    tx.commit().await?;

    let message = render::roundup(&gathered, &roundup.nonce, locale);
    let message = message.mentioning(mentions);
    let tried = roundup.attempted_at.is_some();
    let name = render::roundup_name(gathered.len(), now.with_timezone(&time_zone).date_naive(), locale);
    let spot = Spot { guild: roundup.guild, channel: roundup.channel, place: roundup.place, name };
    let post = spot.post_once(ctx, &message, &roundup.nonce, tried);
    let outcome = ctx.timings.of(Step::Post, post).await;

    let mut tx = ctx.store.write().await?;
    let (logged, detail) = told(&outcome, roundup.channel);
    for story in &gathered {
        entries::log_story(&mut tx, story.id, Stage::Post, logged, &format!("round-up: {detail}"), now)
            .await?;
    }
    if crosspost {
        publish(&mut tx, roundup.place, roundup.channel, &outcome, now).await?;
    }
    let row = Row::Roundup(roundup.id);
    let go_on = settle(&mut tx, row, roundup.channel, roundup.attempts, outcome, now).await?;
    tx.commit().await?;
    Ok(go_on)
}
