//! What the salience head is told of a sentence besides its vector.

use std::collections::{HashMap, HashSet};

use super::form::Form;
use super::{dot, unit_mean};
use crate::domain::{Mention, Span};
use crate::reading::Document;
use crate::reading::sentences::SAYING;

/// Numbers for each sentence, all about 0 to 1.
pub const FEATURES: usize = 48;

/// The numbers of the sentences that have `vectors`: the first ones of the document.
///
/// `mentions` and `times` are in order.
pub fn features(
    document: &Document,
    forms: &[Form],
    mentions: &[Mention],
    times: &[Span],
    vectors: &[Vec<f32>],
) -> Vec<[f32; FEATURES]> {
    let count = vectors.len();
    let centre = unit_mean(vectors.iter().map(Vec::as_slice));
    let lede = unit_mean(vectors.iter().take(3).map(Vec::as_slice));
    let likeness = Likeness::of(vectors);
    let words = Words::of(document, count);
    let names = Names::of(document, mentions, times, count);
    let to = |other: &[f32]| -> Vec<f32> { vectors.iter().map(|vector| dot(vector, other)).collect() };
    let ranks = Ranks {
        centre: percentiles(&to(&centre)),
        lede: percentiles(&to(&lede)),
        frequent: percentiles(&words.frequent),
        words: percentiles(&forms[..count].iter().map(|form| form.words as f32).collect::<Vec<_>>()),
        degree: percentiles(&likeness.rank),
    };
    let read: Vec<f32> = forms
        .iter()
        .scan(0.0, |words, form| {
            let before = *words;
            *words += form.words as f32;
            Some(before)
        })
        .collect();
    let flag = |set: bool| f32::from(u8::from(set));
    (0..count)
        .map(|at| {
            let form = &forms[at];
            let place = at as f32;
            let text = document.slice(document.sentences[at].span);
            [
                // Place.
                1.0 / (place + 1.0),
                place / count as f32,
                (1.0 + place).ln() / 4.0,
                flag(at == 0),
                flag(at == 1),
                flag(at == 2),
                flag((3..6).contains(&at)),
                1.0 - 1.0 / (1.0 + count as f32 / 20.0),
                1.0 / (1.0 + read[at] / 50.0),
                // Form.
                form.words.min(60) as f32 / 30.0,
                (1.0 + form.words as f32).ln() / 4.0,
                flag(form.words < 8),
                flag(form.words > 40),
                flag(form.part_of_quote),
                flag(form.quote_first),
                flag(text.contains(['"', '“', '”'])),
                flag(form.question),
                flag(form.teaser),
                flag(form.dangling),
                flag(form.first_person),
                flag(form.has_digit),
                // Likeness, of unit vectors.
                dot(&vectors[at], &centre),
                dot(&vectors[at], &lede),
                dot(&vectors[at], &vectors[0]),
                likeness.before[at],
                likeness.rank[at],
                // Words.
                words.frequent[at],
                words.repeated[at],
                // Names and dates.
                names.mentions[at],
                names.best[at],
                names.first[at],
                names.times[at],
                // More likeness.
                at.checked_sub(1).map_or(0.0, |before| dot(&vectors[at], &vectors[before])),
                vectors.get(at + 1).map_or(0.0, |next| dot(&vectors[at], next)),
                vectors.get(1).map_or(0.0, |second| dot(&vectors[at], second)),
                likeness.after[at],
                ranks.centre[at],
                ranks.lede[at],
                ranks.frequent[at],
                ranks.words[at],
                ranks.degree[at],
                // More words.
                words.of_first[at],
                words.new[at],
                words.capitals[at],
                flag(
                    text.split_whitespace()
                        .any(|word| SAYING.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()))),
                ),
                flag(forms.get(at + 1).is_some_and(|next| next.dangling)),
                flag(text.starts_with("The ") || text.starts_with("A ") || text.starts_with("An ")),
                flag(text.contains(" who ") || text.contains(" which ") || text.contains(" after ")),
            ]
        })
        .collect()
}

/// The place of each sentence among all by one number: 0 the least, 1 the greatest.
struct Ranks {
    centre: Vec<f32>,
    lede: Vec<f32>,
    frequent: Vec<f32>,
    words: Vec<f32>,
    degree: Vec<f32>,
}

