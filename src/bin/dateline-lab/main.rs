//! Evaluation: how good the readers are on gold data. A second binary, so that the bot carries none of it.

mod actors;
mod clean;
mod dates;
mod grams;
mod stories;
mod summaries;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use dateline::reading::models;
use flate2::read::GzDecoder;

/// Measures dateline's readers on gold data.
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
    /// Train one model
    #[command(subcommand)]
    Train(Train),
}

#[derive(Debug, Subcommand)]
enum Train {
    /// The actor tagger, on names of news and other texts
    #[command(
        after_help = "Example:\n  dateline-lab train actors --data ../data --cache ../states --silver 300 --epochs 6"
    )]
    Actors(actors::train::Args),
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
    /// ROUGE of extractive summaries against written ones, beside the lead of the same length
    #[command(after_help = "Example:\n  dateline-lab eval summaries --data ../data --limit 200")]
    Summaries {
        /// Folder that holds summaries/dev.jsonl.gz
        #[arg(long)]
        data: PathBuf,
        /// Articles read, from the first
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Stories of a stream of articles against the events they report
    #[command(after_help = "Example:\n  dateline-lab eval stories --data ../data")]
    Stories {
        /// Folder that holds clustering/*.jsonl.gz
        #[arg(long)]
        data: PathBuf,
    },
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let models_dir = models::directory(cli.models_dir.as_deref());
    match cli.command {
        Command::Train(Train::Actors(args)) => actors::train::train(&args, &models_dir),
        Command::Eval(Eval::Actors(args)) => actors::evaluate(&args, &models_dir),
        Command::Eval(Eval::Clean(args)) => clean::evaluate(&args, &models_dir),
        Command::Eval(Eval::Dates(args)) => dates::evaluate(&args),
        Command::Eval(Eval::Summaries { data, limit }) => {
            summaries::evaluate(&data.join("summaries/dev.jsonl.gz"), limit, &models_dir)
        }
        Command::Eval(Eval::Stories { data }) => stories::evaluate(&data.join("clustering"), &models_dir),
    }
}

/// The lines of a gzipped file.
fn lines(path: &Path) -> anyhow::Result<impl Iterator<Item = std::io::Result<String>>> {
    let file = std::fs::File::open(path).with_context(|| format!("opening {}", path.display()))?;
    Ok(BufReader::new(GzDecoder::new(file)).lines())
}
