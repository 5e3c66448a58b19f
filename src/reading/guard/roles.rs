//! Whether each name stands in the place that the source gives it: who did it, to whom, who said it.

use super::Refusal;
use super::binding::words;
use super::names::same;
use super::support::{Source, found};
use super::voice::{agents, passive};
use super::words::{AUXILIARIES, Kind, Name, Sentence, Word};
use crate::reading::sentences::SAYING;

/// Sentences before one that a pronoun in it may point to.
const ANTECEDENTS: usize = 3;

/// The same, where nobody else is named in between.
const FAR_ANTECEDENT: usize = 8;

/// A quotation has the speaker that the source gives it.
pub fn speakers(claim: &Sentence, source: &Source) -> Result<(), Refusal> {
    let quoted: Vec<&str> = claim
        .words
        .iter()
        .filter(|word| word.quoted && word.kind != Kind::Mark)
        .map(|word| word.lower.as_str())
        .collect();
    let says = claim.words.iter().any(|word| !word.quoted && SAYING.contains(&word.lower.as_str()));
    if quoted.len() < 3 || !says {
        return Ok(());
    }
    let unquoted =
        |sentence: &Sentence, name: &Name| !sentence.words[name.first].quoted && free(sentence, name);
    let holds = |sentence: &&Sentence| {
        let own: Vec<&str> = sentence
            .words
            .iter()
            .filter(|word| word.kind != Kind::Mark)
            .map(|word| word.lower.as_str())
            .collect();
        own.windows(3).any(|window| window == &quoted[..3])
    };
    let Some(sentence) = source.sentences.iter().find(holds) else { return Ok(()) };
    let speakers: Vec<&Name> = sentence.names.iter().filter(|name| unquoted(sentence, name)).collect();
    let claimed = claim.names.iter().find(|name| unquoted(claim, name) && !adjective(claim, name));
    match claimed {
        Some(name) if !speakers.is_empty() && !speakers.iter().any(|own| same(name, own)) => {
            let pronoun = sentence.words.iter().any(|word| !word.quoted && word.is(ANAPHORS));
            if pronoun { Ok(()) } else { Err(Refusal::Role(words(claim, name.first, name.end))) }
        }
        _ => Ok(()),
    }
}

/// "the laboratory of Florey" where the source has "the laboratory of Fleming", "prize for literature" where
/// it has "prize for chemistry": the same words around, another one within.
pub fn slots(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
    let words = &claim.words;
    for place in (2..words.len()).filter(|&place| words[place].clause == clause) {
        let word = &words[place];
        let head = |words: &[Word], place: usize| -> Option<(String, String)> {
            let mut before = place;
            while before > 0 && words[before - 1].is(&["the", "a", "an", "his", "her", "its", "their"]) {
                before -= 1;
            }
            let preposition = words.get(before.checked_sub(1)?)?;
            let noun = words.get(before.checked_sub(2)?)?;
            // "prize for chemistry", "signed for the state"
            let fits = noun.kind == Kind::Content
                && (preposition.is(&["of", "for", "to", "from"])
                    || (preposition.lower == "in" && !noun.verb));
            fits.then(|| (noun.lemma.clone(), preposition.lower.clone()))
        };
        let begins = |sentence: &Sentence, place: usize| {
            sentence.names.iter().find(|name| name.first == place).cloned()
        };
        let name = begins(claim, place);
        let unknown = word.kind == Kind::Content
            && !word.verb
            && source.sentences.iter().all(|own| found(word, &own.words) == 0.0);
        if (name.is_none() && !unknown) || name.as_ref().is_some_and(|name| adjective(claim, name)) {
            continue;
        }
        let Some(key) = head(words, place) else { continue };
        let mut others = 0;
        let mut fits = false;
        let all = if name.is_some() { at..at + 1 } else { 0..source.sentences.len() };
        for own in all.map(|number| &source.sentences[number]) {
            for other in 2..own.words.len() {
                let comparable = match &name {
                    Some(_) => begins(own, other).is_some(),
                    None => own.words[other].kind == Kind::Content,
                };
                if comparable && head(&own.words, other).as_ref() == Some(&key) {
                    others += 1;
                    fits |= name
                        .as_ref()
                        .is_some_and(|name| begins(own, other).is_some_and(|own| same(name, &own)));
                }
            }
        }
        if others > 0 && !fits {
            return Err(Refusal::Role(word.text.clone()));
        }
    }
    Ok(())
}

