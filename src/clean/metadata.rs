//! What a page says of its article: title, authors, outlet, date, language, address.
//!
//! Sources in the order they are believed: JSON-LD, OpenGraph, other `<meta>`, marked-up elements, the
//! page's address; the extractor's own guesses last.

use serde_json::Value;
use trafilatura::dom::Document;
use url::Url;

use super::{dates, shape};
use crate::domain::Published;

/// What was found; nothing here is checked against the body.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Best first.
    pub titles: Vec<String>,
    pub authors: Vec<String>,
    pub outlet: Option<String>,
    pub published: Option<Published>,
    pub lang: Option<String>,
    /// The article's text, as JSON-LD gives it.
    pub body: Option<String>,
    pub canonical_url: Option<String>,
    pub page: PageKind,
    /// The page says that it is not free to read.
    pub paywalled: bool,
}

/// What the page says it is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageKind {
    #[default]
    Unknown,
    Article,
    LiveBlog,
    Video,
    List,
}

pub(super) fn read(document: &Document, url: Option<&Url>) -> Facts {
    let linked = LinkedData::of(document);
    let meta = Meta::of(document);
    let canonical = canonical(document, &meta, &linked, url);
    let page_url = canonical.as_ref().or(url);
    Facts {
        titles: titles(document, &meta, &linked),
        authors: authors(&meta, &linked),
        outlet: linked.outlet.clone().or_else(|| {
            meta.first(&["og:site_name", "application-name", "dc.publisher", "citation_journal_title"])
        }),
        published: published(document, &meta, &linked, page_url, url),
        lang: language(document, &meta),
        body: linked.body.clone(),
        page: page_kind(&meta, &linked),
        paywalled: linked.free == Some(false)
            || meta.first(&["article:content_tier"]).is_some_and(|tier| tier != "free"),
        canonical_url: canonical.map(String::from),
    }
}

fn titles(document: &Document, meta: &Meta, linked: &LinkedData) -> Vec<String> {
    let root = document.root();
    let headings = document.get_elements_by_tag_name(root, "h1");
    let heading = match headings.as_slice() {
        [only] => Some(document.text_content(*only)),
        _ => None,
    };
    let title = document.get_elements_by_tag_name(root, "title").first().map(|id| document.text_content(*id));
    [
        linked.title.clone(),
        meta.first(&["og:title", "twitter:title", "dc.title", "title", "parsely-title"]),
        heading,
        title,
    ]
    .into_iter()
    .flatten()
    .map(|title| shape::collapse(&unescape(&title)))
    .filter(|title| !title.is_empty())
    .collect()
}

fn authors(meta: &Meta, linked: &LinkedData) -> Vec<String> {
    if !linked.authors.is_empty() {
        return linked.authors.clone();
    }
    let names = [
        "author", "article:author", "og:article:author", "byl", "dc.creator", "dc.contributor",
        "parsely-author", "sailthru.author", "citation_author", "twitter:data1",
    ];
    let label = meta.first(&["twitter:label1"]).map(|label| label.to_lowercase());
    names
        .into_iter()
        .filter(|name| {
            *name != "twitter:data1"
                || label.as_deref().is_some_and(|l| l.contains("written") || l.contains("author"))
        })
        .map(|name| meta.all(name))
        .find(|found| found.iter().any(|name| is_name(name)))
        .map(|found| found.into_iter().filter(|name| is_name(name)).collect())
        .unwrap_or_default()
}

/// An author is no address and no account.
fn is_name(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
        && !text.contains("://")
        && !text.starts_with('@')
        && !text.contains("www.")
        && shape::word_count(text) <= 30
        && !matches!(
            text.to_lowercase().as_str(),
            "admin" | "administrator" | "author" | "editor" | "staff" | "no author" | "null" | "undefined"
        )
}

