//! `/digest`: any public page, read now.

use std::time::Duration;

use super::super::desk::{Desk, DeskError};
use super::{Context, Seen, audience, begin, send};
use crate::domain::{FeedUrl, Locale};
use crate::render::{Message, answer};

/// Digest any public page: what happened, who, when
#[poise::command(slash_command, guild_only, install_context = "Guild", interaction_context = "Guild")]
pub(super) async fn digest(
    ctx: Context<'_>,
    #[description = "Address of the page"]
    #[max_length = 2000]
    url: String,
) -> Result<(), DeskError> {
    begin(ctx, Seen::ByAll).await?;
    let answer = digest_page(&*ctx.data().desk, audience(ctx).await?.locale, &url).await?;
    send(ctx, &answer).await
}

/// Well within the 15 minutes for which Discord takes an answer.
const PATIENCE: Duration = Duration::from_secs(120);

async fn digest_page(desk: &dyn Desk, locale: Locale, url: &str) -> Result<Message, DeskError> {
    let url = FeedUrl::parse(url).map_err(|error| {
        DeskError::user_with("That page cannot be read: {why}.", &[("why", error.to_string())])
    })?;
    let page = tokio::time::timeout(PATIENCE, desk.digest_url(url.as_url().clone())).await;
    let page =
        page.map_err(|_| DeskError::user("Reading this page took too long. Please try again later."))??;
    Ok(answer::digest(&page, locale))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{FakeDesk, shown};
    use super::*;

    #[tokio::test]
    async fn a_page_or_a_reason() {
        for (url, first) in [
            ("tribune.example/1914/note", "▌ Vienna gives Belgrade 48 hours"),
            (
                "ftp://tribune.example/",
                "▌ That page cannot be read: only http and https addresses can be watched.",
            ),
            ("https://down.example/", "▌ The page did not answer."),
        ] {
            let answer = shown(digest_page(&FakeDesk::default(), Locale::English, url).await);
            assert_eq!(answer.lines().next(), Some(first));
        }
    }
}
