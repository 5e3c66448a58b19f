//! The page as a reader sees it: its paragraphs in order, each with what the markup says of it.
//!
//! One walk over the tree. A paragraph is a run of text that a browser would show as one block; the
//! elements around it are its containers, and they tell where on the page it stands, whether a template
//! calls it something else than the article, and what it keeps company with.

use trafilatura::dom::{Document, NodeId};

use super::marks::{self, Marks, Zone};
use super::phrases::Residue;
use super::residue::{Block, Kind};
use super::shape;

/// A paragraph of the page.
#[derive(Debug)]
pub(super) struct Piece {
    /// One line.
    pub text: String,
    pub words: usize,
    pub kind: Kind,
    /// Share of its characters that are links, 0 to 1.
    pub link_share: f32,
    /// Index of the innermost container.
    pub container: usize,
    /// It is, or is in, an `<h1>`.
    pub is_top_heading: bool,
}

/// A block-level element.
#[derive(Debug, Default)]
pub(super) struct Container {
    /// Index of the one around it; the root is its own.
    pub parent: usize,
    pub depth: usize,
    /// What its tag, role and names say of everything inside.
    pub zone: Zone,
    pub mark: Option<Residue>,
    /// A paragraph, a heading, an item: what holds text rather than parts of a page.
    is_text: bool,
    /// Its names are those of a lede.
    pub is_lede: bool,
    /// Words of all paragraphs inside, at any depth.
    pub words: usize,
    /// Those of them that are links.
    pub linked_words: usize,
    /// How many paragraphs there are inside.
    pieces: usize,
    /// Index of the first of them, labels aside.
    first: Option<usize>,
    items: usize,
    /// Fields to fill in, and buttons.
    fields: usize,
    buttons: usize,
    /// The outermost small part of the page that it lies in, or is.
    boxed: Option<usize>,
}

#[derive(Debug, Default)]
pub(super) struct Page {
    pub pieces: Vec<Piece>,
    /// Parents before children.
    pub containers: Vec<Container>,
}

/// Containers with more words than this are not asides, whatever they are called.
const MAX_ASIDE_WORDS: usize = 160;
/// A small part of a page that serves one purpose has at most so many words.
const MAX_BOX_WORDS: usize = 100;
/// A headline with the first words of its story.
const MAX_CARD_WORDS: usize = 80;
const MAX_CARD_PIECES: usize = 5;
/// "Read more" above a headline is no headline.
const MAX_LABEL_WORDS: usize = 2;
const MAX_HEADLINE_WORDS: usize = 30;
/// A form with what it promises.
const MAX_FORM_WORDS: usize = 60;
/// A table with a cell of more words than this was made to place things, not to compare them.
const LAYOUT_CELL_WORDS: usize = 60;
/// The extractor's own limit on the depth of a tree.
const MAX_DEPTH: usize = 500;

impl Piece {
    /// A headline that is a link, and not the page's own.
    fn leads_away(&self) -> bool {
        self.link_share > 0.9
            && (3..=MAX_HEADLINE_WORDS).contains(&self.words)
            && !self.is_top_heading
            && self.kind != Kind::Verbatim
    }
}

impl Container {
    /// What a small part of a page is by what it is made of: a card that leads to another story, a box
    /// that asks for an address or a vote.
    fn by_its_parts(&self, leads_away: bool) -> Option<Residue> {
        if self.is_text || self.pieces < 2 || self.zone == Zone::Header {
            None
        } else if self.words <= MAX_CARD_WORDS && self.pieces <= MAX_CARD_PIECES && leads_away {
            Some(Residue::Related)
        } else if (self.words <= MAX_FORM_WORDS && self.fields > 0)
            || (self.words <= MAX_FORM_WORDS / 2 && self.buttons > 0 && self.items == 0)
        {
            Some(Residue::Newsletter)
        } else {
            None
        }
    }
}

impl Page {
    pub fn read(document: &Document) -> Self {
        let mut walk = Walk {
            document,
            page: Page { pieces: Vec::new(), containers: vec![Container::default()] },
            line: String::new(),
            linked: 0,
            place: Place { container: 0, kind: Kind::Paragraph, in_link: false, is_top_heading: false },
        };
        if let Some(body) = document.body() {
            walk.inside(body, walk.place, 0);
            walk.end_line(walk.place);
        }
        let mut page = walk.page;
        page.add_up();
        page
    }

