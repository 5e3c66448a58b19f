//! What became of an article, told to a moderator or a terminal.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Script;
use super::text::clip;
use super::words::{because, fill, known, known_with, say};
use crate::domain::{ChannelId, Locale, MessageId, StoryId};

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
    /// Subscriptions that it would fit if they were broader.
    pub nearly: Vec<Nearly>,
}

/// A subscription that an article just misses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Nearly {
    pub topic: String,
    /// The narrowest at which it would fit.
    pub sensitivity: &'static str,
    pub why: String,
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

/// The trail as lines of at most `room` characters each.
pub fn lines(trail: &Trail, locale: Locale, room: usize, script: Script) -> Vec<String> {
    let Script { channel, moment, .. } = script;
    let foreign = |text: &str| (script.foreign)(text, room);
    // What the log has as a program writes it.
    let value = |name: &str, value: &str| match name {
        "channel" => value.parse().map_or_else(|_| foreign(value), |id| channel(ChannelId(id))),
        "at" => DateTime::parse_from_rfc3339(value).map_or_else(|_| foreign(value), |at| moment(at.to_utc())),
        _ => foreign(value),
    };
    let step = |step: &Step| {
        let detail = known_with(locale, &step.detail, &value);
        format!("{} · {}", moment(step.at), because(locale, stage_words(step, locale), detail))
    };
    let mut lines: Vec<String> = trail.steps.iter().map(step).collect();
    match &trail.story {
        None => lines.push(say(locale, "It is in no story.").to_owned()),
        Some(story) => {
            let headline = foreign(story.headline.as_deref().unwrap_or(say(locale, "no headline")));
            let number = story.story.to_string();
            let n = story.articles.to_string();
            let values = [("number", number), ("n", n), ("headline", headline)];
            lines.push(match story.articles {
                1 => fill(locale, "Story {number}, 1 article: {headline}", &values),
                _ => fill(locale, "Story {number}, {n} articles: {headline}", &values),
            });
            for card in &story.cards {
                lines.push(card_words(card, locale, script, room));
            }
            if story.cards.is_empty() {
                lines.push(say(locale, "It has no card in any channel.").to_owned());
            }
        }
    }
    lines.extend(trail.nearly.iter().map(|near| {
        let Nearly { topic, sensitivity, why } = near;
        fill(
            locale,
            "“{topic}” would get it if that were {sensitivity}: {why}",
            &[
                ("topic", foreign(topic)),
                ("sensitivity", (*sensitivity).to_owned()),
                ("why", foreign(&known(locale, why))),
            ],
        )
    }));
    lines.into_iter().map(|line| clip(&line, room)).collect()
}

/// "Fetched, to be tried again"
fn stage_words(step: &Step, locale: Locale) -> String {
    let stage = match step.stage {
        "poll" => say(locale, "Offered"),
        "fetch" => say(locale, "Fetched"),
        "clean" => say(locale, "Cleaned"),
        "read" => say(locale, "Digested"),
        "group" => say(locale, "Grouped"),
        "match" => say(locale, "Matched"),
        _ => say(locale, "Posted"),
    };
    match step.outcome {
        "retry" => fill(locale, "{stage}, to be tried again", &[("stage", stage)]),
        "skipped" => fill(locale, "{stage}, dropped", &[("stage", stage)]),
        _ => stage.to_owned(),
    }
}

fn card_words(card: &Card, locale: Locale, script: Script, room: usize) -> String {
    let channel = (script.channel)(card.channel);
    let state = match card.state {
        "posted" => fill(locale, "Its card in {channel} is posted", &[("channel", &channel)]),
        "due" => fill(locale, "Its card in {channel} waits to be posted", &[("channel", &channel)]),
        _ => fill(locale, "Its card in {channel} is held back", &[("channel", &channel)]),
    };
    match &card.error {
        Some(error) => because(locale, state, (script.foreign)(&known(locale, error), room)),
        None => state,
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
                step("match", "ok", "goes to channel 7: about “*dams*”: likeness .31"),
                step("post", "ok", "waits for the round-up of 1956-07-27T07:00:00+00:00 in channel 7"),
            ],
            story: None,
            nearly: vec![Nearly {
                topic: "dams".to_owned(),
                sensitivity: "broad",
                why: "about “dams”: likeness .31, words dam, canal".to_owned(),
            }],
        };
        let in_language = |trail: &Trail, locale| {
            let script = Script { moment: |at| at.format("%F %R").to_string(), ..Script::EMBED };
            lines(trail, locale, 200, script).join("\n")
        };
        let shown = |trail: &Trail| in_language(trail, Locale::English);
        insta::assert_snapshot!(shown(&trail), @r"
        1956-07-26 19:00 · Fetched, to be tried again: the server answered 503
        1956-07-26 19:00 · Grouped: opened story 4
        1956-07-26 19:00 · Matched: goes to channel <#7>: about “\*dams\*”: likeness .31
        1956-07-26 19:00 · Posted: waits for the round-up of 1956-07-27 07:00 in channel <#7>
        It is in no story.
        “dams” would get it if that were broad: about “dams”: likeness .31, words dam, canal
        ");
        insta::assert_snapshot!(in_language(&trail, Locale::German), @r"
        1956-07-26 19:00 · Abgerufen, wird noch einmal versucht: der Server antwortete 503
        1956-07-26 19:00 · Zugeordnet: hat Meldung 4 eröffnet
        1956-07-26 19:00 · Abgeglichen: geht in Kanal <#7>: über „\*dams\*“: Ähnlichkeit .31
        1956-07-26 19:00 · Gepostet: wartet auf die Sammelnachricht von 1956-07-27 07:00 in Kanal <#7>
        Er gehört zu keiner Meldung.
        „dams“ bekäme ihn mit der Einstellung broad: über „dams“: Ähnlichkeit .31, Wörter dam, canal
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
        “dams” would get it if that were broad: about “dams”: likeness .31, words dam, canal
        ");
        insta::assert_snapshot!(in_language(&trail, Locale::French), @"
        Actualité 4, 2 articles : Egypt seizes the Suez Canal Company
        Sa carte dans <#7> est retenue : Missing Access
        « dams » le recevrait avec le réglage broad : sur « dams » : ressemblance .31, mots dam, canal
        ");
    }
}
