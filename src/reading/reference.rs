//! What a sentence leans on: whom and what it takes for known, and which sentences make that known.
//!
//! A reader of a digest has only the sentences of the digest. "She struck the iceberg" needs the
//! sentence before it; "The ship carried lifeboats" one that tells of the ship; "Hunt had sent
//! two men" one that says who Hunt is. Words and names decide, no parse.

use std::collections::HashSet;

use super::Document;
use super::cuts;
use super::salience::{Form, is_calendar};
use crate::domain::{ActorKind, Mention, Span};

/// What one sentence leans on: satisfied by any of `sentences` before it in the digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Indices of sentences, in order; empty if nothing in the article helps.
    pub sentences: Vec<usize>,
    /// Without it the sentence cannot be understood; else it only reads worse.
    pub strict: bool,
}

/// What each of `candidates` needs; indices of sentences in order, needs in the same order.
pub fn needs(
    document: &Document,
    mentions: &[Mention],
    forms: &[Form],
    candidates: &[usize],
) -> Vec<Vec<Need>> {
    let words: Vec<HashSet<String>> = candidates.iter().map(|&at| stems(sentence(document, at))).collect();
    let introduced: HashSet<usize> = mentions
        .iter()
        .filter(|mention| introduces(document, mention))
        .map(|mention| mention.actor)
        .collect();
    let names: Vec<Names> = candidates
        .iter()
        .map(|&at| Names::of(document, mentions, document.sentences[at].span, &introduced))
        .collect();
    let mut all = Vec::with_capacity(candidates.len());
    for (index, &at) in candidates.iter().enumerate() {
        let text = sentence(document, at);
        // A connective or a dateline that is cut off no longer points anywhere.
        let shown = cuts::variants(text).first().map_or(0, |way| way.start);
        let mut needs = Vec::new();
        let previous = at.checked_sub(1);
        if forms[at].dangling || names[index].him {
            needs.push(Need { sentences: previous.into_iter().collect(), strict: true });
        } else if at > 0
            && let Some(about) = definite(&text[shown..])
        {
            let tells = |other: &usize| about.iter().any(|word| words[*other].contains(word));
            let before = (0..index).filter(tells).map(|other| candidates[other]);
            let mut sentences: Vec<usize> = before.chain(previous).collect();
            sentences.dedup();
            needs.push(Need { sentences, strict: true });
        }
        for stranger in &names[index].strangers {
            let known = (0..index).filter(|other| names[*other].introduced.contains(stranger));
            needs.push(Need { sentences: known.map(|other| candidates[other]).collect(), strict: false });
        }
        all.push(needs);
    }
    all
}

fn sentence(document: &Document, at: usize) -> &str {
    document.slice(document.sentences[at].span)
}

/// The people whom one sentence names.
struct Names {
    /// By their full name, or with their office.
    introduced: HashSet<usize>,
    /// By the surname alone, though the article introduces them elsewhere.
    strangers: Vec<usize>,
    /// Somebody is "him" or "her" before anybody is named.
    him: bool,
}

impl Names {
    fn of(document: &Document, mentions: &[Mention], span: Span, known: &HashSet<usize>) -> Names {
        let from = mentions.partition_point(|mention| mention.span.start < span.start);
        let within = mentions[from..].iter().take_while(|mention| mention.span.start < span.end);
        let people: Vec<&Mention> = within.filter(|mention| mention.kind == ActorKind::Person).collect();
        let first_person = people.first().map(|mention| mention.span.start);
        let (full, bare): (Vec<&Mention>, Vec<&Mention>) =
            people.into_iter().partition(|mention| introduces(document, mention));
        let introduced: HashSet<usize> = full.into_iter().map(|mention| mention.actor).collect();
        let mut strangers: Vec<usize> = bare
            .into_iter()
            .map(|mention| mention.actor)
            .filter(|actor| known.contains(actor) && !introduced.contains(actor))
            .collect();
        strangers.sort_unstable();
        strangers.dedup();
        let text = &document.text[document.index.bytes(span)];
        // "In an interview ahead of his tour, Prince Charles …": at the start of an article nobody else is meant.
        let opens = span.start == 0;
        let told = |at: usize| first_person.is_some_and(|start| opens || start < span.start + at);
        Names { introduced, strangers, him: unknown_him(text).is_some_and(|at| !told(at)) }
    }
}

