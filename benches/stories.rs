//! What grouping costs: one article against a shelf of 100,000, in time and in memory.
//!
//! `cargo bench --bench stories`. The articles are made up: 150 words of a vocabulary with the
//! frequencies of Zipf, and vectors around a few hundred subjects, as news has them.

use std::time::{Duration, Instant};

use dateline::stories::{Parameters, Shelf, Telling};

const ARTICLES: usize = 100_000;
const WORDS: usize = 150;
const VOCABULARY: f64 = 60_000.0;
const SUBJECTS: usize = 400;
const DIMENSIONS: usize = 384;
const ASKED: usize = 50;

fn main() {
    let mut rng = fastrand::Rng::with_seed(1);
    let subjects: Vec<Vec<f32>> = (0..SUBJECTS).map(|_| vector(&mut rng, None)).collect();
    let mut shelf = Shelf::new(Parameters::default(), ARTICLES);
    let before = resident();
    for number in 0..ARTICLES {
        shelf.add(number / 3, telling(&mut rng, &subjects));
    }
    let taken = resident().saturating_sub(before);
    let (mut worst, mut sum) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..ASKED {
        let telling = telling(&mut rng, &subjects);
        let start = Instant::now();
        std::hint::black_box(shelf.place(&telling));
        let time = start.elapsed();
        worst = worst.max(time);
        sum += time;
    }
    println!(
        "one article against {ARTICLES}: {:.1?} on average, {worst:.1?} at most; the shelf takes {} MB",
        sum / ASKED as u32,
        taken / 1_000_000
    );
}

fn telling(rng: &mut fastrand::Rng, subjects: &[Vec<f32>]) -> Telling {
    let mut text = String::new();
    for at in 0..WORDS {
        let word = VOCABULARY.powf(rng.f64()) as u32;
        // Every sixth word is a name, now and then a number.
        match at % 12 {
            0 | 6 => text.push_str(&format!("Name{word} ")),
            1 => text.push_str(&format!("{word} ")),
            _ => text.push_str(&format!("word{word} ")),
        }
    }
    let subject = rng.usize(..subjects.len());
    let vector = vector(rng, subjects.get(subject).map(Vec::as_slice));
    Telling::new("A headline of some words", &text, vector, None)
}

/// A unit vector, near `subject` if there is one.
fn vector(rng: &mut fastrand::Rng, subject: Option<&[f32]>) -> Vec<f32> {
    let mut vector: Vec<f32> = (0..DIMENSIONS).map(|_| (rng.f32() - 0.5) * 0.1).collect();
    for (x, near) in vector.iter_mut().zip(subject.unwrap_or_default()) {
        *x += near;
    }
    let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|x| *x /= norm);
    vector
}

/// Bytes of memory that this process holds.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.as_deref().and_then(|line| line.split(' ').nth(1)?.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}
