//! `dateline digest`: what happened, who did it, when.

use std::io::Write;
use std::path::Path;

use super::batch::{self, Document};
use super::input::{self, PageArgs};
use super::terminal;
use crate::config;
use crate::domain::{ActorKind, Article, Digest, Published, Summarizer};
use crate::reading::abstractive::{self, Choice, Summarizer as Writer};
use crate::reading::{ReadError, ReadOptions, Reader, Reading};

/// Readers of a batch: each holds its own copy of the encoder, about 100 MB and more while it
/// loads; two stay within 500 MB.
const MAX_READERS: usize = 2;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  dateline digest article.html --published 1989-11-09\n  \
                        dateline digest story.txt --json\n  dateline digest story.txt --summarizer abstractive\n  dateline digest --batch < pages.jsonl > digests.jsonl")]
pub struct Args {
    #[command(flatten)]
    page: PageArgs,
    /// When it was published: 1989-11-09 or 1989-11-09T20:15:00Z
    #[arg(long, conflicts_with = "batch")]
    published: Option<Published>,
    /// Sentences of the summary, at most
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    sentences: u16,
    /// Words of the summary, at most, whatever the number of sentences
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..))]
    max_words: u16,
    /// How the summary is made; auto takes an abstractive model if one is installed [default: SUMMARIZER, else auto]
    #[arg(long, value_enum)]
    summarizer: Option<Choice>,
}

pub fn run(args: Args, models_dir: &Path) -> anyhow::Result<()> {
    let variable = |name: &str| std::env::var(name).ok();
    let choice = args.summarizer.map_or_else(|| config::summarizer(variable("SUMMARIZER")), Ok)?;
    let chosen = abstractive::chosen(choice, config::summarizer_model(variable).as_deref(), models_dir)?;
    let writer = chosen.as_deref().map(Writer::start).transpose()?;
    let writer = writer.as_ref();
    let options = ReadOptions { sentences: args.sentences.into(), max_words: args.max_words.into() };
    let out = std::io::stdout().lock();
    if args.page.batch {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MAX_READERS);
        let workers = Reader::load_many(models_dir, threads)?.into_iter();
        let workers = workers.map(|reader| move |document| digest_one(&reader, writer, document, options));
        return batch::run(input::lines(args.page.source.as_deref())?, out, workers.collect());
    }
    let published = args.published.map(|at| at.to_string());
    let article = args.page.article(published.as_deref())?;
    let digest = read(&Reader::load(models_dir)?, writer, &article, options)?.digest;
    if args.page.json {
        let mut out = out;
        writeln!(out, "{}", batch::to_json(digest)?)?;
        return Ok(());
    }
    show(out, &digest, &article, args.page.address())
}

/// Reads an article, with an abstractive summary where there is a model that writes it.
fn read(
    reader: &Reader,
    writer: Option<&Writer>,
    article: &Article,
    options: ReadOptions,
) -> Result<Reading, ReadError> {
    match writer {
        Some(writer) => reader.read_abstractive(article, &options, writer),
        None => reader.read(article, &options),
    }
}

fn digest_one(
    reader: &Reader,
    writer: Option<&Writer>,
    mut document: Document,
    options: ReadOptions,
) -> Result<Digest, String> {
    let (title, url, published) = (document.title()?, document.url()?, document.published()?);
    let article = input::clean(&document.body()?, title, url.as_deref(), published.as_deref());
    read(reader, writer, &article, options).map(|reading| reading.digest).map_err(|error| error.to_string())
}

/// The digest as a card for the terminal.
fn show(mut out: impl Write, digest: &Digest, article: &Article, url: Option<&str>) -> anyhow::Result<()> {
    let out = &mut out;
    if let Some(headline) = &digest.headline {
        terminal::paragraph(out, headline)?;
        writeln!(out)?;
    }
    let sentences: Vec<String> = digest.summary.iter().map(|sentence| full_stop(&sentence.text)).collect();
    terminal::paragraph(out, &sentences.join(" "))?;
    if !digest.actors.is_empty() {
        writeln!(out)?;
    }
    for (at, actor) in digest.actors.iter().enumerate() {
        let kind = match actor.kind {
            ActorKind::Person => "person",
            ActorKind::Organization => "organization",
            ActorKind::Place => "place",
        };
        let role = actor.role.as_deref().unwrap_or(kind);
        terminal::labelled(
            out,
            if at == 0 { "Who     " } else { "        " },
            &format!("{} — {role}", actor.name),
        )?;
    }
    if !digest.dates.is_empty() {
        writeln!(out)?;
    }
    for (at, date) in digest.dates.iter().enumerate() {
        let mut line = format!("{} (“{}”)", date.value, date.text);
        if let Some(until) = &date.until {
            line.push_str(&format!(", until {until}"));
        }
        if let Some(event) = &date.event {
            line.push_str(&format!(": {event}"));
        }
        terminal::labelled(out, if at == 0 { "When    " } else { "        " }, &line)?;
    }
    let published = article.published.map(|at| at.to_string());
    let url = url.or(article.canonical_url.as_deref());
    let source: Vec<&str> =
        [article.outlet.as_deref(), published.as_deref(), url].into_iter().flatten().collect();
    writeln!(out)?;
    if !source.is_empty() {
        terminal::labelled(out, "Source  ", &source.join(" · "))?;
    }
    let how = match digest.provenance.summarizer {
        Summarizer::Extractive | Summarizer::Abstractive => "automatic summary",
        Summarizer::Lede => "first sentences",
    };
    let by = format!("{how} · {} · dateline {}", digest.provenance.model, digest.provenance.version);
    terminal::labelled(out, "By      ", &by)?;
    for warning in &digest.warnings {
        terminal::labelled(out, "Note    ", warning)?;
    }
    Ok(())
}

/// A sentence that was cut at its end is shown with a full stop.
fn full_stop(sentence: &str) -> String {
    let ends =
        sentence.trim_end_matches(['"', '”', '’', '\'', ')', ']']).ends_with(['.', '!', '?', '…', '。']);
    if ends { sentence.to_owned() } else { format!("{sentence}.") }
}
