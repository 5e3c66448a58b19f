//! Which candidates are names, and of what kind: evidence from context, then one answer for the whole document.

use std::collections::{HashMap, HashSet};

use super::find::Candidate;
use super::gazetteer::Known;
use super::lexicon::Classes;
use super::tokens::{Shape, Token, TokenizedSentence};
use crate::domain::ActorKind;

/// Evidence for person, organization, place.
type Evidence = [f32; 3];
const PERSON: usize = 0;
const ORGANIZATION: usize = 1;
const PLACE: usize = 2;

/// A candidate that is a name.
#[derive(Debug, Clone)]
pub struct Name {
    pub candidate: Candidate,
    pub kind: ActorKind,
}

/// Keeps the names among the candidates of a document and gives each its kind.
pub fn resolve(sentences: &[TokenizedSentence<'_>], candidates: Vec<Candidate>) -> Vec<Name> {
    let lower: HashSet<&str> = sentences
        .iter()
        .flat_map(|sentence| &sentence.tokens)
        .filter(|token| token.shape == Shape::Lower)
        .map(|token| token.lower.as_str())
        .collect();
    let keys: Vec<String> = candidates.iter().map(|candidate| key(tokens_of(sentences, candidate))).collect();
    let mut sums: HashMap<&str, Evidence> = HashMap::new();
    let mut strong: HashSet<&str> = HashSet::new();
    let mut within: HashSet<&str> = HashSet::new();
    let own: Vec<Evidence> = candidates
        .iter()
        .map(|candidate| evidence(&sentences[candidate.sentence].tokens, candidate))
        .collect();
    for ((candidate, key), own) in candidates.iter().zip(&keys).zip(&own) {
        let sum = sums.entry(key).or_default();
        (0..3).for_each(|at| sum[at] += own[at]);
        if !candidate.weak {
            strong.insert(key);
        }
        if !tokens_of(sentences, candidate).first().is_some_and(|token| token.initial) {
            within.insert(key);
        }
    }
    let persons = surnames(&keys, &candidates, &sums);
    let vessels: HashSet<&str> = candidates
        .iter()
        .zip(&keys)
        .filter(|(candidate, _)| {
            candidate.known.is_none() && names_vessel(&sentences[candidate.sentence].tokens, candidate)
        })
        .map(|(_, key)| key.as_str())
        .collect();
    candidates
        .iter()
        .zip(&keys)
        .zip(&own)
        .filter_map(|((candidate, key), own)| {
            let tokens = tokens_of(sentences, candidate);
            let surname = persons.contains(key.as_str());
            let sum = sums.get(key.as_str()).copied().unwrap_or_default();
            let vessel = !surname && candidate.known.is_none() && vessels.contains(key.as_str());
            if vessel || names_vessel(&sentences[candidate.sentence].tokens, candidate) {
                return None;
            }
            if candidate.weak && !surname && !strong.contains(key.as_str()) {
                return None;
            }
            let lower = lower.contains(key.as_str()).then(|| within.contains(key.as_str()));
            if common_word(tokens, candidate, lower, surname, sum) {
                return None;
            }
            Some(Name { candidate: candidate.clone(), kind: kind(candidate, tokens, surname, own, sum) })
        })
        .collect()
}

/// "The liner Titanic", "their craft, the Eagle,", "the Kursk, a submarine", "HMS Victory": none of the three kinds.
pub fn names_vessel(s: &[Token<'_>], candidate: &Candidate) -> bool {
    let (first, last) = (candidate.first, candidate.last);
    if candidate.titled {
        return false;
    }
    let vessel =
        |at: usize| s.get(at).is_some_and(|token| token.shape == Shape::Lower && token.is(Classes::VESSEL));
    let marked = s[first].is(Classes::VESSEL_MARK) && s[first].shape == Shape::Upper && last > first + 1;
    let the = first.checked_sub(1).filter(|&at| s[at].lower == "the");
    let comma = |at: usize| s.get(at).is_some_and(|token| token.mark(","));
    let before = first.checked_sub(1).is_some_and(vessel)
        || the.and_then(|at| at.checked_sub(2)).is_some_and(|at| vessel(at) && comma(at + 1) && comma(last));
    // "the Kursk, the largest submarine ever built"; a ship's captain is none.
    let apposition = || {
        let phrase = s.get(last + 2..(last + 6).min(s.len())).unwrap_or_default();
        let article = s.get(last + 1).is_some_and(|token| matches!(token.lower.as_str(), "the" | "a" | "an"));
        let head = phrase
            .iter()
            .take_while(|token| token.shape == Shape::Lower)
            .position(|token| token.is(Classes::VESSEL));
        article && head.is_some_and(|at| !phrase.get(at + 1).is_some_and(|token| token.is(Classes::ROLE)))
    };
    marked || before || (the.is_some() && comma(last) && apposition())
}

fn tokens_of<'s, 'a>(sentences: &'s [TokenizedSentence<'a>], candidate: &Candidate) -> &'s [Token<'a>] {
    &sentences[candidate.sentence].tokens[candidate.first..candidate.last]
}

