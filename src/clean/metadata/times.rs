//! When the article was published and last changed, by what the page says in its head, markup and text.

use std::fmt;
use std::sync::LazyLock;

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveTime, Timelike};
use regex::Regex;
use url::Url;

use super::layout::Layout;
use super::linked_data::LinkedData;
use super::meta::Meta;
use crate::clean::dates::{self, Order, Stamp};
use crate::clean::shape;
use crate::domain::Published;

#[derive(Debug, Default)]
pub(super) struct Times {
    pub published: Option<Published>,
    pub modified: Option<Published>,
    /// That sources contradict each other.
    pub warnings: Vec<String>,
}

/// Where a time comes from, in the order of trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    LinkedData,
    OpenGraph,
    Meta,
    Markup,
    Address,
    Text,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Source::LinkedData => "its JSON-LD",
            Source::OpenGraph => "its OpenGraph data",
            Source::Meta => "its meta data",
            Source::Markup => "its markup",
            Source::Address => "its address",
            Source::Text => "its text",
        })
    }
}

type Found = Vec<(Source, Stamp)>;

pub(super) fn read(
    layout: &Layout,
    heading: Option<usize>,
    meta: &Meta,
    linked: &LinkedData,
    urls: &[&Url],
    order: Order,
) -> Times {
    let (mut published, mut modified): (Found, Found) = (Vec::new(), Vec::new());
    let stamp = |text: &str| dates::stamp(text, order);
    let named = |names: &[&str]| names.iter().find_map(|name| stamp(&meta.first(&[name])?));
    published.extend(linked.published.as_deref().and_then(stamp).map(|at| (Source::LinkedData, at)));
    published.extend(named(GRAPH_PUBLISHED).map(|at| (Source::OpenGraph, at)));
    published
        .extend(META_PUBLISHED.iter().filter_map(|name| Some((Source::Meta, stamp(&meta.first(&[name])?)?))));
    modified.extend(linked.modified.as_deref().and_then(stamp).map(|at| (Source::LinkedData, at)));
    modified.extend(named(GRAPH_MODIFIED).map(|at| (Source::OpenGraph, at)));
    modified.extend(named(META_MODIFIED).map(|at| (Source::Meta, at)));
    let shown = shown(layout, heading, order);
    for seen in &shown {
        let found = if seen.modified { &mut modified } else { &mut published };
        found.push((seen.source, seen.stamp));
    }
    published.extend(urls.iter().find_map(|url| dates::in_url(url)).and_then(|at| match at {
        Published::Day(day) => Some((Source::Address, Stamp::Day(day))),
        Published::Moment(_) => None,
    }));
    published.sort_by_key(|(source, _)| *source);
    modified.sort_by_key(|(source, _)| *source);
    let all: Vec<Stamp> = published.iter().chain(&modified).map(|(_, stamp)| *stamp).collect();
    let best = |found: &Found| found.first().map(|(_, first)| precise(*first, found, &all));
    let own_day = |found: Published| match found {
        Published::Moment(at) => Published::Moment(on_own_day(at, &published)),
        day => day,
    };
    Times {
        warnings: contradiction(&published).into_iter().collect(),
        // Where only a change is dated, it is the best that is known of the publication.
        published: best(&published).map(own_day).or_else(|| best(&modified)),
        modified: best(&modified),
    }
}

const GRAPH_PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "og:pubdate",
    "article:publish_time",
    "og:article:published",
];
const GRAPH_MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:article:modified_time",
    "og:modified_time",
    "og:updated_time",
    "article:modified",
];
const META_PUBLISHED: &[&str] = &[
    "datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "date",
    "article.published",
    "article_date_original",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "datecreated",
    "dcterms.date",
    "dc.date",
    "originalpublicationdate",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "timestamp",
    "rnews:datepublished",
    "article:created",
    "displaydate",
    "vr:published_time",
    "ptime",
    "firstpublished",
    "release_date",
];
const META_MODIFIED: &[&str] = &[
    "datemodified", "lastmod", "last-modified", "last_modified", "modified", "revised", "dc.date.modified",
    "dcterms.modified", "article.updated", "sailthru.updated", "lastupdated", "utime", "updated",
];

/// Two trusted sources that differ by more than a day.
fn contradiction(published: &Found) -> Option<String> {
    let (source, first) = published.first().filter(|(source, _)| *source != Source::Text)?;
    let (other, second) = published.iter().find(|(other, stamp)| {
        other != source && *other != Source::Text && (stamp.day() - first.day()).num_days().abs() > 1
    })?;
    Some(format!(
        "The page contradicts itself on when it was published: {} by {source}, {} by {other}.",
        first.day(),
        second.day()
    ))
}

