//! What readers call inaccurate, for the moderators of their server.

use std::collections::HashMap;

use crate::discord::{DeskError, Filed};
use crate::domain::{GuildId, Nonce, Story, StoryId, UserId, Verdict};
use crate::render::answer::{ReportQueue, ReportView};
use crate::render::notice;
use crate::store::{deliveries, notices, reports, settings, stories, subscriptions};
use crate::tasks::Ctx;

/// Notes that a reader calls a card inaccurate, and tells the moderator who asked for such cards, once.
pub async fn file(ctx: &Ctx, guild: GuildId, by: UserId, nonce: Nonce) -> Result<Filed, DeskError> {
    let now = ctx.clock.now();
    let mut tx = ctx.store.write().await?;
    let delivery = deliveries::by_nonce(&mut tx, &nonce).await?.filter(|delivery| delivery.guild == guild);
    let Some(delivery) = delivery else {
        return Err(DeskError::user("This story is no longer kept."));
    };
    if delivery.retracted {
        return Ok(Filed::Retracted);
    }
    if !reports::add(&mut tx, delivery.id, by, now).await? {
        return Ok(Filed::Before);
    }
    if let Some(subscription) = subscriptions::get(&mut tx, delivery.subscription).await? {
        let cause = format!("inaccurate:{}", delivery.id);
        let locale = settings::of(&mut tx, guild, None).await?.locale;
        let text = notice::inaccurate(delivery.channel, locale);
        notices::enqueue(&mut tx, subscription.created_by, &cause, &text, &Nonce::random(), now).await?;
    }
    tx.commit().await?;
    ctx.wake.deliver.notify_one();
    Ok(Filed::Noted)
}

/// The cards of a guild that wait for a moderator.
pub async fn open(ctx: &Ctx, guild: GuildId) -> Result<ReportQueue, DeskError> {
    let mut conn = ctx.store.once().await?;
    let (reported, more) = reports::open(&mut conn, guild, ReportQueue::SHOWN).await?;
    let ids: Vec<StoryId> = reported.iter().map(|reported| reported.story).collect();
    let stories = stories::all(&mut conn, &ids).await?;
    let stories: HashMap<StoryId, Story> = stories.into_iter().map(|story| (story.id, story)).collect();
    let first = reported.into_iter().filter_map(|reported| {
        let reports::Reported { nonce, channel, readers, since, story } = reported;
        Some(ReportView { story: stories.get(&story)?.clone(), nonce, channel, readers, since })
    });
    Ok(ReportQueue { first: first.collect(), more })
}

/// Retracts a story's cards in a guild, or keeps them. Nothing where somebody else has settled it.
pub async fn settle(
    ctx: &Ctx,
    guild: GuildId,
    by: UserId,
    nonce: Nonce,
    verdict: Verdict,
) -> Result<(), DeskError> {
    let now = ctx.clock.now();
    let mut tx = ctx.store.write().await?;
    let delivery = deliveries::by_nonce(&mut tx, &nonce).await?.filter(|delivery| delivery.guild == guild);
    let Some(delivery) = delivery else { return Ok(()) };
    if reports::settle(&mut tx, guild, delivery.story, verdict, by, now).await?
        && verdict == Verdict::Retracted
    {
        deliveries::retract(&mut tx, guild, delivery.story, now).await?;
    }
    tx.commit().await?;
    ctx.wake.deliver.notify_one();
    Ok(())
}
