//! The state file: one JSON document, replaced whole at each change.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::state::World;

/// Raised when an older file can no longer be read.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Writing<'a> {
    version: u32,
    world: &'a World,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize)]
struct Reading {
    world: World,
}

/// What the file holds; `None` if there is no file.
///
/// # Errors
/// A file that cannot be read or is not ours: it is left as it is, for its owner to decide.
pub fn load(path: &Path) -> anyhow::Result<Option<World>> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(error).with_context(|| format!("reading the sandbox's state {}", path.display()));
        }
    };
    let broken = || format!("the sandbox's state {} is broken; move it away to start afresh", path.display());
    let Version { version } = serde_json::from_slice(&bytes).with_context(broken)?;
    if version != VERSION {
        bail!("the sandbox's state {} has version {version}, this program reads {VERSION}", path.display());
    }
    let Reading { mut world } = serde_json::from_slice(&bytes).with_context(broken)?;
    world.drop_ephemeral();
    Ok(Some(world))
}

/// Replaces the file: a reader sees the old document or the new one, never a part.
///
/// The file is not synced to disk: it has to survive the end of a process, not of the machine.
pub fn save(path: &Path, world: &World) -> anyhow::Result<()> {
    let context = || format!("writing the sandbox's state {}", path.display());
    let mut name = path.file_name().with_context(context)?.to_owned();
    name.push(".new");
    let fresh: PathBuf = path.with_file_name(name);
    let bytes = serde_json::to_vec(&Writing { version: VERSION, world }).with_context(context)?;
    fs::write(&fresh, bytes).with_context(context)?;
    fs::rename(&fresh, path).with_context(context)
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;

    #[test]
    fn a_broken_file_is_named_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state.json");
        for (text, said) in [("{\"version\":1,", "is broken"), ("{\"version\":9,\"world\":{}}", "version 9")]
        {
            fs::write(&path, text).unwrap();
            let error = format!("{:#}", load(&path).unwrap_err());
            assert!(error.contains(said) && error.contains("state.json"), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn what_is_saved_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state.json");
        assert!(load(&path).unwrap().is_none());
        let now = Utc.with_ymd_and_hms(2026, 8, 1, 12, 0, 0).unwrap();
        let mut world = World::seed(now);
        let news = world.open_channel("news", now);
        save(&path, &world).unwrap();
        let read = load(&path).unwrap().unwrap();
        assert_eq!(read.channel_named("news"), Some(news));
        assert_eq!(read.bot, world.bot);
    }
}