/// Whether each name stands in the place that the source gives it.
pub fn roles(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
    let sentence = &source.sentences[at];
    let subjects = subjects(claim, clause);
    for (verb, names) in &subjects {
        for name in names {
            subject(claim, *verb, name, source, at)?;
        }
    }
    for name in claim.names.iter().filter(|name| claim.words[name.first].clause == clause) {
        let here = sentence.names.iter().any(|own| same(name, own));
        let near = |other: usize| other + ANTECEDENTS >= at && other <= at + 1;
        // Or where the same is told once more.
        let told = |other: usize| shares_words(claim, clause, &source.sentences[other]);
        if !here && !source.topic(name) && !source.naming(name).any(|other| near(other) || told(other)) {
            return Err(Refusal::Role(words(claim, name.first, name.end)));
        }
    }
    Ok(())
}

/// Whether a sentence has two words of weight of a clause, or all of them.
fn shares_words(claim: &Sentence, clause: usize, sentence: &Sentence) -> bool {
    let own = claim.words.iter().filter(|word| word.clause == clause && word.kind == Kind::Content);
    let (shared, all) = own.fold((0, 0), |(shared, all), word| {
        (shared + usize::from(found(word, &sentence.words) >= 1.0), all + 1)
    });
    shared >= 2 || (shared == all && all > 0)
}

