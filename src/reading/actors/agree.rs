//! What one place of a document says about a word counts at its other places too.
//!
//! The tagger reads sentence by sentence. A name that a sentence leaves open ("Coron was registered in 1902") is told
//! by another ("in the town of Coron"): the probabilities of a word's kinds are mixed with their mean over the document.

use std::collections::HashMap;

use super::lexicon::Classes;
use super::tagger::{TagScores, tag_kind, tag_of};
use super::tokens::{Token, TokenizedSentence};
use crate::domain::ActorKind;

/// How much the document counts beside the word's own place; set on GUM dev.
const SHARE: f32 = 0.5;

const KINDS: [ActorKind; 3] = [ActorKind::Person, ActorKind::Organization, ActorKind::Place];

/// Outside, then the kinds in the order of `KINDS`.
type Kinds = [f32; 4];

/// Mixes the scores (logarithms of probabilities) of every capitalised word with those of its other places.
pub fn agree(sentences: &[TokenizedSentence<'_>], scores: &mut [Vec<TagScores>]) {
    let mut means: HashMap<&str, (Kinds, f32)> = HashMap::new();
    for (sentence, scores) in sentences.iter().zip(scores.iter()) {
        for (token, of_word) in sentence.tokens.iter().zip(scores).filter(|(token, _)| names(token)) {
            let (sum, count) = means.entry(token.lower.as_str()).or_default();
            sum.iter_mut().zip(kinds(of_word)).for_each(|(sum, of)| *sum += of);
            *count += 1.0;
        }
    }
    for (sentence, scores) in sentences.iter().zip(scores) {
        for (token, of_word) in sentence.tokens.iter().zip(scores).filter(|(token, _)| names(token)) {
            let Some((sum, count)) = means.get(token.lower.as_str()).filter(|(_, count)| *count > 1.0) else {
                continue;
            };
            let own = kinds(of_word);
            for (tag, score) in of_word.iter_mut().enumerate() {
                let at = tag_kind(tag).and_then(|(kind, _)| KINDS.iter().position(|&other| other == kind));
                let at = at.map_or(0, |at| at + 1);
                *score += SHARE * ((sum[at] / count).max(1e-6).ln() - own[at].max(1e-6).ln());
            }
        }
    }
}

/// Whether a word may be a name wherever it has its capital.
fn names(token: &Token<'_>) -> bool {
    token.capital() && !token.is(Classes::STOP.or(Classes::NEVER))
}

/// The probability of each kind, whether the word begins a name or goes on with one.
fn kinds(scores: &TagScores) -> Kinds {
    let of = |kind| scores[tag_of(kind, true)].exp() + scores[tag_of(kind, false)].exp();
    let [person, organization, place] = KINDS.map(of);
    [scores[0].exp(), person, organization, place]
}

#[cfg(test)]
mod tests {
    use super::super::tagger::TAGS;
    use super::super::tokens::sentence_of;
    use super::*;

    /// Logarithms of probabilities: `kind` as a first word with the given one, outside with the rest.
    fn word(kind: ActorKind, probability: f32) -> TagScores {
        let mut scores = [1e-6_f32.ln(); TAGS];
        scores[tag_of(kind, true)] = probability.ln();
        scores[0] = (1.0 - probability).ln();
        scores
    }

    #[test]
    fn a_sure_place_tells_of_an_unsure_one() {
        let texts = ["Guernica burned", "Guernica mourned", "guernica"];
        let sentences = texts.map(|text| sentence_of(text, 0..text.len()));
        let outside = word(ActorKind::Person, 1e-3);
        let mut scores = vec![
            vec![word(ActorKind::Place, 0.99), outside],
            vec![word(ActorKind::Person, 0.5), outside],
            vec![word(ActorKind::Person, 0.5)],
        ];
        let before = scores.clone();
        agree(&sentences, &mut scores);
        let best = |scores: &TagScores| (0..TAGS).max_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        assert!(
            scores[1][0][tag_of(ActorKind::Place, true)] > before[1][0][tag_of(ActorKind::Place, true)] + 3.0
        );
        assert_eq!(best(&scores[0][0]), Some(tag_of(ActorKind::Place, true)), "the sure one stays");
        assert_eq!(scores[2], before[2], "a word without its capital is another");
        assert_eq!(scores[0][1], before[0][1], "words that come once stay");
    }
}
