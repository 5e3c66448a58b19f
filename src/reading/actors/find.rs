//! Where names are: runs of capitalised words, cut where a title, a date or another name begins.
//!
//! Finds candidates only; `resolve` decides which of them are names, and of what kind.

use super::gazetteer::{self, Entry, Known};
use super::lexicon::Classes;
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

/// What a run of capitalised words turned out to be: a name up to a token, or nothing.
struct Cut {
    kind: Option<ActorKind>,
    known: Option<&'static Entry>,
    last: usize,
    name: bool,
}

impl Cut {
    fn name(kind: Option<ActorKind>, last: usize) -> Cut {
        Cut { kind, known: None, last, name: true }
    }

    fn known(entry: &'static Entry, last: usize) -> Cut {
        Cut { kind: Some(entry.known.kind()), known: Some(entry), last, name: true }
    }

    fn nothing(last: usize) -> Cut {
        Cut { kind: None, known: None, last, name: false }
    }
}

/// A run longer than this is a headline or the name of a work, not an actor; it also bounds the work per token.
const LONGEST_NAME: usize = 12;

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
        if !long && let Some(end) = title_at(s, i) {
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
    let word = token.is(Classes::STOP) && token.shape == Shape::Capital && !initial_letter && !surname;
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
    let first_name = next.is_some_and(|t| {
        t.shape == Shape::Capital && !t.is(Classes::TIME.or(Classes::STOP).or(Classes::COMMON))
    }) && !token.initial
        && before.is_none_or(|t| {
            !matches!(t.lower.as_str(), "in" | "on" | "of" | "last" | "next" | "this" | "since")
        });
    !(after_name || first_name) || next.is_some_and(|t| t.shape == Shape::Number)
}

