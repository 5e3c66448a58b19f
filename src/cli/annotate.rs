//! `dateline annotate`: every name and every time in a text, by offset into the text as it came.

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::batch::{self, Document};
use super::{input, terminal};
use crate::domain::{ActorKind, Published, TimeKind};
use crate::reading::{self, ReadError, Reader, dates};

/// Readers of a batch: each holds its own copy of the encoder.
const MAX_READERS: usize = 2;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  dateline annotate story.txt --published 1989-11-09\n  \
                        dateline annotate --batch < texts.jsonl > annotations.jsonl")]
pub struct Args {
    /// A file of plain text, or - for standard input
    #[arg(value_name = "FILE|-", required_unless_present = "batch")]
    source: Option<String>,
    /// JSON Lines in, JSON Lines out
    #[arg(long)]
    batch: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// When it was published: 1989-11-09 or 1989-11-09T20:15:00Z
    #[arg(long, conflicts_with = "batch")]
    published: Option<Published>,
}

/// The annotations of one text: the program interface of `dateline annotate`.
#[derive(Serialize)]
struct Annotations {
    mentions: Vec<Name>,
    times: Vec<Time>,
}

#[derive(Serialize)]
struct Name {
    start: usize,
    end: usize,
    kind: ActorKind,
    actor: usize,
}

#[derive(Serialize)]
struct Time {
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: TimeKind,
    value: String,
}

pub fn run(args: Args, models_dir: &Path) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if args.batch {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_READERS);
        let workers = Reader::load_many(models_dir, threads)?.into_iter();
        let workers = workers.map(|reader| move |document| annotate_one(&reader, document));
        return batch::run(input::lines(args.source.as_deref())?, out, workers.collect());
    }
    let text = input::read_text(args.source.as_deref().unwrap_or("-"))?;
    let document = reading::Document::new(text, args.published);
    let found = annotate(&Reader::load(models_dir)?, &document)?;
    if args.json {
        writeln!(out, "{}", batch::to_json(found)?)?;
        return Ok(());
    }
    let words = |start, end| document.slice(crate::domain::Span { start, end });
    for name in &found.mentions {
        let kind = format!("{:?}", name.kind).to_lowercase();
        let label = format!("{:>6}-{:<6} {kind:<12} #{:<4} ", name.start, name.end, name.actor);
        terminal::labelled(&mut out, &label, words(name.start, name.end))?;
    }
    for time in &found.times {
        let kind = format!("{:?}", time.kind).to_lowercase();
        let label = format!("{:>6}-{:<6} {kind:<12} {:<16} ", time.start, time.end, time.value);
        terminal::labelled(&mut out, &label, words(time.start, time.end))?;
    }
    Ok(())
}

fn annotate_one(reader: &Reader, mut document: Document) -> Result<Annotations, String> {
    // A time that can't be read leaves relative expressions without a value, which says enough.
    let published = document.published()?.as_deref().and_then(input::published);
    let document = reading::Document::new(document.text()?, published);
    annotate(reader, &document).map_err(|error| error.to_string())
}

fn annotate(reader: &Reader, document: &reading::Document) -> Result<Annotations, ReadError> {
    let mentions = reader.mentions(document)?.into_iter().map(|mention| Name {
        start: mention.span.start,
        end: mention.span.end,
        kind: mention.kind,
        actor: mention.actor,
    });
    let times = dates::find(document).into_iter().map(|time| Time {
        start: time.span.start,
        end: time.span.end,
        kind: time.kind,
        value: time.value,
    });
    Ok(Annotations { mentions: mentions.collect(), times: times.collect() })
}
