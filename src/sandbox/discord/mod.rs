//! An embedded Discord on loopback, good enough for an unmodified serenity client.
//!
//! `dateline sandbox` runs the whole bot against it, and so do the tests: the client's rate limiter,
//! its gateway session and its parsing are the real ones. Two ways lead a client here:
//!
//! - in process: a `reqwest::Client` built with `.resolve("discord.com", discord.addr())` and the
//!   root certificate [`EmbeddedDiscord::ca_pem`];
//! - a whole binary: `HTTPS_PROXY` set to [`EmbeddedDiscord::proxy_url`] and `SSL_CERT_FILE` to a
//!   file with the certificate; every host but Discord's own is refused with 403.
//!
//! The gateway is plain `ws://` on the same port, as `GET /gateway` says. Nothing listens on
//! anything but 127.0.0.1, and everything that listens ends with the value.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::routing::get;
use secrecy::{ExposeSecret, SecretString};

use crate::clock::Clock;
use crate::domain::{ChannelId, GuildId, UserId};

mod breakage;
mod control;
mod endpoint;
mod faults;
mod gateway;
mod guild_control;
mod hub;
mod interactions;
mod limits;
mod log;
mod mentions;
mod objects;
mod options;
mod permissions;
mod persist;
mod rest;
mod server;
mod sessions;
mod state;
mod validate;
mod watch;

pub use control::{ControlError, Reply};
pub use endpoint::Endpoint;
pub use faults::{Effect, Fault, Hold};
pub use limits::Limit;
pub use log::{Answer, Exchange, Params};
pub use permissions::{
    ATTACH_FILES, EMBED_LINKS, MANAGE_CHANNELS, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS, VIEW_CHANNEL,
};
pub use state::{Access, Overwrite, Pings, StoredFile, StoredMessage};

/// How an embedded Discord is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where its state is kept across restarts; nowhere if `None`.
    pub state: Option<PathBuf>,
    /// Names of the channels of the guild; those that are missing are made.
    pub channels: Vec<String>,
    /// The bot's token; made up if `None`.
    pub token: Option<SecretString>,
    pub clock: Clock,
    /// How long a user waits for the first answer to an interaction: 3 seconds at Discord's.
    pub first_answer: Duration,
    /// How long a control call waits for anything else.
    pub patience: Duration,
    /// The limit on posting, editing and following up, for each channel.
    pub message_limit: Limit,
    /// The limit on publishing messages, for each announcement channel.
    pub crosspost_limit: Limit,
    /// The limit on all requests of the bot together, answers to interactions apart.
    pub global_limit: Limit,
    /// The limit on edits of one message that is old. Discord tells no number; this one is made up.
    pub old_edit_limit: Limit,
    /// From which age on a message is old: an hour at Discord's.
    pub old_after: Duration,
    /// The limit on IDENTIFYs.
    pub identify_limit: Limit,
    /// For how long after an IDENTIFY the next one is too soon: 5 seconds at Discord's.
    pub identify_spacing: Duration,
    /// How long a nonce is remembered: "a few minutes" in the documentation.
    pub nonce_life: Duration,
    /// How long an interaction's token works: 15 minutes at Discord's.
    pub token_life: Duration,
    /// How often a gateway client is to send a heartbeat.
    pub heartbeat: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            state: None,
            channels: vec!["news".into(), "general".into()],
            token: None,
            clock: Clock::System,
            first_answer: Duration::from_secs(3),
            patience: Duration::from_secs(30),
            message_limit: Limit::MESSAGES,
            crosspost_limit: Limit::CROSSPOSTS,
            global_limit: Limit::GLOBAL,
            old_edit_limit: Limit { count: 30, window: Duration::from_secs(3600) },
            old_after: Duration::from_secs(3600),
            identify_limit: Limit::IDENTIFIES,
            identify_spacing: Duration::from_secs(5),
            nonce_life: Duration::from_secs(300),
            token_life: Duration::from_secs(15 * 60),
            heartbeat: Duration::from_millis(41_250),
        }
    }
}

