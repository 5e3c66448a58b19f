//! Active and passive: which word is said to be done, and by whom.

use super::words::{Kind, Name, Sentence, Word};

/// Whether the word at `at` is a participle in the passive voice: a form of "to be" stands right before it.
pub fn passive(words: &[Word], at: usize) -> bool {
    // "lay mortally hurt", "was left stranded"
    let be = [
        "is", "are", "was", "were", "be", "been", "being", "got", "lay", "stood", "remained", "left",
        "found", "seen",
    ];
    if by(words, at).is_some() {
        return true;
    }
    let participle = words[at].verb && !words[at].lower.ends_with("ing");
    let before = words[..at]
        .iter()
        .rev()
        .take(4)
        .take_while(|word| word.kind != Kind::Mark && word.kind != Kind::Name);
    participle
        && before
            .into_iter()
            .take_while(|word| word.kind == Kind::Function || word.lower.ends_with("ly") || word.is(&be))
            .any(|word| word.is(&be))
}

/// Whether the word at `at` may be either: "Johnson, expected to run," and "Johnson, who spoke, expected".
pub fn ambiguous(words: &[Word], at: usize) -> bool {
    let behind = words[at..].iter().skip_while(|word| word.text != ",");
    at > 0 && words[at - 1].text == "," && !passive(words, at) && behind.into_iter().any(|word| word.verb)
}

/// The names behind the "by" of a participle, or of the participles joined to it ("built and flown by").
pub fn agents(sentence: &Sentence, verb: usize) -> Option<Vec<&Name>> {
    let words = &sentence.words;
    let place =
        (verb..words.len().min(verb + 4)).filter(|&at| words[at].verb).find_map(|at| by(words, at))?;
    let first = sentence.names.iter().find(|name| name.first >= place && name.first <= place + 3)?;
    let joined =
        sentence.names.iter().find(|name| name.first == first.end + 1 && words[first.end].is(&["and"]));
    Some([Some(first), joined].into_iter().flatten().collect())
}

/// Where the agent of a participle begins: "paid for in part by Smith".
fn by(words: &[Word], at: usize) -> Option<usize> {
    let near = words
        .iter()
        .enumerate()
        .skip(at + 1)
        .take(5)
        .take_while(|(_, word)| word.kind != Kind::Mark && !word.is(&["and", "who"]));
    let place = near.into_iter().find(|(_, word)| word.lower == "by").map(|(place, _)| place)?;
    let next = words.get(place + 1)?;
    // "by noon", "by two miles", "by selling" tell no agent.
    (!matches!(next.kind, Kind::Calendar | Kind::Number) && !next.lower.ends_with("ing")).then_some(place + 1)
}
