//! Documents with the encoder's states of their words, kept on disk between runs.

use std::path::Path;

use anyhow::Context as _;
use dateline::reading::Document;
use dateline::reading::actors::Words;
use dateline::reading::encoder::{Encoder, STATE_LEN};
use tch::{Kind, Tensor};

/// Sentences given to the encoder at once.
const AT_ONCE: usize = 64;

/// Documents and the states of all their words.
pub struct Corpus {
    pub documents: Vec<Document>,
    /// One row for each word of each sentence of each document, in order; half precision.
    pub states: Tensor,
}

impl Corpus {
    /// Encodes the texts, or reads the states from `cache` if an earlier run left them there under `name`.
    pub fn encode<'t>(
        name: &str,
        texts: impl Iterator<Item = &'t str>,
        encoder: &Encoder,
        cache: Option<&Path>,
    ) -> anyhow::Result<Corpus> {
        let documents: Vec<Document> = texts.map(|text| Document::new(text, None)).collect();
        let words: i64 = documents.iter().map(count).sum();
        let path = cache.map(|folder| folder.join(format!("{name}-{words}.safetensors")));
        if let Some(path) = path.as_ref().filter(|path| path.is_file()) {
            let mut tensors = Tensor::read_safetensors(path)?;
            let (_, states) = tensors.pop().context("an empty cache file")?;
            anyhow::ensure!(
                states.size() == [words, STATE_LEN as i64],
                "{} is of other texts",
                path.display()
            );
            return Ok(Corpus { documents, states });
        }
        let states = Tensor::zeros([words, STATE_LEN as i64], (Kind::Half, tch::Device::Cpu));
        let mut row = 0;
        for (number, document) in documents.iter().enumerate() {
            if number % 50 == 0 {
                eprint!("\rencoding {name}: {number} of {} documents", documents.len());
            }
            let words = Words::new(document);
            let texts: Vec<&str> =
                document.sentences.iter().map(|sentence| document.slice(sentence.span)).collect();
            for (chunk, texts) in texts.chunks(AT_ONCE).enumerate() {
                for (at, encoded) in encoder.encode_tokens(texts)?.iter().enumerate() {
                    let of_words = words.states(chunk * AT_ONCE + at, Some(&encoded.tokens));
                    let size = of_words.size()[0];
                    states.narrow(0, row, size).copy_(&of_words);
                    row += size;
                }
            }
        }
        eprintln!("\rencoding {name}: {} documents, {words} words      ", documents.len());
        if let Some(path) = path {
            std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
            Tensor::write_safetensors(&[("states", &states)], &path)?;
        }
        Ok(Corpus { documents, states })
    }
}

fn count(document: &Document) -> i64 {
    Words::new(document).features().iter().map(|sentence| sentence.len() as i64).sum()
}
