//! The binary as its users meet it: an operator who runs the bot, somebody who tries it, a person who gets
//! something wrong.

mod feeds;
mod help;
mod refusals;
mod run;
mod sandbox;
pub mod site;
