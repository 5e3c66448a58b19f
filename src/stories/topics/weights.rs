//! What the parts of a fit weigh. Written by `dateline-lab train topics`, from labels of 30 topics.

use super::topic::FEATURES;

/// In the order of the features, then the bias.
pub(super) const WEIGHTS: [f32; FEATURES + 1] = [14.944, 1.993, 1.796, 1.618, -9.566];

/// Log-odds from which a text is taken: strict, normal, broad.
pub(super) const THRESHOLDS: [f32; 3] = [0.773, -0.459, -1.504];
