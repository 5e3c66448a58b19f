//! The poller under load: thousands of feeds on loopback hosts, over the real store and the real client.
//!
//! A simulated day runs on a driven clock, minute by minute, and starts the poller anew at noon; real time
//! measures what it costs. Neither models nor Discord take part.

pub mod attack;
pub mod cards;
pub mod commands;
mod library;
mod servers;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use dateline::clock::Clock;
use dateline::domain::{FeedUrl, GuildId, UserId};
use dateline::fetch::{FetchSettings, Fetcher};
use dateline::store::{Store, entries, feeds};
use dateline::tasks::{Parser, Timings, Wake, poll};
use indicatif::ProgressBar;
use rustix::time::{ClockId, clock_gettime};

use servers::Servers;

/// Feeds of one host.
const PER_HOST: usize = 10;

/// `dateline-lab load feeds`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  dateline-lab load feeds\n  dateline-lab load feeds --real-minutes 20")]
pub struct Args {
    #[arg(long, default_value_t = 10_000)]
    feeds: usize,
    /// Simulated hours
    #[arg(long, default_value_t = 24)]
    hours: i64,
    /// The operator's interval
    #[arg(long, default_value_t = 10)]
    interval_minutes: u64,
    /// Instead of the simulation: run for so long as the bot would, and tell its processor time and memory
    #[arg(long)]
    real_minutes: Option<u64>,
}

/// Runs the load and prints what came of it.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let start: DateTime<Utc> = match args.real_minutes {
        Some(_) => Clock::System.now(),
        None => "2026-03-02T00:00:00Z".parse()?,
    };
    let servers = Servers::start(args.feeds, PER_HOST, start)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("load.sqlite");
        // Real waits between requests would not be simulated ones.
        let spacing = if args.real_minutes.is_some() { Duration::from_millis(500) } else { Duration::ZERO };
        let interval = Duration::from_secs(args.interval_minutes * 60);
        let open = || Poller::open(&path, servers.hosts(), spacing, interval);
        let mut poller = open().await?;
        poller.watch_all(&servers, start).await?;
        match args.real_minutes {
            Some(minutes) => poller.real(&servers, minutes).await,
            None => {
                let end = start + TimeDelta::hours(args.hours);
                let noon = start + TimeDelta::hours(args.hours) / 2;
                let begun = Instant::now();
                let first = poller.simulate(&servers, start, noon).await?;
                // A restart: nothing of the process is left but the file.
                poller.store.close().await;
                poller = open().await?;
                let second = poller.simulate(&servers, noon, end).await?;
                println!(
                    "{} feeds, {} simulated hours in {:.0} s",
                    args.feeds,
                    args.hours,
                    begun.elapsed().as_secs_f64()
                );
                println!("memory after the first and the second half: {first} MB, {second} MB");
                poller.report(&servers, end).await
            }
        }
    })
}

struct Poller {
    store: Store,
    fetcher: Fetcher,
    interval: Duration,
    wake: Wake,
    parser: Parser,
    timings: Timings,
}

impl Poller {
    async fn open(
        path: &Path,
        allow_hosts: Vec<String>,
        spacing: Duration,
        interval: Duration,
    ) -> anyhow::Result<Self> {
        let settings = FetchSettings::new("https://example.org/load");
        let fetcher = Fetcher::new(FetchSettings { allow_hosts, spacing, ..settings })?;
        Ok(Self {
            store: Store::open(path).await?,
            fetcher,
            interval,
            wake: Wake::default(),
            parser: Parser::default(),
            timings: Timings::default(),
        })
    }

