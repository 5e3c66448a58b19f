//! Whom "he" and "she" stand for in the source, and who does what there.
//!
//! A pronoun means somebody before it in its sentence; else whom the sentence before is about: the subjects of
//! its verbs, or whom their pronoun means (the preference for subjects of centering theory: Brennan, Friedman and
//! Pollard 1987, "A Centering Approach to Pronouns"). Where more than one may be meant, all are.

use super::names::same;
use super::subjects::{self, Said, adjective, free};
use super::support::Source;
use super::voice::passive;
use super::words::{Name, Sentence};
use crate::reading::actors::lexicon::{self, Classes};

/// Sentences before a pronoun that are searched.
const REACH: usize = 3;

/// Pronouns that may lead to one another: "He … He … He …".
const CHAIN: usize = 6;

/// Whether the sentence at `at` says the verb of somebody whom it does not name ("a judge, who wants to try him").
pub fn unnamed_does(claim: &Sentence, verb: usize, sentence: &Sentence) -> bool {
    let word = &claim.words[verb];
    (0..sentence.clauses).flat_map(|clause| subjects::subjects(sentence, clause)).any(|there| {
        let other = there.pronoun.is_none_or(|pronoun| sentence.words[pronoun].is(&["who", "which"]));
        sentence.words[there.verb].lemma == word.lemma && other && named(sentence, &there).is_empty()
    })
}

/// Of whom the claim says a verb, where the sentence at `at` says it of others only.
pub fn wrong_doer<'a>(claim: &'a Sentence, said: &Said<'a>, source: &Source, at: usize) -> Option<&'a Name> {
    let sentence = &source.sentences[at];
    let own = named(claim, said);
    let Some(&first) = own.first() else { return other_nation(claim, said, sentence) };
    let mut wrong = None;
    for there in same_verb(claim, said, sentence) {
        let doers = doers(source, at, &there, first);
        let voice = passive(&claim.words, said.verb) == passive(&sentence.words, there.verb);
        let does = |name: &Name| doers.iter().any(|doer| same(name, doer));
        // Two for two: each of them has to be one of those.
        let joined = own.len() == 2 && doers.len() == 2 && said.pronoun.is_none() && there.pronoun.is_none();
        let right =
            if joined { own.iter().all(|name| does(name)) } else { own.iter().any(|name| does(name)) };
        if !voice || doers.is_empty() || right {
            return None;
        }
        wrong = own.iter().copied().find(|name| !does(name)).or(Some(first));
    }
    wrong
}

/// What a sentence says with the verb of the claim.
fn same_verb<'a>(
    claim: &'a Sentence,
    said: &Said,
    sentence: &'a Sentence,
) -> impl Iterator<Item = Said<'a>> + use<'a> {
    let lemma = &claim.words[said.verb].lemma;
    (0..sentence.clauses)
        .flat_map(|clause| subjects::subjects(sentence, clause))
        .filter(move |there| sentence.words[there.verb].lemma == *lemma)
}

/// Those whom a verb of the source is said of, as far as `name` may be taken for one of them; empty where that
/// cannot be told.
fn doers<'a>(source: &'a Source, at: usize, there: &Said<'a>, name: &Name) -> Vec<&'a Name> {
    let sentence = &source.sentences[at];
    let doers = match there.pronoun {
        Some(pronoun) => meant(source, at, pronoun),
        None => named(sentence, there),
    };
    // "The American" may be that person.
    let one = |doer: &&Name| {
        let before = sentence.words[..doer.first].last();
        let the = before.is_some_and(|word| word.lower == "the");
        doer.country.is_some() && the && !sentence.words[doer.first].lower.ends_with('s')
    };
    if name.country.is_none() && there.pronoun.is_none() && doers.iter().any(one) {
        return Vec::new();
    }
    // A person is taken for another, not for a place.
    let agent = |doer: &&Name| doer.country.is_some() || person(source, doer, ANY);
    match name.country.is_some() || person(source, name, ANY) {
        true => doers.into_iter().filter(agent).collect(),
        false => doers,
    }
}

/// "Soviet diplomats asked" where the sentence has "Swedish diplomats asked".
fn other_nation<'a>(claim: &Sentence, said: &Said<'a>, sentence: &Sentence) -> Option<&'a Name> {
    let noun = |sentence: &Sentence, name: &Name| sentence.words.get(name.end).map(|word| word.lemma.clone());
    let name = *said.names.first()?;
    let mut wrong = None;
    for there in same_verb(claim, said, sentence) {
        let own = *there.names.first().filter(|own| adjective(sentence, own))?;
        if same(name, own) || noun(claim, name) != noun(sentence, own) {
            return None;
        }
        wrong = Some(name);
    }
    wrong
}

