//! What the articles of a story make together, and stories that become one.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::super::columns::{At, Json};
use super::{Result, articles, articles_of};
use crate::domain::{ArticleId, News, StoryId};
use crate::stories::{Member, Whole};

/// The articles of a story, as they are put together.
pub async fn members(conn: &mut SqliteConnection, story: StoryId) -> Result<Vec<Member>> {
    let articles = articles_of(conn, &[story]).await?;
    let members = articles::all(conn, &articles).await?.into_iter().map(|article| Member {
        id: article.id,
        url: article.url,
        outlet: article.outlet,
        title: article.title,
        published: article.published,
        published_at: article.published_at,
        vector: article.vector,
        digest: article.digest,
    });
    Ok(members.collect())
}

/// Keeps what the articles of a story make together.
pub async fn keep(conn: &mut SqliteConnection, story: StoryId, whole: &Whole) -> Result<()> {
    sqlx::query!(
        "UPDATE stories SET lead_id = ?, merged = ? WHERE id = ?",
        whole.lead,
        whole.merged.clone().map(Json),
        story
    )
    .execute(&mut *conn)
    .await?;
    for (article, original, news) in &whole.articles {
        let news = news.clone().map(Json);
        sqlx::query!(
            "UPDATE articles SET copy_of = ?1, news = ?2 WHERE id = ?3 AND (copy_of IS NOT ?1 OR news IS NOT ?2)",
            original,
            news,
            article
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// What an article told that nobody had told before in its story.
pub async fn news_of(conn: &mut SqliteConnection, article: ArticleId) -> Result<Option<News>> {
    let row = sqlx::query_scalar!(r#"SELECT news AS "news: Json<News>" FROM articles WHERE id = ?"#, article);
    Ok(row.fetch_optional(conn).await?.flatten().map(|news| news.0))
}

/// A story is a later development of another.
pub async fn follow(conn: &mut SqliteConnection, story: StoryId, earlier: StoryId) -> Result<()> {
    sqlx::query!("UPDATE stories SET earlier_id = ? WHERE id = ?", earlier, story).execute(conn).await?;
    Ok(())
}

/// Gives the articles of one story to another; both get a revision that no card shows yet. What followed or was
/// merged into the one follows or is merged into the other.
pub async fn merge(
    conn: &mut SqliteConnection,
    from: StoryId,
    into: StoryId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!("UPDATE articles SET story_id = ? WHERE story_id = ?", into, from)
        .execute(&mut *conn)
        .await?;
    // Cards of the one may become cards of the other, so that its number has to be higher than both.
    sqlx::query!(
        "UPDATE stories SET (revision, latest_at) =
             (SELECT max(revision) + 1, max(latest_at) FROM stories WHERE id IN (?1, ?2)), updated_at = ?3,
             breaking = coalesce(breaking, (SELECT breaking FROM stories WHERE id = ?2))
         WHERE id = ?1",
        into,
        from,
        At(now)
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE stories SET merged_into = ?1, revision = revision + 1, updated_at = ?3, merged = NULL WHERE id = ?2",
        into,
        from,
        At(now)
    )
    .execute(&mut *conn)
    .await?;
    // What was merged into the one before: its cards point to the other from now on.
    sqlx::query!(
        "UPDATE stories SET merged_into = ?1, revision = revision + 1, updated_at = ?3 WHERE merged_into = ?2",
        into,
        from,
        At(now)
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("UPDATE stories SET earlier_id = nullif(?1, id) WHERE earlier_id = ?2", into, from)
        .execute(conn)
        .await?;
    Ok(())
}
