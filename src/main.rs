//! The command line: see `dateline --help`.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser;
use dateline::cli::{self, Cli};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    // Before the arguments: some of them may come from there.
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        // The error repeats the line, which may hold the token.
        eprintln!(
            "error: .env cannot be read: every line must be NAME=value, in quotes where there are spaces"
        );
        return ExitCode::from(2);
    }
    let cli = Cli::parse();
    let wanted = std::env::var("LOG").ok().filter(|filter| !filter.trim().is_empty());
    let filter = match EnvFilter::try_new(wanted.as_deref().unwrap_or(cli.default_log())) {
        Ok(filter) => filter,
        Err(error) => {
            eprintln!("error: LOG is not a filter such as info or info,dateline::fetch=debug: {error}");
            return ExitCode::from(2);
        }
    };
    // Standard output belongs to the answer; a log that is kept has no use for colours.
    let colour = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colour).with_writer(std::io::stderr).init();
    cli::run(cli)
}
