//! Where a document comes from: a file, a page on the web, or standard input.

use std::io::{BufRead, BufReader, Read};

use anyhow::{Context, bail};
use url::Url;

use super::Usage;
use super::batch::Body;
use crate::clean::{self, Hints};
use crate::config;
use crate::domain::{Article, Published};
use crate::fetch::{FetchSettings, Fetcher};

/// Arguments of a command that reads a page.
#[derive(Debug, clap::Args)]
pub struct PageArgs {
    /// A file, an address, or - for standard input; HTML or plain text
    #[arg(value_name = "FILE|URL|-", required_unless_present = "batch")]
    pub source: Option<String>,
    /// JSON Lines in, JSON Lines out
    #[arg(long)]
    pub batch: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// The title, if the page does not give it
    #[arg(long, conflicts_with = "batch")]
    title: Option<String>,
    /// Where the page came from
    #[arg(long, conflicts_with = "batch")]
    url: Option<String>,
}

impl PageArgs {
    /// The one document that is named, cleaned with all that is known of it.
    pub fn article(&self, published: Option<&str>) -> anyhow::Result<Article> {
        let body = read(self.source.as_deref().unwrap_or("-"))?;
        Ok(clean(&body, self.title.clone(), self.address(), published))
    }

    /// Where the document came from: as told, else where it was fetched.
    pub fn address(&self) -> Option<&str> {
        self.url.as_deref().or(self.source.as_deref().filter(|source| is_address(source)))
    }
}

/// Bytes read of one document.
const MAX_BYTES: u64 = 32 << 20;

/// Reads `source`: a path, an http(s) address, or `-`. Whether it is HTML is told by its content.
fn read(source: &str) -> anyhow::Result<Body> {
    if is_address(source) {
        let url = Url::parse(source).with_context(|| format!("{source:?} is not an address"))?;
        return Ok(body(fetch_page(&url)?));
    }
    Ok(body(clean::decode(&read_bytes(source)?, None)))
}

fn is_address(source: &str) -> bool {
    source.starts_with("http://") || source.starts_with("https://")
}

/// Reads a text as it is: no charset but UTF-8, nothing taken off.
pub fn read_text(source: &str) -> anyhow::Result<String> {
    String::from_utf8(read_bytes(source)?).with_context(|| format!("{} is not UTF-8", name(source)))
}

/// JSON Lines from a path or `-`.
pub fn lines(source: Option<&str>) -> anyhow::Result<Box<dyn BufRead + Send>> {
    match source {
        None | Some("-") => Ok(Box::new(BufReader::new(std::io::stdin()))),
        Some(path) => {
            let file = std::fs::File::open(path).with_context(|| format!("opening {path}"))?;
            Ok(Box::new(BufReader::new(file)))
        }
    }
}

/// Cleans a document with what is known of it. What is malformed is left out and warned about.
pub fn clean(body: &Body, title: Option<String>, url: Option<&str>, published: Option<&str>) -> Article {
    let mut warnings = Vec::new();
    let url = url.and_then(|text| {
        let url = Url::parse(text).ok();
        if url.is_none() {
            warnings.push("the url given is not an absolute address and was ignored".to_owned());
        }
        url
    });
    let published = published.and_then(|text| {
        let published = self::published(text);
        if published.is_none() {
            warnings.push("the publication time given could not be read and was ignored".to_owned());
        }
        published
    });
    let hints =
        Hints { url, title: title.filter(|title| !title.trim().is_empty()), published, ..Hints::default() };
    let mut article = match body {
        Body::Html(page) => clean::html(page, &hints),
        Body::Text(text) => clean::text(text, &hints),
    };
    article.warnings.extend(warnings);
    article
}

/// A publication time as programs write it; of a moment without a zone only the day counts.
pub fn published(text: &str) -> Option<Published> {
    let text = text.trim();
    text.parse().ok().or_else(|| text.get(..10)?.parse().ok())
}

/// A source that is an address on the web.
pub fn address(source: &str) -> Option<&str> {
    is_address(source).then_some(source)
}

/// What asks the web. The operator's settings hold here too, as far as they are set.
pub fn fetcher() -> anyhow::Result<Fetcher> {
    let variable = |name: &str| std::env::var(name).ok();
    let contact = variable("CONTACT_URL").filter(|contact| !contact.trim().is_empty());
    let settings = FetchSettings {
        allow_hosts: config::allow_hosts(variable).map_err(|error| Usage(error.to_string()))?,
        ..FetchSettings::new(contact.unwrap_or_else(|| "run by hand".to_owned()))
    };
    Ok(Fetcher::new(settings)?)
}

/// The page at an address, decoded.
fn fetch_page(url: &Url) -> anyhow::Result<String> {
    let fetcher = fetcher()?;
    let page = super::runtime()?.block_on(fetcher.page(url)).with_context(|| format!("fetching {url}"))?;
    Ok(clean::decode(&page.bytes, page.content_type.as_deref()))
}

/// The bytes of a path, or of standard input.
pub fn read_bytes(source: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let reading = || format!("reading {}", name(source));
    let input: Box<dyn Read> = match source {
        "-" => Box::new(std::io::stdin()),
        path => Box::new(std::fs::File::open(path).with_context(reading)?),
    };
    input.take(MAX_BYTES + 1).read_to_end(&mut bytes).with_context(reading)?;
    if bytes.len() as u64 > MAX_BYTES {
        bail!("{} is larger than {} MiB", name(source), MAX_BYTES >> 20);
    }
    Ok(bytes)
}

fn name(source: &str) -> &str {
    if source == "-" { "standard input" } else { source }
}

/// HTML or plain text, told by what is in it.
fn body(text: String) -> Body {
    let head: String = text.trim_start().chars().take(2_000).collect::<String>().to_lowercase();
    let tags = ["<html", "<!doctype", "<head", "<body", "<article", "<div", "<p>", "<p ", "<h1"];
    let markup = ["</p>", "</div>", "</h1>", "</a>", "</span>"];
    let is_html = tags.iter().any(|tag| head.starts_with(tag))
        || head.starts_with("<?xml") && head.contains("<html")
        || head.starts_with("<!--") && head.contains("<html")
        || markup.iter().map(|tag| head.matches(tag).count()).sum::<usize>() >= 2;
    if is_html { Body::Html(text) } else { Body::Text(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_html_from_text() {
        for page in [
            "<!DOCTYPE html><p>x",
            " \n<html>",
            "<?xml version='1.0'?><html>",
            "<div>a</div>",
            "a<p>b</p><p>c</p>",
        ] {
            assert!(matches!(body(page.to_owned()), Body::Html(_)), "{page}");
        }
        for text in ["", "The wall fell.", "if a < b then", "<3 Berlin", "“<p>” is a tag"] {
            assert!(matches!(body(text.to_owned()), Body::Text(_)), "{text}");
        }
    }

    #[test]
    fn takes_publication_times_as_programs_write_them() {
        let day = "1989-11-09".parse().ok();
        assert_eq!(published("1989-11-09"), day);
        assert_eq!(published(" 1989-11-09T20:15:00 "), day);
        assert_eq!(published("1989-11-09 20:15"), day);
        assert_eq!(
            published("1989-11-09T20:15:00Z").map(|p| p.to_string()).as_deref(),
            Some("1989-11-09T20:15:00Z")
        );
        assert_eq!(published("yesterday"), None);
        assert_eq!(published("äöüäöüäöü"), None);
    }
}
