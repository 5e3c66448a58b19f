//! `/status`: how the bot is.

use super::super::desk::DeskError;
use super::{Context, Seen, begin, guild, send};
use crate::render::answer;

/// How the bot is, and what it has to do
#[poise::command(slash_command, guild_only, install_context = "Guild", interaction_context = "Guild")]
pub(super) async fn status(ctx: Context<'_>) -> Result<(), DeskError> {
    begin(ctx, Seen::ByAsker).await?;
    let desk = &ctx.data().desk;
    let answer = answer::status(&desk.status().await?, desk.time_zone(guild(ctx)?).await?);
    send(ctx, &answer).await
}
