//! The outbox: one card for one story in one channel, written before anything is sent.
//!
//! A card is `due` (to be posted, or edited to a newer revision), `posted` (shown at the latest
//! revision) or `held`. What was begun and not finished has `attempted_at` and no message: its
//! outcome is unknown, and is found out by the nonce.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::At;
use crate::domain::{
    ChannelId, Delivery, DeliveryId, DeliveryState, GuildId, MessageId, Mode, Nonce, Place, RoleId,
    RoundupId, Story, StoryId, SubscriptionId,
};

/// How many cards are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub due: u64,
    pub posted: u64,
    pub held: u64,
}

struct Row {
    id: DeliveryId,
    story: StoryId,
    channel: ChannelId,
    guild: GuildId,
    mode: Mode,
    mention: Option<RoleId>,
    place: Place,
    roundup: Option<RoundupId>,
    nonce: Nonce,
    state: DeliveryState,
    retracted: bool,
    subscription: SubscriptionId,
    message: Option<MessageId>,
    attempts: u32,
    attempted_at: Option<At>,
}

impl From<Row> for Delivery {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            story: row.story,
            channel: row.channel,
            guild: row.guild,
            mode: row.mode,
            mention: row.mention,
            place: row.place,
            roundup: row.roundup,
            nonce: row.nonce,
            state: row.state,
            retracted: row.retracted,
            subscription: row.subscription,
            message: row.message,
            attempts: row.attempts,
            attempted_at: row.attempted_at.map(Into::into),
        }
    }
}

macro_rules! select {
    ($rest:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT deliveries.id AS "id!: DeliveryId", story_id AS "story: StoryId",
               deliveries.channel_id AS "channel: ChannelId", guild_id AS "guild: GuildId", mode AS "mode: Mode",
               mention AS "mention: RoleId", place AS "place: Place", roundup_id AS "roundup: RoundupId", nonce AS "nonce: Nonce",
               deliveries.state AS "state: DeliveryState",
               retracted_at IS NOT NULL AS "retracted!: bool", subscription_id AS "subscription: SubscriptionId", message_id AS "message: MessageId",
               attempts AS "attempts: u32", attempted_at AS "attempted_at: At"
               FROM deliveries JOIN subscriptions ON subscriptions.id = subscription_id "#
                + $rest
            $(, $argument)*
        )
    };
}

/// The cards of a story with what Discord said against them, by channel.
pub async fn of_story(
    conn: &mut SqliteConnection,
    story: StoryId,
) -> Result<Vec<(Delivery, Option<String>)>> {
    let rows =
        select!("WHERE story_id = ? ORDER BY deliveries.channel_id", story).fetch_all(&mut *conn).await?;
    let mut cards = Vec::with_capacity(rows.len());
    for row in rows {
        let error = sqlx::query_scalar!("SELECT error FROM deliveries WHERE id = ?", row.id);
        let error = error.fetch_one(&mut *conn).await?;
        cards.push((row.into(), error));
    }
    Ok(cards)
}

/// Puts a story's card for a channel into the outbox. Nothing when it has, or had, one already; one that waits for a
/// round-up goes to a subscription that wants it sooner.
pub async fn enqueue(
    conn: &mut SqliteConnection,
    story: StoryId,
    channel: ChannelId,
    subscription: SubscriptionId,
    nonce: &Nonce,
    now: DateTime<Utc>,
) -> Result<Option<DeliveryId>> {
    Ok(sqlx::query_scalar!(
        r#"INSERT INTO deliveries (story_id, channel_id, subscription_id, nonce, next_attempt_at, created_at)
           VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (story_id, channel_id) DO UPDATE
               SET subscription_id = excluded.subscription_id, roundup_id = NULL
               WHERE deliveries.state = 'due' AND message_id IS NULL AND attempts = 0
                 AND (SELECT mode FROM subscriptions WHERE id = excluded.subscription_id) = 'breaking'
                 AND (SELECT mode FROM subscriptions WHERE id = deliveries.subscription_id) <> 'breaking'
           RETURNING id AS "id!: DeliveryId""#,
        story,
        channel,
        subscription,
        nonce,
        At(now)
    )
    .fetch_optional(conn)
    .await?)
}

