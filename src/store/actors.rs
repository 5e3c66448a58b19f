//! Where actors appear, and with whom.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::At;
use super::search::called;
use crate::domain::{ActorKind, GuildId, StoryId};

/// Whom to look for, and when.
#[derive(Debug, Clone)]
pub struct ActorQuery {
    /// Only articles from feeds that this guild watches.
    pub guild: GuildId,
    /// Words of a name.
    pub name: String,
    /// Published at or after.
    pub from: Option<DateTime<Utc>>,
    /// Published before.
    pub to: Option<DateTime<Utc>>,
}

/// One article that names an actor.
#[derive(Debug, Clone, PartialEq)]
pub struct Appearance {
    pub story: StoryId,
    /// The fullest name that the article gives.
    pub name: String,
    pub kind: ActorKind,
    pub role: Option<String>,
    pub published_at: DateTime<Utc>,
}

/// Appearances looked at: the newest.
const MOST: u32 = 2000;

/// Articles that name an actor, the newest first.
pub async fn appearances(conn: &mut SqliteConnection, query: &ActorQuery) -> Result<Vec<Appearance>> {
    let names = called(conn, Some(&query.name)).await?;
    let rows = sqlx::query!(
        r#"SELECT story_id AS "story!: StoryId", name, kind AS "kind: ActorKind", role, published_at AS "published_at: At"
           FROM actors JOIN articles ON articles.id = article_id
           WHERE story_id IS NOT NULL
             AND EXISTS (SELECT 1 FROM actor_names AS own
                         WHERE own.article_id = actors.article_id AND own.position = actors.position
                           AND own.folded IN (SELECT value FROM json_each(?1)))
             AND EXISTS (SELECT 1 FROM entries CROSS JOIN guild_feeds ON guild_feeds.feed_id = entries.feed_id
                         WHERE entries.article_id = articles.id AND guild_id = ?2)
             AND (?3 IS NULL OR published_at >= ?3) AND (?4 IS NULL OR published_at < ?4)
           ORDER BY published_at DESC, articles.id DESC, position LIMIT ?5"#,
        names,
        query.guild,
        query.from.map(At),
        query.to.map(At),
        MOST
    )
    .fetch_all(conn)
    .await?;
    let appearances = rows.into_iter().map(|row| Appearance {
        story: row.story,
        name: row.name,
        kind: row.kind,
        role: row.role,
        published_at: row.published_at.into(),
    });
    Ok(appearances.collect())
}

/// Whom articles name beside an actor, with the number of stories that do, most first.
pub async fn company(
    conn: &mut SqliteConnection,
    query: &ActorQuery,
    limit: u32,
) -> Result<Vec<(String, u64)>> {
    let names = called(conn, Some(&query.name)).await?;
    let rows = sqlx::query!(
        r#"SELECT max(other.name) AS "name!: String", count(DISTINCT story_id) AS "stories!: u64"
           FROM actors AS other JOIN articles ON articles.id = other.article_id
           WHERE story_id IS NOT NULL AND other.folded <> ''
             AND EXISTS (SELECT 1 FROM actor_names AS own WHERE own.article_id = articles.id
                           AND own.folded IN (SELECT value FROM json_each(?1)))
             AND NOT EXISTS (SELECT 1 FROM actor_names AS own
                             WHERE own.article_id = other.article_id AND own.position = other.position
                               AND own.folded IN (SELECT value FROM json_each(?1)))
             AND EXISTS (SELECT 1 FROM entries CROSS JOIN guild_feeds ON guild_feeds.feed_id = entries.feed_id
                         WHERE entries.article_id = articles.id AND guild_id = ?2)
             AND (?3 IS NULL OR published_at >= ?3) AND (?4 IS NULL OR published_at < ?4)
           GROUP BY other.folded ORDER BY 2 DESC, other.folded LIMIT ?5"#,
        names,
        query.guild,
        query.from.map(At),
        query.to.map(At),
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.stories)).collect())
}
