//! dateline watches news feeds, reads the articles with local models and posts short digests to Discord.
//!
//! ```text
//! Feed ─poll→ FeedEntry ─fetch→ page ─clean→ Article ─read→ Digest ─group→ Story ─match→ Delivery ─post→ a card
//! ```
//!
//! | room | what it is for | it never |
//! |---|---|---|
//! | [`domain`] | the words of this project as types | does I/O or reads a clock |
//! | [`feeds`] | bytes of a feed to entries; when to ask again | does I/O or reads a clock |
//! | [`fetch`] | HTTP: client, address guard, limits, robots.txt | judges what it fetched |
//! | [`clean`] | a page to its article | does I/O or reads a clock |
//! | [`reading`] | an article to its digest; alone names rust-bert and tch | knows of feeds or Discord |
//! | [`stories`] | which story an article belongs to; whether a story is what a channel asked for | does I/O |
//! | [`render`] | stories and answers to messages within Discord's limits | does I/O or reads a clock |
//! | [`store`] | the database; alone contains SQL | decides anything |
//! | [`discord`] | commands, buttons, posting; with `sandbox` alone names serenity, poise or axum | touches the database |
//! | [`desk`] | answers what commands ask | speaks to Discord |
//! | [`tasks`] | the stages: a tick each over the database, and a loop around it | keeps state in memory |
//! | [`doctor`] | what would keep the bot from running | changes anything |
//! | [`sandbox`] | a Discord and a news site on loopback | listens anywhere else |
//! | [`cli`] | one file per subcommand | |
//!
//! [`app`] puts the parts together, [`lifecycle`] owns every task (nothing else spawns one),
//! [`config`] reads the settings once, [`clock`] is the only reader of the system clock. A test
//! (`tests/it/invariants.rs`) holds the source to this table; ARCHITECTURE.md tells the rest.

pub mod app;
pub mod clean;
pub mod cli;
pub mod clock;
pub mod config;
pub mod desk;
pub mod discord;
pub mod doctor;
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
