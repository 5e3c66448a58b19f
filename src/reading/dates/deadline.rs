//! Deadlines counted from an announcement: "within 24 hours", "had three days to leave".

use chrono::{Duration, Months, NaiveDateTime};

use super::amounts::seconds;
use super::grammar::{Found, Grammar, Meaning};
use super::lexicon::Unit;
use super::tense::Tense;

/// Whether a duration is a deadline that begins with what is reported.
pub fn is_one(grammar: &Grammar<'_>, found: &Found, tense: Tense) -> bool {
    let Meaning::Duration { length: Some((_, unit)), ahead, .. } = &found.meaning else { return false };
    if *unit > Unit::Year {
        return false;
    }
    let after = found.end;
    if matches!(grammar.lower(after), "deadline" | "ultimatum" | "notice") {
        return true;
    }
    if grammar.before(found.first, 1) == "of"
        && matches!(grammar.before(found.first, 2), "deadline" | "ultimatum")
    {
        return true;
    }
    // Another event is what it counts from.
    let elsewhere = matches!(
        grammar.lower(after),
        "of" | "after" | "before" | "following" | "from" | "later" | "earlier" | "ago"
    ) && !(grammar.lower(after) != "before" && announcement(grammar, after + 1));
    let lower = found.first.saturating_sub(9);
    let near = |words: &[&str], reach: usize| {
        (found.first.saturating_sub(reach).max(lower)..found.first)
            .any(|at| words.contains(&grammar.lower(at)))
    };
    // "gave them three days to leave", "had 24 hours to leave"
    if grammar.is(after, "to")
        && grammar.word(after + 1)
        && near(
            &[
                "have", "has", "had", "having", "give", "gives", "gave", "given", "giving", "get", "gets",
                "got", "granted", "allowed", "allows", "set",
            ],
            7,
        )
    {
        return true;
    }
    let within = grammar.before(found.first, 1) == "within";
    let order = near(
        &[
            "must", "ordered", "orders", "told", "demanded", "instructed", "asked", "required", "urged",
            "warned", "directed", "to", "obliged", "deadline",
        ],
        9,
    );
    within && !elsewhere && (tense != Tense::Past || order)
        || *ahead
            && !elsewhere
            && tense != Tense::Past
            && matches!(grammar.before(found.first, 1), "within" | "in")
}

/// "the announcement", "this order": what the article itself reports.
fn announcement(grammar: &Grammar<'_>, at: usize) -> bool {
    let noun = if matches!(grammar.lower(at), "the" | "this" | "that" | "its" | "his" | "her") {
        at + 1
    } else {
        at
    };
    matches!(
        grammar.lower(noun),
        "announcement"
            | "decision"
            | "order"
            | "statement"
            | "ruling"
            | "notice"
            | "notification"
            | "decree"
            | "verdict"
            | "now"
            | "today"
            | "publication"
            | "severance"
    )
}

/// The end of a deadline that begins at a moment.
pub fn end(from: NaiveDateTime, meaning: &Meaning) -> Option<NaiveDateTime> {
    let Meaning::Duration { length: Some((amount, unit)), .. } = meaning else { return None };
    let months = match unit {
        Unit::Month => Some(1),
        Unit::Quarter => Some(3),
        Unit::Year => Some(12),
        _ => None,
    };
    match months {
        Some(each) if amount.fract() == 0.0 && (0.0..1200.0).contains(amount) => {
            from.checked_add_months(Months::new(*amount as u32 * each))
        }
        _ => {
            let span = Duration::try_milliseconds((amount * seconds(*unit) * 1000.0) as i64)?;
            from.checked_add_signed(span).filter(|end| (1..=9999).contains(&chrono::Datelike::year(end)))
        }
    }
}
