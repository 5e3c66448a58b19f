//! What a text means to topics: late interaction (Khattab & Zaharia 2020, "ColBERT: Efficient and Effective Passage
//! Search via Contextualized Late Interaction over BERT").
//!
//! Of every word piece that says something the states of two hidden layers are projected to a short vector. A text is
//! near to a topic where each piece of the topic has one near it in the text. `models/meaning/README.md` tells how the
//! projection was trained.

use tch::nn::{self, Module as _};
use tch::{Device, Kind, Tensor, no_grad};

use super::encoder::{DIMENSIONS, Encoded};
use super::weights;
use crate::domain::{CharIndex, Meaning, PIECE, Side};

/// Word pieces that are kept of a text, the first.
const MOST: usize = 56;
/// Hidden layers that are looked at, counted from 0.
const LAYERS: [usize; 2] = [2, 5];

/// Words of a text that say nothing of what it is about.
const SILENT: [&str; 47] = [
    "the", "of", "and", "in", "at", "a", "an", "to", "on", "for", "with", "by", "from", "s", "about",
    "against", "or", "is", "was", "were", "are", "be", "been", "has", "have", "had", "that", "this", "it",
    "its", "as", "he", "she", "they", "his", "her", "their", "who", "which", "but", "not", "said", "says",
    "will", "would", "we", "i",
];

/// The projection. `Send`, not `Sync`, like the encoder.
pub struct MeaningHead {
    network: Projection,
    /// Keeps the weights that `network` points to.
    _weights: nn::VarStore,
}

/// The network: a matrix for each side.
#[derive(Debug)]
pub struct Projection {
    articles: nn::Linear,
    topics: nn::Linear,
}

impl Projection {
    /// Both matrices begin as the same.
    pub fn new(path: &nn::Path<'_>) -> Self {
        let inputs = (LAYERS.len() * DIMENSIONS) as i64;
        let config = nn::LinearConfig { bias: false, ..Default::default() };
        let matrix = |name| nn::linear(path / name, inputs, PIECE as i64, config);
        let (articles, mut topics) = (matrix("articles"), matrix("topics"));
        no_grad(|| topics.ws.copy_(&articles.ws));
        Self { articles, topics }
    }

    /// Unit vectors `[…, PIECE]` of states `[…, 2 * DIMENSIONS]` that [`states`] gave.
    pub fn forward(&self, states: &Tensor, side: Side) -> Tensor {
        let projected = match side {
            Side::Article => self.articles.forward(states),
            Side::Topic => self.topics.forward(states),
        };
        let norm = projected.norm_scalaropt_dim(2.0, [-1i64], true).clamp_min(1e-6);
        projected / norm
    }
}

impl MeaningHead {
    /// The head that is part of the program. An error is a defect of this build.
    pub fn load() -> Result<Self, String> {
        let mut store = nn::VarStore::new(Device::Cpu);
        let network = Projection::new(&store.root());
        weights::fill(&mut store, include_bytes!("../../models/meaning/head.safetensors"))?;
        Ok(Self { network, _weights: store })
    }

    /// The meaning of a text that was encoded with the states of its tokens.
    pub fn meaning(&self, text: &str, encoded: &Encoded, side: Side) -> Meaning {
        let states = states(text, encoded);
        let rows = no_grad(|| self.network.forward(&states, side).reshape([-1i64]));
        let rows = Vec::<f32>::try_from(rows).unwrap_or_default();
        Meaning::new(&encoded.vector, rows.chunks_exact(PIECE))
    }
}

/// The states of the word pieces that say something, `[pieces, 2 * DIMENSIONS]`, each layer with mean 0 and deviation 1;
/// of all pieces where none does.
pub fn states(text: &str, encoded: &Encoded) -> Tensor {
    let index = CharIndex::new(text);
    let spans = encoded.tokens.spans.iter().enumerate().filter(|(_, span)| span.start < span.end);
    let (all, says): (Vec<i64>, Vec<bool>) = spans
        .map(|(at, span)| {
            let piece = text[index.bytes(*span)].to_lowercase();
            let says = piece.chars().any(char::is_alphanumeric) && !SILENT.contains(&piece.as_str());
            (at as i64, says)
        })
        .unzip();
    let mut chosen: Vec<i64> = all.iter().zip(&says).filter(|(_, says)| **says).map(|(at, _)| *at).collect();
    if chosen.is_empty() {
        chosen = all;
    }
    chosen.truncate(MOST);
    no_grad(|| {
        let rows = encoded.tokens.states.index_select(0, &Tensor::from_slice(&chosen));
        let layers = LAYERS.map(|layer| {
            let state = rows.narrow(1, (layer * DIMENSIONS) as i64, DIMENSIONS as i64);
            let mean = state.mean_dim([1i64].as_slice(), true, Kind::Float);
            let deviation = state.std_dim([1i64].as_slice(), true, true) + 1e-5;
            (state - mean) / deviation
        });
        Tensor::cat(&layers, 1)
    })
}
