//! The small feed as it is written: the open elements, their text, and how a broken one is closed.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::Weekday;

use super::super::escape::{escape, escape_all};
use super::super::text;
use super::elements::base;
use super::{Extra, MAX_ENTRIES, MAX_LISTED, Tidy};

/// The families of formats, which differ in the names of their elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// And RDF, called RSS 0.90 and 1.0.
    Rss,
    Atom,
}

/// What is done with the content of an open element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
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
    /// An author: a text, or elements with the name and the address.
    Person,
    /// Media that belong together; nothing else of it is read.
    MediaGroup,
    /// Text in Base64 (Atom: `mode="base64"`, or a type that is no text).
    Encoded,
    Skipped,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Capture {
    Ttl,
    Hour,
    Day,
    /// Address of the site that the feed is of.
    Site,
    /// Address of an entry, as text where Atom asks for an attribute.
    Link,
    /// Of a person.
    Name,
    Email,
}

/// Bytes kept of a captured text: an address is the longest.
const MAX_CAPTURED: usize = 2_000;

/// A person as the formats write one: a text of its own, or a name and an address.
#[derive(Default)]
struct Person {
    text: String,
    name: Option<String>,
    email: Option<String>,
}

pub(super) struct Frame<'a> {
    /// As it was written.
    pub name: &'a str,
    /// What is written between `</` and `>` at its end; nothing where it is empty.
    pub out: &'static str,
    pub role: Role,
    /// Length of the output before the element, to take it back.
    pub from: usize,
}

#[derive(Default)]
pub(super) struct Writer<'a> {
    pub family: Option<Family>,
    /// Prefix of the root element's name, colon included.
    pub prefix: &'a str,
    pub stack: Vec<Frame<'a>>,
    pub out: String,
    captured: String,
    person: Person,
    encoded: String,
    /// Elements written of the open entry or, before the first, of the feed.
    pub written: Vec<&'static str>,
    pub entries: usize,
    pub truncated: bool,
    pub finished: bool,
    pub tidy: Tidy,
}

impl<'a> Writer<'a> {
    /// Opens an element: `opening` without its '>' where it is written out.
    pub(super) fn push(
        &mut self,
        name: &'a str,
        out: &'static str,
        role: Role,
        opening: &str,
        attributes: &'a str,
    ) {
        let from = self.out.len();
        if !opening.is_empty() {
            self.out.push_str(opening);
            if let Some(base) = base(attributes) {
                self.attribute("xml:base", base);
            }
            self.out.push('>');
        }
        if role == Role::Entry {
            // The parser behind keeps a category as it is: by it an entry finds its extras again.
            let at = self.entries;
            self.out.push_str(&match self.family {
                Some(Family::Atom) => format!("<category term=\"{at}\"/>"),
                _ => format!("<category>{at}</category>"),
            });
            self.entries += 1;
            self.written.clear();
            self.tidy.extras.push(Extra::default());
        }
        if role == Role::Person {
            self.person = Person::default();
        }
        self.stack.push(Frame { name, out, role, from });
    }

