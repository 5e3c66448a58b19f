//! Takes away the paragraphs that are not the article: the same judgement for pages and for plain text.
//!
//! What a paragraph says ("Leave a Comment", a photo credit) decides anywhere. What it merely looks like
//! decides only before the first and after the last paragraph of prose, where teasers, captions and menus
//! gather: there a line without a final full stop, or cut off by an ellipsis, must share its subject with
//! the body to stay. Between two paragraphs of prose a line is kept unless its words give it away.

mod ends;

use std::collections::{HashMap, HashSet};

use super::phrases::{self, Residue};
use super::shape::{self, Shape};
use ends::FOREIGN_SHARE;

/// What markup said of a paragraph; plain text has only paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Heading,
    Paragraph,
    Item,
    Quote,
    /// A table row, a line of code: never judged by its looks.
    Verbatim,
}

/// A paragraph on trial.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// One line.
    pub text: String,
    pub kind: Kind,
    /// The page's markup calls it something else than the article: a caption, a share bar.
    pub marked: Option<Residue>,
    /// Share of its characters that are links, 0 to 1; a text without markup does not tell.
    pub link_share: Option<f32>,
    /// The small part of the page that it stands in: all of a box has one purpose.
    pub boxed: Option<usize>,
    /// The element around its own: paragraphs of one element were written one after the other.
    pub parent: Option<usize>,
}

impl Block {
    pub fn plain(text: String) -> Self {
        Self { text, kind: Kind::Paragraph, marked: None, link_share: None, boxed: None, parent: None }
    }

    /// All of it is a link.
    fn is_linked(&self) -> bool {
        self.link_share.is_some_and(|share| share > 0.9)
    }
}

#[derive(Debug, Default)]
pub(super) struct Cleaned {
    pub kept: Vec<Block>,
    pub removed: Vec<(Residue, String)>,
    /// Indices into `kept`: paragraphs that share no words with the others. Their meaning must tell.
    pub doubtful: Vec<usize>,
    /// A headline that stood above the body, where none was known.
    pub headline: Option<String>,
}

/// Bodies of fewer words give too little to compare with; looks alone then remove nothing related.
const MIN_BODY_WORDS: usize = 40;
/// Fewer content words tell nothing of what a paragraph is about.
const MIN_DOUBTFUL_WORDS: usize = 4;
/// Teasers and menus are shorter than this, in words.
const TEASER_WORDS: usize = 35;
/// Marked-up residue beyond this share of all words means that the marks are wrong.
const MAX_MARKED_SHARE: f64 = 0.35;

/// Sorts paragraphs into article and residue. `titles` is the headline in all its forms, where known;
/// `recurring` holds the fingerprints of what other pages of the outlet carry too.
pub(super) fn clean(blocks: Vec<Block>, titles: &[String], recurring: &HashSet<i64>) -> Cleaned {
    let mut trial = Trial::new(blocks, titles);
    trial.recurring(recurring);
    trial.known_phrases();
    trial.marks();
    trial.boxes();
    trial.after_related_headings();
    trial.after_comments();
    trial.repeats();
    trial.cut_off();
    trial.front();
    trial.teaser_run();
    trial.end();
    trial.finish()
}

struct Trial {
    blocks: Vec<Block>,
    verdicts: Vec<Option<Residue>>,
    shapes: Vec<Shape>,
    words: Vec<usize>,
    content: Vec<HashSet<String>>,
    /// Fingerprints of the headline's forms.
    titles: Vec<String>,
    headline: Option<String>,
}

impl Trial {
    fn new(blocks: Vec<Block>, titles: &[String]) -> Self {
        let titles =
            titles.iter().map(|title| shape::fingerprint(title)).filter(|title| !title.is_empty()).collect();
        let shapes = blocks.iter().map(|block| shape::shape(&block.text)).collect();
        let words = blocks.iter().map(|block| shape::word_count(&block.text)).collect();
        let content = blocks.iter().map(|block| shape::content_words(&block.text)).collect();
        Self { verdicts: vec![None; blocks.len()], blocks, shapes, words, content, titles, headline: None }
    }

    fn is_open(&self, at: usize) -> bool {
        self.verdicts[at].is_none()
    }

    fn is_prose(&self, at: usize) -> bool {
        self.is_open(at) && self.shapes[at] == Shape::Prose && self.blocks[at].kind != Kind::Heading
    }

    fn first_prose(&self) -> Option<usize> {
        (0..self.blocks.len()).find(|at| self.is_prose(*at))
    }

