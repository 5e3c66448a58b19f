//! Who wrote the article: names out of what pages put beside it.

use std::sync::LazyLock;

use regex::Regex;

use super::layout::Layout;
use super::linked_data::LinkedData;
use super::meta::Meta;
use crate::clean::{dates, shape};

/// The authors' names, most trusted source first; the outlet itself only where no person is named.
pub(super) fn authors(
    layout: &Layout,
    heading: Option<usize>,
    meta: &Meta,
    linked: &LinkedData,
    outlets: &[&str],
) -> Vec<String> {
    let mut house: Vec<String> = Vec::new();
    let mut people = |given: &[String], strict: bool| -> Option<Vec<String>> {
        let names = names(given, strict);
        let (own, people): (Vec<String>, Vec<String>) =
            names.into_iter().partition(|name| is_outlet(name, outlets) || is_house(name));
        if house.is_empty() {
            house = own;
        }
        (!people.is_empty()).then_some(people)
    };
    people(&linked.authors, false)
        .or_else(|| declared(meta).iter().find_map(|given| people(given, false)))
        .or_else(|| {
            marked(layout, heading).iter().find_map(|given| people(std::slice::from_ref(given), false))
        })
        .or_else(|| said(layout, heading).iter().find_map(|given| people(std::slice::from_ref(given), true)))
        .unwrap_or(house)
}

/// One line of authors out of lines that name them: no "By", no trade, no outlet.
pub(in crate::clean) fn line(authors: &[String], outlet: Option<&str>) -> Option<String> {
    let names = names(authors, false);
    let outlets: Vec<&str> = outlet.into_iter().collect();
    let people: Vec<&String> = names.iter().filter(|name| !is_outlet(name, &outlets)).collect();
    let shown: Vec<&str> = if people.is_empty() {
        names.iter().map(String::as_str).collect()
    } else {
        people.into_iter().map(String::as_str).collect()
    };
    (!shown.is_empty()).then(|| shown.join(", "))
}

/// What `<meta>` says, source by source.
fn declared(meta: &Meta) -> Vec<Vec<String>> {
    const NAMES: &[&str] = &[
        "author", "article:author", "og:article:author", "byl", "dc.creator", "dcterms.creator",
        "dc.contributor", "parsely-author", "sailthru.author", "cxenseparse:author", "og:author",
        "article:author_name", "authors", "creator",
    ];
    let mut found: Vec<Vec<String>> = NAMES.iter().map(|name| meta.all(name)).collect();
    // Catalogues write "Pilot, Ann".
    found.push(meta.all("citation_author").iter().map(|name| forename_first(name)).collect());
    for (label, data) in [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")] {
        let label = meta.first(&[label]).unwrap_or_default().to_lowercase();
        if ["written", "author", "verfasst", "geschrieben", "autor", "écrit", "escrito"]
            .iter()
            .any(|own| label.contains(own))
        {
            found.push(meta.all(data));
        }
    }
    found
}

fn forename_first(name: &str) -> String {
    match name.split_once(',') {
        Some((surname, forename)) if !forename.contains(',') => {
            format!("{} {}", forename.trim(), surname.trim())
        }
        _ => name.to_owned(),
    }
}

/// Bytes of text around the headline within which a name is the author's.
const NEAR: usize = 1_200;
/// Bylines are at most this long, in bytes.
const MAX_LINE: usize = 160;
/// Elements that are weighed, so that a hostile page costs little.
const MAX_WEIGHED: usize = 500;

/// Lines of elements that are called author or byline, the likeliest first.
fn marked(layout: &Layout, heading: Option<usize>) -> Vec<String> {
    let within = |at: usize| heading.is_some_and(|head| layout.holds(head, at));
    let named = (1..layout.elements.len())
        .filter(|at| (2..=MAX_LINE).contains(&layout.raw(*at).len()) && !within(*at))
        .filter_map(|at| Some((at, strength(layout, at)?)))
        .take(MAX_WEIGHED);
    let mut found: Vec<(usize, String)> = Vec::new();
    for (at, strength) in named {
        let distance = layout.distance(at, heading);
        let near = distance <= NEAR;
        let foreign =
            if strength == 0 { layout.is_alien(at, heading) } else { layout.is_foreign(at, heading) };
        if (near || strength <= 1) && !foreign {
            found.push((usize::from(!near) * 100_000 + strength * 2_000 + distance, layout.text(at)));
        }
    }
    found.sort();
    found.into_iter().map(|(_, line)| line).collect()
}

