//! The clause of a sentence that says what happened on a date.
//!
//! A piece of the sentence around the expression, from one place where a clause may begin to one where it may
//! end. Every pair of places has a cost — a beginning without its subject, an end in the middle of a phrase, a
//! piece that says too little — and the cheapest is shown.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::Document;
use super::tense::past_form;
use crate::domain::Span;

/// Longest clause that is shown, in words.
const AT_MOST: usize = 20;

/// Fewest words, the date's own apart, that can say what happened.
const AT_LEAST: usize = 4;

/// Farthest character that is read on either side of the expression.
const REACH: usize = 600;

/// Words of a sentence, with where they are in it.
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\S+").expect("the pattern is a constant that the tests compile"));

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
    let sentence = Words { text, words };
    let starts: Vec<(usize, f32)> =
        (0..=first).filter_map(|at| Some((at, sentence.start_cost(at, first)?))).collect();
    let ends: Vec<(usize, f32)> = (last + 1..=sentence.words.len().min(last + 1 + AT_MOST))
        .filter_map(|at| Some((at, sentence.end_cost(at)?)))
        .collect();
    let mut best: Option<(f32, usize, usize)> = None;
    for &(from, opening) in &starts {
        for &(to, closing) in ends.iter().filter(|(to, _)| to - from <= AT_MOST) {
            let cost = opening + closing + sentence.body_cost(from, to, first..last + 1);
            if best.is_none_or(|(least, ..)| cost < least) {
                best = Some((cost, from, to));
            }
        }
    }
    let (_, from, to) = best?;
    let piece =
        sentence.text.get(sentence.words.get(from)?.start..sentence.words.get(to.checked_sub(1)?)?.end)?;
    let piece = piece.trim_matches(|sign: char| {
        sign.is_whitespace() || matches!(sign, ',' | ';' | ':' | '—' | '–' | '-' | '.' | '…')
    });
    let piece = balanced(piece);
    (piece.split_whitespace().count() > last + 1 - first).then(|| piece.to_owned())
}

struct Words<'a> {
    text: &'a str,
    words: Vec<Range<usize>>,
}

