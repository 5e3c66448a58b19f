//! LexRank (Erkan & Radev 2004), the peer that needs no training: sentences that many others are like.

use std::collections::{HashMap, HashSet};

use crate::rouge::Lines;

/// Probability of going on along a tie rather than to any sentence.
const DAMPING: f64 = 0.85;
/// Cosines below this tie no two sentences, as in the paper.
const THRESHOLD: f64 = 0.1;
const ROUNDS: usize = 50;

/// The `most` highest-ranked sentences, in order.
pub fn choose(sentences: &Lines, most: usize) -> Vec<usize> {
    let ranks = ranks(sentences);
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    order.sort_by(|&a, &b| ranks[b].total_cmp(&ranks[a]).then(a.cmp(&b)));
    order.truncate(most);
    order.sort_unstable();
    order
}

fn ranks(sentences: &Lines) -> Vec<f64> {
    let count = sentences.len();
    let vectors = tf_idf(sentences);
    let ties: Vec<Vec<f64>> = vectors
        .iter()
        .map(|one| {
            let mut row: Vec<f64> =
                vectors.iter().map(|other| f64::from(u8::from(cosine(one, other) > THRESHOLD))).collect();
            let degree = row.iter().sum::<f64>().max(1.0);
            row.iter_mut().for_each(|tie| *tie /= degree);
            row
        })
        .collect();
    let mut ranks = vec![1.0 / count.max(1) as f64; count];
    for _ in 0..ROUNDS {
        let mut next = vec![(1.0 - DAMPING) / count as f64; count];
        for (row, rank) in ties.iter().zip(&ranks) {
            next.iter_mut().zip(row).for_each(|(sum, tie)| *sum += DAMPING * rank * tie);
        }
        ranks = next;
    }
    ranks
}

/// Term counts times inverse sentence frequency, length one.
fn tf_idf(sentences: &Lines) -> Vec<HashMap<&str, f64>> {
    let mut frequency: HashMap<&str, f64> = HashMap::new();
    for sentence in sentences {
        let distinct: HashSet<&str> = sentence.iter().map(String::as_str).collect();
        distinct.into_iter().for_each(|word| *frequency.entry(word).or_default() += 1.0);
    }
    sentences
        .iter()
        .map(|sentence| {
            let mut vector: HashMap<&str, f64> = HashMap::new();
            for word in sentence {
                let idf =
                    (sentences.len() as f64 / frequency.get(word.as_str()).copied().unwrap_or(1.0)).ln();
                *vector.entry(word).or_default() += idf;
            }
            let norm = vector.values().map(|x| x * x).sum::<f64>().sqrt().max(1e-9);
            vector.values_mut().for_each(|x| *x /= norm);
            vector
        })
        .collect()
}

fn cosine(one: &HashMap<&str, f64>, other: &HashMap<&str, f64>) -> f64 {
    one.iter().map(|(word, x)| x * other.get(word).copied().unwrap_or(0.0)).sum()
}
