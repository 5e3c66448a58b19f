//! What the news of some days has much of: topics to suggest.

use std::collections::{HashMap, HashSet};

use super::words::content_words;
use crate::domain::fold;

/// Articles that something must be in to be suggested.
const OFTEN: usize = 3;

/// Names of actors, and pairs of words that stand side by side in headlines, that at least three articles have, the
/// commonest first. Each article is its headline and its actors' names.
pub fn recurring<'a>(articles: impl Iterator<Item = (&'a str, &'a [String])>) -> Vec<String> {
    // How it is written, and in how many articles.
    let mut counts: HashMap<String, (String, usize)> = HashMap::new();
    for (title, actors) in articles {
        let mut own: HashSet<String> = HashSet::new();
        for name in actors.iter().cloned().chain(pairs(title)) {
            let key = fold(&name);
            if !key.is_empty() && own.insert(key.clone()) {
                counts.entry(key).or_insert((name, 0)).1 += 1;
            }
        }
    }
    let mut often: Vec<(String, usize)> = counts.into_values().filter(|(_, count)| *count >= OFTEN).collect();
    often.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    often.into_iter().map(|(name, _)| name).collect()
}

/// Neighbouring words of a headline, both of them content words.
fn pairs(title: &str) -> Vec<String> {
    let content = |word: &&str| content_words(word).count() == 1 && !word.ends_with([',', ':', ';', '.']);
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let words: Vec<&str> = title.split_whitespace().collect();
    let neighbours = words.windows(2).filter(|pair| content(&pair[0]) && content_words(pair[1]).count() == 1);
    neighbours.map(|pair| format!("{} {}", bare(pair[0]), bare(pair[1]))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_three_articles_have_is_suggested() {
        let nasser = ["Gamal Abdel Nasser".to_owned()];
        let articles = [
            ("Egypt seizes the Suez Canal", &nasser[..]),
            ("Suez Canal tolls will pay for a dam", &nasser[..]),
            ("London weighs its answer on the Suez canal.", &[][..]),
            ("Ships wait, canal open", &nasser[..]),
            ("Suez, canal", &[][..]),
        ];
        assert_eq!(recurring(articles.into_iter()), ["Gamal Abdel Nasser", "Suez Canal"]);
        assert!(recurring(std::iter::empty()).is_empty());
    }
}
