//! Whether the source binds what a claim binds: numbers to what they count, dates to events; and, by the
//! modules beside this one, names to what is said of them and denials to what is denied.

use super::lemma::alike;
use super::names::same;
use super::numbers::{Bound, Number, unit};
use super::subjects::PRONOUNS;
use super::support::{Source, candidates, found};
use super::words::{Kind, Sentence, Word};
use super::{Refusal, denial, frames, roles};
use crate::reading::actors::lexicon::{self, Classes};

/// The least share of a sentence's weight that the sentences it rests on must have.
const LEAST_COVER: f32 = 0.4;

/// Numbers up to it count all kinds of things in one article.
const SMALL: f64 = 31.0;

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
    roles::speakers(claim, source)?;
    let mut support = Vec::new();
    for clause in 0..claim.clauses {
        let says =
            |word: &&Word| word.clause == clause && word.kind != Kind::Mark && word.kind != Kind::Function;
        if !claim.words.iter().any(|word| says(&word)) {
            continue;
        }
        let mut refused = Some(Refusal::Unsupported);
        let candidates = candidates(claim, clause, source);
        for (place, (at, _)) in candidates.iter().enumerate() {
            refused = bound(claim, clause, source, *at).err();
            if refused.is_none() {
                // What a better one says of another is not said of him by one without the verb.
                let better = candidates[..place].iter().map(|(better, _)| *better);
                refused = roles::elsewhere(claim, clause, source, *at, better).err();
                support.push(*at);
                break;
            }
        }
        if let Some(refusal) = refused {
            return Err(refusal);
        }
    }
    for number in &claim.numbers {
        if support.iter().any(|at| misplaced(claim, number, &source.sentences[*at])) {
            return Err(Refusal::Count(words(claim, number.first, number.end)));
        }
    }
    covered(claim, source, &support)
}