/// Where, in characters, the first pronoun of a person stands that no word before it tells of: "The Supreme
/// Court had ordered him". Nothing where such a word comes first ("A man and his dog"), or a quotation.
fn unknown_him(text: &str) -> Option<usize> {
    for word in text.split_whitespace() {
        if word.contains(['"', '“']) {
            return None;
        }
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if matches!(bare.as_str(), "he" | "she" | "him" | "his" | "her" | "hers") {
            // A slice of `text`, so the distance is an offset.
            return Some(text[..word.as_ptr() as usize - text.as_ptr() as usize].chars().count());
        }
        if PERSONS.contains(&bare.as_str()) || bare.ends_with("man") || bare.ends_with("ist") {
            return None;
        }
    }
    None
}

/// Words that a pronoun behind them may mean.
const PERSONS: &[&str] = &[
    "a", "an", "who", "whose", "man", "boy", "girl", "teen", "teenager", "child", "baby", "mother", "father",
    "son", "daughter", "wife", "husband", "brother", "sister", "parent", "actor", "actress", "singer",
    "president", "minister", "leader", "officer", "suspect", "victim", "driver", "pilot", "player", "coach",
    "judge", "lawyer", "attorney", "doctor", "patient", "student", "teacher", "soldier", "king", "queen",
    "prince", "princess", "pope", "star", "champion", "director", "author", "candidate", "senator",
    "governor", "mayor", "person", "someone", "everyone", "anyone", "nobody", "each", "every", "one",
    "captain", "writer", "general", "commander", "chancellor", "premier",
];

/// "Edmund Hillary", "Colonel Hunt"; not "Hunt", "Mr. Hunt", "on Monday Hunt".
fn introduces(document: &Document, mention: &Mention) -> bool {
    if document.slice(mention.span).contains(' ') {
        return true;
    }
    let before = document.text[..document.index.bytes(mention.span).start].trim_end_matches(' ');
    // No title is longer, and a text without blanks stays cheap.
    let letters = before.chars().rev().take(30).take_while(|c| !c.is_whitespace());
    let word: String = letters.collect::<Vec<_>>().into_iter().rev().collect();
    let word = word.as_str();
    let honorific = matches!(word, "Mr." | "Mr" | "Mrs." | "Mrs" | "Ms." | "Ms" | "Dr." | "Dr" | "Miss");
    let title = word.chars().count() > 2 && word.chars().all(|c| c.is_alphabetic() || c == '-');
    let sentence_opens = OPENERS.contains(&word);
    word.starts_with(char::is_uppercase) && title && !honorific && !is_calendar(word) && !sentence_opens
}

/// Words with a capital before a name that are no office.
const OPENERS: &[&str] = &[
    "The", "But", "And", "When", "While", "After", "Before", "Although", "Though", "Because", "Since",
    "Then", "Yet", "For", "With", "Without", "Like", "Unlike", "That", "Here", "Both", "Meanwhile", "Still",
    "Later", "Asked", "Did", "Was", "Were", "Does", "Had", "Has", "Will", "What", "Why", "How", "Until",
    "Even", "Where", "From", "Now",
];

/// The words of a definite description that a sentence begins with: "The ship carried …".
///
/// Nothing where the description itself tells what is meant: "The British cabinet", "The number
/// of dead", "The patient, Louis Washkansky,", "The government".
fn definite(text: &str) -> Option<Vec<String>> {
    let rest = text.strip_prefix("The ")?;
    let mut about = Vec::new();
    for word in rest.split_whitespace().take(5) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.starts_with(char::is_uppercase) || bare.starts_with(|c: char| c.is_ascii_digit()) {
            // A name before any verb tells what is meant; after it, or a number, not.
            let named = bare.starts_with(char::is_uppercase) && about.len() < 2;
            return (!named && !about.is_empty()).then_some(about);
        }
        if FUNCTION.contains(&bare) {
            let told = bare == "of" || about.is_empty();
            return (!told).then_some(about);
        }
        if KNOWN_TO_ALL.contains(&bare) {
            return None;
        }
        about.extend(stem(bare));
        if word.ends_with(',') {
            let after = rest.split_once(", ").map_or("", |(_, after)| after);
            let named = after.starts_with(char::is_uppercase);
            return (!named).then_some(about);
        }
    }
    (!about.is_empty()).then_some(about)
}

