//! Fetches model files from the hub: resumed after a cut, checked before they get their name.

mod published;

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::{CONTENT_RANGE, RANGE};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response, StatusCode};
use url::Url;

use self::published::room;

use super::{Lock, Model, ModelError, ModelFile, sha256};

/// Failed attempts in a row, without a byte of progress, before a file is given up.
const ATTEMPTS: u32 = 5;

/// All attempts at one file: a server that sends a byte at a time does not keep us forever.
const ATTEMPTS_IN_ALL: u32 = 60;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// A connection that is silent for so long is cut and resumed.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// Why a model could not be fetched, each with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("{0} is not there (HTTP {1}): check `--from`, or update dateline")]
    Refused(Url, StatusCode),
    #[error("{0} could not be fetched ({1}); what has come is kept: run `dateline models fetch` again")]
    Failed(Url, String),
    #[error(
        "{0} has a wrong SHA-256 and was thrown away: run `dateline models fetch` again, or check `--from`"
    )]
    Hash(Url),
    #[error("the disk is full: {0} needs {1} MB; free some and run `dateline models fetch` again")]
    DiskFull(PathBuf, u64),
    #[error("{0} can't be written: {1}")]
    Io(PathBuf, std::io::Error),
    #[error(
        "{path} needs {needed} MB and the disk has {free} MB free; free some and run `dateline models fetch` again"
    )]
    NoRoom { path: PathBuf, needed: u64, free: u64 },
    #[error("{0} says neither size nor SHA-256 of what it holds ({1}): check `--from`")]
    Unpublished(Url, &'static str),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error("{0:?} is not the address of a hub; write it whole, such as https://hub.example")]
    Hub(String),
}

/// Fetches models into one folder.
pub struct Fetcher {
    client: Client,
    /// For what the hub says of a file before it sends us elsewhere.
    client_without_redirects: Client,
    /// Stands in for the hub of the manifest: its scheme, host and leading path.
    mirror: Option<Url>,
    /// Before the second attempt; doubles with each.
    pause: Duration,
}

impl Fetcher {
    /// `mirror` replaces the hub's address; the paths under it stay the same.
    pub fn new(mirror: Option<&str>) -> Result<Self, FetchError> {
        let not_a_hub = || FetchError::Hub(mirror.unwrap_or_default().to_owned());
        let mirror = match mirror {
            Some(text) => {
                let url = Url::parse(&format!("{}/", text.trim().trim_end_matches('/')))
                    .map_err(|_| not_a_hub())?;
                Some(url).filter(|url| matches!(url.scheme(), "http" | "https")).ok_or_else(not_a_hub)?.into()
            }
            None => None,
        };
        let builder = || {
            Client::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .read_timeout(READ_TIMEOUT)
                .user_agent(concat!("dateline/", env!("CARGO_PKG_VERSION")))
                // Byte ranges count what is sent, so nothing may be unpacked on the way.
                .no_gzip()
                .no_brotli()
                .no_deflate()
                .no_zstd()
        };
        let build =
            |builder: ClientBuilder| builder.build().map_err(|error| FetchError::Hub(error.to_string()));
        Ok(Self {
            client: build(builder())?,
            client_without_redirects: build(builder().redirect(Policy::none()))?,
            mirror,
            pause: Duration::from_secs(1),
        })
    }

