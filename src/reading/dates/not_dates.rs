//! What only looks like a date: "May said", "the Sunday Times", "2013 prisoners", "a second term".
//!
//! Rules ask here before they believe an ambiguous word. Each answer looks at a few neighbours only.

use super::grammar::Grammar;
use super::lexer::{Kind, Token};
use super::lexicon::{month, part_of_day, season, weekday, weekdays};

/// Whether a proper name that holds a word of time begins here or covers this token.
pub fn name_at(grammar: &Grammar<'_>, at: usize) -> bool {
    if matches!(grammar.lower(at), "christmas") && grammar.before(at, 1) == "father" {
        return true;
    }
    let word = grammar.lower(at);
    if (weekday(word).is_some() || weekdays(word).is_some()) && grammar.capital(at) {
        let next = grammar.lower(at + 1);
        let title = TITLES.contains(&next);
        let show = matches!(
            (next, grammar.lower(at + 2)),
            ("night", "live" | "football" | "lights" | "fever" | "smackdown" | "raw")
        );
        // "Tuesday Weld", "The Saturday Evening Post"; "on Tuesday Mr. Bush" is a day.
        let named = grammar.word(at + 1)
            && grammar.capital(at + 1)
            && !grammar.uncased
            && !grammar.shouts(at + 1)
            && month(next).is_none()
            && weekday(next).is_none()
            && (grammar.opens(at) && !PERSONS.contains(&next) && part_of_day(next).is_none()
                || grammar.before(at, 1) == "the" && grammar.word(at + 2) && grammar.capital(at + 2));
        let paper =
            grammar.before(at, 1) == "on" && grammar.before(at, 2) == "mail" && grammar.capital(at - 2);
        if named || paper {
            return true;
        }
        // "a Sunday newspaper", "the Saturday papers"
        if PRESS.contains(&next) && !grammar.opens(at) {
            return true;
        }
        let team = matches!(
            grammar.before(at, 1),
            "sheffield"
                | "ruby"
                | "freaky"
                | "bloody"
                | "manic"
                | "happy"
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
        && (matches!(grammar.lower(at + 1), "programme" | "program" | "show") && !grammar.opens(at)
            || grammar.before(at, 1) == "usa"
            || grammar.before(at, 1) == "russia" && !grammar.opens(at))
}

/// Whether the text names a person May, whom it then calls "May" alone.
pub fn may_is_someone(tokens: &[Token<'_>]) -> bool {
    let title =
        |token: &Token<'_>| matches!(&*token.lower, "mr" | "mrs" | "ms" | "theresa" | "brian" | "minister");
    let named = |pair: &[Token<'_>]| title(&pair[0]) && pair[1].raw == "May";
    tokens.windows(2).any(named)
        || tokens.windows(3).any(|three| title(&three[0]) && &*three[1].lower == "." && three[2].raw == "May")
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
        // A slip, but one that is easily read where a preposition leads.
        let led = matches!(
            before,
            "in" | "since" | "until" | "from" | "during" | "between" | "to" | "and" | "through"
        );
        if small_month(grammar, at) {
            return true;
        }
        return led && !short && !matches!(word, "may" | "march") && !grammar.word(end.max(at + 1))
            || led && !short && matches!(after, "to" | "and" | "in") && !matches!(word, "may" | "march");
    }
    if short {
        let joined = matches!(after, "-" | "–" | "to") && month(grammar.lower(end + 1)).is_some();
        return (led || joined)
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
    // "the March interview", "a May election"
    let qualifying = matches!(before, "the" | "a" | "an" | "'s" | "’s" | "his" | "her" | "its" | "their")
        && grammar.word(end)
        && !grammar.capital(end)
        && !NO_NOUN.contains(&after)
        && !super::tense::past_form(after);
    let ranged = matches!(after, "to" | "through" | "until" | "-" | "–")
        && month(grammar.lower(end + 1)).is_some()
        && grammar.capital(end + 1);
    match word {
        "may" if grammar.may_is_someone => false,
        "may" | "march" if ranged && !grammar.uncased => true,
        "may" => {
            let person =
                matches!(after, "said" | "says" | "told" | "government" | "administration" | "cabinet");
            qualifying && !person
                || led && !named && !matches!(before, "for" | "of" | "and" | "to" | "after" | "before")
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
            (led || qualifying) && !named && !event
        }
        "april" | "june" | "august" => !named || led,
        _ => !named || led || matches!(before, "the" | "a"),
    }
}

/// "in may." in small letters, where it can be nothing else.
pub fn small_month(grammar: &Grammar<'_>, at: usize) -> bool {
    matches!(grammar.lower(at), "may" | "march")
        && matches!(grammar.before(at, 1), "in" | "since" | "until")
        && grammar.closes(at + 1)
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
            return grammar.kind(day) == Some(Kind::Ordinal)
                && (grammar.kind(name + 1) == Some(Kind::Number) || !matches!(word, "may" | "march"));
        }
    }
    if word == "march" && matches!(grammar.lower(name + 1), "for" | "of") && grammar.capital(name + 2) {
        return false;
    }
    // "of the 15 May voted for": a person after a count is not worth the loss of dates.
    true
}

/// "fall" and "spring" that are no season, and seasons inside names.
pub fn not_a_season(grammar: &Grammar<'_>, at: usize) -> bool {
    let word = grammar.lower(at);
    let next = grammar.lower(at + 1);
    if matches!(word, "fall" | "spring")
        && (matches!(next, "of")
            && grammar.digits(at + 2).is_none_or(|year| year < 1000)
            && grammar.spoken_year(at + 2).is_none()
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
    let listed = matches!(before, "and" | "or" | "to" | "through") && season(grammar.before(at, 2)).is_some();
    let led = BEFORE_SEASON.contains(&before) || listed;
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

/// Second words of newspapers and clubs that begin with a weekday.
const TITLES: &[&str] = &[
    "times", "telegraph", "mirror", "mail", "express", "herald", "post", "sun", "world", "tribune",
    "independent", "star", "people", "school", "league", "mass", "club", "group", "movement",
];

/// What appears on a weekday, every week.
const PRESS: &[&str] =
    &["newspaper", "newspapers", "papers", "tabloid", "tabloids", "broadsheet", "broadsheets", "supplement"];

/// Words that no month qualifies.
const NO_NOUN: &[&str] = &[
    "for", "of", "on", "against", "to", "in", "and", "is", "was", "has", "by", "from", "toward", "through",
    "at", "with",
];

/// Titles that may open what follows a weekday at the beginning of a sentence.
const PERSONS: &[&str] = &[
    "mr", "mrs", "ms", "president", "prime", "senator", "pope", "king", "queen", "minister", "the", "a",
    "he", "she",
];

/// Words that a bare month follows.
const BEFORE_MONTH: &[&str] = &[
    "in", "since", "until", "till", "by", "from", "during", "through", "throughout", "early", "late", "mid",
    "last", "next", "this", "before", "after", "of", "between", "every", "each", "for", "previous", "past",
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
    "rebounds", "pointer", "kickoff", "interception", "fumble", "lakers", "nba", "nfl", "lap", "laps",
    "qualifying", "grid", "prix",
];
