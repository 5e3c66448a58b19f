//! What only looks like a date: "May said", "the Sunday Times", "2013 prisoners", "a second term".
//!
//! Rules ask here before they believe an ambiguous word. Each answer looks at a few neighbours only.

use super::grammar::Grammar;
use super::lexer::Kind;
use super::lexicon::{month, unit, weekday};

/// Whether a proper name that holds a word of time begins here or covers this token.
pub fn name_at(grammar: &Grammar<'_>, at: usize) -> bool {
    if weekday(grammar.lower(at)).is_some() && grammar.capital(at) {
        let next = grammar.lower(at + 1);
        let title = TITLES.contains(&next);
        let show = matches!(
            (next, grammar.lower(at + 2)),
            ("night", "live" | "football" | "lights" | "fever" | "smackdown" | "raw")
        );
        let team = matches!(
            grammar.before(at, 1),
            "sheffield"
                | "ruby"
                | "freaky"
                | "bloody"
                | "super"
                | "casual"
                | "girl"
                | "man"
                | "mr"
                | "ms"
                | "joe"
        );
        return (title && grammar.capital(at + 1))
            || (show && grammar.capital(at + 1))
            || team && grammar.capital(at.wrapping_sub(1));
    }
    if month(grammar.lower(at)).is_some() && at > 0 {
        // "Theresa May", "Mr. May", "black-ish August Wilson" is left to `bare_month`.
        let before = grammar.before(at, 1);
        let title = if before == "." { grammar.before(at, 2) } else { before };
        return matches!(
            title,
            "mr" | "mrs" | "ms" | "theresa" | "brian" | "minister" | "secretary" | "lady"
        ) && grammar.kind(at + 1) != Some(Kind::Number);
    }
    matches!(grammar.lower(at), "today")
        && grammar.capital(at)
        && (grammar.before(at, 1) == "usa" || grammar.before(at, 1) == "russia" && !grammar.opens(at))
}

/// A month by itself: sure for "January", doubted for "May", "March" and the like.
pub fn bare_month(grammar: &Grammar<'_>, at: usize, end: usize, short: bool) -> bool {
    let word = grammar.lower(at);
    let before = grammar.before(at, 1);
    let after = grammar.lower(end);
    let led = BEFORE_MONTH.contains(&before)
        || matches!(before, "-" | "–" | "to" | "and" | "or" | ",")
            && (month(grammar.before(at, 2)).is_some()
                || grammar.kind(at.wrapping_sub(2)) == Some(Kind::Number)
                    && before != ","
                    && grammar.raw(at.wrapping_sub(2)).len() == 4);
    if !grammar.uncased && !grammar.capital(at) {
        return false;
    }
    if short {
        return led
            && grammar.capital(at)
            && (end > at + 1 || matches!(after, "" | "." | "," | ")" | "and" | "-" | "–" | "to"));
    }
    // "April Ryan", "the March for Life", "August Wilson": the name goes on, or came before.
    let named = grammar.capital(end)
        && grammar.word(end)
        && !grammar.opens(end)
        && !grammar.uncased
        && month(after).is_none()
        && weekday(after).is_none();
    match word {
        "may" => {
            led && !named && !matches!(before, "for" | "of" | "and" | "to" | "after" | "before")
                || led
                    && !named
                    && matches!(before, "of" | "to" | "before" | "after" | "and")
                    && !matches!(
                        after,
                        "said" | "says" | "told" | "has" | "had" | "was" | "is" | "'s" | "’s" | "and"
                    )
        }
        "march" => {
            let event = matches!(after, "for" | "of" | "on")
                && (grammar.capital(end + 1) || grammar.is(end + 1, "the"))
                && before == "the";
            led && !named && !event
        }
        "april" | "june" | "august" => !named || led,
        _ => !named || led || matches!(before, "the" | "a") || grammar.opens(at),
    }
}

/// An abbreviated weekday without a dot or a date after it.
pub fn short_weekday(grammar: &Grammar<'_>, at: usize) -> bool {
    match grammar.lower(at) {
        "tues" | "thurs" | "thur" | "weds" => true,
        "sat" | "sun" | "wed" | "mon" | "fri" | "thu" | "tue" => {
            grammar.capital(at)
                && matches!(
                    grammar.before(at, 1),
                    "on" | "last" | "next" | "this" | "-" | "–" | "every" | "until" | "by" | "since"
                )
                && !grammar.capital(at + 1)
        }
        _ => false,
    }
}

/// A month after a day number: "15 May" is one, "the 15 may leave" is not.
pub fn month_after_day(grammar: &Grammar<'_>, day: usize, name: usize) -> bool {
    let word = grammar.lower(name);
    if !grammar.capital(name) && !grammar.uncased {
        // Lower-case months are a slip, but one that is easily read, apart from those that are words.
        if matches!(word, "may" | "march" | "mar" | "dec" | "jan" | "sep") {
            return grammar.kind(day) == Some(Kind::Ordinal) && grammar.kind(name + 1) == Some(Kind::Number);
        }
    }
    if word == "march" && matches!(grammar.lower(name + 1), "for" | "of") && grammar.capital(name + 2) {
        return false;
    }
    // "of the 15 May voted for": a person after a count is not worth the loss of dates.
    true
}

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
    let Some(year) = grammar.digits(at).filter(|year| (1000..2100).contains(year)) else { return false };
    let before = grammar.before(at, 1);
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
        && (matches!(next, "%" | "°" | ":" | "/" | "_" | "+" | "@" | "=") || grammar.word(at + 1))
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
    let vague = matches!(before, "about" | "around" | "over" | "than" | "up");
    let dated = vague && (1200..2050).contains(&year) && !counts(grammar, at + 1) && !grammar.word(at + 1);
    if NUMBERED.contains(&before) && !dated {
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
            return whose && !people(grammar.lower(at + 1));
        }
        let product = at > 0
            && grammar.word(at - 1)
            && grammar.capital(at - 1)
            && !grammar.opens(at - 1)
            && !grammar.uncased;
        let open = !grammar.word(at + 1) || AFTER_YEAR.contains(&next);
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

