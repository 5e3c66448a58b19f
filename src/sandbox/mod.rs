//! A Discord and a news site on loopback: the whole bot in a minute, without an account.

pub mod discord;
mod round;
pub mod site;
pub mod view;

pub use round::{Outcome, Sandbox};
