//! The feeds to read, and what is right for each.

use std::path::Path;

use serde_json::Value as Json;
use url::Url;

use super::expect::{Expectation, Field, Out, Value};
use super::python;
use crate::unpack;

/// Where feedparser serves its tests; some expect it in resolved addresses.
const FEEDPARSER: &str = "http://127.0.0.1:8097/tests/";

/// A feed and what is right for it.
pub struct Case {
    pub name: String,
    pub bytes: Vec<u8>,
    pub content_type: Option<String>,
    pub base: Url,
    pub expected: Vec<Expectation>,
    /// The parts of its test that are put aside.
    pub out: Vec<Out>,
}

/// Cases that are told in one row.
pub struct Set {
    pub name: &'static str,
    pub cases: Vec<Case>,
}

/// All sets of a folder `feeds`.
///
/// # Errors
/// What is not there, or not as the folder's README says.
pub fn load(data: &Path) -> anyhow::Result<Vec<Set>> {
    let files = unpack(&data.join("feedparser-tests.tar.xz"))?;
    let mut sets = Vec::new();
    for name in ["wellformed", "entities", "illformed", "encoding"] {
        let of_set = files.iter().filter(|(path, _)| path.starts_with(name) && path.ends_with(".xml"));
        let cases = of_set.map(|(path, bytes)| feedparser(path, bytes)).collect::<anyhow::Result<_>>()?;
        sets.push(Set { name, cases });
    }
    let files = unpack(&data.join("gofeed.tar.xz"))?;
    let mut cases = Vec::new();
    for (path, bytes) in &files {
        let expected = if let Some(stem) = path.strip_suffix(".xml") {
            files.get(&format!("{stem}.json"))
        } else if let Some(stem) = path.strip_suffix(".json") {
            files.get(&format!("{stem}_expected.json"))
        } else {
            continue;
        };
        let Some(expected) = expected else { continue };
        let expected = gofeed(&serde_json::from_slice(expected)?);
        let base = Url::parse("http://example.org/feed.xml")?;
        cases.push(Case {
            name: path.clone(),
            bytes: bytes.clone(),
            content_type: None,
            base,
            expected,
            out: Vec::new(),
        });
    }
    sets.push(Set { name: "gofeed", cases });
    Ok(sets)
}

fn feedparser(path: &str, bytes: &[u8]) -> anyhow::Result<Case> {
    let comment = comment(bytes);
    let line = |label: &str| {
        comment.lines().find_map(|line| Some(line.trim_start().strip_prefix(label)?.trim().to_owned()))
    };
    let header = |wanted: &str| {
        comment.lines().find_map(|line| {
            let (name, value) = line.trim_start().strip_prefix("Header:")?.trim().split_once(':')?;
            name.eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
        })
    };
    let base = Url::parse(FEEDPARSER)?.join(path)?;
    let base = header("Content-Location").and_then(|at| base.join(&at).ok()).unwrap_or(base);
    let (mut expected, mut out) =
        line("Expect:").map(|source| python::conditions(&source)).unwrap_or_default();
    if path.contains("/cdf/") {
        out.extend(expected.drain(..).map(|_| Out::Format));
    }
    let content_type = header("Content-type");
    Ok(Case { name: path.to_owned(), bytes: bytes.to_vec(), content_type, base, expected, out })
}

/// The file as text, as far as its comment goes: ASCII within UTF-16 and UTF-32 too.
fn comment(bytes: &[u8]) -> String {
    let narrow: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    match String::from_utf8(narrow) {
        Ok(text) => text,
        Err(error) => error.into_bytes().into_iter().map(char::from).collect(),
    }
}

/// The expectations of gofeed's output; its own names and those of the formats.
fn gofeed(feed: &Json) -> Vec<Expectation> {
    let mut expected = Vec::new();
    let mut add = |field: Field, value: Option<Value>| {
        expected.extend(value.map(|value| Expectation { field, values: vec![value] }));
    };
    add(Field::FeedTitle, text(feed, &["title"]));
    add(Field::FeedLink, text(feed, &["link", "home_page_url"]));
    let entries = feed.get("items").or_else(|| feed.get("entries")).and_then(Json::as_array);
    for (at, entry) in entries.into_iter().flatten().enumerate() {
        add(Field::Title(at), text(entry, &["title"]));
        add(Field::Link(at), text(entry, &["link", "url"]));
        add(Field::Id(at), text(entry, &["guid", "id"]));
        let date = text(
            entry,
            &["publishedParsed", "pubDateParsed", "date_published", "updatedParsed", "date_modified"],
        );
        add(Field::Date(at), date);
        add(Field::Summary(at), text(entry, &["description", "summary"]));
        add(Field::Content(at), text(entry, &["content", "content_html"]));
        let author = ["author", "authors"].iter().find_map(|name| match entry.get(name)? {
            Json::Array(several) => text(several.first()?, &["name", "email"]),
            one @ Json::Object(_) => text(one, &["name", "email"]),
            _ => text(entry, &[name]),
        });
        // RSS writes an address and a name in one.
        let author = author.map(|author| match author {
            Value::Text(author) => Value::Text(name_of(&author).to_owned()),
            other => other,
        });
        add(Field::Author(at), author);
    }
    expected
}

fn name_of(author: &str) -> &str {
    match author.split_once(" (") {
        Some((address, name)) if address.contains('@') => name.trim_end_matches(')'),
        Some((name, _)) => name,
        None => author,
    }
}

/// The first of `names` that is there: a string, or an object with a value.
fn text(of: &Json, names: &[&str]) -> Option<Value> {
    names.iter().find_map(|name| {
        let found = of.get(name)?;
        let found = found.get("value").unwrap_or(found);
        found.as_str().map(|text| Value::Text(text.to_owned()))
    })
}