    fn last_prose(&self) -> Option<usize> {
        (0..self.blocks.len()).rfind(|at| self.is_prose(*at))
    }

    /// What other pages of the outlet carry too, unless that is most of this one.
    fn recurring(&mut self, prints: &HashSet<i64>) {
        if prints.is_empty() {
            return;
        }
        let known: Vec<usize> = (0..self.blocks.len())
            .filter(|at| prints.contains(&shape::print(&self.blocks[*at].text)))
            .collect();
        let words: usize = known.iter().map(|at| self.words[*at]).sum();
        if 2 * words <= self.words.iter().sum() {
            known.into_iter().for_each(|at| self.verdicts[at] = Some(Residue::Recurring));
        }
    }

    fn known_phrases(&mut self) {
        let ends =
            |trial: &Self| (trial.first_prose().unwrap_or(0), trial.last_prose().unwrap_or(usize::MAX));
        let mut judged = vec![None; self.blocks.len()];
        // Twice: the first pass may move the ends of the prose inwards (a newsletter box is prose too).
        for _ in 0..2 {
            let (first, last) = ends(self);
            for (at, judged) in judged.iter_mut().enumerate() {
                let at_end = at < first || at > last || (at + 1 == self.blocks.len());
                if self.is_open(at)
                    && self.blocks[at].kind != Kind::Verbatim
                    && judged.replace(at_end) != Some(at_end)
                {
                    self.verdicts[at] = phrases::classify(&self.blocks[at].text, at_end);
                }
            }
        }
    }

    /// Believes the page's markup, unless it calls too much of the page residue.
    fn marks(&mut self) {
        let total: usize = self.words.iter().sum();
        let marked: usize = (0..self.blocks.len())
            .filter(|at| self.blocks[*at].marked.is_some())
            .map(|at| self.words[at])
            .sum();
        let rest: usize = (0..self.blocks.len())
            .filter(|at| self.blocks[*at].marked.is_none() && self.is_prose(*at))
            .map(|at| self.words[at])
            .sum();
        if marked as f64 <= MAX_MARKED_SHARE * total as f64 || rest >= MIN_BODY_WORDS {
            for at in 0..self.blocks.len() {
                if self.is_open(at) {
                    self.verdicts[at] = self.blocks[at].marked;
                }
            }
        }
        let last = self.last_prose().unwrap_or(0);
        for at in 0..self.blocks.len() {
            let block = &self.blocks[at];
            // A paragraph that is one link and no sentence is a reference to another story.
            if self.is_open(at)
                && block.is_linked()
                && block.kind != Kind::Verbatim
                && (4..=TEASER_WORDS).contains(&self.words[at])
                && (matches!(self.shapes[at], Shape::Open | Shape::CutOff) || at > last)
                && block.kind != Kind::Heading
            {
                self.verdicts[at] = Some(Residue::Related);
            }
        }
    }

    /// What stands in one box with a prompt to sign up, to pay or to vote goes with it.
    fn boxes(&mut self) {
        let mut words: HashMap<usize, (usize, Option<Residue>)> = HashMap::new();
        let mut all = 0;
        for at in 0..self.blocks.len() {
            if self.is_prose(at) {
                all += self.words[at];
            }
            if let Some(own) = self.blocks[at].boxed {
                let (prose, residue) = words.entry(own).or_default();
                *prose += if self.is_prose(at) { self.words[at] } else { 0 };
                *residue = residue.or(self.verdicts[at].filter(|residue| {
                    use Residue::*;
                    matches!(residue, Newsletter | Paywall | Poll | RelatedHeading)
                }));
            }
        }
        for at in 0..self.blocks.len() {
            if let Some((prose, Some(residue))) = self.blocks[at].boxed.and_then(|own| words.get(&own))
                && self.is_open(at)
                && 2 * prose <= all
            {
                self.verdicts[at] = Some(*residue);
            }
        }
    }

