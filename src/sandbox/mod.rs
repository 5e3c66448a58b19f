//! A Discord and a news site on loopback: the whole bot in a minute, without an account.

pub mod discord;
