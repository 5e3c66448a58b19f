//! Stories: which articles tell of one event, and which of them leads.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;

use super::columns::{At, Json, Offset, vector};
use super::{Result, articles};
use crate::domain::{ArticleId, FeedId, GuildId, Headline, StoryId, fold};

mod shown;
mod whole;

pub use shown::{all, current, get};
pub use whole::{follow, keep, members, merge, news_of};

/// An article in a story, as grouping sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedArticle {
    /// Counts up: in which order articles joined stories.
    pub placed: i64,
    pub placed_at: DateTime<Utc>,
    pub story_id: StoryId,
    pub title: Option<String>,
    /// How the text begins.
    pub beginning: String,
    /// Meaning of title and lede: unit vector of the encoder's dimension.
    pub vector: Vec<f32>,
    pub published_at: DateTime<Utc>,
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

/// Articles that joined a story at `since` or later, in this order, from behind `after` on; of their texts the
/// first `chars` characters.
pub async fn placed(
    conn: &mut SqliteConnection,
    since: DateTime<Utc>,
    after: i64,
    chars: usize,
    limit: u32,
) -> Result<Vec<PlacedArticle>> {
    let rows = sqlx::query!(
        r#"SELECT placed AS "placed!: i64", placed_at AS "placed_at!: At", story_id AS "story_id!: StoryId", title, vector,
               substr(text, 1, ?1) AS "beginning!: String", published_at AS "published_at: At"
           FROM articles JOIN vectors ON article_id = id WHERE placed > ?2 AND placed_at >= ?3 AND story_id IS NOT NULL ORDER BY placed LIMIT ?4"#,
        Offset(chars),
        after,
        At(since),
        limit
    )
    .fetch_all(conn)
    .await?;
    let articles = rows.into_iter().map(|row| PlacedArticle {
        placed: row.placed,
        placed_at: row.placed_at.into(),
        story_id: row.story_id,
        title: row.title,
        beginning: row.beginning,
        vector: vector(&row.vector),
        published_at: row.published_at.into(),
    });
    Ok(articles.collect())
}

