//! What a person is, in the words of the article: "prime minister".

use super::key::Appearance;
use super::lexicon::Classes;
use super::tokens::{Shape, Token, TokenizedSentence};
use crate::domain::ActorKind;
use crate::reading::Document;

/// No role is longer than this many words.
const LONGEST: usize = 8;
/// A role is told when somebody is introduced, or soon after; it also bounds the work for a name that comes up all the time.
const INTRODUCTIONS: usize = 16;
/// "The prime minister" is taken for somebody named at most this many sentences before.
const REACH: usize = 2;

/// The role of a person: a title before the name, an apposition after it, else what the text calls them later.
pub fn role(
    document: &Document,
    sentences: &[TokenizedSentence<'_>],
    appearances: &[Appearance],
    all: &[Appearance],
) -> Option<String> {
    let appearances = appearances.get(..INTRODUCTIONS).unwrap_or(appearances);
    let tokens = |one: &Appearance| sentences.get(one.sentence).map(|sentence| sentence.tokens.as_slice());
    let words = |s: &[Token<'_>]| {
        let (first, last) = s.first().zip(s.last())?;
        Some(lower_titles(document.text.get(first.start..last.end())?))
    };
    let title = appearances.iter().find_map(|one| words(title(tokens(one)?, one.first)?));
    title
        .or_else(|| appearances.iter().find_map(|one| words(apposition(tokens(one)?, one.last)?)))
        .or_else(|| appearances.iter().find_map(|one| words(before_comma(tokens(one)?, one.first)?)))
        .or_else(|| words(description(sentences, appearances, all)?))
}

/// "Prime Minister" as it reads within a sentence; acronyms and names stay.
fn lower_titles(words: &str) -> String {
    let word = |word: &str| {
        let lower = word.to_lowercase();
        let title =
            super::lexicon::classes(&lower).any(Classes::TITLE.or(Classes::MODIFIER).or(Classes::ROLE));
        let acronym = word.chars().filter(|c| c.is_uppercase()).count() > 1 && !word.contains('-');
        if title && !acronym { lower } else { word.to_owned() }
    };
    words.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

fn office(token: &Token<'_>) -> bool {
    token.is(Classes::ROLE.or(Classes::TITLE)) && !token.is(Classes::HONORIFIC)
}

/// "Prime Minister Edi Rama", "former president Jimmy Carter".
fn title<'s, 'a>(s: &'s [Token<'a>], first: usize) -> Option<&'s [Token<'a>]> {
    if !office(first.checked_sub(1).and_then(|at| s.get(at))?) {
        // "Secretary of State Cordell Hull": the office ends before "of".
        let of =
            first.checked_sub(2).filter(|&at| s[at].lower == "of" && s[first - 1].is(Classes::TITLE_OF))?;
        office(s.get(of.checked_sub(1)?)?).then_some(())?;
    }
    let part = |at: usize| {
        let token = &s[at];
        let word =
            token.is(Classes::ROLE.or(Classes::TITLE).or(Classes::MODIFIER)) && !token.is(Classes::HONORIFIC);
        let link = matches!(token.lower.as_str(), "of" | "and" | "-")
            && at > 0
            && s[at - 1].is(Classes::TITLE.or(Classes::MODIFIER));
        let object = at > 0 && s[at - 1].lower == "of" && token.is(Classes::TITLE_OF);
        word || link || object || token.lower == "then"
    };
    let from = (first.saturating_sub(LONGEST)..first).rev().take_while(|&at| part(at)).last()?;
    Some(&s[from..first])
}

