//! Whole paragraphs that are known by their words: prompts, credits, notices.
//!
//! Every pattern is about the paragraph as a whole, and each has a greatest length, so that a sentence
//! that merely mentions a newsletter or a copyright stays. Mostly English; the commonest forms of
//! German, French and Spanish pages.

mod lines;
mod table;

use std::sync::LazyLock;

use regex::Regex;

use super::shape;
pub(super) use lines::{has_moment, is_around_comment};
use lines::{is_address, is_breadcrumb, is_date, is_hashtags, is_share_bar};
use table::TABLE;

/// Why a paragraph is not part of the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Residue {
    /// A prompt to comment, a counter of comments: what follows at the end of a page is comments.
    Comments,
    Share,
    Newsletter,
    Paywall,
    /// "Read more: …": one link.
    Related,
    /// "Related stories": the headlines below it belong to it.
    RelatedHeading,
    Caption,
    Byline,
    Date,
    Navigation,
    Bio,
    Copyright,
    Advert,
    Tags,
    FirstAppeared,
    Poll,
    /// It stands on other pages of the outlet too.
    Recurring,
    /// A headline or first words of another story.
    Teaser,
    /// The headline again, or a paragraph twice.
    Repeat,
}

/// Where in the page a pattern is to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    Anywhere,
    /// Before the first or after the last paragraph of prose.
    Ends,
}

/// No pattern is about longer paragraphs.
const MAX_WORDS: usize = 70;

struct Pattern {
    residue: Residue,
    zone: Zone,
    /// A longer paragraph is not meant.
    max_words: usize,
    regex: Regex,
}

