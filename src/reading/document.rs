//! A cleaned text cut into sentences: what every finder reads.

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

/// Splits into sentences.
fn split(text: &str, index: &CharIndex) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut at = 0;
    for (paragraph, line) in text.split('\n').filter(|line| !line.trim().is_empty()).enumerate() {
        let from = at + text[at..].find(line).unwrap_or(0);
        at = from + line.len();
        sentences.push(Sentence { span: index.span(from..at), paragraph });
    }
    sentences
}
