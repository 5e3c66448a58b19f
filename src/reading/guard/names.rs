//! Proper names: spans of capitalised words, and when two of them may name the same.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::words::{Kind, Name, Word};

/// Titles that come before a name and are not part of it.
const TITLES: &[&str] = &[
    "president", "prime", "minister", "captain", "general", "king", "queen", "prince", "princess", "senator",
    "chancellor", "secretary", "marshal", "colonel", "major", "lieutenant", "brigadier", "admiral",
    "sergeant", "professor", "bishop", "mayor", "governor", "judge", "ambassador", "mr", "mrs", "ms", "dr",
    "sir", "lord", "lady", "pope", "saint", "commander", "foreign", "representative", "chief", "justice",
    "rev", "former", "vice", "the", "duke", "emperor", "chairman",
];

pub fn is_title(lower: &str) -> bool {
    TITLES.contains(&lower)
}

/// Parts of names in lower case that stand between capitalised ones.
const PARTICLES: &[&str] =
    &["de", "da", "di", "du", "der", "den", "van", "von", "la", "le", "bin", "ibn", "al", "el", "dos", "del"];

pub fn is_particle(lower: &str) -> bool {
    PARTICLES.contains(&lower)
}

/// The names of a sentence in order.
pub fn read(words: &[Word]) -> Vec<Name> {
    let mut names = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if words[at].kind != Kind::Name {
            at += 1;
            continue;
        }
        if let Some((length, country)) = country_at(&words[at..]) {
            names.push(name(words, at, at + length, Some(country)));
            at += length;
            continue;
        }
        let first = at;
        while at < words.len() {
            let goes_on = words[at].kind == Kind::Name && (at == first || country_at(&words[at..]).is_none());
            let particle = PARTICLES.contains(&words[at].lower.as_str())
                && words.get(at + 1).is_some_and(|next| next.kind == Kind::Name);
            // "H. R. Haldeman", "St. Louis"
            let initial = words[at].text == "."
                && (words[at - 1].text.chars().count() == 1 || words[at - 1].lower == "st")
                && at > first;
            if !(goes_on || particle || initial) {
                break;
            }
            at += 1;
            if words[at - 1].possessive {
                break;
            }
        }
        names.push(name(words, first, at, None));
    }
    names
}

fn name(words: &[Word], first: usize, end: usize, country: Option<usize>) -> Name {
    let own = words[first..end].iter().filter(|word| word.kind == Kind::Name);
    // "H.R. Haldeman" is "H. R. Haldeman".
    let split = |word: &Word| -> Vec<String> {
        word.lower.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let mut parts: Vec<String> = own.flat_map(split).collect();
    let titles = parts.iter().take_while(|part| TITLES.contains(&part.as_str())).count();
    if titles < parts.len() {
        parts.drain(..titles);
    }
    Name { first, end, parts, country, possessive: words[end - 1].possessive }
}

/// Whether the name `a` may stand for the one that `b` names.
pub fn same(a: &Name, b: &Name) -> bool {
    if a.country.is_some() && a.country == b.country {
        return true;
    }
    if a.country.is_some() != b.country.is_some() && a.parts.len() == 1 && b.parts.len() == 1 {
        return false;
    }
    let within = |small: &[String], big: &[String]| {
        small.iter().all(|part| {
            // Initials stand for any given name: "Richard M. Nixon".
            big.contains(part)
                || (part.chars().count() == 1 && small.len() > 1)
                || big.iter().any(|other| derived(part, other) || derived(other, part))
        })
    };
    let solid =
        |name: &Name| name.parts.iter().filter(|part| part.chars().count() > 1).cloned().collect::<Vec<_>>();
    let (x, y) = (solid(a), solid(b));
    if x.is_empty() || y.is_empty() {
        return a.parts == b.parts;
    }
    within(&x, &y) || within(&y, &x) || acronym(&x, &y) || acronym(&y, &x)
}

/// "Koreans" and "Korean" of "Korea", "Southern" of "South".
fn derived(long: &str, short: &str) -> bool {
    let ending = long.strip_prefix(short).filter(|_| short.chars().count() >= 4);
    long.strip_suffix('s') == Some(short)
        || ending.is_some_and(|ending| matches!(ending, "n" | "an" | "ian" | "ern" | "ese" | "ish" | "er"))
}

/// "FBI" for "Federal Bureau … Investigation".
fn acronym(short: &[String], long: &[String]) -> bool {
    let [short] = short else { return false };
    long.len() > 1 && short.chars().eq(long.iter().filter_map(|part| part.chars().next()))
}

struct Country {
    words: Vec<String>,
    number: usize,
}

/// Names and nationality words of countries by their first word, longest first.
static COUNTRIES: LazyLock<HashMap<String, Vec<Country>>> = LazyLock::new(|| {
    let mut all: HashMap<String, Vec<Country>> = HashMap::new();
    let lines = include_str!("../actors/data/countries.tsv").lines().filter(|line| !line.starts_with('#'));
    for (number, line) in lines.enumerate() {
        let columns: Vec<&str> = line.split('\t').collect();
        let column = |at: usize| columns.get(at).copied().unwrap_or_default();
        let names = column(0).split(';').chain(column(1).split(';')).map(str::to_owned);
        let demonyms = column(3).split_whitespace().map(|word| word.replace('-', " "));
        for name in names.chain(demonyms).filter(|name| !name.trim().is_empty()) {
            let words: Vec<String> =
                name.to_lowercase().replace('.', "").split_whitespace().map(str::to_owned).collect();
            if let Some(first) = words.first().cloned() {
                all.entry(first).or_default().push(Country { words, number });
            }
        }
    }
    for entries in all.values_mut() {
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.words.len()));
    }
    all
});

/// Whether a word in lower case is a country's name or a nationality word.
pub fn is_country(lower: &str) -> bool {
    COUNTRIES.get(lower).is_some_and(|entries| entries.iter().any(|entry| entry.words.len() == 1))
}

fn country_at(words: &[Word]) -> Option<(usize, usize)> {
    let entries = COUNTRIES.get(&words.first()?.lower.replace('.', ""))?;
    let fits = |entry: &&Country| {
        entry.words.len() <= words.len()
            && entry.words.iter().zip(words).all(|(own, word)| *own == word.lower.replace('.', ""))
    };
    entries.iter().find(fits).map(|entry| (entry.words.len(), entry.number))
}
