//! Which numbers are years and days, and which count something: "2013 prisoners", "flight 1549".

use super::grammar::Grammar;
use super::lexer::Kind;
use super::lexicon::unit;

/// After "July 15": whether the number counts something instead ("In July 15 people died").
pub fn count_after_month(grammar: &Grammar<'_>, day: usize, end: usize) -> bool {
    let in_month = matches!(grammar.before(day, 2), "in" | "since" | "during")
        && grammar.kind(day) == Some(Kind::Number);
    in_month && counts(grammar, end)
        || grammar.kind(day) == Some(Kind::Number)
            && matches!(
                grammar.lower(end),
                "people"
                    | "percent"
                    | "per"
                    | "years"
                    | "days"
                    | "hours"
                    | "minutes"
                    | "weeks"
                    | "months"
                    | "points"
                    | "times"
            )
}

/// Whether the word at a token is a plural noun that a number before it would count.
pub fn counts(grammar: &Grammar<'_>, at: usize) -> bool {
    if !grammar.word(at) || grammar.capital(at) && !grammar.uncased {
        return false;
    }
    let word = grammar.lower(at);
    if unit(word).is_some_and(|(_, plural)| plural)
        || matches!(
            word,
            "people"
                | "men"
                | "women"
                | "children"
                | "percent"
                | "million"
                | "billion"
                | "thousand"
                | "km"
                | "kg"
                | "feet"
                | "m"
                | "mph"
        )
    {
        return true;
    }
    let noun = word.len() > 3
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is");
    noun && !NO_COUNT.contains(&word)
}

/// Whether a number of four digits is a year.
pub fn plain_year(grammar: &Grammar<'_>, at: usize) -> bool {
    let raw = grammar.raw(at);
    if raw.len() != 4 || !raw.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let Some(year) = grammar.digits(at).filter(|year| (1000..2300).contains(year)) else { return false };
    let before = grammar.before(at, 1);
    // "020 3353 2000"
    if at > 0 && grammar.kind(at - 1) == Some(Kind::Number) && before.len() > 2 {
        return false;
    }
    // "by 2100": so far ahead only what looks ahead names a year.
    if year >= 2100 {
        return matches!(before, "in" | "by" | "until" | "till" | "to" | "through" | "year" | "before")
            && (!grammar.word(at + 1)
                || matches!(grammar.lower(at + 1), "and" | "or" | "if" | "as" | "under"))
            && !(grammar.glued(at + 1) && grammar.glued(at + 2))
            && !matches!(grammar.lower(at + 1), "%" | "°" | "-" | "–");
    }
    let joined = matches!(before, "-" | "–" | "/") && grammar.glued(at);
    let mid = joined && matches!(grammar.before(at, 2), "mid" | "early" | "late" | "pre" | "post");
    let spaced = joined && !grammar.glued(at - 1);
    if !grammar.free_number(at) && !mid && !spaced {
        // ",2013" and ":2013" stick to what they follow only by a typing slip.
        if !matches!(before, "," | ":") || grammar.kind(at.wrapping_sub(2)) == Some(Kind::Number) {
            return false;
        }
    }
    let next = grammar.lower(at + 1);
    if grammar.glued(at + 1)
        && (matches!(next, "%" | "°" | "_" | "+" | "@" | "=")
            || matches!(next, ":" | "/") && grammar.glued(at + 2)
            || grammar.word(at + 1))
    {
        return false;
    }
    if grammar.glued(at + 1)
        && matches!(next, "." | "-" | ",")
        && grammar.kind(at + 2) == Some(Kind::Number)
        && grammar.glued(at + 2)
        && !joined
        && next != ","
    {
        return false;
    }
    if MEASURES.contains(&next) {
        return false;
    }
    // "2012 to 1998" is a vote, "1912 Main Street" an address.
    let falls = |first: usize, last: usize| {
        grammar.raw(last).len() == 4
            && matches!((grammar.digits(first), grammar.digits(last)), (Some(first), Some(last)) if first > last)
    };
    if matches!(next, "to" | "-" | "–") && falls(at, at + 2)
        || at > 1 && matches!(before, "to" | "-" | "–") && grammar.raw(at - 2).len() == 4 && falls(at - 2, at)
    {
        return false;
    }
    let street = |at: usize| grammar.capital(at) && STREETS.contains(&grammar.lower(at));
    if grammar.capital(at + 1) && (street(at + 1) || street(at + 2)) {
        return false;
    }
    let vague = matches!(before, "about" | "around" | "over" | "than" | "up");
    let dated = vague && (1200..2050).contains(&year) && !counts(grammar, at + 1) && !grammar.word(at + 1);
    // "until at least 2016", "another 1990 case"
    let least = before == "least"
        && matches!(grammar.before(at, 3), "until" | "since" | "to" | "through" | "till" | "by");
    let one = matches!(before, "another" | "other" | "only")
        && grammar.word(at + 1)
        && !counts(grammar, at + 1)
        && (1900..2050).contains(&year);
    // The committee of the House of Commons.
    if year == 1922 && next == "committee" {
        return false;
    }
    if NUMBERED.contains(&before) && !dated && !least && !one {
        return false;
    }
    let hundreds = counts(grammar, at + 1);
    let led = BEFORE_YEAR.contains(&before) || mid;
    if (1900..2050).contains(&year) {
        if hundreds {
            // "the 2016 winners" is a year, "2013 prisoners" a count; so is "in 2013 cases".
            let whose = matches!(
                before,
                "the"
                    | "its"
                    | "their"
                    | "his"
                    | "her"
                    | "our"
                    | "'s"
                    | "’s"
                    | "a"
                    | "an"
                    | "this"
                    | "early"
                    | "late"
            );
            let listed = matches!(before, "and" | "or" | ",")
                && grammar.raw(at.wrapping_sub(2)).len() == 4
                && grammar.digits(at.wrapping_sub(2)).is_some_and(|other| other.abs_diff(year) < 50);
            let within = listed || matches!(before, "in" | "since" | "by" | "until");
            return (whose || within) && !people(grammar.lower(at + 1));
        }
        let product = at > 0
            && grammar.word(at - 1)
            && grammar.capital(at - 1)
            && !grammar.opens(at - 1)
            && !grammar.uncased;
        let open = !grammar.word(at + 1) || AFTER_YEAR.contains(&next) || EVENTS.contains(&before);
        return led || !product || open;
    }
    // Before 1900 a number needs more to be a year than after.
    let word = grammar.word(at + 1);
    let range = matches!(before, "to" | "and" | "–" | "—" | "-" | "until" | "or" | ",")
        && at > 1
        && grammar.kind(at - 2) == Some(Kind::Number)
        && grammar.raw(at - 2).len() == 4;
    let circa = matches!(before, "c" | "ca" | "circa")
        || before == "." && matches!(grammar.before(at, 2), "c" | "ca");
    let sure = BEFORE_OLD_YEAR.contains(&before) || mid;
    let bracketed =
        matches!(before, "(" | "–" | "—" | "-") && matches!(next, ")" | "–" | "—" | "-" | "," | ";");
    let qualifies = matches!(before, "the" | "a" | "an" | "'s" | "’s") && word && year >= 1500;
    !hundreds
        && (circa
            || (sure || range) && (!word || grammar.capital(at + 1) || open_word(next))
            || matches!(before, "in" | "since" | "until" | "by") && year >= 1500
            || matches!(before, "around" | "about") && !word
            || bracketed
            || qualifies)
}

