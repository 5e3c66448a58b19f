//! Read: from a new entry to an article with its digest.

use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use url::Url;

use super::{Ctx, Step};
use crate::clean::{self, Hints};
use crate::domain::{Article, ArticleId, Meaning, Published, Side, lead};
use crate::feeds::canonical_url;
use crate::fetch::{FetchError, FetchedPage};
use crate::reading::{ReadError, ReadOptions, Reading};
use crate::store::articles::{self, NewArticle};
use crate::store::entries::{self, DueEntry, Outcome, Stage};
use crate::store::outlets;

/// Entries worked on side by side: pages are fetched while the model reads others.
const BATCH: usize = 4;

/// Longer than any fetch and reading takes; afterwards a crashed process's entry is taken up again.
const LEASE: Duration = Duration::from_secs(600);

/// Waits before the second, third, … try of a page. After the last one the entry is given up.
const RETRIES: [TimeDelta; 5] = [
    TimeDelta::minutes(1),
    TimeDelta::minutes(10),
    TimeDelta::hours(1),
    TimeDelta::hours(6),
    TimeDelta::hours(24),
];

/// Until an entry is tried whose turn with its host did not come.
const POSTPONED: TimeDelta = TimeDelta::minutes(1);

/// Reads the entries that are due. True if there were any.
pub async fn tick(ctx: &Ctx, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let mut claimed = Vec::new();
    {
        let mut tx = ctx.store.write().await?;
        while claimed.len() < BATCH
            && let Some(entry) = entries::claim_due(&mut tx, now, LEASE).await?
        {
            claimed.push(entry);
        }
        tx.commit().await?;
    }
    for outcome in join_all(claimed.iter().map(|entry| work(ctx, entry, now))).await {
        outcome?;
    }
    if !claimed.is_empty() {
        ctx.wake.group.notify_one();
    }
    Ok(!claimed.is_empty())
}

/// Why an entry did not become an article.
enum Setback {
    Retry {
        stage: Stage,
        reason: String,
        not_before: Option<DateTime<Utc>>,
    },
    Skip {
        stage: Stage,
        reason: String,
    },
    /// It was not tried: too many others wait for its host.
    Postpone,
}

