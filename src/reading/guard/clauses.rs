//! Clauses of a sentence: where a new verb with a subject of its own may begin.

use super::words::{AUXILIARIES, Kind, Word};
use crate::reading::sentences::SAYING;

/// Words that open a clause.
const OPENERS: &[&str] = &[
    "who", "which", "whose", "whom", "when", "while", "after", "before", "because", "although", "though",
    "as", "where", "but", "until", "since", "if", "unless", "so",
];

/// Numbers the clauses of a sentence.
pub fn mark(words: &mut [Word]) {
    let mut clause = 0;
    let mut verb_seen = false;
    for at in 0..words.len() {
        let ends_at = (at + 1..words.len()).find(|&next| is_break(&words[next])).unwrap_or(words.len());
        let verb_follows = words[at..ends_at].iter().any(|word| word.verb);
        let word = &words[at];
        let after_mark = at > 0
            && words[at - 1].kind == Kind::Mark
            && !matches!(words[at - 1].text.as_str(), "\"" | "“" | "'" | "’");
        // "where Smith, the engineer, had drawn"
        let named = words.get(at + 1).is_some_and(|next| next.kind == Kind::Name)
            && words.get(ends_at).is_some_and(|end| end.text == ",")
            && words[ends_at..].iter().any(|word| word.verb);
        let opens = match word.lower.as_str() {
            _ if at == 0 => false,
            "." | "!" | "?" | ";" | "—" | "–" | ":" => verb_seen,
            // "did not say when it happened": what was not said is part of the saying.
            opener if OPENERS.contains(&opener) => {
                let object = words[at - 1].verb
                    && !AUXILIARIES.contains(&words[at - 1].lower.as_str())
                    && opener != "who";
                // "but the captain, Smith, was killed"
                let late = after_mark
                    && !matches!(opener, "as" | "until" | "since" | "so")
                    && words[ends_at..].iter().any(|word| word.verb);
                (verb_follows || named || late) && (verb_seen || after_mark) && !object
            }
            "and" | "or" => verb_seen && (named || (verb_follows && new_subject(&words[at + 1..ends_at]))),
            _ => after_mark && verb_seen && verb_follows && !is_aside(words, at),
        };
        if opens {
            clause += 1;
            verb_seen = false;
        }
        verb_seen |= words[at].verb;
        words[at].clause = clause;
    }
}

/// Whether a few words up to the next comma only say who speaks: ", he went on,".
pub fn is_aside(words: &[Word], from: usize) -> bool {
    let says =
        |word: &Word| SAYING.contains(&word.lower.as_str()) || word.is(&["went", "believed", "thought"]);
    let end = (from..words.len()).find(|&at| words[at].kind == Kind::Mark);
    end.is_some_and(|end| end - from <= 5 && words[end].text == "," && words[from..end].iter().any(says))
}

fn is_break(word: &Word) -> bool {
    (word.kind == Kind::Mark
        && matches!(word.text.as_str(), "," | "." | ";" | ":" | "—" | "–" | "!" | "?" | "“" | "”" | "\""))
        || OPENERS.contains(&word.lower.as_str())
}

/// Whether words after "and" begin with a subject and its verb, or with a verb.
fn new_subject(words: &[Word]) -> bool {
    words.iter().take(7).any(|word| word.verb)
}
