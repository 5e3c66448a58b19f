//! Temporal expressions: finding them and giving each its TIMEX3 value.

use super::Document;
use crate::domain::{KeyDate, TimeExpression};

/// Every temporal expression of the document, in order, none overlapping.
pub fn find(_document: &Document) -> Vec<TimeExpression> {
    Vec::new()
}

/// The dates that matter: at most 4, in calendar order. `salient` weighs each sentence, 0 to 1.
pub fn key_dates(_document: &Document, _times: &[TimeExpression], _salient: &[f32]) -> Vec<KeyDate> {
    Vec::new()
}
