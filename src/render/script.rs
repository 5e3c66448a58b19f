//! How a channel, a moment and foreign text are written where something is shown.

use chrono::{DateTime, Utc};

use super::dates::moment_tag;
use super::text::fit;
use crate::domain::ChannelId;

#[derive(Debug, Clone, Copy)]
pub struct Script {
    pub channel: fn(ChannelId) -> String,
    pub moment: fn(DateTime<Utc>) -> String,
    /// Within so many characters.
    pub foreign: fn(&str, usize) -> String,
}

impl Script {
    /// In an embed's description or field.
    pub const EMBED: Self =
        Self { channel: |channel| format!("<#{channel}>"), moment: moment_tag, foreign: fit };
}
