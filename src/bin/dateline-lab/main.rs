//! Evaluation of the readers on gold data, and training of their heads. A second binary, so that the bot
//! carries none of it.

mod actors;
mod bart;
mod clean;
mod dates;
mod digests;
mod feeds;
mod grams;
mod guard;
mod lexrank;
mod load;
mod logistic;
mod news;
mod oracle;
mod porter;
mod reward;
mod rouge;
mod salience;
mod stories;
mod topics;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use dateline::reading::models;
use flate2::read::GzDecoder;
use lzma_rust2::XzReader;

/// Measures dateline's readers on gold data, and trains their heads.
#[derive(Debug, Parser)]
#[command(name = "dateline-lab", version)]
struct Cli {
    /// Folder of the models
    #[arg(long, env = "MODELS_DIR", global = true)]
    models_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Evaluate one reader
    #[command(subcommand)]
    Eval(Eval),
    /// Train one head
    #[command(subcommand)]
    Train(Train),
    /// Put the bot under load
    #[command(subcommand)]
    Load(Load),
    /// What an abstractive model costs: seconds a summary, memory
    Bart(bart::Args),
}

#[derive(Debug, Subcommand)]
enum Load {
    /// Thousands of feeds on loopback hosts, a simulated day in minutes on a driven clock, or in real time
    Feeds(load::Args),
    /// Many people at once who ask a database of many stories
    Commands(load::commands::Args),
    /// Many cards to many channels, with Discord's limits: how long it takes, and what is refused
    Cards(load::cards::Args),
    /// Bombs, endless answers, slow drips and hostile markup, many at once: memory at most, and what is told
    Attack(load::attack::Args),
}

#[derive(Debug, Subcommand)]
enum Train {
    /// The salience head, on articles with written summaries
    Salience(salience::Args),
    /// The actor tagger, on names of news and other texts
    #[command(
        after_help = "Example:\n  dateline-lab train actors --data ../data --cache ../states --silver 300 --epochs 6"
    )]
    Actors(actors::train::Args),
    /// What speaks for a key actor weighs, on texts with written summaries
    Key(actors::key::Args),
    /// What texts mean to topics, by labelled and worded topics
    Meaning(topics::head::Args),
    /// What the parts of a topic's fit weigh, on the topics that calibrate
    Topics(topics::Args),
}

#[derive(Debug, Subcommand)]
enum Eval {
    /// Names of people, organizations and places, and which mean the same, beside spaCy
    #[command(after_help = "Example:\n  dateline-lab eval actors --data ../data --peers")]
    Actors(actors::Args),
    /// Bodies, titles, authors and dates of web pages, beside other extractors
    Clean(clean::Args),
    /// Times: spans, types and TIMEX3 values, beside other taggers
    Dates(dates::Args),
    /// Digests against written summaries, beside Lead-3, LexRank and the oracle
    Digest(digests::Args),
    /// Feeds of every format and lists of feeds, against the tests of other parsers, beside feed-rs alone
    Feeds(feeds::Args),
    /// What the guard refuses of articles' own sentences, and of highlights that people wrote
    #[command(after_help = "Example:\n  dateline-lab eval guard --data ../data --limit 200")]
    Guard {
        /// Folder that holds summaries/dev.jsonl.gz
        #[arg(long)]
        data: PathBuf,
        /// Articles read, from the first
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Stories of a stream of articles against the events they report
    Stories(stories::Args),
    /// Topics against articles that their subscribers want, beside plain cosine and plain words
    Topics(topics::EvalArgs),
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let models_dir = models::directory(cli.models_dir.as_deref());
    match cli.command {
        Command::Bart(args) => bart::run(&args),
        Command::Load(Load::Feeds(args)) => load::run(&args),
        Command::Load(Load::Commands(args)) => load::commands::run(&args),
        Command::Load(Load::Cards(args)) => load::cards::run(&args),
        Command::Load(Load::Attack(args)) => load::attack::run(&args),
        Command::Train(Train::Actors(args)) => actors::train::train(&args, &models_dir),
        Command::Train(Train::Key(args)) => actors::key::train(&args, &models_dir),
        Command::Eval(Eval::Actors(args)) => actors::evaluate(&args, &models_dir),
        Command::Eval(Eval::Clean(args)) => clean::evaluate(&args, &models_dir),
        Command::Eval(Eval::Dates(args)) => dates::evaluate(&args),
        Command::Eval(Eval::Digest(args)) => digests::evaluate(&args, &models_dir),
        Command::Eval(Eval::Feeds(args)) => feeds::evaluate(&args),
        Command::Train(Train::Salience(args)) => salience::train(&args, &models_dir),
        Command::Eval(Eval::Guard { data, limit }) => {
            guard::evaluate(&data.join("summaries/dev.jsonl.gz"), limit, &models_dir)
        }
        Command::Train(Train::Meaning(args)) => topics::head::train(&args, &models_dir),
        Command::Train(Train::Topics(args)) => topics::train(&args, &models_dir),
        Command::Eval(Eval::Topics(args)) => topics::evaluate(&args, &models_dir),
        Command::Eval(Eval::Stories(args)) => stories::evaluate(&args, &models_dir),
    }
}

/// The lines of a gzipped file.
fn lines(path: &Path) -> anyhow::Result<impl Iterator<Item = std::io::Result<String>>> {
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    Ok(BufReader::new(GzDecoder::new(file)).lines())
}

/// The files of an archive by their paths, without the folder that holds all.
fn unpack(path: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let doing = || format!("reading {}", path.display());
    let file = File::open(path).with_context(doing)?;
    let mut archive = tar::Archive::new(XzReader::new(BufReader::new(file), true));
    let mut files = BTreeMap::new();
    for entry in archive.entries().with_context(doing)? {
        let mut entry = entry.with_context(doing)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path()?.to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).with_context(doing)?;
        files.insert(path.split_once('/').map_or(path.clone(), |(_, rest)| rest.to_owned()), bytes);
    }
    Ok(files)
}
