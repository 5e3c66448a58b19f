use std::time::Duration;

use super::*;
use crate::store::entries::{self, Counts, Outcome, Stage};
use crate::store::{housekeeping, stories};

const LEASE: Duration = Duration::from_secs(600);

#[tokio::test]
async fn a_feed_brings_an_entry_once() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (echo, herald) = (feed(&mut tx, "echo").await, feed(&mut tx, "herald").await);
    let nowhere = FeedEntry { url: None, ..entry("nowhere") };
    let first =
        entries::insert_new(&mut tx, echo, &[entry("a"), nowhere, entry("a")], true, at(0)).await.unwrap();
    assert_eq!(first.len(), 2);
    let second = entries::insert_new(&mut tx, echo, &[entry("a"), entry("b")], false, at(1)).await.unwrap();
    assert_eq!(second.len(), 1);
    assert_eq!(entries::insert_new(&mut tx, herald, &[entry("a")], false, at(1)).await.unwrap().len(), 1);
    let mut reading = bench.reread(tx).await;
    assert_eq!(
        entries::counts(&mut reading).await.unwrap(),
        Counts { due: 3, skipped: 1, ..Counts::default() }
    );
    let told: Vec<_> = entries::history(&mut reading, "https://example.org/a")
        .await
        .unwrap()
        .into_iter()
        .map(|record| (record.feed, record.detail))
        .collect();
    assert_eq!(told, [(echo, "In the feed at its first poll.".into()), (herald, "New in the feed.".into())]);
}

#[tokio::test]
async fn what_is_no_article_is_told_and_not_read() {
    let bench = Bench::new().await;
    let mut tx = bench.write().await;
    let feed = feed(&mut tx, "echo").await;
    let episode = FeedEntry {
        no_article: Some("an episode of a podcast, not an article"),
        content: Some("Notes".into()),
        ..entry("a")
    };
    let article = FeedEntry {
        author: Some("Nellie Bly".into()),
        content: Some("<p>Around the world</p>".into()),
        ..entry("b")
    };
    let ids = entries::insert_new(&mut tx, feed, &[episode, article], false, at(0)).await.unwrap();
    let told = entries::history(&mut tx, "https://example.org/a").await.unwrap();
    assert_eq!(told[0].detail, "Its address leads to an episode of a podcast, not an article.");
    assert_eq!(told[0].outcome, Outcome::Skipped);
    entries::mark_flood(&mut tx, ids[0], at(0)).await.unwrap();
    entries::mark_flood(&mut tx, ids[1], at(0)).await.unwrap();
    let claimed = entries::claim_due(&mut tx, at(1), LEASE).await.unwrap().unwrap();
    assert_eq!((claimed.id, claimed.back_catalogue), (ids[1], true));
    assert_eq!(claimed.author.as_deref(), Some("Nellie Bly"));
    assert_eq!(claimed.content.as_deref(), Some("<p>Around the world</p>"));
    assert_eq!(entries::claim_due(&mut tx, at(1), LEASE).await.unwrap(), None);
}

#[tokio::test]
async fn an_entry_is_lent_to_one_at_a_time() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let feed = feed(&mut tx, "echo").await;
    let old = entries::insert_new(&mut tx, feed, &[entry("old")], true, at(0)).await.unwrap()[0];
    let new = entries::insert_new(&mut tx, feed, &[entry("new")], false, at(5)).await.unwrap()[0];
    let claimed = entries::claim_due(&mut tx, at(5), LEASE).await.unwrap().unwrap();
    assert_eq!(claimed.id, new, "news before back catalogue");
    assert_eq!((claimed.feed, claimed.url.as_str()), (feed, "https://example.org/new"));
    assert_eq!((claimed.title, claimed.summary), (Some("Title of new".into()), None));
    assert_eq!(claimed.published, entry("new").published);
    assert_eq!((claimed.back_catalogue, claimed.attempts, claimed.seen_at), (false, 1, at(5)));
    let claimed = entries::claim_due(&mut tx, at(5), LEASE).await.unwrap().unwrap();
    assert_eq!((claimed.id, claimed.back_catalogue), (old, true));
    assert_eq!(entries::claim_due(&mut tx, at(5), LEASE).await.unwrap(), None);
    bench.reread(tx).await;

    let mut tx = bench.write().await;
    assert_eq!(entries::claim_due(&mut tx, at(14), LEASE).await.unwrap(), None, "a lease outlives a restart");
    let again = entries::claim_due(&mut tx, at(15), LEASE).await.unwrap().unwrap();
    assert_eq!((again.id, again.attempts), (new, 2), "and ends by itself");
}

