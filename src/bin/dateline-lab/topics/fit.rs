//! Logistic regression of what subscribers want on the parts of a fit.

use dateline::stories::FEATURES;

use super::{Judged, Score, Split};
use crate::logistic::Logistic;

/// Precision that strict must have, and recall that broad must have, on the topics that calibrate.
const STRICT: f64 = 0.9;
const BROAD: f64 = 0.95;

/// Prints the weights and thresholds. Normal takes what half of the best F1 calls for (Lipton, Elkan & Narayanaswamy
/// 2014, "Thresholding Classifiers to Maximize F1 Score"): steadier than the threshold that happens to be best.
///
/// The weights come from both labels, the thresholds from `judged` alone: of the wider labels too many are missing.
pub fn train(judged: &[Judged], wider: &[Judged]) {
    let rows: Vec<(&[f32; FEATURES], bool)> = judged
        .iter()
        .chain(wider)
        .filter(|topic| topic.split == Split::Calibration)
        .flat_map(|topic| topic.fits.iter().map(|(wanted, fit)| (&fit.features, *wanted)))
        .collect();
    let fit = Logistic::fit(&rows);
    let score = |topic: &Judged| -> Vec<f32> {
        topic.fits.iter().map(|(_, of)| fit.odds(&of.features) as f32).collect()
    };
    let strict = thresholds(judged, score).find(|(_, score)| score.precision() >= STRICT);
    let broad = thresholds(judged, score).take_while(|(_, score)| score.recall() >= BROAD).last();
    let best = thresholds(judged, score).map(|(_, score)| score.f1()).fold(0.0, f64::max);
    let normal = (best / (2.0 - best)).ln();
    let at = |found: Option<(f32, Score)>| found.map_or(0.0, |(at, _)| at);
    let average = |at: usize| rows.iter().map(|(features, _)| features[at]).sum::<f32>() / rows.len() as f32;
    println!("WEIGHTS {:.3?}", fit.numbers());
    println!("THRESHOLDS [{:.3}, {normal:.3}, {:.3}]", at(strict), at(broad));
    println!("AVERAGE {:.3?}", [0, 1, 2].map(average));
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
