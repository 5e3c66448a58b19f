//! How domain values stand in columns.
//!
//! Each conversion is written once here, as what SQLx encodes and decodes, so that statements take
//! and give domain types. SQLx's own `chrono` feature stays off: it would store times as text,
//! which SQLite compares with our seconds without complaint.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Encode, Sqlite, Type};

use super::entries::{Outcome, Stage};
use super::notices::NoticeId;
use crate::domain::{
    ActorKind, ArticleId, ChannelId, DeliveryId, DeliveryState, EntryId, FeedId, FeedState, FeedUrl,
    Granularity, GuildId, MessageId, Mode, Nonce, Place, Published, RoleId, RoundupId, Sensitivity, StoryId,
    SubscriptionId, Summarizer, TagId, UpdateId, UserId, Verdict,
};

/// A moment, as Unix seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct At(pub DateTime<Utc>);

/// A value, as JSON.
#[derive(Debug, Clone)]
pub(super) struct Json<T>(pub T);

/// A place in a text, in characters, or another count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offset(pub usize);

/// A vector as a blob: its numbers as little-endian f32, one after the other.
pub(super) fn blob(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// The vector of a blob.
pub(super) fn vector(blob: &[u8]) -> Vec<f32> {
    blob.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// A value that one column holds.
trait Column: Sized {
    /// What SQLite stores: `i64` or `String`.
    type Stored;

    fn store(&self) -> Result<Self::Stored, BoxDynError>;
    fn load(stored: Self::Stored) -> Result<Self, BoxDynError>;
}

macro_rules! sqlx_column {
    ($name:ident) => { sqlx_column!([] $name); };
    ([$($generic:tt)*] $name:ty) => {
        impl<$($generic)*> Type<Sqlite> for $name {
            fn type_info() -> SqliteTypeInfo {
                <<Self as Column>::Stored as Type<Sqlite>>::type_info()
            }

            fn compatible(ty: &SqliteTypeInfo) -> bool {
                <<Self as Column>::Stored as Type<Sqlite>>::compatible(ty)
            }
        }

        impl<'q, $($generic)*> Encode<'q, Sqlite> for $name {
            fn encode_by_ref(&self, arguments: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
                self.store()?.encode(arguments)
            }
        }

        impl<'r, $($generic)*> Decode<'r, Sqlite> for $name {
            fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
                Self::load(<<Self as Column>::Stored as Decode<'r, Sqlite>>::decode(value)?)
            }
        }
    };
}

/// Row ids as they are; snowflakes by their 64 bits, which SQLite has only with a sign.
macro_rules! id_columns {
    ($($name:ident as $inner:ty),* $(,)?) => {$(
        impl Column for $name {
            type Stored = i64;

            fn store(&self) -> Result<i64, BoxDynError> {
                Ok(self.0 as i64)
            }

            fn load(stored: i64) -> Result<Self, BoxDynError> {
                Ok(Self(stored as $inner))
            }
        }
        sqlx_column!($name);
    )*};
}

id_columns!(
    FeedId as i64, EntryId as i64, ArticleId as i64, StoryId as i64, SubscriptionId as i64,
    DeliveryId as i64, NoticeId as i64, RoundupId as i64, UpdateId as i64, GuildId as u64, ChannelId as u64,
    MessageId as u64, UserId as u64, RoleId as u64,
);

/// Enums by the words that the schema's checks allow.
macro_rules! word_columns {
    ($($name:ident { $($variant:ident = $word:literal),* $(,)? })*) => {$(
        impl Column for $name {
            type Stored = String;

            fn store(&self) -> Result<String, BoxDynError> {
                Ok(match self { $(Self::$variant => $word),* }.to_owned())
            }

            fn load(stored: String) -> Result<Self, BoxDynError> {
                match stored.as_str() {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(format!("{stored:?} is no {}", stringify!($name)).into()),
                }
            }
        }
        sqlx_column!($name);
    )*};
}

word_columns! {
    FeedState { Active = "active", Paused = "paused", Gone = "gone" }
    Verdict { Retracted = "retracted", Dismissed = "dismissed" }
    Mode { Breaking = "breaking", Hourly = "hourly", Daily = "daily" }
    DeliveryState { Due = "due", Posted = "posted", Held = "held" }
    Stage {
        Poll = "poll", Fetch = "fetch", Clean = "clean", Read = "read", Group = "group", Match = "match", Post = "post",
    }
    Outcome { Ok = "ok", Retry = "retry", Skipped = "skipped" }
    Sensitivity { Strict = "strict", Normal = "normal", Broad = "broad" }
    ActorKind { Person = "person", Organization = "organization", Place = "place" }
    Summarizer { Lede = "lede", Extractive = "extractive", Abstractive = "abstractive" }
    Granularity {
        Time = "time", Day = "day", Week = "week", Month = "month", Season = "season", Quarter = "quarter",
        Year = "year", Decade = "decade", Century = "century", Duration = "duration",
    }
}

impl Column for At {
    type Stored = i64;

    fn store(&self) -> Result<i64, BoxDynError> {
        Ok(self.0.timestamp())
    }

    fn load(stored: i64) -> Result<Self, BoxDynError> {
        Ok(Self(DateTime::from_timestamp(stored, 0).ok_or("a moment beyond the calendar")?))
    }
}
sqlx_column!(At);

impl From<At> for DateTime<Utc> {
    fn from(at: At) -> Self {
        at.0
    }
}

impl Column for Offset {
    type Stored = i64;

    fn store(&self) -> Result<i64, BoxDynError> {
        Ok(i64::try_from(self.0)?)
    }

    fn load(stored: i64) -> Result<Self, BoxDynError> {
        Ok(Self(usize::try_from(stored)?))
    }
}
sqlx_column!(Offset);

impl<T: Serialize + DeserializeOwned> Column for Json<T> {
    type Stored = String;

    fn store(&self) -> Result<String, BoxDynError> {
        Ok(serde_json::to_string(&self.0)?)
    }

    fn load(stored: String) -> Result<Self, BoxDynError> {
        Ok(Self(serde_json::from_str(&stored)?))
    }
}
sqlx_column!([T: Serialize + DeserializeOwned] Json<T>);

impl Column for Published {
    type Stored = String;

    fn store(&self) -> Result<String, BoxDynError> {
        Ok(self.to_string())
    }

    fn load(stored: String) -> Result<Self, BoxDynError> {
        Ok(stored.parse()?)
    }
}
sqlx_column!(Published);

impl Column for FeedUrl {
    type Stored = String;

    fn store(&self) -> Result<String, BoxDynError> {
        Ok(self.as_str().to_owned())
    }

    fn load(stored: String) -> Result<Self, BoxDynError> {
        Ok(FeedUrl::parse(&stored)?)
    }
}
sqlx_column!(FeedUrl);

impl Column for Nonce {
    type Stored = String;

    fn store(&self) -> Result<String, BoxDynError> {
        Ok(self.0.clone())
    }

    fn load(stored: String) -> Result<Self, BoxDynError> {
        Ok(Self(stored))
    }
}
sqlx_column!(Nonce);

impl Column for Place {
    type Stored = String;

    fn store(&self) -> Result<String, BoxDynError> {
        Ok(match self {
            Self::Channel => "channel".to_owned(),
            Self::Announcements => "announcements".to_owned(),
            Self::Forum(None) => "forum".to_owned(),
            Self::Forum(Some(tag)) => format!("forum:{tag}"),
        })
    }

    fn load(stored: String) -> Result<Self, BoxDynError> {
        Ok(match stored.as_str() {
            "channel" => Self::Channel,
            "announcements" => Self::Announcements,
            "forum" => Self::Forum(None),
            other => {
                let tag = other.strip_prefix("forum:").ok_or_else(|| format!("{other:?} is no place"))?;
                Self::Forum(Some(TagId(tag.parse()?)))
            }
        })
    }
}
sqlx_column!(Place);
