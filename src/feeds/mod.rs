//! PURE: from the bytes of a feed to its entries, and when to ask again.
//!
//! What publishers send is rarely what the formats ask for, so bytes pass three readers: `decode` finds the
//! characters, `tidy` (on the cuts of `scan`) the well-formed small feed in the markup, and feed-rs what its elements
//! mean. Reading is bounded in time and memory by the length of the input.

mod canonical;
mod dates;
mod decode;
mod discover;
mod entities;
mod escape;
mod json;
mod kind;
pub mod opml;
mod parse;
mod scan;
mod schedule;
mod text;
mod tidy;

pub use canonical::canonical_url;
pub use discover::{discover, usual_places};
pub use escape::escape_all as escape_text;
pub use parse::{ParsedFeed, parse};
pub use schedule::{FARTHEST, Freshness, PollOutcome, gives_up, moving, next_poll, published_rhythm};

/// Why nothing of a feed could be read, in words for the moderators.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FeedError {
    #[error("not a feed: HTML page")]
    HtmlPage,
    #[error("not a feed: {0}")]
    NotAFeed(&'static str),
    #[error("not a list of feeds (OPML)")]
    NotAList,
    #[error("refused: the feed declares entities of its own")]
    Entities,
    #[error("refused: the feed's markup is nested more than {limit} deep")]
    TooDeep { limit: usize },
    #[error("the feed cannot be read: {0}")]
    Unreadable(String),
}
