//! The card of a story: what happened, who, when, who says so.
//!
//! A reader should have it in ten seconds, so every card has the same parts in the same order, in short
//! lines, and no part is ever empty.

use chrono::{DateTime, Utc};
use url::Url;

use super::buttons::Press;
use super::limits::max;
use super::telling::{Telling, count, lead_url, tellings};
use super::text::{clip, fit, link, plain, units, web_url};
use super::words::{Audience, fill, say};
use super::{Action, Button, Embed, Field, Message, dates};
use crate::domain::{
    Actor, Digest, Dispute, DisputedFigure, KeyDate, Kind, Locale, News, Nonce, Provenance, Related, Story,
    Summarizer, SummarySentence,
};

/// The card as it is posted to a channel, and edited when the story grows.
///
/// Its headline and "Read" button lead to the source whose headline it is. Within Discord's limits for any story.
/// A story that was merged into another has a card that leads there. Its colour is that of its kind at `now`, and
/// stays until the next edit.
pub fn card(story: &Story, nonce: &Nonce, locale: Locale, now: DateTime<Utc>) -> Message {
    let button = |label: &'static str, press: Press| Button {
        label: label.to_owned(),
        action: Action::Custom(press.to_string()),
    };
    // Marks the card as ours, so that every card has it.
    let sources = button(say(locale, "Sources"), Press::Sources(nonce.clone()));
    if let Some(into) = &story.merged_into {
        return Message {
            embeds: vec![pointer(story, into, locale)],
            buttons: vec![vec![sources]],
            ..Message::default()
        };
    }
    let mut row = read_button(&tellings(story), locale);
    row.push(sources);
    if !story.timeline.is_empty() {
        row.push(button(say(locale, "Timeline"), Press::Timeline(nonce.clone())));
    }
    row.push(button(say(locale, "Inaccurate"), Press::Inaccurate(nonce.clone())));
    Message {
        embeds: vec![of_story(story, locale, story.kind(Some(now)))],
        buttons: vec![row],
        ..Message::default()
    }
}

/// What is left of the card of a story whose articles another has now.
fn pointer(story: &Story, into: &Related, locale: Locale) -> Embed {
    let link = related_link(into, MERGED, locale);
    let words = "The same event as {link}, which has all sources and goes on.";
    Embed {
        title: Some(headline(&story.digest, &[], max::TITLE, locale)),
        description: Some(fill(locale, words, &[("link", link)])),
        colour: NEWS,
        ..Embed::default()
    }
}

/// Another story's headline, linked to its card, else to its source; with its number where neither can be.
fn related_link(related: &Related, room: usize, locale: Locale) -> String {
    let number = fill(locale, "story {number}", &[("number", related.story.to_string())]);
    let headline = fit(related.headline.as_deref().unwrap_or_default(), room / 2);
    let name = if headline.is_empty() { number.clone() } else { headline };
    let card = related
        .card
        .map(|(guild, channel, message)| format!("https://discord.com/channels/{guild}/{channel}/{message}"));
    let address = card.or_else(|| related.url.clone()).as_deref().and_then(web_url);
    let linked = address.map(|url| link(&name, &url)).filter(|linked| units(linked) <= room);
    linked.unwrap_or_else(|| format!("{name} ({number})"))
}

pub(super) const NEWS: u32 = 0x2f_6f_ab;
const BREAKING: u32 = 0xb3_26_2e;
const DEVELOPING: u32 = 0xd9_7b_1f;
const CORRECTED: u32 = 0x8a_5c_c2;
const RETRACTED: u32 = 0x7a_7f_87;

// What each part may take. The sum stays below what all embeds of a message may hold together.
const SUMMARY: usize = 1150;
const BRIEF: usize = 800;
const FOOTER: usize = 200;
const ACTORS: usize = 5;
const NAME: usize = 90;
const ROLE: usize = 90;
const DATES: usize = 4;
const DATE: usize = 70;
const EVENT: usize = 170;
const NEW: usize = 400;
const DIFFER: usize = 300;
const EARLIER: usize = 300;
const MERGED: usize = 1000;
const HEADINGS: usize = 240;
const _: () = assert!(
    max::TITLE + SUMMARY + FOOTER + NEW + DIFFER + EARLIER + 3 * max::FIELD_VALUE + HEADINGS
        <= max::ALL_EMBEDS
);
const _: () = assert!(ACTORS * (NAME + ROLE + 8) <= max::FIELD_VALUE);
const _: () = assert!(DATES * (DATE + EVENT + 8) <= max::FIELD_VALUE);

