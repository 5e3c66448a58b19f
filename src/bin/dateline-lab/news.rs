//! Articles with written summaries, and the vectors of their sentences.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use dateline::clean::{self, Hints};
use dateline::domain::Article;
use dateline::reading::encoder::DIMENSIONS;
use dateline::reading::{Document, Encoder, MAX_SENTENCES, Vectors};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// One article of a `summaries/*.jsonl.gz`.
#[derive(Deserialize)]
pub struct Row {
    source: String,
    pub id: String,
    pub article: String,
    /// Lines are separate highlights.
    pub summary: String,
}

impl Row {
    /// Those of `gum` are of all genres, some under licences that rule out commerce.
    pub fn is_news(&self) -> bool {
        self.source != "gum"
    }

    /// Whether the article is one as published; those of `cnn_short4k` are cut short.
    pub fn is_whole(&self) -> bool {
        self.source != "cnn_short4k"
    }

    /// As the bot gets it: a text, cleaned.
    pub fn article(&self) -> Article {
        clean::text(&self.article, &Hints::default())
    }
}

/// The first `limit` rows of a gzipped file of JSON lines.
pub fn rows(path: &Path, limit: usize) -> anyhow::Result<Vec<Row>> {
    crate::lines(path)?
        .take(limit)
        .enumerate()
        .map(|(at, line)| {
            serde_json::from_str(&line?).with_context(|| format!("{}, line {}", path.display(), at + 1))
        })
        .collect()
}

/// Keeps what the encoder gave in a folder, because that is nearly all of the time.
pub struct Cache {
    folder: Option<PathBuf>,
}

impl Cache {
    pub fn new(folder: Option<PathBuf>) -> anyhow::Result<Self> {
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        }
        Ok(Self { folder })
    }

    /// The vectors of a document; kept for one without a headline.
    pub fn encode(&self, encoder: &Encoder, document: &Document) -> anyhow::Result<Vectors> {
        let fresh = || encoder.encode_document(document, MAX_SENTENCES);
        let Some(folder) = self.folder.as_ref().filter(|_| document.title.is_none()) else {
            return Ok(fresh()?);
        };
        let path = folder.join(key(document));
        if let Ok(bytes) = std::fs::read(&path) {
            let (numbers, rest) = bytes.as_chunks::<4>();
            ensure!(rest.is_empty(), "{} is broken: delete it", path.display());
            let numbers: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
            return Ok(Vectors {
                title: None,
                sentences: numbers.chunks(DIMENSIONS).map(<[f32]>::to_vec).collect(),
            });
        }
        let encoded = fresh()?;
        let bytes: Vec<u8> = encoded.sentences.iter().flatten().flat_map(|x| x.to_le_bytes()).collect();
        std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
        Ok(encoded)
    }
}

/// What the vectors depend on: the sentences, one by one.
fn key(document: &Document) -> String {
    let mut hasher = Sha256::new();
    for sentence in &document.sentences {
        hasher.update(document.slice(sentence.span));
        hasher.update([0]);
    }
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
