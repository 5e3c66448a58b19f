//! Where names are: runs of capitalised words, cut where a title, a date or another name begins.
//!
//! Finds candidates only; `resolve` decides which of them are names, and of what kind.

use super::cut::cut;
use super::gazetteer::{self, Entry};
use super::lexicon::Classes;
use super::title::{given_name, owns, surname_title, title_at};
use super::tokens::{Shape, Token, TokenizedSentence};
use crate::domain::ActorKind;

/// A stretch of a sentence that may be a name.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub sentence: usize,
    /// Tokens of the sentence, end exclusive.
    pub first: usize,
    pub last: usize,
    /// The kind, where its own words prove it.
    pub kind: Option<ActorKind>,
    pub known: Option<&'static Entry>,
    /// Directly after a title: "President", "Mr."
    pub titled: bool,
    /// Its capital letters prove nothing: a common word where a sentence begins.
    pub weak: bool,
}

/// A run longer than this is a headline or the name of a work, not an actor; it also bounds the work per token.
pub const LONGEST_NAME: usize = 12;

/// The candidates of one sentence, in order, none overlapping.
pub fn candidates(number: usize, sentence: &TokenizedSentence<'_>) -> Vec<Candidate> {
    let s = &sentence.tokens;
    let mut found = Vec::new();
    let mut i = 0;
    let mut title_end = usize::MAX;
    while i < s.len() {
        if !begins_name(s, i) {
            i += 1;
            continue;
        }
        let known = gazetteer::longest_match(&s[i..]);
        let long = known.is_some_and(|(length, _)| length > 1);
        let given = title_end == i && given_name(s, i);
        if !(long || given)
            && let Some(end) = title_at(s, i)
        {
            title_end = end;
            i = end;
            continue;
        }
        let titled = title_end == i;
        if s[i].is(Classes::NATIONALITY) && known.is_none() && !(names_organization_by_nation(s, i)) {
            i += 1;
            continue;
        }
        let end = run_end(s, i, known.map_or(1, |(length, _)| length));
        if !titled && known.is_none() && opens_sentence(s, i, end) {
            i += 1;
            continue;
        }
        let cut = cut(s, i..end, known, titled, sentence.all_caps);
        let last = cut.last.max(i + 1);
        if cut.name {
            let tokens = &s[i..last];
            let weak = !titled
                && s[i].initial
                && !speaks(s, i)
                && (tokens.iter().all(|t| t.is(Classes::COMMON) && !t.is(Classes::COUNTRY))
                    || (cut.known.is_none()
                        && (sentence.title_case || (tokens.len() == 1 && inflected(&s[i].lower)))));
            found.push(Candidate {
                sentence: number,
                first: i,
                last,
                kind: cut.kind,
                known: cut.known,
                titled,
                weak,
            });
        }
        i = last;
    }
    found
}

/// A form of a common word that no list has: "Rescuers", "Mourners".
fn inflected(word: &str) -> bool {
    const ENDINGS: [&str; 10] = ["s", "es", "ed", "d", "ing", "er", "ers", "or", "ors", "able"];
    let stems = ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending)).filter(|stem| stem.len() > 2);
    stems.into_iter().any(|stem| super::lexicon::classes(stem).any(Classes::COMMON))
}

