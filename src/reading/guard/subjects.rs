//! Of whom each verb of a sentence is said, by the order of words.

use super::names::is_title;
use super::words::{AUXILIARIES, Kind, Name, Sentence, Word};

/// A verb, as the number of its word, and its subject.
pub struct Said<'a> {
    pub verb: usize,
    pub names: Vec<&'a Name>,
    /// The pronoun that stands where no name does; `names` are then those that it may point to.
    pub pronoun: Option<usize>,
}

/// Every verb of a clause with those of whom it is said.
pub fn subjects(claim: &Sentence, clause: usize) -> Vec<Said<'_>> {
    let words = &claim.words;
    let inherited = inherited(claim, clause);
    let mut last_verb: Option<usize> = None;
    let mut current: Vec<&Name> = Vec::new();
    let mut pronoun = None;
    let mut found = Vec::new();
    for at in (0..words.len()).filter(|&at| words[at].clause == clause) {
        let word = &words[at];
        if !word.verb || word.quoted || auxiliary(words, at) {
            continue;
        }
        let from = last_verb.map_or(0, |verb| verb + 1);
        let joined = words[from..at].iter().any(|word| word.is(&["and", "or"]));
        let own: Vec<&Name> = claim
            .names
            .iter()
            .filter(|name| {
                name.first >= from
                    && name.end <= at
                    && words[name.first].clause == clause
                    && free(claim, name)
            })
            .collect();
        // "told Smith that he might leave": not surely Smith.
        let stands = (from..at).rfind(|&at| words[at].clause == clause && words[at].is(PRONOUNS));
        let stands = stands.filter(|&stands| own.iter().all(|name| name.end <= stands));
        let own = if stands.is_some() && last_verb.is_some() { Vec::new() } else { own };
        // "Martin, the American ambassador, left": it is he who left.
        let person = own.iter().any(|name| name.country.is_none());
        let own: Vec<&Name> = own.into_iter().filter(|name| !(person && adjective(claim, name))).collect();
        if last_verb.is_none() {
            let same = || (!has_noun(claim, clause, at)).then(|| same_pronoun(words, clause)).flatten();
            pronoun = stands.or_else(same).filter(|_| own.is_empty());
            current = if own.is_empty() && (stands.is_some() || !has_noun(claim, clause, at)) {
                inherited.clone()
            } else {
                own
            };
        } else if !own.is_empty() && !joined {
            current = own;
            pronoun = None;
        } else if let Some(place) = stands {
            pronoun = stands;
            // "found that it looked the same": not whoever found.
            if words[place].lower == "it" {
                current = Vec::new();
            }
        } else if foreign(&words[from..at]) {
            (current, pronoun) = (Vec::new(), None);
        }
        last_verb = Some(at);
        found.push(Said { verb: at, names: current.clone(), pronoun });
    }
    // "Smith, a carpenter": an apposition without a verb is said of the name before it.
    if found.is_empty()
        && let Some(at) = (0..words.len())
            .find(|&at| words[at].clause == clause && words[at].kind == Kind::Content && !words[at].quoted)
    {
        found.push(Said { verb: at, names: inherited, pronoun: None });
    }
    found
}

/// "He went with him and carried it": the pronoun that the clause before has as its subject, where this one
/// begins with its verb.
fn same_pronoun(words: &[Word], clause: usize) -> Option<usize> {
    let first = words.iter().position(|word| word.clause == clause)?;
    let joined = words[first].is(&["and", "but", "or"]) && words.get(first + 1).is_some_and(|word| word.verb);
    let before = words.iter().position(|word| word.clause + 1 == clause).filter(|_| joined)?;
    let verb = (before..first).find(|&at| words[at].verb)?;
    (before..verb).rfind(|&at| words[at].is(ANAPHORS))
}

/// "said that his state would", "had him released": what stands between two verbs makes the second another's.
fn foreign(between: &[Word]) -> bool {
    let content = |word: &Word| word.kind == Kind::Content;
    let that = between.iter().position(|word| word.is(&["that", "whether"]));
    that.is_some_and(|that| between[that..].iter().any(content))
        || between.last().is_some_and(|word| word.is(&["him", "her", "them"]))
}

/// Whether the verb at `at` only helps another: "had gone", but not "had a fever".
pub fn auxiliary(words: &[Word], at: usize) -> bool {
    let has = words[at].is(&["has", "have", "had"]);
    let helps = || {
        let behind = words[at + 1..].iter().take(5).take_while(|word| word.kind != Kind::Mark);
        behind.take_while(|word| !word.is(&["a", "an", "the"])).any(|word| word.verb || word.lower == "to")
    };
    // "had him released"
    let causes = words.get(at + 1).is_some_and(|word| word.is(&["him", "her", "them"]));
    AUXILIARIES.contains(&words[at].lower.as_str()) && (!has || (helps() && !causes))
}

pub const PRONOUNS: &[&str] = &["he", "she", "it", "they", "who", "which"];

