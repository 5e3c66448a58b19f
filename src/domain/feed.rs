//! Feeds and their entries.

use std::fmt;

use chrono::{DateTime, Utc, Weekday};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{FeedId, Published};

/// The address of a feed: absolute, http or https, without fragment, user name or password.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FeedUrl(Url);

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FeedUrlError {
    #[error("that is not an address; write it whole, such as https://example.org/feed.xml")]
    NotAnAddress,
    #[error("only http and https addresses can be watched")]
    Scheme,
    #[error("an address with a user name or password in it cannot be watched")]
    Credentials,
}

impl FeedUrl {
    /// Parses what a person typed. A missing scheme is read as https.
    pub fn parse(text: &str) -> Result<Self, FeedUrlError> {
        let text = text.trim().trim_matches(['<', '>']);
        let mut url = match Url::parse(text) {
            Ok(url) if url.has_host() => url,
            Ok(url) if url.cannot_be_a_base() && url.scheme().contains('.') => Self::with_https(text)?,
            Ok(_) => return Err(FeedUrlError::Scheme),
            Err(url::ParseError::RelativeUrlWithoutBase) if text.contains('.') => Self::with_https(text)?,
            Err(_) => return Err(FeedUrlError::NotAnAddress),
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FeedUrlError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FeedUrlError::Credentials);
        }
        url.set_fragment(None);
        Ok(Self(url))
    }

    fn with_https(text: &str) -> Result<Url, FeedUrlError> {
        Url::parse(&format!("https://{text}")).map_err(|_| FeedUrlError::NotAnAddress)
    }

    pub fn as_url(&self) -> &Url {
        &self.0
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for FeedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

/// Cache validators of a response (RFC 9110, 8.8), kept and sent back unchanged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// What a feed says and shows of its own rhythm, as of its last change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rhythm {
    /// How long it asks to be left alone, in seconds (RSS `ttl`).
    pub ttl: Option<u64>,
    /// Hours of the day, 0 to 23 in UTC, in which it asks not to be polled.
    pub skip_hours: Vec<u32>,
    /// Days, in UTC, on which it asks not to be polled.
    pub skip_days: Vec<Weekday>,
    /// Median time between two of its newest entries, in seconds.
    pub usual_gap: Option<u64>,
    /// When its newest entry was published.
    pub newest: Option<DateTime<Utc>>,
}

/// Where a feed's permanent redirects lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moving {
    pub to: FeedUrl,
    /// The first of the polls in a row that were led there.
    pub since: DateTime<Utc>,
    pub polls: u32,
}

/// Whether a feed is polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedState {
    Active,
    /// Failed for too long; a moderator may start it again.
    Paused,
    /// Answered 410 Gone.
    Gone,
}

/// A feed that somebody asked to watch.
#[derive(Debug, Clone)]
pub struct Feed {
    pub id: FeedId,
    pub url: FeedUrl,
    /// The outlet's name, once the feed has told it.
    pub title: Option<String>,
    pub state: FeedState,
    pub validators: Validators,
    pub rhythm: Rhythm,
    pub moving: Option<Moving>,
    pub next_poll_at: DateTime<Utc>,
    /// The last poll that read the feed or found it unchanged; nothing before the first.
    pub last_success_at: Option<DateTime<Utc>>,
    /// Polls failed in a row.
    pub failures: u32,
    pub failing_since: Option<DateTime<Utc>>,
    /// Why the last poll failed, in words.
    pub last_error: Option<String>,
}

/// A file that an entry offers beside its article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    pub url: Url,
    /// Content type or medium, in lower case: `audio/mpeg`, `video`.
    pub kind: Option<String>,
}

/// One item of a feed as it was read, before it has a row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FeedEntry {
    /// Identity within the feed: GUID, else link, else title and date.
    pub key: String,
    /// Absolute address of the article.
    pub url: Option<Url>,
    /// Plain text.
    pub title: Option<String>,
    /// Plain text.
    pub summary: Option<String>,
    pub published: Option<Published>,
    /// Names, plain text, parted by commas.
    pub author: Option<String>,
    /// The longest text that the feed gives of it, as HTML.
    pub content: Option<String>,
    pub media: Vec<Media>,
    /// Why its address is no article's, in words, where that can be told from the feed.
    pub no_article: Option<&'static str>,
}

/// A line of a feed's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRecord {
    pub words: String,
    pub at: DateTime<Utc>,
}
