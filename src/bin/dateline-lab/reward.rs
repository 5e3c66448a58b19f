//! How good each summary of three sentences would be, for all of them at once.

use std::collections::HashMap;

use crate::grams::{self, counts, runs};
use crate::rouge::Lines;

/// Sentences of a summary.
pub const SUMMARY: usize = 3;

/// Sentences, from the first, among which summaries are made: all of them could not be tried.
pub const FIRST: usize = 24;

/// Every summary of three of the first `FIRST` sentences, in order.
pub fn summaries() -> Vec<[usize; SUMMARY]> {
    let below = |first: usize, second: usize| (second + 1..FIRST).map(move |third| [first, second, third]);
    (0..FIRST).flat_map(|first| (first + 1..FIRST).flat_map(move |second| below(first, second))).collect()
}

/// ROUGE-1 plus ROUGE-2 (0 to 2) of each of `summaries`; nothing for one with a sentence that is not there.
///
/// Pairs of words across two sentences are left out.
pub fn rewards(summaries: &[[usize; SUMMARY]], sentences: &Lines, reference: &Lines) -> Vec<Option<f32>> {
    let gold = reference.concat();
    let (words, pairs) = (Shared::of(sentences, &gold, 1), Shared::of(sentences, &gold, 2));
    let there = |summary: &&[usize; SUMMARY]| summary.iter().all(|&at| at < sentences.len());
    let reward = |summary: &[usize; SUMMARY]| (words.f1(summary) + pairs.f1(summary)) as f32;
    summaries.iter().map(|summary| Some(summary).filter(there).map(reward)).collect()
}

/// How often each run of words of a reference stands in each sentence.
struct Shared {
    /// Occurrences in the reference.
    gold: Vec<usize>,
    /// For each sentence, occurrences there.
    found: Vec<Vec<usize>>,
    /// For each sentence, all its runs.
    lengths: Vec<usize>,
    gold_length: usize,
}

impl Shared {
    fn of(sentences: &Lines, gold: &[String], n: usize) -> Self {
        let counts = counts(gold, n);
        let places: HashMap<&[String], usize> =
            counts.keys().enumerate().map(|(at, gram)| (*gram, at)).collect();
        let found = sentences.iter().map(|sentence| {
            let mut found = vec![0; places.len()];
            for (gram, count) in grams::counts(sentence, n) {
                if let Some(&at) = places.get(gram) {
                    found[at] = count;
                }
            }
            found
        });
        Self {
            gold: counts.values().copied().collect(),
            found: found.collect(),
            lengths: sentences.iter().map(|sentence| runs(sentence, n)).collect(),
            gold_length: runs(gold, n),
        }
    }

    fn f1(&self, summary: &[usize]) -> f64 {
        let of = |at: usize| summary.iter().map(|&sentence| self.found[sentence][at]).sum::<usize>();
        let shared = self.gold.iter().enumerate().map(|(at, &gold)| of(at).min(gold)).sum();
        grams::f1(shared, summary.iter().map(|&sentence| self.lengths[sentence]).sum(), self.gold_length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rouge;

    #[test]
    fn a_summary_is_worth_the_rouge_of_its_sentences() {
        let sentences =
            rouge::lines("The wall fell on Thursday.\nBread is cheap.\nThe wall is open.\nIt rains.");
        let reference = rouge::lines("The wall fell and is open");
        let summaries = summaries();
        assert_eq!(summaries.len(), FIRST * (FIRST - 1) * (FIRST - 2) / 6);
        let rewards = rewards(&summaries, &sentences, &reference);
        let mut there = 0;
        for (summary, reward) in summaries.iter().zip(rewards) {
            assert_eq!(reward.is_some(), summary[2] < sentences.len());
            let Some(reward) = reward else { continue };
            there += 1;
            let chosen: Lines = summary.iter().map(|&at| sentences[at].clone()).collect();
            let [one, ..] = rouge::score(&reference, &chosen);
            assert!(f64::from(reward) >= one && f64::from(reward) <= 2.0 * one + 0.5, "{reward} for {one}");
        }
        assert_eq!(there, 4);
    }
}
