//! The article among a page's JSON-LD (schema.org).

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;
use trafilatura::dom::Document;

use super::PageKind;
use super::meta::{self, plain};
use crate::clean::shape;

/// What the page's JSON-LD says of the article, as it says it.
#[derive(Debug, Default)]
pub(super) struct LinkedData {
    pub title: Option<String>,
    pub authors: Vec<String>,
    pub outlet: Option<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    pub url: Option<String>,
    /// Addresses of pictures, best first.
    pub images: Vec<String>,
    pub section: Option<String>,
    pub tags: Vec<String>,
    pub free: Option<bool>,
    /// Its line breaks are kept.
    pub body: Option<String>,
    pub page: PageKind,
}

impl LinkedData {
    /// `titles` tell the article from others that the page describes.
    pub fn of(document: &Document, titles: &[String]) -> Self {
        let mut nodes = Vec::new();
        let mut broken = String::new();
        for id in document.get_elements_by_tag_name(document.root(), "script") {
            let json = document
                .get_attribute(id, "type")
                .is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"));
            if !json {
                continue;
            }
            let text = document.text_content(id);
            match parse_json(&text) {
                Some(value) => collect(&value, &mut nodes, 0),
                None => broken.push_str(&text),
            }
        }
        let mut found = Self::read(&nodes, titles);
        if found.published.is_none() {
            found.published = field(&broken, "datePublished");
            found.modified = found.modified.or_else(|| field(&broken, "dateModified"));
        }
        found
    }

    fn read(nodes: &[Value], titles: &[String]) -> Self {
        let mut found = Self::default();
        let articles =
            || nodes.iter().filter(|node| matches!(kind_of(node), PageKind::Article | PageKind::LiveBlog));
        let named = articles().find(|node| {
            let title = string(node, &["headline", "name"]).map(|title| shape::fingerprint(&title));
            title.is_some_and(|title| {
                !title.is_empty() && titles.iter().any(|t| shape::fingerprint(t).starts_with(&title))
            })
        });
        let resolve = |value: &Value| -> Option<String> {
            // Authors and publishers may be references to other nodes.
            name(value).or_else(|| {
                let id = value["@id"].as_str()?;
                nodes.iter().find(|node| node["@id"].as_str() == Some(id)).and_then(name)
            })
        };
        let Some(article) = named.or_else(|| articles().next()) else {
            // Without an article the page's own node still knows its date and outlet.
            let own = ["WebPage", "ItemPage", "VideoObject", "CollectionPage", "PodcastEpisode", "Recipe"];
            if let Some(page) = nodes.iter().find(|node| has_type(node, &own)) {
                found.published = string(page, &["datePublished", "uploadDate"]);
                found.modified = string(page, &["dateModified"]);
                found.outlet = resolve(&page["publisher"]);
                found.authors = authors(page, &resolve);
                found.page =
                    nodes.iter().map(kind_of).find(|kind| *kind != PageKind::Unknown).unwrap_or_default();
            }
            return found;
        };
        found.page = kind_of(article);
        found.title = string(article, &["headline", "name"]);
        found.published = string(article, &["datePublished", "dateCreated"]);
        found.modified = string(article, &["dateModified"]);
        found.body = article["articleBody"].as_str().map(meta::unescape);
        found.url = string(article, &["url", "mainEntityOfPage"])
            .or_else(|| string(&article["mainEntityOfPage"], &["@id", "url"]));
        found.free = truth(&article["isAccessibleForFree"]).or_else(|| {
            as_list(&article["hasPart"]).iter().find_map(|part| truth(&part["isAccessibleForFree"]))
        });
        found.outlet = resolve(&article["publisher"]);
        found.authors = authors(article, &resolve);
        found.images = [&article["image"], &article["thumbnailUrl"]]
            .into_iter()
            .flat_map(as_list)
            .filter_map(|image| picture(image, nodes))
            .collect();
        found.section = as_list(&article["articleSection"]).into_iter().find_map(name);
        found.tags = as_list(&article["keywords"]).into_iter().filter_map(name).collect();
        found
    }
}

