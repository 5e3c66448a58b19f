//! What a channel asked for.

use chrono::{DateTime, Utc};

use super::{ChannelId, FeedId, GuildId, Meaning, MessageId, RoleId, SubscriptionId, TagId, UserId};

/// What a story must have to be posted. Every part that is given must hold; topic, actor or feed is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Free text, matched by meaning and words.
    pub topic: Option<String>,
    /// How near a story must come to the topic.
    pub sensitivity: Sensitivity,
    /// Words and phrases that it must not have.
    pub without: Vec<String>,
    /// A name, matched against the story's actors.
    pub actor: Option<String>,
    /// Any article of this feed.
    pub feed: Option<FeedId>,
    /// A regular expression that headline or text must match.
    pub pattern: Option<String>,
}

/// How near a story must come to a topic: a choice between missing some and getting others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sensitivity {
    Strict,
    #[default]
    Normal,
    Broad,
}

impl Sensitivity {
    /// From the fewest stories to the most.
    pub const ALL: [Self; 3] = [Self::Strict, Self::Normal, Self::Broad];

    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Normal => "normal",
            Self::Broad => "broad",
        }
    }
}

/// When a channel gets a story that it asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// At once, as a card of its own.
    #[default]
    Breaking,
    /// In a round-up at the full hour.
    Hourly,
    /// In a round-up in the morning.
    Daily,
}

/// What a subscribed channel is, and with it what becomes of a message there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Place {
    /// A text channel or a thread.
    #[default]
    Channel,
    /// An announcement channel: its messages can be published to the servers that follow it.
    Announcements,
    /// A forum, where each message begins a post with this tag. Post and message have the same number.
    Forum(Option<TagId>),
}

impl Place {
    /// Where a message of the channel stands: in it, or as the first of its own post.
    pub fn room(self, channel: ChannelId, message: MessageId) -> ChannelId {
        match self {
            Self::Forum(_) => ChannelId(message.0),
            Self::Channel | Self::Announcements => channel,
        }
    }
}

/// How a channel gets what it asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    pub mode: Mode,
    /// Outlets that must tell a story before it is posted, 1 to [`Terms::MOST_SOURCES`].
    pub min_sources: u32,
    /// A role that a card mentions.
    pub mention: Option<RoleId>,
    pub place: Place,
}

impl Terms {
    pub const MOST_SOURCES: u32 = 20;
}

impl Default for Terms {
    fn default() -> Self {
        Self { mode: Mode::default(), min_sources: 1, mention: None, place: Place::default() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubscriptionState {
    Active,
    /// Discord refuses our messages; the words say what a moderator has to change.
    Paused(String),
    /// Unsubscribed, or the channel is gone. The row stays for `/why`.
    Ended(String),
}

/// A channel's wish to see some stories.
#[derive(Debug, Clone)]
pub struct Subscription {
    pub id: SubscriptionId,
    pub guild: GuildId,
    pub channel: ChannelId,
    pub filter: Filter,
    /// Of the topic; absent without one, and until it is worked out.
    pub meaning: Option<Meaning>,
    pub terms: Terms,
    pub state: SubscriptionState,
    /// Nothing published before this moment is posted.
    pub since: DateTime<Utc>,
    pub created_by: UserId,
    pub created_at: DateTime<Utc>,
    /// Who changed or paused it last, and when.
    pub changed: Option<(UserId, DateTime<Utc>)>,
}

/// What a person typed as a topic, apart from what it must not have: `chips -"potato chips" -snack` asks
/// for "chips" without "potato chips" and "snack".
pub fn split_topic(typed: &str) -> (String, Vec<String>) {
    let mut wanted = String::new();
    let mut without = Vec::new();
    let mut rest = typed.trim();
    while let Some(first) = rest.chars().next() {
        let minus = matches!(first, '-' | '–' | '−');
        let after = &rest[if minus { first.len_utf8() } else { 0 }..];
        let (term, quoted, left) = term(after);
        let term = term.trim();
        if minus && term.chars().any(char::is_alphanumeric) {
            without.push(term.to_owned());
        } else {
            let shown = if quoted { term } else { rest[..rest.len() - left.len()].trim() };
            if !wanted.is_empty() && !shown.is_empty() {
                wanted.push(' ');
            }
            wanted.push_str(shown);
        }
        rest = left.trim_start();
    }
    (wanted, without)
}

/// The first word or quotation of a text, whether it is quoted, and what follows it.
fn term(text: &str) -> (&str, bool, &str) {
    let is_quote = |c: char| matches!(c, '"' | '“' | '”' | '„');
    if let Some(inside) = text.strip_prefix(is_quote)
        && let Some((quoted, left)) = inside.split_once(is_quote)
    {
        return (quoted, true, left);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (&text[..end], false, &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_topic_must_not_have_stands_behind_a_minus() {
        for (typed, wanted, without) in [
            ("chip export controls", "chip export controls", &[][..]),
            ("  space   flight ", "space flight", &[]),
            ("sport -football", "sport", &["football"]),
            ("-football sport", "sport", &["football"]),
            (
                "sport -\"premier league\" −“six nations” news",
                "sport news",
                &["premier league", "six nations"],
            ),
            ("post-war Japan – a history", "post-war Japan – a history", &[]),
            ("\"chip export\" controls", "chip export controls", &[]),
            ("a -\"b", "a", &["\"b"]),
            ("-", "-", &[]),
            ("", "", &[]),
            ("-é", "", &["é"]),
        ] {
            let (found, negative) = split_topic(typed);
            assert_eq!(
                (found.as_str(), negative),
                (wanted, without.iter().map(|s| (*s).to_owned()).collect()),
                "{typed}"
            );
        }
    }
}
