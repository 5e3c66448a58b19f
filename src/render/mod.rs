//! Stories and answers as messages. Plain values in, plain values out; Discord's limits are held here.

pub mod answer;
mod buttons;
mod card;
pub mod chronicle;
mod dates;
#[cfg(test)]
pub(crate) mod fixtures;
mod limits;
mod message;
pub mod notice;
mod roundup;
mod script;
mod telling;
mod terminal;
mod text;
mod update;
pub mod why;
pub mod words;

pub use buttons::{List, Press};
pub use card::{card, post_name, retracted};
pub use limits::{LimitError, validate};
pub use message::{Action, Button, Embed, Field, Message};
pub use roundup::{roundup, roundup_name};
pub use script::Script;
pub use terminal::terminal;
pub use text::{clip, escape, fit};
pub use update::update;
pub use words::Audience;
