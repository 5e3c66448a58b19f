//! `/news story`, `/news timeline`, `/news actor`: into the depth of stories.

use chrono::NaiveDate;

use super::super::desk::{ActorQuery, Desk, DeskError, SearchQuery};
use super::news::{ON_PAGE, asked_on};
use super::when::period;
use super::{Context, Seen, answered, audience, begin, complete, guild, send};
use crate::domain::{GuildId, Locale, StoryId};
use crate::render::answer;
use crate::render::words::say;
use crate::render::{Audience, Message, chronicle};

/// All of one story: every source, its timeline, how it grew
#[poise::command(slash_command)]
pub(super) async fn story(
    ctx: Context<'_>,
    #[description = "Words of its headline, or its number"]
    #[autocomplete = "complete::story"]
    #[min_length = 1]
    #[max_length = 100]
    id: String,
) -> Result<(), DeskError> {
    let asked = async { whole_story(&*ctx.data().desk, guild(ctx)?, audience(ctx).await?.locale, &id).await };
    answered(ctx, Seen::ByAll, asked).await
}

/// What happened when, over all stories that fit
#[poise::command(slash_command)]
pub(super) async fn timeline(
    ctx: Context<'_>,
    #[description = "What the stories are about"]
    #[min_length = 2]
    #[max_length = 200]
    query: String,
) -> Result<(), DeskError> {
    begin(ctx, Seen::ByAll).await?;
    let answer = events(&*ctx.data().desk, guild(ctx)?, audience(ctx).await?.locale, &query).await?;
    send(ctx, &answer).await
}

/// Who somebody is in the news, in which stories and with whom
#[poise::command(slash_command)]
pub(super) async fn actor(
    ctx: Context<'_>,
    #[description = "A person, organization or place"]
    #[autocomplete = "complete::actor"]
    #[min_length = 2]
    #[max_length = 100]
    name: String,
    #[description = "Not before: 2022-09-07, yesterday, last week, 3 months ago"]
    #[max_length = 40]
    from: Option<String>,
    #[description = "Not after: 2022-09-07, yesterday, last week, 3 months ago"]
    #[max_length = 40]
    to: Option<String>,
) -> Result<(), DeskError> {
    let guild = guild(ctx)?;
    let desk = &*ctx.data().desk;
    let asked = async {
        let audience = audience(ctx).await?;
        let today = asked_on(ctx, audience.tz);
        somebody(desk, (guild, audience), &name, from.as_deref(), to.as_deref(), today).await
    };
    answered(ctx, Seen::ByAll, asked).await
}

/// Stories whose events make one timeline: more would mix what is only loosely about the words.
const TIMELINE: usize = 8;

async fn whole_story(
    desk: &dyn Desk,
    guild: GuildId,
    locale: Locale,
    asked: &str,
) -> Result<Message, DeskError> {
    let asked = asked.trim().trim_start_matches('#');
    let id = match asked.parse() {
        Ok(number) => Some(StoryId(number)),
        // Typed, and not chosen from what was suggested.
        Err(_) => desk.headlines(guild, asked.to_owned()).await?.first().map(|headline| headline.story),
    };
    let story = match id {
        Some(id) => desk.story(guild, id).await?,
        None => None,
    };
    let story = story
        .ok_or_else(|| DeskError::user("There is no such story; /news search finds those that there are."))?;
    Ok(chronicle::story(&story, 0, locale))
}

async fn events(desk: &dyn Desk, guild: GuildId, locale: Locale, query: &str) -> Result<Message, DeskError> {
    let query = query.trim().to_owned();
    if query.is_empty() {
        return Err(DeskError::user("Say what to look for."));
    }
    let asked = SearchQuery { guild: Some(guild), query, limit: TIMELINE, ..SearchQuery::default() };
    let listed = desk.search(asked, TIMELINE).await?;
    if listed.first.is_empty() {
        return Ok(answer::told(say(locale, "No story was found. Fewer or other words may help.")));
    }
    Ok(chronicle::timeline(&listed.ids, &listed.first, 0, locale))
}

async fn somebody(
    desk: &dyn Desk,
    (guild, audience): (GuildId, Audience),
    name: &str,
    from: Option<&str>,
    to: Option<&str>,
    today: NaiveDate,
) -> Result<Message, DeskError> {
    let (from, to) = period(from, to, today)?;
    let query = ActorQuery { guild, name: name.trim().to_owned(), from, to, zone: audience.tz };
    let on_page = ON_PAGE.into();
    let Some((view, stories)) = desk.actor(query, on_page).await? else {
        return Ok(answer::told(say(
            audience.locale,
            "Nobody and nothing of that name is in these stories.",
        )));
    };
    Ok(chronicle::actor(&view, &stories, on_page, audience))
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::super::tests::{FakeDesk, shown};
    use super::*;

    #[tokio::test]
    async fn a_story_by_number_or_by_words() {
        let desk = FakeDesk::default();
        for asked in ["20", "#20", "earthquake"] {
            let answer = shown(whole_story(&desk, GuildId(1), Locale::English, asked).await);
            assert!(answer.starts_with("▌ Earthquake strikes San Francisco Bay"), "{answer}");
            assert!(answer.contains("Page 2 ▶"), "{answer}");
        }
        for (guild, asked) in [(1, "21"), (2, "20"), (1, "-5"), (1, "99999999999999999999")] {
            let answer = shown(whole_story(&desk, GuildId(guild), Locale::English, asked).await);
            assert!(
                guild == 1 && asked.len() > 9 || answer.starts_with("▌ There is no such story"),
                "{asked}: {answer}"
            );
        }
    }

    #[tokio::test]
    async fn a_timeline_of_what_is_found() {
        let answer = shown(events(&FakeDesk::default(), GuildId(1), Locale::English, "landing").await);
        assert!(answer.contains("16 July 1969 — the rocket left Florida (The Florida Example)"), "{answer}");
        let none = shown(events(&FakeDesk::default(), GuildId(1), Locale::English, "nothing").await);
        assert!(none.starts_with("▌ No story was found."), "{none}");
    }

    #[tokio::test]
    async fn an_actor_and_their_stories() {
        let today = NaiveDate::from_ymd_opt(1969, 7, 22).unwrap();
        let asked = |name: &'static str, from: Option<&'static str>, to: Option<&'static str>| async move {
            shown(somebody(&FakeDesk::default(), (GuildId(1), Tz::UTC.into()), name, from, to, today).await)
        };
        let answer = asked("Armstrong", Some("last week"), None).await;
        assert!(answer.starts_with("Neil Armstrong — commander"), "{answer}");
        assert!(
            answer.contains("Buzz Aldrin (1 story)") && answer.contains("Two men walk on the Moon"),
            "{answer}"
        );
        assert!(asked("Gagarin", None, None).await.starts_with("▌ Nobody and nothing of that name"));
        assert!(asked("Armstrong", Some("today"), Some("yesterday")).await.contains("Nothing can be after"));
    }
}
