//! What a person should know about an extraction, a sentence each: constants, so that the reader can ask for them.

use crate::domain::Article;

pub const NO_TEXT: &str = "The page has no article text.";
pub const CONSENT: &str = "The page asks for consent to tracking where the article should be.";
pub const SHORT: &str = "The text is too short to summarise.";
pub const LIST: &str = "This looks like a list of stories, not one article.";
pub const VIDEO: &str = "This is a video page with little text.";
pub const LIVE: &str = "This is a live blog: many updates, not one article.";
pub const PAYWALL: &str = "This looks like a paywalled page: only the beginning is public.";
pub const NO_DATE: &str = "No publication date was found.";
pub const FLATTENED: &str = "The page's markup is nested too deeply; it was flattened.";
pub const CUT: &str = "The page is very large; only its beginning was read.";
pub const APART: &str = "What seems to be of another story was left out.";
pub const ABSTRACTIVE_REFUSED: &str =
    "The summary that was written is not borne out by the article; sentences of the article are shown.";
pub const ABSTRACTIVE_CUT: &str =
    "A sentence of the written summary was not borne out by the article and left out.";
pub const ABSTRACTIVE_LATE: &str = "Writing a summary took too long; sentences of the article are shown.";
pub const ABSTRACTIVE_FAILED: &str = "No summary could be written; sentences of the article are shown.";
pub const FAILED: &str = "The page could not be read: its markup made the extractor fail.";

/// Why no summary should be made of an article, if anything speaks against it.
pub fn abstain_reason(article: &Article) -> Option<&'static str> {
    [NO_TEXT, CONSENT, FAILED, SHORT, LIST, VIDEO, LIVE]
        .into_iter()
        .find(|reason| article.warnings.iter().any(|own| own == reason))
}
