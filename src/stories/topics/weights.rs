//! What the parts of a fit weigh. Written by `dateline-lab train topics`, from labels of 30 topics.

use super::topic::FEATURES;

/// In the order of the features, then the bias.
pub(super) const WEIGHTS: [f32; FEATURES + 1] =
    [10.901, 2.608, -0.098, -3.576, 1.071, 0.274, 1.671, -3.258, 0.569, 1.918, 0.791, -5.594];

/// Log-odds from which a text is taken: strict, normal, broad.
pub(super) const THRESHOLDS: [f32; 3] = [1.011, -0.710, -1.852];
