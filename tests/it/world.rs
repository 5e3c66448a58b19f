//! A news site whose pages a test writes, an embedded Discord, and the stages of the bot over a
//! real database and the real models; ticks are driven by hand.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, Response, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use dateline::app;
use dateline::config::{self, Config};
use dateline::discord::Loopback;
use dateline::domain::{ChannelId, FeedUrl, Filter, Terms};
use dateline::reading::abstractive::Choice;
use dateline::sandbox::discord::{EmbeddedDiscord, Endpoint, Exchange, Limit, Settings, StoredMessage};
use dateline::store::subscriptions::NewSubscription;
use dateline::store::{feeds, subscriptions};
use dateline::tasks::{self, Ctx};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::referee::Refereed;

/// What the site answers to a path.
#[derive(Clone)]
struct Answer {
    status: u16,
    content_type: &'static str,
    body: Vec<u8>,
}

type Pages = Arc<Mutex<HashMap<String, Answer>>>;

/// A news site on loopback.
pub struct Site {
    pub root: String,
    pub host: String,
    pages: Pages,
    _server: JoinSet<()>,
}

impl Site {
    pub async fn start() -> Self {
        let pages = Pages::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let app = Router::new().fallback(serve).with_state(pages.clone());
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { root: format!("http://{host}"), host, pages, _server: server }
    }

    /// The body of a redirect is the address it leads to.
    pub fn put(&self, path: &str, status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) {
        let answer = Answer { status, content_type, body: body.into() };
        self.pages.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// An article page of an outlet.
    pub fn page(&self, path: &str, outlet: &str, title: &str, published: DateTime<Utc>, paragraphs: &[&str]) {
        let body: String = paragraphs.iter().map(|text| format!("<p>{text}</p>\n")).collect();
        let html = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} | {outlet}</title>\
             <meta property=\"og:title\" content=\"{title}\"><meta property=\"og:site_name\" content=\"{outlet}\">\
             <meta property=\"article:published_time\" content=\"{}\"></head><body>\
             <nav><a href=\"/\">Home</a></nav><article><h1>{title}</h1>{body}</article></body></html>",
            published.to_rfc3339()
        );
        self.put(path, 200, "text/html; charset=utf-8", html);
    }

    /// An RSS feed of paths on this site: (path, title, publication).
    pub fn feed(&self, path: &str, title: &str, items: &[(&str, &str, DateTime<Utc>)]) {
        let items: String = items
            .iter()
            .map(|(page, title, at)| {
                format!(
                    "<item><title>{title}</title><link>{}{page}</link><guid>{page}</guid><pubDate>{}</pubDate></item>",
                    self.root,
                    at.to_rfc2822()
                )
            })
            .collect();
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>{title}</title><link>{}</link>{items}</channel></rss>",
            self.root
        );
        self.put(path, 200, "application/rss+xml", feed);
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }
}

async fn serve(State(pages): State<Pages>, request: Request<Body>) -> Response<Body> {
    let answer = pages.lock().unwrap().get(request.uri().path()).cloned();
    let answer =
        answer.unwrap_or(Answer { status: 404, content_type: "text/plain", body: b"no such page".to_vec() });
    let mut response = Response::builder().status(StatusCode::from_u16(answer.status).unwrap());
    if (300..400).contains(&answer.status) {
        response = response.header(header::LOCATION, answer.body.clone());
    }
    response.header(header::CONTENT_TYPE, answer.content_type).body(Body::from(answer.body)).unwrap()
}

/// The whole bot but for its loops.
pub struct World {
    pub site: Site,
    pub discord: Refereed,
    pub ctx: Ctx,
    pub now: DateTime<Utc>,
    _folder: TempDir,
}

pub const NEWS: &str = "news";

impl World {
    pub async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    /// A Discord with these settings, but for its channels and limits.
    pub async fn with(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = Site::start().await;
        let discord = EmbeddedDiscord::start(Settings {
            channels: vec![NEWS.to_owned(), "other".to_owned()],
            message_limit: Limit { window: std::time::Duration::from_millis(100), ..Limit::MESSAGES },
            crosspost_limit: Limit { window: std::time::Duration::from_millis(100), ..Limit::CROSSPOSTS },
            ..settings
        })
        .await
        .unwrap();
        let discord = Refereed::new(discord);
        let config = self::settings(&discord, &site, folder.path());
        let ctx = app::context(&config, Some(&loopback(&discord))).await.unwrap();
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        Self { site, discord, ctx, now, _folder: folder }
    }