/// How surely an element's markup calls it the author: 0 is surest.
fn strength(layout: &Layout, at: usize) -> Option<usize> {
    let has = |name: &str, wanted: &str| {
        layout
            .attribute(at, name)
            .is_some_and(|value| value.split_whitespace().any(|own| own.eq_ignore_ascii_case(wanted)))
    };
    if has("rel", "author") || has("itemprop", "author") {
        return Some(0);
    }
    let tag = layout.tag(at);
    let words = layout.words(at);
    let any = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    if any(&[
        "author", "authors", "byline", "autor", "autoren", "autorin", "auteur", "autore", "verfasser",
        "authorname", "writer",
    ]) && !any(&["bio", "avatar", "image", "img", "box", "about", "description", "photo"])
    {
        return Some(1);
    }
    if tag == "a"
        && layout.attribute(at, "href").is_some_and(|href| {
            [
                "/author/", "/authors/", "/autor/", "/autoren/", "/auteur/", "/by/", "/profile/", "/people/",
                "/journalist",
            ]
            .iter()
            .any(|part| href.contains(part))
        })
    {
        return Some(2);
    }
    None
}

static BY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^[^\p{L}@]*
        (?: (?i:view\ all\ posts\ by|alle\ (?:beiträge|artikel)\ (?:von|anzeigen)|zeige\ alle\ beiträge\ von|zum\ profil\ von|mehr\ von
              |(?:pressemitteilung|artikel|beitrag|text|gastbeitrag|interview|kommentar)\ (?:von|vom)
              |(?:story|article|text|words|interview|review|report|posted|written|published|created|verfasst|geschrieben|veröffentlicht|erstellt|gespeichert|publiziert|publié|publicado|escrito|rédigé|scritto|submitted|reported|authored|edited)\s*(?:by|von|par|por|da|di|:)
              |post\ author|autor(?:in|en|es)?|authors?|verfasser(?:in)?|auteurs?|autore|texte?|byline|reporter|redacción|redacteur|interview|words|artikel\ von|über|ein\ (?:beitrag|artikel|text)\ von|und\ interview)
          | By | BY | by | Von | VON | von | Vom | vom | Par | PAR | par | Por | POR | por | Di | Door | Av | Af | da )
        \s*[:|/]?(?:\s+|$)",
    )
    .expect("a fixed pattern")
});

/// A byline far from the headline says little else, in words.
const MAX_FAR: usize = 7;

/// Lines that say "By …", the nearest to the headline first.
fn said(layout: &Layout, heading: Option<usize>) -> Vec<String> {
    static SAID: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x)^[^\p{L}]*(?:
                (?:By|BY|by|Von|VON|von|Par|PAR|Por|POR|Di|Door|Text|Texte)
                | (?i:autor(?:in)?|author|auteur|redaktion|interview|bericht|story|words)\s?:
                | (?i:(?:written|posted|words|story|reporting)\ by|(?:geschrieben|verfasst|gespeichert|text|blog\ beitrag|ein\ beitrag|ein\ gastbeitrag|interview)\ von)
              )\s",
        )
        .expect("a fixed pattern")
    });
    let lines = (1..layout.elements.len())
        .filter(|at| (6..=2 * MAX_LINE).contains(&layout.raw(*at).len()))
        .flat_map(|at| layout.raw(at).lines().map(move |line| (at, shape::collapse(line))))
        .filter(|(_, line)| line.len() <= MAX_LINE && SAID.is_match(line))
        .take(MAX_WEIGHED);
    let mut found: Vec<(usize, String)> = lines
        .filter(|(at, _)| !layout.is_foreign(*at, heading))
        .map(|(at, line)| (layout.distance(at, heading), line))
        .filter(|(distance, line)| *distance <= NEAR || shape::word_count(line) <= MAX_FAR)
        .collect();
    found.sort();
    found.into_iter().map(|(_, line)| line).collect()
}

