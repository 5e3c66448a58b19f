//! Hosts on loopback whose feeds have the rhythms and the ailments of real ones.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use chrono::{DateTime, Utc};
use rustix::time::{ClockId, clock_gettime};

/// Items in a feed.
const SHOWN: i64 = 20;
/// How long a busy server asks to be left alone, in seconds.
const RETRY_AFTER: i64 = 1_800;

/// What is the matter with a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ailment {
    None,
    /// Sends the whole feed every time.
    NoValidators,
    /// Answers 429 one time in four.
    Busy,
    /// Answers 503 and 500 one time in four.
    Failing,
    /// Nobody listens.
    Dead,
    Gone,
}

struct Feed {
    ailment: Ailment,
    /// Seconds between two entries.
    period: i64,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    polls: u64,
    last: Option<i64>,
    /// Not to be asked before.
    closed_until: i64,
    /// Number of the oldest entry that was ever sent, and of the newest.
    sent: Option<(i64, i64)>,
}

/// What the servers saw.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    pub polls: u64,
    /// Of feeds that honour validators, those where nothing had changed; and of these the ones answered 304.
    pub unchanged: u64,
    pub unmodified: u64,
    pub early: u64,
    pub impatient: u64,
    pub most_at_once: usize,
}

pub struct Servers {
    port: u16,
    feeds: Vec<Feed>,
    per_host: usize,
    now: AtomicI64,
    counts: Mutex<Counts>,
    at_once: Vec<AtomicUsize>,
    processor_nanos: AtomicU64,
}

impl Servers {
    /// Starts them on a thread of their own.
    pub fn start(feeds: usize, per_host: usize, now: DateTime<Utc>) -> anyhow::Result<Arc<Self>> {
        let listener = std::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)))?;
        listener.set_nonblocking(true)?;
        let servers = Arc::new(Self {
            port: listener.local_addr()?.port(),
            feeds: (0..feeds).map(Feed::new).collect(),
            per_host,
            now: AtomicI64::new(now.timestamp()),
            counts: Mutex::default(),
            at_once: (0..feeds.div_ceil(per_host)).map(|_| AtomicUsize::new(0)).collect(),
            processor_nanos: AtomicU64::new(0),
        });
        let state = Arc::clone(&servers);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("servers".to_owned()).spawn(move || {
            let outcome = runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                axum::serve(listener, Router::new().fallback(answer).with_state(state)).await
            });
            if let Err(error) = outcome {
                eprintln!("the servers ended: {error}");
            }
        })?;
        Ok(servers)
    }

    pub fn len(&self) -> usize {
        self.feeds.len()
    }

    pub fn set_now(&self, now: DateTime<Utc>) {
        self.now.store(now.timestamp(), Ordering::SeqCst);
    }

    /// Every host is an address of its own in 127.0.0.0/8.
    fn host(&self, feed: usize) -> String {
        let host = feed / self.per_host + 1;
        format!("127.1.{}.{}", host / 250, host % 250 + 1)
    }

    pub fn hosts(&self) -> Vec<String> {
        (0..self.feeds.len()).step_by(self.per_host).map(|feed| self.host(feed)).collect()
    }

    pub fn urls(&self) -> impl Iterator<Item = String> {
        self.feeds.iter().enumerate().map(|(at, feed)| {
            // Nobody listens at the discard port.
            let port = if feed.ailment == Ailment::Dead { 9 } else { self.port };
            format!("http://{}:{port}/{at}", self.host(at))
        })
    }

    pub fn counts(&self) -> Counts {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many entries a feed has sent over all its polls; nothing for one whose answers failed so long that
    /// entries fell out of it.
    pub fn offered(&self, feed: usize) -> Option<u64> {
        let feed = self.feeds.get(feed)?;
        let seen = feed.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (oldest, newest) = seen.sent?;
        matches!(feed.ailment, Ailment::None | Ailment::NoValidators)
            .then(|| (newest - oldest + 1).unsigned_abs())
    }

    pub fn processor_time(&self) -> Duration {
        Duration::from_nanos(self.processor_nanos.load(Ordering::SeqCst))
    }

    fn reply(&self, at: usize, headers: &HeaderMap) -> anyhow::Result<Response<String>> {
        let feed = self.feeds.get(at).context("no such feed")?;
        let now = self.now.load(Ordering::SeqCst);
        let mut seen = feed.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.polls += 1;
        counts.early += u64::from(seen.last.is_some_and(|last| now - last < 300));
        counts.impatient += u64::from(now < seen.closed_until);
        seen.polls += 1;
        seen.last = Some(now);
        let status = |code: StatusCode| Response::builder().status(code);
        let bad_day = seen.polls.is_multiple_of(4);
        match feed.ailment {
            Ailment::Gone => return Ok(status(StatusCode::GONE).body(String::new())?),
            Ailment::Busy if bad_day => {
                seen.closed_until = now + RETRY_AFTER;
                let busy = status(StatusCode::TOO_MANY_REQUESTS).header("retry-after", RETRY_AFTER);
                return Ok(busy.body(String::new())?);
            }
            Ailment::Failing if bad_day => {
                return Ok(status(StatusCode::SERVICE_UNAVAILABLE).body(String::new())?);
            }
            _ => {}
        }
        let newest = now.div_euclid(feed.period);
        let changed = seen.sent.is_none_or(|(_, sent)| sent < newest);
        let etag = format!("\"{newest}\"");
        if feed.ailment != Ailment::NoValidators {
            counts.unchanged += u64::from(!changed);
            if headers.get("if-none-match").is_some_and(|sent| sent.as_bytes() == etag.as_bytes()) {
                counts.unmodified += u64::from(!changed);
                return Ok(status(StatusCode::NOT_MODIFIED).header("etag", etag).body(String::new())?);
            }
        }
        let oldest = seen.sent.map_or(newest - SHOWN + 1, |(oldest, _)| oldest);
        seen.sent = Some((oldest, newest));
        let mut body = format!("<rss version=\"2.0\"><channel><title>Feed {at}</title>");
        for number in (newest - SHOWN + 1..=newest).rev() {
            let published = DateTime::from_timestamp(number * feed.period, 0).context("out of time")?;
            write!(
                body,
                "<item><guid>{at}-{number}</guid><link>/{at}/{number}</link><title>Entry {number}</title>\
                 <description>Words of the entry.</description><pubDate>{}</pubDate></item>",
                published.to_rfc2822()
            )?;
        }
        body.push_str("</channel></rss>");
        let mut answer = status(StatusCode::OK).header("content-type", "application/rss+xml");
        if feed.ailment != Ailment::NoValidators {
            answer = answer.header("etag", etag);
        }
        Ok(answer.body(body)?)
    }
}

