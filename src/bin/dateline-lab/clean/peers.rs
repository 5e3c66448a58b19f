//! The extractors measured that are written in Python: `make peers` installs them.

use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::programs::{Extracted, Output, Run};
use super::score;
use super::sets::Page;

/// As `benches/peers/clean.py` knows them.
pub const PEERS: [&str; 3] = ["trafilatura", "newspaper4k", "readability-lxml"];

/// The Python of `make peers`.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.peers/bin/python");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/clean.py");

/// A line of the script's answer.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    /// The first.
    Head { version: String },
    /// One for each page.
    Page {
        text: String,
        title: Option<String>,
        byline: Option<String>,
        published: Option<String>,
        seconds: f64,
        failed: bool,
    },
}

/// Cleans the pages with the peer of that name, in a process of its own; `step` is called after each.
/// `None` where it is not installed.
///
/// # Errors
/// The script ended early; what it said is on standard error.
pub fn run(peer: &str, pages: &[Page], step: impl Fn()) -> anyhow::Result<Option<Run>> {
    if !Path::new(PYTHON).exists() {
        return Ok(None);
    }
    let mut child = Command::new(PYTHON)
        // They warn of what each bad page makes them do.
        .args(["-W", "ignore", SCRIPT, peer])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {PYTHON}"))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (Some(stdin), Some(stdout)) = (stdin, stdout) else { bail!("{peer} has no pipes") };
    let (mut version, mut outputs) = (String::new(), Vec::new());
    std::thread::scope(|scope| {
        // A thread of its own: the script answers before it has read everything.
        scope.spawn(|| {
            let mut stdin = BufWriter::new(stdin);
            for page in pages {
                let line = json!({ "html": page.markup(), "url": page.url.as_ref().map(Url::as_str) });
                // Where the script ended early its exit code tells.
                if writeln!(stdin, "{line}").is_err() {
                    break;
                }
            }
        });
        for line in BufReader::new(stdout).lines() {
            match serde_json::from_str(&line?).with_context(|| format!("reading the answer of {peer}"))? {
                Line::Head { version: stated } => version = stated,
                Line::Page { text, title, byline, published, seconds, failed } => {
                    let published = published.as_deref().and_then(score::published);
                    let extracted = Extracted { text, title, byline, published };
                    outputs.push(Output { extracted, seconds, failed });
                    step();
                }
            }
        }
        anyhow::Ok(())
    })?;
    let status = child.wait()?;
    if !status.success() || outputs.len() != pages.len() {
        bail!("{peer} ended early ({status}, {} of {} pages): see above", outputs.len(), pages.len());
    }
    Ok(Some(Run { name: format!("{peer} (Python)"), version, outputs }))
}
