//! The files that people attach to commands, fetched from where Discord keeps them.

use poise::serenity_prelude as serenity;
use url::Url;

use super::client::{FILES_HOST, Loopback, files_client};
use super::desk::DeskError;

/// Bytes of a file. A list of a thousand feeds has 300 KB.
const LIMIT: usize = 5_000_000;

/// Fetches attached files, within bounds on size and time.
pub(super) struct Files(reqwest::Client);

impl Files {
    pub fn new(loopback: Option<&Loopback>) -> anyhow::Result<Self> {
        Ok(Self(files_client(loopback)?))
    }

    /// The bytes of an attachment.
    pub async fn fetch(&self, file: &serenity::Attachment) -> Result<Vec<u8>, DeskError> {
        if usize::try_from(file.size).is_ok_and(|size| size > LIMIT) {
            return Err(too_large());
        }
        // Discord gives the address; that it is Discord's own is checked all the same.
        let address = Url::parse(&file.url).ok().filter(|url| url.host_str() == Some(FILES_HOST));
        let address = address.ok_or_else(|| anyhow::anyhow!("an attachment that is not on {FILES_HOST}"))?;
        let unreadable = |error: reqwest::Error| {
            // The address of a file is a secret of those who see it.
            tracing::warn!("An attached file cannot be fetched: {}", error.without_url());
            DeskError::user("Discord does not give out that file at the moment. Try again in a minute.")
        };
        let answer = self.0.get(address).send().await.and_then(|answer| answer.error_for_status());
        let mut answer = answer.map_err(unreadable)?;
        if answer.status().is_redirection() {
            return Err(anyhow::anyhow!("Discord redirects an attached file").into());
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreadable)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LIMIT {
                return Err(too_large());
            }
        }
        Ok(bytes)
    }
}

fn too_large() -> DeskError {
    DeskError::user_with(
        "That file is larger than {n} MB; take a part of it at a time.",
        &[("n", (LIMIT / 1_000_000).to_string())],
    )
}
