//! One round of the whole bot: the sample site is watched, read and posted, and somebody asks.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::json;

use super::discord::{EmbeddedDiscord, Reply, Settings, StoredMessage};
use super::page::{Page as ServedPage, Stage};
use super::site::{EVENTS, PAGES, Page, Site};
use crate::app::App;
use crate::config::{self, Config};
use crate::discord::Loopback;
use crate::domain::{FeedId, FeedUrl, Filter, Terms};
use crate::reading::abstractive::Choice;
use crate::store::subscriptions::NewSubscription;
use crate::store::{deliveries, entries, feeds, stories, subscriptions};

/// The channel that gets the news, and the one where people ask.
const NEWS: &str = "world-news";
const TALK: &str = "newsroom";

/// An announcement channel, and a forum whose posts need a tag.
const ANNOUNCEMENTS: &str = "headlines";
const FORUM: &str = "stories";

/// A round on a slow machine with a cold disk takes a tenth of this.
const PATIENCE: Duration = Duration::from_secs(300);

/// What the demo asks.
const QUERY: &str = "Berlin Wall border opens";

/// A running sandbox: site, embedded Discord and bot.
pub struct Sandbox {
    site: Arc<Site>,
    discord: Arc<EmbeddedDiscord>,
    app: App,
    /// The feeds of the sample site.
    samples: Vec<FeedId>,
    begun: Instant,
    ready_after: Duration,
}

/// What came of a round.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub entries: entries::Counts,
    pub articles: u64,
    pub stories: u64,
    pub cards: usize,
    /// Events of the sample site that do not have exactly one card, with the number they have.
    pub wrong: Vec<(String, usize)>,
}

impl Sandbox {
    /// Starts everything on what `data` holds; `feed` is watched besides the sample site.
    pub async fn start(data: &Path, models: Option<PathBuf>, feed: Option<&FeedUrl>) -> anyhow::Result<Self> {
        let begun = Instant::now();
        std::fs::create_dir_all(data).with_context(|| format!("making the folder {}", data.display()))?;
        let site = Arc::new(Site::start(&data.join("site-port")).await?);
        let discord = EmbeddedDiscord::start(Settings {
            state: Some(data.join("discord.json")),
            channels: vec![NEWS.to_owned(), TALK.to_owned()],
            ..Settings::default()
        })
        .await?;
        furnish(&discord);
        let discord = Arc::new(discord);
        let config = settings(&site, &discord, data, models)?;
        let loopback = Loopback { addr: discord.addr(), ca_pem: discord.ca_pem().to_owned() };
        let mut app = App::start(&config, Some(loopback)).await?;
        if !app.ready().await {
            return match app.run().await {
                Err(error) => Err(error),
                Ok(()) => bail!("the bot ended while it started"),
            };
        }
        let ready_after = begun.elapsed();
        let mut sandbox = Self { site, discord, app, samples: Vec::new(), begun, ready_after };
        sandbox.samples = sandbox.subscribe(feed).await?;
        Ok(sandbox)
    }

    /// Serves the page that shows it all, until the value is dropped.
    ///
    /// # Errors
    /// There is no port.
    pub async fn serve_page(&self) -> anyhow::Result<ServedPage> {
        let (discord, site) = (Arc::clone(&self.discord), Arc::clone(&self.site));
        ServedPage::start(Stage::new(discord, site, Arc::clone(&self.app.ctx))).await
    }

    /// Watches the sample feeds, and whatever else is asked for, for the channel with the news.
    ///
    /// The sample news is old, so the subscription reaches back: a person's own begins when it is made.
    async fn subscribe(&self, feed: Option<&FeedUrl>) -> anyhow::Result<Vec<FeedId>> {
        let ctx = &self.app.ctx;
        let (guild, people) = (self.discord.guild(), self.discord.people());
        let channel = self.discord.channel(NEWS).context("the sandbox has lost its news channel")?;
        let now = ctx.clock.now();
        let mut tx = ctx.store.write().await?;
        let mut watched = Vec::new();
        let samples = self.site.feeds().into_iter().map(|url| FeedUrl::parse(&url).map(|url| (url, dawn())));
        let asked = feed.map(|url| Ok((url.clone(), now)));
        for wanted in samples.chain(asked) {
            let (url, since) = wanted.context("an address of the sample site")?;
            let id = feeds::add(&mut tx, &url, now).await?;
            watched.push(id);
            feeds::watch(&mut tx, guild, id, people.moderator, now).await?;
            let filter = Filter { feed: Some(id), ..Filter::default() };
            let new = NewSubscription {
                guild,
                channel,
                filter: &filter,
                meaning: None,
                terms: Terms::default(),
                since,
                created_by: people.moderator,
            };
            subscriptions::add(&mut tx, &new, now).await?;
        }
        tx.commit().await?;
        ctx.wake.poll.notify_one();
        watched.truncate(self.site.feeds().len());
        Ok(watched)
    }

