//! The words of one sentence, each with what the checks of the guard ask of it.

use super::lemma::{lemma, meanings, related};
use super::numbers::{self, Number};
use crate::reading::actors::lexicon::{self, Classes};
use crate::reading::sentences::SAYING;

/// What a word may be compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Part of a proper name.
    Name,
    /// Part of a number, written in digits or letters.
    Number,
    /// A weekday, a month, or another name of a time.
    Calendar,
    /// Says something.
    Content,
    /// Holds the sentence together.
    Function,
    Mark,
}

/// One word or mark.
#[derive(Debug, Clone)]
pub struct Word {
    pub text: String,
    /// Lower case, straight apostrophes, no possessive.
    pub lower: String,
    /// Base form, by rules and a list of irregular ones.
    pub lemma: String,
    /// What it may stand for: numbers of groups of like meaning.
    pub meanings: &'static [usize],
    pub kind: Kind,
    pub possessive: bool,
    /// Finite verb or participle, as far as its form tells.
    pub verb: bool,
    /// Within the reach of a negation.
    pub negated: bool,
    /// The first word of weight behind a negation, or a verb within its reach: what is denied above all.
    pub denied: bool,
    /// The negation is a refusal: "refused to fire".
    pub refused: bool,
    /// Stands before a negation without a verb: "women will not".
    pub elliptic: bool,
    /// Within a condition: "if a piece hit it".
    pub conditional: bool,
    /// Between quotation marks.
    pub quoted: bool,
    /// Number of its clause.
    pub clause: usize,
}

impl Word {
    pub fn is(&self, words: &[&str]) -> bool {
        words.contains(&self.lower.as_str())
    }

    /// Whether both may be forms of one word, or words for one thing.
    pub fn like(&self, other: &Word) -> bool {
        self.lemma == other.lemma
            || related(&self.lemma, &other.lemma)
            || self.meanings.iter().any(|meaning| other.meanings.contains(meaning))
    }

    /// Whether it has to be found in the source in some form.
    pub fn says(&self) -> bool {
        matches!(self.kind, Kind::Name | Kind::Content)
    }
}

/// A proper name of the sentence.
#[derive(Debug, Clone)]
pub struct Name {
    /// Into the words; end exclusive.
    pub first: usize,
    pub end: usize,
    pub parts: Vec<String>,
    pub country: Option<usize>,
    pub possessive: bool,
}

/// A sentence cut into words, with its names and numbers.
#[derive(Debug, Clone)]
pub struct Sentence {
    pub words: Vec<Word>,
    pub names: Vec<Name>,
    pub numbers: Vec<Number>,
    pub clauses: usize,
}

/// Words of a sentence that are read: longer ones are no sentences, and every verb is held against all before it.
pub const MOST_WORDS: usize = 160;

/// Cuts a sentence, as far as `MOST_WORDS`. `known` tells whether a word at the beginning of a sentence is a name's.
pub fn read(text: &str, known: &dyn Fn(&str, Option<&str>) -> bool) -> Sentence {
    let mut words = tokenize(text);
    words.truncate(MOST_WORDS);
    numbers::mark(&mut words);
    mark_kinds(&mut words, known);
    mark_titles(&mut words);
    super::phrasal::mark(&mut words);
    super::clauses::mark(&mut words);
    super::polarity::mark(&mut words);
    let numbers = numbers::read(&words);
    let names = super::names::read(&words);
    let clauses = words.last().map_or(0, |word| word.clause + 1);
    Sentence { words, names, numbers, clauses }
}

fn tokenize(text: &str) -> Vec<Word> {
    let chars: Vec<char> = text.chars().collect();
    let mut words = Vec::new();
    let mut at = 0;
    let mut quoted = false;
    while at < chars.len() {
        let c = chars[at];
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        if c.is_alphanumeric() {
            while end < chars.len() && inside(&chars, end) {
                end += 1;
            }
            // "U.S.", "H.R.": the stop belongs to the letters.
            if end < chars.len() && chars[end] == '.' && chars[at..end].contains(&'.') {
                end += 1;
            }
        } else if matches!(c, '"' | '“' | '”') {
            quoted = match c {
                '“' => true,
                '”' => false,
                _ => !quoted,
            };
        }
        let text: String = chars[at..end].iter().collect();
        words.push(word(text, c.is_alphanumeric(), quoted));
        at = end;
    }
    words
}

