//! What is suggested while somebody types. It is asked for at every key, and kept in memory between two of them.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use crate::discord::DeskError;
use crate::domain::{GuildId, StoryId, fold};
use crate::store::search::KnownActor;
use crate::store::{search, stories, subscriptions};
use crate::stories::recurring;
use crate::tasks::Ctx;

/// Actors that are looked through, those that are written about most; 1 MB.
const ACTORS: u32 = 5_000;
/// Stories of a guild that are looked through, the newest; 100 kB.
const STORIES: u32 = 500;
/// Articles that topics are drawn from, and their days.
const TOPICS_FROM: u32 = 500;
const TOPICS_OF: TimeDelta = TimeDelta::days(7);
/// How long topics stay as they are, and what nobody asks for is kept.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// What people may choose from. What is told of stories is read anew when they have changed.
#[derive(Debug, Default)]
pub struct Suggested {
    actors: Kept<(), Vec<KnownActor>>,
    headlines: Kept<GuildId, Vec<Headline>>,
    /// What the feeds of a guild had much of in the last days: folded, and as it is written.
    topics: Kept<GuildId, Vec<(String, String)>>,
}

#[derive(Debug)]
struct Headline {
    story: StoryId,
    /// Folded, and as it is written.
    folded: String,
    written: String,
}

impl Headline {
    /// Whether it has all words that were typed, folded, or is of the story of that number.
    fn has(&self, typed: &str) -> bool {
        typed.split(' ').all(|word| self.folded.contains(word)) || self.story.to_string() == typed
    }
}

impl Suggested {
    /// Names of actors that fit, the most written about first.
    pub async fn actors(&self, ctx: &Ctx, typed: &str, most: usize) -> Result<Vec<String>, DeskError> {
        let frequent = self.actors.get(ctx.clock.now(), (), Some(ctx.edition.number()), async || {
            Ok(search::frequent_actors(&mut *ctx.store.once().await?, ACTORS).await?)
        });
        let frequent = frequent.await?;
        Ok(search::actor_names(&mut *ctx.store.once().await?, &frequent, typed, most).await?)
    }

    /// The newest stories of a guild whose leading headline has all the words that were typed, with the headlines.
    pub async fn headlines(
        &self,
        ctx: &Ctx,
        guild: GuildId,
        typed: &str,
        most: usize,
    ) -> Result<Vec<(StoryId, String)>, DeskError> {
        let newest = self.headlines.get(ctx.clock.now(), guild, Some(ctx.edition.number()), async || {
            let newest = stories::headlines(&mut *ctx.store.once().await?, guild, STORIES).await?;
            let folded = newest.into_iter().map(|(story, written)| Headline {
                story,
                folded: fold(&written),
                written,
            });
            Ok(folded.collect())
        });
        let typed = fold(typed);
        let newest = newest.await?;
        let fitting = newest.iter().filter(|headline| headline.has(&typed));
        Ok(fitting.take(most).map(|headline| (headline.story, headline.written.clone())).collect())
    }

    /// Topics to choose from: those that the guild has subscribed to, then the actors and phrases that its feeds had
    /// most of.
    pub async fn topics(
        &self,
        ctx: &Ctx,
        guild: GuildId,
        typed: &str,
        most: usize,
    ) -> Result<Vec<String>, DeskError> {
        let subscribed = subscriptions::of_guild(&mut *ctx.store.once().await?, guild).await?;
        let mut own: Vec<String> =
            subscribed.into_iter().filter_map(|subscription| subscription.filter.topic).collect();
        own.sort();
        let mut topics = with_folded(own);
        let often = self.topics.get(ctx.clock.now(), guild, None, async || {
            let since = ctx.clock.now() - TOPICS_OF;
            let recent = search::recent(&mut *ctx.store.once().await?, guild, since, TOPICS_FROM).await?;
            let recent = recent.iter().map(|(title, actors)| (title.as_str(), actors.as_slice()));
            Ok(with_folded(recurring(recent)))
        });
        topics.extend_from_slice(&often.await?);
        let typed = fold(typed);
        let mut seen = HashSet::new();
        topics.retain(|(folded, _)| folded.contains(&typed) && seen.insert(folded.clone()));
        Ok(topics.into_iter().take(most).map(|(_, topic)| topic).collect())
    }
}

/// Topics with what they are compared by.
fn with_folded(topics: Vec<String>) -> Vec<(String, String)> {
    topics.into_iter().map(|topic| (fold(&topic), topic)).collect()
}

/// What was read, for whom.
#[derive(Debug)]
struct Kept<K, T>(Mutex<HashMap<K, Read<T>>>);

#[derive(Debug)]
struct Read<T> {
    at: DateTime<Utc>,
    /// Of the stories, where it tells of them.
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
    async fn get(
        &self,
        now: DateTime<Utc>,
        whose: K,
        edition: Option<u64>,
        read: impl AsyncFnOnce() -> Result<T, DeskError>,
    ) -> Result<Arc<T>, DeskError> {
        let mut kept = self.0.lock().await;
        // What is old goes; so does what is of guilds that nobody types in any more.
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

    #[test]
    fn a_story_by_words_of_its_headline_or_by_its_number() {
        let written = "Egypt seizes the Suez Canal".to_owned();
        let headline = Headline { story: StoryId(1956), folded: fold(&written), written };
        for (typed, fits) in [
            ("", true),
            ("canal SUEZ", true),
            ("can egy", true),
            ("1956", true),
            ("19", false),
            ("panama", false),
        ] {
            assert_eq!(headline.has(&fold(typed)), fits, "{typed}");
        }
    }

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
