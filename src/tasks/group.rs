//! Group: every article that was read joins a story or opens one, and the story is put into the
//! outbox of every channel that asked for it, all in one transaction.

use std::collections::HashMap;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Ctx, LiveShelf, Step};
use crate::domain::{EntryId, FeedId, Filter, Meaning, Nonce, Published, Sensitivity, StoryId, Subscription};
use crate::store::articles::{self, StoredArticle};
use crate::store::entries::{self, Outcome, ReadEntry, Stage};
use crate::store::{SqliteConnection, deliveries, feeds, stories, subscriptions, updates};
use crate::stories::{
    Breaking, FirstTelling, Judgement, Match, Place, SPAN, Shelf, StoryFacts, Telling, WINDOW, breaking,
    matches, whole,
};

/// Articles grouped in one go: the writer is not held for long.
const BATCH: u32 = 16;

/// Groups the articles that were read. True if there were any.
pub async fn tick(ctx: &Ctx, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let mut held = ctx.shelf.lock().await;
    // Put back at the end: after a failure it may not be as the rows are, and is filled anew.
    let mut live = match held.take() {
        Some(live) => live,
        None => LiveShelf::fill(&ctx.store, now).await?,
    };
    live.age(now);
    let read = entries::to_group(&mut *ctx.store.read().await?, BATCH).await?;
    for entry in &read {
        let mut tx = ctx.store.write().await?;
        let placing = place(&mut tx, *entry, &live.shelf, ctx.late_after, now);
        let placed = ctx.timings.of(Step::Group, placing).await?;
        tx.commit().await?;
        ctx.edition.turn();
        if let Some(placed) = placed {
            placed.merged.iter().for_each(|from| live.shelf.merge(from, &placed.story));
            live.put(placed.story, placed.telling, now);
        }
    }
    *held = Some(live);
    if !read.is_empty() {
        ctx.wake.deliver.notify_one();
    }
    Ok(!read.is_empty())
}

/// An article that joined or opened a story.
struct Placed {
    story: StoryId,
    telling: Telling,
    /// Stories that were merged into it.
    merged: Vec<StoryId>,
}

