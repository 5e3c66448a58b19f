//! `/reports`: what readers call inaccurate.

use super::{Context, Seen, answered, guild, moderators, own_locale};
use crate::discord::desk::DeskError;
use crate::render::answer;

/// Cards that readers called inaccurate: retract them, or keep them
#[poise::command(
    slash_command,
    guild_only,
    install_context = "Guild",
    interaction_context = "Guild",
    default_member_permissions = "MANAGE_CHANNELS",
    check = "moderators"
)]
pub(super) async fn reports(ctx: Context<'_>) -> Result<(), DeskError> {
    let guild = guild(ctx)?;
    let desk = &ctx.data().desk;
    let reports = async { Ok(answer::reports(&desk.reports(guild).await?, own_locale(ctx))) };
    answered(ctx, Seen::ByAsker, reports).await
}
