//! `/why`: what became of an article.

use super::super::desk::{Desk, DeskError};
use super::{Context, Seen, answered, complete, guild, moderators, own_locale};
use crate::domain::{FeedUrl, GuildId, Locale};
use crate::render::{Message, answer};

/// Why an article was posted or not: what every stage did with it
#[poise::command(
    slash_command,
    guild_only,
    install_context = "Guild",
    interaction_context = "Guild",
    default_member_permissions = "MANAGE_CHANNELS",
    check = "moderators"
)]
pub(super) async fn why(
    ctx: Context<'_>,
    #[description = "Address of the article"]
    #[autocomplete = "complete::article"]
    #[max_length = 2000]
    url: String,
) -> Result<(), DeskError> {
    let guild = guild(ctx)?;
    let asked = async { told(&*ctx.data().desk, guild, own_locale(ctx), &url).await };
    answered(ctx, Seen::ByAsker, asked).await
}

async fn told(desk: &dyn Desk, guild: GuildId, locale: Locale, url: &str) -> Result<Message, DeskError> {
    let url = FeedUrl::parse(url)
        .map_err(|error| DeskError::user_with("That is no address: {why}.", &[("why", error.to_string())]))?;
    match desk.why(guild, url.as_url().clone()).await? {
        Some(trail) => Ok(answer::why(&trail, locale)),
        None => Err(DeskError::user("No feed of this server has offered that article.")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{FakeDesk, shown};
    use super::*;

    #[tokio::test]
    async fn an_article_has_a_trail_or_is_unknown() {
        for (url, first) in [
            ("florida.example/moon-landing", "▌ Two men walk on the Moon"),
            ("https://elsewhere.example/", "▌ No feed of this server has offered that article."),
            ("ftp://florida.example/", "▌ That is no address: only http and https addresses can be watched."),
        ] {
            let answer = shown(told(&FakeDesk::default(), GuildId(1), Locale::English, url).await);
            assert_eq!(answer.lines().next(), Some(first), "{url}");
        }
    }
}
