//! People, organizations and places: finding their names, joining them, ranking them.

use super::Document;
use crate::domain::{Actor, Mention};

/// Every proper name of a person, organization or place, in order, none overlapping.
pub fn find(_document: &Document) -> Vec<Mention> {
    Vec::new()
}

/// The actors that matter: at most 5, most salient first. `salient` weighs each sentence, 0 to 1.
pub fn key_actors(_document: &Document, _mentions: &[Mention], _salient: &[f32]) -> Vec<Actor> {
    Vec::new()
}
