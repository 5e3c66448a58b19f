//! The feeds a guild watches, and how they are.

use super::{GOOD, LINE, LINES, list, said};
use crate::domain::{Feed, FeedRecord, FeedState, Locale};
use crate::render::buttons::List;
use crate::render::text::{clip, fit, link, plain, units};
use crate::render::words::{because, fill, known, say};
use crate::render::{Message, Script, dates};

/// Said where a guild has none.
pub(super) fn no_feed(locale: Locale) -> &'static str {
    say(locale, "No feed is watched yet. `/feeds add` takes the address of any news site.")
}

/// The feeds a guild watches, and how they are.
pub fn feeds(feeds: &[Feed], page: usize, locale: Locale) -> Message {
    let line = |feed: &Feed| {
        let how = clip(&health(feed, locale, Script::EMBED), LINE / 3);
        format!("{}\n-# {how}", feed_link(feed, LINE * 2 / 3))
    };
    list(say(locale, "Feeds"), feeds, line, no_feed(locale), &List::Feeds, page, locale)
}

/// How one feed is, what comes next, and what became of it; `history` with the newest first.
pub fn feed_health(feed: &Feed, history: &[FeedRecord], locale: Locale) -> Message {
    let mut lines = vec![feed_link(feed, LINE * 2 / 3), clip(&health(feed, locale, Script::EMBED), LINE)];
    if feed.state == FeedState::Active && feed.failing_since.is_none() {
        lines.push(fill(locale, "Next attempt {when}", &[("when", dates::moment_tag(feed.next_poll_at))]));
    }
    let record = |record: &FeedRecord| {
        let words = fit(&known(locale, &record.words), LINE / 2);
        format!("-# {}", because(locale, dates::moment_tag(record.at), words))
    };
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
pub fn health(feed: &Feed, locale: Locale, Script { moment, foreign, .. }: Script) -> String {
    let why = feed.last_error.as_deref().map(|error| foreign(&known(locale, error), 200));
    let explained = |state: String| match why.clone() {
        Some(why) => because(locale, state, why),
        None => state,
    };
    match (feed.state, feed.failing_since, feed.last_success_at) {
        (FeedState::Gone, ..) => say(locale, "Gone for good (410); no longer polled").to_owned(),
        (FeedState::Paused, ..) => explained(say(locale, "Paused").to_owned()),
        (FeedState::Active, Some(since), _) => explained(fill(
            locale,
            "Failing since {since}, next attempt {next}",
            &[("since", moment(since)), ("next", moment(feed.next_poll_at))],
        )),
        (FeedState::Active, None, None) => say(locale, "Not read yet").to_owned(),
        (FeedState::Active, None, Some(at)) => fill(locale, "Read {when}", &[("when", moment(at))]),
    }
}
