//! Buttons, and news about guilds and channels.

use std::panic::AssertUnwindSafe;

use anyhow::Context as _;
use chrono_tz::Tz;
use futures_util::FutureExt;
use poise::serenity_prelude as serenity;
use serenity::{
    ComponentInteraction, CreateInteractionResponse, CreateInteractionResponseMessage, FullEvent,
};

use super::commands::{Data, MODERATORS_ONLY, may_moderate};
use super::convert::{Checked, nobody};
use super::desk::{Desk, DeskError, Filed};
use super::errors::{broke, told};
use crate::domain::{ChannelId, GuildId, Locale, UserId};
use crate::render::answer::{self, StoryPage};
use crate::render::words::say;
use crate::render::{Audience, List, Message, Press, chronicle};

/// What is not a command. The events of commands are poise's own.
pub(super) async fn handle(ctx: &serenity::Context, event: &FullEvent, data: &Data) -> Result<(), DeskError> {
    let desk = &*data.desk;
    match event {
        FullEvent::InteractionCreate { interaction: serenity::Interaction::Component(pressed) } => {
            press(ctx, pressed, data).await
        }
        FullEvent::GuildCreate { guild, .. } => speaks(desk, guild.id, &guild.preferred_locale).await,
        FullEvent::GuildUpdate { new_data, .. } => {
            speaks(desk, new_data.id, &new_data.preferred_locale).await
        }
        FullEvent::ChannelDelete { channel, .. } => desk.channel_gone(ChannelId(channel.id.get())).await,
        FullEvent::ThreadDelete { thread, .. } => desk.channel_gone(ChannelId(thread.id.get())).await,
        // An unavailable guild is an outage of Discord's, not a farewell.
        FullEvent::GuildDelete { incomplete, .. } if !incomplete.unavailable => {
            desk.guild_gone(GuildId(incomplete.id.get())).await
        }
        _ => Ok(()),
    }
}

async fn speaks(desk: &dyn Desk, guild: serenity::GuildId, tag: &str) -> Result<(), DeskError> {
    desk.guild_speaks(GuildId(guild.get()), Locale::of(tag)).await
}

/// Digests of a round-up on one page.
const DIGESTS: usize = 5;

const UNKNOWN: &str = "This button is from another version of me and does nothing any more.";

/// Acknowledges at once, since Discord waits 3 seconds, and answers when the answer is there.
async fn press(
    ctx: &serenity::Context,
    pressed: &ComponentInteraction,
    data: &Data,
) -> Result<(), DeskError> {
    let own = Locale::of(&pressed.locale);
    let Some(asked) = Press::parse(&pressed.data.custom_id) else {
        let response = CreateInteractionResponseMessage::new()
            .content(say(own, UNKNOWN))
            .allowed_mentions(nobody())
            .ephemeral(true);
        pressed.create_response(&ctx.http, CreateInteractionResponse::Message(response)).await?;
        return Ok(());
    };
    if let Err(error) = data.patience.spend(UserId(pressed.user.id.get()), false) {
        let told = told(&error, "a button", own);
        let response = Checked::new(&told).context("answering a button")?.private_response();
        pressed.create_response(&ctx.http, CreateInteractionResponse::Message(response)).await?;
        return Ok(());
    }
    let turns_page = matches!(asked, Press::Page(..) | Press::Settle(..));
    let acknowledge = if turns_page {
        CreateInteractionResponse::Acknowledge
    } else {
        CreateInteractionResponse::Defer(CreateInteractionResponseMessage::new().ephemeral(true))
    };
    pressed.create_response(&ctx.http, acknowledge).await?;

    // A page that all see is turned for all.
    let for_all = turns_page
        && !pressed.message.flags.is_some_and(|flags| flags.contains(serenity::MessageFlags::EPHEMERAL));
    let guild = pressed.guild_id.map(|guild| GuildId(guild.get()));
    let here = ChannelId(pressed.channel_id.get());
    let locale = match guild {
        // Where the database does not answer, that is told below: in the presser's own language.
        Some(guild) if for_all => {
            data.desk.settings(guild, Some(here)).await.map_or(own, |settings| settings.locale)
        }
        _ => own,
    };
    let by = Presser {
        locale,
        guild,
        user: UserId(pressed.user.id.get()),
        moderator: may_moderate(pressed.member.as_ref().and_then(|member| member.permissions)),
    };
    // poise catches the panics of commands; this is no command.
    let opened = AssertUnwindSafe(open(&*data.desk, by, asked)).catch_unwind().await;
    let (message, good) = match opened {
        Ok(Ok(message)) => (message, true),
        Ok(Err(error)) => (told(&error, "a button", own), false),
        Err(_) => (broke("panic", "a button", own), false),
    };
    let checked = Checked::new(&message).context("answering a button")?;
    if turns_page && !good {
        // The page that stands is better than an error in its place.
        pressed.create_followup(&ctx.http, checked.private_followup()).await?;
    } else {
        pressed.edit_response(&ctx.http, checked.edit_response()).await?;
    }
    Ok(())
}

fn gone() -> DeskError {
    DeskError::user("This story is no longer kept.")
}

/// What a reader is told of their report.
fn filed(filed: Filed, locale: Locale) -> Message {
    answer::told(match filed {
        Filed::Noted => say(locale, "Thank you. The moderators of this server will look at this card."),
        Filed::Before => say(locale, "You have told the moderators already; they will look at this card."),
        Filed::Retracted => say(locale, "The moderators have taken this card back already."),
    })
}

