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

/// A statement over `newest`, the newest appearances of those who go by some names: article and position.
macro_rules! newest {
    ($rest:literal, $query:expr, $names:expr $(, $argument:expr)* $(,)?) => {
        sqlx::query!(
            r#"WITH newest AS MATERIALIZED (
                   SELECT DISTINCT article_id, position, story_id, published_at
                   FROM json_each(?1) CROSS JOIN actor_names ON folded = json_each.value
                       CROSS JOIN articles INDEXED BY articles_facts ON articles.id = article_id
                   WHERE story_id IS NOT NULL AND (?3 IS NULL OR published_at >= ?3) AND (?4 IS NULL OR published_at < ?4)
                     AND EXISTS (SELECT 1 FROM entries CROSS JOIN guild_feeds USING (feed_id)
                                 WHERE entries.article_id = articles.id AND guild_id = ?2)
                   ORDER BY published_at DESC, article_id DESC, position LIMIT ?5) "#
                + $rest,
            $names,
            $query.guild,
            $query.from.map(At),
            $query.to.map(At),
            MOST
            $(, $argument)*
        )
    };
}

/// Articles that name an actor, the newest first.
pub async fn appearances(conn: &mut SqliteConnection, query: &ActorQuery) -> Result<Vec<Appearance>> {
    let names = called(conn, Some(&query.name)).await?;
    let rows = newest!(
        r#"SELECT story_id AS "story!: StoryId", name AS "name!: String", kind AS "kind!: ActorKind", role AS "role: String",
               published_at AS "published_at!: At"
           FROM newest CROSS JOIN actors USING (article_id, position)
           ORDER BY published_at DESC, article_id DESC, position"#,
        query,
        names
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

/// Whom these articles name beside an actor, with the number of stories that do, most first.
pub async fn company(
    conn: &mut SqliteConnection,
    query: &ActorQuery,
    limit: u32,
) -> Result<Vec<(String, u64)>> {
    let names = called(conn, Some(&query.name)).await?;
    let rows = newest!(
        r#"SELECT max(other.name) AS "name!: String", count(DISTINCT story_id) AS "stories!: u64"
           FROM (SELECT DISTINCT article_id, story_id FROM newest) CROSS JOIN actors AS other USING (article_id)
           WHERE other.folded <> ''
             AND NOT EXISTS (SELECT 1 FROM actor_names AS own
                             WHERE own.article_id = other.article_id AND own.position = other.position
                               AND own.folded IN (SELECT value FROM json_each(?1)))
           GROUP BY other.folded ORDER BY 2 DESC, other.folded LIMIT ?6"#,
        query,
        names,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.stories)).collect())
}
