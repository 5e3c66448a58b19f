//! Cuts a text into the tokens that the grammar of dates reads.
//!
//! Whatever has a shape of its own (`2022-07-15`, `10:30`, `1990s`, `p.m.`) is one token, so that the grammar
//! only has to look at words and numbers.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::lexicon::month;

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

/// Tokens that begin with a digit, in one pass; the names of the groups are the kinds, in the order of [`KINDS`].
static NUMERAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        ([0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T\ ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?\b)
        | ([0-9]{1,4}/[0-9]{1,2}/[0-9]{1,4}\b | [0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}\b | [0-9]{1,2}-[0-9]{1,2}-[0-9]{4}\b | [0-9]{4}(?:-[0-9]{1,2}-|\.[0-9]{1,2}\.)[0-9]{1,2}\b)
        | ([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)
        | (['’‘]?[0-9]{2,4}['’]?s\b)
        | ([0-9]{1,3}(?:st|nd|rd|th|ST|ND|RD|TH)\b)
        | ([0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?\b | [0-9]+\.[0-9]+ | [0-9]+)",
    )
    .expect("the pattern is a constant that the tests compile")
});

const KINDS: [Kind; 6] = [Kind::Iso, Kind::Numeric, Kind::Clock, Kind::Decade, Kind::Ordinal, Kind::Number];

/// The tokens of a text, in order.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut locations = NUMERAL.capture_locations();
    let mut at = 0;
    let mut end_of_last = usize::MAX;
    while let Some(first) = text[at..].chars().next() {
        let (kind, end) = if first == '\n' {
            match blank_line(&text[at..]) {
                Some(length) => (Kind::Break, at + length),
                None => {
                    at += 1;
                    continue;
                }
            }
        } else if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if first.is_ascii_digit() || opens_numeral(&text[at..]) {
            let found =
                NUMERAL.captures_read_at(&mut locations, text, at).filter(|found| found.start() == at);
            let kind = (0..KINDS.len()).find(|&group| locations.get(group + 1).is_some());
            match found.zip(kind) {
                Some((found, kind)) => (KINDS[kind], found.end()),
                None => (Kind::Sign, at + first.len_utf8()),
            }
        } else {
            let (kind, length) = plain(&text[at..], first);
            (kind, at + length)
        };
        let raw = &text[at..end];
        let lower = if raw.chars().any(char::is_uppercase) {
            Cow::Owned(raw.to_lowercase())
        } else {
            Cow::Borrowed(raw)
        };
        tokens.push(Token { kind, raw, lower, start: at, end, glued: at == end_of_last });
        at = end;
        end_of_last = at;
    }
    tokens
}

/// Bytes of a blank line and of all white space after it.
fn blank_line(text: &str) -> Option<usize> {
    let rest = text.get(1..)?.trim_start_matches([' ', '\t', '\r']);
    rest.starts_with('\n').then(|| text.len() - rest.trim_start().len())
}

/// "'90s"
fn opens_numeral(text: &str) -> bool {
    let mut signs = text.chars();
    matches!(signs.next(), Some('\'' | '’' | '‘')) && signs.next().is_some_and(|sign| sign.is_ascii_digit())
}

/// A token that does not begin with a digit, and its bytes.
fn plain(text: &str, first: char) -> (Kind, usize) {
    if matches!(first, 'h' | 'w')
        && ["http://", "https://", "www."].iter().any(|scheme| text.starts_with(scheme))
    {
        return (Kind::Address, text.find(char::is_whitespace).unwrap_or(text.len()));
    }
    if matches!(first, 'A' | 'a' | 'P' | 'p')
        && let Some(length) = meridiem(text)
    {
        return (Kind::Meridiem, length);
    }
    if let Some(era) = ["B.C.E.", "B.C.", "A.D.", "C.E."].iter().find(|era| text.starts_with(**era)) {
        return (Kind::Era, era.len());
    }
    if first.is_alphabetic() {
        let inside = |sign: char| sign.is_alphanumeric() || matches!(sign, '\u{300}'..='\u{36f}');
        let length = text.find(|sign| !inside(sign)).unwrap_or(text.len());
        return (Kind::Word, month_before_day(&text[..length]).unwrap_or(length));
    }
    if matches!(first, '\'' | '’') {
        let rest = &text[first.len_utf8()..];
        let length = rest.find(|sign: char| !sign.is_alphanumeric()).unwrap_or(rest.len());
        if matches!(&rest[..length], "s" | "S" | "t" | "ll" | "re" | "ve" | "d" | "m") {
            return (Kind::Suffix, first.len_utf8() + length);
        }
    }
    (Kind::Sign, first.len_utf8())
}

/// Bytes of the month in "Dec31".
fn month_before_day(word: &str) -> Option<usize> {
    let name = word.trim_end_matches(|sign: char| sign.is_ascii_digit());
    (name.len() < word.len() && word.len() - name.len() <= 2 && name.len() < 10)
        .then(|| month(&name.to_lowercase()))?
        .map(|_| name.len())
}

/// Bytes of "a.m.", "P.M", "a. m."
fn meridiem(text: &str) -> Option<usize> {
    let rest = text.get(1..)?.strip_prefix('.')?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let rest = rest.strip_prefix(['m', 'M'])?;
    Some(text.len() - rest.strip_prefix('.').unwrap_or(rest).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_one_token() {
        let kinds = |text| tokens(text).iter().map(|token| token.kind).collect::<Vec<_>>();
        assert_eq!(kinds("2022-07-15T10:30:00Z"), [Kind::Iso]);
        assert_eq!(kinds("7/15/2022 10:30 p.m."), [Kind::Numeric, Kind::Clock, Kind::Meridiem]);
        assert_eq!(kinds("4:30pm Dec31"), [Kind::Clock, Kind::Word, Kind::Word, Kind::Number]);
        assert_eq!(kinds("1990s 15th 3,000 A320"), [Kind::Decade, Kind::Ordinal, Kind::Number, Kind::Word]);
        assert_eq!(kinds("Monday’s\n\nMay 1,2022").len(), 7);
    }
}
