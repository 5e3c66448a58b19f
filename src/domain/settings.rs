//! What moderators set for a guild or a channel.

use chrono_tz::Tz;

use super::{Locale, QuietHours};

/// What holds in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// In which hours and days are counted; what Discord shows, it shows in the zone of each reader.
    pub time_zone: Tz,
    pub quiet_hours: Option<QuietHours>,
    /// The language of fixed words: the one chosen, else the guild's preferred one, as far as there are words in it.
    pub locale: Locale,
    /// Whether what is new of a story is told by a reply to its card too, and not by its edit alone.
    pub reply_updates: bool,
    /// Whether what is posted in an announcement channel is published to the servers that follow it.
    pub crosspost: bool,
}

/// What a moderator changes; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SettingsChange {
    pub time_zone: Option<Tz>,
    /// `Some(None)` has none.
    pub quiet_hours: Option<Option<QuietHours>>,
    /// `Some(None)` is the server's: the guild's of a channel, of a guild what Discord tells.
    pub locale: Option<Option<Locale>>,
    pub reply_updates: Option<bool>,
    pub crosspost: Option<bool>,
    /// What was set before is forgotten first: of a channel its guild's holds again, of a guild the defaults.
    pub reset: bool,
}
