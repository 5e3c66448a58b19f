//! What the parts of a fit weigh. Written by `dateline-lab train topics`, from the labels of 175 topics.

use super::topic::FEATURES;

/// In the order of the features, then the bias.
pub(super) const WEIGHTS: [f32; FEATURES + 1] = [9.362, 5.486, 9.008, -0.342, 1.094, 0.338, -11.388];

/// Log-odds from which a text is taken: strict, normal, broad.
pub(super) const THRESHOLDS: [f32; 3] = [1.178, -0.350, -2.129];

/// What cosine, mean and farthest come to on average.
pub(super) const AVERAGE: [f32; 3] = [0.063, 0.163, 0.145];
