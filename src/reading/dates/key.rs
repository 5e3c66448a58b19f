//! The dates that matter in an article, and what happened on each.

use super::super::Document;
use crate::domain::{KeyDate, TimeExpression};

pub fn key_dates(_document: &Document, _times: &[TimeExpression], _salient: &[f32]) -> Vec<KeyDate> {
    Vec::new()
}
