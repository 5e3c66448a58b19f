//! Reads one article at a time: one encoder pass, then everything that stands on it.

use std::borrow::Cow;
use std::path::Path;

use super::actors::Words;
use super::actors::tagger::{TagScores, Tagger};
use super::digest::digest;
use super::models::{self, ModelError};
use super::salience::{forms, unit_mean};
use super::summary::ReadOptions;
use super::{Document, Encoder, EncoderError};
use crate::clean::{self, abstain_reason};
use crate::domain::{Article, Digest, Mention};

/// Sentences of an article that the encoder sees. News says what matters early, and a page of a
/// thousand sentences would hold up all others; later sentences weigh nothing.
const MAX_SENTENCES: usize = 160;

/// Sentences whose token states are held at once, some 20 MB.
const AT_ONCE: usize = 64;

/// Sentences that stand for the story beside the headline.
const LEDE_SENTENCES: usize = 3;

/// Why an article could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Encoder(#[from] EncoderError),
    #[error("the weights of the actor tagger can't be used: {0}")]
    Tagger(String),
    /// A defect; the thread goes on with the next job.
    #[error("reading failed: {0}")]
    Panicked(String),
    #[error("the reader has shut down")]
    Closed,
}

/// What one article gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub digest: Digest,
    /// The story it tells: the mean of the vectors of the headline and of the first
    /// `LEDE_SENTENCES` sentences, the headline counting as much as all of those, length one.
    /// Empty if the article has neither headline nor text.
    pub vector: Vec<f32>,
}

/// An encoder and all that stands on it. `Send`, not `Sync`.
pub struct Reader {
    encoder: Encoder,
    tagger: Tagger,
}

impl Reader {
    /// Reads an article. Too little text is no error: the digest abstains and warns.
    ///
    /// Paragraphs that the cleaner was in doubt about are settled by the same pass.
    pub fn read(&self, article: &Article, options: &ReadOptions) -> Result<Reading, ReadError> {
        let document = Document::of_article(article);
        let pass = self.pass(&document, MAX_SENTENCES)?;
        let title = pass.title;
        let (article, document, sentences) = settled(article, document, pass.sentences);
        let article = article.as_ref();
        let (vectors, tags): (Vec<_>, Vec<_>) =
            sentences.into_iter().map(|seen| (seen.vector, seen.tags)).unzip();
        let vectors: Vec<Vec<f32>> = vectors.into_iter().flatten().collect();
        let mentions = Words::new(&document).mentions_by_scores(tags);
        let forms = forms(&document);
        let abstain = abstain_reason(article);
        let mut digest = digest(&document, &mentions, &forms, &vectors, title.as_deref(), abstain, *options);
        digest.warnings.retain(|warning| !article.warnings.contains(warning));
        digest.warnings.splice(0..0, article.warnings.iter().cloned());
        let vector = story_vector(title.as_deref(), &vectors);
        Ok(Reading { digest, vector })
    }

    /// The article without the paragraphs that are another story's by their meaning. Calls the encoder
    /// only where the cleaner is in doubt.
    pub fn settle(&self, article: &Article) -> Result<Article, ReadError> {
        if article.doubtful.is_empty() {
            return Ok(article.clone());
        }
        let document = Document::of_article(article);
        let sentences = self.pass(&document, MAX_SENTENCES)?.sentences;
        Ok(settled(article, document, sentences).0.into_owned())
    }

    /// The `vector` of [`Reading`] alone: the encoder sees the headline and the first sentences only.
    pub fn story_vector(&self, article: &Article) -> Result<Vec<f32>, ReadError> {
        let document = Document::of_article(article);
        let lede = document.sentences.iter().take(LEDE_SENTENCES);
        let lede = lede.map(|sentence| document.slice(sentence.span));
        let texts: Vec<&str> = document.title.as_deref().into_iter().chain(lede).collect();
        let mut vectors = self.encoder.encode(&texts)?;
        let title = document.title.is_some().then(|| vectors.remove(0));
        Ok(story_vector(title.as_deref(), &vectors))
    }

