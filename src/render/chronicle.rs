//! Answers that go into the depth of stories: all of one, dated events, an actor.

use chrono::{DateTime, Utc};

use super::answer::{LINE, LINES, StoryPage, list, page_of, stories};
use super::buttons::{List, pager, that_fit};
use super::card::{NEWS, disputes, news_words, of_story, read_button};
use super::limits::max;
use super::telling::tellings;
use super::text::{clip, fit, plain};
use super::words::{self, Audience, fill, say};
use super::{Embed, Message, dates};
use crate::domain::{ActorKind, Dated, Locale, Story, StoryId};

/// All of a story over several pages: its card, then every dated event and every source with what it told anew.
pub fn story(story: &Story, page: usize, locale: Locale) -> Message {
    let all = chronicle(story, locale);
    let number = fill(locale, "Story {number}", &[("number", story.id.to_string())]);
    let pages = 1 + all.len().div_ceil(LINES);
    let page = page.min(pages - 1);
    let mut buttons = pager(&List::Story(story.id), page, pages, locale);
    let embed = match page.checked_sub(1).and_then(|at| all.chunks(LINES).nth(at)) {
        Some(lines) => Embed {
            title: Some(fit(story.digest.headline.as_deref().unwrap_or_default(), max::TITLE))
                .filter(|t| !t.is_empty()),
            description: Some(lines.join("\n")),
            footer: Some(format!("{number} · {}", page_of(page, pages, locale))),
            colour: NEWS,
            ..Embed::default()
        },
        None => {
            let mut embed = of_story(story, locale, story.kind(None));
            embed.footer = embed.footer.map(|footer| clip(&format!("{number} · {footer}"), 240));
            let read = read_button(&tellings(story), locale);
            if let Some(row) = buttons.first_mut() {
                row.splice(0..0, read);
            }
            embed
        }
    };
    Message { embeds: vec![embed], buttons, ..Message::default() }
}

