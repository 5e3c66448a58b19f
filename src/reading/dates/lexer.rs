//! Cuts a text into the tokens that the grammar of dates reads.
//!
//! One pass of one regular expression: whatever has a shape of its own (`2022-07-15`, `10:30`, `1990s`,
//! `p.m.`) is one token, so that the grammar only has to look at words and numbers.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// What a token looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters, perhaps with digits after them (`Q3`).
    Word,
    /// Digits, perhaps grouped or with a fraction.
    Number,
    /// `15th`
    Ordinal,
    /// `10:30`, `10:30:15`
    Clock,
    /// `2022-07-15`, `2022-07-15T10:30:00Z`
    Iso,
    /// `7/15/2022`, `15.7.2022`, `15-07-2022`
    Numeric,
    /// `1990s`, `'90s`
    Decade,
    /// `a.m.`, `p.m.`
    Meridiem,
    /// `B.C.`, `A.D.`
    Era,
    /// `'s`, `'ll`
    Suffix,
    /// One sign.
    Sign,
    /// A blank line: no expression crosses it.
    Break,
    /// An address of the web, left alone.
    Address,
}

/// A token and the bytes it covers.
#[derive(Debug)]
pub struct Token<'a> {
    pub kind: Kind,
    pub raw: &'a str,
    pub lower: Cow<'a, str>,
    pub start: usize,
    pub end: usize,
    /// No space before it.
    pub glued: bool,
}

impl Token<'_> {
    pub fn capital(&self) -> bool {
        self.raw.chars().next().is_some_and(char::is_uppercase)
    }
}

/// The names of the groups are the kinds, in the order of [`KINDS`].
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (\n[\ \t\r]*\n\s*)
        | ((?:https?://|www\.)\S+)
        | ([0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T\ ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?\b)
        | ([0-9]{1,4}/[0-9]{1,2}/[0-9]{1,4}\b | [0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}\b | [0-9]{1,2}-[0-9]{1,2}-[0-9]{4}\b | [0-9]{4}/[0-9]{1,2}\b)
        | ([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\b)
        | (['’‘]?[0-9]{2,4}['’]?s\b)
        | ([0-9]{1,3}(?:st|nd|rd|th|ST|ND|RD|TH)\b)
        | ([0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?\b | [0-9]+\.[0-9]+ | [0-9]+)
        | ([AaPp]\.\ ?[Mm]\.?)
        | (B\.C\.(?:E\.)? | A\.D\. | C\.E\.)
        | (['’](?:s|S|t|ll|re|ve|d|m)\b)
        | (\p{L}[\p{L}\p{M}\p{N}]*)
        | (\S)",
    )
    .expect("the pattern is a constant that the tests compile")
});

const KINDS: [Kind; 13] = [
    Kind::Break,
    Kind::Address,
    Kind::Iso,
    Kind::Numeric,
    Kind::Clock,
    Kind::Decade,
    Kind::Ordinal,
    Kind::Number,
    Kind::Meridiem,
    Kind::Era,
    Kind::Suffix,
    Kind::Word,
    Kind::Sign,
];

/// The tokens of a text, in order.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut locations = TOKEN.capture_locations();
    let mut at = 0;
    let mut end_of_last = usize::MAX;
    while let Some(found) = TOKEN.captures_read_at(&mut locations, text, at) {
        let kind = (0..KINDS.len()).find(|&group| locations.get(group + 1).is_some());
        let raw = found.as_str();
        let lower = if raw.chars().any(char::is_uppercase) {
            Cow::Owned(raw.to_lowercase())
        } else {
            Cow::Borrowed(raw)
        };
        tokens.push(Token {
            kind: kind.map_or(Kind::Sign, |group| KINDS[group]),
            raw,
            lower,
            start: found.start(),
            end: found.end(),
            glued: found.start() == end_of_last,
        });
        at = found.end();
        end_of_last = at;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_one_token() {
        let kinds = |text| tokens(text).iter().map(|token| token.kind).collect::<Vec<_>>();
        assert_eq!(kinds("2022-07-15T10:30:00Z"), [Kind::Iso]);
        assert_eq!(kinds("7/15/2022 10:30 p.m."), [Kind::Numeric, Kind::Clock, Kind::Meridiem]);
        assert_eq!(kinds("1990s 15th 3,000 A320"), [Kind::Decade, Kind::Ordinal, Kind::Number, Kind::Word]);
        assert_eq!(kinds("Monday’s\n\nMay 1,2022").len(), 7);
    }
}
