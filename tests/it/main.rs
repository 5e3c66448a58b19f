//! The whole-program tests: one binary, so that they link once.

mod abstractive;
mod binary;
mod commands;
mod doctor;
mod embedded_discord;
mod failures;
mod feeds;
mod flow;
mod interfaces;
mod invariants;
mod locales;
mod page;
mod places;
mod polling;
mod program;
mod referee;
mod roundups;
mod stories;
mod words;
mod world;
