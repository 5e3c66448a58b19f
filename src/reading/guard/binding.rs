//! Whether the source binds what a claim binds: names to verbs, numbers to what they count, dates to
//! events, and denies what the claim denies.

use super::Refusal;
use super::lemma::alike;
use super::names::same;
use super::numbers::{Bound, unit};
use super::support::{Source, candidates, found};
use super::words::{AUXILIARIES, Kind, Name, Sentence, Word};
use crate::reading::sentences::SAYING;

/// The least share of a sentence's weight that the sentences it rests on must have.
const LEAST_COVER: f32 = 0.5;

/// Sentences before one that a pronoun in it may point to.
const ANTECEDENTS: usize = 3;

/// The same, where nobody else is named in between.
const FAR_ANTECEDENT: usize = 8;

/// Checks a sentence against the source.
pub fn check(claim: &Sentence, source: &Source) -> Result<(), Refusal> {
    for name in &claim.names {
        if !source.names(name) {
            return Err(Refusal::Name(words(claim, name.first, name.end)));
        }
    }
    for number in &claim.numbers {
        if source.numbered(number).next().is_none() {
            return Err(Refusal::Number(words(claim, number.first, number.end)));
        }
    }
    speakers(claim, source)?;
    let mut support = Vec::new();
    for clause in 0..claim.clauses {
        let says =
            |word: &&Word| word.clause == clause && word.kind != Kind::Mark && word.kind != Kind::Function;
        if !claim.words.iter().any(|word| says(&word)) {
            continue;
        }
        let mut refused = Some(Refusal::Unsupported);
        for (at, _) in candidates(claim, clause, source) {
            refused = bound(claim, clause, source, at).err();
            if refused.is_none() {
                support.push(at);
                break;
            }
        }
        if let Some(refusal) = refused {
            return Err(refusal);
        }
    }
    covered(claim, source, &support)
}

