//! Puts a digest together from what the finders say.

use super::salience::{Form, weigh};
use super::summary::{ReadOptions, lede, summarize};
use super::{Document, actors, dates, models};
use crate::domain::{Digest, Mention, Provenance};

/// The digest of a document whose first sentences have `vectors`.
///
/// `mentions` are all names of the document. `title` is the vector of the headline; `abstain` says why the page has no summary of its own. Everything is decided by form, place and vectors: no I/O.
pub fn digest(
    document: &Document,
    mentions: &[Mention],
    forms: &[Form],
    vectors: &[Vec<f32>],
    title: Option<&[f32]>,
    abstain: Option<&str>,
    options: ReadOptions,
) -> Digest {
    let weights = weigh(document, forms, vectors, title);
    let summary = match abstain {
        Some(reason) => lede(document, forms, options, reason),
        None => summarize(document, mentions, forms, vectors, &weights, options),
    };
    let times = dates::find(document);
    Digest {
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
    }
}
