//! Splits a paragraph of English news into sentences.
//!
//! Every span of a digest is a sentence or a part of one, so a wrong cut is seen by the reader.
//! The rules follow Punkt (Kiss & Strunk 2006, "Unsupervised Multilingual Sentence Boundary
//! Detection"): a full stop ends a sentence unless the word before it is an abbreviation, an
//! initial or a number; after the abbreviations that do end sentences ("U.S.", "a.m.", "Inc.")
//! the next word decides. The lists are those of news writing.

use std::ops::Range;

/// The sentences of one paragraph as byte ranges: in order, trimmed, none empty.
///
/// Linear in the length of the paragraph, whatever is in it.
pub fn split(paragraph: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut stops = paragraph.char_indices().peekable();
    while let Some((at, stop)) = stops.next() {
        if !is_stop(stop) {
            continue;
        }
        let mut end = at + stop.len_utf8();
        // "?!", "...", and the quotes and brackets that close after the stop.
        let mut run = 1;
        let mut closed = false;
        while let Some(&(next, c)) = stops.peek() {
            if is_stop(c) && !closed {
                run += 1;
            } else if is_closing(c) && !opens(&paragraph[next..], c) {
                closed = true;
            } else {
                break;
            }
            end = next + c.len_utf8();
            stops.next();
        }
        let before = &paragraph[start..at];
        let after = &paragraph[end..];
        if ends_sentence(before, stop, run, closed, after) {
            push_trimmed(&mut sentences, paragraph, start..end);
            start = end;
        }
    }
    push_trimmed(&mut sentences, paragraph, start..paragraph.len());
    sentences
}

fn push_trimmed(sentences: &mut Vec<Range<usize>>, paragraph: &str, range: Range<usize>) {
    let text = &paragraph[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    let end = start + text.trim().len();
    if start < end {
        sentences.push(start..end);
    }
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '।')
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '”' | '’' | '\'' | '»' | ')' | ']')
}

/// A straight quote with a letter right after it opens the next sentence.
fn opens(from: &str, quote: char) -> bool {
    matches!(quote, '"' | '\'') && from.chars().nth(1).is_some_and(char::is_alphanumeric)
}

/// Decides about one stop. `before` is the sentence so far, `after` the rest of the paragraph.
fn ends_sentence(before: &str, stop: char, run: usize, closed: bool, after: &str) -> bool {
    if matches!(stop, '。' | '！' | '？') {
        return true;
    }
    let rest = after.trim_start();
    if rest.is_empty() {
        return true;
    }
    if rest.len() == after.len() {
        // "3.5", "example.org", "U.S.-led"
        return false;
    }
    let opened = rest.starts_with(is_opening);
    let next = word(rest.trim_start_matches(is_opening));
    let Some(first) = next.chars().next() else {
        // A dash or another mark between spaces goes on with the sentence.
        return opened;
    };
    if first.is_lowercase() {
        return false;
    }
    if stop == '…' || run > 1 && stop == '.' {
        return first.is_uppercase() || opened;
    }
    if stop != '.' {
        // “Why now?” Smith asked.
        return !(closed && attributes(rest));
    }
    if closed {
        return true;
    }
    let last = last_word(before);
    let initials = last.contains('.') || last.chars().nth(1).is_none();
    if initials && is_nickname(rest) {
        return false;
    }
    // "LAKEHURST, N.J. (AP)": after an abbreviation a bracket rather goes on.
    after_word(before, last, next, opened && !rest.starts_with('('))
}

/// Decides about a single full stop right after the word `last`.
fn after_word(before: &str, last: &str, next: &str, opened: bool) -> bool {
    let lower = last.to_lowercase();
    let starter = opened || STARTERS.contains(&next.to_lowercase().as_str());
    let next_is_number = next.starts_with(|c: char| c.is_ascii_digit());
    if TITLES.contains(&lower.as_str()) {
        return false;
    }
    if NUMBERED.contains(&lower.as_str()) && last != "P" {
        return !next_is_number;
    }
    if MAY_END.contains(&lower.as_str()) {
        return starter;
    }
    if matches!(lower.as_str(), "a.m" | "p.m") {
        return !AFTER_HOUR.contains(&next.to_lowercase().as_str());
    }
    let letters = last.chars().filter(|c| c.is_alphabetic()).count();
    let initials = letters > 0
        && last.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    if initials && (last.contains('.') || last.chars().all(char::is_uppercase)) {
        // "J. Smith", "the U.S. Senate", but "in the U.S. The"
        return starter && !(letters == 1 && last != "I" && opened);
    }
    // "1. First of all" numbers an item.
    !(last.chars().all(|c| c.is_ascii_digit()) && last.len() <= 2 && before.trim_start().len() == last.len())
}

