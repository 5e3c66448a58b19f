//! Who somebody is in the news.

use std::collections::{BTreeMap, HashSet};

use crate::discord::{ActorQuery, DeskError};
use crate::domain::fold;
use crate::render::chronicle::ActorView;
use crate::store::{actors, settings};
use crate::tasks::Ctx;

use super::news::bounds;

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
    let found = actors::appearances(&mut conn, &query).await?;
    let (Some(newest), Some(oldest)) = (found.first(), found.last()) else { return Ok(None) };
    // By folded name; of names that are given as often the first in the alphabet.
    let mut names: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    for appearance in &found {
        names.entry(fold(&appearance.name)).or_insert((0, &appearance.name)).0 += 1;
    }
    let mut names: Vec<(usize, &str)> = names.into_values().collect();
    names.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let mut names = names.into_iter().map(|(_, name)| name.to_owned());
    let name = names.next().unwrap_or_default();
    let same = |other: &&actors::Appearance| fold(&other.name) == fold(&name);
    let mut seen = HashSet::new();
    Ok(Some(ActorView {
        kind: found.iter().find(same).map_or(newest.kind, |own| own.kind),
        role: found.iter().filter(same).find_map(|own| own.role.clone()),
        also: names.collect(),
        articles: found.len(),
        stories: found.iter().map(|own| own.story).filter(|story| seen.insert(*story)).collect(),
        first: oldest.published_at,
        last: newest.published_at,
        with: actors::company(&mut conn, &query, COMPANY).await?,
        name,
    }))
}
