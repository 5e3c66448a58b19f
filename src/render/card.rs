//! The card of a story: what happened, who, when, who says so.
//!
//! A reader should have it in ten seconds, so every card has the same parts in the same order, in short
//! lines, and no part is ever empty.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::Url;

use super::buttons::Press;
use super::limits::max;
use super::text::{clip, fit, link, plain, units, web_url};
use super::{Action, Button, Embed, Field, Message, dates};
use crate::domain::{
    Actor, Digest, KeyDate, Nonce, Provenance, Published, Source, Story, Summarizer, SummarySentence,
};

/// The card as it is posted to a channel, and edited when the story grows.
///
/// Its headline and "Read" button lead to the earliest source. Within Discord's limits for any story.
pub fn card(story: &Story, nonce: &Nonce, tz: Tz) -> Message {
    let tellings: Vec<Telling> = story.sources.iter().map(Telling::of).collect();
    let mut row = read_button(&tellings);
    for (label, press) in
        [("Sources", Press::Sources(nonce.clone())), ("Inaccurate", Press::Inaccurate(nonce.clone()))]
    {
        row.push(Button { label: label.to_owned(), action: Action::Custom(press.to_string()) });
    }
    let mut embed = full(&story.digest, &tellings, Some(story.updated_at), tz);
    if story.breaking.is_some() {
        embed.author = Some("Breaking".to_owned());
        embed.colour = BREAKING;
    }
    Message { embeds: vec![embed], buttons: vec![row], ..Message::default() }
}

pub(super) const NEWS: u32 = 0x2f_6f_ab;
const BREAKING: u32 = 0xb3_26_2e;
const RETRACTED: u32 = 0x7a_7f_87;

// What each part may take. The sum stays below what all embeds of a message may hold together.
const SUMMARY: usize = 1600;
const BRIEF: usize = 800;
const FOOTER: usize = 200;
const ACTORS: usize = 5;
const NAME: usize = 90;
const ROLE: usize = 90;
const DATES: usize = 4;
const DATE: usize = 70;
const EVENT: usize = 170;
const HEADINGS: usize = 70;
const _: () = assert!(max::TITLE + SUMMARY + FOOTER + 3 * max::FIELD_VALUE + HEADINGS <= max::ALL_EMBEDS);
const _: () = assert!(ACTORS * (NAME + ROLE + 8) <= max::FIELD_VALUE);
const _: () = assert!(DATES * (DATE + EVENT + 8) <= max::FIELD_VALUE);

/// Sources named on a card; the button shows all of them.
const SOURCES: usize = 5;

/// One outlet's telling, as it is shown.
pub(super) struct Telling<'a> {
    pub outlet: &'a str,
    pub url: Option<Url>,
    pub published: Option<Published>,
}

impl<'a> Telling<'a> {
    pub fn of(source: &'a Source) -> Self {
        Self { outlet: &source.outlet, url: web_url(&source.url), published: source.published }
    }

    /// "The Herald — 7 September 2022", with the outlet linked where the line stays within `room`.
    pub fn line(&self, tz: Tz, room: usize) -> String {
        let when = self.published.map(|at| format!(" — {}", dates::published(at, tz))).unwrap_or_default();
        let name = fit(&self.name(), 100);
        if let Some(url) = &self.url {
            let line = format!("{}{when}", link(&name, url));
            if units(&line) <= room {
                return line;
            }
        }
        format!("{name}{when}")
    }

    /// The outlet, or where it does not say, its host. Not escaped, never blank.
    fn name(&self) -> String {
        let outlet = plain(self.outlet);
        if !outlet.is_empty() {
            return outlet;
        }
        let host = self.url.as_ref().and_then(Url::host_str).unwrap_or_default();
        if host.is_empty() { "a source without a name".to_owned() } else { host.to_owned() }
    }
}

