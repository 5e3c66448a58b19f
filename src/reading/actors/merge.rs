//! What the tagger and the rules find in one sentence, put together.
//!
//! The tagger decides what is a name. Where names of several words end, the rules know some things better: names known
//! beforehand ("Bank of England"), heads that take an "of" ("University of Oslo"), names before a hyphen ("U.S.-led").

use std::ops::Range;

use super::find::Candidate;
use super::gazetteer::{self, Known};
use super::lexicon::Classes;
use super::resolve::Name;
use super::tagger::{TagScores, tag_of};
use super::title::title_at;
use super::tokens::{Shape, Token};
use crate::domain::ActorKind;

/// Words of a title that are looked at: "Deputy Assistant Secretary of State for Political Affairs".
const LONGEST_TITLE: usize = 9;

/// A name that only the rules find is taken where the tagger thinks that there is none with no more than this
/// probability; the second where two and more words have capitals. Set on GUM dev.
const DOUBT: [f32; 2] = [0.55, 0.7];

/// Names in order, none overlapping. Both lists are of the sentence whose tokens are `s`, each in order; `scores` are
/// the tagger's.
pub fn merge(s: &[Token<'_>], tagged: Vec<Name>, by_rules: &[&Name], scores: &[TagScores]) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::with_capacity(tagged.len());
    for name in tagged {
        match names.last_mut() {
            Some(before) if ends_open(s, before) && before.candidate.last == name.candidate.first => {
                // "Bank of" and "England", tagged apart.
                before.candidate =
                    candidate(s, &before.candidate, before.candidate.first, name.candidate.last);
            }
            Some(before) if goes_on(s, before, &name) => {
                before.candidate =
                    candidate(s, &before.candidate, before.candidate.first, name.candidate.last);
            }
            _ => names.push(name),
        }
    }
    names.retain_mut(|name| {
        while ends_open(s, name) {
            name.candidate = candidate(s, &name.candidate, name.candidate.first, name.candidate.last - 1);
        }
        if begins_before(s, name) {
            name.candidate = candidate(s, &name.candidate, name.candidate.first - 1, name.candidate.last);
        }
        name.candidate.last > name.candidate.first
    });
    for &rule in by_rules {
        let (first, last) = (rule.candidate.first, rule.candidate.last);
        // A title is no name, nor is part of it: "Secretary of State".
        let from = if rule.candidate.titled { title_start(s, first) } else { first };
        let overlaps = |name: &Name| name.candidate.first < last && from < name.candidate.last;
        let touched: Vec<&Name> = names.iter().filter(|name| overlaps(name)).collect();
        let inside = touched.iter().all(|one| from <= one.candidate.first && one.candidate.last <= last);
        let begins = touched.iter().any(|one| one.candidate.first == first);
        // What the tagger takes for part of the name is no title: "Duke Ellington".
        let in_title = |one: &&Name| one.candidate.first < first && one.candidate.last > first;
        let titled = rule.candidate.titled && !touched.iter().any(in_title);
        let take = !calendar(&s[last - 1])
            && match touched.as_slice() {
                [] => {
                    known_whole(s, rule)
                        || known_before_hyphen(s, rule)
                        || speaking_month(s, rule)
                        || open(s, rule, scores)
                }
                [one] if one.candidate.first == first && one.candidate.last == last => false,
                [one] if begins && inside && longer_person(s, one, rule) => true,
                _ => {
                    inside
                        && (titled || known_whole(s, rule) || of_head(s, rule) || (begins && holds(s, rule)))
                }
            };
        if take {
            let kind = if touched.is_empty() { likeliest(rule, scores) } else { rule.kind };
            names.retain(|name| !overlaps(name));
            names.push(without_article(s, rule, kind));
        }
    }
    names.sort_by_key(|name| name.candidate.first);
    names
}

/// "São Bernardo do Campo", "Ahmad Shah Massoud", "Board of Education of Topeka": one name, tagged as two.
fn goes_on(s: &[Token<'_>], before: &Name, name: &Name) -> bool {
    let between = s.get(before.candidate.last..name.candidate.first).unwrap_or_default();
    let particle = |token: &Token<'_>| token.shape == Shape::Lower && token.is(Classes::PARTICLE);
    let particles = !between.is_empty() && between.len() < 3 && between.iter().all(particle);
    let words = &s[before.candidate.first..before.candidate.last];
    let of_place = between.len() == 1
        && between[0].lower == "of"
        && before.kind == ActorKind::Organization
        && name.kind == ActorKind::Place
        && words.iter().any(|token| token.lower == "of");
    // Two people are never named without a mark or a word between them: "Ahmad Shah" and "Massoud".
    let one_person = between.is_empty() && before.kind == ActorKind::Person && name.kind == ActorKind::Person;
    (particles && before.kind == name.kind) || of_place || one_person
}

/// "King’s College", "Northern Rhodesia", "Duke Ellington": the word before belongs to the name.
fn begins_before(s: &[Token<'_>], name: &Name) -> bool {
    let first = name.candidate.first;
    let Some(before) = first.checked_sub(1).map(|at| &s[at]).filter(|before| before.capital()) else {
        return false;
    };
    let compass = name.kind == ActorKind::Place && before.is(Classes::COMPASS) && !before.initial;
    // A given name that is a title too, before a surname.
    let given = name.kind == ActorKind::Person
        && name.candidate.last == first + 1
        && before.is(Classes::GIVEN)
        && before.is(Classes::TITLE)
        && !before.is(Classes::HONORIFIC)
        && !s[first].is(Classes::GIVEN);
    s[first].shape == Shape::Possessive || compass || given
}

/// A name by the rules that the tagger is not sure is none.
fn open(s: &[Token<'_>], rule: &Name, scores: &[TagScores]) -> bool {
    let words = scores.get(rule.candidate.first..rule.candidate.last).unwrap_or_default();
    let outside: f32 = words.iter().map(|of_word| of_word[0].exp()).sum();
    let one = after_article(s, rule.candidate.first..rule.candidate.last);
    !rule.candidate.weak
        && !one
        && !words.is_empty()
        && outside / (words.len() as f32) < DOUBT[usize::from(words.len() > 1)]
}

/// "May said that she would resign in May."
fn speaking_month(s: &[Token<'_>], rule: &Name) -> bool {
    let verb = s
        .get(rule.candidate.last)
        .is_some_and(|token| token.shape == Shape::Lower && token.is(Classes::REPORT));
    let only = rule.candidate.last == rule.candidate.first + 1;
    verb && only && s[rule.candidate.first].is(Classes::AMBIGUOUS_TIME)
}

/// "New Year", "Labor Day", "World AIDS Day": no name of an actor.
pub fn calendar(last: &Token<'_>) -> bool {
    matches!(last.lower.as_str(), "day" | "eve" | "year" | "week" | "month" | "century")
}

/// "I am a Berliner": one of many.
pub fn after_article(s: &[Token<'_>], words: Range<usize>) -> bool {
    let article = words.start.checked_sub(1).is_some_and(|at| matches!(s[at].lower.as_str(), "a" | "an"));
    article && words.len() == 1
}

/// The kind that the tagger would give it; one that is known beforehand has its own.
fn likeliest(rule: &Name, scores: &[TagScores]) -> ActorKind {
    let words = scores.get(rule.candidate.first..rule.candidate.last).unwrap_or_default();
    let of = |kind: ActorKind| -> f32 {
        words
            .iter()
            .map(|of_word| of_word[tag_of(kind, true)].exp() + of_word[tag_of(kind, false)].exp())
            .sum()
    };
    let kinds = [ActorKind::Person, ActorKind::Organization, ActorKind::Place];
    let best = kinds.into_iter().max_by(|&a, &b| of(a).total_cmp(&of(b)));
    best.filter(|_| rule.candidate.known.is_none()).unwrap_or(rule.kind)
}

/// "Ho Chi Minh" of which the tagger sees "Ho Chi".
fn longer_person(s: &[Token<'_>], tagged: &Name, rule: &Name) -> bool {
    let rest = s.get(tagged.candidate.last..rule.candidate.last).unwrap_or_default();
    let part = |token: &Token<'_>| token.shape == Shape::Capital && !token.is(Classes::COMMON);
    let person = tagged.kind == ActorKind::Person && rule.kind == ActorKind::Person;
    person && !rest.is_empty() && rest.iter().all(part)
}

/// "Hague" of "The Hague".
fn without_article(s: &[Token<'_>], rule: &Name, kind: ActorKind) -> Name {
    let article = s.get(rule.candidate.first).is_some_and(|token| token.lower == "the");
    let first = rule.candidate.first + usize::from(article && rule.candidate.last > rule.candidate.first + 1);
    Name { candidate: Candidate { first, ..rule.candidate.clone() }, kind }
}

/// The candidate from another word on, or with another end.
fn candidate(s: &[Token<'_>], of: &Candidate, first: usize, last: usize) -> Candidate {
    let only = s.get(first..last).unwrap_or_default();
    let known = gazetteer::longest_match(only).filter(|(length, _)| *length == only.len());
    Candidate { first, last, known: known.map(|(_, entry)| entry), ..of.clone() }
}

/// Whether the name ends with a word that must go on: "of", "the", "and", a hyphen.
fn ends_open(s: &[Token<'_>], name: &Name) -> bool {
    let Some(last) = name.candidate.last.checked_sub(1).and_then(|at| s.get(at)) else { return false };
    let link = matches!(last.lower.as_str(), "of" | "the" | "and" | "for" | "in" | "&" | "de" | "-");
    name.candidate.last > name.candidate.first && last.shape != Shape::Capital && link
}

/// A name of several words that is known beforehand.
fn known_whole(s: &[Token<'_>], rule: &Name) -> bool {
    let only = &s[rule.candidate.first..rule.candidate.last];
    only.len() > 1 && gazetteer::longest_match(only).is_some_and(|(length, _)| length == only.len())
}

/// "University of Oslo", "People’s Army", "George H. W. Bush", "Sydney Opera House": held together by "of", "for", a
/// possessive or an initial, or by the head that they end with.
fn holds(s: &[Token<'_>], rule: &Name) -> bool {
    let words = &s[rule.candidate.first..rule.candidate.last];
    let initial = |token: &Token<'_>| token.capital() && token.text.len() == 2 && token.text.ends_with('.');
    let link = |token: &Token<'_>| {
        matches!(token.lower.as_str(), "of" | "for") || token.shape == Shape::Possessive || initial(token)
    };
    let head = |token: &Token<'_>| token.capital() && token.is(Classes::ORG_HEAD.or(Classes::PLACE_HEAD));
    words.iter().any(link) || words.last().is_some_and(head)
}

/// "City of London", "Ministry of Defence": begins with a head that takes an "of".
fn of_head(s: &[Token<'_>], rule: &Name) -> bool {
    let first = &s[rule.candidate.first];
    let of = s.get(rule.candidate.first + 1).is_some_and(|token| token.lower == "of");
    first.capital() && !first.initial && first.is(Classes::ORG_OF.or(Classes::PLACE_OF)) && of
}

/// Where the title before a name begins.
fn title_start(s: &[Token<'_>], name: usize) -> usize {
    (name.saturating_sub(LONGEST_TITLE)..name).find(|&at| title_at(s, at) == Some(name)).unwrap_or(name)
}

/// "U.S.-led", "Iran-backed": a country before a hyphen and a common word.
fn known_before_hyphen(s: &[Token<'_>], rule: &Name) -> bool {
    let last = rule.candidate.last;
    let country = rule.candidate.known.is_some_and(|entry| entry.known == Known::Country);
    let hyphen = s.get(last).is_some_and(|token| token.glued && matches!(token.text, "-" | "‐" | "‑"));
    country && hyphen && s.get(last + 1).is_some_and(|token| token.is(Classes::COMPOUND_TAIL))
}
