//! What is suggested while somebody types. It is asked for at every key, and kept in memory between two of them.

use std::collections::HashSet;

use chrono::TimeDelta;

use super::kept::Kept;
use crate::discord::DeskError;
use crate::domain::{GuildId, Headline, fold};
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

/// What people may choose from. What is told of stories is read anew when they have changed.
#[derive(Debug, Default)]
pub struct Suggested {
    actors: Kept<(), Vec<KnownActor>>,
    headlines: Kept<GuildId, Vec<Suggestion>>,
    /// What the feeds of a guild had much of in the last days: folded, and as it is written.
    topics: Kept<GuildId, Vec<(String, String)>>,
}

#[derive(Debug)]
struct Suggestion {
    headline: Headline,
    folded: String,
}

impl From<Headline> for Suggestion {
    fn from(headline: Headline) -> Self {
        Self { folded: fold(&headline.words), headline }
    }
}

impl Suggestion {
    /// Whether it has all words that were typed, folded, or is of the story of that number.
    fn has(&self, typed: &str) -> bool {
        typed.split(' ').all(|word| self.folded.contains(word)) || self.headline.story.to_string() == typed
    }
}

impl Suggested {
    /// Names of actors of a guild's news that fit, the most written about first.
    pub async fn actors(
        &self,
        ctx: &Ctx,
        guild: GuildId,
        typed: &str,
        most: usize,
    ) -> Result<Vec<String>, DeskError> {
        let frequent = self.actors.get(ctx.clock.now(), (), Some(ctx.edition.number()), async || {
            Ok(search::frequent_actors(&mut *ctx.store.once().await?, ACTORS).await?)
        });
        let frequent = frequent.await?;
        Ok(search::actor_names(&mut *ctx.store.once().await?, guild, &frequent, typed, most).await?)
    }

    /// The newest stories of a guild whose leading headline has all the words that were typed.
    pub async fn headlines(
        &self,
        ctx: &Ctx,
        guild: GuildId,
        typed: &str,
        most: usize,
    ) -> Result<Vec<Headline>, DeskError> {
        let newest = self.headlines.get(ctx.clock.now(), guild, Some(ctx.edition.number()), async || {
            let newest = stories::headlines(&mut *ctx.store.once().await?, guild, STORIES).await?;
            Ok(newest.into_iter().map(Suggestion::from).collect())
        });
        let typed = fold(typed);
        let newest = newest.await?;
        let fitting = newest.iter().filter(|suggestion| suggestion.has(&typed));
        Ok(fitting.take(most).map(|suggestion| suggestion.headline.clone()).collect())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::StoryId;

    #[test]
    fn a_story_by_words_of_its_headline_or_by_its_number() {
        let words = "Egypt seizes the Suez Canal".to_owned();
        let url = "https://ledger.example/suez".to_owned();
        let suggestion = Suggestion::from(Headline { story: StoryId(1956), words, url });
        for (typed, fits) in [
            ("", true),
            ("canal SUEZ", true),
            ("can egy", true),
            ("1956", true),
            ("19", false),
            ("panama", false),
        ] {
            assert_eq!(suggestion.has(&fold(typed)), fits, "{typed}");
        }
    }
}