fn stems(text: &str) -> HashSet<String> {
    text.split_whitespace()
        .filter_map(|word| stem(word.trim_matches(|c: char| !c.is_alphanumeric())))
        .collect()
}

/// "ships" and "ship’s" as "ship"; nothing for a word too short to tell of anything.
fn stem(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(&word);
    let word = word.strip_suffix('s').filter(|rest| !rest.ends_with('s')).unwrap_or(word);
    (word.chars().count() > 2).then(|| word.to_owned())
}

/// Where a description that began with "the" ends.
const FUNCTION: &[&str] = &[
    "of", "in", "at", "on", "to", "for", "from", "by", "with", "that", "which", "who", "whose", "is", "are",
    "was", "were", "be", "has", "have", "had", "will", "would", "could", "can", "may", "might", "must",
    "should", "did", "does", "said", "says", "and", "or", "but", "also", "as", "after", "before", "when",
    "where", "while", "the", "a", "an", "his", "her", "its", "their", "not", "into", "over", "under",
    "about", "between", "against", "than",
];

/// What every reader takes for known, and what tells by itself that it goes on.
const KNOWN_TO_ALL: &[&str] = &[
    "government", "army", "military", "navy", "police", "parliament", "opposition", "cabinet", "world",
    "economy", "sun", "moon", "earth", "sky", "weather", "public", "church", "press", "number", "majority",
    "rest", "first", "last", "most", "latest", "best", "worst", "largest", "biggest", "oldest", "youngest",
    "highest", "only", "stock", "prime", "union", "country", "nation", "president", "king", "queen", "pope",
];

#[cfg(test)]
mod tests {
    use super::super::actors::Words;
    use super::super::salience::forms;
    use super::*;

    /// What sentence `at` of a text needs: the sentences that help, and whether it must have one.
    fn needs_of(text: &str, at: usize) -> Vec<(Vec<usize>, bool)> {
        let document = Document::new(text, None);
        let all: Vec<usize> = (0..document.sentences.len()).collect();
        let needs = needs(&document, &Words::new(&document).mentions_by_rules(), &forms(&document), &all);
        needs[at].iter().map(|need| (need.sentences.clone(), need.strict)).collect()
    }

    #[test]
    fn knows_what_a_sentence_takes_for_known() {
        let first = "The liner Lusitania sank off Ireland on Friday.";
        for (next, want) in [
            ("She went down in 18 minutes.", vec![(vec![0], true)]),
            ("The ship carried 1,959 people.", vec![(vec![0], true)]),
            ("The captain was saved.", vec![(vec![0], true)]),
            ("The Cunard company closed its offices.", vec![]),
            ("The captain, William Turner, was saved.", vec![]),
            ("The number of dead is not known.", vec![]),
            ("The government of Britain is silent.", vec![]),
            ("William Turner was saved.", vec![]),
            ("A trawler picked him up at night.", vec![(vec![0], true)]),
            ("The Supreme Court ordered him on Monday to be silent.", vec![(vec![0], true)]),
            ("William Turner said that they had asked him.", vec![]),
            ("Police in Queenstown showed the film, which spoke against her.", vec![(vec![0], true)]),
            ("A man in Queenstown lost his wife.", vec![]),
        ] {
            assert_eq!(needs_of(&format!("{first} {next}"), 1), want, "{next}");
        }
        // The liner is told of in the first sentence, though another stands between.
        let far = format!("{first} Crowds wept in Queenstown. The liner had left New York on May 1.");
        assert_eq!(needs_of(&far, 2), [(vec![0, 1], true)]);
        assert_eq!(needs_of("The ship sank.", 0), []);
    }

    #[test]
    fn a_surname_needs_the_full_name() {
        for (text, at, want) in [
            ("Colonel John Hunt led them. Hunt had sent two men up.", 1, vec![(vec![0], false)]),
            ("Hunt had sent two men up. John Hunt led them.", 0, vec![(vec![], false)]),
            ("John Hunt led them. On Monday Hunt went up.", 1, vec![(vec![0], false)]),
            ("President Nixon resigned. Richard Nixon spoke at nine.", 0, vec![]),
            ("Walesa climbed over the fence in Gdansk.", 0, vec![]),
            ("John Hunt led them, and Hunt went up.", 0, vec![]),
        ] {
            assert_eq!(needs_of(text, at), want, "{text}");
        }
    }
}
