//! Trains the actor tagger on frozen encoder states. Needs spaCy (`make peers`), which corrects GMB's tags.

use std::path::{Path, PathBuf};

use dateline::reading::actors::tagger::{self, Batch, Dropout, Network, TAGS};
use dateline::reading::actors::{AFTER_RULES, BY_RULES, Words};
use dateline::reading::encoder::{Encoder, STATE_LEN};
use dateline::reading::{Document, models};
use serde::Deserialize;
use tch::nn::{self, OptimizerConfig as _};
use tch::{Device, Kind, Tensor};

use super::gold::{self, Gold};
use super::states::Corpus;
use super::votes::{Labels, Voters};

/// Settings of one training run.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder that holds actors/ and summaries/
    #[arg(long)]
    data: PathBuf,
    /// Folder that keeps the encoder's states between runs (about 2 GB)
    #[arg(long)]
    cache: Option<PathBuf>,
    /// Where the weights go
    #[arg(long, default_value = "models/actors/tagger.safetensors")]
    out: PathBuf,
    /// So many news articles with silver labels, where two of spaCy's sm, its md and the rules agree
    #[arg(long, default_value_t = 0)]
    silver: usize,
    /// A genre of GUM that is not trained on
    #[arg(long)]
    hold_out: Option<String>,
    #[arg(long, default_value_t = 8)]
    epochs: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Sentences of one step.
const BATCH: usize = 48;
const LEARNING_RATE: f64 = 1.5e-3;
const WEIGHT_DECAY: f64 = 0.01;
/// Share of a label's weight that is spread over all tags: the labels have errors.
const SMOOTHING: f64 = 0.05;
const DROPOUT: Dropout = Dropout { states: 0.1, hidden: 0.3 };
/// Share of sentences that are read without what the rules say, so that the network does not lean on them.
const WITHOUT_RULES: f32 = 0.2;
/// Share of sentences that are read without the encoder's states, as those past its length are.
const WITHOUT_STATES: f32 = 0.02;
/// Share of sentences read in capitals, and in the capitals of a headline.
const SHOUTED: f32 = 0.06;
const SILVER_WEIGHT: f32 = 0.4;
const GMB_WEIGHT: f32 = 0.7;

/// A label that is not learned from.
const UNKNOWN: i64 = -100;

struct Sample {
    features: Vec<Vec<u32>>,
    /// In capitals throughout, and as a headline, where those have the same words.
    shouted: Vec<Vec<Vec<u32>>>,
    tags: Vec<i64>,
    corpus: usize,
    first_row: i64,
    weight: f32,
}

#[derive(Deserialize)]
struct Article {
    source: String,
    id: String,
    article: String,
}

pub fn train(args: &Args, models_dir: &Path) -> anyhow::Result<()> {
    tch::set_num_threads(1);
    tch::manual_seed(args.seed as i64);
    let mut rng = fastrand::Rng::with_seed(args.seed);
    let encoder = Encoder::load(&models::encoder().folder(models_dir))?;
    let cache = args.cache.as_deref();

    let mut corpora = Vec::new();
    let mut samples = Vec::new();
    let gum: Vec<Gold> = gold::gum(&args.data.join("actors/gum.jsonl.gz"))?
        .into_iter()
        .filter(|gold| gold.trainable && gold.partition == "train")
        .collect();
    let held_out = |gold: &Gold| args.hold_out.as_ref() == Some(&gold.genre);
    let corpus = Corpus::encode("gum", gum.iter().map(|gold| gold.text.as_str()), &encoder, cache)?;
    add(&mut samples, &mut rng, &corpus, 0, |at| (!held_out(&gum[at])).then(|| (own_labels(&gum[at]), 1.0)));
    corpora.push(corpus.states);
    let (corpus, labels) = news(args, &encoder)?;
    add(&mut samples, &mut rng, &corpus, 1, |at| Some((labels[at].clone(), GMB_WEIGHT)));
    corpora.push(corpus.states);
    if args.silver > 0 {
        let (corpus, labels) = silver(args, &encoder)?;
        add(&mut samples, &mut rng, &corpus, 2, |at| Some((labels[at].clone(), SILVER_WEIGHT)));
        corpora.push(corpus.states);
    }
    eprintln!("{} sentences, {} words", samples.len(), samples.iter().map(|s| s.tags.len()).sum::<usize>());
    let store = fit(args, &samples, &corpora, &mut rng)?;
    if let Some(folder) = args.out.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // Half precision: the weights lie in the repository.
    let tensors: Vec<(String, Tensor)> = {
        let mut all: Vec<_> = store.variables().into_iter().collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all.into_iter().map(|(name, tensor)| (name, tensor.to_kind(Kind::Half))).collect()
    };
    Tensor::write_safetensors(&tensors, &args.out)?;
    println!("{}: {} numbers", args.out.display(), tensors.iter().map(|(_, t)| t.numel()).sum::<usize>());
    Ok(())
}

