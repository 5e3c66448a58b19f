//! The feeds that a guild watches.

use crate::discord::{AddedFeed, DeskError};
use crate::domain::{Feed, FeedId, FeedUrl, GuildId, UserId, Validators};
use crate::feeds::{self, FeedError};
use crate::fetch::FeedResponse;
use crate::store::{feeds as rows, subscriptions};
use crate::tasks::Ctx;

/// Watches a feed once it has been seen to be one.
pub async fn add(ctx: &Ctx, guild: GuildId, by: UserId, address: String) -> Result<AddedFeed, DeskError> {
    let url = FeedUrl::parse(&address).map_err(|error| DeskError::user(format!("{error}.")))?;
    let url = verified(ctx, url).await?;
    let now = ctx.clock.now();
    let mut tx = ctx.store.write().await?;
    let id = rows::add(&mut tx, &url, now).await?;
    let new = rows::watch(&mut tx, guild, id, by, now).await?;
    let feed = rows::get(&mut tx, id).await?;
    tx.commit().await?;
    ctx.wake.poll.notify_one();
    let feed = feed.ok_or_else(|| DeskError::user("That feed was removed in the same moment; try again."))?;
    Ok(AddedFeed { feed, already: !new })
}

/// The address of a feed: the one given, or the first that the page there names.
async fn verified(ctx: &Ctx, url: FeedUrl) -> Result<FeedUrl, DeskError> {
    let (bytes, error) = match ask(ctx, &url).await? {
        Ok(()) => return Ok(url),
        Err(refused) => refused,
    };
    let page = crate::clean::decode(&bytes, None);
    for found in feeds::discover(&page, url.as_url()) {
        let Ok(found) = FeedUrl::parse(found.as_str()) else { continue };
        if matches!(ask(ctx, &found).await, Ok(Ok(()))) {
            return Ok(found);
        }
    }
    Err(DeskError::user(format!("{error}; nor does the page there name a feed that can be read.")))
}

/// Whether a feed answers at an address; what came instead, and why it is none.
async fn ask(ctx: &Ctx, url: &FeedUrl) -> Result<Result<(), (Vec<u8>, FeedError)>, DeskError> {
    let response = ctx.fetcher.feed(url, &Validators::default()).await;
    match response.map_err(|error| DeskError::user(format!("{error}.")))? {
        FeedResponse::Unchanged { .. } => Ok(Ok(())),
        FeedResponse::Body { bytes, content_type, final_url, .. } => {
            Ok(match feeds::parse(&bytes, content_type.as_deref(), &final_url) {
                Ok(_) => Ok(()),
                Err(error) => Err((bytes, error)),
            })
        }
    }
}

pub async fn list(ctx: &Ctx, guild: GuildId) -> Result<Vec<Feed>, DeskError> {
    Ok(rows::of_guild(&mut *ctx.store.read().await?, guild).await?)
}

pub async fn remove(ctx: &Ctx, guild: GuildId, id: FeedId) -> Result<Option<Feed>, DeskError> {
    let mut tx = ctx.store.write().await?;
    if !rows::unwatch(&mut tx, guild, id).await? {
        return Ok(None);
    }
    subscriptions::end_feed(&mut tx, guild, id, "its feed is no longer watched", ctx.clock.now()).await?;
    let feed = rows::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(feed)
}
