//! Newest stories, and search by words and by meaning together.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::kept::Kept;
use super::{NearestArticles, meaning, topic_meaning};
use crate::discord::{DeskError, LatestQuery, Listed, SearchQuery};
use crate::domain::{ArticleId, Filter, GuildId, Meaning, StoryId, split_topic};
use crate::render::answer::StoryPage;
use crate::store::search::{self, Hit};
use crate::store::stories::StoryQuery;
use crate::store::{SqliteConnection, stories};
use crate::tasks::{Ctx, group};

/// Newest stories that are tried against a topic.
const TOPIC_REACH: u32 = 300;

/// Hits of each of the two searches that are put together.
const DEPTH: usize = 60;

/// Articles near in meaning whose rows are asked in one go; ever more until there are enough.
const BATCH: usize = 250;

/// Cosine below which an article is not about the query. MiniLM gives unrelated texts about 0.05.
const RELATED: f32 = 0.25;

/// The newest stories, the newest first. Those that nothing more is asked of are kept as `newest` until stories change.
pub async fn latest(
    ctx: &Ctx,
    newest: &Kept<(GuildId, usize), Vec<StoryId>>,
    query: LatestQuery,
    on_page: usize,
) -> Result<Listed, DeskError> {
    let LatestQuery { guild, topic, source, limit } = query;
    // Before there is a connection: the model may be busy.
    let topic = match topic {
        Some(topic) => Some((topic_meaning(ctx, &split_topic(&topic).0).await?, topic)),
        None => None,
    };
    let mut conn = ctx.store.once().await?;
    let most = if topic.is_some() { TOPIC_REACH } else { u32::try_from(limit).unwrap_or(u32::MAX) };
    let asked = StoryQuery { guild: Some(guild), source, limit: most, offset: 0 };
    let mut ids = if topic.is_none() && asked.source.is_none() {
        let read = async || Ok(stories::latest(&mut conn, &asked).await?);
        newest.get(ctx.clock.now(), (guild, limit), Some(ctx.edition.number()), read).await?.to_vec()
    } else {
        stories::latest(&mut conn, &asked).await?
    };
    if let Some((meaning, topic)) = topic {
        ids = about(&mut conn, topic, &meaning, ids).await?;
    }
    ids.truncate(limit);
    listed(&mut conn, ids, on_page).await
}

/// Some stories, with their first page.
async fn listed(conn: &mut SqliteConnection, ids: Vec<StoryId>, on_page: usize) -> Result<Listed, DeskError> {
    let first = stories::current(conn, StoryPage::ids_on(&ids, on_page, 0)).await?;
    Ok(Listed { ids, first })
}

/// Those of some stories that fit a topic, in their order.
async fn about(
    conn: &mut SqliteConnection,
    topic: String,
    meaning: &Meaning,
    ids: Vec<StoryId>,
) -> Result<Vec<StoryId>, DeskError> {
    let (topic, without) = split_topic(&topic);
    let filter = Filter { topic: Some(topic), without, ..Filter::default() };
    let nearest = group::nearest_of(conn, &ids, &filter, Some(meaning)).await?;
    let fits = |id: &StoryId| nearest.get(id).is_some_and(|(nearest, _)| *nearest <= filter.sensitivity);
    Ok(ids.into_iter().filter(fits).collect())
}

/// Stories that fit, the best first.
pub async fn search(
    ctx: &Ctx,
    nearest: &NearestArticles,
    query: SearchQuery,
    on_page: usize,
) -> Result<Listed, DeskError> {
    let vector = match query.query.trim() {
        "" => Vec::new(),
        _ => meaning(ctx, &query.query).await?,
    };
    let of_topic = match &query.topic {
        Some(topic) => topic_meaning(ctx, &split_topic(topic).0).await?,
        None => Meaning::default(),
    };
    let mut conn = ctx.store.read().await?;
    let found = find(&mut conn, nearest, query, vector, &of_topic).await?;
    listed(&mut conn, found.into_iter().map(|found| found.story).collect(), on_page).await
}

