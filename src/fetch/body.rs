//! Bodies of answers, read as far as their limit, and few large ones at a time.

use std::ops::Deref;
use std::sync::Arc;

use reqwest::Response;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Budget, FetchError};

/// Bytes that any answer may have in memory. A feed in a hundred is larger.
const SMALL: usize = 1_000_000;
/// Larger ones held at a time, until they are dropped: so many times ten megabytes are what they take together.
const LARGE_AT_ONCE: usize = 4;

/// The bytes of an answer, decompressed, otherwise as sent. A large one holds up other large ones until it is dropped.
#[derive(Debug)]
pub struct Body {
    bytes: Vec<u8>,
    _room: Option<OwnedSemaphorePermit>,
}

impl Body {
    /// Without holding up others any longer.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Room for large bodies.
#[derive(Debug)]
pub(super) struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LARGE_AT_ONCE)))
    }
}

impl Room {
    /// Reads a body, decompressed, as far as the limit: a bomb ends there and is never held whole. Waiting for room
    /// takes nothing of the budget.
    pub(super) async fn read(
        &self,
        mut response: Response,
        limit_mb: u64,
        budget: &mut Budget,
    ) -> Result<Body, FetchError> {
        let limit = usize::try_from(limit_mb * 1_000_000).unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        if budget.spend(read_up_to(&mut response, &mut bytes, SMALL.min(limit))).await?? {
            return Ok(Body { bytes, _room: None });
        }
        // It is never closed.
        let room = Arc::clone(&self.0).acquire_owned().await.ok();
        match budget.spend(read_up_to(&mut response, &mut bytes, limit)).await?? {
            true => Ok(Body { bytes, _room: room }),
            false => Err(FetchError::TooLarge { limit_mb }),
        }
    }
}

/// Reads on until `bytes` has the `limit` or more, or the body ends: true. No more than a chunk is read beyond it.
pub(super) async fn read_up_to(
    response: &mut Response,
    bytes: &mut Vec<u8>,
    limit: usize,
) -> Result<bool, FetchError> {
    while bytes.len() <= limit {
        match response.chunk().await.map_err(|error| FetchError::of_client(&error))? {
            Some(chunk) => bytes.extend_from_slice(&chunk),
            None => return Ok(true),
        }
    }
    Ok(false)
}