/// Behind which number the last `count` articles that joined a story stand.
pub async fn placed_before(conn: &mut SqliteConnection, count: usize) -> Result<i64> {
    let before = sqlx::query_scalar!(
        r#"SELECT placed AS "placed!: i64" FROM articles WHERE placed IS NOT NULL ORDER BY placed DESC LIMIT 1 OFFSET ?"#,
        Offset(count)
    )
    .fetch_optional(conn)
    .await?;
    Ok(before.unwrap_or(0))
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
    put(conn, story, lead, now).await?;
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
    if !put(conn, story, article, now).await? {
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

/// Puts an article that is in no story into one; false if it is in one.
async fn put(
    conn: &mut SqliteConnection,
    story: StoryId,
    article: ArticleId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let put = sqlx::query!(
        "UPDATE articles SET story_id = ?1, placed_at = ?2, placed = (SELECT coalesce(max(placed), 0) + 1 FROM articles)
         WHERE id = ?3 AND story_id IS NULL",
        story,
        At(now),
        article
    )
    .execute(conn)
    .await?;
    Ok(put.rows_affected() > 0)
}

/// The newest stories, by the publication of their newest article.
pub async fn latest(conn: &mut SqliteConnection, query: &StoryQuery) -> Result<Vec<StoryId>> {
    /// Outlets that are asked one by one; where more are meant, some of them tell what is newest anyway.
    const OUTLETS: usize = 40;
    let source = query.source.as_deref().map(fold);
    let outlets = match &source {
        Some(source) => outlets_called(conn, source).await?,
        None => Vec::new(),
    };
    let wanted = query.limit.saturating_add(query.offset);
    match (query.guild, source) {
        (Some(guild), None) => latest_of_guild(conn, guild, query.limit, query.offset).await,
        (guild, Some(_)) if outlets.len() <= OUTLETS => {
            let newest = latest_of_outlets(conn, guild, &outlets, wanted).await?;
            Ok(newest.into_iter().skip(query.offset as usize).collect())
        }
        // Newest first, until there are enough.
        (guild, source) => Ok(sqlx::query_scalar!(
            r#"SELECT id AS "id!: StoryId" FROM stories
               WHERE merged_into IS NULL
                 AND (?1 IS NULL OR EXISTS (SELECT 1 FROM carried JOIN guild_feeds USING (feed_id)
                                            WHERE story_id = stories.id AND guild_id = ?1))
                 AND (?2 IS NULL OR EXISTS (
                       SELECT 1 FROM articles WHERE story_id = stories.id AND instr(outlet_folded, ?2)))
               ORDER BY latest_at DESC, id DESC LIMIT ?3 + 0 OFFSET ?4"#,
            guild,
            source,
            query.limit,
            query.offset
        )
        .fetch_all(conn)
        .await?),
    }
}

/// The stories that outlets of some folded names told last, of those that a guild sees.
async fn latest_of_outlets(
    conn: &mut SqliteConnection,
    guild: Option<GuildId>,
    outlets: &[String],
    limit: u32,
) -> Result<Vec<StoryId>> {
    let mut newest = BTreeSet::new();
    for outlet in outlets {
        let rows = sqlx::query_scalar!(
            r#"SELECT json_group_array(json_array(latest_at, story_id)) AS "rows!: Json<Vec<(i64, StoryId)>>" FROM (
                   SELECT DISTINCT story_id, latest_at
                   FROM articles INDEXED BY articles_outlet CROSS JOIN stories ON stories.id = story_id
                   WHERE outlet_folded = ?1
                     AND (?2 IS NULL OR EXISTS (SELECT 1 FROM carried CROSS JOIN guild_feeds USING (feed_id)
                                                WHERE carried.story_id = articles.story_id AND guild_id = ?2))
                   ORDER BY articles.published_at DESC LIMIT ?3 + 0)"#,
            outlet,
            guild,
            limit
        )
        .fetch_one(&mut *conn)
        .await?;
        newest.extend(rows.0.into_iter().map(Reverse));
    }
    Ok(newest.into_iter().map(|Reverse((_, id))| id).take(limit as usize).collect())
}

/// The folded names of outlets that contain `source`.
async fn outlets_called(conn: &mut SqliteConnection, source: &str) -> Result<Vec<String>> {
    let called = sqlx::query_scalar!("SELECT folded FROM known_outlets WHERE instr(folded, ?)", source);
    Ok(called.fetch_all(conn).await?)
}

/// The newest stories of every feed of a guild, and of these the newest: of each feed few, until those are enough.
async fn latest_of_guild(
    conn: &mut SqliteConnection,
    guild: GuildId,
    limit: u32,
    offset: u32,
) -> Result<Vec<StoryId>> {
    /// Stories of each feed at first, and how many times more the next time.
    const FEW: u32 = 4;
    const MORE: u32 = 8;
    let wanted = limit.saturating_add(offset);
    let mut of_each = FEW;
    loop {
        // Each with whether no feed has other stories that are as new.
        let rows = sqlx::query_scalar!(
            r#"WITH reached AS MATERIALIZED (
                   SELECT feed_id, (SELECT latest_at FROM carried AS nth WHERE nth.feed_id = guild_feeds.feed_id
                                    ORDER BY latest_at DESC LIMIT 1 OFFSET ?3 - 1) AS back_to
                   FROM guild_feeds WHERE guild_id = ?1)
               SELECT json_group_array(json_array(story_id, known)) AS "rows!: Json<Vec<(StoryId, u8)>>" FROM (
                   SELECT DISTINCT story_id, latest_at >= coalesce((SELECT max(back_to) FROM reached), latest_at) AS known
                   FROM reached CROSS JOIN carried ON carried.feed_id = reached.feed_id AND latest_at >= coalesce(
                       back_to, (SELECT min(latest_at) FROM carried AS own WHERE own.feed_id = reached.feed_id))
                   ORDER BY latest_at DESC, story_id DESC LIMIT ?2 + 0)"#,
            guild,
            wanted,
            of_each
        )
        .fetch_one(&mut *conn)
        .await?;
        let known = rows.0.iter().take_while(|(_, known)| *known == 1).count();
        if known >= wanted as usize || of_each >= wanted {
            let ids = rows.0.into_iter().map(|(id, _)| id);
            return Ok(ids.skip(offset as usize).collect());
        }
        of_each = of_each.saturating_mul(MORE).min(wanted);
    }
}

