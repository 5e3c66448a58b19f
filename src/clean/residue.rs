//! Takes away the paragraphs that are not the article: the same judgement for pages and for plain text.
//!
//! What a paragraph says ("Leave a Comment", a photo credit) decides anywhere. What it merely looks like
//! decides only before the first and after the last paragraph of prose, where teasers, captions and menus
//! gather: there a line without a final full stop, or cut off by an ellipsis, must share its subject with
//! the body to stay. Between two paragraphs of prose a line is kept unless its words give it away.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::phrases::{self, Residue};
use super::shape::{self, Shape};

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
    /// The page has it as the text of one link.
    pub linked: bool,
}

impl Block {
    pub fn plain(text: String) -> Self {
        Self { text, kind: Kind::Paragraph, marked: None, linked: false }
    }
}

#[derive(Debug, Default)]
pub(super) struct Cleaned {
    pub kept: Vec<Block>,
    pub removed: Vec<(Residue, String)>,
    /// A headline that stood above the body, where none was known.
    pub headline: Option<String>,
}

/// A line is foreign when at most this share of its content words occurs in the body.
const FOREIGN_SHARE: f64 = 0.2;
/// Bodies of fewer words give too little to compare with; looks alone then remove nothing related.
const MIN_BODY_WORDS: usize = 40;
/// Teasers and menus are shorter than this, in words.
const TEASER_WORDS: usize = 35;
/// Where a run of teasers may begin: candidates tried, so that a hostile page stays linear.
const MAX_CANDIDATES: usize = 64;
/// Marked-up residue beyond this share of all words means that the marks are wrong.
const MAX_MARKED_SHARE: f64 = 0.35;

