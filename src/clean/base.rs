//! Which of a page's paragraphs are its body, before residue is told apart.
//!
//! A general extractor (trafilatura's fast rules) says where the body is; its text is found again among
//! the page's own paragraphs. From there on the page's paragraphs count, because extractors lose what
//! stands inside a body: lists, quotes, subheads, a lede in a header of its own. What lies between two
//! paragraphs of the body, in the same company, is brought back. Where the extractor found little, the
//! container with the most prose is taken as well.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use trafilatura::dom::Document;
use trafilatura::{HtmlDateMode, Metadata, Options};
use url::Url;

use super::embedded::{self, Wanted};
use super::marks::Zone;
use super::metadata::Facts;
use super::page::{Page, Piece};
use super::phrases::{self, Residue};
use super::residue::{Block, Kind};
use super::shape::{self, Shape};

/// Bodies with fewer words of prose are compared with what the page's scripts hold.
const POOR_WORDS: usize = 150;

/// The body's paragraphs and the extractor's own reading of the metadata. Empty where there is no body.
///
/// `document` is `page`, parsed; `facts` are what it says of itself.
pub(super) fn extract(
    document: Document,
    page: &str,
    url: Option<&Url>,
    facts: &Facts,
) -> (Vec<Block>, Metadata) {
    let (blocks, metadata, is_shown) = from_markup(document, url);
    let words = if is_shown { embedded::prose_words(&blocks) } else { 0 };
    let told = facts.body.as_deref().map_or(0, shape::word_count);
    if words >= POOR_WORDS && 2 * told < 3 * words {
        return (blocks, metadata);
    }
    let wanted = Wanted {
        article_body: facts.body.as_deref(),
        titles: &facts.titles,
        shown: &blocks,
        min_words: words + words / 2,
    };
    let embedded = embedded::body(&Document::parse(page), &wanted);
    (embedded.unwrap_or(blocks), metadata)
}

/// The third value is false where the text is none of the page's paragraphs: the extractor had it from a
/// script.
fn from_markup(document: Document, url: Option<&Url>) -> (Vec<Block>, Metadata, bool) {
    let page = Page::read(&document);
    // Its search for a date is a sixth of its work, and ours is better.
    let mut options =
        Options::default().with_exclude_comments(true).with_html_date_mode(HtmlDateMode::Disabled);
    if let Some(url) = url {
        options = options.with_url(url.clone());
    }
    let (extracted, metadata) = match trafilatura::extract_document(document, &options) {
        Ok(found) => (Page::read(&Document::parse(&found.content_html)), found.metadata),
        Err(_) => (Page::default(), Metadata::default()),
    };
    let mut body = Body::find(&page, &extracted);
    if !body.covers(&extracted) {
        return (extracted.pieces.iter().map(|piece| extracted.block(piece)).collect(), metadata, false);
    }
    body.add_main_prose();
    body.bring_back();
    body.drop_comments_and_hidden();
    body.add_lede();
    body.add_tail();
    (body.blocks(), metadata, true)
}

/// Runs of so many words are looked for, so that words in common prove nothing.
const RUN: usize = 3;
/// A paragraph is the extractor's when this share of its runs is.
const FOUND_SHARE: f64 = 0.6;
/// And the extractor's text is the page's when this share of its words is found in the page.
const COVERED_SHARE: f64 = 0.6;
/// The body is looked for by its prose too where the extractor has less than this share of the prose
/// that the best container holds.
const POOR_SHARE: f64 = 0.6;
/// How far up a paragraph's company may be, in elements.
const NEAR: usize = 3;

/// Paragraphs between a headline and its body: more of them are another part of the page.
const MAX_BEFORE_BODY: usize = 25;
/// Shorter lines below a headline are labels.
const MIN_LEDE_WORDS: usize = 4;

struct Body<'a> {
    page: &'a Page,
    chosen: Vec<bool>,
}

