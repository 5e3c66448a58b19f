//! Articles and their digests: written once, together.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::{At, Json, Offset, blob, vector};
use crate::domain::{Actor, Article, ArticleId, Digest, FeedId, Meaning, Published, StoryId, fold, picture};

/// An article that was read.
#[derive(Debug, Clone, Copy)]
pub struct NewArticle<'a> {
    pub article: &'a Article,
    /// Canonical address.
    pub url: &'a str,
    pub outlet: &'a str,
    /// Meaning of title and lede: unit vector of the encoder's dimension.
    pub vector: &'a [f32],
    /// Of headline and lead, to topics.
    pub meaning: &'a Meaning,
    /// Of this article: its `text` is the one that is kept.
    pub digest: &'a Digest,
    /// Publication, or when the article was first seen where the page does not say.
    pub published_at: DateTime<Utc>,
}

/// An article with its digest; the body is `digest.text`.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredArticle {
    pub id: ArticleId,
    /// Canonical address.
    pub url: String,
    pub title: Option<String>,
    pub byline: Option<String>,
    pub outlet: String,
    pub published: Option<Published>,
    pub published_at: DateTime<Utc>,
    /// ISO 639-1 code.
    pub lang: Option<String>,
    /// What a person should know about the extraction, a sentence each.
    pub warnings: Vec<String>,
    pub digest: Digest,
    /// Meaning of title and lede: unit vector of the encoder's dimension.
    pub vector: Vec<f32>,
    /// Of headline and lead, to topics; nothing until it is worked out.
    pub meaning: Option<Meaning>,
    /// Nothing before it is grouped.
    pub story_id: Option<StoryId>,
    /// The feeds that offered it, in the order of their ids.
    pub feeds: Vec<FeedId>,
}

/// Keeps an article and its digest. Where the address is known already, that article stays as it is
/// and is the answer.
pub async fn insert(
    conn: &mut SqliteConnection,
    new: &NewArticle<'_>,
    now: DateTime<Utc>,
) -> Result<ArticleId> {
    let NewArticle { article, digest, .. } = new;
    let id = sqlx::query_scalar!(
        r#"INSERT INTO articles (url, title, byline, outlet, outlet_folded, published, published_at, lang, text, warnings,
               read_at, image, icon)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO NOTHING
           RETURNING id AS "id!: ArticleId""#,
        new.url,
        article.title,
        article.byline,
        new.outlet,
        fold(new.outlet),
        article.published,
        At(new.published_at),
        article.lang,
        digest.text,
        Json(article.warnings.clone()),
        At(now),
        shown(&article.image),
        shown(&article.icon)
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(id) = id else {
        return Ok(sqlx::query_scalar!(
            r#"SELECT id AS "id!: ArticleId" FROM articles WHERE url = ?"#,
            new.url
        )
        .fetch_one(conn)
        .await?);
    };
    sqlx::query!(
        "INSERT INTO vectors (article_id, vector, meaning) VALUES (?, ?, ?)",
        id,
        blob(new.vector),
        new.meaning.to_bytes()
    )
    .execute(&mut *conn)
    .await?;
    note_outlet(conn, new.outlet).await?;
    insert_digest(conn, id, new).await?;
    Ok(id)
}

