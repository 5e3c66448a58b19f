//! What the guard refuses of articles' own sentences, and of summaries that people wrote of them.

use std::path::Path;

use dateline::reading::guard::{Guard, Refusal};
use dateline::reading::{Document, Reader};

use crate::news::rows;

/// Sentences of an article that are checked against it, from the first.
const OWN: usize = 12;

pub fn evaluate(path: &Path, limit: usize, models: &Path) -> anyhow::Result<()> {
    let reader = Reader::load(models)?;
    let mut own = Count::default();
    let mut written = Count::default();
    for row in rows(path, limit)? {
        let document = Document::of_article(&row.article());
        let summary = Document::new(row.summary.replace(" .", "."), None);
        let texts = |document: &Document, most: usize| -> Vec<String> {
            document
                .sentences
                .iter()
                .take(most)
                .map(|sentence| document.slice(sentence.span).to_owned())
                .collect()
        };
        let (sentences, claims) = (texts(&document, 160), texts(&summary, usize::MAX));
        let all: Vec<&str> = sentences.iter().chain(&claims).map(String::as_str).collect();
        let vectors = reader.embed(&all)?;
        let (vectors, claimed) = vectors.split_at(sentences.len());
        let guard = Guard::new(&document, vectors);
        for (text, vector) in sentences.iter().zip(vectors).take(OWN) {
            own.add(guard.check(text, Some(vector)));
        }
        for (text, vector) in claims.iter().zip(claimed) {
            written.add(guard.check(text, Some(vector)));
        }
    }
    println!("refused of the articles' own sentences: {own}");
    println!("refused of highlights that people wrote: {written}");
    Ok(())
}

/// Sentences checked, and why some were refused.
#[derive(Default)]
struct Count {
    all: usize,
    refused: std::collections::BTreeMap<&'static str, usize>,
}

impl Count {
    fn add(&mut self, verdict: Result<(), Refusal>) {
        self.all += 1;
        let Err(refusal) = verdict else { return };
        let kind = match refusal {
            Refusal::Name(_) => "name",
            Refusal::Number(_) => "number",
            Refusal::Count(_) => "count",
            Refusal::Date(_) => "date",
            Refusal::Quotation(_) => "quotation",
            Refusal::Negation(_) => "negation",
            Refusal::Role(_) => "role",
            Refusal::Unsupported => "unsupported",
        };
        *self.refused.entry(kind).or_default() += 1;
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let refused: usize = self.refused.values().sum();
        let share = 100.0 * refused as f64 / self.all.max(1) as f64;
        write!(f, "{refused} of {} ({share:.1} %) {:?}", self.all, self.refused)
    }
}
