//! The gateway connection: serenity on a runtime and threads of its own, watched from another thread.
//!
//! After some closes serenity spins without ever yielding, and neither reconnects nor ends until its
//! next heartbeat fails. That takes a thread, and with it the timers and sockets of the runtime the
//! thread belongs to: so nothing else runs on it, least of all what is to notice.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use poise::serenity_prelude as serenity;
use secrecy::SecretString;
use serenity::{ClientBuilder, ConnectionStage, FullEvent, GatewayIntents, ShardManager};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::client::{self, Loopback};
use super::commands::{self, Data};
use super::convert::nobody;
use super::desk::{Desk, DeskError};
use super::files::Files;
use super::patience::Patience;
use super::pulse::Pulse;
use super::register::register;
use super::{errors, events};

/// What a bot is started with.
pub struct BotSettings {
    pub token: SecretString,
    /// Set where an embedded Discord stands in for the real one.
    pub loopback: Option<Loopback>,
    pub desk: Arc<dyn Desk>,
    /// How long the gateway may be silent, or unreachable at the start, before the bot gives up.
    pub patience: Duration,
}

/// A running bot. Dropping it stops it; [`Bot::shutdown`] stops it in order.
pub struct Bot {
    phase: watch::Receiver<Phase>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

/// Why a bot ended by itself. All of them are the operator's to look at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BotError {
    #[error(
        "Discord refused the token: set DISCORD_TOKEN to the token of the bot, from its page in the developer portal"
    )]
    Token,
    #[error("Discord cannot be reached: {0}")]
    Unreachable(String),
    #[error("Discord's gateway has given no sign of life for {} minutes", .0.as_secs() / 60)]
    Silent(Duration),
    #[error("the connection to Discord ended: {0}")]
    Ended(String),
    #[error("the Discord client cannot be started: {0}")]
    Start(String),
}

/// How far a bot has got.
#[derive(Debug, Clone)]
pub enum Phase {
    Starting,
    /// The gateway is connected and Discord knows our commands.
    Ready,
    Ended(Result<(), BotError>),
}

impl Bot {
    /// Starts the threads and returns; [`Bot::wait_ready`] tells how it went.
    pub fn start(settings: BotSettings) -> Result<Self, BotError> {
        let start_error = |error: std::io::Error| BotError::Start(error.to_string());
        let mut threads = tokio::runtime::Builder::new_multi_thread();
        let serenity = threads.worker_threads(2).thread_name("discord-worker").enable_all().build();
        let serenity = serenity.map_err(start_error)?;
        let watcher =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(start_error)?;
        let (phase, watched) = watch::channel(Phase::Starting);
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let thread = std::thread::Builder::new().name("discord".to_owned()).spawn(move || {
            let ended = watcher.block_on(supervise(&serenity, settings, stopped, phase.clone()));
            // A worker that spins is left behind; it ends with the process.
            serenity.shutdown_timeout(Duration::from_secs(2));
            phase.send_replace(Phase::Ended(ended));
        });
        Ok(Self { phase: watched, stop, thread: Some(thread.map_err(start_error)?) })
    }

    /// Waits until commands can be used, or the bot has ended.
    pub async fn wait_ready(&self) -> Result<(), BotError> {
        match self.wait_for(|phase| !matches!(phase, Phase::Starting)).await {
            Phase::Ended(Err(error)) => Err(error),
            Phase::Ended(Ok(())) => Err(BotError::Ended("it was stopped".to_owned())),
            Phase::Ready | Phase::Starting => Ok(()),
        }
    }

    /// Waits until the bot has ended, which without [`Bot::shutdown`] is always an error.
    pub async fn ended(&self) -> Result<(), BotError> {
        match self.wait_for(|phase| matches!(phase, Phase::Ended(_))).await {
            Phase::Ended(ended) => ended,
            Phase::Ready | Phase::Starting => Ok(()),
        }
    }

    /// Says goodbye to the gateway and waits for the threads; takes some seconds at most.
    pub async fn shutdown(mut self) -> Result<(), BotError> {
        self.stop.cancel();
        let ended = self.ended().await;
        if let Some(thread) = self.thread.take() {
            // It has sent its last word, so there is nothing to wait for.
            thread.join().map_err(|_| BotError::Ended("its thread panicked".to_owned()))?;
        }
        ended
    }

