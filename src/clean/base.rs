//! The body as a general extractor sees it, cut into paragraphs.
//!
//! The extractor is trafilatura: first its fast rules, and its slower fallbacks only where those found
//! little. Its result is markup; a paragraph's kind comes from there, and from the page itself what the
//! extractor does not tell: that a paragraph was a caption, a share bar, or all one link.

use std::collections::{HashMap, HashSet};

use trafilatura::dom::{Document, NodeId};
use trafilatura::{Metadata, Options};
use url::Url;

use super::phrases::Residue;
use super::residue::{Block, Kind};
use super::shape;

/// Fast results with fewer words than this are compared with the fallbacks'.
const ENOUGH_WORDS: usize = 120;
/// As are those that hold less than this share of the words in the page's paragraphs.
const ENOUGH_SHARE: f64 = 0.35;
/// Containers with more words than this are not asides, whatever they are called.
const MAX_ASIDE_WORDS: usize = 160;

/// The body's paragraphs and the extractor's own reading of the metadata. Empty where there is no body.
///
/// `document` is `page`, parsed.
pub(super) fn extract(document: Document, page: &str, url: Option<&Url>) -> (Vec<Block>, Metadata) {
    let marks = Marks::of(&document);
    let page_words = paragraph_words(&document);
    let mut options = Options::default().with_exclude_comments(true);
    if let Some(url) = url {
        options = options.with_url(url.clone());
    }
    let fast = trafilatura::extract_document(document, &options).ok();
    let words = fast.as_ref().map_or(0, |fast| shape::word_count(&fast.content_text));
    let result = if words < ENOUGH_WORDS || (words as f64) < ENOUGH_SHARE * page_words as f64 {
        trafilatura::extract(page, &options.with_fallback(true)).ok().or(fast)
    } else {
        fast
    };
    let Some(result) = result else { return (Vec::new(), Metadata::default()) };
    let mut blocks = blocks(&result.content_html);
    for block in &mut blocks {
        let print = shape::fingerprint(&block.text);
        block.marked = marks.asides.get(&print).copied();
        block.linked = marks.links.contains(&print);
    }
    (blocks, result.metadata)
}

fn paragraph_words(document: &Document) -> usize {
    document
        .get_elements_by_tag_name(document.root(), "p")
        .into_iter()
        .map(|id| shape::word_count(&document.text_content(id)))
        .sum()
}

/// What the page's markup says of its paragraphs, by their fingerprints.
struct Marks {
    asides: HashMap<String, Residue>,
    links: HashSet<String>,
}

impl Marks {
    fn of(document: &Document) -> Self {
        let root = document.root();
        let mut asides = HashMap::new();
        for id in document.get_elements_by_tag_name(root, "*") {
            let Some(residue) = aside(document, id) else { continue };
            let text = document.text_content(id);
            // Measured before it is read closely: containers nest.
            if text.len() > 20 * MAX_ASIDE_WORDS || shape::word_count(&text) > MAX_ASIDE_WORDS {
                continue;
            }
            asides.entry(shape::fingerprint(&text)).or_insert(residue);
            for inner in document.query_selector_all(id, "p, li, h2, h3, h4, h5, h6, div, span, a") {
                let text = document.text_content(inner);
                if shape::word_count(&text) >= 2 {
                    asides.entry(shape::fingerprint(&text)).or_insert(residue);
                }
            }
        }
        asides.remove("");
        let links = document
            .get_elements_by_tag_name(root, "a")
            .into_iter()
            .map(|id| document.text_content(id))
            .filter(|text| shape::word_count(text) >= 3)
            .map(|text| shape::fingerprint(&text))
            .collect();
        Self { asides, links }
    }
}

