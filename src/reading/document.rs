//! A cleaned text cut into sentences: what every finder reads.

use super::sentences;
use crate::domain::{Article, CharIndex, Published, Span};

/// One sentence of a document; it never crosses a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    pub span: Span,
    /// Index of its paragraph.
    pub paragraph: usize,
}

/// A text, where its sentences are, and when it was published.
#[derive(Debug, Clone)]
pub struct Document {
    pub title: Option<String>,
    pub text: String,
    pub index: CharIndex,
    pub sentences: Vec<Sentence>,
    pub published: Option<Published>,
    pub outlet: Option<String>,
    pub byline: Option<String>,
}

impl Document {
    /// A text as it came, paragraphs separated by line breaks.
    pub fn new(text: impl Into<String>, published: Option<Published>) -> Self {
        let text = text.into();
        let index = CharIndex::new(&text);
        let sentences = split(&text, &index);
        Self { title: None, text, index, sentences, published, outlet: None, byline: None }
    }

    pub fn of_article(article: &Article) -> Self {
        Self {
            title: article.title.clone(),
            outlet: article.outlet.clone(),
            byline: article.byline.clone(),
            ..Self::new(article.text(), article.published)
        }
    }

    /// The words of a span.
    pub fn slice(&self, span: Span) -> &str {
        &self.text[self.index.bytes(span)]
    }
}

/// The sentences of every paragraph. Any kind of line break ends a paragraph.
fn split(text: &str, index: &CharIndex) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut at = 0;
    let mut paragraph = 0;
    for line in text.split_inclusive(is_line_break) {
        let ranges = sentences::split(line);
        for range in &ranges {
            sentences.push(Sentence { span: index.span(at + range.start..at + range.end), paragraph });
        }
        paragraph += usize::from(!ranges.is_empty());
        at += line.len();
    }
    sentences
}

/// The mandatory breaks of Unicode line breaking (UAX #14).
fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_stay_within_their_paragraph() {
        let document = Document::new("Das war’s\n\nThe wall fell. People\r\n \u{2028}danced. ", None);
        let found: Vec<_> =
            document.sentences.iter().map(|s| (s.paragraph, document.slice(s.span))).collect();
        assert_eq!(found, [(0, "Das war’s"), (1, "The wall fell."), (1, "People"), (2, "danced.")]);
        assert!(Document::new("", None).sentences.is_empty());
    }
}
