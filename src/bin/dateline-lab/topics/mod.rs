//! Topics against articles that their subscribers want (labels.json, wider.json, README.md), beside plain cosine and
//! plain words; and the fit of the weights on the topics that calibrate.

mod fit;
pub mod head;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::Args as ClapArgs;
use dateline::clean::{self, Hints};
use dateline::domain::{Article, Meaning, Sensitivity, Side, lead};
use dateline::reading::Reader;
use dateline::stories::{Fit, Text, Topic, word_counts};
use serde::Deserialize;

/// `dateline-lab train topics`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Folder that holds clustering/ and summaries/
    #[arg(long)]
    data: PathBuf,
}

/// `dateline-lab eval topics`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  dateline-lab eval topics --data ../data\n  dateline-lab eval topics --data ../data --wider --each"
)]
pub struct EvalArgs {
    #[command(flatten)]
    common: Args,
    /// A line for each topic, too
    #[arg(long)]
    each: bool,
    /// 290 topics against articles that nothing was trained on, instead of 60 against 517
    #[arg(long)]
    wider: bool,
}

#[derive(Deserialize)]
struct Labels {
    /// Ids by set.
    articles: BTreeMap<String, Vec<String>>,
    topics: Vec<Labelled>,
}

#[derive(Deserialize)]
struct Labelled {
    topic: String,
    split: Split,
    wanted: HashSet<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Split {
    Calibration,
    HeldOut,
}

#[derive(Deserialize)]
struct Row {
    #[serde(alias = "article_id")]
    id: String,
    title: Option<String>,
    #[serde(alias = "article")]
    text: String,
}

/// A topic, and how every article fits it.
struct Judged {
    topic: String,
    split: Split,
    fits: Vec<(bool, Fit)>,
    /// Share of its words that each article has.
    words: Vec<f32>,
}

/// Prints a table with a row for each way of matching and sensitivity.
pub fn evaluate(args: &EvalArgs, models_dir: &Path) -> anyhow::Result<()> {
    let judged = judge(&args.common, args.wider, models_dir)?;
    println!("                    calibration                       held out");
    println!("matching            prec  rec   F1    macro F1      prec  rec   F1    macro F1   taken at");
    let cosines = |topic: &Judged| topic.fits.iter().map(|(_, fit)| fit.likeness).collect();
    let words = |topic: &Judged| topic.words.clone();
    for (name, score) in [("plain cosine", cosines as fn(&Judged) -> Vec<f32>), ("plain words", words)] {
        let at = fit::best_threshold(&judged, score);
        row(
            name,
            &judged,
            |topic| score(topic).iter().map(|x| *x >= at).collect(),
            &format!("{at:.2}, fitted"),
        );
    }
    for sensitivity in Sensitivity::ALL {
        let taken = |topic: &Judged| topic.fits.iter().map(|(_, fit)| fit.reaches(sensitivity)).collect();
        row(&format!("dateline, {}", sensitivity.name()), &judged, taken, "as shipped");
    }
    if args.each {
        for topic in &judged {
            let taken: Vec<bool> =
                topic.fits.iter().map(|(_, fit)| fit.reaches(Sensitivity::Normal)).collect();
            let score = Score::of(topic, &taken);
            println!(
                "{:<36} {:?} {:.2} {:.2} {:.2}",
                topic.topic,
                topic.split,
                score.precision(),
                score.recall(),
                score.f1()
            );
        }
    }
    Ok(())
}

/// Fits the weights on the topics of both labels that calibrate, and prints them as `src/stories/topics/weights.rs` holds them.
pub fn train(args: &Args, models_dir: &Path) -> anyhow::Result<()> {
    fit::train(&judge(args, false, models_dir)?, &judge(args, true, models_dir)?);
    Ok(())
}

fn row(name: &str, judged: &[Judged], taken: impl Fn(&Judged) -> Vec<bool>, note: &str) {
    let mut line = format!("{name:<18}");
    for split in [Split::Calibration, Split::HeldOut] {
        let scores: Vec<Score> = judged
            .iter()
            .filter(|topic| topic.split == split)
            .map(|topic| Score::of(topic, &taken(topic)))
            .collect();
        let all = scores.iter().fold(Score::default(), |sum, score| sum.plus(*score));
        let mean = scores.iter().map(|score| score.f1()).sum::<f64>() / scores.len().max(1) as f64;
        line += &format!("  {:.3} {:.3} {:.3} {mean:.3}        ", all.precision(), all.recall(), all.f1());
    }
    println!("{line} {note}");
}

#[derive(Debug, Clone, Copy, Default)]
struct Score {
    right: usize,
    taken: usize,
    wanted: usize,
}

impl Score {
    fn of(topic: &Judged, taken: &[bool]) -> Self {
        let pairs = || topic.fits.iter().map(|(wanted, _)| *wanted).zip(taken.iter().copied());
        Self {
            right: pairs().filter(|(wanted, taken)| *wanted && *taken).count(),
            taken: pairs().filter(|(_, taken)| *taken).count(),
            wanted: pairs().filter(|(wanted, _)| *wanted).count(),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            right: self.right + other.right,
            taken: self.taken + other.taken,
            wanted: self.wanted + other.wanted,
        }
    }

