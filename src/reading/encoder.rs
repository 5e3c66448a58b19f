//! The sentence encoder all-MiniLM-L6-v2, run by rust-bert.
//!
//! Sentence vectors are the mean of the token states over the mask, scaled to length one, as the
//! model was trained (Reimers & Gurevych 2019, "Sentence-BERT"); the cosine of two is their dot product.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use rust_tokenizers::Offset;
use rust_tokenizers::tokenizer::{BertTokenizer, Tokenizer, TruncationStrategy};
use tch::{Device, Kind, Tensor, nn, no_grad};

use super::Document;
use crate::domain::Span;

/// Length of a sentence vector.
pub const DIMENSIONS: usize = 384;

/// Tokens read of one sentence, the two that frame it included. The model was trained on 128;
/// its positions end at 512, past which libtorch panics.
const MAX_TOKENS: usize = 128;

/// Hidden layers whose token states [`TokenStates`] keeps, one after the other; counted from 0, the first
/// after the embedding.
const LAYERS: [usize; 6] = [0, 1, 2, 3, 4, 5];

/// Length of a token's state.
pub const STATE_LEN: usize = LAYERS.len() * DIMENSIONS;

/// Characters given to the tokenizer: far more than 128 tokens of any prose, a bound for anything else.
const MAX_CHARS: usize = 2_000;

/// Tokens of one batch, padding included: enough to keep one core busy, some 20 MB of states.
const BATCH_TOKENS: usize = 1_024;

/// Why the encoder can't be used.
#[derive(Debug, thiserror::Error)]
pub enum EncoderError {
    #[error("{0} is missing: run `dateline models fetch` or `make setup`")]
    Missing(PathBuf),
    #[error("{path} can't be read as a model ({reason}): run `dateline models verify`")]
    Unreadable { path: PathBuf, reason: String },
    #[error("the encoder failed: {0}")]
    Inference(String),
}

/// What one pass over a document gives: unit vectors.
#[derive(Debug, Clone, PartialEq)]
pub struct Vectors {
    /// Of the headline, if there is one.
    pub title: Option<Vec<f32>>,
    /// Of the first sentences.
    pub sentences: Vec<Vec<f32>>,
}

/// What one pass gives for one text.
pub struct Encoded {
    /// `DIMENSIONS` numbers, length one.
    pub vector: Vec<f32>,
    pub tokens: TokenStates,
}

/// The hidden states of one text's word pieces; a text longer than the encoder reads has none for its end.
pub struct TokenStates {
    /// Where each piece stands, in characters of the text; the two that frame it are empty, at its start.
    pub spans: Vec<Span>,
    /// One row of `STATE_LEN` numbers for each piece; without rows where none were asked for.
    pub states: Tensor,
}

/// One instance of the model: `Send`, not `Sync`; every thread that encodes has its own.
pub struct Encoder {
    model: BertModel<BertEmbeddings>,
    tokenizer: BertTokenizer,
    /// Keeps the weights that `model` points to.
    _weights: nn::VarStore,
}

impl Encoder {
    /// Vectors of `DIMENSIONS` numbers and length one, in the order of `texts`.
    ///
    /// What is past 128 tokens of a text is not read. A text without any token still gets a vector.
    pub fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EncoderError> {
        Ok(self.encode_guarded(texts, false)?.into_iter().map(|encoded| encoded.vector).collect())
    }

    /// Like `encode`, with the states of the tokens from the same pass.
    pub fn encode_tokens(&self, texts: &[&str]) -> Result<Vec<Encoded>, EncoderError> {
        self.encode_guarded(texts, true)
    }

    fn encode_guarded(&self, texts: &[&str], keep_states: bool) -> Result<Vec<Encoded>, EncoderError> {
        // libtorch raises some errors as panics, even behind functions that return a Result.
        // The model itself is read-only here, so it stays usable after one.
        catch_unwind(AssertUnwindSafe(|| self.encode_batches(texts, keep_states)))
            .unwrap_or_else(|panic| Err(EncoderError::Inference(panic_words(&*panic))))
    }

