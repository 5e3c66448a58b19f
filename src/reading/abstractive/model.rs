//! A BART in Hugging Face layout, run by rust-bert: a text's tokens in, the tokens of its summary out.
//!
//! rust-bert and libtorch answer much that is wrong with a panic, in functions that return a `Result`
//! too; so whatever comes from a file or a caller is checked here first, and what is left is caught.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use rust_bert::bart::{BartConfig, BartGenerator};
use rust_bert::pipelines::common::{ModelResource, ModelType};
use rust_bert::pipelines::generation_utils::{GenerateConfig, GenerateOptions, LanguageGenerator};
use rust_bert::resources::LocalResource;
use rust_tokenizers::tokenizer::TruncationStrategy;
use serde::Deserialize;
use tch::{Device, Tensor};

use super::AbstractiveError;
use crate::reading::encoder::panic_words;

/// The weights in the order in which they are looked for.
const WEIGHTS: [&str; 2] = ["model.safetensors", "rust_model.ot"];

/// Tokens that frame a text: `<s>` and `</s>`.
const FRAME: usize = 2;

/// How a summary is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct BeamSearch {
    pub num_beams: i64,
    /// Tokens of the summary, the two that frame it included.
    pub min_length: i64,
    pub max_length: i64,
    pub no_repeat_ngram_size: i64,
    /// Above 1 for longer summaries.
    pub length_penalty: f64,
    /// Ends with the first `num_beams` summaries that are whole.
    pub early_stopping: bool,
}

/// A loaded model: `Send`, not `Sync`.
pub struct Model {
    generator: BartGenerator,
    /// Tokens of a text, the two that frame it included.
    positions: usize,
    vocabulary: i64,
    forced_first: Option<i64>,
}

/// What `generation_config.json` may hold of it: newer exports keep it there alone, and rust-bert
/// reads `config.json` only.
#[derive(Deserialize)]
struct GenerationConfig {
    forced_bos_token_id: Option<i64>,
}

impl Model {
    /// Loads `config.json`, `vocab.json`, `merges.txt` and the weights of one folder. Takes twice the
    /// memory of the weights while it loads.
    pub fn load(folder: &Path) -> Result<Self, AbstractiveError> {
        let [config, vocab, merges] =
            ["config.json", "vocab.json", "merges.txt"].map(|name| folder.join(name));
        let weights = weights(folder)?;
        for path in [&config, &vocab, &merges] {
            if !path.is_file() {
                return Err(AbstractiveError::Missing(path.clone()));
            }
        }
        let shape = shape(&config, &vocab)?;
        let forced_first = forced_first(folder, &shape)?;
        let load = || {
            let generator = BartGenerator::new(settings(&config, &vocab, &merges, &weights));
            generator.map_err(|error| error.to_string())
        };
        let generator = catch_unwind(AssertUnwindSafe(load))
            .unwrap_or_else(|panic| Err(panic_words(&*panic)))
            .map_err(|reason| AbstractiveError::Unreadable { path: weights, reason })?;
        let positions = usize::try_from(shape.max_position_embeddings).unwrap_or(0);
        Ok(Self { generator, positions, vocabulary: shape.vocab_size, forced_first })
    }

    /// Tokens of a text that fit the model, the frame left out.
    pub fn window(&self) -> usize {
        self.positions - FRAME
    }

    /// The tokens of a text with their frame, cut off where the model ends.
    pub fn encode(&self, text: &str) -> Result<Vec<i64>, AbstractiveError> {
        let tokenizer = self.generator.get_tokenizer();
        let encode = || tokenizer.encode_list(&[text], self.positions, &TruncationStrategy::LongestFirst, 0);
        let mut encoded = catch_unwind(AssertUnwindSafe(encode)).map_err(failed)?;
        let ids = encoded.pop().map(|encoded| encoded.token_ids).unwrap_or_default();
        match ids.iter().find(|&&id| !(0..self.vocabulary).contains(&id)) {
            Some(id) => Err(AbstractiveError::Inference(format!("there is no token {id}"))),
            None => Ok(ids),
        }
    }

