//! The actor tagger: a small network on the encoder's token states that says which words are names.
//!
//! Two convolutions over words (as in Strubell et al. 2017, "Fast and accurate entity recognition with
//! iterated dilated convolutions"), each of which sees the encoder's hidden layers and the features of
//! `features`; then the best path of tags in which no name goes on that did not begin.

use std::borrow::Borrow;

use tch::nn::{self, Module as _};
use tch::{Device, Kind, Tensor, no_grad};

use super::features::FEATURES;
use super::tokens::Token;
use crate::domain::{ActorKind, CharIndex, Span};
use crate::reading::encoder::{STATE_LEN, TokenStates};
use crate::reading::weights;

/// Outside, and for each kind the first word of a name and a further one.
pub const TAGS: usize = 7;
/// Logarithms of the probability of each tag of one word.
pub type TagScores = [f32; TAGS];
/// Numbers that stand for one word within the network.
const WIDTH: i64 = 128;
/// Words that one convolution sees.
const KERNEL: i64 = 3;
const CONVOLUTIONS: i64 = 2;
/// Words of one batch, padding included.
const BATCH_WORDS: usize = 2_048;

/// The kind of a tag and whether it begins a name; nothing for outside.
pub fn tag_kind(tag: usize) -> Option<(ActorKind, bool)> {
    let kind = match tag.checked_sub(1)? / 2 {
        0 => ActorKind::Person,
        1 => ActorKind::Organization,
        _ => ActorKind::Place,
    };
    Some((kind, tag % 2 == 1))
}

/// The tag of a name's first or a further word.
pub fn tag_of(kind: ActorKind, first: bool) -> usize {
    let kind = match kind {
        ActorKind::Person => 0,
        ActorKind::Organization => 1,
        ActorKind::Place => 2,
    };
    1 + 2 * kind + usize::from(!first)
}

/// The network.
#[derive(Debug)]
pub struct Network {
    states: nn::Linear,
    features: Tensor,
    convolutions: Vec<nn::Conv1D>,
    tags: nn::Linear,
}

/// Sentences of one batch as tensors.
pub struct Batch {
    /// `[sentences, words, STATE_LEN]`; zeros where a word has no state.
    pub states: Tensor,
    /// The features of all words of the padded batch, one after the other.
    pub features: Tensor,
    /// Where each word's features begin.
    pub offsets: Tensor,
    /// `[sentences, words, 1]`: 1 where there is a word.
    pub mask: Tensor,
}

/// What training drops by chance (Srivastava et al. 2014), none elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Dropout {
    pub states: f64,
    pub hidden: f64,
}

impl Network {
    pub fn new(path: &nn::Path<'_>) -> Network {
        let conv = |at| {
            let config = nn::ConvConfig { padding: KERNEL / 2, ..Default::default() };
            nn::conv1d(path / format!("convolution{at}"), WIDTH, WIDTH, KERNEL, config)
        };
        Network {
            states: nn::linear(path / "states", STATE_LEN as i64, WIDTH, nn::LinearConfig::default()),
            features: path.randn("features", &[i64::from(FEATURES), WIDTH], 0.0, 0.05),
            convolutions: (0..CONVOLUTIONS).map(conv).collect(),
            tags: nn::linear(path / "tags", WIDTH, TAGS as i64, nn::LinearConfig::default()),
        }
    }

    /// Scores of the tags: `[sentences, words, TAGS]`, before any softmax.
    pub fn forward(&self, batch: &Batch, dropout: Option<Dropout>) -> Tensor {
        let drop = |x: Tensor, p: fn(Dropout) -> f64| match dropout {
            Some(dropout) => x.dropout(p(dropout), true),
            None => x,
        };
        let size = batch.mask.size();
        let (features, ..) = Tensor::embedding_bag::<&Tensor>(
            &self.features, &batch.features, &batch.offsets, false, 0, false, None, false,
        );
        let states = drop(batch.states.shallow_clone(), |dropout| dropout.states);
        let mut x = (self.states.forward(&states) + features.view([size[0], size[1], WIDTH])).gelu("none");
        x = drop(x, |dropout| dropout.hidden);
        for convolution in &self.convolutions {
            // Padding must not reach into the sentence.
            let masked = (&x * &batch.mask).transpose(1, 2);
            let seen = convolution.forward(&masked).transpose(1, 2).gelu("none");
            x = &x + drop(seen, |dropout| dropout.hidden);
        }
        self.tags.forward(&x)
    }
}