    /// Every proper name of a person, organization or place of a document, in order, none overlapping.
    ///
    /// Two mentions of one entity share their `actor`, counted from 0 in order of mention.
    pub fn mentions(&self, document: &Document) -> Result<Vec<Mention>, ReadError> {
        let tags = self.pass(document, usize::MAX)?.sentences.into_iter().map(|seen| seen.tags);
        Ok(Words::new(document).mentions_by_scores(tags.collect()))
    }

    /// Unit vectors of texts, for search by meaning and topics.
    pub fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, ReadError> {
        Ok(self.encoder.encode(texts)?)
    }

    /// Checks the models under `models` by size and SHA-256 and loads them: about a second.
    pub fn load(models: &Path) -> Result<Self, ReadError> {
        models::encoder().verify(models)?;
        Self::load_verified(models)
    }

    /// Like `load`, for several threads: each reader has its own copy of the encoder (100 MB).
    pub fn load_many(models: &Path, count: usize) -> Result<Vec<Self>, ReadError> {
        models::encoder().verify(models)?;
        (0..count.max(1)).map(|_| Self::load_verified(models)).collect()
    }

    /// Loads models that this process has verified already.
    pub(super) fn load_verified(models: &Path) -> Result<Self, ReadError> {
        // The model's own thread is the unit of parallelism; torch's threads would only fight
        // over the cores, and its pool spins while it waits.
        tch::set_num_threads(1);
        let encoder = Encoder::load(&models::encoder().folder(models))?;
        Ok(Self { encoder, tagger: Tagger::load().map_err(ReadError::Tagger)? })
    }

    /// One encoder pass over the headline, if there is one, and at most `most` sentences. The tagger reads the others too.
    fn pass(&self, document: &Document, most: usize) -> Result<Pass, EncoderError> {
        let words = Words::new(document);
        let features = words.features();
        let lead = usize::from(document.title.is_some());
        let sentences = document.sentences.iter().map(|sentence| document.slice(sentence.span));
        let texts: Vec<&str> = document.title.as_deref().into_iter().chain(sentences).collect();
        let mut pass = Pass { title: None, sentences: Vec::with_capacity(document.sentences.len()) };
        for (chunk, texts) in texts.chunks(AT_ONCE).enumerate() {
            let first = chunk * AT_ONCE;
            let read = most.saturating_add(lead).saturating_sub(first).min(texts.len());
            let mut encoded = self.encoder.encode_tokens(&texts[..read])?.into_iter();
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
            let tags = self.tagger.score(&features[numbers], &states);
            pass.sentences.extend(vectors.into_iter().zip(tags).map(|(vector, tags)| Seen { vector, tags }));
        }
        Ok(pass)
    }
}