/// Who pressed a button.
#[derive(Debug, Clone, Copy)]
struct Presser {
    guild: Option<GuildId>,
    user: UserId,
    moderator: bool,
    /// Of the answer.
    locale: Locale,
}

/// The message that a button asks for.
async fn open(
    desk: &dyn Desk,
    Presser { guild, user, moderator, locale }: Presser,
    press: Press,
) -> Result<Message, DeskError> {
    let of_guild = || match guild {
        Some(guild) if moderator => Ok(guild),
        _ => Err(DeskError::user(MODERATORS_ONLY)),
    };
    let (list, page) = match press {
        Press::Sources(nonce) => (List::Sources(nonce), 0),
        Press::Roundup(nonce) => (List::Stories { ids: desk.roundup(nonce).await?, on_page: DIGESTS }, 0),
        Press::Timeline(nonce) => {
            let story = desk.story_by_nonce(nonce).await?.ok_or_else(gone)?;
            return Ok(chronicle::timeline(&[story.id], std::slice::from_ref(&story), 0, locale));
        }
        Press::Page(list, page) => (list, page),
        Press::Inaccurate(nonce) => {
            let guild = guild.ok_or_else(|| DeskError::user("This works in servers only."))?;
            return Ok(filed(desk.file_report(guild, user, nonce).await?, locale));
        }
        Press::Settle(verdict, nonce) => {
            let guild = of_guild()?;
            desk.settle(guild, user, nonce, verdict).await?;
            return Ok(answer::reports(&desk.reports(guild).await?, locale));
        }
    };
    Ok(match list {
        List::Sources(nonce) => {
            let story = desk.story_by_nonce(nonce.clone()).await?.ok_or_else(gone)?;
            answer::all_sources(&story, &nonce, page, locale)
        }
        List::Story(id) => {
            let guild = guild.ok_or_else(gone)?;
            chronicle::story(&desk.story(guild, id).await?.ok_or_else(gone)?, page, locale)
        }
        List::Timeline(ids) => {
            let stories = desk.stories(ids.clone()).await?;
            if stories.is_empty() {
                return Err(gone());
            }
            chronicle::timeline(&ids, &stories, page, locale)
        }
        List::Stories { ids, on_page } => {
            let stories = desk.stories(StoryPage::ids_on(&ids, on_page, page).to_vec()).await?;
            if stories.is_empty() {
                return Err(DeskError::user("These stories are no longer kept."));
            }
            let tz = match guild {
                Some(guild) => desk.time_zone(guild).await?,
                None => Tz::UTC,
            };
            let page = StoryPage { ids: &ids, on_page, page, stories: &stories };
            answer::stories("", &page, Audience { tz, locale })
        }
        List::Subscriptions => answer::subscriptions(&desk.subscriptions(of_guild()?).await?, page, locale),
        List::Feeds => answer::feeds(&desk.feeds(of_guild()?).await?, page, locale),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discord::commands::tests::FakeDesk;
    use crate::domain::{Nonce, StoryId, Verdict};
    use crate::render::fixtures::nonce;
    use crate::render::terminal;

    async fn opened(id: &str, moderator: bool) -> String {
        let locale = Locale::English;
        let by = Presser { guild: Some(GuildId(1)), user: UserId(2), moderator, locale };
        match open(&FakeDesk::default(), by, Press::parse(id).unwrap()).await {
            Ok(message) => terminal(&message, 70, false),
            Err(error) => terminal(&told(&error, "a button", Locale::English), 70, false),
        }
    }

    #[tokio::test]
    async fn buttons_open_what_they_name() {
        let sources = opened(&Press::Sources(nonce()).to_string(), false).await;
        assert!(sources.starts_with("▌ 3 sources: Two men walk on the Moon"), "{sources}");
        let list = List::Stories { ids: vec![StoryId(11), StoryId(14), StoryId(99)], on_page: 1 };
        let second = opened(&Press::Page(list.clone(), 1).to_string(), false).await;
        assert!(
            second.contains("Vienna gives Belgrade 48 hours")
                && second.ends_with("[ ◀ Page 1 ] [ Page 3 ▶ ]"),
            "{second}"
        );
        assert_eq!(
            opened(&Press::Page(list, 2).to_string(), false).await,
            "▌ These stories are no longer kept."
        );
        let gone = Press::Sources(Nonce("unknown".to_owned()));
        assert_eq!(opened(&gone.to_string(), false).await, "▌ This story is no longer kept.");
    }

    #[tokio::test]
    async fn readers_report_and_moderators_settle() {
        assert_eq!(
            opened(&Press::Inaccurate(nonce()).to_string(), false).await,
            "▌ Thank you. The moderators of this server will look at this card."
        );
        let retract = Press::Settle(Verdict::Retracted, nonce()).to_string();
        assert_eq!(opened(&retract, false).await, format!("▌ {MODERATORS_ONLY}"));
        assert!(opened(&retract, true).await.starts_with("▌ No card waits"));
    }

    #[tokio::test]
    async fn settings_open_for_moderators_only() {
        let feeds = Press::Page(List::Feeds, 0).to_string();
        assert!(opened(&feeds, true).await.contains("The Florida Example"));
        assert_eq!(opened(&feeds, false).await, format!("▌ {MODERATORS_ONLY}"));
    }
}