/// The people of the guild.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct People {
    pub bot: UserId,
    /// May read, write and use commands.
    pub member: UserId,
    /// Has Manage Channels besides.
    pub moderator: UserId,
    /// May do everything; owns the guild.
    pub administrator: UserId,
}

/// A running embedded Discord; it ends when the value is dropped.
pub struct EmbeddedDiscord {
    hub: Arc<hub::Hub>,
    ca_pem: String,
}

impl EmbeddedDiscord {
    /// Binds a port of 127.0.0.1 and starts to serve. Must be called on a tokio runtime.
    ///
    /// # Errors
    /// No port, no certificate, or a state file that is broken.
    pub async fn start(settings: Settings) -> anyhow::Result<Self> {
        let now = settings.clock.now();
        let loaded = settings.state.as_deref().map(persist::load).transpose()?.flatten();
        let mut world = loaded.unwrap_or_else(|| state::World::seed(now));
        for name in &settings.channels {
            world.open_channel(name, now);
        }
        if let Some(path) = &settings.state {
            persist::save(path, &world)?;
        }
        let identity = server::identity().context("making the sandbox's certificate")?;
        let listener = server::bind().await?;
        let token = settings.token.clone().unwrap_or_else(|| made_up_token(world.bot).into());
        let addr = listener.local_addr().context("reading the port of the sandbox")?;
        let hub = Arc::new(hub::Hub::new(settings, token, addr, world));
        let api = rest::router(&hub);
        let plain = Router::new().route("/", get(gateway::connect)).with_state(hub.clone());
        server::serve(&hub, listener, identity.tls, api, plain);
        Ok(EmbeddedDiscord { hub, ca_pem: identity.ca_pem })
    }

    /// Stops serving and waits until every connection is gone.
    pub async fn shutdown(self) {
        self.hub.shutdown.cancel();
        self.hub.tasks.close();
        self.hub.tasks.wait().await;
    }

    pub fn addr(&self) -> SocketAddr {
        self.hub.addr
    }

    /// The certificate to trust, in PEM.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Writes the certificate where `SSL_CERT_FILE` can point to.
    pub fn write_ca(&self, path: &Path) -> anyhow::Result<()> {
        std::fs::write(path, &self.ca_pem).with_context(|| format!("writing {}", path.display()))
    }

    /// What `HTTPS_PROXY` has to be.
    pub fn proxy_url(&self) -> String {
        format!("http://{}", self.hub.addr)
    }

    /// The token that the bot has to use; a secret of this process only.
    pub fn token(&self) -> &str {
        self.hub.token.expose_secret()
    }

    pub fn guild(&self) -> GuildId {
        self.hub.world().guild.id
    }

    pub fn people(&self) -> People {
        let world = self.hub.world();
        // The seed names them, and nothing renames or removes a user.
        let named = |name| world.user_named(name).unwrap_or(world.guild.owner);
        People {
            bot: world.bot,
            member: named("member"),
            moderator: named("moderator"),
            administrator: named("administrator"),
        }
    }

    /// The channel of the guild with this name.
    pub fn channel(&self, name: &str) -> Option<ChannelId> {
        self.hub.world().channel_named(name)
    }

    /// The channels of the guild, in order, with their names.
    pub fn channels(&self) -> Vec<(ChannelId, String)> {
        let world = self.hub.world();
        let of_guild = world.channels.values().filter(|c| c.is_in_guild() && c.thread.is_none());
        of_guild.map(|c| (c.id, c.name.clone())).collect()
    }
}

impl Drop for EmbeddedDiscord {
    fn drop(&mut self) {
        self.hub.shutdown.cancel();
        // Every test of this crate that speaks to one ends with the referee.
        #[cfg(test)]
        if !std::thread::panicking() {
            assert_eq!(super::referee::verdict(self), [""; 0]);
        }
    }
}

/// Three parts, of which the first is the bot's id, as in a real one.
fn made_up_token(bot: UserId) -> String {
    use base64::Engine as _;
    let id = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bot.to_string());
    let part = |length| std::iter::repeat_with(fastrand::alphanumeric).take(length).collect::<String>();
    format!("{id}.{}.{}", part(6), part(38))
}