/// Sources named on a card; the button shows all of them.
const SOURCES: usize = 5;

/// All parts of a story.
pub(super) fn of_story(story: &Story, locale: Locale, kind: Kind) -> Embed {
    let tellings = tellings(story);
    let mut embed = full(&story.digest, &tellings, Some(story.updated_at), locale);
    // "(The Herald)" behind what is not the lead's.
    let others = story.told_by.iter().map(|article| {
        let source = story.source(*article).filter(|_| *article != story.lead)?;
        Some(clip(&Telling::of(source).name(locale), 60))
    });
    embed.description = summary(&story.digest.summary, &others.collect::<Vec<_>>(), SUMMARY);
    let mut parts = Vec::new();
    if let Some(news) = latest(story, locale) {
        parts.push((say(locale, "New"), news));
    }
    if !story.disputes.is_empty() {
        parts.push((say(locale, "Reports differ"), disputes(&story.disputes, DIFFER)));
    }
    if let Some(earlier) = &story.earlier {
        parts.push((say(locale, "Earlier"), related_link(earlier, EARLIER, locale)));
    }
    let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
    let parts = parts.map(|(name, value)| Field { name: name.to_owned(), value, inline: false });
    let (label, colour) = match kind {
        Kind::News => (None, NEWS),
        Kind::Developing => (None, DEVELOPING),
        Kind::Breaking => (Some(say(locale, "Breaking")), BREAKING),
        Kind::Corrected => (Some(say(locale, "Corrected")), CORRECTED),
    };
    embed.colour = colour;
    let outlet = tellings.iter().find(|telling| telling.leads).map(|lead| lead.name(locale));
    illustrate(&mut embed, label, outlet, story.icon.as_ref(), story.image.as_ref());
    // Before the sources, which come last.
    let at = embed
        .fields
        .iter()
        .position(|field| field.name == say(locale, "Sources"))
        .unwrap_or(embed.fields.len());
    embed.fields.splice(at..at, parts);
    embed
}

/// The picture of an article, and above its headline the label and, where it has an icon, its outlet.
pub(super) fn illustrate(
    embed: &mut Embed,
    label: Option<&str>,
    outlet: Option<String>,
    icon: Option<&Url>,
    image: Option<&Url>,
) {
    let outlet = icon.and(outlet).map(|outlet| clip(&outlet, 100)).filter(|outlet| !outlet.is_empty());
    embed.icon = icon.filter(|_| outlet.is_some()).cloned();
    let parts: Vec<&str> = [label, outlet.as_deref()].into_iter().flatten().collect();
    embed.author = (!parts.is_empty()).then(|| parts.join(" · "));
    embed.thumbnail = image.cloned();
}

/// What was told last that nobody had told before, and by whom; without what the summary says.
fn latest(story: &Story, locale: Locale) -> Option<String> {
    let (source, news) = story.latest_news()?;
    let shown = |sentence: &String| !story.digest.summary.iter().any(|own| own.text == *sentence);
    let news = News { sentence: news.sentence.clone().filter(shown), ..news.clone() };
    let words = news_words(&news, NEW - 70, locale);
    (!words.is_empty()).then(|| format!("{words} ({})", fit(&Telling::of(source).name(locale), 60)))
}