impl Feed {
    /// The same for a number every time: of a hundred feeds 87 are sound, 5 without validators, 2 busy, 3 failing, 2
    /// dead, 1 gone; from an entry every half hour to one every four days.
    fn new(number: usize) -> Self {
        let ailment = match number * 37 % 100 {
            0..5 => Ailment::NoValidators,
            5..7 => Ailment::Busy,
            7..10 => Ailment::Failing,
            10..12 => Ailment::Dead,
            12 => Ailment::Gone,
            _ => Ailment::None,
        };
        let periods = [1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 345_600];
        // Not all at the same stroke.
        let period = periods[number * 11 % periods.len()] + i64::try_from(number % 97).unwrap_or(0);
        Self { ailment, period, seen: Mutex::default() }
    }
}

async fn answer(State(servers): State<Arc<Servers>>, request: Request) -> Response<String> {
    let at: usize = request.uri().path().trim_start_matches('/').parse().unwrap_or(usize::MAX);
    let host = servers.at_once.get(at / servers.per_host);
    let at_once = host.map_or(0, |host| host.fetch_add(1, Ordering::SeqCst) + 1);
    {
        let mut counts = servers.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.most_at_once = counts.most_at_once.max(at_once);
    }
    // Others may come in between: what they would have to wait for is counted.
    tokio::task::yield_now().await;
    let reply = servers.reply(at, request.headers());
    if let Some(host) = host {
        host.fetch_sub(1, Ordering::SeqCst);
    }
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let nanos =
        u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0);
    servers.processor_nanos.store(nanos, Ordering::SeqCst);
    reply.unwrap_or_else(|error| {
        let mut response = Response::new(error.to_string());
        *response.status_mut() = StatusCode::NOT_FOUND;
        response
    })
}