    /// Fetches every file of `model` that is not under `models` already.
    ///
    /// `progress` hears how many bytes of the whole model are there, and of how many.
    pub async fn fetch(
        &self,
        model: &Model,
        models: &Path,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<(), FetchError> {
        let folder = model.folder(models);
        std::fs::create_dir_all(&folder).map_err(|error| FetchError::Io(folder.clone(), error))?;
        if model.unpinned.is_empty() {
            return self.fetch_files(&self.hub(model, None)?, &model.files, &folder, progress).await;
        }
        if let Some(lock) = Lock::read(&folder)? {
            return self
                .fetch_files(&self.hub(model, Some(&lock.revision))?, &lock.files, &folder, progress)
                .await;
        }
        let lock = self.pin(model, &folder, progress).await?;
        lock.write(&folder).map_err(|error| FetchError::Io(Lock::path(&folder), error))
    }

    async fn fetch_files(
        &self,
        hub: &Url,
        files: &[ModelFile],
        folder: &Path,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<(), FetchError> {
        let all: u64 = files.iter().map(|file| file.size).sum();
        let missing: Vec<&ModelFile> = files
            .iter()
            .filter(|file| !sha256(&folder.join(&file.path)).is_ok_and(|found| found == file.sha256))
            .collect();
        room(folder, missing.iter().map(|file| (file.path.as_str(), file.size)))?;
        let mut done = all - missing.iter().map(|file| file.size).sum::<u64>();
        for file in missing {
            let url = join(hub, &file.path)?;
            self.fetch_file(&url, file, &folder.join(&file.path), &|bytes| progress(done + bytes, all))
                .await?;
            done += file.size;
        }
        progress(done, all);
        Ok(())
    }

    /// Fetches a model that the manifest does not pin, at the revision that the hub has now, and says what came.
    async fn pin(
        &self,
        model: &Model,
        folder: &Path,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Lock, FetchError> {
        let mut revision: Option<String> = None;
        let mut published = Vec::new();
        for path in &model.unpinned {
            let hub = self.hub(model, revision.as_deref())?;
            let file = published::ask(&self.client_without_redirects, &join(&hub, path)?).await?;
            revision.get_or_insert(file.revision.clone());
            published.push((path, file));
        }
        let revision = revision.unwrap_or_default();
        let hub = self.hub(model, Some(&revision))?;
        let all: u64 = published.iter().map(|(_, file)| file.size).sum();
        room(folder, published.iter().map(|(path, file)| (path.as_str(), file.size)))?;
        let mut files = Vec::new();
        let mut done = 0;
        for (path, file) in published {
            let url = join(&hub, path)?;
            let to = folder.join(path);
            let here = |bytes| progress(done + bytes, all);
            let sha256 = match file.sha256 {
                Some(sha256) => {
                    let own = ModelFile { path: path.clone(), size: file.size, sha256: sha256.clone() };
                    if !super::sha256(&to).is_ok_and(|found| found == sha256) {
                        self.fetch_file(&url, &own, &to, &here).await?;
                    }
                    sha256
                }
                // A small text file; the hub publishes none for these.
                None => self.fetch_small(&url, file.size, &to).await?,
            };
            done += file.size;
            progress(done, all);
            files.push(ModelFile { path: path.clone(), size: file.size, sha256 });
        }
        Ok(Lock { revision, files })
    }

    /// Fetches a file of known size only, and tells its SHA-256.
    async fn fetch_small(&self, url: &Url, size: u64, to: &Path) -> Result<String, FetchError> {
        let io = |error| FetchError::Io(to.to_owned(), error);
        let failed = |error: &reqwest::Error| FetchError::Failed(url.clone(), words(error));
        let response = self.client.get(url.clone()).send().await.map_err(|error| failed(&error))?;
        let response = match response.status() {
            StatusCode::OK => response,
            status => return Err(FetchError::Refused(url.clone(), status)),
        };
        let bytes = response.bytes().await.map_err(|error| failed(&error))?;
        if bytes.len() as u64 != size {
            return Err(FetchError::Failed(url.clone(), format!("{} bytes of {size} came", bytes.len())));
        }
        let partial = to.with_extension("partial");
        std::fs::write(&partial, &bytes).map_err(io)?;
        std::fs::rename(&partial, to).map_err(io)?;
        sha256(to).map_err(io)
    }

    /// The folder of a model on the hub, at a revision if one is known; ends in a slash.
    fn hub(&self, model: &Model, revision: Option<&str>) -> Result<Url, FetchError> {
        let bad = |_| FetchError::Hub(model.hub.clone());
        let folder = match revision {
            Some(revision) => model.hub.replacen("/resolve/main/", &format!("/resolve/{revision}/"), 1),
            None => model.hub.clone(),
        };
        let hub = Url::parse(&folder).map_err(bad)?;
        match &self.mirror {
            Some(mirror) => mirror.join(hub.path().trim_start_matches('/')).map_err(bad),
            None => Ok(hub),
        }
    }

    async fn fetch_file(
        &self,
        url: &Url,
        file: &ModelFile,
        path: &Path,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(), FetchError> {
        let partial = path.with_file_name(format!("{}.partial", file.path));
        let io = |error: std::io::Error| match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                FetchError::DiskFull(path.to_owned(), file.size.div_ceil(1_000_000))
            }
            _ => FetchError::Io(path.to_owned(), error),
        };
        let mut failures = 0;
        let mut pause = self.pause;
        let mut resumed = false;
        for _ in 0..ATTEMPTS_IN_ALL {
            let have = std::fs::metadata(&partial).map_or(0, |metadata| metadata.len());
            if have == file.size {
                if sha256(&partial).map_err(io)? == file.sha256 {
                    return std::fs::rename(&partial, path).map_err(io);
                }
                std::fs::remove_file(&partial).map_err(io)?;
                if !std::mem::take(&mut resumed) {
                    return Err(FetchError::Hash(url.clone()));
                }
                // The part from before may have been another file's: once more from the start.
                continue;
            }
            if have > file.size {
                std::fs::remove_file(&partial).map_err(io)?;
                continue;
            }
            resumed |= have > 0 && failures == 0;
            let failed = match self.attempt(url, file, &partial, have, progress).await {
                Ok(()) => continue,
                Err(Attempt::Io(error)) => return Err(io(error)),
                Err(Attempt::Refused(status)) => return Err(FetchError::Refused(url.clone(), status)),
                Err(Attempt::Failed(reason)) => reason,
            };
            let grown = std::fs::metadata(&partial).map_or(0, |metadata| metadata.len()) > have;
            failures = if grown { 1 } else { failures + 1 };
            if failures >= ATTEMPTS {
                return Err(FetchError::Failed(url.clone(), failed));
            }
            pause = if grown { self.pause } else { pause * 2 };
            tracing::warn!(url = %url, reason = failed, "A model file was cut off; resuming");
            tokio::time::sleep(pause).await;
        }
        Err(FetchError::Failed(url.clone(), "too many attempts".into()))
    }

    /// One request for what is missing, appended to `partial`.
    async fn attempt(
        &self,
        url: &Url,
        file: &ModelFile,
        partial: &Path,
        have: u64,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(), Attempt> {
        let mut request = self.client.get(url.clone());
        if have > 0 {
            request = request.header(RANGE, format!("bytes={have}-"));
        }
        let mut response = request.send().await.map_err(|error| Attempt::Failed(words(&error)))?;
        let status = response.status();
        let mut output = match status {
            StatusCode::PARTIAL_CONTENT if have > 0 && continues(&response, have) => {
                OpenOptions::new().append(true).open(partial).map_err(Attempt::Io)?
            }
            // The whole file, whether or not only the rest was asked for.
            StatusCode::OK => File::create(partial).map_err(Attempt::Io)?,
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                std::fs::remove_file(partial).map_err(Attempt::Io)?;
                return Err(Attempt::Failed("it cannot be resumed".into()));
            }
            _ if status.is_server_error() || matches!(status.as_u16(), 408 | 429) => {
                return Err(Attempt::Failed(format!("HTTP {status}")));
            }
            _ => return Err(Attempt::Refused(status)),
        };
        let mut at = if status == StatusCode::OK { 0 } else { have };
        while let Some(chunk) = response.chunk().await.map_err(|error| Attempt::Failed(words(&error)))? {
            // Anything longer is another file; its hash will tell.
            let wanted = usize::try_from(file.size - at).map_or(chunk.len(), |left| left.min(chunk.len()));
            output.write_all(&chunk[..wanted]).map_err(Attempt::Io)?;
            at += wanted as u64;
            progress(at);
            if at == file.size {
                break;
            }
        }
        output.sync_all().map_err(Attempt::Io)?;
        if at < file.size { Err(Attempt::Failed("the connection ended early".into())) } else { Ok(()) }
    }
}

fn join(hub: &Url, path: &str) -> Result<Url, FetchError> {
    hub.join(path).map_err(|_| FetchError::Hub(hub.to_string()))
}

/// How one attempt went wrong.
enum Attempt {
    Io(std::io::Error),
    Refused(StatusCode),
    Failed(String),
}

/// Whether the answer begins where our part ends.
fn continues(response: &Response, have: u64) -> bool {
    let range = response.headers().get(CONTENT_RANGE).and_then(|value| value.to_str().ok());
    range.is_some_and(|range| range.starts_with(&format!("bytes {have}-")))
}

/// An error with its causes: reqwest's own words name none of them.
fn words(error: &reqwest::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    words
}

#[cfg(test)]
mod tests;
