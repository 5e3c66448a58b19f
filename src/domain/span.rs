//! Offsets into a text.

use serde::{Deserialize, Serialize};

/// A stretch of a text, counted in Unicode scalar values, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Maps byte offsets of one text to character offsets and back, in O(log n).
///
/// Rust's searching speaks bytes, the program interfaces speak Unicode scalar values.
#[derive(Debug, Clone)]
pub struct CharIndex {
    /// Byte offset of every character, then the length of the text in bytes.
    starts: Vec<usize>,
}

impl CharIndex {
    pub fn new(text: &str) -> Self {
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        Self { starts }
    }

    /// Number of characters.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The span of a byte range. A bound inside a character is moved back to its start.
    pub fn span(&self, bytes: std::ops::Range<usize>) -> Span {
        Span { start: self.char_at(bytes.start), end: self.char_at(bytes.end) }
    }

    /// The byte range of a span, clamped to the text.
    pub fn bytes(&self, span: Span) -> std::ops::Range<usize> {
        let byte = |at: usize| self.starts[at.min(self.len())];
        byte(span.start)..byte(span.end.max(span.start))
    }

    fn char_at(&self, byte: usize) -> usize {
        match self.starts.binary_search(&byte) {
            Ok(at) => at,
            Err(next) => next.saturating_sub(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_not_bytes() {
        let text = "“Æon” 日本";
        let index = CharIndex::new(text);
        let at = text.find("日本").unwrap();
        let span = index.span(at..text.len());
        assert_eq!(span, Span { start: 6, end: 8 });
        assert_eq!(&text[index.bytes(span)], "日本");
        assert_eq!(index.bytes(Span { start: 7, end: 99 }).end, text.len());
    }
}
