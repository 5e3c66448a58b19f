//! What a fetched model was: its revision on the hub, and every file's size and SHA-256.
//!
//! For models whose files the manifest does not pin. Their SHA-256 is then the hub's own, taken at the
//! first fetch at one revision; from then on it is as fixed as if it stood in the manifest.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{ModelError, ModelFile};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lock {
    /// Commit on the hub.
    pub revision: String,
    #[serde(rename = "file")]
    pub files: Vec<ModelFile>,
}

impl Lock {
    pub fn path(folder: &Path) -> PathBuf {
        folder.join("lock.toml")
    }

    /// The lock of a model's folder, if it was ever fetched whole.
    pub fn read(folder: &Path) -> Result<Option<Self>, ModelError> {
        let path = Self::path(folder);
        let unreadable = |source| ModelError::Unreadable { path: path.clone(), source };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        let lock: Self = toml::from_str(&text)
            .map_err(|error| unreadable(std::io::Error::new(ErrorKind::InvalidData, error.to_string())))?;
        // The file may have been written by somebody else: no path may lead out of the folder.
        if lock.files.iter().any(|file| file.path.contains(['/', '\\']) || file.path.starts_with('.')) {
            return Err(unreadable(std::io::Error::new(
                ErrorKind::InvalidData,
                "it names files of other folders",
            )));
        }
        Ok(Some(lock))
    }

    /// Writes it whole or not at all.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        let text =
            toml::to_string(self).map_err(|error| std::io::Error::new(ErrorKind::InvalidData, error))?;
        let partial = folder.join("lock.toml.partial");
        std::fs::write(&partial, text)?;
        std::fs::rename(partial, Self::path(folder))
    }
}
