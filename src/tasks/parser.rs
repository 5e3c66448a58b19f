//! Parsing feeds where nothing waits for it.

use std::sync::Arc;

use tokio::sync::Semaphore;
use url::Url;

use crate::feeds::{self, FeedError, ParsedFeed};
use crate::fetch::Body;

/// Parses one feed at a time: a large one takes a multiple of its bytes meanwhile, and those that wait only theirs.
#[derive(Debug, Clone)]
pub struct Parser(Arc<Semaphore>);

impl Default for Parser {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Parser {
    /// Off the runtime's threads: ten megabytes of markup take a second. The bytes come back with what was read of
    /// them.
    pub async fn parse(
        &self,
        bytes: Body,
        content_type: Option<String>,
        url: Url,
    ) -> (Result<ParsedFeed, FeedError>, Option<Body>) {
        // It is never closed.
        let turn = Arc::clone(&self.0).acquire_owned().await;
        let reading = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let read = feeds::parse(&bytes, content_type.as_deref(), &url);
            (read, Some(bytes))
        });
        let broken = |_| (Err(FeedError::Unreadable("the parser failed".to_owned())), None);
        reading.await.unwrap_or_else(broken)
    }
}
