//! How well times are found and dated, beside other taggers.
//!
//! Sets: news and traps written for this project (`tests/fixtures/dates`), the dates of GUM, and the English
//! specifications of Recognizers-Text. Each is scored as TempEval-3 did (UzZaman et al., SemEval 2013):
//! spans that overlap (relaxed) and that agree (strict), then type and value of what overlaps.

mod causes;
mod gum;
mod marked;
mod peers;
mod recognizers;
mod score;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use dateline::domain::{Published, TimeKind};
use dateline::reading::{Document, dates};

use self::score::{Counts, Found, Gold};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  dateline-lab eval dates --data ../data\n  dateline-lab eval dates --data ../data --set news --wrong"
)]
pub struct Args {
    /// Folder that holds actors/gum.jsonl.gz and dates/recognizers-en
    #[arg(long)]
    data: PathBuf,
    /// Only this set: news, gum or recognizers
    #[arg(long)]
    set: Option<String>,
    /// Beside taggers written in Python and Java too; `make peers` installs them
    #[arg(long)]
    peers: bool,
    /// Print what was wrong, expression by expression
    #[arg(long)]
    wrong: bool,
}

/// The news written for this project.
const NEWS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/dates/news.txt");

/// What a time says that is found where there is no gold one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    Wrong,
    /// Wrong if it has a year; lengths, frequencies and the like are not annotated.
    WrongIfDated,
    /// Nothing: the gold is a part of what is annotated, and no precision is told.
    Untold,
}

/// Texts with the times that stand in them.
pub struct Text {
    pub text: String,
    pub published: Option<Published>,
    pub gold: Vec<Gold>,
    pub others: Others,
}

/// Prints a table with a row for each set and tagger.
pub fn evaluate(args: &Args) -> anyhow::Result<()> {
    let wanted = |name: &str| args.set.as_deref().is_none_or(|set| set == name);
    println!(
        "{:<22} {:<20} {:>5} {:>5}  {:^20} {:^20} {:>5} {:>5} {:>5}",
        "", "", "", "", "relaxed P / R / F1", "strict P / R / F1", "type", "value", "right"
    );
    if wanted("news") {
        let news = std::fs::read_to_string(NEWS).with_context(|| format!("reading {NEWS}"))?;
        compare(&[("news (ours)", marked::texts(&news)?)], args)?;
    }
    if wanted("gum") {
        let sets = gum::sets(&args.data.join("actors/gum.jsonl.gz"))?;
        compare(&sets, args)?;
        if let Some((_, days)) = sets.iter().find(|(view, _)| *view == gum::DAYS) {
            let found: Vec<_> = days.iter().map(|text| tag(&text.text, text.published)).collect();
            causes::print(days, &found);
        }
    }
    if wanted("recognizers") {
        recognizers::evaluate(&args.data.join("dates/recognizers-en"), args.wrong)?;
    }
    Ok(())
}

/// A row for each tagger and each view: the same texts with all their gold times, or with some.
fn compare(views: &[(&str, Vec<Text>)], args: &Args) -> anyhow::Result<()> {
    let Some((_, texts)) = views.first() else { return Ok(()) };
    let documents: Vec<Document> =
        texts.iter().map(|text| Document::new(text.text.as_str(), text.published)).collect();
    // Cutting into sentences is done once for all readers.
    let start = Instant::now();
    let ours: Vec<_> = documents.iter().map(found).collect();
    let bytes: usize = texts.iter().map(|text| text.text.len()).sum();
    let speed = bytes as f64 / 1e6 / start.elapsed().as_secs_f64();
    for (view, texts) in views {
        row(view, &format!("dateline ({speed:.1} MB/s)"), texts, &ours, args.wrong);
    }
    for peer in peers::NAMES.into_iter().filter(|_| args.peers) {
        let found = peers::run(peer, texts)?;
        for (view, texts) in views {
            match &found {
                Some((version, found)) => row(view, &format!("{peer} {version}"), texts, found, false),
                None => println!("{view:<22} {peer:<20} not installed (make peers)"),
            }
        }
    }
    Ok(())
}

fn row(set: &str, tagger: &str, texts: &[Text], found: &[Vec<Found>], wrong: bool) {
    let mut counts = Counts::default();
    for (text, found) in texts.iter().zip(found) {
        counts.add(text, found, wrong);
    }
    println!("{set:<22} {tagger:<20} {counts}");
}

/// What dateline finds, by character offset.
pub fn tag(text: &str, published: Option<Published>) -> Vec<Found> {
    found(&Document::new(text, published))
}

fn found(document: &Document) -> Vec<Found> {
    dates::find(document)
        .into_iter()
        .map(|time| Found { start: time.span.start, end: time.span.end, kind: time.kind, value: time.value })
        .collect()
}

/// A type as TIMEX3 spells it.
pub fn kind(name: &str) -> Option<TimeKind> {
    Some(match name.to_lowercase().as_str() {
        "date" => TimeKind::Date,
        "time" => TimeKind::Time,
        "duration" => TimeKind::Duration,
        "set" => TimeKind::Set,
        _ => return None,
    })
}

fn lines(path: &Path) -> anyhow::Result<Vec<String>> {
    Ok(crate::lines(path)?.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(source: &str) -> Counts {
        let mut counts = Counts::default();
        for text in marked::texts(source).unwrap() {
            counts.add(&text, &tag(&text.text, text.published), true);
        }
        counts
    }

    #[test]
    fn news_is_read_as_the_guidelines_say() {
        let counts = counts(include_str!("../../../../tests/fixtures/dates/news.txt"));
        assert!(counts.gold >= 120);
        assert!(counts.strict_f1() >= 0.95, "spans: {:.3}", counts.strict_f1());
        assert!(counts.value_accuracy() >= 0.95, "values: {:.3}", counts.value_accuracy());
    }

    #[test]
    fn no_trap_is_walked_into() {
        let traps = include_str!("../../../../tests/fixtures/dates/traps.txt");
        assert!(marked::texts(traps).unwrap().len() >= 200);
        let counts = counts(traps);
        assert_eq!((counts.strict_f1(), counts.value_accuracy()), (1.0, 1.0), "see what was printed");
    }
}
