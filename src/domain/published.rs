//! When an article was published: a moment, or only a day.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// Publication time at the precision the page gives: RFC 3339, or a calendar date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Published {
    Moment(DateTime<FixedOffset>),
    Day(NaiveDate),
}

#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a publication time; write 2022-09-07 or 2022-09-07T14:30:00Z")]
pub struct PublishedError(String);

impl Published {
    /// The calendar day, in the zone of the publication.
    pub fn day(self) -> NaiveDate {
        match self {
            Published::Moment(at) => at.date_naive(),
            Published::Day(day) => day,
        }
    }

    /// A moment to sort by: a bare day counts from its first second, UTC.
    pub fn instant(self) -> DateTime<Utc> {
        match self {
            Published::Moment(at) => at.with_timezone(&Utc),
            Published::Day(day) => day.and_time(NaiveTime::MIN).and_utc(),
        }
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Published::Moment(at) => f.write_str(&at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
            Published::Day(day) => write!(f, "{day}"),
        }
    }
}

impl FromStr for Published {
    type Err = PublishedError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(Published::Moment(at));
        }
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(Published::Day)
            .map_err(|_| PublishedError(text.chars().take(40).collect()))
    }
}

impl TryFrom<String> for Published {
    type Error = PublishedError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Published> for String {
    fn from(published: Published) -> Self {
        published.to_string()
    }
}
