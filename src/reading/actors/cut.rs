//! Where the first name in a run of capitalised words ends: at a known name, a head word, or the run's end.

use std::ops::Range;

use super::gazetteer::{self, Entry, Known};
use super::lexicon::Classes;
use super::tokens::{Shape, Token};
use crate::domain::ActorKind;

/// What a run of capitalised words turned out to be: a name up to a token, or nothing.
pub struct Cut {
    pub kind: Option<ActorKind>,
    pub known: Option<&'static Entry>,
    pub last: usize,
    pub name: bool,
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

/// Decides where the first name of a run ends, and its kind where its words tell.
pub fn cut(
    s: &[Token<'_>],
    run: Range<usize>,
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
    run: Range<usize>,
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
fn cut_at_head(s: &[Token<'_>], run: Range<usize>, person_first: bool) -> Option<Cut> {
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
