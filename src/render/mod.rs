//! Stories and answers as messages. Plain values in, plain values out; Discord's limits are held here.

mod limits;
mod message;

pub use limits::{LimitError, validate};
pub use message::{Action, Button, Embed, Field, Message};