/// All parts of a digest.
pub(super) fn full(
    digest: &Digest,
    tellings: &[Telling],
    updated_at: Option<DateTime<Utc>>,
    tz: Tz,
) -> Embed {
    let fields = [
        ("Key actors", actors(&digest.actors)),
        ("Key dates", key_dates(&digest.dates)),
        ("Sources", sources(tellings, updated_at, tz)),
    ];
    Embed {
        author: None,
        title: Some(headline(digest, tellings, max::TITLE)),
        url: lead_url(tellings, max::EMBED_URL),
        description: summary(&digest.summary, SUMMARY),
        fields: fields
            .into_iter()
            .filter(|(_, lines)| !lines.is_empty())
            .map(|(name, lines)| Field { name: name.to_owned(), value: lines.join("\n"), inline: false })
            .collect(),
        footer: Some(provenance(&digest.provenance)),
        colour: NEWS,
    }
}

/// What a card becomes that moderators took back: its headline and sources stay, so that readers know what of.
pub fn retracted(story: &Story, nonce: &Nonce) -> Message {
    let tellings: Vec<Telling> = story.sources.iter().map(Telling::of).collect();
    let sources = Action::Custom(Press::Sources(nonce.clone()).to_string());
    let embed = Embed {
        author: Some("Retracted".to_owned()),
        description: Some(format!(
            "~~{}~~\nThe moderators of this server have taken this card back as inaccurate.",
            headline(&story.digest, &tellings, max::TITLE)
        )),
        colour: RETRACTED,
        ..Embed::default()
    };
    let buttons = vec![vec![Button { label: "Sources".to_owned(), action: sources }]];
    Message { embeds: vec![embed], buttons, ..Message::default() }
}

