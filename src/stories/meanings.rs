//! The meanings of many articles, to be searched.

use super::vectors::{Factor, Rows};

/// Unit vectors with the keys of their articles, the newest up to a number.
///
/// A vector takes one byte a dimension: 100,000 of MiniLM take 38 MB.
#[derive(Debug)]
pub struct Meanings<K> {
    capacity: usize,
    /// By slot; once all are taken, the one that was filled first is filled next.
    keys: Vec<K>,
    rows: Rows,
    added: usize,
}

impl<K: Copy + Ord> Meanings<K> {
    /// None, with room for `capacity`, at least one.
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), keys: Vec::new(), rows: Rows::default(), added: 0 }
    }

    pub fn add(&mut self, key: K, vector: &[f32]) {
        let slot = self.added % self.capacity;
        self.rows.put(slot, vector);
        match self.keys.get_mut(slot) {
            Some(old) => *old = key,
            None => self.keys.push(key),
        }
        self.added += 1;
    }

    /// The key that was added last.
    pub fn last(&self) -> Option<K> {
        let slot = self.added.checked_sub(1)? % self.capacity;
        self.keys.get(slot).copied()
    }

    /// Those at least `least` like a unit vector by their cosine, the likest first, of equals that with the greater key.
    pub fn nearest(&self, asked: &[f32], least: f32) -> Vec<K> {
        let asked = Factor::new(asked);
        let likenesses = self.rows.cosines(&asked).zip(&self.keys);
        let mut near: Vec<(f32, K)> = likenesses
            .filter(|(likeness, _)| *likeness >= least)
            .map(|(likeness, key)| (likeness, *key))
            .collect();
        near.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        near.into_iter().map(|(_, key)| key).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A unit vector of 384 dimensions, about half alike with all others of `shared`.
    fn vector(random: &mut fastrand::Rng, shared: &[f32]) -> Vec<f32> {
        let mut vector: Vec<f32> = shared.iter().map(|near| near + (random.f32() - 0.5) * 0.177).collect();
        let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        vector.iter_mut().for_each(|x| *x /= norm);
        vector
    }

    #[test]
    fn a_byte_a_dimension_tells_what_is_near() {
        let mut random = fastrand::Rng::with_seed(3);
        let zero = vec![0.0; 384];
        let shared = vector(&mut random, &zero);
        let asked = vector(&mut random, &shared);
        let vectors: Vec<Vec<f32>> =
            (0..500).map(|n| vector(&mut random, if n % 2 == 0 { &shared } else { &zero })).collect();
        let mut meanings = Meanings::new(500);
        vectors.iter().enumerate().for_each(|(n, vector)| meanings.add(n, vector));
        let cosine = |n: usize| super::super::cosine(&asked, &vectors[n]);
        let near = meanings.nearest(&asked, 0.25);
        assert!(near.iter().all(|n| n % 2 == 0) && near.len() == 250);
        for pair in near.windows(2) {
            assert!(cosine(pair[0]) > cosine(pair[1]) - 0.005, "{} {}", cosine(pair[0]), cosine(pair[1]));
        }
    }

    #[test]
    fn the_oldest_makes_room() {
        let mut meanings = Meanings::new(2);
        assert_eq!((meanings.last(), meanings.nearest(&[1.0, 0.0], 0.1)), (None, vec![]));
        for (key, vector) in [(1, [1.0, 0.0]), (2, [0.6, 0.8]), (3, [0.8, 0.6])] {
            meanings.add(key, &vector);
        }
        assert_eq!(meanings.last(), Some(3));
        assert_eq!(meanings.nearest(&[1.0, 0.0], 0.1), [3, 2]);
        assert!(meanings.nearest(&[1.0, 0.0], 0.9).is_empty());
        assert!(meanings.nearest(&[1.0], 0.1).is_empty(), "of another encoder");
        meanings.add(4, &[]);
        assert_eq!(meanings.nearest(&[1.0, 0.0], 0.1), [3], "without meaning");
    }
}
