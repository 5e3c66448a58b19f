//! The answers to commands and buttons.
//!
//! Settings and failures are told in one sentence each; lists come in pages whose state is in their
//! buttons. All of them stay within Discord's limits for any stored value.

mod imported;
mod reports;
mod settings;
mod status;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::Url;

pub use imported::{ImportedFeeds, RefusedFeeds, feeds_exported, feeds_imported};
pub use reports::{ReportView, reports};
pub use settings::settings;
pub use status::{Status, status};

use super::buttons::{List, pager, that_fit};
use super::card::{NEWS, full, headline, read_button};
use super::limits::max;
use super::telling::{Telling, count, lead_url, tellings};
use super::text::{clip, fit, link, plain, units};
use super::why::{self, Trail};
use super::{Embed, Field, Message, card, dates};
use crate::domain::{
    ChannelId, Digest, Feed, FeedRecord, FeedState, Filter, Nonce, Published, Sensitivity, Story, StoryId,
    Subscription, SubscriptionState,
};

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
pub fn stories(heading: &str, list: &StoryPage, tz: Tz) -> Message {
    let on_page = list.on_page.clamp(1, max::EMBEDS);
    if list.stories.is_empty() {
        return refused("These stories are no longer kept.");
    }
    let ids = that_fit(list.ids);
    let room = max::ALL_EMBEDS / on_page;
    let embeds = list.stories.iter().take(on_page).map(|story| card::brief(story, room, tz)).collect();
    let buttons =
        pager(&List::Stories { ids: ids.to_vec(), on_page }, list.page, ids.len().div_ceil(on_page));
    let content = Some(clip(heading, max::CONTENT)).filter(|heading| !heading.is_empty());
    Message { content, embeds, buttons, ..Message::default() }
}

/// Every source of a story, for the reader who pressed "Sources".
pub fn all_sources(story: &Story, nonce: &Nonce, page: usize, tz: Tz) -> Message {
    let tellings = tellings(story);
    let title =
        fit(&format!("{}: {}", count(&tellings), story.digest.headline.as_deref().unwrap_or("a story")), 200);
    let line = |telling: &Telling| telling.line(tz, LINE);
    list(
        &title,
        &tellings,
        line,
        "No source of this story is kept any more.",
        &List::Sources(nonce.clone()),
        page,
    )
}

/// A subscription with the name of its feed.
#[derive(Debug, Clone)]
pub struct SubscriptionView {
    pub subscription: Subscription,
    /// Title or address of the feed it is limited to.
    pub feed: Option<String>,
}

impl SubscriptionView {
    /// "“lunar landings”, naming NASA, from The Herald": what is asked for, as plain text.
    pub fn words(&self) -> String {
        filter_words(&self.subscription.filter, self.feed.as_deref())
    }
}

/// What the guild's channels are subscribed to.
pub fn subscriptions(views: &[SubscriptionView], page: usize) -> Message {
    let line = |view: &SubscriptionView| {
        let Subscription { channel, created_by, created_at, changed, .. } = &view.subscription;
        let line = format!("<#{channel}> {}", fit(&view.words(), LINE * 3 / 10));
        let mut line = with_terms(line, view);
        line += &format!("\n-# By <@{created_by}>, {}", created_at.format("%-d %B %Y"));
        if let Some((by, at)) = changed {
            line += &format!("; changed by <@{by}>, {}", at.format("%-d %B %Y"));
        }
        match &view.subscription.state {
            SubscriptionState::Active => line,
            SubscriptionState::Paused(why) => format!("{line}\n-# Paused: {}", fit(why, LINE / 6)),
            SubscriptionState::Ended(why) => format!("{line}\n-# Ended: {}", fit(why, LINE / 6)),
        }
    };
    let none = "No channel is subscribed yet. `/topics subscribe` starts one.";
    list("Subscriptions", views, line, none, &List::Subscriptions, page)
}

/// What a subscription would have posted in the last 7 days.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// How many stories, from strict to broad.
    pub counts: [usize; 3],
    /// The newest at the sensitivity that was asked for, and why.
    pub examples: Vec<(Story, String)>,
}