/// Where a title that begins here ends: "Prime Minister", "Secretary of State", "Mr."
pub fn title_at(s: &[Token<'_>], from: usize) -> Option<usize> {
    let mut end = None;
    let mut at = from;
    while at < s.len() && at < from + LONGEST_NAME {
        let token = &s[at];
        let next = |class| s.get(at + 1).is_some_and(|t| t.capital() && t.is(class));
        if token.capital() && token.is(Classes::TITLE) && !(at > from && surname_title(s, at)) {
            end = Some(at + 1);
        } else if token.capital() && token.is(Classes::MODIFIER) {
            // Goes on to the title it qualifies, or the look ends without one.
        } else {
            let links = match token.lower.as_str() {
                "of" | "for" => end == Some(at) && next(Classes::TITLE_OF.or(Classes::MODIFIER)),
                "and" | "&" | "-" => next(Classes::MODIFIER.or(Classes::TITLE)),
                _ => false,
            };
            if !links {
                break;
            }
            if matches!(token.lower.as_str(), "of" | "for") {
                end = Some(at + 2);
            }
        }
        at += 1;
    }
    let end = end?;
    let follows = s.get(end);
    let body = follows.is_some_and(|t| {
        t.capital()
            && t.is(Classes::ORG_HEAD.or(Classes::PLACE_HEAD))
            && !t.is(Classes::GIVEN.or(Classes::TITLE))
    });
    let owner = follows.is_some_and(|t| t.shape == Shape::Possessive) && owns(s, end);
    let surname = end == from + 1 && surname_title(s, from);
    let title = !body && !owner && !surname;
    title.then_some(end)
}

/// "King" in "Billie Jean King" is a name.
fn surname_title(s: &[Token<'_>], at: usize) -> bool {
    at > 0
        && s[at].is(Classes::SURNAME_TITLE)
        && s[at - 1].capital()
        && s[at - 1].is(Classes::GIVEN)
        && !s.get(at + 1).is_some_and(|t| t.shape == Shape::Capital && !t.is(Classes::SUFFIX))
}

/// "Kurdistan Workers' Party": the possessive at `at` is inside a name.
fn owns(s: &[Token<'_>], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &s[before]) else { return false };
    let whole = format!("{}{}", before.lower, s[at].text.to_lowercase().replace('’', "'"));
    super::lexicon::classes(&whole).any(Classes::PLURAL_OWNER) && s.get(at + 1).is_some_and(Token::capital)
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

/// Decides where the first name of a run ends, and its kind where its words tell.
fn cut(
    s: &[Token<'_>],
    run: std::ops::Range<usize>,
    known: Option<(usize, &'static Entry)>,
    titled: bool,
    all_caps: bool,
) -> Cut {
    let (from, end) = (run.start, run.end);
    let first = &s[from];
    if let Some((length, entry)) = known {
        if let Some(cut) = cut_known(s, run.clone(), from + length, entry, titled, all_caps) {
            return cut;
        }
    } else if all_caps {
        return Cut::nothing(from + 1);
    }
    if titled {
        return Cut::name(Some(ActorKind::Person), person_end(s, from, end));
    }
    let numbered = s.get(end).is_some_and(|token| token.shape == Shape::Number);
    if first.is(Classes::EVENT_PREFIX) && (end > from + 1 || numbered) {
        return Cut::nothing(end);
    }
    let initials = known.is_none() && first.text.ends_with('.') && first.text.len() <= 6;
    let person_first = first.is(Classes::GIVEN) || initials;
    if let Some(cut) = cut_at_head(s, run, person_first) {
        return cut;
    }
    // "World War II": the number comes after the head.
    let last = if end > from + 1 && s[end - 1].is(Classes::SUFFIX) { end - 2 } else { end - 1 };
    let nation = s[end - 1].is(Classes::NATIONALITY);
    if last > from && (s[last].is(Classes::EVENT_HEAD) || nation) && !person_first {
        return Cut::nothing(end);
    }
    if first.is(Classes::PLACE_PREFIX)
        && !first.is(Classes::GIVEN)
        && end > from + 1
        && end <= from + 3
        && !s[from + 1].is(Classes::COMMON)
    {
        return Cut::name(Some(ActorKind::Place), end);
    }
    if person_first && end > from + 1 {
        // "Charles de Gaulle airport": a building that bears a person's name.
        let near = from > 0 && matches!(s[from - 1].lower.as_str(), "near" | "outside");
        let kind = if near || names_building(s, end) { ActorKind::Place } else { ActorKind::Person };
        return Cut::name(Some(kind), person_end(s, from, end));
    }
    // A known name further on ends an unknown one: "Gulbarg Society Washington" is two.
    let stop = (from + 1..end)
        .find(|&at| {
            let length = gazetteer::longest_match(&s[at..end]).map_or(0, |(length, _)| length);
            length > 1
                || (s[at].is(Classes::GIVEN)
                    && s[at].is(Classes::MALE.or(Classes::FEMALE))
                    && at + 1 < end
                    && at > from + 1)
        })
        .unwrap_or(end);
    Cut::name(None, stop)
}

/// A run that begins with a known name: that name alone, or a longer one that begins with it.
fn cut_known(
    s: &[Token<'_>],
    run: std::ops::Range<usize>,
    rest: usize,
    entry: &'static Entry,
    titled: bool,
    all_caps: bool,
) -> Option<Cut> {
    let (from, end) = (run.start, run.end);
    let place = entry.known.kind() == ActorKind::Place;
    if titled && rest == from + 1 && (place || s[from].is(Classes::GIVEN)) {
        return None;
    }
    if rest >= end || all_caps {
        return Some(Cut::known(entry, rest));
    }
    let next = &s[rest];
    let single = rest == from + 1;
    if single
        && s[from].is(Classes::GIVEN)
        && place
        && next.capital()
        && !next.is(Classes::ORG_HEAD.or(Classes::PLACE_HEAD))
    {
        return None;
    }
    if next.is(Classes::SUFFIX) && single && !next.is(Classes::COMPANY_SUFFIX) {
        return None;
    }
    if s[end - 1].is(Classes::EVENT_HEAD) && !s[end - 1].is(Classes::ORG_HEAD.or(Classes::PLACE_HEAD)) {
        return Some(if place { Cut::nothing(end) } else { Cut { last: end, ..Cut::known(entry, rest) } })
            .map(|cut| Cut { last: if cut.name { rest } else { cut.last }, ..cut });
    }
    let other = next.capital()
        && (next.is(Classes::NATIONALITY)
            || (next.is(Classes::GIVEN) && rest + 1 < end && !s[end - 1].is(Classes::ORG_HEAD))
            || gazetteer::longest_match(&s[rest..]).is_some_and(|(length, other)| {
                length > 1 || matches!(other.known, Known::Country | Known::Outlet)
            }) && !(place && next.is(Classes::GOVERNMENT_BODY)));
    if other {
        return Some(Cut::known(entry, rest));
    }
    cut_at_head(s, from..end, false)
        .filter(|cut| cut.last > rest)
        .or_else(|| (!place && !single).then(|| Cut::known(entry, rest)))
        .or_else(|| (entry.known == Known::Country).then(|| Cut::known(entry, rest)))
        .or_else(|| Some(Cut::name(None, end)))
}

/// A run with a head word: "Ministry of Justice", "Volga River", "Acme Corp."
fn cut_at_head(s: &[Token<'_>], run: std::ops::Range<usize>, person_first: bool) -> Option<Cut> {
    let (from, end) = (run.start, run.end);
    let heads = Classes::ORG_HEAD.or(Classes::PLACE_HEAD);
    let head_of = |at: usize| {
        s.get(at + 1).is_some_and(|t| t.lower == "of" || t.lower == "for")
            && at + 1 < end
            && s[at].is(Classes::ORG_OF.or(Classes::PLACE_OF).or(Classes::ORG_FOR))
    };
    if let Some(at) = (from..end).find(|&at| head_of(at)) {
        let organization =
            s[at].is(Classes::ORG_OF) && !(s[at].is(Classes::PLACE_OF) && s[at].lower != "university");
        let kind = if organization { ActorKind::Organization } else { ActorKind::Place };
        return Some(Cut::name(Some(kind), end));
    }
    let at = (from..end).rev().find(|&at| s[at].capital() && s[at].is(heads))?;
    let alone = at == from;
    if alone && end > from + 1 && !s[at].is(Classes::GOVERNMENT_BODY) {
        return None;
    }
    let two = at == from + 1;
    if person_first && two && (s[at].is(Classes::PLACE_HEAD) || s[at].is(Classes::GIVEN)) {
        return None;
    }
    let place = s[at].is(Classes::PLACE_HEAD) && !(s[at].is(Classes::ORG_HEAD) && s[at].lower != "republic");
    if alone && place {
        return None;
    }
    let kind = if place { ActorKind::Place } else { ActorKind::Organization };
    Some(Cut::name(Some(kind), at + 1))
}

/// Whether the word at `at` makes a building or a stretch of land of the name before it.
fn names_building(s: &[Token<'_>], at: usize) -> bool {
    s.get(at).is_some_and(|token| {
        token.shape == Shape::Lower
            && !token.glued
            && token.is(Classes::PLACE_HEAD)
            && !token.is(Classes::REPORT)
    })
}

/// A person's name takes the run up to a known name of several words.
fn person_end(s: &[Token<'_>], from: usize, end: usize) -> usize {
    (from + 1..end)
        .find(|&at| {
            gazetteer::longest_match(&s[at..end]).is_some_and(|(length, _)| length > 1)
                || s[at].is(Classes::NATIONALITY)
        })
        .unwrap_or(end)
        .min(from + 7)
}