/// The newest stories of a guild by their headlines.
pub async fn headlines(conn: &mut SqliteConnection, guild: GuildId, limit: u32) -> Result<Vec<Headline>> {
    let newest = latest_of_guild(conn, guild, limit, 0).await?;
    Ok(sqlx::query_as!(
        Headline,
        r#"SELECT stories.id AS "story!: StoryId", coalesce(headline, '') AS "words!: String", url AS "url!"
           FROM json_each(?) CROSS JOIN stories ON stories.id = value CROSS JOIN digests ON article_id = lead_id
               CROSS JOIN articles ON articles.id = lead_id
           ORDER BY json_each.key"#,
        Json(newest)
    )
    .fetch_all(conn)
    .await?)
}

/// Whether a feed that a guild watches carries a story.
pub async fn is_of_guild(conn: &mut SqliteConnection, story: StoryId, guild: GuildId) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM carried JOIN guild_feeds USING (feed_id)
                          WHERE story_id = ?1 AND guild_id = ?2) AS "found!: bool""#,
        story,
        guild
    )
    .fetch_one(conn)
    .await?;
    Ok(found)
}

/// The feeds that offered an article of a story, for each of some stories that has any.
pub async fn feeds_of(
    conn: &mut SqliteConnection,
    stories: &[StoryId],
) -> Result<HashMap<StoryId, Vec<FeedId>>> {
    let rows = sqlx::query!(
        r#"SELECT story_id AS "story!: StoryId", feed_id AS "feed!: FeedId" FROM json_each(?) CROSS JOIN carried ON story_id = value
           ORDER BY story_id, feed_id"#,
        Json(stories.to_vec())
    )
    .fetch_all(conn)
    .await?;
    let mut feeds: HashMap<StoryId, Vec<FeedId>> = HashMap::new();
    rows.into_iter().for_each(|row| feeds.entry(row.story).or_default().push(row.feed));
    Ok(feeds)
}

/// How many outlets report a story by themselves, copies of their texts left out.
pub async fn outlets(conn: &mut SqliteConnection, id: StoryId) -> Result<u32> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(DISTINCT outlet_folded) AS "outlets!: u32" FROM articles WHERE story_id = ? AND copy_of IS NULL"#,
        id
    )
    .fetch_one(conn)
    .await?)
}

/// The first article of every outlet that reports a story by itself: title and publication.
pub async fn first_tellings(
    conn: &mut SqliteConnection,
    id: StoryId,
) -> Result<Vec<(String, DateTime<Utc>)>> {
    // SQLite gives the other columns of the row that has the minimum.
    let rows = sqlx::query!(
        r#"SELECT coalesce(title, '') AS "title!: String", min(published_at) AS "at!: At" FROM articles
           WHERE story_id = ? AND copy_of IS NULL GROUP BY outlet_folded"#,
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
                       WHERE articles.story_id = opened.story_id AND copy_of IS NULL AND published_at <= first + ?3)) AS "usual: f64"
           FROM opened"#,
        At(from),
        At(to),
        span
    )
    .fetch_one(conn)
    .await?;
    Ok(usual.unwrap_or(1.0).max(1.0))
}

pub async fn is_breaking(conn: &mut SqliteConnection, id: StoryId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM stories WHERE id = ? AND breaking IS NOT NULL) AS "is!: bool""#,
        id
    )
    .fetch_one(conn)
    .await?)
}

/// Marks a story as breaking, once and for ever. `why` is for `/why`.
pub async fn mark_breaking(conn: &mut SqliteConnection, id: StoryId, why: &str) -> Result<()> {
    sqlx::query!("UPDATE stories SET breaking = ? WHERE id = ?", why, id).execute(conn).await?;
    Ok(())
}

/// The articles of some stories, story by story, each story's in order of publication.
pub async fn articles_of(conn: &mut SqliteConnection, stories: &[StoryId]) -> Result<Vec<ArticleId>> {
    Ok(sqlx::query_scalar!(
        r#"SELECT articles.id AS "id!: ArticleId" FROM json_each(?) AS asked CROSS JOIN articles ON story_id = asked.value
           ORDER BY asked.key, published_at, url"#,
        Json(stories.to_vec())
    )
    .fetch_all(conn)
    .await?)
}
