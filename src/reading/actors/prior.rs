//! What is known of names beforehand counts beside what the tagger sees.
//!
//! The tagger was trained on texts of some years and places; a list of the world's countries, capitals and organizations
//! is surer of what they are. Only names that stand alone count, so that "Houston Rockets" is not pulled apart.

use super::gazetteer::{self, Known};
use super::lexicon::Classes;
use super::tagger::{TagScores, tag_of};
use super::tokens::{Shape, Token, TokenizedSentence};

/// Added to the logarithms of the probabilities of a known name's tags: of one word, of several, of one that acts.
const ONE_WORD: f32 = 1.5;
const SEVERAL: f32 = 2.5;
const ACTING: f32 = 4.0;

/// Raises the scores of the kinds of known names.
pub fn raise_known(sentence: &TokenizedSentence<'_>, scores: &mut [TagScores]) {
    let s = &sentence.tokens;
    let mut at = 0;
    while at < s.len().min(scores.len()) {
        let Some((length, entry)) = gazetteer::longest_match(&s[at..]) else {
            at += 1;
            continue;
        };
        let end = at + length;
        let alone =
            !at.checked_sub(1).is_some_and(|before| joins(&s[before])) && !s.get(end).is_some_and(joins);
        let sure = length > 1 || !ambiguous(&s[at], entry.known) || acts(s, at);
        if alone && sure {
            let raise = match length {
                1 if acts(s, at) => ACTING,
                1 if !beside_country(s, at, end) => ONE_WORD,
                _ => SEVERAL,
            };
            for (number, of_word) in scores.iter_mut().take(end).skip(at).enumerate() {
                of_word[tag_of(entry.known.kind(), number == 0)] += raise;
            }
        }
        at = end;
    }
}

/// Whether a neighbour with a capital may belong to the name.
fn joins(token: &Token<'_>) -> bool {
    let opens = token.initial && !token.is(Classes::GIVEN);
    token.capital() && !opens && !token.is(Classes::STOP.or(Classes::TIME))
}

/// "Jordan", "Chad", "House": given names and common words, too.
fn ambiguous(token: &Token<'_>, known: Known) -> bool {
    let other = Classes::GIVEN.or(Classes::SURNAME).or(Classes::COMMON);
    known != Known::Country && token.is(other)
}

/// "Solidarity called a strike", "Apple sued": a common word does not call, nor sue.
fn acts(s: &[Token<'_>], at: usize) -> bool {
    let verbs = Classes::REPORT.or(Classes::PERSON_VERB).or(Classes::AUXILIARY);
    let verb = |next: &Token<'_>| next.is(verbs) || next.lower.ends_with("ed");
    let next = s.get(at + 1).filter(|next| next.shape == Shape::Lower);
    next.is_some_and(verb) && !s[at].is(Classes::GIVEN)
}

/// "Jordan and Chad", "Georgia, Armenia".
fn beside_country(s: &[Token<'_>], first: usize, last: usize) -> bool {
    let country = |at: Option<usize>| {
        at.and_then(|at| s.get(at)).is_some_and(|token| token.capital() && token.is(Classes::COUNTRY))
    };
    let joined = |at: Option<usize>| {
        at.and_then(|at| s.get(at))
            .is_some_and(|token| matches!(token.lower.as_str(), "and" | "," | "or" | "/"))
    };
    (joined(Some(last)) && country(Some(last + 1)))
        || (joined(first.checked_sub(1)) && country(first.checked_sub(2)))
}
