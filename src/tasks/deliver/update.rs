//! A reply to a card, with what is new.

use chrono::{DateTime, Utc};

use super::super::{Ctx, Step};
use super::spot::within_post;
use super::{Row, settle, told};
use crate::discord::PostError;
use crate::domain::{MessageId, Mode, Settings, Update};
use crate::render;
use crate::store::entries::{self, Stage};
use crate::store::{settings, stories, updates};

/// Posts a reply. Whether to go on with what is due in its channel.
pub(super) async fn tick(ctx: &Ctx, update: Update, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let mut tx = ctx.store.write().await?;
    let settings = settings::of(&mut tx, update.guild, Some(update.channel)).await?;
    let Settings { time_zone, quiet_hours, reply_updates, locale, .. } = settings;
    if let Some(at) = Mode::Breaking.due(now, quiet_hours, time_zone) {
        updates::retry(&mut tx, update.id, "quiet hours", at).await?;
        tx.commit().await?;
        return Ok(true);
    }
    let story = stories::get(&mut tx, update.story).await?.filter(|_| reply_updates);
    let message = story.and_then(|story| render::update(&story, update.article, &update.nonce, locale));
    let Some(message) = message else {
        updates::hold(&mut tx, update.id, "the story or the setting has changed").await?;
        tx.commit().await?;
        return Ok(true);
    };
    updates::begin(&mut tx, update.id, now).await?;
    tx.commit().await?;

    let outcome = ctx.timings.of(Step::Post, reply(ctx, &update, &message)).await;

    let mut tx = ctx.store.write().await?;
    let (logged, detail) = told(&outcome, update.channel);
    entries::log_story(&mut tx, update.story, Stage::Post, logged, &format!("update: {detail}"), now).await?;
    let go_on =
        settle(&mut tx, Row::Update(update.id), update.channel, update.attempts, outcome, now).await?;
    tx.commit().await?;
    Ok(go_on)
}

/// Replies with a message that may have been posted already, where an earlier try had no answer.
async fn reply(ctx: &Ctx, update: &Update, message: &render::Message) -> Result<MessageId, PostError> {
    // In a forum the card has a post of its own, and the reply stands in that.
    let room = update.place.room(update.channel, update.card);
    let reply = async {
        if update.attempted_at.is_some()
            && let Some(found) = ctx.publisher.find_by_nonce(room, &update.nonce).await?
        {
            return Ok(found);
        }
        ctx.publisher.reply(room, update.card, message, &update.nonce).await
    };
    within_post(update.place, reply.await)
}