/// Sorts paragraphs into article and residue. `titles` is the headline in all its forms, where known.
pub(super) fn clean(blocks: Vec<Block>, titles: &[String]) -> Cleaned {
    let mut trial = Trial::new(blocks, titles);
    trial.known_phrases();
    trial.marks();
    trial.after_related_headings();
    trial.after_comments();
    trial.repeats();
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

    fn known_phrases(&mut self) {
        let ends =
            |trial: &Self| (trial.first_prose().unwrap_or(0), trial.last_prose().unwrap_or(usize::MAX));
        // Twice: the first pass may move the ends of the prose inwards (a newsletter box is prose too).
        for _ in 0..2 {
            let (first, last) = ends(self);
            for at in 0..self.blocks.len() {
                if self.is_open(at) && self.blocks[at].kind != Kind::Verbatim {
                    let at_end = at < first || at > last || (at + 1 == self.blocks.len());
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
        if marked as f64 <= MAX_MARKED_SHARE * total as f64 {
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
                && block.linked
                && block.kind != Kind::Verbatim
                && (4..=TEASER_WORDS).contains(&self.words[at])
                && (matches!(self.shapes[at], Shape::Open | Shape::CutOff) || at > last)
                && block.kind != Kind::Heading
            {
                self.verdicts[at] = Some(Residue::Related);
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
                        self.blocks[at].kind == Kind::Heading && at < last && !self.blocks[at].linked;
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
                && 3 * before >= 2 * all
            {
                for verdict in &mut self.verdicts[at + 1..] {
                    verdict.get_or_insert(Residue::Comments);
                }
                return;
            }
        }
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
            let repeated = self.words[at] >= 8 && seen.insert(print, at).is_some();
            if is_title || repeated {
                self.verdicts[at] = Some(Residue::Repeat);
            }
        }
    }

    /// Content words of the open prose in `from..to`.
    fn core(&self, from: usize, to: usize) -> HashSet<&str> {
        (from..to)
            .filter(|at| self.is_prose(*at))
            .flat_map(|at| self.content[at].iter().map(String::as_str))
            .collect()
    }

    /// Whether the line is about something else. Lines without content words are about nothing.
    fn is_foreign(&self, at: usize, core: &HashSet<&str>) -> bool {
        let own = &self.content[at];
        let shared = own.iter().filter(|word| core.contains(word.as_str())).count();
        !own.is_empty() && shared as f64 <= FOREIGN_SHARE * own.len() as f64
    }

    /// Before the first prose: menus, bylines, datelines, other stories; and the headline.
    fn front(&mut self) {
        let Some(first) = self.first_prose() else { return };
        let core = self.core(0, self.blocks.len());
        let enough = self.words.iter().sum::<usize>() >= MIN_BODY_WORDS;
        let mut verdicts = Vec::new();
        let mut headline = None;
        for at in (0..first).rev().filter(|at| self.is_open(*at)) {
            let block = &self.blocks[at];
            let label = self.words[at] <= 3 && !block.text.ends_with([',', ':']);
            let foreign = self.is_foreign(at, &core);
            let residue = match (block.kind, self.shapes[at]) {
                (Kind::Verbatim, _) => None,
                (Kind::Paragraph, Shape::Open) if is_dateline(&block.text) => Some(Residue::Byline),
                (Kind::Paragraph, Shape::Open) if enough && label => Some(Residue::Navigation),
                (Kind::Paragraph | Kind::Item, Shape::CutOff) if enough && foreign => Some(Residue::Teaser),
                (Kind::Paragraph | Kind::Heading, Shape::Open)
                    if self.titles.is_empty() && headline.is_none() && self.words[at] <= 25 && !foreign =>
                {
                    headline = Some(block.text.clone());
                    Some(Residue::Repeat)
                }
                (Kind::Paragraph, Shape::Open) if enough && foreign && self.words[at] <= TEASER_WORDS => {
                    Some(Residue::Teaser)
                }
                _ => None,
            };
            verdicts.extend(residue.map(|residue| (at, residue)));
        }
        if self.titles.is_empty() && headline.is_none() {
            // A headline of two or three words, the nearest to the body.
            headline = verdicts
                .iter()
                .find(|(at, _)| (2..=3).contains(&self.words[*at]) && !self.is_foreign(*at, &core))
                .map(|(at, _)| self.blocks[*at].text.clone());
        }
        for (at, residue) in verdicts {
            self.verdicts[at] = Some(residue);
        }
        self.headline = headline;
    }

    /// A run of other stories after the body, their first sentences among their headlines.
    fn teaser_run(&mut self) {
        let open: Vec<usize> = (0..self.blocks.len()).filter(|at| self.is_open(*at)).collect();
        let mut candidates = 0;
        // Where the text before is not mainly prose, looks tell nothing.
        let (mut body_words, mut other_words) = (0, 0);
        let mut core: HashSet<&str> = HashSet::new();
        let mut cut = None;
        for (nth, &at) in open.iter().enumerate() {
            if self.is_prose(at) {
                body_words += self.words[at];
            } else {
                other_words += self.words[at];
            }
            let starts = matches!(self.shapes[at], Shape::Open | Shape::CutOff)
                && self.words[at] >= 4
                && self.blocks[at].kind != Kind::Verbatim
                && !self.introduces_list(&open[..nth]);
            if starts
                && body_words >= MIN_BODY_WORDS
                && self.is_foreign(at, &core)
                && candidates < MAX_CANDIDATES
            {
                candidates += 1;
                let run = &open[nth..];
                let related = run.iter().filter(|at| !self.is_foreign(**at, &core)).count();
                let bare = run.iter().filter(|at| !self.is_prose(**at)).count();
                let prose: usize =
                    run.iter().filter(|at| self.is_prose(**at)).map(|at| self.words[*at]).sum();
                if run.len() >= 3
                    && 6 * related <= run.len()
                    && 2 * bare >= run.len()
                    && run
                        .iter()
                        .all(|at| self.words[*at] <= TEASER_WORDS && self.blocks[*at].kind != Kind::Verbatim)
                    && 2 * prose <= body_words
                    && 3 * other_words <= body_words
                {
                    cut = Some(nth);
                    break;
                }
            }
            if self.is_prose(at) {
                core.extend(self.content[at].iter().map(String::as_str));
            }
        }
        if let Some(nth) = cut {
            for &at in &open[nth..] {
                self.verdicts[at] = Some(Residue::Teaser);
            }
        }
    }

    /// Whether the last of the paragraphs ends in a colon: what follows is its list.
    fn introduces_list(&self, before: &[usize]) -> bool {
        before.last().is_some_and(|at| self.blocks[*at].text.ends_with(':'))
    }

    /// After the last prose: what is cut off or has no full stop, and is about something else.
    fn end(&mut self) {
        let Some(last) = self.last_prose() else { return };
        let body_words: usize = (0..=last).filter(|at| self.is_prose(*at)).map(|at| self.words[at]).sum();
        let tail: Vec<usize> = (last + 1..self.blocks.len()).filter(|at| self.is_open(*at)).collect();
        if tail.is_empty() || body_words < MIN_BODY_WORDS {
            return;
        }
        let core = self.core(0, last + 1);
        let mut list = self.introduces_list(&[last]);
        let cut_off = tail.iter().filter(|at| self.shapes[**at] == Shape::CutOff).count();
        let headlines = tail
            .iter()
            .filter(|at| {
                matches!(self.shapes[**at], Shape::CutOff | Shape::Open)
                    && (4..=TEASER_WORDS).contains(&self.words[**at])
                    && !is_list_item(&self.blocks[**at])
            })
            .count();
        let mut verdicts = Vec::new();
        let mut among_teasers = false;
        for (nth, &at) in tail.iter().enumerate() {
            let block = &self.blocks[at];
            let foreign = self.is_foreign(at, &core);
            let residue_follows = self.verdicts[at..].iter().any(Option::is_some);
            let company = headlines >= 2 || residue_follows || among_teasers;
            let only_headings_follow = tail[nth..].iter().all(|at| self.blocks[*at].kind == Kind::Heading);
            let quoted = shape::starts_with_quote(&block.text) && shape::ends_sentence(&block.text);
            let remove = match (block.kind, self.shapes[at]) {
                (Kind::Verbatim, _) => false,
                (Kind::Heading, _) => only_headings_follow || foreign && company,
                (_, Shape::CutOff) => cut_off >= 2 || foreign,
                (_, Shape::Prose) => false,
                (_, Shape::Short) => {
                    !quoted && foreign && (among_teasers || company && block.text.ends_with('?'))
                }
                (_, Shape::Open) if list || block.text.ends_with(':') => false,
                (Kind::Item, Shape::Open) => foreign && company && self.words[at] >= 4,
                (_, Shape::Open) if self.words[at] <= 3 => true,
                (_, Shape::Open) if self.words[at] > TEASER_WORDS || is_list_item(block) => false,
                (_, Shape::Open) => company && (foreign || headlines >= 3) || block.linked,
            };
            list |= !remove && block.text.ends_with(':');
            if remove {
                verdicts.push(at);
                among_teasers |= self.words[at] >= 4;
            }
        }
        for at in verdicts {
            self.verdicts[at] = Some(Residue::Teaser);
        }
        self.bio();
    }

    /// A last paragraph about a person the article has not named: its author.
    fn bio(&mut self) {
        let open: Vec<usize> = (0..self.blocks.len()).filter(|at| self.is_open(*at)).collect();
        let Some((&at, body)) = open.split_last() else { return };
        if body.len() < 3 || self.words[at] > 90 || !is_bio(&self.blocks[at].text) {
            return;
        }
        let surname = self.blocks[at]
            .text
            .split_whitespace()
            .take_while(|word| word.starts_with(char::is_uppercase))
            .last()
            .map(shape::fingerprint)
            .unwrap_or_default();
        let named = body.iter().any(|at| {
            self.blocks[*at]
                .text
                .split_whitespace()
                .any(|word| shape::fingerprint(word).starts_with(&surname))
        });
        if !named {
            self.verdicts[at] = Some(Residue::Bio);
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
        cleaned
    }
}

/// "TIRANA, Sept 7 (Reuters)", "LONDON —": where and when, on a line of its own.
fn is_dateline(line: &str) -> bool {
    let words = shape::word_count(line);
    let place = line.split([',', '(', '-', '–', '—', ':', ';']).next().unwrap_or_default().trim();
    let shouted = place.chars().any(char::is_alphabetic) && !place.chars().any(char::is_lowercase);
    let rest = line.get(place.len()..).unwrap_or_default();
    let dated = rest.contains('(')
        || rest.chars().any(|c| c.is_ascii_digit())
        || line.trim_end().ends_with(['-', '–', '—', ':']);
    words <= 8 && shouted && shape::word_count(place) <= 3 && dated
}

/// A list item by its own mark, for plain text.
fn is_list_item(block: &Block) -> bool {
    let text = block.text.as_str();
    block.kind == Kind::Item
        || text.starts_with(['-', '–', '—', '•', '·', '*', '◦', '▪', '●'])
        || text.split_once(['.', ')']).is_some_and(|(number, rest)| {
            number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with(' ')
        })
}

static TRADES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "reporter journalist correspondent editor author writer columnist professor fellow contributor \
    freelance freelancer blogger photographer lecturer analyst covers writes producer founder \
    consultant historian researcher journalistin redakteur redakteurin autor autorin korrespondent \
    journaliste periodista"
        .split(' ')
        .collect()
});

/// "Nellie Bly is a reporter for the World."
fn is_bio(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(30).collect();
    let name = words.iter().take_while(|word| word.starts_with(char::is_uppercase)).count();
    let verb = words.get(name).is_some_and(|word| {
        ["is", "was", "covers", "writes", "works", "has", "ist", "schreibt", "est", "es"].contains(word)
    });
    (1..=6).contains(&name)
        && verb
        && words[name..].iter().any(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
            TRADES.contains(word.as_str())
        })
}
