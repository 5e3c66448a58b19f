//! What is posted of an article: headline, summary, key actors, key dates.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::{Span, fold};

/// A person, an organization or a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    Person,
    Organization,
    Place,
}

/// One proper name in a text, and which entity of that text it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub span: Span,
    pub kind: ActorKind,
    /// The same number for one entity within the document.
    pub actor: usize,
}

/// Someone who acts or is acted on in an article, under one name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Actor {
    /// The fullest name the article gives.
    pub name: String,
    pub kind: ActorKind,
    /// As the article words it: "prime minister".
    pub role: Option<String>,
    /// Every place where the article names this actor, in order.
    pub mentions: Vec<Span>,
}

impl Actor {
    /// Every name that it is called by, folded; `text` is the article's.
    pub fn names(&self, text: &[char]) -> BTreeSet<String> {
        let of =
            |span: &Span| text.get(span.start..span.end).map(|name| fold(&name.iter().collect::<String>()));
        let mut names: BTreeSet<String> = self.mentions.iter().filter_map(of).collect();
        names.insert(fold(&self.name));
        names.remove("");
        names
    }
}

/// The `type` of a TIMEX3 (ISO 24617-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeKind {
    Date,
    Time,
    Duration,
    Set,
}

/// One temporal expression of a text, with its TIMEX3 value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeExpression {
    pub span: Span,
    pub kind: TimeKind,
    /// TIMEX3 value: `2022-07-15`, `2022-SU`, `PT24H`, `XXXX-WXX-3`, `PAST_REF`, …
    pub value: String,
    /// The resolved end of a deadline counted from publication ("within 24 hours").
    pub until: Option<NaiveDateTime>,
    /// Day and month could change places (3/8/2022), and nothing in the text tells which is which.
    pub ambiguous: bool,
}

/// How finely a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Granularity {
    Time,
    Day,
    Week,
    Month,
    Season,
    Quarter,
    Year,
    Decade,
    Century,
    Duration,
}

/// A date that matters in an article, and what happened on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyDate {
    /// The words of the article.
    pub text: String,
    pub start: usize,
    pub end: usize,
    /// TIMEX3 value.
    pub value: String,
    pub granularity: Granularity,
    /// The resolved end of a relative deadline, ISO 8601; else nothing.
    pub until: Option<String>,
    /// A clause of the article that says what happened.
    pub event: Option<String>,
}

/// One sentence of a summary. An extractive one equals the text at `start..end` exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SummarySentence {
    pub text: String,
    pub start: Option<usize>,
    pub end: Option<usize>,
}

/// How a summary was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Summarizer {
    /// Abstained: the first sentences, as they stand.
    Lede,
    Extractive,
    /// Written by a model; checked against the article.
    Abstractive,
}

/// What made a digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    pub summarizer: Summarizer,
    /// Name of the encoder; of the model that wrote an abstractive summary.
    pub model: String,
    /// Version of dateline.
    pub version: String,
}

/// What happened, who did it, when. Field names are the program interface of `dateline digest`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    pub headline: Option<String>,
    pub summary: Vec<SummarySentence>,
    /// Most salient first, at most 5.
    pub actors: Vec<Actor>,
    /// At most 4, in calendar order.
    pub dates: Vec<KeyDate>,
    /// The cleaned body that all offsets point into.
    pub text: String,
    pub warnings: Vec<String>,
    pub provenance: Provenance,
}