    async fn watch_all(&self, servers: &Servers, now: DateTime<Utc>) -> anyhow::Result<()> {
        let mut tx = self.store.write().await?;
        for (at, url) in servers.urls().enumerate() {
            // As if they had been added one after the other, over one interval.
            let since = now + self.interval.mul_f64(at as f64 / servers.len() as f64);
            let id = feeds::add(&mut tx, &FeedUrl::parse(&url)?, since).await?;
            feeds::watch(&mut tx, GuildId(1), id, UserId(1), now).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn tick(&self, now: DateTime<Utc>) -> anyhow::Result<bool> {
        let watch = poll::Watch {
            store: &self.store,
            fetcher: &self.fetcher,
            parser: &self.parser,
            poll_interval: self.interval,
            wake: &self.wake,
            timings: &self.timings,
        };
        poll::poll_due(&watch, now).await
    }

    /// Lets the minutes pass; answers the resident memory at the end, in MB.
    async fn simulate(
        &self,
        servers: &Servers,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> anyhow::Result<u64> {
        let minutes = (to - from).num_minutes();
        let bar = ProgressBar::new(u64::try_from(minutes)?);
        for minute in 0..minutes {
            let now = from + TimeDelta::minutes(minute);
            servers.set_now(now);
            while self.tick(now).await? {}
            bar.inc(1);
        }
        bar.finish_and_clear();
        memory_mb("VmRSS:")
    }

    async fn real(&self, servers: &Servers, minutes: u64) -> anyhow::Result<()> {
        let end = Instant::now() + Duration::from_secs(minutes * 60);
        let (begun, own) = (Instant::now(), processor_time() - servers.processor_time());
        let mut most = 0;
        while Instant::now() < end {
            let now = Clock::System.now();
            servers.set_now(now);
            if !self.tick(now).await? {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            most = most.max(memory_mb("VmRSS:")?);
        }
        let share =
            (processor_time() - servers.processor_time() - own).as_secs_f64() / begun.elapsed().as_secs_f64();
        println!("{} feeds in real time for {minutes} min, without the servers' thread", servers.len());
        println!(
            "processor: {:.1} % of one core; memory at most, servers included: {most} MB",
            100.0 * share
        );
        let polls: u64 = servers.counts().polls;
        println!("polls: {polls}, {:.1} a second", polls as f64 / begun.elapsed().as_secs_f64());
        let late = feeds::due(&mut *self.store.read().await?, Clock::System.now(), u32::MAX).await?;
        let late = late.iter().map(|feed| Clock::System.now() - feed.next_poll_at).max();
        println!("the longest overdue at the end: {} s", late.map_or(0, |late| late.num_seconds()));
        Ok(())
    }

    async fn report(&self, servers: &Servers, end: DateTime<Utc>) -> anyhow::Result<()> {
        let counts = servers.counts();
        println!("polls: {}; of hosts at once at most: {} (limit 2)", counts.polls, counts.most_at_once);
        println!(
            "where nothing changed and validators are honoured: {:.2} % were answered 304",
            100.0 * counts.unmodified as f64 / f64::max(counts.unchanged as f64, 1.0)
        );
        println!("polls earlier than five minutes after the last one of the feed: {}", counts.early);
        println!("polls before a Retry-After was over: {}", counts.impatient);
        let mut reading = self.store.read().await?;
        let overdue = feeds::due(&mut reading, end - TimeDelta::minutes(1), u32::MAX).await?.len();
        println!("feeds due and not polled within their minute: {overdue}");
        let (mut lost, mut twice) = (0, 0);
        for (at, url) in servers.urls().enumerate() {
            let Some(expected) = servers.offered(at) else { continue };
            let feed =
                feeds::find_by_url(&mut reading, &FeedUrl::parse(&url)?).await?.context("a feed is lost")?;
            let kept = entries::open_of(&mut reading, feed.id).await?;
            lost += expected.saturating_sub(kept);
            twice += kept.saturating_sub(expected);
        }
        println!("entries lost: {lost}; kept twice: {twice}");
        Ok(())
    }
}

/// Of this process, in MB: `VmRSS:`, now, `RssAnon:`, of this what no file is mapped to, or `VmHWM:`, at most.
fn memory_mb(which: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status").context("reading /proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(which)).context("no such line")?;
    let kb: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kb / 1024)
}

/// Of this process.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
