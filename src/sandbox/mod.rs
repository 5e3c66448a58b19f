//! A Discord and a news site on loopback: the whole bot in a minute, without an account.

pub mod discord;
mod page;
pub mod referee;
mod round;
pub mod site;
pub mod view;

pub use page::Page;
pub use round::{Outcome, Sandbox};
