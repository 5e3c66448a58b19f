//! Search by meaning: the vectors of the newest articles in memory, as the rows have them.

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context as _;
use tokio::sync::{Mutex, Semaphore};

use crate::discord::DeskError;
use crate::domain::ArticleId;
use crate::store::{SqliteConnection, search};
use crate::stories::Meanings;

/// Articles that a search by meaning looks through, the newest; 77 MB.
const REACH: usize = 200_000;
/// Vectors read in one go.
const CHUNK: u32 = 2_000;
/// Searches that go through the vectors at the same time: each takes a core for some milliseconds.
const AT_ONCE: usize = 2;

/// The meanings of the newest articles. Empty until somebody searches; every search first reads what is new.
#[derive(Debug)]
pub struct NearestArticles {
    meanings: Arc<RwLock<Meanings<ArticleId>>>,
    reading: Mutex<()>,
    searching: Semaphore,
}

impl Default for NearestArticles {
    fn default() -> Self {
        Self {
            meanings: Arc::new(RwLock::new(Meanings::new(REACH))),
            reading: Mutex::default(),
            searching: Semaphore::new(AT_ONCE),
        }
    }
}

impl NearestArticles {
    /// Articles at least `least` like a unit vector by their cosine, the likest first.
    pub async fn to(
        &self,
        conn: &mut SqliteConnection,
        asked: Vec<f32>,
        least: f32,
    ) -> Result<Vec<ArticleId>, DeskError> {
        self.read_new(conn).await?;
        let _turn = self.searching.acquire().await.context("waiting to search by meaning")?;
        let meanings = Arc::clone(&self.meanings);
        let searching = tokio::task::spawn_blocking(move || {
            meanings.read().unwrap_or_else(PoisonError::into_inner).nearest(&asked, least)
        });
        Ok(searching.await.context("searching by meaning")?)
    }

    /// Reads the vectors of the articles that have come since the last search.
    async fn read_new(&self, conn: &mut SqliteConnection) -> Result<(), DeskError> {
        let _alone = self.reading.lock().await;
        let last = self.meanings.read().unwrap_or_else(PoisonError::into_inner).last();
        let mut after = match last {
            Some(last) => last,
            None => search::vectors_before(conn, REACH).await?,
        };
        loop {
            let new = search::vectors(conn, after, CHUNK).await?;
            let mut meanings = self.meanings.write().unwrap_or_else(PoisonError::into_inner);
            for (id, vector) in &new {
                meanings.add(*id, vector);
                after = *id;
            }
            if new.len() < CHUNK as usize {
                return Ok(());
            }
        }
    }
}
