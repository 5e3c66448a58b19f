//! What dateline talks about: feeds, articles, digests, stories, subscriptions, deliveries.
//!
//! Plain values and their rules. No I/O, no clock: time arrives as `now`.

mod article;
mod delivery;
mod digest;
mod feed;
mod fold;
mod ids;
mod locale;
mod meaning;
mod picture;
mod published;
mod queues;
mod quiet;
mod settings;
mod span;
mod story;
mod subscription;
mod timex;

pub use article::Article;
pub use delivery::{Delivery, DeliveryState, Nonce, Roundup, Update, Verdict};
pub use digest::{
    Actor, ActorKind, Digest, Granularity, KeyDate, Mention, Provenance, Summarizer, SummarySentence,
    TimeExpression, TimeKind,
};
pub use feed::{
    Feed, FeedEntry, FeedRecord, FeedState, FeedUrl, FeedUrlError, Media, Moving, Rhythm, Validators,
};
pub use fold::fold;
pub use ids::{
    ArticleId, ChannelId, DeliveryId, EntryId, FeedId, GuildId, MessageId, RoleId, RoundupId, StoryId,
    SubscriptionId, TagId, UpdateId, UserId,
};
pub use locale::Locale;
pub use meaning::{Meaning, PIECE, Side, WHOLE, lead};
pub use picture::picture;
pub use published::{Published, PublishedError};
pub use queues::Queues;
pub use quiet::{QuietHours, QuietHoursError};
pub use settings::{Settings, SettingsChange};
pub use span::{CharIndex, Span};
pub use story::{
    Dated, Dispute, DisputedFigure, Headline, Kind, Merged, NewFigure, News, Related, Source, Story,
    is_correction,
};
pub use subscription::{
    Filter, Mode, Place, Sensitivity, Subscription, SubscriptionState, Terms, split_topic,
};
pub use timex::calendar_value;
