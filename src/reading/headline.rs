//! The article's own headline without what outlets hang on it.
//!
//! Nothing is added or reworded: the result is one stretch of the title.

use std::sync::LazyLock;

use regex::Regex;

/// The headline to show; nothing if the title is blank.
///
/// Labels in front ("BREAKING:", "(VIDEO)"), the outlet's name and clickbait tails behind
/// ("— here's why") are taken off, as long as something to read is left.
pub fn clean(title: &str, outlet: Option<&str>) -> Option<String> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown = title.as_str();
    // Labels and tails nest: "BREAKING: VIDEO: … [WATCH] | Outlet". Each pass only shortens.
    loop {
        let before = shown.len();
        shown = without(&LABEL, shown);
        shown = without(&MARK, shown);
        shown = without(&TAIL, shown);
        shown = without_outlet(shown, outlet);
        shown = shown.trim_end_matches([' ', '-', '–', '—', '|', ':', '·', '»', '…']).trim();
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
          | (?:this\ is|that['’]s|find\ out|see|learn|discover|know)\s+(?:why|what|how|who)\b
          | you\ (?:won['’]t|will\ never)\ believe
          | what\ (?:you\ need\ to\ know|we\ know|to\ know|happens?\ next|it\ means|happened\ next)
          | everything\ (?:you\ need|we\ know)
          | all\ (?:you\ need|we\ know)
          | why\ (?:it|that|this)\ matters
          | the\ (?:reason|answer)\ (?:will|may|might)\b
          | (?:details|deets)\ (?:inside|here|below)
          | (?:watch|see)\ (?:the\ )?(?:video|photos|pictures|here)
          | read\ (?:more|on|full)
        ) [^|]*$
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

/// Takes the outlet's name off the end, behind a bar or a dash.
fn without_outlet<'a>(title: &'a str, outlet: Option<&str>) -> &'a str {
    for separator in [" | ", " - ", " – ", " — ", " · ", " » ", " :: "] {
        let Some((left, name)) = title.rsplit_once(separator) else { continue };
        let words = name.split_whitespace().count();
        let is_outlet = outlet.is_some_and(|outlet| same_name(name, outlet));
        // A bar never stands inside a headline, a dash often does.
        let looks_like_one = words <= 5 && separator == " | " || words <= 4 && is_publication(name);
        if (is_outlet || looks_like_one) && left.split_whitespace().nth(1).is_some() {
            return left.trim();
        }
    }
    title
}

/// Whether two spellings name one outlet: "BBC News" and "bbc", "example.org" and "Example".
fn same_name(name: &str, outlet: &str) -> bool {
    let letters = |text: &str| -> String {
        let text = text.trim().to_lowercase();
        let text = text.strip_prefix("www.").unwrap_or(&text);
        let text = text.strip_prefix("the ").unwrap_or(text);
        text.chars().filter(|c| c.is_alphanumeric()).collect()
    };
    let (name, outlet) = (letters(name), letters(outlet));
    name.len() >= 3 && outlet.len() >= 3 && (name.starts_with(&outlet) || outlet.starts_with(&name))
}

/// Whether it ends like the name of a publication.
fn is_publication(name: &str) -> bool {
    const LAST: &[&str] = &[
        "news",
        "times",
        "post",
        "herald",
        "tribune",
        "guardian",
        "telegraph",
        "journal",
        "gazette",
        "chronicle",
        "observer",
        "mail",
        "mirror",
        "express",
        "reuters",
        "ap",
        "afp",
        "bbc",
        "cnn",
        "npr",
        "pbs",
        "cnbc",
        "abc",
        "cbs",
        "nbc",
        "magazine",
        "today",
        "daily",
        "online",
        "weekly",
        "standard",
        "independent",
        "bloomberg",
        "politico",
        "jazeera",
        "wire",
        "press",
        "radio",
        "tv",
        "globe",
        "examiner",
        "dispatch",
        "courier",
        "register",
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
            assert_eq!(clean(title, outlet).as_deref(), Some(want), "{title}");
        }
        assert_eq!(clean(" \n", None), None);
    }
}
