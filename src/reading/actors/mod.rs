//! People, organizations and places: finding their names, joining them, ranking them.
//!
//! `tokens` cuts; `find`, `title`, `cut` and `resolve` are rules that propose names; `features` hands what they and the
//! word lists say to the `tagger`, which decides on the encoder's states; `agree` holds its answers together over a
//! document, `merge` joins them with the rules' and `words` reads names from them. `join` tells which names mean the same, `stance` reads what each does in
//! its sentence, `evidence` weighs that, `key` ranks what they name, `role` reads who a person is.

mod agree;
mod cut;
mod evidence;
mod features;
mod find;
mod gazetteer;
mod join;
mod key;
pub(super) mod lexicon;
mod merge;
mod prior;
mod resolve;
mod role;
mod stance;
pub mod tagger;
mod title;
mod tokens;
mod words;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;

use super::Document;
use crate::domain::{Actor, Mention};
pub use evidence::{EVIDENCE, likelihood};
pub use features::{AFTER_RULES, BY_RULES};
pub use join::same_entity;
pub use key::{Candidate, candidates};
pub use words::{Words, bare_name};

/// The actors that matter: at most 5, most salient first. `salient` weighs each sentence, 0 to 1.
pub fn key_actors(document: &Document, mentions: &[Mention], salient: &[f32]) -> Vec<Actor> {
    key::rank(document, mentions, salient)
}