pub fn words(claim: &Sentence, first: usize, end: usize) -> String {
    claim.words[first..end].iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether the sentence at `at` binds everything of one clause as the clause does.
fn bound(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
    numbers(claim, clause, source, at)?;
    calendar(claim, clause, source, at)?;
    exchanged(claim, clause, &source.sentences[at])?;
    denial::polarity(claim, clause, source, at)?;
    denial::opposites(claim, clause, &source.sentences[at])?;
    roles::slots(claim, clause, source, at)?;
    roles::roles(claim, clause, source, at)?;
    frames::check(claim, clause, source, at)
}

fn numbers(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
    let sentence = &source.sentences[at];
    for number in claim.numbers.iter().filter(|number| claim.words[number.first].clause == clause) {
        let refused = || Err(Refusal::Count(words(claim, number.first, number.end)));
        let like = |a: &Option<String>, b: &Option<String>| {
            a.as_ref().zip(b.as_ref()).is_some_and(|(a, b)| alike(a, b))
        };
        // "two scientists" may be "two young men".
        let heads_alike = |own: &Number| {
            let last = |number: &Number| number.noun.as_ref().or(number.head.as_ref()).cloned();
            let (a, b) = (last(own), last(number));
            let persons = a.as_deref().is_some_and(person) && b.as_deref().is_some_and(person);
            like(&own.head, &number.head) || like(&a, &b) || persons
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
        let here: Vec<_> = sentence.numbers.iter().filter(|own| number.tells(own)).collect();
        // "its crew of seven" may be seven people.
        let crew = |own: &Number| {
            own.first > 1
                && sentence.words[own.first - 1].lower == "of"
                && own.head.as_ref() == Some(&sentence.words[own.first - 2].lemma)
                && heads_alike(own)
        };
        let fits = here.iter().any(|own| like(&own.head, &number.head) || crew(own));
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
        let whole = claim.numbers.iter().find(|own| {
            number.end < own.first
                && claim.words[number.end].lower == "of"
                && claim.words[number.end..own.first].iter().all(|word| word.kind == Kind::Function)
        });
        let is_part = |own: &Number| part.or(whole).is_some_and(|other| other.equals(own));
        let exchanged = sentence.numbers.iter().any(|own| {
            !number.tells(own)
                && !is_part(own)
                && own.ordinal == number.ordinal
                && like(&own.head, &number.head)
        });
        // "Fischer takes 156,000 dollars, Spassky 93,000."
        let bare = here.iter().any(|own| {
            // "1,650 were taken off"
            if own.head.is_none() && sentence.words[own.end..].iter().take(2).any(|word| word.verb) {
                return true;
            }
            own.first > 0
                && sentence.words[own.first - 1].kind == Kind::Name
                && own.head.as_ref() == Some(&sentence.words[own.first - 1].lemma)
        });
        if !fits && exchanged && !bare {
            return refused();
        }
        if instead(claim, number, sentence) {
            return refused();
        }
        if here.is_empty() {
            let same_head = |own: usize| {
                let held = source.sentences[own].numbers.iter().filter(|held| number.tells(held));
                held.into_iter().any(|held| heads_alike(held) || held.head.is_none() || number.head.is_none())
            };
            // A number that is not one of the few small ones hardly stands twice by chance.
            let rare = number.value > SMALL && !number.head.as_deref().is_some_and(unit);
            let near = |own: usize| {
                let whole =
                    || (0..claim.clauses).any(|clause| shares_word(claim, clause, &source.sentences[own]));
                let told = own.abs_diff(at) <= 2 || shares_word(claim, clause, &source.sentences[own]);
                (told && same_head(own)) || (rare && (told || whole()))
            };
            if !source.numbered(number).any(near) {
                return refused();
            }
            continue;
        }
        let units = |own: &&&Number| {
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

/// Another number stands with the same verb there: "51 are dead, and 1,650 were taken off".
fn instead(claim: &Sentence, number: &Number, sentence: &Sentence) -> bool {
    let verb = |sentence: &Sentence, number: &Number| {
        // "225,000 of 400,000 have lost"
        let whole = sentence.numbers.iter().find(|whole| {
            number.end < whole.first
                && whole.first <= number.end + 2
                && sentence.words[number.end].lower == "of"
        });
        let behind = sentence.words[whole.unwrap_or(number).end..].iter().take(5);
        let near = behind.take_while(|word| word.kind != Kind::Mark && word.kind != Kind::Number);
        near.into_iter().find(|word| word.verb && word.kind == Kind::Content).map(|word| word.lemma.clone())
    };
    let own = verb(claim, number);
    // "for an hour"
    let single = |pair: &[Word]| {
        pair[0].is(&["a", "an"]) && unit(&pair[1].lemma) && number.head.as_ref() == Some(&pair[1].lemma)
    };
    let same_unit = |own: &Number| own.head == number.head;
    if sentence.words.windows(2).any(single) && number.value != 1.0 && !sentence.numbers.iter().any(same_unit)
    {
        let verbs = claim.words.iter().filter(|word| word.verb && word.kind == Kind::Content);
        if verbs.into_iter().any(|word| found(word, &sentence.words) >= 1.0) {
            return true;
        }
    }
    own.is_some()
        && only_others(number, sentence, |other| {
            let heads = other.head.as_ref().zip(number.head.as_ref());
            heads.is_none_or(|(a, b)| alike(a, b)) && verb(sentence, other) == own
        })
}

/// Another number stands behind the same word there, and neither counts anything named: "when she was six".
fn misplaced(claim: &Sentence, number: &Number, sentence: &Sentence) -> bool {
    let before = |sentence: &Sentence, number: &Number| {
        let ends = sentence.words.get(number.end).is_none_or(|word| word.kind == Kind::Mark);
        sentence.words[..number.first].last().filter(|_| ends).map(|word| word.lower.clone())
    };
    let own = before(claim, number);
    own.is_some() && only_others(number, sentence, |other| before(sentence, other) == own)
}

/// Whether some numbers of a sentence stand where this one does, and none of them may be this one.
fn only_others(number: &Number, sentence: &Sentence, stands: impl Fn(&Number) -> bool) -> bool {
    let comparable = |other: &&Number| other.ordinal == number.ordinal && !other.year && !number.year;
    let mut others = sentence.numbers.iter().filter(comparable).filter(|other| stands(other)).peekable();
    others.peek().is_some() && !others.any(|other| number.tells(other))
}

/// Whether a base form is of a word for persons.
fn person(lemma: &str) -> bool {
    let of = Classes::ROLE.or(Classes::GENERIC_ROLE).or(Classes::KIN);
    const GROUPS: &[&str] = &["crew", "team", "family", "group", "party", "passenger", "soldier", "staff"];
    lexicon::classes(lemma).any(of)
        || lemma.ends_with("ist")
        || alike(lemma, "person")
        || GROUPS.contains(&lemma)
}

/// "Mandela, 71, …" where the source says so of him, or of "him" in a sentence of its own.
fn aged(claim: &Sentence, number: &Number, source: &Source) -> bool {
    let Some(name) = claim.names.iter().rfind(|name| name.end <= number.first) else { return false };
    let between = &claim.words[name.end..number.first];
    let set_off = between.iter().all(|word| word.is(&[",", "aged", "is", "who"])) && !between.is_empty();
    set_off
        && source.numbered(number).any(|at| {
            let sentence = &source.sentences[at];
            sentence.names.iter().any(|own| same(name, own))
                || sentence.words.first().is_some_and(|word| word.is(PRONOUNS))
        })
}

/// Two numbers of one sentence that stand with each other's verbs: "had drawn eight; made them twenty-five".
fn exchanged(claim: &Sentence, clause: usize, sentence: &Sentence) -> Result<(), Refusal> {
    // The clause of the source with the same verb.
    let same_verb = |clause: usize| {
        let mut own = claim
            .words
            .iter()
            .filter(|word| word.clause == clause && word.verb && word.kind == Kind::Content);
        own.find_map(|word| sentence.words.iter().find(|other| other.verb && other.lemma == word.lemma))
            .map(|word| word.clause)
    };
    let stands = |number: &Number, clause: usize| {
        sentence.numbers.iter().any(|own| own.equals(number) && sentence.words[own.first].clause == clause)
    };
    let Some(here) = same_verb(clause) else { return Ok(()) };
    let clause_of = |number: &Number| claim.words[number.first].clause;
    for number in claim.numbers.iter().filter(|number| clause_of(number) == clause) {
        for other in claim.numbers.iter().filter(|other| clause_of(other) != clause && !other.equals(number))
        {
            let Some(there) = same_verb(clause_of(other)).filter(|there| *there != here) else { continue };
            let crossed = stands(number, there) && stands(other, here);
            if crossed && !stands(number, here) && !stands(other, there) {
                return Err(Refusal::Count(words(claim, number.first, number.end)));
            }
        }
    }
    Ok(())
}

fn shares_word(claim: &Sentence, clause: usize, sentence: &Sentence) -> bool {
    let mut own = claim.words.iter().filter(|word| word.clause == clause && word.says());
    own.any(|word| found(word, &sentence.words) >= 1.0)
}

/// Weekdays and months stand with what they date: in its clause, else in its sentence or nearby.
fn calendar(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
    let weekday = |word: &Word| word.lower.ends_with("day");
    let sentence = &source.sentences[at];
    let told = |word: &Word, sentence: &Sentence, clause: Option<usize>| -> Vec<String> {
        let own = sentence.words.iter().filter(|own| {
            own.kind == Kind::Calendar
                && weekday(own) == weekday(word)
                && clause.is_none_or(|clause| own.clause == clause)
        });
        own.map(|own| own.lower.chars().take(3).collect()).collect()
    };
    let nearest = nearest_clause(claim, clause, sentence);
    for word in claim.words.iter().filter(|word| word.clause == clause && word.kind == Kind::Calendar) {
        let short: String = word.lower.chars().take(3).collect();
        let near = |other: usize| {
            (other <= 3 || other.abs_diff(at) <= 3)
                && told(word, &source.sentences[other], None).contains(&short)
        };
        let beside = || (0..source.sentences.len()).any(near);
        let here = told(word, sentence, None);
        let fits = match nearest {
            Some(clause) => {
                let own = told(word, sentence, Some(clause));
                if own.is_empty() {
                    here.contains(&short) || (!relative(sentence) && beside())
                } else {
                    own.contains(&short)
                }
            }
            None if here.is_empty() => beside(),
            None => here.contains(&short),
        };
        if !fits {
            return Err(Refusal::Date(word.text.clone()));
        }
    }
    Ok(())
}

/// The clause of a sentence that shares most with one of the claim, two things at least.
fn nearest_clause(claim: &Sentence, clause: usize, sentence: &Sentence) -> Option<usize> {
    let mut shared = vec![0; sentence.clauses];
    for word in claim.words.iter().filter(|word| word.clause == clause && word.says()) {
        let mut seen: Vec<usize> =
            sentence.words.iter().filter(|own| own.says() && own.like(word)).map(|own| own.clause).collect();
        seen.dedup();
        seen.into_iter().for_each(|clause| shared[clause] += 1);
    }
    for number in claim.numbers.iter().filter(|number| claim.words[number.first].clause == clause) {
        for own in sentence.numbers.iter().filter(|own| own.equals(number)) {
            shared[sentence.words[own.first].clause] += 1;
        }
    }
    let most = shared.iter().copied().max().filter(|most| *most >= 2)?;
    let mut best = (0..sentence.clauses).filter(|clause| shared[*clause] == most);
    best.next().filter(|_| best.next().is_none())
}

/// "Two days later", "the day before": dated by another event.
fn relative(sentence: &Sentence) -> bool {
    sentence.words.windows(2).any(|pair| {
        unit(&pair[0].lemma) && pair[1].is(&["later", "earlier", "before", "after"])
            || pair[0].is(&["next", "following", "previous"]) && unit(&pair[1].lemma)
    })
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
