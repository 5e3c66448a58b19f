//! Slash commands: thin wrappers that take typed options to a [`Desk`] and its answer to Discord.
//!
//! Every command defers first, since Discord waits 3 seconds and a busy disk or a model may take longer.

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

use std::sync::Arc;

use anyhow::Context as _;
use poise::serenity_prelude as serenity;
use tokio::sync::watch;

pub use when::{Edge, day};

use super::bot::Phase;
use super::convert::Checked;
use super::desk::{Desk, DeskError};
use super::files::Files;
use crate::domain::GuildId;
use crate::render::Message;

/// What commands and events are given.
pub struct Data {
    pub desk: Arc<dyn Desk>,
    pub files: Files,
    /// Told when the gateway is ready.
    pub phase: watch::Sender<Phase>,
}

type Context<'a> = poise::Context<'a, Data, DeskError>;

pub(super) fn all() -> Vec<poise::Command<Data, DeskError>> {
    vec![
        news::news(),
        digest::digest(),
        topics::topics(),
        feeds::feeds(),
        settings::settings(),
        reports::reports(),
        status::status(),
        why::why(),
    ]
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