    /// An entry begins within an entry: the end of the first was forgotten.
    pub(super) fn leave_open_entry(&mut self, local: &str) {
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

    pub(super) fn end(&mut self, name: &str) {
        let in_text = matches!(self.stack.last(), Some(Frame { role: Role::Leaf { .. } | Role::Markup, .. }));
        match self.stack.iter().rposition(|frame| frame.name.eq_ignore_ascii_case(name)) {
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
                Role::Person => self.author(),
                Role::Encoded => {
                    let encoded = std::mem::take(&mut self.encoded);
                    self.decoded(&encoded, frame.out);
                    self.out.push_str(&format!("</{}>", frame.out));
                }
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
            Capture::Site if self.tidy.site.is_none() => {
                self.tidy.site = text::plain(text, true, MAX_CAPTURED)
            }
            Capture::Site => {}
            Capture::Link => {
                if let Some(href) = text::plain(text, false, MAX_CAPTURED) {
                    self.out.push_str("<link");
                    self.attribute("href", &href);
                    self.out.push_str("/>");
                }
            }
            Capture::Name => self.person.name = text::plain(text, true, MAX_CAPTURED),
            Capture::Email => self.person.email = text::plain(text, true, MAX_CAPTURED),
            Capture::Day => {
                if let Ok(day) = text.parse::<Weekday>()
                    && !self.tidy.skip_days.contains(&day)
                {
                    self.tidy.skip_days.push(day);
                }
            }
        }
    }

    /// The person that was read is an author: of the open entry, or of the feed.
    fn author(&mut self) {
        let Person { text: own, name, email } = std::mem::take(&mut self.person);
        let open = self.stack.iter().any(|frame| frame.role == Role::Entry);
        let authors = match self.tidy.extras.last_mut() {
            Some(extra) if open => &mut extra.authors,
            _ => &mut self.tidy.authors,
        };
        let name = name.or_else(|| text::plain(&own, true, MAX_CAPTURED)).or(email);
        if let Some(name) = name.as_deref().map(text::person_name)
            && !name.is_empty()
            && authors.len() < MAX_LISTED
            && !authors.iter().any(|known| known == name)
        {
            authors.push(name.to_owned());
        }
    }

    /// Writes what was meant to be Base64, the content of `out`: decoded where it is and holds text, else as it stands.
    fn decoded(&mut self, encoded: &str, out: &str) {
        let compact: String = encoded.split_whitespace().collect();
        let bytes = BASE64_STANDARD.decode(&compact).ok();
        match bytes.map(String::from_utf8) {
            Some(Ok(text)) => escape_all(&text, &mut self.out),
            // A picture, but for a title: that is words which happen to be letters of Base64.
            Some(Err(_)) if out != "title" => {}
            // A text whose type was made up.
            _ if encoded.len() <= MAX_CAPTURED => {
                let mut plain = String::with_capacity(encoded.len());
                escape(encoded, &mut plain);
                escape_all(&plain, &mut self.out);
            }
            _ => {}
        }
    }

    /// Keeps a file that the open entry offers.
    pub(super) fn media(&mut self, url: Option<&str>, kind: Option<&str>) {
        if let Some(url) = url.and_then(|url| text::plain(url, false, MAX_CAPTURED))
            && let Some(extra) = self.tidy.extras.last_mut()
            && extra.media.len() < MAX_LISTED
        {
            extra.media.push((url, kind.map(str::to_ascii_lowercase)));
        }
    }

    pub(super) fn text(&mut self, text: &str) {
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
            Some(Role::Captured(_)) => keep(&mut self.captured, text),
            Some(Role::Person) => keep(&mut self.person.text, text),
            Some(Role::Encoded) => self.encoded.push_str(text),
            _ => {}
        }
    }

    pub(super) fn cdata(&mut self, text: &str) {
        match self.stack.last().map(|frame| frame.role) {
            Some(Role::Leaf { markup: false }) => escape_all(text, &mut self.out),
            Some(Role::Captured(_)) => keep(&mut self.captured, text),
            Some(Role::Person) => keep(&mut self.person.text, text),
            Some(Role::Leaf { markup: true } | Role::Markup) => {
                let mut inner = String::with_capacity(text.len());
                escape_all(text, &mut inner);
                escape_all(&inner, &mut self.out);
            }
            _ => {}
        }
    }

    /// A tag of inner HTML: the name is all that a reader of its text needs.
    pub(super) fn escaped_tag(&mut self, slash: &str, local: &str) {
        self.out.push_str("&lt;");
        self.out.push_str(slash);
        escape_all(local, &mut self.out);
        self.out.push_str("&gt;");
    }

    pub(super) fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        let mut escaped = String::with_capacity(value.len());
        escape(value, &mut escaped);
        self.out.push_str(&escaped.replace('"', "&quot;"));
        self.out.push('"');
    }

    /// Takes back an entry that is not whole.
    pub(super) fn cut_entry(&mut self) {
        if let Some(at) = self.stack.iter().position(|frame| frame.role == Role::Entry)
            && let Some(frame) = self.stack.get(at)
        {
            self.out.truncate(frame.from);
            self.stack.truncate(at);
        }
    }

    pub(super) fn warn(&mut self, warning: String) {
        if !self.tidy.warnings.contains(&warning) {
            self.tidy.warnings.push(warning);
        }
    }

    pub(super) fn finish(mut self) -> Tidy {
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

fn keep(kept: &mut String, text: &str) {
    if kept.len() + text.len() <= MAX_CAPTURED {
        kept.push_str(text);
    }
}

/// Prefix with its colon, and local name.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.find(':').map_or(("", name), |at| name.split_at(at + 1))
}
