//! What is asked for again and again, kept in memory between two times.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use crate::discord::DeskError;

/// How long something is kept that has not changed.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// What was read, for whom.
#[derive(Debug)]
pub struct Kept<K, T>(Mutex<HashMap<K, Read<T>>>);

#[derive(Debug)]
struct Read<T> {
    at: DateTime<Utc>,
    /// Of what it tells of, where that has editions.
    edition: Option<u64>,
    what: Arc<T>,
}

impl<K, T> Default for Kept<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, T> Kept<K, T> {
    /// What was read of late in this edition; else it is read, by one of those who ask, while the others wait.
    pub async fn get(
        &self,
        now: DateTime<Utc>,
        whose: K,
        edition: Option<u64>,
        read: impl AsyncFnOnce() -> Result<T, DeskError>,
    ) -> Result<Arc<T>, DeskError> {
        let mut kept = self.0.lock().await;
        // What is old goes; so does what nobody asks for any more.
        kept.retain(|_, read| read.edition == edition && now.signed_duration_since(read.at).abs() < FRESH);
        if let Some(read) = kept.get(&whose) {
            return Ok(Arc::clone(&read.what));
        }
        let what = Arc::new(read().await?);
        kept.insert(whose, Read { at: now, edition, what: Arc::clone(&what) });
        Ok(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::GuildId;

    #[tokio::test]
    async fn what_was_read_holds_for_its_edition_and_some_minutes() {
        let kept: Kept<GuildId, u32> = Kept::default();
        let read = async |minutes, guild, edition, value| {
            let at = DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
            *kept.get(at, GuildId(guild), edition, async || Ok(value)).await.unwrap()
        };
        assert_eq!(read(0, 1, Some(5), 10).await, 10);
        assert_eq!(read(0, 2, Some(5), 20).await, 20, "each guild has its own");
        assert_eq!(read(9, 1, Some(5), 11).await, 10);
        assert_eq!(read(9, 1, Some(6), 12).await, 12, "the stories have changed");
        assert_eq!(read(20, 1, Some(6), 13).await, 13, "long ago");
    }

    #[tokio::test]
    async fn what_could_not_be_read_is_asked_for_again() {
        let kept: Kept<(), u32> = Kept::default();
        let failed = kept.get(DateTime::UNIX_EPOCH, (), None, async || Err(DeskError::user("No."))).await;
        assert!(failed.is_err());
        assert_eq!(*kept.get(DateTime::UNIX_EPOCH, (), None, async || Ok(1)).await.unwrap(), 1);
    }
}