/// Every verb of a clause, as the number of its word, with the names of whom it is said.
fn subjects(claim: &Sentence, clause: usize) -> Vec<(usize, Vec<&Name>)> {
    let words = &claim.words;
    let inherited = inherited(claim, clause);
    let mut last_verb: Option<usize> = None;
    let mut current: Vec<&Name> = Vec::new();
    let mut found = Vec::new();
    for at in (0..words.len()).filter(|&at| words[at].clause == clause) {
        let word = &words[at];
        if !word.verb || word.quoted || AUXILIARIES.contains(&word.lower.as_str()) {
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
        // "Martin, the American ambassador, left": it is he who left.
        let person = own.iter().any(|name| name.country.is_none());
        let own: Vec<&Name> = own.into_iter().filter(|name| !(person && adjective(claim, name))).collect();
        if last_verb.is_none() {
            let pronoun = words[..at].iter().any(|word| word.clause == clause && word.is(PRONOUNS));
            current = if own.is_empty() && (pronoun || !has_noun(claim, clause, at)) {
                inherited.clone()
            } else {
                own
            };
        } else if !own.is_empty() && !joined {
            current = own;
        }
        last_verb = Some(at);
        found.push((at, current.clone()));
    }
    // "Smith, a carpenter": an apposition without a verb is said of the name before it.
    if found.is_empty()
        && let Some(at) = (0..words.len())
            .find(|&at| words[at].clause == clause && words[at].kind == Kind::Content && !words[at].quoted)
    {
        found.push((at, inherited));
    }
    found
}

pub const PRONOUNS: &[&str] = &["he", "she", "it", "they", "who", "which"];

/// Those that point to a sentence before.
const ANAPHORS: &[&str] = &["he", "she", "it", "they"];

fn has_noun(claim: &Sentence, clause: usize, before: usize) -> bool {
    claim.words[..before].iter().any(|word| word.clause == clause && word.kind == Kind::Content && !word.verb)
}

/// A name that may be a subject: no owner of something, not behind a preposition.
fn free(claim: &Sentence, name: &Name) -> bool {
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
    // "Swedish diplomats": the nationality stands for those who have it.
    !name.possessive && !preposition
}

/// A name right behind a verb: "told Smith".
fn object(sentence: &Sentence, name: &Name) -> bool {
    let before = name.first.checked_sub(1).map(|before| &sentence.words[before]);
    before.is_some_and(|before| before.verb && !AUXILIARIES.contains(&before.lower.as_str()))
}

/// Of whom a clause without a name of its own speaks: for "who" the name before it, else the subject before.
fn inherited(claim: &Sentence, clause: usize) -> Vec<&Name> {
    let Some(first) = claim.words.iter().position(|word| word.clause == clause) else { return Vec::new() };
    let mut before = claim.names.iter().filter(|name| name.end <= first);
    if claim.words[first].is(&["who", "whose", "whom"]) {
        return before.next_back().into_iter().collect();
    }
    // "the tomb of the king, which": the tomb.
    if claim.words[first].is(&["which", "where"]) {
        return before.next_back().filter(|name| free(claim, name)).into_iter().collect();
    }
    // The first that is free is what the sentence is about; a nationality only where nothing else is named.
    let earlier: Vec<&Name> = before.filter(|name| free(claim, name)).collect();
    let own = earlier.iter().find(|name| !adjective(claim, name) && !object(claim, name)).or(earlier.first());
    own.copied().into_iter().collect()
}

/// Whether the source says the verb of the name too.
fn subject(claim: &Sentence, verb: usize, name: &Name, source: &Source, at: usize) -> Result<(), Refusal> {
    let sentence = &source.sentences[at];
    let refused = || Err(Refusal::Role(words(claim, name.first, name.end)));
    let word = &claim.words[verb];
    let clause = word.clause;
    let saying = SAYING.contains(&word.lower.as_str());
    // What goes on with somebody's words in a sentence of their own need not name them again.
    let unsaid = saying && !sentence.words.iter().any(|own| SAYING.contains(&own.lower.as_str()));
    if unsaid && source.naming(name).any(|other| other < at && other + 2 >= at) {
        return Ok(());
    }
    let exact = sentence.words.iter().position(|own| own.lemma == word.lemma && own.kind != Kind::Name);
    let anchor =
        exact.or_else(|| sentence.words.iter().position(|own| own.kind != Kind::Name && own.like(word)));
    let here: Vec<&Name> = sentence.names.iter().filter(|own| same(name, own)).collect();
    let anchor = anchor.or_else(|| first_shared(claim, verb, sentence));
    let turned = anchor.is_some_and(|anchor| passive(&claim.words, verb) != passive(&sentence.words, anchor));
    let left = |own: &Name| anchor.is_none_or(|anchor| own.end <= anchor);
    // Where not even a word like the verb is there, the order of what is there says nothing.
    let verbless =
        exact.is_none() && !sentence.words.iter().any(|own| own.kind != Kind::Name && own.like(word));
    if here.is_empty() {
        let told = |other: usize| shares_words(claim, clause, &source.sentences[other]);
        if verbless && source.naming(name).any(told) {
            return Ok(());
        }
        // Another name stands where this one would, and no pronoun does.
        let rival = |own: &&Name| {
            left(own) != turned
                && free(sentence, own)
                && (name.country.is_some() || !adjective(sentence, own))
        };
        let named = sentence.names.iter().filter(rival).any(|own| !claim_has(claim, own));
        let named_at_all = sentence.names.iter().any(|own| rival(&own));
        let pronoun = sentence
            .words
            .iter()
            .take(anchor.unwrap_or(usize::MAX))
            .any(|own| own.is(ANAPHORS) && !own.quoted);
        let near = source.naming(name).any(|other| other + ANTECEDENTS >= at && other <= at + 1)
            || source.topic(name)
            || (pronoun
                && last_named(source, at).is_some_and(|other| source.naming(name).any(|own| own == other)));
        // Who does it there, if the verb is the same and the voice too.
        let doer = exact.filter(|_| !turned).and_then(|exact| doer(sentence, exact));
        if doer.is_some_and(|doer| !same(name, doer)) {
            return refused();
        }
        let taken = if pronoun { false } else { named || (named_at_all && !source.topic(name)) };
        return if taken || !near { refused() } else { Ok(()) };
    }
    // "…," said Smith: the speaker stands behind the verb.
    let inverted = saying
        && anchor.is_some_and(|anchor| {
            here.iter().any(|own| {
                own.first > anchor
                    && sentence.words[anchor + 1..own.first].iter().all(|word| word.kind == Kind::Function)
            })
        });
    if inverted || verbless || exact.is_none() && !turned && here.iter().any(|own| left(own)) {
        return Ok(());
    }
    // What is done by somebody in the source is done by nobody else in the claim.
    let agent = anchor.filter(|_| turned && exact.is_some()).and_then(|anchor| agents(sentence, anchor));
    if agent.is_some_and(|agents| !agents.iter().any(|agent| same(name, agent))) {
        return refused();
    }
    let right_side = here.iter().any(|own| left(own) != turned);
    if right_side {
        return relative(claim, name, sentence, anchor);
    }
    // It stands on the other side of the verb only. That is another's place if anybody is in it.
    let anybody = sentence.names.iter().any(|own| left(own) != turned)
        || sentence
            .words
            .iter()
            .enumerate()
            .any(|(place, own)| anchor.is_none_or(|anchor| place < anchor) != turned && own.is(PRONOUNS));
    if anybody { refused() } else { Ok(()) }
}

/// The name that a verb is said of, as far as order tells; none where a pronoun stands nearer.
fn doer(sentence: &Sentence, verb: usize) -> Option<&Name> {
    let fits = |name: &&Name| {
        name.end <= verb && free(sentence, name) && !adjective(sentence, name) && !object(sentence, name)
    };
    let name = sentence.names.iter().rfind(fits)?;
    let pronoun = sentence.words[name.end..verb].iter().any(|word| word.is(ANAPHORS));
    (!pronoun).then_some(name)
}

/// The last sentence before one that names somebody who may be meant by "he".
fn last_named(source: &Source, at: usize) -> Option<usize> {
    let names_somebody =
        |other: &usize| source.sentences[*other].names.iter().any(|own| own.country.is_none());
    (at.saturating_sub(FAR_ANTECEDENT)..at).rev().find(names_somebody)
}

/// "the American ambassador", "Ellsworth, an American": a nationality that tells more of somebody.
fn adjective(sentence: &Sentence, name: &Name) -> bool {
    let tells = |next: &Word| matches!(next.kind, Kind::Content | Kind::Name) && !next.verb;
    let before = name.first.checked_sub(1).map(|before| &sentence.words[before]);
    name.country.is_some()
        && (sentence.words.get(name.end).is_some_and(tells)
            || before.is_some_and(|word| word.is(&["a", "an"])))
}

fn claim_has(claim: &Sentence, name: &Name) -> bool {
    claim.names.iter().any(|own| same(own, name))
}

/// "Chain, who left Berlin": what a relative clause says is said of the name right before it.
fn relative(
    claim: &Sentence,
    name: &Name,
    sentence: &Sentence,
    anchor: Option<usize>,
) -> Result<(), Refusal> {
    let Some(anchor) = anchor else { return Ok(()) };
    let clause = sentence.words[anchor].clause;
    let Some(first) = sentence.words.iter().position(|word| word.clause == clause) else { return Ok(()) };
    if !sentence.words[first].is(&["who", "whose"]) {
        return Ok(());
    }
    match sentence.names.iter().rfind(|own| own.end <= first && free(sentence, own)) {
        Some(own) if !same(own, name) => Err(Refusal::Role(words(claim, name.first, name.end))),
        _ => Ok(()),
    }
}

/// The first word of a clause behind its verb that the sentence has too.
fn first_shared(claim: &Sentence, verb: usize, sentence: &Sentence) -> Option<usize> {
    let clause = claim.words[verb].clause;
    claim.words[verb..]
        .iter()
        .filter(|word| word.clause == clause && word.kind == Kind::Content)
        .find_map(|word| sentence.words.iter().position(|own| own.kind != Kind::Name && own.like(word)))
}
