//! The article's own headline without what outlets hang on it.
//!
//! Nothing is added or reworded: the result is one stretch of the title.

use std::sync::LazyLock;

use regex::Regex;

use super::shape;

/// Cleans a page's title; nothing if it is blank. `outlets` are the names and the host that may be
/// hung on to it.
///
/// Labels in front ("BREAKING:", "(VIDEO)"), the outlet's name and clickbait tails behind
/// ("— here's why") are taken off, as long as something to read is left.
pub(super) fn clean(title: &str, outlets: &[&str]) -> Option<String> {
    strip(title, outlets, true)
}

/// As [`clean`], for the heading that readers see: what a bar parts is its own unless it is the outlet's name.
pub(super) fn clean_heading(heading: &str, outlets: &[&str]) -> Option<String> {
    strip(heading, outlets, false)
}

fn strip(title: &str, outlets: &[&str], bars: bool) -> Option<String> {
    let title = shape::collapse(title);
    let mut shown = without_outlet(&title, outlets, bars);
    // Labels and tails nest: "BREAKING: VIDEO: … [WATCH] | Outlet". Each pass only shortens.
    loop {
        let before = shown.len();
        for pattern in [&LABEL, &MARK, &TAIL] {
            shown = without(pattern, shown);
        }
        shown = without_outlet(shown, outlets, bars);
        shown = shown.trim_end_matches([' ', '-', '–', '—', '|', ':', '·']).trim();
        shown = shown.trim_start_matches(['|', '»', '›', '·', ' ']);
        if shown.len() == before {
            break;
        }
    }
    (!shown.is_empty()).then(|| shown.to_owned())
}

/// In front: what kind of piece it is.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?:
            (?i: breaking (?:\ news)? | just\ in | exclusive | watch | video | live | live\ updates? | update[ds]? (?:\ \d+)?
               | developing | urgent | alert | photos | in\ pictures | must[\x20-]see | opinion | analysis | explainer
               | news\ alert | listen | podcast | revealed | fact\ check ) \s* (?: [:|–—] | \ -\ )
            | UPDATE\ \d+\s*-
            | \d{1,2}\.\s?\d{1,2}\.\s?\d{4} \s* (?: [:|–—] | \ -\ | \s )
            | (?: BREAKING (?:\ NEWS)? | JUST\ IN | EXCLUSIVE | URGENT )\ +
            | (?i: [\[(] (?: video | photos? | watch | update[ds]? | breaking | exclusive | live | audio | gallery | infographic ) [\])] )
        )\s*",
    )
    .expect("a fixed pattern")
});

/// Behind: that there is a video or a gallery.
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\s*[\[(](?:with )?(?:video|videos|photos?|watch|update[ds]?|pictures|audio|gallery|infographic|opinion|live)[\])]$")
        .expect("a fixed pattern")
});

