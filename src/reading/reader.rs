//! Reads one article at a time: one encoder pass, then everything that stands on it.

use std::path::Path;

use super::abstractive::{AbstractiveError, Draft, Summarizer};
use super::actors::tagger::Tagger;
use super::digest::digest;
use super::meaning::MeaningHead;
use super::models::{self, ModelError};
use super::pass::{Pass, settled};
use super::salience::head::Head;
use super::salience::unit_mean;
use super::summary::ReadOptions;
use super::{Document, Encoder, EncoderError, Vectors};
use crate::clean::abstain_reason;
use crate::domain::{Article, Digest, Meaning, Mention, Side};

/// Sentences of an article that the encoder sees. News says what matters early, and a page of a
/// thousand sentences would hold up all others; later sentences weigh nothing.
pub const MAX_SENTENCES: usize = 160;

/// Sentences that stand for the story beside the headline.
const LEDE_SENTENCES: usize = 3;

/// Why an article could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Encoder(#[from] EncoderError),
    /// A defect of this build.
    #[error("the weights of this build can't be used ({0}): install dateline again")]
    Weights(String),
    /// A defect; the thread goes on with the next job.
    #[error("reading failed: {0}")]
    Panicked(String),
    #[error("the reader has shut down")]
    Closed,
    #[error(transparent)]
    Abstractive(#[from] AbstractiveError),
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
    head: Head,
    tagger: Tagger,
    meanings: MeaningHead,
}

impl Reader {
    /// Reads an article. Too little text is no error: the digest abstains and warns.
    ///
    /// Paragraphs that the cleaner was in doubt about are settled by the same pass.
    pub fn read(&self, article: &Article, options: &ReadOptions) -> Result<Reading, ReadError> {
        Ok(self.draft(article, options)?.reading)
    }

    /// Reads an article and has its summary written: blocks until that is done.
    pub fn read_abstractive(
        &self,
        article: &Article,
        options: &ReadOptions,
        summarizer: &Summarizer,
    ) -> Result<Reading, ReadError> {
        let draft = self.draft(article, options)?;
        match draft.task() {
            Some(task) => self.finish(draft, summarizer.name(), summarizer.summarize_blocking(task)),
            None => Ok(draft.reading),
        }
    }

    /// The reading whose summary was written, if the guard lets it pass.
    pub(super) fn finish(
        &self,
        draft: Draft,
        model: &str,
        written: Result<String, AbstractiveError>,
    ) -> Result<Reading, ReadError> {
        draft.finish(model, written, |texts| self.embed(texts))
    }

    /// A reading with what an abstractive summary is made of.
    pub(super) fn draft(&self, article: &Article, options: &ReadOptions) -> Result<Draft, ReadError> {
        let document = Document::of_article(article);
        let pass = Pass::run(&self.encoder, &self.tagger, &document, MAX_SENTENCES)?;
        let (article, document, pass) = settled(article, document, pass);
        let (vectors, mentions) = pass.read(&document);
        let vector = story_vector(vectors.title.as_deref(), &vectors.sentences);
        let (digest, weights) = self.digest(&article, &document, &vectors, &mentions, options)?;
        let reading = Reading { digest, vector };
        Ok(Draft { reading, document, vectors: vectors.sentences, weights, options: *options })
    }

    /// The costly half of `read`: vectors of the headline and of at most `most` sentences, and every proper name.
    pub fn see(&self, document: &Document, most: usize) -> Result<(Vectors, Vec<Mention>), ReadError> {
        Ok(Pass::run(&self.encoder, &self.tagger, document, most)?.read(document))
    }

    /// The cheap half of `read`: the digest, and the weights of the sentences that it goes by.
    ///
    /// `vectors` and `mentions` are of `document`, and that of `article`.
    pub fn digest(
        &self,
        article: &Article,
        document: &Document,
        vectors: &Vectors,
        mentions: &[Mention],
        options: &ReadOptions,
    ) -> Result<(Digest, Vec<f32>), ReadError> {
        let abstain = abstain_reason(article);
        let (mut digest, weights) = digest(&self.head, document, vectors, mentions, abstain, *options)?;
        digest.warnings.retain(|warning| !article.warnings.contains(warning));
        digest.warnings.splice(0..0, article.warnings.iter().cloned());
        Ok((digest, weights))
    }

    /// The article without the paragraphs that are another story's by their meaning. Calls the encoder
    /// only where the cleaner is in doubt.
    pub fn settle(&self, article: &Article) -> Result<Article, ReadError> {
        if article.doubtful.is_empty() {
            return Ok(article.clone());
        }
        let document = Document::of_article(article);
        let pass = Pass::run(&self.encoder, &self.tagger, &document, MAX_SENTENCES)?;
        Ok(settled(article, document, pass).0.into_owned())
    }

    /// The `vector` of [`Reading`] alone: the encoder sees the headline and the first sentences only.
    pub fn story_vector(&self, article: &Article) -> Result<Vec<f32>, ReadError> {
        let document = Document::of_article(article);
        let Vectors { title, sentences } = self.encoder.encode_document(&document, LEDE_SENTENCES)?;
        Ok(story_vector(title.as_deref(), &sentences))
    }

    /// Every proper name of a person, organization or place of a document, in order, none overlapping.
    ///
    /// Two mentions of one entity share their `actor`, counted from 0 in order of mention.
    pub fn mentions(&self, document: &Document) -> Result<Vec<Mention>, ReadError> {
        Ok(self.see(document, usize::MAX)?.1)
    }

    /// Unit vectors of texts, for search by meaning.
    pub fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, ReadError> {
        Ok(self.encoder.encode(texts)?)
    }

    /// What a topic, or the [`lead`](crate::domain::lead) of an article, means to the matching of topics.
    pub fn meaning(&self, text: &str, side: Side) -> Result<Meaning, ReadError> {
        let encoded = self.encoder.encode_tokens(&[text])?;
        Ok(encoded.first().map(|encoded| self.meanings.meaning(text, encoded, side)).unwrap_or_default())
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
        let head = Head::load().map_err(ReadError::Weights)?;
        let tagger = Tagger::load().map_err(ReadError::Weights)?;
        Ok(Self { encoder, head, tagger, meanings: MeaningHead::load().map_err(ReadError::Weights)? })
    }
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
    use crate::domain::{Side, Span, Summarizer, lead};

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

        // To topics it is nearer to what it tells of than to another.
        let lead = lead(article.title.as_deref(), &digest.text);
        let meaning = reader.meaning(&lead, Side::Article).unwrap();
        let near = |topic: &str| {
            let nearest = reader.meaning(topic, Side::Topic).unwrap().nearest(&meaning);
            nearest.iter().sum::<f32>() / nearest.len() as f32
        };
        assert!(near("border crossings") > near("baking recipes") + 0.1);

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