    /// One pass over the headline, if there is one, and at most `most` sentences.
    pub fn encode_document(&self, document: &Document, most: usize) -> Result<Vectors, EncoderError> {
        let sentences = document.sentences.iter().take(most).map(|s| document.slice(s.span));
        let texts: Vec<&str> = document.title.as_deref().into_iter().chain(sentences).collect();
        let mut sentences = self.encode(&texts)?;
        let title = document.title.is_some().then(|| sentences.remove(0));
        Ok(Vectors { title, sentences })
    }

    /// Loads `config.json`, `vocab.txt` and `model.safetensors` of one folder.
    pub fn load(folder: &Path) -> Result<Self, EncoderError> {
        let [config, vocab, weights] =
            ["config.json", "vocab.txt", "model.safetensors"].map(|name| folder.join(name));
        for path in [&config, &vocab, &weights] {
            if !path.is_file() {
                return Err(EncoderError::Missing(path.clone()));
            }
        }
        let unreadable =
            |path: &Path, reason: String| EncoderError::Unreadable { path: path.to_owned(), reason };
        let text = std::fs::read_to_string(&config).map_err(|e| unreadable(&config, e.to_string()))?;
        let mut shape: BertConfig =
            serde_json::from_str(&text).map_err(|e| unreadable(&config, e.to_string()))?;
        shape.output_hidden_states = Some(true);
        if shape.hidden_size != DIMENSIONS as i64 || shape.max_position_embeddings < MAX_TOKENS as i64 {
            return Err(unreadable(&config, "it is not all-MiniLM-L6-v2".into()));
        }
        let tokenizer =
            BertTokenizer::from_file(&vocab, true, true).map_err(|e| unreadable(&vocab, e.to_string()))?;
        let load = || {
            let mut store = nn::VarStore::new(Device::Cpu);
            let model = BertModel::new_with_optional_pooler(store.root(), &shape, false);
            store.load(&weights).map_err(|e| e.to_string())?;
            store.freeze();
            Ok::<_, String>((model, store))
        };
        let (model, store) = catch_unwind(AssertUnwindSafe(load))
            .unwrap_or_else(|panic| Err(panic_words(&*panic)))
            .map_err(|reason| unreadable(&weights, reason))?;
        Ok(Self { model, tokenizer, _weights: store })
    }

    fn encode_batches(&self, texts: &[&str], keep_states: bool) -> Result<Vec<Encoded>, EncoderError> {
        let (ids, spans): (Vec<Vec<i64>>, Vec<Vec<Span>>) =
            texts.iter().map(|text| self.tokenize(text)).unzip();
        // Texts of like length share a batch, so that little of it is padding.
        let mut order: Vec<usize> = (0..ids.len()).collect();
        order.sort_by_key(|&at| ids[at].len());
        let mut encoded: Vec<Option<(Vec<f32>, Tensor)>> = texts.iter().map(|_| None).collect();
        let mut rest = order.as_slice();
        while !rest.is_empty() {
            let mut size = 1;
            while size < rest.len() && (size + 1) * ids[rest[size]].len() <= BATCH_TOKENS {
                size += 1;
            }
            let (batch, later) = rest.split_at(size);
            let batch_ids: Vec<&[i64]> = batch.iter().map(|&at| ids[at].as_slice()).collect();
            for (&at, of_text) in batch.iter().zip(self.encode_batch(&batch_ids, keep_states)?) {
                encoded[at] = Some(of_text);
            }
            rest = later;
        }
        // Every text is in one batch.
        let all = encoded.into_iter().zip(spans).filter_map(|(encoded, spans)| {
            encoded.map(|(vector, states)| Encoded { vector, tokens: TokenStates { spans, states } })
        });
        Ok(all.collect())
    }