/// Adds what a less trusted source knows better of the same time: the hour of its day, the zone of its clock.
fn precise(first: Stamp, own: &Found, all: &[Stamp]) -> Published {
    match first {
        Stamp::Day(day) => precise_day(day, own),
        Stamp::Local(local) => {
            // The same minute with a zone, or the same minute of another zone's hour.
            let zoned = all.iter().find_map(|stamp| match stamp {
                Stamp::Moment(at) if minute(at.naive_local()) == minute(local) => Some(*at),
                _ => None,
            });
            zoned.map_or_else(|| precise_day(local.date(), own), Published::Moment)
        }
        Stamp::Moment(at) => Published::Moment(in_own_zone(at, all)),
    }
}

fn precise_day(day: NaiveDate, own: &Found) -> Published {
    let moment = own.iter().find_map(|(_, stamp)| match stamp {
        Stamp::Moment(at) if at.date_naive() == day => Some(*at),
        _ => None,
    });
    moment.map_or(Published::Day(day), Published::Moment)
}

fn minute(at: chrono::NaiveDateTime) -> chrono::NaiveDateTime {
    at.with_second(0).and_then(|at| at.with_nanosecond(0)).unwrap_or(at)
}

/// A moment given in UTC, in the outlet's own zone where the page shows the same minute by its own clock.
///
/// Templates that write the outlet's clock and call it UTC are found out by a source with the zone.
fn in_own_zone(at: DateTime<FixedOffset>, all: &[Stamp]) -> DateTime<FixedOffset> {
    let utc = at.naive_utc();
    // Midnight in UTC is a bare day.
    if at.offset().local_minus_utc() != 0 || utc.time() == NaiveTime::MIN {
        return at;
    }
    let zoned = all.iter().find_map(|stamp| match stamp {
        Stamp::Moment(other) if other.offset().local_minus_utc() != 0 => {
            if (*other - at).num_seconds().abs() < 60 {
                Some(at.with_timezone(other.offset()))
            } else {
                (minute(other.naive_local()) == minute(utc)).then_some(*other)
            }
        }
        Stamp::Local(local) => {
            let ahead = minute(*local) - minute(utc);
            let is_zone = ahead.num_minutes() % 30 == 0
                && (Duration::hours(-11)..=Duration::hours(13)).contains(&ahead)
                && !ahead.is_zero();
            let zone = FixedOffset::east_opt(i32::try_from(ahead.num_seconds()).ok()?)?;
            is_zone.then(|| at.with_timezone(&zone))
        }
        _ => None,
    });
    zoned.unwrap_or(at)
}

/// A moment given in UTC, on the day that the page shows its readers or has in its address.
///
/// Which zone the outlet's clock is in is not said; the nearest one where the days agree is taken, so that the
/// moment stays what it is.
fn on_own_day(at: DateTime<FixedOffset>, published: &Found) -> DateTime<FixedOffset> {
    let utc = at.naive_utc();
    if at.offset().local_minus_utc() != 0 || utc.time() == NaiveTime::MIN {
        return at;
    }
    let days: Vec<NaiveDate> = published
        .iter()
        .filter(|(source, stamp)| *source >= Source::Markup && !matches!(stamp, Stamp::Moment(_)))
        .map(|(_, stamp)| stamp.day())
        .collect();
    if days.contains(&utc.date()) {
        return at;
    }
    let hours = (1..=13).flat_map(|hours| [hours, -hours]).filter(|hours| *hours >= -11);
    hours
        .filter_map(|hours| FixedOffset::east_opt(hours * 3600))
        .map(|zone| at.with_timezone(&zone))
        .find(|local| days.contains(&local.date_naive()))
        .unwrap_or(at)
}

/// A time that can be seen on the page, or that its markup holds.
struct Shown {
    source: Source,
    stamp: Stamp,
    modified: bool,
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

fn shown(layout: &Layout, heading: Option<usize>, order: Order) -> Vec<Shown> {
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
                source: if seen.marked && (near || tier == 1) { Source::Markup } else { Source::Text },
                stamp: seen.stamp,
                modified: seen.modified,
                rank: tier * 1_000_000 + distance,
            });
        }
        if found.len() >= MAX_SHOWN || searched >= MAX_SEARCHED {
            break;
        }
    }
    found.sort_by_key(|shown| (shown.source, shown.rank));
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
