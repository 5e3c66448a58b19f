use super::*;
use crate::domain::{FeedState, Validators};
use crate::store::feeds::{self, FeedPolled};

#[tokio::test]
async fn a_feed_is_polled_once_for_all_who_watch_it() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let other = GuildId(2);
    let (echo, orphan) = (feed(&mut tx, "echo").await, feed(&mut tx, "orphan").await);
    assert_eq!(feeds::add(&mut tx, &feed_url("echo"), at(5)).await.unwrap(), echo, "one row per address");
    assert!(feeds::watch(&mut tx, GUILD, echo, MODERATOR, at(0)).await.unwrap());
    assert!(!feeds::watch(&mut tx, GUILD, echo, MODERATOR, at(1)).await.unwrap(), "watches it already");
    assert!(feeds::watch(&mut tx, other, echo, MODERATOR, at(0)).await.unwrap());
    let mut reading = bench.reread(tx).await;

    let due: Vec<_> =
        feeds::due(&mut reading, at(0), 9).await.unwrap().into_iter().map(|feed| feed.id).collect();
    assert_eq!(due, [echo], "once, and not the one that nobody watches");
    assert!(feeds::due(&mut reading, at(-1), 9).await.unwrap().is_empty(), "not before its time");
    let found = feeds::of_guild(&mut reading, GUILD).await.unwrap();
    assert_eq!((found.len(), found[0].url.clone()), (1, feed_url("echo")));
    assert_eq!(feeds::get(&mut reading, orphan).await.unwrap().unwrap().url, feed_url("orphan"));
    drop(reading);

    let mut tx = bench.write().await;
    assert!(feeds::unwatch(&mut tx, GUILD, echo).await.unwrap());
    assert!(!feeds::unwatch(&mut tx, GUILD, echo).await.unwrap());
    assert!(feeds::of_guild(&mut tx, GUILD).await.unwrap().is_empty());
    assert_eq!(feeds::due(&mut tx, at(0), 9).await.unwrap().len(), 1, "somebody else still watches");
    feeds::unwatch(&mut tx, other, echo).await.unwrap();
    assert!(feeds::due(&mut tx, at(0), 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn remembers_how_polls_went() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let id = feed(&mut tx, "echo").await;
    let polled = |title: Option<&str>, etag: &str| FeedPolled {
        title: title.map(Into::into),
        validators: Validators {
            etag: Some(etag.into()),
            last_modified: Some("Sun, 20 Jul 1969 20:17:00 GMT".into()),
        },
        next_poll_at: at(30),
    };
    feeds::record_success(&mut tx, id, &polled(Some("The Echo"), "\"1\""), at(1)).await.unwrap();
    feeds::record_success(&mut tx, id, &polled(None, "W/\"2\""), at(2)).await.unwrap();
    let mut reading = bench.reread(tx).await;
    let feed = feeds::get(&mut reading, id).await.unwrap().unwrap();
    assert_eq!(feed.title.as_deref(), Some("The Echo"), "an answer without a title does not take it away");
    assert_eq!(feed.validators, polled(None, "W/\"2\"").validators);
    assert_eq!((feed.next_poll_at, feed.last_success_at, feed.failures), (at(30), Some(at(2)), 0));
    drop(reading);

    let mut tx = bench.write().await;
    feeds::record_failure(&mut tx, id, "503 until 14:05", at(60), FeedState::Active, at(40)).await.unwrap();
    feeds::record_failure(&mut tx, id, "gone (410)", at(90), FeedState::Gone, at(50)).await.unwrap();
    let mut reading = bench.reread(tx).await;
    let feed = feeds::get(&mut reading, id).await.unwrap().unwrap();
    assert_eq!((feed.failures, feed.failing_since, feed.state), (2, Some(at(40)), FeedState::Gone));
    assert_eq!(feed.last_error.as_deref(), Some("gone (410)"));
    assert_eq!(feed.validators.etag.as_deref(), Some("W/\"2\""), "kept for when it is back");
    drop(reading);

    let mut tx = bench.write().await;
    feeds::watch(&mut tx, GUILD, id, MODERATOR, at(50)).await.unwrap();
    assert!(feeds::due(&mut tx, at(1000), 9).await.unwrap().is_empty(), "a feed that is gone rests");
    feeds::add(&mut tx, &feed_url("echo"), at(95)).await.unwrap();
    let feed = feeds::due(&mut tx, at(95), 9).await.unwrap().remove(0);
    assert_eq!((feed.failures, feed.failing_since), (0, None), "until a moderator adds it again");
    feeds::record_success(&mut tx, id, &polled(None, "\"3\""), at(96)).await.unwrap();
    assert_eq!(feeds::get(&mut tx, id).await.unwrap().unwrap().last_error, None);
}