fn authors(node: &Value, resolve: &dyn Fn(&Value) -> Option<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let given = [&node["author"], &node["creator"]].into_iter().find(|value| !value.is_null());
    for author in given.into_iter().flat_map(as_list) {
        // An object of lists: {"@type": "Person", "name": ["A", "B"]}.
        let found: Vec<String> = match &author["name"] {
            Value::Array(list) => list.iter().take(50).filter_map(resolve).collect(),
            _ => resolve(author).into_iter().collect(),
        };
        for name in found {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// The address of an image given as an address, an object or a reference; not one that says it is tiny.
fn picture(image: &Value, nodes: &[Value]) -> Option<String> {
    const SMALLEST: f64 = 100.0;
    let pixels =
        |value: &Value| value.as_f64().or_else(|| value.as_str()?.trim_end_matches("px").trim().parse().ok());
    let direct = |node: &Value| -> Option<String> {
        let tiny = [&node["width"], &node["height"]]
            .into_iter()
            .any(|side| pixels(side).is_some_and(|side| side < SMALLEST));
        string(node, &["url", "contentUrl"]).filter(|_| !tiny)
    };
    match image {
        Value::String(url) => Some(url.clone()),
        Value::Object(_) => direct(image).or_else(|| {
            let id = image["@id"].as_str()?;
            nodes.iter().find(|node| node["@id"].as_str() == Some(id)).and_then(direct)
        }),
        _ => None,
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) => text.trim().to_lowercase().parse().ok(),
        _ => None,
    }
}

/// JSON as pages write it: with raw line breaks in strings, wrapped in comments.
pub fn parse_json(text: &str) -> Option<Value> {
    static COMMA: LazyLock<Regex> = LazyLock::new(|| Regex::new(r",\s*([}\]])").expect("a fixed pattern"));
    let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let text = text.strip_prefix("//<![CDATA[").or_else(|| text.strip_prefix("<![CDATA[")).unwrap_or(text);
    let text = text
        .strip_suffix("//]]>")
        .or_else(|| text.strip_suffix("]]>"))
        .unwrap_or(text)
        .trim()
        .trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| {
        let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&flat)
            .ok()
            .or_else(|| serde_json::from_str(&COMMA.replace_all(&flat, "$1")).ok())
    })
}

/// A field of JSON too broken to parse.
fn field(text: &str, name: &str) -> Option<String> {
    let after = text.split_once(&format!("\"{name}\""))?.1.trim_start().strip_prefix(':')?.trim_start();
    let value = after.strip_prefix('"')?.split('"').next()?;
    (value.len() < 60).then(|| value.to_owned())
}

/// Objects of a JSON-LD document in order, out of arrays and `@graph`.
fn collect(value: &Value, nodes: &mut Vec<Value>, depth: usize) {
    if depth > 4 || nodes.len() > 500 {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, nodes, depth + 1)),
        Value::Object(fields) => {
            if let Some(graph) = fields.get("@graph") {
                collect(graph, nodes, depth + 1);
            }
            if fields.contains_key("@type") {
                nodes.push(value.clone());
            }
            if let Some(main) = fields.get("mainEntity") {
                collect(main, nodes, depth + 1);
            }
        }
        _ => {}
    }
}

fn has_type(node: &Value, names: &[&str]) -> bool {
    as_list(&node["@type"]).iter().filter_map(|kind| kind.as_str()).any(|kind| names.contains(&kind))
}

fn kind_of(node: &Value) -> PageKind {
    let types: Vec<&str> = as_list(&node["@type"]).into_iter().filter_map(Value::as_str).collect();
    let any = |test: fn(&str) -> bool| types.iter().any(|kind| test(kind));
    if any(|kind| kind == "LiveBlogPosting") {
        PageKind::LiveBlog
    } else if any(|kind| {
        kind.ends_with("Article") || matches!(kind, "BlogPosting" | "SocialMediaPosting" | "Report")
    }) {
        PageKind::Article
    } else if any(|kind| kind == "VideoObject") {
        PageKind::Video
    } else if any(|kind| matches!(kind, "CollectionPage" | "SearchResultsPage")) {
        PageKind::List
    } else {
        PageKind::Unknown
    }
}

fn as_list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().take(50).collect(),
        Value::Null => Vec::new(),
        other => vec![other],
    }
}

fn string(node: &Value, names: &[&str]) -> Option<String> {
    names.iter().filter_map(|name| node[*name].as_str()).map(plain).find(|text| !text.is_empty())
}

/// The name of a person or organization, given as an object, a list or a string.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(plain(name)).filter(|name| !name.is_empty()),
        Value::Array(items) => items.first().filter(|item| !item.is_array()).and_then(name),
        Value::Object(_) => string(value, &["name", "legalName"])
            .or_else(|| name(&value["name"]).filter(|_| value["name"].is_array())),
        _ => None,
    }
}
