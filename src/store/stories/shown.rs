//! A story as it is shown.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use super::super::columns::Json;
use super::Result;
use crate::domain::{
    ArticleId, Dated, Digest, Merged, News, Published, Related, Source, Story, StoryId, is_correction,
    picture,
};

/// A story as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: StoryId,
    lead: ArticleId,
    breaking: Option<String>,
    revision: i64,
    #[serde(with = "chrono::serde::ts_seconds")]
    updated_at: DateTime<Utc>,
    merged: Option<Merged>,
    earlier: Option<StoryId>,
    merged_into: Option<StoryId>,
    /// Of the leading article.
    digest: Digest,
    told: Vec<Told>,
}

/// An article of it.
#[derive(Serialize, Deserialize)]
struct Told {
    article_id: ArticleId,
    outlet: String,
    url: String,
    published: Option<Published>,
    copy_of: Option<ArticleId>,
    news: Option<News>,
    title: Option<String>,
    image: Option<String>,
    icon: Option<String>,
}

/// A story as it is shown now. One that was merged into another has no sources and names the other.
pub async fn get(conn: &mut SqliteConnection, id: StoryId) -> Result<Option<Story>> {
    Ok(all(conn, &[id]).await?.pop())
}

/// Those of some stories that are kept as they are shown now, in their order.
pub async fn all(conn: &mut SqliteConnection, ids: &[StoryId]) -> Result<Vec<Story>> {
    shown(conn, ids, false).await
}

/// The stories that have the articles of some that are kept, each once, in their order.
pub async fn current(conn: &mut SqliteConnection, ids: &[StoryId]) -> Result<Vec<Story>> {
    let mut seen = HashSet::new();
    let mut stories = shown(conn, ids, true).await?;
    stories.retain(|story| seen.insert(story.id));
    Ok(stories)
}

/// Some stories, or where they were merged into others, if that is `followed`, those.
async fn shown(conn: &mut SqliteConnection, ids: &[StoryId], followed: bool) -> Result<Vec<Story>> {
    let rows = sqlx::query_scalar!(
        r#"SELECT json_group_array(json_object('id', stories.id, 'lead', lead_id, 'breaking', breaking, 'revision', revision,
                   'updated_at', updated_at, 'merged', json(merged), 'earlier', earlier_id, 'merged_into', merged_into,
                   'digest', json(digest),
                   'told', (SELECT json_group_array(json_object('article_id', articles.id, 'outlet', outlet, 'url', url,
                                       'published', published, 'copy_of', copy_of, 'news', json(news), 'title', title,
                                       'image', image, 'icon', icon) ORDER BY published_at, url)
                            FROM articles WHERE story_id = stories.id)) ORDER BY asked.key) AS "stories!: Json<Vec<Kept>>"
           FROM json_each(?1) AS asked CROSS JOIN stories ON stories.id = CASE WHEN ?2
                   THEN (SELECT coalesce(merged_into, id) FROM stories AS own WHERE own.id = asked.value) ELSE asked.value END
               CROSS JOIN digests_as_json AS own ON own.article_id = lead_id"#,
        Json(ids.to_vec()),
        followed
    )
    .fetch_one(&mut *conn)
    .await?
    .0;
    let mut stories = Vec::with_capacity(rows.len());
    for row in rows {
        let lead = row.told.iter().find(|told| told.article_id == row.lead);
        let image = lead.and_then(|lead| picture(lead.image.as_deref()?));
        let icon = lead.and_then(|lead| picture(lead.icon.as_deref()?));
        let merged = row.merged.unwrap_or_else(|| of_one(&row.digest, row.lead));
        let (summary, told_by) = merged.summary.into_iter().unzip();
        stories.push(Story {
            id: row.id,
            digest: Digest { summary, actors: merged.actors, dates: merged.dates, ..row.digest },
            lead: row.lead,
            told_by,
            timeline: merged.timeline,
            disputes: merged.disputes,
            sources: row.told.into_iter().map(source).collect(),
            image,
            icon,
            breaking: row.breaking,
            earlier: related(conn, row.earlier).await?,
            merged_into: related(conn, row.merged_into).await?,
            revision: row.revision,
            updated_at: row.updated_at,
        });
    }
    Ok(stories)
}

fn source(told: Told) -> Source {
    Source {
        corrects: told.title.as_deref().is_some_and(is_correction),
        article_id: told.article_id,
        outlet: told.outlet,
        url: told.url,
        published: told.published,
        copy_of: told.copy_of,
        news: told.news,
    }
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