/// Words of class and id names, and what they say of an element.
const NAMES: &[(&str, Residue)] = &[
    ("caption", Residue::Caption),
    ("figcaption", Residue::Caption),
    ("credit", Residue::Caption),
    ("credits", Residue::Caption),
    ("byline", Residue::Byline),
    ("bio", Residue::Bio),
    ("newsletter", Residue::Newsletter),
    ("signup", Residue::Newsletter),
    ("subscribe", Residue::Newsletter),
    ("paywall", Residue::Paywall),
    ("related", Residue::Related),
    ("recommended", Residue::Related),
    ("recirc", Residue::Related),
    ("teaser", Residue::Related),
    ("share", Residue::Share),
    ("sharing", Residue::Share),
    ("social", Residue::Share),
    ("breadcrumb", Residue::Navigation),
    ("breadcrumbs", Residue::Navigation),
    ("advert", Residue::Advert),
    ("advertisement", Residue::Advert),
    ("promo", Residue::Advert),
    ("sponsor", Residue::Advert),
    ("cookie", Residue::Newsletter),
    ("copyright", Residue::Copyright),
    ("disclaimer", Residue::Copyright),
    ("tags", Residue::Tags),
    ("comments", Residue::Comments),
];

fn aside(document: &Document, id: NodeId) -> Option<Residue> {
    match document.tag_name(id) {
        "figcaption" => return Some(Residue::Caption),
        // The page as a whole is no aside, whatever its template is called.
        "html" | "body" | "main" | "article" | "head" | "script" | "style" | "meta" | "link" => return None,
        _ => {}
    }
    let names = format!("{} {}", document.class_name(id), document.id_attr(id)).to_lowercase();
    let words = names.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .into_iter()
        .find_map(|word| NAMES.iter().find(|(name, _)| *name == word))
        .map(|(_, residue)| *residue)
}

/// Cuts the extractor's markup into paragraphs.
fn blocks(html: &str) -> Vec<Block> {
    let document = Document::parse(html);
    let mut reader =
        Reader { document: &document, blocks: Vec::new(), line: String::new(), kind: Kind::Paragraph };
    if let Some(body) = document.body() {
        reader.read(body, Kind::Paragraph, 0);
    }
    reader.end_line();
    reader.blocks
}

struct Reader<'a> {
    document: &'a Document,
    blocks: Vec<Block>,
    line: String,
    kind: Kind,
}

/// The extractor's own limit on the depth of a tree.
const MAX_DEPTH: usize = 500;

impl Reader<'_> {
    fn read(&mut self, id: NodeId, kind: Kind, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for child in self.document.child_nodes(id) {
            if self.document.is_text(child) {
                if self.line.is_empty() {
                    self.kind = kind;
                }
                self.line.push_str(&self.document.text_content(child));
                continue;
            }
            let inner = match self.document.tag_name(child) {
                "br" => {
                    self.soft_break();
                    continue;
                }
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
                "li" | "dd" | "dt" => Kind::Item,
                "blockquote" | "q" if kind == Kind::Paragraph => Kind::Quote,
                "pre" | "tr" | "table" => Kind::Verbatim,
                "p" | "div" | "section" | "article" | "header" | "ul" | "ol" | "dl" | "hr" | "blockquote" => {
                    kind
                }
                "td" | "th" => {
                    self.line.push(' ');
                    self.read(child, kind, depth + 1);
                    continue;
                }
                _ => {
                    self.read(child, kind, depth + 1);
                    continue;
                }
            };
            // A paragraph inside a table cell belongs to its row.
            if kind == Kind::Verbatim && inner == Kind::Verbatim && self.document.tag_name(child) == "p" {
                self.line.push(' ');
                self.read(child, kind, depth + 1);
                continue;
            }
            self.end_line();
            self.read(child, inner, depth + 1);
            self.end_line();
        }
    }

    /// A line break parts paragraphs after a sentence, or where there are two; else it is a space.
    fn soft_break(&mut self) {
        if self.line.ends_with('\n') || shape::ends_sentence(&self.line) {
            self.end_line();
        } else {
            self.line.push('\n');
        }
    }

    fn end_line(&mut self) {
        let text = shape::collapse(&self.line);
        self.line.clear();
        if !text.is_empty() {
            self.blocks.push(Block { text, kind: self.kind, marked: None, linked: false });
        }
    }
}
