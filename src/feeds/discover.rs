//! Feeds of a site: those that a page names (RSS Advisory Board, "RSS Autodiscovery"; WHATWG HTML, link type
//! "alternate"), those that it links to, and where sites keep theirs.

use std::sync::LazyLock;

use scraper::{Html, Selector};
use url::Url;

/// Feeds tried of one page.
const MOST: usize = 8;

/// Where most sites keep a feed, relative to the page and to its site.
const PATHS: [&str; 10] = [
    "feed", "/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feeds", "/feed.json",
    "/?feed=rss2",
];

/// The addresses of feeds that a page names or links to, absolute, the likeliest to be its news first, each once.
///
/// Named feeds come before linked ones, those of the page's own site before others', feeds of comments and of single
/// pages last; else the page's order stands.
pub fn discover(page: &str, base: &Url) -> Vec<Url> {
    static LINKS: LazyLock<Option<Selector>> = LazyLock::new(|| Selector::parse("link[href], a[href]").ok());
    let Some(links) = LINKS.as_ref() else { return Vec::new() };
    let mut found: Vec<(u32, Url)> = Vec::new();
    for link in Html::parse_document(page).select(links) {
        let element = link.value();
        let attribute = |name: &str| element.attr(name).unwrap_or_default().to_ascii_lowercase();
        let href = element.attr("href").unwrap_or_default().trim();
        let Some(url) = base.join(href).ok().filter(|url| matches!(url.scheme(), "http" | "https")) else {
            continue;
        };
        let rank = if element.name() == "link" {
            let kind = attribute("type");
            let feed = [
                "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
            ];
            let alternate = attribute("rel").split_ascii_whitespace().any(|word| word == "alternate");
            // JSON of another kind is not named "feed+json"; XML of another kind is.
            let named = feed.contains(&kind.as_str()) || (kind.is_empty() && looks_like_feed(&url));
            if !alternate || !named {
                continue;
            }
            0
        } else if looks_like_feed(&url) {
            4
        } else {
            continue;
        };
        let title = attribute("title");
        let aside = ["comment", "kommentar", "comentario", "commentaire"]
            .iter()
            .any(|word| title.contains(word) || url.path().to_ascii_lowercase().contains(word));
        let foreign = site(&url) != site(base);
        let rank = rank + u32::from(foreign) + if aside { 10 } else { 0 };
        if !found.iter().any(|(_, known)| *known == url) {
            found.push((rank, url));
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.truncate(MOST);
    found.into_iter().map(|(_, url)| url).collect()
}

/// Where a site is likely to keep a feed that its page does not name.
pub fn usual_places(base: &Url) -> Vec<Url> {
    // A page's own folder: "/blog" has "/blog/feed".
    let mut folder = base.clone();
    folder.set_query(None);
    if !folder.path().ends_with('/') {
        folder.set_path(&format!("{}/", base.path()));
    }
    let mut places: Vec<Url> = Vec::new();
    for path in PATHS {
        if let Ok(place) = folder.join(path)
            && !places.contains(&place)
        {
            places.push(place);
        }
    }
    places
}

fn looks_like_feed(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    matches!(last, "feed" | "rss" | "atom" | "feeds" | "rss2" | "feed.json")
        || [".rss", ".rdf", ".atom", "feed.xml", "rss.xml", "atom.xml", "index.xml"]
            .iter()
            .any(|end| last.ends_with(end))
}

fn site(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_start_matches("www.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(page: &str) -> Vec<String> {
        let base = Url::parse("https://ledger.example/news/").unwrap();
        discover(page, &base).into_iter().map(String::from).collect()
    }

    #[test]
    fn finds_what_the_page_names() {
        let page = r#"<html><head>
            <link rel="stylesheet" type="text/css" href="/a.css">
            <link rel="alternate" hreflang="fr" href="/fr/">
            <LINK REL="Alternate" TYPE="application/RSS+xml" HREF="../feed.xml">
            <link rel="alternate" type="application/atom+xml" href="javascript:alert(1)">
            <link rel="alternate" type="application/json" href="/wp-json/1">
            <link rel="home alternate" type="application/feed+json" href="https://other.example/f.json"></head>"#;
        assert_eq!(found(page), ["https://ledger.example/feed.xml", "https://other.example/f.json"]);
    }

    #[test]
    fn ranks_them() {
        let page = r#"<link rel="alternate" type="application/rss+xml" title="Ledger » Comments Feed" href="/comments/feed/">
            <link rel="alternate" type="application/rss+xml" href="https://partner.example/rss">
            <link rel="alternate" type="application/rss+xml" title="Ledger" href="/feed/">
            <body><a href="/world.rss">RSS</a> <a href="/feed/">RSS</a> <a href="/rss-explained">RSS?</a>
            <a href="https://social.example/ledger">Follow us</a>"#;
        assert_eq!(
            found(page),
            [
                "https://ledger.example/feed/",
                "https://partner.example/rss",
                "https://ledger.example/world.rss",
                "https://ledger.example/comments/feed/"
            ]
        );
    }

    #[test]
    fn a_page_of_links_is_bounded() {
        let links: String = (0..10_000).map(|n| format!("<a href='/{n}.rss'>x</a>")).collect();
        assert_eq!(found(&links).len(), MOST);
        assert!(found(&"<link".repeat(10_000)).is_empty());
    }

    #[test]
    fn where_feeds_are_kept() {
        let places = |url: &str| -> Vec<String> {
            usual_places(&Url::parse(url).unwrap()).into_iter().map(String::from).collect()
        };
        let blog = places("https://ledger.example/blog?x=1");
        assert_eq!(blog[0], "https://ledger.example/blog/feed");
        assert!(blog.contains(&"https://ledger.example/rss.xml".to_owned()));
        assert_eq!(blog.len(), 10);
        assert_eq!(places("https://ledger.example").len(), 9, "each once");
    }
}
