//! B-cubed scores of the grouping (Bagga and Baldwin, COLING-ACL 1998): for every article, how much
//! of its story is of its event (precision), and how much of its event is in its story (recall).

use std::path::Path;

use dateline::clean::{self, Hints};
use dateline::domain::Published;
use dateline::reading::Reader;
use dateline::stories::{Shelf, Telling};
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    event_id: String,
    title: String,
    text: String,
    published: Option<String>,
}

/// The order of arrival is chance, the same in every run.
const SEEDS: [u64; 3] = [1, 2, 3];

/// Prints a table with a row for each set and order.
pub fn evaluate(folder: &Path, models_dir: &Path) -> anyhow::Result<()> {
    let reader = Reader::load(models_dir)?;
    println!("set               order articles stories events precision recall     F1");
    for set in ["handpicked", "wikinews", "wikinews_medium"] {
        let path = folder.join(format!("{set}.jsonl.gz"));
        let mut rows = Vec::new();
        for line in crate::lines(&path)? {
            let row: Row = serde_json::from_str(&line?)?;
            let telling = telling(&reader, &row)?;
            rows.push((row.event_id, telling));
        }
        for seed in SEEDS {
            fastrand::Rng::with_seed(seed).shuffle(&mut rows);
            print(set, seed, &rows);
        }
    }
    Ok(())
}

fn telling(reader: &Reader, row: &Row) -> anyhow::Result<Telling> {
    let hints = Hints { title: Some(row.title.clone()), ..Hints::default() };
    let article = clean::text(&row.text, &hints);
    let published: Option<Published> = row.published.as_deref().and_then(|at| at.get(..10)?.parse().ok());
    let vector = reader.story_vector(&article)?;
    Ok(Telling::new(&row.title, &article.text(), vector, published.map(Published::instant)))
}

fn print(set: &str, seed: u64, rows: &[(String, Telling)]) {
    let mut shelf = Shelf::default();
    let mut placed: Vec<(usize, &str)> = Vec::new();
    for (number, (event, telling)) in rows.iter().enumerate() {
        let story = shelf.find(telling).map_or(number, |(story, _)| story);
        shelf.add(story, telling.clone());
        placed.push((story, event));
    }
    let count =
        |same: &dyn Fn(&(usize, &str)) -> bool| placed.iter().filter(|other| same(other)).count() as f64;
    let (mut precision, mut recall) = (0.0, 0.0);
    for (story, event) in &placed {
        let both = count(&|other| other.0 == *story && other.1 == *event);
        precision += both / count(&|other| other.0 == *story);
        recall += both / count(&|other| other.1 == *event);
    }
    let total = placed.len() as f64;
    let (precision, recall) = (precision / total, recall / total);
    let distinct = |mut keys: Vec<String>| {
        keys.sort();
        keys.dedup();
        keys.len()
    };
    println!(
        "{set:<18} {seed:>4} {:>8} {:>7} {:>6} {precision:>9.3} {recall:>6.3} {:>6.3}",
        placed.len(),
        distinct(placed.iter().map(|(story, _)| story.to_string()).collect()),
        distinct(placed.iter().map(|(_, event)| (*event).to_owned()).collect()),
        2.0 * precision * recall / (precision + recall),
    );
}
