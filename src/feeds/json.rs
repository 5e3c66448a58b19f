//! JSON Feed (versions 1 and 1.1, jsonfeed.org) as the parser behind likes it.
//!
//! The parser refuses a whole feed for one identifier that is a number, and keeps every item it is given.

use serde_json::{Map, Value, json};

use super::FeedError;
use super::tidy::{Extra, MAX_ENTRIES, MAX_LISTED, Tidy};

/// Depth at which serde_json stops.
const MAX_DEPTH: usize = 128;

/// The feed with nothing but the fields that dateline uses, each a string; and what the parser does not keep.
pub(super) fn tidy(text: &str) -> Result<(Vec<u8>, Tidy), FeedError> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        // The error has no kind for it.
        if error.to_string().starts_with("recursion limit") {
            FeedError::TooDeep { limit: MAX_DEPTH }
        } else {
            FeedError::Unreadable(format!("broken JSON, {error}"))
        }
    })?;
    let Some(items) = value.get("items").and_then(Value::as_array) else {
        return Err(FeedError::NotAFeed("JSON of another kind"));
    };
    let mut tidied = Tidy { site: string(value.get("home_page_url")), ..Tidy::default() };
    tidied.authors = authors(&value);
    if items.len() > MAX_ENTRIES {
        tidied.warnings.push(format!("The feed has more than {MAX_ENTRIES} entries; the first were read."));
    }
    let mut kept = Vec::new();
    for (at, found) in items.iter().take(MAX_ENTRIES).enumerate() {
        kept.push(item(found, at));
        tidied.extras.push(Extra { authors: authors(found), media: media(found), ..Extra::default() });
    }
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": string(value.get("title")).unwrap_or_default(),
        "items": kept,
    });
    Ok((feed.to_string().into_bytes(), tidied))
}

fn item(item: &Value, at: usize) -> Value {
    let fields =
        ["id", "url", "title", "content_html", "content_text", "summary", "date_published", "date_modified"];
    let mut kept: Map<String, Value> =
        fields.iter().filter_map(|name| Some(((*name).to_owned(), string(item.get(name))?.into()))).collect();
    // A link blog's item without a page of its own.
    if !kept.contains_key("url")
        && let Some(url) = string(item.get("external_url"))
    {
        kept.insert("url".to_owned(), url.into());
    }
    // By it an entry finds its extras again.
    kept.insert("tags".to_owned(), json!([at.to_string()]));
    Value::Object(kept)
}

/// Version 1.1 has several authors, version 1 one.
fn authors(of: &Value) -> Vec<String> {
    let several = of.get("authors").and_then(Value::as_array);
    let listed = several.into_iter().flatten().chain(of.get("author"));
    let mut names: Vec<String> = listed.filter_map(|author| string(author.get("name"))).collect();
    names.dedup();
    names.truncate(MAX_LISTED);
    names
}

fn media(item: &Value) -> Vec<(String, Option<String>)> {
    let attachments = item.get("attachments").and_then(Value::as_array).into_iter().flatten();
    let kept = attachments.filter_map(|file| Some((string(file.get("url"))?, string(file.get("mime_type")))));
    kept.take(MAX_LISTED).collect()
}

fn string(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
