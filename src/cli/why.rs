//! `dateline why`: what became of an article, from the stage log.

use std::io::Write as _;

use anyhow::{Context as _, bail};

use super::{Usage, terminal};
use crate::config;
use crate::desk::trail;
use crate::domain::{FeedUrl, Locale};
use crate::render::why;
use crate::store::Store;

/// Longer lines are wrapped; longer ones than this say nothing more.
const LINE: usize = 400;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dateline why https://ledger.example/suez --json\n\n\
                        The address may be the feed's or the page's own, with or without tracking parameters. The database \
                        is the one of `dateline run` (DATABASE_PATH), which may run meanwhile.")]
pub struct Args {
    /// Address of the article
    url: String,
    /// One JSON object, for programs
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let url = FeedUrl::parse(&args.url).map_err(|error| Usage(format!("{}: {error}", args.url)))?;
    let path = config::database_path(|name| std::env::var(name).ok());
    let trail = super::runtime()?.block_on(async {
        let mut conn = Store::beside(&path).await?;
        anyhow::Ok(trail::of(&mut conn, None, url.as_url()).await?)
    })?;
    let Some(trail) = trail else { bail!("no feed has offered {}", args.url) };
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&trail).context("writing JSON")?)?;
        return Ok(());
    }
    terminal::paragraph(&mut out, trail.headline.as_deref().unwrap_or("(not read)"))?;
    terminal::paragraph(&mut out, &trail.url)?;
    writeln!(out)?;
    for line in why::lines(&trail, Locale::English, LINE, terminal::SCRIPT) {
        terminal::paragraph(&mut out, &line)?;
    }
    Ok(())
}
