//! What our buttons ask for, written whole into their `custom_id`.
//!
//! A button must work after a restart and long after it was posted, so nothing about it is kept in
//! memory: its `custom_id` names a row of the database, or the very list it pages through.

use std::fmt;

use super::limits::max;
use super::words::fill;
use super::{Action, Button};
use crate::domain::{Locale, Nonce, StoryId, Verdict};

/// What a pressed button asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// All sources of the story on the card with this nonce.
    Sources(Nonce),
    /// The dated events of the story on the card with this nonce.
    Timeline(Nonce),
    /// The stories of the round-up with this nonce.
    Roundup(Nonce),
    /// The reader calls the card with this nonce inaccurate.
    Inaccurate(Nonce),
    /// A moderator's word on the card with this nonce.
    Settle(Verdict, Nonce),
    /// Another page of a list.
    Page(List, usize),
}

/// A list that is shown in pages, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum List {
    /// These stories, so many on a page: a search is not repeated when its second page is opened.
    Stories {
        ids: Vec<StoryId>,
        on_page: usize,
    },
    Sources(Nonce),
    /// All of one story.
    Story(StoryId),
    /// The dated events of these stories.
    Timeline(Vec<StoryId>),
    /// Of the guild where the button is.
    Subscriptions,
    /// Of the guild where the button is.
    Feeds,
}

/// What a button of a message asks for.
type OfCard = fn(Nonce) -> Press;

/// How the buttons of one message begin, before its nonce.
const OF_CARDS: [(&str, OfCard); 6] = [
    ("sources:", Press::Sources),
    ("timeline:", Press::Timeline),
    ("roundup:", Press::Roundup),
    ("inaccurate:", Press::Inaccurate),
    ("retract:", |nonce| Press::Settle(Verdict::Retracted, nonce)),
    ("keep:", |nonce| Press::Settle(Verdict::Dismissed, nonce)),
];

impl Press {
    /// Reads a `custom_id`; nothing if it is none of ours, or of another version.
    pub fn parse(custom_id: &str) -> Option<Self> {
        for (before, press) in OF_CARDS {
            if let Some(nonce) = custom_id.strip_prefix(before) {
                return Some(press(Nonce(nonce.to_owned())));
            }
        }
        let (page, list) = custom_id.strip_prefix("page:")?.split_once(':')?;
        let list = match list.split_once(':') {
            None if list == "subscriptions" => List::Subscriptions,
            None if list == "feeds" => List::Feeds,
            // The dot keeps these from ending in the nonce, by which a card is recognized.
            Some(("sources", nonce)) => List::Sources(Nonce(nonce.strip_suffix('.')?.to_owned())),
            Some(("story", id)) => List::Story(parse_id(id)?),
            Some(("timeline", ids)) => List::Timeline(parse_ids(ids)?),
            Some(("stories", rest)) => {
                let (on_page, ids) = rest.split_once(':')?;
                let on_page: usize = on_page.parse().ok().filter(|&n| (1..=max::EMBEDS).contains(&n))?;
                List::Stories { ids: parse_ids(ids)?, on_page }
            }
            _ => return None,
        };
        Some(Press::Page(list, page.parse().ok().filter(|&page: &usize| page <= MAX_PAGE)?))
    }
}

impl fmt::Display for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Press::Sources(nonce) => write!(f, "sources:{}", nonce.0),
            Press::Timeline(nonce) => write!(f, "timeline:{}", nonce.0),
            Press::Roundup(nonce) => write!(f, "roundup:{}", nonce.0),
            Press::Inaccurate(nonce) => write!(f, "inaccurate:{}", nonce.0),
            Press::Settle(Verdict::Retracted, nonce) => write!(f, "retract:{}", nonce.0),
            Press::Settle(Verdict::Dismissed, nonce) => write!(f, "keep:{}", nonce.0),
            Press::Page(List::Subscriptions, page) => write!(f, "page:{page}:subscriptions"),
            Press::Page(List::Feeds, page) => write!(f, "page:{page}:feeds"),
            Press::Page(List::Sources(nonce), page) => write!(f, "page:{page}:sources:{}.", nonce.0),
            Press::Page(List::Story(id), page) => write!(f, "page:{page}:story:{}", base36(*id)),
            Press::Page(List::Timeline(ids), page) => write!(f, "page:{page}:timeline:{}", joined(ids)),
            Press::Page(List::Stories { ids, on_page }, page) => {
                write!(f, "page:{page}:stories:{on_page}:{}", joined(ids))
            }
        }
    }
}

