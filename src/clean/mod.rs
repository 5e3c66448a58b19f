//! From a page to its article: base extraction, removal of residue, metadata.
//!
//! Pure: bytes and strings in, values out. `Err` is never needed: what cannot be read is an
//! article without paragraphs and a warning that says why.

mod base;
mod charset;
mod phrases;
mod residue;
mod shape;

use url::Url;

use crate::domain::{Article, Published};

pub use charset::decode;

/// What is known of a page besides its body.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// Where the page came from; makes links absolute and dates the page when it says nothing.
    pub url: Option<Url>,
    /// Wins over the page's own title.
    pub title: Option<String>,
    /// Wins over the page's own date.
    pub published: Option<Published>,
}

/// Cleans a page. Charset is decoded already.
pub fn html(page: &str, hints: &Hints) -> Article {
    let (blocks, metadata) = base::extract(page, hints.url.as_ref());
    let title = hints.title.clone().or(Some(metadata.title).filter(|t| !t.is_empty()));
    let cleaned = residue::clean(blocks, title.as_deref());
    Article {
        title,
        paragraphs: cleaned.kept.into_iter().map(|b| b.text).collect(),
        warnings: cleaned.removed.iter().map(|(r, t)| format!("{r:?}: {t}")).collect(),
        ..Default::default()
    }
}

/// Cleans a text without markup: an article with residue of the page around it.
pub fn text(text: &str, hints: &Hints) -> Article {
    let blocks = text.lines().filter(|l| !l.trim().is_empty()).map(|l| residue::Block::plain(shape::collapse(l))).collect();
    let cleaned = residue::clean(blocks, hints.title.as_deref());
    Article {
        title: cleaned.headline,
        paragraphs: cleaned.kept.into_iter().map(|b| b.text).collect(),
        warnings: cleaned.removed.iter().map(|(r, t)| format!("{r:?}: {t}")).collect(),
        ..Default::default()
    }
}
