//! What a page says of its article: title, authors, outlet, dates, language, address, picture, subject.
//!
//! Sources in the order they are believed: JSON-LD, OpenGraph, other `<meta>`, marked-up elements, the
//! page's address, its text, its scripts' data. The headline is the exception: there the readers' heading comes first.

mod byline;
mod layout;
mod linked_data;
mod meta;
mod shown_times;
mod times;
mod titles;

use trafilatura::dom::Document;
use url::Url;

use super::dates::Order;
use super::shape;
use crate::domain::Published;
use layout::Layout;
use linked_data::LinkedData;
use meta::Meta;

pub(super) use byline::line as byline;
pub(super) use linked_data::parse_json;
pub(super) use titles::whole;

/// What was found; nothing here is checked against the body.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The headline as readers see it.
    pub title: Option<String>,
    /// All its wordings as they came, best first.
    pub titles: Vec<String>,
    pub authors: Vec<String>,
    pub outlet: Option<String>,
    pub published: Option<Published>,
    pub modified: Option<Published>,
    pub lang: Option<String>,
    /// The article's text, as JSON-LD gives it.
    pub body: Option<String>,
    pub canonical_url: Option<String>,
    pub image: Option<String>,
    pub icon: Option<String>,
    pub section: Option<String>,
    pub tags: Vec<String>,
    pub page: PageKind,
    /// The page says that it is not free to read.
    pub paywalled: bool,
    /// What the sources contradict each other on, a sentence each.
    pub warnings: Vec<String>,
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
    let layout = Layout::of(document);
    let meta = Meta::of(document);
    let head: Vec<String> = document
        .get_elements_by_tag_name(document.root(), "title")
        .first()
        .map(|id| meta::plain(&document.text_content(*id)))
        .into_iter()
        .collect();
    let named = ["og:title", "twitter:title", "dc.title", "title", "parsely-title"];
    let declared: Vec<String> = named
        .iter()
        .filter_map(|name| meta.first(&[name]))
        .chain(head)
        .filter(|title| !title.is_empty())
        .collect();
    let linked = LinkedData::of(document, &declared);
    let canonical = canonical(document, &meta, &linked, url);
    let page = canonical.as_ref().or(url);
    let outlet = outlet(&meta, &linked);
    let host = page.or(url).and_then(Url::host_str).map(|host| host.trim_start_matches("www.").to_owned());
    let names = site_names(document, host.as_deref());
    let outlets: Vec<&str> = [outlet.as_deref(), linked.outlet.as_deref(), host.as_deref()]
        .into_iter()
        .flatten()
        .chain(names.iter().map(String::as_str))
        .collect();
    let declared: Vec<String> = linked.title.iter().cloned().chain(declared).collect();
    let titles = titles::read(&layout, &declared, &outlets);
    let outlet = outlet.clone().or_else(|| titles::outlet(&titles, host.as_deref()?));
    let urls: Vec<&Url> = [page, url].into_iter().flatten().collect();
    let times = times::read(&layout, titles.heading, &meta, &linked, &urls, order(document, host.as_deref()));
    Facts {
        authors: byline::authors(&layout, titles.heading, &meta, &linked, &outlets),
        title: titles.best,
        titles: titles.forms,
        published: times.published,
        modified: times.modified,
        warnings: times.warnings,
        lang: language(document, &meta),
        body: linked.body.clone(),
        image: image(&meta, &linked, page),
        icon: icon(document, page),
        section: linked
            .section
            .clone()
            .or_else(|| meta.first(&["article:section", "parsely-section", "section"])),
        tags: tags(&meta, &linked),
        page: page_kind(&meta, &linked),
        paywalled: linked.free == Some(false)
            || meta.first(&["article:content_tier"]).is_some_and(|tier| tier != "free"),
        canonical_url: canonical.map(String::from),
        outlet,
    }
}

fn outlet(meta: &Meta, linked: &LinkedData) -> Option<String> {
    meta.first(&["og:site_name"]).or_else(|| linked.outlet.clone()).or_else(|| {
        meta.first(&[
            "application-name",
            "dc.publisher",
            "citation_journal_title",
            "apple-mobile-web-app-title",
        ])
    })
}

/// What else the site calls itself: its domain, the name of its feed, the words on the link to its front page.
fn site_names(document: &Document, host: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let labels: Vec<&str> = host.into_iter().flat_map(|host| host.split('.')).collect();
    let domain = labels.iter().rev().skip(1).find(|label| label.len() > 3 || labels.len() == 2);
    names.extend(domain.map(|label| (*label).to_owned()));
    let root = document.root();
    let feeds = document.get_elements_by_tag_name(root, "link").into_iter().filter(|id| {
        document.get_attribute(*id, "type").is_some_and(|kind| kind.contains("rss") || kind.contains("atom"))
    });
    let feed = feeds.filter_map(|id| document.get_attribute(id, "title")).next();
    // "Name » Feed".
    names.extend(
        feed.and_then(|title| Some(title.split(['»', '|', '›']).next()?.trim_end_matches("RSS").to_owned())),
    );
    let home = |id: &trafilatura::dom::NodeId| {
        document.get_attribute(*id, "href").is_some_and(|href| {
            let path = href.split_once("://").map_or(href.as_str(), |(_, rest)| rest);
            path == "/"
                || host.is_some_and(|host| path.trim_start_matches("www.").trim_end_matches('/') == host)
        })
    };
    for id in document.get_elements_by_tag_name(root, "a").into_iter().take(200).filter(home).take(3) {
        let image = document
            .get_elements_by_tag_name(id, "img")
            .first()
            .and_then(|img| document.get_attribute(*img, "alt"));
        names.push(document.text_content(id));
        names.extend(image);
        names.extend(document.get_attribute(id, "title"));
    }
    let generic = [
        "home", "startseite", "feed", "rss", "logo", "homepage", "accueil", "inicio", "zur startseite",
        "start", "news", "blog",
    ];
    names
        .iter()
        .map(|name| shape::collapse(name))
        .filter(|name| {
            (3..=60).contains(&name.len())
                && shape::word_count(name) <= 5
                && !generic.contains(&name.to_lowercase().as_str())
        })
        .collect()
}