/// Behind: what makes people click and tells nothing.
static TAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)
        (?: \s*[–—|:;…,.] | \s+-+ | \.{3} )\s*
        (?: and\s+|but\s+|so\s+)?
        (?: here(?:['’]s|\ is|\ are)\s+(?:why|what|how|who|when|where|everything|all|the)\b
          | (?:find\ out|see|learn|discover|know)\s+(?:why|what|how|who)\b
          | you\ (?:won['’]t|will\ never)\ believe
          | why\ (?:it|that|this)\ matters
          | the\ (?:reason|answer)\ (?:will|may|might)\b
          | (?:details|deets)\ (?:inside|here|below)
          | (?:watch|see)\ (?:the\ )?(?:video|photos|pictures|here)
          | read\ (?:more|on|full)
        ) [^|]*$
        # What follows about tells something.
        | (?: \s*[–—|:;…,.] | \s+-+ | \.{3} )\s* (?:what|everything|all)\ (?:you\ need\ to\ know|we\ know|to\ know|happens?\ next|it\ means|happened\ next)
          (?:\ (?:so\ far|now|right\ now|today|about\ it))? \W*$
        # Not behind a comma, where it may be the main clause.
        | (?: \s*[–—|:;….] | \s+-+ | \.{3} )\s* (?:this\ is|that['’]s)\s+(?:why|what|how|who)\b [^|]*$
        | \s*\((?:and\s)?(?:here(?:['’]s|\ is)\ (?:why|what|how)|why\ it\ matters)[^()]*\)$",
    )
    .expect("a fixed pattern")
});

/// Takes a match off unless fewer than three words would be left.
fn without<'a>(pattern: &Regex, title: &'a str) -> &'a str {
    match pattern.find(title) {
        Some(found) => {
            let left = if found.start() == 0 { &title[found.end()..] } else { &title[..found.start()] };
            if left.split_whitespace().nth(2).is_some() { left.trim() } else { title }
        }
        None => title,
    }
}

const SEPARATORS: &[&str] = &[
    " | ", " │ ", " ｜ ", " - ", " – ", " — ", " :: ", " · ", " • ", " » ", " « ", " › ", " ‹ ", " ~ ",
    " // ", " / ", " : ",
];

/// Cuts "… | World News | The Chronicle" from behind, "The Chronicle: …" in front.
fn without_outlet<'a>(title: &'a str, outlets: &[&str], bars: bool) -> &'a str {
    let prints: Vec<String> =
        outlets.iter().map(|outlet| shape::fingerprint(outlet)).filter(|p| p.len() >= 2).collect();
    let is_outlet = |text: &str| {
        let print = shape::fingerprint(text);
        let bare = print.strip_prefix("the").unwrap_or(&print);
        !bare.is_empty()
            && prints.iter().any(|outlet| {
                let outlet = outlet.strip_prefix("www").unwrap_or(outlet);
                let outlet = outlet.strip_prefix("the").unwrap_or(outlet);
                outlet == bare
                    || (bare.len() >= 3 && outlet.starts_with(bare))
                    || (outlet.len() >= 3 && bare.starts_with(outlet) && shape::word_count(text) <= 5)
            })
    };
    let mut title = title;
    for _ in 0..3 {
        // What follows the last bar is the outlet where it bears its name, and short where a bar says so.
        let cut = SEPARATORS
            .iter()
            .filter_map(|separator| title.rfind(separator).map(|at| (at, *separator)))
            .max_by_key(|(at, _)| *at)
            .filter(|(at, separator)| {
                let (head, tail) = (&title[..*at], &title[at + separator.len()..]);
                let named = is_outlet(tail) || is_publication(tail);
                let bar = bars
                    && matches!(*separator, " | " | " │ " | " ｜ " | " :: " | " » " | " « " | " • " | " · ")
                    && shape::word_count(tail) <= 4;
                shape::word_count(head) >= if named { 1 } else { 4 } && (named || bar)
            });
        let Some((at, _)) = cut else { break };
        title = &title[..at];
    }
    let front =
        [": ", " | ", " - ", " – ", " — ", " » ", " › ", " :: ", " · ", " • "].iter().find_map(|separator| {
            let (head, rest) = title.split_once(separator)?;
            (is_outlet(head) && shape::word_count(rest) >= 3).then_some(rest)
        });
    front.unwrap_or(title)
}

/// Whether it ends like the name of a publication.
fn is_publication(name: &str) -> bool {
    const LAST: &[&str] = &[
        "news", "times", "post", "herald", "tribune", "guardian", "telegraph", "journal", "gazette",
        "chronicle", "observer", "mail", "mirror", "express", "reuters", "ap", "afp", "bbc", "cnn", "npr",
        "pbs", "cnbc", "abc", "cbs", "nbc", "magazine", "today", "daily", "online", "weekly", "standard",
        "independent", "bloomberg", "politico", "jazeera", "wire", "press", "radio", "tv", "globe",
        "examiner", "dispatch", "courier", "register",
    ];
    let last = name.split_whitespace().last().unwrap_or_default().to_lowercase();
    name.starts_with(char::is_uppercase)
        && (LAST.contains(&last.as_str())
            || [".com", ".org", ".net", ".co.uk"].iter().any(|tld| last.ends_with(tld)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_loses_its_trappings() {
        let outlets = ["The Chronicle", "chronicle.example"];
        let cases = [
            ("Wall opens after 28 years | The Chronicle", "Wall opens after 28 years"),
            ("Wall opens after 28 years - Chronicle", "Wall opens after 28 years"),
            ("Wall opens after 28 years | World News | The Chronicle", "Wall opens after 28 years"),
            ("Wall opens — and the guards stand by - The Chronicle", "Wall opens — and the guards stand by"),
            ("The Chronicle: Wall opens after 28 years", "Wall opens after 28 years"),
            ("BREAKING: Wall opens after 28 years", "Wall opens after 28 years"),
            ("BREAKING NEWS - Wall opens after 28 years", "Wall opens after 28 years"),
            ("[UPDATED] Wall opens after 28 years", "Wall opens after 28 years"),
            ("UPDATE 2-Wall opens after 28 years", "Wall opens after 28 years"),
            ("Watch: Crowds climb the Wall", "Crowds climb the Wall"),
            ("Wall opens after 28 years - here's what we know", "Wall opens after 28 years"),
            ("Wall opens after 28 years (VIDEO)", "Wall opens after 28 years"),
            ("Berlin - a city reunited", "Berlin - a city reunited"),
            ("Live music returns to Leipzig", "Live music returns to Leipzig"),
            ("Breaking the silence of Prague", "Breaking the silence of Prague"),
            (
                "Gorbachev: “Life punishes those who come late”",
                "Gorbachev: “Life punishes those who come late”",
            ),
        ];
        for (title, expected) in cases {
            assert_eq!(clean(title, &outlets).as_deref(), Some(expected), "{title}");
        }
        assert_eq!(clean(" \u{a0} ", &outlets), None);
    }

    #[test]
    fn keeps_the_news_and_nothing_else() {
        for (title, outlet, want) in [
            ("Berlin Wall falls after 28 years", None, "Berlin Wall falls after 28 years"),
            ("Berlin Wall falls after 28 years | Example Gazette", None, "Berlin Wall falls after 28 years"),
            ("Berlin Wall falls - The Daily Example", Some("Daily Example"), "Berlin Wall falls"),
            ("Berlin Wall falls – example.org", Some("example.org"), "Berlin Wall falls"),
            ("Berlin Wall falls - BBC News", None, "Berlin Wall falls"),
            ("BREAKING: Nixon resigns as president", None, "Nixon resigns as president"),
            ("Breaking News: Nixon resigns as president", None, "Nixon resigns as president"),
            ("UPDATE 2-Nixon resigns as president", None, "Nixon resigns as president"),
            ("[VIDEO] Man walks on the Moon", None, "Man walks on the Moon"),
            ("Man walks on the Moon [VIDEO]", None, "Man walks on the Moon"),
            ("WATCH: VIDEO: Man walks on the Moon (PHOTOS) | Outlet", None, "Man walks on the Moon"),
            ("Stocks crash on Wall Street — here's why", None, "Stocks crash on Wall Street"),
            ("Stocks crash on Wall Street: Here’s what we know so far", None, "Stocks crash on Wall Street"),
            (
                "Stocks crash on Wall Street, and you won't believe by how much",
                None,
                "Stocks crash on Wall Street",
            ),
            ("Stocks crash on Wall Street. What you need to know", None, "Stocks crash on Wall Street"),
            (
                "Titanic sinks on maiden voyage - 1,500 feared dead",
                None,
                "Titanic sinks on maiden voyage - 1,500 feared dead",
            ),
            ("Apollo 13: how the crew came home", None, "Apollo 13: how the crew came home"),
            ("Live Aid raises millions", None, "Live Aid raises millions"),
            ("Here's why stocks crashed", None, "Here's why stocks crashed"),
            ("BREAKING: War", None, "BREAKING: War"),
            ("  Man\n walks ", None, "Man walks"),
        ] {
            let outlets: Vec<&str> = outlet.into_iter().collect();
            assert_eq!(clean(title, &outlets).as_deref(), Some(want), "{title}");
        }
    }
}