    /// The text of tokens, without those that only frame it.
    pub fn decode(&self, ids: &[i64]) -> Result<String, AbstractiveError> {
        let tokenizer = self.generator.get_tokenizer();
        catch_unwind(AssertUnwindSafe(|| tokenizer.decode(ids, true, false))).map_err(failed)
    }

    /// The tokens of a summary of `ids`, as [`encode`](Self::encode) gave them.
    ///
    /// `stop` is asked before every token; `true` gives up.
    pub fn generate(
        &self,
        ids: &[i64],
        search: BeamSearch,
        stop: &dyn Fn() -> bool,
    ) -> Result<Vec<i64>, AbstractiveError> {
        let known = ids.iter().all(|id| (0..self.vocabulary).contains(id));
        let most = self.positions as i64;
        if ids.is_empty() || ids.len() > self.positions || !known {
            return Err(AbstractiveError::Inference("the text does not fit the model".into()));
        }
        let sound = (1..=16).contains(&search.num_beams)
            && (2..=most).contains(&search.max_length)
            && (0..=search.max_length).contains(&search.min_length)
            && search.no_repeat_ngram_size >= 0
            && search.length_penalty.is_finite();
        if !sound {
            return Err(AbstractiveError::Inference(format!("no search can be made with {search:?}")));
        }
        let every_token: Vec<i64> = (0..self.vocabulary).collect();
        // rust-bert has no way to end a search; this hook is called at each of its steps, and unwinding
        // is what leaves it.
        let hook = |_: i64, _: &Tensor| {
            if stop() {
                resume_unwind(Box::new(Stopped));
            }
            every_token.clone()
        };
        let options = GenerateOptions {
            num_beams: Some(search.num_beams),
            min_length: Some(search.min_length),
            max_length: Some(search.max_length),
            no_repeat_ngram_size: Some(search.no_repeat_ngram_size),
            length_penalty: Some(search.length_penalty),
            early_stopping: Some(search.early_stopping),
            do_sample: Some(false),
            forced_bos_token_id: self.forced_first,
            prefix_allowed_tokens_fn: Some(&hook),
            ..GenerateOptions::default()
        };
        let run = || {
            let input =
                Tensor::f_from_slice(ids).and_then(|ids| ids.f_view([1, -1])).map_err(|e| e.to_string())?;
            let outputs = self.generator.generate_from_ids_and_past(input, None, Some(options));
            outputs.map_err(|error| error.to_string())
        };
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(Ok(mut outputs)) => Ok(outputs.pop().map(|output| output.indices).unwrap_or_default()),
            Ok(Err(reason)) => Err(AbstractiveError::Inference(reason)),
            Err(panic) if panic.is::<Stopped>() => Err(AbstractiveError::TimedOut),
            Err(panic) => Err(failed(panic)),
        }
    }

    /// Tokens of one text with another before it, the frame left out.
    pub fn count(&self, text: &str) -> usize {
        let tokenizer = self.generator.get_tokenizer();
        catch_unwind(AssertUnwindSafe(|| tokenizer.tokenize(text).len())).unwrap_or(usize::MAX)
    }
}

/// Sets the threads of libtorch for all models of this process, `count` for each operation.
pub fn use_threads(count: i32) {
    tch::set_num_threads(count.max(1));
}

/// What unwinds out of a search that is given up.
struct Stopped;

fn failed(panic: Box<dyn std::any::Any + Send>) -> AbstractiveError {
    AbstractiveError::Inference(panic_words(&*panic))
}

/// The weights of a folder.
pub fn weights(folder: &Path) -> Result<PathBuf, AbstractiveError> {
    let mut paths = WEIGHTS.iter().map(|name| folder.join(name));
    paths.find(|path| path.is_file()).ok_or_else(|| AbstractiveError::Missing(folder.join(WEIGHTS[0])))
}

