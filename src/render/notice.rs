//! What moderators are written when something is theirs to mend.

use super::text::fit;
use super::words::{fill, known, say};
use crate::domain::{ChannelId, Locale};

/// What keeps cards from a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance<'a> {
    /// A permission is missing, in Discord's words.
    Permission(&'a str),
    /// The channel is a thread that only moderators may open again.
    Locked,
    /// The forum asks for a tag, or no longer has the chosen one.
    Tag,
}

/// A channel takes no cards, and its subscriptions are paused.
pub fn cannot_post(channel: ChannelId, hindrance: Hindrance, locale: Locale) -> String {
    let (why, mend) = match hindrance {
        Hindrance::Permission(why) => (
            fit(why, 300),
            say(
                locale,
                "Let me View Channel, Send Messages (in a thread, Send Messages in Threads), Embed Links and Read \
                 Message History there, then let one of them go on with /topics pause: the others follow.",
            ),
        ),
        Hindrance::Locked => (
            say(locale, "the thread is locked").to_owned(),
            say(locale, "Unlock it, then let one of them go on with /topics pause: the others follow."),
        ),
        Hindrance::Tag => (
            say(locale, "the forum asks for a tag, or no longer has the one that was chosen").to_owned(),
            say(locale, "Run /topics subscribe for it again with the option tag."),
        ),
    };
    fill(
        locale,
        "I cannot post in {channel}: {why}. Its subscriptions are paused, and what was to be posted waits. {mend} \
         /topics list shows what is paused.",
        &[("channel", format!("<#{channel}>")), ("why", why), ("mend", mend.to_owned())],
    )
}

/// A channel is deleted, and its subscriptions have ended.
pub fn channel_gone(channel: ChannelId, locale: Locale) -> String {
    fill(
        locale,
        "A channel to which you had me post ({channel}) was deleted: its subscriptions have ended. /topics subscribe \
         begins new ones in another channel.",
        &[("channel", format!("<#{channel}>"))],
    )
}

/// A feed is gone for good, and no longer read.
pub fn feed_gone(address: &str, locale: Locale) -> String {
    fill(
        locale,
        "{feed} is gone for good (410) and is no longer polled. /feeds remove takes it off the list.",
        &[("feed", address)],
    )
}

/// A feed has failed for so long that it is no longer read; the reason as the feed keeps it.
pub fn feed_paused(address: &str, reason: &str, locale: Locale) -> String {
    fill(
        locale,
        "{feed} has failed for a week and is no longer polled: {why}. /feeds add starts it again.",
        &[("feed", address), ("why", &known(locale, reason))],
    )
}

/// A reader calls a card of this channel inaccurate.
pub fn inaccurate(channel: ChannelId, locale: Locale) -> String {
    fill(
        locale,
        "A reader of {channel} calls a card inaccurate. `/reports` in that server shows it, to be retracted or kept.",
        &[("channel", format!("<#{channel}>"))],
    )
}
