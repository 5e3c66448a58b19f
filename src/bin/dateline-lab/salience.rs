//! Trains the salience head (`dateline::reading::salience::head`) on articles with written summaries.
//!
//! Minimum risk training (Shen et al. 2016, "Minimum Risk Training for Neural Machine Translation")
//! over whole summaries: the scores of the sentences make every summary of three sentences more or less
//! likely, and the loss is the expected ROUGE that is missed. So a long sentence pays for its words,
//! and no labels of single sentences have to be made up.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args as ClapArgs;
use dateline::domain::Span;
use dateline::reading::actors::Words;
use dateline::reading::salience::head::Net;
use dateline::reading::salience::{FEATURES, features, forms};
use dateline::reading::{Document, Encoder, dates, models};
use tch::nn::{self, OptimizerConfig as _};
use tch::{Device, Kind, Tensor};

use crate::news::{Cache, Row, rows};
use crate::reward::{FIRST, SUMMARY, rewards, summaries};
use crate::rouge::{self, Lines};

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  dateline-lab train salience --data ../data/summaries")]
pub struct Args {
    /// Folder that holds train.jsonl.gz
    #[arg(long)]
    data: PathBuf,
    /// Where the weights go
    #[arg(long, default_value = "models/salience/head.safetensors")]
    out: PathBuf,
    /// Folder where sentence vectors are kept between runs
    #[arg(long)]
    cache: Option<PathBuf>,
    /// The same seed gives the same weights
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

const EPOCHS: usize = 15;
const BATCH: usize = 32;
/// The highest learning rate: reached after `WARM_UP` of all steps, then falling to nothing.
const RATE: f64 = 3e-3;
const WARM_UP: f64 = 0.05;
const WEIGHT_DECAY: f64 = 0.05;
/// What an article that was cut short counts against a whole one: digests are made of such.
const SHORT_WEIGHT: f32 = 0.5;
/// Sum of scores by which a summary must be worse to be less likely by the factor e.
const TEMPERATURE: f64 = 0.3;

/// One article, ready to learn from.
struct Example {
    features: Vec<[f32; FEATURES]>,
    /// Of every summary of three sentences; see `rewards`.
    rewards: Vec<Option<f32>>,
    weight: f32,
}

/// Trains the head and writes its weights.
pub fn train(args: &Args, models_dir: &Path) -> anyhow::Result<()> {
    // Sums in a fixed order, so that a seed gives the same weights everywhere.
    tch::set_num_threads(1);
    let cache = Cache::new(args.cache.clone())?;
    let encoder = Encoder::load(&models::encoder().folder(models_dir))?;
    let summaries = summaries();
    let mut examples = Vec::new();
    for row in rows(&args.data.join("train.jsonl.gz"), usize::MAX)?.iter().filter(|row| row.is_news()) {
        examples.extend(example(row, &summaries, &cache, &encoder)?);
    }
    eprintln!("{} articles", examples.len());
    tch::manual_seed(args.seed as i64);
    let store = nn::VarStore::new(Device::Cpu);
    let mut net = Net::new(&store.root());
    let (mean, deviation) = moments(&examples);
    net.standardise(&mean, &deviation);
    fit(&store, &net, &summaries, &examples, &mut fastrand::Rng::with_seed(args.seed))?;
    let mut weights: Vec<(String, Tensor)> = store.variables().into_iter().collect();
    weights.sort_by(|a, b| a.0.cmp(&b.0));
    if let Some(folder) = args.out.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    Tensor::write_safetensors(&weights, &args.out).with_context(|| format!("writing {}", args.out.display()))
}

/// Nothing where there is nothing to choose.
fn example(
    row: &Row,
    summaries: &[[usize; SUMMARY]],
    cache: &Cache,
    encoder: &Encoder,
) -> anyhow::Result<Option<Example>> {
    let mut document = Document::of_article(&row.article());
    // A heading in the text is no headline: news has one in every article or in none.
    document.title = None;
    if document.sentences.len() < SUMMARY {
        return Ok(None);
    }
    let vectors = cache.encode(encoder, &document)?.sentences;
    // The tagger's names would need the states of every token.
    let mentions = Words::new(&document).mentions_by_rules();
    let times: Vec<Span> = dates::find(&document).iter().map(|time| time.span).collect();
    let features = features(&document, &forms(&document), &mentions, &times, &vectors);
    let first = document.sentences.iter().take(FIRST);
    let sentences: Lines = first.map(|s| rouge::tokens(document.slice(s.span))).collect();
    let rewards = rewards(summaries, &sentences, &rouge::lines(&row.summary));
    let weight = if row.is_whole() { 1.0 } else { SHORT_WEIGHT };
    Ok(Some(Example { features, rewards, weight }))
}

/// Mean and standard deviation of each feature over all sentences.
fn moments(examples: &[Example]) -> (Tensor, Tensor) {
    let all: Vec<f32> =
        examples.iter().flat_map(|example| example.features.iter().flatten().copied()).collect();
    let all = Tensor::from_slice(&all).view([-1, FEATURES as i64]);
    let deviation = all.std_dim([0i64].as_slice(), true, false) + 1e-3;
    (all.mean_dim([0i64].as_slice(), false, Kind::Float), deviation)
}

/// Fits `net` so that the summaries that its scores make likely have much ROUGE.
fn fit(
    store: &nn::VarStore,
    net: &Net,
    summaries: &[[usize; SUMMARY]],
    examples: &[Example],
    random: &mut fastrand::Rng,
) -> anyhow::Result<()> {
    let mut optimizer = nn::AdamW { wd: WEIGHT_DECAY, ..Default::default() }.build(store, RATE)?;
    let members: Vec<i64> = summaries.iter().flatten().map(|&at| at as i64).collect();
    let members = Tensor::from_slice(&members);
    let mut order: Vec<&Example> = examples.iter().collect();
    let steps = (EPOCHS * examples.len().div_ceil(BATCH)) as f64;
    let mut step = 0.0;
    for epoch in 1..=EPOCHS {
        random.shuffle(&mut order);
        let mut reward = 0.0;
        for batch in order.chunks(BATCH) {
            optimizer.set_lr(RATE * (step / (WARM_UP * steps)).min(1.0) * (1.0 - step / steps));
            step += 1.0;
            let Batch { features, mask, rewards, there, weight } = Batch::of(batch);
            let scores = net.forward(&features, &mask, true);
            let of_summaries =
                scores.index_select(1, &members).view([-1, summaries.len() as i64, SUMMARY as i64]);
            let sums =
                of_summaries.sum_dim_intlist(-1i64, false, Kind::Float) / TEMPERATURE + (there - 1.0) * 1e4;
            let expected =
                (sums.softmax(-1, Kind::Float) * rewards).sum_dim_intlist(-1i64, false, Kind::Float);
            let mean = (expected * &weight).sum(Kind::Float) / weight.sum(Kind::Float);
            // Adam does not mind the scale, the clipping of gradients does.
            optimizer.backward_step_clip(&(-10.0 * &mean), 1.0);
            reward += mean.double_value(&[]) * batch.len() as f64 / examples.len() as f64;
        }
        eprintln!("epoch {epoch} of {EPOCHS}: expected ROUGE-1 + ROUGE-2 {reward:.4}");
    }
    Ok(())
}

/// Articles padded to the longest.
struct Batch {
    features: Tensor,
    /// 1 for a sentence, 0 for padding.
    mask: Tensor,
    rewards: Tensor,
    /// 1 for a summary whose sentences are all there, else 0.
    there: Tensor,
    weight: Tensor,
}

impl Batch {
    fn of(examples: &[&Example]) -> Self {
        let width = examples.iter().map(|example| example.features.len()).max().unwrap_or(0).max(FIRST);
        let (mut features, mut mask, mut rewards, mut there) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (at, example) in examples.iter().enumerate() {
            features.extend_from_slice(example.features.as_flattened());
            features.resize((at + 1) * width * FEATURES, 0.0);
            mask.resize(mask.len() + example.features.len(), 1.0f32);
            mask.resize((at + 1) * width, 0.0);
            rewards.extend(example.rewards.iter().map(|reward| reward.unwrap_or(0.0)));
            there.extend(example.rewards.iter().map(|reward| if reward.is_some() { 1.0f32 } else { 0.0 }));
        }
        let weight: Vec<f32> = examples.iter().map(|example| example.weight).collect();
        let (count, width) = (examples.len() as i64, width as i64);
        Self {
            features: Tensor::from_slice(&features).view([count, width, FEATURES as i64]),
            mask: Tensor::from_slice(&mask).view([count, width]),
            rewards: Tensor::from_slice(&rewards).view([count, -1]),
            there: Tensor::from_slice(&there).view([count, -1]),
            weight: Tensor::from_slice(&weight),
        }
    }
}