/// A network with its weights.
pub struct Tagger {
    network: Network,
    /// Keeps the weights that `network` points to.
    _weights: nn::VarStore,
}

impl Tagger {
    /// The tagger that is part of the program.
    pub fn load() -> Result<Tagger, String> {
        Tagger::from_bytes(include_bytes!("../../../models/actors/tagger.safetensors"))
    }

    /// Weights in the safetensors format, as training writes them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Tagger, String> {
        let mut store = nn::VarStore::new(Device::Cpu);
        let network = Network::new(&store.root());
        weights::fill(&mut store, bytes)?;
        Ok(Tagger { network, _weights: store })
    }

    /// Logarithms of the probability of each tag, for every word of every sentence.
    ///
    /// `features` and `states` belong to the same sentences.
    pub fn score(&self, features: &[Vec<Vec<u32>>], states: &[Tensor]) -> Vec<Vec<TagScores>> {
        let mut scores: Vec<Vec<TagScores>> = features.iter().map(|_| Vec::new()).collect();
        let mut order: Vec<usize> = (0..features.len()).filter(|&at| !features[at].is_empty()).collect();
        order.sort_by_key(|&at| features[at].len());
        let mut rest = order.as_slice();
        while !rest.is_empty() {
            let fits = |size: usize| size * features[rest[size - 1]].len() <= BATCH_WORDS;
            let size = (1..=rest.len()).take_while(|&size| size == 1 || fits(size)).last().unwrap_or(1);
            let (sentences, later) = rest.split_at(size);
            let rows: Vec<(&[Vec<u32>], &Tensor)> =
                sentences.iter().map(|&at| (features[at].as_slice(), &states[at])).collect();
            let batch = batch(&rows);
            let tags = no_grad(|| self.network.forward(&batch, None).log_softmax(-1, Kind::Float));
            let width = batch.mask.size()[1] as usize;
            let flat: Vec<f32> = Vec::try_from(tags.reshape([-1i64])).unwrap_or_default();
            for (row, &at) in sentences.iter().enumerate() {
                let words = flat.chunks_exact(TAGS).skip(row * width).take(features[at].len());
                scores[at] = words.filter_map(|word| word.try_into().ok()).collect();
            }
            rest = later;
        }
        scores
    }
}

/// Pads sentences to a batch: the features of their words, and a row of states for each word.
pub fn batch(rows: &[(&[Vec<u32>], impl Borrow<Tensor>)]) -> Batch {
    let width = rows.iter().map(|(words, _)| words.len()).max().unwrap_or(0);
    let mut features = Vec::new();
    let mut offsets = Vec::with_capacity(rows.len() * width);
    let mut mask = vec![0f32; rows.len() * width];
    for (at, (words, _)) in rows.iter().enumerate() {
        for word in 0..width {
            offsets.push(features.len() as i64);
            features.extend(words.get(word).into_iter().flatten().map(|&feature| i64::from(feature)));
        }
        mask[at * width..at * width + words.len()].fill(1.0);
    }
    let pad = |(words, states): &(&[Vec<u32>], _)| {
        let states: &Tensor = Borrow::borrow(states);
        states.constant_pad_nd([0, 0, 0, (width - words.len()) as i64])
    };
    Batch {
        states: Tensor::stack(&rows.iter().map(pad).collect::<Vec<_>>(), 0),
        features: Tensor::from_slice(&features),
        offsets: Tensor::from_slice(&offsets),
        mask: Tensor::from_slice(&mask).view([rows.len() as i64, width as i64, 1]),
    }
}