/// Gives what is new, if anything is.
async fn place(
    conn: &mut SqliteConnection,
    entry: ReadEntry,
    shelf: &Shelf<StoryId>,
    late_after: TimeDelta,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Placed>> {
    let Some(article) = articles::get(conn, entry.article).await? else {
        entries::skip(conn, entry.id, "its article is gone", Stage::Group, now).await?;
        return Ok(None);
    };
    let (story, new) = match article.story_id {
        // The same article under a second entry, perhaps of another feed.
        Some(story) => {
            let detail = format!("is in story {story} already");
            entries::log(conn, entry.id, Stage::Group, Outcome::Ok, &detail, now).await?;
            (story, None)
        }
        None => {
            let title = article.title.as_deref().unwrap_or_default();
            let at = Some(article.published_at);
            let telling = Telling::new(title, &article.digest.text, article.vector.clone(), at);
            let judgement = shelf.judge(&telling);
            let (story, merged) = find_story(conn, entry.id, &article, judgement, now).await?;
            note_breaking(conn, entry.id, story, &article, now).await?;
            note_news(conn, entry.id, story, &article, now).await?;
            (story, Some(Placed { story, telling, merged }))
        }
    };
    deliver(conn, entry, story, &article, late_after, now).await?;
    entries::mark_done(conn, entry.id, &format!("story {story}"), now).await?;
    Ok(new)
}

/// Puts an article into its story; gives that, and the stories that were merged into it.
async fn find_story(
    conn: &mut SqliteConnection,
    entry: EntryId,
    article: &StoredArticle,
    judgement: Judgement<StoryId>,
    now: DateTime<Utc>,
) -> anyhow::Result<(StoryId, Vec<StoryId>)> {
    let at = article.published_at;
    let mut merged = Vec::new();
    let (story, detail) = match judgement.place {
        Place::Joins(joined, likeness) => {
            // The first that was opened goes on: its card is the one that people know.
            let mut all = judgement.ties;
            all.push(joined);
            all.sort_unstable();
            let story = all.remove(0);
            for from in all {
                stories::merge(conn, from, story, now).await?;
                deliveries::merge(conn, from, story, now).await?;
                merged.push(from);
            }
            stories::join(conn, story, article.id, at, now).await?;
            deliveries::touch_story(conn, story, now).await?;
            let tied: Vec<String> =
                merged.iter().map(|from| format!(", which now has story {from} too")).collect();
            (story, format!("joined story {story} (likeness {likeness:.2}){}", tied.concat()))
        }
        Place::Opens { earlier } => {
            let story = stories::open(conn, article.id, at, now).await?;
            if let Some(earlier) = earlier {
                stories::follow(conn, story, earlier).await?;
            }
            let after = earlier.map(|earlier| format!(", a development after story {earlier}"));
            (story, format!("opened story {story}{}", after.unwrap_or_default()))
        }
    };
    put_together(conn, story).await?;
    entries::log(conn, entry, Stage::Group, Outcome::Ok, &detail, now).await?;
    Ok((story, merged))
}

/// Puts together anew what the articles of a story say.
async fn put_together(conn: &mut SqliteConnection, story: StoryId) -> anyhow::Result<()> {
    let members = stories::members(conn, story).await?;
    if members.len() < 2 {
        return Ok(());
    }
    // Reading through a large story takes a core for a moment: not for the runtime's threads.
    let putting = tokio::task::spawn_blocking(move || whole(members));
    if let Some(whole) = putting.await.context("putting a story together")? {
        stories::keep(conn, story, &whole).await?;
    }
    Ok(())
}

/// Marks the story as breaking where this article has made it so.
async fn note_breaking(
    conn: &mut SqliteConnection,
    entry: EntryId,
    story: StoryId,
    article: &StoredArticle,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let tellings = stories::first_tellings(conn, story).await?;
    if tellings.len() < 2 || stories::is_breaking(conn, story).await? {
        return Ok(());
    }
    let usual =
        stories::usual_outlets(conn, article.published_at - WINDOW, article.published_at, SPAN).await?;
    let tellings: Vec<FirstTelling> =
        tellings.iter().map(|(title, at)| FirstTelling { title, at: *at }).collect();
    if let Some(Breaking(why)) = breaking(&tellings, usual) {
        stories::mark_breaking(conn, story, &why).await?;
        entries::log(
            conn,
            entry,
            Stage::Group,
            Outcome::Ok,
            &format!("story {story} is breaking: {why}"),
            now,
        )
        .await?;
    }
    Ok(())
}

/// Puts what this article told, where that is substantially new, into the outbox of the channels that want replies.
async fn note_news(
    conn: &mut SqliteConnection,
    entry: EntryId,
    story: StoryId,
    article: &StoredArticle,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let news = stories::news_of(conn, article.id).await?;
    if !news.is_some_and(|news| news.is_substantial()) {
        return Ok(());
    }
    for channel in updates::enqueue(conn, story, article.id, now).await? {
        let detail = format!("tells something new: an update goes to channel {channel}");
        entries::log(conn, entry, Stage::Match, Outcome::Ok, &detail, now).await?;
    }
    Ok(())
}

/// Puts the story into the outbox of every channel that asked for it and does not have it yet.
async fn deliver(
    conn: &mut SqliteConnection,
    entry: ReadEntry,
    story: StoryId,
    article: &StoredArticle,
    late_after: TimeDelta,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let feeds = stories::feeds_of(conn, &[story]).await?.remove(&story).unwrap_or_default();
    let actors = names(article);
    let facts = facts(article, &actors, &feeds);
    let outlets = stories::outlets(conn, story).await?;
    let mut asked_for = false;
    for subscription in subscriptions::active(conn).await? {
        let meaning = subscription.meaning.as_ref();
        let wants = subscription.terms.min_sources;
        // An outlet that was read before may have told what was asked for.
        let fit = match matches(&subscription.filter, meaning, &facts) {
            None if wants > 1 && outlets >= wants => {
                story_fits(conn, story, &subscription.filter, meaning).await?
            }
            fit => fit,
        };
        let Some(Match(reason)) = fit else { continue };
        let of_guild = feeds::ids_of_guild(conn, subscription.guild).await?;
        if !feeds.iter().any(|feed| of_guild.contains(feed)) {
            continue;
        }
        asked_for = true;
        let channel = subscription.channel;
        let detail = if too_old(&subscription, article, entry, late_after) {
            format!("fits channel {channel} ({reason}), but is older than the subscription, or came late")
        } else if outlets < wants {
            format!(
                "fits channel {channel} ({reason}), which waits for {wants} outlets; told by {outlets} so far"
            )
        } else if enqueue(conn, story, &subscription, now).await? {
            format!("goes to channel {channel}: {reason}")
        } else {
            format!("channel {channel} has story {story} already")
        };
        entries::log(conn, entry.id, Stage::Match, Outcome::Ok, &detail, now).await?;
    }
    if !asked_for {
        entries::log(conn, entry.id, Stage::Match, Outcome::Skipped, "no channel asked for it", now).await?;
    }
    Ok(())
}

/// What matching sees of an article; `actors` are its names, `feeds` those that carry its story.
pub fn facts<'a>(article: &'a StoredArticle, actors: &'a [String], feeds: &'a [FeedId]) -> StoryFacts<'a> {
    StoryFacts::new(
        article.meaning.as_ref(),
        article.title.as_deref().unwrap_or_default(),
        &article.digest.text,
        actors,
        feeds,
    )
}

