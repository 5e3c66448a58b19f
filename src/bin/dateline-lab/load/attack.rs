//! The poller among servers that mean harm, many at once: what its memory comes to, and whether sound feeds are read.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use dateline::clock::Clock;
use dateline::domain::{FeedUrl, GuildId, UserId};
use dateline::store::feeds;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Poller, memory_mb};

/// `dateline-lab load attack`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dateline-lab load attack --each 32")]
pub struct Args {
    /// Servers of every kind, on a host each; the poller asks 16 feeds at once
    #[arg(long, default_value_t = 16)]
    each: usize,
    /// Sound feeds beside each kind
    #[arg(long, default_value_t = 10)]
    sound: usize,
}

/// Title of a sound feed.
const SOUND: &str = "Sound";

/// What the servers do, in the order in which they are asked.
const HARMS: [&str; 11] = [
    "a gzip bomb of 1 GB",
    "an endless body",
    "a header of 1 MB",
    "endless headers",
    "a head, drop by drop",
    "a body, drop by drop",
    "silence",
    "entities that multiply",
    "9 MB of elements within one another",
    "9 MB of text in one item",
    "9 MB of items",
];

/// Runs the attack, one kind after the other, and prints what came of it.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let servers = Servers::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        let rounds: Vec<Vec<String>> = (0..HARMS.len()).map(|kind| urls(servers.port, kind, args)).collect();
        let allowed = rounds.iter().flatten().filter_map(|url| FeedUrl::parse(url).ok());
        let allowed = allowed.filter_map(|url| url.as_url().host_str().map(str::to_owned)).collect();
        let interval = Duration::from_secs(600);
        let path = folder.path().join("load.sqlite");
        let poller = Poller::open(&path, allowed, Duration::ZERO, interval).await?;
        println!("memory before, servers included here and below: {} MB", memory_mb("VmRSS:")?);
        for (harm, urls) in HARMS.iter().zip(&rounds) {
            reset_peak()?;
            let begun = Instant::now();
            let told = attack(&poller, urls).await?;
            let told: Vec<String> = told.iter().map(|(words, count)| format!("{count} {words}")).collect();
            let seconds = begun.elapsed().as_secs_f64();
            println!("{harm}: {} MB at most, {seconds:.0} s: {}", memory_mb("VmHWM:")?, told.join("; "));
        }
        println!("memory after: {} MB", memory_mb("VmRSS:")?);
        Ok(())
    })
}

/// Feeds of one kind and sound ones, each with an address of 127.0.0.0/8 of its own: the limits on one host must not
/// shield us.
fn urls(port: u16, kind: usize, args: &Args) -> Vec<String> {
    let host = |n: usize| format!("127.{}.{}.{}", 2 + kind, n / 250, n % 250 + 1);
    let hostile = (0..args.each).map(|n| format!("http://{}:{port}/{kind}", host(n)));
    let sound =
        (args.each..args.each + args.sound).map(|n| format!("http://{}:{port}/{}", host(n), HARMS.len()));
    hostile.chain(sound).collect()
}

/// Polls feeds once; answers what is told of them, with how often.
async fn attack(poller: &Poller, urls: &[String]) -> anyhow::Result<BTreeMap<String, usize>> {
    let now = Clock::System.now();
    let mut tx = poller.store.write().await?;
    let mut ids = Vec::new();
    for url in urls {
        let id = feeds::add(&mut tx, &FeedUrl::parse(url)?, now).await?;
        feeds::watch(&mut tx, GuildId(1), id, UserId(1), now).await?;
        ids.push(id);
    }
    tx.commit().await?;
    while poller.tick(now).await? {}
    let mut told = BTreeMap::new();
    let mut conn = poller.store.read().await?;
    for id in ids {
        let feed = feeds::get(&mut conn, id).await?.context("a feed is lost")?;
        let words = match (feed.last_error, feed.last_success_at, feed.title.as_deref()) {
            (Some(error), ..) => error,
            (None, Some(_), Some(SOUND)) => "sound ones read".to_owned(),
            (None, Some(_), _) => "read".to_owned(),
            (None, None, _) => "not asked".to_owned(),
        };
        *told.entry(words).or_default() += 1;
    }
    Ok(told)
}

