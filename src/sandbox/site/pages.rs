//! The pages: a header of `name: value` lines, `---`, then the body as the outlet's editor left it.

use std::sync::LazyLock;

use crate::domain::Published;

/// One outlet of the sample site.
pub struct Outlet {
    /// Folder of its pages.
    pub slug: &'static str,
    pub name: &'static str,
    pub feed_path: &'static str,
    pub feed_type: &'static str,
    template: &'static str,
}

pub static OUTLETS: [Outlet; 3] = [
    Outlet {
        slug: "ledger",
        name: "The Morning Ledger",
        feed_path: "/ledger/feed.xml",
        feed_type: "application/rss+xml; charset=utf-8",
        template: include_str!("content/ledger/_page.html"),
    },
    Outlet {
        slug: "courier",
        name: "Harbour Courier",
        feed_path: "/courier/atom.xml",
        feed_type: "application/atom+xml; charset=utf-8",
        template: include_str!("content/courier/_page.html"),
    },
    Outlet {
        slug: "wire",
        name: "Meridian Wire",
        feed_path: "/wire/feed.json",
        feed_type: "application/feed+json; charset=utf-8",
        template: include_str!("content/wire/_page.html"),
    },
];

/// One page of the sample site.
pub struct Page {
    /// Path on the site.
    pub path: &'static str,
    /// Pages with the same event are to become one story.
    pub event: &'static str,
    source: &'static str,
}

macro_rules! page {
    ($outlet:literal, $slug:literal, $event:literal) => {
        Page {
            path: concat!("/", $outlet, "/", $slug),
            event: $event,
            source: include_str!(concat!("content/", $outlet, "/", $slug, ".html")),
        }
    };
}

pub static PAGES: [Page; 15] = [
    page!("ledger", "wright-flight", "first powered flight, 1903"),
    page!("courier", "titanic-sinks", "Titanic, 1912"),
    page!("wire", "hindenburg-burns", "Hindenburg, 1937"),
    page!("courier", "everest-climbed", "Everest, 1953"),
    page!("ledger", "suez-canal-seized", "Suez Canal, 1956"),
    page!("wire", "heart-transplant", "heart transplant, 1967"),
    page!("wire", "men-walk-on-moon", "moon landing, 1969"),
    page!("ledger", "moon-landing", "moon landing, 1969"),
    page!("ledger", "nixon-resigns", "Nixon resigns, 1974"),
    page!("wire", "chernobyl-accident", "Chernobyl, 1986"),
    page!("courier", "montreal-protocol", "Montreal Protocol, 1987"),
    page!("ledger", "berlin-wall-opens", "Berlin Wall, 1989"),
    page!("courier", "berlin-border-falls", "Berlin Wall, 1989"),
    page!("wire", "mandela-released", "Mandela, 1990"),
    page!("courier", "good-friday-agreement", "Good Friday Agreement, 1998"),
];

/// What the outlets publish later, when somebody asks for it, in this order: a second telling of an
/// event that is above, then news, and again.
pub static NEXT: [Page; 4] = [
    page!("wire", "titanic-lost", "Titanic, 1912"),
    page!("ledger", "lindbergh-lands", "Lindbergh in Paris, 1927"),
    page!("ledger", "summit-of-everest", "Everest, 1953"),
    page!("courier", "channel-tunnel", "Channel Tunnel, 1994"),
];

impl Page {
    pub fn outlet(&self) -> &'static Outlet {
        let slug = self.path.split('/').nth(1).unwrap_or_default();
        OUTLETS.iter().find(|outlet| outlet.slug == slug).unwrap_or(&OUTLETS[0])
    }

    /// A value of the page's header; empty if it has none of that name.
    pub fn header(&self, name: &str) -> &'static str {
        let header = self.source.split("---").next().unwrap_or_default();
        header.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default()
    }

    /// The whole page as its outlet serves it.
    pub fn render(&self, root: &str) -> String {
        let body = self.source.split_once("---\n").map_or("", |(_, body)| body);
        let published = self.header("published");
        let day = published
            .parse::<Published>()
            .map_or_else(|_| published.to_owned(), |at| at.day().format("%-d %B %Y").to_string());
        let values = [
            ("{{title}}", self.header("title").to_owned()),
            ("{{published}}", published.to_owned()),
            ("{{day}}", day),
            ("{{byline}}", self.header("byline").to_owned()),
            ("{{url}}", format!("{root}{}", self.path)),
            ("{{root}}", root.to_owned()),
            ("{{body}}", body.to_owned()),
        ];
        values.iter().fold(self.outlet().template.to_owned(), |page, (name, value)| page.replace(name, value))
    }
}

/// Names of all events that the site tells, each once, in order of time.
pub static EVENTS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut events: Vec<&str> = PAGES.iter().map(|page| page.event).collect();
    events.dedup();
    events
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_its_header() {
        for page in PAGES.iter().chain(&NEXT) {
            for name in ["title", "byline", "summary"] {
                assert!(!page.header(name).is_empty(), "{} lacks {name}", page.path);
            }
            assert!(page.header("published").parse::<Published>().is_ok(), "{}", page.path);
            assert!(!page.render("http://127.0.0.1:1").contains("{{"), "{}", page.path);
        }
    }

    #[test]
    fn two_events_are_told_by_more_than_one_outlet() {
        assert_eq!(EVENTS.len(), 13);
    }
}