/// The residue that a paragraph is by its words, if any; `at_end`: it lies before or after all prose.
pub(super) fn classify(line: &str, at_end: bool) -> Option<Residue> {
    let bare = line.trim_matches(|c: char| c.is_whitespace() || "()[]{}*_|•·»›>–—-→▶►✓✉☛#".contains(c));
    let words = shape::word_count(line);
    if words == 0 || (at_end && is_address(line)) {
        return Some(Residue::Navigation);
    }
    // What a person says is never residue, whatever the words; nor is a long paragraph.
    if shape::starts_with_quote(line) || words > MAX_WORDS {
        return None;
    }
    if is_share_bar(bare, words) {
        return Some(Residue::Share);
    }
    if is_hashtags(line) {
        return Some(Residue::Tags);
    }
    if is_date(bare, at_end) {
        return Some(Residue::Date);
    }
    if is_breadcrumb(line, words) {
        return Some(Residue::Navigation);
    }
    PATTERNS
        .iter()
        .find(|pattern| {
            words <= pattern.max_words
                && (at_end || pattern.zone == Zone::Anywhere)
                && (pattern.regex.is_match(bare) || (bare.len() < line.len() && pattern.regex.is_match(line)))
        })
        .map(|pattern| pattern.residue)
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    TABLE
        .iter()
        .map(|(residue, zone, max_words, source)| Pattern {
            residue: *residue,
            zone: *zone,
            max_words: *max_words,
            // Word boundaries by ASCII: those of Unicode are beyond the fast engines.
            regex: Regex::new(&format!("(?i){}", source.replace(r"\b", r"(?-u:\b)")))
                .expect("constant patterns, all compiled by the tests"),
        })
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn residue_is_known_by_its_words() {
        use Residue::*;
        let cases: &[(Residue, &[&str])] = &[
            (
                Comments,
                &[
                    "Leave a Comment",
                    "Leave a reply",
                    "12 Comments",
                    "Comments (3)",
                    "No comments yet",
                    "Join the conversation",
                    "Post your comment",
                    "You must be logged in to post a comment.",
                    "Schreiben Sie einen Kommentar",
                ],
            ),
            (
                Share,
                &[
                    "Share",
                    "Share this article",
                    "Facebook Twitter WhatsApp",
                    "Share on Facebook",
                    "Follow us on Twitter and Instagram",
                    "Teilen mit:",
                ],
            ),
            (
                Newsletter,
                &[
                    "Sign up for our daily newsletter",
                    "Sign up: the week at sea, free by post.",
                    "Get the Morning Chronicle’s Daily Edition by email and never miss our top stories",
                    "Subscribe to receive the best of the week in your inbox",
                    "We use cookies to improve your experience.",
                    "Chronicle Newsletter",
                    "Download our app for the latest stories",
                ],
            ),
            (
                Paywall,
                &[
                    "To continue reading, please subscribe.",
                    "Already a subscriber? Log in",
                    "This article is for subscribers only",
                    "Subscribe now to read the full story.",
                ],
            ),
            (
                Related,
                &[
                    "Read more: The long road to the Suez canal",
                    "ALSO READ | Why the airship burned",
                    "Read more…",
                    "Click here to see the pictures",
                    "(Read also: The men of the Endurance)",
                    "Lea también: El canal de Panamá",
                ],
            ),
            (
                RelatedHeading,
                &[
                    "Related stories",
                    "Also read:",
                    "More from this section",
                    "Most read",
                    "You may also like",
                    "In other news",
                    "Trending now",
                ],
            ),
            (
                Caption,
                &[
                    "Photo: Library of Congress",
                    "The airship over Lakehurst, New Jersey. (AP Photo/Murray Becker)",
                    "Image credit: NASA",
                    "Crowds at the Brandenburg Gate on November 10. Getty Images/Pool",
                    "A page of the treaty / AFP",
                    "© Bettmann",
                ],
            ),
            (
                Byline,
                &[
                    "By Nellie Bly",
                    "By Carl Bernstein and Bob Woodward",
                    "Reporting by Walter Cronkite in Houston; Editing by Eric Sevareid",
                    "Written by: Ida Tarbell",
                    "With inputs from agencies",
                    "(Additional reporting by Ernie Pyle)",
                ],
            ),
            (
                Date,
                &[
                    "Published: July 21, 1969 at 3:56 am",
                    "April 15, 1912",
                    "Updated 3 hours ago",
                    "Monday 10 November 1989, 11:30 GMT",
                    "07.09.2022 14:30 Uhr",
                ],
            ),
            (
                Navigation,
                &[
                    "Home > World > Europe",
                    "Skip to main content",
                    "5 min read",
                    "https://example.org/a",
                    "* * *",
                    "@nasa",
                    "editor@example.org",
                ],
            ),
            (Bio, &["About the author", "Follow her on Twitter @nelliebly"]),
            (
                Copyright,
                &["© 1969 The Chronicle", "Copyright 1912. All rights reserved.", "All rights reserved."],
            ),
            (
                Advert,
                &["Advertisement", "ADVERTISEMENT", "Story continues below", "Sponsored content", "Anzeige"],
            ),
            (Tags, &["Tags: space, moon, Apollo", "Filed under: History", "#moon #apollo11"]),
            (
                FirstAppeared,
                &[
                    "This article first appeared in the Chronicle.",
                    "The post Moon landing appeared first on Chronicle.",
                    "Originally published by the Chronicle in 1969",
                ],
            ),
            (Poll, &["What do you think?", "Take our poll", "Have your say in the comments", "Got a tip?"]),
        ];
        for (expected, lines) in cases {
            for line in *lines {
                assert_eq!(classify(line, true), Some(*expected), "{line}");
            }
        }
    }

    #[test]
    fn prose_that_mentions_such_things_stays() {
        let lines = [
            "The newspaper asked its readers to sign up for military service in a newsletter of 1914.",
            "Comments by the chancellor on the treaty alarmed the delegates of the smaller states.",
            "Share prices collapsed on Thursday, and thirteen million shares changed hands before the close.",
            "Related families were allowed to cross the border after four hours of waiting.",
            "“Leave a comment if you must,” the editor told them.",
            "Read the treaty and weep, the foreign minister advised.",
            "By Friday the ice had closed around the ship.",
            "Photography was still young when the bridge was built, and few plates survive.",
            "On April 15, 1912, the ship went down.",
            "Copyright law was extended in 1710 by the Statute of Anne, the first of its kind.",
            "Most readers knew the name from the trial.",
            "He was 84.",
            "Watch makers left the city after the edict.",
            "More than 1,500 people died.",
            "Support for the strike grew in the shipyards.",
            "Video recordings of the landing were erased.",
        ];
        for line in lines {
            assert_eq!(classify(line, true), None, "{line}");
        }
    }

    #[test]
    fn a_date_may_head_a_section() {
        assert_eq!(classify("April 15, 1912", false), None);
        assert_eq!(classify("July 21, 1969, 3:56", false), Some(Residue::Date));
    }
}
