//! Puts a digest together from what the finders say.

use super::encoder::EncoderError;
use super::salience::head::Head;
use super::salience::{dot, features, forms, weigh};
use super::summary::{ReadOptions, lede, summarize};
use super::{Document, Vectors, actors, dates, models};
use crate::domain::{Digest, Mention, Provenance, Span};

/// The digest of a document and what the encoder made of it, and the weights of all sentences.
///
/// `mentions` are all names of the document; `abstain` says why the page has no summary of its own. No I/O.
pub fn digest(
    head: &Head,
    document: &Document,
    seen: &Vectors,
    mentions: &[Mention],
    abstain: Option<&str>,
    options: ReadOptions,
) -> Result<(Digest, Vec<f32>), EncoderError> {
    let forms = &forms(document);
    let vectors = &seen.sentences;
    let times = dates::find(document);
    let spans: Vec<Span> = times.iter().map(|time| time.span).collect();
    let scores = head.score(&features(document, forms, mentions, &spans, vectors))?;
    let likeness: Option<Vec<f32>> =
        seen.title.as_ref().map(|title| vectors.iter().map(|vector| dot(vector, title)).collect());
    let weights = weigh(document.sentences.len(), &scores, likeness.as_deref());
    let summary = match abstain {
        Some(reason) => lede(document, forms, options, reason),
        None => summarize(document, mentions, forms, vectors, &weights, options),
    };
    let digest = Digest {
        headline: document.title.clone(),
        summary: summary.sentences,
        actors: actors::key_actors(document, mentions, &weights),
        dates: dates::key_dates(document, &times, &weights),
        text: document.text.clone(),
        warnings: summary.warning.into_iter().collect(),
        provenance: Provenance {
            summarizer: summary.summarizer,
            model: models::encoder().name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
    };
    Ok((digest, weights))
}
