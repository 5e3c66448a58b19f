//! What a parser must make of a feed, as far as dateline keeps it, and whether it did.

use chrono::{DateTime, Utc};
use scraper::Html;
use url::Url;

/// A field that dateline keeps; the number is the entry's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    FeedTitle,
    FeedLink,
    Title(usize),
    Link(usize),
    Id(usize),
    /// Of publication or, where there is none, of the last change.
    Date(usize),
    Summary(usize),
    Content(usize),
    Author(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Moment(DateTime<Utc>),
    Absent,
}

/// One of the values is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    pub field: Field,
    pub values: Vec<Value>,
}

/// Why a part of a test is put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Out {
    /// A field that dateline does not keep.
    NotKept,
    /// The state of the parser, or of the request: `bozo`, the encoding's name, headers.
    State,
    /// Compared with a value that is no text or moment.
    Form,
    /// A format that dateline does not read: CDF.
    Format,
}

/// A feed as a parser reads it, in the fields that dateline keeps.
#[derive(Debug, Default)]
pub struct Found {
    pub title: Option<String>,
    pub link: Option<String>,
    pub entries: Vec<FoundEntry>,
}

#[derive(Debug, Default)]
pub struct FoundEntry {
    pub title: Option<String>,
    pub link: Option<String>,
    pub id: Option<String>,
    pub date: Option<DateTime<Utc>>,
    pub summary: Option<String>,
    pub content: Option<String>,
    pub author: Option<String>,
}

impl Found {
    pub fn meets(&self, expected: &Expectation, base: &Url) -> bool {
        expected.values.iter().any(|value| self.has(expected.field, value, base))
    }

    /// What was found instead, for people.
    pub fn shown(&self, field: Field) -> String {
        match field {
            Field::Date(at) => format!("{:?}", self.entries.get(at).and_then(|entry| entry.date)),
            _ => format!("{:?}", self.text(field)),
        }
    }

    fn text(&self, field: Field) -> Option<&str> {
        let of = |at: usize, pick: fn(&FoundEntry) -> &Option<String>| {
            self.entries.get(at).and_then(|entry| pick(entry).as_deref())
        };
        match field {
            Field::FeedTitle => self.title.as_deref(),
            Field::FeedLink => self.link.as_deref(),
            Field::Title(at) => of(at, |entry| &entry.title),
            Field::Link(at) => of(at, |entry| &entry.link),
            Field::Id(at) => of(at, |entry| &entry.id),
            Field::Summary(at) => of(at, |entry| &entry.summary),
            Field::Content(at) => of(at, |entry| &entry.content),
            Field::Author(at) => of(at, |entry| &entry.author),
            Field::Date(_) => None,
        }
    }

    fn has(&self, field: Field, value: &Value, base: &Url) -> bool {
        if let Field::Date(at) = field {
            let found = self.entries.get(at).and_then(|entry| entry.date);
            let second = |at: DateTime<Utc>| at.timestamp();
            return match value {
                Value::Moment(at) => found.map(second) == Some(second(*at)),
                Value::Text(text) => found.is_some() && found.map(second) == moment(text).map(second),
                Value::Absent => found.is_none(),
            };
        }
        let found = self.text(field);
        let expected = match value {
            Value::Text(text) => text.as_str(),
            Value::Absent => "",
            Value::Moment(_) => return false,
        };
        match field {
            Field::FeedLink | Field::Link(_) if !expected.is_empty() => {
                let absolute = |link: &str| base.join(link.trim()).ok();
                found.and_then(absolute).is_some_and(|found| Some(found) == absolute(expected))
            }
            Field::Id(_) => found.unwrap_or_default().trim() == expected.trim(),
            // The address beside the name is not kept.
            Field::Author(_) => {
                let name = expected.split(" (").next().unwrap_or(expected);
                same_text(found.unwrap_or_default(), name) || same_text(found.unwrap_or_default(), expected)
            }
            _ => same_text(found.unwrap_or_default(), expected),
        }
    }
}

/// A date as a test writes it, read by another reader than the one under test.
pub fn moment(text: &str) -> Option<DateTime<Utc>> {
    let read = DateTime::parse_from_rfc2822(text).or_else(|_| DateTime::parse_from_rfc3339(text));
    read.ok().map(|at| at.to_utc())
}

/// Whether two texts say the same, either taken as it stands or as HTML, white space apart: one parser keeps markup
/// and another leaves it out.
fn same_text(found: &str, expected: &str) -> bool {
    let readings =
        |text: &str| [squeezed(text), squeezed(&html_text(text)), squeezed(&html_text(&html_text(text)))];
    let expected = readings(expected);
    readings(found).iter().any(|found| expected.contains(found))
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The text of HTML without that of scripts and styles.
fn html_text(html: &str) -> String {
    let html = Html::parse_fragment(html);
    let texts = html.root_element().descendants().filter_map(|node| {
        let hidden = node.parent().and_then(|parent| parent.value().as_element().map(|of| of.name()));
        if matches!(hidden, Some("script" | "style")) { None } else { node.value().as_text() }
    });
    texts.map(|text| &**text).collect()
}
