//! Subscriptions of a guild's channels, and what they ask for.

use chrono::{DateTime, Utc};

use super::settings::terms;
use super::{GOOD, LINE, linked_headline, list, said};
use crate::domain::{Filter, Locale, Sensitivity, Story, Subscription, SubscriptionState};
use crate::render::buttons::List;
use crate::render::text::{clip, fit, plain};
use crate::render::words::{self, fill, known, say};
use crate::render::{Message, dates};

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
pub fn subscriptions(views: &[SubscriptionView], page: usize, locale: Locale) -> Message {
    let none = say(locale, "No channel is subscribed yet. `/topics subscribe` starts one.");
    let line = |view: &SubscriptionView| line(view, locale);
    list(say(locale, "Subscriptions"), views, line, none, &List::Subscriptions, page, locale)
}

/// What is asked for where, by whom, and what keeps it from being posted.
fn line(view: &SubscriptionView, locale: Locale) -> String {
    let Subscription { channel, created_by, created_at, changed, .. } = &view.subscription;
    let asked = format!("<#{channel}> {}", fit(&view.words(locale), LINE * 3 / 10));
    let day = |at: &DateTime<Utc>| dates::day(at.date_naive(), locale);
    let (by, made) = (format!("<@{created_by}>"), day(created_at));
    let who = match changed {
        None => fill(locale, "By {by}, {made}", &[("by", by), ("made", made)]),
        Some((other, at)) => fill(
            locale,
            "By {by}, {made}; changed by {other}, {changed}",
            &[("by", by), ("made", made), ("other", format!("<@{other}>")), ("changed", day(at))],
        ),
    };
    let line = format!("{}\n-# {who}", with_terms(asked, view, locale));
    let reason = |why: &str| [("why", fit(&known(locale, why), LINE / 6))];
    match &view.subscription.state {
        SubscriptionState::Active => line,
        SubscriptionState::Paused(why) => {
            format!("{line}\n-# {}", fill(locale, "Paused: {why}", &reason(why)))
        }
        SubscriptionState::Ended(why) => {
            format!("{line}\n-# {}", fill(locale, "Ended: {why}", &reason(why)))
        }
    }
}

/// What a subscription would have posted in the last 7 days.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// How many stories, from strict to broad.
    pub counts: [usize; 3],
    /// The newest at the sensitivity that was asked for, and why.
    pub examples: Vec<(Story, String)>,
}

/// A new or changed subscription, and what it would have posted in the last 7 days; `unheard` where Discord would not
/// ping the role that it mentions.
pub fn subscribed(view: &SubscriptionView, preview: &Preview, unheard: bool, locale: Locale) -> Message {
    let asked = fit(&view.words(locale), 700);
    let Subscription { channel, filter, terms, .. } = &view.subscription;
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
        lines.push(format!(
            "- {}\n-# {}",
            linked_headline(story, 700, locale),
            fit(&known(locale, why), LINE / 2)
        ));
    }
    if let Some(role) = terms.mention.filter(|_| unheard) {
        let told = fill(
            locale,
            "Discord tells nobody of a mention of {role} by me: let everybody mention it, or allow me Mention @everyone, \
             @here, and All Roles.",
            &[("role", format!("<@&{role}>"))],
        );
        lines.push(told);
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
    let terms = terms(&view.subscription.terms, locale);
    if terms.is_empty() { line } else { format!("{line}, {terms}") }
}

/// A subscription that a moderator paused, or let go on; `waited` where its channel had refused cards.
pub fn toggled(view: &SubscriptionView, waited: bool, locale: Locale) -> Message {
    let words = match view.subscription.state {
        SubscriptionState::Active if waited => "{channel} gets stories {asked} again, with what has waited.",
        SubscriptionState::Active => "{channel} gets stories {asked} again, from now on.",
        _ => "{channel} gets no stories {asked} for now. `/topics pause` lets it go on.",
    };
    said(GOOD, &of_subscription(view, words, locale))
}

pub fn unsubscribed(view: &SubscriptionView, locale: Locale) -> Message {
    said(GOOD, &of_subscription(view, "{channel} no longer gets stories {asked}.", locale))
}

fn of_subscription(view: &SubscriptionView, words: &'static str, locale: Locale) -> String {
    let channel = format!("<#{}>", view.subscription.channel);
    fill(locale, words, &[("channel", channel), ("asked", fit(&view.words(locale), 700))])
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
    let without: Vec<String> =
        filter.without.iter().take(10).map(|words| fill(locale, "“{words}”", &[("words", words)])).collect();
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
