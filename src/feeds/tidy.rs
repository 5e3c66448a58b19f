//! Any feed written in XML, or in what was meant as XML, as a small well-formed one.
//!
//! The feed parser behind this module refuses a whole feed for one stray ampersand, keeps every element it knows in
//! memory and trusts the depth and number of what it reads. So the markup is read here first, once, front to back,
//! without recursion: the elements that dateline uses are written out under their usual names, everything else is
//! left out, and what was broken is mended and told. Entities are never expanded and nothing is fetched.

use std::time::Duration;

use chrono::Weekday;
use url::Url;

use super::escape::{escape, escape_all};
use super::scan::{self, Event};
use super::{FeedError, text};

/// Elements inside one another. Real feeds with whole pages in them stay below 60.
const MAX_DEPTH: usize = 200;
/// Entries read of one feed; those after them are the oldest.
pub(super) const MAX_ENTRIES: usize = 5_000;
/// Longest base address that is kept, in bytes.
const MAX_BASE: usize = 2_000;

/// A feed as the parser behind likes it.
#[derive(Debug, Default)]
pub(super) struct Tidy {
    pub xml: String,
    pub ttl: Option<Duration>,
    pub skip_hours: Vec<u32>,
    pub skip_days: Vec<Weekday>,
    pub warnings: Vec<String>,
}

pub(super) fn tidy(text: &str) -> Result<Tidy, FeedError> {
    let mut writer = Writer::default();
    let mut first = None;
    for event in scan::Scanner::new(text) {
        match event {
            Event::Start { name, attributes, empty } => {
                if writer.family.is_none() {
                    first = first.or(Some(name));
                    writer.root(name, attributes)?;
                } else {
                    writer.start(name, attributes)?;
                }
                if empty && writer.stack.last().is_some_and(|frame| frame.name == name) {
                    writer.end(name);
                }
                if writer.entries > MAX_ENTRIES {
                    writer
                        .warn(format!("The feed has more than {MAX_ENTRIES} entries; the first were read."));
                    writer.cut_entry();
                    break;
                }
            }
            Event::End { name } => {
                writer.end(name);
                if writer.finished {
                    break;
                }
            }
            Event::Text(text) => writer.text(text),
            Event::Cdata(text) => writer.cdata(text),
            Event::Entity => return Err(FeedError::Entities),
            Event::Mended(what) => writer.warn(what.to_owned()),
            Event::Truncated => writer.truncated = true,
        }
    }
    if writer.family.is_none() {
        return Err(not_a_feed(text, first));
    }
    Ok(writer.finish())
}

/// The families of formats, which differ in the names of their elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// And RDF, called RSS 0.90 and 1.0.
    Rss,
    Atom,
}

/// What is done with the content of an open element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// rss, RDF, feed, channel: elements are expected, text is not.
    Container,
    Entry,
    /// Text for the parser; `markup` where its references are those of HTML in XML already.
    Leaf {
        markup: bool,
    },
    /// An element of HTML within a leaf: written as escaped HTML.
    Markup,
    /// Text for this module.
    Captured(Capture),
    Skipped,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Capture {
    Ttl,
    Hour,
    Day,
}

struct Frame<'a> {
    /// As it was written.
    name: &'a str,
    /// What is written between `</` and `>` at its end; nothing where it is empty.
    out: &'static str,
    role: Role,
    /// Length of the output before the element, to take it back.
    from: usize,
}

#[derive(Default)]
struct Writer<'a> {
    family: Option<Family>,
    /// Prefix of the root element's name, colon included.
    prefix: &'a str,
    stack: Vec<Frame<'a>>,
    out: String,
    captured: String,
    entries: usize,
    truncated: bool,
    finished: bool,
    tidy: Tidy,
}

impl<'a> Writer<'a> {
    /// Recognises the root element. Junk in front of a feed (output of a broken script) is passed over.
    fn root(&mut self, name: &'a str, attributes: &'a str) -> Result<(), FeedError> {
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

    fn start(&mut self, name: &'a str, attributes: &'a str) -> Result<(), FeedError> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(FeedError::TooDeep { limit: MAX_DEPTH });
        }
        let (prefix, local) = split(name);
        let known = prefix.is_empty() || prefix == self.prefix || prefix.starts_with("rss");
        if known && matches!(local, "item" | "entry") {
            self.leave_open_entry(local);
        }
        let parent = self.stack.last().map_or(Role::Skipped, |frame| frame.role);
        match parent {
            Role::Skipped => {
                let within = self.stack.last().map_or("", |frame| frame.name);
                let role = match (within, local) {
                    ("skipHours", "hour") => Role::Captured(Capture::Hour),
                    ("skipDays", "day") => Role::Captured(Capture::Day),
                    _ => Role::Skipped,
                };
                self.push(name, "", role, "", "");
            }
            Role::Captured(_) => self.push(name, "", Role::Skipped, "", ""),
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
        match local {
            _ if !known => self.push(name, "", Role::Skipped, "", ""),
            "channel" if !atom => self.push(name, "", Role::Container, "", ""),
            "item" if !atom => self.push(name, "item", Role::Entry, "<item", attributes),
            "entry" if atom => self.push(name, "entry", Role::Entry, "<entry", attributes),
            "title" => self.leaf(name, "title", attributes),
            "ttl" if prefix.is_empty() => self.push(name, "", Role::Captured(Capture::Ttl), "", ""),
            // Their hours and days are captured within.
            _ => self.push(name, "", Role::Skipped, "", ""),
        }
    }

