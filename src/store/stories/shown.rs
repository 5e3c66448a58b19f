//! A story as it is shown.

use std::collections::{HashMap, HashSet};

use sqlx::SqliteConnection;

use super::super::columns::{At, Json};
use super::{Result, articles};
use crate::domain::{
    ArticleId, Dated, Digest, Merged, News, Published, Related, Source, Story, StoryId, is_correction,
    picture,
};

/// A source, and the addresses of its lead picture and of its outlet's icon.
type Told = (Source, Option<String>, Option<String>);

/// A story as it is shown now. One that was merged into another has no sources and names the other.
pub async fn get(conn: &mut SqliteConnection, id: StoryId) -> Result<Option<Story>> {
    Ok(all(conn, &[id]).await?.pop())
}

/// Those of some stories that are kept as they are shown now, in their order.
pub async fn all(conn: &mut SqliteConnection, ids: &[StoryId]) -> Result<Vec<Story>> {
    let ids = Json(ids.to_vec());
    let rows = sqlx::query!(
        r#"SELECT stories.id AS "id!: StoryId", lead_id AS "lead!: ArticleId", breaking, revision AS "revision!",
               updated_at AS "updated_at!: At", merged AS "merged: Json<Merged>", earlier_id AS "earlier: StoryId",
               merged_into AS "merged_into: StoryId"
           FROM json_each(?) CROSS JOIN stories ON stories.id = value ORDER BY json_each.key"#,
        ids
    )
    .fetch_all(&mut *conn)
    .await?;
    let leads: Vec<ArticleId> = rows.iter().map(|row| row.lead).collect();
    let digests = articles::digests(conn, &leads).await?;
    let mut told: HashMap<StoryId, Vec<Told>> = HashMap::new();
    let sources = sqlx::query!(
        r#"SELECT story_id AS "story!: StoryId", articles.id AS "article_id!: ArticleId", outlet, url, published AS "published: Published",
               copy_of AS "copy_of: ArticleId", news AS "news: Json<News>", title, image, icon
           FROM json_each(?) AS asked CROSS JOIN articles ON story_id = asked.value ORDER BY published_at, url"#,
        ids
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in sources {
        let source = Source {
            corrects: row.title.as_deref().is_some_and(is_correction),
            article_id: row.article_id,
            outlet: row.outlet,
            url: row.url,
            published: row.published,
            copy_of: row.copy_of,
            news: row.news.map(|news| news.0),
        };
        told.entry(row.story).or_default().push((source, row.image, row.icon));
    }
    let mut stories = Vec::with_capacity(rows.len());
    for row in rows {
        // Not taken out: one that was merged into another may have its lead.
        let Some(own) = digests.get(&row.lead).cloned() else { continue };
        let told = told.remove(&row.id).unwrap_or_default();
        let lead = told.iter().find(|(source, ..)| source.article_id == row.lead);
        let image = lead.and_then(|(_, image, _)| picture(image.as_deref()?));
        let icon = lead.and_then(|(.., icon)| picture(icon.as_deref()?));
        let merged = row.merged.map_or_else(|| of_one(&own, row.lead), |merged| merged.0);
        let (summary, told_by) = merged.summary.into_iter().unzip();
        stories.push(Story {
            id: row.id,
            digest: Digest { summary, actors: merged.actors, dates: merged.dates, ..own },
            lead: row.lead,
            told_by,
            timeline: merged.timeline,
            disputes: merged.disputes,
            sources: told.into_iter().map(|(source, ..)| source).collect(),
            image,
            icon,
            breaking: row.breaking,
            earlier: related(conn, row.earlier).await?,
            merged_into: related(conn, row.merged_into).await?,
            revision: row.revision,
            updated_at: row.updated_at.into(),
        });
    }
    Ok(stories)
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
    Ok(currents(conn, &[id]).await?.pop().unwrap_or(id))
}

/// The stories that have the articles of some that are kept, each once, in their order.
pub async fn currents(conn: &mut SqliteConnection, ids: &[StoryId]) -> Result<Vec<StoryId>> {
    let mut current: Vec<StoryId> = sqlx::query_scalar!(
        r#"SELECT coalesce(merged_into, stories.id) AS "id!: StoryId"
           FROM json_each(?) AS asked CROSS JOIN stories ON stories.id = asked.value ORDER BY asked.key"#,
        Json(ids.to_vec())
    )
    .fetch_all(conn)
    .await?;
    let mut seen = HashSet::new();
    current.retain(|id| seen.insert(*id));
    Ok(current)
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