/// Cards to be posted or edited now, the longest due first, of every channel one before any gets a second: a channel
/// takes one after the other, and others need not wait for it. Those that wait for a round-up are not; nor, until it has
/// one, those of a channel without an active subscription (paused, or unsubscribed).
pub async fn due(conn: &mut SqliteConnection, now: DateTime<Utc>, limit: u32) -> Result<Vec<Delivery>> {
    let rows = select!(
        "WHERE deliveries.state = 'due' AND next_attempt_at <= ?1
           AND NOT EXISTS (SELECT 1 FROM roundups WHERE roundups.id = roundup_id AND roundups.state = 'due')
           AND EXISTS (SELECT 1 FROM subscriptions AS other
                       WHERE other.channel_id = deliveries.channel_id AND other.state = 'active')
         ORDER BY row_number() OVER (PARTITION BY deliveries.channel_id ORDER BY next_attempt_at, deliveries.id),
             next_attempt_at, deliveries.id LIMIT ?2",
        At(now),
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Delivery::from).collect())
}

/// A request for the card is about to be sent. To be committed before it is.
pub async fn begin(conn: &mut SqliteConnection, id: DeliveryId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("UPDATE deliveries SET attempted_at = ?, attempts = attempts + 1 WHERE id = ?", At(now), id)
        .execute(conn)
        .await?;
    Ok(())
}

