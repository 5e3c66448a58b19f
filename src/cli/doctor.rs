//! `dateline doctor`: what would keep the bot from running well.

use std::io::Write as _;
use std::path::Path;

use crate::clock::Clock;
use crate::config::{self, Config};
use crate::doctor::{self, Patient, State};
use crate::domain::FeedUrl;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  dateline doctor\n  dateline doctor --feed https://example.org/feed.xml --json\n\n\
                        Exit code 1 when something would keep the bot from running."
)]
pub struct Args {
    /// A feed to try [default: one of the database]
    #[arg(long, value_name = "URL", value_parser = FeedUrl::parse)]
    feed: Option<FeedUrl>,
    /// Print JSON: a list of check, state (ok, warning, failed), found and fix
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args, models_dir: &Path) -> anyhow::Result<()> {
    let variable = |name: &str| std::env::var(name).ok();
    let patient = Patient {
        config: Config::read(variable),
        database: config::database_path(variable),
        models: models_dir.to_owned(),
        loopback: None,
        feed: args.feed,
        clock: Clock::System,
    };
    let findings = super::runtime()?.block_on(doctor::examine(&patient));
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&findings)?)?;
    } else {
        for finding in &findings {
            let state = match finding.state {
                State::Ok => "ok",
                State::Warning => "warning",
                State::Failed => "failed",
            };
            writeln!(out, "{state:<9}{:<15}{}", finding.check, finding.found)?;
            if let Some(fix) = &finding.fix {
                writeln!(out, "{:<24}{fix}", "")?;
            }
        }
    }
    let failed = findings.iter().filter(|finding| finding.state == State::Failed).count();
    anyhow::ensure!(failed == 0, "{failed} of {} checks failed", findings.len());
    Ok(())
}