    fn start_in_entry(&mut self, name: &'a str, prefix: &str, known: bool, attributes: &'a str) {
        let (_, local) = split(name);
        if self.family == Some(Family::Atom) {
            let out = match local {
                _ if !known && prefix != "dc:" => None,
                "title" => Some("title"),
                "summary" => Some("summary"),
                "content" => Some("content"),
                "id" => Some("id"),
                // Atom 0.3 had other names.
                "published" | "pubDate" | "issued" | "created" => Some("published"),
                "updated" | "modified" | "date" => Some("updated"),
                _ => None,
            };
            match out {
                Some(out) => self.leaf(name, out, attributes),
                None if known && local == "link" => self.atom_link(name, attributes),
                None => self.push(name, "", Role::Skipped, "", ""),
            }
            return;
        }
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
            (_, "guid") if known => self.leaf(name, "guid", ""),
            (_, "pubDate") if known => self.leaf(name, "pubDate", ""),
            (_, "published") if known || atom => self.leaf(name, "pubDate", ""),
            (_, "updated") if known || atom => self.leaf(name, "updated", ""),
            (_, "date") if known || prefix == "dc:" => self.leaf(name, "dc:date", ""),
            ("content:", "encoded") => self.leaf(name, "content:encoded", ""),
            _ => self.push(name, "", Role::Skipped, "", ""),
        }
    }

    /// Opens an element that holds text.
    fn leaf(&mut self, name: &'a str, out: &'static str, attributes: &'a str) {
        let atom = self.family == Some(Family::Atom);
        let construct = atom && matches!(out, "title" | "summary" | "content");
        let kind = scan::attribute(attributes, "type").unwrap_or("text").to_ascii_lowercase();
        // Content that is elsewhere or not text.
        let elsewhere = scan::attribute(attributes, "src").is_some()
            || scan::attribute(attributes, "mode") == Some("base64")
            || !(kind.contains("html") || kind.contains("text") || kind.contains("xml"));
        if construct && elsewhere {
            self.push(name, "", Role::Skipped, "", "");
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

    fn atom_link(&mut self, name: &'a str, attributes: &'a str) {
        if let Some(href) = scan::attribute(attributes, "href")
            && article_rel(attributes)
        {
            self.out.push_str("<link");
            if let Some(base) = base(attributes) {
                self.attribute("xml:base", base);
            }
            self.attribute("href", href);
            self.out.push_str("/>");
        }
        self.push(name, "", Role::Skipped, "", "");
    }

    /// Opens an element: `opening` without its '>' where it is written out.
    fn push(&mut self, name: &'a str, out: &'static str, role: Role, opening: &str, attributes: &'a str) {
        let from = self.out.len();
        if !opening.is_empty() {
            self.out.push_str(opening);
            if let Some(base) = base(attributes) {
                self.attribute("xml:base", base);
            }
            self.out.push('>');
        }
        if role == Role::Entry {
            self.entries += 1;
        }
        self.stack.push(Frame { name, out, role, from });
    }

    /// An entry begins within an entry: the end of the first was forgotten.
    fn leave_open_entry(&mut self, local: &str) {
        let open =
            self.stack.iter().position(|frame| frame.role == Role::Entry && split(frame.name).1 == local);
        // An entry in a part that is passed over is no entry.
        let skipped = self.stack.iter().any(|frame| frame.role == Role::Skipped);
        if let Some(open) = open
            && !skipped
        {
            self.warn("An entry is not closed.".to_owned());
            self.close_to(open);
        }
    }

    fn end(&mut self, name: &str) {
        let in_text = matches!(self.stack.last(), Some(Frame { role: Role::Leaf { .. } | Role::Markup, .. }));
        match self.stack.iter().rposition(|frame| frame.name == name) {
            Some(at) => {
                if at + 1 < self.stack.len()
                    && self.stack.last().is_some_and(|frame| frame.role != Role::Markup)
                {
                    self.warn("Elements of the feed are not closed.".to_owned());
                }
                self.close_to(at);
            }
            // A stray end tag of HTML in a text is no news.
            None if self.family.is_some() && !in_text => {
                self.warn("Elements of the feed are closed that were not open.".to_owned());
            }
            None => {}
        }
        self.finished = self.family.is_some() && self.stack.is_empty();
    }

    fn close_to(&mut self, at: usize) {
        while self.stack.len() > at {
            let Some(frame) = self.stack.pop() else { return };
            match frame.role {
                Role::Markup => self.escaped_tag("/", split(frame.name).1),
                Role::Captured(capture) => self.capture(capture),
                _ if !frame.out.is_empty() => {
                    self.out.push_str("</");
                    self.out.push_str(frame.out);
                    self.out.push('>');
                }
                _ => {}
            }
        }
    }

    fn capture(&mut self, capture: Capture) {
        let text = std::mem::take(&mut self.captured);
        let text = text.trim();
        match capture {
            Capture::Ttl => {
                let minutes = text.parse::<u32>().ok().filter(|minutes| *minutes > 0);
                self.tidy.ttl = minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
            }
            // Hour 24 is hour 0 in the older versions of RSS.
            Capture::Hour => {
                if let Some(hour) = text.parse::<u32>().ok().filter(|hour| *hour <= 24)
                    && !self.tidy.skip_hours.contains(&(hour % 24))
                {
                    self.tidy.skip_hours.push(hour % 24);
                }
            }
            Capture::Day => {
                if let Ok(day) = text.parse::<Weekday>()
                    && !self.tidy.skip_days.contains(&day)
                {
                    self.tidy.skip_days.push(day);
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        match self.stack.last().map(|frame| frame.role) {
            Some(Role::Leaf { markup: false }) => {
                let bare = escape(text, &mut self.out);
                if bare {
                    self.warn("The feed has bare ampersands.".to_owned());
                }
            }
            Some(Role::Leaf { markup: true } | Role::Markup) => {
                // The text of the inner HTML: its references stay for whoever reads that HTML.
                let mut inner = String::with_capacity(text.len());
                escape(text, &mut inner);
                escape_all(&inner, &mut self.out);
            }
            Some(Role::Captured(_)) if self.captured.len() + text.len() < 40 => self.captured.push_str(text),
            _ => {}
        }
    }

    fn cdata(&mut self, text: &str) {
        match self.stack.last().map(|frame| frame.role) {
            Some(Role::Leaf { markup: false }) => escape_all(text, &mut self.out),
            Some(Role::Captured(_)) if self.captured.len() + text.len() < 40 => self.captured.push_str(text),
            Some(Role::Leaf { markup: true } | Role::Markup) => {
                let mut inner = String::with_capacity(text.len());
                escape_all(text, &mut inner);
                escape_all(&inner, &mut self.out);
            }
            _ => {}
        }
    }

    /// A tag of inner HTML: the name is all that a reader of its text needs.
    fn escaped_tag(&mut self, slash: &str, local: &str) {
        self.out.push_str("&lt;");
        self.out.push_str(slash);
        escape_all(local, &mut self.out);
        self.out.push_str("&gt;");
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        let mut escaped = String::with_capacity(value.len());
        escape(value, &mut escaped);
        self.out.push_str(&escaped.replace('"', "&quot;"));
        self.out.push('"');
    }

    /// Takes back an entry that is not whole.
    fn cut_entry(&mut self) {
        if let Some(at) = self.stack.iter().position(|frame| frame.role == Role::Entry)
            && let Some(frame) = self.stack.get(at)
        {
            self.out.truncate(frame.from);
            self.stack.truncate(at);
        }
    }

    fn warn(&mut self, warning: String) {
        if !self.tidy.warnings.contains(&warning) {
            self.tidy.warnings.push(warning);
        }
    }

    fn finish(mut self) -> Tidy {
        if !self.stack.is_empty() && self.entries <= MAX_ENTRIES {
            // An entry that is cut off comes whole with the next poll; read now it could get another identity.
            let cut = self.stack.iter().any(|frame| frame.role == Role::Entry);
            self.warn(if cut || self.truncated {
                "The feed ends in the middle; the last entry was left out.".to_owned()
            } else {
                "The end of the feed is missing.".to_owned()
            });
            self.cut_entry();
        }
        self.close_to(0);
        self.tidy.xml = self.out;
        self.tidy
    }
}

/// What it is instead, by its first element.
fn not_a_feed(text: &str, first: Option<&str>) -> FeedError {
    let head = text.trim_start();
    let doctype = head.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype html"));
    match first {
        _ if doctype => FeedError::HtmlPage,
        Some(name) if text::is_html(&name.to_ascii_lowercase()) => FeedError::HtmlPage,
        Some(_) => FeedError::NotAFeed("XML of another kind"),
        None if head.is_empty() => FeedError::NotAFeed("an empty answer"),
        None => FeedError::NotAFeed("plain text or data"),
    }
}

/// Prefix with its colon, and local name.
fn split(name: &str) -> (&str, &str) {
    name.find(':').map_or(("", name), |at| name.split_at(at + 1))
}

/// Whether a link is the article's own.
fn article_rel(attributes: &str) -> bool {
    scan::attribute(attributes, "rel")
        .is_none_or(|rel| rel.is_empty() || rel.eq_ignore_ascii_case("alternate"))
}

/// The base address an element sets, where it is one.
fn base(attributes: &str) -> Option<&str> {
    let base = scan::attribute(attributes, "xml:base").filter(|base| base.len() <= MAX_BASE)?;
    matches!(Url::parse(base), Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase)).then_some(base)
}
