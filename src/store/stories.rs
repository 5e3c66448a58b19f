//! Stories: which articles tell of one event, and which of them leads.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;

use super::columns::{At, Json, vector};
use super::{Result, articles};
use crate::domain::{ArticleId, FeedId, GuildId, Published, Source, Story, StoryId, fold};

/// An article that a new one may tell the same event as.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateArticle {
    pub article_id: ArticleId,
    pub story_id: StoryId,
    pub title: Option<String>,
    /// Meaning of title and lede: unit vector of the encoder's dimension.
    pub vector: Vec<f32>,
    /// Names of its actors, folded, most salient first.
    pub actors: Vec<String>,
    /// TIMEX3 values of its dates, in calendar order.
    pub dates: Vec<String>,
    pub published_at: DateTime<Utc>,
    pub outlet: String,
    pub text: String,
}

/// Which stories to list.
#[derive(Debug, Clone, Default)]
pub struct StoryQuery {
    /// Only stories with an article from a feed that this guild watches.
    pub guild: Option<GuildId>,
    /// Only stories with an article of an outlet whose name contains these words.
    pub source: Option<String>,
    pub limit: u32,
    pub offset: u32,
}

/// How much has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    pub articles: u64,
    pub stories: u64,
}

pub async fn totals(conn: &mut SqliteConnection) -> Result<Totals> {
    Ok(sqlx::query_as!(
        Totals,
        r#"SELECT (SELECT count(*) FROM articles) AS "articles!: u64", (SELECT count(*) FROM stories) AS "stories!: u64""#
    )
    .fetch_one(conn)
    .await?)
}

/// Articles in stories, published between `from` and `to` (both inclusive), the newest first.
pub async fn candidates(
    conn: &mut SqliteConnection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<CandidateArticle>> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!: ArticleId", story_id AS "story_id!: StoryId", title, vector, outlet, text,
               published_at AS "published_at: At",
               (SELECT json_group_array(folded ORDER BY position) FROM actors WHERE article_id = articles.id AND folded <> '')
                   AS "actors!: Json<Vec<String>>",
               (SELECT json_group_array(value ORDER BY position) FROM dates WHERE article_id = articles.id)
                   AS "dates!: Json<Vec<String>>"
           FROM articles WHERE story_id IS NOT NULL AND published_at BETWEEN ? AND ?
           ORDER BY published_at DESC, id DESC"#,
        At(from),
        At(to)
    )
    .fetch_all(conn)
    .await?;
    let candidates = rows.into_iter().map(|row| CandidateArticle {
        article_id: row.id,
        story_id: row.story_id,
        title: row.title,
        vector: vector(&row.vector),
        actors: row.actors.0,
        dates: row.dates.0,
        published_at: row.published_at.into(),
        outlet: row.outlet,
        text: row.text,
    });
    Ok(candidates.collect())
}

