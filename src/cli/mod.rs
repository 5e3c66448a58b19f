//! One file per subcommand.
//!
//! Exit codes: 0 done, 1 it could not be done, 2 bad usage. Answers go to standard output, all
//! else to standard error. The batch modes are contracts that other programs rely on.

mod annotate;
mod backup;
mod batch;
mod clean;
mod cluster;
mod digest;
mod doctor;
mod feeds;
mod input;
mod invite;
mod models;
mod run;
mod sandbox;
mod search;
mod terminal;
mod why;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::builder::{OsStringValueParser, TypedValueParser as _};
use clap::{Parser, Subcommand};

/// Watches news feeds and posts short digests, made by local models, to Discord.
#[derive(Debug, Parser)]
#[command(name = "dateline", version, propagate_version = true)]
pub struct Cli {
    /// Folder of the models [default: ./models, else beside the binary's ../../models]
    #[arg(long, env = "MODELS_DIR", global = true, value_name = "DIR", value_parser = OsStringValueParser::new().map(PathBuf::from))]
    models_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the bot
    Run(run::Args),
    /// Try the whole bot without an account: a Discord and a news site on this machine
    Sandbox(sandbox::Args),
    /// Digest an article: headline, summary, key actors, key dates
    Digest(digest::Args),
    /// Clean a page: the article without what is around it
    Clean(clean::Args),
    /// Mark every name and every time in a text
    Annotate(annotate::Args),
    /// Group a stream of articles into stories
    Cluster(cluster::Args),
    /// List the feeds that are watched, show what a feed holds, export the list
    Feeds(feeds::Args),
    /// Search the stories in the database by words and meaning
    Search(search::Args),
    /// Tell what became of an article: what every stage did, its story, where it was posted
    Why(why::Args),
    /// Print the link that brings the bot into a server, with what it asks for there
    Invite(invite::Args),
    /// Check what the bot needs to run, and say how to mend it
    Doctor(doctor::Args),
    /// Copy the database, also while the bot runs
    Backup(backup::Args),
    /// Fetch, verify and list the models
    Models(models::Args),
}

impl Cli {
    /// What is logged where `LOG` does not say: the bot tells what it does, a command only what is wrong.
    pub fn default_log(&self) -> &'static str {
        match self.command {
            Command::Run(_) => "warn,dateline=info",
            _ => "error,dateline=warn",
        }
    }
}

/// A runtime for a command that waits for the network.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the async runtime")
}

/// Runs one command and says how it went.
pub fn run(cli: Cli) -> ExitCode {
    // A setting that is left empty is not set.
    let models_dir = cli.models_dir.filter(|folder| !folder.as_os_str().is_empty());
    match dispatch(cli.command, models_dir.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

fn dispatch(command: Command, models_dir: Option<&Path>) -> anyhow::Result<()> {
    let found = || crate::reading::models::directory(models_dir);
    match command {
        Command::Run(run::Args {}) => run::run(models_dir),
        Command::Sandbox(args) => sandbox::run(&args, models_dir),
        Command::Digest(args) => digest::run(args, &found()),
        Command::Clean(args) => clean::run(args),
        Command::Annotate(args) => annotate::run(args, &found()),
        Command::Cluster(args) => cluster::run(&args, &found()),
        Command::Feeds(args) => feeds::run(args),
        Command::Search(args) => search::run(args, &found()),
        Command::Why(args) => why::run(&args),
        Command::Invite(args) => invite::run(&args),
        Command::Doctor(args) => doctor::run(args, &found()),
        Command::Backup(args) => backup::run(&args),
        Command::Models(args) => models::run(args, &found()),
    }
}

/// The command was called in a way it can't be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Usage(String);

/// Whoever read our output has gone (`dateline … | head`): nothing is wrong.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound_and_every_help_has_an_example() {
        use clap::CommandFactory;
        let mut command = Cli::command();
        command.clone().debug_assert();
        for sub in command.get_subcommands_mut() {
            if sub.get_name() != "help" {
                assert!(sub.render_long_help().to_string().contains("Example"), "{}", sub.get_name());
            }
        }
    }
}
