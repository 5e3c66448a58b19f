//! Which line of a page is the headline that its readers see.
//!
//! Outlets give search engines and social networks wordings of their own; the reader's is the heading of the
//! page. A heading is believed where what the page declares agrees with it, or where it is the only one.

use std::collections::HashSet;

use super::layout::Layout;
use crate::clean::dates::{self, Order};
use crate::clean::{headline, shape};

#[derive(Debug, Default)]
pub(super) struct Titles {
    /// The headline without what outlets hang on it.
    pub best: Option<String>,
    /// All wordings as they came, the best first.
    pub forms: Vec<String>,
    /// The headline's element in the layout.
    pub heading: Option<usize>,
}

/// Headings tried.
const MAX_HEADINGS: usize = 60;
/// Share of the words of a heading and of a declared title that must be common for them to be one title.
const AGREEMENT: f64 = 0.5;

/// `declared` are the titles in the head of the page, most trusted first; `outlets` what may hang on them.
pub(super) fn read(layout: &Layout, declared: &[String], outlets: &[&str]) -> Titles {
    let cleaned: Vec<String> = declared.iter().filter_map(|title| headline::clean(title, outlets)).collect();
    let heading = heading(layout, declared, &cleaned, outlets);
    let shown = heading.map(|at| shown(layout, at, &cleaned)).filter(|text| !text.is_empty());
    let best = shown
        .as_deref()
        .and_then(|shown| headline::clean_heading(shown, outlets))
        .or(cleaned.first().cloned());
    let best = best.map(|best| whole(best, &cleaned));
    let forms: Vec<String> = shown.into_iter().chain(declared.iter().cloned()).collect();
    Titles { best, forms, heading }
}

/// The outlet's name behind the headline in the page's title, where it is the name in the address too.
pub(super) fn outlet(titles: &Titles, host: &str) -> Option<String> {
    let best = titles.best.as_deref()?;
    let host = shape::fingerprint(host);
    titles.forms.iter().filter_map(|form| form.strip_prefix(best)).find_map(|behind| {
        let name = behind.rsplit(['|', '–', '—', '·', '»', '•']).next()?;
        let name = name.rsplit(" - ").next()?.trim();
        let print = shape::fingerprint(name);
        let print = print.strip_prefix("the").unwrap_or(&print);
        (print.len() >= 3 && host.contains(print)).then(|| name.to_owned())
    })
}

/// Where the first wording is cut off, another may be whole.
pub(in crate::clean) fn whole(best: String, others: &[String]) -> String {
    let start = best.trim_end_matches(['…', '.', ' ']);
    let mut whole = others
        .iter()
        .filter(|other| shape::is_cut_off(&best) && !shape::is_cut_off(other) && other.starts_with(start));
    whole.next().cloned().unwrap_or(best)
}

struct Heading {
    at: usize,
    text: String,
    level: usize,
    /// How well a declared title agrees, 0 to 1.
    agreement: f64,
    /// It is the short end of a declared title.
    ends: bool,
}

fn heading(layout: &Layout, raw: &[String], declared: &[String], outlets: &[&str]) -> Option<usize> {
    let prints: HashSet<String> = outlets.iter().map(|outlet| shape::fingerprint(outlet)).collect();
    let mut headings: Vec<Heading> = Vec::new();
    for at in 0..layout.elements.len() {
        let level = match layout.tag(at) {
            "h1" => 1,
            "h2" => 2,
            "h3" | "h4" => 3,
            _ if is_headline(layout, at) => 2,
            _ => continue,
        };
        let text = shown(layout, at, declared);
        let print = shape::fingerprint(&text);
        if print.is_empty() || text.len() > 400 || prints.contains(&print) {
            continue;
        }
        let agreement = declared.iter().map(|title| agreement(&text, title)).fold(0.0, f64::max);
        let ends = print.len() >= 12 && raw.iter().any(|title| shape::fingerprint(title).ends_with(&print));
        headings.push(Heading { at, text, level, agreement, ends });
        if headings.len() >= MAX_HEADINGS {
            break;
        }
    }
    let marked = |own: &&Heading| is_headline(layout, own.at);
    let own = |own: &&Heading| !layout.is_foreign(own.at, None);
    let firsts = || headings.iter().filter(|heading| heading.level == 1);
    let best = |least: f64, level: usize| {
        headings
            .iter()
            .filter(|heading| heading.level <= level && heading.agreement >= least)
            .reduce(|best, other| if other.agreement > best.agreement + 0.01 { other } else { best })
    };
    let only = || {
        let mut own = firsts().filter(own);
        own.next().filter(|first| own.next().is_none() && shape::word_count(&first.text) >= 1)
    };
    best(AGREEMENT, 1)
        .or_else(|| best(0.9, 3))
        .or_else(|| headings.iter().find(|heading| heading.ends))
        .or_else(|| headings.iter().filter(own).find(marked))
        .or_else(only)
        .map(|heading| heading.at)
}

fn is_headline(layout: &Layout, at: usize) -> bool {
    if layout.attribute(at, "itemprop").is_some_and(|prop| prop.split_whitespace().any(|p| p == "headline")) {
        return layout.tag(at) != "meta";
    }
    const NAMES: &[&str] =
        &["entry-title", "post-title", "article-title", "articletitle", "article__title", "headline"];
    layout
        .attribute(at, "class")
        .is_some_and(|class| class.split_whitespace().any(|name| NAMES.contains(&name)))
}