impl Words<'_> {
    fn word(&self, at: usize) -> &str {
        self.words.get(at).and_then(|range| self.text.get(range.clone())).unwrap_or_default()
    }

    fn bare(&self, at: usize) -> String {
        self.word(at).trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase()
    }

    /// Written in capitals only.
    fn shouts(&self, at: usize) -> bool {
        let word = self.word(at);
        word.chars().filter(|sign| sign.is_uppercase()).count() > 1 && !word.chars().any(char::is_lowercase)
    }

    /// Whether a sentence ends with a word, where its splitter was careful: not after "Mr." or "V.".
    fn stops(&self, at: usize) -> bool {
        self.word(at).ends_with(['.', '!', '?'])
            && self.bare(at).chars().count() > 3
            && self.word(at + 1).starts_with(char::is_uppercase)
    }

    /// "When", "while": what they open hangs on another clause.
    fn subordinate(&self, at: usize) -> bool {
        !matches!(
            self.bare(at).as_str(),
            "but"
                | "and"
                | "so"
                | "however"
                | "meanwhile"
                | "also"
                | "yet"
                | "still"
                | "moreover"
                | "furthermore"
                | "nevertheless"
                | "thus"
                | "therefore"
                | "instead"
                | "additionally"
                | "then"
        )
    }

    /// Whether a word is an "and" without a verb before it: "the United States and Britain withdrew".
    fn joins_names(&self, at: usize) -> bool {
        let coordinates = |at: usize| matches!(self.bare(at).as_str(), "and" | "or");
        let opens = |at: usize| !coordinates(at) && CLAUSE.contains(&self.bare(at).as_str());
        let mut before =
            (0..at).rev().take_while(|&at| !self.word(at).ends_with([',', ';', ':']) && !opens(at));
        let comma = at > 0 && self.word(at - 1).ends_with(',');
        coordinates(at) && !comma && !before.any(|at| self.is_verb(at))
    }

    fn is_verb(&self, at: usize) -> bool {
        let word = self.bare(at);
        past_form(&word) || VERBS.contains(&word.as_str()) || AUXILIARIES.contains(&word.as_str())
    }

    /// What it costs to begin at a word; none where no clause can begin.
    fn start_cost(&self, at: usize, time: usize) -> Option<f32> {
        let before = if at == 0 { "" } else { self.word(at - 1) };
        let opener = self.bare(at);
        // "MOSCOW (Reuters) - …": what is told begins after the dateline.
        let dashed = |at: usize| matches!(self.word(at), "—" | "–" | "-" | "--");
        let placed = self.shouts(0) || self.word(0).starts_with('(');
        let dateline = placed && (1..8).any(dashed);
        let cost = match before {
            "" if dateline => 0.5,
            // "But", "However,": the word is left out.
            "" if DANGLING.contains(&opener.as_str()) => 0.3,
            "" => 0.0,
            _ if at == 1 && DANGLING.contains(&self.bare(0).as_str()) && !self.subordinate(0) => 0.0,
            _ if dateline && at < 9 && dashed(at - 1) => 0.0,
            // A sentence may hold another one where its splitter was careful.
            _ if self.stops(at - 1) => 0.1,
            _ if before.ends_with([';', ':', '”', '"', '…', ')'])
                || matches!(before, "—" | "–" | "-" | "•") =>
            {
                0.3
            }
            _ if self.word(at).starts_with(['“', '"']) => 0.4,
            // "… said that the diplomats had a day": who said it is not what happened.
            _ if self.bare(at - 1) == "that" && at > 1 && REPORTING.contains(&self.bare(at - 2).as_str()) => {
                0.0
            }
            // "… said they would vote"
            _ if REPORTING.contains(&self.bare(at - 1).as_str()) && SUBJECTS.contains(&opener.as_str()) => {
                0.1
            }
            // "a treaty that | will cut the use of …"
            _ if self.bare(at - 1) == "that" && self.is_verb(at) => 0.6,
            // "from Dayton, | Ohio, made four flights"
            _ if before.ends_with(',') && !self.word(at).ends_with(',') => 0.5,
            _ if CLAUSE.contains(&self.bare(at - 1).as_str()) && !self.joins_names(at - 1) => 0.6,
            // Anywhere, where the beginning is too far off.
            _ if PHRASE.contains(&opener.as_str()) && !BOUND.contains(&opener.as_str()) && at < time => 1.6,
            _ => return None,
        };
        // The connective goes; what comes after it may begin.
        if DANGLING.contains(&opener.as_str()) && at > 0 && at < time {
            return None;
        }
        // "chemicals which | destroy the ozone layer": the time may be that of the clause before.
        let relative = at > 0
            && matches!(self.bare(at - 1).as_str(), "which" | "who")
            && !SUBJECTS.contains(&opener.as_str())
            && !self.word(at).starts_with(char::is_uppercase);
        let headless = at > 0
            && (relative
                || past_form(&opener)
                || VERBS.contains(&opener.as_str())
                || opener.ends_with("ing") && opener.len() > 5
                || PHRASE.contains(&opener.as_str()) && at < time && cost < 1.6);
        let pronoun = at > 0
            && matches!(opener.as_str(), "he" | "she" | "it" | "they" | "this" | "him" | "her" | "them");
        let extra = |holds: bool, cost: f32| if holds { cost } else { 0.0 };
        Some(cost + extra(headless, 1.5) + extra(relative, 0.5) + extra(pronoun, 0.3))
    }

    /// What it costs to end before a word; none where no clause can end.
    fn end_cost(&self, at: usize) -> Option<f32> {
        let last = self.word(at.checked_sub(1)?);
        if self.words.len() == at {
            return Some(0.0);
        }
        let bare = self.bare(at - 1);
        let hanging = PHRASE.contains(&bare.as_str())
            || CLAUSE.contains(&bare.as_str())
            || matches!(bare.as_str(), "the" | "a" | "an" | "its" | "his" | "her" | "their" | "not" | "bid");
        let next = self.bare(at);
        // "agreed to take | in some 3,000 exiles"
        let infinitive =
            at > 1 && self.bare(at - 2) == "to" && !last.ends_with(|sign: char| !sign.is_alphanumeric());
        if hanging || infinitive {
            return None;
        }
        Some(match () {
            () if self.stops(at - 1) => 0.0,
            () if last.ends_with(['”', '"']) => 0.5,
            () if last.ends_with([';', ':', '…', ')']) || matches!(self.word(at), "—" | "–" | "-" | "--") => {
                0.1
            }
            () if last.ends_with(',') => 0.2,
            () if CLAUSE.contains(&next.as_str()) => 0.4,
            () if PHRASE.contains(&next.as_str()) && !matches!(next.as_str(), "of" | "to") => 0.6,
            () => return None,
        })
    }

    /// What the words between cost: saying little, having no verb, running over other clauses.
    fn body_cost(&self, from: usize, to: usize, time: Range<usize>) -> f32 {
        let length = to - from;
        let own = length - time.len();
        let thin = if own < AT_LEAST { 0.35 * (AT_LEAST - own) as f32 } else { 0.0 };
        let verb = (from..to).any(|at| self.is_verb(at));
        // A clause that only reports who spoke, when.
        let spoke = own < 7
            && (from..to).any(|at| REPORTING.contains(&self.bare(at).as_str()))
            && !(from..to).any(|at| self.bare(at) == "that");
        // "…, its council said": who told it can go.
        let told = (to.saturating_sub(5).max(time.end)..to)
            .any(|at| REPORTING.contains(&self.bare(at).as_str()))
            && (to.saturating_sub(6).max(time.end - 1)..to - 1).any(|at| self.word(at).ends_with(','));
        let piece = self.words.get(from).zip(self.words.get(to - 1));
        let piece = piece.and_then(|(first, last)| self.text.get(first.start..last.end)).unwrap_or_default();
        let torn =
            piece.matches('“').count() != piece.matches('”').count() || piece.matches('"').count() % 2 == 1;
        thin + if verb { 0.0 } else { 0.8 }
            + if torn { 0.4 } else { 0.0 }
            + if spoke { 0.4 } else { 0.0 }
            + if told { 0.4 } else { 0.0 }
            + 0.012 * length as f32
    }
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
    "towards", "than",
];

