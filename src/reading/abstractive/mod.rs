//! Abstractive summaries: sentences that a BART writes, as far as the guard lets them pass.
//!
//! [`Summarizer`] owns the model on a thread of its own behind a bounded queue; [`Draft`] is what it is
//! asked with, and what its answer is checked against. Whatever goes wrong — no time, no room, a panic,
//! nothing that the guard lets pass — the digest stays the extractive one, and says why.

mod draft;
mod model;
#[cfg(test)]
mod tests;
mod worker;

use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use self::draft::Draft;
pub use self::model::{BeamSearch, Model, use_threads};
pub use self::worker::{Summarizer, TIMEOUT, Task};
use super::models::{self, ModelError};

/// Why there is no abstractive summary.
#[derive(Debug, thiserror::Error)]
pub enum AbstractiveError {
    #[error("{0} is missing")]
    Missing(PathBuf),
    #[error("{path} can't be read as a model ({reason})")]
    Unreadable { path: PathBuf, reason: String },
    #[error("the summarizer failed: {0}")]
    Inference(String),
    #[error("it took too long")]
    TimedOut,
    #[error("the summarizer has shut down")]
    Closed,
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(
        "no abstractive model is in {0}: run `dateline models fetch {NAMED}`, or choose the extractive summarizer"
    )]
    NotInstalled(PathBuf),
}

/// The model that is named where one is missing.
const NAMED: &str = "distilbart-cnn-6-6";

/// How summaries are made: `SUMMARIZER`, `--summarizer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Choice {
    Extractive,
    Abstractive,
    /// Abstractive if a model is installed.
    #[default]
    Auto,
}

impl FromStr for Choice {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        clap::ValueEnum::from_str(text, true).map_err(|_| ())
    }
}

/// The folder of the abstractive model that this choice means; none for extractive summaries.
///
/// `named` is a folder of `models`; without a name the first model of the manifest that is there is taken.
///
/// # Errors
/// The model is asked for and not there, or not as it was fetched.
pub fn chosen(
    choice: Choice,
    named: Option<&str>,
    models: &Path,
) -> Result<Option<PathBuf>, AbstractiveError> {
    if choice == Choice::Extractive {
        return Ok(None);
    }
    let installed = |folder: &PathBuf| model::weights(folder).is_ok();
    let folder = match named {
        Some(name) => Some(models.join(name)).filter(installed),
        None => models::abstractive().map(|model| model.folder(models)).find(installed),
    };
    let Some(folder) = folder else {
        return match choice {
            Choice::Auto if named.is_none() => Ok(None),
            _ => Err(match named {
                Some(name) => AbstractiveError::Missing(models.join(name)),
                None => AbstractiveError::NotInstalled(models.to_owned()),
            }),
        };
    };
    let known = folder.file_name().and_then(|name| models::named(name.to_str()?).ok());
    if let Some(model) = known {
        model.verify(models)?;
    }
    Ok(Some(folder))
}
