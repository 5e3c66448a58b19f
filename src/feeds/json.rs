//! JSON Feed (versions 1 and 1.1, jsonfeed.org) as the parser behind likes it.
//!
//! The parser refuses a whole feed for one identifier that is a number, and keeps every item it is given.

use serde_json::{Map, Value, json};

use super::FeedError;
use super::tidy::MAX_ENTRIES;

/// Depth at which serde_json stops.
const MAX_DEPTH: usize = 128;

/// The feed with nothing but the fields that dateline uses, each a string; and what was wrong with it.
pub(super) fn tidy(text: &str) -> Result<(Vec<u8>, Vec<String>), FeedError> {
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
    let mut warnings = Vec::new();
    if items.len() > MAX_ENTRIES {
        warnings.push(format!("The feed has more than {MAX_ENTRIES} entries; the first were read."));
    }
    let items: Vec<Value> = items.iter().take(MAX_ENTRIES).map(item).collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": string(value.get("title")).unwrap_or_default(),
        "items": items,
    });
    Ok((feed.to_string().into_bytes(), warnings))
}

fn item(item: &Value) -> Value {
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
    Value::Object(kept)
}

fn string(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
