//! What is set for a server or one of its channels.

use super::{GOOD, said};
use crate::domain::{ChannelId, Mode, Place, Settings, Terms};
use crate::render::Message;

/// What holds in a channel, or where it is none, in the server.
pub fn settings(settings: &Settings, channel: Option<ChannelId>) -> Message {
    let whose = channel.map_or_else(|| "This server".to_owned(), |channel| format!("<#{channel}>"));
    let zone = settings.time_zone.name().replace('_', "\\_");
    let quiet = match settings.quiet_hours {
        Some(hours) => format!("Quiet hours {hours}: what comes up then follows in one round-up."),
        None => "No quiet hours.".to_owned(),
    };
    said(GOOD, &format!("{whose} tells times as in {zone}.\n{quiet}"))
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
    let place = match terms.place {
        Place::Channel => None,
        Place::Published => Some("published to the servers that follow".to_owned()),
        Place::Forum(_) => Some("as posts".to_owned()),
    };
    [when, place, sources, mention].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
