//! Trains the projection of `reading::meaning` on frozen encoder states: articles of the wider labels against the
//! topics of its calibrating half, and against topics that were worded for single articles (worded.tsv), of which a
//! larger model has judged for every article which may fit it (likely.tsv.gz; README.md).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args as ClapArgs;
use dateline::domain::{Article, Side, lead};
use dateline::reading::encoder::Encoder;
use dateline::reading::meaning::{Projection, states};
use dateline::reading::models;
use flate2::read::GzDecoder;
use tch::nn::{self, OptimizerConfig as _};
use tch::{Device, Kind, Tensor, no_grad};

use super::{Split, labels};

/// `dateline-lab train meaning`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Folder that holds summaries/
    #[arg(long)]
    data: PathBuf,
    /// Where the weights go
    #[arg(long, default_value = "models/meaning/head.safetensors")]
    out: PathBuf,
    #[arg(long, default_value_t = 3)]
    epochs: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Articles of one step.
const BATCH: usize = 32;
/// Topics of the labels that a step takes beside those that its articles are of, and worded topics beside their own.
const OTHERS: usize = 100;
const OTHERS_WORDED: usize = 300;
const LEARNING_RATE: f64 = 2e-3;
/// The numbers that weigh likenesses are few and large.
const WEIGHING_RATE: f64 = 0.12;
const WEIGHT_DECAY: f64 = 0.02;
/// Steps in which the rates rise.
const WARM_UP: usize = 20;
/// A text as the projection gets it.
struct Seen {
    /// `[pieces, inputs]`, half precision.
    states: Tensor,
    vector: Vec<f32>,
}

/// Which topics an article is of, by their numbers.
struct Sample {
    seen: Seen,
    labelled: BTreeSet<usize>,
    /// Those that were worded for it.
    own: BTreeSet<usize>,
    likely: Likely,
}

/// Which worded topics a larger model found to fit an article, by their numbers in alphabetical order.
#[derive(Debug, Default)]
struct Likely {
    fits: BTreeSet<usize>,
    /// Neither surely wanted nor surely not: nothing is learnt of them.
    may_fit: BTreeSet<usize>,
}

/// How near a text is to a topic, by a weighed sum: only training needs it, in use the weights are fitted with others.
struct Weighing {
    /// Of mean, soft minimum and cosine of the wholes.
    of: Tensor,
    bias: Tensor,
}