    async fn wait_for(&self, wanted: impl FnMut(&Phase) -> bool) -> Phase {
        match self.phase.clone().wait_for(wanted).await {
            Ok(phase) => phase.clone(),
            Err(_) => Phase::Ended(Err(BotError::Ended("its thread panicked".to_owned()))),
        }
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// How often the gateway is looked at.
const LOOK: Duration = Duration::from_secs(5);
/// serenity waits 5 seconds for each shard's goodbye.
const GOODBYE: Duration = Duration::from_secs(8);

/// Runs the client until it ends, is stopped, or falls silent.
async fn supervise(
    serenity: &tokio::runtime::Runtime,
    settings: BotSettings,
    stop: CancellationToken,
    phase: watch::Sender<Phase>,
) -> Result<(), BotError> {
    let patience = settings.patience;
    let (started, shards) = watch::channel(None);
    let client = serenity.spawn(serve(settings, phase, started));
    tokio::select! {
        ended = client => match ended {
            Ok(Ok(())) => Err(BotError::Ended("serenity stopped".to_owned())),
            Ok(Err(error)) => Err(error),
            Err(panic) => Err(BotError::Ended(panic.to_string())),
        },
        () = watch_over(shards.clone(), patience) => Err(BotError::Silent(patience)),
        () = stop.cancelled() => {
            let shards = shards.borrow().clone();
            if let Some(shards) = shards
                && tokio::time::timeout(GOODBYE, shards.shutdown_all()).await.is_err()
            {
                tracing::warn!("Discord's gateway did not say goodbye in time");
            }
            Ok(())
        }
    }
}

/// The shard manager, once there is one.
type Shards = Option<Arc<ShardManager>>;

async fn serve(
    settings: BotSettings,
    phase: watch::Sender<Phase>,
    started: watch::Sender<Shards>,
) -> Result<(), BotError> {
    let BotSettings { token, loopback, desk, patience } = settings;
    let http = client::answering_http(&token, loopback.as_ref())
        .map_err(|error| BotError::Start(format!("{error:#}")))?;
    let files = Files::new(loopback.as_ref()).map_err(|error| BotError::Start(format!("{error:#}")))?;
    sign_in(&http, patience).await?;
    // Guilds with their channels and roles, which the gateway keeps up to date: commands carry no names of other
    // channels than their own, nor what somebody may do there.
    let mut cache = ::serenity::cache::Settings::default();
    cache.cache_users = false;
    let mut client = ClientBuilder::new_with_http(http, GatewayIntents::GUILDS)
        .framework(framework(Data { desk, files, patience: Patience::default(), phase }))
        .cache_settings(cache)
        .await
        .map_err(bot_error)?;
    if loopback.is_some() {
        // Where it cannot learn the gateway's address, serenity takes the public one.
        let gateway = client.ws_url.lock().await.clone();
        if gateway.contains("discord.gg") {
            return Err(BotError::Unreachable("the embedded Discord names no gateway".to_owned()));
        }
    }
    started.send_replace(Some(Arc::clone(&client.shard_manager)));
    client.start_autosharded().await.map_err(bot_error)
}

/// Asks who we are until Discord answers. A refused token is final: asking again would ban the address.
async fn sign_in(http: &serenity::Http, patience: Duration) -> Result<(), BotError> {
    let begun = Instant::now();
    let mut pause = Duration::from_secs(1);
    loop {
        let error = match http.get_current_user().await {
            Ok(_) => return Ok(()),
            Err(error) => bot_error(error),
        };
        if !matches!(error, BotError::Unreachable(_)) || begun.elapsed() + pause > patience {
            return Err(error);
        }
        tracing::warn!(%error, "Discord does not answer yet");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(30));
    }
}

/// Returns when the gateway has been silent for too long, counted from the start of its client.
async fn watch_over(mut started: watch::Receiver<Shards>, patience: Duration) {
    let shards = match started.wait_for(Option::is_some).await.map(|shards| shards.clone()) {
        Ok(Some(shards)) => shards,
        // The client ended before it began; that is told elsewhere.
        _ => return std::future::pending().await,
    };
    let mut pulse = Pulse::new(patience, Instant::now());
    loop {
        tokio::time::sleep(LOOK).await;
        let signs = {
            let runners = shards.runners.lock().await;
            let mut signs: Vec<_> = runners.iter().collect();
            signs.sort_by_key(|(id, _)| id.0);
            signs
                .iter()
                .map(|(_, runner)| (runner.stage == ConnectionStage::Connected, runner.latency))
                .collect()
        };
        if !pulse.beat(Instant::now(), signs) {
            return;
        }
    }
}

fn framework(data: Data) -> poise::Framework<Data, DeskError> {
    let options = poise::FrameworkOptions {
        commands: commands::all(),
        on_error: errors::on_error,
        allowed_mentions: Some(nobody()),
        event_handler: |framework, event| {
            Box::pin(async move {
                let (ctx, data) = (framework.serenity_context, framework.user_data);
                if let FullEvent::Ready { .. } = event {
                    tell_commands(ctx, &framework.options.commands).await;
                    data.phase.send_replace(Phase::Ready);
                    return Ok(());
                }
                events::handle(ctx, event, data).await
            })
        },
        ..poise::FrameworkOptions::default()
    };
    poise::Framework::builder()
        .options(options)
        .initialize_owners(false)
        // poise holds back every event until this has returned, and for ever if it fails.
        .setup(|_, _, _| Box::pin(async move { Ok(data) }))
        .build()
}

async fn tell_commands(ctx: &serenity::Context, commands: &[poise::Command<Data, DeskError>]) {
    match register(&ctx.http, poise::builtins::create_application_commands(commands)).await {
        Ok(true) => tracing::info!("Discord was told our changed commands"),
        Ok(false) => tracing::debug!("Discord knows our commands"),
        // Those it has still work; the next start tries again.
        Err(error) => tracing::error!(error = format!("{error:#}"), "Discord could not be told our commands"),
    }
}

pub(super) fn bot_error(error: serenity::Error) -> BotError {
    use serenity::{Error, GatewayError, HttpError};
    match error {
        Error::Gateway(GatewayError::InvalidAuthentication | GatewayError::NoAuthentication) => {
            BotError::Token
        }
        Error::Gateway(error) => BotError::Ended(error.to_string()),
        Error::Http(HttpError::UnsuccessfulRequest(response)) if response.status_code.as_u16() == 401 => {
            BotError::Token
        }
        Error::Http(error) => {
            let cause =
                std::error::Error::source(&error).map(|cause| format!(" {cause}")).unwrap_or_default();
            BotError::Unreachable(format!("{error}{cause}"))
        }
        other => BotError::Unreachable(other.to_string()),
    }
}
