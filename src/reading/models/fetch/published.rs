//! What a hub publishes of a file before it is fetched: revision, size, SHA-256.

use std::path::Path;

use reqwest::header::{CONTENT_LENGTH, ETAG, HeaderMap, LOCATION};
use reqwest::{Client, StatusCode};
use url::Url;

use super::{FetchError, words};

/// One file of a hub at one revision.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// Commit, 40 hexadecimal digits.
    pub revision: String,
    /// Bytes.
    pub size: u64,
    /// Of files that the hub keeps as large ones; of small text files it publishes none.
    pub sha256: Option<String>,
}

/// A file above it must have a published SHA-256: weights do.
const SMALL: u64 = 20_000_000;

/// Redirects within the hub: a model that was given another name.
const MAX_HOPS: usize = 5;

/// Asks the hub about a file, without fetching it. A redirect to where the bytes are is not followed: what
/// counts is what the hub itself says.
pub async fn ask(client: &Client, url: &Url) -> Result<Published, FetchError> {
    let mut at = url.clone();
    for _ in 0..MAX_HOPS {
        let response = client
            .head(at.clone())
            .send()
            .await
            .map_err(|error| FetchError::Failed(at.clone(), words(&error)))?;
        let status = response.status();
        let headers = response.headers();
        let said = header(headers, "x-repo-commit").is_some() && header(headers, "x-linked-etag").is_some();
        if status.is_redirection() && !said {
            let to = header(headers, LOCATION.as_str()).and_then(|to| at.join(to).ok());
            match to.filter(|to| to.origin() == at.origin()) {
                Some(to) => at = to,
                None => return Err(FetchError::Unpublished(at, "it leads elsewhere")),
            }
            continue;
        }
        if status != StatusCode::OK && !status.is_redirection() {
            return Err(FetchError::Refused(at, status));
        }
        return read(headers).map_err(|problem| FetchError::Unpublished(at, problem));
    }
    Err(FetchError::Unpublished(at, "it leads round in a circle"))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn read(headers: &HeaderMap) -> Result<Published, &'static str> {
    let hexadecimal =
        |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let revision = header(headers, "x-repo-commit").filter(|revision| hexadecimal(revision, 40));
    let size = header(headers, "x-linked-size").or_else(|| header(headers, CONTENT_LENGTH.as_str()));
    let etag = header(headers, "x-linked-etag")
        .or_else(|| header(headers, ETAG.as_str()))
        .map(|etag| etag.trim_start_matches("W/").trim_matches('"').to_ascii_lowercase());
    let revision = revision.ok_or("no revision")?.to_ascii_lowercase();
    let size = size.and_then(|size| size.parse().ok()).ok_or("no size")?;
    let sha256 = etag.filter(|etag| hexadecimal(etag, 64));
    if size > SMALL && sha256.is_none() {
        return Err("no SHA-256 of the weights");
    }
    Ok(Published { revision, size, sha256 })
}

/// Checks that the disk of `folder` has room for the files, less what is there of them already.
pub fn room<'a>(folder: &Path, files: impl Iterator<Item = (&'a str, u64)>) -> Result<(), FetchError> {
    /// Left for everybody else on the disk.
    const SPARE: u64 = 64 << 20;
    let here =
        |path: &str| std::fs::metadata(folder.join(format!("{path}.partial"))).map_or(0, |own| own.len());
    let needed: u64 = files.map(|(path, size)| size.saturating_sub(here(path))).sum();
    let Ok(disk) = rustix::fs::statvfs(folder) else { return Ok(()) };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if needed > 0 && free < needed.saturating_add(SPARE) {
        let megabytes = |bytes: u64| bytes / 1_000_000;
        return Err(FetchError::NoRoom {
            path: folder.to_owned(),
            needed: megabytes(needed) + 1,
            free: megabytes(free),
        });
    }
    Ok(())
}
