//! Where actors appear, and with whom.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
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
    /// Whom else the article names, folded and as it does.
    pub others: Vec<(String, String)>,
}

/// An article that names an actor, as it is read.
#[derive(Serialize, Deserialize)]
struct Naming {
    article: ArticleId,
    story: StoryId,
    #[serde(with = "chrono::serde::ts_seconds")]
    published_at: DateTime<Utc>,
    /// Of the actor, among those that the article names.
    position: i64,
    /// Position, folded name, name, kind and role of each.
    actors: Vec<(i64, String, String, ActorKind, Option<String>)>,
}

impl Naming {
    fn appearance(self) -> Option<Appearance> {
        let (own, others): (Vec<_>, Vec<_>) =
            self.actors.into_iter().partition(|(position, ..)| *position == self.position);
        let (_, folded, name, kind, role) = own.into_iter().next()?;
        Some(Appearance {
            article: self.article,
            story: self.story,
            name,
            folded,
            kind,
            role,
            published_at: self.published_at,
            others: others.into_iter().map(|(_, folded, name, ..)| (folded, name)).collect(),
        })
    }
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
        // In the order of the index, so that nothing older is looked at once there are enough; and only of those is it
        // read whom they name.
        let rows = sqlx::query_scalar!(
            r#"SELECT json_group_array(json_object('article', article_id, 'story', story_id, 'published_at', published_at,
                   'position', position, 'actors', (
                       SELECT json_group_array(json_array(position, folded, name, kind, role)) FROM actors
                       WHERE actors.article_id = newest.article_id))) AS "rows!: Json<Vec<Naming>>"
               FROM (SELECT own.article_id, own.position, story_id, own.published_at
                     FROM actor_names AS own INDEXED BY actor_names_folded
                         CROSS JOIN articles INDEXED BY articles_facts ON articles.id = own.article_id
                     WHERE own.folded = ?1 AND own.published_at >= ?2 AND own.published_at < ?3 AND story_id IS NOT NULL
                       AND EXISTS (SELECT 1 FROM entries CROSS JOIN guild_feeds USING (feed_id)
                                   WHERE entries.article_id = own.article_id AND guild_id = ?4)
                     ORDER BY own.published_at DESC, own.article_id DESC, own.position DESC LIMIT ?5 + 0) AS newest"#,
            name,
            from,
            to,
            query.guild,
            most
        )
        .fetch_one(&mut *conn)
        .await?;
        for naming in rows.0 {
            let at = (Reverse((naming.published_at, naming.article)), naming.position);
            found.extend(naming.appearance().map(|appearance| (at, appearance)));
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
