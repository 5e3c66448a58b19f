//! `dateline feeds`: the feeds that the bot watches, and what a feed holds.

use std::io::Write;

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, Utc};
use serde::Serialize;
use url::Url;

use super::{Usage, input, terminal};
use crate::clean;
use crate::config;
use crate::domain::{Feed, FeedEntry, FeedState, FeedUrl, Locale, Published, Validators};
use crate::feeds::{self, FeedError, ParsedFeed, opml};
use crate::fetch::FeedResponse;
use crate::render::answer;
use crate::store::{Store, feeds as rows};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  dateline feeds list --failing\n  dateline feeds read https://ledger.example/feed.xml\n  \
                        dateline feeds export > feeds.opml\n\n\
                        Who watches what is decided in Discord (/feeds add, remove, import). The database is the one of \
                        `dateline run` (DATABASE_PATH), which may run meanwhile."
)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the feeds that are watched, and how each is
    List {
        /// Only those that cannot be read
        #[arg(long)]
        failing: bool,
        /// One JSON array, for programs
        #[arg(long)]
        json: bool,
    },
    /// Show what a feed holds, as the bot would read it
    Read {
        /// A file, an address, or - for standard input
        #[arg(value_name = "FILE|URL|-")]
        source: String,
        /// Where a file came from: its relative links are resolved against it
        #[arg(long)]
        url: Option<Url>,
        /// One JSON object, for programs
        #[arg(long)]
        json: bool,
    },
    /// Print the feeds that are watched as a list that other readers take (OPML)
    Export,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match args.action {
        Action::List { failing, json } => {
            let mut feeds = watched()?;
            feeds.retain(|feed| !failing || feed.failing_since.is_some() || feed.state != FeedState::Active);
            list(&mut out, &feeds, json)
        }
        Action::Read { source, url, json } => show(&mut out, &read(&source, url)?, json),
        Action::Export => Ok(write!(out, "{}", opml::of_watched(&watched()?))?),
    }
}

fn watched() -> anyhow::Result<Vec<Feed>> {
    let path = config::database_path(|name| std::env::var(name).ok());
    super::runtime()?.block_on(async { Ok(rows::watched(&mut Store::beside(&path).await?).await?) })
}

/// The program interface of `dateline feeds list`.
#[derive(Serialize)]
struct Watched<'a> {
    url: &'a str,
    title: Option<&'a str>,
    /// `active`, `paused` or `gone`.
    state: &'static str,
    last_success: Option<DateTime<Utc>>,
    next_poll: DateTime<Utc>,
    failing_since: Option<DateTime<Utc>>,
    error: Option<&'a str>,
}

impl<'a> From<&'a Feed> for Watched<'a> {
    fn from(feed: &'a Feed) -> Self {
        Self {
            url: feed.url.as_str(),
            title: feed.title.as_deref(),
            state: match feed.state {
                FeedState::Active => "active",
                FeedState::Paused => "paused",
                FeedState::Gone => "gone",
            },
            last_success: feed.last_success_at,
            next_poll: feed.next_poll_at,
            failing_since: feed.failing_since,
            error: feed.last_error.as_deref(),
        }
    }
}

fn list(out: &mut impl Write, feeds: &[Feed], json: bool) -> anyhow::Result<()> {
    if json {
        let feeds: Vec<Watched<'_>> = feeds.iter().map(Watched::from).collect();
        return Ok(writeln!(out, "{}", serde_json::to_string(&feeds).context("writing JSON")?)?);
    }
    if feeds.is_empty() {
        writeln!(out, "There is none.")?;
    }
    for feed in feeds {
        terminal::paragraph(out, feed.title.as_deref().unwrap_or("(no title)"))?;
        terminal::labelled(out, "  ", feed.url.as_str())?;
        terminal::labelled(out, "  ", &answer::health(feed, Locale::English, terminal::SCRIPT))?;
    }
    Ok(())
}

fn read(source: &str, url: Option<Url>) -> anyhow::Result<ParsedFeed> {
    if !input::is_address(source) {
        let bytes = input::read_bytes(source)?;
        // Relative links of a file from nowhere lead nowhere (RFC 2606).
        let base = url.map_or_else(|| Url::parse("https://unknown.invalid/"), Ok)?;
        return feeds::parse(&bytes, None, &base).with_context(|| format!("reading {source}"));
    }
    let feed = FeedUrl::parse(source).map_err(|error| Usage(format!("{source}: {error}")))?;
    let fetcher = input::fetcher()?;
    let answered = super::runtime()?
        .block_on(fetcher.feed(&feed, &Validators::default()))
        .with_context(|| format!("fetching {source}"))?;
    match answered {
        FeedResponse::Body { bytes, content_type, final_url, .. } => {
            feeds::parse(&bytes, content_type.as_deref(), &final_url)
                .map_err(|error| no_feed(source, &error, &bytes, &final_url))
        }
        FeedResponse::Unchanged { .. } => Err(anyhow!("{source} says that it has not changed, unasked")),
    }
}

/// What to ask for instead, if the page there names feeds.
fn no_feed(source: &str, error: &FeedError, bytes: &[u8], base: &Url) -> anyhow::Error {
    let named = feeds::discover(&clean::decode(bytes, None), base);
    let named: Vec<String> = named.iter().map(|url| format!("\n  {url}")).collect();
    match named.is_empty() {
        true => anyhow!("{source}: {error}"),
        false => anyhow!("{source}: {error}; the page there names:{}", named.concat()),
    }
}

/// The program interface of `dateline feeds read`.
#[derive(Serialize)]
struct Holds<'a> {
    title: Option<&'a str>,
    site: Option<&'a Url>,
    entries: Vec<Entry<'a>>,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct Entry<'a> {
    title: Option<&'a str>,
    url: Option<&'a Url>,
    published: Option<Published>,
    summary: Option<&'a str>,
}

impl<'a> From<&'a FeedEntry> for Entry<'a> {
    fn from(entry: &'a FeedEntry) -> Self {
        let FeedEntry { title, url, published, summary, .. } = entry;
        Self {
            title: title.as_deref(),
            url: url.as_ref(),
            published: *published,
            summary: summary.as_deref(),
        }
    }
}

fn show(out: &mut impl Write, feed: &ParsedFeed, json: bool) -> anyhow::Result<()> {
    if json {
        let holds = Holds {
            title: feed.title.as_deref(),
            site: feed.site.as_ref(),
            entries: feed.entries.iter().map(Entry::from).collect(),
            warnings: &feed.warnings,
        };
        return Ok(writeln!(out, "{}", serde_json::to_string(&holds).context("writing JSON")?)?);
    }
    for warning in &feed.warnings {
        eprintln!("note: {warning}");
    }
    terminal::paragraph(out, feed.title.as_deref().unwrap_or("(no title)"))?;
    for entry in &feed.entries {
        writeln!(out)?;
        terminal::paragraph(out, entry.title.as_deref().unwrap_or("(no headline)"))?;
        let (published, url) = (entry.published.map(|at| at.to_string()), entry.url.as_ref());
        let facts: Vec<&str> = [published.as_deref(), url.map(Url::as_str)].into_iter().flatten().collect();
        terminal::labelled(out, "  ", &facts.join(" · "))?;
    }
    Ok(())
}
