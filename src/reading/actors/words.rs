//! A document as the actor tagger reads it, and from its tags back to names.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use tch::Tensor;

use super::agree::agree;
use super::features::features;
use super::find::{self, Candidate};
use super::gazetteer::{self, Known};
use super::join;
use super::lexicon::Classes;
use super::merge::{after_article, calendar, merge};
use super::prior::raise_known;
use super::resolve::{self, Name};
use super::tagger::{TagScores, best_path, tag_kind, word_states};
use super::title::title_at;
use super::tokens::{self, Shape, Token, TokenizedSentence};
use crate::domain::{ActorKind, Mention, Span};
use crate::reading::Document;
use crate::reading::encoder::TokenStates;

/// The words of a document with what the rules say of them.
pub struct Words<'d> {
    document: &'d Document,
    sentences: Vec<TokenizedSentence<'d>>,
    by_rules: Vec<Name>,
}

impl<'d> Words<'d> {
    pub fn new(document: &'d Document) -> Words<'d> {
        let sentences = tokens::sentences(document);
        let candidates =
            sentences.iter().enumerate().flat_map(|(number, sentence)| find::candidates(number, sentence));
        let by_rules = resolve::resolve(&sentences, candidates.collect());
        Words { document, sentences, by_rules }
    }

    /// The features of every word of every sentence.
    pub fn features(&self) -> Vec<Vec<Vec<u32>>> {
        features(&self.sentences, &self.by_rules)
    }

    /// Where the words of a sentence stand.
    pub fn spans(&self, sentence: usize) -> Vec<Span> {
        let tokens = self.sentences.get(sentence).map(|sentence| sentence.tokens.as_slice());
        let index = &self.document.index;
        tokens.unwrap_or_default().iter().map(|token| index.span(token.start..token.end())).collect()
    }

    /// A row of states for each word of a sentence, from those of its pieces.
    pub fn states(&self, sentence: usize, pieces: Option<&TokenStates>) -> Tensor {
        let (tokens, span) = (&self.sentences[sentence].tokens, self.document.sentences[sentence].span);
        word_states(tokens, span, &self.document.index, pieces)
    }

    /// The mentions that the rules alone find.
    pub fn mentions_by_rules(&self) -> Vec<Mention> {
        self.mentions(self.by_rules.clone())
    }

    /// The mentions that the tags' scores tell of: every proper name of a person, organization or place, in order, none
    /// overlapping. Two mentions of one entity share their `actor`, counted from 0 in order of mention.
    pub fn mentions_by_scores(&self, mut scores: Vec<Vec<TagScores>>) -> Vec<Mention> {
        self.sentences.iter().zip(&mut scores).for_each(|(sentence, scores)| raise_known(sentence, scores));
        agree(&self.sentences, &mut scores);
        let mut names = Vec::new();
        let mut by_rules = self.by_rules.iter().peekable();
        for (number, (sentence, scores)) in self.sentences.iter().zip(&scores).enumerate() {
            let rules: Vec<&Name> =
                std::iter::from_fn(|| by_rules.next_if(|name| name.candidate.sentence == number)).collect();
            names.extend(merge(
                &sentence.tokens,
                tagged(number, sentence, &best_path(scores)),
                &rules,
                scores,
            ));
        }
        self.leave_out_vessels(&mut names);
        self.settle_kinds(&mut names);
        self.mentions(names)
    }

    /// The same words are one kind throughout: that which most of their places tell. A person's
    /// surname stays one ("Washington"), and so does what is known beforehand.
    fn settle_kinds(&self, names: &mut [Name]) {
        let words = |name: &Name| {
            let candidate = &name.candidate;
            &self.sentences[candidate.sentence].tokens[candidate.first..candidate.last]
        };
        let surnames: HashSet<&str> = names
            .iter()
            .filter(|name| name.kind == ActorKind::Person && words(name).len() > 1)
            .filter_map(|name| words(name).last().map(|token| token.lower.as_str()))
            .collect();
        let open = |name: &Name| {
            let surname = matches!(words(name), [only] if surnames.contains(only.lower.as_str()));
            name.candidate.known.is_none() && !name.candidate.titled && !surname
        };
        let mut counts: HashMap<String, [usize; 3]> = HashMap::new();
        for name in names.iter().filter(|name| open(name)) {
            counts.entry(resolve::key(words(name))).or_default()[name.kind as usize] += 1;
        }
        let settled: Vec<ActorKind> = names
            .iter()
            .map(|name| {
                let count = counts.get(&resolve::key(words(name))).filter(|_| open(name));
                let most = |count: &[usize; 3]| {
                    let kinds = [ActorKind::Person, ActorKind::Organization, ActorKind::Place];
                    kinds.into_iter().rev().max_by_key(|kind| count[*kind as usize])
                };
                count.and_then(most).unwrap_or(name.kind)
            })
            .collect();
        names.iter_mut().zip(settled).for_each(|(name, kind)| name.kind = kind);
    }

    /// A ship is none of the three kinds, wherever the text tells that it is one.
    fn leave_out_vessels(&self, names: &mut Vec<Name>) {
        let tokens = |name: &Name| self.sentences[name.candidate.sentence].tokens.as_slice();
        let key = |name: &Name| resolve::key(&tokens(name)[name.candidate.first..name.candidate.last]);
        let vessel = |name: &Name| resolve::names_vessel(tokens(name), &name.candidate);
        // The text may name the place that a ship is called after, too.
        let known = |name: &Name| name.candidate.known.is_some();
        let vessels: HashSet<String> =
            names.iter().filter(|name| vessel(name) && !known(name)).map(key).collect();
        names.retain(|name| !vessel(name) && (known(name) || !vessels.contains(&key(name))));
    }

    fn mentions(&self, mut names: Vec<Name>) -> Vec<Mention> {
        let actors = join::join(&self.sentences, &mut names);
        let mention = |(name, actor): (&Name, usize)| {
            let candidate = &name.candidate;
            let tokens =
                self.sentences.get(candidate.sentence)?.tokens.get(candidate.first..candidate.last)?;
            let (first, last) = tokens.first().zip(tokens.last())?;
            let span = self.document.index.span(first.start..last.end());
            Some(Mention { span, kind: name.kind, actor })
        };
        names.iter().zip(actors).filter_map(mention).collect()
    }
}

/// The names that the tags of a sentence tell of.
fn tagged(number: usize, sentence: &TokenizedSentence<'_>, tags: &[usize]) -> Vec<Name> {
    let s = &sentence.tokens;
    let mut names = Vec::new();
    let mut at = 0;
    while at < tags.len() {
        let Some((kind, _)) = tag_kind(tags[at]) else {
            at += 1;
            continue;
        };
        let first = at;
        at += 1;
        while at < tags.len() && tag_kind(tags[at]) == Some((kind, false)) {
            at += 1;
        }
        names.extend(name(number, s, first..at, kind));
    }
    names
}

fn name(number: usize, s: &[Token<'_>], words: Range<usize>, kind: ActorKind) -> Option<Name> {
    // "Prime" of "Prime Minister", "South" of "South Korean".
    let in_title = title_at(s, words.start).is_some_and(|end| end >= words.end);
    let nation = |token: &&Token<'_>| token.capital() && token.is(Classes::NATIONALITY);
    let compass = words.len() == 1 && s[words.start].is(Classes::COMPASS);
    if in_title || (compass && s.get(words.end).filter(nation).is_some()) {
        return None;
    }
    // "HMS" of "HMS Hood".
    let vessel = words.len() == 1 && s[words.start].is(Classes::VESSEL_MARK);
    if vessel || calendar(&s[words.end - 1]) || (kind == ActorKind::Person && after_article(s, words.clone()))
    {
        return None;
    }
    let suffix = s.get(words.end).is_some_and(|token| token.capital() && token.is(Classes::SUFFIX));
    let end = words.end + usize::from(suffix && kind == ActorKind::Person);
    let bare = bare(&s[..end], words.start)?;
    let only = &s[bare.clone()];
    let known = gazetteer::longest_match(only).filter(|(length, _)| *length == only.len());
    // A country or its capital that acts is still a place, whatever acts in its name; nobody is called "U.S.".
    let state = known.is_some_and(|(_, entry)| matches!(entry.known, Known::Country | Known::Capital));
    let place =
        state && (kind == ActorKind::Organization || only.iter().all(|token| token.shape == Shape::Upper));
    let kind = if place || (kind == ActorKind::Organization && building(s, &bare)) {
        ActorKind::Place
    } else {
        kind
    };
    let kind = if kind == ActorKind::Place && known.is_none() && east_asian(only) {
        ActorKind::Person
    } else {
        kind
    };
    let titled = bare.start.checked_sub(1).is_some_and(|at| s[at].capital() && s[at].is(Classes::TITLE));
    let candidate = Candidate {
        sentence: number,
        first: bare.start,
        last: bare.end,
        kind: Some(kind),
        known: known.map(|(_, entry)| entry),
        titled,
        weak: false,
    };
    Some(Name { candidate, kind })
}

/// "Chiang Kai-shek", "Park Chung-hee": a surname, and a given name whose second part has no capital.
fn east_asian(name: &[Token<'_>]) -> bool {
    let [_, given] = name else { return false };
    let mut parts = given.text.split(['-', '‐', '‑']);
    let (first, second, more) = (parts.next(), parts.next(), parts.next());
    let begins = |part: Option<&str>, capital: bool| {
        part.and_then(|part| part.chars().next()).is_some_and(|c| c.is_uppercase() == capital)
    };
    begins(first, true) && begins(second, false) && more.is_none()
}

/// "At the White House", "outside Groote Schuur Hospital": what may be an organization is where something happens.
fn building(s: &[Token<'_>], name: &Range<usize>) -> bool {
    let the = name.start.checked_sub(1).filter(|&at| s[at].lower == "the");
    let before = the.unwrap_or(name.start).checked_sub(1).map(|at| s[at].lower.as_str());
    let there = before.is_some_and(|word| matches!(word, "at" | "near" | "outside" | "inside" | "around"));
    there && name.len() > 1 && s[name.end - 1].is(Classes::PLACE_HEAD)
}

/// The tokens from `first` on without article, title and possessive; nothing if no name is left.
fn bare(s: &[Token<'_>], first: usize) -> Option<Range<usize>> {
    let mut first = first;
    let mut last = s.len();
    while last > first && s[last - 1].shape == Shape::Possessive {
        last -= 1;
    }
    let s = &s[..last];
    while first < last && matches!(s[first].lower.as_str(), "the" | "a" | "an") {
        first += 1;
    }
    let known = |at: usize| gazetteer::longest_match(&s[at..]).is_some_and(|(length, _)| length > 1);
    // "Pastor Maldonado": the tagger takes no title for a name.
    let given =
        |end: usize| end == first + 1 && s[first].is(Classes::GIVEN) && !s[first].is(Classes::HONORIFIC);
    if first < last
        && !known(first)
        && let Some(end) = title_at(s, first).filter(|&end| !given(end))
    {
        first = end;
    }
    let nation = |token: &Token<'_>| token.is(Classes::NATIONALITY) && !token.is(Classes::COUNTRY);
    let nothing = |token: &Token<'_>| matches!(token.shape, Shape::Mark | Shape::Number) || nation(token);
    (!s[first..].iter().all(nothing)).then_some(first..last)
}

/// The bytes of a name without article, title and possessive; nothing if no name is left.
pub fn bare_name(name: &str) -> Option<Range<usize>> {
    let tokens = tokens::tokenize(name, 0..name.len());
    let bare = bare(&tokens, 0)?;
    Some(tokens[bare.start].start..tokens[bare.end - 1].end())
}
