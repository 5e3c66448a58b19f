//! The headline without what is not headline: the outlet's name, "BREAKING:", tails that sell.

use std::sync::LazyLock;

use regex::Regex;

use super::shape;

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W{0,3}(breaking( news)?|just in|watch( live)?|live( updates| blog)?|exclusive|update( ?\d+)?|updated|developing|urgent|alert|video|photos?|pictures|in pictures|listen|must[- ]see|must[- ]read|flash|eilmeldung|eil|exklusiv|liveblog|live-ticker|newsticker)\W{0,2}(:|\||–|—| -|\])\s*|^UPDATE \d+-",
    )
});
static WORD_LABEL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(BREAKING( NEWS)?|JUST IN|EXCLUSIVE|UPDATE \d+|URGENT|EILMELDUNG) +"));
static TAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\s*([-–—:|,.…]+\s*(and )?(here[’']?s|here is) (what|why|how|everything)\b.*|[-–—:|,.…]+\s*(what (we|you) (need to )?know( so far)?|everything (we|you need to) know.*|you won[’']t believe.*|live updates?|as it happened|report|reports|video|photos|pictures|watch)|[\[(](video|photos?|watch|pictures|updated?|exclusive|live|with video|slideshow|gallery|opinion|report)[\])])\s*$",
    )
});

/// Cleans a page's title. `outlets` are the names and the host that may be hung on to it.
pub(super) fn clean(title: &str, outlets: &[&str]) -> Option<String> {
    let mut title = shape::collapse(title);
    title = without_outlet(&title, outlets);
    for _ in 0..2 {
        let rest = LABEL.replace(&title, "");
        let rest = WORD_LABEL.replace(&rest, "");
        if shape::word_count(&rest) >= 3 {
            title = rest.into_owned();
        }
    }
    let rest = TAIL.replace(&title, "");
    if shape::word_count(&rest) >= 4 {
        title = rest.into_owned();
    }
    let title = title.trim_matches(|c: char| c.is_whitespace() || "|»›·".contains(c)).to_owned();
    (!title.is_empty()).then_some(title)
}

const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " :: ", " · ", " • ", " » ", " « ", " › ", " ‹ ", " ~ ", " // ", " / ", " : ",
];

/// Cuts "… | World News | The Chronicle" from behind, "The Chronicle: …" in front.
fn without_outlet(title: &str, outlets: &[&str]) -> String {
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
    let mut title = title.to_owned();
    for _ in 0..3 {
        // What follows the last bar is the outlet where it bears its name, and short where a bar says so.
        let cut = SEPARATORS
            .iter()
            .filter_map(|separator| title.rfind(separator).map(|at| (at, *separator)))
            .max_by_key(|(at, _)| *at)
            .filter(|(at, separator)| {
                let (head, tail) = (&title[..*at], &title[at + separator.len()..]);
                let named = is_outlet(tail);
                let bar = matches!(*separator, " | " | " :: " | " » " | " « " | " • " | " · ")
                    && shape::word_count(tail) <= 4;
                shape::word_count(head) >= if named { 1 } else { 4 } && (named || bar)
            });
        let Some((at, _)) = cut else { break };
        title.truncate(at);
    }
    let front = [": ", " | ", " - ", " – "].iter().find_map(|separator| {
        let (head, rest) = title.split_once(separator)?;
        (is_outlet(head) && shape::word_count(rest) >= 3).then(|| rest.to_owned())
    });
    front.unwrap_or(title)
}

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the patterns of this file are constants that its tests compile")
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
}
