//! Whether a story is what a channel asked for.

use super::grouping::cosine;
use super::words;
use crate::domain::{FeedId, Filter, fold};

/// Cosine of a topic's vector and an article's from which they are about the same thing.
/// MiniLM gives unrelated news about 0.05 and a fitting two-word topic 0.3 to 0.6.
const MEANING: f32 = 0.32;

/// What matching sees of a story.
#[derive(Debug, Clone, Copy)]
pub struct StoryFacts<'a> {
    /// Meaning of title and lede: a unit vector.
    pub vector: &'a [f32],
    pub title: &'a str,
    pub text: &'a str,
    /// Names of its actors.
    pub actors: &'a [String],
    /// The feeds that carry it.
    pub feeds: &'a [FeedId],
}

/// Why a story fits a subscription, in words for the moderator.
#[derive(Debug, Clone, PartialEq)]
pub struct Match(pub String);

/// Every part of the filter that is given must hold.
pub fn matches(filter: &Filter, topic_vector: Option<&[f32]>, story: &StoryFacts<'_>) -> Option<Match> {
    let mut reasons = Vec::new();
    if let Some(feed) = filter.feed {
        reasons.push(story.feeds.contains(&feed).then(|| "carried by the feed".to_owned())?);
    }
    if let Some(actor) = &filter.actor {
        let name = story.actors.iter().find(|name| same_actor(actor, name))?;
        reasons.push(format!("names {name}"));
    }
    if let Some(topic) = &filter.topic {
        reasons.push(topic_reason(topic, topic_vector, story)?);
    }
    (!reasons.is_empty()).then(|| Match(reasons.join("; ")))
}

/// "Rama" means Edi Rama: all words of the shorter name are in the longer one.
pub fn same_actor(asked: &str, name: &str) -> bool {
    let (asked, name) = (fold(asked), fold(name));
    let named: Vec<&str> = name.split(' ').collect();
    !asked.is_empty() && asked.split(' ').all(|word| named.contains(&word))
}

fn topic_reason(topic: &str, vector: Option<&[f32]>, story: &StoryFacts<'_>) -> Option<String> {
    let wanted: Vec<String> = words::content_words(topic).collect();
    let has = words::count(&format!("{}\n{}", story.title, story.text));
    if !wanted.is_empty() && wanted.iter().all(|word| has.contains_key(word)) {
        return Some(format!("has the words of “{topic}”"));
    }
    let likeness = cosine(vector?, story.vector);
    (likeness >= MEANING).then(|| format!("is about “{topic}” (likeness {likeness:.2})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts<'a>(actors: &'a [String], vector: &'a [f32]) -> StoryFacts<'a> {
        StoryFacts {
            vector,
            title: "Egypt seizes the Suez Canal Company",
            text: "Tolls of the canal are to pay for the Aswan Dam.",
            actors,
            feeds: &[FeedId(7)],
        }
    }

    #[test]
    fn every_part_that_is_given_must_hold() {
        let actors = ["Gamal Abdel Nasser".to_owned(), "Egypt".to_owned()];
        let story = facts(&actors, &[1.0, 0.0]);
        let filter = |topic: Option<&str>, actor: Option<&str>, feed: Option<i64>| Filter {
            topic: topic.map(str::to_owned),
            actor: actor.map(str::to_owned),
            feed: feed.map(FeedId),
        };
        for (filter, vector, fits) in [
            (filter(None, Some("nasser"), None), None, true),
            (filter(None, Some("Nass"), None), None, false),
            (filter(None, None, Some(7)), None, true),
            (filter(None, None, Some(8)), None, false),
            (filter(Some("canal tolls"), None, None), Some([0.0, 1.0]), true),
            (filter(Some("cricket"), None, None), Some([0.0, 1.0]), false),
            (filter(Some("nationalisation"), None, None), Some([0.9, 0.1]), true),
            (filter(Some("canal tolls"), Some("Eden"), None), Some([1.0, 0.0]), false),
            (filter(None, None, None), None, false),
        ] {
            let found = matches(&filter, vector.as_ref().map(|v| v.as_slice()), &story);
            assert_eq!(found.is_some(), fits, "{filter:?} gave {found:?}");
        }
    }
}
