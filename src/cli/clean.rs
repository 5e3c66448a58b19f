//! `dateline clean`: the article without what is around it.

use std::io::Write;

use serde::Serialize;

use super::batch::{self, Document};
use super::input::{self, PageArgs};
use super::terminal;
use crate::domain::{Article, Published};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  dateline clean page.html\n  curl -s https://example.org/story | dateline clean -\n  \
                        dateline clean --batch < pages.jsonl > articles.jsonl"
)]
pub struct Args {
    #[command(flatten)]
    page: PageArgs,
}

/// One cleaned article: the program interface of `dateline clean`.
#[derive(Serialize)]
struct Cleaned {
    title: Option<String>,
    byline: Option<String>,
    outlet: Option<String>,
    published: Option<String>,
    lang: Option<String>,
    text: String,
    paragraphs: Vec<String>,
    warnings: Vec<String>,
}

impl From<Article> for Cleaned {
    fn from(article: Article) -> Self {
        Self {
            text: article.text(),
            title: article.title,
            byline: article.byline,
            outlet: article.outlet,
            published: article.published.map(|at| at.to_string()),
            lang: article.lang,
            paragraphs: article.paragraphs,
            warnings: article.warnings,
        }
    }
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if args.page.batch {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        return batch::run(input::lines(args.page.source.as_deref())?, out, vec![clean_one; threads]);
    }
    let article = args.page.article(None)?;
    if args.page.json {
        writeln!(out, "{}", batch::to_json(Cleaned::from(article))?)?;
        return Ok(());
    }
    for (name, value) in facts(&article) {
        eprintln!("{name}: {value}");
    }
    for warning in &article.warnings {
        eprintln!("note: {warning}");
    }
    if let Some(title) = &article.title {
        terminal::paragraph(&mut out, title)?;
        writeln!(out)?;
    }
    for (at, paragraph) in article.paragraphs.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        terminal::paragraph(&mut out, paragraph)?;
    }
    Ok(())
}

/// What the page says of its article, for a person to read.
fn facts(article: &Article) -> Vec<(&'static str, String)> {
    let at = |published: Option<Published>| published.map(|at| at.to_string());
    let facts = [
        ("by", article.byline.clone()),
        ("outlet", article.outlet.clone()),
        ("published", at(article.published)),
        ("modified", at(article.modified)),
        ("section", article.section.clone()),
        ("tags", Some(article.tags.join(", ")).filter(|tags| !tags.is_empty())),
        ("address", article.canonical_url.clone()),
        ("picture", article.image.clone()),
        ("free to read", article.paywalled.then(|| "no".to_owned())),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn clean_one(mut document: Document) -> Result<Cleaned, String> {
    let (title, url, published) = (document.title()?, document.url()?, document.published()?);
    Ok(input::clean(&document.body()?, title, url.as_deref(), published.as_deref()).into())
}
