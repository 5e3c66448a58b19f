//! Who somebody is in the news.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use crate::discord::{ActorQuery, DeskError};
use crate::domain::{ArticleId, Story, StoryId, fold};
use crate::render::answer::StoryPage;
use crate::render::chronicle::ActorView;
use crate::store::actors::{self, Appearance};
use crate::store::stories;
use crate::tasks::Ctx;

use super::news::bounds;

/// Appearances looked at, the newest: few, and more where those are all in the same few stories.
const FEW: u32 = 20;
const MOST: u32 = 100;
/// Stories that are enough: two pages.
const STORIES: usize = 10;
/// Whom they appear with, at most.
const COMPANY: usize = 8;

/// An actor of the stories of a guild, with the first page of these.
pub async fn actor(
    ctx: &Ctx,
    query: ActorQuery,
    on_page: usize,
) -> Result<Option<(ActorView, Vec<Story>)>, DeskError> {
    if fold(&query.name).is_empty() {
        return Ok(None);
    }
    let mut conn = ctx.store.once().await?;
    let (from, to) = bounds(query.from, query.to, query.zone);
    let query = actors::ActorQuery { guild: query.guild, name: query.name, from, to };
    let mut found = actors::appearances(&mut conn, &query, FEW + 1).await?;
    let mut looked_at = FEW as usize;
    let told: HashSet<StoryId> = found.iter().take(looked_at).map(|found| found.story).collect();
    if found.len() > looked_at && told.len() < STORIES {
        found = actors::appearances(&mut conn, &query, MOST + 1).await?;
        looked_at = MOST as usize;
    }
    let more = found.len() > looked_at;
    found.truncate(looked_at);
    let (Some(newest), Some(oldest)) = (found.first(), found.last()) else { return Ok(None) };
    // By folded name; of names that are given as often the first in the alphabet.
    let mut names: BTreeMap<&str, (usize, &Appearance)> = BTreeMap::new();
    for appearance in &found {
        names.entry(&appearance.folded).or_insert((0, appearance)).0 += 1;
    }
    let with = company(&found, &names.keys().copied().collect());
    let mut names: Vec<(usize, &Appearance)> = names.into_values().collect();
    names.sort_by_key(|(count, _)| Reverse(*count));
    let mut names = names.into_iter().map(|(_, appearance)| appearance);
    let own = names.next().unwrap_or(newest);
    let articles: HashSet<ArticleId> = found.iter().map(|found| found.article).collect();
    let mut seen = HashSet::new();
    let view = ActorView {
        name: own.name.clone(),
        kind: own.kind,
        role: found.iter().filter(|other| other.folded == own.folded).find_map(|other| other.role.clone()),
        also: names.map(|other| other.name.clone()).collect(),
        articles: articles.len(),
        more,
        stories: found.iter().map(|own| own.story).filter(|story| seen.insert(*story)).collect(),
        first: oldest.published_at,
        last: newest.published_at,
        with,
    };
    let first = stories::current(&mut conn, StoryPage::ids_on(&view.stories, on_page, 0)).await?;
    Ok(Some((view, first)))
}

/// Whom the articles of an actor of some folded names name beside it, with the number of stories that do, most first;
/// of those that as many do the first in the alphabet.
fn company(found: &[Appearance], own: &HashSet<&str>) -> Vec<(String, u64)> {
    let mut company: BTreeMap<&str, (&str, HashSet<StoryId>)> = BTreeMap::new();
    for appearance in found {
        let others = appearance.others.iter().filter(|(folded, _)| !folded.is_empty());
        for (folded, name) in others.filter(|(folded, _)| !own.contains(folded.as_str())) {
            company.entry(folded).or_insert((name, HashSet::new())).1.insert(appearance.story);
        }
    }
    let mut company: Vec<(&str, u64)> =
        company.into_values().map(|(name, stories)| (name, stories.len() as u64)).collect();
    company.sort_by_key(|(_, stories)| Reverse(*stories));
    company.into_iter().take(COMPANY).map(|(name, stories)| (name.to_owned(), stories)).collect()
}
