//! The clause of a sentence that says what happened at a time.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::Document;
use crate::domain::Span;

/// Longest clause that is shown, in words.
const AT_MOST: usize = 20;

/// Fewest words that can say what happened.
const AT_LEAST: usize = 4;

/// Farthest character that is read on either side of the expression.
const REACH: usize = 600;

/// Words of a sentence, with where they are in it.
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\S+").expect("the pattern is a constant that the tests compile"));

/// Words that open a clause of their own.
const CLAUSE: &[&str] = &[
    "but", "while", "although", "though", "whereas", "which", "who", "when", "because", "whose", "where",
    "after", "before", "prompting", "saying", "adding", "following", "amid", "despite", "as", "since",
    "until", "if", "unless", "and",
];

/// Words that a clause may be cut before when it is too long.
const PHRASE: &[&str] = &[
    "in", "on", "at", "over", "for", "with", "by", "from", "under", "against", "during", "between", "near",
    "about", "into", "through", "to", "of", "that", "or", "including", "without", "across", "toward",
    "towards",
];

/// Connectives and relative words that a clause must not begin with.
const DANGLING: &[&str] = &[
    "but", "and", "so", "however", "meanwhile", "then", "also", "or", "yet", "still", "that", "which", "who",
    "while", "although", "though", "because", "whereas", "moreover", "furthermore", "nevertheless", "nor",
    "thus", "therefore", "when", "where", "as", "if", "instead", "additionally",
];

