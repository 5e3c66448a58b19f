//! Scores of found names: exact spans, actors as clusters (B-cubed), key actors.

use std::collections::{HashMap, HashSet};

use dateline::domain::{ActorKind, Span};
use serde::{Deserialize, Serialize};

use super::gold::{Gold, Name};

/// A name that a system found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub span: Span,
    pub kind: ActorKind,
    /// The same number for what the system takes for one actor.
    pub actor: usize,
}

/// Counts over documents.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    pub right: usize,
    pub found: usize,
    pub gold: usize,
}

impl Counts {
    pub fn precision(self) -> f64 {
        ratio(self.right, self.found)
    }

    pub fn recall(self) -> f64 {
        ratio(self.right, self.gold)
    }

    pub fn f1(self) -> f64 {
        ratio(2 * self.right, self.found + self.gold)
    }
}

fn ratio(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

/// What is summed up over documents for one system.
#[derive(Debug, Clone, Default)]
pub struct Scores {
    pub names: Counts,
    pub spans: Counts,
    pub by_kind: [Counts; 3],
    /// Sums of B-cubed precision and recall (Bagga and Baldwin 1998) over the names found, and their number.
    cubed: (f64, f64, usize),
}

impl Scores {
    pub fn add(&mut self, gold: &Gold, found: &[Found]) {
        let by_span: HashMap<Span, usize> =
            gold.names.iter().enumerate().map(|(at, name)| (name.span, at)).collect();
        let counted: Vec<&Found> = found
            .iter()
            .filter(|one| by_span.contains_key(&one.span) || !gold.optional.contains(&one.span))
            .collect();
        let matched: Vec<(&Found, usize)> =
            counted.iter().filter_map(|one| Some((*one, *by_span.get(&one.span)?))).collect();
        self.names.gold += gold.names.len();
        self.spans.gold += gold.names.len();
        self.names.found += counted.len();
        self.spans.found += counted.len();
        self.spans.right += matched.len();
        for name in &gold.names {
            self.by_kind[number(name.kind)].gold += 1;
        }
        for one in &counted {
            self.by_kind[number(one.kind)].found += 1;
        }
        for (one, at) in &matched {
            if one.kind == gold.names[*at].kind {
                self.names.right += 1;
                self.by_kind[number(one.kind)].right += 1;
            }
        }
        for (one, at) in &matched {
            let entity = &gold.names[*at].entity;
            if entity.is_empty() {
                continue;
            }
            let ours = matched.iter().filter(|(other, _)| other.actor == one.actor);
            let theirs = matched.iter().filter(|(_, other)| gold.names[*other].entity == *entity);
            let both = ours.clone().filter(|(_, other)| gold.names[*other].entity == *entity).count();
            self.cubed.0 += ratio(both, ours.count());
            self.cubed.1 += ratio(both, theirs.count());
            self.cubed.2 += 1;
        }
    }

    /// B-cubed precision, recall and F1 of the actors.
    pub fn b_cubed(&self) -> Option<(f64, f64, f64)> {
        let (precision, recall, count) = self.cubed;
        (count > 0).then(|| {
            let (precision, recall) = (precision / count as f64, recall / count as f64);
            (precision, recall, 2.0 * precision * recall / (precision + recall))
        })
    }
}

fn number(kind: ActorKind) -> usize {
    match kind {
        ActorKind::Person => 0,
        ActorKind::Organization => 1,
        ActorKind::Place => 2,
    }
}

/// How many of five summaries must name a key actor.
const IN_SUMMARIES: usize = 3;
/// Key actors of a digest, at most.
pub const MOST: usize = 5;

/// The names of key actors.
pub fn key_names(gold: &Gold) -> impl Iterator<Item = &Name> {
    gold.names.iter().filter(|name| name.summaries >= IN_SUMMARIES)
}

/// The referent that most of an actor's spans name.
pub fn meant<'g>(gold: &'g Gold, spans: &[Span]) -> Option<&'g str> {
    let overlaps = |a: Span, b: Span| a.start < b.end && b.start < a.end;
    let mut votes: HashMap<&str, usize> = HashMap::new();
    for name in &gold.names {
        if spans.iter().any(|&span| overlaps(span, name.span)) {
            *votes.entry(&name.entity).or_default() += 1;
        }
    }
    votes.into_iter().max_by_key(|&(entity, votes)| (votes, entity)).map(|(entity, _)| entity)
}

