//! `dateline sandbox`: the whole bot on loopback, shown in the terminal and on a page.

use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::Usage;
use crate::domain::FeedUrl;
use crate::sandbox::{Outcome, Sandbox, referee, view};
use crate::tasks::Step;

/// Columns of what is printed; fits a terminal of 80.
const WIDTH: usize = 78;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  dateline sandbox --once\n  dateline sandbox --data /tmp/demo --feed https://example.org/feed.xml"
)]
pub struct Args {
    /// End after the first round: exit 0 if every sample event has exactly one card, and Discord would take everything
    #[arg(long)]
    once: bool,
    /// Keep the database and what was posted here, for the next run [default: a temporary folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Watch this feed too, whatever it publishes from now on
    #[arg(long, value_name = "URL")]
    feed: Option<String>,
}

pub fn run(args: &Args, models_dir: Option<&Path>) -> anyhow::Result<()> {
    let feed = args
        .feed
        .as_deref()
        .map(FeedUrl::parse)
        .transpose()
        .map_err(|error| Usage(format!("--feed: {error}")))?;
    let temporary;
    let data = match &args.data {
        Some(data) => data.as_path(),
        None => {
            temporary = tempfile::tempdir().context("making a temporary folder")?;
            temporary.path()
        }
    };
    super::runtime()?.block_on(play(data, models_dir, feed.as_ref(), args.once))
}

async fn play(
    data: &Path,
    models_dir: Option<&Path>,
    feed: Option<&FeedUrl>,
    once: bool,
) -> anyhow::Result<()> {
    let colour = std::io::stdout().is_terminal();
    let sandbox = Sandbox::start(data, models_dir.map(Path::to_owned), feed).await?;
    let page = if once { None } else { Some(sandbox.serve_page().await?) };
    if let Some(page) = &page {
        println!("The sandbox in a browser: {}\n", page.url);
    }
    let round = async {
        let outcome = sandbox.settle().await?;
        show(&sandbox, &outcome, colour).await?;
        Ok::<_, anyhow::Error>(outcome)
    };
    let outcome = match round.await {
        Ok(outcome) => outcome,
        Err(error) => {
            // What made a task fail says more than that the round did not end.
            sandbox.stop().await?;
            return Err(error);
        }
    };
    if once {
        let against = referee::verdict(sandbox.discord());
        sandbox.stop().await?;
        return verdict(&outcome, &against);
    }
    if let Some(page) = &page {
        println!(
            "\nThe bot runs on: watch it and use it at {}, Ctrl-C ends it. New cards appear below.",
            page.url
        );
    }
    sandbox.run(|card| println!("\n{}", view::message(card, WIDTH, colour))).await
}

async fn show(sandbox: &Sandbox, outcome: &Outcome, colour: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for (id, name) in sandbox.discord().channels() {
        writeln!(out, "{}\n", view::channel(sandbox.discord(), id, &name, WIDTH, colour))?;
    }
    let (query, reply) = sandbox.ask().await?;
    writeln!(out, "{}\n", view::heading(&query, WIDTH))?;
    writeln!(out, "{}\n", view::message(&reply.message, WIDTH, colour))?;
    writeln!(out, "{}\n\n{}", view::heading("numbers", WIDTH), numbers(sandbox, outcome))?;
    Ok(())
}

fn numbers(sandbox: &Sandbox, outcome: &Outcome) -> String {
    let Outcome { entries, articles, stories, cards, .. } = outcome;
    let all = entries.due + entries.read + entries.done + entries.skipped;
    let pages = sandbox.app().ctx.timings.get(Step::Fetch).0;
    let said = sandbox.discord().exchanges().len();
    let against = referee::verdict(sandbox.discord()).len();
    let mut lines = vec![
        format!("requests to Discord {said} · against its rules {against}"),
        format!("entries {all} · pages {pages} · articles {articles} · stories {stories} · cards {cards}"),
        format!(
            "ready after {:.1} s · round over after {:.1} s{}",
            sandbox.ready_after().as_secs_f64(),
            sandbox.elapsed().as_secs_f64(),
            peak_memory().map(|mb| format!(" · at most {mb} MB resident")).unwrap_or_default(),
        ),
    ];
    for step in Step::ALL {
        let (runs, time) = sandbox.app().ctx.timings.get(step);
        lines.push(format!("{:<6} {runs:>3} in {:.2} s", step.name(), time.as_secs_f64()));
    }
    lines.join("\n")
}

/// The largest resident size of this process, in MB; Linux only.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb / 1000)
}

fn verdict(outcome: &Outcome, against: &[String]) -> anyhow::Result<()> {
    if !against.is_empty() {
        bail!("Discord would not take what was said to it: {}", against.join("; "));
    }
    if outcome.wrong.is_empty() {
        return Ok(());
    }
    let wrong: Vec<String> =
        outcome.wrong.iter().map(|(event, cards)| format!("{event}: {cards} cards")).collect();
    bail!("not every sample event has exactly one card: {}", wrong.join("; "))
}
