//! The pages to clean, and what is right for each.

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use dateline::clean;
use dateline::domain::Published;
use regex::Regex;
use scraper::{ElementRef, Html};
use serde::Deserialize;
use url::Url;

use super::score;
use crate::unpack;

/// The sets that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Name {
    /// Pages with segments that their bodies must and must not have
    Trafilatura,
    /// Pages with the text that reader modes give
    Readability,
    /// Pages of this project, with their articles
    Fixtures,
}

/// What this project's own pages are kept in.
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/articles");

/// One page and its gold.
pub struct Page {
    pub name: String,
    pub source: Source,
    pub url: Option<Url>,
    /// By the `lang` attribute of the page's root.
    pub english: bool,
    pub body: Body,
    pub title: Option<String>,
    pub authors: Option<String>,
    pub published: Option<Published>,
}

impl Page {
    /// The page as those take it who read markup only: the lines of a text are paragraphs.
    pub fn markup(&self) -> Cow<'_, str> {
        match &self.source {
            Source::Html(html) => Cow::Borrowed(html),
            Source::Text(text) => {
                let escape = |line: &str| line.replace('&', "&amp;").replace('<', "&lt;");
                let lines = text.lines().map(|line| format!("<p>{}</p>\n", escape(line)));
                Cow::Owned(format!("<html><body>\n{}</body></html>\n", lines.collect::<String>()))
            }
        }
    }
}

/// A page as it came, decoded.
pub enum Source {
    Html(String),
    /// A page that somebody stripped of its markup.
    Text(String),
}

/// What is known of the right body.
pub enum Body {
    Segments { with: Vec<String>, without: Vec<String> },
    Whole(String),
}

/// Reads a set, in memory and in the order in which it is stored.
///
/// # Errors
/// What is not there, or not as `data`'s README says.
pub fn load(name: Name, data: &Path) -> anyhow::Result<Vec<Page>> {
    match name {
        Name::Trafilatura => trafilatura(&data.join("extraction/trafilatura-eval.tar.xz")),
        Name::Readability => readability(&data.join("extraction/readability-pages.tar.xz")),
        Name::Fixtures => fixtures(),
    }
}

/// A row of `eval.jsonl`.
#[derive(Deserialize)]
struct Row {
    file: String,
    url: Option<String>,
    title: Option<String>,
    author: Option<OneOrMore>,
    date: Option<String>,
    with: Option<Vec<String>>,
    without: Option<Vec<String>>,
    comments: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

fn trafilatura(path: &Path) -> anyhow::Result<Vec<Page>> {
    let mut files = unpack(path)?;
    let rows = files.remove("eval.jsonl").context("the archive has no eval.jsonl")?;
    let mut pages = Vec::new();
    for line in String::from_utf8(rows)?.lines() {
        let row: Row = serde_json::from_str(line).context("reading eval.jsonl")?;
        let Some(bytes) = files.remove(&format!("html/{}", row.file)) else {
            bail!("the archive has no html/{}", row.file)
        };
        let html = clean::decode(&bytes, None);
        let mut without = row.without.unwrap_or_default();
        without.extend(row.comments.unwrap_or_default());
        pages.push(Page {
            english: is_english(&html),
            url: row.url.and_then(|url| Url::parse(&url).ok()),
            body: Body::Segments { with: row.with.unwrap_or_default(), without },
            title: row.title.filter(|title| !title.trim().is_empty()),
            authors: match row.author {
                Some(OneOrMore::One(author)) => Some(author).filter(|author| !author.trim().is_empty()),
                Some(OneOrMore::More(authors)) => Some(authors.join("; ")),
                None => None,
            },
            published: row.date.as_deref().and_then(score::published),
            name: row.file,
            source: Source::Html(html),
        });
    }
    Ok(pages)
}

fn is_english(html: &str) -> bool {
    static LANG: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"<html[^>]*\blang=["']?([a-zA-Z]{2})"#).expect("a fixed pattern"));
    LANG.captures(html).is_some_and(|found| found[1].eq_ignore_ascii_case("en"))
}

fn readability(path: &Path) -> anyhow::Result<Vec<Page>> {
    let mut files = unpack(path)?;
    let cases: Vec<String> =
        files.keys().filter_map(|path| path.strip_suffix("/source.html")).map(str::to_owned).collect();
    let mut pages = Vec::new();
    for case in cases {
        let mut text =
            |name: &str| files.remove(&format!("{case}/{name}")).map(|bytes| clean::decode(&bytes, None));
        let expected = match text("expected.html") {
            Some(html) => text_of(&html),
            None => text("expected_alt.txt").with_context(|| format!("{case} expects nothing"))?,
        };
        let html = text("source.html").unwrap_or_default();
        pages.push(Page {
            english: is_english(&html),
            name: case,
            source: Source::Html(html),
            url: None,
            body: Body::Whole(expected),
            title: None,
            authors: None,
            published: None,
        });
    }
    Ok(pages)
}

/// Elements that part no words.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "tt", "u", "var",
];

/// The text of markup, its blocks in lines of their own.
fn text_of(html: &str) -> String {
    fn push(element: ElementRef<'_>, text: &mut String) {
        for child in element.children() {
            if let Some(words) = child.value().as_text() {
                text.push_str(words);
            } else if let Some(inner) = ElementRef::wrap(child) {
                let block = !INLINE.contains(&inner.value().name());
                text.push_str(if block { "\n" } else { "" });
                push(inner, text);
                text.push_str(if block { "\n" } else { "" });
            }
        }
    }
    let mut text = String::new();
    push(Html::parse_document(html).root_element(), &mut text);
    text
}

/// `gold.toml` of a page of our own; what is for readers only is left out.
#[derive(Deserialize)]
struct Gold {
    url: Option<String>,
    title: Option<String>,
    byline: Option<String>,
    published: Option<String>,
    lang: Option<String>,
}

fn fixtures() -> anyhow::Result<Vec<Page>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(FIXTURES).with_context(|| format!("reading {FIXTURES}"))? {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    folders
        .iter()
        .map(|folder| fixture(folder).with_context(|| format!("reading {}", folder.display())))
        .collect()
}

fn fixture(folder: &Path) -> anyhow::Result<Page> {
    let gold: Gold = toml::from_str(&fs::read_to_string(folder.join("gold.toml"))?)?;
    let html = folder.join("page.html");
    let source = match html.exists() {
        true => Source::Html(clean::decode(&fs::read(html)?, None)),
        false => Source::Text(clean::decode(&fs::read(folder.join("page.txt"))?, None)),
    };
    // A text may have lost its headline; no program can know it then.
    let title = gold.title.filter(|title| match &source {
        Source::Html(_) => true,
        Source::Text(text) => score::collapse(text).contains(&score::collapse(title)),
    });
    Ok(Page {
        name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        source,
        url: gold.url.and_then(|url| Url::parse(&url).ok()),
        english: gold.lang.is_some_and(|lang| lang.starts_with("en")),
        body: Body::Whole(fs::read_to_string(folder.join("gold.txt"))?),
        title,
        authors: gold.byline,
        published: gold.published.as_deref().and_then(score::published),
    })
}
