//! The composition root: the only place that puts the parts together.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::config::Config;
use crate::desk::NewsDesk;
use crate::discord::{Bot, BotSettings, Loopback, Publisher};
use crate::fetch::{FetchSettings, Fetcher};
use crate::lifecycle::{Stop, Tasks};
use crate::reading::abstractive;
use crate::reading::{ReaderPool, models};
use crate::store::Store;
use crate::tasks::{self, Ctx, Edition, Parser, Timings, Wake};

/// Articles that wait for a model thread. A full queue makes the stages before it wait.
const READING_QUEUE: usize = 8;

/// How long Discord may be silent before the process ends, for its supervisor to start it anew.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// The running bot.
pub struct App {
    pub ctx: Arc<Ctx>,
    tasks: Tasks,
    ready: oneshot::Receiver<()>,
}

impl App {
    /// Opens the database, loads the models, starts every task and the connection to Discord.
    ///
    /// `loopback` names an embedded Discord to speak to instead of the real one.
    ///
    /// # Errors
    /// Whatever keeps the bot from starting, in words that say what to do.
    pub async fn start(config: &Config, loopback: Option<Loopback>) -> anyhow::Result<Self> {
        let begun = Instant::now();
        let ctx = Arc::new(context(config, loopback.as_ref()).await?);
        let bot = Bot::start(BotSettings {
            token: config.discord.token.clone(),
            loopback,
            desk: Arc::new(NewsDesk::new(Arc::clone(&ctx))),
            patience: PATIENCE,
        })?;
        let tasks = Tasks::default();
        let (is_ready, ready) = oneshot::channel();
        let stop = tasks.stop();
        tasks.spawn("discord", connection(bot, stop, is_ready, begun));
        tasks::start(&tasks, &ctx);
        Ok(Self { ctx, tasks, ready })
    }

    /// Waits until commands can be used. False if the bot ended before; [`App::run`] tells why.
    pub async fn ready(&mut self) -> bool {
        (&mut self.ready).await.is_ok()
    }

    /// Asks the bot to end.
    pub fn stop(&self) -> Stop {
        self.tasks.stop()
    }

    /// Runs until a signal, [`Stop::request`] or a failure, then stops everything and closes the database.
    ///
    /// # Errors
    /// A task failed, or ended by itself.
    pub async fn run(self) -> anyhow::Result<()> {
        let outcome = self.tasks.run().await;
        self.ctx.store.clone().close().await;
        outcome
    }
}

/// The parts that the stages and the commands work with.
///
/// # Errors
/// As [`App::start`].
pub async fn context(config: &Config, loopback: Option<&Loopback>) -> anyhow::Result<Ctx> {
    let store = Store::open(&config.store.path).await?;
    let folder = models::directory(config.reading.models.as_deref());
    let reading = config.reading.clone();
    let reader = tokio::task::spawn_blocking(move || {
        let writer = abstractive::chosen(reading.summarizer, reading.summarizer_model.as_deref(), &folder)?;
        ReaderPool::start(&folder, reading.threads, READING_QUEUE, writer.as_deref())
    })
    .await
    .context("loading the models")??;
    let fetcher = Fetcher::new(FetchSettings {
        allow_hosts: config.fetch.allow_hosts.clone(),
        spacing: config.fetch.host_spacing,
        ..FetchSettings::new(config.fetch.contact.as_str())
    })?;
    let publisher = Publisher::new(&config.discord.token, loopback)?;
    Ok(Ctx {
        store,
        fetcher,
        parser: Parser::default(),
        reader,
        publisher,
        clock: Clock::System,
        poll_interval: config.fetch.poll_interval,
        late_after: config.fetch.late_after,
        shelf: tokio::sync::Mutex::default(),
        wake: Wake::default(),
        edition: Edition::default(),
        timings: Timings::default(),
    })
}

async fn connection(
    bot: Bot,
    stop: Stop,
    is_ready: oneshot::Sender<()>,
    begun: Instant,
) -> anyhow::Result<()> {
    tokio::select! {
        ready = bot.wait_ready() => ready?,
        () = stop.requested() => return Ok(bot.shutdown().await?),
    }
    tracing::info!(elapsed_ms = begun.elapsed().as_millis() as u64, "Ready: commands can be used.");
    // Nobody listens in `dateline run`.
    let _ = is_ready.send(());
    tokio::select! {
        ended = bot.ended() => ended?,
        () = stop.requested() => bot.shutdown().await?,
    }
    Ok(())
}
