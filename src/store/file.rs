//! The database as a file: whether it is sound, and copies of it.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use super::{BUSY_TIMEOUT, MIGRATIONS, Result, StoreError, lock_instance};
use crate::domain::FeedUrl;

/// What a database that can be used holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    pub bytes: u64,
    pub feeds: u64,
    /// A feed that was read, to try others with.
    pub feed: Option<FeedUrl>,
    /// The next start brings its schema up to date.
    pub outdated: bool,
}

/// Checks that a database can be opened and written, is whole, and is nobody's. Nothing in it is changed.
///
/// # Errors
/// As [`super::Store::open`].
pub async fn examine(path: &Path) -> Result<Sound> {
    let at = |reason: StoreError| reason.at(path);
    let file = std::fs::metadata(path).map_err(|error| at(error.into()))?;
    if file.permissions().readonly() {
        return Err(at(StoreError::ReadOnly));
    }
    let _instance = lock_instance(path)?;
    let found = async {
        let options = SqliteConnectOptions::new().filename(path).busy_timeout(BUSY_TIMEOUT);
        let mut conn = options.connect().await?;
        sound(&mut conn).await?;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut conn).await?;
        sqlx::query("ROLLBACK").execute(&mut conn).await?;
        let schema = schema(&mut conn).await?;
        let feeds: i64 = sqlx::query_scalar("SELECT count(*) FROM feeds").fetch_one(&mut conn).await?;
        let feed: Option<String> = sqlx::query_scalar(
            "SELECT url FROM feeds WHERE state = 'active' AND failures = 0 ORDER BY last_success_at DESC LIMIT 1",
        )
        .fetch_optional(&mut conn)
        .await?;
        conn.close().await?;
        let ours = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
        if schema > ours {
            return Err(StoreError::NewerSchema { schema });
        }
        Ok(Sound {
            bytes: file.len(),
            feeds: u64::try_from(feeds).unwrap_or_default(),
            feed: feed.and_then(|url| FeedUrl::parse(&url).ok()),
            outdated: schema < ours,
        })
    };
    found.await.map_err(at)
}

/// Copies a database, which may be in use, as it is at one moment; answers the bytes of the copy, once it was read
/// and found whole.
///
/// # Errors
/// There is no such database, or a file where the copy is to be; the copy is removed where it is not whole.
pub async fn backup(from: &Path, to: &Path) -> Result<u64> {
    std::fs::metadata(from).map_err(|error| StoreError::from(error).at(from))?;
    if to.try_exists().map_err(|error| StoreError::from(error).at(to))? {
        return Err(StoreError::Exists.at(to));
    }
    let name =
        to.to_str().ok_or_else(|| StoreError::Io(std::io::ErrorKind::InvalidFilename.into()).at(to))?;
    let copied = async {
        let options = SqliteConnectOptions::new().filename(from).busy_timeout(BUSY_TIMEOUT).read_only(true);
        let mut source = options.connect().await?;
        let expected = schema(&mut source).await?;
        sqlx::query("VACUUM INTO ?").bind(name).execute(&mut source).await?;
        source.close().await?;
        let mut copy = SqliteConnectOptions::new().filename(to).connect().await?;
        sound(&mut copy).await?;
        if schema(&mut copy).await? != expected {
            return Err(StoreError::Damaged);
        }
        copy.close().await?;
        // VACUUM INTO leaves this to the caller.
        let file = std::fs::File::open(to)?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    };
    let copied = copied.await;
    if copied.is_err() {
        // Half a copy is worse than none; if it cannot be removed, the error that is told says enough.
        let _ = std::fs::remove_file(to);
    }
    copied.map_err(|error| error.at(from))
}

/// Whether every page and every index is as it should be.
async fn sound(conn: &mut SqliteConnection) -> Result<()> {
    let told: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(conn).await?;
    if told == "ok" { Ok(()) } else { Err(StoreError::Damaged) }
}

/// The number of the last migration.
async fn schema(conn: &mut SqliteConnection) -> Result<i64> {
    let tables: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'")
            .fetch_one(&mut *conn)
            .await?;
    if tables == 0 {
        return Err(StoreError::NotADatabase);
    }
    Ok(sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations").fetch_one(conn).await?)
}