/// One of several stories in an answer, within `room` characters in all; `room` is at least 300.
pub(super) fn brief(story: &Story, room: usize, tz: Tz) -> Embed {
    let tellings: Vec<Telling> = story.sources.iter().map(Telling::of).collect();
    let title = headline(&story.digest, &tellings, (room / 4).min(max::TITLE));
    let names: Vec<String> =
        story.digest.actors.iter().take(ACTORS).map(|actor| plain(&actor.name)).collect();
    let who = fit(&names.join(" · "), room / 5);
    let footer = tellings.first().map(|lead| {
        let when = lead.published.map(|at| format!(" · {}", dates::published(at, tz))).unwrap_or_default();
        let more = match tellings.len() {
            1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        // The rest of the line takes at most 55.
        format!("{}{more}{when}", clip(&lead.name(), (room / 5).saturating_sub(55)))
    });
    // "\n-# " before the names.
    let taken = units(&title) + units(&who) + footer.as_deref().map_or(0, units) + 4;
    let text = summary(&story.digest.summary, room.saturating_sub(taken).min(BRIEF));
    let who = (!who.is_empty()).then(|| format!("-# {who}"));
    let description: Vec<String> = [text, who].into_iter().flatten().collect();
    Embed {
        author: None,
        title: Some(title),
        url: lead_url(&tellings, max::EMBED_URL),
        description: (!description.is_empty()).then(|| description.join("\n")),
        fields: Vec::new(),
        footer,
        colour: NEWS,
    }
}

/// A button that opens the lead source, where its address is short enough for one.
pub(super) fn read_button(tellings: &[Telling]) -> Vec<Button> {
    lead_url(tellings, max::BUTTON_URL)
        .map(|url| Button { label: "Read".to_owned(), action: Action::Link(url) })
        .into_iter()
        .collect()
}

/// The headline of a story as text; where the article has none, who tells it. Escaped, never empty.
pub(super) fn headline(digest: &Digest, tellings: &[Telling], room: usize) -> String {
    let headline = fit(digest.headline.as_deref().unwrap_or_default(), room);
    if !headline.is_empty() {
        return headline;
    }
    match tellings.first() {
        Some(lead) => fit(&format!("Reported by {}", lead.name()), room),
        None => "A story without a headline".to_owned(),
    }
}

pub(super) fn lead_url(tellings: &[Telling], room: usize) -> Option<Url> {
    tellings.first()?.url.clone().filter(|url| units(url.as_str()) <= room)
}

/// The sentences as one paragraph; one that was cut before its full stop gets it back.
pub(super) fn summary(sentences: &[SummarySentence], room: usize) -> Option<String> {
    let mut paragraph = String::new();
    for sentence in sentences {
        let sentence = plain(&sentence.text);
        if sentence.is_empty() {
            continue;
        }
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(&sentence);
        let unquoted = sentence.trim_end_matches(['"', '”', '’', '\'', ')', '»']);
        if !unquoted.ends_with(['.', '!', '?', '…', '。', '！', '？']) {
            paragraph.push('.');
        }
    }
    let paragraph = fit(&paragraph, room);
    (!paragraph.is_empty()).then_some(paragraph)
}

/// "**Edi Rama** — prime minister"
fn actors(actors: &[Actor]) -> Vec<String> {
    let line = |actor: &Actor| {
        let name = fit(&actor.name, NAME);
        let role = fit(actor.role.as_deref().unwrap_or_default(), ROLE);
        match (name.is_empty(), role.is_empty()) {
            (true, _) => None,
            (false, true) => Some(format!("**{name}**")),
            (false, false) => Some(format!("**{name}** — {role}")),
        }
    };
    actors.iter().filter_map(line).take(ACTORS).collect()
}

/// "**15 July 2022** — a cyberattack on government services"
fn key_dates(dates: &[KeyDate]) -> Vec<String> {
    let line = |date: &KeyDate| {
        let when = fit(&dates::key_date(date), DATE);
        let event = fit(date.event.as_deref().unwrap_or_default(), EVENT);
        match (when.is_empty(), event.is_empty()) {
            (true, _) => None,
            (false, true) => Some(format!("**{when}**")),
            (false, false) => Some(format!("**{when}** — {event}")),
        }
    };
    dates.iter().filter_map(line).take(DATES).collect()
}

/// The first sources, how many there are, and since when.
fn sources(tellings: &[Telling], updated_at: Option<DateTime<Utc>>, tz: Tz) -> Vec<String> {
    // The closing line takes less than 80.
    let mut room = max::FIELD_VALUE - 80;
    let mut lines = Vec::new();
    for telling in tellings.iter().take(SOURCES) {
        let line = telling.line(tz, room);
        let Some(left) = room.checked_sub(units(&line) + 1) else {
            break;
        };
        room = left;
        lines.push(line);
    }
    if let (2.., Some(at)) = (tellings.len(), updated_at) {
        lines.push(format!("{} · updated <t:{}:R>", count(tellings), at.timestamp()));
    }
    lines
}

/// "3 sources", or where an outlet has told it twice, "5 articles from 3 outlets".
pub(super) fn count(tellings: &[Telling]) -> String {
    let outlets: std::collections::HashSet<String> =
        tellings.iter().map(|t| t.name().to_lowercase()).collect();
    match (tellings.len(), outlets.len()) {
        (1, _) => "1 source".to_owned(),
        (articles, 1) => format!("{articles} articles from 1 outlet"),
        (articles, outlets) if articles == outlets => format!("{articles} sources"),
        (articles, outlets) => format!("{articles} articles from {outlets} outlets"),
    }
}

/// "Automatic summary · all-MiniLM-L6-v2 · dateline 0.1.0". Plain: a footer renders no markdown.
fn provenance(provenance: &Provenance) -> String {
    let how = match provenance.summarizer {
        Summarizer::Extractive | Summarizer::Abstractive => "Automatic summary",
        Summarizer::Lede => "The article's first sentences",
    };
    let model = clip(&plain(&provenance.model), 80);
    let version = clip(&plain(&provenance.version), 40);
    if model.is_empty() {
        format!("{how} · dateline {version}")
    } else {
        format!("{how} · {model} · dateline {version}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixtures::{HARMS, hostile_stories, moon, nonce, texts, ultimatum};
    use crate::render::{terminal, validate};

    #[test]
    fn a_card_tells_what_happened_who_and_when() {
        insta::assert_snapshot!(terminal(&card(&moon(), &nonce(), Tz::UTC), 84, false), @"
        ▌ Two men walk on the Moon
        ▌ Neil Armstrong and Buzz Aldrin landed on the Moon on Sunday and spent more than
        ▌ two hours outside. Michael Collins stayed in orbit above them.
        ▌
        ▌ Key actors
        ▌ Neil Armstrong — commander
        ▌ Buzz Aldrin — pilot of the landing craft
        ▌ NASA
        ▌
        ▌ Key dates
        ▌ 16 July 1969 — the rocket left Florida
        ▌ 20 July 1969, 20:17 — the craft touched down
        ▌ 1960s — the goal that Kennedy had set
        ▌
        ▌ Sources
        ▌ The Florida Example <https://florida.example/moon-landing> — 21 July 1969, 01:05
        ▌ UTC
        ▌ Exempel-Bladet <https://bladet.example/nyheter/manen> — 21 July 1969
        ▌ Radio Sample <https://radio.example/%28live%29>
        ▌ 3 sources · updated 21 July 1969, 05:00 UTC
        ▌
        ▌ Automatic summary · all-MiniLM-L6-v2 · dateline 0.1.0

        [ Read ↗ ] [ Sources ] [ Inaccurate ]
        ");
    }

    #[test]
    fn a_deadline_a_lede_and_one_source() {
        insta::assert_snapshot!(terminal(&card(&ultimatum(), &nonce(), Tz::Europe__Vienna), 84, false), @"
        ▌ Vienna gives Belgrade 48 hours
        ▌ Austria-Hungary handed Serbia a note with ten demands on Thursday.
        ▌
        ▌ Key actors
        ▌ Austria-Hungary
        ▌ Serbia
        ▌ Leopold Berchtold — foreign minister
        ▌
        ▌ Key dates
        ▌ 48 hours, until 25 July 1914, 18:00 — an answer is due
        ▌ June 1914
        ▌
        ▌ Sources
        ▌ Example Tribune <https://tribune.example/1914/note> — 23 July 1914, 21:00 CET
        ▌
        ▌ The article's first sentences · all-MiniLM-L6-v2 · dateline 0.1.0

        [ Read ↗ ] [ Sources ] [ Inaccurate ]
        ");
    }

    #[test]
    fn the_card_as_it_is_sent() {
        insta::assert_debug_snapshot!(card(&moon(), &nonce(), Tz::UTC).embeds[0].fields, @r#"
        [
            Field {
                name: "Key actors",
                value: "**Neil Armstrong** — commander\n**Buzz Aldrin** — pilot of the landing craft\n**NASA**",
                inline: false,
            },
            Field {
                name: "Key dates",
                value: "**16 July 1969** — the rocket left Florida\n**20 July 1969, 20:17** — the craft touched down\n**1960s** — the goal that Kennedy had set",
                inline: false,
            },
            Field {
                name: "Sources",
                value: "[The Florida Example](https://florida.example/moon-landing) — 21 July 1969, 01:05 UTC\n[Exempel-Bladet](https://bladet.example/nyheter/manen) — 21 July 1969\n[Radio Sample](https://radio.example/%28live%29)\n3 sources · updated <t:-14151600:R>",
                inline: false,
            },
        ]
        "#);
    }

    #[test]
    fn every_story_fits_and_pings_nobody() {
        for (what, story) in hostile_stories() {
            let card = card(&story, &nonce(), Tz::UTC);
            assert_eq!(validate(&card), Ok(()), "{what}");
            assert_eq!(validate(&retracted(&story, &nonce())), Ok(()), "{what}, taken back");
            for room in [300, 600, 1200, 6000] {
                let embed = brief(&story, room, Tz::UTC);
                let size = [&embed.title, &embed.description, &embed.footer]
                    .into_iter()
                    .flatten()
                    .map(|t| units(t))
                    .sum::<usize>();
                assert!(size <= room, "{what}: {size} in {room}");
                assert_eq!(
                    validate(&Message { embeds: vec![embed], ..Message::default() }),
                    Ok(()),
                    "{what}"
                );
            }
            for harm in HARMS {
                assert!(!texts(&card).iter().any(|text| text.contains(harm)), "{what}: {harm}");
            }
        }
    }
}