fn own_labels(gold: &Gold) -> Labels {
    let doubtful = gold.apposed.iter().map(|&span| (span, None));
    doubtful.chain(gold.names.iter().map(|name| (name.span, Some(name.kind)))).collect()
}

/// GMB's names, as far as others don't contradict them.
fn news(args: &Args, encoder: &Encoder) -> anyhow::Result<(Corpus, Vec<Labels>)> {
    let mut golds = gold::gmb(&args.data.join("actors/gmb_voa.conll.gz"))?;
    golds.retain(|gold| gold.partition == "train");
    let texts: Vec<(&str, &str)> = golds.iter().map(|gold| (gold.id.as_str(), gold.text.as_str())).collect();
    let voters = Voters::ask(&texts, args.cache.as_deref())?;
    let corpus = Corpus::encode("gmb", texts.iter().map(|(_, text)| *text), encoder, args.cache.as_deref())?;
    let own = |gold: &Gold| gold.names.iter().map(|name| (name.span, name.kind)).collect();
    let labels = golds.iter().zip(&corpus.documents);
    let labels = labels.map(|(gold, document)| voters.labels(&gold.id, document, Some(own(gold)))).collect();
    Ok((corpus, labels))
}

/// News articles with the names that two of spaCy's sm, its md and the rules agree on.
fn silver(args: &Args, encoder: &Encoder) -> anyhow::Result<(Corpus, Vec<Labels>)> {
    let mut texts: Vec<(String, String)> = Vec::new();
    for line in crate::lines(&args.data.join("summaries/train.jsonl.gz"))? {
        let row: Article = serde_json::from_str(&line?)?;
        if row.source != "gum" {
            texts.push((row.id, row.article));
        }
    }
    // Long and short articles alike.
    fastrand::Rng::with_seed(7).shuffle(&mut texts);
    texts.truncate(args.silver);
    let asked: Vec<(&str, &str)> = texts.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    let voters = Voters::ask(&asked, args.cache.as_deref())?;
    let corpus =
        Corpus::encode("silver", asked.iter().map(|(_, text)| *text), encoder, args.cache.as_deref())?;
    let labels = asked.iter().zip(&corpus.documents);
    let labels = labels.map(|((id, _), document)| voters.labels(id, document, None)).collect();
    Ok((corpus, labels))
}

/// Adds the sentences of a corpus with their labels.
fn add(
    samples: &mut Vec<Sample>,
    rng: &mut fastrand::Rng,
    corpus: &Corpus,
    number: usize,
    labels: impl Fn(usize) -> Option<(Labels, f32)>,
) {
    let mut row = 0;
    for (at, document) in corpus.documents.iter().enumerate() {
        let words = Words::new(document);
        let labels = labels(at);
        for (sentence, features) in words.features().iter().enumerate() {
            let first_row = row;
            row += features.len() as i64;
            let Some((labels, weight)) = &labels else { continue };
            if features.is_empty() {
                continue;
            }
            let mut tags = vec![0i64; features.len()];
            let spans = words.spans(sentence);
            for (span, kind) in labels {
                let mut first = true;
                for (word, tag) in spans.iter().zip(&mut tags) {
                    if word.start < span.end && span.start < word.end {
                        *tag = kind.map_or(UNKNOWN, |kind| tagger::tag_of(kind, first) as i64);
                        first = false;
                    }
                }
            }
            // GMB has "U.S.-led" as one word outside any name.
            for at in 1..spans.len() {
                let hyphen = document.slice(spans[at]) == "-" && spans[at].start == spans[at - 1].end;
                if hyphen && tags[at - 1] == 0 {
                    tags[at - 1] = UNKNOWN;
                }
            }
            let shouted = if rng.f32() < 4.0 * SHOUTED {
                shouted(document.slice(document.sentences[sentence].span), features.len())
            } else {
                Vec::new()
            };
            let features = features.clone();
            samples.push(Sample { features, shouted, tags, corpus: number, first_row, weight: *weight });
        }
    }
}