    /// The first moment of every test.
    pub fn start(&self) -> DateTime<Utc> {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    /// Ends the bot and starts it anew on what it has kept.
    pub async fn restart(&mut self) {
        self.ctx.store.clone().close().await;
        let config = settings(&self.discord, &self.site, self._folder.path());
        self.ctx = app::context(&config, Some(&loopback(&self.discord))).await.unwrap();
    }

    pub fn channel(&self) -> ChannelId {
        self.discord.channel(NEWS).unwrap()
    }

    pub fn cards(&self) -> Vec<StoredMessage> {
        self.discord.messages(self.channel())
    }

    /// Watches a feed of the site and subscribes the news channel to it, as of now.
    pub async fn watch(&self, path: &str) {
        self.watch_on(path, Terms::default()).await;
    }

    /// The same on other terms.
    pub async fn watch_on(&self, path: &str, terms: Terms) {
        self.watch_in(path, self.channel(), terms).await;
    }

    /// The same for another channel.
    pub async fn watch_in(&self, path: &str, channel: ChannelId, terms: Terms) {
        let (guild, moderator) = (self.discord.guild(), self.discord.people().moderator);
        let mut tx = self.ctx.store.write().await.unwrap();
        let feed =
            feeds::add(&mut tx, &FeedUrl::parse(&self.site.url(path)).unwrap(), self.now).await.unwrap();
        feeds::watch(&mut tx, guild, feed, moderator, self.now).await.unwrap();
        let filter = Filter { feed: Some(feed), ..Filter::default() };
        let new = NewSubscription {
            guild,
            channel,
            filter: &filter,
            meaning: None,
            terms,
            since: self.now,
            created_by: moderator,
        };
        subscriptions::add(&mut tx, &new, self.now).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Lets time pass.
    pub fn later(&mut self, time: TimeDelta) {
        self.now += time;
    }

    /// Polls and reads whatever is due, and groups it: everything but the posting.
    pub async fn read(&self) {
        while tasks::poll::tick(&self.ctx, self.now).await.unwrap() {}
        while tasks::read::tick(&self.ctx, self.now).await.unwrap() {}
        while tasks::group::tick(&self.ctx, self.now).await.unwrap() {}
    }

    /// One go at posting what is due.
    pub async fn deliver(&self) {
        tasks::deliver::tick(&self.ctx, self.now).await.unwrap();
    }

    /// A round of everything.
    pub async fn round(&self) {
        self.read().await;
        while tasks::deliver::tick(&self.ctx, self.now).await.unwrap() {}
    }
}

/// The settings of a bot that speaks to `discord` and may fetch from `site`.
pub fn settings(discord: &EmbeddedDiscord, site: &Site, folder: &Path) -> Config {
    Config {
        discord: config::Discord { token: discord.token().into() },
        store: config::Store { path: folder.join("dateline.sqlite") },
        fetch: config::Fetch {
            contact: "https://example.org/contact".parse().unwrap(),
            allow_hosts: vec![site.host.clone()],
            poll_interval: std::time::Duration::from_secs(600),
            late_after: dateline::config::LATE_AFTER,
            host_spacing: std::time::Duration::ZERO,
        },
        reading: config::Reading {
            models: None,
            threads: 1,
            summarizer: Choice::Extractive,
            summarizer_model: None,
        },
    }
}

pub fn loopback(discord: &EmbeddedDiscord) -> Loopback {
    Loopback { addr: discord.addr(), ca_pem: discord.ca_pem().to_owned() }
}

/// How often an endpoint was asked about a channel.
pub fn requests_for(discord: &EmbeddedDiscord, endpoint: Endpoint, channel: ChannelId) -> usize {
    let id = channel.to_string();
    let about =
        |exchange: &Exchange| exchange.endpoint == endpoint && exchange.params.get("channel_id") == Some(&id);
    discord.exchanges().iter().filter(|exchange| about(exchange)).count()
}

/// A card's words: title, description and fields.
pub fn words(card: &StoredMessage) -> String {
    let embed = &card.embeds[0];
    let fields = embed["fields"].as_array().cloned().unwrap_or_default();
    let fields: String = fields
        .iter()
        .map(|f| format!("\n{}: {}", f["name"].as_str().unwrap(), f["value"].as_str().unwrap()))
        .collect();
    format!(
        "{}\n{}{fields}",
        embed["title"].as_str().unwrap_or_default(),
        embed["description"].as_str().unwrap_or_default()
    )
}

/// The opening of the Panama Canal, as one outlet told it.
pub const CANAL: [&str; 4] = [
    "The steamer Ancon passed through the Panama Canal on Saturday, and the waterway between the Atlantic and the \
     Pacific was declared open to the ships of all nations.",
    "The passage took nine hours and forty minutes. George Goethals, the chief engineer, followed the ship along the \
     bank in a railway car.",
    "The canal shortens the voyage from New York to San Francisco by about 8,000 miles. The United States began work on \
     it in 1904, after a French company had failed.",
    "More than 5,600 workers died during the American construction, many of them from Barbados and Jamaica.",
];

/// The same event in the words of another.
pub const CANAL_AGAIN: [&str; 4] = [
    "The Panama Canal was opened to the commerce of the world on Saturday when the American steamer Ancon made the \
     voyage from ocean to ocean in less than ten hours.",
    "About 200 guests of the War Department were on board. Colonel George Goethals, who built the canal, watched from \
     the shore as the ship rose through the locks at Gatun.",
    "Work on the canal by the United States lasted ten years and cost 375 million dollars.",
    "A great naval parade through the canal is planned for next year.",
];

/// Something else altogether.
pub const EVEREST: [&str; 3] = [
    "Edmund Hillary and Tenzing Norgay reached the summit of Mount Everest on Friday, the first men known to have stood \
     on the highest point of the earth.",
    "The two climbers are members of a British expedition led by John Hunt and spent a quarter of an hour on the top.",
    "Ten expeditions before them had failed since 1921.",
];
