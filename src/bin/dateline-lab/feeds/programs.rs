//! The parsers measured: ours, and the one that it stands on, alone.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, Utc};
use dateline::domain::Published;
use dateline::feeds;
use url::Url;

use super::expect::{Found, FoundEntry};
use super::sets::Case;

/// What came of a feed.
pub enum Outcome {
    Read(Found),
    Refused(String),
    Panicked,
}

/// A parser by its name.
pub struct Program {
    pub name: &'static str,
    parse: fn(&Case) -> Result<Found, String>,
}

pub const PROGRAMS: [Program; 2] =
    [Program { name: "dateline", parse: dateline }, Program { name: "feed-rs alone", parse: feed_rs }];

impl Program {
    pub fn read(&self, case: &Case) -> Outcome {
        match catch_unwind(AssertUnwindSafe(|| (self.parse)(case))) {
            Ok(Ok(found)) => Outcome::Read(found),
            Ok(Err(reason)) => Outcome::Refused(reason),
            Err(_) => Outcome::Panicked,
        }
    }
}

fn dateline(case: &Case) -> Result<Found, String> {
    let feed = feeds::parse(&case.bytes, case.content_type.as_deref(), &case.base)
        .map_err(|error| error.to_string())?;
    let entries = feed.entries.into_iter().map(|entry| FoundEntry {
        title: entry.title,
        link: entry.url.map(Url::into),
        id: Some(entry.key),
        date: entry.published.map(Published::instant),
        summary: entry.summary,
        content: entry.content,
        author: entry.author,
    });
    Ok(Found { title: feed.title, link: feed.site.map(Url::into), entries: entries.collect() })
}

fn feed_rs(case: &Case) -> Result<Found, String> {
    let parser = feed_rs::parser::Builder::new().base_uri(Some(case.base.as_str())).build();
    let feed = parser.parse(&case.bytes[..]).map_err(|error| error.to_string())?;
    let link = |links: &[feed_rs::model::Link]| {
        let own = links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
        own.map(|link| link.href.clone())
    };
    let entries = feed.entries.iter().map(|entry| FoundEntry {
        title: entry.title.as_ref().map(|text| text.content.clone()),
        link: link(&entry.links),
        id: Some(entry.id.clone()),
        date: entry.published.or(entry.updated).map(|at: DateTime<Utc>| at),
        summary: entry.summary.as_ref().map(|text| text.content.clone()),
        content: entry.content.as_ref().and_then(|content| content.body.clone()),
        author: entry.authors.first().and_then(|author| author.name.clone().or_else(|| author.email.clone())),
    });
    Ok(Found {
        title: feed.title.as_ref().map(|text| text.content.clone()),
        link: link(&feed.links),
        entries: entries.collect(),
    })
}
