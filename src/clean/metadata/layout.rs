//! Where things stand on a page: its visible text in order, and the place of every element in it.
//!
//! A date or a name counts for the article only near its headline. Distances are bytes of visible text, so
//! that the depth of the markup between two things does not matter.

use trafilatura::dom::{Document, NodeId};

use crate::clean::shape;

/// An element of the body that can be seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    pub id: NodeId,
    /// Index of the parent; the body is its own.
    pub parent: usize,
    /// Its stretch of the page's text.
    pub start: usize,
    pub end: usize,
}

pub(super) struct Layout<'a> {
    pub document: &'a Document,
    /// In page order, parents before children.
    pub elements: Vec<Element>,
    text: String,
}

/// The tree's depth that is followed; deeper markup was flattened before it was parsed.
const MAX_DEPTH: usize = 500;

impl<'a> Layout<'a> {
    pub fn of(document: &'a Document) -> Self {
        let mut layout = Self { document, elements: Vec::new(), text: String::new() };
        if let Some(body) = document.body() {
            layout.walk(body, 0, 0);
        }
        layout
    }

    fn walk(&mut self, id: NodeId, parent: usize, depth: usize) {
        let tag = self.document.tag_name(id);
        if depth > MAX_DEPTH || is_unseen(tag) {
            return;
        }
        let (block, boxed) = (is_block(tag), matches!(tag, "span" | "small" | "time" | "td" | "th" | "a"));
        if block {
            self.break_line();
        } else if boxed && self.document.get_attribute(id, "class").is_some() {
            self.part();
        }
        let index = self.elements.len();
        self.elements.push(Element { id, parent, start: self.text.len(), end: 0 });
        for child in self.document.child_nodes(id) {
            if self.document.is_text(child) {
                self.push(&self.document.text_content(child));
            } else if self.document.is_element(child) {
                self.walk(child, index, depth + 1);
            }
        }
        self.elements[index].end = self.text.len();
        if block || tag == "br" {
            self.break_line();
        } else if boxed && self.text.len() > self.elements[index].start + 1 {
            // One letter may be a drop cap.
            self.part();
        }
    }

