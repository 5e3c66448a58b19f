//! When the article was published and last changed, by what the page says in its head, markup and text.

use std::fmt;
use std::sync::LazyLock;

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveTime, Timelike};
use regex::Regex;
use trafilatura::dom::Document;
use url::Url;

use super::layout::Layout;
use super::linked_data::LinkedData;
use super::meta::Meta;
use super::shown_times;
use crate::clean::dates::{self, Order, Stamp};
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
    Script,
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
            Source::Script => "its scripts",
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
    let shown = shown_times::read(layout, heading, order);
    for seen in &shown {
        let found = if seen.modified { &mut modified } else { &mut published };
        let source = if seen.marked { Source::Markup } else { Source::Text };
        found.push((source, seen.stamp));
    }
    published.extend(urls.iter().find_map(|url| dates::in_url(url)).and_then(|at| match at {
        Published::Day(day) => Some((Source::Address, Stamp::Day(day))),
        Published::Moment(_) => None,
    }));
    if published.is_empty() && modified.is_empty() {
        published.extend(in_scripts(layout.document).map(|at| (Source::Script, at)));
    }
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

/// The one publication day that a page's scripts hold as data; nothing where they hold several.
fn in_scripts(document: &Document) -> Option<Stamp> {
    static DATED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?i)"(?:datePublished|published?Date|published?_(?:date|at|time)|publishedAt|publicationDate)"\s*:\s*"([^"]{8,40})""#)
            .expect("a fixed pattern")
    });
    let scripts = document.get_elements_by_tag_name(document.root(), "script");
    let mut found: Vec<Stamp> = Vec::new();
    for id in scripts.into_iter().take(MAX_SCRIPTS) {
        let text = document.text_content(id);
        let stamps = DATED.captures_iter(&text).take(MAX_SCRIPTS);
        found.extend(stamps.filter_map(|own| dates::stamp(own.get(1)?.as_str(), Order::default())));
    }
    let first = *found.first()?;
    found.iter().all(|other| other.day() == first.day()).then_some(first)
}

/// Scripts that are searched, and dates in each.
const MAX_SCRIPTS: usize = 100;

/// Two trusted sources that differ by more than a day.
fn contradiction(published: &Found) -> Option<String> {
    let (source, first) = published.first().filter(|(source, _)| *source < Source::Text)?;
    let (other, second) = published.iter().find(|(other, stamp)| {
        other != source && *other < Source::Text && (stamp.day() - first.day()).num_days().abs() > 1
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
