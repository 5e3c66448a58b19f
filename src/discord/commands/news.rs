//! `/news`: the newest stories, and a search through all of them.

use chrono::NaiveDate;
use chrono_tz::Tz;
use poise::serenity_prelude as serenity;

use super::super::desk::{Desk, DeskError, LatestQuery, Listed, SearchQuery};
use super::story::{actor, story, timeline};
use super::when::period;
use super::{Context, Seen, answered, audience, begin, complete, guild, send};
use crate::domain::GuildId;
use crate::render::answer::{self, StoryPage};
use crate::render::words::{fill, say};
use crate::render::{Audience, Message, fit};

/// Read the news
#[poise::command(
    slash_command,
    guild_only,
    install_context = "Guild",
    interaction_context = "Guild",
    subcommands("latest", "search", "story", "timeline", "actor"),
    subcommand_required
)]
pub(super) async fn news(_ctx: Context<'_>) -> Result<(), DeskError> {
    Ok(())
}

/// The newest stories
#[poise::command(slash_command)]
async fn latest(
    ctx: Context<'_>,
    #[description = "Only stories about this"]
    #[autocomplete = "complete::topic"]
    #[max_length = 100]
    topic: Option<String>,
    #[description = "Only stories this outlet tells"]
    #[autocomplete = "complete::source"]
    #[max_length = 100]
    source: Option<String>,
    #[description = "Stories on a page, 5 if not given"]
    #[min = 1]
    #[max = 10]
    count: Option<u8>,
) -> Result<(), DeskError> {
    // A topic is read by the model.
    let reads = topic.is_some();
    let query = LatestQuery { guild: guild(ctx)?, topic, source, limit: LIMIT };
    let latest = async { latest_stories(&*ctx.data().desk, query, audience(ctx).await?, count).await };
    if !reads {
        return answered(ctx, Seen::ByAll, latest).await;
    }
    begin(ctx, Seen::ByAll).await?;
    send(ctx, &latest.await?).await
}

/// Search all stories by words and meaning
#[poise::command(slash_command)]
async fn search(
    ctx: Context<'_>,
    #[description = "What to look for"]
    #[min_length = 2]
    #[max_length = 200]
    query: String,
    #[description = "Only stories about this"]
    #[autocomplete = "complete::topic"]
    #[max_length = 100]
    topic: Option<String>,
    #[description = "Only stories that name this person, organization or place"]
    #[autocomplete = "complete::actor"]
    #[max_length = 100]
    actor: Option<String>,
    #[description = "Only stories this outlet tells"]
    #[autocomplete = "complete::source"]
    #[max_length = 100]
    source: Option<String>,
    #[description = "Not before: 2022-09-07, yesterday, last week, 3 months ago"]
    #[max_length = 40]
    from: Option<String>,
    #[description = "Not after: 2022-09-07, yesterday, last week, 3 months ago"]
    #[max_length = 40]
    to: Option<String>,
) -> Result<(), DeskError> {
    begin(ctx, Seen::ByAll).await?;
    let guild = guild(ctx)?;
    let desk = &*ctx.data().desk;
    let audience = audience(ctx).await?;
    let asked = Asked { guild, audience, query, topic, actor, source, from, to };
    let answer = found_stories(desk, asked, asked_on(ctx, audience.tz)).await?;
    send(ctx, &answer).await
}

/// Stories in one answer, over all its pages. The buttons of a page hold about this many.
const LIMIT: usize = 20;
pub(super) const ON_PAGE: u8 = 5;

async fn latest_stories(
    desk: &dyn Desk,
    query: LatestQuery,
    audience: Audience,
    count: Option<u8>,
) -> Result<Message, DeskError> {
    let locale = audience.locale;
    let mut heading = say(locale, "**Newest stories**").to_owned();
    if let Some(topic) = &query.topic {
        heading.push_str(&fill(locale, " about “{value}”", &[("value", fit(topic, 200))]));
    }
    if let Some(source) = &query.source {
        heading.push_str(&fill(locale, " told by {value}", &[("value", fit(source, 200))]));
    }
    let on_page = count.unwrap_or(ON_PAGE).into();
    let listed = desk.latest(query, on_page).await?;
    Ok(first_page(&listed, on_page, &heading, audience, "There are no such stories yet."))
}

