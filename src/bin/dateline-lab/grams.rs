//! Texts compared by their words: what two of them share.

use std::collections::HashMap;

/// The words in lower case: runs of letters and digits.
pub fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// F1 of the runs of `n` words that both have, each counted as often as it stands in both.
pub fn overlap(found: &[String], gold: &[String], n: usize) -> f64 {
    let mut counts = counts(gold, n);
    let mut shared = 0;
    for gram in found.windows(n) {
        if let Some(count) = counts.get_mut(gram).filter(|count| **count > 0) {
            *count -= 1;
            shared += 1;
        }
    }
    f1(shared, runs(found, n), runs(gold, n))
}

/// How often each run of `n` words occurs.
pub fn counts(words: &[String], n: usize) -> HashMap<&[String], usize> {
    let mut counts = HashMap::new();
    words.windows(n).for_each(|gram| *counts.entry(gram).or_default() += 1);
    counts
}

/// Runs of `n` words, each as often as it occurs.
pub fn runs(words: &[String], n: usize) -> usize {
    (words.len() + 1).saturating_sub(n)
}

/// Harmonic mean of `shared / found` and `shared / gold`; 0 where nothing is shared.
pub fn f1(shared: usize, found: usize, gold: usize) -> f64 {
    if shared == 0 { 0.0 } else { 2.0 * shared as f64 / (found + gold) as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_words_counts_as_often_as_both_have_it() {
        let cases = [
            ("a b c d", "a b c d", 4, 1.0),
            ("A, b; c d!", "a b c d", 4, 1.0),
            ("a b c d e", "a b c d", 4, 2.0 / 3.0),
            ("a a a", "a", 1, 2.0 / 4.0),
            ("a a", "a a a", 1, 4.0 / 5.0),
            ("a b c", "a b c d", 4, 0.0),
            ("", "a", 1, 0.0),
        ];
        for (found, gold, n, expected) in cases {
            let score = overlap(&words(found), &words(gold), n);
            assert!((score - expected).abs() < 1e-9, "{found:?} {gold:?} {n}: {score}");
        }
    }
}
