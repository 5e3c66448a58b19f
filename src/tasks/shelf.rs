//! The shelf of recent tellings, kept between ticks as the rows would fill it.
//!
//! What is on it depends on the rows alone: what joined a story within the window, in that order, at most
//! its capacity. So a process that is started anew groups as one that ran on.

use std::collections::VecDeque;

use anyhow::Context as _;
use chrono::{DateTime, Utc};

use crate::domain::StoryId;
use crate::store::stories::{self, PlacedArticle};
use crate::store::{SqliteConnection, Store};
use crate::stories::{CAPACITY, Shelf, Telling, WINDOW};

/// Articles loaded in one go: their texts would not fit into memory all at once.
const CHUNK: u32 = 1000;

/// A shelf, and when what is on it was put there.
#[derive(Debug, Default)]
pub struct LiveShelf {
    pub shelf: Shelf<StoryId>,
    placed_at: VecDeque<DateTime<Utc>>,
}

impl LiveShelf {
    /// The shelf as the rows have it.
    pub async fn fill(store: &Store, now: DateTime<Utc>) -> anyhow::Result<Self> {
        let mut filled = Self::default();
        let mut conn = store.read().await?;
        let mut after = stories::placed_before(&mut conn, CAPACITY).await?;
        while let Some((last, articles)) = next(&mut conn, now, after).await? {
            after = last;
            // Two weeks of texts take a core for a while: not for the runtime's threads.
            let putting = tokio::task::spawn_blocking(move || {
                for article in articles {
                    filled.put(article.story_id, telling(&article), article.placed_at);
                }
                filled
            });
            filled = putting.await.context("filling the shelf of stories")?;
        }
        Ok(filled)
    }

    /// Puts a telling on the shelf, at the moment at which its article joined the story.
    pub fn put(&mut self, story: StoryId, telling: Telling, now: DateTime<Utc>) {
        self.shelf.add(story, telling);
        self.placed_at.push_back(now);
        self.placed_at.drain(..self.placed_at.len().saturating_sub(self.shelf.len()));
    }

    /// Takes away what joined its story before the window.
    pub fn age(&mut self, now: DateTime<Utc>) {
        // In whole seconds, as the rows have them.
        let since = (now - WINDOW).timestamp();
        while self.placed_at.front().is_some_and(|at| at.timestamp() < since) {
            self.placed_at.pop_front();
            self.shelf.forget_oldest();
        }
    }
}

async fn next(
    conn: &mut SqliteConnection,
    now: DateTime<Utc>,
    after: i64,
) -> anyhow::Result<Option<(i64, Vec<PlacedArticle>)>> {
    let articles = stories::placed(conn, now - WINDOW, after, Telling::CHARS, CHUNK).await?;
    Ok(articles.last().map(|last| last.placed).map(|last| (last, articles)))
}

fn telling(article: &PlacedArticle) -> Telling {
    let title = article.title.as_deref().unwrap_or_default();
    Telling::new(title, &article.beginning, article.vector.clone(), Some(article.published_at))
}
