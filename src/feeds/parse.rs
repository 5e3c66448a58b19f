//! Reads a feed of any format.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc, Weekday};
use feed_rs::model::{Entry, Feed, FeedType, Text};
use sha2::{Digest, Sha256};
use url::Url;

use super::tidy::{Extra, Tidy};
use super::{FeedError, dates, decode, escape, json, kind, text, tidy};
use crate::domain::{FeedEntry, Media, Published};

/// Characters kept of a feed's and an entry's title.
const MAX_TITLE: usize = 500;
/// Characters kept of an entry's summary, which in some feeds is the whole article.
const MAX_SUMMARY: usize = 2_000;
/// Bytes kept of the text that a feed gives of an entry: the longest reports fit.
const MAX_CONTENT: usize = 200_000;
/// Bytes of an entry's key; a longer identity is replaced by its SHA-256.
const MAX_KEY: usize = 500;

/// What a feed says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParsedFeed {
    /// The outlet's name, plain text.
    pub title: Option<String>,
    /// The site that it is of.
    pub site: Option<Url>,
    /// In the order of the feed, each key once.
    pub entries: Vec<FeedEntry>,
    /// How long the feed asks to be left alone (RSS `ttl`).
    pub ttl: Option<Duration>,
    /// Hours of the day, 0 to 23 in UTC, in which it asks not to be polled.
    pub skip_hours: Vec<u32>,
    /// Days, in UTC, on which it asks not to be polled.
    pub skip_days: Vec<Weekday>,
    /// What was wrong with it, a sentence each.
    pub warnings: Vec<String>,
}

/// Reads RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, and JSON Feed from the bytes of a response.
///
/// `content_type` is the response's header, `base` the address it came from, which relative links are resolved
/// against. What can be read is read, with warnings; an error means that there is no feed in `bytes`.
pub fn parse(bytes: &[u8], content_type: Option<&str>, base: &Url) -> Result<ParsedFeed, FeedError> {
    let (text, mut warnings) = decode::decode(bytes, content_type);
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    let (feed, tidied, published) = if text.starts_with(['{', '[']) {
        let (json, tidied) = json::tidy(text)?;
        let (feed, published) = read(&json, base)?;
        (feed, tidied, published)
    } else {
        let mut tidied = tidy::tidy(text)?;
        // A feed may have megabytes: it is held once.
        let xml = std::mem::take(&mut tidied.xml);
        let (feed, published) = read(xml.as_bytes(), base)?;
        (feed, tidied, published)
    };
    warnings.extend(tidied.warnings.iter().cloned());

    let literal = matches!(feed.feed_type, FeedType::Atom | FeedType::JSON);
    let title = feed.title.as_ref().and_then(|title| plain(title, literal, MAX_TITLE));
    let context = Context { literal, base, dates: &published, tidied: &tidied };
    let drafts: Vec<Draft> = feed.entries.into_iter().map(|entry| Draft::new(entry, &context)).collect();
    let entries = identify(drafts, &mut warnings);
    Ok(ParsedFeed {
        title,
        site: tidied.site.as_deref().and_then(|site| resolve(base, site)),
        entries,
        ttl: tidied.ttl,
        skip_hours: tidied.skip_hours,
        skip_days: tidied.skip_days,
        warnings,
    })
}

/// Dates as they were written, by the moment they mean: the parser keeps moments in UTC only.
type Dates = HashMap<DateTime<Utc>, Published>;

/// Runs feed-rs on a feed in order.
fn read(bytes: &[u8], base: &Url) -> Result<(Feed, Dates), FeedError> {
    let seen: Arc<Mutex<Dates>> = Arc::default();
    let seen_by_parser = Arc::clone(&seen);
    let parser = feed_rs::parser::Builder::new()
        .base_uri(Some(base.as_str()))
        .sanitize_content(false)
        // An identity that the feed does not give is found below, not made up.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |text| {
            let published = dates::parse(text)?;
            let at = published.instant();
            seen_by_parser.lock().ok()?.insert(at, published);
            Some(at)
        })
        .build();
    // The parser has been seen to panic on names of authors; those never reach it, but its next surprise may.
    let feed = catch_unwind(AssertUnwindSafe(|| parser.parse(bytes)))
        .map_err(|_| FeedError::Unreadable("the parser failed".to_owned()))?
        .map_err(|error| FeedError::Unreadable(error.to_string()))?;
    let dates = seen.lock().map(|mut seen| std::mem::take(&mut *seen)).unwrap_or_default();
    Ok((feed, dates))
}

/// An entry before it has a key.
struct Draft {
    guid: Option<String>,
    entry: FeedEntry,
}

/// What an entry is read with.
struct Context<'a> {
    /// Whether the format says which of its texts are HTML.
    literal: bool,
    base: &'a Url,
    dates: &'a Dates,
    tidied: &'a Tidy,
}

