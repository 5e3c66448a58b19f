//! People, organizations and places: finding their names, joining them, ranking them.
//!
//! Rules and word lists, in steps that can be replaced one by one: `tokens` cuts, `find` proposes names, `resolve` picks
//! them and their kind, `join` tells which mean the same, `stance` reads what each does in its sentence, `key` ranks
//! what they name, `role` reads who a person is.

mod find;
mod gazetteer;
mod join;
mod key;
mod lexicon;
mod resolve;
mod role;
mod stance;
#[cfg(test)]
mod tests;
mod tokens;

use super::Document;
use crate::domain::{Actor, Mention};

/// Every proper name of a person, organization or place, in order, none overlapping.
///
/// Linear in the length of the text. Two mentions of one entity share their `actor`, counted from 0 in order of mention.
pub fn find(document: &Document) -> Vec<Mention> {
    let sentences = tokens::sentences(document);
    let candidates = sentences
        .iter()
        .enumerate()
        .flat_map(|(number, sentence)| find::candidates(number, sentence))
        .collect();
    let mut names = resolve::resolve(&sentences, candidates);
    let actors = join::join(&sentences, &mut names);
    let mention = |(name, actor): (&resolve::Name, usize)| {
        let tokens =
            sentences[name.candidate.sentence].tokens.get(name.candidate.first..name.candidate.last)?;
        let (first, last) = tokens.first().zip(tokens.last())?;
        Some(Mention { span: document.index.span(first.start..last.end()), kind: name.kind, actor })
    };
    names.iter().zip(actors).filter_map(mention).collect()
}

/// The actors that matter: at most 5, most salient first. `salient` weighs each sentence, 0 to 1.
pub fn key_actors(document: &Document, mentions: &[Mention], salient: &[f32]) -> Vec<Actor> {
    key::rank(document, mentions, salient)
}
