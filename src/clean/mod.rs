//! From a page to its article: base extraction, removal of residue, metadata.
//!
//! Pure: bytes and strings in, values out. `Err` is never needed: what cannot be read is an
//! article without paragraphs and a warning that says why.

use url::Url;

use crate::domain::{Article, Published};

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
pub fn html(_page: &str, _hints: &Hints) -> Article {
    Article::default()
}

/// Cleans a text without markup: an article with residue of the page around it.
pub fn text(_text: &str, _hints: &Hints) -> Article {
    Article::default()
}