    /// Waits until every feed was polled, and everything of the sample site is read, grouped and posted.
    /// A real feed may have pages that answer tomorrow; the round does not wait for these.
    pub async fn settle(&self) -> anyhow::Result<Outcome> {
        let settled = async {
            loop {
                if self.is_settled().await? {
                    return self.outcome().await;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::select! {
            outcome = settled => outcome,
            () = tokio::time::sleep(PATIENCE) => bail!("the round did not end within {PATIENCE:?}; the log says why"),
        }
    }

    async fn is_settled(&self) -> anyhow::Result<bool> {
        let ctx = &self.app.ctx;
        let mut conn = ctx.store.read().await?;
        let to_poll = feeds::due(&mut conn, ctx.clock.now(), 1).await?;
        let mut open = 0;
        for feed in &self.samples {
            open += entries::open_of(&mut conn, *feed).await?;
        }
        let cards = deliveries::counts(&mut conn).await?;
        // A feed that could not be reached leaves nothing due either; the outcome tells.
        Ok(to_poll.is_empty() && open == 0 && cards.due == 0)
    }

    async fn outcome(&self) -> anyhow::Result<Outcome> {
        let mut conn = self.app.ctx.store.read().await?;
        let channel = self.discord.channel(NEWS).context("the sandbox has lost its news channel")?;
        let messages = self.discord.messages(channel);
        let shows = |event: &str| {
            let of_event = |page: &&Page| page.event == event;
            let paths: Vec<&str> = PAGES.iter().filter(of_event).map(|page| page.path).collect();
            let card = |message: &&StoredMessage| {
                let text = serde_json::to_string(&message.embeds).unwrap_or_default();
                paths.iter().any(|path| text.contains(path))
            };
            messages.iter().filter(card).count()
        };
        let wrong =
            EVENTS.iter().map(|event| ((*event).to_owned(), shows(event))).filter(|(_, cards)| *cards != 1);
        let totals = stories::totals(&mut conn).await?;
        Ok(Outcome {
            entries: entries::counts(&mut conn).await?,
            articles: totals.articles,
            stories: totals.stories,
            cards: messages.len(),
            wrong: wrong.collect(),
        })
    }

    /// Asks as a member of the guild would, and gives the query as typed with its answer.
    pub async fn ask(&self) -> anyhow::Result<(String, Reply)> {
        let channel = self.discord.channel(TALK).context("the sandbox has lost its talk channel")?;
        let member = self.discord.people().member;
        let reply = self.discord.invoke(member, channel, "news search", &[("query", json!(QUERY))]).await?;
        Ok((format!("/news search query: {QUERY}"), reply))
    }

    pub fn discord(&self) -> &EmbeddedDiscord {
        &self.discord
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    /// From start until commands could be used.
    pub fn ready_after(&self) -> Duration {
        self.ready_after
    }

    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Runs on until a signal, and shows every card that is posted from now on.
    pub async fn run(self, mut show: impl FnMut(&StoredMessage)) -> anyhow::Result<()> {
        // The site and the Discord must outlive the bot.
        let Self { site: _site, discord, app, .. } = self;
        let channel = discord.channel(NEWS).context("the sandbox has lost its news channel")?;
        let follow = async {
            let mut shown = discord.messages(channel).len();
            loop {
                let more =
                    |discord: &EmbeddedDiscord| (discord.messages(channel).len() > shown).then_some(());
                // It gives up after a while without news; then it waits again.
                if discord.wait("a new card", more).await.is_ok() {
                    let messages = discord.messages(channel);
                    messages.iter().skip(shown).for_each(&mut show);
                    shown = messages.len();
                }
            }
        };
        tokio::select! {
            ended = app.run() => ended,
            () = follow => Ok(()),
        }
    }

    /// Stops everything.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.app.stop().request();
        self.app.run().await
    }
}

/// Channels of the other kinds, for whoever wants to try them.
fn furnish(discord: &EmbeddedDiscord) {
    if discord.channel(ANNOUNCEMENTS).is_none() {
        discord.add_announcements(ANNOUNCEMENTS);
    }
    if discord.channel(FORUM).is_none() {
        discord.add_forum(FORUM, &["world", "science", "sport"], true);
    }
}

/// The settings that a `.env` would give.
fn settings(
    site: &Site,
    discord: &EmbeddedDiscord,
    data: &Path,
    models: Option<PathBuf>,
) -> anyhow::Result<Config> {
    let token = secrecy::SecretString::from(discord.token());
    Ok(Config {
        discord: config::Discord { token },
        store: config::Store { path: data.join("dateline.sqlite") },
        fetch: config::Fetch {
            contact: "https://example.org/dateline-sandbox".parse().context("the sandbox's contact")?,
            allow_hosts: vec![site.host()],
            poll_interval: Duration::from_secs(600),
            // Its news is of the last century.
            late_after: TimeDelta::MAX,
            host_spacing: Duration::ZERO,
        },
        reading: config::Reading {
            models,
            threads: 1,
            summarizer: Choice::Extractive,
            summarizer_model: None,
        },
    })
}

/// Before the oldest piece of sample news.
fn dawn() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN).and_utc()
}