fn published(
    document: &Document,
    meta: &Meta,
    linked: &LinkedData,
    page: Option<&Url>,
    url: Option<&Url>,
) -> Option<Published> {
    let named = [
        "article:published_time",
        "og:article:published_time",
        "og:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publishdate",
        "publish-date",
        "publish_date",
        "publication_date",
        "article.published",
        "article_date_original",
        "parsely-pub-date",
        "sailthru.date",
        "cxenseparse:recs:publishtime",
        "dc.date.issued",
        "dc.date.created",
        "dcterms.created",
        "dcterms.date",
        "dc.date",
        "originalpublicationdate",
        "citation_publication_date",
        "citation_date",
        "timestamp",
        "rnews:datepublished",
        "article:created",
        "og:pubdate",
    ];
    let mut found: Vec<Published> = Vec::new();
    found.extend(linked.published.as_deref().and_then(dates::parse));
    found.extend(named.iter().filter_map(|name| dates::parse(&meta.first(&[name])?)));
    let times = document.query_selector_all(
        document.root(),
        "[itemprop=datePublished], time[pubdate], time[class*=publish], time[class*=entry-date], article time[datetime], header time[datetime], time[datetime]",
    );
    found.extend(times.into_iter().take(50).find_map(|id| {
        ["datetime", "content"]
            .iter()
            .find_map(|name| dates::parse(&document.get_attribute(id, name)?))
            .or_else(|| dates::parse(&document.text_content(id)))
    }));
    found.extend([page, url].into_iter().flatten().find_map(dates::in_url));
    let first = *found.first()?;
    // A source further down may know the hour of the same day.
    match first {
        Published::Moment(_) => Some(first),
        Published::Day(day) => found
            .into_iter()
            .find(|other| matches!(other, Published::Moment(at) if at.date_naive() == day))
            .or(Some(first)),
    }
}

fn language(document: &Document, meta: &Meta) -> Option<String> {
    let html = document.get_elements_by_tag_name(document.root(), "html");
    let declared = html.first().and_then(|id| {
        document.get_attribute(*id, "lang").or_else(|| document.get_attribute(*id, "xml:lang"))
    });
    [declared, meta.first(&["og:locale", "content-language", "language", "dc.language"])]
        .into_iter()
        .flatten()
        .find_map(|tag| {
            let code: String = tag
                .trim()
                .chars()
                .take_while(char::is_ascii_alphabetic)
                .collect::<String>()
                .to_ascii_lowercase();
            (code.len() == 2).then_some(code)
        })
}

fn canonical(document: &Document, meta: &Meta, linked: &LinkedData, url: Option<&Url>) -> Option<Url> {
    let link = document
        .query_selector_all(document.root(), "link[rel=canonical]")
        .first()
        .and_then(|id| document.get_attribute(*id, "href"));
    [link, meta.first(&["og:url"]), linked.url.clone()].into_iter().flatten().find_map(|address| {
        let address = address.trim();
        let found = match url {
            Some(base) => base.join(address).ok()?,
            None => Url::parse(address).ok()?,
        };
        let web = matches!(found.scheme(), "http" | "https")
            && found.host_str().is_some_and(|host| host.contains('.'));
        // Templates that call every page the front page.
        let front =
            found.path() == "/" && found.query().is_none() && url.is_some_and(|url| url.path() != "/");
        (web && !front).then_some(found)
    })
}

fn page_kind(meta: &Meta, linked: &LinkedData) -> PageKind {
    if linked.page != PageKind::Unknown {
        return linked.page;
    }
    match meta.first(&["og:type"]).as_deref() {
        Some("article") => PageKind::Article,
        Some(kind) if kind.starts_with("video") => PageKind::Video,
        _ => PageKind::Unknown,
    }
}

/// The `<meta>` elements by lower-case name, in page order.
struct Meta(Vec<(String, String)>);

impl Meta {
    fn of(document: &Document) -> Self {
        let mut pairs = Vec::new();
        for id in document.get_elements_by_tag_name(document.root(), "meta").into_iter().take(500) {
            let Some(content) =
                document.get_attribute(id, "content").map(|content| shape::collapse(&content))
            else {
                continue;
            };
            for name in ["property", "name", "itemprop", "http-equiv"] {
                if let Some(name) = document.get_attribute(id, name).filter(|_| !content.is_empty()) {
                    pairs.push((name.trim().to_ascii_lowercase(), content.clone()));
                }
            }
        }
        Self(pairs)
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find_map(|name| self.0.iter().find(|(own, _)| own == name).map(|(_, content)| content.clone()))
    }

    fn all(&self, name: &str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for (_, content) in self.0.iter().filter(|(own, _)| own == name) {
            if !all.contains(content) && all.len() < 20 {
                all.push(content.clone());
            }
        }
        all
    }
}

/// The article among a page's JSON-LD (schema.org).
#[derive(Debug, Default)]
struct LinkedData {
    title: Option<String>,
    authors: Vec<String>,
    outlet: Option<String>,
    published: Option<String>,
    url: Option<String>,
    free: Option<bool>,
    body: Option<String>,
    page: PageKind,
}

