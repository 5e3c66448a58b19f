//! Which story an article belongs to: single-pass clustering, each article decided when it comes
//! (as in topic detection and tracking: Allan, Papka and Lavrenko, SIGIR 1998).

use std::collections::HashSet;
use std::hash::Hash;

use chrono::TimeDelta;

use super::shelf::Shelf;
use super::telling::{ByTerm, Field, Telling, Term};
use super::vectors::Question;

/// How long an article that joined a story is held against new ones.
pub const WINDOW: TimeDelta = TimeDelta::days(14);

/// Tellings nearest in meaning whose stories are looked at more closely.
const NEAREST: usize = 100;

/// Tellings up to which a shelf is small, and from which it is large: from which likeness an article joins depends on it.
const FEW: f32 = 200.0;
const MANY: f32 = 1_000.0;

/// Tellings of a story, the newest, that an article is compared with.
const MEMBERS: usize = 24;

/// Stories all of whose articles were published within this time of one that ties them may become one.
const YOUNG: TimeDelta = TimeDelta::hours(24);

/// Tellings of a story, the newest, that speak for it where two are held against each other.
const TIED: usize = 6;

/// What counts how much, and from which likeness an article joins. The weights are parts of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    pub meaning: f32,
    pub words: f32,
    pub names: f32,
    pub numbers: f32,
    /// On a small shelf. A wrong merge is worse than a split.
    pub join: f32,
    /// On a large one, where two articles of one subject share what few others have, though not the event.
    pub join_among_many: f32,
    /// How like two stories an article must be to tie them into one.
    pub merge: f32,
    /// And how like each other these must be; less than `join`, or they would be one already.
    pub mutual: f32,
    /// Days without news in which a story's likeness to an article halves, where both are dated.
    pub half_life: f32,
}

impl Default for Parameters {
    /// Chosen by `dateline-lab eval stories`, where articles of three sets come in any order, alone and among
    /// a thousand others.
    fn default() -> Self {
        Self {
            meaning: 0.3,
            words: 0.4,
            names: 0.2,
            numbers: 0.1,
            join: 0.2,
            join_among_many: 0.28,
            merge: 0.35,
            mutual: 0.17,
            half_life: 7.0,
        }
    }
}

/// What became of an article.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place<K> {
    /// It tells the event of this story; how like it is, 0 to 1.
    Joins(K, f32),
    /// It tells a new event, or a development of one that had faded: of the story, if any.
    Opens { earlier: Option<K> },
}

/// What became of an article, and what it shows about other stories.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement<K> {
    pub place: Place<K>,
    /// Young stories that turn out to be of the event of the one that it joins.
    pub ties: Vec<K>,
}

impl<K: Clone + Eq + Hash + Ord> Shelf<K> {
    /// Where an article belongs.
    pub fn place(&self, telling: &Telling) -> Place<K> {
        self.judge(telling).place
    }

    /// Where an article belongs, and which stories it ties together.
    ///
    /// A story is as like an article as the mean of its closest telling and of all its tellings: one
    /// chance resemblance does not pull an article into a large story. A syndicated copy joins its original.
    pub fn judge(&self, telling: &Telling) -> Judgement<K> {
        if telling.roundup {
            return Judgement { place: Place::Opens { earlier: None }, ties: Vec::new() };
        }
        let scale = Scale::new(self, telling);
        let stories = self.near(telling).into_iter().map(|story| {
            let (likeness, fresh) = self.likeness(&scale, story);
            (story, likeness, likeness * fresh)
        });
        let mut stories: Vec<(&K, f32, f32)> = stories.collect();
        // Of two stories equally like, the older: the order of a map decides nothing.
        stories.sort_by(|a, b| b.2.total_cmp(&a.2).then_with(|| a.0.cmp(b.0)));
        let join = self.join();
        let place = match stories.first() {
            Some((story, _, now)) if *now >= join => Place::Joins((*story).clone(), now.min(1.0)),
            Some((story, ever, _)) if *ever >= join => Place::Opens { earlier: Some((*story).clone()) },
            _ => Place::Opens { earlier: None },
        };
        let ties = match (&place, stories.split_first()) {
            (Place::Joins(..), Some(((joined, _, now), others))) if *now >= self.parameters.merge => others
                .iter()
                .take_while(|(_, _, now)| *now >= self.parameters.merge)
                .filter(|(other, ..)| self.is_tied(telling, joined, other))
                .map(|(other, ..)| (*other).clone())
                .collect(),
            _ => Vec::new(),
        };
        Judgement { place, ties }
    }

