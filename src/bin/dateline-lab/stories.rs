//! The stories of a stream of articles against the events they report, beside TF-IDF.
//!
//! B-cubed (Bagga and Baldwin, COLING-ACL 1998): for every article, how much of its story is of its event
//! (precision), and how much of its event is in its story (recall). Pairs: of two articles in one story, how
//! many are of one event, and the other way round. Every set is measured with parameters fitted on the others.
//! The largest is measured without its background pages too; "the labels" is what a grouping gets with them that is
//! right for all others and leaves them by themselves.

mod score;
mod tfidf;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args as ClapArgs;
use dateline::clean::{self, Hints};
use dateline::domain::Published;
use dateline::reading::Reader;
use dateline::stories::{Parameters, Place, Shelf, Telling};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::news;
use score::Score;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  dateline-lab eval stories --data ../data/clustering --cache ../vectors")]
pub struct Args {
    /// Folder that holds handpicked.jsonl.gz, wikinews.jsonl.gz and wikinews_medium.jsonl.gz
    #[arg(long)]
    data: PathBuf,
    /// Folder where the vectors are kept between runs
    #[arg(long)]
    cache: Option<PathBuf>,
    /// The shipped parameters only, on every set
    #[arg(long)]
    shipped: bool,
    /// Articles that stand on the shelf before: a summaries/*.jsonl.gz
    #[arg(long, requires = "shipped")]
    others: Option<PathBuf>,
}

const SETS: [&str; 3] = ["handpicked", "wikinews", "wikinews_medium"];

/// Articles of the largest set that do not tell the event they are filed under.
const BACKGROUND: &str = include_str!("stories/background.txt");

/// Orders of arrival: chance, the same in every run. Scores are means over them.
const SEEDS: [u64; 3] = [1, 2, 3];

#[derive(Deserialize)]
struct Row {
    #[serde(rename = "article_id")]
    id: String,
    event_id: String,
    title: String,
    text: String,
    published: Option<String>,
}

/// One article, ready for every way of grouping.
#[derive(Clone)]
pub struct Seen {
    event: String,
    /// Whether it does not tell the event.
    background: bool,
    telling: Telling,
    words: tfidf::Words,
}

type Stream = Vec<Seen>;

/// A set, or a part of one, in every order of arrival.
struct Set {
    /// The whole set's name: parameters are fitted on sets of other names.
    of: &'static str,
    part: bool,
    streams: Vec<Stream>,
}

impl Set {
    fn name(&self) -> String {
        format!("{}{}", self.of, if self.part { ", told" } else { "" })
    }

    /// The articles that tell their event, if others do not.
    fn told(&self) -> Option<Self> {
        let background = |stream: &Stream| stream.iter().any(|seen| seen.background);
        let told = |stream: &Stream| stream.iter().filter(|seen| !seen.background).cloned().collect();
        self.streams.iter().any(background).then(|| Self {
            of: self.of,
            part: true,
            streams: self.streams.iter().map(told).collect(),
        })
    }
}

/// Prints a table with a row for each set and way of grouping.
pub fn evaluate(args: &Args, models_dir: &Path) -> anyhow::Result<()> {
    let cache = args.cache.as_deref();
    let before = args.others.as_deref().map(others).transpose()?.unwrap_or_default();
    let others = seen(before, cache, models_dir)?;
    let mut sets = Vec::new();
    for set in SETS {
        let rows = rows(&args.data.join(format!("{set}.jsonl.gz")))?;
        sets.push(Set { of: set, part: false, streams: streams(&others, &seen(rows, cache, models_dir)?) });
    }
    sets.extend(sets.iter().filter_map(Set::told).collect::<Vec<_>>());
    println!("                                                B-cubed              pairs");
    println!(
        "set                   grouping         stories  prec  rec   F1     prec  rec   F1    parameters"
    );
    if !args.shipped {
        for lead in [false, true] {
            let name = if lead { "TF-IDF, leads" } else { "TF-IDF, texts" };
            fitted(name, &sets, &tfidf::thresholds(), |stream, threshold| {
                tfidf::group(stream, lead, *threshold)
            });
        }
        fitted("dateline, fitted", &sets, &grid(), |stream, parameters| group(stream, *parameters));
    }
    for set in &sets {
        let shipped = |stream: &[Seen]| group(stream, Parameters::default());
        row(set, "dateline", &score(&set.streams, others.len(), shipped), "as shipped");
        row(set, "dateline, merging", &score(&set.streams, others.len(), merged), "as shipped");
        if !set.part && set.told().is_some() {
            row(set, "the labels", &score(&set.streams, others.len(), labels), "background pages apart");
        }
    }
    Ok(())
}