    fn precision(self) -> f64 {
        self.right as f64 / self.taken.max(1) as f64
    }

    fn recall(self) -> f64 {
        self.right as f64 / self.wanted.max(1) as f64
    }

    fn f1(self) -> f64 {
        2.0 * self.right as f64 / (self.taken + self.wanted).max(1) as f64
    }
}

/// The labels, and the articles that they are of, with their ids.
fn labels(data: &Path, wider: bool) -> anyhow::Result<(Labels, Vec<String>, Vec<Article>)> {
    let labels = if wider { include_str!("wider.json") } else { include_str!("labels.json") };
    let labels: Labels = serde_json::from_str(labels).context("the labels")?;
    let mut ids = Vec::new();
    let mut articles = Vec::new();
    for (set, wanted) in &labels.articles {
        let folder =
            if set.starts_with("wikinews") || set == "handpicked" { "clustering" } else { "summaries" };
        let wanted: HashSet<&String> = wanted.iter().collect();
        for line in crate::lines(&data.join(folder).join(format!("{set}.jsonl.gz")))? {
            let row: Row = serde_json::from_str(&line?).with_context(|| format!("reading {set}"))?;
            if wanted.contains(&row.id) {
                articles.push(article(set, &row));
                ids.push(row.id);
            }
        }
    }
    let labelled: usize = labels.articles.values().map(Vec::len).sum();
    ensure!(ids.len() == labelled, "{} of {labelled} labelled articles were found", ids.len());
    Ok((labels, ids, articles))
}

/// Whether an article of the wider labels is not trained on: every sixth.
fn held_back(id: &str) -> bool {
    id.bytes().map(usize::from).sum::<usize>() % 6 == 0
}

/// Holds every labelled article against every topic; of the wider labels those that are held back.
fn judge(args: &Args, wider: bool, models_dir: &Path) -> anyhow::Result<Vec<Judged>> {
    let (labels, ids, articles) = labels(&args.data, wider)?;
    let (ids, articles): (Vec<String>, Vec<Article>) =
        ids.into_iter().zip(articles).filter(|(id, _)| !wider || held_back(id)).unzip();
    let reader = Reader::load(models_dir)?;
    let texts: Vec<Text> = articles
        .iter()
        .map(|article| Text::new(article.title.as_deref().unwrap_or_default(), &article.text()))
        .collect();
    let counts: Vec<_> = articles
        .iter()
        .map(|article| {
            word_counts(&format!("{}\n{}", article.title.as_deref().unwrap_or_default(), article.text()))
        })
        .collect();
    let of_articles: Vec<Meaning> = articles
        .iter()
        .map(|article| reader.meaning(&lead(article.title.as_deref(), &article.text()), Side::Article))
        .collect::<Result<_, _>>()?;
    let judged = labels.topics.iter().map(|labelled| {
        let topic = Topic::new(&labelled.topic);
        let meaning = reader.meaning(&labelled.topic, Side::Topic)?;
        let fits = ids.iter().zip(&texts).zip(&of_articles);
        let own: Vec<String> = word_counts(&labelled.topic).into_keys().collect();
        Ok(Judged {
            topic: labelled.topic.clone(),
            split: labelled.split,
            fits: fits
                .map(|((id, text), other)| {
                    (labelled.wanted.contains(id), topic.fit(text, Some((&meaning, other))))
                })
                .collect(),
            words: counts
                .iter()
                .map(|has| {
                    own.iter().filter(|word| has.contains_key(*word)).count() as f32 / own.len().max(1) as f32
                })
                .collect(),
        })
    });
    judged.collect()
}

/// As the bot gets it: a text, cleaned. Those of the BBC begin with their headline.
fn article(set: &str, row: &Row) -> Article {
    let (title, text) = match row.text.split_once('\n') {
        Some((title, text)) if set == "bbc_extractive" => (Some(title.trim().to_owned()), text),
        _ => (row.title.clone(), row.text.as_str()),
    };
    clean::text(text, &Hints { title, ..Hints::default() })
}
