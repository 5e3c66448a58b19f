//! Reading: from a cleaned article to its digest.
//!
//! One small encoder, several finders. The only module that names rust-bert or tch.

pub mod actors;
pub mod dates;
pub mod document;
pub mod encoder;
mod models;
mod sentences;

pub use document::{Document, Sentence};
