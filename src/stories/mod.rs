//! Grouping articles into stories, and matching stories with what channels asked for.
//!
//! Pure rules over values: the vectors come from `reading`, the rows from `store`.

mod breaking;
mod copies;
mod grouping;
mod recurring;
mod telling;
mod topics;
mod vectors;
mod words;

pub use breaking::{Breaking, FirstTelling, SPAN, breaking};
pub use grouping::{Parameters, Place, Shelf, WINDOW, cosine};
pub use recurring::recurring;
pub use telling::Telling;
pub use topics::{FEATURES, Fit, Match, StoryFacts, Text, Topic, matches, pattern};
pub use words::count as word_counts;