/// "The bridge was closed. · 5 dead (before: 3 dead) · first named: Edi Rama": within `room`, or nothing.
pub(super) fn news_words(news: &News, room: usize, locale: Locale) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(news.sentence.as_ref().map(|sentence| plain(sentence)));
    parts.extend(news.figures.iter().take(3).map(|figure| match &figure.before {
        Some(before) => fill(locale, "{now} (before: {before})", &[("now", &figure.now), ("before", before)]),
        None => figure.now.clone(),
    }));
    if !news.actors.is_empty() {
        let names: Vec<String> = news.actors.iter().take(ACTORS).map(|name| plain(name)).collect();
        parts.push(fill(locale, "first named: {names}", &[("names", names.join(", "))]));
    }
    if news.sentence.is_none() {
        let date = |date: &KeyDate| {
            Some(format!("{}: {}", dates::key_date(date, locale), plain(date.event.as_deref()?)))
        };
        parts.extend(news.dates.iter().filter_map(date).take(1));
    }
    parts.retain(|part| !part.is_empty());
    fit(&parts.join(" · "), room)
}

/// "3 dead (The Herald), 5 dead (Le Petit Écho)", a line for each.
pub(super) fn disputes(disputes: &[Dispute], room: usize) -> String {
    let figure = |figure: &DisputedFigure| {
        let outlets: Vec<String> =
            figure.outlets.iter().take(3).map(|outlet| clip(&plain(outlet), 40)).collect();
        format!("{} ({})", clip(&plain(&figure.words), 60), outlets.join(", "))
    };
    let line = |dispute: &Dispute| dispute.figures.iter().take(4).map(figure).collect::<Vec<_>>().join(", ");
    let share = room / disputes.len().clamp(1, 2) - 1;
    disputes.iter().take(2).map(|dispute| fit(&line(dispute), share)).collect::<Vec<_>>().join("\n")
}

/// All parts of a digest.
pub(super) fn full(
    digest: &Digest,
    tellings: &[Telling],
    updated_at: Option<DateTime<Utc>>,
    locale: Locale,
) -> Embed {
    let fields = [
        (say(locale, "Key actors"), actors(&digest.actors)),
        (say(locale, "Key dates"), key_dates(&digest.dates, locale)),
        (say(locale, "Sources"), sources(tellings, updated_at, locale)),
    ];
    Embed {
        title: Some(headline(digest, tellings, max::TITLE, locale)),
        url: lead_url(tellings, max::EMBED_URL),
        description: summary(&digest.summary, &[], SUMMARY),
        fields: fields
            .into_iter()
            .filter(|(_, lines)| !lines.is_empty())
            .map(|(name, lines)| Field { name: name.to_owned(), value: lines.join("\n"), inline: false })
            .collect(),
        footer: Some(provenance(&digest.provenance, locale)),
        colour: NEWS,
        ..Embed::default()
    }
}

/// What a card becomes that moderators took back: its headline and sources stay, so that readers know what of.
pub fn retracted(story: &Story, nonce: &Nonce, locale: Locale) -> Message {
    let taken = say(locale, "The moderators of this server have taken this card back as inaccurate.");
    let tellings = tellings(story);
    let sources = Action::Custom(Press::Sources(nonce.clone()).to_string());
    let embed = Embed {
        author: Some(say(locale, "Retracted").to_owned()),
        description: Some(format!("~~{}~~\n{taken}", headline(&story.digest, &tellings, max::TITLE, locale))),
        colour: RETRACTED,
        ..Embed::default()
    };
    let buttons = vec![vec![Button { label: say(locale, "Sources").to_owned(), action: sources }]];
    Message { embeds: vec![embed], buttons, ..Message::default() }
}

/// One of several stories in an answer, within `room` characters in all; `room` is at least 300.
pub(super) fn brief(story: &Story, room: usize, audience: Audience) -> Embed {
    let locale = audience.locale;
    let tellings = tellings(story);
    let title = headline(&story.digest, &tellings, (room / 4).min(max::TITLE), locale);
    let names: Vec<String> =
        story.digest.actors.iter().take(ACTORS).map(|actor| plain(&actor.name)).collect();
    let who = fit(&names.join(" · "), room / 5);
    let footer = tellings.first().map(|lead| {
        let when =
            lead.published.map(|at| format!(" · {}", dates::published(at, audience))).unwrap_or_default();
        let name = clip(&lead.name(locale), (room / 5).saturating_sub(60));
        // The rest of the line takes at most 60.
        let who = match tellings.len() {
            1 => name,
            n => fill(locale, "{outlet} and {n} more", &[("outlet", name), ("n", (n - 1).to_string())]),
        };
        format!("{who}{when}")
    });
    // "\n-# " before the names.
    let taken = units(&title) + units(&who) + footer.as_deref().map_or(0, units) + 4;
    let text = summary(&story.digest.summary, &[], room.saturating_sub(taken).min(BRIEF));
    let who = (!who.is_empty()).then(|| format!("-# {who}"));
    let description: Vec<String> = [text, who].into_iter().flatten().collect();
    Embed {
        title: Some(title),
        url: lead_url(&tellings, max::EMBED_URL),
        description: (!description.is_empty()).then(|| description.join("\n")),
        footer,
        colour: NEWS,
        ..Embed::default()
    }
}

