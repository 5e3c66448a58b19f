//! Buttons, and news about guilds and channels.

use std::panic::AssertUnwindSafe;

use anyhow::Context as _;
use chrono_tz::Tz;
use futures_util::FutureExt;
use poise::serenity_prelude as serenity;
use serenity::{
    ComponentInteraction, CreateInteractionResponse, CreateInteractionResponseMessage, FullEvent,
};

use super::commands::{MODERATORS_ONLY, may_moderate};
use super::convert::{Checked, nobody};
use super::desk::{Desk, DeskError, Filed};
use super::errors::{broke, told};
use crate::domain::{ChannelId, GuildId, UserId};
use crate::render::answer::{self, StoryPage};
use crate::render::{List, Message, Press, chronicle};

/// What is not a command. The events of commands are poise's own.
pub(super) async fn handle(
    ctx: &serenity::Context,
    event: &FullEvent,
    desk: &dyn Desk,
) -> Result<(), DeskError> {
    match event {
        FullEvent::InteractionCreate { interaction: serenity::Interaction::Component(pressed) } => {
            press(ctx, pressed, desk).await
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

/// Digests of a round-up on one page.
const DIGESTS: usize = 5;

const UNKNOWN: &str = "This button is from another version of me and does nothing any more.";

/// Acknowledges at once, since Discord waits 3 seconds, and answers when the answer is there.
async fn press(
    ctx: &serenity::Context,
    pressed: &ComponentInteraction,
    desk: &dyn Desk,
) -> Result<(), DeskError> {
    let Some(asked) = Press::parse(&pressed.data.custom_id) else {
        let response = CreateInteractionResponseMessage::new()
            .content(UNKNOWN)
            .allowed_mentions(nobody())
            .ephemeral(true);
        pressed.create_response(&ctx.http, CreateInteractionResponse::Message(response)).await?;
        return Ok(());
    };
    let turns_page = matches!(asked, Press::Page(..) | Press::Settle(..));
    let acknowledge = if turns_page {
        CreateInteractionResponse::Acknowledge
    } else {
        CreateInteractionResponse::Defer(CreateInteractionResponseMessage::new().ephemeral(true))
    };
    pressed.create_response(&ctx.http, acknowledge).await?;

    let by = Presser {
        guild: pressed.guild_id.map(|guild| GuildId(guild.get())),
        user: UserId(pressed.user.id.get()),
        moderator: may_moderate(pressed.member.as_ref().and_then(|member| member.permissions)),
    };
    // poise catches the panics of commands; this is no command.
    let opened = AssertUnwindSafe(open(desk, by, asked)).catch_unwind().await;
    let (message, good) = match opened {
        Ok(Ok(message)) => (message, true),
        Ok(Err(error)) => (told(&error, "a button"), false),
        Err(_) => (broke("panic", "a button"), false),
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
fn filed(filed: Filed) -> Message {
    answer::told(match filed {
        Filed::Noted => "Thank you. The moderators of this server will look at this card.",
        Filed::Before => "You have told the moderators already; they will look at this card.",
        Filed::Retracted => "The moderators have taken this card back already.",
    })
}

/// Who pressed a button.
#[derive(Debug, Clone, Copy)]
struct Presser {
    guild: Option<GuildId>,
    user: UserId,
    moderator: bool,
}

/// The message that a button asks for.
async fn open(
    desk: &dyn Desk,
    Presser { guild, user, moderator }: Presser,
    press: Press,
) -> Result<Message, DeskError> {
    let of_guild = || match guild {
        Some(guild) if moderator => Ok(guild),
        _ => Err(DeskError::user(MODERATORS_ONLY)),
    };
    let tz = match guild {
        Some(guild) => desk.time_zone(guild).await?,
        None => Tz::UTC,
    };
    let (list, page) = match press {
        Press::Sources(nonce) => (List::Sources(nonce), 0),
        Press::Roundup(nonce) => (List::Stories { ids: desk.roundup(nonce).await?, on_page: DIGESTS }, 0),
        Press::Timeline(nonce) => {
            let story = desk.story_by_nonce(nonce).await?.ok_or_else(gone)?;
            return Ok(chronicle::timeline(&[story.id], std::slice::from_ref(&story), 0));
        }
        Press::Page(list, page) => (list, page),
        Press::Inaccurate(nonce) => {
            let guild = guild.ok_or_else(|| DeskError::user("This works in servers only."))?;
            return Ok(filed(desk.file_report(guild, user, nonce).await?));
        }
        Press::Settle(verdict, nonce) => {
            let guild = of_guild()?;
            desk.settle(guild, user, nonce, verdict).await?;
            return Ok(answer::reports(&desk.reports(guild).await?, tz));
        }
    };
    Ok(match list {
        List::Sources(nonce) => {
            let story = desk.story_by_nonce(nonce.clone()).await?.ok_or_else(gone)?;
            answer::all_sources(&story, &nonce, page, tz)
        }
        List::Story(id) => {
            let guild = guild.ok_or_else(gone)?;
            chronicle::story(&desk.story(guild, id).await?.ok_or_else(gone)?, page, tz)
        }
        List::Timeline(ids) => {
            let stories = desk.stories(ids.clone()).await?;
            if stories.is_empty() {
                return Err(gone());
            }
            chronicle::timeline(&ids, &stories, page)
        }
        List::Stories { ids, on_page } => {
            let stories = desk.stories(StoryPage::ids_on(&ids, on_page, page).to_vec()).await?;
            if stories.is_empty() {
                return Err(DeskError::user("These stories are no longer kept."));
            }
            answer::stories("", &StoryPage { ids: &ids, on_page, page, stories: &stories }, tz)
        }
        List::Subscriptions => answer::subscriptions(&desk.subscriptions(of_guild()?).await?, page),
        List::Feeds => answer::feeds(&desk.feeds(of_guild()?).await?, page, tz),
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
        let by = Presser { guild: Some(GuildId(1)), user: UserId(2), moderator };
        match open(&FakeDesk::default(), by, Press::parse(id).unwrap()).await {
            Ok(message) => terminal(&message, 70, false),
            Err(error) => terminal(&told(&error, "a button"), 70, false),
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