/// Scores each set with what fits the two others best.
fn fitted<P: std::fmt::Debug>(
    name: &str,
    sets: &[Set],
    grid: &[P],
    group: impl Fn(&[Seen], &P) -> Vec<usize>,
) {
    let scores: Vec<Vec<Score>> = sets
        .iter()
        .map(|set| {
            grid.iter().map(|parameters| score(&set.streams, 0, |stream| group(stream, parameters))).collect()
        })
        .collect();
    for (set, own) in sets.iter().zip(&scores) {
        let others = || sets.iter().zip(&scores).filter(|(other, _)| !other.part && other.of != set.of);
        let worth = |at: usize| -> f64 { others().map(|(_, of_other)| of_other[at].b_cubed().f1).sum() };
        let best = (0..grid.len()).max_by(|a, b| worth(*a).total_cmp(&worth(*b)));
        if let Some(best) = best {
            row(set, name, &own[best], &format!("{:?}", grid[best]));
        }
    }
}

fn row(set: &Set, grouping: &str, score: &Score, parameters: &str) {
    let (b, p) = (score.b_cubed(), score.pairs());
    println!(
        "{:<21} {grouping:<16} {:>7.1}  {:.3} {:.3} {:.3}  {:.3} {:.3} {:.3}  {parameters}",
        set.name(),
        score.stories(),
        b.precision,
        b.recall,
        b.f1,
        p.precision,
        p.recall,
        p.f1
    );
}

/// Each stream begins with so many others.
fn score(streams: &[Stream], others: usize, group: impl Fn(&[Seen]) -> Vec<usize>) -> Score {
    let mut score = Score::default();
    for stream in streams {
        let events: Vec<&str> = stream.iter().map(|seen| seen.event.as_str()).collect();
        score.add(&group(stream), &events, others);
    }
    score
}

/// What the fit chooses from.
fn grid() -> Vec<Parameters> {
    let mut all = Vec::new();
    for (words, names) in [(0.3, 0.3), (0.4, 0.2)] {
        for half_life in [7.0, 365.0] {
            for join in [0.16, 0.18, 0.20, 0.22, 0.24, 0.26] {
                all.push(Parameters {
                    meaning: 0.3,
                    words,
                    names,
                    numbers: 0.1,
                    join,
                    half_life,
                    ..Parameters::default()
                });
            }
        }
    }
    all
}

fn group(stream: &[Seen], parameters: Parameters) -> Vec<usize> {
    let mut shelf = Shelf::new(parameters, stream.len());
    let mut stories = Vec::new();
    for (number, seen) in stream.iter().enumerate() {
        let story = match shelf.place(&seen.telling) {
            Place::Joins(story, _) => story,
            Place::Opens { .. } => number,
        };
        shelf.add(story, seen.telling.clone());
        stories.push(story);
    }
    stories
}