fn is_opening(c: char) -> bool {
    matches!(c, '"' | '“' | '‘' | '\'' | '«' | '(' | '[')
}

/// The word at the beginning of `text`.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    &text[..end]
}

/// The word at the end of `text`, inner full stops included, at most 24 bytes back.
fn last_word(text: &str) -> &str {
    let from = text
        .char_indices()
        .rev()
        .take_while(|(_, c)| !c.is_whitespace() && !is_opening(*c) && !matches!(c, '-' | '–' | '—' | '/'))
        .take(24)
        .last()
        .map_or(text.len(), |(at, _)| at);
    &text[from..]
}

/// Whether `rest` goes on with a quoted nickname: `J.P. "The Big Bopper" Richardson`.
fn is_nickname(rest: &str) -> bool {
    if !rest.starts_with(['"', '“']) {
        return false;
    }
    let mut parts = rest.splitn(3, ['"', '“', '”']);
    let (Some(""), Some(inside), Some(after)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let ends_with_letter = inside.ends_with(char::is_alphanumeric);
    let few_words = inside.split_whitespace().nth(4).is_none();
    ends_with_letter
        && few_words
        && after.strip_prefix(' ').is_some_and(|name| name.starts_with(char::is_uppercase))
}

/// Whether `rest` goes on with a speaker: up to three names, then a verb of saying.
fn attributes(rest: &str) -> bool {
    let mut words = rest.split_whitespace().take(4).map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()));
    for word in words.by_ref() {
        if SAYING.contains(&word) {
            return true;
        }
        if !word.starts_with(char::is_uppercase) {
            return false;
        }
    }
    false
}

/// Verbs that name a speaker beside a quotation.
pub(super) const SAYING: &[&str] = &[
    "said", "says", "asked", "added", "told", "wrote", "tweeted", "replied", "continued", "explained",
    "recalled", "insisted", "warned", "argued", "noted", "shouted", "concluded", "quipped", "according",
];

/// Never end a sentence: a name follows.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "mx", "dr", "prof", "rev", "fr", "hon", "pres", "gov", "sen", "rep", "reps", "sens",
    "gen", "maj", "col", "lt", "capt", "cmdr", "cpl", "sgt", "pvt", "adm", "brig", "det", "insp", "supt",
    "amb", "atty", "msgr", "st", "ste", "mt", "ft", "messrs", "mme", "mlle", "vs", "v", "e.g", "i.e", "cf",
    "viz", "approx", "lt.-gen", "maj.-gen", "asst", "assoc", "spc", "cllr",
];

/// Abbreviations only before a number.
const NUMBERED: &[&str] = &[
    "no", "nos", "pp", "p", "vol", "ch", "sec", "fig", "art", "para", "jan", "feb", "mar", "apr", "jun",
    "jul", "aug", "sep", "sept", "oct", "nov", "dec", "ca",
];

/// End a sentence only if the next word is one that begins sentences.
const MAY_END: &[&str] = &[
    "inc", "corp", "co", "ltd", "llc", "plc", "bros", "jr", "sr", "etc", "al", "ave", "blvd", "rd", "dept",
    "est", "ph.d", "esq", "calif", "conn", "mass", "pa", "wash", "ala", "ariz", "fla", "ga", "ill", "md",
    "mich", "minn", "mo", "neb", "nev", "okla", "ore", "tenn", "tex", "va", "wis", "ky", "colo", "assn",
    "intl",
];

/// After "a.m." these go on with the time.
const AFTER_HOUR: &[&str] = &[
    "et", "est", "edt", "ct", "cst", "cdt", "pt", "pst", "pdt", "mt", "mst", "mdt", "gmt", "utc", "bst",
    "cet", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "jan", "feb", "aug", "sept", "oct", "nov", "dec", "eastern", "pacific", "central", "local",
];

