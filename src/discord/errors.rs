//! Every way a command can fail, and what is said and logged of it.

use poise::{BoxFuture, FrameworkError};

use super::commands::{Data, MODERATORS_ONLY, send_private};
use super::desk::DeskError;
use crate::domain::Locale;
use crate::render::words::{fill, known, say};
use crate::render::{Message, answer};

/// What a person is told. Anything but a `UserError` is logged here, once, with a reference.
pub(super) fn told(error: &DeskError, doing: &str, locale: Locale) -> Message {
    match error {
        DeskError::User(error) => answer::refused(&error.told(locale)),
        DeskError::Internal(error) => {
            let reference = reference();
            tracing::error!(
                reference,
                doing,
                error = format!("{error:#}"),
                "A question could not be answered"
            );
            answer::failed(&reference, locale)
        }
    }
}

/// Tells that something broke which has no error value, such as a panic.
pub(super) fn broke(what: &str, doing: &str, locale: Locale) -> Message {
    told(&DeskError::Internal(anyhow::anyhow!("{what}")), doing, locale)
}

/// Short enough to be read out, long enough to be found in the log.
fn reference() -> String {
    std::iter::repeat_with(|| fastrand::alphanumeric().to_ascii_lowercase()).take(6).collect()
}

/// poise's `on_error`.
pub(super) fn on_error(error: FrameworkError<'_, Data, DeskError>) -> BoxFuture<'_, ()> {
    Box::pin(async move {
        let Some(ctx) = error.ctx() else {
            log_without_person(&error);
            return;
        };
        let doing = format!("/{}", ctx.command().qualified_name);
        let locale = ctx.locale().map(Locale::of).unwrap_or_default();
        let refused = |english| answer::refused(say(locale, english));
        let message = match &error {
            FrameworkError::Command { error, .. } => told(error, &doing, locale),
            FrameworkError::CommandPanic { payload, .. } => {
                broke(&format!("panic: {}", payload.as_deref().unwrap_or("without words")), &doing, locale)
            }
            FrameworkError::CommandCheckFailed { error: Some(error), .. } => told(error, &doing, locale),
            FrameworkError::CommandCheckFailed { error: None, .. }
            | FrameworkError::MissingUserPermissions { .. }
            | FrameworkError::PermissionFetchFailed { .. }
            | FrameworkError::NotAnOwner { .. } => refused(MODERATORS_ONLY),
            FrameworkError::GuildOnly { .. } => refused("This works in servers only."),
            FrameworkError::MissingBotPermissions { missing_permissions, .. } => answer::refused(&fill(
                locale,
                "I may not post here. Allow me: {why}.",
                &[("why", known(locale, &missing_permissions.get_permission_names().join("; ")))],
            )),
            FrameworkError::ArgumentParse { error, .. } => {
                tracing::debug!(doing, %error, "An option could not be read");
                refused("One of the options cannot be read. Please choose it again.")
            }
            // Discord shows a command from before an update for up to an hour.
            FrameworkError::SubcommandRequired { .. } | FrameworkError::CommandStructureMismatch { .. } => {
                refused("This command has changed. Please restart Discord and try again.")
            }
            other => broke(&other.to_string(), &doing, locale),
        };
        if let Err(error) = send_private(ctx, &message).await {
            tracing::warn!(doing, error = format!("{error:#}"), "An error could not be told");
        }
    })
}

fn log_without_person(error: &FrameworkError<'_, Data, DeskError>) {
    match error {
        FrameworkError::EventHandler { error, event, .. } => {
            tracing::error!(
                event = event.snake_case_name(),
                error = format!("{error:#}"),
                "An event could not be handled"
            );
        }
        FrameworkError::UnknownInteraction { interaction, .. } => {
            tracing::warn!(command = interaction.data.name, "A command that is not ours was called");
        }
        other => tracing::error!(error = %other, "The Discord framework failed"),
    }
}
