//! Newest stories, and search by words and by meaning together.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::meaning;
use crate::discord::{DeskError, LatestQuery, SearchQuery};
use crate::domain::{ArticleId, Filter, GuildId, StoryId};
use crate::store::search::{self, Hit};
use crate::store::stories::StoryQuery;
use crate::store::{SqliteConnection, settings, stories};
use crate::tasks::{Ctx, group};

/// Stories of a guild that a search looks through: the newest of several months.
const REACH: u32 = 20_000;

/// Newest stories that are tried against a topic.
const TOPIC_REACH: u32 = 300;

/// Hits of each of the two searches that are put together.
const DEPTH: usize = 60;

/// Cosine below which an article is not about the query. MiniLM gives unrelated texts about 0.05.
const RELATED: f32 = 0.25;

/// The newest stories, the newest first.
pub async fn latest(ctx: &Ctx, query: LatestQuery) -> Result<Vec<StoryId>, DeskError> {
    let limit =
        if query.topic.is_some() { TOPIC_REACH } else { u32::try_from(query.limit).unwrap_or(u32::MAX) };
    let asked = StoryQuery { guild: Some(query.guild), source: query.source, limit, offset: 0 };
    let mut ids = stories::latest(&mut *ctx.store.read().await?, &asked).await?;
    if let Some(topic) = query.topic {
        let vector = meaning(ctx, &topic).await?;
        let filter = Filter { topic: Some(topic), ..Filter::default() };
        let mut fitting = Vec::new();
        let mut conn = ctx.store.read().await?;
        for id in ids {
            if group::story_fits(&mut conn, id, &filter, Some(&vector)).await?.is_some() {
                fitting.push(id);
            }
        }
        ids = fitting;
    }
    ids.truncate(query.limit);
    Ok(ids)
}

/// Stories that fit, the best first.
pub async fn search(ctx: &Ctx, query: SearchQuery) -> Result<Vec<StoryId>, DeskError> {
    let vector = if query.query.trim().is_empty() { Vec::new() } else { meaning(ctx, &query.query).await? };
    let mut conn = ctx.store.read().await?;
    let zone = settings::of(&mut conn, query.guild, None).await?.time_zone;
    let (from, to) = bounds(query.from, query.to, zone);
    let filtered = query.actor.is_some() || query.source.is_some();
    let words = search::SearchQuery {
        query: query.query,
        actor: query.actor,
        source: query.source,
        from,
        to,
        limit: DEPTH as u32,
        offset: 0,
    };
    let by_words: Vec<Hit> = search::by_words(&mut conn, &words).await?;
    let allowed: Option<HashSet<ArticleId>> = if filtered {
        let all = search::SearchQuery { query: String::new(), limit: REACH, ..words };
        Some(search::by_words(&mut conn, &all).await?.into_iter().map(|hit| hit.article_id).collect())
    } else {
        None
    };
    let own = of_guild(&mut conn, query.guild).await?;
    let near = search::nearest(&mut conn, &vector, (from, to), (RELATED, DEPTH), |article, story| {
        own.contains(&story) && allowed.as_ref().is_none_or(|allowed| allowed.contains(&article))
    });
    let by_meaning = near.await?.into_iter().map(|near| near.story_id);

    let mut ids = fuse([by_words.into_iter().map(|hit| hit.story_id).collect(), by_meaning.collect()]);
    ids.retain(|id| own.contains(id));
    ids.truncate(query.limit);
    Ok(ids)
}

/// The stories that a guild's feeds carry.
pub async fn of_guild(conn: &mut SqliteConnection, guild: GuildId) -> Result<HashSet<StoryId>, DeskError> {
    let query = StoryQuery { guild: Some(guild), source: None, limit: REACH, offset: 0 };
    Ok(stories::latest(conn, &query).await?.into_iter().collect())
}

/// Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): scores of different kinds
/// need no common scale.
fn fuse(rankings: [Vec<StoryId>; 2]) -> Vec<StoryId> {
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
    ranked.into_iter().map(|(story, _)| story).collect()
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