/// The names that a verb may be said of, without nationalities of others ("French airmen").
fn named<'a>(sentence: &'a Sentence, said: &Said<'a>) -> Vec<&'a Name> {
    let before = said.pronoun.map(|pronoun| sentence.names.iter().filter(move |name| name.end <= pronoun));
    let names = said.names.iter().copied().chain(before.into_iter().flatten());
    names.filter(|name| !adjective(sentence, name)).collect()
}

/// Whom a pronoun may mean; empty where that cannot be told.
pub fn meant(source: &Source, at: usize, pronoun: usize) -> Vec<&Name> {
    chain(source, at, pronoun, CHAIN)
}

/// The same, by way of `left` pronouns at most.
fn chain(source: &Source, at: usize, pronoun: usize, left: usize) -> Vec<&Name> {
    let sentence = &source.sentences[at];
    let gender = match sentence.words[pronoun].lower.as_str() {
        "he" | "him" | "his" => Classes::MALE,
        "she" | "her" | "hers" => Classes::FEMALE,
        _ => return Vec::new(),
    };
    let fits = |name: &&Name| person(source, name, gender);
    let before: Vec<&Name> = sentence
        .names
        .iter()
        .filter(|name| name.end <= pronoun && free(sentence, name) && !sentence.words[name.first].quoted)
        .filter(fits)
        .collect();
    if !before.is_empty() {
        return before;
    }
    for other in (at.saturating_sub(REACH)..at).rev() {
        let sentence = &source.sentences[other];
        let said: Vec<_> =
            (0..sentence.clauses).flat_map(|clause| subjects::subjects(sentence, clause)).collect();
        let mut doers: Vec<&Name> = said
            .iter()
            .filter(|said| said.pronoun.is_none())
            .flat_map(|said| said.names.clone())
            .filter(fits)
            .collect();
        let same_pronoun = |said: &&Said| {
            said.pronoun.is_some_and(|own| {
                sentence.words[own].is(if gender == Classes::MALE { &["he"] } else { &["she"] })
            })
        };
        if let Some(pronoun) = said.iter().find(same_pronoun).and_then(|said| said.pronoun) {
            let means = if left > 0 { chain(source, other, pronoun, left - 1) } else { Vec::new() };
            if means.is_empty() {
                return means;
            }
            doers.extend(means);
        }
        if !doers.is_empty() {
            return doers;
        }
        let named: Vec<&Name> = sentence.names.iter().filter(fits).collect();
        if !named.is_empty() {
            return named;
        }
    }
    Vec::new()
}

/// Of either gender.
const ANY: Classes = Classes::MALE.or(Classes::FEMALE);

/// Whether a name may be a person's of that gender, by all forms of it in the source and what stands before them.
fn person(source: &Source, name: &Name, gender: Classes) -> bool {
    const THINGS: Classes = Classes::ORG_HEAD.or(Classes::PLACE_HEAD).or(Classes::EVENT_HEAD);
    const WORDS: Classes = Classes::COMMON.or(Classes::TIME);
    let against = |classes: Classes| classes.any(ANY) && !classes.any(gender);
    let refutes = |sentence: &Sentence, own: &Name| {
        let part = |at: usize| own.parts.get(at).map(|part| lexicon::classes(part)).unwrap_or_default();
        let before = own.first.checked_sub(1).map(|before| &sentence.words[before]);
        let last = part(own.parts.len().saturating_sub(1));
        let several = own.parts.len() > 1;
        let thing = several && (last.any(THINGS) || part(0).any(Classes::PLACE_PREFIX));
        let word = !several && last.any(WORDS) && !last.any(Classes::GIVEN);
        let thing = (thing || word) && !last.any(Classes::SURNAME);
        let coded = own.parts.iter().any(|part| part.contains(|c: char| c.is_ascii_digit()));
        let titled = lexicon::classes(&sentence.words[own.first].lower);
        thing
            || coded
            || before.is_some_and(|word| word.is(&["the", "in", "at", "near", "into"]))
            || (several && against(part(0)))
            || (titled.any(Classes::TITLE) && against(titled))
    };
    let mut forms =
        source.sentences.iter().flat_map(|sentence| sentence.names.iter().map(move |own| (sentence, own)));
    // "She" may be a ship or a country: there a woman has to be known as one.
    let known = gender != Classes::FEMALE
        || source.sentences.iter().flat_map(|sentence| &sentence.names).any(|own| {
            same(name, own)
                && own.parts.first().is_some_and(|part| lexicon::classes(part).any(Classes::FEMALE))
        });
    known && name.country.is_none() && !forms.any(|(sentence, own)| same(name, own) && refutes(sentence, own))
}
