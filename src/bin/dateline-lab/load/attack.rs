//! The poller among servers that mean harm, many at once: what its memory comes to, and whether sound feeds are read.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use dateline::clock::Clock;
use dateline::domain::{Feed, FeedUrl, GuildId};
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
    /// Sound feeds beside them
    #[arg(long, default_value_t = 50)]
    sound: usize,
}

const SOUND: &str = "a sound feed";

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

/// Runs the attack and prints what came of it.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let servers = Servers::start()?;
    let kinds: Vec<(usize, &str)> = HARMS.iter().copied().enumerate().chain([(HARMS.len(), SOUND)]).collect();
    let hosts: Vec<(String, usize, &str)> = kinds
        .iter()
        .flat_map(|(kind, what)| {
            let count = if *what == SOUND { args.sound } else { args.each };
            // An address of 127.0.0.0/8 each: the limits on one host must not shield us.
            (0..count).map(move |n| (format!("127.{}.{}.{}", 2 + kind, n / 250, n % 250 + 1), *kind, *what))
        })
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        let allowed = hosts.iter().map(|(host, ..)| host.clone()).collect();
        let interval = Duration::from_secs(600);
        let poller =
            Poller::open(&folder.path().join("load.sqlite"), allowed, Duration::ZERO, interval).await?;
        let now = Clock::System.now();
        let mut tx = poller.store.write().await?;
        for (host, kind, _) in &hosts {
            let url = FeedUrl::parse(&format!("http://{host}:{}/{kind}", servers.port))?;
            let id = feeds::add(&mut tx, &url, now).await?;
            feeds::watch(&mut tx, GuildId(1), id, dateline::domain::UserId(1), now).await?;
        }
        tx.commit().await?;
        println!("memory before: {} MB", memory_mb("VmRSS:")?);
        let begun = Instant::now();
        while poller.tick(now).await? {}
        println!("{} feeds in {:.0} s", hosts.len(), begun.elapsed().as_secs_f64());
        println!(
            "memory at most, servers included: {} MB; after: {} MB",
            memory_mb("VmHWM:")?,
            memory_mb("VmRSS:")?
        );
        let polled = feeds::of_guild(&mut *poller.store.read().await?, GuildId(1)).await?;
        report(&polled, &hosts, now)
    })
}

/// What was made of each kind, with how often.
fn report(polled: &[Feed], hosts: &[(String, usize, &str)], now: DateTime<Utc>) -> anyhow::Result<()> {
    let mut told: BTreeMap<(usize, &str, String), usize> = BTreeMap::new();
    for feed in polled {
        let host = feed.url.as_url().host_str().context("a feed without a host")?;
        let (_, kind, what) = hosts.iter().find(|(of, ..)| of == host).context("a feed of nobody")?;
        let words = match (&feed.last_error, feed.last_success_at) {
            (Some(error), _) => error.clone(),
            (None, Some(_)) => "read".to_owned(),
            (None, None) if feed.next_poll_at > now => "postponed".to_owned(),
            (None, None) => "not asked".to_owned(),
        };
        *told.entry((*kind, *what, words)).or_default() += 1;
    }
    for ((_, what, words), count) in told {
        println!("{count:>4} × {what}: {words}");
    }
    Ok(())
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
