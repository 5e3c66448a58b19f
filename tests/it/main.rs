//! The whole-program tests: one binary, so that they link once.

mod embedded_discord;
mod invariants;
mod referee;