/// What one encoder pass over a document gives.
struct Pass {
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

/// The article without what is another story's by its meaning, and what belongs to it: its document, its sentences.
fn settled(
    article: &Article,
    document: Document,
    sentences: Vec<Seen>,
) -> (Cow<'_, Article>, Document, Vec<Seen>) {
    if article.doubtful.is_empty() {
        return (Cow::Borrowed(article), document, sentences);
    }
    let mut paragraphs = vec![Vec::new(); article.paragraphs.len()];
    for (sentence, seen) in document.sentences.iter().zip(&sentences) {
        paragraphs[sentence.paragraph].extend(seen.vector.as_deref());
    }
    let paragraphs: Vec<Vec<f32>> = paragraphs.into_iter().map(|own| unit_mean(own.into_iter())).collect();
    let apart = clean::apart(article, &paragraphs);
    if apart.is_empty() {
        return (Cow::Borrowed(article), document, sentences);
    }
    let stay = document.sentences.iter().map(|sentence| !apart.contains(&sentence.paragraph));
    let sentences =
        sentences.into_iter().zip(stay).filter_map(|(seen, stays)| stays.then_some(seen)).collect();
    let article = clean::without(article, &apart);
    let document = Document::of_article(&article);
    (Cow::Owned(article), document, sentences)
}

/// Headline and lede in equal parts, length one.
fn story_vector(title: Option<&[f32]>, sentences: &[Vec<f32>]) -> Vec<f32> {
    let lede = unit_mean(sentences.iter().take(LEDE_SENTENCES).map(Vec::as_slice));
    unit_mean(title.into_iter().chain((!lede.is_empty()).then_some(lede.as_slice())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::warning;
    use crate::domain::{Span, Summarizer};

    fn article() -> Article {
        let text = "BERLIN (AP) — East Germany opened its borders on Thursday night after weeks of protest, letting \
            thousands of people walk through the Berlin Wall.\n\
            Schabowski, a member of the Politburo, told reporters that the new rules took effect immediately.\n\
            “We did not expect it. Nobody did,” a guard said.\n\
            Crowds gathered at Bornholmer Street within the hour, and the guards opened the gate before midnight.\n\
            The wall had divided the city since August 1961.\n\
            Bread costs 50 pfennigs in the shops of the east.";
        Article {
            title: Some("East Germany opens the Berlin Wall".to_owned()),
            paragraphs: text.lines().map(str::to_owned).collect(),
            warnings: vec!["the page names no author".to_owned()],
            ..Article::default()
        }
    }

    #[test]
    fn reads_an_article_into_a_digest_of_its_own_words() {
        let reader = Reader::load(Path::new("models")).unwrap();
        let article = article();
        let reading = reader.read(&article, &ReadOptions::default()).unwrap();
        let digest = &reading.digest;
        assert_eq!(digest.headline.as_deref(), Some("East Germany opens the Berlin Wall"));
        assert_eq!(digest.text, article.text());
        assert_eq!(digest.provenance.summarizer, Summarizer::Extractive);
        assert_eq!(digest.warnings, article.warnings);
        assert!(
            digest.summary[0].text.starts_with("East Germany opened its borders"),
            "{:?}",
            digest.summary
        );
        let document = Document::of_article(&article);
        for sentence in &digest.summary {
            let span = Span { start: sentence.start.unwrap(), end: sentence.end.unwrap() };
            assert_eq!(document.slice(span), sentence.text);
            assert!(!sentence.text.contains("Bread"));
        }
        assert_eq!(reader.read(&article, &ReadOptions::default()).unwrap(), reading, "the same twice");

        // The story's vector lies nearer to another telling of it than to another story.
        let others = ["Berlin Wall falls as the East opens its border", "Armstrong walks on the Moon"];
        let others = reader.embed(&others).unwrap();
        let cosine = |at: usize| super::super::salience::dot(&reading.vector, &others[at]);
        assert!(cosine(0) > cosine(1) + 0.3);

        let empty = reader.read(&Article::default(), &ReadOptions::default()).unwrap();
        assert!(empty.vector.is_empty() && empty.digest.summary.is_empty());
        assert_eq!(empty.digest.headline, None);
        assert_eq!(empty.digest.warnings, [warning::NO_TEXT]);

        // What the cleaner says against a summary is said once.
        let live = Article { warnings: vec![warning::LIVE.to_owned()], ..article };
        let live = reader.read(&live, &ReadOptions::default()).unwrap().digest;
        assert_eq!(live.provenance.summarizer, Summarizer::Lede);
        assert_eq!(live.warnings, [warning::LIVE]);
    }

    #[test]
    fn a_paragraph_of_another_story_is_left_out_by_its_meaning() {
        let reader = Reader::load(Path::new("models")).unwrap();
        let mut article = article();
        let other = "Penguins eat krill.";
        article.paragraphs.push(other.to_owned());
        article.doubtful = vec![article.paragraphs.len() - 1];
        let digest = reader.read(&article, &ReadOptions::default()).unwrap().digest;
        assert!(!digest.text.contains(other));
        assert!(digest.warnings.iter().any(|own| own == warning::APART));
        article.doubtful.clear();
        let digest = reader.read(&article, &ReadOptions::default()).unwrap().digest;
        assert!(digest.text.contains(other), "what is beyond doubt stays");
    }
}
