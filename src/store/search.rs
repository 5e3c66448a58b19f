//! Search: by words in SQLite's full-text index, and the vectors to search by meaning.

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt as _;
use sqlx::SqliteConnection;

use super::Result;
use super::columns::{At, Json};
use crate::domain::{ArticleId, StoryId, fold};

/// More words than this are left out: a question has fewer, and each costs a walk through the index.
const MAX_WORDS: usize = 24;
/// Characters of a word that count; the longest words of news text are shorter.
const MAX_WORD_CHARS: usize = 64;
/// Tokens of the text that a snippet shows: about two lines of a card. FTS5 allows 64.
const SNIPPET_TOKENS: u32 = 28;

/// What to look for among the articles that are in a story.
#[derive(Debug, Clone, Default)]
pub struct SearchQuery {
    /// As a person typed it. Blank: the newest articles that pass the rest.
    pub query: String,
    /// Words of the name of one of the article's actors.
    pub actor: Option<String>,
    /// Words of the outlet's name.
    pub source: Option<String>,
    /// Published at or after.
    pub from: Option<DateTime<Utc>>,
    /// Published before.
    pub to: Option<DateTime<Utc>>,
    pub limit: u32,
    pub offset: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub article_id: ArticleId,
    pub story_id: StoryId,
    /// BM25, higher is better; comparable within one search only. 0 where no words were asked for.
    pub score: f64,
    /// Where the words stand in the text, in one line; without words, how the text begins.
    pub snippet: String,
}

/// Articles that contain all the words, else any of them, best first; a word in the title counts
/// four times. No text of a person can be an error: every word is a quoted phrase to FTS5.
pub async fn by_words(conn: &mut SqliteConnection, query: &SearchQuery) -> Result<Vec<Hit>> {
    if query.query.trim().is_empty() {
        return newest(conn, query).await;
    }
    let phrases = phrases(&query.query);
    if phrases.is_empty() {
        return Ok(Vec::new());
    }
    let all = phrases.join(" AND ");
    let hits = matching(conn, query, &all, query.limit, query.offset).await?;
    // Past the last page, or nothing has all the words? Only the second is a reason to ask for less.
    let any_has_all =
        !hits.is_empty() || (query.offset > 0 && !matching(conn, query, &all, 1, 0).await?.is_empty());
    if any_has_all {
        return Ok(hits);
    }
    matching(conn, query, &phrases.join(" OR "), query.limit, query.offset).await
}

async fn matching(
    conn: &mut SqliteConnection,
    query: &SearchQuery,
    expression: &str,
    limit: u32,
    offset: u32,
) -> Result<Vec<Hit>> {
    let called = called(conn, query.actor.as_deref()).await?;
    let rows = sqlx::query!(
        r#"SELECT articles.id AS "id!: ArticleId", story_id AS "story_id!: StoryId",
               -bm25(article_search, 4.0, 1.0) AS "score!: f64"
           FROM article_search JOIN articles ON articles.id = article_search.rowid
           WHERE article_search MATCH ?1 AND story_id IS NOT NULL
             AND (?2 IS NULL OR EXISTS (
                   SELECT 1 FROM actor_names
                   WHERE article_id = articles.id AND folded IN (SELECT value FROM json_each(?2))))
             AND (?3 IS NULL OR instr(outlet_folded, ?3))
             AND (?4 IS NULL OR published_at >= ?4) AND (?5 IS NULL OR published_at < ?5)
           ORDER BY 3 DESC, published_at DESC, articles.id DESC LIMIT ?6 OFFSET ?7"#,
        expression,
        called,
        query.source.as_deref().map(fold),
        query.from.map(At),
        query.to.map(At),
        limit,
        offset
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut hits = Vec::with_capacity(rows.len());
    for row in rows {
        // Asked for the hits of this page alone: FTS5 reads the whole text for a snippet.
        let snippet = sqlx::query_scalar!(
            r#"SELECT snippet(article_search, 1, '', '', '…', ?1) AS "snippet!: String"
               FROM article_search WHERE article_search MATCH ?2 AND rowid = ?3"#,
            SNIPPET_TOKENS,
            expression,
            row.id
        )
        .fetch_optional(&mut *conn)
        .await?;
        let snippet = one_line(&snippet.unwrap_or_default());
        hits.push(Hit { article_id: row.id, story_id: row.story_id, score: row.score, snippet });
    }
    Ok(hits)
}

async fn newest(conn: &mut SqliteConnection, query: &SearchQuery) -> Result<Vec<Hit>> {
    let called = called(conn, query.actor.as_deref()).await?;
    let rows = sqlx::query!(
        r#"SELECT id AS "id!: ArticleId", story_id AS "story_id!: StoryId", substr(text, 1, 200) AS "beginning!: String",
               length(text) > 200 AS "more!: bool"
           FROM articles WHERE story_id IS NOT NULL
             AND (?1 IS NULL OR EXISTS (
                   SELECT 1 FROM actor_names
                   WHERE article_id = articles.id AND folded IN (SELECT value FROM json_each(?1))))
             AND (?2 IS NULL OR instr(outlet_folded, ?2))
             AND (?3 IS NULL OR published_at >= ?3) AND (?4 IS NULL OR published_at < ?4)
           ORDER BY published_at DESC, id DESC LIMIT ?5 OFFSET ?6"#,
        called,
        query.source.as_deref().map(fold),
        query.from.map(At),
        query.to.map(At),
        query.limit,
        query.offset
    )
    .fetch_all(conn)
    .await?;
    let hits = rows.into_iter().map(|row| Hit {
        article_id: row.id,
        story_id: row.story_id,
        score: 0.0,
        snippet: one_line(&row.beginning) + if row.more { "…" } else { "" },
    });
    Ok(hits.collect())
}

/// The folded names of whoever goes by `actor` somewhere: those with its words ("Rama" is in "Edi Rama"), and others
/// of one who goes by just that ("MEK"), unless they say less ("Rama" for "Edi Rama" could be another).
pub(super) async fn called(
    conn: &mut SqliteConnection,
    actor: Option<&str>,
) -> Result<Option<Json<Vec<String>>>> {
    let Some(actor) = actor.map(fold) else { return Ok(None) };
    let names = sqlx::query_scalar!(
        r#"SELECT folded AS "folded!: String" FROM actor_names WHERE instr(' ' || folded || ' ', ' ' || ?1 || ' ')
           UNION
           SELECT other.folded FROM actor_names AS own JOIN actor_names AS other USING (article_id, position)
           WHERE own.folded = ?1 AND NOT instr(' ' || ?1 || ' ', ' ' || other.folded || ' ')"#,
        actor
    )
    .fetch_all(conn)
    .await?;
    Ok(Some(Json(names)))
}

/// An article that is near in meaning to what was asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Cosine, at most 1.
    pub likeness: f32,
    pub article_id: ArticleId,
    pub story_id: StoryId,
}