/// One row of states for each word: the mean over its pieces, zeros for a word that the encoder did not see.
///
/// `sentence` is where the sentence stands in the document whose characters `index` counts.
pub fn word_states(
    tokens: &[Token<'_>],
    sentence: Span,
    index: &CharIndex,
    pieces: Option<&TokenStates>,
) -> Tensor {
    let shape = [tokens.len() as i64, STATE_LEN as i64];
    let Some(pieces) = pieces.filter(|pieces| pieces.states.size().first().is_some_and(|&rows| rows > 0))
    else {
        return Tensor::zeros(shape, (Kind::Float, Device::Cpu));
    };
    let count = pieces.spans.len();
    let mut pooling = vec![0f32; tokens.len() * count];
    let mut from = 0;
    for (at, token) in tokens.iter().enumerate() {
        let span = index.span(token.start..token.end());
        let (start, end) = (span.start - sentence.start, span.end - sentence.start);
        while from < count && pieces.spans[from].end <= start {
            from += 1;
        }
        let of_word = pieces.spans[from..].iter().take_while(|piece| piece.start < end).count();
        // The frame at the end, empty and at 0, counts with the last word.
        pooling[at * count + from..at * count + from + of_word].fill(1.0 / of_word.max(1) as f32);
    }
    let pooling = Tensor::from_slice(&pooling).view([tokens.len() as i64, count as i64]);
    pooling.matmul(&pieces.states)
}

/// The best path of tags (Viterbi), in which no name goes on that did not begin.
pub fn best_path(scores: &[TagScores]) -> Vec<usize> {
    let follows = |before: Option<usize>, tag: usize| match tag_kind(tag) {
        Some((kind, false)) => before.and_then(tag_kind).is_some_and(|(other, _)| other == kind),
        _ => true,
    };
    let mut sums = [f32::NEG_INFINITY; TAGS];
    let mut back: Vec<[usize; TAGS]> = Vec::with_capacity(scores.len());
    for (at, of_word) in scores.iter().enumerate() {
        let mut next = [f32::NEG_INFINITY; TAGS];
        let mut from = [0; TAGS];
        for tag in 0..TAGS {
            if at == 0 {
                next[tag] = if follows(None, tag) { of_word[tag] } else { f32::NEG_INFINITY };
                continue;
            }
            for before in (0..TAGS).filter(|&before| follows(Some(before), tag)) {
                let sum = sums[before] + of_word[tag];
                if sum > next[tag] {
                    (next[tag], from[tag]) = (sum, before);
                }
            }
        }
        sums = next;
        back.push(from);
    }
    let mut tag = (0..TAGS).reduce(|best, tag| if sums[tag] > sums[best] { tag } else { best }).unwrap_or(0);
    let mut path = vec![0; scores.len()];
    for at in (0..scores.len()).rev() {
        path[at] = tag;
        tag = back[at][tag];
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_on_only_with_what_began() {
        let [person, place] = [ActorKind::Person, ActorKind::Place];
        let word = |tag: usize| {
            let mut scores = [-5.0; TAGS];
            scores[tag] = -0.1;
            scores
        };
        let words = [word(tag_of(place, false)), word(tag_of(person, true)), word(tag_of(person, false))];
        let path = best_path(&words);
        assert_eq!(path[1..], [tag_of(person, true), tag_of(person, false)]);
        assert_ne!(path[0], tag_of(place, false), "nothing began");
        assert!(best_path(&[]).is_empty());
    }

    #[test]
    fn scores_do_not_depend_on_the_batch() {
        let tagger = Tagger::load().unwrap();
        let sentence = |words: usize| vec![vec![1, 70, 300 + words as u32]; words];
        let states =
            |words: usize| Tensor::ones([words as i64, STATE_LEN as i64], (Kind::Float, Device::Cpu));
        let together =
            tagger.score(&[sentence(3), Vec::new(), sentence(40)], &[states(3), states(0), states(40)]);
        let alone = tagger.score(&[sentence(3)], &[states(3)]);
        assert_eq!(together.iter().map(Vec::len).collect::<Vec<_>>(), [3, 0, 40]);
        let pairs = together[0].iter().flatten().zip(alone[0].iter().flatten());
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-4));
    }

    #[test]
    fn weights_that_do_not_fit_are_an_error() {
        assert!(Tagger::from_bytes(b"no weights").is_err());
    }
}
