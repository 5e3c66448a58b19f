//! Where actors appear, and with whom.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::{At, Json};
use super::search::called;
use crate::domain::{ActorKind, ArticleId, GuildId, StoryId};

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
    pub article: ArticleId,
    pub story: StoryId,
    /// The fullest name that the article gives.
    pub name: String,
    /// The same, folded.
    pub folded: String,
    pub kind: ActorKind,
    pub role: Option<String>,
    pub published_at: DateTime<Utc>,
}

/// Articles that name an actor, the newest first, as many as `most`.
pub async fn appearances(
    conn: &mut SqliteConnection,
    query: &ActorQuery,
    most: u32,
) -> Result<Vec<Appearance>> {
    /// Names that are looked up, the shortest: a word of so many more is nobody's in particular.
    const NAMES: usize = 200;
    let mut names = called(conn, Some(&query.name)).await?.map(|names| names.0).unwrap_or_default();
    names.sort_by_key(String::len);
    let mut from = At(query.from.unwrap_or(DateTime::<Utc>::MIN_UTC));
    let to = At(query.to.unwrap_or(DateTime::<Utc>::MAX_UTC));
    let mut found = BTreeMap::new();
    for name in names.iter().take(NAMES) {
        // In the order of the index, so that nothing older is looked at once there are enough.
        let rows = sqlx::query!(
            r#"SELECT own.article_id AS "article!: ArticleId", own.position AS "position!: i64", story_id AS "story!: StoryId",
                   actors.name AS "name!: String", actors.folded AS "folded!: String", kind AS "kind!: ActorKind", role AS "role: String",
                   own.published_at AS "published_at!: At"
               FROM actor_names AS own INDEXED BY actor_names_folded
                   CROSS JOIN articles INDEXED BY articles_facts ON articles.id = own.article_id
                   CROSS JOIN actors ON actors.article_id = own.article_id AND actors.position = own.position
               WHERE own.folded = ?1 AND own.published_at >= ?2 AND own.published_at < ?3 AND story_id IS NOT NULL
                 AND EXISTS (SELECT 1 FROM entries CROSS JOIN guild_feeds USING (feed_id)
                             WHERE entries.article_id = own.article_id AND guild_id = ?4)
               ORDER BY own.published_at DESC, own.article_id DESC, own.position DESC LIMIT ?5"#,
            name,
            from,
            to,
            query.guild,
            most
        )
        .fetch_all(&mut *conn)
        .await?;
        for row in rows {
            let published_at: DateTime<Utc> = row.published_at.into();
            let appearance = Appearance {
                article: row.article,
                story: row.story,
                name: row.name,
                folded: row.folded,
                kind: row.kind,
                role: row.role,
                published_at,
            };
            found.insert((Reverse((published_at, row.article)), row.position), appearance);
        }
        while found.len() > most as usize {
            found.pop_last();
        }
        // Nothing older than the last of enough is of use.
        if found.len() == most as usize
            && let Some(last) = found.last_entry()
        {
            from = At(last.get().published_at);
        }
    }
    Ok(found.into_values().collect())
}

/// Whom some articles name beside those of some folded names, with the number of stories that do, most first.
pub async fn company(
    conn: &mut SqliteConnection,
    articles: &[ArticleId],
    but: &[&str],
    limit: u32,
) -> Result<Vec<(String, u64)>> {
    let but: Vec<String> = but.iter().map(|name| (*name).to_owned()).collect();
    let rows = sqlx::query!(
        r#"SELECT max(name) AS "name!: String", count(DISTINCT story_id) AS "stories!: u64"
           FROM json_each(?1) AS asked CROSS JOIN articles INDEXED BY articles_facts ON articles.id = asked.value
               CROSS JOIN actors ON article_id = articles.id
           WHERE folded <> '' AND folded NOT IN (SELECT value FROM json_each(?2))
           GROUP BY folded ORDER BY 2 DESC, folded LIMIT ?3"#,
        Json(articles.to_vec()),
        Json(but),
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.stories)).collect())
}
