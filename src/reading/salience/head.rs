//! The salience head: a small trained network over what `features` tells of the sentences of one article.
//!
//! The numbers of each sentence are projected, a transformer layer (Vaswani et al. 2017, norms before
//! the parts) lets it see the other sentences, and one number comes out; as in Liu & Lapata 2019, "Text
//! Summarization with Pretrained Encoders", whose layers between sentences these are. The features are
//! also weighed directly. `models/salience/README.md` tells how it was trained.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tch::nn::{self, Init, Module as _};
use tch::{Device, Kind, TchError, Tensor, no_grad};

use super::features::FEATURES;
use crate::reading::encoder::{EncoderError, panic_words};
use crate::reading::weights;

/// The weights in the safetensors format.
const WEIGHTS: &[u8] = include_bytes!("../../../models/salience/head.safetensors");

const WIDTH: i64 = 16;
const HEADS: i64 = 4;
const FEED_FORWARD: i64 = 32;
const DROPOUT: f64 = 0.1;

/// The trained head: `Send`, not `Sync`, like the encoder.
pub struct Head {
    net: Net,
    /// Keeps the weights that `net` points to.
    _weights: nn::VarStore,
}

impl Head {
    /// The score of each sentence of an article, higher for one that a summary would take.
    ///
    /// Summaries are as likely as the exponential of the sum of their sentences' scores.
    pub fn score(&self, features: &[[f32; FEATURES]]) -> Result<Vec<f32>, EncoderError> {
        if features.is_empty() {
            return Ok(Vec::new());
        }
        let run = || -> Result<Vec<f32>, TchError> {
            let shape = [1, features.len() as i64, FEATURES as i64];
            let features = Tensor::f_from_slice(features.as_flattened())?.f_view(shape)?;
            let mask = Tensor::f_ones([1, shape[1]], (Kind::Float, Device::Cpu))?;
            Vec::<f32>::try_from(no_grad(|| self.net.forward(&features, &mask, false)).f_view([-1])?)
        };
        // libtorch raises some errors as panics, see `Encoder::encode`.
        catch_unwind(AssertUnwindSafe(run))
            .unwrap_or_else(|panic| Err(TchError::Torch(panic_words(&*panic))))
            .map_err(|e| EncoderError::Inference(e.to_string()))
    }

    /// The head that comes with the program. An error is a defect of this build.
    pub fn load() -> Result<Self, String> {
        let mut store = nn::VarStore::new(Device::Cpu);
        let net = Net::new(&store.root());
        weights::fill(&mut store, WEIGHTS)?;
        Ok(Self { net, _weights: store })
    }
}

/// The network.
pub struct Net {
    /// Mean and deviation of each feature over the sentences trained on.
    mean: Tensor,
    deviation: Tensor,
    direct: nn::Linear,
    project: nn::Linear,
    norm_attention: nn::LayerNorm,
    query_key_value: nn::Linear,
    merge: nn::Linear,
    norm_feed: nn::LayerNorm,
    feed: nn::Linear,
    back: nn::Linear,
    norm: nn::LayerNorm,
    out: nn::Linear,
}

impl Net {
    /// A network with new weights under `root`.
    pub fn new(root: &nn::Path<'_>) -> Self {
        let norm = |name: &str| nn::layer_norm(root / name, vec![WIDTH], Default::default());
        let linear = |name: &str, from: i64, to: i64| nn::linear(root / name, from, to, Default::default());
        let nothing = nn::LinearConfig { ws_init: Init::Const(0.0), bs_init: None, bias: false };
        Self {
            mean: root.zeros_no_train("mean", &[FEATURES as i64]),
            deviation: root.ones_no_train("deviation", &[FEATURES as i64]),
            direct: nn::linear(root / "direct", FEATURES as i64, 1, nothing),
            project: linear("project", FEATURES as i64, WIDTH),
            norm_attention: norm("norm_attention"),
            query_key_value: linear("query_key_value", WIDTH, 3 * WIDTH),
            merge: linear("merge", WIDTH, WIDTH),
            norm_feed: norm("norm_feed"),
            feed: linear("feed", WIDTH, FEED_FORWARD),
            back: linear("back", FEED_FORWARD, WIDTH),
            norm: norm("norm"),
            out: linear("out", WIDTH, 1),
        }
    }

    /// Sets what features are measured against: `[FEATURES]` each.
    pub fn standardise(&mut self, mean: &Tensor, deviation: &Tensor) {
        no_grad(|| {
            self.mean.copy_(mean);
            self.deviation.copy_(deviation);
        });
    }

    /// Scores `[articles, sentences]` of `features` `[articles, sentences, FEATURES]`.
    ///
    /// `mask` `[articles, sentences]` is 1 for a sentence and 0 for padding, whose scores are very low.
    pub fn forward(&self, features: &Tensor, mask: &Tensor, train: bool) -> Tensor {
        let padding = (mask - 1.0) * 1e4;
        let features = ((features - &self.mean) / &self.deviation).dropout(DROPOUT, train);
        let x = self.project.forward(&features);
        let attended = self.attend(&self.norm_attention.forward(&x), &padding);
        let x = x + attended.dropout(DROPOUT, train);
        let fed = self.feed.forward(&self.norm_feed.forward(&x)).gelu("none");
        let x = x + self.back.forward(&fed).dropout(DROPOUT, train);
        let x = self.norm.forward(&x).gelu("none").dropout(DROPOUT, train);
        (self.out.forward(&x) + self.direct.forward(&features)).squeeze_dim(-1) + padding
    }

    /// Each sentence looks at all others of its article; `padding` is added to how much.
    fn attend(&self, x: &Tensor, padding: &Tensor) -> Tensor {
        let size = x.size();
        let parts = self.query_key_value.forward(x);
        let parts = parts.view([size[0], size[1], 3, HEADS, WIDTH / HEADS]).permute([2, 0, 3, 1, 4]);
        let (query, key, value) = (parts.get(0), parts.get(1), parts.get(2));
        let scale = ((WIDTH / HEADS) as f64).sqrt();
        let weights = query.matmul(&key.transpose(-2, -1)) / scale + padding.unsqueeze(1).unsqueeze(1);
        let weights = weights.softmax(-1, Kind::Float);
        self.merge.forward(&weights.matmul(&value).transpose(1, 2).contiguous().view(size.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_has_a_score() {
        let head = Head::load().unwrap();
        for count in [1, 2, 160] {
            let features: Vec<[f32; FEATURES]> = (0..count).map(|at| [at as f32 / 160.0; FEATURES]).collect();
            let scores = head.score(&features).unwrap();
            assert_eq!(scores.len(), count);
            assert!(scores.iter().all(|score| score.is_finite()), "{scores:?}");
            assert_eq!(head.score(&features).unwrap(), scores, "the same twice");
        }
        assert!(head.score(&[]).unwrap().is_empty());
    }
}