/// "fall" and "spring" that are no season, and seasons inside names.
pub fn not_a_season(grammar: &Grammar<'_>, at: usize) -> bool {
    let word = grammar.lower(at);
    let next = grammar.lower(at + 1);
    if matches!(word, "fall" | "spring")
        && (matches!(next, "of")
            && grammar.digits(at + 2).is_none_or(|year| year < 1000)
            && !matches!(grammar.lower(at + 2), "last" | "this" | "next")
            || matches!(
                next,
                "from"
                    | "into"
                    | "short"
                    | "apart"
                    | "out"
                    | "up"
                    | "to"
                    | "under"
                    | "guy"
                    | "below"
                    | "back"
            ))
    {
        return true;
    }
    if matches!(grammar.before(at, 1), "arab" | "prague" | "silver" | "hot" | "nuclear" | "demi" | "donna") {
        return true;
    }
    grammar.capital(at)
        && grammar.capital(at + 1)
        && !grammar.opens(at)
        && !grammar.uncased
        && grammar.word(at + 1)
        || matches!(next, "olympics" | "paralympics" | "games") && grammar.capital(at)
}

/// A season by itself, with nothing but its surroundings to tell.
pub fn bare_season(grammar: &Grammar<'_>, at: usize, word: usize) -> bool {
    let the = word > at;
    let before = grammar.before(at, 1);
    let led = BEFORE_SEASON.contains(&before);
    let name = grammar.lower(word);
    let closed = !grammar.word(word + 1) || AFTER_SEASON.contains(&grammar.lower(word + 1));
    match name {
        "fall" | "spring" => {
            led && closed
                && (the && before != "of"
                    || matches!(before, "in" | "since" | "until" | "by" | "early" | "late"))
        }
        _ => (led || the) && closed,
    }
}

/// "the third quarter" of a match.
pub fn sports_quarter(grammar: &Grammar<'_>, at: usize, end: usize) -> bool {
    let from = at.saturating_sub(12);
    (from..end + 10).any(|near| {
        SPORTS.contains(&grammar.lower(near)) || grammar.is(near, "field") && grammar.is(near + 1, "goal")
    })
}

/// Words before a number that is no year: what is numbered, and what is counted roughly.
const NUMBERED: &[&str] = &[
    "number", "no", "flight", "room", "page", "pages", "route", "highway", "section", "article", "gate",
    "unit", "line", "model", "level", "agenda", "lot", "bus", "some", "about", "around", "nearly", "almost",
    "over", "than", "approximately", "roughly", "least", "exactly", "another", "other", "only", "series",
    "type", "version", "windows", "office", "runner", "chapter", "up", "altogether",
];

/// Second words of newspapers and clubs that begin with a weekday.
const TITLES: &[&str] = &[
    "times", "telegraph", "mirror", "mail", "express", "herald", "post", "sun", "world", "tribune",
    "independent", "star", "people", "school", "league", "mass", "club", "group", "movement",
];

/// Words that a bare month follows.
const BEFORE_MONTH: &[&str] = &[
    "in", "since", "until", "till", "by", "from", "during", "through", "throughout", "early", "late", "mid",
    "last", "next", "this", "before", "after", "of", "between", "every", "each", "for", "previous", "past",
];

/// Words in -s that are verbs, or events that a year qualifies.
const NO_COUNT: &[&str] = &[
    "has", "was", "does", "goes", "says", "perhaps", "always", "sometimes", "towards", "besides", "across",
    "whereas", "afterwards", "elections", "games", "olympics", "championships", "playoffs", "finals",
    "awards", "protests", "riots", "polls", "attacks", "midterms", "sales", "earnings", "results",
    "revenues", "profits", "reports", "primaries", "bombings", "talks", "uprisings", "revolutions", "shows",
    "marks", "sees",
];

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

/// Words that a bare season follows.
const BEFORE_SEASON: &[&str] = &[
    "in", "during", "since", "until", "by", "throughout", "before", "through", "over", "for", "of", "from",
    "early", "late", "mid",
];

/// Words that may follow a bare season.
const AFTER_SEASON: &[&str] = &[
    "and", "but", "when", "as", "after", "to", "in", "at", "with", "or", "for", "by", "on", "is", "was",
    "will", "he", "she", "they",
];

/// Words of matches, whose quarters are no dates.
const SPORTS: &[&str] = &[
    "touchdown", "touchdowns", "yard", "yards", "quarterback", "halftime", "goal", "goals", "scored",
    "rebounds", "pointer", "kickoff", "interception", "fumble", "lakers", "nba", "nfl",
];
