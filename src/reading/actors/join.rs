//! Which names mean the same: full name and surname, acronym and expansion, spellings of one name.

use std::collections::HashMap;

use super::gazetteer;
use super::lexicon::{self, Classes};
use super::resolve::Name;
use super::tokens::{self, Shape, Token, TokenizedSentence};
use crate::domain::{ActorKind, fold};

/// More people than this under one surname are not told apart any further; keeps the work linear.
const NAMESAKES: usize = 32;

/// Honours and degrees after a name, which others leave out: "Zaha Hadid DBE".
const POST_NOMINALS: [&str; 22] = [
    "obe", "cbe", "mbe", "kbe", "dbe", "gbe", "kcb", "kcmg", "ra", "frs", "fba", "qc", "kc", "mp", "mep",
    "msp", "md", "phd", "ph.d", "mba", "rn", "esq",
];

/// A person's name in parts, lower case.
#[derive(Debug, Clone)]
struct Person {
    given: Vec<String>,
    surname: String,
    suffix: Option<String>,
    /// Index of a name of this person.
    name: usize,
    /// How often the text gives the full name.
    named: usize,
}

/// For every name the number of its entity, counted in order of first mention.
///
/// A name known to stand for one entity ("U.S.", "America") joins by the gazetteer, the rest by their words.
pub fn join(sentences: &[TokenizedSentence<'_>], names: &mut [Name]) -> Vec<usize> {
    let words: Vec<Vec<String>> = names.iter().map(|name| words_of(tokens_of(sentences, name))).collect();
    let mut sets = Sets::new(names.len());
    acronyms(sentences, names, &words, &mut sets);
    persons(sentences, names, &words, &mut sets);
    same_words(names, &words, &mut sets);
    short_organizations(names, &words, &mut sets);
    let mut numbers = HashMap::new();
    (0..names.len())
        .map(|at| {
            let next = numbers.len();
            *numbers.entry(sets.root(at)).or_insert(next)
        })
        .collect()
}

fn tokens_of<'s, 'a>(sentences: &'s [TokenizedSentence<'a>], name: &Name) -> &'s [Token<'a>] {
    &sentences[name.candidate.sentence].tokens[name.candidate.first..name.candidate.last]
}