pub fn train(args: &Args, models_dir: &Path) -> anyhow::Result<()> {
    tch::set_num_threads(2);
    tch::manual_seed(args.seed as i64);
    let mut random = fastrand::Rng::with_seed(args.seed);
    let encoder = Encoder::load(&models::encoder().folder(models_dir))?;
    let (labels, ids, articles) = labels(&args.data, true)?;
    let names: Vec<&str> = labels
        .topics
        .iter()
        .filter(|topic| topic.split == Split::Calibration)
        .map(|topic| topic.topic.as_str())
        .collect();
    let of_names: Vec<_> = labels
        .topics
        .iter()
        .filter(|topic| topic.split == Split::Calibration)
        .map(|topic| &topic.wanted)
        .collect();
    let worded = worded()?;
    let wordings: Vec<&str> =
        worded.values().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let number: HashMap<&str, usize> = wordings.iter().enumerate().map(|(at, words)| (*words, at)).collect();

    let mut likely = likely()?;
    let mut samples = Vec::new();
    for (id, article) in ids.iter().zip(&articles).filter(|(id, _)| !super::held_back(id)) {
        let labelled = (0..names.len()).filter(|at| of_names[*at].contains(id)).collect();
        let own = worded.get(id.as_str()).into_iter().flatten().map(|words| number[words]).collect();
        let likely = likely.remove(id.as_str()).with_context(|| format!("likely.tsv.gz: no {id}"))?;
        samples.push(Sample { seen: see_article(&encoder, article)?, labelled, own, likely });
    }
    let names: Vec<Seen> = names.iter().map(|name| see(&encoder, name)).collect::<Result<_, _>>()?;
    let wordings: Vec<Seen> = wordings.iter().map(|words| see(&encoder, words)).collect::<Result<_, _>>()?;
    eprintln!("{} articles, {} topics, {} wordings", samples.len(), names.len(), wordings.len());

    let store = nn::VarStore::new(Device::Cpu);
    let projection = Projection::new(&store.root());
    let weighing = nn::VarStore::new(Device::Cpu);
    let root = weighing.root();
    let by = Weighing {
        of: root.var_copy("of", &Tensor::from_slice(&[8f32, 8.0, 6.0])),
        bias: root.var("bias", &[1], nn::Init::Const(-12.0)),
    };
    let mut adam = nn::AdamW { wd: WEIGHT_DECAY, ..Default::default() }.build(&store, LEARNING_RATE)?;
    let mut adam_weighing = nn::AdamW { wd: 0.0, ..Default::default() }.build(&weighing, WEIGHING_RATE)?;
    let steps = args.epochs * (samples.len() / BATCH);
    let mut step = 0;
    for epoch in 0..args.epochs {
        random.shuffle(&mut samples);
        let mut sum = 0.0;
        for batch in samples.chunks_exact(BATCH) {
            let mut asked: BTreeSet<usize> =
                batch.iter().flat_map(|sample| sample.labelled.iter().copied()).collect();
            asked.extend(random.choose_multiple(0..names.len(), OTHERS));
            let mut worded: BTreeSet<usize> =
                batch.iter().flat_map(|sample| sample.own.iter().copied()).collect();
            worded.extend(random.choose_multiple(0..wordings.len(), OTHERS_WORDED));
            let (wanted, weights) = truths(batch, &asked, &worded);
            let topics: Vec<&Seen> =
                asked.iter().map(|at| &names[*at]).chain(worded.iter().map(|at| &wordings[*at])).collect();
            let texts: Vec<&Seen> = batch.iter().map(|sample| &sample.seen).collect();
            let odds = by.odds(&projection, &texts, &topics);
            let loss = odds.binary_cross_entropy_with_logits::<&Tensor>(
                &wanted,
                Some(&weights),
                None,
                tch::Reduction::Sum,
            ) / BATCH as f64;
            let rate =
                ((step + 1) as f64 / WARM_UP as f64).min(1.0) * (1.0 - step as f64 / steps as f64).max(0.05);
            adam.set_lr(LEARNING_RATE * rate);
            adam_weighing.set_lr(WEIGHING_RATE * rate);
            adam.zero_grad();
            adam_weighing.zero_grad();
            loss.backward();
            adam.step();
            adam_weighing.step();
            sum += loss.double_value(&[]);
            step += 1;
        }
        eprintln!("epoch {epoch}: loss {:.3}", sum / (samples.len() / BATCH) as f64);
    }
    if let Some(folder) = args.out.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // Half precision: the weights lie in the repository.
    let tensors: Vec<(String, Tensor)> =
        store.variables().into_iter().map(|(name, tensor)| (name, tensor.to_kind(Kind::Half))).collect();
    Tensor::write_safetensors(&tensors, &args.out)?;
    println!("{}: {} numbers", args.out.display(), tensors.iter().map(|(_, t)| t.numel()).sum::<usize>());
    Ok(())
}

/// The topics that were worded for each article.
fn worded() -> anyhow::Result<BTreeMap<&'static str, Vec<&'static str>>> {
    let lines = include_str!("worded.tsv").lines();
    lines
        .map(|line| {
            let (id, topics) = line.split_once('\t').context("worded.tsv: no tab")?;
            Ok((id, topics.split(';').map(str::trim).collect()))
        })
        .collect()
}

/// For each article the numbers of the topics that fit it, and of those that may.
fn likely() -> anyhow::Result<HashMap<String, Likely>> {
    // Each number stands as the distance from the one before.
    let numbers = |list: &str| -> anyhow::Result<BTreeSet<usize>> {
        let mut at = 0;
        list.split_whitespace()
            .map(|distance| {
                at += distance.parse::<usize>()?;
                Ok(at)
            })
            .collect()
    };
    let file = GzDecoder::new(include_bytes!("likely.tsv.gz").as_slice());
    let read = |line: std::io::Result<String>| {
        let line = line?;
        let [id, fits, may_fit] = line.split('\t').collect::<Vec<_>>()[..] else {
            anyhow::bail!("likely.tsv.gz: a line of other than three columns");
        };
        Ok((id.to_owned(), Likely { fits: numbers(fits)?, may_fit: numbers(may_fit)? }))
    };
    BufReader::new(file).lines().map(read).collect()
}