/// A name in lower case, for telling whether two are the same.
pub fn key(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| token.lower.as_str()).collect::<Vec<_>>().join(" ")
}

/// The last words of full names of persons, each with the particles before it too.
fn surnames(keys: &[String], candidates: &[Candidate], sums: &HashMap<&str, Evidence>) -> HashSet<String> {
    let mut persons = HashSet::new();
    for (key, candidate) in keys.iter().zip(candidates) {
        let sum = sums.get(key.as_str()).copied().unwrap_or_default();
        let person = candidate.kind == Some(ActorKind::Person)
            || (candidate.kind.is_none() && candidate.known.is_none() && best(sum) == PERSON);
        if !person {
            continue;
        }
        let words: Vec<&str> = key.split(' ').collect();
        let full = words.iter().rposition(|word| !matches!(*word, "jr" | "sr" | "ii" | "iii" | "," | "iv"));
        if let Some(last) = full
            && (last > 0 || candidate.titled)
        {
            persons.insert(words[last].to_owned());
            if last > 1 {
                persons.insert(words[last - 1..=last].join(" "));
            }
        }
    }
    persons
}

/// A capitalised common word that is no name here: it also occurs in lower case, or nothing speaks for a name.
///
/// `lower`: whether the word occurs in lower case, and then whether it also has its capital within a sentence.
fn common_word(
    tokens: &[Token<'_>],
    candidate: &Candidate,
    lower: Option<bool>,
    surname: bool,
    sum: Evidence,
) -> bool {
    let [token] = tokens else { return false };
    if surname
        || candidate.titled
        || candidate.known.is_some()
        || token.shape == Shape::Upper && !token.initial
    {
        return false;
    }
    if candidate.kind == Some(ActorKind::Organization) {
        return token.initial || lower.is_some();
    }
    let strongest = sum.iter().fold(0.0_f32, |most, of| most.max(*of));
    let common = token.is(Classes::COMMON);
    lower.is_some_and(|within| common || !within) || (common && strongest < 1.5)
}

fn best(of: Evidence) -> usize {
    let [person, organization, place] = of;
    if person >= organization && person >= place {
        PERSON
    } else if organization > place {
        ORGANIZATION
    } else {
        PLACE
    }
}

fn kind(
    candidate: &Candidate,
    tokens: &[Token<'_>],
    surname: bool,
    own: &Evidence,
    sum: Evidence,
) -> ActorKind {
    let named_place = candidate
        .known
        .is_some_and(|entry| entry.known != Known::Country && entry.known.kind() == ActorKind::Place);
    if let Some(kind) = candidate.kind {
        // "Washington" in a text about George Washington is the man, unless it stands as a place does.
        if named_place && tokens.len() == 1 && surname && own[PERSON] >= own[PLACE] && own[PLACE] < 1.0 {
            return ActorKind::Person;
        }
        return kind;
    }
    if surname {
        return ActorKind::Person;
    }
    match best(sum) {
        PERSON => ActorKind::Person,
        ORGANIZATION => ActorKind::Organization,
        _ => ActorKind::Place,
    }
}

/// What the words of a candidate and those around it say about its kind.
fn evidence(s: &[Token<'_>], candidate: &Candidate) -> Evidence {
    let mut of: Evidence = [0.5, 0.45, 0.4];
    let tokens = &s[candidate.first..candidate.last];
    inner(tokens, &mut of);
    if candidate.titled {
        of[PERSON] += 5.0;
    }
    before(s, candidate.first, tokens.len(), &mut of);
    after(s, candidate.last, &mut of);
    of
}

fn inner(tokens: &[Token<'_>], of: &mut Evidence) {
    let Some((first, last)) = tokens.first().zip(tokens.last()) else { return };
    if tokens.len() == 1 && first.shape == Shape::Upper && first.text.len() <= 8 {
        of[ORGANIZATION] += 2.0;
    }
    if tokens.iter().any(|token| token.mark("&")) {
        of[ORGANIZATION] += 2.0;
    }
    if first.is(Classes::GIVEN) {
        of[PERSON] += if tokens.len() > 1 { 3.0 } else { 1.5 };
    }
    if last.is(Classes::SURNAME) {
        of[PERSON] += 1.2;
    }
    let upper = tokens.iter().any(|token| token.shape == Shape::Upper);
    if (2..=3).contains(&tokens.len()) && !first.is(Classes::COMMON) && !upper {
        of[PERSON] += 1.5;
    } else if tokens.len() > 1
        && tokens.iter().filter(|token| token.is(Classes::COMMON)).count() * 3 >= tokens.len() * 2
    {
        of[ORGANIZATION] += 1.2;
    }
    if tokens.iter().any(|token| token.shape == Shape::Lower && token.is(Classes::PARTICLE))
        || first.lower.starts_with("al-")
    {
        of[PERSON] += 1.0;
    }
    const PLACES: [&str; 20] = [
        "stan", "abad", "ville", "burg", "burgh", "shire", "grad", "land", "town", "istan", "pur", "pore",
        "port", "ford", "bury", "borough", "mouth", "haven", "polis", "iya",
    ];
    const PERSONS: [&str; 20] = [
        "enko", "vich", "sky", "ski", "dze", "shvili", "yan", "sson", "oglu", "escu", "ev", "ov", "ova",
        "eva", "ez", "nen", "berg", "stein", "man", "son",
    ];
    if tokens.len() == 1 && PLACES.iter().any(|end| last.lower.ends_with(end)) {
        of[PLACE] += 1.5;
    }
    if PERSONS.iter().any(|end| last.lower.ends_with(end) && last.lower.len() > end.len() + 1) {
        of[PERSON] += 0.9;
    }
}

fn before(s: &[Token<'_>], first: usize, length: usize, of: &mut Evidence) {
    let Some(at) = first.checked_sub(1) else { return };
    let token = &s[at];
    let word = token.lower.as_str();
    if token.shape == Shape::Mark
        && word == ","
        && at > 0
        && s[at - 1].is(Classes::ROLE)
        && s[at - 1].shape == Shape::Lower
    {
        of[PERSON] += 1.0;
    }
    if token.shape != Shape::Lower && !token.initial {
        return;
    }
    if token.is(Classes::PLACE_PREPOSITION) {
        of[PLACE] += match word {
            "in" => 2.0,
            "near" | "outside" => 2.0,
            "at" | "across" | "around" | "through" => 1.2,
            _ => 0.6,
        };
    }
    let moves = |token: &Token<'_>| {
        const MOVES: [&str; 18] = [
            "moved", "flew", "went", "returned", "traveled", "travelled", "came", "sailed", "marched",
            "sent", "fled", "trip", "visit", "way", "road", "arrived", "drove", "walked",
        ];
        MOVES.contains(&token.lower.as_str())
    };
    if matches!(word, "to" | "from" | "for") && at > 0 && moves(&s[at - 1]) {
        of[PLACE] += 1.5;
    }
    match word {
        "the" | "a" | "an" => {
            of[PERSON] -= 2.0;
            of[ORGANIZATION] += if length > 1 { 1.0 } else { 0.5 };
        }
        "by" | "with" | "told" => of[PERSON] += 0.4,
        "of" => {
            let cue = at.checked_sub(1).map(|at| &s[at]);
            if cue.is_some_and(|t| t.is(Classes::PLACE_CUE.or(Classes::COMPASS))) {
                of[PLACE] += 3.0;
            } else if cue.is_some_and(|t| t.is(Classes::ORG_CUE)) {
                of[ORGANIZATION] += 1.0;
            }
        }
        _ => {}
    }
    if token.is(Classes::COMPASS) {
        of[PLACE] += 2.5;
    }
    if token.shape == Shape::Lower {
        if token.is(Classes::ROLE) {
            of[PERSON] += 2.5;
        } else if token.is(Classes::ORG_CUE) {
            of[ORGANIZATION] += 2.5;
        } else if token.is(Classes::PLACE_CUE) {
            of[PLACE] += 2.0;
        }
    }
}

fn after(s: &[Token<'_>], last: usize, of: &mut Evidence) {
    let Some(token) = s.get(last) else { return };
    let next = s.get(last + 1);
    if token.mark(",") {
        let age = next.is_some_and(|t| t.shape == Shape::Number && t.text.len() <= 3)
            && s.get(last + 2).is_some_and(|t| t.mark(","));
        if age {
            of[PERSON] += 4.0;
        } else if next.is_some_and(|t| t.lower == "who" || t.lower == "whose") {
            of[PERSON] += 1.5;
        } else if next
            .is_some_and(|t| matches!(t.lower.as_str(), "the" | "a" | "an" | "former") || t.is(Classes::ROLE))
        {
            let words = s.get(last + 1..(last + 6).min(s.len())).unwrap_or_default();
            let words = words.iter().take_while(|t| t.shape == Shape::Lower);
            match words.filter(|t| t.is(Classes::ROLE.or(Classes::ORG_CUE).or(Classes::PLACE_CUE))).last() {
                Some(t) if t.is(Classes::ROLE) => of[PERSON] += 2.0,
                Some(t) if t.is(Classes::ORG_CUE) => of[ORGANIZATION] += 2.0,
                Some(_) => of[PLACE] += 2.0,
                None => {}
            }
        } else if next.is_some_and(|t| t.capital() && t.is(Classes::COUNTRY)) {
            of[PLACE] += 1.5;
        }
        return;
    }
    if token.shape != Shape::Lower {
        return;
    }
    if token.lower == "who" {
        of[PERSON] += 1.5;
    }
    if token.is(Classes::REPORT) {
        of[PERSON] += 1.2;
        of[ORGANIZATION] += 0.5;
    } else if token.is(Classes::PERSON_VERB) {
        of[PERSON] += 1.0;
    } else if token.is(Classes::ORG_CUE) {
        of[ORGANIZATION] += 2.0;
    } else if token.is(Classes::PLACE_CUE) {
        of[PLACE] += 2.5;
    } else if token.is(Classes::ROLE) {
        of[ORGANIZATION] += 1.0;
    }
}
