//! What became of a list of feeds, in words.

use super::super::Message;
use super::super::text::fit;
use super::{BAD, GOOD, said};

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
pub fn feeds_imported(imported: &ImportedFeeds) -> Message {
    let ImportedFeeds { added, already, repeated, refused, warnings, minutes } = imported;
    let refusals: usize = refused.iter().map(|refused| refused.count).sum();
    let mut lines = vec![match (*added, *already, refusals) {
        (0, 0, 0) => "The list holds no feed.".to_owned(),
        (added, already, refusals) => {
            let mut parts = vec![format!("{} added", feeds(added))];
            parts.extend((already > 0).then(|| format!("{already} watched already")));
            parts.extend((refusals > 0).then(|| format!("{refusals} refused")));
            format!("{}.", parts.join(", "))
        }
    }];
    if *repeated > 0 {
        lines.push(format!("Named more than once in the list: {}.", feeds(*repeated)));
    }
    for RefusedFeeds { reason, count, examples } in refused.iter().take(REASONS) {
        let mut shown: Vec<String> = examples.iter().take(EXAMPLES).map(|text| fit(text, 80)).collect();
        shown.retain(|text| !text.is_empty());
        let rest = count.saturating_sub(shown.len());
        let shown = match (shown.is_empty(), rest) {
            (true, _) => feeds(*count),
            (false, 0) => shown.join(", "),
            (false, rest) => format!("{} and {rest} more", shown.join(", ")),
        };
        lines.push(format!("- Refused ({}): {shown}", fit(reason, 120)));
    }
    let rest: usize = refused.iter().skip(REASONS).map(|refused| refused.count).sum();
    if rest > 0 {
        lines.push(format!("- Refused for other reasons: {rest}"));
    }
    lines.extend(warnings.iter().take(WARNINGS).map(|warning| format!("-# {}", fit(warning, 150))));
    if *added > 0 {
        let when = match minutes {
            0 | 1 => "within a minute".to_owned(),
            minutes => format!("one after another within {minutes} minutes"),
        };
        lines.push(format!(
            "They are read {when}; `/feeds list` tells how they are. `/topics subscribe` decides which of \
             their stories are posted where."
        ));
    }
    said(if added + already > 0 { GOOD } else { BAD }, &lines.join("\n"))
}

/// What comes with the file of an export.
pub fn feeds_exported(count: usize) -> Message {
    match count {
        0 => said(BAD, "No feed is watched yet. `/feeds add` takes the address of any news site."),
        count => {
            said(GOOD, &format!("{}, as a list that other readers and `/feeds import` take.", feeds(count)))
        }
    }
}

fn feeds(count: usize) -> String {
    if count == 1 { "1 feed".to_owned() } else { format!("{count} feeds") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixtures::HARMS;
    use crate::render::{terminal, validate};

    fn shown(imported: &ImportedFeeds) -> String {
        let message = feeds_imported(imported);
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
        ▌ They are read within a minute; /feeds list tells how they are. /topics subscribe
        ▌ decides which of their stories are posted where.
        ");
        insta::assert_snapshot!(shown(&ImportedFeeds::default()), @"▌ The list holds no feed.");
        let exported = |count| terminal(&feeds_exported(count), 84, false);
        insta::assert_snapshot!(exported(0), @"▌ No feed is watched yet. /feeds add takes the address of any news site.");
        insta::assert_snapshot!(exported(2), @"▌ 2 feeds, as a list that other readers and /feeds import take.");
    }

    #[test]
    fn any_list_is_told_within_the_limits() {
        for harm in HARMS {
            let many = (0..40).map(|n| refused(&format!("{n} {harm}"), 9, &[harm; 9])).collect();
            let warnings = vec![harm.to_string(); 40];
            let imported = ImportedFeeds { refused: many, warnings, added: 1, ..ImportedFeeds::default() };
            assert_eq!(validate(&feeds_imported(&imported)), Ok(()), "{harm:.40}");
        }
    }
}