/// Whether the character at `at` goes on with the word that stands before it.
fn inside(chars: &[char], at: usize) -> bool {
    let (c, before, next) = (chars[at], chars[at - 1], chars.get(at + 1).copied().unwrap_or(' '));
    if c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c) {
        return true;
    }
    match c {
        '\'' | '’' => before.is_alphanumeric() && next.is_alphabetic(),
        ',' | '.' => {
            (before.is_ascii_digit() && next.is_ascii_digit())
                || (c == '.' && before.is_uppercase() && next.is_uppercase())
        }
        '-' | '‐' | '‑' => next.is_alphanumeric(),
        '&' => before.is_uppercase() && next.is_uppercase(),
        _ => false,
    }
}

fn word(text: String, wordlike: bool, quoted: bool) -> Word {
    let straight = text.replace('’', "'").to_lowercase();
    let bare = straight.strip_suffix("'s").unwrap_or(&straight);
    let possessive =
        bare.len() < straight.len() && !matches!(bare, "it" | "he" | "she" | "that" | "let" | "there");
    let lower = if possessive { bare } else { &straight }.trim_end_matches('.').to_owned();
    let lemma = lemma(&lower);
    Word {
        text,
        meanings: meanings(&lemma),
        lemma,
        kind: if wordlike { Kind::Content } else { Kind::Mark },
        possessive,
        verb: false,
        negated: false,
        denied: false,
        refused: false,
        elliptic: false,
        conditional: false,
        quoted,
        clause: 0,
        lower,
    }
}

fn mark_kinds(words: &mut [Word], known: &dyn Fn(&str, Option<&str>) -> bool) {
    let mut opens = true;
    for at in 0..words.len() {
        let next = words.get(at + 1).map(|word| word.text.clone());
        // "the workers' strike": an apostrophe after a plural stands alone.
        if matches!(next.as_deref(), Some("'" | "’")) && words[at].lower.ends_with('s') && !words[at].quoted
        {
            words[at].possessive = true;
        }
        let after_pronoun = at > 0 && words[at - 1].is(&["he", "she", "it", "they", "who", "which"]);
        let after_name = at > 0 && words[at - 1].kind == Kind::Name;
        let behind_aside = at > 2
            && words[at - 1].text == ","
            && words[..at - 1].iter().any(|word| word.text == ",")
            && next
                .as_deref()
                .is_some_and(|next| FUNCTION.contains(&next) && !matches!(next, "and" | "or" | "of"));
        let tells = |word: &Word| {
            let classes = lexicon::classes(&word.lower);
            // "England players", but "England leads the"
            let country = super::names::is_country(&word.lower)
                && !(classes.any(Classes::COUNTRY)
                    && next.as_deref().is_some_and(|next| FUNCTION.contains(&next)));
            country || classes.any(Classes::NATIONALITY.or(Classes::COMPASS))
        };
        let owns = after_name && (words[at - 1].possessive || tells(&words[at - 1]));
        let modal = words[..at]
            .iter()
            .rev()
            .take(3)
            .take_while(|word| word.kind == Kind::Function && !word.is(&["no", "the", "a", "an"]))
            .any(|word| word.is(MODALS));
        let word = &mut words[at];
        if word.kind == Kind::Mark {
            opens = opens || matches!(word.text.as_str(), "." | "!" | "?" | ":" | "\"" | "“");
            continue;
        }
        let capital = word.text.starts_with(char::is_uppercase)
            || (word.text.chars().any(char::is_uppercase) && word.text.chars().any(|c| c.is_ascii_digit()));
        word.verb = is_verb(&word.lower);
        let opening = std::mem::take(&mut opens);
        if word.kind == Kind::Number {
            continue;
        }
        word.kind = if is_calendar(&word.lower) && capital {
            Kind::Calendar
        } else if FUNCTION.contains(&word.lower.as_str()) && !(capital && !opening && after_name) {
            Kind::Function
        } else if capital && word.lower != "i" && (!opening || known(&word.text, next.as_deref())) {
            Kind::Name
        } else {
            Kind::Content
        };
        // "Orteig wins", "Marsh, the minister, hopes that", but "American forces"
        let acts = ((after_name && !owns) || behind_aside)
            && word.lower.ends_with('s')
            && word.text.starts_with(char::is_lowercase)
            && word.lower.len() > 3
            && !numbers::unit(&word.lemma);
        word.verb = (word.verb
            || ((acts || modal) && word.kind == Kind::Content)
            || (after_pronoun && word.kind == Kind::Content && !word.lower.ends_with("ly")))
            && word.kind != Kind::Name;
    }
}

