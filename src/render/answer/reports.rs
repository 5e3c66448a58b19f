//! The moderators' queue of what readers call inaccurate.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{NEWS, linked_headline, said};
use crate::domain::{ChannelId, Locale, Nonce, Published, Story, Verdict};
use crate::render::buttons::Press;
use crate::render::text::fit;
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

/// Rows of buttons that a message holds.
const SHOWN: usize = 5;

/// The longest waiting first; a button that settles one brings the next.
pub fn reports(views: &[ReportView], tz: Tz) -> Message {
    if views.is_empty() {
        return said(NEWS, "No card waits: nothing was called inaccurate, or all of it is settled.");
    }
    let mut lines = Vec::new();
    let mut buttons = Vec::new();
    for (n, view) in (1..).zip(views.iter().take(SHOWN)) {
        let who =
            if view.readers == 1 { "one reader".to_owned() } else { format!("{} readers", view.readers) };
        let since = dates::published(Published::Moment(view.since.fixed_offset()), tz);
        let happened = view.story.digest.summary.first().map(|sentence| fit(&sentence.text, 200));
        lines.push(format!(
            "{n}. {}\n{}-# <#{}> · {who}, since {since}",
            linked_headline(&view.story, 400, Locale::English),
            happened.filter(|text| !text.is_empty()).map(|text| text + "\n").unwrap_or_default(),
            view.channel
        ));
        let button = |label: &str, verdict| Button {
            label: format!("{label} {n}"),
            action: Action::Custom(Press::Settle(verdict, view.nonce.clone()).to_string()),
        };
        buttons.push(vec![button("Retract", Verdict::Retracted), button("Keep", Verdict::Dismissed)]);
    }
    if views.len() > SHOWN {
        lines.push(format!("-# … and {} more", views.len() - SHOWN));
    }
    Message { buttons, ..said(NEWS, &lines.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixtures::{HARMS, hostile_stories, moon, nonce, texts};
    use crate::render::{terminal, validate};

    fn view(story: Story) -> ReportView {
        ReportView { story, nonce: nonce(), channel: ChannelId(3), readers: 2, since: DateTime::UNIX_EPOCH }
    }

    #[test]
    fn a_moderator_sees_what_is_reported_and_what_can_be_done() {
        insta::assert_snapshot!(terminal(&reports(&[view(moon())], Tz::UTC), 84, false), @"
        ▌ 1. Two men walk on the Moon <https://florida.example/moon-landing>
        ▌ Neil Armstrong and Buzz Aldrin landed on the Moon on Sunday and spent more than
        ▌ two hours outside
        ▌ <#3> · 2 readers, since 1 January 1970, 00:00 UTC

        [ Retract 1 ] [ Keep 1 ]
        ");
    }

    #[test]
    fn any_reports_fit() {
        for (what, story) in hostile_stories() {
            let mut views = vec![view(story); 40];
            for (n, view) in views.iter_mut().enumerate() {
                view.nonce = Nonce(format!("{n}"));
            }
            let message = reports(&views, Tz::UTC);
            assert_eq!(validate(&message), Ok(()), "{what}");
            for harm in HARMS {
                assert!(!texts(&message).iter().any(|text| text.contains(harm)), "{what}: {harm}");
            }
        }
        assert_eq!(validate(&reports(&[], Tz::UTC)), Ok(()));
    }
}
