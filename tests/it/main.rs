//! The whole-program tests: one binary, so that they link once.

mod commands;
mod embedded_discord;
mod flow;
mod invariants;
mod referee;
mod world;
