//! The times that can be seen on a page, or that its markup holds, near its headline or labelled as its own.

use std::sync::LazyLock;

use regex::Regex;

use super::layout::Layout;
use crate::clean::dates::{self, Order, Stamp};
use crate::clean::shape;

/// A time that can be seen on the page, or that its markup holds.
pub(super) struct Shown {
    /// In markup that is made for times, where it is trusted: near the headline or labelled.
    pub marked: bool,
    pub stamp: Stamp,
    /// A change rather than the publication.
    pub modified: bool,
    /// How likely it is the article's own; smaller is likelier.
    rank: usize,
}

/// Bytes of text around the headline within which a date is the article's.
const NEAR: usize = 1_000;
/// A date far from the headline must stand almost alone: with at most this many words (an author, an hour).
const MAX_COMPANY: usize = 6;
/// Words beside a date near the headline: the author, the place, the hour, the counters.
const MAX_BESIDE: usize = 12;
/// A line with a date that is not marked up as one is at most this long, in bytes.
const MAX_LINE: usize = 160;
/// Dates that are weighed, and elements that are searched for one, so that a hostile page costs little.
const MAX_SHOWN: usize = 200;
const MAX_SEARCHED: usize = 3_000;

static PUBLISHED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:published|posted|first published|created|veröffentlicht|erschienen|erstellt|verfasst|publié|publicado|pubblicato|gepubliceerd|publicerad|written)\b[^.!?]{0,24}$",
    )
    .expect("a fixed pattern")
});
static MODIFIED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:updated?|last (?:updated|modified|edited|reviewed|changed)|modified|aktualisiert|aktualisierung|änderung|geändert|stand|mis à jour|mise à jour|actualizado|aggiornato|atualizado|bijgewerkt)\b[^.!?]{0,24}$",
    )
    .expect("a fixed pattern")
});

/// Marked ones first, the likeliest first among each.
pub(super) fn read(layout: &Layout, heading: Option<usize>, order: Order) -> Vec<Shown> {
    let heading = heading
        .or_else(|| (0..layout.elements.len()).find(|at| matches!(layout.tag(*at), "article" | "main")));
    let mut found: Vec<Shown> = Vec::new();
    let mut searched = 0;
    for at in 0..layout.elements.len() {
        let element = layout.elements[at];
        let length = element.end.saturating_sub(element.start);
        let distance = layout.distance(at, heading);
        let near = distance <= NEAR;
        let time = matches!(layout.tag(at), "time" | "abbr")
            || layout.attribute(at, "itemprop").is_some_and(|prop| prop.contains("date"));
        if !time
            && (length < 6
                || (length > MAX_LINE && !near)
                || !layout.raw(at).contains(|c: char| c.is_ascii_digit()))
        {
            continue;
        }
        searched += 1;
        let looks: Vec<Look> = if time {
            marked(layout, at, order).into_iter().collect()
        } else if length <= MAX_LINE {
            written(layout, at, order)
        } else {
            opening(layout, at, order).into_iter().collect()
        };
        for seen in looks {
            let foreign =
                if seen.said { layout.is_alien(at, heading) } else { layout.is_foreign(at, heading) };
            if !(near || seen.labelled || seen.alone) || foreign {
                continue;
            }
            let tier = if near && seen.labelled {
                0
            } else if near || seen.labelled {
                1
            } else {
                2
            };
            found.push(Shown {
                marked: seen.marked && (near || tier == 1),
                stamp: seen.stamp,
                modified: seen.modified,
                rank: tier * 1_000_000 + distance,
            });
        }
        if found.len() >= MAX_SHOWN || searched >= MAX_SEARCHED {
            break;
        }
    }
    found.sort_by_key(|shown| (!shown.marked, shown.rank));
    found
}

/// A date that opens a paragraph: "27.1.2022 – In Berlin …", "Press release of January 25, 2022 | Berlin".
fn opening(layout: &Layout, at: usize, order: Order) -> Option<Look> {
    let text: String = layout.raw(at).chars().take(100).collect();
    let text = text.trim_start();
    let written = dates::find(text.lines().next()?, order)?;
    let after = text[written.end..].trim_start();
    let opens = text[..written.start].chars().all(|c| !c.is_alphanumeric())
        || (after.starts_with(['–', '—', '|', '-', ')', ':', '/']) && !text[..written.start].contains(". "));
    opens.then_some(Look {
        stamp: Stamp::Day(written.day),
        modified: false,
        marked: false,
        labelled: false,
        said: false,
        alone: false,
    })
}

struct Look {
    stamp: Stamp,
    modified: bool,
    /// Its markup says that it is a time.
    marked: bool,
    /// Markup or words say that it is the publication or a change.
    labelled: bool,
    /// The words in front say it.
    said: bool,
    /// The line says little else.
    alone: bool,
}

/// What the words before a date call it: a change, the publication, or neither.
fn said(before: &str) -> Option<bool> {
    if MODIFIED.is_match(before) { Some(true) } else { PUBLISHED.is_match(before).then_some(false) }
}

/// What the class names around a date call it.
fn called(layout: &Layout, at: usize) -> Option<bool> {
    let words = layout.words(at);
    let any = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    let property = layout.attribute(at, "itemprop").unwrap_or_default();
    if property.contains("dateModified") || property.contains("dateUpdate") {
        Some(true)
    } else if property.contains("date")
        || any(&["published", "publish", "pubdate", "posted", "publishdate"])
        || layout.attribute(at, "pubdate").is_some()
    {
        Some(false)
    } else {
        any(&["updated", "modified", "update", "lastupdated", "changed", "modification"]).then_some(true)
    }
}

/// An element that is marked up as a time.
fn marked(layout: &Layout, at: usize, order: Order) -> Option<Look> {
    let line = layout.text(at);
    let attribute = |name: &&str| dates::stamp(&layout.attribute(at, name)?, order);
    let stamp =
        ["datetime", "content", "title"].iter().find_map(attribute).or_else(|| dates::stamp(&line, order))?;
    let before = match dates::find(&line, order) {
        Some(written) if written.start > 0 => line[..written.start].to_owned(),
        _ => layout.before(at, 40),
    };
    let said = said(&before);
    let kind = said.or_else(|| called(layout, at));
    Some(Look {
        stamp,
        modified: kind.unwrap_or(false),
        marked: true,
        labelled: kind.is_some(),
        said: said.is_some(),
        alone: true,
    })
}

/// The dates in the lines of an element, one a line.
fn written(layout: &Layout, at: usize, order: Order) -> Vec<Look> {
    let look = |line: &str| {
        let line = shape::collapse(line);
        let written = dates::find(&line, order)?;
        let rest = shape::word_count(&line[..written.start]) + shape::word_count(&line[written.end..]);
        let before = if written.start > 0 { line[..written.start].to_owned() } else { layout.before(at, 40) };
        let said = said(&before);
        let kind = said.or_else(|| called(layout, at));
        // Prose that mentions a day is no byline.
        (rest <= MAX_BESIDE).then_some(Look {
            stamp: dates::stamp(&line, order)?,
            modified: kind.unwrap_or(false),
            marked: false,
            labelled: kind.is_some(),
            said: said.is_some(),
            alone: rest <= MAX_COMPANY,
        })
    };
    layout.raw(at).lines().filter_map(look).collect()
}
