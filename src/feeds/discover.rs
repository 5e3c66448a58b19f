//! Feeds that a page names (RSS Advisory Board, "RSS Autodiscovery"; WHATWG HTML, link type "alternate").

use std::sync::LazyLock;

use scraper::{Html, Selector};
use url::Url;

/// Feeds tried of one page; sites with more name their main one first.
const MOST: usize = 5;

/// The addresses of the feeds that a page names in its `link` elements, absolute, in its order.
pub fn discover(page: &str, base: &Url) -> Vec<Url> {
    static LINKS: LazyLock<Option<Selector>> = LazyLock::new(|| Selector::parse("link[href][type]").ok());
    let Some(links) = LINKS.as_ref() else { return Vec::new() };
    Html::parse_document(page)
        .select(links)
        .map(|link| link.value())
        .filter(|link| {
            let has = |name, wanted: &[&str]| {
                let value = link.attr(name).unwrap_or_default().to_ascii_lowercase();
                value.split_ascii_whitespace().any(|word| wanted.contains(&word))
            };
            has("rel", &["alternate"])
                && has("type", &["application/rss+xml", "application/atom+xml", "application/feed+json"])
        })
        .filter_map(|link| base.join(link.attr("href")?.trim()).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .take(MOST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_the_page_names() {
        let base = Url::parse("https://ledger.example/news/").unwrap();
        let page = r#"<html><head>
            <link rel="stylesheet" type="text/css" href="/a.css">
            <link rel="alternate" hreflang="fr" href="/fr/">
            <LINK REL="Alternate" TYPE="application/RSS+xml" HREF="../feed.xml">
            <link rel="alternate" type="application/atom+xml" href="javascript:alert(1)">
            <link rel="home alternate" type="application/feed+json" href="https://other.example/f.json"></head>"#;
        let found: Vec<String> = discover(page, &base).into_iter().map(String::from).collect();
        assert_eq!(found, ["https://ledger.example/feed.xml", "https://other.example/f.json"]);
    }
}
