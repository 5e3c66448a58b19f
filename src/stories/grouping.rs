//! Which story an article belongs to: single-pass clustering, each article decided when it comes
//! (as in topic detection and tracking: Allan, Papka and Lavrenko, SIGIR 1998).

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::words;

/// Two articles further apart than this never tell the same event.
pub const WINDOW: TimeDelta = TimeDelta::hours(96);

/// Likeness from which an article joins a story. A wrong merge is worse than a split.
const JOIN_THRESHOLD: f32 = 0.40;

/// Words of the body that count: news says what happened at the top.
const BODY_CHARS: usize = 1500;

/// What grouping sees of one article.
#[derive(Debug, Clone)]
pub struct Telling {
    /// Meaning of title and lede: a unit vector.
    vector: Vec<f32>,
    /// Content words of title and lede and how often they occur.
    words: HashMap<String, f32>,
    /// Publication, where it is known.
    at: Option<DateTime<Utc>>,
    roundup: bool,
}

impl Telling {
    /// `vector` is a unit vector of the encoder's dimension; `at` the publication, where known.
    pub fn new(title: &str, text: &str, vector: Vec<f32>, at: Option<DateTime<Utc>>) -> Self {
        let lede: String = text.chars().take(BODY_CHARS).collect();
        let mut counts = words::count(&lede);
        for word in words::content_words(title) {
            *counts.entry(word).or_insert(0.0) += 2.0;
        }
        Self { vector, words: counts, at, roundup: is_roundup(title) }
    }
}

/// Round-ups and live blogs tell many events; they join no story.
fn is_roundup(title: &str) -> bool {
    const MARKS: [&str; 12] = [
        "live updates", "live blog", "liveblog", "as it happened", "morning briefing", "evening briefing",
        "daily briefing", "news in brief", "week in review", "roundup", "round up", "what we know this week",
    ];
    let title = crate::domain::fold(title);
    MARKS.iter().any(|mark| title.contains(mark))
}

/// The recent tellings, each with the key of its story.
#[derive(Debug, Clone)]
pub struct Shelf<K> {
    tellings: Vec<(K, Telling)>,
    /// In how many tellings each word occurs.
    frequency: HashMap<String, f32>,
}

impl<K> Default for Shelf<K> {
    fn default() -> Self {
        Self { tellings: Vec::new(), frequency: HashMap::new() }
    }
}

impl<K: Clone + Eq + std::hash::Hash> Shelf<K> {
    pub fn add(&mut self, story: K, telling: Telling) {
        for word in telling.words.keys() {
            *self.frequency.entry(word.clone()).or_insert(0.0) += 1.0;
        }
        self.tellings.push((story, telling));
    }

    /// The story that tells the same event, with the likeness (0 to 1), if one does.
    ///
    /// A story is as like an article as the mean of its closest telling and all of its tellings:
    /// one chance resemblance does not pull an article into a large story.
    pub fn find(&self, telling: &Telling) -> Option<(K, f32)> {
        if telling.roundup {
            return None;
        }
        let weights = self.weigh(telling);
        let mut stories: HashMap<&K, Vec<f32>> = HashMap::new();
        for (story, other) in &self.tellings {
            if other.roundup || too_far(telling.at, other.at) {
                continue;
            }
            stories.entry(story).or_default().push(self.likeness(telling, &weights, other));
        }
        stories
            .into_iter()
            .map(|(story, scores)| {
                let best = scores.iter().copied().fold(0.0, f32::max);
                let mean = scores.iter().sum::<f32>() / scores.len() as f32;
                (story, f32::midpoint(best, mean))
            })
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|(_, score)| *score >= JOIN_THRESHOLD)
            .map(|(story, score)| (story.clone(), score))
    }

    /// TF-IDF weights of an article's words; a word seen nowhere else weighs most.
    fn weigh(&self, telling: &Telling) -> HashMap<String, f32> {
        telling.words.iter().map(|(word, count)| (word.clone(), self.weight(word, *count))).collect()
    }

    fn weight(&self, word: &str, count: f32) -> f32 {
        // As if 50 other articles were known: keeps the weights of a near-empty shelf sensible.
        let known = self.tellings.len() as f32 + 50.0;
        let rarity = (known / (1.0 + self.frequency.get(word).copied().unwrap_or(0.0))).ln().max(0.0);
        (1.0 + count.ln()) * rarity
    }

    /// Half meaning, half shared rare words.
    fn likeness(&self, telling: &Telling, weights: &HashMap<String, f32>, other: &Telling) -> f32 {
        let meaning = cosine(&telling.vector, &other.vector).max(0.0);
        let (mut shared, mut norm) = (0.0, 0.0);
        for (word, count) in &other.words {
            let weight = self.weight(word, *count);
            norm += weight * weight;
            shared += weight * weights.get(word).copied().unwrap_or(0.0);
        }
        let own: f32 = weights.values().map(|weight| weight * weight).sum();
        let words = if norm > 0.0 && own > 0.0 { shared / (norm * own).sqrt() } else { 0.0 };
        f32::midpoint(meaning, words)
    }
}

fn too_far(a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if (a - b).abs() > WINDOW)
}

/// Cosine of two unit vectors; 0 where their dimensions differ.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() {
        return 0.0;
    }
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
