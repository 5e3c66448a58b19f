//! A page with everything that is not the article taken away.

use super::Published;

/// A cleaned article: plain text in paragraphs, and what the page says about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Article {
    /// The headline, without the outlet's name.
    pub title: Option<String>,
    /// The authors, as one string.
    pub byline: Option<String>,
    /// The publication's name, or its host where the page does not say.
    pub outlet: Option<String>,
    pub published: Option<Published>,
    /// When it was last changed, where the page says so.
    pub modified: Option<Published>,
    /// ISO 639-1 code.
    pub lang: Option<String>,
    /// The address the page gives as its own; absolute http(s).
    pub canonical_url: Option<String>,
    /// The address of the lead picture; absolute http(s).
    pub image: Option<String>,
    /// The address of the outlet's icon, in a format that chats show; absolute http(s).
    pub icon: Option<String>,
    /// The outlet's own section: "World", "Sport".
    pub section: Option<String>,
    /// The outlet's own keywords, at most 20.
    pub tags: Vec<String>,
    /// The page says that it is not free to read, or shows only its beginning.
    pub paywalled: bool,
    /// The body without the headline; no paragraph is blank or holds a line break.
    pub paragraphs: Vec<String>,
    /// Those of them, by index, that share no words with the others: their meaning tells whether they
    /// belong (`clean::apart`).
    pub doubtful: Vec<usize>,
    /// What a person should know about this extraction, a sentence each.
    pub warnings: Vec<String>,
}

impl Article {
    /// The body: the paragraphs joined by a blank line. All spans of a digest point into it.
    pub fn text(&self) -> String {
        self.paragraphs.join("\n\n")
    }
}