/// Whether a word may be part of a name.
fn name_token(s: &[Token<'_>], at: usize) -> bool {
    let Some(token) = s.get(at) else { return false };
    let number = super::lexicon::counted(&token.lower) || (token.initial && token.is(Classes::NUMBER));
    let never = token.is(Classes::NEVER) || number;
    if !token.capital() || never || is_time(s, at) {
        return false;
    }
    let initial_letter = token.text.len() == 2 && token.text.ends_with('.');
    let surname =
        token.is(Classes::AMBIGUOUS_TIME) && at > 0 && s[at - 1].capital() && s[at - 1].is(Classes::GIVEN);
    let name = initial_letter || surname || speaks(s, at);
    let word = token.is(Classes::STOP) && token.shape == Shape::Capital && !name;
    !word || (token.is(Classes::GIVEN) && !token.initial)
}

fn begins_name(s: &[Token<'_>], at: usize) -> bool {
    let particle = |token: &Token<'_>| matches!(token.lower.as_str(), "bin" | "van" | "von" | "ibn");
    if s[at].shape == Shape::Lower && particle(&s[at]) {
        return name_token(s, at + 1);
    }
    let letter = s[at].text.chars().count() == 1 && !name_token(s, at + 1);
    let article = s[at].capital() || s[at].lower == "al";
    (name_token(s, at) && !letter)
        || (article && gazetteer::longest_match(&s[at..]).is_some_and(|(length, _)| length > 1))
}

/// "May said": a month does not speak.
fn speaks(s: &[Token<'_>], at: usize) -> bool {
    let verb = s.get(at + 1).is_some_and(|t| t.shape == Shape::Lower && t.is(Classes::REPORT));
    verb && s[at].is(Classes::AMBIGUOUS_TIME) && s[at].initial
}

/// A month or weekday, unless it is a person's name: "Theresa May", "August Wilson".
fn is_time(s: &[Token<'_>], at: usize) -> bool {
    let token = &s[at];
    if !token.is(Classes::TIME) {
        return false;
    }
    if !token.is(Classes::AMBIGUOUS_TIME) {
        return true;
    }
    let before = at.checked_sub(1).map(|before| &s[before]);
    let after_name = before
        .is_some_and(|t| t.capital() && t.is(Classes::GIVEN.or(Classes::HONORIFIC).or(Classes::COUNTRY)));
    let next = s.get(at + 1);
    let no_name = Classes::TIME.or(Classes::STOP).or(Classes::COMMON);
    let no_surname =
        if token.initial { no_name.or(Classes::COUNTRY).or(Classes::NATIONALITY) } else { no_name };
    let first_name = next.is_some_and(|t| t.shape == Shape::Capital && !t.is(no_surname))
        && before.is_none_or(|t| {
            !matches!(t.lower.as_str(), "in" | "on" | "of" | "last" | "next" | "this" | "since")
        });
    !(after_name || first_name || speaks(s, at)) || next.is_some_and(|t| t.shape == Shape::Number)
}

fn names_organization_by_nation(s: &[Token<'_>], at: usize) -> bool {
    let next = |by: usize| s.get(at + by).filter(|t| t.capital());
    next(1).is_some_and(|t| {
        t.is(Classes::DEMONYM_ORG) && (t.is(Classes::ORG_HEAD) || next(2).is_some() || t.is(Classes::ORG_OF))
            || (t.is(Classes::PLACE_HEAD) && t.is(Classes::ORG_OF.or(Classes::PLACE_OF)))
    })
}

/// A common word that only opens the sentence: "Suspected Tamil rebels", "Former Vice President Al Gore".
fn opens_sentence(s: &[Token<'_>], at: usize, end: usize) -> bool {
    if !s[at].initial || !s[at].is(Classes::COMMON) || at + 1 >= end || s[at].is(Classes::GIVEN) {
        return false;
    }
    let next = &s[at + 1];
    // "Supreme Court", "Lower House": a head right after it makes one name of both.
    let heads = Classes::ORG_HEAD.or(Classes::PLACE_HEAD);
    let place = s[at].is(Classes::PLACE_PREFIX.or(Classes::COMPASS));
    !place
        && !next.is(heads)
        && (next.is(Classes::GIVEN.or(Classes::NATIONALITY))
            || gazetteer::longest_match(&s[at + 1..]).is_some())
}

/// Where the run of name words that begins at `from` ends; `sure` words of it are known to belong together.
fn run_end(s: &[Token<'_>], from: usize, sure: usize) -> usize {
    let mut at = from + sure;
    if s[from].shape == Shape::Lower {
        at = at.max(from + 2);
    }
    while at < s.len() && at < from + LONGEST_NAME {
        if s[at].glued && s[at].shape != Shape::Possessive && !s[at].mark(",") {
            break;
        }
        if name_token(s, at) {
            let titled = !surname_title(s, at)
                && title_at(s, at).is_some()
                && gazetteer::longest_match(&s[at..]).is_none_or(|(length, _)| length < 2);
            if titled && !s[at].is(Classes::SUFFIX) {
                break;
            }
            at += 1;
        } else if let Some(next) = over_connector(s, from, at) {
            at = next + 1;
        } else {
            break;
        }
    }
    at
}

/// The name word that a connector at `at` leads to: "Bank of England", "Rio de Janeiro", "Johnson & Johnson".
fn over_connector(s: &[Token<'_>], from: usize, at: usize) -> Option<usize> {
    let (token, before) = (&s[at], &s[at - 1]);
    let next = at + 1;
    let common =
        |at: usize| s.get(at).is_some_and(|t| t.capital() && t.is(Classes::COMMON) && !t.is(Classes::GIVEN));
    match token.lower.as_str() {
        "of" if before.is(Classes::ORG_OF.or(Classes::PLACE_OF)) => {
            let next = if s.get(next).is_some_and(|t| t.lower == "the") { next + 1 } else { next };
            name_token(s, next).then_some(next)
        }
        "for" if before.is(Classes::ORG_FOR) => common(next).then_some(next),
        "&" => name_token(s, next).then_some(next),
        "and" => {
            let within = s[from..at].iter().any(|t| t.lower == "of" || t.lower == "for")
                && common(at - 1)
                && common(next);
            let before_head = s[from..at].iter().all(|t| t.is(Classes::COMMON))
                && (next..(next + 4).min(s.len()))
                    .take_while(|&at| s[at].capital() && s[at].is(Classes::COMMON))
                    .any(|at| at > next && s[at].is(Classes::ORG_HEAD));
            (within || before_head).then_some(next)
        }
        "," => {
            let suffix =
                s.get(next).is_some_and(|t| t.capital() && t.is(Classes::SUFFIX.or(Classes::COMPANY_SUFFIX)));
            suffix.then_some(next)
        }
        _ if token.shape == Shape::Possessive => owns(s, at).then_some(next),
        _ if token.shape == Shape::Lower && token.is(Classes::PARTICLE) && !before.is(Classes::COUNTRY) => {
            let next = if s.get(next).is_some_and(|t| t.is(Classes::PARTICLE)) { next + 1 } else { next };
            (name_token(s, next) && before.capital()).then_some(next)
        }
        _ => None,
    }
}
