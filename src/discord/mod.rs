//! Everything that names serenity or poise: the gateway, commands, buttons, posting.
//!
//! The rest of the program speaks to it in domain and render types: it posts through [`Publisher`],
//! answers commands by implementing [`Desk`], and starts and stops the gateway with [`Bot`].

mod bot;
mod client;
mod commands;
mod convert;
mod desk;
mod errors;
mod events;
mod files;
pub mod invite;
mod pace;
mod patience;
mod places;
mod post;
pub mod probe;
mod pulse;
mod register;
#[cfg(test)]
mod tests;

pub use bot::{Bot, BotError, BotSettings};
pub use client::Loopback;
pub use commands::{Edge, day};
pub use desk::{
    ActorQuery, AddedFeed, Desk, DeskError, Filed, LatestQuery, Listed, Reply, SearchQuery, SetRequest,
    Stored, SubscribeRequest, Subscribed, UserError,
};
pub use post::{PostError, Publisher};