    /// Headlines below "Related stories" go with it, up to the next prose.
    fn after_related_headings(&mut self) {
        let mut below = false;
        let mut taken = 0;
        let last = self.last_prose().unwrap_or(0);
        for at in 0..self.blocks.len() {
            match self.verdicts[at] {
                Some(Residue::RelatedHeading) => (below, taken) = (true, 0),
                Some(_) => {}
                None => {
                    let teaser = match self.shapes[at] {
                        Shape::Open => self.words[at] <= TEASER_WORDS,
                        Shape::CutOff => true,
                        Shape::Short => at > last && !shape::starts_with_quote(&self.blocks[at].text),
                        Shape::Prose => false,
                    };
                    // Between prose a heading of the article's own ends the list.
                    let heading =
                        self.blocks[at].kind == Kind::Heading && at < last && !self.blocks[at].is_linked();
                    below &= teaser && !heading && taken < 40 && self.blocks[at].kind != Kind::Verbatim;
                    if below {
                        self.verdicts[at] = Some(Residue::Teaser);
                        taken += 1;
                    }
                }
            }
        }
    }

    /// After a prompt to comment come comments, unless more of the article follows than went before.
    fn after_comments(&mut self) {
        let prose_words = |trial: &Self, from: usize, to: usize| -> usize {
            (from..to).filter(|at| trial.is_prose(*at)).map(|at| trial.words[at]).sum()
        };
        let n = self.blocks.len();
        let all = prose_words(self, 0, n);
        let mut before = 0;
        for at in 0..n {
            if self.is_prose(at) {
                before += self.words[at];
            }
            if self.verdicts[at] == Some(Residue::Comments)
                && before >= MIN_BODY_WORDS
                && (3 * before >= 2 * all || self.marks_of_comments(at + 1) >= 2)
            {
                for verdict in &mut self.verdicts[at + 1..] {
                    verdict.get_or_insert(Residue::Comments);
                }
                return;
            }
        }
    }

    /// How many lines from here on stand around what readers write: "lamplighter says:", "Reply".
    fn marks_of_comments(&self, from: usize) -> usize {
        self.blocks[from..].iter().filter(|block| phrases::is_around_comment(&block.text)).count()
    }

    /// The headline again, a paragraph twice, a pull quote.
    fn repeats(&mut self) {
        let first = self.first_prose().unwrap_or(self.blocks.len());
        let mut seen: HashMap<String, usize> = HashMap::new();
        for at in 0..self.blocks.len() {
            if !self.is_open(at) || self.blocks[at].kind == Kind::Verbatim {
                continue;
            }
            let print = shape::fingerprint(&self.blocks[at].text);
            let is_title = self.titles.iter().any(|title| {
                print == *title
                    // With the outlet's name, or cut: only as a headline above the body.
                    || (at <= first
                        && self.shapes[at] != Shape::Prose
                        && print.len() > 15
                        && (print.starts_with(title.as_str()) && print.len() < title.len() + 30
                            || title.starts_with(print.as_str()) && 2 * print.len() > title.len()))
            });
            // Another copy of a part of the page, a pull quote. A song repeats itself in one element.
            let before = seen.insert(print, at).map(|before| self.blocks[before].parent);
            let repeated = self.words[at] >= 8
                && before.is_some_and(|parent| parent.is_none() || parent != self.blocks[at].parent);
            if is_title || repeated {
                self.verdicts[at] = Some(Residue::Repeat);
            }
        }
    }

    fn finish(self) -> Cleaned {
        let mut cleaned = Cleaned { headline: self.headline, ..Cleaned::default() };
        for (block, verdict) in self.blocks.into_iter().zip(self.verdicts) {
            match verdict {
                Some(residue) => cleaned.removed.push((residue, block.text)),
                None => cleaned.kept.push(block),
            }
        }
        // Headings that have lost their section.
        while cleaned.kept.len() > 1 && cleaned.kept.last().is_some_and(|block| block.kind == Kind::Heading) {
            cleaned.removed.extend(cleaned.kept.pop().map(|block| (Residue::Teaser, block.text)));
        }
        cleaned.doubtful = doubtful(&cleaned.kept);
        cleaned
    }
}

/// The paragraphs of a body that share no words with its others, from the second on: most are the
/// article's own, some are other stories that nothing else gives away.
fn doubtful(kept: &[Block]) -> Vec<usize> {
    let content: Vec<HashSet<String>> = kept.iter().map(|block| shape::content_words(&block.text)).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for word in content.iter().flatten() {
        *counts.entry(word).or_default() += 1;
    }
    (1..kept.len())
        .filter(|at| {
            let shared = content[*at].iter().filter(|word| counts[word.as_str()] > 1).count();
            kept[*at].kind == Kind::Paragraph
                && content[*at].len() >= MIN_DOUBTFUL_WORDS
                && shared as f64 <= FOREIGN_SHARE * content[*at].len() as f64
        })
        .collect()
}