async fn work(ctx: &Ctx, entry: &DueEntry, now: DateTime<Utc>) -> anyhow::Result<()> {
    let outcome = read(ctx, entry, now).await?;
    let mut tx = ctx.store.write().await?;
    match outcome {
        Ok((article, detail)) => entries::mark_read(&mut tx, entry.id, article, &detail, now).await?,
        Err(Setback::Skip { stage, reason }) => {
            tracing::info!(entry.id = %entry.id, "Skipped an entry: {reason}");
            entries::skip(&mut tx, entry.id, &reason, stage, now).await?;
        }
        Err(Setback::Postpone) => entries::postpone(&mut tx, entry.id, now + POSTPONED).await?,
        Err(Setback::Retry { stage, reason, not_before }) => {
            match RETRIES.get(entry.attempts.saturating_sub(1) as usize) {
                Some(wait) => {
                    let at = not_before.unwrap_or(now).max(now + *wait);
                    entries::retry(&mut tx, entry.id, &reason, stage, at, now).await?;
                }
                None => {
                    let reason = format!("given up after {} tries: {reason}", entry.attempts);
                    tracing::info!(entry.id = %entry.id, "Skipped an entry: {reason}");
                    entries::skip(&mut tx, entry.id, &reason, stage, now).await?;
                }
            }
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Fetches, cleans, reads and stores one entry's page; answers the article and a word on how it went.
async fn read(
    ctx: &Ctx,
    entry: &DueEntry,
    now: DateTime<Utc>,
) -> anyhow::Result<Result<(ArticleId, String), Setback>> {
    let Ok(address) = Url::parse(&entry.url) else {
        let reason = "the feed gives no usable address for it".to_owned();
        return Ok(Err(Setback::Skip { stage: Stage::Fetch, reason }));
    };
    if let Some(known) = known(ctx, &address).await? {
        return Ok(Ok((known, "the article was read before, under another entry".to_owned())));
    }
    let (mut article, url, fetched) = match ctx.timings.of(Step::Fetch, ctx.fetcher.page(&address)).await {
        Ok(page) => {
            let (url, bytes) = (page.final_url.clone(), page.bytes.len());
            let article = ctx.timings.of(Step::Clean, clean_page(ctx, page)).await?;
            if article.paragraphs.is_empty() {
                let reason = article.warnings.first().cloned();
                let reason = reason.unwrap_or_else(|| "the page has no article text".to_owned());
                match of_feed(entry, &address).await? {
                    Some(article) => (article, address, format!("the text of the feed: {reason}")),
                    None => return Ok(Err(Setback::Skip { stage: Stage::Clean, reason })),
                }
            } else {
                (article, url, format!("{bytes} bytes"))
            }
        }
        Err(FetchError::Queue) => return Ok(Err(Setback::Postpone)),
        Err(error) => {
            let last = RETRIES.len() < entry.attempts as usize;
            let own = if error.is_withheld() || (last && !error.is_final()) {
                of_feed(entry, &address).await?
            } else {
                None
            };
            match own {
                Some(article) => (article, address, format!("the text of the feed: {error}")),
                None => return Ok(Err(of_fetch(&error))),
            }
        }
    };
    article.title = article.title.or_else(|| entry.title.clone());
    article.published = article.published.or(entry.published);
    article.byline = article.byline.or_else(|| entry.author.clone());

    let url = own_address(&article, &url);
    if let Some(known) = known(ctx, &url).await? {
        return Ok(Ok((known, "the page is an article that was read before".to_owned())));
    }
    let read = async {
        let reading = ctx.reader.read(article.clone(), ReadOptions::default()).await?;
        let lead = lead(article.title.as_deref(), &reading.digest.text);
        let meaning = ctx.reader.meaning(lead, Side::Article).await?;
        Ok::<_, ReadError>((reading, meaning))
    };
    let (reading, meaning) = match ctx.timings.of(Step::Read, read).await {
        Ok(read) => read,
        Err(error) => return of_reading(error),
    };
    let id = store(ctx, entry, &article, &url, &reading, &meaning, now).await?;
    tell(ctx, entry, &fetched, &article, now).await?;
    Ok(Ok((id, format!("{} sentences in the digest", reading.digest.summary.len()))))
}

/// Writes down what fetching and cleaning gave.
async fn tell(
    ctx: &Ctx,
    entry: &DueEntry,
    fetched: &str,
    article: &Article,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let mut tx = ctx.store.write().await?;
    entries::log(&mut tx, entry.id, Stage::Fetch, Outcome::Ok, fetched, now).await?;
    let cleaned = format!("{} paragraphs. {}", article.paragraphs.len(), article.warnings.join(" "));
    entries::log(&mut tx, entry.id, Stage::Clean, Outcome::Ok, cleaned.trim_end(), now).await?;
    Ok(tx.commit().await?)
}

/// Characters of a text in a feed that is an article and no teaser.
const MIN_TEXT: usize = 500;

/// The article as the feed itself gives it, if that is more than a teaser.
async fn of_feed(entry: &DueEntry, address: &Url) -> anyhow::Result<Option<Article>> {
    let Some(content) = entry.content.clone() else { return Ok(None) };
    let (url, title) = (address.clone(), entry.title.clone().unwrap_or_default());
    let cleaning = tokio::task::spawn_blocking(move || {
        let mut escaped = String::new();
        crate::feeds::escape_text(&title, &mut escaped);
        let page = format!("<html><body><article><h1>{escaped}</h1>{content}</article></body></html>");
        clean::html(&page, &Hints { url: Some(url), ..Hints::default() })
    });
    let article = cleaning.await.context("cleaning the text of a feed")?;
    let chars: usize = article.paragraphs.iter().map(|text| text.chars().count()).sum();
    Ok((chars >= MIN_TEXT).then_some(article))
}

/// The article of a page, without what is known to stand on other pages of its site.
pub async fn clean_page(ctx: &Ctx, page: FetchedPage) -> anyhow::Result<Article> {
    let recurring = outlets::recurring(&mut *ctx.store.read().await?, &site(&page.final_url)).await?;
    // Takes a core for some milliseconds: not for the runtime's threads.
    let cleaning = tokio::task::spawn_blocking(move || {
        let html = clean::decode(&page.bytes, page.content_type.as_deref());
        clean::html(&html, &Hints { url: Some(page.final_url), recurring, ..Hints::default() })
    });
    cleaning.await.context("cleaning a page")
}

/// The site of an address: its host, without "www.".
pub fn site(url: &Url) -> String {
    url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned()
}

fn of_fetch(error: &FetchError) -> Setback {
    let (stage, reason) = (Stage::Fetch, error.to_string());
    if error.is_final() {
        Setback::Skip { stage, reason }
    } else {
        Setback::Retry { stage, reason, not_before: error.retry_after() }
    }
}

fn of_reading(error: ReadError) -> anyhow::Result<Result<(ArticleId, String), Setback>> {
    match error {
        ReadError::Closed => Err(error).context("reading an article"),
        error => Ok(Err(Setback::Retry { stage: Stage::Read, reason: error.to_string(), not_before: None })),
    }
}

async fn known(ctx: &Ctx, url: &Url) -> anyhow::Result<Option<ArticleId>> {
    let url = canonical_url(url);
    Ok(articles::find_by_url(&mut *ctx.store.read().await?, url.as_str()).await?)
}

/// The address the page calls its own, if it is of the same site: a page may not pose as another's.
fn own_address(article: &Article, fetched: &Url) -> Url {
    let claimed = article.canonical_url.as_deref().and_then(|url| Url::parse(url).ok());
    match claimed {
        Some(url) if url.host_str() == fetched.host_str() => canonical_url(&url),
        _ => canonical_url(fetched),
    }
}

async fn store(
    ctx: &Ctx,
    entry: &DueEntry,
    article: &Article,
    url: &Url,
    reading: &Reading,
    meaning: &Meaning,
    now: DateTime<Utc>,
) -> anyhow::Result<ArticleId> {
    let outlet = article.outlet.clone().unwrap_or_else(|| site(url));
    let mut tx = ctx.store.write().await?;
    let row = NewArticle {
        article,
        url: url.as_str(),
        outlet: &outlet,
        vector: &reading.vector,
        meaning,
        digest: &reading.digest,
        published_at: article.published.map_or(entry.seen_at, Published::instant),
    };
    let id = articles::insert(&mut tx, &row, now).await?;
    outlets::learn(&mut tx, &site(url), &clean::prints(article), now).await?;
    tx.commit().await?;
    Ok(id)
}
