//! A story as it is shown.

use sqlx::SqliteConnection;

use super::super::columns::{At, Json};
use super::{Result, articles};
use crate::domain::{
    ArticleId, Dated, Digest, Merged, News, Published, Related, Source, Story, StoryId, is_correction,
    picture,
};

/// A story as it is shown now. One that was merged into another has no sources and names the other.
pub async fn get(conn: &mut SqliteConnection, id: StoryId) -> Result<Option<Story>> {
    let row = sqlx::query!(
        r#"SELECT lead_id AS "lead: ArticleId", breaking, revision, updated_at AS "updated_at: At", merged AS "merged: Json<Merged>",
               earlier_id AS "earlier: StoryId", merged_into AS "merged_into: StoryId" FROM stories WHERE id = ?"#,
        id
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let Some(own) = articles::digest(conn, row.lead).await? else { return Ok(None) };
    let sources = sqlx::query!(
        r#"SELECT id AS "article_id!: ArticleId", outlet, url, published AS "published: Published",
               copy_of AS "copy_of: ArticleId", news AS "news: Json<News>", title, image, icon
           FROM articles WHERE story_id = ? ORDER BY published_at, url"#,
        id
    )
    .fetch_all(&mut *conn)
    .await?;
    let lead = sources.iter().find(|source| source.article_id == row.lead);
    let image = lead.and_then(|lead| picture(lead.image.as_deref()?));
    let icon = lead.and_then(|lead| picture(lead.icon.as_deref()?));
    let sources = sources.into_iter().map(|row| Source {
        corrects: row.title.as_deref().is_some_and(is_correction),
        article_id: row.article_id,
        outlet: row.outlet,
        url: row.url,
        published: row.published,
        copy_of: row.copy_of,
        news: row.news.map(|news| news.0),
    });
    let sources = sources.collect();
    let merged = row.merged.map_or_else(|| of_one(&own, row.lead), |merged| merged.0);
    let (summary, told_by) = merged.summary.into_iter().unzip();
    Ok(Some(Story {
        id,
        digest: Digest { summary, actors: merged.actors, dates: merged.dates, ..own },
        lead: row.lead,
        told_by,
        timeline: merged.timeline,
        disputes: merged.disputes,
        sources,
        image,
        icon,
        breaking: row.breaking,
        earlier: related(conn, row.earlier).await?,
        merged_into: related(conn, row.merged_into).await?,
        revision: row.revision,
        updated_at: row.updated_at.into(),
    }))
}

/// What one article says: of a story that has no other, or was kept before stories were put together.
fn of_one(digest: &Digest, lead: ArticleId) -> Merged {
    let event = |date: &&crate::domain::KeyDate| date.event.is_some();
    let timeline = digest.dates.iter().filter(event).map(|date| Dated { date: date.clone(), article: lead });
    Merged {
        summary: digest.summary.iter().map(|sentence| (sentence.clone(), lead)).collect(),
        actors: digest.actors.clone(),
        dates: digest.dates.clone(),
        timeline: timeline.collect(),
        disputes: Vec::new(),
    }
}

/// The story that has the articles of this one: itself, if it was not merged into another.
pub async fn current(conn: &mut SqliteConnection, id: StoryId) -> Result<StoryId> {
    let into = sqlx::query_scalar!(r#"SELECT merged_into AS "into: StoryId" FROM stories WHERE id = ?"#, id)
        .fetch_optional(conn)
        .await?;
    Ok(into.flatten().unwrap_or(id))
}

async fn related(conn: &mut SqliteConnection, id: Option<StoryId>) -> Result<Option<Related>> {
    let Some(story) = id else { return Ok(None) };
    let row = sqlx::query!(
        r#"SELECT headline, url FROM stories JOIN articles ON articles.id = lead_id JOIN digests ON article_id = lead_id
           WHERE stories.id = ?"#,
        story
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Related { story, headline: row.headline, url: Some(row.url), card: None }))
}
