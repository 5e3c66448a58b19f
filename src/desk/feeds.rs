//! The feeds that a guild watches.

use futures_util::future::join_all;
use url::Url;

use crate::discord::{AddedFeed, DeskError};
use crate::domain::{Feed, FeedId, FeedRecord, FeedUrl, GuildId, UserId, Validators};
use crate::feeds::{self, FeedError, ParsedFeed};
use crate::fetch::FeedResponse;
use crate::store::{feeds as rows, subscriptions};
use crate::tasks::Ctx;

/// Feeds that one guild watches: ten times what a busy server reads, and a fifth of what one process is measured
/// with.
pub(super) const MAX_FEEDS: u64 = 2_000;
/// Characters of a feed's address; those of the option of `/feeds add`.
pub(super) const MAX_URL: usize = 2_000;

/// Watches a feed once it has been seen to be one.
pub async fn add(ctx: &Ctx, guild: GuildId, by: UserId, address: String) -> Result<AddedFeed, DeskError> {
    let url = FeedUrl::parse(&address).map_err(|error| unwatchable(&error))?;
    let url = verified(ctx, url).await?;
    let now = ctx.clock.now();
    let mut tx = ctx.store.write().await?;
    if rows::count_of_guild(&mut tx, guild).await? >= MAX_FEEDS
        && !rows::is_watched(&mut tx, guild, &url).await?
    {
        return Err(DeskError::user_with(
            "A server watches {n} feeds at most; /feeds remove makes room.",
            &[("n", MAX_FEEDS.to_string())],
        ));
    }
    let id = rows::add(&mut tx, &url, now).await?;
    let new = rows::watch(&mut tx, guild, id, by, now).await?;
    let feed = rows::get(&mut tx, id).await?;
    tx.commit().await?;
    ctx.edition.turn();
    ctx.wake.poll.notify_one();
    let feed = feed.ok_or_else(|| DeskError::user("That feed was removed in the same moment; try again."))?;
    Ok(AddedFeed { feed, already: !new })
}

/// The address of a feed: the one given; else the only one that the page there names or links to; else the first at
/// the usual places of its site.
async fn verified(ctx: &Ctx, url: FeedUrl) -> Result<FeedUrl, DeskError> {
    let (page, base, error) = match ask(ctx, &url).await? {
        Asked::Feed(_) => return Ok(url),
        Asked::Other { page, base, error } => (page, base, error),
    };
    let named = feeds::discover(&page, &base).into_iter().filter_map(|url| FeedUrl::parse(url.as_str()).ok());
    let asked = join_all(named.map(|url| async move {
        let asked = ask(ctx, &url).await;
        (url, asked)
    }));
    let mut found: Vec<(FeedUrl, ParsedFeed)> = Vec::new();
    for (url, asked) in asked.await {
        // The same articles in another format are no choice.
        if let Ok(Asked::Feed(feed)) = asked
            && !found.iter().any(|(_, known)| same(known, &feed))
        {
            found.push((url, feed));
        }
    }
    // Comments are asked for by their own address.
    let is_aside = |url: &FeedUrl| url.as_url().path().contains("comment");
    if found.iter().any(|(url, _)| !is_aside(url)) {
        found.retain(|(url, _)| !is_aside(url));
    }
    match &found[..] {
        [] => {}
        [(only, _)] => return Ok(only.clone()),
        several => return Err(which(several)),
    }
    for place in feeds::usual_places(&base) {
        let Ok(place) = FeedUrl::parse(place.as_str()) else { continue };
        if matches!(ask(ctx, &place).await, Ok(Asked::Feed(_))) {
            return Ok(place);
        }
    }
    Err(DeskError::user_with(
        "There is no feed at that address ({why}), nor does the page there name one that can be read.",
        &[("why", error.to_string())],
    ))
}

/// Why an address is not watched.
fn unwatchable(error: &dyn std::error::Error) -> DeskError {
    DeskError::user_with("That feed cannot be watched: {why}.", &[("why", error.to_string())])
}

/// Asks which of several feeds is meant.
fn which(several: &[(FeedUrl, ParsedFeed)]) -> DeskError {
    let lines: Vec<String> = several
        .iter()
        .map(|(url, feed)| match &feed.title {
            Some(title) => format!("{title}: {url}"),
            None => url.to_string(),
        })
        .collect();
    DeskError::user_with(
        "That site has several feeds. Add the one you want by its address:\n{feeds}",
        &[("feeds", lines.join("\n"))],
    )
}

fn same(one: &ParsedFeed, other: &ParsedFeed) -> bool {
    let urls = |feed: &ParsedFeed| -> Vec<Url> {
        feed.entries.iter().filter_map(|entry| entry.url.as_ref()).take(5).map(feeds::canonical_url).collect()
    };
    let (one, other) = (urls(one), urls(other));
    !one.is_empty() && one.iter().filter(|url| other.contains(url)).count() * 2 > one.len()
}

/// What answers at an address.
enum Asked {
    Feed(ParsedFeed),
    Other { page: String, base: Url, error: FeedError },
}

async fn ask(ctx: &Ctx, url: &FeedUrl) -> Result<Asked, DeskError> {
    let response = ctx.fetcher.feed(url, &Validators::default()).await;
    match response.map_err(|error| unwatchable(&error))? {
        // It answers 304 to a request without validators.
        FeedResponse::Unchanged { .. } => Ok(Asked::Feed(ParsedFeed::default())),
        FeedResponse::Body { bytes, content_type, final_url, .. } => {
            Ok(match ctx.parser.parse(bytes, content_type, final_url.clone()).await {
                (Ok(feed), _) => Asked::Feed(feed),
                (Err(error), bytes) => {
                    let page = bytes.map(|bytes| crate::clean::decode(&bytes, None)).unwrap_or_default();
                    Asked::Other { page, base: final_url, error }
                }
            })
        }
    }
}

pub async fn list(ctx: &Ctx, guild: GuildId) -> Result<Vec<Feed>, DeskError> {
    Ok(rows::of_guild(&mut *ctx.store.once().await?, guild).await?)
}

pub async fn history(
    ctx: &Ctx,
    guild: GuildId,
    id: FeedId,
) -> Result<Option<(Feed, Vec<FeedRecord>)>, DeskError> {
    let mut conn = ctx.store.read().await?;
    let Some(feed) = rows::of_guild(&mut conn, guild).await?.into_iter().find(|feed| feed.id == id) else {
        return Ok(None);
    };
    let history = rows::history(&mut conn, id).await?;
    Ok(Some((feed, history)))
}

pub async fn remove(ctx: &Ctx, guild: GuildId, id: FeedId) -> Result<Option<Feed>, DeskError> {
    let mut tx = ctx.store.write().await?;
    if !rows::unwatch(&mut tx, guild, id).await? {
        return Ok(None);
    }
    subscriptions::end_feed(&mut tx, guild, id, "its feed is no longer watched", ctx.clock.now()).await?;
    let feed = rows::get(&mut tx, id).await?;
    tx.commit().await?;
    ctx.edition.turn();
    Ok(feed)
}