/// The names of an article's actors.
pub fn names(article: &StoredArticle) -> Vec<String> {
    article.digest.actors.iter().map(|actor| actor.name.clone()).collect()
}

/// Why a story is what a filter asks for, by any of its articles.
pub async fn story_fits(
    conn: &mut SqliteConnection,
    story: StoryId,
    filter: &Filter,
    meaning: Option<&Meaning>,
) -> anyhow::Result<Option<Match>> {
    let nearest = nearest(conn, story, filter, meaning).await?;
    Ok(nearest.filter(|(sensitivity, _)| *sensitivity <= filter.sensitivity).map(|(_, found)| found))
}

/// Why a story is what a filter asks for, by the article that comes nearest, whatever the filter's sensitivity: the
/// strictest one at which it fits.
pub async fn nearest(
    conn: &mut SqliteConnection,
    story: StoryId,
    filter: &Filter,
    meaning: Option<&Meaning>,
) -> anyhow::Result<Option<(Sensitivity, Match)>> {
    Ok(nearest_of(conn, &[story], filter, meaning).await?.remove(&story))
}

/// The same of some stories, for each that fits at any sensitivity.
pub async fn nearest_of(
    conn: &mut SqliteConnection,
    stories: &[StoryId],
    filter: &Filter,
    meaning: Option<&Meaning>,
) -> anyhow::Result<HashMap<StoryId, (Sensitivity, Match)>> {
    /// Stories whose articles are held in memory together.
    const AT_ONCE: usize = 50;
    let mut nearest: HashMap<StoryId, (Sensitivity, Match)> = HashMap::new();
    for stories in stories.chunks(AT_ONCE) {
        let feeds = stories::feeds_of(conn, stories).await?;
        let ids = stories::articles_of(conn, stories).await?;
        for article in articles::all(conn, &ids).await? {
            let Some(story) = article.story_id else { continue };
            let actors = names(&article);
            let facts = facts(&article, &actors, feeds.get(&story).map_or(&[], Vec::as_slice));
            let known = nearest.get(&story).map(|(known, _)| *known);
            let stricter = |other: Sensitivity| known.is_none_or(|known| other < known);
            let found =
                Sensitivity::ALL.into_iter().filter(|other| stricter(*other)).find_map(|sensitivity| {
                    let asked = Filter { sensitivity, ..filter.clone() };
                    matches(&asked, meaning, &facts).map(|found| (sensitivity, found))
                });
            if let Some(found) = found {
                nearest.insert(story, found);
            }
        }
    }
    Ok(nearest)
}

/// Whether the article was published before the channel subscribed, or long before the feed offered it.
///
/// Where the page gives only a day, or nothing, what the feed offered at its first poll is old.
fn too_old(
    subscription: &Subscription,
    article: &StoredArticle,
    entry: ReadEntry,
    late_after: TimeDelta,
) -> bool {
    let late = |at: DateTime<Utc>| entry.seen_at - at > late_after;
    match article.published {
        Some(Published::Moment(at)) => at < subscription.since || late(at.to_utc()),
        Some(published @ Published::Day(day)) => {
            let since = subscription.since.date_naive();
            day < since || (day == since && entry.back_catalogue) || late(published.instant())
        }
        None => entry.back_catalogue,
    }
}

async fn enqueue(
    conn: &mut SqliteConnection,
    story: StoryId,
    subscription: &Subscription,
    now: DateTime<Utc>,
) -> anyhow::Result<bool> {
    let nonce = Nonce::random();
    Ok(deliveries::enqueue(conn, story, subscription.channel, subscription.id, &nonce, now).await?.is_some())
}
