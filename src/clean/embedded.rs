//! Bodies that a page shows only after its scripts have run: JSON-LD's `articleBody`, the state that web
//! applications carry along (Next.js, Nuxt and their like), `<noscript>`.
//!
//! No framework is known by name. A script's JSON is walked for what an article must be in any of them:
//! one string of markup with paragraphs, or one list whose items are prose.

use std::collections::HashSet;

use serde_json::Value;
use trafilatura::dom::Document;

use super::page::Page;
use super::residue::{Block, Kind};
use super::shape::{self, Shape};
use super::{lines, metadata};

/// Fewer words of prose are no article.
const MIN_WORDS: usize = 60;
/// More words speak no more for a text.
const ENOUGH_WORDS: usize = 400;
/// Scripts with a larger text are not looked into, in bytes.
const MAX_SCRIPT: usize = 3 << 20;
/// Beginnings of objects that are tried in one script.
const MAX_STARTS: usize = 20;
/// Depth of JSON that is followed; serde_json's own limit is 128.
const MAX_DEPTH: usize = 100;

/// What the body of a page must fit to.
pub(super) struct Wanted<'a> {
    /// What JSON-LD gives as the text.
    pub article_body: Option<&'a str>,
    /// The headline in all its forms.
    pub titles: &'a [String],
    /// What the page shows of the text: its beginning, often.
    pub shown: &'a [Block],
    /// Fewer words of prose are not wanted.
    pub min_words: usize,
}

/// The body outside the markup that fits the page best, as paragraphs.
///
/// A state holds other stories too: the headline's words, and what the page shows of the text, tell them
/// apart.
pub(super) fn body(document: &Document, wanted: &Wanted) -> Option<Vec<Block>> {
    let content = |texts: &mut dyn Iterator<Item = &str>| -> HashSet<String> {
        texts.flat_map(shape::content_words).collect()
    };
    let mut best = Best {
        title: content(&mut wanted.titles.iter().map(String::as_str)),
        shown: content(&mut wanted.shown.iter().map(|block| block.text.as_str())),
        min_words: wanted.min_words.max(MIN_WORDS),
        score: 0.0,
        blocks: None,
    };
    let article_body = wanted.article_body;
    if let Some(text) = article_body {
        best.offer(from_string(text), 1);
    }
    let root = document.root();
    for id in document.get_elements_by_tag_name(root, "noscript") {
        best.offer(from_string(&document.text_content(id)), 1);
    }
    let mut flight = String::new();
    for id in document.get_elements_by_tag_name(root, "script") {
        let text = document.text_content(id);
        if text.len() > MAX_SCRIPT {
            continue;
        }
        let kind = document.get_attribute(id, "type").unwrap_or_default().to_ascii_lowercase();
        if kind.contains("json") {
            // JSON-LD has been read already: what else it holds is about the article, not its text.
            if !kind.contains("ld+json")
                && let Some(state) = metadata::parse_json(&text)
            {
                best.walk(&state, "", 0);
            }
        } else {
            for state in values(&text, &mut flight) {
                best.walk(&state, "", 0);
            }
        }
    }
    for row in flight.lines() {
        let json = row.split_once(':').map(|(_, json)| json).filter(|json| json.starts_with(['[', '{']));
        if let Some(state) = json.and_then(|json| serde_json::from_str(json).ok()) {
            best.walk(&state, "", 0);
        }
    }
    best.blocks
}

/// The JSON values that a script assigns or passes on; pieces of a streamed state go to `flight`.
fn values(script: &str, flight: &mut String) -> Vec<Value> {
    let mut found = Vec::new();
    let mut at = 0;
    for _ in 0..MAX_STARTS {
        let Some(start) = script[at..].find(['{', '[', '"']).map(|start| at + start) else { break };
        let before = script[..start].trim_end();
        let mut values = serde_json::Deserializer::from_str(&script[start..]).into_iter::<Value>();
        let assigned = before.ends_with(['=', '(', ':']) || before.is_empty();
        match values.next().filter(|_| assigned) {
            Some(Ok(Value::String(inner))) if before.ends_with('(') => {
                // JSON.parse("…")
                found.extend(serde_json::from_str(&inner).ok());
                at = start + values.byte_offset();
            }
            Some(Ok(Value::Array(items))) if before.ends_with(".push(") => {
                // A chunk of a state that is streamed in rows of `id:json`.
                items.iter().filter_map(Value::as_str).for_each(|chunk| flight.push_str(chunk));
                at = start + values.byte_offset();
            }
            Some(Ok(value @ (Value::Object(_) | Value::Array(_)))) => {
                found.push(value);
                at = start + values.byte_offset();
            }
            _ => at = start + 1,
        }
    }
    found
}

