//! An article that was read, on the way to its abstractive summary.

use std::time::Duration;

use super::{AbstractiveError, TIMEOUT, Task};
use crate::clean::warning;
use crate::domain::{Summarizer, SummarySentence};
use crate::reading::cuts::{count_words, has_verb};
use crate::reading::guard::Guard;
use crate::reading::{Document, ReadOptions, Reading, sentences};

/// What is written of fewer words tells too little to be shown instead of the article's own sentences.
const LEAST_WORDS: usize = 12;

/// A reading with its extractive digest, and what an abstractive one is made and checked with.
pub struct Draft {
    pub reading: Reading,
    pub(in crate::reading) document: Document,
    /// Unit vectors of the first sentences.
    pub(in crate::reading) vectors: Vec<Vec<f32>>,
    /// Of every sentence, the highest 1.
    pub(in crate::reading) weights: Vec<f32>,
    pub(in crate::reading) options: ReadOptions,
}

impl Draft {
    /// What to ask the summarizer; nothing where the digest abstains, for then there is nothing to summarize.
    pub fn task(&self) -> Option<Task> {
        self.task_within(TIMEOUT)
    }

    fn task_within(&self, timeout: Duration) -> Option<Task> {
        if self.reading.digest.provenance.summarizer != Summarizer::Extractive {
            return None;
        }
        let sentences =
            self.document.sentences.iter().zip(&self.weights).filter(|(_, weight)| **weight > 0.0);
        let sentences: Vec<(String, f32)> = sentences
            .map(|(sentence, weight)| (self.document.slice(sentence.span).to_owned(), *weight))
            .collect();
        (!sentences.is_empty()).then_some(Task { sentences, max_words: self.options.max_words, timeout })
    }

    /// The reading with the abstractive summary if one was written and the guard lets enough of it pass,
    /// else with the extractive one and a warning. `embed` gives unit vectors of texts.
    pub fn finish<E>(
        self,
        model: &str,
        written: Result<String, AbstractiveError>,
        embed: impl FnOnce(&[&str]) -> Result<Vec<Vec<f32>>, E>,
    ) -> Result<Reading, E> {
        let Self { mut reading, document, vectors, options, .. } = self;
        let written = match written {
            Ok(written) => written,
            Err(error) => {
                tracing::warn!(model, "No abstractive summary was written: {error}");
                reading.digest.warnings.push(match error {
                    AbstractiveError::TimedOut => warning::ABSTRACTIVE_LATE.to_owned(),
                    _ => warning::ABSTRACTIVE_FAILED.to_owned(),
                });
                return Ok(reading);
            }
        };
        let written = tidy(&written);
        let texts = whole_sentences(&written);
        let own = embed(&texts)?;
        let guard = Guard::new(&document, &vectors);
        let mut left = options.max_words;
        let mut refused = 0;
        let mut summary: Vec<SummarySentence> = Vec::new();
        for (text, vector) in texts.iter().zip(&own) {
            if let Err(refusal) = guard.check(text, Some(vector)) {
                tracing::debug!(model, "The guard left a sentence out: {refusal}");
                refused += 1;
                continue;
            }
            let words = count_words(text);
            if words <= left && summary.len() < options.sentences {
                left -= words;
                summary.push(SummarySentence { text: (*text).to_owned(), start: None, end: None });
            }
        }
        let words: usize = summary.iter().map(|sentence| count_words(&sentence.text)).sum();
        if words < LEAST_WORDS.min(options.max_words) {
            reading.digest.warnings.push(warning::ABSTRACTIVE_REFUSED.to_owned());
            return Ok(reading);
        }
        if refused > 0 {
            reading.digest.warnings.push(warning::ABSTRACTIVE_CUT.to_owned());
        }
        reading.digest.summary = summary;
        reading.digest.provenance.summarizer = Summarizer::Abstractive;
        reading.digest.provenance.model = model.to_owned();
        Ok(reading)
    }
}

/// What was written as a reader expects it: BART models of news put blanks before stops.
fn tidy(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    for word in written.split_whitespace() {
        let closes =
            word.chars().all(|c| matches!(c, '.' | ',' | '!' | '?' | ';' | ':' | '%' | ')' | '’' | '”'));
        if !text.is_empty() && !closes && !matches!(word, "'s" | "’s" | "n't") {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// The sentences that are whole: the last one may have been cut off where the search ended.
fn whole_sentences(written: &str) -> Vec<&str> {
    let whole = |text: &&str| {
        let ends = text.trim_end_matches(['"', '”', '’', '\'', ')']).ends_with(['.', '!', '?']);
        ends && text.starts_with(|c: char| !c.is_lowercase()) && has_verb(text)
    };
    sentences::split(written).into_iter().map(|range| &written[range]).filter(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_tidied_and_cut_into_whole_sentences() {
        let written = " Nixon resigned on Friday .  Ford , who was sworn in , won 100 % of the votes .\nIt was Nixon 's";
        let tidied = tidy(written);
        assert_eq!(
            whole_sentences(&tidied),
            ["Nixon resigned on Friday.", "Ford, who was sworn in, won 100% of the votes."]
        );
        assert!(whole_sentences("").is_empty());
    }
}