/// Opens a story that `lead` leads, at revision 1. An article that is in a story already stays there,
/// and that story is the answer.
pub async fn open(
    conn: &mut SqliteConnection,
    lead: ArticleId,
    published_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<StoryId> {
    let known = sqlx::query_scalar!(r#"SELECT story_id AS "id: StoryId" FROM articles WHERE id = ?"#, lead)
        .fetch_one(&mut *conn)
        .await?;
    if let Some(story) = known {
        return Ok(story);
    }
    let story = sqlx::query_scalar!(
        r#"INSERT INTO stories (lead_id, opened_at, updated_at, latest_at) VALUES (?1, ?2, ?2, ?3)
           RETURNING id AS "id!: StoryId""#,
        lead,
        At(now),
        At(published_at)
    )
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query!("UPDATE articles SET story_id = ? WHERE id = ?", story, lead).execute(conn).await?;
    Ok(story)
}

/// Adds an article to a story and counts its revision up. False, and nothing changes, when the
/// article is in a story already.
pub async fn join(
    conn: &mut SqliteConnection,
    story: StoryId,
    article: ArticleId,
    published_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let joined =
        sqlx::query!("UPDATE articles SET story_id = ? WHERE id = ? AND story_id IS NULL", story, article)
            .execute(&mut *conn)
            .await?;
    if joined.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "UPDATE stories SET revision = revision + 1, updated_at = ?, latest_at = max(latest_at, ?) WHERE id = ?",
        At(now),
        At(published_at),
        story
    )
    .execute(conn)
    .await?;
    Ok(true)
}

/// A story as it is shown now.
pub async fn get(conn: &mut SqliteConnection, id: StoryId) -> Result<Option<Story>> {
    let row = sqlx::query!(
        r#"SELECT lead_id AS "lead: ArticleId", breaking, revision, updated_at AS "updated_at: At" FROM stories WHERE id = ?"#,
        id
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let Some(digest) = articles::digest(conn, row.lead).await? else { return Ok(None) };
    let sources = sqlx::query_as!(
        Source,
        r#"SELECT id AS "article_id!: ArticleId", outlet, url, published AS "published: Published"
           FROM articles WHERE story_id = ? ORDER BY published_at, id"#,
        id
    )
    .fetch_all(conn)
    .await?;
    Ok(Some(Story {
        id,
        digest,
        sources,
        breaking: row.breaking,
        revision: row.revision,
        updated_at: row.updated_at.into(),
    }))
}

/// The newest stories, by the publication of their newest article.
pub async fn latest(conn: &mut SqliteConnection, query: &StoryQuery) -> Result<Vec<StoryId>> {
    let source = query.source.as_deref().map(fold);
    // CROSS JOIN keeps the order of the tables: from a story's few articles, never from all the
    // entries of a guild's feeds.
    Ok(sqlx::query_scalar!(
        r#"SELECT id AS "id!: StoryId" FROM stories
           WHERE (?1 IS NULL OR EXISTS (
                   SELECT 1 FROM articles CROSS JOIN entries ON article_id = articles.id
                   CROSS JOIN guild_feeds ON guild_feeds.feed_id = entries.feed_id
                   WHERE articles.story_id = stories.id AND guild_id = ?1))
             AND (?2 IS NULL OR EXISTS (
                   SELECT 1 FROM articles WHERE story_id = stories.id AND instr(outlet_folded, ?2)))
           ORDER BY latest_at DESC, id DESC LIMIT ?3 OFFSET ?4"#,
        query.guild,
        source,
        query.limit,
        query.offset
    )
    .fetch_all(conn)
    .await?)
}

/// The feeds that offered an article of a story.
pub async fn feeds_of(conn: &mut SqliteConnection, id: StoryId) -> Result<Vec<FeedId>> {
    Ok(sqlx::query_scalar!(
        r#"SELECT DISTINCT feed_id AS "feed: FeedId" FROM articles JOIN entries ON article_id = articles.id
           WHERE story_id = ? ORDER BY feed_id"#,
        id
    )
    .fetch_all(conn)
    .await?)
}

/// How many outlets tell a story.
pub async fn outlets(conn: &mut SqliteConnection, id: StoryId) -> Result<u32> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(DISTINCT outlet_folded) AS "outlets!: u32" FROM articles WHERE story_id = ?"#,
        id
    )
    .fetch_one(conn)
    .await?)
}

/// The first article of every outlet that tells a story: title and publication.
pub async fn first_tellings(
    conn: &mut SqliteConnection,
    id: StoryId,
) -> Result<Vec<(String, DateTime<Utc>)>> {
    // SQLite gives the other columns of the row that has the minimum.
    let rows = sqlx::query!(
        r#"SELECT coalesce(title, '') AS "title!: String", min(published_at) AS "at!: At" FROM articles
           WHERE story_id = ? GROUP BY outlet_folded"#,
        id
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.title, row.at.into())).collect())
}

/// How many outlets tell a story within `span` of its first article, on average over the stories that were opened
/// between two moments; 1 where there are none.
pub async fn usual_outlets(
    conn: &mut SqliteConnection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    span: TimeDelta,
) -> Result<f64> {
    let span = span.num_seconds();
    let usual = sqlx::query_scalar!(
        r#"WITH opened AS (
               SELECT story_id, min(published_at) AS first FROM articles
               WHERE story_id IS NOT NULL AND published_at BETWEEN ?1 AND ?2 GROUP BY story_id)
           SELECT avg((SELECT count(DISTINCT outlet_folded) FROM articles
                       WHERE articles.story_id = opened.story_id AND published_at <= first + ?3)) AS "usual: f64"
           FROM opened"#,
        At(from),
        At(to),
        span
    )
    .fetch_one(conn)
    .await?;
    Ok(usual.unwrap_or(1.0).max(1.0))
}

/// Marks a story as breaking, once and for ever. `why` is for `/why`.
pub async fn mark_breaking(conn: &mut SqliteConnection, id: StoryId, why: &str) -> Result<()> {
    sqlx::query!("UPDATE stories SET breaking = ? WHERE id = ?", why, id).execute(conn).await?;
    Ok(())
}

/// The articles of a story, in order of publication.
pub async fn articles_of(conn: &mut SqliteConnection, id: StoryId) -> Result<Vec<ArticleId>> {
    Ok(sqlx::query_scalar!(
        r#"SELECT id AS "id!: ArticleId" FROM articles WHERE story_id = ? ORDER BY published_at, id"#,
        id
    )
    .fetch_all(conn)
    .await?)
}