/// The card is shown at `revision`. It stays due when the story has moved on meanwhile.
pub async fn posted(
    conn: &mut SqliteConnection,
    id: DeliveryId,
    message: MessageId,
    revision: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "UPDATE deliveries SET message_id = ?1, posted_revision = ?2, attempts = 0, error = NULL, with_channel = 0,
             next_attempt_at = ?3,
             state = iif((SELECT revision FROM stories WHERE stories.id = story_id) > ?2, 'due', 'posted')
         WHERE id = ?4",
        message,
        revision,
        At(now),
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It did not work; it is tried again at `at`.
pub async fn retry(
    conn: &mut SqliteConnection,
    id: DeliveryId,
    error: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!("UPDATE deliveries SET error = ?, next_attempt_at = ? WHERE id = ?", error, At(at), id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Refused for good: this card is not tried again, also when its channel is released.
pub async fn hold(conn: &mut SqliteConnection, id: DeliveryId, error: &str) -> Result<()> {
    sqlx::query!("UPDATE deliveries SET state = 'held', with_channel = 0, error = ? WHERE id = ?", error, id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Holds all due cards of a channel back until it is released. Gives how many.
pub async fn hold_channel(conn: &mut SqliteConnection, channel: ChannelId, error: &str) -> Result<u64> {
    let done = sqlx::query!(
        "UPDATE deliveries SET state = 'held', with_channel = 1, error = ? WHERE channel_id = ? AND state = 'due'",
        error,
        channel
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Makes the cards that were held with their channel due. Gives how many.
pub async fn release_channel(
    conn: &mut SqliteConnection,
    channel: ChannelId,
    now: DateTime<Utc>,
) -> Result<u64> {
    let done = sqlx::query!(
        "UPDATE deliveries SET state = 'due', with_channel = 0, attempts = 0, next_attempt_at = ?
         WHERE channel_id = ? AND state = 'held' AND with_channel = 1",
        At(now),
        channel
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Holds the cards not yet posted in a channel that nobody subscribes any more, for good: a
/// subscription made months later does not begin with them.
pub(super) async fn hold_unasked(conn: &mut SqliteConnection, channel: ChannelId, error: &str) -> Result<()> {
    sqlx::query!(
        "UPDATE deliveries SET state = 'held', with_channel = 0, error = ?1
         WHERE channel_id = ?2 AND message_id IS NULL AND (state = 'due' OR with_channel = 1)
           AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE subscriptions.channel_id = ?2 AND subscriptions.state <> 'ended')",
        error,
        channel
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The story has changed: its cards that show an older revision are due for an edit, the first few changes at once,
/// later ones at longer and longer intervals, ten minutes at most. A round-up stays as it was. Gives how many.
pub async fn touch_story(conn: &mut SqliteConnection, story: StoryId, now: DateTime<Utc>) -> Result<u64> {
    let done = sqlx::query!(
        "UPDATE deliveries SET state = 'due',
             next_attempt_at = iif(posted_revision < 5, ?1, max(?1, next_attempt_at + min(600, 15 << (posted_revision - 5))))
         WHERE story_id = ?2 AND state = 'posted' AND message_id IS NOT NULL AND posted_revision < (SELECT revision FROM stories WHERE id = ?2)",
        At(now),
        story
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// One story was merged into another: one card is left in every channel, and where two were posted, the one of the
/// merged story is due to be edited into a pointer to the other, as are those that pointed to it. To be called after [`super::stories::merge`].
pub async fn merge(
    conn: &mut SqliteConnection,
    from: StoryId,
    into: StoryId,
    now: DateTime<Utc>,
) -> Result<()> {
    // A card that stands goes before one that was not begun, or was refused or deleted.
    sqlx::query!(
        "DELETE FROM deliveries AS own WHERE story_id = ?1
           AND ((message_id IS NULL AND attempted_at IS NULL) OR (state = 'held' AND with_channel = 0))
           AND NOT EXISTS (SELECT 1 FROM reports WHERE delivery_id = own.id)
           AND EXISTS (SELECT 1 FROM deliveries AS other
                       WHERE other.story_id = ?2 AND other.channel_id = own.channel_id
                         AND other.message_id IS NOT NULL AND other.state <> 'held')",
        into,
        from
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE deliveries SET story_id = ?1 WHERE story_id = ?2
           AND NOT EXISTS (SELECT 1 FROM deliveries AS own
                           WHERE own.story_id = ?1 AND own.channel_id = deliveries.channel_id)",
        into,
        from
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "DELETE FROM deliveries WHERE story_id = ? AND message_id IS NULL AND attempted_at IS NULL AND state <> 'posted'",
        from
    )
    .execute(&mut *conn)
    .await?;
    let pointers =
        sqlx::query_scalar!(r#"SELECT id AS "id: StoryId" FROM stories WHERE merged_into = ?"#, into)
            .fetch_all(&mut *conn)
            .await?;
    for story in pointers.into_iter().chain([into]) {
        touch_story(conn, story, now).await?;
    }
    Ok(())
}

/// Tells a story where the cards of related ones stand in a channel.
pub async fn link(
    conn: &mut SqliteConnection,
    story: &mut Story,
    guild: GuildId,
    channel: ChannelId,
) -> Result<()> {
    for related in [&mut story.earlier, &mut story.merged_into].into_iter().flatten() {
        let card = sqlx::query!(
            r#"SELECT message_id AS "message!: MessageId", place AS "place: Place"
               FROM deliveries JOIN subscriptions ON subscriptions.id = subscription_id
               WHERE story_id = ? AND deliveries.channel_id = ? AND message_id IS NOT NULL AND deliveries.state <> 'held'"#,
            related.story,
            channel
        )
        .fetch_optional(&mut *conn)
        .await?;
        related.card = card.map(|card| (guild, card.place.room(channel, card.message), card.message));
    }
    Ok(())
}

/// Takes a story's cards in a guild back: they are due for an edit that says so; what was not posted yet never is.
pub async fn retract(
    conn: &mut SqliteConnection,
    guild: GuildId,
    story: StoryId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "UPDATE deliveries SET retracted_at = ?1, next_attempt_at = ?1, with_channel = 0,
             state = iif(message_id IS NULL, 'held', 'due')
         WHERE story_id = ?2 AND retracted_at IS NULL
           AND subscription_id IN (SELECT id FROM subscriptions WHERE guild_id = ?3)",
        At(now),
        story,
        guild
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn get(conn: &mut SqliteConnection, id: DeliveryId) -> Result<Option<Delivery>> {
    Ok(select!("WHERE deliveries.id = ?", id).fetch_optional(conn).await?.map(Delivery::from))
}

/// The card that a nonce marks, or to which the update that it marks is a reply: what a button belongs to.
pub async fn by_nonce(conn: &mut SqliteConnection, nonce: &Nonce) -> Result<Option<Delivery>> {
    Ok(select!(
        "WHERE nonce = ?1 OR deliveries.id = (SELECT delivery_id FROM updates WHERE updates.nonce = ?1)",
        nonce
    )
    .fetch_optional(conn)
    .await?
    .map(Delivery::from))
}

pub async fn counts(conn: &mut SqliteConnection) -> Result<Counts> {
    let rows = sqlx::query!(
        r#"SELECT state AS "state: DeliveryState", count(*) AS "count: u64" FROM deliveries GROUP BY state"#
    )
    .fetch_all(conn)
    .await?;
    let mut counts = Counts::default();
    for row in rows {
        match row.state {
            DeliveryState::Due => counts.due = row.count,
            DeliveryState::Posted => counts.posted = row.count,
            DeliveryState::Held => counts.held = row.count,
        }
    }
    Ok(counts)
}