/// From now on `VmHWM` counts anew (proc_pid_clear_refs(5)).
fn reset_peak() -> anyhow::Result<()> {
    std::fs::write("/proc/self/clear_refs", "5").context("writing /proc/self/clear_refs")
}

/// The servers, on a thread of their own.
struct Servers {
    port: u16,
}

/// What they send, made once.
struct Bodies {
    bomb: Vec<u8>,
    nested: Vec<u8>,
    text: Vec<u8>,
    items: Vec<u8>,
}

impl Servers {
    fn start() -> anyhow::Result<Self> {
        let listener = std::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let bodies = Arc::new(Bodies::make()?);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("servers".to_owned()).spawn(move || {
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                let mut connections = tokio::task::JoinSet::new();
                loop {
                    let (stream, _) = listener.accept().await?;
                    let bodies = Arc::clone(&bodies);
                    connections.spawn(async move {
                        // The poller hangs up on most of them.
                        let _ = serve(stream, &bodies).await;
                    });
                    while connections.try_join_next().is_some() {}
                }
                #[expect(unreachable_code, reason = "gives the block its type")]
                anyhow::Ok(())
            })
        })?;
        Ok(Self { port })
    }
}

impl Bodies {
    fn make() -> anyhow::Result<Self> {
        let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
        let block = vec![b' '; 1_000_000];
        for _ in 0..1_000 {
            bomb.write_all(&block)?;
        }
        let feed =
            |inner: &str| format!("<rss><channel><title>A feed</title>{inner}</channel></rss>").into_bytes();
        let item = "<item><title>A title</title><link>/page</link></item>";
        Ok(Self {
            bomb: bomb.finish()?,
            nested: "<a>".repeat(3_000_000).into_bytes(),
            text: feed(&format!("<item><description>{}</description></item>", "word ".repeat(1_800_000))),
            items: feed(&item.repeat(9_000_000 / item.len())),
        })
    }
}

/// Reads the head of a request and does what its path says.
async fn serve(mut stream: TcpStream, bodies: &Bodies) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < 16_384 {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let kind = head.split(' ').nth(1).and_then(|path| path.get(1..)?.parse().ok()).unwrap_or(HARMS.len());
    let ok = "HTTP/1.1 200 OK\r\nconnection: close\r\n";
    let mut drops = tokio::time::interval(Duration::from_millis(200));
    match kind {
        0 => {
            stream.write_all(format!("{ok}content-encoding: gzip\r\n\r\n").as_bytes()).await?;
            stream.write_all(&bodies.bomb).await?;
        }
        1 => {
            stream.write_all(format!("{ok}\r\n").as_bytes()).await?;
            loop {
                stream.write_all(&[b' '; 65_536]).await?;
            }
        }
        2 => stream.write_all(format!("{ok}x: {}\r\n\r\n", "y".repeat(1_000_000)).as_bytes()).await?,
        3 => {
            stream.write_all(ok.as_bytes()).await?;
            loop {
                stream.write_all(&b"x: y\r\n".repeat(1_000)).await?;
            }
        }
        4 => loop {
            stream.write_all(b"H").await?;
            drops.tick().await;
        },
        5 => {
            stream.write_all(format!("{ok}\r\n<rss>").as_bytes()).await?;
            loop {
                stream.write_all(b" ").await?;
                drops.tick().await;
            }
        }
        6 => {
            // Until the poller has had enough.
            stream.read_u8().await?;
        }
        7 => {
            let mut entities = "<!DOCTYPE r [<!ENTITY a 'ha'>".to_owned();
            for (one, other) in ('a'..'j').zip('b'..='j') {
                entities.push_str(&format!("<!ENTITY {other} '{}'>", format!("&{one};").repeat(10)));
            }
            stream.write_all(format!("{ok}\r\n{entities}]><rss>&j;</rss>").as_bytes()).await?;
        }
        8..=10 => {
            stream.write_all(format!("{ok}\r\n").as_bytes()).await?;
            let body = [&bodies.nested, &bodies.text, &bodies.items][kind - 8];
            stream.write_all(body).await?;
        }
        _ => {
            let feed = "<rss><channel><title>Sound</title><item><link>/a</link></item></channel></rss>";
            stream.write_all(format!("{ok}content-length: {}\r\n\r\n{feed}", feed.len()).as_bytes()).await?;
        }
    }
    stream.shutdown().await
}
