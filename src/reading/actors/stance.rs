//! What a name does in its sentence: acts, is acted on, or only says where.
//!
//! By the words around it, no parse: a preposition before, a verb after.

use super::gazetteer::{self, Known};
use super::lexicon::Classes;
use super::tokens::{Shape, Token};
use crate::domain::ActorKind;

/// Where a name stands in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    /// Does something: before a verb, or the one who "said".
    Acts,
    /// Is acted on, or stands beside others.
    Plain,
    /// Only qualifies a noun: "its NATO ally".
    Attribute,
    /// Only says where something happens: "in Geneva".
    Setting,
    /// Where somebody comes from or goes: weighs less than an object.
    Direction,
    /// Opens the article as its dateline: "TIRANA (AP) —".
    Dateline,
}

impl Stance {
    /// What one appearance weighs, before where it stands in the article.
    pub fn weight(self) -> f32 {
        match self {
            Stance::Acts => 1.6,
            Stance::Plain => 1.0,
            Stance::Direction | Stance::Attribute => 0.5,
            Stance::Setting => 0.25,
            Stance::Dateline => 0.0,
        }
    }
}

/// How the name between the tokens `first` and `last` stands in a sentence that is no dateline.
pub fn stance(s: &[Token<'_>], first: usize, last: usize, kind: ActorKind) -> Stance {
    let mut before = first;
    while before > 0
        && (s[before - 1].is(Classes::COMPASS)
            || matches!(s[before - 1].lower.as_str(), "the" | "nearby" | "downtown"))
    {
        before -= 1;
    }
    let preposition = before.checked_sub(1).map(|at| s[at].lower.as_str()).unwrap_or_default();
    let place = kind == ActorKind::Place;
    // A hospital is an organization, and where something happens.
    let located = place || (kind == ActorKind::Organization && s[last - 1].is(Classes::PLACE_HEAD));
    match preposition {
        "in" | "at" | "near" | "outside" | "around" | "across" | "through" | "throughout" | "inside"
        | "off"
            if located =>
        {
            return Stance::Setting;
        }
        _ if place && which_acts(s, last) => return Stance::Acts,
        "from" | "to" | "toward" | "towards" | "into" | "via" | "through" if place => {
            return Stance::Direction;
        }
        "by" => return Stance::Acts,
        _ => {}
    }
    // "to reach New York", "left Southampton for New York".
    let moves = |token: &Token<'_>| token.shape == Shape::Lower && token.is(Classes::MOTION);
    let reach = if preposition == "for" { 8 } else { 1 };
    if place && s[before.saturating_sub(reach)..before].iter().any(moves) && !verb_follows(s, last) {
        return Stance::Direction;
    }
    // "in Geneva, Switzerland" is one setting.
    if place && before > 1 && s[before - 1].mark(",") && s[before - 2].capital() && preposition == "," {
        let city = s[..before - 1].iter().rposition(|token| !token.capital()).map(|at| s[at].lower.as_str());
        if city.is_some_and(|word| matches!(word, "in" | "at" | "near" | "outside" | "from")) {
            return Stance::Setting;
        }
    }
    let reported = first > 0
        && s[first - 1].is(Classes::REPORT)
        && s[first - 1].shape == Shape::Lower
        && kind == ActorKind::Person;
    let of = preposition == "of" && before > 1;
    let country =
        || gazetteer::longest_match(&s[first..last]).is_some_and(|(_, entry)| entry.known == Known::Country);
    // "the mayor of Warsaw", "the coast of Norway's north", "the head of the United Nations": they only tell which.
    let office = of && kind == ActorKind::Organization && s[before - 2].is(Classes::ROLE.or(Classes::TITLE));
    if office || (of && place && !country()) {
        return Stance::Attribute;
    }
    let governed = matches!(
        preposition,
        "of" | "for" | "with" | "on" | "against" | "about" | "between" | "among" | "over"
    );
    // "The energy minister, Birgitta Dahl, said"
    let aside = first > 0 && s[first - 1].mark(",") && s.get(last).is_some_and(|token| token.mark(","));
    let acts = verb_follows(s, last) || (aside && kind == ActorKind::Person && verb_follows(s, last + 1));
    if reported || (!governed && acts) {
        Stance::Acts
    } else if kind != ActorKind::Person && qualifies(s, first, last) {
        Stance::Attribute
    } else {
        Stance::Plain
    }
}

/// Whether a noun follows that the name only qualifies: "its NATO ally", but not "hold Tehran accountable".
fn qualifies(s: &[Token<'_>], first: usize, last: usize) -> bool {
    let verb_before = first.checked_sub(1).map(|at| &s[at]).is_some_and(|token| {
        token.shape == Shape::Lower
            && !token.is(Classes::STOP.or(Classes::PLACE_PREPOSITION).or(Classes::PARTICLE))
    });
    if verb_before {
        return false;
    }
    let function = Classes::STOP.or(Classes::PARTICLE).or(Classes::PLACE_PREPOSITION);
    s.get(last).is_some_and(|token| token.shape == Shape::Lower && !token.glued && !token.is(function))
}

/// "Washington, which vowed": a place that acts is a government.
fn which_acts(s: &[Token<'_>], last: usize) -> bool {
    let which = s.get(last).is_some_and(|token| token.mark(","))
        && s.get(last + 1).is_some_and(|token| token.lower == "which");
    which && s.get(last + 2).is_some_and(|token| token.shape == Shape::Lower && token.is(Classes::REPORT))
}

/// "Geneva, March 3 — Delegates": only names and numbers up to a dash, then a sentence.
pub fn place_and_dash(s: &[Token<'_>], last: usize) -> bool {
    let rest = s[last..].iter().take(10);
    let dash =
        rest.take_while(|token| token.capital() || token.shape == Shape::Number || token.mark(",")).count()
            + last;
    let dashed = s.get(dash).is_some_and(|token| {
        !token.glued && token.shape == Shape::Mark && matches!(token.text, "—" | "–" | "-")
    });
    dashed && s.get(dash + 1).is_some_and(|token| token.capital() || token.quote())
}

/// Whether a verb follows, past an adverb or an apposition between commas.
fn verb_follows(s: &[Token<'_>], last: usize) -> bool {
    let mut at = last;
    if s.get(at).is_some_and(|token| token.mark(",")) {
        let close = s[at + 1..].iter().take(14).position(|token| token.mark(","));
        let Some(close) = close else { return false };
        at += close + 2;
    }
    while s.get(at).is_some_and(|token| {
        token.shape == Shape::Lower && (token.lower.ends_with("ly") || token.lower == "also")
    }) {
        at += 1;
    }
    s.get(at).is_some_and(|token| {
        token.shape == Shape::Lower
            && (token.is(Classes::REPORT.or(Classes::PERSON_VERB).or(Classes::AUXILIARY))
                || token.lower.ends_with("ed"))
    })
}
