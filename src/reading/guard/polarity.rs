//! What a sentence denies, and what it says only under a condition.

use super::clauses::is_aside;
use super::words::{AUXILIARIES, Kind, Word};

/// Words that deny the verb behind them.
const VERBAL: &[&str] = &["not", "never", "cannot", "hardly", "nor"];

/// Words that deny a thing, and with it the verb whose subject or object it is.
const NOMINAL: &[&str] = &["no", "none", "neither", "nobody", "nothing", "without", "nowhere"];

/// Base forms of verbs that deny what somebody would do ("refused to fire", "denied that he lied").
const REFUSING: &[&str] = &["refus", "declin", "fail", "deny", "forbid", "unabl", "unwilling", "oppos"];

/// Words of weight at most behind a negation that it reaches.
const REACH: usize = 7;

/// Whether a word is such a verb.
pub fn refuses(word: &Word) -> bool {
    REFUSING.contains(&word.lemma.as_str()) && !word.quoted
}

/// Marks the words within reach of a negation or a condition.
pub fn mark(words: &mut [Word]) {
    let mut left = 0;
    let mut conditional = false;
    let mut decided = false;
    let mut clause = 0;
    // Auxiliaries that may follow before the negation ends: "no troops would land" is denied as a whole,
    // "those who would not disarm could be shut out" only as far as "disarm".
    let mut auxiliaries = 0;
    let (mut aside, mut was_aside) = (false, false);
    let (mut refused, mut supposed) = (false, false);
    for at in 0..words.len() {
        // "had, he went on, a base": what is put in between ends nothing.
        let comma = words[at].text == ",";
        // "will not, until further order, go": nor does what parts the negation from its verb.
        let opens_aside = comma && !aside && (left == REACH || is_aside(words, at + 1));
        let ends = words[at].kind == Kind::Mark
            && !(opens_aside || (comma && aside) || matches!(words[at].text.as_str(), "'" | "’" | "-"));
        let resumes = at > 0 && was_aside && !aside;
        was_aside = aside;
        aside = opens_aside || (aside && !comma);
        let word = &mut words[at];
        if resumes {
            clause = word.clause;
        }
        if ends || word.clause != clause {
            clause = word.clause;
            left = 0;
            conditional = false;
        }
        let against = word.lower == "against" && decided;
        decided = word.is(&["decided", "voted", "ruled", "advised", "argued", "decide", "vote"]);
        let verbal = VERBAL.contains(&word.lower.as_str()) || word.lower.ends_with("n't");
        // "did not come until Saturday": came on Saturday.
        let until = verbal
            && words[at..].windows(2).take(REACH).any(|pair| {
                pair[0].lower == "until" && matches!(pair[1].kind, Kind::Calendar | Kind::Number)
            });
        if until {
            left = 0;
            continue;
        }
        let ends_there = words.get(at + 1).is_none_or(|next| next.kind == Kind::Mark);
        if verbal && ends_there && at > 0 && AUXILIARIES.contains(&words[at - 1].lower.as_str()) {
            let subject = |word: &&mut Word| word.kind == Kind::Content;
            let before = words[..at].iter_mut().rev().take(6).take_while(|word| word.kind != Kind::Mark);
            before.filter(subject).take(1).for_each(|word| word.elliptic = true);
        }
        // "he could have left"
        let would = words[at].is(&["could", "would", "might"])
            && words.get(at + 1).is_some_and(|next| next.lower == "have");
        let word = &mut words[at];
        if verbal || against || NOMINAL.contains(&word.lower.as_str()) {
            left = REACH;
            auxiliaries = usize::from(!verbal);
            refused = false;
            continue;
        }
        if refuses(word) {
            word.negated = left > 0;
            word.denied = left > 0;
            // "did not refuse to go": went.
            refused = true;
            (left, auxiliaries) = (if left > 0 { 0 } else { REACH }, 1);
            continue;
        }
        conditional |= word.is(&["if", "unless"]);
        supposed |= would;
        if left > 0 && AUXILIARIES.contains(&word.lower.as_str()) && !word.is(&["be", "been"]) {
            if auxiliaries > 0 {
                auxiliaries -= 1;
            } else if left < REACH {
                left = 0;
            }
        }
        word.conditional = conditional || supposed;
        word.negated = left > 0;
        word.refused = word.negated && refused;
        let weighs = matches!(word.kind, Kind::Content | Kind::Name) && !aside;
        word.denied = left > 0 && weighs && (left == REACH || word.verb);
        if weighs {
            supposed = false;
            left = left.saturating_sub(1);
        }
    }
}