fn see_article(encoder: &Encoder, article: &Article) -> anyhow::Result<Seen> {
    see(encoder, &lead(article.title.as_deref(), &article.text()))
}

fn see(encoder: &Encoder, text: &str) -> anyhow::Result<Seen> {
    let encoded = encoder.encode_tokens(&[text])?.pop().context("the encoder gave nothing")?;
    Ok(Seen { states: states(text, &encoded).to_kind(Kind::Half), vector: encoded.vector })
}

/// What is wanted `[texts, topics]`, and how much that counts.
fn truths(batch: &[Sample], asked: &BTreeSet<usize>, worded: &BTreeSet<usize>) -> (Tensor, Tensor) {
    let mut wanted = Vec::new();
    let mut weights = Vec::new();
    for sample in batch {
        for topic in asked {
            wanted.push(f32::from(u8::from(sample.labelled.contains(topic))));
            weights.push(1.0f32);
        }
        for topic in worded {
            let fits = sample.own.contains(topic) || sample.likely.fits.contains(topic);
            wanted.push(f32::from(u8::from(fits)));
            weights.push(f32::from(u8::from(fits || !sample.likely.may_fit.contains(topic))));
        }
    }
    let shape = [batch.len() as i64, (asked.len() + worded.len()) as i64];
    (Tensor::from_slice(&wanted).view(shape), Tensor::from_slice(&weights).view(shape))
}

impl Weighing {
    /// Log-odds `[texts, topics]`.
    fn odds(&self, projection: &Projection, texts: &[&Seen], topics: &[&Seen]) -> Tensor {
        const SOFT: f64 = 10.0;
        let (of_texts, text_mask) = padded(texts);
        let (of_topics, topic_mask) = padded(topics);
        let (rows, pieces) = (texts.len() as i64, of_topics.size()[1]);
        let texts_projected = projection.forward(&of_texts, Side::Article);
        let topics_projected = projection.forward(&of_topics, Side::Topic).flatten(0, 1);
        let near = texts_projected.matmul(&topics_projected.transpose(0, 1));
        let near =
            near.masked_fill(&text_mask.logical_not().unsqueeze(-1), -1.0).amax([1i64].as_slice(), false);
        let near = near.view([rows, topics.len() as i64, pieces]);
        let mask = topic_mask.to_kind(Kind::Float).unsqueeze(0);
        let count = mask.sum_dim_intlist(2i64, false, Kind::Float);
        let mean = (&near * &mask).sum_dim_intlist(2i64, false, Kind::Float) / &count;
        let soft = ((&near * -SOFT).exp() * &mask).sum_dim_intlist(2i64, false, Kind::Float) / &count;
        let soft = soft.log() / -SOFT;
        let whole = vectors(texts).matmul(&vectors(topics).transpose(0, 1));
        let of = |at: i64| self.of.get(at);
        mean * of(0) + soft * of(1) + whole * of(2) + &self.bias
    }
}

/// States `[texts, longest, inputs]`, and where there are any.
fn padded(texts: &[&Seen]) -> (Tensor, Tensor) {
    let states: Vec<Tensor> = texts.iter().map(|seen| seen.states.to_kind(Kind::Float)).collect();
    let ones: Vec<Tensor> =
        states.iter().map(|states| Tensor::ones([states.size()[0]], (Kind::Bool, Device::Cpu))).collect();
    no_grad(|| (Tensor::pad_sequence(&states, true, 0.0), Tensor::pad_sequence(&ones, true, 0.0)))
}

fn vectors(texts: &[&Seen]) -> Tensor {
    let flat: Vec<f32> = texts.iter().flat_map(|seen| seen.vector.iter().copied()).collect();
    Tensor::from_slice(&flat).view([texts.len() as i64, -1])
}
