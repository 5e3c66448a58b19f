//! One event in the news, told by one or more outlets.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Actor, ArticleId, ChannelId, Digest, GuildId, KeyDate, MessageId, Published, StoryId, SummarySentence,
    fold,
};

/// One outlet's telling of a story.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub article_id: ArticleId,
    pub outlet: String,
    pub url: String,
    pub published: Option<Published>,
    /// The article of this story whose text this one has: syndicated, or published once more.
    pub copy_of: Option<ArticleId>,
    /// What it told that nobody had told before; nothing for the first and for copies.
    pub news: Option<News>,
}

/// What an article told that its story's articles published before it had not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct News {
    /// The first sentence of its summary that says much that is new.
    pub sentence: Option<String>,
    /// Names of actors that were not named before.
    pub actors: Vec<String>,
    pub dates: Vec<KeyDate>,
    /// "5 dead", and what it was before.
    pub figures: Vec<NewFigure>,
}

impl News {
    /// Whether it is worth a message of its own: something happened, or a figure is another one. A name or a date more
    /// is not.
    pub fn is_substantial(&self) -> bool {
        self.sentence.is_some() || self.figures.iter().any(|figure| figure.before.is_some())
    }
}

/// A count that a story has anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewFigure {
    pub now: String,
    /// As it was told last before.
    pub before: Option<String>,
}

/// A count on which independent sources differ at about the same time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dispute {
    /// The smallest first.
    pub figures: Vec<DisputedFigure>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DisputedFigure {
    /// "3 dead"
    pub words: String,
    /// Outlets that say so, in order of publication.
    pub outlets: Vec<String>,
}

/// A date with what happened on it, and the article that says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dated {
    /// Offsets are into the text of `article`.
    pub date: KeyDate,
    pub article: ArticleId,
}

/// What the articles of a story say together; as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Merged {
    /// Each sentence with the article that it stands in.
    pub summary: Vec<(SummarySentence, ArticleId)>,
    /// Most salient first, at most 5.
    pub actors: Vec<Actor>,
    /// At most 4, in calendar order.
    pub dates: Vec<KeyDate>,
    /// In calendar order.
    pub timeline: Vec<Dated>,
    pub disputes: Vec<Dispute>,
}

/// Another story that a card leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    pub story: StoryId,
    pub headline: Option<String>,
    /// Address of its first source.
    pub url: Option<String>,
    /// Its card in the channel where it is shown.
    pub card: Option<(GuildId, ChannelId, MessageId)>,
}

/// A story as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    pub id: StoryId,
    /// Headline and text of the leading article; summary, actors and dates of all.
    pub digest: Digest,
    pub lead: ArticleId,
    /// The article of each sentence of the summary.
    pub told_by: Vec<ArticleId>,
    /// Dated events, in calendar order.
    pub timeline: Vec<Dated>,
    pub disputes: Vec<Dispute>,
    /// In order of publication, the earliest first.
    pub sources: Vec<Source>,
    /// Why it is breaking, in words; nothing where it is not.
    pub breaking: Option<String>,
    /// The story that this one is a later development of.
    pub earlier: Option<Related>,
    /// The story that has its articles now; then it has none itself.
    pub merged_into: Option<Related>,
    /// Counts up with every change a reader would see.
    pub revision: i64,
    /// When an article last joined.
    pub updated_at: DateTime<Utc>,
}

impl Story {
    /// How many outlets report it by themselves: those with a text that is no copy of another's.
    pub fn independent_sources(&self) -> usize {
        let own = self.sources.iter().filter(|source| source.copy_of.is_none());
        own.map(|source| fold(&source.outlet)).collect::<HashSet<_>>().len()
    }

    pub fn source(&self, article: ArticleId) -> Option<&Source> {
        self.sources.iter().find(|source| source.article_id == article)
    }

    /// The newest source that told something new, with what it told.
    pub fn latest_news(&self) -> Option<(&Source, &News)> {
        self.sources.iter().rev().find_map(|source| Some((source, source.news.as_ref()?)))
    }
}
