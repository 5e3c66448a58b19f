//! How well stories match events, summed up over several streams.

use std::collections::HashMap;

/// Means over the streams added.
#[derive(Debug, Default)]
pub struct Score {
    streams: f64,
    stories: f64,
    /// Precision and recall, summed.
    b_cubed: [f64; 2],
    pairs: [f64; 2],
}

pub struct F {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

impl Score {
    /// Adds a stream: for each article its story and its event. The first `others` are of no event that is
    /// looked for: they count only where they stand in a story with articles that are.
    pub fn add(&mut self, stories: &[usize], events: &[&str], others: usize) {
        let sizes = count(stories.iter());
        let stories = stories.get(others..).unwrap_or_default();
        let events = events.get(others..).unwrap_or_default();
        let both = count(stories.iter().zip(events));
        let of_story = count(stories.iter());
        let of_event = count(events.iter());
        let (mut precision, mut recall) = (0.0, 0.0);
        for ((story, event), shared) in &both {
            precision += shared * shared / sizes[story];
            recall += shared * shared / of_event[event];
        }
        let articles = stories.len() as f64;
        self.b_cubed[0] += precision / articles;
        self.b_cubed[1] += recall / articles;
        let right = pairs(both.values());
        let merged = pairs(of_story.keys().map(|story| &sizes[story]));
        let elsewhere: f64 = of_story.iter().map(|(story, own)| pairs([sizes[story] - own].iter())).sum();
        self.pairs[0] += right / (merged - elsewhere).max(1.0);
        self.pairs[1] += right / pairs(of_event.values()).max(1.0);
        self.stories += of_story.len() as f64;
        self.streams += 1.0;
    }

    pub fn b_cubed(&self) -> F {
        self.mean(self.b_cubed)
    }

    pub fn pairs(&self) -> F {
        self.mean(self.pairs)
    }

    /// Mean number of stories.
    pub fn stories(&self) -> f64 {
        self.stories / self.streams
    }

    fn mean(&self, [precision, recall]: [f64; 2]) -> F {
        let (precision, recall) = (precision / self.streams, recall / self.streams);
        F { precision, recall, f1: 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE) }
    }
}

fn count<K: Eq + std::hash::Hash>(keys: impl Iterator<Item = K>) -> HashMap<K, f64> {
    let mut counts = HashMap::new();
    for key in keys {
        *counts.entry(key).or_insert(0.0) += 1.0;
    }
    counts
}

fn pairs<'a>(sizes: impl Iterator<Item = &'a f64>) -> f64 {
    sizes.map(|size| size * (size - 1.0) / 2.0).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_what_is_split_and_what_is_merged() {
        let mut score = Score::default();
        // Two of one event apart, and a third event's article with one of them.
        score.add(&[1, 2, 2], &["a", "a", "b"], 0);
        let (b, p) = (score.b_cubed(), score.pairs());
        assert!((b.precision - 2.0 / 3.0).abs() < 1e-9 && (b.recall - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!((p.precision, p.recall), (0.0, 0.0));
    }

    #[test]
    fn others_count_where_they_stand_in_a_story_of_the_set() {
        let mut score = Score::default();
        score.add(&[7, 8, 8, 1, 1, 7], &["x", "y", "z", "a", "a", "b"], 3);
        let (b, p) = (score.b_cubed(), score.pairs());
        assert!((b.precision - 2.5 / 3.0).abs() < 1e-9 && (b.recall - 1.0).abs() < 1e-9);
        assert!((p.precision - 0.5).abs() < 1e-9 && (p.recall - 1.0).abs() < 1e-9);
        assert!((score.stories() - 2.0).abs() < 1e-9);
    }
}