/// Words that begin sentences far more often than they go on after an abbreviation.
const STARTERS: &[&str] = &[
    "the", "a", "an", "he", "she", "it", "they", "we", "i", "you", "his", "her", "its", "their", "our", "my",
    "this", "that", "these", "those", "there", "here", "but", "and", "or", "so", "yet", "if", "when",
    "while", "as", "after", "before", "since", "although", "though", "because", "in", "on", "at", "for",
    "from", "by", "with", "to", "under", "during", "until", "despite", "about", "what", "who", "how", "why",
    "where", "which", "some", "many", "most", "more", "all", "both", "no", "not", "none", "one", "two",
    "however", "meanwhile", "also", "earlier", "later", "last", "next", "now", "then", "once", "only",
    "even", "other", "another", "each", "every", "several", "according", "asked", "officials", "police",
    "authorities",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` marks where a sentence ends and the next one begins.
    const CASES: &[&str] = &[
        "The wall fell.| People danced on it.",
        "Mr. Gorbachev spoke to Gen. Jaruzelski.| Dr. King did not.",
        "Talks in the U.S. Senate failed.| Nobody was surprised.",
        "He flew to the U.S.| The visit lasted a week.",
        "They met in the U.S.| “We agree,” the two said.",
        "DAYTON, Ohio, and RENO, Nev. (AP) — Two machines flew.| They landed.",
        "U.S. President Harry S. Truman read J. R. Oppenheimer's letter.| He did not answer.",
        "The ship was No. 401 in the yard.| It sank at 2.20 a.m. on April 15.",
        "It sank at 2.20 a.m.| Rescue came two hours later.",
        "The hall opens at 9 a.m. Monday.| Entry is free.",
        "Did he say no.| Nobody knows.",
        "The price rose 3.5 percent.| Bread cost 2.40 marks.",
        "“We choose to go to the moon.”| The crowd cheered.",
        "\"We choose to go.\"| \"Not because it is easy.\"",
        "“Is it safe?” Fermi asked.| It was.",
        "“Is it safe?” he asked.| It was.",
        "Was it safe?| Fermi thought so.",
        "The bridge held (it had been tested.)| Trains ran again.",
        "They waited...| Nothing came.",
        "They waited ... and nothing came.",
        "He hesitated… then signed.| Others followed.",
        "Standard Oil Co. of New Jersey was split.| Ford Motor Co.| The rest was not.",
        "Taraji P. Henson spoke.| Samuel P. Huntington wrote.",
        "A plane with J.P. \"The Big Bopper\" Richardson crashed.| All died.",
        "See p. 12 of the report.| It is long.",
        "On Nov. 9 the gates opened.| By Dec. all were gone.",
        "The paper reached example.org on the day.| Then it spread.",
        "The U.S.-led mission landed.| It stayed for 21 hours.",
        "1. Fill the tank.",
        "He was born in 1912.| She was born in 1915.",
        "Stop!| Who goes there?!| A friend.",
        "“Ça ira !”| Élan vital…| Œuvre complète.",
        "壁が崩れた。|人々は踊った。",
        "He met Martin Luther King Jr. in Atlanta.| They talked.",
        "The firm, Bell Labs Inc., hired Shockley.| It paid well.",
    ];

    #[test]
    fn splits_news() {
        for case in CASES {
            let text = case.replace('|', "");
            let want: Vec<&str> = case.split('|').map(str::trim).collect();
            let got: Vec<&str> = split(&text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(got, want, "{case}");
        }
    }

    #[test]
    fn keeps_every_word_of_anything() {
        for text in
            ["", " ", ".", "...", "“”.", "a.b.c. D", "\u{301}. É. \u{feff}X", ". . . .", "!?!?", "“A.” “B.”"]
        {
            let words: String = split(text).into_iter().map(|range| text[range].to_owned()).collect();
            let strip = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(strip(&words), strip(text), "{text:?}");
        }
    }

    #[test]
    fn is_linear_on_a_wall_of_stops() {
        let wall = "A. ".repeat(200_000);
        assert!(!split(&wall).is_empty());
        let quotes = ".\"".repeat(200_000);
        assert!(!split(&quotes).is_empty());
    }
}