/// How this page writes 4/7/2022: English pages put the month first, unless they are from elsewhere than America.
fn order(document: &Document, host: Option<&str>) -> Order {
    let html = document.get_elements_by_tag_name(document.root(), "html");
    let lang =
        html.first().and_then(|id| document.get_attribute(*id, "lang")).unwrap_or_default().to_lowercase();
    let abroad = host.is_some_and(|host| {
        ["uk", "au", "nz", "ie", "in", "za", "ng", "ke", "pk", "sg", "my"]
            .iter()
            .any(|country| host.rsplit('.').next() == Some(country))
    });
    let american = lang == "en" || lang.starts_with("en-us") || lang.starts_with("en_us");
    if american && !abroad { Order::MonthFirst } else { Order::DayFirst }
}

/// The lead picture: an absolute address, and no logo or placeholder.
fn image(meta: &Meta, linked: &LinkedData, base: Option<&Url>) -> Option<String> {
    const NO_PICTURE: &[&str] = &[
        "logo", "placeholder", "default", "fallback", "favicon", "sprite", "avatar", "blank", "spacer",
        "1x1", "pixel", "icon", "noimage", "no-image",
    ];
    let named = ["og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"];
    let width = meta.first(&["og:image:width"]).and_then(|width| width.parse::<u32>().ok());
    let graph = width.is_none_or(|width| width >= 100);
    let declared =
        named.iter().filter(|name| graph || !name.starts_with("og:")).filter_map(|name| meta.first(&[name]));
    linked.images.iter().cloned().chain(declared).find_map(|address| {
        let address = address.trim();
        let found = match base {
            Some(base) => base.join(address).ok()?,
            None => Url::parse(address).ok()?,
        };
        let web = matches!(found.scheme(), "http" | "https")
            && found.host_str().is_some_and(|host| host.contains('.'));
        let path = found.path().to_ascii_lowercase();
        let named = path.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| NO_PICTURE.contains(&word));
        (web && path.len() > 1 && !named && !path.ends_with(".svg")).then(|| found.to_string())
    })
}

/// Pixels of an icon that are enough for a chat on a good screen.
const ENOUGH: u32 = 48;

/// The outlet's icon: the smallest that is large enough, of a kind that chats show (no SVG, no ICO).
fn icon(document: &Document, base: Option<&Url>) -> Option<String> {
    let mut best: Option<(u32, String)> = None;
    for id in document.get_elements_by_tag_name(document.root(), "link").into_iter().take(200) {
        let attribute =
            |name: &str| document.get_attribute(id, name).unwrap_or_default().to_ascii_lowercase();
        let rel = attribute("rel");
        let touch = rel.split_whitespace().any(|word| word.starts_with("apple-touch-icon"));
        if !touch && !rel.split_whitespace().any(|word| word == "icon") {
            continue;
        }
        let Some(href) = document.get_attribute(id, "href") else { continue };
        let found = match base {
            Some(base) => base.join(href.trim()).ok(),
            None => Url::parse(href.trim()).ok(),
        };
        let Some(found) = found.filter(|url| matches!(url.scheme(), "http" | "https")) else { continue };
        let path = found.path().to_ascii_lowercase();
        if attribute("type").contains("svg") || [".svg", ".ico"].iter().any(|end| path.ends_with(end)) {
            continue;
        }
        let size = attribute("sizes").split('x').next().and_then(|size| size.parse().ok());
        let size = size.unwrap_or(if touch { 180 } else { 16 });
        let better = best.as_ref().is_none_or(|(known, _)| match (*known >= ENOUGH, size >= ENOUGH) {
            (true, true) => size < *known,
            (true, false) => false,
            (false, _) => size > *known,
        });
        if better {
            best = Some((size, found.to_string()));
        }
    }
    best.map(|(_, url)| url)
}

/// At most this many tags, each at most so many bytes.
const MAX_TAGS: usize = 20;
const MAX_TAG: usize = 80;

fn tags(meta: &Meta, linked: &LinkedData) -> Vec<String> {
    let sources = [
        linked.tags.clone(),
        meta.all("article:tag"),
        meta.all("news_keywords"),
        meta.all("parsely-tags"),
        meta.all("sailthru.tags"),
        meta.all("keywords"),
    ];
    let mut tags: Vec<String> = Vec::new();
    let Some(given) = sources.into_iter().find(|source| !source.is_empty()) else { return tags };
    for tag in given.iter().flat_map(|tag| tag.split([',', ';'])) {
        let tag = shape::collapse(tag);
        if !tag.is_empty()
            && tag.len() <= MAX_TAG
            && !tags.iter().any(|own| own.to_lowercase() == tag.to_lowercase())
        {
            tags.push(tag);
        }
    }
    tags.truncate(MAX_TAGS);
    tags
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

#[cfg(test)]
mod tests;
