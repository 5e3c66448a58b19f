//! Any feed written in XML, or in what was meant as XML, as a small well-formed one.
//!
//! The feed parser behind this module refuses a whole feed for one stray ampersand, keeps every element it knows in
//! memory and trusts the depth and number of what it reads. So the markup is read here first, once, front to back,
//! without recursion: the elements that dateline uses are written out under their usual names, everything else is
//! left out, and what was broken is mended and told. Entities are never expanded and nothing is fetched.

mod elements;
mod writer;

use std::time::Duration;

use chrono::Weekday;

use super::scan::{self, Event};
use super::{FeedError, text};
use writer::Writer;

/// Elements inside one another. Real feeds with whole pages in them stay below 60.
const MAX_DEPTH: usize = 200;
/// Entries read of one feed; those after them are the oldest.
pub(super) const MAX_ENTRIES: usize = 5_000;
/// Authors kept of an entry, and media.
pub(super) const MAX_LISTED: usize = 20;
/// Longest base address that is kept, in bytes.
const MAX_BASE: usize = 2_000;

/// A feed as the parser behind likes it.
#[derive(Debug, Default)]
pub(super) struct Tidy {
    pub xml: String,
    /// Of the entries, by the number that each has as its category.
    pub extras: Vec<Extra>,
    /// Who writes what no entry of its own names an author for.
    pub authors: Vec<String>,
    /// Address of the site that the feed is of, as it was written.
    pub site: Option<String>,
    pub ttl: Option<Duration>,
    pub skip_hours: Vec<u32>,
    pub skip_days: Vec<Weekday>,
    pub warnings: Vec<String>,
}

/// What is kept of an entry beside what the parser reads of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Extra {
    /// RSS: its GUID says that it is no permanent link.
    pub guid_is_no_link: bool,
    /// Names, plain text.
    pub authors: Vec<String>,
    /// Address as it was written, and content type or medium.
    pub media: Vec<(String, Option<String>)>,
}

pub(super) fn tidy(text: &str) -> Result<Tidy, FeedError> {
    let mut writer = Writer::default();
    let mut first = None;
    for event in scan::Scanner::new(text) {
        match event {
            Event::Start { name, attributes, empty } => {
                if writer.family.is_none() {
                    first = first.or(Some(name));
                    writer.root(name, attributes)?;
                } else {
                    writer.start(name, attributes)?;
                }
                if empty && writer.stack.last().is_some_and(|frame| frame.name == name) {
                    writer.end(name);
                }
                if writer.entries > MAX_ENTRIES {
                    writer
                        .warn(format!("The feed has more than {MAX_ENTRIES} entries; the first were read."));
                    writer.cut_entry();
                    break;
                }
            }
            Event::End { name } => {
                writer.end(name);
                if writer.finished {
                    break;
                }
            }
            Event::Text(text) => writer.text(text),
            Event::Cdata(text) => writer.cdata(text),
            Event::Entity => return Err(FeedError::Entities),
            Event::Mended(what) => writer.warn(what.to_owned()),
            Event::Truncated => writer.truncated = true,
        }
    }
    if writer.family.is_none() {
        return Err(not_a_feed(text, first));
    }
    Ok(writer.finish())
}

/// What it is instead, by its first element.
fn not_a_feed(text: &str, first: Option<&str>) -> FeedError {
    let head = text.trim_start();
    let doctype = head.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype html"));
    match first {
        _ if doctype => FeedError::HtmlPage,
        Some(name) if text::is_html(&name.to_ascii_lowercase()) => FeedError::HtmlPage,
        Some(_) => FeedError::NotAFeed("XML of another kind"),
        None if head.is_empty() => FeedError::NotAFeed("an empty answer"),
        None => FeedError::NotAFeed("plain text or data"),
    }
}
