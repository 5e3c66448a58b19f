//! What the parts of a fit weigh. Written by `dateline-lab train topics`, from labels of 30 topics.

use super::topic::FEATURES;

/// In the order of the features, then the bias.
pub(super) const WEIGHTS: [f32; FEATURES + 1] = [14.924, 1.980, 1.795, 1.633, -9.558];

/// Log-odds from which a text is taken: strict, normal, broad.
pub(super) const THRESHOLDS: [f32; 3] = [0.772, -0.454, -1.509];