/// A button that opens the lead source, where its address is short enough for one.
pub(super) fn read_button(tellings: &[Telling], locale: Locale) -> Vec<Button> {
    lead_url(tellings, max::BUTTON_URL)
        .map(|url| Button { label: say(locale, "Read").to_owned(), action: Action::Link(url) })
        .into_iter()
        .collect()
}

/// The headline of a story as text; where the article has none, who tells it. Escaped, never empty.
pub(super) fn headline(digest: &Digest, tellings: &[Telling], room: usize, locale: Locale) -> String {
    let headline = fit(digest.headline.as_deref().unwrap_or_default(), room);
    if !headline.is_empty() {
        return headline;
    }
    match tellings.first() {
        Some(lead) => fit(&fill(locale, "Reported by {outlet}", &[("outlet", lead.name(locale))]), room),
        None => say(locale, "A story without a headline").to_owned(),
    }
}

/// What a post that holds the card is called: the headline, within the 100 characters of a post's name. Not escaped.
pub fn post_name(story: &Story, locale: Locale) -> String {
    let headline = clip(&plain(story.digest.headline.as_deref().unwrap_or_default()), max::POST_NAME);
    if !headline.is_empty() {
        return headline;
    }
    match tellings(story).first() {
        Some(lead) => {
            clip(&fill(locale, "Reported by {outlet}", &[("outlet", lead.name(locale))]), max::POST_NAME)
        }
        None => say(locale, "A story without a headline").to_owned(),
    }
}

/// The sentences as one paragraph; one that was cut before its full stop gets it back, and one that is another
/// outlet's the name of it.
pub(super) fn summary(
    sentences: &[SummarySentence],
    others: &[Option<String>],
    room: usize,
) -> Option<String> {
    let mut paragraph = String::new();
    for (at, sentence) in sentences.iter().enumerate() {
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
        if let Some(Some(outlet)) = others.get(at) {
            paragraph.push_str(&format!(" ({outlet})"));
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
fn key_dates(dates: &[KeyDate], locale: Locale) -> Vec<String> {
    let line = |date: &KeyDate| {
        let when = fit(&dates::key_date(date, locale), DATE);
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
fn sources(tellings: &[Telling], updated_at: Option<DateTime<Utc>>, locale: Locale) -> Vec<String> {
    // The closing line takes less than 120.
    let mut room = max::FIELD_VALUE - 120;
    let mut lines = Vec::new();
    for telling in tellings.iter().take(SOURCES) {
        let line = telling.line(locale, room);
        let Some(left) = room.checked_sub(units(&line) + 1) else {
            break;
        };
        room = left;
        lines.push(line);
    }
    if let (2.., Some(at)) = (tellings.len(), updated_at) {
        let when = format!("<t:{}:R>", at.timestamp());
        let updated = fill(locale, "updated {when}", &[("when", when)]);
        lines.push(format!("{} · {updated}", count(tellings, locale)));
    }
    lines
}

/// "Automatic summary · all-MiniLM-L6-v2 · dateline 0.1.0". Plain: a footer renders no markdown.
fn provenance(provenance: &Provenance, locale: Locale) -> String {
    let how = match provenance.summarizer {
        Summarizer::Extractive | Summarizer::Abstractive => say(locale, "Automatic summary"),
        Summarizer::Lede => say(locale, "The article's first sentences"),
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
mod tests;