/// Those of them that hang on the word before.
const BOUND: &[&str] = &["of", "to", "by", "than", "that", "or", "about"];

/// Connectives and relative words that a clause must not begin with.
const DANGLING: &[&str] = &[
    "but", "and", "so", "however", "meanwhile", "then", "also", "or", "yet", "still", "that", "which", "who",
    "while", "although", "though", "because", "whereas", "moreover", "furthermore", "nevertheless", "nor",
    "thus", "therefore", "when", "where", "as", "if", "instead", "additionally", "whose", "than",
];

/// Words that can be the subject of what is reported.
const SUBJECTS: &[&str] =
    &["he", "she", "it", "they", "we", "the", "a", "an", "his", "her", "its", "their", "some", "all"];

/// Verbs of reports.
const REPORTING: &[&str] = &[
    "say", "said", "says", "told", "added", "announced", "confirmed", "reported", "him", "reporters",
    "warned", "argued", "stated", "estimated", "insisted",
];

/// Finite verbs that are no pasts.
const VERBS: &[&str] = &[
    "is", "are", "was", "were", "will", "would", "has", "have", "had", "can", "could", "may", "might",
    "must", "should", "shall", "be", "been", "see", "does", "do", "did",
];

/// Their short forms, and verbs of plans.
const AUXILIARIES: &[&str] = &[
    "wants", "plans", "begins", "starts", "ends", "opens", "meets", "takes", "comes", "goes", "makes",
    "expects", "faces", "calls", "says", "marks", "remains", "leaves", "becomes", "seeks", "hopes", "aims",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_begins_with_its_whole_subject() {
        for (text, time, want) in [
            (
                "Nasser said that the tolls of the canal would pay for the new dam at Aswan, from which the United \
                 States and Britain withdrew their offer on July 19.",
                "July 19",
                "the United States and Britain withdrew their offer on July 19",
            ),
            (
                "The Soviet Union closed every road and railway to the western half of the city on June 24 and the \
                 allies began to fly in flour on June 26.",
                "June 26",
                "the allies began to fly in flour on June 26",
            ),
            (
                "The Soviet Union shut the last of the roads that led to the west of the city, and the allies began to \
                 fly in flour on June 26.",
                "June 26",
                "the allies began to fly in flour on June 26",
            ),
            (
                "Orville and Wilbur Wright, two makers of bicycles from Dayton, Ohio, made four flights on Thursday.",
                "Thursday",
                "Orville and Wilbur Wright, two makers of bicycles from Dayton, Ohio, made four flights on Thursday",
            ),
            (
                "Twenty-four countries and the European Community signed a treaty in Montreal on Wednesday that will cut \
                 the use of chemicals which destroy the ozone layer by half before the end of the century.",
                "before the end of the century",
                "will cut the use of chemicals which destroy the ozone layer by half before the end of the century",
            ),
        ] {
            let document = Document::new(text, None);
            let start = text.find(time).unwrap();
            let time = Span { start, end: start + time.len() };
            let clause = clause(&document, document.sentences[0].span, time);
            assert_eq!(clause.as_deref(), Some(want));
        }
    }
}