/// The lines behind a story's card, each within [`LINE`].
fn chronicle(story: &Story, locale: Locale) -> Vec<String> {
    let mut lines = Vec::new();
    let heading = |english| format!("**{}**", say(locale, english));
    if !story.timeline.is_empty() {
        lines.push(heading("Timeline"));
        lines.extend(story.timeline.iter().map(|dated| event(story, dated, locale)));
    }
    if !story.disputes.is_empty() {
        lines.push(heading("Reports differ"));
        lines.extend(story.disputes.iter().map(|dispute| disputes(std::slice::from_ref(dispute), LINE)));
    }
    lines.push(heading("How it grew"));
    for (source, telling) in story.sources.iter().zip(tellings(story)) {
        let line = telling.line(locale, LINE / 2);
        let news =
            source.news.as_ref().map(|news| news_words(news, LINE / 2 - 20, locale)).unwrap_or_default();
        lines.push(if news.is_empty() { line } else { format!("{line}\n-# {}: {news}", say(locale, "New")) });
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// "**15 July 2022** — a cyberattack on government services (The Herald)"; blank where nothing of it can be shown.
fn event(story: &Story, dated: &Dated, locale: Locale) -> String {
    let when = fit(&dates::key_date(&dated.date, locale), 80);
    let what = fit(dated.date.event.as_deref().unwrap_or_default(), 200);
    let outlet = story.source(dated.article).map(|source| fit(&source.outlet, 60)).unwrap_or_default();
    let outlet = if outlet.is_empty() { outlet } else { format!(" ({outlet})") };
    match (when.is_empty(), what.is_empty()) {
        (true, true) => String::new(),
        (true, false) => format!("{what}{outlet}"),
        (false, true) => format!("**{when}**{outlet}"),
        (false, false) => format!("**{when}** — {what}{outlet}"),
    }
}

/// The dated events of stories in calendar order; `ids` are all that were asked for.
pub fn timeline(ids: &[StoryId], found: &[Story], page: usize, locale: Locale) -> Message {
    let mut events: Vec<(&Story, &Dated)> =
        found.iter().flat_map(|story| story.timeline.iter().map(move |dated| (story, dated))).collect();
    events.sort_by_key(|(story, dated)| (dated.date.day(), story.id));
    let lines = events.into_iter().map(|(story, dated)| event(story, dated, locale));
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    let title = match found {
        [story] => {
            let headline = story.digest.headline.as_deref().unwrap_or(say(locale, "a story"));
            fit(&format!("{}: {headline}", say(locale, "Timeline")), 200)
        }
        _ => fill(locale, "Timeline of {n} stories", &[("n", found.len().to_string())]),
    };
    let kind = List::Timeline(that_fit(ids).to_vec());
    let none = say(locale, "Nothing in it is dated.");
    list(&title, &lines, String::clone, none, &kind, page, locale)
}

/// Who somebody is in the news.
#[derive(Debug, Clone, PartialEq)]
pub struct ActorView {
    /// The name that most articles give.
    pub name: String,
    pub kind: ActorKind,
    /// As the newest article that gives one words it.
    pub role: Option<String>,
    /// Other names that were found under what was asked for, most frequent first.
    pub also: Vec<String>,
    pub articles: usize,
    /// There are older ones, which are not counted.
    pub more: bool,
    /// The newest first.
    pub stories: Vec<StoryId>,
    /// Publication of the first article and of the last.
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
    /// Whom the same articles name, with the number of stories, most first.
    pub with: Vec<(String, u64)>,
}

/// An actor, and the newest of the stories in which they appear.
pub fn actor(
    view: &ActorView,
    first_page: &[Story],
    on_page: usize,
    audience: impl Into<Audience>,
) -> Message {
    let audience = audience.into();
    let Audience { tz, locale } = audience;
    let what = match view.kind {
        ActorKind::Person => say(locale, "a person"),
        ActorKind::Organization => say(locale, "an organization"),
        ActorKind::Place => say(locale, "a place"),
    };
    let role = view.role.as_deref().map(|role| fit(role, 100)).filter(|role| !role.is_empty());
    let told = |at: DateTime<Utc>| dates::day(at.with_timezone(&tz).date_naive(), locale);
    let (first, last) = (told(view.first), told(view.last));
    let when = if first == last {
        fill(locale, "on {day}", &[("day", first)])
    } else {
        fill(locale, "from {first} to {last}", &[("first", first), ("last", last)])
    };
    let articles = words::count(locale, view.articles, "1 article", "{n} articles");
    let of = words::count(locale, view.stories.len(), "1 story", "{n} stories");
    let named = if view.more {
        "Named of late in {articles} of {stories}, {when}"
    } else {
        "Named in {articles} of {stories}, {when}"
    };
    let mut lines = vec![
        format!("**{}** — {}", fit(&view.name, 150), role.unwrap_or_else(|| what.to_owned())),
        fill(locale, named, &[("articles", articles), ("stories", of), ("when", when)]),
    ];
    if !view.also.is_empty() {
        let names: Vec<String> = view.also.iter().take(6).map(|name| clip(&plain(name), 60)).collect();
        let names = fit(&names.join(", "), 400);
        lines.push(fill(locale, "Also found: {names}", &[("names", names)]));
    }
    if !view.with.is_empty() {
        let with = view.with.iter().take(8).map(|(name, stories)| {
            format!(
                "{} ({})",
                clip(&plain(name), 60),
                words::count(locale, *stories as usize, "1 story", "{n} stories")
            )
        });
        let names = fit(&with.collect::<Vec<_>>().join(", "), 600);
        lines.push(fill(locale, "Appears with {names}", &[("names", names)]));
    }
    let page = StoryPage { ids: &view.stories, on_page, page: 0, stories: first_page };
    stories(&lines.join("\n"), &page, audience)
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;
    use crate::render::fixtures::{HARMS, hostile_stories, moon, quake, texts, ultimatum};
    use crate::render::{terminal, validate};

    #[test]
    fn all_of_a_story_over_its_pages() {
        insta::assert_snapshot!(terminal(&story(&quake(), 0, Locale::English), 84, false), @"
        ▌ Earthquake strikes San Francisco Bay
        ▌ An earthquake shook the San Francisco Bay area on Tuesday and brought down a span
        ▌ of the Bay Bridge. The third game of the World Series was called off at
        ▌ Candlestick Park. (Harbour Courier)
        ▌
        ▌ Key actors
        ▌ San Francisco
        ▌ Art Agnos — mayor
        ▌
        ▌ Key dates
        ▌ 17 October 1989 — an earthquake shook the Bay area
        ▌
        ▌ New
        ▌ A mile of the Nimitz Freeway fell onto the lanes below. · 5 dead (before: 3 dead)
        ▌ · first named: George Deukmejian (Meridian Wire)
        ▌
        ▌ Reports differ
        ▌ 3 dead (Harbour Courier), 5 dead (Meridian Wire)
        ▌
        ▌ Earlier
        ▌ Tremor felt in Lake Elsman <https://discord.com/channels/1/3/77>
        ▌
        ▌ Sources
        ▌ Bay Example <https://bay.example/quake> — 18 October 1989, 01:00 UTC
        ▌ Valley Sample <https://valley.example/quake> — 18 October 1989, 01:20 UTC · the
        ▌ text of Bay Example
        ▌ Harbour Courier <https://courier.example/series> — 18 October 1989, 02:00 UTC
        ▌ Meridian Wire <https://wire.example/quake> — 18 October 1989, 02:30 UTC
        ▌ 4 sources, 1 with the text of another · updated 18 October 1989, 02:30 UTC
        ▌
        ▌ Story 20 · Automatic summary · all-MiniLM-L6-v2 · dateline 0.1.0

        [ Read ↗ ] [ Page 2 ▶ ]
        ");
        insta::assert_snapshot!(terminal(&story(&quake(), 1, Locale::English), 84, false), @"
        ▌ Earthquake strikes San Francisco Bay
        ▌ Timeline
        ▌ 17 October 1989 — an earthquake shook the Bay area (Bay Example)
        ▌ Reports differ
        ▌ 3 dead (Harbour Courier), 5 dead (Meridian Wire)
        ▌ How it grew
        ▌ Bay Example <https://bay.example/quake> — 18 October 1989, 01:00 UTC
        ▌ Valley Sample <https://valley.example/quake> — 18 October 1989, 01:20 UTC · the
        ▌ text of Bay Example
        ▌ Harbour Courier <https://courier.example/series> — 18 October 1989, 02:00 UTC
        ▌ Meridian Wire <https://wire.example/quake> — 18 October 1989, 02:30 UTC
        ▌ New: A mile of the Nimitz Freeway fell onto the lanes below. · 5 dead (before: 3
        ▌ dead) · first named: George Deukmejian
        ▌
        ▌ Story 20 · Page 2 of 2

        [ ◀ Page 1 ]
        ");
    }

    #[test]
    fn events_of_several_stories_are_told_in_order() {
        let ids = [StoryId(11), StoryId(14)];
        insta::assert_snapshot!(terminal(&timeline(&ids, &[moon(), ultimatum()], 0, Locale::English), 84, false), @"
        ▌ Timeline of 2 stories
        ▌ 48 hours, until 25 July 1914, 18:00 — an answer is due (Example Tribune)
        ▌ 1960s — the goal that Kennedy had set (The Florida Example)
        ▌ 16 July 1969 — the rocket left Florida (The Florida Example)
        ▌ 20 July 1969, 20:17 — the craft touched down (The Florida Example)
        ");
        let one = terminal(&timeline(&ids[..1], &[moon()], 0, Locale::English), 84, false);
        assert!(one.starts_with("▌ Timeline: Two men walk on the Moon"), "{one}");
    }

    #[test]
    fn an_actor_with_company() {
        let view = ActorView {
            name: "Buzz Aldrin".to_owned(),
            kind: ActorKind::Person,
            role: Some("pilot of the landing craft".to_owned()),
            also: vec!["Edwin Aldrin".to_owned()],
            articles: 3,
            more: false,
            stories: vec![StoryId(11)],
            first: "1969-07-20T20:00:00Z".parse().unwrap(),
            last: "1969-07-21T05:00:00Z".parse().unwrap(),
            with: vec![("Neil Armstrong".to_owned(), 1), ("NASA".to_owned(), 1)],
        };
        insta::assert_snapshot!(terminal(&actor(&view, &[moon()], 5, Tz::UTC), 84, false), @"
        Buzz Aldrin — pilot of the landing craft
        Named in 3 articles of 1 story, from 20 July 1969 to 21 July 1969
        Also found: Edwin Aldrin
        Appears with Neil Armstrong (1 story), NASA (1 story)

        ▌ Two men walk on the Moon
        ▌ Neil Armstrong and Buzz Aldrin landed on the Moon on Sunday and spent more than
        ▌ two hours outside. Michael Collins stayed in orbit above them.
        ▌ Neil Armstrong · Buzz Aldrin · NASA
        ▌
        ▌ The Florida Example and 2 more · 21 July 1969, 01:05 UTC
        ");
        let more = terminal(&actor(&ActorView { more: true, ..view }, &[moon()], 5, Tz::UTC), 84, false);
        assert!(more.contains("Named of late in 3 articles of 1 story, from"), "{more}");
    }

    #[test]
    fn every_story_fits_on_every_page() {
        for (what, hostile) in hostile_stories() {
            let ids = vec![hostile.id; 30];
            let view = ActorView {
                name: hostile.digest.headline.clone().unwrap_or_default(),
                kind: ActorKind::Place,
                role: hostile.digest.headline.clone(),
                also: vec![hostile.digest.headline.clone().unwrap_or_default(); 9],
                articles: 9,
                more: true,
                stories: ids.clone(),
                first: DateTime::UNIX_EPOCH,
                last: DateTime::UNIX_EPOCH,
                with: vec![(hostile.digest.headline.clone().unwrap_or_default(), 1); 9],
            };
            let mut all = vec![actor(&view, std::slice::from_ref(&hostile), 5, Tz::UTC)];
            for page in [0, 1, 98] {
                all.push(story(&hostile, page, Locale::English));
                all.push(timeline(&ids, std::slice::from_ref(&hostile), page, Locale::German));
            }
            for message in all {
                assert_eq!(validate(&message), Ok(()), "{what}");
                for harm in HARMS {
                    assert!(!texts(&message).iter().any(|text| text.contains(harm)), "{what}: {harm}");
                }
            }
        }
    }
}