fn words_of(tokens: &[Token<'_>]) -> Vec<String> {
    let words = tokens.iter().filter(|token| !matches!(token.shape, Shape::Mark | Shape::Possessive));
    let plain = |word: &str| if word.is_ascii() { word.to_owned() } else { fold(word) };
    words.map(|token| plain(token.lower.trim_end_matches('.'))).collect()
}

/// Disjoint sets with path halving.
struct Sets(Vec<usize>);

impl Sets {
    fn new(count: usize) -> Sets {
        Sets((0..count).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// "People's Mujahedeen of Iran (MEK)", and "MEK" wherever the initials of one organization fit.
fn acronyms(sentences: &[TokenizedSentence<'_>], names: &mut [Name], words: &[Vec<String>], sets: &mut Sets) {
    for at in 1..names.len() {
        let (long, short) = (&names[at - 1].candidate, &names[at].candidate);
        let s = &sentences[short.sentence].tokens;
        let bracketed = long.sentence == short.sentence
            && long.last + 1 == short.first
            && s[long.last].mark("(")
            && s.get(short.last).is_some_and(|token| token.mark(")"))
            && short.last == short.first + 1
            && s[short.first].shape == Shape::Upper;
        let fits = initials(&words[at - 1]).eq_ignore_ascii_case(&letters(&words[at]));
        let organization = names[at - 1].kind == ActorKind::Organization && long.last > long.first + 1;
        if bracketed && (fits || (organization && short.known.is_none())) {
            names[at].kind = names[at - 1].kind;
            sets.unite(at - 1, at);
        }
    }
    let mut expansions: HashMap<String, Option<usize>> = HashMap::new();
    for (at, name) in names.iter().enumerate() {
        if name.kind == ActorKind::Organization && words[at].len() > 2 {
            let same = expansions.entry(initials(&words[at])).or_insert(Some(at));
            // Two organizations with the same initials: neither is meant for sure.
            if same.is_some_and(|other| words[other] != words[at]) {
                *same = None;
            }
        }
    }
    for at in 0..names.len() {
        let acronym = names[at].kind == ActorKind::Organization
            && names[at].candidate.known.is_none()
            && words[at].len() == 1;
        let letters = letters(&words[at]);
        if acronym
            && letters.len() > 2
            && let Some(Some(long)) = expansions.get(&letters)
        {
            sets.unite(at, *long);
        }
    }
}

fn initials(words: &[String]) -> String {
    let main = words
        .iter()
        .filter(|word| !matches!(word.as_str(), "of" | "the" | "and" | "for" | "in" | "on" | "de"));
    main.filter_map(|word| word.chars().next()).collect()
}

fn letters(words: &[String]) -> String {
    words.iter().flat_map(|word| word.chars()).filter(|c| c.is_alphanumeric()).collect()
}

/// Surnames and first names to the full names they are short for.
fn persons(sentences: &[TokenizedSentence<'_>], names: &[Name], words: &[Vec<String>], sets: &mut Sets) {
    let mut by_surname: HashMap<String, Vec<Person>> = HashMap::new();
    let mut by_given: HashMap<&str, Vec<usize>> = HashMap::new();
    let people = || (0..names.len()).filter(|&at| names[at].kind == ActorKind::Person);
    for at in people().filter(|&at| words[at].len() > 1) {
        let Some(person) = person(&words[at], at) else { continue };
        let given = words[at].first().map(String::as_str).unwrap_or_default();
        let namesakes = by_surname.entry(person.surname.clone()).or_default();
        if let Some(same) = namesakes.iter_mut().find(|other| same_person(other, &person)) {
            sets.unite(same.name, at);
            same.named += 1;
            if same.given.len() < person.given.len() {
                same.given.clone_from(&person.given);
            }
        } else if namesakes.len() < NAMESAKES {
            namesakes.push(person);
            by_given.entry(given).or_default().push(at);
        }
    }
    for at in people().filter(|&at| words[at].len() == 1) {
        let Some(last) = words[at].last() else { continue };
        let bearers = by_surname.get(last).map(Vec::as_slice).unwrap_or_default();
        let gender = honorific(sentences, &names[at]);
        let fits =
            |person: &&Person| gender.is_none_or(|gender| gender_of(person).is_none_or(|of| of == gender));
        // Of several bearers the text is about the one it names in full most, else first; kin goes by first names.
        let bearer = bearers.iter().filter(fits).rev().max_by_key(|person| person.named);
        let given = || by_given.get(last.as_str()).filter(|of| bearers.is_empty() && of.len() == 1);
        if let Some(meant) = bearer.map(|person| person.name).or_else(|| given().map(|of| of[0])) {
            sets.unite(meant, at);
        }
    }
}

/// Splits a full name; a particle before the surname counts as given, so that "bin Laden" and "Laden" agree.
fn person(words: &[String], name: usize) -> Option<Person> {
    let honours =
        words.iter().skip(2).rev().take_while(|word| POST_NOMINALS.contains(&word.as_str())).count();
    let words = &words[..words.len() - honours];
    let suffix =
        words.last().filter(|word| matches!(word.as_str(), "jr" | "sr" | "ii" | "iii" | "iv")).cloned();
    let end = words.len() - usize::from(suffix.is_some());
    let (surname, given) = words.get(..end)?.split_last()?;
    let given = given.iter().filter(|word| !lexicon::classes(word).any(Classes::PARTICLE)).cloned().collect();
    Some(Person { given, surname: surname.clone(), suffix, name, named: 1 })
}

/// Whether two full names with one surname can be the same person's: no first or middle name contradicts.
fn same_person(a: &Person, b: &Person) -> bool {
    let agree = |a: &str, b: &str| {
        let initial = |word: &str| word.chars().filter(|c| *c != '.').count() == 1;
        a == b || ((initial(a) || initial(b)) && a.chars().next() == b.chars().next())
    };
    let suffix = match (&a.suffix, &b.suffix) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    let first = match (a.given.first(), b.given.first()) {
        (Some(a), Some(b)) => {
            agree(a, b) || letters(std::slice::from_ref(a)) == letters(std::slice::from_ref(b))
        }
        _ => true,
    };
    let (middle_a, middle_b) = (a.given.get(1..).unwrap_or_default(), b.given.get(1..).unwrap_or_default());
    let middle = middle_a.is_empty()
        || middle_b.is_empty()
        || (middle_a.len() == middle_b.len() && middle_a.iter().zip(middle_b).all(|(a, b)| agree(a, b)));
    suffix && first && middle
}

/// Whether two full names of one kind, from different texts, are of one entity: what `join` holds without the
/// words around them. A surname alone is not told apart from another's, so it is of nobody here.
pub fn same_entity(kind: ActorKind, a: &str, b: &str) -> bool {
    let words = [a, b].map(|name| words_of(&tokens::tokenize(name, 0..name.len())));
    let [a_words, b_words] = &words;
    let known = [a, b].map(|name| gazetteer::lookup(name).filter(|entry| entry.known.kind() == kind));
    if let [Some(a), Some(b)] = known {
        return a.entity == b.entity;
    }
    if kind == ActorKind::Person {
        let full = a_words.len() > 1 && b_words.len() > 1;
        return full
            && person(a_words, 0)
                .zip(person(b_words, 1))
                .is_some_and(|(a, b)| a.surname == b.surname && same_person(&a, &b));
    }
    let bare = |words: &[String]| {
        let suffix = |word: &String| lexicon::classes(word).any(Classes::COMPANY_SUFFIX);
        let end = words.iter().rposition(|word| !suffix(word)).map_or(words.len(), |last| last + 1);
        words[..end].join(" ")
    };
    let short_for = |short: &[String], long: &[String]| {
        short.len() == 1 && long.len() > 2 && letters(short).len() > 2 && letters(short) == initials(long)
    };
    (!a_words.is_empty() && bare(a_words) == bare(b_words))
        || (kind == ActorKind::Organization && (short_for(a_words, b_words) || short_for(b_words, a_words)))
}

/// The gender that "Mr." or "Mrs." before a name tells.
fn honorific(sentences: &[TokenizedSentence<'_>], name: &Name) -> Option<Classes> {
    let title =
        name.candidate.first.checked_sub(1).map(|at| &sentences[name.candidate.sentence].tokens[at])?;
    let told = name.candidate.titled && title.is(Classes::TITLE);
    told.then(|| gender(title.classes)).flatten()
}

fn gender_of(person: &Person) -> Option<Classes> {
    gender(lexicon::classes(person.given.first()?))
}

fn gender(classes: Classes) -> Option<Classes> {
    match (classes.any(Classes::MALE), classes.any(Classes::FEMALE)) {
        (true, false) => Some(Classes::MALE),
        (false, true) => Some(Classes::FEMALE),
        _ => None,
    }
}

/// The same entity of the gazetteer, or the same words but for "Inc." and the land an authority belongs to.
fn same_words(names: &[Name], words: &[Vec<String>], sets: &mut Sets) {
    let mut by_entity: HashMap<usize, usize> = HashMap::new();
    let mut by_words: HashMap<(ActorKind, String), usize> = HashMap::new();
    for (at, name) in names.iter().enumerate() {
        if let Some(entry) = name.candidate.known.filter(|entry| entry.known.kind() == name.kind) {
            sets.unite(*by_entity.entry(entry.entity).or_insert(at), at);
            continue;
        }
        let mut key: &[String] = &words[at];
        while let Some((last, rest)) = key.split_last()
            && !rest.is_empty()
            && name.kind == ActorKind::Organization
            && lexicon::classes(last).any(Classes::COMPANY_SUFFIX)
        {
            key = rest;
        }
        if let Some(entry) = gazetteer::lookup(&key.join(" ")).filter(|entry| entry.known.kind() == name.kind)
        {
            sets.unite(*by_entity.entry(entry.entity).or_insert(at), at);
        }
        // A surname alone was joined to its bearer; two bearers of it stay apart.
        let short = name.kind == ActorKind::Person && key.len() == 1 && sets.root(at) != at;
        if !short {
            sets.unite(*by_words.entry((name.kind, key.join(" "))).or_insert(at), at);
        }
        if name.kind == ActorKind::Organization
            && key.len() > 2
            && lexicon::classes(&key[0]).any(Classes::COUNTRY.or(Classes::NATIONALITY))
        {
            let body = (name.kind, key[1..].join(" "));
            if let Some(&same) = by_words.get(&body) {
                sets.unite(same, at);
            } else {
                by_words.insert(body, at);
            }
        }
    }
}

/// "Cardinals" and "St. Louis Cardinals", "General Assembly" and "General Assembly of the United Nations", "Rice" and
/// "Rice University", where one organization only can be meant.
fn short_organizations(names: &[Name], words: &[Vec<String>], sets: &mut Sets) {
    let organizations = || (0..names.len()).filter(|&at| names[at].kind == ActorKind::Organization);
    let is = |word: &String, classes: Classes| lexicon::classes(word).any(classes);
    let connector = |word: &String| matches!(word.as_str(), "of" | "for" | "and" | "the" | "&");
    let mut longer: HashMap<&[String], Option<usize>> = HashMap::new();
    for at in organizations() {
        let full = words[at].as_slice();
        let plain = !full.iter().any(connector);
        for length in 1..full.len() {
            let (start, rest) = full.split_at(length);
            let of = length > 1 && rest.len() > 1 && matches!(rest[0].as_str(), "of" | "for");
            let head = rest.len() == 1 && is(&rest[0], Classes::ORG_HEAD);
            let end = &full[full.len() - length..];
            let body = Classes::ORG_HEAD.or(Classes::GOVERNMENT_BODY);
            let nickname = plain && !end.iter().any(|word| is(word, body));
            for short in [(of || head).then_some(start), nickname.then_some(end)].into_iter().flatten() {
                let same = longer.entry(short).or_insert(Some(at));
                if same.is_some_and(|other| sets.root(other) != sets.root(at)) {
                    *same = None;
                }
            }
        }
    }
    for at in organizations().filter(|&at| names[at].candidate.known.is_none()) {
        if let Some(Some(long)) = longer.get(words[at].as_slice()) {
            sets.unite(*long, at);
        }
    }
}
