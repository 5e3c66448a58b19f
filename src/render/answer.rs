//! The answers to commands and buttons.
//!
//! Settings and failures are told in one sentence each; lists come in pages whose state is in their
//! buttons. All of them stay within Discord's limits for any stored value.

mod feeds;
mod imported;
mod reports;
mod settings;
mod status;
mod subscriptions;

use url::Url;

pub use feeds::{feed_added, feed_health, feed_removed, feeds, health};
pub use imported::{ImportedFeeds, RefusedFeeds, feeds_exported, feeds_imported};
pub use reports::{ReportQueue, ReportView, reports};
pub use settings::settings;
pub use status::{Status, status};
pub use subscriptions::{Preview, SubscriptionView, subscribed, subscriptions, toggled, unsubscribed};

use super::buttons::{List, pager, that_fit};
use super::card::{NEWS, full, headline, illustrate, read_button};
use super::limits::max;
use super::telling::{Telling, count, lead_url, tellings};
use super::text::{clip, fit, link, units};
use super::why::{self, Trail};
use super::words::{self, Audience, fill, known, say};
use super::{Embed, Field, Message, Script, card};
use crate::domain::{Digest, Locale, Nonce, Published, Story, StoryId};

/// One page of a list of stories, an embed each.
#[derive(Debug, Clone)]
pub struct StoryPage<'a> {
    /// Of the whole list, best or newest first.
    pub ids: &'a [StoryId],
    /// How many stories a page holds, 1 to 10.
    pub on_page: usize,
    /// From 0.
    pub page: usize,
    /// Those of this page that are still kept.
    pub stories: &'a [Story],
}

impl StoryPage<'_> {
    /// Which of `ids` are on a page.
    pub fn ids_on(ids: &[StoryId], on_page: usize, page: usize) -> &[StoryId] {
        ids.chunks(on_page.clamp(1, max::EMBEDS)).nth(page).unwrap_or_default()
    }
}

/// A page of stories; the `heading` is text of ours with any foreign part escaped.
pub fn stories(heading: &str, list: &StoryPage, audience: impl Into<Audience>) -> Message {
    let audience = audience.into();
    let locale = audience.locale;
    let on_page = list.on_page.clamp(1, max::EMBEDS);
    if list.stories.is_empty() {
        return refused(say(locale, "These stories are no longer kept."));
    }
    let ids = that_fit(list.ids);
    let room = max::ALL_EMBEDS / on_page;
    let embeds = list.stories.iter().take(on_page).map(|story| card::brief(story, room, audience)).collect();
    let buttons =
        pager(&List::Stories { ids: ids.to_vec(), on_page }, list.page, ids.len().div_ceil(on_page), locale);
    let content = Some(clip(heading, max::CONTENT)).filter(|heading| !heading.is_empty());
    Message { content, embeds, buttons, ..Message::default() }
}

/// Every source of a story, for the reader who pressed "Sources".
pub fn all_sources(story: &Story, nonce: &Nonce, page: usize, locale: Locale) -> Message {
    let tellings = tellings(story);
    let headline = story.digest.headline.as_deref().unwrap_or(say(locale, "a story"));
    let title = fit(&format!("{}: {headline}", count(&tellings, locale)), 200);
    let line = |telling: &Telling| telling.line(locale, LINE);
    list(
        &title,
        &tellings,
        line,
        say(locale, "No source of this story is kept any more."),
        &List::Sources(nonce.clone()),
        page,
        locale,
    )
}

/// What became of an article.
pub fn why(trail: &Trail, locale: Locale) -> Message {
    let mut lines = why::lines(trail, locale, LINE, Script::EMBED);
    let left_out = lines.len().saturating_sub(LINES);
    // What came last says most.
    lines.drain(..left_out);
    let embed = Embed {
        title: Some(fit(trail.headline.as_deref().unwrap_or(&trail.url), 200)),
        description: Some(lines.join("\n")),
        footer: (left_out > 0).then(|| {
            words::count(locale, left_out, "1 earlier step is not shown", "{n} earlier steps are not shown")
        }),
        colour: NEWS,
        ..Embed::default()
    };
    Message { embeds: vec![embed], ..Message::default() }
}

