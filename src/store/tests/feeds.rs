use super::*;
use chrono::Weekday;

use crate::domain::{FeedState, Moving, Rhythm, Validators};
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

fn rhythm() -> Rhythm {
    Rhythm {
        ttl: Some(3600),
        skip_hours: vec![1, 2],
        skip_days: vec![Weekday::Sat],
        usual_gap: Some(600),
        newest: Some(at(-5)),
    }
}

#[tokio::test]
async fn a_time_that_no_schedule_gives_has_come() {
    let bench = Bench::new().await;
    let mut tx = bench.write().await;
    let id = feed(&mut tx, "echo").await;
    feeds::watch(&mut tx, GUILD, id, MODERATOR, at(0)).await.unwrap();
    let polled = |next| FeedPolled {
        title: None,
        validators: Validators::default(),
        rhythm: rhythm(),
        moving: None,
        next_poll_at: next,
    };
    feeds::record_success(&mut tx, id, &polled(at(26 * 60)), at(0)).await.unwrap();
    assert!(feeds::due(&mut tx, at(1), 9).await.unwrap().is_empty());
    // Written while the clock was a year ahead.
    feeds::record_success(&mut tx, id, &polled(at(365 * 24 * 60)), at(0)).await.unwrap();
    let due = feeds::due(&mut tx, at(1), 9).await.unwrap();
    assert_eq!((due.len(), due[0].rhythm.clone()), (1, rhythm()));
}

#[tokio::test]
async fn a_feed_moves_with_all_who_watch_it() {
    let bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (echo, herald) = (feed(&mut tx, "echo").await, feed(&mut tx, "herald").await);
    let other = GuildId(2);
    feeds::watch(&mut tx, GUILD, echo, MODERATOR, at(0)).await.unwrap();
    feeds::watch(&mut tx, other, echo, MODERATOR, at(0)).await.unwrap();
    feeds::watch(&mut tx, GUILD, herald, MODERATOR, at(0)).await.unwrap();
    let moving = Moving { to: feed_url("new"), since: at(-9), polls: 2 };
    let polled = FeedPolled {
        title: None,
        validators: Validators::default(),
        rhythm: Rhythm::default(),
        moving: Some(moving.clone()),
        next_poll_at: at(30),
    };
    feeds::record_success(&mut tx, echo, &polled, at(1)).await.unwrap();
    assert_eq!(feeds::get(&mut tx, echo).await.unwrap().unwrap().moving, Some(moving));
    feeds::move_to(&mut tx, echo, &feed_url("new")).await.unwrap();
    let moved = feeds::get(&mut tx, echo).await.unwrap().unwrap();
    assert_eq!((moved.url, moved.moving, moved.state), (feed_url("new"), None, FeedState::Active));

    feeds::move_to(&mut tx, echo, &feed_url("herald")).await.unwrap();
    for guild in [GUILD, other] {
        let watched: Vec<_> =
            feeds::of_guild(&mut tx, guild).await.unwrap().into_iter().map(|feed| feed.id).collect();
        assert_eq!(watched, [herald], "one feed, once");
    }
    assert_eq!(feeds::get(&mut tx, echo).await.unwrap().unwrap().state, FeedState::Gone);
    assert_eq!(feeds::added_by(&mut tx, herald).await.unwrap(), [(MODERATOR, GUILD), (MODERATOR, other)]);
}

#[tokio::test]
async fn a_history_tells_changes() {
    let bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (echo, herald) = (feed(&mut tx, "echo").await, feed(&mut tx, "herald").await);
    for (minute, words) in [(0, "read"), (1, "failed: 503"), (2, "failed: 503"), (3, "reads again")] {
        feeds::note(&mut tx, echo, words, at(minute)).await.unwrap();
    }
    feeds::note(&mut tx, herald, "read", at(4)).await.unwrap();
    let told: Vec<_> = feeds::history(&mut tx, echo)
        .await
        .unwrap()
        .into_iter()
        .map(|record| (record.words, record.at))
        .collect();
    assert_eq!(told, [("reads again".into(), at(3)), ("failed: 503".into(), at(1)), ("read".into(), at(0))]);
    for minute in 5..100 {
        feeds::note(&mut tx, echo, &format!("failed: {minute}"), at(minute)).await.unwrap();
    }
    assert_eq!(feeds::history(&mut tx, echo).await.unwrap().len(), 50, "the oldest make room");
    assert_eq!(feeds::history(&mut tx, herald).await.unwrap().len(), 1);
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
        rhythm: rhythm(),
        moving: None,
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
