//! spaCy's names of the same texts, through `benches/peers/spacy_names.py`.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use dateline::domain::{ActorKind, CharIndex, Span};
use dateline::reading::actors;
use serde::{Deserialize, Serialize};

use super::score::Found;

/// The Python that `make peers` sets up.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.peers/bin/python");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/spacy_names.py");

/// What a peer found.
#[derive(Serialize, Deserialize)]
pub struct Names {
    /// Name and version.
    pub peer: String,
    /// By the id of the document. One name is one actor, as far as its words are the same.
    pub found: HashMap<String, Vec<Found>>,
}

#[derive(Serialize)]
struct Question<'a> {
    id: &'a str,
    text: &'a str,
}

#[derive(Deserialize)]
struct Header {
    peer: String,
}

#[derive(Deserialize)]
struct Answer {
    id: String,
    mentions: Vec<Mention>,
}

#[derive(Deserialize)]
struct Mention {
    start: usize,
    end: usize,
    kind: ActorKind,
}

/// The names that the model of one size (`sm`, `md`) finds in texts, each with its id.
pub fn spacy(size: &str, texts: &[(&str, &str)]) -> anyhow::Result<Names> {
    let mut questions = tempfile::tempfile()?;
    for (id, text) in texts {
        serde_json::to_writer(&mut questions, &Question { id, text })?;
        questions.write_all(b"\n")?;
    }
    std::io::Seek::rewind(&mut questions)?;
    let mut peer = Command::new(PYTHON)
        .args([SCRIPT, size])
        .stdin(Stdio::from(questions))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("running {PYTHON}: see `make peers`"))?;
    let out = peer.stdout.take().context("the peer has no output")?;
    let mut lines = BufReader::new(out).lines();
    let header = lines.next().context("spaCy or its model is not installed: see `make peers`")??;
    let Header { peer: name } = serde_json::from_str(&header)?;
    let texts: HashMap<&str, &str> = texts.iter().copied().collect();
    let mut found = HashMap::new();
    for line in lines {
        let answer: Answer = serde_json::from_str(&line?)?;
        let text = texts.get(answer.id.as_str()).copied().unwrap_or_default();
        let names = bare(text, &answer.mentions);
        found.insert(answer.id, names);
    }
    anyhow::ensure!(peer.wait()?.success(), "spaCy failed");
    Ok(Names { peer: name, found })
}

/// Like `spacy`, from `cache` if an earlier run with as many texts left them there.
pub fn kept(size: &str, texts: &[(&str, &str)], cache: Option<&Path>) -> anyhow::Result<Names> {
    let Some(path) = cache.map(|folder| folder.join(format!("spacy-{size}-{}.json", texts.len()))) else {
        return spacy(size, texts);
    };
    if let Ok(file) = std::fs::File::open(&path) {
        return Ok(serde_json::from_reader(BufReader::new(file))?);
    }
    let names = spacy(size, texts)?;
    serde_json::to_writer(std::fs::File::create(&path)?, &names)?;
    Ok(names)
}

/// Names without article, title and possessive, as the gold has them; the same words are the same actor.
fn bare(text: &str, mentions: &[Mention]) -> Vec<Found> {
    let index = CharIndex::new(text);
    let mut actors: HashMap<&str, usize> = HashMap::new();
    let mut found = Vec::new();
    for mention in mentions {
        let bytes = index.bytes(Span { start: mention.start, end: mention.end });
        let Some(name) = actors::bare_name(&text[bytes.clone()]) else { continue };
        let (start, end) = (bytes.start + name.start, bytes.start + name.end);
        let next = actors.len();
        let actor = *actors.entry(&text[start..end]).or_insert(next);
        found.push(Found { span: index.span(start..end), kind: mention.kind, actor });
    }
    found
}