#[tokio::test]
async fn what_was_not_tried_is_no_try() {
    let bench = Bench::new().await;
    let mut tx = bench.write().await;
    let feed = feed(&mut tx, "echo").await;
    entries::insert_new(&mut tx, feed, &[entry("a")], false, at(0)).await.unwrap();
    for minute in 0..20 {
        let claimed = entries::claim_due(&mut tx, at(minute), LEASE).await.unwrap().unwrap();
        assert_eq!(claimed.attempts, 1);
        entries::postpone(&mut tx, claimed.id, at(minute + 1)).await.unwrap();
        assert_eq!(entries::claim_due(&mut tx, at(minute), LEASE).await.unwrap(), None);
    }
}

#[tokio::test]
async fn every_step_is_told() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let feed = feed(&mut tx, "echo").await;
    let ids = entries::insert_new(&mut tx, feed, &[entry("a"), entry("b"), entry("c")], false, at(0))
        .await
        .unwrap();
    let [a, b, c] = ids[..] else { panic!("three are new") };
    entries::retry(&mut tx, a, "503 until 14:05", Stage::Fetch, at(30), at(1)).await.unwrap();
    assert_eq!(entries::claim_due(&mut tx, at(1), LEASE).await.unwrap().unwrap().id, b);
    entries::skip(&mut tx, b, "The page has no article.", Stage::Clean, at(2)).await.unwrap();
    let article = Told::default().insert(&mut tx).await;
    entries::mark_read(&mut tx, c, article, "Read in 300 ms.", at(3)).await.unwrap();
    let read = entries::ReadEntry { id: c, article, back_catalogue: false, seen_at: at(0) };
    assert_eq!(entries::to_group(&mut tx, 9).await.unwrap(), [read]);
    stories::open(&mut tx, article, at(0), at(4)).await.unwrap();
    entries::mark_done(&mut tx, c, "Opened a story.", at(4)).await.unwrap();
    entries::log(&mut tx, c, Stage::Match, Outcome::Skipped, "No channel asked for it.", at(5))
        .await
        .unwrap();
    let mut reading = bench.reread(tx).await;

    assert_eq!(entries::to_group(&mut reading, 9).await.unwrap(), []);
    assert_eq!(entries::counts(&mut reading).await.unwrap(), Counts { due: 1, read: 0, done: 1, skipped: 1 });
    let told = |url: &'static str| {
        let store = bench.store.clone();
        async move {
            let mut reading = store.read().await.unwrap();
            let records = entries::history(&mut reading, url).await.unwrap();
            records
                .into_iter()
                .map(|record| {
                    let minutes = (record.at - at(0)).num_minutes();
                    format!("{minutes} {:?} {:?}: {}", record.stage, record.outcome, record.detail)
                })
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(
        told("https://example.org/a").await,
        ["0 Poll Ok: New in the feed.", "1 Fetch Retry: 503 until 14:05"]
    );
    assert_eq!(
        told("https://example.org/b").await,
        ["0 Poll Ok: New in the feed.", "2 Clean Skipped: The page has no article."]
    );
    let whole = [
        "0 Poll Ok: New in the feed.",
        "3 Read Ok: Read in 300 ms.",
        "4 Group Ok: Opened a story.",
        "5 Match Skipped: No channel asked for it.",
    ];
    assert_eq!(told("https://example.org/c").await, whole);
    assert_eq!(told("https://example.org/moon").await, whole, "the article's own address tells the same");
    assert!(told("https://example.org/' OR 1=1 --").await.is_empty());
    drop(reading);

    let mut tx = bench.write().await;
    let pruned = housekeeping::prune(&mut tx, at(5)).await.unwrap();
    assert_eq!(pruned.stage_records, 5, "of b and c, until minute 5");
    let mut reading = bench.reread(tx).await;
    assert_eq!(
        entries::history(&mut reading, "https://example.org/a").await.unwrap().len(),
        2,
        "still under way"
    );
    assert_eq!(entries::history(&mut reading, "https://example.org/c").await.unwrap().len(), 1);
    drop(reading);
    let mut tx = bench.write().await;
    assert!(
        entries::insert_new(&mut tx, feed, &[entry("c")], false, at(9)).await.unwrap().is_empty(),
        "still known"
    );
}