    /// From which likeness an article joins a story, by how many tellings there are.
    fn join(&self) -> f32 {
        let Parameters { join, join_among_many, .. } = self.parameters;
        // Of an empty shelf the logarithm is below all numbers: none of the way.
        let way = (self.order.len() as f32 / FEW).ln() / (MANY / FEW).ln();
        join + (join_among_many - join) * way.clamp(0.0, 1.0)
    }

    /// Whether two stories that an article is of are one: both young, and not unlike. A wrong merge is worse than a
    /// split, so the article's word alone is not enough: it may tell of two events.
    fn is_tied(&self, telling: &Telling, one: &K, other: &K) -> bool {
        let members = |story: &K| self.stories.get(story).map_or(&[][..], Vec::as_slice);
        let young = |slot: &usize| {
            let at = self.slots[*slot].as_ref().and_then(|shelved| shelved.telling.at);
            at.zip(telling.at).is_none_or(|(a, b)| (a - b).abs() <= YOUNG)
        };
        if ![one, other].into_iter().all(|story| members(story).iter().all(young)) {
            return false;
        }
        let like = |story: &K, other: &K| {
            let slots = members(story);
            let recent = &slots[slots.len().saturating_sub(TIED)..];
            let likenesses = recent.iter().filter_map(|&slot| {
                let mut own = self.slots[slot].as_ref()?.telling.clone();
                own.vector = self.vectors.get(slot);
                Some(self.likeness(&Scale::new(self, &own), other).0)
            });
            likenesses.sum::<f32>() / recent.len().max(1) as f32
        };
        f32::midpoint(like(one, other), like(other, one)) >= self.parameters.mutual
    }

    /// The stories of the tellings nearest in meaning, and of those that share a text.
    fn near(&self, telling: &Telling) -> HashSet<&K> {
        let question = self.vectors.ask(&telling.vector);
        // By their order and not by their slots, which a shelf that is filled anew numbers otherwise.
        let mut nearest: Vec<(i32, usize)> = Vec::with_capacity(2 * NEAREST);
        let mut least = i32::MIN;
        for (at, &slot) in self.order.iter().enumerate() {
            let along = self.vectors.along(&question, slot);
            // Of equals the first stay.
            if along > least {
                nearest.push((along, at));
                if nearest.len() == 2 * NEAREST {
                    least = keep_nearest(&mut nearest);
                }
            }
        }
        keep_nearest(&mut nearest);
        let shelved = nearest.into_iter().filter_map(|(_, at)| self.slots[self.order[at]].as_ref());
        shelved.filter(|other| !other.telling.roundup).map(|other| &other.story).collect()
    }

    /// How like an article a story is, and how fresh it still is, both 0 to 1.
    fn likeness(&self, scale: &Scale<'_, K>, story: &K) -> (f32, f32) {
        let slots = self.stories.get(story).map_or(&[][..], Vec::as_slice);
        let recent = &slots[slots.len().saturating_sub(MEMBERS)..];
        let (mut best, mut sum, mut count) = (0.0_f32, 0.0, 0.0);
        let mut gap: Option<f32> = None;
        for &slot in recent {
            let Some(other) = &self.slots[slot] else { continue };
            if scale.telling.is_copy_of(&other.telling) {
                return (1.0, 1.0);
            }
            let likeness = scale.of(&other.telling, slot);
            best = best.max(likeness);
            sum += likeness;
            count += 1.0;
            if let (Some(a), Some(b)) = (scale.telling.at, other.telling.at) {
                let days = (a - b).abs().num_minutes() as f32 / 1440.0;
                gap = Some(gap.map_or(days, |known: f32| known.min(days)));
            }
        }
        if count == 0.0 {
            return (0.0, 1.0);
        }
        let fresh = gap
            .map_or(1.0, |days| (-(days / self.parameters.half_life).powi(2) * std::f32::consts::LN_2).exp());
        (f32::midpoint(best, sum / count), fresh)
    }
}

