//! `/status`: how the bot is.

use super::super::desk::DeskError;
use super::{Context, Seen, answered, own_locale};
use crate::render::answer;

/// How the bot is, and what it has to do
#[poise::command(slash_command, guild_only, install_context = "Guild", interaction_context = "Guild")]
pub(super) async fn status(ctx: Context<'_>) -> Result<(), DeskError> {
    let desk = &ctx.data().desk;
    let status = async { Ok(answer::status(&desk.status().await?, own_locale(ctx))) };
    answered(ctx, Seen::ByAsker, status).await
}