    /// The ids of a text's word pieces, and where they stand.
    fn tokenize(&self, text: &str) -> (Vec<i64>, Vec<Span>) {
        let end = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(at, _)| at);
        let tokens =
            self.tokenizer.encode(&text[..end], None, MAX_TOKENS, &TruncationStrategy::LongestFirst, 0);
        let span = |offset: &Option<Offset>| {
            offset.map_or(Span { start: 0, end: 0 }, |offset| Span {
                start: offset.begin as usize,
                end: offset.end as usize,
            })
        };
        (tokens.token_ids, tokens.token_offsets.iter().map(span).collect())
    }

    /// One forward pass over rows of token ids, padded here to the longest.
    fn encode_batch(
        &self,
        rows: &[&[i64]],
        keep_states: bool,
    ) -> Result<Vec<(Vec<f32>, Tensor)>, EncoderError> {
        let failed = |e: tch::TchError| EncoderError::Inference(e.to_string());
        let width = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let shape = [rows.len() as i64, width as i64];
        let mut ids = vec![0i64; rows.len() * width];
        let mut mask = vec![0i64; rows.len() * width];
        for (at, row) in rows.iter().enumerate() {
            ids[at * width..at * width + row.len()].copy_from_slice(row);
            mask[at * width..at * width + row.len()].fill(1);
        }
        no_grad(|| {
            let ids = Tensor::f_from_slice(&ids).and_then(|t| t.f_view(shape)).map_err(failed)?;
            let mask = Tensor::f_from_slice(&mask).and_then(|t| t.f_view(shape)).map_err(failed)?;
            let output = self
                .model
                .forward_t(Some(&ids), Some(&mask), None, None, None, None, None, false)
                .map_err(|e| EncoderError::Inference(e.to_string()))?;
            let layers: Vec<Tensor> = match output.all_hidden_states {
                Some(all) if keep_states => {
                    LAYERS.iter().filter_map(|&at| all.get(at)).map(Tensor::shallow_clone).collect()
                }
                _ => Vec::new(),
            };
            let states = if layers.is_empty() { None } else { Some(Tensor::cat(&layers, -1)) };
            let mask = mask.unsqueeze(-1).to_kind(Kind::Float);
            let sum = (output.hidden_state * &mask).sum_dim_intlist(1i64, false, Kind::Float);
            let mean = sum / mask.sum_dim_intlist(1i64, false, Kind::Float).clamp_min(1.0);
            let norm = mean.norm_scalaropt_dim(2.0, [1i64], true).clamp_min(1e-12);
            let flat = Vec::<f32>::try_from((mean / norm).reshape([-1i64])).map_err(failed)?;
            let of_row = |(at, row): (usize, &&[i64])| match &states {
                Some(states) => states.get(at as i64).narrow(0, 0, row.len() as i64),
                None => Tensor::zeros([0, STATE_LEN as i64], (Kind::Float, Device::Cpu)),
            };
            let states = rows.iter().enumerate().map(of_row);
            Ok(flat.chunks(DIMENSIONS).map(<[f32]>::to_vec).zip(states).collect())
        })
    }
}

/// What a panic said.
pub(super) fn panic_words(panic: &(dyn std::any::Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    words.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown panic".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_broken_model_is_an_error_that_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let error = Encoder::load(folder.path()).err().unwrap().to_string();
        assert!(error.contains("config.json") && error.contains("dateline models fetch"), "{error}");

        std::fs::write(folder.path().join("config.json"), "{}").unwrap();
        std::fs::write(folder.path().join("vocab.txt"), "[UNK]\n").unwrap();
        std::fs::write(folder.path().join("model.safetensors"), "no weights").unwrap();
        let error = Encoder::load(folder.path()).err().unwrap().to_string();
        assert!(error.contains("config.json can't be read as a model"), "{error}");
    }

    #[test]
    fn vectors_are_of_length_one_and_do_not_depend_on_the_batch() {
        let encoder = Encoder::load(Path::new("models/all-MiniLM-L6-v2")).unwrap();
        let long = "wall ".repeat(100_000);
        let texts = [
            "The Berlin Wall fell on Thursday night.",
            "",
            long.as_str(),
            "[CLS] [PAD] \u{0}\u{202e}🧱 日本語 ﷽",
            "East Germany opened its border in Berlin.",
            "Bake the bread for forty minutes.",
        ];
        let together = encoder.encode(&texts).unwrap();
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
        for (text, vector) in texts.iter().zip(&together) {
            assert_eq!(vector.len(), DIMENSIONS);
            assert!((dot(vector, vector) - 1.0).abs() < 1e-5);
            let alone = &encoder.encode(&[text]).unwrap()[0];
            assert!(dot(vector, alone) > 0.999_99);
        }
        assert!(dot(&together[0], &together[4]) > 0.3 + dot(&together[0], &together[5]));
        assert!(encoder.encode(&[]).unwrap().is_empty());
    }
}