/// Keeps the nearest, of equals those that came first; gives how near the last of them is.
fn keep_nearest(found: &mut Vec<(i32, usize)>) -> i32 {
    if found.len() > NEAREST {
        found.select_nth_unstable_by(NEAREST - 1, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(NEAREST);
    }
    found.last().map_or(i32::MIN, |last| last.0)
}

/// An article with the weights of its terms, against which others are held.
struct Scale<'a, K> {
    shelf: &'a Shelf<K>,
    telling: &'a Telling,
    weights: ByTerm<f32>,
    norms: [f32; Field::ALL.len()],
    question: Question,
}

impl<'a, K: Clone + Eq + Hash> Scale<'a, K> {
    fn new(shelf: &'a Shelf<K>, telling: &'a Telling) -> Self {
        let mut scale = Self {
            shelf,
            telling,
            weights: ByTerm::default(),
            norms: [0.0; Field::ALL.len()],
            question: shelf.vectors.ask(&telling.vector),
        };
        for counted in &telling.terms {
            let term = counted.term();
            let weight = tf(counted.times()) * scale.rarity(term, 1.0);
            scale.norms[term.field()] += weight * weight;
            scale.weights.insert(term, weight);
        }
        scale
    }

    /// Inverse document frequency over the shelf and this article, never nothing.
    fn rarity(&self, term: Term, own: f32) -> f32 {
        let known = self.shelf.order.len() as f32 + 2.0;
        let seen = self.shelf.frequency.get(&term).copied().unwrap_or(0) as f32 + own + 1.0;
        (known / seen).ln() + 1.0
    }

    fn of(&self, other: &Telling, slot: usize) -> f32 {
        let (mut shared, mut norms) = ([0.0; Field::ALL.len()], [0.0; Field::ALL.len()]);
        for counted in &other.terms {
            let term = counted.term();
            let own = self.weights.get(&term);
            let weight = tf(counted.times()) * self.rarity(term, if own.is_some() { 1.0 } else { 0.0 });
            norms[term.field()] += weight * weight;
            shared[term.field()] += weight * own.copied().unwrap_or(0.0);
        }
        let cosine = |field: Field| {
            let at = field as usize;
            let norm = (norms[at] * self.norms[at]).sqrt();
            if norm > 0.0 { shared[at] / norm } else { 0.0 }
        };
        let Parameters { meaning, words, names, numbers, .. } = self.shelf.parameters;
        meaning * self.shelf.vectors.likeness(&self.question, slot)
            + words * cosine(Field::Words)
            + names * cosine(Field::Names)
            + numbers * cosine(Field::Numbers)
    }
}

/// Sublinear term frequency.
fn tf(times: u8) -> f32 {
    1.0 + f32::from(times.max(1)).ln()
}