impl<'a> Body<'a> {
    /// The page's paragraphs that the extractor has taken.
    fn find(page: &'a Page, extracted: &Page) -> Self {
        let (mut lines, mut runs) = (HashSet::new(), HashSet::new());
        for piece in &extracted.pieces {
            lines.insert(hash(&shape::fingerprint(&piece.text)));
            runs.extend(word_runs(&piece.text));
        }
        let chosen = page
            .pieces
            .iter()
            .map(|piece| {
                let own = word_runs(&piece.text);
                let found = own.iter().filter(|run| runs.contains(run)).count();
                match own.len() {
                    0..RUN => lines.contains(&hash(&shape::fingerprint(&piece.text))),
                    all => found as f64 >= FOUND_SHARE * all as f64,
                }
            })
            .collect();
        Self { page, chosen }
    }

    fn words(&self) -> usize {
        self.page.pieces.iter().zip(&self.chosen).filter(|(_, chosen)| **chosen).map(|(p, _)| p.words).sum()
    }

    fn covers(&self, extracted: &Page) -> bool {
        let all: usize = extracted.pieces.iter().map(|piece| piece.words).sum();
        self.words() as f64 >= COVERED_SHARE * all as f64
    }

    /// The prose of the container that has most of it, where the extractor has much less.
    ///
    /// Scored as reader modes do (Arc90's Readability): a paragraph counts for its container, and half
    /// for the one around that.
    fn add_main_prose(&mut self) {
        let mut scores = vec![0.0; self.page.containers.len()];
        let is_prose = |piece: &Piece| {
            shape::shape(&piece.text) == Shape::Prose
                && piece.link_share < 0.4
                && self.page.zone(piece) <= Zone::Header
                && self.page.mark(piece).is_none()
        };
        for piece in self.page.pieces.iter().filter(|piece| is_prose(piece)) {
            let mut weight = piece.words as f64;
            for container in self.page.ancestors(piece.container).skip(1).take(4) {
                scores[container] += weight;
                weight /= 2.0;
            }
        }
        let Some(best) = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])) else { return };
        let inside: Vec<usize> = (0..self.page.pieces.len())
            .filter(|at| {
                let piece = &self.page.pieces[*at];
                is_prose(piece) && self.page.ancestors(piece.container).any(|container| container == best)
            })
            .collect();
        let all: usize = inside.iter().map(|at| self.page.pieces[*at].words).sum();
        let has: usize =
            inside.iter().filter(|at| self.chosen[**at]).map(|at| self.page.pieces[*at].words).sum();
        if (has as f64) < POOR_SHARE * all as f64 {
            inside.into_iter().for_each(|at| self.chosen[at] = true);
        }
    }

    /// Takes what the extractor has left out between two paragraphs of the body.
    fn bring_back(&mut self) {
        let taken: Vec<usize> = (0..self.chosen.len()).filter(|at| self.chosen[*at]).collect();
        let (Some(first), Some(last)) = (taken.first(), taken.last()) else { return };
        let mut back = Vec::new();
        let mut next = 0;
        for at in *first..*last {
            if self.chosen[at] {
                next += 1;
                continue;
            }
            let piece = &self.page.pieces[at];
            if self.is_company(piece)
                && (self.is_near(piece, taken[next - 1]) || self.is_near(piece, taken[next]))
            {
                back.push(at);
            }
        }
        back.into_iter().for_each(|at| self.chosen[at] = true);
    }

    /// Drops what readers wrote and what is not shown, unless the template calls the body itself that.
    fn drop_comments_and_hidden(&mut self) {
        let is_other = |at: &usize| self.page.zone(&self.page.pieces[*at]) >= Zone::Comments;
        let taken: Vec<usize> = (0..self.chosen.len()).filter(|at| self.chosen[*at]).collect();
        let words = |pieces: &mut dyn Iterator<Item = &usize>| -> usize {
            pieces.map(|at| self.page.pieces[*at].words).sum()
        };
        let others = words(&mut taken.iter().filter(|at| is_other(at)));
        if 2 * others < words(&mut taken.iter()) && taken.first().is_some_and(|at| !is_other(at)) {
            let drop: Vec<usize> = taken.into_iter().filter(is_other).collect();
            drop.into_iter().for_each(|at| self.chosen[at] = false);
        }
    }

    /// Takes the lede: prose between the headline and the body, whatever element it stands in.
    fn add_lede(&mut self) {
        let Some(first) = self.chosen.iter().position(|chosen| *chosen) else { return };
        let Some(headline) = self.page.pieces[..first].iter().rposition(|piece| piece.is_top_heading) else {
            return;
        };
        if first - headline > MAX_BEFORE_BODY {
            return;
        }
        // Lines right below the headline need be no sentences.
        let mut directly = true;
        for at in headline + 1..first {
            let piece = &self.page.pieces[at];
            directly &= piece.kind != Kind::Paragraph && piece.words >= MIN_LEDE_WORDS;
            self.chosen[at] = (shape::shape(&piece.text) == Shape::Prose
                || directly
                || (self.page.is_lede(piece) && piece.words >= MIN_LEDE_WORDS))
                && piece.link_share < 0.4
                && self.page.zone(piece) <= Zone::Header
                && matches!(self.page.mark(piece), None | Some(Residue::Related));
        }
    }

    /// Takes what follows the body in a container of its own, as long as it is prose about the same things.
    fn add_tail(&mut self) {
        let Some(last) = self.chosen.iter().rposition(|chosen| *chosen) else { return };
        let mut at = last;
        while let Some(piece) = self.page.pieces.get(at + 1) {
            at += 1;
            if phrases::classify(&piece.text, false) == Some(Residue::Advert) {
                continue;
            }
            let goes_on = shape::ends_sentence(&piece.text)
                && piece.link_share < 0.3
                && self.is_company(piece)
                && self.is_near(piece, last)
                && self.is_on_topic(piece);
            if !goes_on {
                return;
            }
            self.chosen[at] = true;
        }
    }

    /// Whether a paragraph shares names or matters with the body.
    fn is_on_topic(&self, piece: &Piece) -> bool {
        let body = self.page.pieces.iter().zip(&self.chosen).filter(|(_, chosen)| **chosen);
        let body: HashSet<String> = body.flat_map(|(piece, _)| shape::content_words(&piece.text)).collect();
        let own = shape::content_words(&piece.text);
        let shared = own.iter().filter(|word| body.contains(*word)).count();
        shared >= 2 && 4 * shared >= own.len()
    }

    /// Whether a paragraph may belong to a body at all.
    fn is_company(&self, piece: &Piece) -> bool {
        self.page.zone(piece) == Zone::Body
            && self.page.mark(piece).is_none()
            && (piece.link_share < 0.6 || shape::shape(&piece.text) == Shape::Prose)
    }

    /// Whether a paragraph of the body lies in the same part of the page.
    fn is_near(&self, piece: &Piece, other: usize) -> bool {
        let common = self.page.common(piece.container, self.page.pieces[other].container);
        let between: Vec<usize> =
            self.page.ancestors(piece.container).take_while(|at| *at != common).collect();
        let outermost = between.last().map(|at| &self.page.containers[*at]);
        // One linked sentence among paragraphs is one of them if it is about the same.
        between.len() <= NEAR
            && outermost.is_none_or(|own| 2 * own.linked_words <= own.words || between.len() == 1)
            && (piece.link_share < 0.6 || self.is_on_topic(piece))
    }

    fn blocks(self) -> Vec<Block> {
        let chosen = self.page.pieces.iter().zip(self.chosen).filter(|(_, chosen)| *chosen);
        chosen.map(|(piece, _)| self.page.block(piece)).collect()
    }
}

/// Hashes of the runs of words of a text.
fn word_runs(text: &str) -> Vec<u64> {
    let words: Vec<u64> = text
        .split_whitespace()
        .map(shape::fingerprint)
        .filter(|word| !word.is_empty())
        .map(|word| hash(&word))
        .collect();
    words.windows(RUN).map(|run| hash(&run)).collect()
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
