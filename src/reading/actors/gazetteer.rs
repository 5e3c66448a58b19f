//! Names known beforehand: countries with their capitals and nationality words, places, organizations.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lexicon::rows;
use super::tokens::{Shape, Token, tokenize};
use crate::domain::ActorKind;

/// What a known name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Country,
    /// A seat of government, which the news also uses for the government.
    Capital,
    Place,
    Organization,
    Outlet,
}

impl Known {
    pub fn kind(self) -> ActorKind {
        match self {
            Known::Country | Known::Capital | Known::Place => ActorKind::Place,
            Known::Organization | Known::Outlet => ActorKind::Organization,
        }
    }
}

/// One name, cut into tokens.
#[derive(Debug)]
pub struct Entry {
    tokens: Vec<(String, String, bool)>,
    pub known: Known,
    /// The same number for all names of one entity; a capital has its own.
    pub entity: usize,
    /// For a capital, the number of its country.
    pub country: Option<usize>,
}

#[derive(Default)]
struct Gazetteer {
    /// By the first token in lower case, longest names first.
    entries: HashMap<String, Vec<Entry>>,
    /// Country by nationality word in lower case.
    demonyms: HashMap<String, usize>,
    entities: usize,
}

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| {
    let mut all = Gazetteer::default();
    for (name, rest) in rows(include_str!("data/countries.tsv")) {
        let columns: Vec<&str> = rest.split('\t').collect();
        let column = |at: usize| columns.get(at).copied().unwrap_or_default();
        let country = all.entity();
        column(0).split(';').chain([name]).for_each(|name| all.add(name, Known::Country, country, None));
        for (at, capital) in column(1).split(';').enumerate() {
            // Spellings of one city are one entity; a second city is another.
            let other = at > 0 && !same_city(column(1).split(';').next().unwrap_or_default(), capital);
            let entity = if at == 0 || other { all.entity() } else { all.entities - 1 };
            all.add(capital, Known::Capital, entity, Some(country));
        }
        for demonym in column(2).split_whitespace() {
            all.demonyms.entry(demonym.to_lowercase()).or_insert(country);
        }
    }
    for (_, names) in rows(include_str!("data/places.tsv")) {
        for name in names.split(';') {
            let (name, of) = name.split_once('=').map_or((name, None), |(name, of)| (name, Some(of)));
            let entity = of.and_then(|of| all.known(of)).unwrap_or_else(|| all.entity());
            all.add(name, Known::Place, entity, None);
        }
    }
    for (name, rest) in rows(include_str!("data/organizations.tsv")) {
        let (aliases, outlet) = rest.split_once('\t').unwrap_or((rest, ""));
        let known = if outlet.trim() == "outlet" { Known::Outlet } else { Known::Organization };
        let entity = all.entity();
        aliases.split(';').chain([name]).for_each(|name| all.add(name, known, entity, None));
    }
    for entries in all.entries.values_mut() {
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.tokens.len()));
    }
    all
});

fn same_city(a: &str, b: &str) -> bool {
    a.chars().next() == b.chars().next()
}

impl Gazetteer {
    fn entity(&mut self) -> usize {
        self.entities += 1;
        self.entities - 1
    }

    /// The first entry of a name wins, so that "Jordan" stays the country.
    fn add(&mut self, name: &'static str, known: Known, entity: usize, country: Option<usize>) {
        let name = name.trim();
        let tokens: Vec<_> = tokenize(name, 0..name.len())
            .into_iter()
            .map(|token| (token.lower.clone(), token.text.replace('’', "'"), token.shape == Shape::Upper))
            .collect();
        let Some((first, ..)) = tokens.first() else { return };
        let entries = self.entries.entry(first.clone()).or_default();
        if !entries.iter().any(|entry| entry.tokens == tokens) {
            entries.push(Entry { tokens, known, entity, country });
        }
    }

    fn known(&self, name: &str) -> Option<usize> {
        let tokens = tokenize(name, 0..name.len());
        longest(self, &tokens).filter(|(length, _)| *length == tokens.len()).map(|(_, entry)| entry.entity)
    }
}

/// The longest known name that the tokens begin with, and how many tokens it has.
pub fn longest_match(tokens: &[Token<'_>]) -> Option<(usize, &'static Entry)> {
    longest(&GAZETTEER, tokens)
}

/// What a whole name stands for.
pub fn lookup(name: &str) -> Option<&'static Entry> {
    let tokens = tokenize(name, 0..name.len());
    longest_match(&tokens).filter(|(length, _)| *length == tokens.len()).map(|(_, entry)| entry)
}

/// The country that a nationality word in lower case belongs to; "north korean" is two tokens and not asked for here.
pub fn country_of(demonym: &str) -> Option<usize> {
    GAZETTEER.demonyms.get(demonym).copied()
}

fn longest<'g>(gazetteer: &'g Gazetteer, tokens: &[Token<'_>]) -> Option<(usize, &'g Entry)> {
    let entries = gazetteer.entries.get(&tokens.first()?.lower)?;
    let fits = |entry: &&Entry| {
        entry.tokens.len() <= tokens.len()
            && entry.tokens.iter().zip(tokens).all(|((lower, written, upper), token)| {
                *lower == token.lower
                    // An acronym must be written as one ("US", "WHO"); other names may be shouted in a headline.
                    && if *upper { token.text.trim_end_matches('.') == written.trim_end_matches('.') } else { written_as(written, token) }
            })
    };
    entries.iter().find(fits).map(|entry| (entry.tokens.len(), entry))
}

fn written_as(name: &str, token: &Token<'_>) -> bool {
    let capital = name.starts_with(char::is_uppercase);
    if !capital {
        return true;
    }
    token.shape == Shape::Capital
        || (token.shape == Shape::Upper && (name.chars().count() > 3 || name == token.text))
        || name.chars().count() == 1
}
