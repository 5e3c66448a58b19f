//! Which elements of a feed are written out, under which names, and which are captured or left out.

use super::super::escape::escape;
use super::super::{FeedError, scan, text};
use super::writer::{Capture, Family, Frame, Role, Writer, split};
use super::{MAX_BASE, MAX_DEPTH};
use url::Url;

impl<'a> Writer<'a> {
    /// Recognises the root element. Junk in front of a feed (output of a broken script) is passed over.
    pub(super) fn root(&mut self, name: &'a str, attributes: &'a str) -> Result<(), FeedError> {
        let (prefix, local) = split(name);
        let (family, out, opening) = match local.to_ascii_lowercase().as_str() {
            // RDF differs in where its items are: behind the channel. Written out, one channel holds all.
            "rss" | "rdf" => (
                Family::Rss,
                "channel></rss",
                concat!(
                    "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" ",
                    "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel"
                ),
            ),
            "feed" => (Family::Atom, "feed", "<feed xmlns=\"http://www.w3.org/2005/Atom\""),
            "entry" => (Family::Atom, "entry", "<entry xmlns=\"http://www.w3.org/2005/Atom\""),
            "html" | "head" | "body" => return Err(FeedError::HtmlPage),
            "urlset" | "sitemapindex" => return Err(FeedError::NotAFeed("a sitemap")),
            "opml" => return Err(FeedError::NotAFeed("an OPML list of feeds")),
            _ => return Ok(()),
        };
        self.family = Some(family);
        self.prefix = prefix;
        let role = if out == "entry" { Role::Entry } else { Role::Container };
        self.push(name, out, role, opening, attributes);
        Ok(())
    }

