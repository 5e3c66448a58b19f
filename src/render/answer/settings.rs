//! What is set for a server or one of its channels.

use super::{GOOD, said};
use crate::domain::{ChannelId, Mode, Settings, Terms};
use crate::render::Message;

/// What holds in a channel, or where it is none, in the server.
pub fn settings(settings: &Settings, channel: Option<ChannelId>) -> Message {
    let whose = channel.map_or_else(|| "This server".to_owned(), |channel| format!("<#{channel}>"));
    let zone = settings.time_zone.name().replace('_', "\\_");
    let quiet = match settings.quiet_hours {
        Some(hours) => format!("Quiet hours {hours}: what comes up then follows in one round-up."),
        None => "No quiet hours.".to_owned(),
    };
    let updates = match settings.reply_updates {
        true => "What is new of a story is told by its card, and by a reply to it.",
        false => "What is new of a story is told by its card.",
    };
    said(GOOD, &format!("{whose} tells times as in {zone}.\n{quiet}\n{updates}"))
}

/// "hourly, from 3 outlets on, mentioning <@&7>": nothing where stories are posted as they come.
pub(super) fn terms(terms: &Terms) -> String {
    let when = match terms.mode {
        Mode::Breaking => None,
        Mode::Hourly => Some("hourly".to_owned()),
        Mode::Daily => Some("daily".to_owned()),
    };
    let sources = (terms.min_sources > 1).then(|| format!("from {} outlets on", terms.min_sources));
    let mention = terms.mention.map(|role| format!("mentioning <@&{role}>"));
    [when, sources, mention].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