/// A page that was digested on demand; it is not stored.
#[derive(Debug, Clone)]
pub struct DigestedPage {
    pub digest: Digest,
    pub outlet: String,
    pub url: Url,
    pub published: Option<Published>,
    /// Its lead picture, and the outlet's icon.
    pub image: Option<Url>,
    pub icon: Option<Url>,
}

/// The same card as a story's, and what a reader should know about the extraction.
pub fn digest(page: &DigestedPage, locale: Locale) -> Message {
    let tellings = [Telling {
        outlet: &page.outlet,
        url: Some(page.url.clone()),
        published: page.published,
        copy_of: None,
        leads: true,
    }];
    let mut embed = full(&page.digest, &tellings, None, locale);
    illustrate(&mut embed, None, Some(tellings[0].name(locale)), page.icon.as_ref(), page.image.as_ref());
    // A full embed leaves more than this of the sum.
    let notes: Vec<String> = page
        .digest
        .warnings
        .iter()
        .map(|warning| fit(&known(locale, warning), 150))
        .filter(|note| !note.is_empty())
        .take(3)
        .collect();
    if !notes.is_empty() {
        embed.fields.push(Field {
            name: say(locale, "Notes").to_owned(),
            value: notes.join("\n"),
            inline: false,
        });
    }
    let read = read_button(&tellings, locale);
    let buttons = if read.is_empty() { Vec::new() } else { vec![read] };
    Message { embeds: vec![embed], buttons, ..Message::default() }
}

/// What a person asked for cannot be done, and why: a sentence that may hold foreign text.
pub fn refused(sentence: &str) -> Message {
    let sentence = fit(sentence, 1900);
    said(BAD, if sentence.is_empty() { "…" } else { &sentence })
}

/// An answer that is neither good news nor bad.
pub fn told(sentence: &str) -> Message {
    said(NEWS, &fit(sentence, 1900))
}

/// Something broke. The reference is in the log, beside the cause.
pub fn failed(reference: &str, locale: Locale) -> Message {
    said(BAD, &fill(locale, "Something went wrong (ref {reference}).", &[("reference", fit(reference, 40))]))
}

const GOOD: u32 = 0x3b_8f_5a;
const BAD: u32 = 0xc0_55_3b;

/// Lines on one page of a list, and what each may take: together less than a description.
pub(super) const LINES: usize = 10;
pub(super) const LINE: usize = 400;
const _: () = assert!(LINES * (LINE + 9) < max::DESCRIPTION);

/// One page of a list, a line for each item; `none` is said where there is no item.
pub(super) fn list<T>(
    title: &str,
    items: &[T],
    line: impl Fn(&T) -> String,
    none: &str,
    kind: &List,
    page: usize,
    locale: Locale,
) -> Message {
    let pages = items.len().div_ceil(LINES).max(1);
    let page = page.min(pages - 1);
    let shown: Vec<String> = items.chunks(LINES).nth(page).unwrap_or_default().iter().map(line).collect();
    let description = if shown.is_empty() { none.to_owned() } else { shown.join("\n") };
    let embed = Embed {
        title: Some(title.to_owned()),
        description: Some(description),
        footer: (pages > 1).then(|| page_of(page, pages, locale)),
        colour: NEWS,
        ..Embed::default()
    };
    Message { embeds: vec![embed], buttons: pager(kind, page, pages, locale), ..Message::default() }
}

/// "Page 2 of 3", from pages that are counted from 0.
pub(super) fn page_of(page: usize, pages: usize, locale: Locale) -> String {
    let values = [("page", (page + 1).to_string()), ("pages", pages.to_string())];
    fill(locale, "Page {page} of {pages}", &values)
}

/// `text` is already escaped.
fn said(colour: u32, text: &str) -> Message {
    let embed = Embed { description: Some(text.to_owned()), colour, ..Embed::default() };
    Message { embeds: vec![embed], ..Message::default() }
}

fn linked_headline(story: &Story, room: usize, locale: Locale) -> String {
    let tellings = tellings(story);
    let title = headline(&story.digest, &tellings, 200, locale);
    let linked = lead_url(&tellings, max::EMBED_URL).map(|url| link(&title, &url));
    linked.filter(|line| units(line) <= room).unwrap_or(title)
}

#[cfg(test)]
mod tests;