impl Draft {
    fn new(entry: Entry, context: &Context) -> Self {
        let guid = Some(entry.id.trim().to_owned()).filter(|guid| !guid.is_empty());
        let none = Extra::default();
        let at = entry.categories.first().and_then(|number| number.term.parse::<usize>().ok());
        let extra = at.and_then(|at| context.tidied.extras.get(at)).unwrap_or(&none);
        let own = entry.links.iter().filter(|link| !link.href.trim().is_empty());
        let url = own.filter_map(|link| resolve(context.base, &link.href)).next().or_else(|| {
            // RSS: a GUID is the permanent link unless it says otherwise.
            let guid = guid.as_deref().filter(|guid| guid.starts_with("http") && !extra.guid_is_no_link);
            guid.and_then(|guid| resolve(context.base, guid))
        });
        let literal = context.literal;
        let summary = match (&entry.summary, &entry.content) {
            (Some(summary), _) if !summary.content.trim().is_empty() => plain(summary, literal, MAX_SUMMARY),
            (_, Some(content)) => {
                let html = !literal || content.content_type.as_str() != "text/plain";
                content.body.as_deref().and_then(|body| text::plain(body, html, MAX_SUMMARY))
            }
            _ => None,
        };
        let published = entry.published.or(entry.updated).and_then(|at| context.dates.get(&at).copied());
        let title = entry.title.as_ref().and_then(|title| plain(title, literal, MAX_TITLE));
        let authors = if extra.authors.is_empty() { &context.tidied.authors } else { &extra.authors };
        let author = text::plain(&authors.join(", "), false, MAX_TITLE);
        let media = extra
            .media
            .iter()
            .filter_map(|(url, kind)| Some(Media { url: resolve(context.base, url)?, kind: kind.clone() }));
        let entry = FeedEntry {
            title,
            summary,
            published,
            author,
            media: media.collect(),
            content: content(&entry, literal),
            url,
            ..FeedEntry::default()
        };
        Self { guid, entry }
    }
}

/// An address of the web, absolute.
fn resolve(base: &Url, href: &str) -> Option<Url> {
    base.join(href.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// The longer of an entry's two texts, as HTML.
fn content(entry: &Entry, literal: bool) -> Option<String> {
    let body = entry.content.as_ref().and_then(|content| {
        Some((content.body.as_deref()?, !literal || content.content_type.as_str() != "text/plain"))
    });
    let summary = entry
        .summary
        .as_ref()
        .map(|summary| (summary.content.as_str(), !literal || summary.content_type.as_str() != "text/plain"));
    let (text, html) = body.into_iter().chain(summary).max_by_key(|(text, _)| text.len())?;
    let end = text.floor_char_boundary(MAX_CONTENT);
    let text = text.get(..end).unwrap_or("").trim();
    if text.is_empty() {
        None
    } else if html {
        Some(text.to_owned())
    } else {
        let mut escaped = String::with_capacity(text.len());
        escape::escape_all(text, &mut escaped);
        Some(escaped.lines().map(|line| format!("<p>{line}</p>")).collect())
    }
}

fn plain(source: &Text, literal: bool, max_chars: usize) -> Option<String> {
    // RSS does not say whether a text is HTML; most are.
    let html = !literal || source.content_type.as_str() != "text/plain";
    let text = text::plain(&source.content, html, max_chars)?;
    // Some publishers escape their HTML twice.
    if text.contains("</") { text::plain(&text, false, max_chars) } else { Some(text) }
}

/// Gives every entry its key, and drops those that have none or come twice.
fn identify(drafts: Vec<Draft>, warnings: &mut Vec<String>) -> Vec<FeedEntry> {
    // Some feeds give one GUID to many articles: then it identifies none of them.
    let mut addresses: HashMap<&str, Option<&Url>> = HashMap::new();
    let mut shared: HashSet<String> = HashSet::new();
    for draft in &drafts {
        if let Some(guid) = draft.guid.as_deref() {
            let url = draft.entry.url.as_ref();
            if *addresses.entry(guid).or_insert(url) != url {
                shared.insert(guid.to_owned());
            }
        }
    }
    if !shared.is_empty() {
        warnings.push("Several entries have the same GUID.".to_owned());
    }
    let mut keys = HashSet::new();
    let mut entries = Vec::with_capacity(drafts.len());
    let (mut unnamed, mut undated, mut unlinked) = (0_usize, 0_usize, 0_usize);
    for Draft { guid, mut entry } in drafts {
        let guid = guid.filter(|guid| !shared.contains(guid));
        let words = entry.title.as_ref().or(entry.summary.as_ref()).or(entry.author.as_ref());
        let key = guid.or_else(|| entry.url.as_ref().map(Url::to_string)).or_else(|| {
            let date = entry.published.map(|date| date.to_string()).unwrap_or_default();
            let words = words.map_or("", String::as_str);
            Some(format!("{words} {date}").trim().to_owned()).filter(|key| !key.is_empty())
        });
        let Some(key) = key else {
            unnamed += 1;
            continue;
        };
        entry.key = bounded(key);
        if !keys.insert(entry.key.clone()) {
            continue;
        }
        undated += usize::from(entry.published.is_none());
        unlinked += usize::from(entry.url.is_none());
        entry.no_article = kind::no_article(&entry);
        entries.push(entry);
    }
    for (count, what) in [
        (unnamed, "without GUID, link, words and date left out"),
        (undated, "without a date that can be read"),
        (unlinked, "without a link"),
    ] {
        if count > 0 {
            warnings.push(format!("Entries {what}: {count}."));
        }
    }
    entries
}

fn bounded(key: String) -> String {
    if key.len() <= MAX_KEY {
        return key;
    }
    let digest = Sha256::digest(key.as_bytes());
    digest.iter().fold("sha256:".to_owned(), |key, byte| format!("{key}{byte:02x}"))
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
