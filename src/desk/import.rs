//! A whole list of feeds at once, as people bring it from another reader.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;
use chrono::TimeDelta;

use crate::discord::DeskError;
use crate::domain::{FeedUrl, GuildId, UserId};
use crate::feeds::opml::{self, FeedList, Listed};
use crate::render::answer::{ImportedFeeds, RefusedFeeds};
use crate::store::feeds as rows;
use crate::tasks::Ctx;

use super::feeds::{MAX_FEEDS, MAX_URL};

/// Between the first polls of two feeds of a list, at most: a list is no reason for a burst.
const PACE: Duration = Duration::from_secs(1);
/// Addresses kept of those that were refused for one reason.
const EXAMPLES: usize = 10;

/// Watches the feeds of a list. None is asked yet: their first polls are spread over a poll interval at most, and
/// one that is none tells it in its health, as any other that fails.
pub async fn import(
    ctx: &Ctx,
    guild: GuildId,
    by: UserId,
    list: Vec<u8>,
) -> Result<ImportedFeeds, DeskError> {
    // A list may have megabytes.
    let list =
        tokio::task::spawn_blocking(move || opml::read(&list)).await.context("reading a list of feeds")?;
    let list = list.map_err(|error| {
        DeskError::user_with("That file cannot be read: {why}.", &[("why", error.to_string())])
    })?;
    let mut refusals = Refusals::default();
    let wanted = checked(ctx, &list, &mut refusals);
    let now = ctx.clock.now();
    let pace = PACE.min(ctx.poll_interval / u32::try_from(wanted.len().max(1)).unwrap_or(u32::MAX));
    let pace = TimeDelta::from_std(pace).unwrap_or_default();

    let mut outcome = ImportedFeeds {
        repeated: list.repeated,
        warnings: list.warnings.clone(),
        ..ImportedFeeds::default()
    };
    let mut tx = ctx.store.write().await?;
    let mut room = MAX_FEEDS.saturating_sub(rows::count_of_guild(&mut tx, guild).await?);
    let mut first_poll_at = now;
    for (url, listed) in wanted {
        let known = rows::is_watched(&mut tx, guild, &url).await?;
        if !known && room == 0 {
            refusals.add(too_many(), listed.url.as_str());
            continue;
        }
        // One that is watched already, but was paused, starts again.
        let id = rows::add(&mut tx, &url, now).await?;
        if !rows::watch(&mut tx, guild, id, by, now).await? {
            outcome.already += 1;
            continue;
        }
        rows::introduce(&mut tx, id, listed.title.as_deref(), first_poll_at).await?;
        first_poll_at += pace;
        room -= 1;
        outcome.added += 1;
    }
    tx.commit().await?;
    ctx.edition.turn();
    ctx.wake.poll.notify_one();
    outcome.minutes = u64::try_from((first_poll_at - now).num_seconds()).unwrap_or_default().div_ceil(60);
    outcome.refused = refusals.by_count();
    Ok(outcome)
}

/// Those feeds of a list that may be watched, by the same checks that `/feeds add` makes before it asks.
fn checked<'a>(ctx: &Ctx, list: &'a FeedList, refusals: &mut Refusals) -> Vec<(FeedUrl, &'a Listed)> {
    for address in &list.unusable {
        let reason = FeedUrl::parse(address).err().map(|error| error.to_string());
        refusals.add(reason.unwrap_or_else(|| "that is not an address".to_owned()), address);
    }
    if list.beyond > 0 {
        refusals.count("the list is too long", list.beyond);
    }
    let mut wanted = Vec::with_capacity(list.feeds.len());
    for listed in &list.feeds {
        let address = listed.url.as_str();
        let url = match FeedUrl::parse(address) {
            Ok(url) if address.len() > MAX_URL => {
                refusals
                    .add(format!("addresses of more than {MAX_URL} characters are not read"), url.as_str());
                continue;
            }
            Ok(url) => url,
            Err(error) => {
                refusals.add(error.to_string(), address);
                continue;
            }
        };
        match ctx.fetcher.may_ask(url.as_url()) {
            Ok(()) => wanted.push((url, listed)),
            Err(refused) => refusals.add(refused.to_string(), address),
        }
    }
    wanted
}

fn too_many() -> String {
    format!("a server watches {MAX_FEEDS} feeds at most")
}

/// What was refused, by reason.
#[derive(Default)]
struct Refusals(HashMap<String, RefusedFeeds>);

impl Refusals {
    fn add(&mut self, reason: String, address: &str) {
        let refused = self.count(&reason, 1);
        if refused.examples.len() < EXAMPLES {
            refused.examples.push(address.to_owned());
        }
    }

    fn count(&mut self, reason: &str, count: usize) -> &mut RefusedFeeds {
        let new = || RefusedFeeds { reason: reason.to_owned(), count: 0, examples: Vec::new() };
        let refused = self.0.entry(reason.to_owned()).or_insert_with(new);
        refused.count += count;
        refused
    }

    fn by_count(self) -> Vec<RefusedFeeds> {
        let mut refused: Vec<RefusedFeeds> = self.0.into_values().collect();
        refused.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.reason.cmp(&b.reason)));
        refused
    }
}