struct Best {
    /// Content words of the headline, and of what the page shows.
    title: HashSet<String>,
    shown: HashSet<String>,
    min_words: usize,
    score: f64,
    blocks: Option<Vec<Block>>,
}

impl Best {
    /// `weight` doubles what the state itself calls the body.
    fn offer(&mut self, blocks: Vec<Block>, weight: usize) {
        let words = prose_words(&blocks);
        if words < self.min_words {
            return;
        }
        let content: HashSet<String> =
            blocks.iter().flat_map(|block| shape::content_words(&block.text)).collect();
        let share = |wanted: &HashSet<String>| {
            wanted.iter().filter(|word| content.contains(*word)).count() as f64 / wanted.len().max(1) as f64
        };
        let score =
            (weight * words.min(ENOUGH_WORDS)) as f64 * (0.1 + share(&self.title) + share(&self.shown));
        if score > self.score {
            (self.score, self.blocks) = (score, Some(blocks));
        }
    }

    fn walk(&mut self, value: &Value, key: &str, depth: usize) {
        let Some(weight) = weight(key).filter(|_| depth < MAX_DEPTH) else { return };
        match value {
            Value::String(text) if text.len() > 5 * MIN_WORDS && text.contains("</") => {
                self.offer(from_string(text), weight);
            }
            Value::Array(items) => {
                if items.len() > 1 {
                    self.offer(items.iter().flat_map(from_item).collect(), weight);
                }
                items.iter().for_each(|item| self.walk(item, key, depth + 1));
            }
            Value::Object(fields) => {
                fields.iter().for_each(|(key, value)| self.walk(value, key, depth + 1));
            }
            _ => {}
        }
    }
}

/// Words of the paragraphs that are prose.
pub(super) fn prose_words(blocks: &[Block]) -> usize {
    let prose = blocks.iter().filter(|block| shape::shape(&block.text) == Shape::Prose);
    prose.map(|block| shape::word_count(&block.text)).sum()
}

/// How much a field's name speaks for an article's body; `None`: what is in it is something else.
fn weight(key: &str) -> Option<usize> {
    let key = key.to_ascii_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| key.contains(word));
    if names(&[
        "comment", "related", "recommend", "popular", "trending", "teaser", "promo", "newsletter", "footer",
    ]) {
        return None;
    }
    Some(if names(&["body", "content", "article", "paragraph", "blocks"]) { 2 } else { 1 })
}

/// A string as paragraphs: markup is read as a page's is.
fn from_string(text: &str) -> Vec<Block> {
    if text.contains("</") || text.contains("<p>") || text.contains("<br") {
        let page = Page::read(&Document::parse(text));
        return page.pieces.iter().map(|piece| page.block(piece)).collect();
    }
    lines::paragraphs(text).into_iter().map(Block::plain).collect()
}

/// One item of a list as paragraphs: its text, whatever the fields around it are called.
fn from_item(item: &Value) -> Vec<Block> {
    let kind = ["type", "_type", "__typename", "kind", "style", "tag", "tagName", "name"]
        .iter()
        .find_map(|name| item[*name].as_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| kind.contains(word));
    if names(&[
        "image", "photo", "gallery", "video", "audio", "embed", "related", "ad", "promo", "newsletter",
        "link",
    ]) && !names(&["head", "lead", "paragraph"])
    {
        return Vec::new();
    }
    let mut text = String::new();
    spell(item, "", &mut text, 0);
    let mut blocks = from_string(&text);
    if names(&["head", "title", "h2", "h3", "h4"]) {
        blocks.iter_mut().for_each(|block| block.kind = Kind::Heading);
    } else if names(&["list"]) {
        blocks.iter_mut().for_each(|block| block.kind = Kind::Item);
    }
    blocks
}

/// Writes the text of a value: its strings in order, those of text-like fields only.
fn spell(value: &Value, key: &str, out: &mut String, depth: usize) {
    const TEXTUAL: [&str; 12] = [
        "text", "content", "value", "html", "body", "paragraph", "data", "children", "copy", "markup",
        "rendered", "items",
    ];
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::String(text) => out.push_str(text),
        Value::Array(items) => {
            for item in items {
                spell(item, key, out, depth + 1);
                // Items of a list stand apart; the spans of a paragraph do not.
                if key == "items" {
                    out.push('\n');
                }
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                if TEXTUAL.contains(&key.as_str()) {
                    spell(value, key, out, depth + 1);
                }
            }
        }
        _ => {}
    }
}
