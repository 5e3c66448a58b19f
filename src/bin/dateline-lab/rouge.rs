//! ROUGE F1 (Lin 2004) by the rules of the Python package rouge-score 0.1.2 with its stemmer on.
//!
//! Tokens: lower-cased runs of `a-z0-9`, those longer than three letters stemmed ([`porter`]).
//! ROUGE-Lsum: lines are sentences; for each of the reference the union of its longest common
//! subsequences with all sentences of the summary, no word counted more often than it occurs.

use std::collections::{BTreeSet, HashMap};

use crate::grams::{f1, overlap};
use crate::porter;

/// ROUGE-1, ROUGE-2 and ROUGE-Lsum as F1, 0 to 1.
pub type Scores = [f64; 3];

/// The tokens of each line.
pub type Lines = Vec<Vec<String>>;

/// Scores a summary, one sentence a line.
pub fn score(reference: &Lines, summary: &Lines) -> Scores {
    let (gold, found) = (reference.concat(), summary.concat());
    [overlap(&found, &gold, 1), overlap(&found, &gold, 2), lsum(reference, summary)]
}

/// The lines of a text as tokens; empty lines are none.
pub fn lines(text: &str) -> Lines {
    text.split('\n').filter(|line| !line.is_empty()).map(tokens).collect()
}

pub fn tokens(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit())
        .filter(|token| !token.is_empty())
        .map(|token| if token.len() > 3 { porter::stem(token) } else { token.to_owned() })
        .collect()
}

fn lsum(reference: &Lines, summary: &Lines) -> f64 {
    let count = |lines: &Lines| lines.iter().map(Vec::len).sum::<usize>();
    let (mut gold_left, mut found_left) = (counts(reference), counts(summary));
    let mut hits = 0;
    for line in reference {
        let union: BTreeSet<usize> =
            summary.iter().flat_map(|other| common_subsequence(line, other)).collect();
        for at in union {
            let word = line[at].as_str();
            // Every word of `line` is in `gold_left`.
            if let (Some(gold @ 1..), Some(found @ 1..)) = (gold_left.get_mut(word), found_left.get_mut(word))
            {
                *gold -= 1;
                *found -= 1;
                hits += 1;
            }
        }
    }
    f1(hits, count(summary), count(reference))
}

fn counts(lines: &Lines) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    lines.iter().flatten().for_each(|word| *counts.entry(word.as_str()).or_default() += 1);
    counts
}

/// Indices into `gold` of one of the longest common subsequences: the one that rouge-score picks.
fn common_subsequence(gold: &[String], found: &[String]) -> Vec<usize> {
    let width = found.len() + 1;
    let mut table = vec![0u32; (gold.len() + 1) * width];
    for (i, word) in gold.iter().enumerate() {
        for (j, other) in found.iter().enumerate() {
            table[(i + 1) * width + j + 1] = if word == other {
                table[i * width + j] + 1
            } else {
                table[(i + 1) * width + j].max(table[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (gold.len(), found.len());
    let mut indices = Vec::new();
    while i > 0 && j > 0 {
        if gold[i - 1] == found[j - 1] {
            indices.push(i - 1);
            i -= 1;
            j -= 1;
        } else if table[i * width + j - 1] > table[(i - 1) * width + j] {
            j -= 1;
        } else {
            i -= 1;
        }
    }
    indices
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fifty pairs and what rouge-score 0.1.2 gives for them (`expect.py` beside them).
    const PAIRS: &str = include_str!("../../../tests/fixtures/rouge/pairs.jsonl");

    #[derive(serde::Deserialize)]
    struct Pair {
        reference: String,
        summary: String,
        expected: Scores,
    }

    #[test]
    fn gives_what_the_python_package_gives() {
        let mut count = 0;
        for line in PAIRS.lines() {
            let pair: Pair = serde_json::from_str(line).unwrap();
            let scores = score(&lines(&pair.reference), &lines(&pair.summary));
            for (score, expected) in scores.iter().zip(pair.expected) {
                assert!((score - expected).abs() < 5e-6, "{scores:?} for {line}");
            }
            count += 1;
        }
        assert_eq!(count, 50);
        assert_eq!(score(&lines(""), &lines("Nobody came.")), [0.0; 3]);
    }
}
