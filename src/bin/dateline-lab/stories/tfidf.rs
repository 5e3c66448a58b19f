//! The baseline: TF-IDF vectors, single-pass clustering by the cosine with each story's centroid.

use std::collections::HashMap;

use super::Seen;

/// Counts of an article's words.
#[derive(Clone)]
pub struct Words {
    text: HashMap<String, f32>,
    lead: HashMap<String, f32>,
}

impl Words {
    pub fn new(title: &str, text: &str) -> Self {
        let lead: String = text.chars().take(1500).collect();
        Self { text: count(title, text), lead: count(title, &lead) }
    }
}

fn count(title: &str, text: &str) -> HashMap<String, f32> {
    let mut counts = dateline::stories::word_counts(text);
    for (word, times) in dateline::stories::word_counts(title) {
        *counts.entry(word).or_insert(0.0) += 2.0 * times;
    }
    counts
}

pub fn thresholds() -> Vec<f32> {
    (3..=30).map(|step| step as f32 * 0.02).collect()
}

/// The story of each article of a stream, over the whole texts or the leads.
pub fn group(stream: &[Seen], lead: bool, threshold: f32) -> Vec<usize> {
    let mut frequency: HashMap<&str, f32> = HashMap::new();
    let mut centroids: Vec<(HashMap<&str, f32>, f32)> = Vec::new();
    let mut stories = Vec::new();
    for (number, seen) in stream.iter().enumerate() {
        let words = if lead { &seen.words.lead } else { &seen.words.text };
        for word in words.keys() {
            *frequency.entry(word).or_insert(0.0) += 1.0;
        }
        let known = number as f32 + 2.0;
        let mut vector: HashMap<&str, f32> = words
            .iter()
            .map(|(word, times)| {
                let rarity =
                    (known / (1.0 + frequency.get(word.as_str()).copied().unwrap_or(0.0))).ln() + 1.0;
                (word.as_str(), (1.0 + times.ln()) * rarity)
            })
            .collect();
        let norm = vector.values().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        vector.values_mut().for_each(|x| *x /= norm);
        let like = |(centroid, square): &(HashMap<&str, f32>, f32)| {
            vector.iter().map(|(word, x)| x * centroid.get(word).copied().unwrap_or(0.0)).sum::<f32>()
                / square.sqrt()
        };
        let best = centroids.iter().map(like).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        let story = match best {
            Some((story, likeness)) if likeness >= threshold => story,
            _ => {
                centroids.push((HashMap::new(), 0.0));
                centroids.len() - 1
            }
        };
        let (centroid, square) = &mut centroids[story];
        for (word, x) in vector {
            *centroid.entry(word).or_insert(0.0) += x;
        }
        *square = centroid.values().map(|x| x * x).sum();
        stories.push(story);
    }
    stories
}
