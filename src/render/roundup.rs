//! The round-up: several stories in one message, the weightiest first.

use chrono::NaiveDate;

use super::buttons::Press;
use super::card::{NEWS, headline, summary};
use super::limits::max;
use super::telling::{count, lead_url, tellings};
use super::text::{link, units};
use super::words::{self, fill, say};
use super::{Action, Button, Embed, Message, dates};
use crate::domain::{Locale, Nonce, Story};

/// Stories with a line of their own; the button shows the others too.
const SHOWN: usize = 10;
/// What the headline, with its link, and what happened may take.
const HEADLINE: usize = 200;
const LINKED: usize = 560;
const HAPPENED: usize = 240;
const _: () = assert!(HEADLINE + HAPPENED + 130 < max::DESCRIPTION / SHOWN * 2);

/// `stories` as they are ranked, more than one. Within Discord's limits for any stories.
pub fn roundup(stories: &[Story], nonce: &Nonce, locale: Locale) -> Message {
    let mut room = max::DESCRIPTION - 40;
    let mut lines: Vec<String> = Vec::new();
    for story in stories.iter().take(SHOWN) {
        let line = line(story, locale);
        let Some(left) = room.checked_sub(units(&line) + 2) else { break };
        room = left;
        lines.push(line);
    }
    let more = stories.len() - lines.len();
    if more > 0 {
        let more = fill(locale, "… and {n} more", &[("n", more.to_string())]);
        lines.push(format!("-# {more}"));
    }
    let embed = Embed {
        title: Some(count_stories(stories.len(), locale)),
        description: Some(lines.join("\n\n")),
        colour: NEWS,
        ..Embed::default()
    };
    let digests = Button {
        label: say(locale, "Read the digests").to_owned(),
        action: Action::Custom(Press::Roundup(nonce.clone()).to_string()),
    };
    Message { embeds: vec![embed], buttons: vec![vec![digests]], ..Message::default() }
}

/// What a post that holds a round-up is called; within the 100 characters of a post's name.
pub fn roundup_name(stories: usize, day: NaiveDate, locale: Locale) -> String {
    format!("{} · {}", count_stories(stories, locale), dates::day(day, locale))
}

fn count_stories(n: usize, locale: Locale) -> String {
    words::count(locale, n, "1 story", "{n} stories")
}

/// "**[Two men walk on the Moon](…)**", who says so, and the first sentence of what happened.
fn line(story: &Story, locale: Locale) -> String {
    let tellings = tellings(story);
    let title = headline(&story.digest, &tellings, HEADLINE, locale);
    let linked = lead_url(&tellings, max::EMBED_URL).map(|url| link(&title, &url));
    let title = linked.filter(|linked| units(linked) <= LINKED).unwrap_or(title);
    let who = match tellings.as_slice() {
        [only] => only.line(locale, 0),
        [] => String::new(),
        several => {
            let first = several.first().and_then(|lead| lead.published);
            let when = first.map(|at| format!(" — {}", dates::told(at, locale))).unwrap_or_default();
            format!("{}{when}", count(several, locale))
        }
    };
    let who = if story.breaking.is_some() { format!("{} · {who}", say(locale, "Breaking")) } else { who };
    let first = story.digest.summary.get(..1).unwrap_or_default();
    let happened = summary(first, &[], HAPPENED).unwrap_or_default();
    let parts = [format!("**{title}**"), happened, if who.is_empty() { who } else { format!("-# {who}") }];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixtures::{HARMS, hostile_stories, moon, nonce, texts, ultimatum};
    use crate::render::{terminal, validate};

    #[test]
    fn a_round_up_tells_each_story_in_three_lines() {
        insta::assert_snapshot!(terminal(&roundup(&[moon(), ultimatum()], &nonce(), Locale::English), 84, false), @"
        ▌ 2 stories
        ▌ Two men walk on the Moon <https://florida.example/moon-landing>
        ▌ Neil Armstrong and Buzz Aldrin landed on the Moon on Sunday and spent more than
        ▌ two hours outside.
        ▌ 3 sources — 21 July 1969, 01:05 UTC
        ▌
        ▌ Vienna gives Belgrade 48 hours <https://tribune.example/1914/note>
        ▌ Austria-Hungary handed Serbia a note with ten demands on Thursday.
        ▌ Example Tribune — 23 July 1914, 20:00 UTC

        [ Read the digests ]
        ");
    }

    #[test]
    fn any_stories_fit() {
        for (what, story) in hostile_stories() {
            for n in [2, 10, 40] {
                let message = roundup(&vec![story.clone(); n], &nonce(), Locale::English);
                assert_eq!(validate(&message), Ok(()), "{n} of {what}");
                for harm in HARMS {
                    assert!(!texts(&message).iter().any(|text| text.contains(harm)), "{what}: {harm}");
                }
            }
        }
    }
}