/// The features of a sentence in capitals and as a headline; only where it is cut into the same number of words.
fn shouted(sentence: &str, words: usize) -> Vec<Vec<Vec<u32>>> {
    let mut begins = true;
    let headline: String = sentence
        .chars()
        .map(|c| {
            let first = begins;
            begins = c.is_whitespace();
            if first && c.is_lowercase() { c.to_uppercase().next().unwrap_or(c) } else { c }
        })
        .collect();
    [sentence.to_uppercase(), headline]
        .into_iter()
        .map(|text| Document::new(text, None))
        .filter(|document| document.sentences.len() == 1)
        .filter_map(|document| Words::new(&document).features().pop())
        .filter(|features| features.len() == words)
        .collect()
}

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), the rate falling to nothing.
fn fit(
    args: &Args,
    samples: &[Sample],
    corpora: &[Tensor],
    rng: &mut fastrand::Rng,
) -> anyhow::Result<nn::VarStore> {
    let store = nn::VarStore::new(Device::Cpu);
    let network = Network::new(&store.root());
    let mut adam = nn::AdamW::default().build(&store, LEARNING_RATE)?;
    adam.set_weight_decay(WEIGHT_DECAY);
    let steps = args.epochs * samples.len().div_ceil(BATCH);
    let mut step = 0;
    for epoch in 0..args.epochs {
        // Sentences of like length share a batch; which they are is chance.
        let mut order: Vec<usize> = (0..samples.len()).collect();
        rng.shuffle(&mut order);
        let length = |at: usize| samples[at].tags.len();
        order.sort_by_key(|&at| length(at) / 4);
        let mut batches: Vec<&[usize]> = order.chunks(BATCH).collect();
        rng.shuffle(&mut batches);
        let mut sum = 0.0;
        for chosen in &batches {
            let progress = step as f64 / steps as f64;
            let warm = (step as f64 / 200.0).min(1.0);
            adam.set_lr(LEARNING_RATE * warm * (1.0 - progress).max(0.01));
            let (batch, tags, weights) = assemble(samples, corpora, chosen, rng);
            let scores = network.forward(&batch, Some(DROPOUT)).view([-1, TAGS as i64]);
            let each =
                scores.cross_entropy_loss::<Tensor>(&tags, None, tch::Reduction::None, UNKNOWN, SMOOTHING);
            let loss = (each * &weights).sum(Kind::Float) / weights.sum(Kind::Float);
            adam.backward_step_clip_norm(&loss, 1.0);
            sum += f64::try_from(&loss)?;
            step += 1;
        }
        eprintln!("epoch {}: loss {:.4}", epoch + 1, sum / batches.len() as f64);
    }
    Ok(store)
}

fn assemble(
    samples: &[Sample],
    corpora: &[Tensor],
    chosen: &[usize],
    rng: &mut fastrand::Rng,
) -> (Batch, Tensor, Tensor) {
    let width = chosen.iter().map(|&at| samples[at].tags.len()).max().unwrap_or(0);
    let mut tags = Vec::with_capacity(chosen.len() * width);
    let mut weights = Vec::with_capacity(chosen.len() * width);
    let mut changed: Vec<(Vec<Vec<u32>>, Tensor)> = Vec::with_capacity(chosen.len());
    for &at in chosen {
        let sample = &samples[at];
        let length = sample.tags.len();
        let mut features = if !sample.shouted.is_empty() && rng.f32() < 0.25 {
            sample.shouted[rng.usize(..sample.shouted.len())].clone()
        } else {
            sample.features.clone()
        };
        if rng.f32() < WITHOUT_RULES {
            for word in &mut features {
                word.retain(|feature| !(BY_RULES..AFTER_RULES).contains(feature));
            }
        }
        let states = if rng.f32() < WITHOUT_STATES {
            Tensor::zeros([length as i64, STATE_LEN as i64], (Kind::Float, Device::Cpu))
        } else {
            corpora[sample.corpus].narrow(0, sample.first_row, length as i64).to_kind(Kind::Float)
        };
        tags.extend(sample.tags.iter().copied().chain(std::iter::repeat_n(UNKNOWN, width - length)));
        weights.extend(
            sample
                .tags
                .iter()
                .map(|&tag| if tag == UNKNOWN { 0.0 } else { sample.weight })
                .chain(std::iter::repeat_n(0.0, width - length)),
        );
        changed.push((features, states));
    }
    let rows: Vec<(&[Vec<u32>], &Tensor)> =
        changed.iter().map(|(features, states)| (features.as_slice(), states)).collect();
    (tagger::batch(&rows), Tensor::from_slice(&tags), Tensor::from_slice(&weights))
}