/// Stories as they stand at the end where young ones are merged.
fn merged(stream: &[Seen]) -> Vec<usize> {
    let mut shelf = Shelf::new(Parameters::default(), stream.len());
    let mut stories: Vec<usize> = Vec::new();
    for (number, seen) in stream.iter().enumerate() {
        let judged = shelf.judge(&seen.telling);
        let mut story = match judged.place {
            Place::Joins(story, _) => story,
            Place::Opens { .. } => number,
        };
        for other in judged.ties {
            let (into, from) = (story.min(other), story.max(other));
            shelf.merge(&from, &into);
            stories.iter_mut().filter(|of| **of == from).for_each(|of| *of = into);
            story = into;
        }
        shelf.add(story, seen.telling.clone());
        stories.push(story);
    }
    stories
}

/// What is right for every article that tells its event, and leaves each other page by itself.
fn labels(stream: &[Seen]) -> Vec<usize> {
    let opened = |seen: &Seen| stream.iter().position(|first| !first.background && first.event == seen.event);
    let story = |(number, seen)| opened(seen).filter(|_| !seen.background).unwrap_or(number);
    stream.iter().enumerate().map(story).collect()
}

/// The articles of a set in every order of arrival, after the others.
fn streams(others: &[Seen], set: &[Seen]) -> Vec<Stream> {
    SEEDS
        .iter()
        .map(|seed| {
            let mut set = set.to_vec();
            fastrand::Rng::with_seed(*seed).shuffle(&mut set);
            [others, &set].concat()
        })
        .collect()
}

fn rows(path: &Path) -> anyhow::Result<Vec<Row>> {
    crate::lines(path)?
        .map(|line| serde_json::from_str(&line?).with_context(|| format!("reading {}", path.display())))
        .collect()
}

/// Articles with summaries, whose first highlight stands for the headline; each of an event of its own.
fn others(path: &Path) -> anyhow::Result<Vec<Row>> {
    let rows = news::rows(path, usize::MAX)?.into_iter().map(|row| Row {
        title: row.summary.lines().next().unwrap_or_default().to_owned(),
        event_id: row.id.clone(),
        id: row.id,
        text: row.article,
        published: None,
    });
    Ok(rows.collect())
}

fn seen(rows: Vec<Row>, cache: Option<&Path>, models_dir: &Path) -> anyhow::Result<Vec<Seen>> {
    let articles: Vec<_> = rows
        .iter()
        .map(|row| {
            let hints = Hints { title: Some(row.title.clone()), ..Hints::default() };
            clean::text(&row.text, &hints)
        })
        .collect();
    let vectors = vectors(&articles, cache, models_dir)?;
    let seen = rows.into_iter().zip(articles).zip(vectors).map(|((row, article), vector)| {
        let published: Option<Published> = row.published.as_deref().and_then(|at| at.get(..10)?.parse().ok());
        let text = article.text();
        Seen {
            words: tfidf::Words::new(&row.title, &text),
            telling: Telling::new(&row.title, &text, vector, published.map(Published::instant)),
            event: row.event_id,
            background: BACKGROUND.lines().any(|id| id == row.id),
        }
    });
    Ok(seen.collect())
}

/// The story vector of each article, kept in `cache` under the hash of all their texts.
fn vectors(
    articles: &[dateline::domain::Article],
    cache: Option<&Path>,
    models_dir: &Path,
) -> anyhow::Result<Vec<Vec<f32>>> {
    let mut hasher = Sha256::new();
    for article in articles {
        hasher.update(article.title.as_deref().unwrap_or_default());
        hasher.update(article.text());
        hasher.update([0]);
    }
    let key: String = hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let path = cache.map(|folder| folder.join(format!("stories-{key}.json")));
    if let Some(bytes) = path.as_ref().and_then(|path| std::fs::read(path).ok()) {
        return serde_json::from_slice(&bytes).context("a broken file in the cache: delete it");
    }
    let reader = Reader::load(models_dir)?;
    let vectors =
        articles.iter().map(|article| reader.story_vector(article)).collect::<Result<Vec<_>, _>>()?;
    if let Some(path) = path {
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        std::fs::write(path, serde_json::to_vec(&vectors)?)?;
    }
    Ok(vectors)
}
