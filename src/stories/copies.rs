//! Syndicated copies: near-identical texts under the names of different outlets.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::domain::fold;

/// Words of the body that are compared: copies are cut at the end.
const WORDS: usize = 180;
/// Words of a shingle.
const SHINGLE: usize = 4;
/// Hashes kept of a text.
const KEPT: usize = 32;
/// Fewer shingles say nothing: "Read the full story here."
const FEWEST: usize = 24;
/// Resemblance from which a text is a copy. Independent reports of one event share quotes, some 5 % of
/// their shingles; an edited copy keeps most.
const COPY: f32 = 0.5;

/// The smallest hashes of a text's shingles (Broder, "On the resemblance and containment of documents",
/// 1997): of two sketches alike in `x` of their union's smallest, the texts share about `x` of their shingles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch(Box<[u32]>);

impl Sketch {
    pub fn new(text: &str) -> Self {
        let head = text.char_indices().nth(WORDS * 12).map_or(text, |(at, _)| &text[..at]);
        let folded = fold(head);
        let words: Vec<&str> = folded.split(' ').take(WORDS).collect();
        let hashes: BTreeSet<u32> = words.windows(SHINGLE).map(hash).collect();
        if hashes.len() < FEWEST {
            return Self::default();
        }
        Self(hashes.into_iter().take(KEPT).collect())
    }

    /// About which part of their shingles two texts share, 0 to 1; 0 for a text that is too short to say.
    fn resemblance(&self, other: &Self) -> f32 {
        if self.0.is_empty() || other.0.is_empty() {
            return 0.0;
        }
        let smallest = KEPT.min(self.0.len()).min(other.0.len());
        let (mut own, mut others) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut shared = 0_u8;
        for _ in 0..smallest {
            // Both are in ascending order: a step takes the smallest hash of the union.
            let (Some(a), Some(b)) = (own.peek(), others.peek()) else { break };
            let (step_own, step_other) = (a <= b, b <= a);
            shared += u8::from(step_own && step_other);
            if step_own {
                own.next();
            }
            if step_other {
                others.next();
            }
        }
        f32::from(shared) / smallest as f32
    }

    pub fn is_copy_of(&self, other: &Self) -> bool {
        self.resemblance(other) >= COPY
    }
}

/// For every text, in order of publication, the first one before it whose text it has.
pub fn originals<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Option<usize>> {
    let mut seen: Vec<(Sketch, Option<usize>)> = Vec::new();
    for text in texts {
        let sketch = Sketch::new(text);
        let like = seen.iter().position(|(other, _)| sketch.is_copy_of(other));
        // A copy of a copy has the original's text, be it cut or added to.
        let original = like.map(|at| seen[at].1.unwrap_or(at));
        seen.push((sketch, original));
    }
    seen.into_iter().map(|(_, original)| original).collect()
}

fn hash(shingle: &[&str]) -> u32 {
    let mut hasher = DefaultHasher::new();
    shingle.hash(&mut hasher);
    hasher.finish() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENCY: &str = "Egypt took control of the Suez Canal on Thursday when President Gamal Abdel Nasser announced \
        that the company which runs it had been nationalised, drawing protests from Britain and France. Nasser \
        told a crowd in Alexandria that the tolls of the canal would pay for the Aswan Dam, from which the United \
        States and Britain withdrew their offer of money a week before.";
    const OWN: &str = "In a speech that took London by surprise, Egypt's president said last night that his government \
        had seized the company that runs the waterway between the Mediterranean and the Red Sea. The prime minister \
        called his cabinet together at once, and the French ambassador was asked to Downing Street before midnight.";

    #[test]
    fn the_first_published_is_the_original_of_all_copies() {
        let copy = format!("ALEXANDRIA — {AGENCY} More follows in our evening edition.");
        let texts = [AGENCY, OWN, &copy, "Read the full story here.", &copy, "Read the full story here."];
        assert_eq!(originals(texts.into_iter()), [None, None, Some(0), None, Some(0), None]);
    }

    #[test]
    fn a_copy_with_another_beginning_and_end_is_one_source() {
        let copy = format!("ALEXANDRIA — {AGENCY} More follows in our evening edition.");
        let [agency, own, copy, none] = [AGENCY, OWN, &copy, "Read the full story here."].map(Sketch::new);
        assert!(copy.is_copy_of(&agency) && agency.is_copy_of(&copy));
        assert!(!own.is_copy_of(&agency) && !none.is_copy_of(&none));
        assert!(agency.resemblance(&own) < 0.05);
    }
}
