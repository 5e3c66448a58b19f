//! Words and marks of a text, each with what the rules ask of it.
//!
//! Possessives and hyphenated additions ("Iran-backed") are tokens of their own, so that a name ends where it should.

use std::ops::Range;

use super::lexicon::{self, Classes};
use crate::reading::Document;

/// How a token is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Lower,
    /// First letter is a capital: "Rama", "McCain", "al-Assad".
    Capital,
    /// Two or more letters, all capitals: "NATO", "U.S."
    Upper,
    Number,
    Mark,
    /// `'s`, or the apostrophe after a plural.
    Possessive,
}

/// A word, number or mark.
#[derive(Debug, Clone)]
pub struct Token<'a> {
    pub text: &'a str,
    /// Byte offset in the text.
    pub start: usize,
    /// Lower case, straight apostrophes, no closing full stop.
    pub lower: String,
    pub shape: Shape,
    pub classes: Classes,
    /// No blank before it.
    pub glued: bool,
    /// Stands where any word would be capitalised, so that its capital says nothing.
    pub initial: bool,
}

impl Token<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub fn is(&self, classes: Classes) -> bool {
        self.classes.any(classes)
    }

    pub fn mark(&self, text: &str) -> bool {
        self.shape == Shape::Mark && self.text == text
    }

    pub fn capital(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Upper)
    }

    pub fn quote(&self) -> bool {
        self.shape == Shape::Mark && matches!(self.text, "\"" | "“" | "”" | "‘" | "’" | "'" | "«" | "»")
    }
}

/// The tokens of one sentence.
#[derive(Debug)]
pub struct TokenizedSentence<'a> {
    pub tokens: Vec<Token<'a>>,
    /// Written in capitals throughout, as some headlines are.
    pub all_caps: bool,
    /// Every word of weight begins with a capital, as in other headlines.
    pub title_case: bool,
}

/// The tokens of every sentence of a document.
pub fn sentences(document: &Document) -> Vec<TokenizedSentence<'_>> {
    document
        .sentences
        .iter()
        .map(|sentence| sentence_of(&document.text, document.index.bytes(sentence.span)))
        .collect()
}

/// The tokens of a stretch of text that is one sentence.
pub fn sentence_of(text: &str, range: Range<usize>) -> TokenizedSentence<'_> {
    let mut tokens = tokenize(text, range);
    let words = || tokens.iter().filter(|token| token.text.chars().filter(|c| c.is_alphabetic()).count() > 1);
    let count = words().count();
    let upper = words().filter(|token| token.shape == Shape::Upper).count();
    let all_caps = count >= 3 && upper * 10 >= count * 7;
    let lower =
        words().filter(|token| token.shape == Shape::Lower && !token.is(Classes::STOP.or(Classes::PARTICLE)));
    let capital = words().filter(|token| token.capital()).count();
    let title_case = count >= 4 && lower.count() == 0 && capital * 3 >= count * 2;
    let mut after_break = true;
    for token in &mut tokens {
        token.initial = after_break || all_caps || title_case;
        after_break = match token.shape {
            Shape::Mark => {
                token.quote() || matches!(token.text, ":" | "•" | "*" | "…" | "." | "!" | "?" | "|") || {
                    after_break && !matches!(token.text, "," | ")")
                }
            }
            Shape::Number => after_break,
            _ => false,
        };
    }
    TokenizedSentence { tokens, all_caps, title_case }
}