/// What happened then: a piece of the sentence around the expression, at most 20 words, none if nothing is said.
pub fn clause(document: &Document, sentence: Span, time: Span) -> Option<String> {
    // A sentence without end is read around the expression only.
    let around = Span {
        start: sentence.start.max(time.start.saturating_sub(REACH)),
        end: sentence.end.min(time.end.saturating_add(REACH)),
    };
    let bytes = document.index.bytes(around);
    let text = document.text.get(bytes.clone())?;
    let when = document.index.bytes(time);
    let when = when.start.checked_sub(bytes.start)?..when.end.checked_sub(bytes.start)?;
    let words: Vec<Range<usize>> = WORD.find_iter(text).map(|word| word.range()).collect();
    let first = words.iter().position(|word| word.end > when.start)?;
    let last = words.iter().rposition(|word| word.start < when.end)?;
    let word = |at: usize| words.get(at).and_then(|range| text.get(range.clone())).unwrap_or_default();
    let bare = |at: usize| word(at).trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
    // A sentence may hold another one where its splitter was careful.
    let stops = |at: usize| {
        word(at).ends_with(['.', '!', '?'])
            && bare(at).len() > 4
            && word(at + 1).starts_with(char::is_uppercase)
    };
    let ends = |at: usize| {
        stops(at)
            || word(at).ends_with([',', ';', ':', '—', '–', ')', '”', '"', '…'])
            || matches!(word(at), "—" | "–" | "-")
    };
    let opens = |at: usize| word(at).starts_with(['“', '"', '(', '—', '–']);

    // Out to the marks that bound the clause.
    let mut from = first;
    while from > 0 && !ends(from - 1) && !opens(from) {
        from -= 1;
    }
    let mut to = last + 1;
    while to < words.len() && !ends(to - 1) && !opens(to) {
        to += 1;
    }
    // "On Wednesday, the council …" and "… left, police said on Friday": the mark is not the clause's.
    while to - from < AT_LEAST + (last + 1 - first) && (to < words.len() || from > 0) {
        if to < words.len() && (first - from <= 2 || from == 0) {
            to += 1;
            while to < words.len() && !ends(to - 1) {
                to += 1;
            }
        } else if from > 0 {
            from -= 1;
            while from > 0 && !ends(from - 1) {
                from -= 1;
            }
        } else {
            break;
        }
    }
    // "… said that the diplomats had a day": who said it is not what happened.
    let reported = (from..first).rev().find(|&at| {
        bare(at) == "that"
            && at > from
            && matches!(
                bare(at - 1).as_str(),
                "say"
                    | "said"
                    | "says"
                    | "told"
                    | "added"
                    | "announced"
                    | "confirmed"
                    | "reported"
                    | "him"
                    | "reporters"
            )
    });
    if let Some(at) = reported.filter(|&at| to - at > AT_LEAST) {
        from = at + 1;
    }
    // A relative clause, or a verb without its subject, says nothing without what it belongs to.
    for _ in 0..2 {
        let opener = bare(from);
        let headless = matches!(
            opener.as_str(),
            "which" | "who" | "whose" | "where" | "that" | "is" | "are" | "will" | "would" | "with"
        ) || from < first && super::tense::past_form(&opener)
            || PHRASE.contains(&opener.as_str()) && from < first;
        if !headless || from == 0 || stops(from - 1) {
            break;
        }
        let mut back = from - 1;
        while back > 0 && !ends(back - 1) {
            back -= 1;
        }
        if to - back > AT_MOST + 4 {
            break;
        }
        from = back;
    }
    // Too long: cut the end, then the beginning, before a word that opens a clause or a phrase.
    if to - from > AT_MOST {
        let earliest = (last + 2).max(from + AT_LEAST);
        let cut = |openers: &[&str], limit: usize| {
            (earliest..limit.min(to)).rev().find(|&at| {
                openers.contains(&bare(at).as_str())
                    && !opens(at - 1)
                    && !matches!(bare(at).as_str(), "of" | "to")
            })
        };
        let limit = from + AT_MOST + 1;
        to = cut(CLAUSE, limit).or_else(|| cut(PHRASE, limit)).unwrap_or(to);
    }
    if to - from > AT_MOST {
        let lowest = to.saturating_sub(AT_MOST);
        let start = (lowest..=first).find(|&at| CLAUSE.contains(&bare(at).as_str()) && first - at >= 2);
        from = start
            .or_else(|| (lowest..=first).find(|&at| PHRASE.contains(&bare(at).as_str())))
            .unwrap_or(first.min(lowest.max(from)));
        to = to.min(from + AT_MOST);
    }
    while from < first
        && to - from > AT_LEAST
        && (DANGLING.contains(&bare(from).as_str())
            || from > 0 && matches!(bare(from).as_str(), "of" | "to" | "by" | "with" | "for" | "from"))
    {
        from += 1;
    }
    // A cut may leave "of" or "the" hanging at the end.
    while to > last + 1
        && to < words.len()
        && (PHRASE.contains(&bare(to - 1).as_str())
            || CLAUSE.contains(&bare(to - 1).as_str())
            || matches!(bare(to - 1).as_str(), "the" | "a" | "an" | "its" | "his" | "her" | "their" | "not"))
    {
        let half = matches!(bare(to - 1).as_str(), "of" | "to");
        to -= 1;
        // "in a bid" without its "to …" goes as a whole.
        let opener = if half {
            (last + 1..to).rev().take(4).find(|&at| PHRASE.contains(&bare(at).as_str()))
        } else {
            None
        };
        to = opener.unwrap_or(to);
    }
    let piece = text.get(words.get(from)?.start..words.get(to.checked_sub(1)?)?.end)?;
    let piece = piece.trim_matches(|sign: char| {
        sign.is_whitespace() || matches!(sign, ',' | ';' | ':' | '—' | '–' | '-' | '.' | '…')
    });
    let piece = balanced(piece);
    (piece.split_whitespace().count() > last + 1 - first).then(|| piece.to_owned())
}

/// Without a quotation mark or bracket at either end whose partner was cut off.
fn balanced(piece: &str) -> &str {
    let mut piece = piece;
    for (open, close) in [('“', '”'), ('(', ')'), ('"', '"')] {
        let (opened, closed) = (piece.matches(open).count(), piece.matches(close).count());
        if open == close && opened % 2 == 0 || open != close && opened == closed {
            continue;
        }
        piece = piece
            .strip_prefix([open, close])
            .or_else(|| piece.strip_suffix([open, close]))
            .unwrap_or(piece)
            .trim();
    }
    piece
}