/// "Rama, the prime minister,", "Edi Rama, Albania's prime minister".
fn apposition<'s, 'a>(s: &'s [Token<'a>], last: usize) -> Option<&'s [Token<'a>]> {
    s.get(last).filter(|token| token.mark(","))?;
    let from = last + 1;
    let rest = s.get(from..(from + LONGEST + 4).min(s.len()))?;
    let close = rest.iter().position(|token| {
        (token.shape == Shape::Mark && !matches!(token.text, "-" | "’" | "'"))
            || matches!(token.lower.as_str(), "who" | "whose" | "which")
    });
    let phrase = &rest[..close.unwrap_or(rest.len())];
    let start = phrase
        .iter()
        .take(4)
        .rposition(|token| token.shape == Shape::Possessive)
        .map_or_else(|| usize::from(phrase.first().is_some_and(|token| article(token))), |owner| owner + 1);
    let phrase = phrase.get(start..)?;
    let skip = phrase.iter().take_while(|token| token.is(Classes::NATIONALITY) && token.capital()).count();
    let phrase = phrase.get(skip..)?;
    let head = phrase.iter().take(5).position(office)?;
    if phrase[..head].iter().any(|token| {
        token.is(Classes::STOP) || token.is(Classes::REPORT.or(Classes::AUXILIARY)) && !office(token)
    }) {
        return None;
    }
    // A person's name right after the office belongs to another person: "Rama, President Meta and …".
    if phrase.get(head + 1).is_some_and(|token| token.capital() && !office(token)) {
        return None;
    }
    let whole = close.is_some()
        && phrase.len() <= LONGEST
        && !phrase.iter().any(|token| token.is(Classes::REPORT) && !office(token));
    let last_office = head + phrase[head..].iter().take_while(|token| office(token)).count();
    Some(if whole { phrase } else { &phrase[..last_office] })
}

/// "The prime minister, Edi Rama, said".
fn before_comma<'s, 'a>(s: &'s [Token<'a>], first: usize) -> Option<&'s [Token<'a>]> {
    let comma = first.checked_sub(1).filter(|&at| s[at].mark(","))?;
    let head = comma.checked_sub(1).filter(|&at| office(&s[at]) && s[at].shape == Shape::Lower)?;
    let from = (head.saturating_sub(4)..=head)
        .rev()
        .take_while(|&at| s[at].shape == Shape::Lower && (office(&s[at]) || s[at].is(Classes::MODIFIER)))
        .last()?;
    Some(&s[from..=head])
}

fn article(token: &Token<'_>) -> bool {
    matches!(token.lower.as_str(), "the" | "a" | "an")
}

/// "… said Rama. The prime minister went on": an office with "the", soon after, and nobody else named between.
fn description<'s, 'a>(
    sentences: &'s [TokenizedSentence<'a>],
    appearances: &[Appearance],
    all: &[Appearance],
) -> Option<&'s [Token<'a>]> {
    let person = |one: &&Appearance| one.kind == ActorKind::Person;
    for one in appearances {
        let nearby = &all[all.partition_point(|other| other.span <= one.span)..];
        let until = (one.sentence + REACH + 1).min(sentences.len());
        for (number, sentence) in sentences.iter().enumerate().take(until).skip(one.sentence + 1) {
            let between = nearby
                .iter()
                .take_while(|other| other.sentence <= number)
                .filter(person)
                .any(|other| other.actor != one.actor && (other.sentence < number || other.first < 4));
            if between {
                break;
            }
            let s = &sentence.tokens;
            let Some(the) = s.iter().take(3).position(|token| token.lower == "the") else { continue };
            let phrase = s.get(the + 1..(the + 5).min(s.len())).unwrap_or_default();
            let length = phrase
                .iter()
                .take_while(|token| {
                    token.shape == Shape::Lower && (office(token) || token.is(Classes::MODIFIER))
                })
                .count();
            let Some(head) = phrase[..length].last() else { continue };
            // Only who goes on speaking is surely the one who spoke: "the king sent a telegram" may be anybody's king.
            let speaks = s.get(the + 1 + length).is_some_and(|token| {
                token.shape == Shape::Lower
                    && (token.is(Classes::REPORT) || matches!(token.lower.as_str(), "went" | "also"))
            });
            if head.is(Classes::ROLE) && !head.is(Classes::GENERIC_ROLE) && speaks {
                return phrase.get(..length);
            }
        }
    }
    None
}