    pub(super) fn start(&mut self, name: &'a str, attributes: &'a str) -> Result<(), FeedError> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(FeedError::TooDeep { limit: MAX_DEPTH });
        }
        let (prefix, local) = split(name);
        let known = prefix.is_empty() || prefix == self.prefix || prefix.starts_with("rss");
        if known && (local.eq_ignore_ascii_case("item") || local.eq_ignore_ascii_case("entry")) {
            self.leave_open_entry(local);
        }
        let parent = self.stack.last().map_or(Role::Skipped, |frame| frame.role);
        match parent {
            Role::Skipped => {
                let within = self.stack.last().map_or("", |frame| frame.name);
                let role = match (within, local) {
                    ("skipHours" | "skiphours", "hour") => Role::Captured(Capture::Hour),
                    ("skipDays" | "skipdays", "day") => Role::Captured(Capture::Day),
                    _ => Role::Skipped,
                };
                self.push(name, "", role, "", "");
            }
            Role::Captured(_) => self.push(name, "", Role::Skipped, "", ""),
            Role::Person => {
                let role = match local {
                    "name" => Role::Captured(Capture::Name),
                    "email" => Role::Captured(Capture::Email),
                    _ => Role::Skipped,
                };
                self.push(name, "", role, "", "");
            }
            Role::Encoded => self.push(name, "", Role::Skipped, "", ""),
            Role::MediaGroup => match (prefix, local) {
                ("media:", "title") => self.fallback(name, "title"),
                ("media:", "description") => self.fallback(name, self.summary_element()),
                _ => {
                    self.media_content(prefix, local, attributes);
                    self.push(name, "", Role::Skipped, "", "");
                }
            },
            Role::Container => self.start_in_container(name, prefix, known, attributes),
            Role::Entry => self.start_in_entry(name, prefix, known, attributes),
            Role::Leaf { .. } | Role::Markup => {
                // Void elements of HTML have no end.
                let void = matches!(local, "br" | "hr" | "img" | "input" | "wbr" | "meta");
                self.escaped_tag("", local);
                if !void {
                    self.push(name, "", Role::Markup, "", "");
                }
            }
        }
        Ok(())
    }

    fn start_in_container(&mut self, name: &'a str, prefix: &str, known: bool, attributes: &'a str) {
        let (_, local) = split(name);
        let atom = self.family == Some(Family::Atom);
        match local.to_ascii_lowercase().as_str() {
            "title" if prefix == "dc:" => self.fallback(name, "title"),
            "link" if known || prefix == "atom:" || prefix == "a10:" => self.site_link(name, attributes),
            _ if !known => self.push(name, "", Role::Skipped, "", ""),
            "channel" if !atom => self.push(name, "", Role::Container, "", ""),
            "item" if !atom => self.item(name, attributes),
            "entry" if atom => self.push(name, "entry", Role::Entry, "<entry", attributes),
            "title" => self.leaf(name, "title", attributes),
            "author" if atom => self.push(name, "", Role::Person, "", ""),
            "ttl" if prefix.is_empty() => self.push(name, "", Role::Captured(Capture::Ttl), "", ""),
            // Their hours and days are captured within.
            _ => self.push(name, "", Role::Skipped, "", ""),
        }
    }

    /// An item of RSS; RDF says what it is about, which identifies it where it has no GUID.
    fn item(&mut self, name: &'a str, attributes: &'a str) {
        self.push(name, "item", Role::Entry, "<item", attributes);
        if let Some(about) = scan::attribute(attributes, "rdf:about") {
            self.out.push_str("<guid>");
            escape(about, &mut self.out);
            self.out.push_str("</guid>");
        }
    }

    /// The site that the feed is of: a text, or Atom's attribute.
    fn site_link(&mut self, name: &'a str, attributes: &'a str) {
        let role = match scan::attribute(attributes, "href") {
            Some(href) => {
                if article_rel(attributes) && self.tidy.site.is_none() {
                    self.tidy.site = text::plain(href, false, MAX_BASE);
                }
                Role::Skipped
            }
            None => Role::Captured(Capture::Site),
        };
        self.push(name, "", role, "", "");
    }

    fn start_in_entry(&mut self, name: &'a str, prefix: &str, known: bool, attributes: &'a str) {
        let (_, local) = split(name);
        let local = local.to_ascii_lowercase();
        let atom = matches!(prefix, "atom:" | "a10:");
        match (prefix, local.as_str()) {
            (_, "author") if known || atom || prefix == "itunes:" || prefix == "dc:" => {
                self.push(name, "", Role::Person, "", "");
            }
            ("dc:", "creator") => self.push(name, "", Role::Person, "", ""),
            ("media:", "group") => self.push(name, "", Role::MediaGroup, "", ""),
            ("media:", "content") => {
                self.media_content(prefix, &local, attributes);
                self.push(name, "", Role::MediaGroup, "", "");
            }
            ("media:" | "dc:", "title") => self.fallback(name, "title"),
            ("media:" | "dc:", "description") | ("itunes:", "summary") => {
                self.fallback(name, self.summary_element());
            }
            ("dcterms:", "issued" | "created") => {
                let out = if self.family == Some(Family::Atom) { "published" } else { "pubDate" };
                self.fallback(name, out);
            }
            ("dcterms:", "modified") => self.fallback(name, "updated"),
            _ if self.family == Some(Family::Atom) => {
                self.start_in_atom_entry(name, &local, known || prefix == "dc:", attributes);
            }
            _ => self.start_in_item(name, prefix, &local, known, attributes),
        }
    }

    pub(super) fn summary_element(&self) -> &'static str {
        if self.family == Some(Family::Atom) { "summary" } else { "description" }
    }

    fn start_in_atom_entry(&mut self, name: &'a str, local: &str, known: bool, attributes: &'a str) {
        let out = match local {
            _ if !known => None,
            "title" => Some("title"),
            "summary" => Some("summary"),
            "content" => Some("content"),
            "id" => Some("id"),
            // Atom 0.3 had other names.
            "published" | "pubdate" | "issued" | "created" => Some("published"),
            "updated" | "modified" | "date" => Some("updated"),
            _ => None,
        };
        match out {
            Some(out) => self.leaf(name, out, attributes),
            None if known && local == "link" => self.atom_link(name, attributes),
            None => self.push(name, "", Role::Skipped, "", ""),
        }
    }

    fn start_in_item(&mut self, name: &'a str, prefix: &str, local: &str, known: bool, attributes: &'a str) {
        let atom = matches!(prefix, "atom:" | "a10:");
        match (prefix, local) {
            (_, "link") if known || atom => match scan::attribute(attributes, "href") {
                // Atom's way of writing a link.
                Some(href) => {
                    if article_rel(attributes) {
                        self.leaf(name, "link", "");
                        self.text(href);
                    } else {
                        self.push(name, "", Role::Skipped, "", "");
                    }
                }
                None => self.leaf(name, "link", ""),
            },
            (_, "title") if known => self.leaf(name, "title", ""),
            (_, "description") if known => self.leaf(name, "description", ""),
            (_, "summary") if known || atom => self.fallback(name, "description"),
            (_, "guid") if known => {
                if scan::attribute(attributes, "isPermaLink")
                    .is_some_and(|value| value.eq_ignore_ascii_case("false"))
                    && let Some(extra) = self.tidy.extras.last_mut()
                {
                    extra.guid_is_no_link = true;
                }
                self.leaf(name, "guid", "");
            }
            (_, "pubdate") if known => self.leaf(name, "pubDate", ""),
            (_, "published") if known || atom => self.leaf(name, "pubDate", ""),
            (_, "updated") if known || atom => self.leaf(name, "updated", ""),
            (_, "date") if known || prefix == "dc:" => self.leaf(name, "dc:date", ""),
            (_, "enclosure") if known => {
                self.media(scan::attribute(attributes, "url"), scan::attribute(attributes, "type"));
                self.push(name, "", Role::Skipped, "", "");
            }
            // Older ways to give the whole text.
            ("content:", "encoded") => self.leaf(name, "content:encoded", ""),
            (_, "fullitem") if known => self.fallback(name, "content:encoded"),
            (_, "body") if known || matches!(prefix, "xhtml:" | "xhtml2:" | "body:") => {
                self.fallback(name, "content:encoded");
            }
            (_, "content") if atom => self.fallback(name, "content:encoded"),
            _ => self.push(name, "", Role::Skipped, "", ""),
        }
    }

    /// Opens an element that stands in for another one: left out where that was there.
    pub(super) fn fallback(&mut self, name: &'a str, out: &'static str) {
        if self.written.contains(&out) {
            self.push(name, "", Role::Skipped, "", "");
        } else {
            self.leaf(name, out, "");
        }
    }

    /// Opens an element that holds text.
    fn leaf(&mut self, name: &'a str, out: &'static str, attributes: &'a str) {
        let atom = self.family == Some(Family::Atom);
        let construct = atom && matches!(out, "title" | "summary" | "content");
        let kind = scan::attribute(attributes, "type").unwrap_or_default().to_ascii_lowercase();
        let readable = kind.is_empty() || ["html", "text", "xml"].iter().any(|part| kind.contains(part));
        let base64 =
            scan::attribute(attributes, "mode").is_some_and(|mode| mode.eq_ignore_ascii_case("base64"));
        if construct && scan::attribute(attributes, "src").is_some() {
            self.push(name, "", Role::Skipped, "", "");
            return;
        }
        self.written.push(out);
        if construct && (base64 || !readable) {
            let from = self.out.len();
            self.out.push_str(&format!("<{out} type=\"html\">"));
            self.stack.push(Frame { name, out, role: Role::Encoded, from });
            return;
        }
        let markup = construct && kind.contains("xhtml");
        let from = self.out.len();
        self.out.push('<');
        self.out.push_str(out);
        if construct {
            self.out.push_str(if kind.contains("html") { " type=\"html\"" } else { " type=\"text\"" });
        }
        self.out.push('>');
        self.stack.push(Frame { name, out, role: Role::Leaf { markup }, from });
    }

    /// Media RSS (rssboard.org/media-rss): a file and what it is.
    fn media_content(&mut self, prefix: &str, local: &str, attributes: &str) {
        if (prefix, local) == ("media:", "content") {
            let kind = scan::attribute(attributes, "type").or(scan::attribute(attributes, "medium"));
            self.media(scan::attribute(attributes, "url"), kind);
        }
    }

    fn atom_link(&mut self, name: &'a str, attributes: &'a str) {
        let href = scan::attribute(attributes, "href");
        if href.is_none() && article_rel(attributes) {
            self.push(name, "", Role::Captured(Capture::Link), "", "");
            return;
        }
        if let Some(href) = href
            && article_rel(attributes)
        {
            self.out.push_str("<link");
            if let Some(base) = base(attributes) {
                self.attribute("xml:base", base);
            }
            self.attribute("href", href);
            self.out.push_str("/>");
        }
        if scan::attribute(attributes, "rel") == Some("enclosure") {
            self.media(scan::attribute(attributes, "href"), scan::attribute(attributes, "type"));
        }
        self.push(name, "", Role::Skipped, "", "");
    }
}

/// Whether a link is the article's own.
fn article_rel(attributes: &str) -> bool {
    scan::attribute(attributes, "rel")
        .is_none_or(|rel| rel.is_empty() || rel.eq_ignore_ascii_case("alternate"))
}

/// The base address an element sets, where it is one.
pub(super) fn base(attributes: &str) -> Option<&str> {
    let base = scan::attribute(attributes, "xml:base").filter(|base| base.len() <= MAX_BASE)?;
    matches!(Url::parse(base), Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase)).then_some(base)
}
