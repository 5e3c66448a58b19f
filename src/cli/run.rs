//! `dateline run`: the bot, with its settings from the environment or `.env`.

use std::path::Path;

use super::Usage;
use crate::app::App;
use crate::config::Config;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  cp .env.example .env   # fill in DISCORD_TOKEN and CONTACT_URL\n  dateline run\n\n\
                        SIGTERM or Ctrl-C ends it within 10 seconds; a second one at once."
)]
pub struct Args {}

pub fn run(models_dir: Option<&Path>) -> anyhow::Result<()> {
    let mut config =
        Config::read(|name| std::env::var(name).ok()).map_err(|error| Usage(error.to_string()))?;
    if let Some(folder) = models_dir {
        config.reading.models = Some(folder.to_owned());
    }
    super::runtime()?.block_on(async { App::start(&config, None).await?.run().await })
}