/// Key actors against the named actors that at least three of five summaries tell of.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeyScores {
    pub counts: Counts,
    /// What naming no more than `MOST` leaves within reach.
    pub reachable: usize,
}

impl KeyScores {
    /// Over the documents of both.
    pub fn and(self, other: Self) -> Self {
        let (a, b) = (self.counts, other.counts);
        let counts = Counts { right: a.right + b.right, found: a.found + b.found, gold: a.gold + b.gold };
        Self { counts, reachable: self.reachable + other.reachable }
    }

    /// `actors`: for each actor the spans that name it.
    pub fn add(&mut self, gold: &Gold, actors: &[Vec<Span>]) {
        let key: HashSet<&str> = key_names(gold).map(|name| name.entity.as_str()).collect();
        let mut met: HashSet<&str> = HashSet::new();
        for spans in actors.iter().take(MOST) {
            met.extend(meant(gold, spans).filter(|entity| key.contains(entity)));
        }
        self.counts.right += met.len();
        self.counts.found += actors.len().min(MOST);
        self.counts.gold += key.len();
        self.reachable += key.len().min(MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gold(names: &[(usize, usize, &str, usize)], optional: &[(usize, usize)]) -> Gold {
        let span = |&(start, end): &(usize, usize)| Span { start, end };
        let name = |&(start, end, entity, summaries): &(usize, usize, &str, usize)| Name {
            span: Span { start, end },
            kind: ActorKind::Person,
            entity: entity.to_owned(),
            summaries,
        };
        Gold {
            id: String::new(),
            genre: String::new(),
            partition: String::new(),
            title: None,
            text: String::new(),
            names: names.iter().map(name).collect(),
            apposed: Vec::new(),
            optional: optional.iter().map(span).collect(),
            trainable: true,
        }
    }

    fn found(start: usize, end: usize, kind: ActorKind, actor: usize) -> Found {
        Found { span: Span { start, end }, kind, actor }
    }

    #[test]
    fn counts_names_spans_and_actors() {
        let gold = gold(&[(0, 5, "a", 0), (10, 15, "a", 0), (20, 25, "b", 0)], &[(30, 35)]);
        let mut scores = Scores::default();
        let (person, place) = (ActorKind::Person, ActorKind::Place);
        scores.add(
            &gold,
            &[
                found(0, 5, person, 0),
                found(10, 15, place, 0),
                found(20, 25, person, 0),
                found(30, 35, person, 1),
                found(40, 41, person, 2),
            ],
        );
        assert_eq!((scores.names.right, scores.names.found, scores.names.gold), (2, 4, 3));
        assert_eq!(scores.spans.right, 3);
        // One actor for two referents: of three names, two share it rightly.
        let (precision, recall, _) = scores.b_cubed().unwrap();
        assert!((precision - 5.0 / 9.0).abs() < 1e-9 && (recall - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_key_actor_is_met_once() {
        let gold = gold(&[(0, 5, "a", 5), (10, 15, "a", 5), (20, 25, "b", 2)], &[]);
        let mut scores = KeyScores::default();
        let span = |start, end| Span { start, end };
        scores.add(&gold, &[vec![span(0, 5)], vec![span(10, 15)], vec![span(20, 25)]]);
        assert_eq!((scores.counts.right, scores.counts.found, scores.counts.gold), (1, 3, 1));
    }
}
