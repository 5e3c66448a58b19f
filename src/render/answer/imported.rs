//! What became of a list of feeds, in words.

use super::feeds::no_feed;
use super::{BAD, GOOD, said};
use crate::domain::Locale;
use crate::render::Message;
use crate::render::text::fit;
use crate::render::words::{count, fill, known, say};

/// What became of the feeds of a list; together they are all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportedFeeds {
    pub added: usize,
    /// Watched before.
    pub already: usize,
    /// Named in the list more than once.
    pub repeated: usize,
    /// Those that were refused, by reason, the commonest first.
    pub refused: Vec<RefusedFeeds>,
    /// What was wrong with the list.
    pub warnings: Vec<String>,
    /// In how many minutes the new ones will all have been read.
    pub minutes: u64,
}

/// Feeds of a list that were refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedFeeds {
    pub reason: String,
    pub count: usize,
    /// Some of their addresses, as written in the list.
    pub examples: Vec<String>,
}

/// Reasons told, addresses told with each, and warnings told.
const REASONS: usize = 6;
const EXAMPLES: usize = 3;
const WARNINGS: usize = 3;

/// How many feeds of a list were added, were there already, or were refused and why.
pub fn feeds_imported(imported: &ImportedFeeds, locale: Locale) -> Message {
    let ImportedFeeds { added, already, repeated, refused, warnings, minutes } = imported;
    let refusals: usize = refused.iter().map(|refused| refused.count).sum();
    let mut lines = vec![match (*added, *already, refusals) {
        (0, 0, 0) => say(locale, "The list holds no feed.").to_owned(),
        (added, already, refusals) => {
            let mut parts = vec![count(locale, added, "1 feed added", "{n} feeds added")];
            parts.extend(
                (already > 0).then(|| count(locale, already, "1 watched already", "{n} watched already")),
            );
            parts.extend((refusals > 0).then(|| count(locale, refusals, "1 refused", "{n} refused")));
            format!("{}.", parts.join(", "))
        }
    }];
    if *repeated > 0 {
        let feeds = [("feeds", feeds(*repeated, locale))];
        lines.push(fill(locale, "Named more than once in the list: {feeds}.", &feeds));
    }
    lines.extend(refused.iter().take(REASONS).map(|refused| refusal(refused, locale)));
    let rest: usize = refused.iter().skip(REASONS).map(|refused| refused.count).sum();
    if rest > 0 {
        let rest = fill(locale, "Refused for other reasons: {n}", &[("n", rest.to_string())]);
        lines.push(format!("- {rest}"));
    }
    lines.extend(
        warnings.iter().take(WARNINGS).map(|warning| format!("-# {}", fit(&known(locale, warning), 150))),
    );
    if *added > 0 {
        lines.push(match minutes {
            0 | 1 => {
                say(locale, "They are read within a minute; `/feeds list` tells how they are.").to_owned()
            }
            minutes => fill(
                locale,
                "They are read one after another within {n} minutes; `/feeds list` tells how they are.",
                &[("n", minutes.to_string())],
            ),
        });
        lines.push(
            say(locale, "`/topics subscribe` decides which of their stories are posted where.").to_owned(),
        );
    }
    said(if added + already > 0 { GOOD } else { BAD }, &lines.join("\n"))
}

/// "- Refused (the address is private): http://10.0.0.1/rss and 4 more"
fn refusal(RefusedFeeds { reason, count, examples }: &RefusedFeeds, locale: Locale) -> String {
    let mut shown: Vec<String> = examples.iter().take(EXAMPLES).map(|text| fit(text, 80)).collect();
    shown.retain(|text| !text.is_empty());
    let rest = count.saturating_sub(shown.len());
    let shown = match (shown.is_empty(), rest) {
        (true, _) => feeds(*count, locale),
        (false, 0) => shown.join(", "),
        (false, rest) => fill(
            locale,
            "{addresses} and {n} more",
            &[("addresses", shown.join(", ")), ("n", rest.to_string())],
        ),
    };
    let why = fit(&known(locale, reason), 120);
    let refused = fill(locale, "Refused ({why}): {addresses}", &[("why", why), ("addresses", shown)]);
    format!("- {refused}")
}

/// What comes with the file of an export.
pub fn feeds_exported(count: usize, locale: Locale) -> Message {
    match count {
        0 => said(BAD, no_feed(locale)),
        count => {
            let feeds = [("feeds", feeds(count, locale))];
            let words =
                fill(locale, "{feeds}, as a list that other readers and `/feeds import` take.", &feeds);
            said(GOOD, &words)
        }
    }
}

fn feeds(n: usize, locale: Locale) -> String {
    count(locale, n, "1 feed", "{n} feeds")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixtures::HARMS;
    use crate::render::{terminal, validate};

    fn shown(imported: &ImportedFeeds) -> String {
        let message = feeds_imported(imported, Locale::English);
        assert_eq!(validate(&message), Ok(()));
        terminal(&message, 84, false)
    }

    fn refused(reason: &str, count: usize, examples: &[&str]) -> RefusedFeeds {
        let examples = examples.iter().map(|text| (*text).to_owned()).collect();
        RefusedFeeds { reason: reason.to_owned(), count, examples }
    }

    #[test]
    fn what_became_of_a_list() {
        let imported = ImportedFeeds {
            added: 480,
            already: 15,
            repeated: 1,
            refused: vec![
                refused(
                    "the address is private",
                    5,
                    &["http://10.0.0.1/rss", "http://10.0.0.2/rss", "b", "c"],
                ),
                refused("only http and https addresses can be watched", 1, &["file:///etc/passwd"]),
            ],
            warnings: vec!["The list ends in the middle.".to_owned()],
            minutes: 8,
        };
        insta::assert_snapshot!(shown(&imported), @"
        ▌ 480 feeds added, 15 watched already, 6 refused.
        ▌ Named more than once in the list: 1 feed.
        ▌ - Refused (the address is private): http://10.0.0.1/rss, http://10.0.0.2/rss, b
        ▌ and 2 more
        ▌ - Refused (only http and https addresses can be watched): file:///etc/passwd
        ▌ The list ends in the middle.
        ▌ They are read one after another within 8 minutes; /feeds list tells how they are.
        ▌ /topics subscribe decides which of their stories are posted where.
        ");
        let one = ImportedFeeds { added: 1, minutes: 1, ..ImportedFeeds::default() };
        insta::assert_snapshot!(shown(&one), @"
        ▌ 1 feed added.
        ▌ They are read within a minute; /feeds list tells how they are.
        ▌ /topics subscribe decides which of their stories are posted where.
        ");
        insta::assert_snapshot!(shown(&ImportedFeeds::default()), @"▌ The list holds no feed.");
        let exported = |count| terminal(&feeds_exported(count, Locale::English), 84, false);
        insta::assert_snapshot!(exported(0), @"▌ No feed is watched yet. /feeds add takes the address of any news site.");
        insta::assert_snapshot!(exported(2), @"▌ 2 feeds, as a list that other readers and /feeds import take.");
    }

    #[test]
    fn any_list_is_told_within_the_limits() {
        for harm in HARMS {
            let many = (0..40).map(|n| refused(&format!("{n} {harm}"), 9, &[harm; 9])).collect();
            let warnings = vec![harm.to_string(); 40];
            let imported = ImportedFeeds { refused: many, warnings, added: 1, ..ImportedFeeds::default() };
            assert_eq!(validate(&feeds_imported(&imported, Locale::German)), Ok(()), "{harm:.40}");
        }
    }
}
