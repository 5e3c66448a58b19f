//! The recent tellings, which new articles are held against.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use super::grouping::Parameters;
use super::telling::{ByTerm, Telling};
use super::vectors::Vectors;

/// Tellings kept where nobody says otherwise.
pub const CAPACITY: usize = 100_000;

/// The recent tellings, each with the key of its story.
///
/// Bounded: the oldest telling goes when a new one would be one too many. 100,000 take some 150 MB.
#[derive(Debug, Clone)]
pub struct Shelf<K> {
    pub(super) parameters: Parameters,
    capacity: usize,
    pub(super) slots: Vec<Option<Shelved<K>>>,
    free: Vec<usize>,
    /// Slots in the order in which they were filled.
    pub(super) order: VecDeque<usize>,
    pub(super) vectors: Vectors,
    /// In how many tellings each term occurs.
    pub(super) frequency: ByTerm<u32>,
    /// Slots of each story, the oldest first.
    pub(super) stories: HashMap<K, Vec<usize>>,
    added: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Shelved<K> {
    pub story: K,
    /// Counts up: in which order tellings came.
    number: u64,
    pub telling: Telling,
}

impl<K> Default for Shelf<K> {
    fn default() -> Self {
        Self::new(Parameters::default(), CAPACITY)
    }
}

impl<K> Shelf<K> {
    /// An empty shelf with room for `capacity` tellings, at least one.
    pub fn new(parameters: Parameters, capacity: usize) -> Self {
        Self {
            parameters,
            capacity: capacity.max(1),
            slots: Vec::new(),
            free: Vec::new(),
            order: VecDeque::new(),
            vectors: Vectors::default(),
            frequency: ByTerm::default(),
            stories: HashMap::new(),
            added: 0,
        }
    }
}

impl<K: Clone + Eq + Hash + Ord> Shelf<K> {
    pub fn len(&self) -> usize {
        self.order.len()
    }

    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    pub fn add(&mut self, story: K, mut telling: Telling) {
        if self.order.len() >= self.capacity {
            self.forget_oldest();
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.vectors.put(slot, &telling.vector);
        telling.vector = Vec::new();
        for counted in &telling.terms {
            *self.frequency.entry(counted.term()).or_insert(0) += 1;
        }
        self.stories.entry(story.clone()).or_default().push(slot);
        self.order.push_back(slot);
        self.slots[slot] = Some(Shelved { story, number: self.added, telling });
        self.added += 1;
    }

    /// Gives the tellings of one story to another.
    pub fn merge(&mut self, from: &K, into: &K) {
        let Some(moved) = self.stories.remove(from) else { return };
        for &slot in &moved {
            if let Some(shelved) = &mut self.slots[slot] {
                shelved.story = into.clone();
            }
        }
        let slots = &self.slots;
        let own = self.stories.entry(into.clone()).or_default();
        own.extend(moved);
        own.sort_by_key(|&slot| slots[slot].as_ref().map(|shelved| shelved.number));
    }

    /// Takes away the telling that was added first.
    pub fn forget_oldest(&mut self) {
        let Some(slot) = self.order.pop_front() else { return };
        let Some(old) = self.slots[slot].take() else { return };
        self.vectors.clear(slot);
        self.free.push(slot);
        for term in old.telling.terms.iter().map(|counted| counted.term()) {
            if let Some(count) = self.frequency.get_mut(&term) {
                *count -= 1;
                if *count == 0 {
                    self.frequency.remove(&term);
                }
            }
        }
        if let Some(slots) = self.stories.get_mut(&old.story) {
            slots.retain(|other| *other != slot);
            if slots.is_empty() {
                self.stories.remove(&old.story);
            }
        }
    }
}
