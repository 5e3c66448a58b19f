//! Words that can begin an expression. Most words cannot, and are passed over without a look at any rule.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::holidays;
use super::lexicon::{month, number, ordinal, part_of_day, season, unit, weekday, weekdays};

static OPENERS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| WORDS.iter().chain(holidays::FIRST_WORDS.iter()).copied().collect());

/// Whether a word, in lower case, can be the first of an expression.
pub fn opens(word: &str) -> bool {
    OPENERS.contains(word)
        || month(word).is_some()
        || weekday(word).is_some()
        || weekdays(word).is_some()
        || unit(word).is_some()
        || number(word).is_some()
        || ordinal(word).is_some()
        || season(word).is_some()
        || part_of_day(word.strip_suffix('s').unwrap_or(word)).is_some()
        // "Q3", "FY2010"
        || word.ends_with(|sign: char| sign.is_ascii_digit())
}

/// Articles, qualifiers, and words that are times by themselves.
const WORDS: &[&str] = &[
    "a", "about", "ad", "all", "almost", "an", "annual", "annually", "another", "approximately", "around",
    "as", "at", "beginning", "bi", "biannual", "biannually", "biennial", "bimonthly", "biweekly", "calendar",
    "closing", "coming", "couple", "current", "currently", "daily", "dozens", "each", "earlier", "early",
    "eighties", "end", "every", "everyday", "few", "fewer", "fifties", "final", "financial", "fiscal",
    "following", "formerly", "forties", "fortnightly", "full", "fy", "half", "hourly", "hundreds", "just",
    "last", "late", "lately", "later", "latest", "less", "longer", "many", "mid", "midday", "middle",
    "midnight", "millions", "monthly", "more", "multiple", "nearly", "next", "nightly", "nineties", "no",
    "noon", "not", "noughties", "now", "nowadays", "numerous", "once", "only", "opening", "outset", "over",
    "overnight", "past", "per", "preceding", "present", "presently", "previous", "previously", "quarterly",
    "recent", "recently", "remainder", "rest", "right", "roughly", "same", "scores", "semi", "semiannual",
    "semiannually", "seventies", "several", "shortly", "sixties", "some", "soon", "start", "tens", "that",
    "the", "these", "thirties", "this", "those", "thousands", "today", "tomorrow", "tonight", "turn",
    "twenties", "twice", "under", "up", "upcoming", "various", "well", "weekly", "whole", "yearly",
    "yesterday",
];
