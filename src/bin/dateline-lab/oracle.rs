//! What a perfect chooser of sentences would take, given the reference summary.

use crate::grams::overlap;
use crate::rouge::Lines;

/// Indices, in order, of at most `most` sentences that together have the best ROUGE-1 and ROUGE-2:
/// taken one by one while they gain (Nallapati et al. 2017, "SummaRuNNer").
pub fn greedy(sentences: &Lines, reference: &Lines, most: usize) -> Vec<usize> {
    let gold = reference.concat();
    let mut taken: Vec<usize> = Vec::new();
    let mut best = 0.0;
    while taken.len() < most {
        let free = (0..sentences.len()).filter(|at| !taken.contains(at));
        let worth = |at: usize| {
            let mut with = taken.clone();
            with.push(at);
            with.sort_unstable();
            let found: Vec<String> = with.iter().flat_map(|&at| sentences[at].clone()).collect();
            overlap(&found, &gold, 1) + overlap(&found, &gold, 2)
        };
        let next = free.map(|at| (at, worth(at))).max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        match next {
            Some((at, worth)) if worth > best => {
                best = worth;
                taken.push(at);
                taken.sort_unstable();
            }
            _ => break,
        }
    }
    taken
}
