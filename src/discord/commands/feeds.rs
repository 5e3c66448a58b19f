//! `/feeds`: what a guild watches.

use anyhow::Context as _;
use poise::serenity_prelude as serenity;

use super::super::convert::Checked;
use super::super::desk::{AddedFeed, Desk, DeskError};
use super::{Context, Seen, answered, asked_by, begin, complete, guild, moderators, own_locale, send};
use crate::domain::{Feed, FeedId, GuildId, Locale, UserId};
use crate::feeds::opml;
use crate::render::{Message, answer};

/// Choose the feeds this server watches
#[poise::command(
    slash_command,
    guild_only,
    install_context = "Guild",
    interaction_context = "Guild",
    default_member_permissions = "MANAGE_CHANNELS",
    check = "moderators",
    subcommands("add", "list", "health", "remove", "import", "export"),
    subcommand_required
)]
pub(super) async fn feeds(_ctx: Context<'_>) -> Result<(), DeskError> {
    Ok(())
}

/// Watch a feed
#[poise::command(slash_command)]
async fn add(
    ctx: Context<'_>,
    #[description = "Address of a feed, or of a site that has one"]
    #[max_length = 2000]
    url: String,
) -> Result<(), DeskError> {
    begin(ctx, Seen::ByAsker).await?;
    let by = asked_by(ctx);
    let answer = add_feed(&*ctx.data().desk, guild(ctx)?, by, url, own_locale(ctx)).await?;
    send(ctx, &answer).await
}

/// The feeds this server watches, and how they are
#[poise::command(slash_command)]
async fn list(ctx: Context<'_>) -> Result<(), DeskError> {
    let guild = guild(ctx)?;
    let desk = &ctx.data().desk;
    let feeds = async { Ok(answer::feeds(&desk.feeds(guild).await?, 0, own_locale(ctx))) };
    answered(ctx, Seen::ByAsker, feeds).await
}

/// How a feed is, when it is read next, and what became of it
#[poise::command(slash_command)]
async fn health(
    ctx: Context<'_>,
    #[description = "Which feed"]
    #[autocomplete = "complete::feed"]
    feed: String,
) -> Result<(), DeskError> {
    let guild = guild(ctx)?;
    let asked = async { feed_health(&*ctx.data().desk, guild, &feed, own_locale(ctx)).await };
    answered(ctx, Seen::ByAsker, asked).await
}

/// Stop watching a feed
#[poise::command(slash_command)]
async fn remove(
    ctx: Context<'_>,
    #[description = "Which feed"]
    #[autocomplete = "complete::feed"]
    feed: String,
) -> Result<(), DeskError> {
    let locale = own_locale(ctx);
    answered(ctx, Seen::ByAsker, remove_feed(&*ctx.data().desk, guild(ctx)?, &feed, locale)).await
}

/// Watch all feeds of a list from another reader
#[poise::command(slash_command)]
async fn import(
    ctx: Context<'_>,
    #[description = "A list of feeds, in OPML"] file: serenity::Attachment,
) -> Result<(), DeskError> {
    begin(ctx, Seen::ByAsker).await?;
    let by = asked_by(ctx);
    let list = ctx.data().files.fetch(&file).await?;
    let imported = ctx.data().desk.import_feeds(guild(ctx)?, by, list).await?;
    send(ctx, &answer::feeds_imported(&imported, own_locale(ctx))).await
}

/// The feeds this server watches, as a list for another reader
#[poise::command(slash_command)]
async fn export(ctx: Context<'_>) -> Result<(), DeskError> {
    begin(ctx, Seen::ByAsker).await?;
    let feeds = ctx.data().desk.feeds(guild(ctx)?).await?;
    let message = answer::feeds_exported(feeds.len(), own_locale(ctx));
    let mut reply = Checked::new(&message).context("answering a command")?.reply();
    if !feeds.is_empty() {
        reply = reply.attachment(serenity::CreateAttachment::bytes(opml::of_watched(&feeds), "feeds.opml"));
    }
    ctx.send(reply).await?;
    Ok(())
}

