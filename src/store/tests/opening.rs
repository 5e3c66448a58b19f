use std::fs;

use sqlx::{Connection, Executor, SqliteConnection};

use super::*;
use crate::store::feeds;

/// What a person reads when this file cannot be opened, with the path left out.
async fn refusal(path: &std::path::Path) -> String {
    let error = Store::open(path).await.unwrap_err().to_string();
    assert!(error.contains(&path.display().to_string()), "names the file: {error}");
    assert!(!error.contains('\n'), "is one line: {error}");
    error.replace(&path.display().to_string(), "PATH")
}

#[tokio::test]
async fn makes_the_folder_and_the_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a/b/news.sqlite");
    let store = Store::open(&path).await.unwrap();
    assert!(path.exists());
    store.close().await;
}

#[tokio::test]
async fn only_one_at_a_time() {
    let bench = Bench::new().await;
    insta::assert_snapshot!(
        refusal(&bench.path()).await,
        @"another dateline is running on this database (PATH); stop it first, or give this one its own file"
    );
    let path = bench.path();
    bench.store.close().await;
    Store::open(&path).await.unwrap();
}

#[tokio::test]
async fn refuses_what_it_cannot_use_and_says_what_to_do() {
    let folder = TempDir::new().unwrap();

    let locked = folder.path().join("locked.sqlite");
    Store::open(&locked).await.unwrap().close().await;
    let mut rights = fs::metadata(&locked).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(&locked, rights).unwrap();
    insta::assert_snapshot!(
        refusal(&locked).await,
        @"PATH: the database is read-only; give dateline the right to write the file and its folder"
    );

    let letter = folder.path().join("letter.txt");
    fs::write(&letter, "Dear editor, this is a letter and no database. ".repeat(100)).unwrap();
    insta::assert_snapshot!(
        refusal(&letter).await,
        @"PATH: the file is not a dateline database; name another one, or move it away"
    );

    let damaged = folder.path().join("damaged.sqlite");
    Store::open(&damaged).await.unwrap().close().await;
    let mut bytes = fs::read(&damaged).unwrap();
    bytes[100..].fill(0x5a);
    fs::write(&damaged, bytes).unwrap();
    insta::assert_snapshot!(
        refusal(&damaged).await,
        @"PATH: the database is damaged; put a backup in its place"
    );

    let below_a_file = letter.join("news.sqlite");
    assert!(refusal(&below_a_file).await.starts_with("PATH: the file cannot be opened: "));
}

#[tokio::test]
async fn refuses_the_database_of_a_newer_version() {
    let bench = Bench::new().await;
    let mut tx = bench.write().await;
    tx.execute(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', 1, x'00', 0)",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let path = bench.path();
    bench.store.close().await;
    insta::assert_snapshot!(
        refusal(&path).await,
        @"PATH: the database was written by a newer dateline (schema 9999); install that version, or restore a backup"
    );
}

#[tokio::test]
async fn says_why_a_statement_failed() {
    let bench = Bench::new().await;

    let mut reading = bench.store.read().await.unwrap();
    let error = feeds::add(&mut reading, &feed_url("a"), at(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly), "{error:?}");
    drop(reading);

    let mut tx = bench.write().await;
    let mut other =
        SqliteConnection::connect(&format!("sqlite://{}?mode=rw", bench.path().display())).await.unwrap();
    other.execute("PRAGMA busy_timeout = 0").await.unwrap();
    let error = feeds::add(&mut other, &feed_url("a"), at(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::Busy), "{error:?}");

    tx.execute("PRAGMA max_page_count = 1").await.unwrap();
    let long = entry(&"long ".repeat(100_000));
    let feed = feed(&mut tx, "a").await;
    let error = crate::store::entries::insert_new(&mut tx, feed, &[long], false, at(0)).await.unwrap_err();
    insta::assert_snapshot!(error, @"the disk that holds the database is full; free some space");
}

#[tokio::test]
async fn keeps_nothing_without_commit() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    feed(&mut tx, "dropped").await;
    drop(tx);

    let mut tx = bench.write().await;
    feed(&mut tx, "kept").await;
    let mut reading = bench.reread(tx).await;
    assert!(feeds::find_by_url(&mut reading, &feed_url("kept")).await.unwrap().is_some());
    assert!(feeds::find_by_url(&mut reading, &feed_url("dropped")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_reader_sees_one_moment_and_waits_for_nobody() {
    let bench = Bench::new().await;
    let mut tx = bench.write().await;
    let feed = feed(&mut tx, "a").await;
    tx.commit().await.unwrap();

    let mut before = bench.store.read().await.unwrap();
    assert_eq!(feeds::get(&mut before, feed).await.unwrap().unwrap().failures, 0);
    let mut tx = bench.write().await;
    feeds::record_failure(&mut tx, feed, "It broke.", at(9), crate::domain::FeedState::Active, at(1))
        .await
        .unwrap();
    let mut during = bench.store.read().await.unwrap();
    assert_eq!(feeds::get(&mut during, feed).await.unwrap().unwrap().failures, 0);
    tx.commit().await.unwrap();

    assert_eq!(feeds::get(&mut before, feed).await.unwrap().unwrap().failures, 0);
    let mut after = bench.store.read().await.unwrap();
    assert_eq!(feeds::get(&mut after, feed).await.unwrap().unwrap().failures, 1);
}
