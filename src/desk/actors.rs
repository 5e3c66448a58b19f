//! Who somebody is in the news.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use crate::discord::{ActorQuery, DeskError};
use crate::domain::{ArticleId, fold};
use crate::render::chronicle::ActorView;
use crate::store::{actors, settings};
use crate::tasks::Ctx;

use super::news::bounds;

/// Appearances looked at: the newest.
const MOST: u32 = 250;
/// Whom they appear with, at most.
const COMPANY: u32 = 8;

/// An actor of the stories of a guild.
pub async fn actor(ctx: &Ctx, query: ActorQuery) -> Result<Option<ActorView>, DeskError> {
    if fold(&query.name).is_empty() {
        return Ok(None);
    }
    let mut conn = ctx.store.read().await?;
    let zone = settings::of(&mut conn, query.guild, None).await?.time_zone;
    let (from, to) = bounds(query.from, query.to, zone);
    let query = actors::ActorQuery { guild: query.guild, name: query.name, from, to };
    let mut found = actors::appearances(&mut conn, &query, MOST + 1).await?;
    let more = found.len() > MOST as usize;
    found.truncate(MOST as usize);
    let (Some(newest), Some(oldest)) = (found.first(), found.last()) else { return Ok(None) };
    // By folded name; of names that are given as often the first in the alphabet.
    let mut names: BTreeMap<&str, (usize, &actors::Appearance)> = BTreeMap::new();
    for appearance in &found {
        names.entry(&appearance.folded).or_insert((0, appearance)).0 += 1;
    }
    let all: Vec<&str> = names.keys().copied().collect();
    let mut names: Vec<(usize, &actors::Appearance)> = names.into_values().collect();
    names.sort_by_key(|(count, _)| Reverse(*count));
    let mut names = names.into_iter().map(|(_, appearance)| appearance);
    let own = names.next().unwrap_or(newest);
    let mut seen = HashSet::new();
    let articles: Vec<ArticleId> =
        found.iter().map(|found| found.article).filter(|article| seen.insert(*article)).collect();
    let mut seen = HashSet::new();
    Ok(Some(ActorView {
        name: own.name.clone(),
        kind: own.kind,
        role: found.iter().filter(|other| other.folded == own.folded).find_map(|other| other.role.clone()),
        also: names.map(|other| other.name.clone()).collect(),
        articles: articles.len(),
        more,
        stories: found.iter().map(|own| own.story).filter(|story| seen.insert(*story)).collect(),
        first: oldest.published_at,
        last: newest.published_at,
        with: actors::company(&mut conn, &articles, &all, COMPANY).await?,
    }))
}
