//! The database: SQLite in WAL mode, and the only place that contains SQL.
//!
//! One file per aggregate, free functions over `&mut SqliteConnection`, so that transactions belong
//! to the caller. Statements are checked when dateline is compiled, against `.sqlx`, which
//! `migrations/prepare.sh` writes from the migrations. Times go in as `now` and are kept in whole
//! seconds. What answers a command and is many small rows comes as one, a JSON array: each row wakes
//! whoever waits for it.
//!
//! Deliberately absent: a second writer. SQLite has room for one, so writes queue for the one
//! connection in this process ([`Store::write`]), and a second process is turned away by a lock
//! file; readers never wait for either.

pub mod actors;
pub mod articles;
mod columns;
pub mod crossposts;
pub mod deliveries;
pub mod entries;
mod error;
pub mod feeds;
pub mod file;
pub mod housekeeping;
pub mod notices;
pub mod outlets;
pub mod queues;
pub mod reports;
pub mod roundups;
pub mod search;
pub mod settings;
pub mod stories;
pub mod subscriptions;
#[cfg(test)]
mod tests;
pub mod updates;

use std::fs::{File, TryLockError};
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Sqlite, Transaction};

pub use error::StoreError;
pub use sqlx::SqliteConnection;

type Result<T> = std::result::Result<T, StoreError>;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Connections that read at the same time; more would only share the same cores.
const READERS: u32 = 4;

/// Bytes of the file, from its beginning, that readers see where the system keeps them instead of copying them page by
/// page into a cache that every write empties. SQLite maps no more than these. They count as resident once for each
/// reader, and go when the system needs the memory.
const MAPPED: &str = "2147418112";

/// How long a statement waits for another program that holds the file, such as a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// An open database. Clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    /// Locked for as long as a clone lives: keeps a second dateline out.
    instance: Arc<File>,
}

impl Store {
    /// Opens the database, made anew with its folder where there is none, and brings its schema up to date.
    ///
    /// Fails in one line that says what to do when another dateline runs on it, when it cannot be
    /// written, is no database, or was written by a newer dateline.
    pub async fn open(path: &Path) -> Result<Self> {
        let at = |reason: StoreError| reason.at(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| at(error.into()))?;
        }
        // Asked before SQLite does: for root, a file marked read-only would be written all the same.
        let there = std::fs::metadata(path).ok();
        if there.as_ref().is_some_and(std::fs::Metadata::is_dir) {
            return Err(at(StoreError::Io(std::io::ErrorKind::IsADirectory.into())));
        }
        if there.is_some_and(|file| file.permissions().readonly()) {
            return Err(at(StoreError::ReadOnly));
        }
        let instance = lock_instance(path)?;

        let options =
            SqliteConnectOptions::new().filename(path).busy_timeout(BUSY_TIMEOUT).foreign_keys(true);
        let writing = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: a power cut must not take back that a card was begun or posted, or it would be
            // posted twice. The few writes a second of a feed reader do not feel it.
            .synchronous(SqliteSynchronous::Full);
        let pool = SqlitePoolOptions::new().idle_timeout(None).max_lifetime(None).test_before_acquire(false);
        let writer =
            pool.clone().max_connections(1).connect_with(writing).await.map_err(|error| at(error.into()))?;
        MIGRATIONS.run(&writer).await.map_err(|error| at(error.into()))?;
        let reading = options.read_only(true).pragma("mmap_size", MAPPED);
        let readers = pool.max_connections(READERS).connect_lazy_with(reading);
        Ok(Self { writer, readers, instance: Arc::new(instance) })
    }

    /// Opens the database to read from beside the dateline that runs on it, if one does.
    ///
    /// Fails in one line that says what to do when there is none, or when its schema is another dateline's.
    pub async fn beside(path: &Path) -> Result<SqliteConnection> {
        let at = |reason: StoreError| reason.at(path);
        std::fs::metadata(path).map_err(|error| at(error.into()))?;
        let options = SqliteConnectOptions::new().filename(path).busy_timeout(BUSY_TIMEOUT).read_only(true);
        let mut conn = options.connect().await.map_err(|error| at(error.into()))?;
        let versions: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version")
            .fetch_all(&mut conn)
            .await
            .map_err(|error| at(error.into()))?;
        if !MIGRATIONS.iter().map(|migration| migration.version).eq(versions) {
            return Err(at(StoreError::OtherSchema));
        }
        Ok(conn)
    }

    /// Waits for its turn, then begins a transaction that may write.
    ///
    /// Keep it short and hold only one: a task that asks for a second waits for itself, until an
    /// error after 30 seconds.
    pub async fn write(&self) -> Result<WriteTx> {
        // IMMEDIATE: the write lock is taken here, so that no statement within can find it taken.
        Ok(WriteTx(self.writer.begin_with("BEGIN IMMEDIATE").await?))
    }

    /// Begins to read: all that is read through it is of the moment of the first statement.
    pub async fn read(&self) -> Result<ReadTx> {
        Ok(ReadTx(self.readers.begin().await?))
    }

    /// A connection whose statements each read the database as it is then: what is read in one, or need not be of
    /// one moment, is spared a transaction.
    pub async fn once(&self) -> Result<PoolConnection<Sqlite>> {
        Ok(self.readers.acquire().await?)
    }

    /// Waits for what is under way, folds the log into the file, and lets others open it.
    pub async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
        // With the last clone the lock would go anyway; the others are closed already.
        let _unlocked = self.instance.unlock();
    }
}

/// A transaction that writes. Without [`commit`](Self::commit) all of it is taken back.
#[derive(Debug)]
#[must_use = "nothing is kept without commit()"]
pub struct WriteTx(Transaction<'static, Sqlite>);

impl WriteTx {
    /// Keeps what was written.
    pub async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }
}

/// A connection that reads the database as it was when it first read.
#[derive(Debug)]
pub struct ReadTx(Transaction<'static, Sqlite>);

impl Deref for WriteTx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.0
    }
}

impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }
}

impl Deref for ReadTx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.0
    }
}

impl DerefMut for ReadTx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }
}

/// Takes the lock file beside the database. The system gives it back however the process ends.
fn lock_instance(path: &Path) -> Result<File> {
    let mut lock = path.as_os_str().to_owned();
    lock.push(".lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(PathBuf::from(lock))
        .map_err(|error| StoreError::from(error).at(path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::AlreadyRunning(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(StoreError::from(error).at(path)),
    }
}