/// The options of a search as they were typed.
struct Asked {
    guild: GuildId,
    audience: Audience,
    query: String,
    topic: Option<String>,
    actor: Option<String>,
    source: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

async fn found_stories(desk: &dyn Desk, asked: Asked, today: NaiveDate) -> Result<Message, DeskError> {
    let Asked { guild, audience, query, topic, actor, source, from, to } = asked;
    let locale = audience.locale;
    let query = query.trim().to_owned();
    if query.is_empty() {
        return Err(DeskError::user("Say what to look for."));
    }
    let (from, to) = period(from.as_deref(), to.as_deref(), today)?;
    let mut heading = fill(locale, "**Stories about** “{value}”", &[("value", fit(&query, 400))]);
    let mut also = |english: &str, value: Option<String>| {
        if let Some(value) = value {
            heading.push_str(&fill(locale, english, &[("value", value)]));
        }
    };
    also(", of {value}", topic.as_deref().map(|topic| fit(topic, 200)));
    also(", naming {value}", actor.as_deref().map(|actor| fit(actor, 200)));
    also(", told by {value}", source.as_deref().map(|source| fit(source, 200)));
    also(", from {value}", from.map(|day| day.to_string()));
    also(", to {value}", to.map(|day| day.to_string()));
    let zone = audience.tz;
    let query = SearchQuery { guild: Some(guild), query, topic, actor, source, from, to, zone, limit: LIMIT };
    let on_page = ON_PAGE.into();
    let listed = desk.search(query, on_page).await?;
    let none = "No story was found. Fewer or other words may help.";
    Ok(first_page(&listed, on_page, &heading, audience, none))
}

/// The first page of some stories under a heading; `none`, in English, where there are none.
fn first_page(
    listed: &Listed,
    on_page: usize,
    heading: &str,
    audience: Audience,
    none: &'static str,
) -> Message {
    if listed.first.is_empty() {
        return answer::told(say(audience.locale, none));
    }
    let page = StoryPage { ids: &listed.ids, on_page, page: 0, stories: &listed.first };
    answer::stories(heading, &page, audience)
}

/// The asker's day; the moment is in the interaction's number.
pub(super) fn asked_on(ctx: Context<'_>, tz: Tz) -> NaiveDate {
    let at: serenity::Timestamp = ctx.created_at();
    at.with_timezone(&tz).date_naive()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{FakeDesk, shown};
    use super::*;

    fn query(topic: Option<&str>) -> LatestQuery {
        LatestQuery { guild: GuildId(1), topic: topic.map(str::to_owned), source: None, limit: LIMIT }
    }

    fn asked(query: &str, from: Option<&str>, to: Option<&str>) -> Asked {
        Asked {
            guild: GuildId(1),
            audience: Tz::UTC.into(),
            query: query.to_owned(),
            topic: None,
            actor: Some("NASA".to_owned()),
            source: None,
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
        }
    }

    #[tokio::test]
    async fn the_newest_stories() {
        let answer =
            latest_stories(&FakeDesk::default(), query(Some("the *Moon*")), Tz::UTC.into(), Some(1)).await;
        insta::assert_snapshot!(shown(answer), @"
        Newest stories about “the *Moon*”

        ▌ Two men walk on the Moon
        ▌ Neil Armstrong and Buzz Aldrin landed on the Moon on Sunday and spent more than
        ▌ two hours outside. Michael Collins stayed in orbit above them.
        ▌ Neil Armstrong · Buzz Aldrin · NASA
        ▌
        ▌ The Florida Example and 2 more · 21 July 1969, 01:05 UTC

        [ Page 2 ▶ ]
        ");
        let none = latest_stories(&FakeDesk::default(), query(Some("nothing")), Tz::UTC.into(), None).await;
        insta::assert_snapshot!(shown(none), @"▌ There are no such stories yet.");
    }

    #[tokio::test]
    async fn a_search() {
        let today = NaiveDate::from_ymd_opt(1969, 7, 22).unwrap();
        for (asked, expected) in [
            (
                asked("landing", Some("last week"), Some("today")),
                "Stories about “landing”, naming NASA, from 1969-07-14, to 1969-07-22",
            ),
            (asked("nothing", None, None), "▌ No story was found. Fewer or other words may help."),
            (asked("  ", None, None), "▌ Say what to look for."),
            (
                asked("landing", Some("soon"), None),
                "▌ “soon” is not a date. Write 2022-09-07, yesterday, last week or 3 months ago.",
            ),
            (
                asked("landing", Some("today"), Some("yesterday")),
                "▌ Nothing can be after 1969-07-22 and before 1969-07-21.",
            ),
        ] {
            let answer = shown(found_stories(&FakeDesk::default(), asked, today).await);
            assert_eq!(answer.lines().next(), Some(expected));
        }
    }
}