fn percentiles(numbers: &[f32]) -> Vec<f32> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]).then(b.cmp(&a)));
    let mut ranks = vec![1.0; numbers.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank as f32 / (numbers.len().max(2) - 1) as f32;
    }
    ranks
}

/// How sentences lie to each other.
struct Likeness {
    /// The greatest cosine with any sentence before.
    before: Vec<f32>,
    /// The greatest cosine with any sentence after.
    after: Vec<f32>,
    /// Degree centrality, against the highest of the article (LexRank: Erkan & Radev 2004).
    rank: Vec<f32>,
}

impl Likeness {
    /// Cosines below this tie no two sentences.
    const TIE: f32 = 0.25;

    fn of(vectors: &[Vec<f32>]) -> Self {
        let mut before = vec![0.0f32; vectors.len()];
        let mut after = vec![0.0f32; vectors.len()];
        let mut rank = vec![0.0f32; vectors.len()];
        for (at, vector) in vectors.iter().enumerate() {
            for (other, earlier) in vectors[..at].iter().enumerate() {
                let cosine = dot(vector, earlier);
                before[at] = before[at].max(cosine);
                after[other] = after[other].max(cosine);
                let tie = (cosine - Self::TIE).max(0.0);
                rank[at] += tie;
                rank[other] += tie;
            }
        }
        scale(&mut rank);
        Self { before, after, rank }
    }
}

/// Divides by the greatest, if that is above 0.
fn scale(numbers: &mut [f32]) {
    let most = numbers.iter().copied().fold(0.0, f32::max);
    if most > 0.0 {
        numbers.iter_mut().for_each(|number| *number /= most);
    }
}

/// How the words of a sentence stand in the article (SumBasic: Nenkova & Vanderwende 2005).
struct Words {
    /// Mean count in the article of the sentence's words of more than three letters, against the highest.
    frequent: Vec<f32>,
    /// Share of them that other sentences have too.
    repeated: Vec<f32>,
    /// Share of them that the first sentence has too.
    of_first: Vec<f32>,
    /// Share of them that no sentence before has.
    new: Vec<f32>,
    /// Share of words with a capital, the first left out.
    capitals: Vec<f32>,
}

impl Words {
    fn of(document: &Document, count: usize) -> Self {
        let sentences: Vec<Vec<String>> = document.sentences[..count]
            .iter()
            .map(|sentence| {
                let text = document.slice(sentence.span).to_lowercase();
                let words = text.split(|c: char| !c.is_alphanumeric());
                let mut words: Vec<String> =
                    words.filter(|word| word.chars().nth(3).is_some()).map(str::to_owned).collect();
                words.sort_unstable();
                words.dedup();
                words
            })
            .collect();
        let mut counts: HashMap<&str, f32> = HashMap::new();
        sentences.iter().flatten().for_each(|word| *counts.entry(word).or_default() += 1.0);
        let of = |word: &String| counts.get(word.as_str()).copied().unwrap_or(0.0);
        let share = |words: &Vec<String>, sum: f32| sum / words.len().max(1) as f32;
        let mut frequent: Vec<f32> = sentences
            .iter()
            .map(|words| share(words, words.iter().map(|word| (1.0 + of(word)).ln()).sum()))
            .collect();
        scale(&mut frequent);
        let twice = |words: &Vec<String>| words.iter().filter(|word| of(word) > 1.0).count() as f32;
        let repeated = sentences.iter().map(|words| share(words, twice(words))).collect();
        let first: &[String] = sentences.first().map_or(&[], Vec::as_slice);
        let in_first =
            |words: &Vec<String>| words.iter().filter(|word| first.binary_search(word).is_ok()).count();
        let of_first = sentences.iter().map(|words| share(words, in_first(words) as f32)).collect();
        let mut seen: HashSet<&str> = HashSet::new();
        let new = sentences
            .iter()
            .map(|words| share(words, words.iter().filter(|word| seen.insert(word)).count() as f32))
            .collect();
        let capitals = document.sentences[..count]
            .iter()
            .map(|sentence| {
                let words: Vec<&str> = document.slice(sentence.span).split_whitespace().skip(1).collect();
                let capitals = words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
                capitals as f32 / words.len().max(1) as f32
            })
            .collect();
        Self { frequent, repeated, of_first, new, capitals }
    }
}

