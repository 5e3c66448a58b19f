//! `/settings`: when and how this server wants its news.

use chrono_tz::{TZ_VARIANTS, Tz};
use poise::serenity_prelude as serenity;

use super::super::desk::{Desk, DeskError, SetRequest};
use super::{Context, Seen, answered, asked_by, complete, guild, may_moderate, moderators, own_locale};
use crate::domain::{ChannelId, GuildId, Locale, QuietHoursError, SettingsChange, UserId};
use crate::render::{Message, answer};

/// A language that can be chosen.
#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
enum Language {
    #[name = "as the server"]
    Servers,
    English,
    #[name = "Deutsch"]
    German,
    #[name = "Français"]
    French,
}

impl From<Language> for Option<Locale> {
    fn from(language: Language) -> Self {
        match language {
            Language::Servers => None,
            Language::English => Some(Locale::English),
            Language::German => Some(Locale::German),
            Language::French => Some(Locale::French),
        }
    }
}

/// Set times, language and how news are told; without options, show what is set
#[expect(clippy::too_many_arguments, reason = "each is an option of the command")]
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
    #[description = "In which hours and days are counted, such as Europe/Vienna"]
    #[autocomplete = "complete::time_zone"]
    #[max_length = 100]
    time_zone: Option<String>,
    #[description = "When nothing is posted, such as 22:00-07:00, or off; a round-up follows"]
    #[max_length = 40]
    quiet_hours: Option<String>,
    #[description = "The language of fixed words on cards and public answers"] locale: Option<Language>,
    #[description = "Tell what is new of a story by a reply to its card too, at most one in half an hour"]
    reply_updates: Option<bool>,
    #[description = "Publish what is posted in announcement channels to the servers that follow them"]
    crosspost: Option<bool>,
    #[description = "Forget first what was set before: in a channel the server's settings hold again"]
    reset: Option<bool>,
    #[description = "For this channel alone; for the whole server if not given"] channel: Option<
        serenity::PartialChannel,
    >,
) -> Result<(), DeskError> {
    if channel.as_ref().is_some_and(|there| !may_moderate(there.permissions)) {
        return Err(DeskError::user("You need the Manage Channels permission in that channel too."));
    }
    let announces = channel.as_ref().is_none_or(|there| there.kind == serenity::ChannelType::News);
    if crosspost == Some(true) && !announces {
        return Err(DeskError::user("Only what stands in an announcement channel can be published."));
    }
    let asked = Asked {
        guild: guild(ctx)?,
        locale: own_locale(ctx),
        channel: channel.map(|channel| ChannelId(channel.id.get())),
        by: asked_by(ctx),
        time_zone,
        quiet_hours,
        language: locale.map(Option::from),
        reply_updates,
        crosspost,
        reset: reset == Some(true),
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
    language: Option<Option<Locale>>,
    reply_updates: Option<bool>,
    crosspost: Option<bool>,
    reset: bool,
}

async fn set(desk: &dyn Desk, asked: Asked) -> Result<Message, DeskError> {
    let Asked {
        guild,
        locale,
        channel,
        by,
        time_zone,
        quiet_hours,
        language,
        reply_updates,
        crosspost,
        reset,
    } = asked;
    let time_zone = time_zone.map(|typed| zone(&typed)).transpose()?;
    let quiet_hours = quiet_hours
        .map(|typed| match typed.trim().to_lowercase().as_str() {
            "off" | "none" => Ok(None),
            hours => hours.parse().map(Some),
        })
        .transpose()
        .map_err(|_: QuietHoursError| {
            DeskError::user("Quiet hours are written as 22:00-07:00, in the server's time; “off” has none.")
        })?;
    let change = SettingsChange { time_zone, quiet_hours, locale: language, reply_updates, crosspost, reset };
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

    fn asked() -> Asked {
        Asked {
            guild: GuildId(1),
            locale: Locale::English,
            channel: None,
            by: UserId(2),
            time_zone: None,
            quiet_hours: None,
            language: None,
            reply_updates: None,
            crosspost: None,
            reset: false,
        }
    }

    async fn answered(asked: Asked) -> String {
        shown(set(&FakeDesk::default(), asked).await)
    }

    #[tokio::test]
    async fn settings_are_shown_and_set() {
        insta::assert_snapshot!(answered(asked()).await, @"
        ▌ This server counts hours and days as in UTC.
        ▌ No quiet hours.
        ▌ Fixed words are English.
        ▌ What is new of a story is told by its card.
        ▌ What is posted in announcement channels is not published to other servers.
        ");
        let all = Asked {
            channel: Some(ChannelId(3)),
            time_zone: Some("america/new york".to_owned()),
            quiet_hours: Some("10 pm to 7 am".to_owned()),
            language: Some(Some(Locale::German)),
            reply_updates: Some(true),
            crosspost: Some(true),
            ..asked()
        };
        insta::assert_snapshot!(answered(all).await, @"
            ▌ <#3> counts hours and days as in America/New_York.
            ▌ Quiet hours 22:00-07:00: what comes up then follows in one round-up.
            ▌ Fixed words are Deutsch.
            ▌ What is new of a story is told by its card, and by a reply to it.
            ▌ What is posted in announcement channels is published to the servers that follow.
            ");
        for (zone, hours, said) in [
            (Some("Mars/Olympus"), None, "▌ “Mars/Olympus” is no time zone I know."),
            (None, Some("at night"), "▌ Quiet hours are written as 22:00-07:00"),
        ] {
            let (time_zone, quiet_hours) = (zone.map(str::to_owned), hours.map(str::to_owned));
            let answer = answered(Asked { time_zone, quiet_hours, ..asked() }).await;
            assert!(answer.starts_with(said), "{answer}");
        }
        let off = Asked { quiet_hours: Some("OFF".to_owned()), ..asked() };
        assert!(answered(off).await.contains("No quiet hours"));
    }
}
