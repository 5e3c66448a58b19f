//! dateline watches news feeds, reads the articles with local models and posts short digests to Discord.

// By this name the referee of `tests/it` knows the crate, and unit tests share it.
#[cfg(test)]
extern crate self as dateline;

pub mod app;
pub mod clean;
pub mod cli;
pub mod clock;
pub mod config;
pub mod desk;
pub mod discord;
pub mod domain;
pub mod feeds;
pub mod fetch;
pub mod lifecycle;
pub mod reading;
pub mod render;
pub mod sandbox;
pub mod store;
pub mod stories;
pub mod tasks;