impl LinkedData {
    fn of(document: &Document) -> Self {
        let mut nodes = Vec::new();
        for id in document.get_elements_by_tag_name(document.root(), "script") {
            let json = document
                .get_attribute(id, "type")
                .is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"));
            if json && let Some(value) = parse_json(&document.text_content(id)) {
                collect(&value, &mut nodes, 0);
            }
        }
        let mut found = Self::default();
        let Some(article) = nodes
            .iter()
            .find(|node| kind_of(node) == PageKind::Article || kind_of(node) == PageKind::LiveBlog)
        else {
            // Without an article the page's own node still knows its date and outlet.
            if let Some(page) = nodes
                .iter()
                .find(|node| has_type(node, &["WebPage", "VideoObject", "CollectionPage", "PodcastEpisode"]))
            {
                found.published = string(page, &["datePublished", "uploadDate"]);
                found.outlet = name(&page["publisher"]);
                found.page =
                    nodes.iter().map(kind_of).find(|kind| *kind != PageKind::Unknown).unwrap_or_default();
            }
            return found;
        };
        found.page = kind_of(article);
        found.title = string(article, &["headline", "name"]);
        found.published = string(article, &["datePublished", "dateCreated"]);
        // Its line breaks count.
        found.body = article["articleBody"].as_str().map(unescape);
        found.url = string(article, &["url", "mainEntityOfPage"])
            .or_else(|| string(&article["mainEntityOfPage"], &["@id", "url"]));
        found.free = match &article["isAccessibleForFree"] {
            Value::Bool(free) => Some(*free),
            Value::String(free) => free.parse().or_else(|_| free.to_lowercase().parse()).ok(),
            _ => None,
        };
        let resolve = |value: &Value| -> Option<String> {
            // Authors and publishers may be references to other nodes.
            name(value).or_else(|| {
                let id = value["@id"].as_str()?;
                nodes.iter().find(|node| node["@id"].as_str() == Some(id)).and_then(name)
            })
        };
        found.outlet = resolve(&article["publisher"]);
        let authors = match &article["author"] {
            Value::Null => &article["creator"],
            other => other,
        };
        for author in as_list(authors) {
            if let Some(name) = resolve(author).filter(|name| is_name(name) && !found.authors.contains(name))
            {
                found.authors.push(name);
            }
        }
        found
    }
}

/// JSON as pages write it: with raw line breaks in strings, wrapped in comments.
pub(super) fn parse_json(text: &str) -> Option<Value> {
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
        serde_json::from_str(&flat).ok()
    })
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
    names
        .iter()
        .filter_map(|name| node[*name].as_str())
        .map(|text| shape::collapse(&unescape(text)))
        .find(|text| !text.is_empty())
}

/// The name of a person or organization, given as an object, a list or a string.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(shape::collapse(&unescape(name))).filter(|name| !name.is_empty()),
        Value::Array(items) => items.first().filter(|item| !item.is_array()).and_then(name),
        Value::Object(_) => string(value, &["name", "legalName"])
            .or_else(|| name(&value["name"]).filter(|_| value["name"].is_array())),
        _ => None,
    }
}

/// The entities that survive in JSON and doubly escaped attributes.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#039;", "'"),
        ("&apos;", "'"),
        ("&rsquo;", "’"),
        ("&lsquo;", "‘"),
        ("&ldquo;", "“"),
        ("&rdquo;", "”"),
        ("&#8217;", "’"),
        ("&#8216;", "‘"),
        ("&#8220;", "“"),
        ("&#8221;", "”"),
        ("&ndash;", "–"),
        ("&#8211;", "–"),
        ("&mdash;", "—"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

/// One line of authors out of what a page gives: no "By", no trade, no outlet.
pub(super) fn byline(authors: &[String], outlet: Option<&str>) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for author in authors.iter().flat_map(|author| author.split([';', '|'])) {
        let author = shape::collapse(author);
        let bare = ["By ", "by ", "BY ", "Written by ", "View all posts by ", "Von ", "Por ", "Par "]
            .into_iter()
            .find_map(|prefix| author.strip_prefix(prefix))
            .unwrap_or(&author)
            .trim_matches(|c: char| c.is_whitespace() || ",:•-–—".contains(c));
        let is_outlet = outlet.is_some_and(|outlet| shape::fingerprint(outlet) == shape::fingerprint(bare));
        if is_name(bare)
            && (!is_outlet || authors.len() == 1)
            && !names.iter().any(|name| name.eq_ignore_ascii_case(bare))
        {
            names.push(bare.to_owned());
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}
