//! What a person is, in the words of the article: "prime minister".

use super::key::Appearance;
use super::lexicon::Classes;
use super::tokens::{Shape, Token, TokenizedSentence};
use crate::domain::ActorKind;
use crate::reading::Document;

/// Words of an apposition that are looked at.
const LONGEST: usize = 12;
/// A role has at most so many words, "of" and "the" not counted.
const MOST_WORDS: usize = 6;
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
        // "his wife": whose, the role alone would not tell.
        let kin = first.start == last.start && first.shape == Shape::Lower && first.is(Classes::KIN);
        let words = document.text.get(first.start..last.end()).filter(|_| !kin)?;
        Some(lower_titles(words))
    };
    let title = appearances.iter().find_map(|one| words(title(tokens(one)?, one.first)?));
    title
        .or_else(|| appearances.iter().find_map(|one| words(apposition(tokens(one)?, one.last)?)))
        .or_else(|| appearances.iter().find_map(|one| words(before_comma(tokens(one)?, one.first)?)))
        .or_else(|| words(description(sentences, appearances, all)?))
}

/// "Prime Minister" as it reads within a sentence; acronyms and names stay: "leader of the Labour Party".
fn lower_titles(words: &str) -> String {
    let is = |word: &str, classes: Classes| super::lexicon::classes(&word.to_lowercase()).any(classes);
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let acronym = |word: &str| word.chars().filter(|c| c.is_uppercase()).count() > 1 && !word.contains('-');
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut shown: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        if !capital(words[at]) {
            shown.push(words[at].to_owned());
            at += 1;
            continue;
        }
        // A run of capitals is a title from where only words of titles follow, up to the office: "Labour Party Leader".
        let end = at + words[at..].iter().take_while(|word| capital(word)).count();
        let titles = Classes::TITLE.or(Classes::ROLE).or(Classes::MODIFIER);
        let run = &words[at..end];
        // "Party" after another capital ends a name, though "labour" and "party" are words of titles too.
        let of_title = |(from_end, word): &(usize, &&str)| {
            let names = from_end + 1 < run.len() && is(word, Classes::ORG_HEAD);
            is(word, titles) && !acronym(word) && !names
        };
        let title = run.iter().rev().enumerate().take_while(of_title).count();
        let office = is(words[end - 1], Classes::TITLE.or(Classes::ROLE));
        let opens = end == 1 && is(words[0], titles);
        let field = end == at + 1 && at > 0 && is(words[at], Classes::TITLE_OF.or(Classes::MODIFIER));
        let title = if office { title } else { usize::from((field || opens) && !acronym(words[at])) };
        shown.extend(words[at..end - title].iter().map(|word| (*word).to_owned()));
        shown.extend(words[end - title..end].iter().map(|word| word.to_lowercase()));
        at = end;
    }
    shown.join(" ")
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
    let from = (first.saturating_sub(8)..first).rev().take_while(|&at| part(at)).last()?;
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
    // "the West German chancellor"
    let nation = |token: &&Token<'_>| token.capital() && token.is(Classes::NATIONALITY.or(Classes::COMPASS));
    let skip = phrase.iter().take_while(nation).count();
    let skip = phrase[..skip].iter().rposition(|token| token.is(Classes::NATIONALITY)).map_or(0, |at| at + 1);
    let phrase = phrase.get(skip..)?;
    let head = phrase.iter().take(5).position(office)?;
    let verb = |token: &Token<'_>| {
        token.is(Classes::REPORT.or(Classes::AUXILIARY)) && !office(token) && token.shape == Shape::Lower
    };
    if phrase[..head].iter().any(|token| token.is(Classes::STOP) || verb(token)) {
        return None;
    }
    // A person's name right after the office belongs to another person: "Rama, President Meta and …".
    if phrase.get(head + 1).is_some_and(|token| token.capital() && !office(token)) {
        return None;
    }
    let last_office = head + phrase[head..].iter().take_while(|token| office(token)).count();
    if close.is_none()
        || phrase
            .iter()
            .any(|token| token.is(Classes::REPORT) && token.shape == Shape::Lower && !office(token))
    {
        return phrase.get(..last_office);
    }
    Some(short(phrase, last_office))
}

/// The role up to where it goes on about place and time, without an "of" that names nobody: "of the company".
fn short<'s, 'a>(phrase: &'s [Token<'a>], last_office: usize) -> &'s [Token<'a>] {
    let ends = |token: &Token<'_>| {
        const ENDS: [&str; 16] = [
            "in", "at", "on", "from", "since", "until", "during", "who", "that", "whose", "with", "by",
            "when", "as", "under", "after",
        ];
        token.shape == Shape::Lower && ENDS.contains(&token.lower.as_str())
    };
    let end = phrase[last_office..].iter().position(ends).map_or(phrase.len(), |at| last_office + at);
    let counted = phrase[..end].iter().filter(|token| !matches!(token.lower.as_str(), "of" | "the")).count();
    let object = &phrase[last_office..end];
    let pointing = object.get(1).is_some_and(|token| {
        matches!(token.lower.as_str(), "the" | "his" | "her" | "their" | "its" | "this" | "that")
    });
    let thing = Classes::ORG_CUE
        .or(Classes::PLACE_CUE)
        .or(Classes::PLACE_HEAD)
        .or(Classes::ORG_HEAD)
        .or(Classes::VESSEL);
    let names = object.iter().any(Token::capital);
    let nobody = pointing && !names && object.last().is_some_and(|token| token.is(thing));
    if counted > MOST_WORDS || nobody { &phrase[..last_office] } else { &phrase[..end] }
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