/// The shape of the model, as far as it can be one.
fn shape(config: &Path, vocab: &Path) -> Result<BartConfig, AbstractiveError> {
    let unreadable =
        |path: &Path, reason: String| AbstractiveError::Unreadable { path: path.to_owned(), reason };
    let text = std::fs::read_to_string(config).map_err(|e| unreadable(config, e.to_string()))?;
    let kind: serde_json::Value =
        serde_json::from_str(&text).map_err(|e| unreadable(config, e.to_string()))?;
    if kind.get("model_type").and_then(|kind| kind.as_str()).is_some_and(|kind| kind != "bart") {
        return Err(unreadable(config, "it is not a BART".into()));
    }
    // Older exports say it so; transformers reads it as this.
    let legacy = kind.get("force_bos_token_to_be_generated").and_then(|flag| flag.as_bool()).unwrap_or(false);
    let mut shape: BartConfig =
        serde_json::from_value(kind).map_err(|e| unreadable(config, e.to_string()))?;
    if legacy && shape.forced_bos_token_id.is_none() {
        shape.forced_bos_token_id = Some(shape.bos_token_id.unwrap_or(0));
    }
    let heads = |heads: i64| heads > 0 && shape.d_model % heads == 0;
    let sane = shape.d_model > 0
        && shape.max_position_embeddings > 16
        && shape.vocab_size > 4
        && heads(shape.encoder_attention_heads)
        && heads(shape.decoder_attention_heads)
        && (1..=64).contains(&shape.encoder_layers)
        && (1..=64).contains(&shape.decoder_layers);
    if !sane {
        return Err(unreadable(config, "its numbers are none of a BART".into()));
    }
    let text = std::fs::read_to_string(vocab).map_err(|e| unreadable(vocab, e.to_string()))?;
    let tokens: std::collections::HashMap<String, i64> =
        serde_json::from_str(&text).map_err(|e| unreadable(vocab, e.to_string()))?;
    let fits = tokens.values().all(|id| (0..shape.vocab_size).contains(id));
    if !fits || ["<s>", "</s>", "<pad>", "<unk>"].iter().any(|token| !tokens.contains_key(*token)) {
        return Err(unreadable(vocab, "it is not the vocabulary of this model".into()));
    }
    Ok(shape)
}

/// The token that every summary begins with, wherever the folder says so.
fn forced_first(folder: &Path, shape: &BartConfig) -> Result<Option<i64>, AbstractiveError> {
    let path = folder.join("generation_config.json");
    let own = match std::fs::read_to_string(&path) {
        Ok(text) => {
            let config: GenerationConfig = serde_json::from_str(&text).map_err(|error| {
                AbstractiveError::Unreadable { path: path.clone(), reason: error.to_string() }
            })?;
            config.forced_bos_token_id
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(AbstractiveError::Unreadable { path, reason: error.to_string() }),
    };
    let forced = own.or(shape.forced_bos_token_id);
    match forced {
        Some(id) if !(0..shape.vocab_size).contains(&id) => {
            Err(AbstractiveError::Unreadable { path, reason: format!("there is no token {id}") })
        }
        forced => Ok(forced),
    }
}

fn settings(config: &Path, vocab: &Path, merges: &Path, weights: &Path) -> GenerateConfig {
    let local = |path: &Path| Box::new(LocalResource { local_path: path.to_owned() });
    GenerateConfig {
        model_type: ModelType::Bart,
        model_resource: ModelResource::Torch(local(weights)),
        config_resource: local(config),
        vocab_resource: local(vocab),
        merges_resource: Some(local(merges)),
        min_length: 0,
        max_length: Some(142),
        do_sample: false,
        early_stopping: true,
        num_beams: 4,
        temperature: 1.0,
        top_k: 50,
        top_p: 1.0,
        repetition_penalty: 1.0,
        length_penalty: 1.0,
        no_repeat_ngram_size: 3,
        num_return_sequences: 1,
        num_beam_groups: None,
        diversity_penalty: None,
        device: Device::Cpu,
        kind: None,
    }
}
