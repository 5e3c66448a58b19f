//! Whether each name stands in the place that the source gives it: who did it, to whom, who said it.

use super::Refusal;
use super::antecedents;
use super::binding::words;
use super::lemma::alike;
use super::names::same;
use super::numbers::unit;
use super::subjects::{ANAPHORS, Said, adjective, free, in_dateline, subjects};
use super::support::{Source, found};
use super::voice::{agents, ambiguous, passive};
use super::words::{Kind, Name, Sentence, Word};
use crate::reading::actors::lexicon::{self, Classes};
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
    let opening = &quoted[..quoted.len().min(3)];
    if opening.len() < 2 || !speaks(claim) {
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
        own.windows(opening.len()).any(|window| window == opening)
    };
    let told = source.sentences.iter().position(|sentence| holds(&sentence) && speaks(sentence));
    let Some(at) = told else { return Ok(()) };
    let sentence = &source.sentences[at];
    let pronoun = sentence.words.iter().position(|word| !word.quoted && word.is(ANAPHORS));
    let mut speakers: Vec<&Name> = sentence.names.iter().filter(|name| unquoted(sentence, name)).collect();
    if let Some(pronoun) = pronoun {
        let meant = antecedents::meant(source, at, pronoun);
        if meant.is_empty() {
            return Ok(());
        }
        speakers.extend(meant);
    }
    let claimed = claim.names.iter().find(|name| unquoted(claim, name) && !adjective(claim, name));
    match claimed {
        Some(name) if !speakers.is_empty() && !speakers.iter().any(|own| same(name, own)) => {
            Err(Refusal::Role(words(claim, name.first, name.end)))
        }
        _ => Ok(()),
    }
}

/// Whether a sentence tells that somebody says something.
fn speaks(sentence: &Sentence) -> bool {
    let says = |word: &Word| SAYING.contains(&word.lower.as_str()) || alike(&word.lemma, "say");
    sentence.words.iter().any(|word| !word.quoted && word.kind == Kind::Content && says(word))
}

