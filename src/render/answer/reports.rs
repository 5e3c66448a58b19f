//! The moderators' queue of what readers call inaccurate.

use chrono::{DateTime, Utc};

use super::{NEWS, linked_headline, said};
use crate::domain::{ChannelId, Locale, Nonce, Story, Verdict};
use crate::render::buttons::Press;
use crate::render::text::fit;
use crate::render::words::{fill, say};
use crate::render::{Action, Button, Message, dates};

/// A reported card.
#[derive(Debug, Clone)]
pub struct ReportView {
    pub story: Story,
    pub nonce: Nonce,
    pub channel: ChannelId,
    pub readers: u32,
    /// When the first reader called it inaccurate.
    pub since: DateTime<Utc>,
}

/// What waits for a moderator.
#[derive(Debug, Clone, Default)]
pub struct ReportQueue {
    /// The longest waiting first, [`ReportQueue::SHOWN`] at most.
    pub first: Vec<ReportView>,
    /// How many more wait.
    pub more: usize,
}

impl ReportQueue {
    /// Rows of buttons that a message holds.
    pub const SHOWN: usize = 5;
}

/// The longest waiting first; a button that settles one brings the next.
pub fn reports(queue: &ReportQueue, locale: Locale) -> Message {
    if queue.first.is_empty() {
        let none = say(locale, "No card waits: nothing was called inaccurate, or all of it is settled.");
        return said(NEWS, none);
    }
    let mut lines = Vec::new();
    let mut buttons = Vec::new();
    for (n, view) in (1..).zip(queue.first.iter().take(ReportQueue::SHOWN)) {
        let since = dates::moment_tag(view.since);
        let who = match view.readers {
            1 => fill(locale, "one reader, since {since}", &[("since", since)]),
            n => fill(locale, "{n} readers, since {since}", &[("n", n.to_string()), ("since", since)]),
        };
        let happened = view.story.digest.summary.first().map(|sentence| fit(&sentence.text, 200));
        lines.push(format!(
            "{n}. {}\n{}-# <#{}> · {who}",
            linked_headline(&view.story, 400, locale),
            happened.filter(|text| !text.is_empty()).map(|text| text + "\n").unwrap_or_default(),
            view.channel
        ));
        let number = [("n", n.to_string())];
        let button = |label: String, verdict| Button {
            label,
            action: Action::Custom(Press::Settle(verdict, view.nonce.clone()).to_string()),
        };
        buttons.push(vec![
            button(fill(locale, "Retract {n}", &number), Verdict::Retracted),
            button(fill(locale, "Keep {n}", &number), Verdict::Dismissed),
        ]);
    }
    if queue.more > 0 {
        let more = fill(locale, "… and {n} more", &[("n", queue.more.to_string())]);
        lines.push(format!("-# {more}"));
    }
    Message { buttons, ..said(NEWS, &lines.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Locale;
    use crate::render::fixtures::{HARMS, hostile_stories, moon, nonce, texts};
    use crate::render::{terminal, validate};

    fn view(story: Story) -> ReportView {
        ReportView { story, nonce: nonce(), channel: ChannelId(3), readers: 2, since: DateTime::UNIX_EPOCH }
    }

    fn queue(first: Vec<ReportView>, more: usize) -> ReportQueue {
        ReportQueue { first, more }
    }

    #[test]
    fn a_moderator_sees_what_is_reported_and_what_can_be_done() {
        insta::assert_snapshot!(terminal(&reports(&queue(vec![view(moon())], 0), Locale::English), 84, false), @"
        ▌ 1. Two men walk on the Moon <https://florida.example/moon-landing>
        ▌ Neil Armstrong and Buzz Aldrin landed on the Moon on Sunday and spent more than
        ▌ two hours outside
        ▌ <#3> · 2 readers, since 1 January 1970, 00:00 UTC

        [ Retract 1 ] [ Keep 1 ]
        ");
        let german = Locale::German;
        let one = ReportView { readers: 1, ..view(moon()) };
        insta::assert_snapshot!(terminal(&reports(&queue(vec![one], 2), german), 84, false), @"
        ▌ 1. Two men walk on the Moon <https://florida.example/moon-landing>
        ▌ Neil Armstrong and Buzz Aldrin landed on the Moon on Sunday and spent more than
        ▌ two hours outside
        ▌ <#3> · von einer Person gemeldet, seit 1 January 1970, 00:00 UTC
        ▌ … und 2 weitere

        [ 1 zurückziehen ] [ 1 behalten ]
        ");
    }

    #[test]
    fn any_reports_fit() {
        for (what, story) in hostile_stories() {
            let mut views = vec![view(story); ReportQueue::SHOWN];
            for (n, view) in views.iter_mut().enumerate() {
                view.nonce = Nonce(format!("{n}"));
            }
            let message = reports(&queue(views, usize::MAX), Locale::English);
            assert_eq!(validate(&message), Ok(()), "{what}");
            for harm in HARMS {
                assert!(!texts(&message).iter().any(|text| text.contains(harm)), "{what}: {harm}");
            }
        }
        assert_eq!(validate(&reports(&ReportQueue::default(), Locale::English)), Ok(()));
    }
}
