//! How the bot is, for everybody who wonders why nothing comes.

use chrono_tz::Tz;

use super::super::text::fit;
use super::super::{Message, dates};
use super::{NEWS, said};
use crate::domain::{Published, Queues};

/// What the bot is and has to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    pub version: &'static str,
    pub encoder: String,
    /// The model that writes summaries; nothing where they are sentences of the article.
    pub summarizer: Option<String>,
    /// Jobs that wait for a model thread.
    pub for_model: u64,
    pub queues: Queues,
}

/// Versions, models, what waits, and the last poll.
pub fn status(status: &Status, tz: Tz) -> Message {
    let summaries = match &status.summarizer {
        Some(model) => format!("summaries by {}", fit(model, 100)),
        None => "summaries in the article's own sentences".to_owned(),
    };
    let Queues { feeds, failing, due, last_poll, to_read, to_group, to_post, stories } = &status.queues;
    let polled = match last_poll {
        Some(at) => format!("last read {}", dates::published(Published::Moment(at.fixed_offset()), tz)),
        None => "none read yet".to_owned(),
    };
    let failing = if *failing > 0 { format!(", {failing} failing") } else { String::new() };
    let Status { version, for_model, .. } = status;
    let lines = [
        format!("dateline {version} · {} · {summaries}", fit(&status.encoder, 100)),
        format!("Feeds: {feeds} watched{failing}, {due} to be polled now, {polled}"),
        format!(
            "Waiting: {to_read} articles to be read, {for_model} of them for the model, {to_group} to be grouped"
        ),
        format!("Cards to be posted or edited: {to_post}"),
        format!("Stories kept: {stories}"),
    ];
    said(NEWS, &lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{terminal, validate};

    #[test]
    fn how_the_bot_is() {
        let quiet = Status { version: "0.1.0", encoder: "all-MiniLM-L6-v2".to_owned(), ..Status::default() };
        let busy = Status {
            summarizer: Some("distilbart-cnn-6-6".to_owned()),
            for_model: 8,
            queues: Queues {
                feeds: 480,
                failing: 3,
                due: 12,
                last_poll: Some("1969-07-20T20:17:00Z".parse().unwrap()),
                to_read: 40,
                to_group: 2,
                to_post: 5,
                stories: 12_345,
            },
            ..quiet.clone()
        };
        let shown = |of: &Status| {
            let message = status(of, Tz::UTC);
            assert_eq!(validate(&message), Ok(()));
            terminal(&message, 100, false)
        };
        insta::assert_snapshot!(shown(&quiet), @"
        ▌ dateline 0.1.0 · all-MiniLM-L6-v2 · summaries in the article's own sentences
        ▌ Feeds: 0 watched, 0 to be polled now, none read yet
        ▌ Waiting: 0 articles to be read, 0 of them for the model, 0 to be grouped
        ▌ Cards to be posted or edited: 0
        ▌ Stories kept: 0
        ");
        insta::assert_snapshot!(shown(&busy), @"
        ▌ dateline 0.1.0 · all-MiniLM-L6-v2 · summaries by distilbart-cnn-6-6
        ▌ Feeds: 480 watched, 3 failing, 12 to be polled now, last read 20 July 1969, 20:17 UTC
        ▌ Waiting: 40 articles to be read, 8 of them for the model, 2 to be grouped
        ▌ Cards to be posted or edited: 5
        ▌ Stories kept: 12345
        ");
    }
}
