//! The whole-program tests: one binary, so that they link once.

mod binary;
mod embedded_discord;
mod interfaces;
mod invariants;
mod program;
mod referee;