    /// What is known of the containers only once all of them are read.
    fn add_up(&mut self) {
        for (at, piece) in self.pieces.iter().enumerate() {
            let container = &mut self.containers[piece.container];
            container.first = container.first.or((piece.words > MAX_LABEL_WORDS).then_some(at));
            container.pieces += 1;
            container.items += usize::from(matches!(piece.kind, Kind::Item | Kind::Verbatim));
            container.words += piece.words;
            container.linked_words += (piece.words as f32 * piece.link_share) as usize;
        }
        for at in (1..self.containers.len()).rev() {
            let Container { parent, words, linked_words, pieces, first, items, fields, buttons, .. } =
                self.containers[at];
            let outer = &mut self.containers[parent];
            outer.words += words;
            outer.linked_words += linked_words;
            outer.pieces += pieces;
            outer.fields += fields;
            outer.buttons += buttons;
            outer.items += items;
            outer.first = [outer.first, first].into_iter().flatten().min();
        }
        for at in 1..self.containers.len() {
            let outer = &self.containers[self.containers[at].parent];
            let (outer_mark, outer_zone, outer_box, outer_lede) =
                (outer.mark, outer.zone, outer.boxed, outer.is_lede);
            let own = &mut self.containers[at];
            if own.words > MAX_ASIDE_WORDS {
                own.mark = None;
            }
            own.zone = own.zone.max(outer_zone);
            let leads_away = own.first.is_some_and(|first| self.pieces[first].leads_away());
            own.mark = own.mark.or(own.by_its_parts(leads_away)).or(outer_mark);
            own.is_lede = (own.is_lede && own.words <= MAX_BOX_WORDS) || outer_lede;
            own.boxed = outer_box.or((!own.is_text && own.words <= MAX_BOX_WORDS).then_some(at));
        }
    }

    /// What the markup calls the paragraph.
    pub fn mark(&self, piece: &Piece) -> Option<Residue> {
        self.containers[piece.container].mark
    }

    pub fn zone(&self, piece: &Piece) -> Zone {
        self.containers[piece.container].zone
    }

    /// Whether its template calls it a lede.
    pub fn is_lede(&self, piece: &Piece) -> bool {
        self.containers[piece.container].is_lede
    }

    /// A paragraph as one on trial.
    pub fn block(&self, piece: &Piece) -> Block {
        Block {
            text: piece.text.clone(),
            kind: piece.kind,
            marked: self.mark(piece),
            link_share: Some(piece.link_share),
            boxed: self.containers[piece.container].boxed,
            parent: Some(self.containers[piece.container].parent),
        }
    }

    /// The containers around one, from the innermost outwards, itself first.
    pub fn ancestors(&self, container: usize) -> impl Iterator<Item = usize> {
        let mut next = Some(container);
        std::iter::from_fn(move || {
            let at = next?;
            next = (at != 0).then(|| self.containers[at].parent);
            Some(at)
        })
    }

    /// The innermost container that holds both.
    pub fn common(&self, one: usize, other: usize) -> usize {
        let (mut one, mut other) = (one, other);
        while one != other {
            if self.containers[one].depth >= self.containers[other].depth {
                one = self.containers[one].parent;
            } else {
                other = self.containers[other].parent;
            }
        }
        one
    }
}

#[derive(Clone, Copy)]
struct Place {
    container: usize,
    kind: Kind,
    in_link: bool,
    is_top_heading: bool,
}

struct Walk<'a> {
    document: &'a Document,
    page: Page,
    line: String,
    /// Characters of the line that are links, white space aside.
    linked: usize,
    /// Where the line began.
    place: Place,
}

