//! What is set for a server or one of its channels.

use super::{GOOD, said};
use crate::domain::{ChannelId, Locale, Mode, Place, Settings, Terms};
use crate::render::Message;
use crate::render::words::{fill, say};

/// What holds in a channel, or where it is none, in the server.
pub fn settings(settings: &Settings, channel: Option<ChannelId>, locale: Locale) -> Message {
    let server = || say(locale, "This server").to_owned();
    let whose = channel.map_or_else(server, |channel| format!("<#{channel}>"));
    let zone = settings.time_zone.name().replace('_', "\\_");
    let quiet = match settings.quiet_hours {
        Some(hours) => fill(
            locale,
            "Quiet hours {hours}: what comes up then follows in one round-up.",
            &[("hours", hours.to_string())],
        ),
        None => say(locale, "No quiet hours.").to_owned(),
    };
    let times =
        fill(locale, "{whose} counts hours and days as in {zone}.", &[("whose", whose), ("zone", zone)]);
    let updates = match settings.reply_updates {
        true => say(locale, "What is new of a story is told by its card, and by a reply to it."),
        false => say(locale, "What is new of a story is told by its card."),
    };
    let language = fill(locale, "Fixed words are {language}.", &[("language", settings.locale.name())]);
    let published = match settings.crosspost {
        true => {
            say(locale, "What is posted in announcement channels is published to the servers that follow.")
        }
        false => say(locale, "What is posted in announcement channels is not published to other servers."),
    };
    said(GOOD, &format!("{times}\n{quiet}\n{language}\n{updates}\n{published}"))
}

/// "hourly, from 3 outlets on, mentioning <@&7>": nothing where stories are posted as they come.
pub(super) fn terms(terms: &Terms, locale: Locale) -> String {
    let when = match terms.mode {
        Mode::Breaking => None,
        Mode::Hourly => Some(say(locale, "hourly").to_owned()),
        Mode::Daily => Some(say(locale, "daily").to_owned()),
    };
    let sources = (terms.min_sources > 1)
        .then(|| fill(locale, "from {n} outlets on", &[("n", terms.min_sources.to_string())]));
    let mention =
        terms.mention.map(|role| fill(locale, "mentioning {role}", &[("role", format!("<@&{role}>"))]));
    let place = match terms.place {
        Place::Channel | Place::Announcements => None,
        Place::Forum(_) => Some(say(locale, "as posts").to_owned()),
    };
    [when, place, sources, mention].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
