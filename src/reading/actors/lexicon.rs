//! What is known of single English words: function words, titles, head words, given names.
//!
//! One look-up per token gives a bit set; the rules then read like the classes in `data/words.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The classes of one word, as a set of bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Classes(u64);

/// How many classes there can be.
pub const CLASSES: u32 = u64::BITS;

macro_rules! classes {
    ($($name:ident = $bit:literal $label:literal),* $(,)?) => {
        impl Classes {
            $(pub const $name: Classes = Classes(1 << $bit);)*
        }
        impl Classes {
            /// The class that a line of `words.tsv` is about.
            fn labelled(label: &str) -> Option<Classes> {
                match label {
                    $($label => Some(Classes::$name),)*
                    _ => None,
                }
            }
        }
    };
}

classes! {
    MALE = 0 "male",
    FEMALE = 1 "female",
    TITLE = 2 "title",
    MODIFIER = 3 "modifier",
    TITLE_OF = 4 "title_of",
    TIME = 5 "time",
    AMBIGUOUS_TIME = 6 "ambiguous_time",
    STOP = 7 "stop",
    NEVER = 8 "never",
    NATIONALITY = 9 "nationality",
    ORG_HEAD = 10 "org_head",
    ORG_OF = 11 "org_of",
    ORG_FOR = 12 "org_for",
    PLACE_HEAD = 13 "place_head",
    PLACE_OF = 14 "place_of",
    PLACE_PREFIX = 15 "place_prefix",
    COMPASS = 16 "compass",
    EVENT_HEAD = 17 "event_head",
    EVENT_PREFIX = 18 "event_prefix",
    ROLE = 19 "role",
    REPORT = 20 "report",
    PERSON_VERB = 21 "person_verb",
    ORG_CUE = 22 "org_cue",
    PLACE_CUE = 23 "place_cue",
    PLACE_PREPOSITION = 24 "place_prep",
    COMPANY_SUFFIX = 25 "company_suffix",
    PLURAL_OWNER = 26 "plural_owner",
    PARTICLE = 27 "particle",
    SUFFIX = 28 "suffix",
    DEMONYM_ORG = 29 "demonym_org",
    GOVERNMENT_BODY = 30 "government_body",
    ABBREVIATION = 31 "abbreviation",
    COMPOUND_TAIL = 32 "compound_tail",
    COMPOUND_HEAD = 33 "compound_head",
    SURNAME_TITLE = 34 "surname_title",
    GIVEN = 35 "given",
    COMMON = 36 "common",
    COUNTRY = 37 "country",
    HONORIFIC = 38 "honorific",
    AUXILIARY = 39 "auxiliary",
    GENERIC_ROLE = 40 "generic_role",
    SURNAME = 41 "surname",
    NUMBER = 42 "number",
    VESSEL = 43 "vessel",
    VESSEL_MARK = 44 "vessel_mark",
    KIN = 45 "kin",
    MOTION = 46 "motion",
}

impl Classes {
    /// Whether the word is in one of these classes.
    pub fn any(self, of: Classes) -> bool {
        self.0 & of.0 != 0
    }

    /// The number of each class the word is in, below `CLASSES`.
    pub fn numbers(self) -> impl Iterator<Item = u32> {
        (0..CLASSES).filter(move |number| self.0 & (1 << number) != 0)
    }

    pub const fn or(self, other: Classes) -> Classes {
        Classes(self.0 | other.0)
    }
}

static WORDS: LazyLock<HashMap<String, Classes>> = LazyLock::new(|| {
    let mut words: HashMap<String, Classes> = HashMap::new();
    let mut add = |word: &str, class: Classes| {
        let known = words.entry(word.to_lowercase().replace('’', "'")).or_default();
        *known = known.or(class);
    };
    for (label, rest) in rows(include_str!("data/words.tsv")) {
        let Some(class) = Classes::labelled(label) else { continue };
        rest.split_whitespace().for_each(|word| add(word, class));
    }
    for (gender, rest) in rows(include_str!("data/given_names.tsv")) {
        let class = match gender {
            "f" => Classes::GIVEN.or(Classes::FEMALE),
            "m" => Classes::GIVEN.or(Classes::MALE),
            _ => Classes::GIVEN,
        };
        rest.split_whitespace().for_each(|word| add(word, class));
    }
    for line in include_str!("data/common.tsv").lines().filter(|line| !line.starts_with('#')) {
        line.split_whitespace().for_each(|word| add(word, Classes::COMMON));
    }
    for (name, rest) in rows(include_str!("data/countries.tsv")) {
        let mut columns = rest.split('\t');
        let aliases = columns.next().unwrap_or_default();
        for name in aliases.split(';').chain([name]).filter(|name| !name.contains(' ')) {
            add(name, Classes::COUNTRY);
            add(name.trim_end_matches('.'), Classes::COUNTRY);
        }
        let demonyms = columns.nth(1).unwrap_or_default();
        demonyms.split_whitespace().for_each(|word| add(word, Classes::NATIONALITY));
    }
    words
});

/// The classes of a word in lower case with straight apostrophes, without a closing full stop.
pub fn classes(word: &str) -> Classes {
    let known = WORDS.get(word).copied().unwrap_or_default();
    if known == Classes::default() && (common_ending(word) || counted(word)) {
        Classes::COMMON
    } else {
        known
    }
}

/// Whether the word is a number put together, or counts something: "twenty-four", "six-year-old".
pub fn counted(word: &str) -> bool {
    let first = word.split_once('-').map(|(first, _)| first);
    first.and_then(|first| WORDS.get(first)).is_some_and(|known| known.any(Classes::NUMBER))
}

/// Whether the word is formed as only common words are: "reportedly", "privatisation".
fn common_ending(word: &str) -> bool {
    const ENDINGS: [&str; 16] = [
        "ly", "tion", "tions", "ness", "ment", "ments", "ities", "ized", "ised", "izing", "ising", "ically",
        "ological", "ists", "holders", "makers",
    ];
    word.len() > 6 && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// The rows of a data file: first column, and the rest of the line.
pub fn rows(data: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    data.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split_once('\t').unwrap_or((line, "")))
}