/// "Captain Pruss": a title before a name is part of how he is called, whether or not it is written so.
fn mark_titles(words: &mut [Word]) {
    for at in (0..words.len().saturating_sub(1)).rev() {
        let next = &words[at + 1];
        let before_name =
            next.kind == Kind::Name || (next.kind == Kind::Function && super::names::is_title(&next.lower));
        if before_name && words[at].kind == Kind::Content && super::names::is_title(&words[at].lower) {
            words[at].kind = Kind::Function;
        }
    }
}

/// Whether the form of a word is that of a finite verb or a participle in the past.
fn is_verb(lower: &str) -> bool {
    super::lemma::irregular(lower)
        || (lower.len() > 4 && lower.ends_with("ed"))
        || SAYING.contains(&lower)
        || AUXILIARIES.contains(&lower)
        || crate::reading::cuts::has_verb(lower)
}

/// Forms of to be, to have, to do, and the modals.
pub const AUXILIARIES: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "being", "am", "has", "have", "had", "do", "does", "did",
    "will", "would", "can", "could", "may", "might", "must", "shall", "should", "cannot", "can't",
    "couldn't", "won't", "wouldn't", "isn't", "aren't", "wasn't", "weren't", "hasn't", "haven't", "hadn't",
    "doesn't", "don't", "didn't", "shouldn't", "mustn't",
];

/// A base form follows.
const MODALS: &[&str] = &[
    "will", "would", "can", "could", "may", "might", "must", "shall", "should", "did", "does", "do", "cannot",
];

pub fn is_calendar(lower: &str) -> bool {
    matches!(
        lower,
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "january"
            | "february"
            | "march"
            | "april"
            | "may"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
            | "jan"
            | "feb"
            | "mar"
            | "apr"
            | "jun"
            | "jul"
            | "aug"
            | "sep"
            | "sept"
            | "oct"
            | "nov"
            | "dec"
    )
}

/// Words that hold a sentence together, and adverbs that say next to nothing.
const FUNCTION: &[&str] = &[
    "the", "a", "an", "of", "to", "in", "on", "at", "by", "for", "with", "from", "as", "into", "onto",
    "over", "under", "after", "before", "between", "among", "about", "against", "through", "during",
    "within", "without", "until", "till", "since", "up", "down", "out", "off", "away", "back", "and", "or",
    "but", "nor", "so", "yet", "that", "which", "who", "whom", "whose", "what", "when", "where", "while",
    "why", "how", "if", "unless", "whether", "because", "although", "though", "than", "then", "there",
    "here", "this", "these", "those", "it", "its", "he", "him", "his", "she", "her", "hers", "they", "them",
    "their", "we", "us", "our", "you", "your", "i", "me", "my", "himself", "herself", "itself", "themselves",
    "not", "no", "never", "none", "neither", "nobody", "nothing", "also", "too", "very", "just", "only",
    "even", "still", "already", "now", "more", "most", "less", "least", "fewer", "much", "many", "some",
    "any", "all", "both", "each", "every", "other", "another", "others", "such", "own", "same", "is", "are",
    "was", "were", "be", "been", "being", "am", "has", "have", "had", "having", "do", "does", "did", "will",
    "would", "can", "could", "may", "might", "must", "shall", "should", "cannot", "nearly", "almost",
    "around", "roughly", "approximately", "perhaps", "per", "near", "beside", "behind", "along", "across",
    "around", "above", "below", "toward", "towards", "upon", "despite", "including", "like", "later",
    "earlier", "ago", "longer", "one", "once", "again", "ever", "well", "however", "meanwhile", "mr", "mrs",
    "ms", "dr", "sir", "can't", "couldn't", "won't", "wouldn't", "isn't", "aren't", "wasn't", "weren't",
    "hasn't", "haven't", "hadn't", "doesn't", "don't", "didn't", "shouldn't", "mustn't", "it's", "he's",
    "she's", "that's", "they're", "we're", "i'm", "we've",
];
