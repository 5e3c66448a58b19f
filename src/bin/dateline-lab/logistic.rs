//! Logistic regression by gradient descent with a ridge.

/// Ridge on the weights of scaled features: about what one misjudged row costs.
const RIDGE: f64 = 1.0;
const ROUNDS: usize = 4000;
/// Step along a gradient that is a mean.
const STEP: f64 = 1.0;

/// What each of `FEATURES` numbers weighs, in their own units, and the bias.
#[derive(Debug, Clone, Copy)]
pub struct Logistic<const FEATURES: usize> {
    weights: [f64; FEATURES],
    bias: f64,
}

impl<const FEATURES: usize> Logistic<FEATURES> {
    /// Fits rows of features with what is true of each.
    pub fn fit(rows: &[(&[f32; FEATURES], bool)]) -> Self {
        let count = rows.len().max(1) as f64;
        let mean = |of: &dyn Fn(f64) -> f64, at: usize| {
            rows.iter().map(|(features, _)| of(f64::from(features[at]))).sum::<f64>() / count
        };
        let scales: [(f64, f64); FEATURES] = std::array::from_fn(|at| {
            let middle = mean(&|x| x, at);
            (middle, mean(&|x| (x - middle).powi(2), at).sqrt().max(1e-6))
        });
        let (mut weights, mut bias) = ([0.0; FEATURES], 0.0);
        for _ in 0..ROUNDS {
            let (mut gradient, mut of_bias) = ([0.0; FEATURES], 0.0);
            for (features, holds) in rows {
                let x = |at: usize| (f64::from(features[at]) - scales[at].0) / scales[at].1;
                let odds = bias + (0..FEATURES).map(|at| weights[at] * x(at)).sum::<f64>();
                let error = 1.0 / (1.0 + (-odds).exp()) - f64::from(u8::from(*holds));
                (0..FEATURES).for_each(|at| gradient[at] += error * x(at));
                of_bias += error;
            }
            for at in 0..FEATURES {
                weights[at] -= STEP * (gradient[at] + RIDGE * weights[at]) / count;
            }
            bias -= STEP * of_bias / count;
        }
        // In the units of the features.
        for at in 0..FEATURES {
            weights[at] /= scales[at].1;
            bias -= weights[at] * scales[at].0;
        }
        Self { weights, bias }
    }

    pub fn odds(&self, features: &[f32; FEATURES]) -> f64 {
        self.bias + features.iter().zip(self.weights).map(|(x, weight)| f64::from(*x) * weight).sum::<f64>()
    }

    /// The weights, the bias last.
    pub fn numbers(&self) -> Vec<f64> {
        self.weights.into_iter().chain([self.bias]).collect()
    }
}
