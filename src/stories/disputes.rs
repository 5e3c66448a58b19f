//! Figures in which independent sources differ at about the same time: "3 dead" here, "5 dead" there.
//!
//! A later figure is an update and no contradiction: of every outlet its latest counts, and only what was published
//! shortly before the newest. Where a page gives no time of day nothing can be told.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::merged::Member;
use super::telling::is_roundup;
use crate::domain::{Dispute, DisputedFigure, Published, fold};
use crate::reading::counts::{Count, counts};

/// Figures published within this time are of the same moment; what is counted changes by the hour.
const SAME_TIME: TimeDelta = TimeDelta::hours(3);

/// An outlet's latest figure for one thing.
struct Figure<'a> {
    outlet: &'a str,
    at: DateTime<Utc>,
    count: Count,
}

/// The disputes of a story; `members` in order of publication.
pub fn disputes(members: &[Member], copies: &[Option<usize>]) -> Vec<Dispute> {
    let mut by_kind: BTreeMap<_, Vec<Figure<'_>>> = BTreeMap::new();
    for (member, copy) in members.iter().zip(copies) {
        let Some(Published::Moment(at)) = member.published else { continue };
        if copy.is_some() || is_roundup(member.title()) {
            continue;
        }
        for count in counts(member.title(), member.beginning()) {
            let figures = by_kind.entry((count.fate, count.of.clone())).or_default();
            figures
                .retain(|other| fold(other.outlet) != fold(&member.outlet) || !other.count.same_kind(&count));
            figures.push(Figure { outlet: &member.outlet, at: at.to_utc(), count });
        }
    }
    by_kind.into_values().filter_map(|figures| dispute(&figures)).collect()
}

fn dispute(figures: &[Figure<'_>]) -> Option<Dispute> {
    let newest = figures.iter().map(|figure| figure.at).max()?;
    let now: Vec<&Figure<'_>> = figures.iter().filter(|figure| newest - figure.at <= SAME_TIME).collect();
    let disputed = |figure: &&&Figure<'_>| now.iter().any(|other| other.count.contradicts(&figure.count));
    let mut by_value: BTreeMap<(u64, &str), Vec<String>> = BTreeMap::new();
    for figure in now.iter().filter(disputed) {
        let outlets = by_value.entry((figure.count.value, figure.count.words.as_str())).or_default();
        outlets.push(figure.outlet.to_owned());
    }
    let figures =
        by_value.into_iter().map(|((_, words), outlets)| DisputedFigure { words: words.to_owned(), outlets });
    let figures: Vec<DisputedFigure> = figures.collect();
    (figures.len() > 1).then_some(Dispute { figures })
}
