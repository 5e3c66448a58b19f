//! The whole-program tests: one binary, so that they link once.

mod abstractive;
mod binary;
mod commands;
mod embedded_discord;
mod feeds;
mod flow;
mod interfaces;
mod invariants;
mod program;
mod referee;
mod stories;
mod world;
