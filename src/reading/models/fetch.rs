//! Fetches model files from the hub: resumed after a cut, checked before they get their name.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::{CONTENT_RANGE, RANGE};
use reqwest::{Client, Response, StatusCode};
use url::Url;

use super::{Model, ModelFile, sha256};

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
    #[error("{0:?} is not the address of a hub; write it whole, such as https://hub.example")]
    Hub(String),
}

/// Fetches models into one folder.
pub struct Fetcher {
    client: Client,
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
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .user_agent(concat!("dateline/", env!("CARGO_PKG_VERSION")))
            // Byte ranges count what is sent, so nothing may be unpacked on the way.
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .build()
            .map_err(|error| FetchError::Hub(error.to_string()))?;
        Ok(Self { client, mirror, pause: Duration::from_secs(1) })
    }

    /// Fetches every file of `model` that is not under `models` already.
    ///
    /// `progress` hears how many bytes of the whole model are there.
    pub async fn fetch(
        &self,
        model: &Model,
        models: &Path,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(), FetchError> {
        let folder = model.folder(models);
        std::fs::create_dir_all(&folder).map_err(|error| FetchError::Io(folder.clone(), error))?;
        let mut done = 0;
        for file in &model.files {
            let path = folder.join(&file.path);
            if !sha256(&path).is_ok_and(|found| found == file.sha256) {
                let url = self.url(model, file)?;
                self.fetch_file(&url, file, &path, &|bytes| progress(done + bytes)).await?;
            }
            done += file.size;
            progress(done);
        }
        Ok(())
    }

    fn url(&self, model: &Model, file: &ModelFile) -> Result<Url, FetchError> {
        let bad = |_| FetchError::Hub(model.hub.clone());
        let hub = Url::parse(&model.hub).map_err(bad)?;
        let folder = match &self.mirror {
            Some(mirror) => mirror.join(hub.path().trim_start_matches('/')).map_err(bad)?,
            None => hub,
        };
        folder.join(&file.path).map_err(bad)
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
mod tests {
    use std::io::{BufRead, BufReader};
    use std::net::{TcpListener, TcpStream};
    use std::sync::{Arc, Mutex};

    use sha2::{Digest, Sha256};

    use super::*;

    const BODY: &[u8] = b"Not because they are easy, but because they are hard.";

    fn model() -> Model {
        Model {
            name: "tiny".into(),
            default: false,
            purpose: String::new(),
            licence: String::new(),
            hub: "https://hub.example/org/tiny/resolve/main/".into(),
            files: vec![ModelFile {
                path: "weights.bin".into(),
                size: BODY.len() as u64,
                sha256: Sha256::digest(BODY).iter().map(|byte| format!("{byte:02x}")).collect(),
            }],
        }
    }

    /// A hub on loopback: `answer` gets the number of the request and the start of its range, and
    /// gives the raw response. What was asked is kept: path and range.
    fn hub(answer: impl Fn(usize, u64) -> Vec<u8> + Send + 'static) -> (String, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let mut stream: TcpStream = stream.unwrap();
                let head: Vec<String> = BufReader::new(stream.try_clone().unwrap())
                    .lines()
                    .map(|line| line.unwrap().to_lowercase())
                    .take_while(|line| !line.is_empty())
                    .collect();
                let range = head.iter().find_map(|line| line.strip_prefix("range: bytes=")).unwrap_or("0-");
                log.lock().unwrap().push(format!("{} {range}", head[0].split(' ').nth(1).unwrap()));
                let start = range.trim_end_matches('-').parse().unwrap();
                stream.write_all(&answer(number, start)).unwrap();
            }
        });
        (address, asked)
    }

    fn whole(body: &[u8]) -> Vec<u8> {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        [head.as_bytes(), body].concat()
    }

    fn rest(start: u64) -> Vec<u8> {
        let body = &BODY[start as usize..];
        let range = format!("bytes {start}-{}/{}", BODY.len() - 1, BODY.len());
        let head = format!(
            "HTTP/1.1 206 Partial Content\r\ncontent-range: {range}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    }

    fn status(line: &str) -> Vec<u8> {
        format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").into_bytes()
    }

    async fn fetch(hub: &str, models: &Path) -> Result<(), FetchError> {
        let fetcher = Fetcher { pause: Duration::ZERO, ..Fetcher::new(Some(hub))? };
        fetcher.fetch(&model(), models, &|_| ()).await
    }

    #[tokio::test]
    async fn resumes_after_a_cut_connection() {
        let models = tempfile::tempdir().unwrap();
        let (hub, asked) = hub(|number, start| match number {
            0 => whole(BODY)[..whole(BODY).len() - 20].to_vec(),
            1 => status("503 Service Unavailable"),
            _ => rest(start),
        });
        fetch(&hub, models.path()).await.unwrap();
        assert_eq!(std::fs::read(models.path().join("tiny/weights.bin")).unwrap(), BODY);
        assert!(!models.path().join("tiny/weights.bin.partial").exists());
        let path = "/org/tiny/resolve/main/weights.bin";
        let resumed = format!("{path} {}-", BODY.len() - 20);
        assert_eq!(*asked.lock().unwrap(), [format!("{path} 0-"), resumed.clone(), resumed]);
        // What is there and right is not fetched again.
        fetch(&hub, models.path()).await.unwrap();
        assert_eq!(asked.lock().unwrap().len(), 3);
    }

    #[tokio::test]
    async fn begins_again_when_the_part_was_another_file_or_cannot_be_resumed() {
        for unresumable in [false, true] {
            let models = tempfile::tempdir().unwrap();
            std::fs::create_dir(models.path().join("tiny")).unwrap();
            std::fs::write(models.path().join("tiny/weights.bin.partial"), "something else").unwrap();
            let (hub, _) = hub(move |_, start| match start {
                0 => whole(BODY),
                _ if unresumable => status("416 Range Not Satisfiable"),
                _ => rest(start),
            });
            fetch(&hub, models.path()).await.unwrap();
            assert_eq!(std::fs::read(models.path().join("tiny/weights.bin")).unwrap(), BODY);
        }
    }

    #[tokio::test]
    async fn never_keeps_a_wrong_file() {
        let models = tempfile::tempdir().unwrap();
        let (hub, _) = hub(|_, _| whole(&BODY.to_ascii_uppercase()));
        let error = fetch(&hub, models.path()).await.unwrap_err().to_string();
        assert!(error.contains("wrong SHA-256") && error.contains("models fetch"), "{error}");
        assert_eq!(std::fs::read_dir(models.path().join("tiny")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn gives_up_with_words_that_help() {
        let models = tempfile::tempdir().unwrap();
        let (missing, asked) = hub(|_, _| status("404 Not Found"));
        let error = fetch(&missing, models.path()).await.unwrap_err().to_string();
        assert!(error.contains("HTTP 404") && error.contains("--from"), "{error}");
        assert_eq!(asked.lock().unwrap().len(), 1);

        let (down, asked) = hub(|_, _| status("500 Internal Server Error"));
        let error = fetch(&down, models.path()).await.unwrap_err().to_string();
        assert!(error.contains("HTTP 500") && error.contains("again"), "{error}");
        assert_eq!(asked.lock().unwrap().len(), ATTEMPTS as usize);

        assert!(fetch("hub.example", models.path()).await.is_err());
        assert!(fetch("ftp://hub.example", models.path()).await.is_err());
    }
}