fn words(claim: &Sentence, first: usize, end: usize) -> String {
    claim.words[first..end].iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// A quotation has the speaker that the source gives it.
fn speakers(claim: &Sentence, source: &Source) -> Result<(), Refusal> {
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

/// Whether the sentence at `at` binds everything of one clause as the clause does.
fn bound(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
    numbers(claim, clause, source, at)?;
    calendar(claim, clause, source, at)?;
    polarity(claim, clause, source, at)?;
    opposites(claim, clause, &source.sentences[at])?;
    slots(claim, clause, source, at)?;
    roles(claim, clause, source, at)
}

fn numbers(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
    let sentence = &source.sentences[at];
    for number in claim.numbers.iter().filter(|number| claim.words[number.first].clause == clause) {
        let refused = || Err(Refusal::Count(words(claim, number.first, number.end)));
        let heads_alike = |a: &Option<String>, b: &Option<String>| {
            a.as_ref().zip(b.as_ref()).is_some_and(|(a, b)| alike(a, b))
        };
        if number.year {
            let years: Vec<_> = sentence.numbers.iter().filter(|own| own.year).collect();
            if !years.is_empty() && !years.iter().any(|own| own.equals(number)) {
                return Err(Refusal::Date(words(claim, number.first, number.end)));
            }
        }
        if aged(claim, number, source) {
            continue;
        }
        let here: Vec<_> = sentence.numbers.iter().filter(|own| own.equals(number)).collect();
        let fits = here.iter().any(|own| heads_alike(&own.head, &number.head));
        // "eight of eleven tanks": the first is a part of the second, and both count tanks.
        let part = claim.numbers.iter().find(|own| {
            own.end < number.first
                && claim.words[own.end].lower == "of"
                && claim.words[own.end..number.first].iter().all(|word| word.kind == Kind::Function)
        });
        if part.is_some_and(|part| part.value > number.value) {
            return refused();
        }
        // Another number counts the same things there: this one is exchanged.
        let is_part = |own: &super::numbers::Number| part.is_some_and(|part| part.equals(own));
        let exchanged = sentence.numbers.iter().any(|own| {
            !own.equals(number)
                && !is_part(own)
                && own.ordinal == number.ordinal
                && heads_alike(&own.head, &number.head)
        });
        if !fits && exchanged {
            return refused();
        }
        if here.is_empty() {
            let same_head = |own: usize| {
                let held = source.sentences[own].numbers.iter().filter(|held| held.equals(number));
                held.into_iter().any(|held| {
                    heads_alike(&held.head, &number.head) || held.head.is_none() || number.head.is_none()
                })
            };
            let near = |own: usize| {
                (own.abs_diff(at) <= 2 || shares_word(claim, clause, &source.sentences[own]))
                    && same_head(own)
            };
            if !source.numbered(number).any(near) {
                return refused();
            }
            continue;
        }
        let units = |own: &&&super::numbers::Number| {
            own.head.as_deref().zip(number.head.as_deref()).is_some_and(|(a, b)| unit(a) && unit(b) && a != b)
        };
        if !fits && here.iter().all(|own| units(&own)) {
            return refused();
        }
        let against = |own: &Bound| {
            matches!((own, number.bound), (Bound::More, Bound::Less) | (Bound::Less, Bound::More))
        };
        if here.iter().all(|own| against(&own.bound)) {
            return refused();
        }
    }
    Ok(())
}

/// "Mandela, 71, …" where the source says so of him, or of "him" in a sentence of its own.
fn aged(claim: &Sentence, number: &super::numbers::Number, source: &Source) -> bool {
    let Some(name) = claim.names.iter().rfind(|name| name.end <= number.first) else { return false };
    let between = &claim.words[name.end..number.first];
    let set_off = between.iter().all(|word| word.is(&[",", "aged", "is", "who"])) && !between.is_empty();
    set_off
        && source.numbered(number).any(|at| {
            let sentence = &source.sentences[at];
            sentence.names.iter().any(|own| same(name, own))
                || (sentence.names.is_empty() && sentence.words.first().is_some_and(|word| word.is(PRONOUNS)))
        })
}

fn shares_word(claim: &Sentence, clause: usize, sentence: &Sentence) -> bool {
    let mut own = claim.words.iter().filter(|word| word.clause == clause && word.says());
    own.any(|word| found(word, &sentence.words) >= 1.0)
}

fn calendar(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
    let weekday = |word: &Word| word.lower.ends_with("day");
    for word in claim.words.iter().filter(|word| word.clause == clause && word.kind == Kind::Calendar) {
        let of_kind = |sentence: &Sentence| -> Vec<String> {
            let own = sentence
                .words
                .iter()
                .filter(|own| own.kind == Kind::Calendar && weekday(own) == weekday(word));
            own.map(|own| own.lower.chars().take(3).collect()).collect()
        };
        let short: String = word.lower.chars().take(3).collect();
        let here = of_kind(&source.sentences[at]);
        let near = |other: usize| {
            (other <= 3 || other.abs_diff(at) <= 3) && of_kind(&source.sentences[other]).contains(&short)
        };
        let told =
            if here.is_empty() { (0..source.sentences.len()).any(near) } else { here.contains(&short) };
        if !told {
            return Err(Refusal::Date(word.text.clone()));
        }
    }
    Ok(())
}

/// Pairs of a claimed word and a word of the sentence it rests on.
fn aligned<'a>(claim: &'a Sentence, clause: usize, sentence: &'a Sentence) -> Vec<(&'a Word, Vec<&'a Word>)> {
    let own = claim.words.iter().filter(|word| word.clause == clause && word.kind == Kind::Content);
    own.filter_map(|word| {
        let exact: Vec<&Word> = sentence.words.iter().filter(|other| other.lemma == word.lemma).collect();
        let like = || sentence.words.iter().filter(|other| other.like(word)).collect();
        let found: Vec<&Word> = if exact.is_empty() { like() } else { exact };
        (!found.is_empty()).then_some((word, found))
    })
    .collect()
}

fn polarity(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
    let sentence = &source.sentences[at];
    let mut pairs = aligned(claim, clause, sentence);
    // A clause of the source that shares more words with the claim outweighs what others deny.
    let shared = |number: usize| {
        pairs.iter().filter(|(_, others)| others.iter().any(|other| other.clause == number)).count()
    };
    let counts: Vec<usize> = (0..sentence.clauses).map(shared).collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    pairs.retain(|(word, others)| word.verb || others.iter().any(|other| counts[other.clause] * 2 > most));
    let differs = |(word, others): &&(&Word, Vec<&Word>)| {
        others.iter().all(|other| other.negated != word.negated || (other.conditional && !word.conditional))
    };
    let first = pairs.iter().find(differs);
    let Some((word, _)) = first else {
        let denies = claim
            .words
            .iter()
            .any(|word| word.clause == clause && word.negated && word.kind == Kind::Content);
        let denied = sentence.words.iter().any(|word| word.negated);
        // Its negation may be another sentence's: "no water", "nothing came".
        let elsewhere = || {
            let mut own = claim
                .words
                .iter()
                .filter(|word| word.clause == clause && word.negated && word.kind == Kind::Content);
            own.any(|word| source.sentences.iter().any(|s| s.words.iter().any(|o| o.negated && o.like(word))))
        };
        let unsaid = denies && !denied && pairs.iter().all(|(word, _)| !word.negated) && !elsewhere();
        let first = claim.words.iter().find(|word| word.clause == clause && word.negated);
        return first.filter(|_| unsaid).map_or(Ok(()), |word| Err(Refusal::Negation(word.text.clone())));
    };
    // A word beside the negation may be moved out of its reach; most of them may not.
    let touched = pairs
        .iter()
        .filter(|(word, others)| word.negated || others.iter().any(|o| o.negated || o.conditional));
    let (wrong, all) =
        touched.fold((0, 0), |(wrong, all), pair| (wrong + usize::from(differs(&pair)), all + 1));
    if wrong * 2 >= all { Err(Refusal::Negation(word.text.clone())) } else { Ok(()) }
}

/// Words that say the opposite of each other in the news.
const OPPOSITES: &[(&str, &str)] = &[
    ("survive", "die"),
    ("survive", "kill"),
    ("win", "lose"),
    ("rise", "fall"),
    ("accept", "reject"),
    ("accept", "refuse"),
    ("open", "close"),
    ("north", "south"),
    ("east", "west"),
    ("increase", "decrease"),
    ("support", "oppose"),
    ("approve", "reject"),
    ("guilty", "innocent"),
    ("allow", "ban"),
    ("allow", "forbid"),
    ("buy", "sell"),
    ("begin", "end"),
    ("start", "stop"),
    ("before", "after"),
    ("arrive", "leave"),
    ("up", "down"),
    ("hoist", "lower"),
    ("raise", "lower"),
    ("always", "never"),
    ("dead", "prisoner"),
    ("legal", "illegal"),
    ("advance", "retreat"),
    ("give", "take"),
    ("best", "worst"),
    ("largest", "smallest"),
    ("highest", "lowest"),
    ("longest", "shortest"),
    ("coldest", "hottest"),
    ("friend", "enemy"),
];

fn opposites(claim: &Sentence, clause: usize, sentence: &Sentence) -> Result<(), Refusal> {
    let has = |form: &str, among: &[Word]| among.iter().any(|word| word.lemma == super::lemma::lemma(form));
    for word in claim.words.iter().filter(|word| word.clause == clause && word.kind == Kind::Content) {
        if found(word, &sentence.words) >= 0.8 {
            continue;
        }
        for (a, b) in OPPOSITES {
            let other = if word.lemma == super::lemma::lemma(a) {
                b
            } else if word.lemma == super::lemma::lemma(b) {
                a
            } else {
                continue;
            };
            if has(other, &sentence.words) && !has(other, &claim.words) {
                return Err(Refusal::Negation(word.text.clone()));
            }
        }
    }
    Ok(())
}

/// "the laboratory of Florey" where the source has "the laboratory of Fleming", "prize for literature" where
/// it has "prize for chemistry": the same words around, another one within.
fn slots(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
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
            let fits = preposition.is(&["of", "for", "to", "in", "from"])
                && noun.kind == Kind::Content
                && !noun.verb;
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
fn roles(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
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
        if !here && !source.topic(name) && !source.naming(name).any(near) {
            return Err(Refusal::Role(words(claim, name.first, name.end)));
        }
    }
    Ok(())
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

const PRONOUNS: &[&str] = &["he", "she", "it", "they", "who", "which"];

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
    let preposition = before
        .find(|word| !(word.is(&["the", "a", "an", "president", "general"]) || word.kind == Kind::Name))
        .is_some_and(|word| PREPOSITIONS.contains(&word.lower.as_str()));
    // "Swedish diplomats": the nationality stands for those who have it.
    !name.possessive && !preposition
}

/// Of whom a clause without a name of its own speaks: for "who" the name before it, else the subject before.
fn inherited(claim: &Sentence, clause: usize) -> Vec<&Name> {
    let Some(first) = claim.words.iter().position(|word| word.clause == clause) else { return Vec::new() };
    let before = claim.names.iter().filter(|name| name.end <= first);
    if claim.words[first].is(&["who", "whose", "whom"]) {
        return before.last().into_iter().collect();
    }
    // "the tomb of the king, which": the tomb.
    if claim.words[first].is(&["which", "where"]) {
        return before.last().filter(|name| free(claim, name)).into_iter().collect();
    }
    let mut earlier: Vec<&Name> = before.filter(|name| free(claim, name)).collect();
    // The first that is free is what the sentence is about.
    earlier.truncate(1);
    earlier
}

/// Whether the source says the verb of the name too.
fn subject(claim: &Sentence, verb: usize, name: &Name, source: &Source, at: usize) -> Result<(), Refusal> {
    let sentence = &source.sentences[at];
    let refused = || Err(Refusal::Role(words(claim, name.first, name.end)));
    let word = &claim.words[verb];
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
    if here.is_empty() {
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
    if inverted || exact.is_none() && !turned && here.iter().any(|own| left(own)) {
        return Ok(());
    }
    let right_side = here.iter().any(|own| left(own) != turned);
    if right_side {
        return relative(claim, verb, name, sentence, anchor);
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
    let object = |name: &Name| {
        name.first > 0
            && sentence.words[name.first - 1].verb
            && !AUXILIARIES.contains(&sentence.words[name.first - 1].lower.as_str())
    };
    let fits = |name: &&Name| {
        name.end <= verb && free(sentence, name) && !adjective(sentence, name) && !object(name)
    };
    let name = sentence.names.iter().rfind(fits)?;
    let pronoun = sentence.words[name.end..verb].iter().any(|word| word.is(ANAPHORS));
    (!pronoun).then_some(name)
}

/// The last sentence before one that names somebody who may be meant by "he".
fn last_named(source: &Source, at: usize) -> Option<usize> {
    let names_somebody = |other: &usize| {
        let sentence = &source.sentences[*other];
        sentence
            .names
            .iter()
            .any(|own| own.country.is_none() && (free(sentence, own) || sentence.names.len() == 1))
    };
    (at.saturating_sub(FAR_ANTECEDENT)..at).rev().find(names_somebody)
}

/// "the American ambassador": a nationality that tells more of somebody.
fn adjective(sentence: &Sentence, name: &Name) -> bool {
    name.country.is_some()
        && sentence
            .words
            .get(name.end)
            .is_some_and(|next| matches!(next.kind, Kind::Content | Kind::Name) && !next.verb)
}

fn claim_has(claim: &Sentence, name: &Name) -> bool {
    claim.names.iter().any(|own| same(own, name))
}

/// "Chain, who left Berlin": what a relative clause says is said of the name right before it.
fn relative(
    claim: &Sentence,
    _verb: usize,
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

/// Whether the word at `at` is a participle in the passive voice: a form of "to be" stands right before it.
fn passive(words: &[Word], at: usize) -> bool {
    // "lay mortally hurt", "was left stranded"
    let be = [
        "is", "are", "was", "were", "be", "been", "being", "got", "lay", "stood", "remained", "left",
        "found", "seen",
    ];
    if words.get(at + 1).is_some_and(|next| next.lower == "by") {
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

/// Whether what a sentence says is found in the sentences it rests on, and in those beside them.
fn covered(claim: &Sentence, source: &Source, support: &[usize]) -> Result<(), Refusal> {
    let mut sum = 0.0;
    let mut all = 0.0;
    for word in claim.words.iter().filter(|word| word.says()) {
        // Names are looked for above; here they only tell that the sentence is about them.
        let weight = source.weight(word) * if word.kind == Kind::Name { 0.5 } else { 1.0 };
        let near = |at: &usize| support.iter().any(|own| own.abs_diff(*at) <= 1);
        let best =
            (0..source.sentences.len()).filter(near).map(|at| found(word, &source.sentences[at].words));
        sum += weight * best.fold(0.0, f32::max);
        all += weight;
    }
    if all == 0.0 || sum / all < LEAST_COVER { Err(Refusal::Unsupported) } else { Ok(()) }
}
