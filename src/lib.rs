//! dateline watches news feeds, reads the articles with local models and posts short digests to Discord.

pub mod clean;
pub mod cli;
pub mod clock;
pub mod config;
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