/// Cosine of two unit vectors; 0 where their dimensions differ.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() {
        return 0.0;
    }
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    const WALL: &str = "East Germany opened the Berlin Wall on Thursday night after Günter Schabowski said that \
        people may travel at once. Thousands walked through the gate at Bornholmer Street.";
    const CROWDS: &str = "Crowds climbed the Berlin Wall overnight. East Germany's guards opened the gate at Bornholmer \
        Street after Schabowski told reporters that travel was free.";
    const QUAKE: &str = "An earthquake shook San Francisco before the third game of the World Series, and a span of \
        the Bay Bridge fell. Rescuers searched the Nimitz Freeway in Oakland.";

    fn telling(title: &str, text: &str, vector: [f32; 3], day: i64) -> Telling {
        let at = DateTime::from_timestamp(626_600_000 + day * 86_400, 0);
        Telling::new(title, text, vector.to_vec(), at)
    }

    fn wall(day: i64) -> Telling {
        telling("East Germany opens the Berlin Wall", WALL, [0.8, 0.6, 0.0], day)
    }

    fn crowds(day: i64) -> Telling {
        telling("Crowds on the Berlin Wall", CROWDS, [0.6, 0.8, 0.0], day)
    }

    fn quake() -> Telling {
        telling("Earthquake stops the World Series", QUAKE, [0.0, 0.0, 1.0], 0)
    }

    fn shelf(tellings: impl IntoIterator<Item = (u32, Telling)>) -> Shelf<u32> {
        let mut shelf = Shelf::default();
        tellings.into_iter().for_each(|(story, telling)| shelf.add(story, telling));
        shelf
    }

    #[test]
    fn a_second_report_joins_and_another_event_does_not() {
        let shelf = shelf([(1, quake()), (2, wall(0))]);
        assert!(matches!(shelf.place(&crowds(1)), Place::Joins(2, _)));
        let empty = Shelf::<u32>::default();
        assert_eq!(empty.place(&wall(0)), Place::Opens { earlier: None });
        let other = Shelf::<u32>::default();
        assert!(other.is_empty());
        let only_quake = self::shelf([(1, quake())]);
        assert_eq!(only_quake.place(&wall(0)), Place::Opens { earlier: None });
    }

    #[test]
    fn among_many_others_an_article_must_be_more_like_its_story() {
        let parameters = Parameters { join_among_many: 1.1, ..Parameters::default() };
        let mut shelf = Shelf::new(parameters, 10_000);
        shelf.add(0, wall(0));
        assert!(matches!(shelf.place(&crowds(1)), Place::Joins(0, _)));
        (1..=1_000).for_each(|story| shelf.add(story, quake()));
        assert_eq!(shelf.place(&crowds(1)), Place::Opens { earlier: None });
    }

    #[test]
    fn a_faded_story_is_the_earlier_one_of_a_new_story() {
        let shelf = shelf([(1, quake()), (2, wall(0))]);
        assert_eq!(shelf.place(&crowds(13)), Place::Opens { earlier: Some(2) });
    }

    #[test]
    fn nothing_joins_a_live_blog() {
        let blog = telling("Berlin Wall – live", WALL, [0.8, 0.6, 0.0], 0);
        assert_eq!(shelf([(2, blog.clone())]).place(&crowds(0)), Place::Opens { earlier: None });
        assert_eq!(shelf([(2, wall(0))]).place(&blog), Place::Opens { earlier: None });
    }

    #[test]
    fn the_order_of_arrival_decides_nothing() {
        let forwards = shelf([(1, quake()), (2, wall(0))]);
        let backwards = shelf([(2, wall(0)), (1, quake())]);
        assert_eq!(forwards.place(&crowds(1)), backwards.place(&crowds(1)));
    }

    #[test]
    fn an_article_ties_two_young_stories_of_one_event() {
        let both =
            || telling("East Germany opens the Berlin Wall", &format!("{WALL} {CROWDS}"), [0.7, 0.7, 0.1], 0);
        let judged = shelf([(1, quake()), (2, wall(0)), (3, crowds(0))]).judge(&both());
        assert!(matches!(judged.place, Place::Joins(2 | 3, _)), "{judged:?}");
        assert_eq!(judged.ties.len(), 1);
        assert!([2, 3].contains(&judged.ties[0]));
        for (why, stories) in [
            ("one of them is not young", [(2, wall(0)), (3, crowds(-2))]),
            ("the other is of another event", [(2, wall(0)), (3, quake())]),
        ] {
            assert_eq!(shelf(stories).judge(&both()).ties, [0; 0], "{why}");
        }
        // An article about both does not make one event of two.
        let two = telling("Berlin and San Francisco", &format!("{WALL} {QUAKE}"), [0.6, 0.4, 0.6], 0);
        assert_eq!(shelf([(2, wall(0)), (3, quake())]).judge(&two).ties, [0; 0]);
    }

    #[test]
    fn a_merged_story_is_as_one_that_was_never_two() {
        let mut two = shelf([(2, wall(0)), (1, quake()), (3, crowds(0)), (2, wall(1))]);
        two.merge(&3, &2);
        let one = shelf([(2, wall(0)), (1, quake()), (2, crowds(0)), (2, wall(1))]);
        assert_eq!(two.judge(&crowds(1)), one.judge(&crowds(1)));
        two.merge(&9, &2);
        (0..4).for_each(|_| two.forget_oldest());
        assert!(two.is_empty());
        assert_eq!(two.place(&crowds(1)), Place::Opens { earlier: None });
    }

    #[test]
    fn the_oldest_goes_when_the_shelf_is_full() {
        let mut small = Shelf::new(Parameters::default(), 2);
        for story in 1..=4 {
            small.add(story, quake());
        }
        small.add(5, wall(0));
        small.add(6, quake());
        assert_eq!(small.len(), 2);
        assert!(matches!(small.place(&crowds(0)), Place::Joins(5, _)));
        // What went is forgotten altogether: the shelf is as one that never held it.
        assert_eq!(small.place(&crowds(0)), shelf([(5, wall(0)), (6, quake())]).place(&crowds(0)));
    }
}