/// A new or changed subscription, and what it would have posted in the last 7 days.
pub fn subscribed(view: &SubscriptionView, preview: &Preview) -> Message {
    let asked = fit(&view.words(), 700);
    let Subscription { channel, filter, .. } = &view.subscription;
    let mut lines = vec![format!("{}.", with_terms(format!("<#{channel}> now gets stories {asked}"), view))];
    let matches = preview.counts[filter.sensitivity as usize];
    lines.push(match matches {
        0 => {
            "Nothing of the last 7 days would have been posted. The next story that fits will be.".to_owned()
        }
        1 => "One story of the last 7 days would have been posted:".to_owned(),
        n => format!("{n} stories of the last 7 days would have been posted, such as:"),
    });
    for (story, why) in preview.examples.iter().take(3) {
        lines.push(format!("- {}\n-# {}", linked_headline(story, 700), fit(why, LINE / 2)));
    }
    if filter.topic.is_some() {
        let counts = Sensitivity::ALL
            .iter()
            .zip(preview.counts)
            .map(|(sensitivity, n)| format!("{} {n}", sensitivity.name()));
        lines.push(format!("-# In 7 days: {}", counts.collect::<Vec<_>>().join(" · ")));
    }
    said(GOOD, &lines.join("\n"))
}

/// "… about “space”, hourly"
fn with_terms(line: String, view: &SubscriptionView) -> String {
    let terms = settings::terms(&view.subscription.terms);
    if terms.is_empty() { line } else { format!("{line}, {terms}") }
}

/// A subscription that a moderator paused, or let go on.
pub fn toggled(view: &SubscriptionView) -> Message {
    let asked = fit(&view.words(), 700);
    let channel = view.subscription.channel;
    said(
        GOOD,
        &match view.subscription.state {
            SubscriptionState::Active => format!("<#{channel}> gets stories {asked} again, from now on."),
            _ => format!("<#{channel}> gets no stories {asked} for now. `/topics pause` lets it go on."),
        },
    )
}

/// What became of an article.
pub fn why(trail: &Trail, tz: Tz) -> Message {
    let channel = |channel: ChannelId| format!("<#{channel}>");
    let mut lines = why::lines(trail, tz, LINE, &channel);
    let left_out = lines.len().saturating_sub(LINES);
    // What came last says most.
    lines.drain(..left_out);
    let embed = Embed {
        title: Some(fit(trail.headline.as_deref().unwrap_or(&trail.url), 200)),
        description: Some(lines.join("\n")),
        footer: (left_out > 0).then(|| format!("{left_out} earlier steps are not shown")),
        colour: NEWS,
        ..Embed::default()
    };
    Message { embeds: vec![embed], ..Message::default() }
}

pub fn unsubscribed(view: &SubscriptionView) -> Message {
    let asked = fit(&view.words(), 700);
    said(GOOD, &format!("<#{}> no longer gets stories {asked}.", view.subscription.channel))
}

/// The feeds a guild watches, and how they are.
pub fn feeds(feeds: &[Feed], page: usize, tz: Tz) -> Message {
    let line =
        |feed: &Feed| format!("{}\n-# {}", feed_link(feed, LINE * 2 / 3), fit(&health(feed, tz), LINE / 3));
    let none = "No feed is watched yet. `/feeds add` takes the address of any news site.";
    list("Feeds", feeds, line, none, &List::Feeds, page)
}

/// How one feed is, what comes next, and what became of it; `history` with the newest first.
pub fn feed_health(feed: &Feed, history: &[FeedRecord], tz: Tz) -> Message {
    let told = |at: DateTime<Utc>| dates::published(Published::Moment(at.fixed_offset()), tz);
    let mut lines = vec![feed_link(feed, LINE * 2 / 3), fit(&health(feed, tz), LINE)];
    if feed.state == FeedState::Active && feed.failing_since.is_none() {
        lines.push(format!("Next attempt {}", told(feed.next_poll_at)));
    }
    let record = |record: &FeedRecord| format!("-# {}: {}", told(record.at), fit(&record.words, LINE / 2));
    lines.extend(history.iter().take(LINES).map(record));
    said(GOOD, &lines.join("\n"))
}

/// A feed that is watched from now on, or was already.
pub fn feed_added(feed: &Feed, already: bool) -> Message {
    let link = feed_link(feed, 2000);
    said(
        GOOD,
        &match already {
            false => {
                format!("Watching {link}. `/topics subscribe` decides which of its stories are posted where.")
            }
            true => format!("{link} is already watched."),
        },
    )
}

pub fn feed_removed(feed: &Feed) -> Message {
    said(GOOD, &format!("{} is no longer watched.", feed_link(feed, 2000)))
}

/// A page that was digested on demand; it is not stored.
#[derive(Debug, Clone)]
pub struct DigestedPage {
    pub digest: Digest,
    pub outlet: String,
    pub url: Url,
    pub published: Option<Published>,
}