/// A story that a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub story: StoryId,
    /// Higher is better; comparable within one search only.
    pub score: f64,
    /// Where the words of the search stand, or how the article begins; empty if the story was found by meaning alone.
    pub snippet: String,
}

/// Stories that fit, the best first. `vector` is the meaning of the query, empty without one, `of_topic` that of its
/// topic.
pub async fn find(
    conn: &mut SqliteConnection,
    nearest: &NearestArticles,
    query: SearchQuery,
    vector: Vec<f32>,
    of_topic: &Meaning,
) -> Result<Vec<Found>, DeskError> {
    let (from, to) = bounds(query.from, query.to, query.zone);
    let words = search::SearchQuery {
        guild: query.guild,
        query: query.query,
        actor: query.actor,
        source: query.source,
        from,
        to,
        limit: DEPTH as u32,
        offset: 0,
    };
    let by_words: Vec<Hit> = search::by_words(conn, &words).await?;
    let by_meaning = if vector.is_empty() {
        Vec::new()
    } else {
        let near = nearest.to(conn, vector, RELATED).await?;
        passing(conn, &words, &near).await?
    };

    let mut snippets: HashMap<StoryId, String> = HashMap::new();
    for hit in &by_words {
        snippets.entry(hit.story_id).or_insert_with(|| hit.snippet.clone());
    }
    let mut ranked = fuse([by_words.into_iter().map(|hit| hit.story_id).collect(), by_meaning]);
    if let Some(topic) = query.topic {
        let ids = ranked.iter().map(|(id, _)| *id).collect();
        let about: HashSet<StoryId> = about(conn, topic, of_topic, ids).await?.into_iter().collect();
        ranked.retain(|(id, _)| about.contains(id));
    }
    ranked.truncate(query.limit);
    let found = ranked.into_iter().map(|(story, score)| Found {
        story,
        score,
        snippet: snippets.remove(&story).unwrap_or_default(),
    });
    Ok(found.collect())
}

/// The stories of the first of some articles that pass what a query asks for beside its words, in their order.
async fn passing(
    conn: &mut SqliteConnection,
    query: &search::SearchQuery,
    mut near: &[ArticleId],
) -> Result<Vec<StoryId>, DeskError> {
    let mut found = Vec::new();
    let mut batch = BATCH;
    while !near.is_empty() && found.len() < DEPTH {
        let (next, rest) = near.split_at(batch.min(near.len()));
        let stories = search::passing(conn, query, next).await?;
        found.extend(next.iter().filter_map(|article| stories.get(article)));
        near = rest;
        batch *= 2;
    }
    found.truncate(DEPTH);
    Ok(found)
}

/// Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): scores of different kinds
/// need no common scale.
fn fuse(rankings: [Vec<StoryId>; 2]) -> Vec<(StoryId, f64)> {
    const K: f64 = 60.0;
    let mut scores: HashMap<StoryId, f64> = HashMap::new();
    for ranking in rankings {
        let mut seen = HashSet::new();
        let stories = ranking.into_iter().filter(|story| seen.insert(*story)).take(DEPTH);
        for (rank, story) in stories.enumerate() {
            *scores.entry(story).or_default() += 1.0 / (K + rank as f64);
        }
    }
    let mut ranked: Vec<(StoryId, f64)> = scores.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
    ranked
}

/// The moments between which both days and all between them lie, the second excluded.
pub fn bounds(
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    zone: Tz,
) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let next = to.and_then(|day| day.checked_add_days(Days::new(1)));
    (from.map(|day| midnight(day, zone)), next.map(|day| midnight(day, zone)))
}

/// The first moment of a day in a zone; where clocks are put forward at midnight, an hour later.
fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(NaiveTime::MIN);
    zone.from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}