impl Walk<'_> {
    fn inside(&mut self, id: NodeId, place: Place, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for child in self.document.child_nodes(id) {
            if self.document.is_text(child) {
                self.text(&self.document.text_content(child), place);
            } else {
                self.element(child, place, depth);
            }
        }
    }

    fn text(&mut self, text: &str, place: Place) {
        if self.line.is_empty() {
            self.place = place;
        }
        if place.in_link {
            self.linked += text.chars().filter(|c| !c.is_whitespace()).count();
        }
        self.line.push_str(text);
    }

    fn element(&mut self, id: NodeId, place: Place, depth: usize) {
        let tag = self.document.tag_name(id);
        match tag {
            "input" | "textarea" if marks::asks(self.document, id) => {
                self.page.containers[place.container].fields += 1;
            }
            "button" => self.page.containers[place.container].buttons += 1,
            _ => {}
        }
        let kind = match tag {
            // Neither shown as text nor part of what is written.
            "" | "script" | "style" | "noscript" | "template" | "svg" | "math" | "iframe" | "object"
            | "embed" | "video" | "audio" | "canvas" | "select" | "option" | "textarea" | "input"
            | "button" | "head" | "title" | "link" | "meta" | "img" | "picture" | "map" | "datalist"
            | "progress" | "meter" => return,
            "br" => return self.soft_break(place),
            // Set apart by style, where nothing else does it.
            "time" => {
                self.line.push(' ');
                self.inside(id, place, depth + 1);
                return self.line.push(' ');
            }
            "a" => return self.inside(id, Place { in_link: true, ..place }, depth + 1),
            _ if is_inline(tag) => {
                // What only a screen reader reads is no part of the sentence around it.
                if marks::is_unseen(self.document, id) {
                    return;
                }
                return self.inside(id, place, depth + 1);
            }
            "td" | "th" if place.kind == Kind::Verbatim => {
                self.line.push(' ');
                return self.inside(id, place, depth + 1);
            }
            // What stands in a cell belongs to its row.
            "p" | "div" | "ul" | "ol" | "li" if place.kind == Kind::Verbatim => {
                self.line.push(' ');
                self.inside(id, place, depth + 1);
                return self.line.push(' ');
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
            "li" | "dd" | "dt" => Kind::Item,
            "blockquote" => Kind::Quote,
            "pre" => Kind::Verbatim,
            "table" if place.kind != Kind::Verbatim => match self.is_layout(id) {
                true => Kind::Paragraph,
                false => Kind::Verbatim,
            },
            // A heading or an item may have its text in paragraphs of its own.
            _ => place.kind,
        };
        self.end_line(place);
        let Marks { zone, residue: mark, is_lede } = marks::of(self.document, id);
        let outer = &self.page.containers[place.container];
        self.page.containers.push(Container {
            parent: place.container,
            depth: outer.depth + 1,
            zone,
            mark,
            is_text: is_text(tag),
            is_lede,
            ..Container::default()
        });
        let inner = Place {
            container: self.page.containers.len() - 1,
            kind,
            is_top_heading: place.is_top_heading || tag == "h1",
            ..place
        };
        self.inside(id, inner, depth + 1);
        self.end_line(inner);
    }

    /// A table that places parts of a page: a cell holds a table, or much text.
    fn is_layout(&self, id: NodeId) -> bool {
        let inner = |tag| !self.document.get_elements_by_tag_name(id, tag).is_empty();
        inner("table")
            || inner("h1")
            || self
                .document
                .get_elements_by_tag_name(id, "td")
                .into_iter()
                .take(200)
                .any(|cell| shape::word_count(&self.document.text_content(cell)) > LAYOUT_CELL_WORDS)
    }

    /// A line break parts paragraphs after a sentence, or where there are two; else it is a space.
    fn soft_break(&mut self, place: Place) {
        let text = self.line.trim_end_matches([' ', '\t']);
        if text.ends_with('\u{b}') || shape::ends_sentence(text) {
            self.end_line(place);
        } else {
            // A vertical tab: white space that no page holds, so that the second of two is known.
            self.line.push('\u{b}');
        }
    }

    fn end_line(&mut self, place: Place) {
        let text = shape::collapse(&self.line);
        self.line.clear();
        let linked = std::mem::take(&mut self.linked);
        if text.is_empty() {
            return;
        }
        let letters = text.chars().filter(|c| !c.is_whitespace()).count().max(1);
        self.page.pieces.push(Piece {
            words: shape::word_count(&text),
            text,
            kind: self.place.kind,
            link_share: linked as f32 / letters as f32,
            container: place.container,
            is_top_heading: place.is_top_heading,
        });
    }
}

/// Elements that hold text rather than parts of a page.
fn is_text(tag: &str) -> bool {
    matches!(
        tag,
        "p" | "li"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "blockquote"
            | "dd"
            | "dt"
            | "td"
            | "th"
            | "pre"
    )
}

/// Elements that stand in a line of text.
fn is_inline(tag: &str) -> bool {
    matches!(
        tag,
        "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "q"
            | "rb"
            | "rp"
            | "rt"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}