async fn add_feed(
    desk: &dyn Desk,
    guild: GuildId,
    by: UserId,
    url: String,
    locale: Locale,
) -> Result<Message, DeskError> {
    let AddedFeed { feed, already } = desk.add_feed(guild, by, url).await?;
    Ok(answer::feed_added(&feed, already, locale))
}

async fn feed_health(
    desk: &dyn Desk,
    guild: GuildId,
    typed: &str,
    locale: Locale,
) -> Result<Message, DeskError> {
    let id = chosen_feed(desk, guild, typed).await?;
    let (feed, history) = desk.feed_history(guild, id).await?.ok_or_else(not_watched)?;
    Ok(answer::feed_health(&feed, &history, locale))
}

async fn remove_feed(
    desk: &dyn Desk,
    guild: GuildId,
    typed: &str,
    locale: Locale,
) -> Result<Message, DeskError> {
    let id = chosen_feed(desk, guild, typed).await?;
    let removed = desk.remove_feed(guild, id).await?.ok_or_else(not_watched)?;
    Ok(answer::feed_removed(&removed, locale))
}

/// The feed a person means: the number of a suggestion, or a name or address typed in full.
pub(super) async fn chosen_feed(desk: &dyn Desk, guild: GuildId, typed: &str) -> Result<FeedId, DeskError> {
    let typed = typed.trim();
    let feeds = desk.feeds(guild).await?;
    let is_meant = |feed: &&Feed| {
        feed.id.to_string() == typed
            || feed.url.as_str().eq_ignore_ascii_case(typed)
            || feed.title.as_deref().is_some_and(|title| title.trim().to_lowercase() == typed.to_lowercase())
    };
    feeds.iter().find(is_meant).map(|feed| feed.id).ok_or_else(not_watched)
}

fn not_watched() -> DeskError {
    DeskError::user("No such feed is watched here. Choose one of those that are suggested.")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{FakeDesk, shown};
    use super::*;

    #[tokio::test]
    async fn a_feed_is_chosen_by_suggestion_name_or_address() {
        for typed in ["7", " the florida example ", "https://florida.example/rss"] {
            assert_eq!(
                chosen_feed(&FakeDesk::default(), GuildId(1), typed).await.unwrap(),
                FeedId(7),
                "{typed}"
            );
        }
        for typed in ["", "8", "florida", "-1"] {
            let refused = shown(remove_feed(&FakeDesk::default(), GuildId(1), typed, Locale::English).await);
            assert_eq!(
                refused, "▌ No such feed is watched here. Choose one of those that are suggested.",
                "{typed}"
            );
        }
    }

    #[tokio::test]
    async fn feeds_come_and_go() {
        let added = add_feed(
            &FakeDesk::default(),
            GuildId(1),
            UserId(2),
            "florida.example".to_owned(),
            Locale::English,
        )
        .await;
        insta::assert_snapshot!(shown(added), @"
        ▌ Watching The Florida Example <https://florida.example/rss>. /topics subscribe
        ▌ decides which of its stories are posted where.
        ");
        let refused =
            add_feed(&FakeDesk::default(), GuildId(1), UserId(2), "intranet".to_owned(), Locale::English)
                .await;
        insta::assert_snapshot!(shown(refused), @"▌ That is not an address; write it whole, such as https://example.org/feed.xml.");
        let health = feed_health(&FakeDesk::default(), GuildId(1), "7", Locale::English).await;
        insta::assert_snapshot!(shown(health), @"
        ▌ The Florida Example <https://florida.example/rss>
        ▌ Not read yet
        ▌ Next attempt 1 January 1970, 00:00 UTC
        ▌ 31 December 1969, 22:00 UTC: reads again
        ▌ 31 December 1969, 21:00 UTC: failed: the server answered 503
        ");
        let removed = remove_feed(&FakeDesk::default(), GuildId(1), "7", Locale::English).await;
        insta::assert_snapshot!(shown(removed), @"▌ The Florida Example <https://florida.example/rss> is no longer watched.");
    }
}
