//! One event in the news, told by one or more outlets.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{ArticleId, Digest, Published, StoryId, fold};

/// One outlet's telling of a story.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub article_id: ArticleId,
    pub outlet: String,
    pub url: String,
    pub published: Option<Published>,
}

/// A story as it is shown: the digest of its leading article and all its sources.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    pub id: StoryId,
    pub digest: Digest,
    /// In order of publication, the earliest first.
    pub sources: Vec<Source>,
    /// Why it is breaking, in words; nothing where it is not.
    pub breaking: Option<String>,
    /// Counts up with every change a reader would see.
    pub revision: i64,
    /// When an article last joined.
    pub updated_at: DateTime<Utc>,
}

impl Story {
    /// How many outlets tell it.
    pub fn outlets(&self) -> usize {
        self.sources.iter().map(|source| fold(&source.outlet)).collect::<BTreeSet<_>>().len()
    }
}
