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
use super::card::{NEWS, full, headline, illustrate, read_button};
use super::limits::max;
use super::telling::{Telling, count, lead_url, tellings};
use super::text::{clip, fit, link, plain, units};
use super::why::{self, Trail};
use super::words::{self, Audience, fill, say};
use super::{Embed, Field, Message, card, dates};
use crate::domain::{
    ChannelId, Digest, Feed, FeedRecord, FeedState, Filter, Locale, Nonce, Published, Sensitivity, Story,
    StoryId, Subscription, SubscriptionState,
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
pub fn all_sources(story: &Story, nonce: &Nonce, page: usize, audience: impl Into<Audience>) -> Message {
    let audience = audience.into();
    let locale = audience.locale;
    let tellings = tellings(story);
    let headline = story.digest.headline.as_deref().unwrap_or(say(locale, "a story"));
    let title = fit(&format!("{}: {headline}", count(&tellings, locale)), 200);
    let line = |telling: &Telling| telling.line(audience, LINE);
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

/// A subscription with the name of its feed.
#[derive(Debug, Clone)]
pub struct SubscriptionView {
    pub subscription: Subscription,
    /// Title or address of the feed it is limited to.
    pub feed: Option<String>,
}

impl SubscriptionView {
    /// "“lunar landings”, naming NASA, from The Herald": what is asked for, as plain text.
    pub fn words(&self, locale: Locale) -> String {
        filter_words(&self.subscription.filter, self.feed.as_deref(), locale)
    }
}

/// What the guild's channels are subscribed to.
pub fn subscriptions(views: &[SubscriptionView], page: usize) -> Message {
    let locale = Locale::English;
    let line = |view: &SubscriptionView| {
        let Subscription { channel, created_by, created_at, changed, .. } = &view.subscription;
        let line = format!("<#{channel}> {}", fit(&view.words(locale), LINE * 3 / 10));
        let mut line = with_terms(line, view, locale);
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
    list("Subscriptions", views, line, none, &List::Subscriptions, page, locale)
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
pub fn subscribed(view: &SubscriptionView, preview: &Preview, locale: Locale) -> Message {
    let asked = fit(&view.words(locale), 700);
    let Subscription { channel, filter, .. } = &view.subscription;
    let values = [("channel", format!("<#{channel}>")), ("asked", asked)];
    let begins = fill(locale, "{channel} now gets stories {asked}", &values);
    let mut lines = vec![format!("{}.", with_terms(begins, view, locale))];
    let matches = preview.counts[filter.sensitivity as usize];
    lines.push(match matches {
        0 => {
            let none = "Nothing of the last 7 days would have been posted. The next story that fits will be.";
            say(locale, none).to_owned()
        }
        n => words::count(
            locale,
            n,
            "One story of the last 7 days would have been posted:",
            "{n} stories of the last 7 days would have been posted, such as:",
        ),
    });
    for (story, why) in preview.examples.iter().take(3) {
        lines.push(format!("- {}\n-# {}", linked_headline(story, 700, locale), fit(why, LINE / 2)));
    }
    if filter.topic.is_some() {
        let counts = Sensitivity::ALL
            .iter()
            .zip(preview.counts)
            .map(|(sensitivity, n)| format!("{} {n}", sensitivity.name()));
        let counts = counts.collect::<Vec<_>>().join(" · ");
        lines.push(format!("-# {}", fill(locale, "In 7 days: {counts}", &[("counts", counts)])));
    }
    said(GOOD, &lines.join("\n"))
}

/// "… about “space”, hourly"
fn with_terms(line: String, view: &SubscriptionView, locale: Locale) -> String {
    let terms = settings::terms(&view.subscription.terms, locale);
    if terms.is_empty() { line } else { format!("{line}, {terms}") }
}

/// A subscription that a moderator paused, or let go on.
pub fn toggled(view: &SubscriptionView, locale: Locale) -> Message {
    let words = match view.subscription.state {
        SubscriptionState::Active => "{channel} gets stories {asked} again, from now on.",
        _ => "{channel} gets no stories {asked} for now. `/topics pause` lets it go on.",
    };
    said(GOOD, &of_subscription(view, words, locale))
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

pub fn unsubscribed(view: &SubscriptionView, locale: Locale) -> Message {
    said(GOOD, &of_subscription(view, "{channel} no longer gets stories {asked}.", locale))
}

fn of_subscription(view: &SubscriptionView, words: &'static str, locale: Locale) -> String {
    let channel = format!("<#{}>", view.subscription.channel);
    fill(locale, words, &[("channel", channel), ("asked", fit(&view.words(locale), 700))])
}

/// The feeds a guild watches, and how they are.
pub fn feeds(feeds: &[Feed], page: usize, tz: Tz) -> Message {
    let line =
        |feed: &Feed| format!("{}\n-# {}", feed_link(feed, LINE * 2 / 3), fit(&health(feed, tz), LINE / 3));
    let none = "No feed is watched yet. `/feeds add` takes the address of any news site.";
    list("Feeds", feeds, line, none, &List::Feeds, page, Locale::English)
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
pub fn feed_added(feed: &Feed, already: bool, locale: Locale) -> Message {
    let words = match already {
        false => "Watching {feed}. `/topics subscribe` decides which of its stories are posted where.",
        true => "{feed} is already watched.",
    };
    said(GOOD, &fill(locale, words, &[("feed", feed_link(feed, 2000))]))
}

pub fn feed_removed(feed: &Feed, locale: Locale) -> Message {
    said(GOOD, &fill(locale, "{feed} is no longer watched.", &[("feed", feed_link(feed, 2000))]))
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
pub fn digest(page: &DigestedPage, audience: impl Into<Audience>) -> Message {
    let audience = audience.into();
    let locale = audience.locale;
    let tellings = [Telling {
        outlet: &page.outlet,
        url: Some(page.url.clone()),
        published: page.published,
        copy_of: None,
        leads: true,
    }];
    let mut embed = full(&page.digest, &tellings, None, audience);
    illustrate(&mut embed, None, Some(tellings[0].name(locale)), page.icon.as_ref(), page.image.as_ref());
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
    said(BAD, if sentence.is_empty() { "That cannot be done." } else { &sentence })
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

fn filter_words(filter: &Filter, feed: Option<&str>, locale: Locale) -> String {
    let part = |english: &str, value: Option<&str>| {
        let value = clip(&plain(value?), 150);
        (!value.is_empty()).then(|| fill(locale, english, &[("value", value)]))
    };
    let about = part("about “{value}”", filter.topic.as_deref()).map(|about| match filter.sensitivity {
        Sensitivity::Normal => about,
        other => format!("{about} ({})", other.name()),
    });
    let without: Vec<String> = filter.without.iter().take(10).map(|words| format!("“{words}”")).collect();
    let without = (!without.is_empty()).then(|| without.join(", "));
    let parts = [
        about,
        part("without {value}", without.as_deref()),
        part("naming {value}", filter.actor.as_deref()),
        part("from {value}", feed.or(filter.feed.map(|_| say(locale, "a feed")))),
        part("matching “{value}”", filter.pattern.as_deref()),
    ];
    let words: Vec<String> = parts.into_iter().flatten().collect();
    if words.is_empty() { say(locale, "about anything").to_owned() } else { words.join(", ") }
}

fn linked_headline(story: &Story, room: usize, locale: Locale) -> String {
    let tellings = tellings(story);
    let title = headline(&story.digest, &tellings, 200, locale);
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

/// How a feed is, and what comes next.
pub fn health(feed: &Feed, tz: Tz) -> String {
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
