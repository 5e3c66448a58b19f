//! Reading: from a cleaned article to its digest.
//!
//! One small encoder, several heads on it. Beside the lab, which trains them, the only module that names
//! rust-bert or tch.
//!
//! [`Document`] cuts the text into sentences; in one `pass` [`Encoder`] gives each a vector, and the tagger
//! of `actors` the names in it; `salience` weighs them by a head of its own; `meaning` makes headline and lead
//! comparable with topics (`weights` loads all three);
//! `summary`, `actors` and `dates` choose by the weights, `reference` tells what a sentence
//! takes for known; [`Reader`] does it all for one article, and [`ReaderPool`] keeps readers on
//! threads of their own, because models never run on the async runtime. `abstractive` writes summaries by
//! choice, `guard` refuses what they say beyond the article.

pub mod abstractive;
pub mod actors;
pub mod counts;
mod cuts;
pub mod dates;
mod digest;
pub mod document;
pub mod encoder;
pub mod guard;
pub mod meaning;
pub mod models;
mod pass;
mod pool;
mod reader;
mod reference;
pub mod salience;
mod sentences;
pub mod summary;
mod weights;

pub use document::{Document, Sentence};
pub use encoder::{Encoder, EncoderError, Vectors};
pub use pool::ReaderPool;
pub use reader::{MAX_SENTENCES, ReadError, Reader, Reading};
pub use summary::ReadOptions;
