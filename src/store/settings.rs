//! What moderators set for a guild or a channel.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::SqliteConnection;

use super::Result;
use super::columns::At;
use crate::domain::{ChannelId, GuildId, Locale, Settings, SettingsChange, UserId};

const OFF: &str = "off";
const AS_SERVER: &str = "server";

/// What holds in a channel: its own settings, else its guild's, else the defaults.
pub async fn of(conn: &mut SqliteConnection, guild: GuildId, channel: Option<ChannelId>) -> Result<Settings> {
    let row = sqlx::query!(
        r#"SELECT coalesce((SELECT time_zone FROM channel_settings WHERE channel_id = ?1),
                           (SELECT time_zone FROM guild_settings WHERE guild_id = ?2)) AS "time_zone: String",
                  coalesce((SELECT quiet_hours FROM channel_settings WHERE channel_id = ?1),
                           (SELECT quiet_hours FROM guild_settings WHERE guild_id = ?2)) AS "quiet_hours: String",
                  coalesce((SELECT nullif(locale, ?3) FROM channel_settings WHERE channel_id = ?1),
                           (SELECT coalesce(nullif(chosen_locale, ?3), locale) FROM guild_settings
                            WHERE guild_id = ?2)) AS "locale: String",
                  coalesce((SELECT reply_updates FROM channel_settings WHERE channel_id = ?1),
                           (SELECT reply_updates FROM guild_settings WHERE guild_id = ?2), 0) AS "reply_updates!: bool",
                  coalesce((SELECT crosspost FROM channel_settings WHERE channel_id = ?1),
                           (SELECT crosspost FROM guild_settings WHERE guild_id = ?2), 0) AS "crosspost!: bool""#,
        channel,
        guild,
        AS_SERVER
    )
    .fetch_one(conn)
    .await?;
    Ok(Settings {
        // A name that a later edition of the zone database has dropped is no reason to stop posting.
        time_zone: row.time_zone.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC),
        quiet_hours: row.quiet_hours.and_then(|hours| hours.parse().ok()),
        locale: row.locale.as_deref().map(Locale::of).unwrap_or_default(),
        reply_updates: row.reply_updates,
        crosspost: row.crosspost,
    })
}

/// Keeps the language that a guild prefers, as Discord tells it.
pub async fn speak(conn: &mut SqliteConnection, guild: GuildId, locale: Locale) -> Result<()> {
    let tag = locale.tag();
    sqlx::query!(
        "INSERT INTO guild_settings (guild_id, locale) VALUES (?, ?)
         ON CONFLICT (guild_id) DO UPDATE SET locale = excluded.locale",
        guild,
        tag
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes the settings of a guild, or of one of its channels. Only an announcement channel may be told to publish.
pub async fn change(
    conn: &mut SqliteConnection,
    guild: GuildId,
    channel: Option<ChannelId>,
    change: &SettingsChange,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<()> {
    let zone = change.time_zone.map(Tz::name);
    let quiet =
        change.quiet_hours.map(|hours| hours.map_or_else(|| OFF.to_owned(), |hours| hours.to_string()));
    let locale = change.locale.map(|locale| locale.map_or(AS_SERVER, Locale::tag));
    if let (Some(channel), Some(true)) = (channel, change.crosspost) {
        // It may have become an announcement channel after it was subscribed.
        sqlx::query!(
            "UPDATE subscriptions SET place = 'announcements' WHERE channel_id = ? AND place = 'channel'",
            channel
        )
        .execute(&mut *conn)
        .await?;
    }
    if change.reset {
        forget(conn, guild, channel).await?;
    }
    match channel {
        Some(channel) => {
            sqlx::query!(
                "INSERT INTO channel_settings (channel_id, guild_id, time_zone, quiet_hours, locale, reply_updates, crosspost,
                     changed_by, changed_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (channel_id) DO UPDATE SET time_zone = coalesce(excluded.time_zone, time_zone),
                     quiet_hours = coalesce(excluded.quiet_hours, quiet_hours),
                     locale = coalesce(excluded.locale, locale),
                     reply_updates = coalesce(excluded.reply_updates, reply_updates),
                     crosspost = coalesce(excluded.crosspost, crosspost),
                     changed_by = excluded.changed_by, changed_at = excluded.changed_at",
                channel,
                guild,
                zone,
                quiet,
                locale,
                change.reply_updates,
                change.crosspost,
                by,
                At(now)
            )
            .execute(conn)
            .await?
        }
        None => {
            sqlx::query!(
                "INSERT INTO guild_settings (guild_id, time_zone, quiet_hours, chosen_locale, reply_updates, crosspost,
                     changed_by, changed_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (guild_id) DO UPDATE SET time_zone = coalesce(excluded.time_zone, time_zone),
                     quiet_hours = coalesce(excluded.quiet_hours, quiet_hours),
                     chosen_locale = coalesce(excluded.chosen_locale, chosen_locale),
                     reply_updates = coalesce(excluded.reply_updates, reply_updates),
                     crosspost = coalesce(excluded.crosspost, crosspost),
                     changed_by = excluded.changed_by, changed_at = excluded.changed_at",
                guild,
                zone,
                quiet,
                locale,
                change.reply_updates,
                change.crosspost,
                by,
                At(now)
            )
            .execute(conn)
            .await?
        }
    };
    Ok(())
}

/// Takes back what was set in a channel, or in a guild outside of its channels.
async fn forget(conn: &mut SqliteConnection, guild: GuildId, channel: Option<ChannelId>) -> Result<()> {
    match channel {
        Some(channel) => {
            sqlx::query!("DELETE FROM channel_settings WHERE channel_id = ?", channel).execute(conn).await?
        }
        // The row has the language too that Discord tells.
        None => {
            sqlx::query!(
                "UPDATE guild_settings SET time_zone = NULL, quiet_hours = NULL, chosen_locale = NULL,
                     reply_updates = NULL, crosspost = NULL WHERE guild_id = ?",
                guild
            )
            .execute(conn)
            .await?
        }
    };
    Ok(())
}
