//! The fixed words of messages in the languages of their readers.
//!
//! English stands in the code; `words/*.toml` say each English text in another language. A text that a language lacks
//! is shown in English. A name in braces is the place of a value.

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
    /// In which times are told.
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
