//! What grouping sees of one article: its meaning, its words, names and numbers, and a sketch of its text.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash as _, Hasher};

use chrono::{DateTime, Utc};

use super::copies::Sketch;
use super::words;
use crate::domain::fold;

/// Characters of the body whose words count: news says what happened at the top.
pub(super) const LEAD_CHARS: usize = 1500;
/// Characters of the body whose names and numbers count: a follow-up comes to the shared names later.
const BODY_CHARS: usize = 4000;
/// How often a word of the headline counts beside one of the body.
const TITLE_WEIGHT: u8 = 2;
/// Terms kept of one article, a bound on memory; leads have some 150.
const MAX_TERMS: usize = 320;

/// What kind of term an article shares with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Words,
    /// Words of proper names.
    Names,
    Numbers,
}

impl Field {
    pub const ALL: [Self; 3] = [Self::Words, Self::Names, Self::Numbers];
}

/// A term by 28 bits; the two highest of these are its [`Field`], the others its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Term(u32);

impl Term {
    fn new(field: Field, word: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        Self((hasher.finish() as u32 >> 6) | (field as u32) << 26)
    }

    pub fn field(self) -> usize {
        (self.0 >> 26) as usize
    }
}

/// A term and how often it occurs, at most 15 times, in four bytes: there are millions of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted(u32);

impl Counted {
    fn new(term: Term, times: u8) -> Self {
        Self(term.0 << 4 | u32::from(times.min(15)))
    }

    pub fn term(self) -> Term {
        Term(self.0 >> 4)
    }

    pub fn times(self) -> u8 {
        (self.0 & 15) as u8
    }
}

/// A term is a hash already.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct TermHasher(u64);

impl Hasher for TermHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }

    fn write_u32(&mut self, term: u32) {
        // Spreads it over both ends, which the tables of the standard library look at.
        self.0 = (self.0.rotate_left(5) ^ u64::from(term)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// Values by term.
pub(super) type ByTerm<V> = HashMap<Term, V, BuildHasherDefault<TermHasher>>;

/// What grouping sees of one article.
#[derive(Debug, Clone)]
pub struct Telling {
    /// Meaning of title and lede: a unit vector, or empty.
    pub(super) vector: Vec<f32>,
    pub(super) terms: Box<[Counted]>,
    pub(super) sketch: Sketch,
    /// Publication, where it is known.
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) roundup: bool,
}

impl Telling {
    /// Characters of a text that are looked at; the rest may be left out.
    pub const CHARS: usize = BODY_CHARS;

    /// `vector` is a unit vector of the encoder's dimension; `at` the publication, where known.
    pub fn new(title: &str, text: &str, vector: Vec<f32>, at: Option<DateTime<Utc>>) -> Self {
        let mut counts: BTreeMap<Term, u8> = BTreeMap::new();
        let mut count = |field, word: &str, times: u8| {
            let seen = counts.entry(Term::new(field, word)).or_insert(0);
            *seen = seen.saturating_add(times);
        };
        for word in words::content_words(title) {
            count(Field::Words, &word, TITLE_WEIGHT);
        }
        for word in words::content_words(head(text, LEAD_CHARS)) {
            count(Field::Words, &word, 1);
        }
        for word in words::name_words(head(text, BODY_CHARS)) {
            count(Field::Names, &word, 1);
        }
        for number in words::numbers(title).into_iter().chain(words::numbers(head(text, LEAD_CHARS))) {
            count(Field::Numbers, &number, 1);
        }
        // A name is there or not: who is named often is named often by every outlet.
        let once = |(term, times): (Term, u8)| Counted::new(term, if term.field() == 0 { times } else { 1 });
        let terms = counts.into_iter().take(MAX_TERMS).map(once).collect();
        Self { vector, terms, sketch: Sketch::new(text), at, roundup: is_roundup(title) }
    }

    /// Whether it is another outlet's text: the same article, syndicated.
    pub(super) fn is_copy_of(&self, other: &Self) -> bool {
        self.sketch.is_copy_of(&other.sketch)
    }
}

/// The first `chars` characters.
pub(super) fn head(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(at, _)| &text[..at])
}

/// Round-ups and live blogs tell many events; they join no story, and none joins them.
pub(super) fn is_roundup(title: &str) -> bool {
    const MARKS: [&str; 20] = [
        "live updates", "live blog", "liveblog", "as it happened", "days events", "morning briefing",
        "evening briefing", "daily briefing", "morning bulletin", "evening bulletin", "news bulletin",
        "news in brief", "world in brief", "week in review", "year in review", "week in pictures",
        "day in pictures", "roundup", "what we know this week", "todays top stories",
    ];
    let lower = title.to_lowercase();
    let folded = fold(title);
    MARKS.iter().any(|mark| folded.contains(mark))
        || lower.contains("round-up")
        || ["– live", "— live", "- live", ": live"].iter().any(|end| lower.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_blogs_and_round_ups_are_told_by_their_titles() {
        for (title, roundup) in [
            ("Berlin Wall: the day’s events as it happened", true),
            ("Fall of the Wall – live", true),
            ("Morning briefing: five things to know", true),
            ("Live Aid raises millions for Ethiopia", false),
            ("Police round up smugglers’ boats", false),
            ("Where the miners live", false),
            ("Business round-up: tin and copper", true),
            ("East Germany opens the Berlin Wall", false),
        ] {
            assert_eq!(is_roundup(title), roundup, "{title}");
        }
    }
}