    /// White space counts once: indentation is no distance.
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if !c.is_whitespace() {
                self.text.push(c);
            } else if !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
        }
    }

    fn break_line(&mut self) {
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Boxes that a style sheet sets apart are parted, where their words would run together.
    fn part(&mut self) {
        if self.text.ends_with(|c: char| c.is_alphanumeric() || ".:!?…»”\"".contains(c)) {
            self.text.push('\u{1f}');
        }
    }

    /// One line of the element's text.
    pub fn text(&self, at: usize) -> String {
        shape::collapse(self.raw(at))
    }

    /// The element's text as it stands, lines and all.
    pub fn raw(&self, at: usize) -> &str {
        self.slice(self.elements[at].start, self.elements[at].end)
    }

    /// The text between two places, as they stand in elements.
    pub fn slice(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// The end of the text in front of an element: at most so many bytes, within the same line or the one before.
    pub fn before(&self, at: usize, bytes: usize) -> String {
        let end = self.elements[at].start;
        let text = self.text[self.text.ceil_char_boundary(end.saturating_sub(bytes))..end].trim_end();
        shape::collapse(text.rsplit('\n').next().unwrap_or_default())
    }

    pub fn tag(&self, at: usize) -> &str {
        self.document.tag_name(self.elements[at].id)
    }

    pub fn attribute(&self, at: usize, name: &str) -> Option<String> {
        self.document.get_attribute(self.elements[at].id, name)
    }

    /// Lower-case words of class, id and itemprop: "post-byline__authorName" is post, byline, author, name.
    pub fn words(&self, at: usize) -> Vec<String> {
        let mut words = Vec::new();
        for name in ["class", "id", "itemprop"] {
            let Some(value) = self.attribute(at, name) else { continue };
            let mut word = String::new();
            for c in value.chars().take(400).chain([' ']) {
                let joint = !c.is_alphanumeric() || (c.is_uppercase() && word.ends_with(char::is_lowercase));
                if joint && !word.is_empty() {
                    words.push(std::mem::take(&mut word).to_lowercase());
                }
                if c.is_alphanumeric() {
                    word.push(c);
                }
            }
        }
        words
    }

    /// The element and what holds it, innermost first, without the body.
    pub fn lineage(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let mut next = Some(at);
        std::iter::from_fn(move || {
            let own = next.filter(|own| *own != 0)?;
            next = Some(self.elements[own].parent);
            Some(own)
        })
    }

    /// Whether one element's text is part of another's.
    pub fn holds(&self, outer: usize, inner: usize) -> bool {
        let (outer, inner) = (self.elements[outer], self.elements[inner]);
        outer.start <= inner.start && inner.end <= outer.end
    }

    /// How many bytes of text lie between the headline and an element; what stands in front counts double.
    pub fn distance(&self, at: usize, headline: Option<usize>) -> usize {
        let element = self.elements[at];
        let (from, to) = headline.map_or((0, 0), |head| (self.elements[head].start, self.elements[head].end));
        if element.start >= to { element.start - to } else { 2 * from.saturating_sub(element.end) }
    }

    /// Whether an element stands in something else than the article: a comment, a list of teasers, a menu.
    ///
    /// What holds the headline too, or most of the page, is the article's, whatever it is called; so is what
    /// follows the headline at once, unless it is a comment or a menu.
    pub fn is_foreign(&self, at: usize, headline: Option<usize>) -> bool {
        let adjacent = headline.is_some() && self.distance(at, headline) <= ADJACENT;
        self.stands_apart(at, headline, adjacent)
    }

    /// As [`Self::is_foreign`], for what says of itself that it is the article's.
    pub fn is_alien(&self, at: usize, headline: Option<usize>) -> bool {
        self.stands_apart(at, headline, true)
    }

    fn stands_apart(&self, at: usize, headline: Option<usize>, adjacent: bool) -> bool {
        let within_article = |at: usize| self.lineage(at).any(|own| self.tag(own) == "article");
        let headed = headline.is_some_and(within_article);
        let most = self.text.len() * 2 / 5;
        self.lineage(at).take_while(|own| headline.is_none_or(|head| !self.holds(*own, head))).any(|own| {
            let words = self.words(own);
            let any = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
            let element = self.elements[own];
            match self.tag(own) {
                "nav" => true,
                "aside" => !adjacent,
                "article" => headed,
                "footer" => !adjacent && !within_article(own),
                _ if element.end - element.start > most => false,
                _ => any(ALIEN) || (!adjacent && any(FOREIGN)),
            }
        })
    }
}

/// Text after the headline that is this near, in bytes, belongs to it.
const ADJACENT: usize = 200;

/// Words of class names of what is never the article's own.
const ALIEN: &[&str] = &[
    "comment", "kommentar", "comments", "commentlist", "kommentare", "comentarios", "commentaires",
    "respond", "disqus", "reply", "related", "recommended", "recommendations", "popular", "trending",
    "breadcrumb", "breadcrumbs", "menu", "nav", "navigation", "navbar",
];

/// Words of class names that set something apart from the article.
const FOREIGN: &[&str] = &[
    "sidebar", "widget", "widgets", "teaser", "teasers", "newsletter", "promo", "ticker", "carousel",
    "slider", "advert", "advertisement", "recent", "more", "readmore", "similar", "next", "prev", "previous",
    "pagination", "copyright", "cookie", "modal", "popup", "caption", "figcaption", "credit", "latest",
    "archive", "topbar", "sitemap", "footer", "aside", "outbrain", "taboola", "recirc", "topnews",
];

fn is_unseen(tag: &str) -> bool {
    matches!(
        tag,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "iframe"
            | "select"
            | "textarea"
            | "head"
            | "button"
            | "object"
            | "rt"
            | "rp"
    )
}

fn is_block(tag: &str) -> bool {
    matches!(
        tag,
        "p" | "div"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "aside"
            | "nav"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "table"
            | "tr"
            | "blockquote"
            | "figure"
            | "figcaption"
            | "form"
            | "address"
            | "hr"
            | "pre"
            | "center"
            | "fieldset"
    )
}