/// The articles in a story, published at or after `from` and before `to`, that are nearest in meaning to the unit vector
/// `asked` and at least `least` like it: at most `limit` of those that `allowed` lets pass, the likest first.
///
/// Reads every vector, one at a time: memory does not grow with the articles.
pub async fn nearest(
    conn: &mut SqliteConnection,
    asked: &[f32],
    (from, to): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    (least, limit): (f32, usize),
    allowed: impl Fn(ArticleId, StoryId) -> bool,
) -> Result<Vec<Near>> {
    let (from, to) = (from.map(At), to.map(At));
    let mut rows = sqlx::query!(
        r#"SELECT id AS "id!: ArticleId", story_id AS "story_id!: StoryId", vector FROM articles
           WHERE story_id IS NOT NULL AND (?1 IS NULL OR published_at >= ?1) AND (?2 IS NULL OR published_at < ?2)"#,
        from,
        to
    )
    .fetch(conn);
    let mut found: Vec<Near> = Vec::new();
    let mut bound = least;
    while let Some(row) = rows.try_next().await? {
        let likeness = likeness(asked, &row.vector);
        if likeness < bound || !allowed(row.id, row.story_id) {
            continue;
        }
        found.push(Near { likeness, article_id: row.id, story_id: row.story_id });
        // Sorted now and then, so that few of the rest are kept.
        if found.len() >= limit.max(1) * 2 {
            best(&mut found, limit);
            bound = found.last().map_or(least, |last| last.likeness);
        }
    }
    best(&mut found, limit);
    Ok(found)
}

/// The likest, the newest of them first.
fn best(found: &mut Vec<Near>, limit: usize) {
    found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(b.article_id.cmp(&a.article_id)));
    found.truncate(limit);
}

/// The cosine of a unit vector and one as it is stored; 0 where they are of different lengths.
fn likeness(asked: &[f32], stored: &[u8]) -> f32 {
    let (numbers, _) = stored.as_chunks::<4>();
    if numbers.len() != asked.len() {
        return 0.0;
    }
    asked.iter().zip(numbers).map(|(x, bytes)| x * f32::from_le_bytes(*bytes)).sum()
}

/// Names of actors one of whose names contains what was typed, the most written about first.
pub async fn actor_names(conn: &mut SqliteConnection, typed: &str, limit: u32) -> Result<Vec<String>> {
    let typed = fold(typed);
    Ok(sqlx::query_scalar!(
        "SELECT name FROM known_actors WHERE instr(called, ?1) ORDER BY articles DESC, folded LIMIT ?2",
        typed,
        limit
    )
    .fetch_all(conn)
    .await?)
}

/// Names of outlets that contain what was typed, the busiest first.
pub async fn outlets(conn: &mut SqliteConnection, typed: &str, limit: u32) -> Result<Vec<String>> {
    let typed = fold(typed);
    Ok(sqlx::query_scalar!(
        r#"SELECT max(outlet) AS "outlet!: String" FROM articles WHERE instr(outlet_folded, ?1) > 0 OR ?1 = ''
           GROUP BY outlet_folded ORDER BY count(*) DESC, outlet_folded LIMIT ?2"#,
        typed,
        limit
    )
    .fetch_all(conn)
    .await?)
}

/// The words of a text, each a quoted FTS5 phrase: operators, columns, stars and quotes lose their
/// meaning, and "U.S." is the phrase "u s", as the index has it.
fn phrases(text: &str) -> Vec<String> {
    text.split(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '"')
        // FTS5 has no token for what is punctuation alone.
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MAX_WORDS)
        .map(|word| format!("\"{}\"", word.chars().take(MAX_WORD_CHARS).collect::<String>()))
        .collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