/// The same card as a story's, and what a reader should know about the extraction.
pub fn digest(page: &DigestedPage, tz: Tz) -> Message {
    let tellings = [Telling {
        outlet: &page.outlet,
        url: Some(page.url.clone()),
        published: page.published,
        copy_of: None,
        leads: true,
    }];
    let mut embed = full(&page.digest, &tellings, None, tz);
    // A full embed leaves more than this of the sum.
    let notes: Vec<String> = page
        .digest
        .warnings
        .iter()
        .map(|warning| fit(warning, 150))
        .filter(|note| !note.is_empty())
        .take(3)
        .collect();
    if !notes.is_empty() {
        embed.fields.push(Field { name: "Notes".to_owned(), value: notes.join("\n"), inline: false });
    }
    let read = read_button(&tellings);
    let buttons = if read.is_empty() { Vec::new() } else { vec![read] };
    Message { embeds: vec![embed], buttons, ..Message::default() }
}

/// What a person asked for cannot be done, and why: a sentence that may hold foreign text.
pub fn refused(sentence: &str) -> Message {
    let sentence = fit(sentence, 1900);
    said(BAD, if sentence.is_empty() { "That cannot be done." } else { &sentence })
}

/// An answer that is neither good news nor bad.
pub fn told(sentence: &str) -> Message {
    said(NEWS, &fit(sentence, 1900))
}

/// Something broke. The reference is in the log, beside the cause.
pub fn failed(reference: &str) -> Message {
    said(BAD, &format!("Something went wrong (ref {}).", fit(reference, 40)))
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
) -> Message {
    let pages = items.len().div_ceil(LINES).max(1);
    let page = page.min(pages - 1);
    let shown: Vec<String> = items.chunks(LINES).nth(page).unwrap_or_default().iter().map(line).collect();
    let description = if shown.is_empty() { none.to_owned() } else { shown.join("\n") };
    let embed = Embed {
        title: Some(title.to_owned()),
        description: Some(description),
        footer: (pages > 1).then(|| format!("Page {} of {pages}", page + 1)),
        colour: NEWS,
        ..Embed::default()
    };
    Message { embeds: vec![embed], buttons: pager(kind, page, pages), ..Message::default() }
}

/// `text` is already escaped.
fn said(colour: u32, text: &str) -> Message {
    let embed = Embed { description: Some(text.to_owned()), colour, ..Embed::default() };
    Message { embeds: vec![embed], ..Message::default() }
}

fn filter_words(filter: &Filter, feed: Option<&str>) -> String {
    let part = |before: &str, value: Option<&str>, after: &str| {
        let value = clip(&plain(value?), 150);
        (!value.is_empty()).then(|| format!("{before}{value}{after}"))
    };
    let sensitivity = match filter.sensitivity {
        Sensitivity::Normal => "”".to_owned(),
        other => format!("” ({})", other.name()),
    };
    let without: Vec<String> = filter.without.iter().take(10).map(|words| format!("“{words}”")).collect();
    let without = (!without.is_empty()).then(|| without.join(", "));
    let parts = [
        part("about “", filter.topic.as_deref(), &sensitivity),
        part("without ", without.as_deref(), ""),
        part("naming ", filter.actor.as_deref(), ""),
        part("from ", feed.or(filter.feed.map(|_| "a feed")), ""),
        part("matching “", filter.pattern.as_deref(), "”"),
    ];
    let words: Vec<String> = parts.into_iter().flatten().collect();
    if words.is_empty() { "about anything".to_owned() } else { words.join(", ") }
}

fn linked_headline(story: &Story, room: usize) -> String {
    let tellings = tellings(story);
    let title = headline(&story.digest, &tellings, 200);
    let linked = lead_url(&tellings, max::EMBED_URL).map(|url| link(&title, &url));
    linked.filter(|line| units(line) <= room).unwrap_or(title)
}

/// The feed's name, linked to it, within `room` characters.
fn feed_link(feed: &Feed, room: usize) -> String {
    let url = feed.url.as_url();
    let name = feed.title.as_deref().map(plain).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| format!("{}{}", url.host_str().unwrap_or_default(), url.path()));
    let name = fit(&name, 120);
    let linked = link(&name, url);
    if units(&linked) <= room { linked } else { name }
}

fn health(feed: &Feed, tz: Tz) -> String {
    let why =
        feed.last_error.as_deref().map(|error| format!(": {}", clip(&plain(error), 200))).unwrap_or_default();
    match (feed.state, feed.failing_since, feed.last_success_at) {
        (FeedState::Gone, ..) => "Gone for good (410); no longer polled".to_owned(),
        (FeedState::Paused, ..) => format!("Paused{why}"),
        (FeedState::Active, Some(since), _) => {
            let told = |at: DateTime<Utc>| dates::published(Published::Moment(at.fixed_offset()), tz);
            format!("Failing since {}, next attempt {}{why}", told(since), told(feed.next_poll_at))
        }
        (FeedState::Active, None, None) => "Not read yet".to_owned(),
        (FeedState::Active, None, Some(at)) => {
            format!("Read {}", dates::published(Published::Moment(at.fixed_offset()), tz))
        }
    }
}

#[cfg(test)]
mod tests;
