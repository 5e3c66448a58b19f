//! What is breaking: an event that far more outlets tell within hours than they usually do, or that outlets
//! themselves mark so.

use chrono::{DateTime, TimeDelta, Utc};

/// Outlets are counted within this time after the first.
pub const SPAN: TimeDelta = TimeDelta::hours(3);

/// Fewer outlets are never breaking by their number, however rarely they agree.
const FEWEST: u32 = 3;

/// How likely it may be at most that so many outlets come together by the usual rate.
const CHANCE: f64 = 0.001;

/// Words with which outlets begin what is breaking, before a colon, a dash or a bar.
const MARKS: [&str; 8] =
    ["breaking", "breaking news", "urgent", "news alert", "alert", "flash", "just in", "eilmeldung"];

/// Why a story is breaking, in words for `/why`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaking(pub String);

/// One outlet's first telling of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstTelling<'a> {
    /// As the outlet has it, marks included.
    pub title: &'a str,
    pub at: DateTime<Utc>,
}

/// Whether a story is breaking, from the first telling of each independent outlet, and from how many outlets tell a
/// story of these feeds within [`SPAN`] on average (at least one).
///
/// By number, under the usual rate: outlets that come to a story beyond its first are taken as a Poisson process, and
/// the story stands out where its tail is at most one in a thousand (a burst, as in Kleinberg, "Bursty and hierarchical
/// structure in streams", KDD 2002, with one threshold in place of his states). By marks: two outlets say so, or one
/// where another tells it too.
pub fn breaking(tellings: &[FirstTelling], usual: f64) -> Option<Breaking> {
    let first = tellings.iter().map(|telling| telling.at).min()?;
    let soon: Vec<&FirstTelling> = tellings.iter().filter(|telling| telling.at - first <= SPAN).collect();
    let outlets = u32::try_from(soon.len()).unwrap_or(u32::MAX);
    let marked = soon.iter().filter(|telling| is_marked(telling.title)).count();
    let last = soon.iter().map(|telling| telling.at).max()?;
    if marked > 0 && outlets > 1 {
        return Some(Breaking(format!("{marked} of {outlets} outlets mark it as breaking")));
    }
    let chance = tail(outlets.saturating_sub(1), (usual - 1.0).max(0.05));
    (outlets >= FEWEST && chance <= CHANCE).then(|| {
        let minutes = (last - first).num_minutes().max(1);
        Breaking(format!("{outlets} outlets within {minutes} minutes, where {usual:.1} are usual"))
    })
}

/// How likely `events` or more are where `rate` are expected: the upper tail of a Poisson distribution.
fn tail(events: u32, rate: f64) -> f64 {
    let mut term = (-rate).exp();
    let mut below = 0.0;
    for n in 0..events.min(1000) {
        below += term;
        term *= rate / f64::from(n + 1);
    }
    (1.0 - below).max(0.0)
}

/// Whether a headline begins with an outlet's own mark.
fn is_marked(title: &str) -> bool {
    let lower = title.trim_start().to_lowercase();
    MARKS.iter().any(|mark| {
        lower
            .strip_prefix(mark)
            .is_some_and(|rest| rest.trim_start().starts_with([':', '|', '–', '—', '-', '!']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tellings so many minutes after the first.
    fn after<'a>(titles: &[(&'a str, i64)]) -> Vec<FirstTelling<'a>> {
        let start: DateTime<Utc> = "1963-11-22T18:30:00Z".parse().unwrap();
        titles
            .iter()
            .map(|&(title, minutes)| FirstTelling { title, at: start + TimeDelta::minutes(minutes) })
            .collect()
    }

    #[test]
    fn many_outlets_at_once_are_breaking_by_what_is_usual() {
        let shots = |n| vec![("President shot in Dallas", 0); n];
        let words = |n, usual| breaking(&after(&shots(n)), usual).map(|Breaking(why)| why);
        assert_eq!(words(1, 1.0), None);
        assert_eq!(words(2, 1.0), None, "two of two feeds say little");
        assert_eq!(words(4, 1.1).as_deref(), Some("4 outlets within 1 minutes, where 1.1 are usual"));
        assert_eq!(words(4, 2.5), None, "where everybody tells everything four are nothing");
        assert!(words(12, 2.5).is_some());
    }

    #[test]
    fn outlets_that_come_late_do_not_count() {
        let slow =
            after(&[("Canal opens", 0), ("Canal opens", 400), ("Canal opens", 800), ("Canal opens", 1200)]);
        assert_eq!(breaking(&slow, 1.1), None);
    }

    #[test]
    fn an_outlets_own_mark_counts_once_another_tells_it() {
        let alone = [("BREAKING: President shot in Dallas", 0)];
        assert_eq!(breaking(&after(&alone), 1.0), None);
        let told = [alone[0], ("Shots fired at Kennedy's car", 10)];
        assert!(breaking(&after(&told), 1.0).is_some());
        for title in [
            "Breaking records: the year in sport",
            "Breaking Bad returns",
            "Alert driver saves bus",
            "Urgent care",
        ] {
            assert!(!is_marked(title), "{title}");
        }
    }
}
