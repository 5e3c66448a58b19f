//! The outlets' feeds: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{NEXT, Outlet, PAGES, Page};
use crate::domain::Published;

/// The feed of an outlet, with absolute links below `root` and the first `later` of [`NEXT`].
pub fn render(outlet: &Outlet, root: &str, later: usize) -> String {
    let all = PAGES.iter().chain(NEXT.iter().take(later));
    let mut pages: Vec<&Page> = all.filter(|page| page.outlet().slug == outlet.slug).collect();
    pages.reverse();
    match outlet.slug {
        "ledger" => rss(outlet, root, &pages),
        "courier" => atom(outlet, root, &pages),
        _ => json_feed(outlet, root, &pages),
    }
}

fn rss(outlet: &Outlet, root: &str, pages: &[&Page]) -> String {
    let items: String = pages
        .iter()
        .map(|page| {
            format!(
                "<item><title>{}</title><link>{root}{path}?utm_source=rss&amp;utm_medium=feed</link>\
                 <guid isPermaLink=\"false\">ledger:{path}</guid><pubDate>{}</pubDate>\
                 <description><![CDATA[<p>{}</p>]]></description></item>\n",
                escape(page.header("title")),
                moment(page).to_rfc2822(),
                page.header("summary"),
                path = page.path,
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>{name}</title>\
         <link>{root}/{slug}/</link><description>News of the day</description><ttl>30</ttl>\n{items}</channel></rss>\n",
        name = outlet.name,
        slug = outlet.slug,
    )
}

fn atom(outlet: &Outlet, root: &str, pages: &[&Page]) -> String {
    let entries: String = pages
        .iter()
        .map(|page| {
            format!(
                "<entry><title type=\"html\">{}</title><link href=\"{}\"/><id>urn:courier:{}</id>\
                 <published>{at}</published><updated>{at}</updated><summary>{}</summary></entry>\n",
                escape(page.header("title")),
                page.path,
                page.path,
                escape(page.header("summary")),
                at = moment(page).to_rfc3339(),
            )
        })
        .collect();
    let updated = pages.iter().map(|page| moment(page)).max().unwrap_or_default().to_rfc3339();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"{root}/\">\
         <title>{name}</title><id>urn:courier</id><updated>{updated}</updated>\
         <link rel=\"alternate\" href=\"{root}/{slug}/\"/>\n{entries}</feed>\n",
        name = outlet.name,
        slug = outlet.slug,
    )
}

fn json_feed(outlet: &Outlet, root: &str, pages: &[&Page]) -> String {
    let items: Vec<_> = pages
        .iter()
        .map(|page| {
            json!({
                "id": format!("{root}{}", page.path),
                "url": format!("{root}{}", page.path),
                "title": page.header("title"),
                "content_text": page.header("summary"),
                "date_published": moment(page).to_rfc3339(),
            })
        })
        .collect();
    json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": format!("{root}/{}/", outlet.slug),
        "items": items,
    })
    .to_string()
}

fn moment(page: &Page) -> DateTime<Utc> {
    page.header("published").parse::<Published>().map(Published::instant).unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
