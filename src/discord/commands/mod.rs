//! Slash commands: thin wrappers that take typed options to a [`Desk`] and its answer to Discord.
//!
//! Discord waits 3 seconds. What needs a model, the network or a file defers first; what the database answers does so
//! only where that takes long ([`answered`]).

mod complete;
mod digest;
mod feeds;
mod news;
mod reports;
mod settings;
mod status;
mod story;
#[cfg(test)]
pub(super) mod tests;
mod topics;
mod when;
mod why;

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

/// How long the database may take before the asker is shown that an answer is on its way.
const SOON: Duration = Duration::from_secs(1);

/// Who sees an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    ByAll,
    ByAsker,
}

/// Answers a command from the database: at once, or after a deferral where that is busy.
async fn answered(
    ctx: Context<'_>,
    seen: Seen,
    asked: impl Future<Output = Result<Message, DeskError>>,
) -> Result<(), DeskError> {
    let mut asked = pin!(asked);
    let message = match tokio::time::timeout(SOON, &mut asked).await {
        Ok(message) => message?,
        Err(_) => {
            match seen {
                Seen::ByAll => ctx.defer().await?,
                Seen::ByAsker => ctx.defer_ephemeral().await?,
            }
            asked.await?
        }
    };
    let reply = Checked::new(&message).context("answering a command")?.reply();
    ctx.send(reply.ephemeral(seen == Seen::ByAsker)).await?;
    Ok(())
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
