//! Slash commands: thin wrappers that take typed options to a [`Desk`] and its answer to Discord.
//!
//! Discord waits 3 seconds. What needs a model, the network or a file defers first ([`begin`]); what the database
//! answers does so only where that takes long ([`answered`]).

mod complete;
mod digest;
mod feeds;
mod news;
mod place;
mod reports;
mod settings;
mod status;
mod story;
#[cfg(test)]
pub(super) mod tests;
mod topics;
mod when;
mod why;

use std::borrow::Cow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use poise::serenity_prelude as serenity;
use tokio::sync::watch;

pub use when::{Edge, day};

use super::bot::Phase;
use super::convert::Checked;
use super::desk::{Desk, DeskError};
use super::files::Files;
use super::patience::Patience;
use crate::domain::{ChannelId, GuildId, Locale, UserId};
use crate::render::words::translations;
use crate::render::{Audience, Message};

/// What commands and events are given.
pub struct Data {
    pub desk: Arc<dyn Desk>,
    pub files: Files,
    pub patience: Patience,
    /// Told when the gateway is ready.
    pub phase: watch::Sender<Phase>,
}

type Context<'a> = poise::Context<'a, Data, DeskError>;

/// All commands, with their descriptions in other languages; their names are the same in all.
pub(super) fn all() -> Vec<poise::Command<Data, DeskError>> {
    let mut commands = vec![
        news::news(),
        digest::digest(),
        topics::topics(),
        feeds::feeds(),
        settings::settings(),
        reports::reports(),
        status::status(),
        why::why(),
    ];
    commands.iter_mut().for_each(translate);
    commands
}

fn translate(command: &mut poise::Command<Data, DeskError>) {
    let described = |english: &Option<Cow<'static, str>>| -> Vec<(Cow<'static, str>, Cow<'static, str>)> {
        let said = english.as_deref().map(translations).unwrap_or_default();
        said.into_iter().map(|(tag, text)| (tag.into(), text.into())).collect()
    };
    command.description_localizations = described(&command.description).into();
    for option in &mut command.parameters {
        option.description_localizations = described(&option.description).into();
        for choice in option.choices.to_mut() {
            choice.localizations = described(&Some(choice.name.clone())).into();
        }
    }
    command.subcommands.iter_mut().for_each(translate);
}

pub(super) const MODERATORS_ONLY: &str = "This is for moderators: it needs the Manage Channels permission.";

pub(super) fn may_moderate(permissions: Option<serenity::Permissions>) -> bool {
    permissions.is_some_and(|permissions| permissions.manage_channels() || permissions.administrator())
}

/// The check of every settings command. Discord's own may be changed by the server's owner.
async fn moderators(ctx: Context<'_>) -> Result<bool, DeskError> {
    let poise::Context::Application(ctx) = ctx else {
        return Ok(false);
    };
    Ok(may_moderate(ctx.interaction.member.as_ref().and_then(|member| member.permissions)))
}

/// Who sees the answer to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    ByAll,
    ByAsker,
}

/// The first thing that a command does which needs a model, the network or a file: "thinking…" is shown until its
/// answer comes.
///
/// # Errors
/// Who asks too much is told so.
async fn begin(ctx: Context<'_>, seen: Seen) -> Result<(), DeskError> {
    spend(ctx)?;
    defer(ctx, seen).await
}

fn asked_by(ctx: Context<'_>) -> UserId {
    UserId(ctx.author().id.get())
}

/// Counts what somebody asks.
fn spend(ctx: Context<'_>) -> Result<(), DeskError> {
    let reads_page = ctx.command().name == "digest";
    ctx.data().patience.spend(asked_by(ctx), reads_page)
}

async fn defer(ctx: Context<'_>, seen: Seen) -> Result<(), DeskError> {
    match seen {
        Seen::ByAll => ctx.defer().await?,
        Seen::ByAsker => ctx.defer_ephemeral().await?,
    }
    Ok(())
}

/// How long the database may take before the asker is shown that an answer is on its way.
const SOON: Duration = Duration::from_secs(1);

/// Answers a command from the database: at once, or after a deferral where that is busy.
///
/// # Errors
/// As [`begin`].
async fn answered(
    ctx: Context<'_>,
    seen: Seen,
    asked: impl Future<Output = Result<Message, DeskError>>,
) -> Result<(), DeskError> {
    spend(ctx)?;
    let mut asked = pin!(asked);
    let message = match tokio::time::timeout(SOON, &mut asked).await {
        Ok(message) => message?,
        Err(_) => {
            defer(ctx, seen).await?;
            asked.await?
        }
    };
    let reply = Checked::new(&message).context("answering a command")?.reply();
    ctx.send(reply.ephemeral(seen == Seen::ByAsker)).await?;
    Ok(())
}

/// The language of an answer that the asker alone sees.
fn own_locale(ctx: Context<'_>) -> Locale {
    ctx.locale().map(Locale::of).unwrap_or_default()
}

/// For whom an answer is made that all see: who reads its channel.
async fn audience(ctx: Context<'_>) -> Result<Audience, DeskError> {
    let here = ChannelId(ctx.channel_id().get());
    let settings = ctx.data().desk.settings(guild(ctx)?, Some(here)).await?;
    Ok(Audience { tz: settings.time_zone, locale: settings.locale })
}

fn guild(ctx: Context<'_>) -> Result<GuildId, DeskError> {
    let guild = ctx.guild_id().ok_or_else(|| DeskError::user("This works in servers only."))?;
    Ok(GuildId(guild.get()))
}

async fn send(ctx: Context<'_>, message: &Message) -> Result<(), DeskError> {
    let reply = Checked::new(message).context("answering a command")?.reply();
    ctx.send(reply).await?;
    Ok(())
}

/// To the asker alone, unless the command has already deferred publicly.
pub(super) async fn send_private(ctx: Context<'_>, message: &Message) -> anyhow::Result<()> {
    let reply = Checked::new(message)?.reply().ephemeral(true);
    ctx.send(reply).await?;
    Ok(())
}