fn open_word(word: &str) -> bool {
    OPEN_WORDS.contains(&word)
}

/// Nouns of people and things that news counts by the thousand.
fn people(word: &str) -> bool {
    PEOPLE.contains(&word)
}

/// Words before a number that is no year: what is numbered, and what is counted roughly.
const NUMBERED: &[&str] = &[
    "number", "no", "flight", "room", "page", "pages", "route", "highway", "section", "article", "gate",
    "unit", "line", "model", "level", "agenda", "lot", "bus", "some", "about", "around", "nearly", "almost",
    "over", "than", "approximately", "roughly", "least", "exactly", "another", "other", "only", "series",
    "type", "version", "code", "codes", "windows", "office", "runner", "chapter", "up", "altogether",
];

/// Words in -s that are verbs, or events that a year qualifies.
const NO_COUNT: &[&str] = &[
    "has", "was", "does", "goes", "onwards", "censuses", "seasons", "budgets", "rules", "riots", "says",
    "perhaps", "always", "sometimes", "towards", "besides", "across", "whereas", "afterwards", "elections",
    "games", "olympics", "championships", "playoffs", "finals", "awards", "protests", "riots", "polls",
    "attacks", "midterms", "sales", "earnings", "results", "revenues", "profits", "reports", "primaries",
    "bombings", "follows", "begins", "ends", "starts", "opens", "comes", "takes", "remains", "falls",
    "talks", "uprisings", "revolutions", "shows", "marks", "sees",
];

/// What ends the name of a street.
const STREETS: &[&str] =
    &["street", "avenue", "road", "lane", "boulevard", "drive", "court", "square", "highway"];

/// What follows a number that is a quantity or a clock time.
const MEASURES: &[&str] = &[
    "%", "percent", "gmt", "utc", "hours", "hrs", "local", "est", "edt", "km", "kg", "mph", "ft", "°", "€",
    "m", "o'clock",
];

/// Words that a year follows.
const BEFORE_YEAR: &[&str] = &[
    "in", "since", "by", "until", "till", "from", "of", "during", "before", "after", "early", "late", "mid",
    "through", "between", "circa", "year", "throughout", "back", "to", "c", "spring", "summer", "autumn",
    "fall", "winter", "born", "for", "into", "around", "about", "and", "or", "ca",
];

/// Words that may follow a year that nothing else announces.
const AFTER_YEAR: &[&str] =
    &["and", "or", "to", "when", "but", "as", "after", "in", "for", "is", "was", "at", "by", "with", "that"];

/// Events of which there is one a year: "the World Cup 2022 final".
const EVENTS: &[&str] =
    &["cup", "euro", "olympics", "games", "expo", "championship", "championships", "elections", "budget"];

/// Words that a year before 1900 follows.
const BEFORE_OLD_YEAR: &[&str] = &[
    "in", "since", "until", "till", "from", "during", "before", "after", "early", "late", "mid", "through",
    "between", "year", "throughout", "born", "of", "by",
];

/// Words that begin something new after a date.
const OPEN_WORDS: &[&str] = &[
    "and", "to", "when", "but", "as", "after", "in", "for", "is", "was", "at", "by", "with", "that", "the",
    "he", "she", "they", "it", "until", "on", "his", "her", "their", "a", "an", "under", "through", "from",
    "or", "while", "where", "because", "were", "had", "who", "which",
];

/// Nouns of people and things that news counts by the thousand.
const PEOPLE: &[&str] = &[
    "people", "prisoners", "soldiers", "troops", "workers", "members", "jobs", "students", "residents",
    "employees", "victims", "migrants", "refugees", "homes", "deaths", "cases", "passengers", "detainees",
    "fighters", "votes",
];
