//! Evaluation: how good the readers are on gold data. A second binary, so that the bot carries none of it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Parser, Subcommand};
use dateline::domain::Article;
use dateline::reading::{Document, ReadOptions, Reader, models};
use flate2::read::GzDecoder;
use serde::Deserialize;

/// Measures dateline's readers on gold data.
#[derive(Debug, Parser)]
#[command(name = "dateline-lab", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Evaluate one reader
    #[command(subcommand)]
    Eval(Eval),
}

#[derive(Debug, Subcommand)]
enum Eval {
    /// ROUGE of extractive summaries against written ones, beside the lead of the same length
    #[command(after_help = "Example:\n  dateline-lab eval summaries --data ../data --limit 200")]
    Summaries {
        /// Folder that holds summaries/dev.jsonl.gz
        #[arg(long)]
        data: PathBuf,
        /// Articles read, from the first
        #[arg(long, default_value_t = 200)]
        limit: usize,
        /// Folder of the models
        #[arg(long, env = "MODELS_DIR")]
        models_dir: Option<PathBuf>,
    },
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Eval(Eval::Summaries { data, limit, models_dir }) => {
            summaries(&data.join("summaries/dev.jsonl.gz"), limit, &models::directory(models_dir.as_deref()))
        }
    }
}

#[derive(Deserialize)]
struct Row {
    article: String,
    summary: String,
}

fn summaries(path: &Path, limit: usize, models_dir: &Path) -> anyhow::Result<()> {
    let file = std::fs::File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let reader = Reader::load(models_dir)?;
    let options = ReadOptions::default();
    let (mut ours, mut lead, mut count) = (Scores::default(), Scores::default(), 0);
    for line in BufReader::new(GzDecoder::new(file)).lines().take(limit) {
        let row: Row = serde_json::from_str(&line?)?;
        let paragraphs =
            row.article.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
        let article = Article { paragraphs, ..Article::default() };
        let digest = reader.read(&article, &options)?.digest;
        let summary: Vec<&str> = digest.summary.iter().map(|sentence| sentence.text.as_str()).collect();
        ours.add(&summary.join(" "), &row.summary);

        let document = Document::of_article(&article);
        let first = document.sentences.iter().take(options.sentences);
        let first: Vec<&str> = first.map(|sentence| document.slice(sentence.span)).collect();
        let words: Vec<&str> =
            first.iter().flat_map(|text| text.split_whitespace()).take(options.max_words).collect();
        lead.add(&words.join(" "), &row.summary);
        count += 1;
    }
    println!("{count} articles, F1 in percent   ROUGE-1  ROUGE-2  ROUGE-L    words");
    for (name, scores) in [("dateline", ours), ("lead-3, same words", lead)] {
        let mean = |sum: f64| sum / f64::from(count.max(1));
        let [one, two, l] = scores.rouge.map(|sum| 100.0 * mean(sum));
        println!("{name:<28} {one:>8.2} {two:>8.2} {l:>8.2} {:>8.1}", mean(scores.words));
    }
    Ok(())
}

/// Sums over articles.
#[derive(Default)]
struct Scores {
    /// F1 of ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004), lower-cased, not stemmed.
    rouge: [f64; 3],
    words: f64,
}

impl Scores {
    fn add(&mut self, summary: &str, reference: &str) {
        let (found, gold) = (tokens(summary), tokens(reference));
        let scores = [rouge_n(&found, &gold, 1), rouge_n(&found, &gold, 2), rouge_l(&found, &gold)];
        self.rouge.iter_mut().zip(scores).for_each(|(sum, score)| *sum += score);
        self.words += summary.split_whitespace().count() as f64;
    }
}

fn tokens(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Shared n-grams.
fn rouge_n(found: &[String], gold: &[String], n: usize) -> f64 {
    let count = |words: &[String]| {
        let mut counts: HashMap<Vec<String>, usize> = HashMap::new();
        words.windows(n).for_each(|gram| *counts.entry(gram.to_vec()).or_default() += 1);
        counts
    };
    let gold_counts = count(gold);
    let shared =
        count(found).iter().map(|(gram, c)| (*c).min(gold_counts.get(gram).copied().unwrap_or(0))).sum();
    f1(shared, (found.len() + 1).saturating_sub(n), (gold.len() + 1).saturating_sub(n))
}

/// Longest common subsequence.
fn rouge_l(found: &[String], gold: &[String]) -> f64 {
    let mut row = vec![0; gold.len() + 1];
    for word in found {
        let mut diagonal = 0;
        for (at, other) in gold.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if word == other { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    f1(row[gold.len()], found.len(), gold.len())
}

fn f1(shared: usize, found: usize, gold: usize) -> f64 {
    if shared == 0 { 0.0 } else { 2.0 * shared as f64 / (found + gold) as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rouge_of_known_pairs() {
        let (found, gold) = (tokens("The police killed the gunman."), tokens("Police kill the gunman"));
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(rouge_n(&found, &gold, 1), 2.0 * 3.0 / 9.0));
        assert!(near(rouge_n(&found, &gold, 2), 2.0 * 1.0 / 7.0));
        assert!(near(rouge_l(&found, &gold), 2.0 * 3.0 / 9.0));
        assert!(near(rouge_l(&found, &[]), 0.0));
    }
}
