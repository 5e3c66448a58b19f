//! What became of an article, told to a moderator or a terminal.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::dates;
use super::text::{clip, plain};
use crate::domain::{ChannelId, MessageId, Published, StoryId};

/// What became of an article.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trail {
    /// Canonical address, or the one the feed gave.
    pub url: String,
    pub headline: Option<String>,
    pub outlet: Option<String>,
    /// What every stage did, the oldest first.
    pub steps: Vec<Step>,
    pub story: Option<StoryTrail>,
    /// Subscriptions that it would fit if they were broader: what they ask for, and the sensitivity.
    pub nearly: Vec<String>,
}

/// What a stage did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    pub at: DateTime<Utc>,
    /// Name of the feed that offered it.
    pub feed: String,
    pub stage: &'static str,
    /// `ok`, `retry` or `skipped`.
    pub outcome: &'static str,
    pub detail: String,
}

/// Its story, and the cards of that.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StoryTrail {
    pub story: StoryId,
    pub headline: Option<String>,
    pub articles: usize,
    pub cards: Vec<Card>,
}

/// A story's card in a channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Card {
    pub channel: ChannelId,
    /// `due`, `posted` or `held`.
    pub state: &'static str,
    pub message: Option<MessageId>,
    pub error: Option<String>,
}

/// The trail as lines of at most `room` characters each, as text of ours with any foreign part made plain; `channel`
/// writes a channel.
pub fn lines(trail: &Trail, tz: Tz, room: usize, channel: &dyn Fn(ChannelId) -> String) -> Vec<String> {
    let foreign = |text: &str| clip(&plain(text), room);
    let mut lines: Vec<String> = trail
        .steps
        .iter()
        .map(|step| {
            let at = dates::published(Published::Moment(step.at.fixed_offset()), tz);
            let outcome = match step.outcome {
                "retry" => ", to be tried again",
                "skipped" => ", dropped",
                _ => "",
            };
            clip(&format!("{at} · {}{outcome}: {}", stage_words(step.stage), foreign(&step.detail)), room)
        })
        .collect();
    match &trail.story {
        None => lines.push("It is in no story.".to_owned()),
        Some(story) => {
            let headline = foreign(story.headline.as_deref().unwrap_or("no headline"));
            let articles = if story.articles == 1 {
                "1 article".to_owned()
            } else {
                format!("{} articles", story.articles)
            };
            lines.push(clip(&format!("Story {}, {articles}: {headline}", story.story), room));
            for card in &story.cards {
                let state = match card.state {
                    "posted" => "posted",
                    "due" => "waits to be posted",
                    _ => "held back",
                };
                let why =
                    card.error.as_deref().map(|error| format!(": {}", foreign(error))).unwrap_or_default();
                lines.push(clip(&format!("Its card in {} is {state}{why}", channel(card.channel)), room));
            }
            if story.cards.is_empty() {
                lines.push("It has no card in any channel.".to_owned());
            }
        }
    }
    lines.extend(trail.nearly.iter().map(|near| clip(&plain(near), room)));
    lines
}

fn stage_words(stage: &str) -> &str {
    match stage {
        "poll" => "Offered",
        "fetch" => "Fetched",
        "clean" => "Cleaned",
        "read" => "Read",
        "group" => "Grouped",
        "match" => "Matched",
        _ => "Posted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_tells_every_stage_and_where_it_was_posted() {
        let step = |stage, outcome, detail: &str| Step {
            at: "1956-07-26T19:00:00Z".parse().unwrap(),
            feed: "The Morning Ledger".to_owned(),
            stage,
            outcome,
            detail: detail.to_owned(),
        };
        let mut trail = Trail {
            url: "https://ledger.example/suez".to_owned(),
            headline: Some("Egypt seizes the Suez Canal Company".to_owned()),
            outlet: Some("The Morning Ledger".to_owned()),
            steps: vec![
                step("fetch", "retry", "the server answered 503"),
                step("group", "ok", "opened story 4"),
            ],
            story: None,
            nearly: vec!["It would fit “dams” in channel 3 if that were broad.".to_owned()],
        };
        let shown = |trail: &Trail| lines(trail, Tz::UTC, 200, &|channel| format!("<#{channel}>")).join("\n");
        insta::assert_snapshot!(shown(&trail), @"
        26 July 1956, 19:00 UTC · Fetched, to be tried again: the server answered 503
        26 July 1956, 19:00 UTC · Grouped: opened story 4
        It is in no story.
        It would fit “dams” in channel 3 if that were broad.
        ");
        let card = Card {
            channel: ChannelId(7),
            state: "held",
            message: None,
            error: Some("Missing Access".to_owned()),
        };
        trail.story = Some(StoryTrail {
            story: StoryId(4),
            headline: trail.headline.clone(),
            articles: 2,
            cards: vec![card],
        });
        trail.steps.clear();
        insta::assert_snapshot!(shown(&trail), @"
        Story 4, 2 articles: Egypt seizes the Suez Canal Company
        Its card in <#7> is held back: Missing Access
        It would fit “dams” in channel 3 if that were broad.
        ");
    }
}
