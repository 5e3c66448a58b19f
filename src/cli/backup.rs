//! `dateline backup`: a copy of the database, also while the bot runs.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::json;

use crate::config;
use crate::store::file;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dateline backup copies/dateline-2026-08-01.sqlite\n\n\
                        The bot may run meanwhile. To restore: stop it, put the copy where DATABASE_PATH says, and remove\n\
                        the files beside it that end in -wal and -shm.")]
pub struct Args {
    /// The file to be made; one that exists is not overwritten
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let database = config::database_path(|name| std::env::var(name).ok());
    let bytes = super::runtime()?.block_on(file::backup(&database, &args.file))?;
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", json!({"database": database, "file": args.file, "bytes": bytes}))?;
    } else {
        let megabytes = bytes as f64 / 1e6;
        writeln!(
            out,
            "{} is a copy of {}, {megabytes:.1} MB, read and found whole",
            args.file.display(),
            database.display()
        )?;
    }
    Ok(())
}
