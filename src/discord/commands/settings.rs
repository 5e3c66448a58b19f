//! `/settings`: when and how this server wants its news.

use chrono_tz::{TZ_VARIANTS, Tz};
use poise::serenity_prelude as serenity;

use super::super::desk::{Desk, DeskError, SetRequest};
use super::{Context, Seen, answered, complete, guild, locale, may_moderate, moderators};
use crate::domain::{ChannelId, GuildId, Locale, QuietHoursError, SettingsChange, UserId};
use crate::render::{Message, answer};

/// Set the time zone and the quiet hours; without options, show what is set
#[poise::command(
    slash_command,
    guild_only,
    install_context = "Guild",
    interaction_context = "Guild",
    default_member_permissions = "MANAGE_CHANNELS",
    check = "moderators"
)]
pub(super) async fn settings(
    ctx: Context<'_>,
    #[description = "In which times are told and hours counted, such as Europe/Vienna"]
    #[autocomplete = "complete::time_zone"]
    #[max_length = 100]
    time_zone: Option<String>,
    #[description = "When nothing is posted, such as 22:00-07:00, or off; a round-up follows"]
    #[max_length = 40]
    quiet_hours: Option<String>,
    #[description = "Tell what is new of a story by a reply to its card too, at most one in half an hour"]
    reply_updates: Option<bool>,
    #[description = "For this channel alone; for the whole server if not given"] channel: Option<
        serenity::PartialChannel,
    >,
) -> Result<(), DeskError> {
    if channel.as_ref().is_some_and(|there| !may_moderate(there.permissions)) {
        return Err(DeskError::user("You need the Manage Channels permission in that channel too."));
    }
    let asked = Asked {
        guild: guild(ctx)?,
        locale: locale(ctx, Seen::ByAsker),
        channel: channel.map(|channel| ChannelId(channel.id.get())),
        by: UserId(ctx.author().id.get()),
        time_zone,
        quiet_hours,
        reply_updates,
    };
    answered(ctx, Seen::ByAsker, set(&*ctx.data().desk, asked)).await
}

/// The options as they were typed.
struct Asked {
    guild: GuildId,
    locale: Locale,
    channel: Option<ChannelId>,
    by: UserId,
    time_zone: Option<String>,
    quiet_hours: Option<String>,
    reply_updates: Option<bool>,
}

async fn set(desk: &dyn Desk, asked: Asked) -> Result<Message, DeskError> {
    let Asked { guild, locale, channel, by, time_zone, quiet_hours, reply_updates } = asked;
    let time_zone = time_zone.map(|typed| zone(&typed)).transpose()?;
    let quiet_hours = quiet_hours
        .map(|typed| match typed.trim().to_lowercase().as_str() {
            "off" | "none" => Ok(None),
            hours => hours.parse().map(Some),
        })
        .transpose()
        .map_err(|error: QuietHoursError| DeskError::user(error.to_string()))?;
    let change = SettingsChange { time_zone, quiet_hours, reply_updates };
    let holds = if change == SettingsChange::default() {
        desk.settings(guild, channel).await?
    } else {
        desk.set(SetRequest { guild, channel, by, change }).await?
    };
    Ok(answer::settings(&holds, channel, locale))
}

fn zone(typed: &str) -> Result<Tz, DeskError> {
    let typed = typed.trim();
    let name = typed.replace(' ', "_");
    TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(&name)).copied().ok_or_else(|| {
        let typed = crate::render::clip(typed, 60);
        DeskError::user_with(
            "“{typed}” is no time zone I know. Choose one of those that are suggested.",
            &[("typed", typed)],
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{FakeDesk, shown};
    use super::*;

    async fn answered(
        time_zone: Option<&str>,
        quiet_hours: Option<&str>,
        reply_updates: Option<bool>,
        channel: Option<ChannelId>,
    ) -> String {
        let (time_zone, quiet_hours) = (time_zone.map(str::to_owned), quiet_hours.map(str::to_owned));
        let asked = Asked {
            guild: GuildId(1),
            locale: Locale::English,
            channel,
            by: UserId(2),
            time_zone,
            quiet_hours,
            reply_updates,
        };
        shown(set(&FakeDesk::default(), asked).await)
    }

    #[tokio::test]
    async fn settings_are_shown_and_set() {
        insta::assert_snapshot!(answered(None, None, None, None).await, @"
        ▌ This server tells times as in UTC.
        ▌ No quiet hours.
        ▌ What is new of a story is told by its card.
        ");
        insta::assert_snapshot!(answered(Some("america/new york"), Some("10 pm to 7 am"), Some(true), Some(ChannelId(3))).await, @"
            ▌ <#3> tells times as in America/New_York.
            ▌ Quiet hours 22:00-07:00: what comes up then follows in one round-up.
            ▌ What is new of a story is told by its card, and by a reply to it.
            ");
        for (zone, hours, said) in [
            (Some("Mars/Olympus"), None, "▌ “Mars/Olympus” is no time zone I know."),
            (None, Some("at night"), "▌ Quiet hours are written as 22:00-07:00"),
        ] {
            let answer = answered(zone, hours, None, None).await;
            assert!(answer.starts_with(said), "{answer}");
        }
        assert!(answered(None, Some("OFF"), None, None).await.contains("No quiet hours"));
    }
}
