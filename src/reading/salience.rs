//! How much each sentence matters in its article.
//!
//! `form` reads how a sentence is built, `features` puts that, its place, its likeness to others and
//! the names and dates in it into numbers, and `head`, a small trained network, weighs it by these
//! and its vector among all others. The summary, the key actors and the key dates go by the weights.

mod features;
mod form;
pub mod head;

pub use features::{FEATURES, features};
pub(super) use form::is_calendar;
pub use form::{Form, forms};

/// Weight of each of `sentences` sentences, 0 to 1, the highest 1, from the `scores` of the head.
///
/// A sentence without a score weighs nothing. `likeness` holds the cosine of each sentence with the
/// headline, if there is one.
pub fn weigh(sentences: usize, scores: &[f32], likeness: Option<&[f32]>) -> Vec<f32> {
    let titled = |at: usize| likeness.and_then(|all| all.get(at)).map_or(0.0, |cosine| TITLE_WEIGHT * cosine);
    let scores: Vec<f32> = scores.iter().enumerate().map(|(at, score)| score + titled(at)).collect();
    let best = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weight = |score: &f32| (1.0 - (best - score) / RANGE).max(0.0);
    scores.iter().map(weight).chain(std::iter::repeat(0.0)).take(sentences).collect()
}

/// Difference of scores between the best sentence and one that weighs nothing.
pub(super) const RANGE: f32 = 8.0;

/// What a cosine of 1 with the headline adds to a score. Set by hand: the articles that the head
/// was trained on have no headlines.
const TITLE_WEIGHT: f32 = 1.0;

/// The dot product; the cosine of unit vectors.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The mean of vectors scaled to length one; empty without any.
pub fn unit_mean<'a>(vectors: impl Iterator<Item = &'a [f32]>) -> Vec<f32> {
    let mut sum: Vec<f32> = Vec::new();
    for vector in vectors {
        sum.resize(vector.len().max(sum.len()), 0.0);
        sum.iter_mut().zip(vector).for_each(|(s, x)| *s += x);
    }
    let norm = dot(&sum, &sum).sqrt();
    if norm > 0.0 {
        sum.iter_mut().for_each(|x| *x /= norm);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_fall_from_the_best_sentence() {
        let weights = weigh(4, &[-1.0, -3.0, -20.0], None);
        assert_eq!(weights[0], 1.0);
        assert!(weights[1] < 1.0 && weights[1] > 0.5, "{weights:?}");
        assert_eq!(weights[2..], [0.0, 0.0]);
        let titled = weigh(2, &[-2.0, -2.0], Some(&[0.1, 0.9]));
        assert!(titled[0] < titled[1], "{titled:?}");
        assert!(weigh(0, &[], None).is_empty());
    }
}
