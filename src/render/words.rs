//! The fixed words of messages in the languages of their readers.
//!
//! English stands in the code; `words/*.toml` say each English text in another language. A text that a language lacks
//! is shown in English. A name in braces is the place of a value.

mod reasons;

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono_tz::Tz;

use crate::domain::Locale;

type Words = HashMap<String, String>;

static GERMAN: LazyLock<Words> = LazyLock::new(|| words(include_str!("words/de.toml")));
static FRENCH: LazyLock<Words> = LazyLock::new(|| words(include_str!("words/fr.toml")));

/// The files are part of the program, and a test reads them; one that is broken is none.
fn words(file: &str) -> Words {
    toml::from_str(file).unwrap_or_default()
}

fn of(locale: Locale) -> Option<&'static Words> {
    match locale {
        Locale::English => None,
        Locale::German => Some(&GERMAN),
        Locale::French => Some(&FRENCH),
    }
}

/// For whom a message is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audience {
    /// In which times are told where Discord renders no `<t:…>`.
    pub tz: Tz,
    pub locale: Locale,
}

impl From<Tz> for Audience {
    /// Readers of English.
    fn from(tz: Tz) -> Self {
        Self { tz, locale: Locale::default() }
    }
}

/// A fixed text in a language.
pub fn say(locale: Locale, english: &'static str) -> &'static str {
    of(locale).and_then(|words| words.get(english)).map_or(english, String::as_str)
}

/// A text with values in the places of their names.
pub fn fill<T: AsRef<str>>(locale: Locale, english: &str, values: &[(&str, T)]) -> String {
    let text = of(locale).and_then(|words| words.get(english)).map_or(english, String::as_str);
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        filled.push_str(before);
        let name = from[1..].split('}').next().unwrap_or_default();
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => {
                filled.push_str(value.as_ref());
                rest = &from[name.len() + 2..];
            }
            None => {
                filled.push('{');
                rest = &from[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// `one` for one, else `more`, with the number in the place of `n`.
pub fn count(locale: Locale, n: usize, one: &'static str, more: &'static str) -> String {
    if n == 1 { say(locale, one).to_owned() } else { fill(locale, more, &[("n", n.to_string())]) }
}

/// A statement, and what it is about or due to.
pub fn because(locale: Locale, said: String, why: String) -> String {
    fill(locale, "{said}: {why}", &[("said", said), ("why", why)])
}

/// What another part of the program, or an earlier run, put in English: in another language, where it is one of the
/// texts of `reasons`, with its values found again. Several of them stand with a semicolon between.
pub fn known(locale: Locale, english: &str) -> String {
    if of(locale).is_none() {
        return english.to_owned();
    }
    known_with(locale, english, &|_, value| value.to_owned())
}

/// The same, with each value as `show` writes it by its name; a text that is none of `reasons` has the name "".
pub fn known_with(locale: Locale, english: &str, show: &dyn Fn(&str, &str) -> String) -> String {
    /// Bytes of what is told by another server, which may be anything; also bounds how deep reasons lie within reasons.
    const LONGEST: usize = 1_000;
    if english.len() > LONGEST {
        return show("", english);
    }
    for text in reasons::ALL {
        let Some(values) = reasons::values(text, english) else { continue };
        let said = of(locale).and_then(|words| words.get(*text)).map_or(*text, String::as_str);
        // A reason within a reason.
        let values = values.into_iter().map(|(name, value)| match name {
            "why" => (name, known_with(locale, value, show)),
            _ => (name, show(name, value)),
        });
        return fill(Locale::English, said, &values.collect::<Vec<_>>());
    }
    match english.split_once(reasons::BETWEEN) {
        Some((first, rest)) => {
            let [first, rest] = [first, rest].map(|part| known_with(locale, part, show));
            format!("{first}{}{rest}", reasons::BETWEEN)
        }
        None => show("", english),
    }
}

/// What Discord is to show of a text in other languages: their tags, and the text in each.
pub fn translations(english: &str) -> Vec<(&'static str, &'static str)> {
    let of = |locale: &Locale| Some((locale.tag(), of(*locale)?.get(english)?.as_str()));
    Locale::ALL.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_their_places_once() {
        let fill = |text, values: &[(&str, &str)]| fill(Locale::English, text, values);
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "x")]), "{b} and x");
        assert_eq!(fill("{c} {", &[("a", "x")]), "{c} {");
        assert_eq!(fill("{", &[("a", "x")]), "{");
    }

    #[test]
    fn what_was_kept_in_english_is_told_in_another_language() {
        for (english, german) in [
            ("the address is private", "die Adresse ist privat"),
            ("failed: the server fails (503)", "fehlgeschlagen: der Server ist gestört (503)"),
            ("opened story 4", "hat Meldung 4 eröffnet"),
            (
                "opened story 4, a development after story 3",
                "hat Meldung 4 eröffnet, eine Entwicklung nach Meldung 3",
            ),
            (
                "goes to channel 7: about “dams”: likeness .61, words dam, canal, 1 word of its field; names Nasser",
                "geht in Kanal 7: über „dams“: Ähnlichkeit .61, Wörter dam, canal, 1 Wort seines Gebiets; nennt Nasser",
            ),
            ("something else; gone (410)", "something else; endgültig weg (410)"),
            ("{why}", "{why}"),
            ("", ""),
            // Of a hostile server.
            (&"failed: a; ".repeat(100_000), &"failed: a; ".repeat(100_000)),
        ] {
            assert_eq!(known(Locale::German, english), german);
            assert_eq!(known(Locale::English, english), english);
        }
    }

    #[test]
    fn what_a_language_lacks_is_english() {
        assert_eq!(say(Locale::German, "Nobody has said this yet."), "Nobody has said this yet.");
        assert_eq!(say(Locale::English, "Key actors"), "Key actors");
        assert_eq!(say(Locale::German, "Key actors"), "Hauptakteure");
        assert_eq!(count(Locale::French, 3, "1 source", "{n} sources"), "3 sources");
        let of = |text| translations(text).into_iter().map(|(tag, _)| tag).collect::<Vec<_>>();
        assert_eq!(of("Key actors"), ["de", "fr"]);
        assert!(of("Nobody has said this yet.").is_empty());
    }
}
