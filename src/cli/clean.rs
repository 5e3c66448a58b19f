//! `dateline clean`: the article without what is around it.

use std::io::Write;

use serde::Serialize;

use super::batch::{self, Document};
use super::{input, terminal};
use crate::domain::Article;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  dateline clean page.html\n  curl -s https://example.org/story | dateline clean -\n  \
                        dateline clean --batch < pages.jsonl > articles.jsonl"
)]
pub struct Args {
    /// A file, an address, or - for standard input; HTML or plain text
    #[arg(value_name = "FILE|URL|-", required_unless_present = "batch")]
    source: Option<String>,
    /// JSON Lines in, JSON Lines out
    #[arg(long)]
    batch: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The title, if the page does not give it
    #[arg(long, conflicts_with = "batch")]
    title: Option<String>,
    /// Where the page came from
    #[arg(long, conflicts_with = "batch")]
    url: Option<String>,
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
    if args.batch {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        return batch::run(input::lines(args.source.as_deref())?, out, vec![clean_one; threads]);
    }
    let (body, fetched) = input::read(args.source.as_deref().unwrap_or("-"))?;
    let url = args.url.as_deref().or(fetched.as_ref().map(url::Url::as_str));
    let article = input::clean(&body, args.title, url, None);
    if args.json {
        writeln!(out, "{}", batch::to_json(Cleaned::from(article))?)?;
        return Ok(());
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

fn clean_one(mut document: Document) -> Result<Cleaned, String> {
    let (title, url, published) = (document.title()?, document.url()?, document.published()?);
    Ok(input::clean(&document.body()?, title, url.as_deref(), published.as_deref()).into())
}
