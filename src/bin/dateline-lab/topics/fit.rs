//! Logistic regression of what subscribers want on the parts of a fit, by gradient descent with a ridge.

use dateline::stories::FEATURES;

use super::{Judged, Score, Split};

/// Ridge on the weights of scaled features: about what one misjudged article costs.
const RIDGE: f64 = 1.0;
const ROUNDS: usize = 4000;
/// Step along a gradient that is a mean.
const STEP: f64 = 1.0;

/// Precision that strict must have, and recall that broad must have, on the topics that calibrate.
const STRICT: f64 = 0.9;
const BROAD: f64 = 0.9;

/// Prints the weights and thresholds.
pub fn train(judged: &[Judged]) {
    let rows: Vec<(&[f32; FEATURES], bool)> = judged
        .iter()
        .filter(|topic| topic.split == Split::Calibration)
        .flat_map(|topic| topic.fits.iter().map(|(wanted, fit)| (&fit.features, *wanted)))
        .collect();
    let count = rows.len().max(1) as f64;
    let mean = |of: &dyn Fn(f64) -> f64, at: usize| {
        rows.iter().map(|(features, _)| of(f64::from(features[at]))).sum::<f64>() / count
    };
    let scales: Vec<(f64, f64)> = (0..FEATURES)
        .map(|at| {
            let middle = mean(&|x| x, at);
            (middle, mean(&|x| (x - middle).powi(2), at).sqrt().max(1e-6))
        })
        .collect();
    let mut weights = [0.0; FEATURES + 1];
    for _ in 0..ROUNDS {
        let mut gradient = [0.0; FEATURES + 1];
        for (features, wanted) in &rows {
            let x = |at: usize| (f64::from(features[at]) - scales[at].0) / scales[at].1;
            let odds = weights[FEATURES] + (0..FEATURES).map(|at| weights[at] * x(at)).sum::<f64>();
            let error = 1.0 / (1.0 + (-odds).exp()) - f64::from(u8::from(*wanted));
            (0..FEATURES).for_each(|at| gradient[at] += error * x(at));
            gradient[FEATURES] += error;
        }
        for at in 0..=FEATURES {
            let ridge = if at < FEATURES { RIDGE * weights[at] } else { 0.0 };
            weights[at] -= STEP * (gradient[at] + ridge) / count;
        }
    }
    // In the units of the features.
    for at in 0..FEATURES {
        weights[at] /= scales[at].1;
        weights[FEATURES] -= weights[at] * scales[at].0;
    }
    let score = |topic: &Judged| -> Vec<f32> {
        let odds = |features: &[f32; FEATURES]| {
            weights[FEATURES]
                + features.iter().zip(weights).map(|(x, weight)| f64::from(*x) * weight).sum::<f64>()
        };
        topic.fits.iter().map(|(_, fit)| odds(&fit.features) as f32).collect()
    };
    let strict = thresholds(judged, score).find(|(_, score)| score.precision() >= STRICT);
    let broad = thresholds(judged, score).take_while(|(_, score)| score.recall() >= BROAD).last();
    let at = |found: Option<(f32, Score)>| found.map_or(0.0, |(at, _)| at);
    println!("WEIGHTS {weights:.3?}");
    println!("THRESHOLDS [{:.3}, {:.3}, {:.3}]", at(strict), best_threshold(judged, score), at(broad));
}

/// The threshold with the best F1 over all pairs of the topics that calibrate.
pub fn best_threshold(judged: &[Judged], score: impl Fn(&Judged) -> Vec<f32>) -> f32 {
    thresholds(judged, score).max_by(|a, b| a.1.f1().total_cmp(&b.1.f1())).map_or(0.0, |(at, _)| at)
}

/// Thresholds in ascending order, with what each gives on the topics that calibrate.
fn thresholds(judged: &[Judged], score: impl Fn(&Judged) -> Vec<f32>) -> impl Iterator<Item = (f32, Score)> {
    let mut pairs: Vec<(f32, bool)> = judged
        .iter()
        .filter(|topic| topic.split == Split::Calibration)
        .flat_map(|topic| score(topic).into_iter().zip(topic.fits.iter().map(|(wanted, _)| *wanted)))
        .collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut left = Score {
        right: pairs.iter().filter(|(_, wanted)| *wanted).count(),
        taken: pairs.len(),
        wanted: pairs.iter().filter(|(_, wanted)| *wanted).count(),
    };
    let mut found: Vec<(f32, Score)> = Vec::new();
    for (at, wanted) in pairs {
        if found.last().is_none_or(|(last, _)| *last < at) {
            found.push((at, left));
        }
        left.taken -= 1;
        left.right -= usize::from(wanted);
    }
    found.into_iter()
}
