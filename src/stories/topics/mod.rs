//! Whether a story is what a channel asked for.

mod knowledge;
mod text;
mod topic;
mod weights;

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

use super::words;
use crate::domain::{FeedId, Filter, Meaning, fold};

pub use text::Text;
pub use topic::{FEATURES, Fit, Topic};

/// Bytes that a moderator's regular expression may take compiled: enough for some thousand letters.
const PATTERN_BYTES: usize = 1 << 18;
/// Characters of one.
const PATTERN_CHARS: usize = 300;
/// Characters that are shown of what one matched.
const SHOWN_CHARS: usize = 60;

/// What matching sees of a story.
#[derive(Debug)]
pub struct StoryFacts<'a> {
    /// Of headline and lead, where it is known.
    pub meaning: Option<&'a Meaning>,
    pub title: &'a str,
    pub text: &'a str,
    /// Names of its actors.
    pub actors: &'a [String],
    /// The feeds that carry it.
    pub feeds: &'a [FeedId],
    /// Made when the first topic asks.
    words: OnceLock<Text>,
}

impl<'a> StoryFacts<'a> {
    pub fn new(
        meaning: Option<&'a Meaning>,
        title: &'a str,
        text: &'a str,
        actors: &'a [String],
        feeds: &'a [FeedId],
    ) -> Self {
        Self { meaning, title, text, actors, feeds, words: OnceLock::new() }
    }
}

/// Why a story fits a subscription, in words for the moderator.
#[derive(Debug, Clone, PartialEq)]
pub struct Match(pub String);

/// Every part of the filter that is given must hold. `meaning` is that of its topic, where it is known.
pub fn matches(filter: &Filter, meaning: Option<&Meaning>, story: &StoryFacts<'_>) -> Option<Match> {
    let mut reasons = Vec::new();
    if let Some(feed) = filter.feed {
        reasons.push(story.feeds.contains(&feed).then(|| "carried by the feed".to_owned())?);
    }
    if let Some(actor) = &filter.actor {
        let name = story.actors.iter().find(|name| same_actor(actor, name))?;
        reasons.push(format!("names {name}"));
    }
    if let Some(topic) = &filter.topic {
        let text = story.words.get_or_init(|| Text::new(story.title, story.text));
        let fit = Topic::new(topic).fit(text, meaning.zip(story.meaning));
        reasons.push(fit.reaches(filter.sensitivity).then(|| reason(topic, &fit))?);
    }
    if reasons.is_empty() || filter.without.iter().any(|phrase| has(story, phrase)) {
        return None;
    }
    if let Some(written) = &filter.pattern {
        // What does not compile was refused when it was asked for.
        let found = pattern(written).ok()?;
        let found = found.find(story.title).or_else(|| found.find(story.text))?;
        let shown: String = found.as_str().chars().take(SHOWN_CHARS).collect();
        reasons.push(format!("“{shown}” matches the pattern"));
    }
    Some(Match(reasons.join("; ")))
}

/// "Rama" means Edi Rama: all words of the shorter name are in the longer one.
pub fn same_actor(asked: &str, name: &str) -> bool {
    let (asked, name) = (fold(asked), fold(name));
    let named: Vec<&str> = name.split(' ').collect();
    !asked.is_empty() && asked.split(' ').all(|word| named.contains(&word))
}

/// A moderator's regular expression, of bounded size, in linear time. The error is in words for the moderator.
pub fn pattern(written: &str) -> Result<Regex, String> {
    if written.chars().count() > PATTERN_CHARS {
        return Err(format!("it is longer than {PATTERN_CHARS} characters"));
    }
    RegexBuilder::new(written).size_limit(PATTERN_BYTES).dfa_size_limit(PATTERN_BYTES).build().map_err(
        |error| match error {
            regex::Error::CompiledTooBig(_) => "it takes too much room compiled: repeat less".to_owned(),
            // The last line says what is wrong, those before it draw where.
            error => {
                error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
            }
        },
    )
}

/// Whether headline or text have the words of a phrase side by side, in singular or plural.
fn has(story: &StoryFacts<'_>, phrase: &str) -> bool {
    let wanted = words::singulars(phrase);
    let within = |text: &str| words::singulars(text).windows(wanted.len().max(1)).any(|run| run == wanted);
    !wanted.is_empty() && (within(story.title) || within(story.text))
}

/// "about “chip export controls”: likeness .61, words chip, export, 3 words of its field".
fn reason(topic: &str, fit: &Fit) -> String {
    let mut parts = vec![format!("likeness {}", hundredths(fit.likeness))];
    match fit.words.as_slice() {
        [] => {}
        [word] => parts.push(format!("word {word}")),
        words => parts.push(format!("words {}", words.join(", "))),
    }
    match fit.of_field {
        0 => {}
        1 => parts.push("1 word of its field".to_owned()),
        many => parts.push(format!("{many} words of its field")),
    }
    format!("about “{topic}”: {}", parts.join(", "))
}

/// ".61".
fn hundredths(share: f32) -> String {
    format!("{share:.2}").replacen("0.", ".", 1)
}

#[cfg(test)]
mod tests;
