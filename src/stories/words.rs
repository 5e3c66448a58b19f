//! Content words: what two texts about one event share.

use std::collections::HashMap;

use crate::domain::fold;

/// Function words, and the verbs and nouns that every news text has.
const STOP: &str = "a about above after again against all also am an and any are as at be because been before being \
    below between both but by can could day days did do does doing down during each few first for from further \
    get go had has have having he her here hers him himself his how i if in into is it its itself just last like made \
    make man many may me men monday more most much my new news no nor not now of off old on once one only or other our \
    out over own people percent friday saturday say says said same she should since so some still such sunday take \
    tell than that the their them then there these they this those three through thursday time to told today too \
    tuesday two under until up us use very was we wednesday week weeks well were what when where which while who whom \
    why will with would year years yesterday yet you your according including reported report";

/// How often each content word occurs, by its folded singular form.
pub fn count(text: &str) -> HashMap<String, f32> {
    let mut counts = HashMap::new();
    for word in content_words(text) {
        *counts.entry(word).or_insert(0.0) += 1.0;
    }
    counts
}

/// The content words of a text in order, folded and in the singular.
pub fn content_words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let words: Vec<String> =
        folded.split(' ').filter(|word| word.len() > 1 && !is_stop(word)).map(singular).collect();
    words.into_iter()
}

/// All words of a text in order, folded and in the singular.
pub fn singulars(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|word| !word.is_empty()).map(singular).collect()
}

/// The words of proper names in a text, folded and in the singular: what is capitalised within a sentence.
pub fn name_words(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut opens = true;
    for token in text.split_whitespace() {
        let word = token.trim_start_matches(['“', '"', '‘', '\'', '(', '[', '—', '–', '-']);
        let quoted = word.len() < token.len();
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        if capital && !opens && !quoted {
            names.extend(content_words(word).filter(|word| word.len() > 2));
        }
        let end = token.trim_end_matches(['”', '"', '’', '\'', ')', ']']);
        // "Mr." and "U.S." end no sentence; what follows them is no less a name.
        opens = end.ends_with(['.', '?', '!', ':', '—', '–']) && end.chars().count() > 4;
    }
    names
}

/// The numbers of two digits or more in a text, without separators of thousands.
pub fn numbers(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_digit() || c == ',' || c == '.';
    text.split(|c: char| !is_part(c))
        .map(|run| run.trim_matches([',', '.']).replace(',', ""))
        .filter(|number| number.len() > 1)
        .collect()
}

fn is_stop(word: &str) -> bool {
    use std::collections::HashSet;
    use std::sync::LazyLock;
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP.split_whitespace().collect());
    WORDS.contains(word)
}

/// The S-stemmer of Harman, "How effective is suffixing?", JASIS 42(1), 1991.
fn singular(word: &str) -> String {
    let ends = |suffix| word.len() > 4 && word.ends_with(suffix);
    if ends("ies") && !ends("eies") && !ends("aies") {
        return format!("{}y", word.strip_suffix("ies").unwrap_or(word));
    }
    if word.len() > 3 && word.ends_with('s') && !word.ends_with("us") && !word.ends_with("ss") {
        return word.strip_suffix('s').unwrap_or(word).to_owned();
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_carries_meaning() {
        let words: Vec<String> =
            content_words("The ministers said the canal’s tolls, and two parties, rose!").collect();
        assert_eq!(words, ["minister", "canal", "toll", "party", "rose"]);
    }

    #[test]
    fn names_and_numbers_are_found_without_a_model() {
        let text =
            "Crowds cheered as Gamal Abdel Nasser spoke. Tolls, 1,200 a day, pay the Aswan Dam’s 3 walls.";
        assert_eq!(name_words(text), ["gamal", "abdel", "nasser", "aswan", "dam"]);
        assert_eq!(numbers(text), ["1200"]);
    }
}
