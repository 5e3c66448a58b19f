//! How the bot is, for everybody who wonders why nothing comes.

use super::{NEWS, said};
use crate::domain::{Locale, Queues};
use crate::render::text::fit;
use crate::render::words::{fill, say};
use crate::render::{Message, dates};

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
pub fn status(status: &Status, locale: Locale) -> Message {
    let Status { version, encoder, summarizer, for_model, queues } = status;
    let Queues { feeds, failing, due, last_poll, to_read, to_group, to_post, stories } = queues;
    let number = |n: &u64| [("n", n.to_string())];
    let summaries = match summarizer {
        Some(model) => fill(locale, "summaries by {model}", &[("model", fit(model, 100))]),
        None => say(locale, "summaries in the article's own sentences").to_owned(),
    };
    let mut polls = vec![fill(locale, "{n} watched", &number(feeds))];
    polls.extend((*failing > 0).then(|| fill(locale, "{n} failing", &number(failing))));
    polls.push(fill(locale, "{n} to be polled now", &number(due)));
    polls.push(match last_poll {
        Some(at) => fill(locale, "last read {when}", &[("when", dates::moment_tag(*at))]),
        None => say(locale, "none read yet").to_owned(),
    });
    let waiting = [
        ("articles", to_read.to_string()),
        ("model", for_model.to_string()),
        ("group", to_group.to_string()),
    ];
    let lines = [
        format!("dateline {version} · {} · {summaries}", fit(encoder, 100)),
        fill(locale, "Feeds: {polls}", &[("polls", polls.join(", "))]),
        fill(
            locale,
            "Waiting to be read: {articles}, of them for the model: {model}; to be grouped: {group}",
            &waiting,
        ),
        fill(locale, "Cards to be posted or edited: {n}", &number(to_post)),
        fill(locale, "Stories kept: {n}", &number(stories)),
    ];
    said(NEWS, &lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Locale;
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
            let message = status(of, Locale::English);
            assert_eq!(validate(&message), Ok(()));
            terminal(&message, 100, false)
        };
        insta::assert_snapshot!(shown(&quiet), @"
        ▌ dateline 0.1.0 · all-MiniLM-L6-v2 · summaries in the article's own sentences
        ▌ Feeds: 0 watched, 0 to be polled now, none read yet
        ▌ Waiting to be read: 0, of them for the model: 0; to be grouped: 0
        ▌ Cards to be posted or edited: 0
        ▌ Stories kept: 0
        ");
        insta::assert_snapshot!(shown(&busy), @"
        ▌ dateline 0.1.0 · all-MiniLM-L6-v2 · summaries by distilbart-cnn-6-6
        ▌ Feeds: 480 watched, 3 failing, 12 to be polled now, last read 20 July 1969, 20:17 UTC
        ▌ Waiting to be read: 40, of them for the model: 8; to be grouped: 2
        ▌ Cards to be posted or edited: 5
        ▌ Stories kept: 12345
        ");
        let german = status(&busy, Locale::German);
        assert_eq!(validate(&german), Ok(()));
        insta::assert_snapshot!(terminal(&german, 100, false), @"
        ▌ dateline 0.1.0 · all-MiniLM-L6-v2 · Zusammenfassungen von distilbart-cnn-6-6
        ▌ Feeds: 480 beobachtet, 3 gestört, 12 jetzt abzurufen, zuletzt gelesen 20 July 1969, 20:17 UTC
        ▌ Warten aufs Lesen: 40, davon aufs Modell: 8; auf die Zuordnung: 2
        ▌ Zu sendende oder zu ändernde Karten: 5
        ▌ Gespeicherte Meldungen: 12345
        ");
    }
}