/// "the laboratory of Florey" where the source has "the laboratory of Fleming", "prize for literature" where
/// it has "prize for chemistry": the same words around, another one within.
pub fn slots(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
    let words = &claim.words;
    for place in (2..words.len()).filter(|&place| words[place].clause == clause) {
        let word = &words[place];
        let begins = |sentence: &Sentence, place: usize| {
            sentence.names.iter().find(|name| name.first == place).cloned()
        };
        let name = begins(claim, place);
        let head = |words: &[Word], place: usize| -> Option<(String, String)> {
            let mut before = place;
            while before > 0 && words[before - 1].is(&["the", "a", "an", "his", "her", "its", "their"]) {
                before -= 1;
            }
            let preposition = words.get(before.checked_sub(1)?)?;
            let noun = words.get(before.checked_sub(2)?)?;
            // "prize for chemistry", "signed for the state", "landslide on Mount Toc"
            let place = name.is_some() && preposition.is(&["on", "at", "near", "with", "against"]);
            let fits = (noun.kind == Kind::Content || (noun.lower == "that" && preposition.lower == "of"))
                && (preposition.is(&["of", "for", "to", "from"])
                    || (!noun.verb && (place || preposition.lower == "in")));
            fits.then(|| (noun.lemma.clone(), preposition.lower.clone()))
        };
        let unknown = word.kind == Kind::Content
            && !word.verb
            && source.sentences.iter().all(|own| found(word, &own.words) == 0.0);
        // The place where it was written may be named anywhere.
        let dateline = name.as_ref().is_some_and(|name| {
            source
                .sentences
                .iter()
                .take(2)
                .any(|own| own.names.iter().any(|o| same(name, o) && in_dateline(own, o)))
        });
        if dateline
            || (name.is_none() && !unknown)
            || name.as_ref().is_some_and(|name| adjective(claim, name))
        {
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
    for said in &subjects {
        if let Some(name) = antecedents::wrong_doer(claim, said, source, at) {
            return Err(Refusal::Role(words(claim, name.first, name.end)));
        }
        for name in &said.names {
            subject(claim, said.verb, name, source, at)?;
        }
    }
    for name in claim.names.iter().filter(|name| claim.words[name.first].clause == clause) {
        let here = sentence.names.iter().any(|own| same(name, own));
        let near = |other: usize| other + ANTECEDENTS >= at && other <= at + 2;
        // Or where the same is told once more.
        let told = |other: usize| shares_words(claim, clause, &source.sentences[other]);
        if !here && !source.topic(name) && !source.naming(name).any(|other| near(other) || told(other)) {
            return Err(Refusal::Role(words(claim, name.first, name.end)));
        }
    }
    Ok(())
}

/// Whether a sentence at one of `others` says a verb of a clause of somebody else, and the one at `at` has no such
/// verb.
pub fn elsewhere(
    claim: &Sentence,
    clause: usize,
    source: &Source,
    at: usize,
    others: impl Iterator<Item = usize> + Clone,
) -> Result<(), Refusal> {
    let lacks = |said: &&Said| {
        let lemma = &claim.words[said.verb].lemma;
        claim.words[said.verb].verb && !source.sentences[at].words.iter().any(|own| own.lemma == *lemma)
    };
    let said = subjects(claim, clause);
    let wrong = |said: &Said| {
        let told = |other: &usize| {
            let own = claim.words.iter().filter(|word| {
                word.clause == clause && word.says() && word.lemma != claim.words[said.verb].lemma
            });
            let shared =
                own.filter(|word| !unit(&word.lemma) && found(word, &source.sentences[*other].words) >= 1.0);
            shared.count() >= 2
        };
        let wrong = |other| antecedents::wrong_doer(claim, said, source, other).map(|name| name.first);
        others.clone().filter(told).find_map(wrong)
    };
    match said.iter().filter(lacks).find_map(wrong) {
        Some(first) => Err(Refusal::Role(claim.words[first].text.clone())),
        None => Ok(()),
    }
}

/// Whether a sentence has two words of weight of a clause, or all of them.
fn shares_words(claim: &Sentence, clause: usize, sentence: &Sentence) -> bool {
    let own = claim.words.iter().filter(|word| word.clause == clause && word.kind == Kind::Content);
    let (shared, all) = own.fold((0, 0), |(shared, all), word| {
        (shared + usize::from(found(word, &sentence.words) >= 1.0), all + 1)
    });
    shared >= 2 || (shared == all && all > 0)
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
    let turned = anchor.is_some_and(|anchor| {
        let sides = [(&claim.words, verb), (&sentence.words, anchor)];
        passive(&claim.words, verb) != passive(&sentence.words, anchor)
            && !sides.iter().any(|(words, at)| ambiguous(words, *at))
    });
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
        let before = &sentence.words[..anchor.unwrap_or(sentence.words.len())];
        let pronouns = (0..before.len()).filter(|&place| before[place].is(ANAPHORS) && !before[place].quoted);
        let pronoun = pronouns.clone().next().is_some()
            || before.windows(2).any(|pair| office(pair) && !pair[0].quoted)
            || antecedents::unnamed_does(claim, verb, sentence);
        let near = source.naming(name).any(|other| other + ANTECEDENTS >= at && other <= at + 2)
            || source.topic(name)
            || pronouns
                .clone()
                .any(|place| antecedents::meant(source, at, place).iter().any(|own| same(name, own)))
            || (pronoun
                && last_named(source, at).is_some_and(|other| source.naming(name).any(|own| own == other)));
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
    if here.iter().any(|own| left(own) != turned) {
        return relative(claim, name, sentence, anchor);
    }
    Ok(())
}

/// The last sentence before one that names somebody who may be meant by "he".
fn last_named(source: &Source, at: usize) -> Option<usize> {
    let names_somebody =
        |other: &usize| source.sentences[*other].names.iter().any(|own| own.country.is_none());
    (at.saturating_sub(FAR_ANTECEDENT)..at).rev().find(names_somebody)
}

/// "the president", without his name.
fn office(pair: &[Word]) -> bool {
    let classes = || lexicon::classes(&pair[1].lower);
    // "The American did not come."
    let one = pair[1].kind == Kind::Name && classes().any(Classes::NATIONALITY);
    pair[0].lower == "the"
        && (pair[1].kind == Kind::Content || one)
        && classes().any(Classes::ROLE.or(Classes::GENERIC_ROLE).or(Classes::TITLE).or(Classes::NATIONALITY))
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
    // "whose husband Benigno was murdered": the clause has a name of its own.
    let own = sentence.names.iter().any(|own| own.first > first && own.end <= anchor && same(own, name));
    if own || !sentence.words[first].is(&["who", "whose"]) {
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