fn apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`')
}

/// A letter, a digit, or an accent written as a character of its own.
fn word_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}')
}

fn hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑')
}

/// Bytes of the longest word that is looked at for hyphens, so that a line of hyphens costs no more than others.
const LONGEST_COMPOUND: usize = 60;

/// Cuts a stretch of text into tokens.
pub fn tokenize(text: &str, range: Range<usize>) -> Vec<Token<'_>> {
    let from = range.start;
    let chars: Vec<(usize, char)> =
        text.get(range.clone()).unwrap_or_default().char_indices().map(|(at, c)| (from + at, c)).collect();
    let byte = |at: usize| chars.get(at).map_or(range.end, |&(byte, _)| byte);
    let at = |at: usize| chars.get(at).map_or(' ', |&(_, c)| c);
    let mut tokens = Vec::with_capacity(chars.len() / 5);
    let mut i = 0;
    let mut glued = false;
    while i < chars.len() {
        let c = at(i);
        if c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}') {
            glued = false;
            i += 1;
            continue;
        }
        let mut j = i + 1;
        if c.is_alphanumeric() {
            j = word_end(&at, i);
            let word = &text[byte(i)..byte(j)];
            if at(j) == '.'
                && c.is_uppercase()
                && lexicon::classes(&word.to_lowercase()).any(Classes::ABBREVIATION)
            {
                j += 1;
            }
            push_word(&mut tokens, &text[byte(i)..byte(j)], byte(i), glued);
        } else {
            let after_word = glued && i > 0 && at(i - 1).is_alphanumeric();
            let possessive = apostrophe(c) && after_word && {
                let s = matches!(at(j), 's' | 'S') && !at(j + 1).is_alphanumeric();
                if s {
                    j += 1;
                }
                s || (matches!(at(i - 1), 's' | 'S') && at(j).is_whitespace())
            };
            let shape = if possessive { Shape::Possessive } else { Shape::Mark };
            tokens.push(token(&text[byte(i)..byte(j)], byte(i), shape, glued));
        }
        glued = true;
        i = j;
    }
    tokens
}

/// Where the word that begins at `i` ends.
fn word_end(at: &impl Fn(usize) -> char, i: usize) -> usize {
    let mut j = i + 1;
    // Where the part after the last full stop or hyphen begins, to tell "U.S." from a sentence's end.
    let mut part = i;
    let mut dotted = false;
    loop {
        let (c, next) = (at(j), at(j + 1));
        if word_char(c) {
            j += 1;
        } else if apostrophe(c) && next.is_alphabetic() {
            if matches!(next, 's' | 'S') && !at(j + 2).is_alphanumeric() {
                return j;
            }
            j += 2;
        } else if hyphen(c) && next.is_alphanumeric() {
            part = j + 1;
            j += 2;
        } else if c == '&' && next.is_uppercase() && at(j - 1).is_uppercase() {
            j += 2;
        } else if c == '.' {
            let letter = j == part + 1 && at(part).is_alphabetic();
            if letter && (at(part).is_uppercase() || next.is_alphanumeric() || dotted) {
                dotted = true;
                j += 1;
                part = j;
                let goes_on = at(j).is_alphanumeric() || (hyphen(at(j)) && at(j + 1).is_alphanumeric());
                if !goes_on {
                    return j;
                }
            } else if next.is_lowercase() || (next.is_ascii_digit() && at(j - 1).is_ascii_digit()) {
                part = j + 1;
                j += 2;
            } else {
                return j;
            }
        } else if c == ',' && next.is_ascii_digit() && at(j - 1).is_ascii_digit() {
            j += 2;
        } else {
            return j;
        }
    }
}

/// Adds a word, cutting off what a hyphen adds to a name: "Iran-backed", "pro-Soviet", "Iran-Iraq".
fn push_word<'a>(tokens: &mut Vec<Token<'a>>, word: &'a str, start: usize, glued: bool) {
    if let Some(cut) = cut_at_hyphen(word) {
        let rest = start + cut;
        push_word(tokens, &word[..cut], start, glued);
        let width = word[cut..].chars().next().map_or(0, char::len_utf8);
        tokens.push(token(&word[cut..cut + width], rest, Shape::Mark, true));
        tokens.push(token(&word[cut + width..], rest + width, shape(&word[cut + width..]), true));
        return;
    }
    tokens.push(token(word, start, shape(word), glued));
}

/// The byte offset of the last hyphen of a word, if what stands beside it is no part of one name.
fn cut_at_hyphen(word: &str) -> Option<usize> {
    let cut = word.rfind(hyphen).filter(|_| word.len() <= LONGEST_COMPOUND)?;
    let tail = word[cut..].trim_start_matches(hyphen);
    let head = &word[..cut];
    let lower = |part: &str| lexicon::classes(part.to_lowercase().trim_end_matches('.'));
    let capital = |part: &str| part.starts_with(char::is_uppercase);
    let first = head.split(hyphen).next().unwrap_or(head);
    let land = |part: &str| capital(part) && lower(part).any(Classes::COUNTRY.or(Classes::NATIONALITY));
    let addition =
        capital(head) && tail.starts_with(char::is_lowercase) && lower(tail).any(Classes::COMPOUND_TAIL);
    let prefix = first.len() == head.len()
        && !capital(head)
        && capital(tail)
        && lower(head).any(Classes::COMPOUND_HEAD);
    (addition || prefix || (land(tail) && head.split(hyphen).all(land))).then_some(cut)
}

fn token<'a>(text: &'a str, start: usize, shape: Shape, glued: bool) -> Token<'a> {
    let mut lower = text.to_lowercase();
    if lower.contains('’') {
        lower = lower.replace('’', "'");
    }
    if lower.len() > 1 && lower.ends_with('.') {
        lower.pop();
    }
    let classes = match shape {
        Shape::Mark | Shape::Possessive | Shape::Number => Classes::default(),
        _ => lexicon::classes(&lower),
    };
    Token { text, start, lower, shape, classes, glued, initial: false }
}

fn shape(word: &str) -> Shape {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else { return Shape::Number };
    let count = 1 + letters.clone().count();
    if count > 1 && first.is_uppercase() && letters.all(char::is_uppercase) {
        return Shape::Upper;
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return Shape::Number;
    }
    let article =
        word.split_once(hyphen).filter(|(head, _)| matches!(*head, "al" | "el" | "ul" | "ad" | "an" | "as"));
    if first.is_uppercase() || article.is_some_and(|(_, rest)| rest.starts_with(char::is_uppercase)) {
        return Shape::Capital;
    }
    Shape::Lower
}
