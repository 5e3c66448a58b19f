//! What the words of a topic stand for: names that mean the same, regions and their countries, and fields of news with
//! the words that their articles use.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::text::{self, stem};

/// Something that has names: a country, an organization, a region.
pub(super) type Entity = usize;

/// A name as a run of folded tokens.
#[derive(Debug)]
struct Name {
    tokens: Vec<String>,
    /// Counts in capitals only: "US", "WHO".
    capitals: bool,
    entities: Vec<Entity>,
}

/// A field of news: the phrases, stemmed, that its articles use.
#[derive(Debug, Default)]
pub(super) struct Field {
    pub phrases: Vec<Vec<String>>,
}

#[derive(Default)]
pub(super) struct Knowledge {
    /// By first token, longest names first.
    names: HashMap<String, Vec<Name>>,
    members: HashMap<Entity, HashSet<Entity>>,
    pub fields: Vec<Field>,
    heads: HashMap<Vec<String>, Vec<usize>>,
    entities: usize,
}

pub(super) static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    let mut all = Knowledge::default();
    for columns in rows(include_str!("../../reading/actors/data/countries.tsv")) {
        let country = all.entity();
        let column = |at: usize| columns.get(at).copied().unwrap_or_default();
        // Nationality words write a hyphen for a space.
        let nationality: Vec<String> =
            column(3).split_whitespace().map(|word| word.replace('-', " ")).collect();
        let plain = [0, 1, 2].into_iter().flat_map(|at| column(at).split(';'));
        plain.chain(nationality.iter().map(String::as_str)).for_each(|name| all.add(name, country));
    }
    for columns in rows(include_str!("data/aliases.tsv")) {
        let names = || columns.iter().flat_map(|names| names.split(';'));
        let known = names().find_map(|name| all.lookup(name));
        let entity = known.unwrap_or_else(|| all.entity());
        names().for_each(|name| all.add(name, entity));
    }
    for columns in rows(include_str!("data/regions.tsv")) {
        let region = all.entity();
        let mut parts = columns.iter().map(|names| names.split(';'));
        parts.next().into_iter().flatten().for_each(|name| all.add(name, region));
        for name in parts.flatten() {
            let place = all.lookup(name).unwrap_or_else(|| {
                let place = all.entity();
                all.add(name, place);
                place
            });
            all.members.entry(region).or_default().insert(place);
        }
    }
    for columns in rows(include_str!("data/fields.tsv")) {
        let number = all.fields.len();
        let stems = |phrase: &str| text::tokens(phrase).map(|token| stem(&token.word)).collect::<Vec<_>>();
        let mut phrases: Vec<Vec<String>> =
            columns.iter().flat_map(|column| column.split(';')).map(stems).collect();
        phrases.sort();
        phrases.dedup();
        phrases.retain(|phrase| !phrase.is_empty());
        for head in columns.first().copied().unwrap_or_default().split(';') {
            let head: Vec<String> =
                stems(head).into_iter().filter(|word| !text::is_function_word(word)).collect();
            all.heads.entry(head).or_default().push(number);
        }
        all.fields.push(Field { phrases });
    }
    for names in all.names.values_mut() {
        names.sort_by_key(|name| std::cmp::Reverse(name.tokens.len()));
    }
    all
});

/// The columns of a table of ours, without its comments.
fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| line.split('\t').collect())
}

impl Knowledge {
    fn entity(&mut self) -> Entity {
        self.entities += 1;
        self.entities - 1
    }

    fn add(&mut self, name: &str, entity: Entity) {
        let tokens: Vec<text::Token> = text::tokens(name).collect();
        let Some(first) = tokens.first() else { return };
        let capitals = tokens.len() == 1 && first.capitals;
        let of_first = self.names.entry(first.word.clone()).or_default();
        let tokens: Vec<String> = tokens.into_iter().map(|token| token.word).collect();
        match of_first.iter_mut().find(|other| other.tokens == tokens && other.capitals == capitals) {
            Some(known) if !known.entities.contains(&entity) => known.entities.push(entity),
            Some(_) => {}
            None => of_first.push(Name { tokens, capitals, entities: vec![entity] }),
        }
    }

    fn lookup(&self, name: &str) -> Option<Entity> {
        let tokens: Vec<String> = text::tokens(name).map(|token| token.word).collect();
        let same = self.names.get(tokens.first()?)?.iter().find(|other| other.tokens == tokens)?;
        same.entities.first().copied()
    }

    /// The longest name that begins here: its entities, and how many tokens it takes. What a person types need not be
    /// in capitals.
    pub fn name_at(&self, tokens: &[text::Token], typed: bool) -> Option<(&[Entity], usize)> {
        let names = self.names.get(&tokens.first()?.word)?;
        let fits = |name: &&Name| {
            name.tokens.len() <= tokens.len()
                && name.tokens.iter().zip(tokens).all(|(own, token)| *own == token.word)
                && (!name.capitals || tokens[0].capitals || (typed && tokens[0].word != "who"))
        };
        names.iter().find(fits).map(|name| (name.entities.as_slice(), name.tokens.len()))
    }

    /// Whether naming `named` speaks of `asked`: the same, or a country of the region.
    pub fn covers(&self, asked: Entity, named: Entity) -> bool {
        asked == named || self.members.get(&asked).is_some_and(|members| members.contains(&named))
    }

    /// The fields that some stems are a name of.
    pub fn fields_named(&self, stems: &[String]) -> &[usize] {
        self.heads.get(stems).map_or(&[], Vec::as_slice)
    }
}