/// Those that point to a sentence before.
pub const ANAPHORS: &[&str] = &["he", "she", "it", "they"];

fn has_noun(claim: &Sentence, clause: usize, before: usize) -> bool {
    claim.words[..before].iter().any(|word| word.clause == clause && word.kind == Kind::Content && !word.verb)
}

/// A name that may be a subject: no owner of something, not behind a preposition.
pub fn free(claim: &Sentence, name: &Name) -> bool {
    const PREPOSITIONS: &[&str] = &[
        "of", "in", "at", "from", "to", "on", "for", "with", "near", "over", "under", "between", "against",
        "into", "through", "about", "after", "before", "since", "until", "during", "inside", "outside",
        "across", "above", "by", "round", "around", "onto", "off", "along", "toward", "towards", "within",
        "upon", "behind", "beside", "below", "than",
    ];
    let mut before = claim.words[..name.first].iter().rev();
    // "after Smith had asked him": a clause begins there, and Smith is its subject.
    let own = claim.words[name.first].clause;
    let clause = claim.words[name.end..].iter().take_while(|word| word.clause == own).any(|word| word.verb);
    let preposition = before
        .find(|word| !(word.is(&["the", "a", "an", "president", "general"]) || word.kind == Kind::Name))
        .filter(|word| !(clause && word.is(&["after", "before", "since", "until"])))
        .is_some_and(|word| PREPOSITIONS.contains(&word.lower.as_str()));
    // "(CNN)"
    let aside = name.first.checked_sub(1).is_some_and(|before| claim.words[before].text == "(");
    // "Swedish diplomats": the nationality stands for those who have it.
    !aside && !name.possessive && !preposition && !in_dateline(claim, name)
}

/// "BERLIN —": where it was written.
pub fn in_dateline(sentence: &Sentence, name: &Name) -> bool {
    let mut behind = sentence.words[name.end..].iter().take(6);
    name.first < 4 && behind.find(|word| word.verb || word.is(&["—", "–"])).is_some_and(|word| !word.verb)
}

/// A name right behind a verb: "told Smith".
pub fn object(sentence: &Sentence, name: &Name) -> bool {
    let before = name.first.checked_sub(1).map(|before| &sentence.words[before]);
    before.is_some_and(|before| before.verb && !AUXILIARIES.contains(&before.lower.as_str()))
}

/// Of whom a clause without a name of its own speaks: for "who" the name before it, else the subject before.
fn inherited(claim: &Sentence, clause: usize) -> Vec<&Name> {
    let Some(first) = claim.words.iter().position(|word| word.clause == clause) else { return Vec::new() };
    let mut before = claim.names.iter().filter(|name| name.end <= first);
    if claim.words[first].is(&["who", "whose", "whom"]) {
        // "Smith, who", "Smith, a carpenter, who"; not "Smith's friend who".
        let next = |name: &&Name| claim.words.get(name.end).is_some_and(|word| word.text == ",");
        return before.next_back().filter(|name| name.end == first || next(name)).into_iter().collect();
    }
    // "the tomb of the king, which": the tomb.
    if claim.words[first].is(&["which", "where"]) {
        return before.next_back().filter(|name| free(claim, name)).into_iter().collect();
    }
    // "where Smith, the engineer, had drawn": the subject that still waits for its verb.
    if claim.words[first].verb {
        let waits = (0..clause).rev().find_map(|clause| {
            let inside = |word: &Word| word.clause == clause;
            let verb = claim.words.iter().any(|word| inside(word) && word.verb);
            let name = claim.names.iter().find(|name| inside(&claim.words[name.first]) && free(claim, name));
            name.filter(|_| !verb)
        });
        if waits.is_some() {
            return waits.into_iter().collect();
        }
    }
    // The first that is free is what the sentence is about; a nationality only where nothing else is named.
    let earlier: Vec<&Name> = before.filter(|name| free(claim, name)).collect();
    // "Sadat had packed his bags; Carter went to him and told him": Carter.
    let part = claim.words[..first].iter().rposition(|word| word.is(&[";", ":"])).unwrap_or(0);
    let here: Vec<&Name> = earlier.iter().copied().filter(|name| name.first >= part).collect();
    let earlier = if here.is_empty() { earlier } else { here };
    let earlier: Vec<&Name> = earlier.into_iter().filter(|name| !object(claim, name)).collect();
    let own = earlier.iter().find(|name| !adjective(claim, name)).or(earlier.first());
    own.copied().into_iter().collect()
}

/// "the American ambassador", "Ellsworth, an American": a nationality that tells more of somebody.
pub fn adjective(sentence: &Sentence, name: &Name) -> bool {
    let tells = |next: &Word| {
        (matches!(next.kind, Kind::Content | Kind::Name) && !next.verb) || is_title(&next.lower)
    };
    let before = name.first.checked_sub(1).map(|before| &sentence.words[before]);
    name.country.is_some()
        && (sentence.words.get(name.end).is_some_and(tells)
            || before.is_some_and(|word| word.is(&["a", "an"])))
}
