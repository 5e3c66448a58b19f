//! What an element's tag, role and names say of what is in it.

use trafilatura::dom::{Document, NodeId};

use super::phrases::Residue;

/// Where on a page an element stands. In order: what is inside a zone is at least that far from the body.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Zone {
    #[default]
    Body,
    /// A page's or an article's own head.
    Header,
    /// Menus, side columns, the foot of the page.
    Chrome,
    Comments,
    /// Not shown.
    Hidden,
}

/// Words of class and id names, and what they say of an element.
const NAMES: &[(&str, Residue)] = &[
    ("caption", Residue::Caption),
    ("figcaption", Residue::Caption),
    ("credit", Residue::Caption),
    ("credits", Residue::Caption),
    ("byline", Residue::Byline),
    ("bio", Residue::Bio),
    ("newsletter", Residue::Newsletter),
    ("signup", Residue::Newsletter),
    ("subscribe", Residue::Newsletter),
    ("paywall", Residue::Paywall),
    ("related", Residue::Related),
    ("recommended", Residue::Related),
    ("recirc", Residue::Related),
    ("teaser", Residue::Related),
    ("share", Residue::Share),
    ("sharing", Residue::Share),
    ("social", Residue::Share),
    ("breadcrumb", Residue::Navigation),
    ("breadcrumbs", Residue::Navigation),
    ("advert", Residue::Advert),
    ("advertisement", Residue::Advert),
    ("promo", Residue::Advert),
    ("sponsor", Residue::Advert),
    ("cookie", Residue::Newsletter),
    ("copyright", Residue::Copyright),
    ("disclaimer", Residue::Copyright),
    ("tags", Residue::Tags),
    ("comments", Residue::Comments),
];

/// Names of places where readers write.
const COMMENTS: &[&str] = &["comments", "commentlist", "disqus", "respond", "comment"];

/// What an element is by its markup.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub zone: Zone,
    /// What its template calls it.
    pub residue: Option<Residue>,
    pub is_lede: bool,
}

pub(super) fn of(document: &Document, id: NodeId) -> Marks {
    let tag = document.tag_name(id);
    let mut zone = match tag {
        "nav" | "footer" | "aside" | "menu" | "dialog" => Zone::Chrome,
        "header" => Zone::Header,
        _ => Zone::Body,
    };
    if let Some(role) = document.get_attribute(id, "role") {
        zone = match role.as_str() {
            "navigation" | "contentinfo" | "complementary" | "search" | "dialog" | "alertdialog" | "menu" => {
                Zone::Chrome
            }
            "banner" => Zone::Header,
            _ => zone,
        };
    }
    if is_hidden(document, id) {
        zone = Zone::Hidden;
    }
    match tag {
        "figcaption" => return Marks { zone, residue: Some(Residue::Caption), is_lede: false },
        // The page as a whole is no aside, whatever its template is called.
        "html" | "body" | "main" | "article" => return Marks { zone, ..Marks::default() },
        _ => {}
    }
    let names = names(document, id);
    let words = || names.split(|c: char| !c.is_ascii_alphanumeric());
    if words().any(|word| COMMENTS.contains(&word)) {
        zone = zone.max(Zone::Comments);
    }
    let residue = words().find_map(|word| NAMES.iter().find(|(name, _)| *name == word));
    let is_lede = words().any(|word| LEDES.contains(&word));
    Marks { zone, residue: residue.map(|(_, residue)| *residue), is_lede }
}

/// Names that templates give to a lede, in several languages.
const LEDES: &[&str] = &[
    "standfirst", "dek", "deck", "subhead", "subheadline", "subtitle", "lede", "lead", "intro", "summary",
    "excerpt", "perex", "chapo", "chapeau", "vorspann", "bajada", "copete", "sumario", "entradilla",
    "abstract", "sapo",
];

/// Class and id of an element, in lower case.
fn names(document: &Document, id: NodeId) -> String {
    let class = document.class_name(id);
    let own = document.id_attr(id);
    let mut names = String::with_capacity(class.len() + own.len() + 1);
    for (at, text) in [class, own].iter().enumerate() {
        if at > 0 && !text.is_empty() {
            names.push(' ');
        }
        names.push_str(&text.to_ascii_lowercase());
    }
    names
}

fn is_hidden(document: &Document, id: NodeId) -> bool {
    document.get_attribute(id, "hidden").is_some()
        || document.get_attribute(id, "style").is_some_and(|style| {
            let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
}

/// Whether a field asks the reader for an address, a search, a vote. A check box may stand beside an
/// ingredient.
pub(super) fn asks(document: &Document, id: NodeId) -> bool {
    let kind = document.get_attribute(id, "type").unwrap_or_default();
    !matches!(kind.as_str(), "hidden" | "checkbox" | "button" | "image") && !is_hidden(document, id)
}

/// Whether only a screen reader shows an inline element, or nothing does.
pub(super) fn is_unseen(document: &Document, id: NodeId) -> bool {
    let class = document.class_name(id);
    ["sr-only", "visually-hidden", "screen-reader-text", "visuallyhidden", "screenreader"]
        .iter()
        .any(|name| class.contains(name))
        || is_hidden(document, id)
}