/// Counts an article of an outlet.
async fn note_outlet(conn: &mut SqliteConnection, outlet: &str) -> Result<()> {
    sqlx::query!(
        "INSERT INTO known_outlets (folded, name, articles) VALUES (?, ?, 1)
         ON CONFLICT (folded) DO UPDATE SET articles = articles + 1, name = max(name, excluded.name)",
        fold(outlet),
        outlet
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The address of a picture that a card may show.
fn shown(address: &Option<String>) -> Option<String> {
    address.as_deref().and_then(picture).map(String::from)
}

/// Counts an article of an actor, and adds the names that it goes by there to those that are known. What one actor was
/// called in so many articles is enough to be found by: more than a thousand characters are not kept.
async fn note_actor(conn: &mut SqliteConnection, actor: &Actor, names: &BTreeSet<String>) -> Result<()> {
    let folded = fold(&actor.name);
    if folded.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO known_actors (folded, name, called, articles) VALUES (?1, ?2, ?1, 1)
         ON CONFLICT (folded) DO UPDATE SET articles = articles + 1, name = max(name, excluded.name)",
        folded,
        actor.name
    )
    .execute(&mut *conn)
    .await?;
    for name in names {
        sqlx::query!(
            "UPDATE known_actors SET called = called || char(10) || ?1
             WHERE folded = ?2 AND length(called) < 1000
               AND NOT instr(char(10) || called || char(10), char(10) || ?1 || char(10))",
            name,
            folded
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

async fn insert_digest(conn: &mut SqliteConnection, id: ArticleId, new: &NewArticle<'_>) -> Result<()> {
    let NewArticle { digest, published_at, .. } = *new;
    sqlx::query!(
        "INSERT INTO digests (article_id, headline, summary, summarizer, model, version, warnings) VALUES (?, ?, ?, ?, ?, ?, ?)",
        id,
        digest.headline,
        Json(digest.summary.clone()),
        digest.provenance.summarizer,
        digest.provenance.model,
        digest.provenance.version,
        Json(digest.warnings.clone())
    )
    .execute(&mut *conn)
    .await?;
    let text: Vec<char> = digest.text.chars().collect();
    for (position, actor) in digest.actors.iter().enumerate() {
        sqlx::query!(
            "INSERT INTO actors (article_id, position, name, folded, kind, role, mentions) VALUES (?, ?, ?, ?, ?, ?, ?)",
            id,
            Offset(position),
            actor.name,
            fold(&actor.name),
            actor.kind,
            actor.role,
            Json(actor.mentions.clone())
        )
        .execute(&mut *conn)
        .await?;
        let names = actor.names(&text);
        note_actor(conn, actor, &names).await?;
        for folded in names {
            sqlx::query!(
                "INSERT INTO actor_names (article_id, position, folded, published_at) VALUES (?, ?, ?, ?)",
                id,
                Offset(position),
                folded,
                At(published_at)
            )
            .execute(&mut *conn)
            .await?;
            for word in folded.split(' ') {
                sqlx::query!(
                    "INSERT INTO name_words (word, folded) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    word,
                    folded
                )
                .execute(&mut *conn)
                .await?;
            }
        }
    }
    for (position, date) in digest.dates.iter().enumerate() {
        sqlx::query!(
            r#"INSERT INTO dates (article_id, position, text, start, "end", value, granularity, until, event)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"#,
            id,
            Offset(position),
            date.text,
            Offset(date.start),
            Offset(date.end),
            date.value,
            date.granularity,
            date.until,
            date.event
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// The article of a canonical address.
pub async fn find_by_url(conn: &mut SqliteConnection, url: &str) -> Result<Option<ArticleId>> {
    Ok(sqlx::query_scalar!(r#"SELECT id AS "id!: ArticleId" FROM articles WHERE url = ?"#, url)
        .fetch_optional(conn)
        .await?)
}

/// An article and the story that it is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Canonical address.
    pub url: String,
    pub title: Option<String>,
    pub outlet: String,
    /// Nothing before it is grouped.
    pub story: Option<StoryId>,
    /// Of the story.
    pub headline: Option<String>,
    /// In the story.
    pub articles: usize,
}

/// The article that an address leads to: its own, or one that a feed gave.
pub async fn trace(conn: &mut SqliteConnection, url: &str) -> Result<Option<Trace>> {
    let row = sqlx::query!(
        r#"SELECT url, title, outlet, story_id AS "story: StoryId",
               (SELECT headline FROM stories JOIN digests ON article_id = lead_id WHERE stories.id = story_id) AS headline,
               (SELECT count(*) FROM articles AS other WHERE other.story_id = articles.story_id) AS "articles!: Offset"
           FROM articles WHERE id = (
               SELECT id FROM articles WHERE url = ?1
               UNION ALL
               SELECT article_id FROM entries WHERE url = ?1 AND article_id IS NOT NULL LIMIT 1)"#,
        url
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Trace {
        url: row.url,
        title: row.title,
        outlet: row.outlet,
        story: row.story,
        headline: row.headline,
        articles: row.articles.0,
    }))
}

pub async fn get(conn: &mut SqliteConnection, id: ArticleId) -> Result<Option<StoredArticle>> {
    Ok(all(conn, &[id]).await?.pop())
}

/// Those of some different articles that are kept, in their order.
pub async fn all(conn: &mut SqliteConnection, ids: &[ArticleId]) -> Result<Vec<StoredArticle>> {
    let rows = sqlx::query!(
        r#"SELECT articles.id AS "id!: ArticleId", url, title, byline, outlet, published AS "published: Published",
               published_at AS "published_at: At", lang, text, warnings AS "warnings: Json<Vec<String>>", vector, meaning,
               story_id AS "story_id: StoryId", digest AS "digest!: Json<Digest>",
               (SELECT json_group_array(DISTINCT feed_id ORDER BY feed_id) FROM entries
                WHERE entries.article_id = articles.id) AS "feeds!: Json<Vec<FeedId>>"
           FROM json_each(?) AS asked CROSS JOIN articles ON articles.id = asked.value CROSS JOIN vectors ON vectors.article_id = articles.id
               CROSS JOIN digests_as_json AS own ON own.article_id = articles.id
           ORDER BY asked.key"#,
        Json(ids.to_vec())
    )
    .fetch_all(conn)
    .await?;
    let articles = rows.into_iter().map(|row| StoredArticle {
        id: row.id,
        url: row.url,
        title: row.title,
        byline: row.byline,
        outlet: row.outlet,
        published: row.published,
        published_at: row.published_at.into(),
        lang: row.lang,
        warnings: row.warnings.0,
        digest: Digest { text: row.text, ..row.digest.0 },
        vector: vector(&row.vector),
        meaning: row.meaning.as_deref().map(Meaning::from_bytes),
        story_id: row.story_id,
        feeds: row.feeds.0,
    });
    Ok(articles.collect())
}

/// Some articles published since a moment whose meaning is to be worked out: headline and text.
pub async fn without_meaning(
    conn: &mut SqliteConnection,
    since: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<(ArticleId, Option<String>, String)>> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!: ArticleId", title, text FROM articles CROSS JOIN vectors ON article_id = id
           WHERE published_at >= ? AND meaning IS NULL LIMIT ?"#,
        At(since),
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title, row.text)).collect())
}

pub async fn set_meaning(conn: &mut SqliteConnection, id: ArticleId, meaning: &Meaning) -> Result<()> {
    sqlx::query!("UPDATE vectors SET meaning = ? WHERE article_id = ?", meaning.to_bytes(), id)
        .execute(conn)
        .await?;
    Ok(())
}
