//! Grouping articles into stories, what these say together, and matching stories with what channels asked for.
//!
//! Pure rules over values: the vectors come from `reading`, the rows from `store`.

mod breaking;
mod copies;
mod disputes;
mod grouping;
mod growth;
mod meanings;
mod merged;
mod people;
mod recurring;
mod shelf;
mod telling;
#[cfg(test)]
mod tests;
mod topics;
mod vectors;
mod words;

pub use breaking::{Breaking, FirstTelling, SPAN, breaking};
pub use grouping::{Judgement, Parameters, Place, WINDOW, cosine};
pub use meanings::Meanings;
pub use merged::{Member, Whole, whole};
pub use recurring::recurring;
pub use shelf::{CAPACITY, Shelf};
pub use telling::Telling;
pub use topics::{FEATURES, Fit, Match, StoryFacts, Text, Topic, matches, pattern};
pub use words::count as word_counts;
