//! What moderators set for a guild or a channel.

use chrono_tz::Tz;
use sqlx::SqliteConnection;

use super::Result;
use crate::domain::{ChannelId, GuildId};

/// The channel's time zone, else its guild's, else UTC.
pub async fn time_zone(
    conn: &mut SqliteConnection,
    guild: GuildId,
    channel: Option<ChannelId>,
) -> Result<Tz> {
    let name = sqlx::query_scalar!(
        r#"SELECT coalesce((SELECT time_zone FROM channel_settings WHERE channel_id = ?),
                           (SELECT time_zone FROM guild_settings WHERE guild_id = ?)) AS "name: String""#,
        channel,
        guild
    )
    .fetch_one(conn)
    .await?;
    // A name that a later edition of the zone database has dropped is no reason to stop posting.
    Ok(name.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC))
}

/// Sets the time zone of a guild, or of one of its channels.
pub async fn set_time_zone(
    conn: &mut SqliteConnection,
    guild: GuildId,
    channel: Option<ChannelId>,
    zone: Tz,
) -> Result<()> {
    match channel {
        Some(channel) => {
            sqlx::query!(
                "INSERT INTO channel_settings (channel_id, guild_id, time_zone) VALUES (?, ?, ?)
                 ON CONFLICT (channel_id) DO UPDATE SET time_zone = excluded.time_zone",
                channel,
                guild,
                zone.name()
            )
            .execute(conn)
            .await?
        }
        None => {
            sqlx::query!(
                "INSERT INTO guild_settings (guild_id, time_zone) VALUES (?, ?)
                 ON CONFLICT (guild_id) DO UPDATE SET time_zone = excluded.time_zone",
                guild,
                zone.name()
            )
            .execute(conn)
            .await?
        }
    };
    Ok(())
}
