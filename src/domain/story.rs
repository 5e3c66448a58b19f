//! One event in the news, told by one or more outlets.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

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
    /// Its headline says that it corrects what was told before.
    pub corrects: bool,
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

/// A story by the headline of its leading article, which may be empty, and that article's address.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    pub story: StoryId,
    pub words: String,
    pub url: String,
}

/// A story as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    pub id: StoryId,
    /// Headline of the leading article; summary, actors and dates of all. Its text is left out: each article has its
    /// own.
    pub digest: Digest,
    pub lead: ArticleId,
    /// The article of each sentence of the summary.
    pub told_by: Vec<ArticleId>,
    /// Dated events, in calendar order.
    pub timeline: Vec<Dated>,
    pub disputes: Vec<Dispute>,
    /// In order of publication, the earliest first.
    pub sources: Vec<Source>,
    /// The leading article's picture, and the icon of its outlet.
    pub image: Option<Url>,
    pub icon: Option<Url>,
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

/// What kind of news a story is at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    News,
    /// Told by several outlets by themselves, of which one published within the last hours.
    Developing,
    /// Told by far more outlets than is usual, or marked so by outlets.
    Breaking,
    /// An outlet has corrected what it told.
    Corrected,
}

/// How long after its newest article a story still develops: a morning, or an evening.
const DEVELOPING: TimeDelta = TimeDelta::hours(6);

impl Story {
    /// What kind of news it is; developing only where the moment is known. What a reader must know most goes first.
    pub fn kind(&self, now: Option<DateTime<Utc>>) -> Kind {
        let newest = self.sources.iter().filter_map(|source| source.published).map(|at| at.instant()).max();
        let newest = newest.unwrap_or(self.updated_at);
        let recent = now.is_some_and(|now| now - newest < DEVELOPING);
        match () {
            () if self.sources.iter().any(|source| source.corrects) => Kind::Corrected,
            () if self.breaking.is_some() => Kind::Breaking,
            () if recent && self.independent_sources() > 1 => Kind::Developing,
            () => Kind::News,
        }
    }

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

/// Words with which outlets begin the headline of a correction.
const CORRECTIONS: [&str; 8] = [
    "correction", "corrected", "corrects", "korrektur", "berichtigung", "rectificatif", "corrección",
    "rettifica",
];

/// Whether a headline says that its article corrects another: "Correction: …", "CORRECTED-…", "(Corrects spelling) …".
pub fn is_correction(title: &str) -> bool {
    let lower = title.trim_start().to_lowercase();
    let bracketed = lower.strip_prefix(['(', '[']);
    CORRECTIONS.iter().any(|mark| match bracketed {
        Some(inner) => inner.strip_prefix(mark).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)),
        None => lower
            .strip_prefix(mark)
            .is_some_and(|rest| rest.trim_start().starts_with([':', '-', '–', '—', '|'])),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlets_mark_their_corrections() {
        for (title, marked) in [
            ("Correction: Dam holds two rivers, not three", true),
            ("CORRECTED-Dam holds two rivers", true),
            ("CORRECTED — Dam holds two rivers", true),
            ("(Corrects name of river) Dam holds", true),
            ("Korrektur: Der Damm hält", true),
            ("Rectificatif : le barrage tient", true),
            ("Correction of the markets goes on", false),
            ("Correctional officers strike", false),
            ("(Correctional) officers strike", false),
            ("Minister corrected: dam holds", false),
            ("", false),
        ] {
            assert_eq!(is_correction(title), marked, "{title}");
        }
    }
}