/// The heading's text without its kicker, its date and what only screen readers are told.
///
/// Which of its parts is the headline: the one that a declared title repeats, else the longest by far.
fn shown(layout: &Layout, at: usize, declared: &[String]) -> String {
    let parts = parts(layout, at);
    let whole = shape::collapse(&parts.join(" "));
    if parts.len() < 2 {
        return whole;
    }
    let prints: Vec<String> = declared.iter().map(|title| shape::fingerprint(title)).collect();
    let repeated = |text: &str| prints.contains(&shape::fingerprint(text));
    if let Some(part) = parts.iter().find(|part| repeated(part) && shape::word_count(part) >= 2) {
        return part.clone();
    }
    // "Kicker: Headline" in one box each.
    let behind = |part: &&String| {
        let kicker = |title: &&String| {
            let before = title.strip_suffix(part.as_str()).map(str::trim_end);
            shape::fingerprint(title) == shape::fingerprint(&whole)
                && before.is_some_and(|b| b.ends_with([':', '-', '–', '—', '|']))
        };
        shape::word_count(part) >= 3 && declared.iter().any(|title| kicker(&title))
    };
    if let Some(part) = parts.iter().find(behind) {
        return part.clone();
    }
    if repeated(&whole) {
        return whole;
    }
    let words = shape::word_count(&whole);
    let longest = parts.iter().max_by_key(|part| shape::word_count(part));
    longest
        .filter(|part| shape::word_count(part) >= 3 && shape::word_count(part) * 2 >= words)
        .cloned()
        .unwrap_or(whole)
}

/// The boxes and the runs of text that a heading is made of, without dates.
fn parts(layout: &Layout, at: usize) -> Vec<String> {
    let mut at = at;
    let children = |at: usize| -> Vec<usize> {
        (at + 1..layout.elements.len())
            .take_while(|inner| layout.elements[*inner].start < layout.elements[at].end)
            .filter(|inner| layout.elements[*inner].parent == at)
            .collect()
    };
    let mut inner = children(at);
    // A box around all of it.
    while let [only] = inner.as_slice()
        && layout.text(*only) == layout.text(at)
    {
        at = *only;
        inner = children(at);
    }
    let mut parts = vec![String::new()];
    let mut after = layout.elements[at].start;
    for child in inner {
        let element = layout.elements[child];
        push(&mut parts, layout.slice(after, element.start));
        after = element.end;
        let words = layout.words(child);
        if words.iter().any(|word| UNSEEN.contains(&word.as_str())) {
            continue;
        }
        let text = layout.raw(child);
        if words.iter().any(|word| KICKER.contains(&word.as_str()))
            && shape::word_count(text) < shape::word_count(&layout.text(at))
        {
            continue;
        }
        let apart = !matches!(
            layout.tag(child),
            "i" | "em" | "sup" | "sub" | "q" | "cite" | "abbr" | "mark" | "ruby"
        ) && (shape::word_count(text) >= 2 || !words.is_empty());
        if apart {
            parts.push(text.to_owned());
            parts.push(String::new());
        } else {
            push(&mut parts, text);
        }
    }
    push(&mut parts, layout.slice(after, layout.elements[at].end));
    let part = |part: &String| {
        let lines = part.lines().map(shape::collapse).filter(|line| line.chars().any(char::is_alphanumeric));
        lines.collect::<Vec<_>>()
    };
    let lines = parts.iter().flat_map(part).collect::<Vec<String>>();
    let dated = |line: &&String| {
        dates::find(line, Order::default()).is_none_or(|date| shape::word_count(line) > 3 || date.start > 4)
    };
    if lines.len() > 1 { lines.iter().filter(dated).cloned().collect() } else { lines }
}

fn push(parts: &mut [String], text: &str) {
    if let Some(last) = parts.last_mut() {
        last.push_str(text);
    }
}

/// Words of class names of what only screen readers are told.
const UNSEEN: &[&str] = &[
    "sr", "visually", "visuallyhidden", "aural", "invisible", "offscreen", "hidden", "screenreader", "hide",
];

/// Words of class names of the small lines above and below a headline.
const KICKER: &[&str] = &[
    "kicker", "topline", "overline", "roofline", "dachzeile", "eyebrow", "spitzmarke", "supertitle",
    "pretitle", "suptitle", "subtitle", "subline", "subheadline", "subheading", "superheadline", "overtitle",
    "surtitle", "badge", "label", "intro",
];

/// How far a heading and a declared title are one title.
fn agreement(heading: &str, declared: &str) -> f64 {
    let (a, b) = (shape::fingerprint(heading), shape::fingerprint(declared));
    if a == b {
        return 1.0;
    }
    let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    if short.len() >= 12 && long.starts_with(short.as_str()) {
        return 0.95;
    }
    // What ends a title is the outlet's name as often as the headline behind its kicker.
    if short.len() >= 12 && long.ends_with(short.as_str()) {
        return if short.len() * 2 > long.len() { 0.9 } else { 0.0 };
    }
    let (a, b) = (shape::content_words(heading), shape::content_words(declared));
    let common = a.intersection(&b).count() as f64;
    2.0 * common / (a.len() + b.len()).max(1) as f64
}
