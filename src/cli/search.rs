//! `dateline search`: stories in the database by words and meaning, as `/news search` finds them.

use std::io::Write;
use std::path::Path;

use anyhow::Context as _;
use chrono_tz::Tz;
use serde::Serialize;

use super::{Usage, terminal};
use crate::clock::Clock;
use crate::config;
use crate::desk::NearestArticles;
use crate::desk::news::{self, Found};
use crate::discord::{DeskError, Edge, SearchQuery, day};
use crate::domain::{Published, Side, Story, split_topic};
use crate::reading::Reader;
use crate::store::{SqliteConnection, Store, stories};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  dateline search \"suez canal\" --from \"last week\"\n  \
                        dateline search tolls --actor Nasser --source Ledger --limit 5 --json\n\n\
                        The database is the one of `dateline run` (DATABASE_PATH), which may run meanwhile.")]
pub struct Args {
    /// What to look for
    query: String,
    /// Only stories that name this person, organization or place
    #[arg(long)]
    actor: Option<String>,
    /// Only stories about this, as a subscription would take them
    #[arg(long)]
    topic: Option<String>,
    /// Only stories this outlet tells
    #[arg(long)]
    source: Option<String>,
    /// Not before: 2022-09-07, yesterday, "last week", "3 months ago"
    #[arg(long)]
    from: Option<String>,
    /// Not after: 2022-09-07, yesterday, "last week", "3 months ago"
    #[arg(long)]
    to: Option<String>,
    /// Stories, at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,
    /// One JSON array, for programs
    #[arg(long)]
    json: bool,
}

/// The program interface of `dateline search`.
#[derive(Debug, Serialize)]
struct Hit {
    story: String,
    headline: Option<String>,
    /// Of the story's first article.
    published: Option<Published>,
    /// How many articles tell it.
    sources: usize,
    score: f64,
    snippet: String,
    url: Option<String>,
}

pub fn run(args: Args, models_dir: &Path) -> anyhow::Result<()> {
    let json = args.json;
    let today = Clock::System.now().date_naive();
    let bound =
        |words: &Option<String>, edge| words.as_deref().map(|words| day(words, today, edge)).transpose();
    let usage = |error: DeskError| anyhow::Error::from(Usage(error.to_string()));
    let query = SearchQuery {
        guild: None,
        from: bound(&args.from, Edge::First).map_err(usage)?,
        to: bound(&args.to, Edge::Last).map_err(usage)?,
        query: args.query,
        topic: args.topic,
        actor: args.actor,
        source: args.source,
        zone: Tz::UTC,
        limit: args.limit.into(),
    };
    let path = config::database_path(|name| std::env::var(name).ok());
    let hits = super::runtime()?.block_on(async {
        let mut conn = Store::beside(&path).await?;
        let reader = Reader::load(models_dir)?;
        let meaning =
            |text: &str| -> anyhow::Result<Vec<f32>> { Ok(reader.embed(&[text])?.pop().unwrap_or_default()) };
        let vector = if query.query.trim().is_empty() { Vec::new() } else { meaning(&query.query)? };
        let topic = query
            .topic
            .as_deref()
            .map(|topic| reader.meaning(&split_topic(topic).0, Side::Topic))
            .transpose()?;
        let nearest = NearestArticles::default();
        let found = news::find(&mut conn, &nearest, query, vector, &topic.unwrap_or_default()).await?;
        hits(&mut conn, found).await
    })?;
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string(&hits).context("writing JSON")?)?;
        return Ok(());
    }
    show(&mut out, &hits)
}

async fn hits(conn: &mut SqliteConnection, found: Vec<Found>) -> anyhow::Result<Vec<Hit>> {
    let mut hits = Vec::with_capacity(found.len());
    for Found { story, score, snippet } in found {
        // Retention may have taken it since.
        let Some(Story { digest, sources, .. }) = stories::get(conn, story).await? else { continue };
        let first = sources.first();
        let snippet = match digest.summary.first() {
            Some(sentence) if snippet.is_empty() => sentence.text.clone(),
            _ => snippet,
        };
        hits.push(Hit {
            story: story.to_string(),
            headline: digest.headline,
            published: first.and_then(|source| source.published),
            sources: sources.len(),
            score,
            snippet,
            url: first.map(|source| source.url.clone()),
        });
    }
    Ok(hits)
}

fn show(out: &mut impl Write, hits: &[Hit]) -> anyhow::Result<()> {
    if hits.is_empty() {
        writeln!(out, "No story was found. Fewer or other words may help.")?;
    }
    for (at, hit) in hits.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        terminal::paragraph(out, hit.headline.as_deref().unwrap_or("(no headline)"))?;
        terminal::labelled(out, "  ", &hit.snippet)?;
        let sources =
            if hit.sources == 1 { "1 source".to_owned() } else { format!("{} sources", hit.sources) };
        let published = hit.published.map(|at| at.to_string());
        let facts: Vec<&str> =
            [published.as_deref(), Some(&sources), hit.url.as_deref()].into_iter().flatten().collect();
        terminal::labelled(out, "  ", &facts.join(" · "))?;
    }
    Ok(())
}