/// The single names in lines that may hold several, with "By", dates and trades around them.
///
/// Strict where the line is prose that only looks like a byline: then names are two to four words with capitals.
fn names(lines: &[String], strict: bool) -> Vec<String> {
    static CUT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?xi) (?:^|\s+)(?:am|on|at|um|vor|le|el|hace|il\ y\ a|last\ updated|updated|published|posted|publicado|veröffentlicht|aktualisiert|stand|actualizado|lesedauer|lesezeit|tiempo\ de|uhr|follow
                 |(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch)\b.*$
            | \s*[(\[<].*$ | (?:^|\s+)\d.*$ | \s+[–—-]\s+.*$ | \s*[•·].*$ | :\s.*$ ",
        )
        .expect("a fixed pattern")
    });
    static PARTS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\s*(?:[,;|&/]|\s(?:und|and|et|y|e|en|og|och|mit|with)\s)\s*")
            .expect("a fixed pattern")
    });
    static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:https?://|www\.)\S*|\S+@\S+|\S+\[at\]\S+|(?:^|\s)@\w+").expect("a fixed pattern")
    });
    static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\([^()]*\)|(?i)\s(?:edited|illustrated|photographed|photos|video)\sby\b.*$")
            .expect("a fixed pattern")
    });
    let mut found: Vec<String> = Vec::new();
    for line in lines {
        let mut text = shape::collapse(line);
        text = ADDRESS.replace_all(&text, " ").into_owned();
        text = shape::collapse(&ASIDE.replace_all(&text, " "));
        while let Some(by) = BY.find(&text) {
            text = text[by.end()..].to_owned();
        }
        let text = match dates::find(&text, dates::Order::default()) {
            Some(written) if written.start > 1 => text[..written.start].to_owned(),
            _ => text,
        };
        // "Publisher Ltd., Berlin, Germany" is one house.
        let house = is_house(&text);
        let parts: Vec<&str> =
            if house { text.split(',').take(1).collect() } else { PARTS.split(&text).collect() };
        for part in parts {
            let bare = CUT.replace(part, "");
            let bare = bare.trim_matches(|c: char| c.is_whitespace() || ",:•-–—|*\"“”".contains(c));
            // "Ann Pilot, Paris Correspondent".
            let trade =
                bare.rsplit(' ').next().is_some_and(|last| TRADES.contains(&last.to_lowercase().as_str()));
            if trade && !found.is_empty() {
                continue;
            }
            if is_name(bare, strict) && !found.iter().any(|own| own.to_lowercase() == bare.to_lowercase()) {
                found.push(bare.to_owned());
            }
        }
    }
    found.truncate(20);
    found
}

/// An author is no address, no account and no trade.
fn is_name(text: &str, strict: bool) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital = |word: &&str| word.starts_with(char::is_uppercase);
    let plausible = text.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && text.len() <= 80
        && words.len() <= 6
        && !text.contains("://")
        && !text.starts_with('@')
        && !text.contains("www.")
        && !NOBODY.contains(&lower.as_str())
        && !words
            .iter()
            .all(|word| TRADES.contains(&word.to_lowercase().trim_matches(|c: char| !c.is_alphanumeric())));
    plausible
        && (!strict
            || ((2..=4).contains(&words.len())
                && words.first().is_some_and(capital)
                && words.last().is_some_and(capital)
                && text.chars().all(|c| c.is_alphabetic() || " .-'’".contains(c))))
}

/// Values that name nobody.
const NOBODY: &[&str] = &[
    "admin", "administrator", "author", "editor", "staff", "no author", "null", "undefined", "none", "name",
    "autor", "webmaster", "wordpressadmin", "published", "publisher", "cc by", "cc-by", "cc", "anónimo",
    "super user", "in", "red.", "quelle", "guest", "gast", "unknown", "anonymous", "follow", "posted",
    "last", "datum", "auteurs", "user", "root", "web",
];

/// Words of trades and titles that stand beside a name as a part of their own.
const TRADES: &[&str] = &[
    "staff", "writer", "reporter", "editor", "correspondent", "senior", "chief", "contributor",
    "contributing", "columnist", "redakteur", "redakteurin", "autor", "autorin", "journalist",
    "journalistin", "phd", "md", "dr", "freelance", "special", "political", "news", "journalists", "writers",
    "reporters", "editors", "associate", "managing", "deputy", "executive", "digital", "national", "freier",
    "freie", "chefredakteur", "chefredakteurin", "korrespondent", "korrespondentin", "ph", "d", "m", "mba",
    "rd", "rn", "author", "guest",
];

/// A desk or a company rather than a person.
fn is_house(name: &str) -> bool {
    const DESKS: &[&str] = &[
        "redaktion", "editorial team", "staff", "newsroom", "redacción", "rédaction", "redazione",
        "news desk", "web desk", "agenturen", "agencies",
    ];
    const COMPANIES: &[&str] =
        &["gmbh", "ag", "e.v", "inc", "ltd", "llc", "verlag", "s.a", "kg", "eg", "media"];
    let lower = name.to_lowercase();
    DESKS.iter().any(|desk| lower.contains(desk))
        || lower.split_whitespace().any(|word| COMPANIES.contains(&word.trim_matches(['.', ','])))
}

fn is_outlet(name: &str, outlets: &[&str]) -> bool {
    let print = shape::fingerprint(name);
    outlets.iter().any(|outlet| {
        let outlet = shape::fingerprint(outlet);
        outlet == print
            || (print.len() >= 4
                && outlet.len() >= 4
                && (outlet.starts_with(&print) || print.starts_with(&outlet)))
    })
}
