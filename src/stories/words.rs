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
}
