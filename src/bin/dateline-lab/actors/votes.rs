//! Labels by agreement: what several taggers say of one text, put together.
//!
//! GMB's tags are wrong here and there ("Norway" an organization), and most news has none. Where two agree, a label is
//! learned; where they contradict each other, nothing is.

use std::path::Path;

use dateline::domain::{ActorKind, Span};
use dateline::reading::Document;
use dateline::reading::actors::Words;

use super::gold::{Gold, Name};
use super::peers;
use super::score::Found;

/// Names with their kind; without one where it is not known whether there is a name.
pub type Labels = Vec<(Span, Option<ActorKind>)>;

/// One text's names, as one tagger has them.
type Names = Vec<(Span, ActorKind)>;

/// What spaCy's sm and md and our rules find in texts, each with its id.
pub struct Voters {
    small: peers::Names,
    medium: peers::Names,
}

impl Voters {
    /// Asks spaCy, or reads what it said in an earlier run from `cache`.
    pub fn ask(texts: &[(&str, &str)], cache: Option<&Path>) -> anyhow::Result<Voters> {
        let (small, medium) = (peers::kept("sm", texts, cache)?, peers::kept("md", texts, cache)?);
        eprintln!("{} texts read by {} and {}", texts.len(), small.peer, medium.peer);
        Ok(Voters { small, medium })
    }

    /// The labels of one text. `gold` are those that it came with, right for the most part.
    pub fn labels(&self, id: &str, document: &Document, gold: Option<Names>) -> Labels {
        let of = |found: Option<&Vec<Found>>| -> Names {
            found.into_iter().flatten().map(|one| (one.span, one.kind)).collect()
        };
        let rules = Words::new(document).mentions_by_rules();
        let rules = rules.into_iter().map(|mention| (mention.span, mention.kind)).collect();
        let asked = [of(self.small.found.get(id)), of(self.medium.found.get(id)), rules];
        elect(&asked, gold)
    }
}

/// Gold whose wrong labels are corrected as in training, and those in doubt optional.
pub fn corrected(mut golds: Vec<Gold>, cache: Option<&Path>) -> anyhow::Result<Vec<Gold>> {
    let texts: Vec<(&str, &str)> = golds.iter().map(|gold| (gold.id.as_str(), gold.text.as_str())).collect();
    let voters = Voters::ask(&texts, cache)?;
    for gold in &mut golds {
        let own = gold.names.iter().map(|name| (name.span, name.kind)).collect();
        let document = Document::new(gold.text.as_str(), None);
        gold.names.clear();
        for (span, kind) in voters.labels(&gold.id, &document, Some(own)) {
            match kind {
                Some(kind) => gold.names.push(Name { span, kind, entity: String::new(), summaries: 0 }),
                None => _ = gold.optional.insert(span),
            }
        }
        gold.names.sort_by_key(|name| name.span);
    }
    Ok(golds)
}

/// What at least two have exactly so is a name. What only one has is not known, but what came with the text alone is
/// believed where nobody contradicts, and against it all others must agree.
fn elect(asked: &[Names; 3], gold: Option<Names>) -> Labels {
    let supervised = gold.is_some();
    let gold = gold.unwrap_or_default();
    let mut votes: Vec<(usize, Span, ActorKind)> = Vec::new();
    for &(span, kind) in asked.iter().flatten().chain(&gold) {
        if !votes.iter().any(|&(_, other, of)| (other, of) == (span, kind)) {
            let count = asked.iter().chain([&gold]).filter(|names| names.contains(&(span, kind))).count();
            votes.push((count, span, kind));
        }
    }
    votes.sort_by_key(|&(count, span, _)| (std::cmp::Reverse(count), span));
    let overlap = |a: Span, b: Span| a.start < b.end && b.start < a.end;
    let mut labels = Labels::new();
    for (at, &(count, span, kind)) in votes.iter().enumerate() {
        let rivals = || {
            let all = votes.iter().enumerate();
            all.filter(|&(other, &(_, of, _))| other != at && overlap(of, span)).map(|(_, rival)| rival)
        };
        if rivals().any(|&(of, ..)| of > count) {
            continue;
        }
        let tie = rivals().any(|&(of, ..)| of == count);
        let by_gold = gold.iter().any(|&(other, _)| overlap(other, span));
        let believed = match count {
            0 | 1 => by_gold && rivals().next().is_none(),
            2 => {
                if supervised {
                    by_gold
                } else {
                    rivals().next().is_none()
                }
            }
            _ => true,
        };
        if believed && !tie {
            labels.push((span, Some(kind)));
        } else if (!supervised || by_gold || count > 1) && !labels.contains(&(span, None)) {
            // In a text with labels of its own there is no name where only one of the others sees one.
            labels.push((span, None));
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: ActorKind = ActorKind::Person;
    const PLACE: ActorKind = ActorKind::Place;

    fn span(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    #[test]
    fn two_make_a_name_and_one_makes_a_doubt() {
        let asked = [
            vec![(span(0, 5), PERSON), (span(10, 15), PLACE)],
            vec![(span(0, 5), PERSON), (span(20, 30), PLACE)],
            vec![(span(20, 25), PLACE)],
        ];
        let labels = elect(&asked, None);
        assert!(labels.contains(&(span(0, 5), Some(PERSON))));
        assert!(labels.contains(&(span(10, 15), None)));
        assert!(labels.contains(&(span(20, 25), None)) && labels.contains(&(span(20, 30), None)));
    }

    #[test]
    fn the_label_of_a_text_stands_until_all_others_contradict() {
        let norway = span(0, 6);
        let others = [vec![(norway, PLACE)], vec![(norway, PLACE)], vec![(norway, PLACE)]];
        let wrong = vec![(norway, ActorKind::Organization)];
        assert_eq!(elect(&others, Some(wrong.clone())), [(norway, Some(PLACE))]);
        let silent = [vec![], vec![], vec![]];
        assert_eq!(elect(&silent, Some(wrong.clone())), [(norway, Some(ActorKind::Organization))]);
        let one = [vec![(norway, PLACE)], vec![], vec![]];
        assert_eq!(elect(&one, Some(wrong)), [(norway, None)]);
        assert!(elect(&one, Some(vec![])).is_empty());
    }
}
