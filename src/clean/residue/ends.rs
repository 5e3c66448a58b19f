//! Before the first and after the last paragraph of prose, where menus, bylines and other stories gather.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{Block, Kind, MIN_BODY_WORDS, TEASER_WORDS, Trial};
use crate::clean::phrases::{self, Residue};
use crate::clean::shape::{self, Shape};

/// A line is foreign when at most this share of its content words occurs in the body.
pub(super) const FOREIGN_SHARE: f64 = 0.2;
/// A name with its day and hour has at most so many words.
const MAX_BYLINE_WORDS: usize = 18;
/// Where a run of teasers may begin: candidates tried, so that a hostile page stays linear.
const MAX_CANDIDATES: usize = 64;

impl Trial {
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

    /// Anywhere: lines cut off by an ellipsis that are about something else and lead elsewhere; without
    /// markup, where they come in company. One alone may be the article's own.
    pub(super) fn cut_off(&mut self) {
        let core = self.core(0, self.blocks.len());
        let cut_off: Vec<usize> = (0..self.blocks.len())
            .filter(|at| {
                self.is_open(*at)
                    && self.shapes[*at] == Shape::CutOff
                    && self.blocks[*at].kind != Kind::Verbatim
                    && !shape::starts_with_quote(&self.blocks[*at].text)
                    && self.is_foreign(*at, &core)
            })
            .collect();
        let enough = cut_off.len() >= 2;
        for at in cut_off {
            if self.blocks[at].link_share.map_or(enough, |share| share > 0.3) {
                self.verdicts[at] = Some(Residue::Teaser);
            }
        }
    }

    /// Before the first prose: menus, bylines, datelines, other stories; and the headline.
    pub(super) fn front(&mut self) {
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
                (Kind::Paragraph, Shape::Open)
                    if self.words[at] <= MAX_BYLINE_WORDS && phrases::has_moment(&block.text) =>
                {
                    Some(Residue::Byline)
                }
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
    pub(super) fn teaser_run(&mut self) {
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
                && !self.introduces_list(&open[..nth])
                // Markup shows where a line leads; other stories are linked, or cut off.
                && (self.blocks[at].link_share.is_none_or(|share| share > 0.3)
                    || self.shapes[at] == Shape::CutOff);
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

    /// Whether what follows is a list of the article's own: the last paragraph but for items ends in a colon.
    fn introduces_list(&self, before: &[usize]) -> bool {
        let before = before.iter().rev().find(|at| !is_list_item(&self.blocks[**at]));
        before.is_some_and(|at| self.blocks[*at].text.ends_with(':'))
    }

    /// After the last prose: what is cut off or has no full stop, and is about something else.
    pub(super) fn end(&mut self) {
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
                (_, Shape::CutOff) => {
                    cut_off >= 2 || foreign && block.link_share.is_none_or(|share| share > 0.3)
                }
                (_, Shape::Prose) => false,
                (_, Shape::Short) => {
                    !quoted && foreign && (among_teasers || company && block.text.ends_with('?'))
                }
                (_, Shape::Open) if list || block.text.ends_with(':') => false,
                (Kind::Item, Shape::Open) => foreign && company && self.words[at] >= 4,
                (_, Shape::Open) if self.words[at] <= 3 => true,
                (_, Shape::Open) if self.words[at] > TEASER_WORDS || is_list_item(block) => false,
                (_, Shape::Open) => company && (foreign || headlines >= 3) || block.is_linked(),
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
