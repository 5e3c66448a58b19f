//! Grouping articles into stories, and matching stories with what channels asked for.
//!
//! Pure rules over values: the vectors come from `reading`, the rows from `store`.

mod grouping;
mod topics;
mod words;

pub use grouping::{Shelf, Telling, WINDOW, cosine};
pub use topics::{Match, StoryFacts, matches};
