//! Lines that are told by all of their words: share bars, dates, hashtags, addresses, breadcrumbs.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::clean::shape;

/// Whether a line stands around what a reader has written, as comment systems print it.
pub(in crate::clean) fn is_around_comment(line: &str) -> bool {
    static AROUND: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(\S+( \S+){0,3} (says|said|wrote|writes|sagt|schreibt|dice|a dit)( on .*)?:|(reply|antworten|responder|répondre|rispondi)( to .{1,40})?|(like|report|flag|upvote|share)( · | \| | )?(reply)?)$")
            .expect("a constant pattern, compiled by the tests")
    });
    AROUND.is_match(line)
}

/// Whether a line names an hour, or a day with its year.
pub(in crate::clean) fn has_moment(line: &str) -> bool {
    static MOMENT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\d[:h]\d{2}|\d[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}|(\p{L}{3,9}\.? \d{1,2},|\d{1,2}\.? \p{L}{3,9}\.?) (1[89]|20)\d\d")
            .expect("a constant pattern, compiled by the tests")
    });
    MOMENT.is_match(line)
}

/// An e-mail or web address, or a handle, and nothing else.
pub(super) fn is_address(line: &str) -> bool {
    let mut words = line.split_whitespace();
    match (words.next(), words.next()) {
        (Some(word), None) => {
            word.starts_with("http://")
                || word.starts_with("https://")
                || word.starts_with("www.")
                || (word.starts_with('@') && word.len() > 2)
                || (word.contains('@') && word.contains('.') && !word.ends_with('.'))
        }
        _ => false,
    }
}

pub(super) fn is_hashtags(line: &str) -> bool {
    let mut words = line.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| word.starts_with('#') && word.len() > 2)
}

static SHARE_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "share tweet facebook twitter whatsapp linkedin reddit pinterest telegram flipboard messenger \
    instagram youtube tumblr skype bluesky mastodon threads tiktok teilen twittern mailen drucken \
    partager imprimer compartir xing threema email print pocket"
        .split(' ')
        .collect()
});
static SHARE_FILLERS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "this article story post on via to e mail x copy link copied like save google news sms icon whats \
    app and by in with or send us follow more comments comment bookmark listen url plus auf per mit \
    sur en le shares rss"
        .split(' ')
        .collect()
});

/// Nothing but the names of places to share to.
pub(super) fn is_share_bar(line: &str, words: usize) -> bool {
    words <= 20 && {
        let lower = line.to_lowercase();
        let mut named = false;
        let all = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(|word| {
            let name = SHARE_NAMES.contains(word);
            named |= name;
            name || SHARE_FILLERS.contains(word) || word.chars().all(|c| c.is_ascii_digit())
        });
        all && named
    }
}

static DATE_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "january february march april may june july august september october november december jan feb \
    mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday \
    sunday mon tue tues wed thu thur thurs fri sat sun januar februar märz mai juni juli oktober \
    dezember montag dienstag mittwoch donnerstag freitag samstag sonntag janvier février mars avril \
    juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi samedi \
    dimanche enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre \
    diciembre today yesterday"
        .split(' ')
        .collect()
});
static DATE_FILLERS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "published updated posted last first modified on at date a p m am pm gmt utc est edt et pst pdt \
    pt ist bst cet cest z uhr ago hour hours hrs minute minutes min mins day days week weeks read of \
    the um den le à el de stand vor stunden tagen h and time local issued created il y"
        .split(' ')
        .collect()
});

/// A date or a time and nothing else. Between prose only with a clock time: "April 1912" may head a section.
pub(super) fn is_date(line: &str, at_end: bool) -> bool {
    if line.starts_with('+') {
        return false;
    }
    let lower = line.to_lowercase();
    let (mut numbers, mut names, mut tokens, mut ago) = (0, 0, 0, false);
    for token in lower.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()) {
        tokens += 1;
        if tokens > 18 {
            return false;
        }
        let digits = token.trim_end_matches(|c: char| c.is_alphabetic());
        let suffix = &token[digits.len()..];
        if !digits.is_empty()
            && digits.len() <= 4
            && digits.bytes().all(|b| b.is_ascii_digit())
            && ["", "st", "nd", "rd", "th", "am", "pm", "h", "z", "t"].contains(&suffix)
        {
            numbers += 1;
        } else if DATE_WORDS.contains(token) {
            names += 1;
        } else if DATE_FILLERS.contains(token) {
            ago |= token == "ago" || token == "vor";
        } else {
            return false;
        }
    }
    let clock = numbers >= 3 && line.contains(':');
    let full = (numbers >= 2 && names >= 1) || numbers >= 3 || (numbers >= 1 && ago);
    full && (at_end || clock || ago) || (at_end && numbers >= 1 && names >= 2)
}

/// "Home > World > Europe".
pub(super) fn is_breadcrumb(line: &str, words: usize) -> bool {
    if words > 16 || shape::ends_sentence(line) {
        return false;
    }
    let pieces: Vec<&str> =
        line.split(['>', '»', '›', '→']).map(str::trim).filter(|piece| !piece.is_empty()).collect();
    pieces.len() >= 3 && pieces.iter().all(|piece| shape::word_count(piece) <= 6)
        || pieces.len() == 2 && shape::word_count(pieces[0]) <= 3 && shape::word_count(pieces[1]) <= 3
}