/// Who and when in each sentence.
struct Names {
    /// Names, up to six, as a share.
    mentions: Vec<f32>,
    /// Mentions in the article of the sentence's most mentioned actor, against the most mentioned of all.
    best: Vec<f32>,
    /// Actors named here for the first time, up to four, as a share.
    first: Vec<f32>,
    /// Dates, up to two, as a share.
    times: Vec<f32>,
}

impl Names {
    fn of(document: &Document, mentions: &[Mention], times: &[Span], count: usize) -> Self {
        let mut of_actor: HashMap<usize, f32> = HashMap::new();
        mentions.iter().for_each(|mention| *of_actor.entry(mention.actor).or_default() += 1.0);
        let most = of_actor.values().copied().fold(1.0, f32::max);
        let mut names = Self { mentions: Vec::new(), best: Vec::new(), first: Vec::new(), times: Vec::new() };
        let mut seen: Vec<usize> = Vec::new();
        for sentence in &document.sentences[..count] {
            let inside = |span: Span| sentence.span.contains(span);
            let from = mentions.partition_point(|mention| mention.span.start < sentence.span.start);
            let here = mentions[from..].iter().take_while(|mention| mention.span.start < sentence.span.end);
            let (mut number, mut best, mut first) = (0usize, 0.0f32, 0usize);
            for mention in here {
                number += 1;
                best = best.max(of_actor.get(&mention.actor).copied().unwrap_or(0.0));
                if let Err(at) = seen.binary_search(&mention.actor) {
                    seen.insert(at, mention.actor);
                    first += 1;
                }
            }
            let from = times.partition_point(|time| time.start < sentence.span.start);
            let dated = times[from..].iter().take(8).filter(|time| inside(**time)).count();
            names.mentions.push(number.min(6) as f32 / 6.0);
            names.best.push(best / most);
            names.first.push(first.min(4) as f32 / 4.0);
            names.times.push(dated.min(2) as f32 / 2.0);
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::super::forms;
    use super::*;
    use crate::reading::actors::Words;
    use crate::reading::dates;

    fn features_of(text: &str, vectors: &[Vec<f32>]) -> Vec<[f32; FEATURES]> {
        let document = Document::new(text, None);
        let times: Vec<Span> = dates::find(&document).iter().map(|time| time.span).collect();
        features(&document, &forms(&document), &Words::new(&document).mentions_by_rules(), &times, vectors)
    }

    #[test]
    fn every_number_is_of_a_like_size() {
        let odd =
            "A.\n“?” 日本語。\n".to_owned() + &"word ".repeat(3_000) + ".\nNixon met Nixon on May 1, 1972.";
        for (text, count) in [("", 0), ("The wall fell.", 1), (odd.as_str(), 3), (odd.as_str(), 2)] {
            let vectors = vec![vec![0.6, 0.8]; count];
            let all = features_of(text, &vectors);
            assert_eq!(all.len(), count);
            let flat = all.as_flattened();
            assert!(flat.iter().all(|number| (-1.5..=2.5).contains(number)), "{all:?}");
        }
    }

    #[test]
    fn tells_the_centre_from_an_aside() {
        let text =
            "The wall fell in Berlin on November 9.\nThe wall of Berlin is open.\nBread is cheap there.";
        let vectors = vec![vec![1.0, 0.0], vec![0.96, 0.28], vec![0.0, 1.0]];
        let all = features_of(text, &vectors);
        let [first, second, aside] = all.as_slice() else { panic!("three sentences") };
        let gaps = |one: &[f32; FEATURES], other: &[f32; FEATURES]| {
            one.iter().zip(other).filter(|(a, b)| (*a - *b).abs() > 1e-6).count()
        };
        assert!(gaps(first, second) > 5 && gaps(second, aside) > 5);
        assert!(second[21] > aside[21], "likeness to the centre");
        assert!(first[31] > second[31], "a date");
    }
}
