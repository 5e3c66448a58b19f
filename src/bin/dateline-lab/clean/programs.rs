//! The extractors measured: ours, what it stands on, and others written in Rust.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use anyhow::Context as _;
use dateline::clean::{self, Hints};
use dateline::domain::{Article, Published};
use dateline::reading::Reader;
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;

use super::score;
use super::sets::{Page, Source};

/// What a program makes of a page; empty where it gives nothing.
#[derive(Debug, Default)]
pub struct Extracted {
    pub text: String,
    pub title: Option<String>,
    pub byline: Option<String>,
    pub published: Option<Published>,
}

/// A program's answer to one page.
pub struct Output {
    pub extracted: Extracted,
    /// CPU time of the extraction alone, of one thread: the page is decoded before, and what else the
    /// machine does counts for nothing.
    pub seconds: f64,
    /// The program panicked, or raised an error that is not its way to say "no article".
    pub failed: bool,
}

/// A program's answers to the pages of a set, in their order.
pub struct Run {
    pub name: String,
    pub version: String,
    pub outputs: Vec<Output>,
}

/// An extractor that is called directly.
pub struct Program {
    pub name: &'static str,
    /// As Cargo knows it.
    package: &'static str,
    extract: Box<dyn Fn(&Page) -> Extracted>,
}

pub fn dateline() -> Program {
    Program { name: "dateline", package: "dateline", extract: Box::new(|page| of_article(clean(page))) }
}

/// Ours with what the encoder adds: paragraphs that the cleaner is in doubt about are settled by meaning.
pub fn dateline_with_encoder(reader: Reader) -> Program {
    let extract = move |page: &Page| {
        let article = clean(page);
        of_article(reader.settle(&article).unwrap_or(article))
    };
    Program { name: "dateline, encoder", package: "dateline", extract: Box::new(extract) }
}

/// The extractors beside ours. The first two are the base that ours stands on, without and with its
/// fallback extractors.
pub fn others() -> [Program; 4] {
    [
        Program {
            name: "trafilatura, fast",
            package: "trafilatura",
            extract: Box::new(|page| trafilatura_alone(page, false)),
        },
        Program {
            name: "trafilatura, fallback",
            package: "trafilatura",
            extract: Box::new(|page| trafilatura_alone(page, true)),
        },
        Program { name: "rs-trafilatura", package: "rs-trafilatura", extract: Box::new(rs_trafilatura) },
        Program { name: "dom_smoothie", package: "dom_smoothie", extract: Box::new(dom_smoothie) },
    ]
}

impl Program {
    /// Cleans the pages one after the other on this thread; `step` is called after each.
    pub fn run(&self, pages: &[Page], step: impl Fn()) -> anyhow::Result<Run> {
        let outputs = pages.iter().map(|page| {
            let start = thread_time();
            let extracted = catch_unwind(AssertUnwindSafe(|| (self.extract)(page)));
            let seconds = thread_time().saturating_sub(start).as_secs_f64();
            step();
            Output { failed: extracted.is_err(), extracted: extracted.unwrap_or_default(), seconds }
        });
        let outputs = outputs.collect();
        Ok(Run { name: self.name.to_owned(), version: self.version()?, outputs })
    }

    /// The version that was built in.
    fn version(&self) -> anyhow::Result<String> {
        #[derive(Deserialize)]
        struct Lock {
            package: Vec<Package>,
        }
        #[derive(Deserialize)]
        struct Package {
            name: String,
            version: String,
        }
        let lock = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"));
        let lock: Lock = toml::from_str(lock)?;
        let package = lock.package.into_iter().find(|package| package.name == self.package);
        Ok(package.with_context(|| format!("Cargo.lock has no {}", self.package))?.version)
    }
}

/// CPU time that this thread has used.
fn thread_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}

fn clean(page: &Page) -> Article {
    let hints = Hints { url: page.url.clone(), ..Hints::default() };
    match &page.source {
        Source::Html(html) => clean::html(html, &hints),
        Source::Text(text) => clean::text(text, &hints),
    }
}

fn of_article(article: Article) -> Extracted {
    Extracted {
        text: article.text(),
        title: article.title,
        byline: article.byline,
        published: article.published,
    }
}

fn trafilatura_alone(page: &Page, fallback: bool) -> Extracted {
    let mut options = trafilatura::Options::default().with_exclude_comments(true).with_fallback(fallback);
    if let Some(url) = page.url.clone() {
        options = options.with_url(url);
    }
    let Ok(result) = trafilatura::extract(&page.markup(), &options) else { return Extracted::default() };
    Extracted {
        text: result.content_text,
        title: some(result.metadata.title),
        byline: some(result.metadata.author),
        published: result.metadata.date.map(Published::Day),
    }
}

fn rs_trafilatura(page: &Page) -> Extracted {
    let Ok(result) = rs_trafilatura::extract(&page.markup()) else { return Extracted::default() };
    Extracted {
        text: result.content_text,
        title: result.metadata.title.and_then(some),
        byline: result.metadata.author.and_then(some),
        published: result.metadata.date.map(|at| Published::Moment(at.fixed_offset())),
    }
}

fn dom_smoothie(page: &Page) -> Extracted {
    // Its raw text leaves no space between blocks, so that the last word of a heading and the first of
    // the paragraph below would be one.
    let config = dom_smoothie::Config {
        text_mode: dom_smoothie::TextMode::Formatted,
        ..dom_smoothie::Config::default()
    };
    let url = page.url.as_ref().map(|url| url.as_str());
    let read = dom_smoothie::Readability::new(page.markup().as_ref(), url, Some(config));
    let Ok(article) = read.and_then(|mut page| page.parse()) else { return Extracted::default() };
    Extracted {
        text: article.text_content.to_string(),
        title: some(article.title),
        byline: article.byline.and_then(some),
        published: article.published_time.as_deref().and_then(score::published),
    }
}
