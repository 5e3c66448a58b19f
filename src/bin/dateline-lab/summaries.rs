//! ROUGE of the extractive summary beside the lead of the same length.

use std::path::Path;

use dateline::domain::Article;
use dateline::reading::{Document, ReadOptions, Reader};
use serde::Deserialize;

use crate::grams::{f1, overlap, words};

#[derive(Deserialize)]
struct Row {
    article: String,
    summary: String,
}

/// Reads the first `limit` rows of `path` and prints the table.
pub fn evaluate(path: &Path, limit: usize, models_dir: &Path) -> anyhow::Result<()> {
    let lines = crate::lines(path)?;
    let reader = Reader::load(models_dir)?;
    let options = ReadOptions::default();
    let (mut ours, mut lead, mut count) = (Scores::default(), Scores::default(), 0);
    for line in lines.take(limit) {
        let row: Row = serde_json::from_str(&line?)?;
        let paragraphs =
            row.article.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
        let article = Article { paragraphs, ..Article::default() };
        let digest = reader.read(&article, &options)?.digest;
        let summary: Vec<&str> = digest.summary.iter().map(|sentence| sentence.text.as_str()).collect();
        ours.add(&summary.join(" "), &row.summary);

        let document = Document::of_article(&article);
        let first = document.sentences.iter().take(options.sentences);
        let first: Vec<&str> = first.map(|sentence| document.slice(sentence.span)).collect();
        let words: Vec<&str> =
            first.iter().flat_map(|text| text.split_whitespace()).take(options.max_words).collect();
        lead.add(&words.join(" "), &row.summary);
        count += 1;
    }
    println!("{count} articles, F1 in percent   ROUGE-1  ROUGE-2  ROUGE-L    words");
    for (name, scores) in [("dateline", ours), ("lead-3, same words", lead)] {
        let mean = |sum: f64| sum / f64::from(count.max(1));
        let [one, two, l] = scores.rouge.map(|sum| 100.0 * mean(sum));
        println!("{name:<28} {one:>8.2} {two:>8.2} {l:>8.2} {:>8.1}", mean(scores.words));
    }
    Ok(())
}

/// Sums over articles.
#[derive(Default)]
struct Scores {
    /// F1 of ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004), lower-cased, not stemmed.
    rouge: [f64; 3],
    words: f64,
}

impl Scores {
    fn add(&mut self, summary: &str, reference: &str) {
        let (found, gold) = (words(summary), words(reference));
        let scores = [overlap(&found, &gold, 1), overlap(&found, &gold, 2), rouge_l(&found, &gold)];
        self.rouge.iter_mut().zip(scores).for_each(|(sum, score)| *sum += score);
        self.words += summary.split_whitespace().count() as f64;
    }
}

/// Longest common subsequence.
fn rouge_l(found: &[String], gold: &[String]) -> f64 {
    let mut row = vec![0; gold.len() + 1];
    for word in found {
        let mut diagonal = 0;
        for (at, other) in gold.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if word == other { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    f1(row[gold.len()], found.len(), gold.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rouge_of_known_pairs() {
        let (found, gold) = (words("The police killed the gunman."), words("Police kill the gunman"));
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(overlap(&found, &gold, 1), 2.0 * 3.0 / 9.0));
        assert!(near(overlap(&found, &gold, 2), 2.0 * 1.0 / 7.0));
        assert!(near(rouge_l(&found, &gold), 2.0 * 3.0 / 9.0));
        assert!(near(rouge_l(&found, &[]), 0.0));
    }
}
