//! Why the database cannot be used, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};

use sqlx::migrate::MigrateError;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("another dateline is running on this database ({}); stop it first, or give this one its own file", .0.display())]
    AlreadyRunning(PathBuf),
    #[error("the database is read-only; give dateline the right to write the file and its folder")]
    ReadOnly,
    #[error("another program holds the database; close it and try again")]
    Busy,
    #[error("the file is not a dateline database; name another one, or move it away")]
    NotADatabase,
    #[error("the database is damaged; put a backup in its place")]
    Damaged,
    #[error("there is a file already; name one that is new")]
    Exists,
    #[error("the disk that holds the database is full; free some space")]
    DiskFull,
    #[error(
        "the database was written by a newer dateline (schema {schema}); install that version, or restore a backup"
    )]
    NewerSchema { schema: i64 },
    #[error("the database was written by another version of dateline; `dateline run` brings it up to date")]
    OtherSchema,
    #[error("the file cannot be opened: {0}")]
    Io(io::Error),
    #[error("the schema cannot be brought up to date: {0}")]
    Migration(MigrateError),
    #[error(transparent)]
    Sql(sqlx::Error),
    /// What went wrong while a database was opened, with its path.
    #[error("{}: {reason}", path.display())]
    Open { path: PathBuf, reason: Box<StoreError> },
}

impl StoreError {
    pub(super) fn at(self, path: &Path) -> Self {
        Self::Open { path: path.to_owned(), reason: Box::new(self) }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // Result codes: https://www.sqlite.org/rescode.html; the low byte is the primary one.
        match error
            .as_database_error()
            .and_then(|error| error.code()?.parse::<u32>().ok())
            .map(|code| code & 0xff)
        {
            Some(5) => Self::Busy,
            Some(8) => Self::ReadOnly,
            Some(11) => Self::Damaged,
            Some(13) => Self::DiskFull,
            Some(26) => Self::NotADatabase,
            _ => Self::Sql(error),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(schema) => Self::NewerSchema { schema },
            MigrateError::Execute(error) => error.into(),
            MigrateError::ExecuteMigration(error, version) => match error.into() {
                Self::Sql(error) => Self::Migration(MigrateError::ExecuteMigration(error, version)),
                known => known,
            },
            error => Self::Migration(error),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}
