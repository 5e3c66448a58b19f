//! Fits what speaks for a key actor: whether summaries name it, in GUM and in news.

use std::path::{Path, PathBuf};

use dateline::domain::{ActorKind, Article, Span, fold};
use dateline::reading::actors::{Candidate, EVIDENCE, candidates};
use dateline::reading::{Document, MAX_SENTENCES, ReadOptions, Reader};

use super::gold::{self, Gold};
use super::score::{KeyScores, key_names, meant};
use crate::logistic::Logistic;
use crate::news::Row;

/// What to fit on.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dateline-lab train key --data ../data")]
pub struct Args {
    /// Folder that holds actors/gum.jsonl.gz and summaries/train.jsonl.gz
    #[arg(long)]
    data: PathBuf,
    /// So many whole articles of the news, from the first
    #[arg(long, default_value_t = 300)]
    news: usize,
}

/// Parts that GUM's documents are cut into: what each gets is chosen by a fit on the others and the news.
const PARTS: usize = 6;

/// The candidates of one text, and which of them summaries name.
struct Judged {
    candidates: Vec<Candidate>,
    named: Vec<bool>,
}

impl Judged {
    fn new(
        reader: &Reader,
        article: &Article,
        named: impl Fn(&Document, &Candidate) -> bool,
    ) -> anyhow::Result<Self> {
        let document = Document::of_article(article);
        let (vectors, mentions) = reader.see(&document, MAX_SENTENCES)?;
        let (_, weights) = reader.digest(article, &document, &vectors, &mentions, &ReadOptions::default())?;
        let candidates = candidates(&document, &mentions, &weights);
        let named = candidates.iter().map(|candidate| named(&document, candidate)).collect();
        Ok(Self { candidates, named })
    }

    fn rows(&self) -> impl Iterator<Item = (&[f32; EVIDENCE], bool)> {
        self.candidates.iter().zip(&self.named).map(|(candidate, named)| (&candidate.evidence, *named))
    }
}

/// Prints the weights, and what every cut gives on documents that were not fitted on.
pub fn train(args: &Args, models_dir: &Path) -> anyhow::Result<()> {
    let reader = Reader::load(models_dir)?;
    let golds: Vec<Gold> = gold::gum(&args.data.join("actors/gum.jsonl.gz"))?
        .into_iter()
        .filter(|gold| gold.trainable && gold.partition == "train")
        .collect();
    let mut documents = Vec::new();
    for gold in &golds {
        let named = |_: &Document, candidate: &Candidate| {
            meant(gold, &candidate.mentions).is_some_and(|of| key_names(gold).any(|name| name.entity == of))
        };
        documents.push(Judged::new(&reader, &super::article(gold), named)?);
    }
    let mut news = Vec::new();
    for line in crate::lines(&args.data.join("summaries/train.jsonl.gz"))? {
        let row: Row = serde_json::from_str(&line?)?;
        if row.is_news() && row.is_whole() && news.len() < args.news {
            let summary = format!(" {} ", fold(&row.summary));
            let named = |document: &Document, candidate: &Candidate| {
                candidate.mentions.iter().any(|&span| says(&summary, document.slice(span), candidate.kind))
            };
            news.push(Judged::new(&reader, &row.article(), named)?);
        }
    }
    eprintln!("{} documents of GUM, {} of news", documents.len(), news.len());
    let fit = |without: Option<usize>| {
        let kept = documents.iter().enumerate().filter(|(at, _)| without != Some(at % PARTS));
        let rows: Vec<_> = kept.map(|(_, judged)| judged).chain(&news).flat_map(Judged::rows).collect();
        Logistic::fit(&rows)
    };
    let parts: Vec<_> = (0..PARTS).map(|part| fit(Some(part))).collect();
    println!("cut: P, R, F1 of at most 5 on the documents left out, {PARTS} times");
    for cut in (18..=36).step_by(2).map(|percent| f64::from(percent) / 100.0) {
        let mut scores = KeyScores::default();
        for (at, (gold, judged)) in golds.iter().zip(&documents).enumerate() {
            let odds = |candidate: &Candidate| parts[at % PARTS].odds(&candidate.evidence);
            let likely = |candidate: &&Candidate| 1.0 / (1.0 + (-odds(candidate)).exp()) >= cut;
            let mut given: Vec<&Candidate> = judged.candidates.iter().filter(likely).collect();
            given.sort_by(|a, b| odds(b).total_cmp(&odds(a)));
            let given: Vec<Vec<Span>> = given.iter().map(|candidate| candidate.mentions.clone()).collect();
            scores.add(gold, &given);
        }
        let of = scores.counts;
        println!("{cut:.2}: {:.3} {:.3} {:.3}", of.precision(), of.recall(), of.f1());
    }
    println!("WEIGHTS {:.3?}", fit(None).numbers());
    Ok(())
}

/// Whether a folded summary with blanks around it says a name, or a person's surname.
fn says(summary: &str, name: &str, kind: ActorKind) -> bool {
    let name = fold(name);
    let surname =
        name.rsplit(' ').next().filter(|last| kind == ActorKind::Person && last.chars().count() > 2);
    let mut names = [Some(name.as_str()), surname].into_iter().flatten();
    names.any(|name| !name.is_empty() && summary.contains(&format!(" {name} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_names_a_person_by_the_surname_too() {
        let summary = " gorbachev resigns as head of the party ";
        let says = |name: &str, kind| says(summary, name, kind);
        assert!(says("Mikhail Gorbachev", ActorKind::Person) && says("Gorbachev", ActorKind::Person));
        assert!(!says("Gorb", ActorKind::Person) && !says("Communist Party", ActorKind::Organization));
    }
}
