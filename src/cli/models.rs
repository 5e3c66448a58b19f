//! `dateline models`: fetch, verify and list the model files.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use super::Usage;
use crate::reading::models::fetch::Fetcher;
use crate::reading::models::{self, Model, ModelError};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  dateline models fetch\n  dateline models verify\n  \
                        dateline models fetch distilbart-cnn-6-6\n  \
                        dateline models fetch --from https://hub.example")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Fetch a model from the hub, resuming where an earlier attempt was cut off
    #[command(after_help = "Example:\n  dateline models fetch all-MiniLM-L6-v2")]
    Fetch {
        /// A name of `dateline models list` [default: what every command needs]
        name: Option<String>,
        /// Another hub with the same paths
        #[arg(long, env = "MODELS_HUB", value_name = "URL")]
        from: Option<String>,
    },
    /// Check the model files by size and SHA-256
    #[command(after_help = "Example:\n  dateline models verify")]
    Verify {
        /// A name of `dateline models list` [default: what every command needs]
        name: Option<String>,
    },
    /// List the models, and which of them are here
    #[command(after_help = "Example:\n  dateline models list")]
    List,
}

pub fn run(args: Args, models_dir: &Path) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match args.action {
        Action::Fetch { name, from } => {
            let fetcher = Fetcher::new(from.as_deref())?;
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            for model in chosen(name.as_deref())? {
                let progress = progress_bar(model);
                let fetched = runtime.block_on(fetcher.fetch(model, models_dir, &|bytes, of| {
                    progress.set_length(of);
                    progress.set_position(bytes);
                }));
                progress.finish_and_clear();
                fetched.with_context(|| format!("fetching {}", model.name))?;
                writeln!(out, "{} is ready in {}", model.name, model.folder(models_dir).display())?;
            }
        }
        Action::Verify { name } => {
            for model in chosen(name.as_deref())? {
                model.verify(models_dir)?;
                writeln!(out, "{} is right", model.name)?;
            }
        }
        Action::List => {
            for model in models::all() {
                let state = match model.check_sizes(models_dir) {
                    Ok(()) => "here",
                    Err(ModelError::Missing(_) | ModelError::NotFetched(_)) => "missing",
                    Err(_) => "broken: run `dateline models verify`",
                };
                let size = match model.size(models_dir) {
                    Some(bytes) => format!("{} MB, ", bytes.div_ceil(1_000_000)),
                    None => String::new(),
                };
                writeln!(out, "{}\n  {}\n  {size}{}, {state}", model.name, model.purpose, model.licence)?;
            }
        }
    }
    Ok(())
}

/// The model of that name, or all that every command needs.
fn chosen(name: Option<&str>) -> Result<Vec<&'static Model>, Usage> {
    match name {
        Some(name) => Ok(vec![models::named(name).map_err(|error| Usage(error.to_string()))?]),
        None => Ok(models::all().iter().filter(|model| model.default).collect()),
    }
}

/// Shown on a terminal only: indicatif hides it elsewhere.
fn progress_bar(model: &Model) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
    let bar = ProgressBar::new(0).with_message(model.name.clone());
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