/// As many of `ids`, from the first, as one button can hold: about 18 while a database has fewer than
/// a million stories, 7 in the worst case.
pub fn that_fit(ids: &[StoryId]) -> &[StoryId] {
    // "page:99:stories:10:" and the separating dots.
    let mut room = max::CUSTOM_ID - 19;
    let fitting = ids.iter().take_while(|id| {
        let needed = base36(**id).len() + 1;
        let fits = needed <= room;
        room = room.saturating_sub(needed);
        fits
    });
    &ids[..fitting.count()]
}

/// ◀ and ▶ as one row, or no row where there is only one page.
pub(super) fn pager(list: &List, page: usize, pages: usize, locale: Locale) -> Vec<Vec<Button>> {
    let number = |page: usize| fill(locale, "Page {n}", &[("n", page.to_string())]);
    let to = |label: String, page| Button {
        label,
        action: Action::Custom(Press::Page(list.clone(), page).to_string()),
    };
    let mut row = Vec::new();
    if let Some(previous) = page.checked_sub(1) {
        row.push(to(format!("◀ {}", number(previous + 1)), previous));
    }
    if page + 1 < pages && page < MAX_PAGE {
        row.push(to(format!("{} ▶", number(page + 2)), page + 1));
    }
    if row.is_empty() { Vec::new() } else { vec![row] }
}

const MAX_PAGE: usize = 98;

fn base36(id: StoryId) -> String {
    let mut rest = id.0.unsigned_abs();
    let mut digits = Vec::new();
    loop {
        digits.push(char::from(b"0123456789abcdefghijklmnopqrstuvwxyz"[(rest % 36) as usize]));
        rest /= 36;
        if rest == 0 {
            return digits.iter().rev().collect();
        }
    }
}

fn joined(ids: &[StoryId]) -> String {
    ids.iter().map(|id| base36(*id)).collect::<Vec<_>>().join(".")
}

fn parse_ids(text: &str) -> Option<Vec<StoryId>> {
    text.split('.').map(parse_id).collect()
}

fn parse_id(text: &str) -> Option<StoryId> {
    i64::from_str_radix(text, 36).ok().filter(|&id| id >= 0).map(StoryId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_says_all_it_needs() {
        let nonce = Nonce("d7f3a9".to_owned());
        for (press, id) in [
            (Press::Sources(nonce.clone()), "sources:d7f3a9"),
            (Press::Roundup(nonce.clone()), "roundup:d7f3a9"),
            (Press::Inaccurate(nonce.clone()), "inaccurate:d7f3a9"),
            (Press::Settle(Verdict::Retracted, nonce.clone()), "retract:d7f3a9"),
            (Press::Settle(Verdict::Dismissed, nonce.clone()), "keep:d7f3a9"),
            (Press::Page(List::Sources(nonce), 2), "page:2:sources:d7f3a9."),
            (Press::Timeline(Nonce("d7f3a9".to_owned())), "timeline:d7f3a9"),
            (Press::Page(List::Story(StoryId(36)), 3), "page:3:story:10"),
            (Press::Page(List::Timeline(vec![StoryId(35), StoryId(36)]), 2), "page:2:timeline:z.10"),
            (Press::Page(List::Feeds, 0), "page:0:feeds"),
            (Press::Page(List::Subscriptions, 1), "page:1:subscriptions"),
            (
                Press::Page(List::Stories { ids: vec![StoryId(0), StoryId(35), StoryId(36)], on_page: 5 }, 1),
                "page:1:stories:5:0.z.10",
            ),
        ] {
            assert_eq!(press.to_string(), id);
            assert_eq!(Press::parse(id), Some(press));
        }
    }

    #[test]
    fn what_is_not_ours_is_nothing() {
        for id in [
            "",
            "read",
            "page",
            "page:1",
            "page::feeds",
            "page:-1:feeds",
            "page:1:feeds:x",
            "page:1:story:",
            "page:1:timeline:1..2",
            "page:1:stories:5:",
            "page:1:stories:0:1",
            "page:1:stories:11:1",
            "page:1:stories:5:-1",
            "page:1:stories:5:1..2",
            "page:18446744073709551615:feeds",
            "page:99:feeds",
            "page:1:stories:5:zzzzzzzzzzzzzzz",
            "page:0:sources:x",
        ] {
            assert_eq!(Press::parse(id), None, "{id}");
        }
    }

    #[test]
    fn a_list_of_stories_fits_one_button() {
        for (first, step, at_least) in [(1, 1, 20), (900_000, 1, 16), (i64::MAX - 50, 1, 5)] {
            let ids: Vec<_> = (0..50).map(|n| StoryId(first + n * step)).collect();
            let fitting = that_fit(&ids);
            assert!(fitting.len() >= at_least, "{} from {first}", fitting.len());
            let id = Press::Page(List::Stories { ids: fitting.to_vec(), on_page: 10 }, 98).to_string();
            assert!(id.len() <= max::CUSTOM_ID, "{id}");
        }
    }
}
