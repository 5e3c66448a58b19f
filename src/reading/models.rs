//! Which model files dateline uses, where they are, and whether they are the right ones.
//!
//! A wrong file would not fail, it would give other vectors than those in the database; so the
//! manifest names every file by size and SHA-256, and a start checks both.

pub mod fetch;
mod lock;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::lock::Lock;

/// One model of the manifest.
#[derive(Debug, Clone, Deserialize)]
pub struct Model {
    pub name: String,
    /// Needed by every command that reads.
    #[serde(default)]
    pub default: bool,
    pub purpose: String,
    pub licence: String,
    /// Folder of the files on the hub; ends in a slash.
    pub hub: String,
    /// Writes summaries.
    #[serde(default)]
    pub summarizer: bool,
    #[serde(rename = "file", default)]
    pub files: Vec<ModelFile>,
    /// Files whose size and SHA-256 the hub says when they are first fetched; the [`Lock`] keeps them.
    #[serde(default)]
    pub unpinned: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct ModelFile {
    /// Name within the model's folder, here and on the hub.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

/// Why a model can't be used, each with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error("{0} is missing: run `dateline models fetch` or `make setup`, or set MODELS_DIR")]
    Missing(PathBuf),
    #[error(
        "{path} has {found} bytes where {expected} are expected: delete it and run `dateline models fetch`"
    )]
    Size { path: PathBuf, expected: u64, found: u64 },
    #[error("{0} has a wrong SHA-256: delete it and run `dateline models fetch`")]
    Hash(PathBuf),
    #[error("{path} can't be read: {source}")]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{0} is not here, or not as `dateline models fetch {0}` leaves it: run that")]
    NotFetched(String),
    #[error("there is no model {0:?}; `dateline models list` shows them")]
    Unknown(String),
}

impl Model {
    /// Checks that every file under `models` is there and has its size and SHA-256.
    pub fn verify(&self, models: &Path) -> Result<(), ModelError> {
        self.check_sizes(models)?;
        for file in &self.pinned(models)? {
            let path = self.path_of(models, file);
            let unreadable = |source| ModelError::Unreadable { path: path.clone(), source };
            if sha256(&path).map_err(unreadable)? != file.sha256 {
                return Err(ModelError::Hash(path));
            }
        }
        Ok(())
    }

    /// The cheap half of `verify`: every file is there with its size.
    pub fn check_sizes(&self, models: &Path) -> Result<(), ModelError> {
        for file in &self.pinned(models)? {
            let path = self.path_of(models, file);
            let found = match std::fs::metadata(&path) {
                Ok(metadata) if metadata.is_file() => metadata.len(),
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    return Err(ModelError::Unreadable { path, source });
                }
                _ => return Err(ModelError::Missing(path)),
            };
            if found != file.size {
                return Err(ModelError::Size { path, expected: file.size, found });
            }
        }
        Ok(())
    }

    pub fn folder(&self, models: &Path) -> PathBuf {
        models.join(&self.name)
    }

    fn path_of(&self, models: &Path, file: &ModelFile) -> PathBuf {
        self.folder(models).join(&file.path)
    }

    /// What every file must be: as the manifest says, else as was written down when they were fetched.
    pub fn pinned(&self, models: &Path) -> Result<Vec<ModelFile>, ModelError> {
        if self.unpinned.is_empty() {
            return Ok(self.files.clone());
        }
        match Lock::read(&self.folder(models))? {
            Some(lock) => Ok(lock.files),
            None => Err(ModelError::NotFetched(self.name.clone())),
        }
    }

    /// All files together, in bytes; nothing before the hub has said it.
    pub fn size(&self, models: &Path) -> Option<u64> {
        Some(self.pinned(models).ok()?.iter().map(|file| file.size).sum())
    }
}

/// Every model of the manifest that this binary was built with.
pub fn all() -> &'static [Model] {
    #[derive(Deserialize)]
    struct Manifest {
        model: Vec<Model>,
    }
    static MANIFEST: LazyLock<Manifest> = LazyLock::new(|| {
        // The text is part of the binary and a test parses it.
        toml::from_str(include_str!("../../models/manifest.toml")).expect("models/manifest.toml is valid")
    });
    &MANIFEST.model
}

/// The model of that name.
pub fn named(name: &str) -> Result<&'static Model, ModelError> {
    all().iter().find(|model| model.name == name).ok_or_else(|| ModelError::Unknown(name.to_owned()))
}

/// The sentence encoder: the model without which nothing is read.
pub fn encoder() -> &'static Model {
    // A test holds the manifest to it.
    all().iter().find(|model| model.default).expect("models/manifest.toml has a default model")
}

/// The models that write summaries, in the order of the manifest.
pub fn abstractive() -> impl Iterator<Item = &'static Model> {
    all().iter().filter(|model| model.summarizer)
}

/// Where models are: as configured (`MODELS_DIR`), else `./models`, else beside the binary's `../../models`.
pub fn directory(configured: Option<&Path>) -> PathBuf {
    if let Some(configured) = configured {
        return configured.to_owned();
    }
    let here = PathBuf::from("models");
    let beside = std::env::current_exe()
        .ok()
        .and_then(|binary| binary.parent().map(|folder| folder.join("../../models")));
    match beside {
        Some(beside) if !holds_encoder(&here) && holds_encoder(&beside) => beside,
        _ => here,
    }
}

fn holds_encoder(models: &Path) -> bool {
    encoder().folder(models).is_dir()
}

/// SHA-256 of a file as lower-case hexadecimal.
pub(crate) fn sha256(path: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut block = vec![0; 1 << 20];
    loop {
        match file.read(&mut block)? {
            0 => break,
            read => hasher.update(&block[..read]),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_complete() {
        assert_eq!(all().iter().filter(|model| model.default).count(), 1);
        assert_eq!(encoder().name, "all-MiniLM-L6-v2");
        for model in all() {
            assert!(model.hub.starts_with("https://") && model.hub.ends_with('/'), "{}", model.name);
            assert!(model.files.is_empty() != model.unpinned.is_empty(), "{}: pinned or not", model.name);
            for file in &model.files {
                assert_eq!(file.sha256.len(), 64, "{}", file.path);
                assert!(!file.path.contains(".."), "{}", file.path);
            }
        }
        assert!(named("nothing").unwrap_err().to_string().contains("dateline models list"));
    }

    #[test]
    fn tells_missing_from_short_from_wrong() {
        let models = tempfile::tempdir().unwrap();
        let model = Model {
            name: "tiny".into(),
            default: false,
            purpose: String::new(),
            licence: String::new(),
            hub: String::new(),
            summarizer: false,
            unpinned: Vec::new(),
            files: vec![ModelFile {
                path: "a.txt".into(),
                size: 3,
                sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".into(),
            }],
        };
        let verify = || model.verify(models.path()).map_err(|e| e.to_string());
        assert!(verify().unwrap_err().contains("is missing: run `dateline models fetch`"));
        std::fs::create_dir(models.path().join("tiny")).unwrap();
        let file = models.path().join("tiny/a.txt");
        std::fs::write(&file, "ab").unwrap();
        assert!(verify().unwrap_err().contains("has 2 bytes where 3 are expected"));
        std::fs::write(&file, "abd").unwrap();
        assert!(verify().unwrap_err().contains("wrong SHA-256: delete it"));
        std::fs::write(&file, "abc").unwrap();
        assert_eq!(verify(), Ok(()));
    }

    #[test]
    fn a_configured_directory_wins() {
        assert_eq!(directory(Some(Path::new("/srv/models"))), Path::new("/srv/models"));
    }
}
