//! The guard: what an abstractive summary may say of its source.
//!
//! A generated sentence passes only if every name, number, date and quotation of it stands in the
//! source, if each of its clauses has a sentence of the source that says as much (by words and by
//! vectors), and if that sentence binds the same names, numbers and negations to the same words. All
//! else is refused: a digest that is missing a sentence is better than one that says what nobody said.
//! The kinds of error looked for are those that Maynez et al. (2020, "On Faithfulness and Factuality in
//! Abstractive Summarization") and Kryściński et al. (2020, "Evaluating the Factual Consistency of
//! Abstractive Text Summarization") describe; the checks are rules, so that a refusal names its reason.
//!
//! `words` reads a sentence, `names`, `numbers`, `phrasal`, `polarity`, `clauses` mark it; `subjects` and
//! `antecedents` tell of whom it says what, `support` finds what a clause rests on; `binding`, `roles`,
//! `frames`, `voice` and `denial` compare the two.

mod antecedents;
mod binding;
mod clauses;
mod denial;
mod frames;
mod lemma;
mod names;
pub(super) mod numbers;
mod phrasal;
mod polarity;
mod quotes;
mod roles;
mod subjects;
mod support;
#[cfg(test)]
mod tests;
mod voice;
pub(super) mod words;

use self::support::Source;
use super::Document;
use super::salience::dot;

/// Why a sentence is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the name {0:?} is not in the source")]
    Name(String),
    #[error("the number {0:?} is not in the source")]
    Number(String),
    #[error("{0:?} counts something else in the source")]
    Count(String),
    #[error("the date {0:?} belongs to something else")]
    Date(String),
    #[error("the quotation {0:?} is not in the source word for word")]
    Quotation(String),
    #[error("the source says the opposite with {0:?}")]
    Negation(String),
    #[error("in the source it is not {0:?} of whom this is said")]
    Role(String),
    #[error("nothing in the source says as much")]
    Unsupported,
}

/// The least cosine of a sentence and its nearest sentence of the source. Below it the two speak of
/// different things, whatever words they share.
const LEAST_LIKENESS: f32 = 0.35;

/// The guard of one source.
pub struct Guard<'a> {
    source: Source,
    /// Unit vectors of the first sentences of the source; not checked where there are none.
    vectors: &'a [Vec<f32>],
}

impl<'a> Guard<'a> {
    /// Reads the source once. `vectors` are those of its first sentences.
    pub fn new(document: &Document, vectors: &'a [Vec<f32>]) -> Self {
        Self { source: Source::read(document), vectors }
    }

    /// Whether the source supports a sentence whose unit vector is `vector`.
    ///
    /// # Errors
    /// The first thing found that the source does not say.
    pub fn check(&self, sentence: &str, vector: Option<&[f32]>) -> Result<(), Refusal> {
        if self.source.holds(sentence) && !quotes::plain(sentence).is_empty() {
            return Ok(());
        }
        quotes::check(sentence, &self.source)?;
        let read = self.source.sentence(sentence);
        // What lies beyond would go unchecked.
        if read.words.len() == words::MOST_WORDS {
            return Err(Refusal::Unsupported);
        }
        binding::check(&read, &self.source)?;
        let nearest =
            vector.map(|vector| self.vectors.iter().map(|own| dot(own, vector)).fold(0.0, f32::max));
        match nearest {
            Some(nearest) if !self.vectors.is_empty() && nearest < LEAST_LIKENESS => {
                Err(Refusal::Unsupported)
            }
            _ => Ok(()),
        }
    }
}
