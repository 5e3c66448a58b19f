//! The one pass of the encoder over an article, from which everything else is read.

use std::borrow::Cow;

use super::actors::Words;
use super::actors::tagger::{TagScores, Tagger};
use super::salience::unit_mean;
use super::{Document, Encoder, EncoderError, Vectors};
use crate::clean;
use crate::domain::{Article, Mention};

/// Sentences whose token states are held at once, some 20 MB.
const AT_ONCE: usize = 64;

/// What one encoder pass over a document gives.
pub struct Pass {
    /// Unit vector of the headline.
    title: Option<Vec<f32>>,
    sentences: Vec<Seen>,
}

/// A sentence as encoder and tagger see it.
struct Seen {
    /// Length one; nothing for a sentence past those that the encoder reads.
    vector: Option<Vec<f32>>,
    /// Of every word.
    tags: Vec<TagScores>,
}

impl Pass {
    /// One encoder pass over the headline, if there is one, and at most `most` sentences; the tagger reads the others too.
    pub fn run(
        encoder: &Encoder,
        tagger: &Tagger,
        document: &Document,
        most: usize,
    ) -> Result<Pass, EncoderError> {
        let words = Words::new(document);
        let features = words.features();
        let lead = usize::from(document.title.is_some());
        let sentences = document.sentences.iter().map(|sentence| document.slice(sentence.span));
        let texts: Vec<&str> = document.title.as_deref().into_iter().chain(sentences).collect();
        let mut pass = Pass { title: None, sentences: Vec::with_capacity(document.sentences.len()) };
        for (chunk, texts) in texts.chunks(AT_ONCE).enumerate() {
            let first = chunk * AT_ONCE;
            let read = most.saturating_add(lead).saturating_sub(first).min(texts.len());
            let mut encoded = encoder.encode_tokens(&texts[..read])?.into_iter();
            // The headline is no sentence of the text.
            let skip = if chunk == 0 { lead } else { 0 };
            if skip > 0 {
                pass.title = encoded.next().map(|encoded| encoded.vector);
            }
            let numbers = first + skip - lead..first + texts.len() - lead;
            let (states, vectors): (Vec<_>, Vec<_>) = numbers
                .clone()
                .map(|number| match encoded.next() {
                    Some(seen) => (words.states(number, Some(&seen.tokens)), Some(seen.vector)),
                    None => (words.states(number, None), None),
                })
                .unzip();
            let tags = tagger.score(&features[numbers], &states);
            pass.sentences.extend(vectors.into_iter().zip(tags).map(|(vector, tags)| Seen { vector, tags }));
        }
        Ok(pass)
    }

    /// The vectors, and every proper name of `document`, whose pass this is.
    pub fn read(self, document: &Document) -> (Vectors, Vec<Mention>) {
        let (vectors, tags): (Vec<_>, Vec<_>) =
            self.sentences.into_iter().map(|seen| (seen.vector, seen.tags)).unzip();
        let vectors = Vectors { title: self.title, sentences: vectors.into_iter().flatten().collect() };
        (vectors, Words::new(document).mentions_by_scores(tags))
    }
}

/// The article without what is another story's by its meaning, and what belongs to it: its document, its pass.
pub fn settled(article: &Article, document: Document, pass: Pass) -> (Cow<'_, Article>, Document, Pass) {
    if article.doubtful.is_empty() {
        return (Cow::Borrowed(article), document, pass);
    }
    let mut paragraphs = vec![Vec::new(); article.paragraphs.len()];
    for (sentence, seen) in document.sentences.iter().zip(&pass.sentences) {
        paragraphs[sentence.paragraph].extend(seen.vector.as_deref());
    }
    let paragraphs: Vec<Vec<f32>> = paragraphs.into_iter().map(|own| unit_mean(own.into_iter())).collect();
    let apart = clean::apart(article, &paragraphs);
    if apart.is_empty() {
        return (Cow::Borrowed(article), document, pass);
    }
    let stay = document.sentences.iter().map(|sentence| !apart.contains(&sentence.paragraph));
    let kept = pass.sentences.into_iter().zip(stay).filter_map(|(seen, stays)| stays.then_some(seen));
    let pass = Pass { title: pass.title, sentences: kept.collect() };
    let article = clean::without(article, &apart);
    let document = Document::of_article(&article);
    (Cow::Owned(article), document, pass)
}
