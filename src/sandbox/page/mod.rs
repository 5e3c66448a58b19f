//! The page of the sandbox: the embedded Discord in a browser, as its client would show it.
//!
//! It is served on 127.0.0.1 to that host alone ([`guard`]), and everything that it is made of is in
//! the program ([`assets`]). The browser asks for the whole view of one person in one channel
//! (`/state`) whenever the stream `/events` says that something changed; what a person does comes back
//! as a POST ([`acts`]).

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::discord::{ControlError, EmbeddedDiscord};
use super::site::Site;
use crate::domain::{ChannelId, UserId};
use crate::tasks::Ctx;

mod acts;
mod assets;
mod guard;
mod log;

use log::Log;

/// The same at each start, so that a page that is open finds a sandbox that was started again, and a theme that was
/// chosen is kept.
const PORT: u16 = 8765;

/// What a person does, in bytes: a file of the 10 MiB that Discord lets users attach grows by a third in base64, and
/// one that is too large is still to be told that it is.
const BODY: usize = 20 * 1024 * 1024;

/// What the page shows and works on.
pub struct Stage {
    pub discord: Arc<EmbeddedDiscord>,
    pub site: Arc<Site>,
    pub ctx: Arc<Ctx>,
    log: Mutex<Log>,
    /// Changes with each article that is published: Discord may hear nothing of it.
    published: watch::Sender<u64>,
}

impl Stage {
    pub fn new(discord: Arc<EmbeddedDiscord>, site: Arc<Site>, ctx: Arc<Ctx>) -> Self {
        Self { discord, site, ctx, log: Mutex::default(), published: watch::Sender::default() }
    }
}

/// A page that is being served; it ends when the value is dropped.
pub struct Page {
    pub url: String,
    _server: JoinSet<()>,
}

impl Page {
    /// Serves on port 8765 of 127.0.0.1, or on a free one where that is taken.
    ///
    /// # Errors
    /// There is no port.
    pub async fn start(stage: Stage) -> anyhow::Result<Self> {
        let listener = match TcpListener::bind(("127.0.0.1", PORT)).await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind(("127.0.0.1", 0))
                .await
                .context("binding a port on 127.0.0.1 for the page")?,
        };
        let port = listener.local_addr().context("reading the port of the page")?.port();
        let app = router(Arc::new(stage), port);
        let mut server = JoinSet::new();
        server.spawn(async move {
            if let Err(error) = axum::serve(listener, app).await {
                tracing::error!("The sandbox's page ended: {error}");
            }
        });
        Ok(Self { url: format!("http://127.0.0.1:{port}/"), _server: server })
    }
}

fn router(stage: Arc<Stage>, port: u16) -> Router {
    let mut router = Router::new()
        .route("/state", get(state))
        .route("/events", get(events))
        .route("/files/{message_id}/{file_id}", get(acts::file))
        .route("/act/command", post(acts::command))
        .route("/act/complete", post(acts::complete))
        .route("/act/press", post(acts::press))
        .route("/act/say", post(acts::say))
        .route("/act/dismiss", post(acts::dismiss))
        .route("/act/fail", post(acts::fail))
        .route("/act/publish", post(acts::publish));
    for asset in &assets::ALL {
        router = router.route(asset.path, get(move || async move { asset.response() }));
    }
    let router = router.layer(DefaultBodyLimit::max(BODY));
    router.with_state(stage).layer(middleware::from_fn_with_state(guard::Own::new(port), guard::check))
}

/// Who looks at what.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    Member,
    Moderator,
    Administrator,
}

impl Role {
    fn user(self, discord: &EmbeddedDiscord) -> UserId {
        let people = discord.people();
        match self {
            Role::Member => people.member,
            Role::Moderator => people.moderator,
            Role::Administrator => people.administrator,
        }
    }
}

#[derive(Deserialize)]
struct Look {
    #[serde(rename = "as")]
    role: Role,
    /// The first channel if absent.
    channel: Option<String>,
}

async fn state(State(stage): State<Arc<Stage>>, Query(look): Query<Look>) -> Result<Json<Value>, Failure> {
    let discord = &stage.discord;
    let user = look.role.user(discord);
    let asked = look.channel.and_then(|id| id.parse().ok()).map(ChannelId);
    let first = discord.channels().first().map(|(id, _)| *id).ok_or(ControlError::UnknownChannel)?;
    // A channel that is gone, or hidden from this role, gives way to the first one.
    let shown = asked.map(|channel| discord.view(user, channel));
    let mut view = match shown {
        Some(Ok(view)) => view,
        _ => discord.view(user, first)?,
    };
    let mut log = stage.log.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    view["log"] = log.look(|count| discord.newest_exchanges(count));
    view["next_article"] = json!(stage.site.next().map(|page| page.header("title")));
    Ok(Json(view))
}

/// Says that something changed; says it once for many changes while nobody reads.
async fn events(State(stage): State<Arc<Stage>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let sources = (stage.discord.changes(), stage.published.subscribe());
    let changed = stream::unfold(sources, |(mut discord, mut published)| async move {
        let changed = tokio::select! {
            changed = discord.changed() => changed,
            changed = published.changed() => changed,
        };
        changed.ok()?;
        let revision = *discord.borrow_and_update() + *published.borrow_and_update();
        Some((Ok(Event::default().event("changed").data(revision.to_string())), (discord, published)))
    });
    Sse::new(changed).keep_alive(KeepAlive::default())
}

/// Why something that a person tried came to nothing, as a 4xx with a sentence.
struct Failure(String);

impl From<ControlError> for Failure {
    fn from(error: ControlError) -> Self {
        let sentence = match error {
            ControlError::NotPermitted => "You do not have permission to use this command here.".to_owned(),
            ControlError::NotConnected => "The bot is not connected at the moment.".to_owned(),
            other => capitalised(&other.to_string()),
        };
        Self(sentence)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": self.0}))).into_response()
    }
}

/// A message of the embedded Discord as a sentence of its client.
fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
