//! Suggestions for options whose values are stored.
//!
//! They are not binding: a person may send anything, and every value is checked when it arrives.

use chrono_tz::TZ_VARIANTS;
use poise::serenity_prelude as serenity;
use serenity::{AutocompleteChoice, CreateAutocompleteResponse};

use super::super::desk::{DeskError, Stored};
use super::{Context, guild, own_locale};
use crate::domain::{Feed, Headline, Locale};
use crate::render::answer::SubscriptionView;
use crate::render::clip;
use crate::render::words::fill;

/// Discord's limits on an autocomplete answer.
const CHOICES: usize = 25;
const CHOICE: usize = 100;

pub(super) async fn topic(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    stored(ctx, Stored::Topic, typed).await
}

pub(super) async fn actor(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    stored(ctx, Stored::Actor, typed).await
}

pub(super) async fn source(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    stored(ctx, Stored::Source, typed).await
}

/// Names of the time zone database.
pub(super) async fn time_zone(_: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    // "new york" is America/New_York.
    let typed = typed.trim().replace(' ', "_");
    respond(Ok(choices(
        TZ_VARIANTS.iter().map(|zone| (zone.name().to_owned(), zone.name().to_owned())),
        &typed,
    )))
}

pub(super) async fn feed(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let feeds = async { ctx.data().desk.feeds(guild(ctx)?).await }.await;
    respond(feeds.map(|feeds| feed_choices(&feeds, typed)))
}

pub(super) async fn subscription(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let views = async { ctx.data().desk.subscriptions(guild(ctx)?).await }.await;
    respond(
        views.map(|views| subscription_choices(&views, &|id| channel_name(ctx, id), typed, own_locale(ctx))),
    )
}

/// Stories by headline, each standing for its number.
pub(super) async fn story(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let found = async { ctx.data().desk.headlines(guild(ctx)?, typed.to_owned()).await }.await;
    let named = |Headline { story, words, .. }| (format!("{story}: {words}"), story.to_string());
    respond(found.map(|found| choices(found.into_iter().map(named), "")))
}

/// Stories by headline, each standing for the address of its first article.
pub(super) async fn article(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let found = async { ctx.data().desk.headlines(guild(ctx)?, typed.to_owned()).await }.await;
    respond(found.map(|found| choices(found.into_iter().map(|found| (found.words, found.url)), "")))
}

async fn stored(ctx: Context<'_>, what: Stored, typed: &str) -> CreateAutocompleteResponse {
    let values = async { ctx.data().desk.complete(guild(ctx)?, what, typed.to_owned()).await }.await;
    respond(values.map(|values| choices(values.into_iter().map(|value| (value.clone(), value)), "")))
}

/// Feeds by name, each standing for its number.
pub(super) fn feed_choices(feeds: &[Feed], typed: &str) -> Vec<(String, String)> {
    let named = feeds.iter().map(|feed| {
        let name = feed
            .title
            .as_deref()
            .map_or_else(|| feed.url.to_string(), |title| format!("{title} ({})", feed.url));
        (name, feed.id.to_string())
    });
    choices(named, typed)
}

/// Subscriptions by channel and words, each standing for its number.
pub(super) fn subscription_choices(
    views: &[SubscriptionView],
    channel: &dyn Fn(u64) -> Option<String>,
    typed: &str,
    locale: Locale,
) -> Vec<(String, String)> {
    let named = views.iter().map(|view| {
        let id = view.subscription.channel.0;
        let channel = channel(id).map_or_else(
            || fill(locale, "channel {channel}", &[("channel", id.to_string())]),
            |name| format!("#{name}"),
        );
        (format!("{channel}: {}", view.words(locale)), view.subscription.id.to_string())
    });
    choices(named, typed)
}

/// Those whose name contains what was typed. A value that is too long to be sent back is left out.
pub(super) fn choices(named: impl Iterator<Item = (String, String)>, typed: &str) -> Vec<(String, String)> {
    let typed = typed.trim().to_lowercase();
    named
        .filter(|(name, value)| name.to_lowercase().contains(&typed) && !value.trim().is_empty())
        .filter(|(_, value)| clip(value, CHOICE) == *value)
        .map(|(name, value)| (clip(&name, CHOICE), value))
        .take(CHOICES)
        .collect()
}

pub(super) fn respond(choices: Result<Vec<(String, String)>, DeskError>) -> CreateAutocompleteResponse {
    let choices = choices.unwrap_or_else(|error| {
        tracing::warn!(error = format!("{error:#}"), "No suggestions could be made");
        Vec::new()
    });
    let choices = choices.into_iter().map(|(name, value)| AutocompleteChoice::new(name, value)).collect();
    CreateAutocompleteResponse::new().set_choices(choices)
}

/// As the gateway last told.
fn channel_name(ctx: Context<'_>, id: u64) -> Option<String> {
    let id = serenity::ChannelId::from(std::num::NonZeroU64::new(id)?);
    let guild = ctx.guild()?;
    let thread = || guild.threads.iter().find(|thread| thread.id == id);
    guild.channels.get(&id).or_else(thread).map(|channel| channel.name.clone())
}
