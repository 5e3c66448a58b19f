use std::collections::BTreeMap;
use std::path::Path;

use sqlx::migrate::{Migration, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, SqliteConnection};

use super::*;
use crate::store::{MIGRATIONS, articles, deliveries, entries, feeds, search, stories, subscriptions};

/// How many rows every table of ours has.
async fn rows(conn: &mut SqliteConnection) -> BTreeMap<String, i64> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'
           AND name NOT LIKE 'article\\_search\\_%' ESCAPE '\\'",
    )
    .fetch_all(&mut *conn)
    .await
    .unwrap();
    let mut rows = BTreeMap::new();
    for table in tables {
        let count = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(&mut *conn)
            .await;
        rows.insert(table, count.unwrap());
    }
    rows
}

/// A database as the version of dateline with the schema of `version` left it, with sample data in
/// every table.
async fn left_behind(path: &Path, version: i64) -> BTreeMap<String, i64> {
    let mut conn = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .connect()
        .await
        .unwrap();
    for migration in MIGRATIONS.iter().filter(|migration| migration.version <= version) {
        let until: Vec<Migration> =
            MIGRATIONS.iter().filter(|other| other.version <= migration.version).cloned().collect();
        Migrator::with_migrations(until).run(&mut conn).await.unwrap();
        let sample = format!("tests/fixtures/migrations/{:04}.sql", migration.version);
        let sample = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&sample))
            .unwrap_or_else(|error| panic!("every migration has sample data, {sample}: {error}"));
        conn.execute(AssertSqlSafe(format!("BEGIN; {sample}; COMMIT;"))).await.unwrap();
    }
    let rows = rows(&mut conn).await;
    conn.close().await.unwrap();
    rows
}

#[tokio::test]
async fn every_migration_keeps_what_is_there() {
    for migration in MIGRATIONS.iter() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("news.sqlite");
        let before = left_behind(&path, migration.version).await;
        assert!(before.values().all(|count| *count > 0), "sample data for every table: {before:?}");

        let store = Store::open(&path).await.unwrap();
        let mut reading = store.read().await.unwrap();
        let after = rows(&mut reading).await;
        for (table, count) in &before {
            assert_eq!(after.get(table), Some(count), "{table}, from schema {}", migration.version);
        }
        let broken = reading.fetch_all("PRAGMA foreign_key_check").await.unwrap();
        assert!(broken.is_empty(), "references hold, from schema {}", migration.version);
        let whole: String =
            sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut *reading).await.unwrap();
        assert_eq!(whole, "ok");
    }
}

#[tokio::test]
async fn what_an_older_schema_left_gets_its_meaning() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("news.sqlite");
    left_behind(&path, 1).await;
    let store = Store::open(&path).await.unwrap();
    let meaning = Meaning::new(&[0.5; WHOLE], [[0.5; PIECE].as_slice()].into_iter());
    let long_ago = DateTime::UNIX_EPOCH;

    let mut tx = store.write().await.unwrap();
    let topics = subscriptions::without_meaning(&mut tx, 9).await.unwrap();
    assert_eq!(topics, [(SubscriptionId(1), "shipping".to_owned())]);
    subscriptions::set_meaning(&mut tx, SubscriptionId(1), &meaning).await.unwrap();
    assert_eq!(subscriptions::without_meaning(&mut tx, 9).await.unwrap(), []);
    assert_eq!(subscriptions::active(&mut tx).await.unwrap()[0].meaning, Some(meaning.clone()));

    let first = articles::without_meaning(&mut tx, long_ago, 1).await.unwrap().remove(0);
    assert_eq!((first.0, first.1.as_deref()), (ArticleId(1), Some("Titanic sinks on her first crossing")));
    articles::set_meaning(&mut tx, first.0, &meaning).await.unwrap();
    let left = articles::without_meaning(&mut tx, long_ago, 9).await.unwrap();
    assert_eq!(left.iter().map(|(id, ..)| *id).collect::<Vec<_>>(), [ArticleId(2)]);
    assert_eq!(articles::get(&mut tx, ArticleId(1)).await.unwrap().unwrap().meaning, Some(meaning));
    assert_eq!(articles::without_meaning(&mut tx, at(0), 9).await.unwrap(), [], "too old to be asked for");
}

#[tokio::test]
async fn reads_what_the_first_schema_left() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("news.sqlite");
    left_behind(&path, 1).await;
    let store = Store::open(&path).await.unwrap();
    let mut reading = store.read().await.unwrap();

    let feed = feeds::due(&mut reading, at(0), 9).await.unwrap().remove(0);
    assert_eq!(feed.title.as_deref(), Some("The Harbour Gazette"));
    let story = stories::get(&mut reading, StoryId(1)).await.unwrap().unwrap();
    assert_eq!((story.sources.len(), story.revision), (2, 2));
    assert_eq!(story.digest.actors[0].name, "White Star Line");
    assert_eq!(story.digest.dates[0].value, "1912-04-15");
    assert_eq!(articles::get(&mut reading, ArticleId(1)).await.unwrap().unwrap().vector, [1.0, -0.5]);
    let words = search::SearchQuery { query: "iceberg".into(), limit: 9, ..Default::default() };
    assert_eq!(search::by_words(&mut reading, &words).await.unwrap().len(), 1);
    assert_eq!(entries::history(&mut reading, "https://gazette.example/titanic").await.unwrap().len(), 2);
    assert_eq!(subscriptions::active(&mut reading).await.unwrap().len(), 1);
    assert_eq!(deliveries::due(&mut reading, at(0), 9).await.unwrap().len(), 1);
}
