//! Whole requests against servers on loopback that answer what a test tells them to.

mod limits;
mod requests;
mod robots;
mod safety;

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::*;

/// What a server answers to the head of a request.
type Answers = dyn Fn(&str) -> Reply + Send + Sync;

enum Reply {
    /// Sent as it is, then the connection is closed.
    Bytes(Vec<u8>),
    /// A head, then the second part for ever.
    Endless(Vec<u8>, Vec<u8>),
    /// Sent a while after the request, then the connection is closed.
    Late(Vec<u8>),
    /// A head, then nothing.
    Silence(Vec<u8>),
    /// A head, then a byte every few milliseconds for ever.
    Drops(Vec<u8>),
}

/// A server on loopback. Its tasks end with it.
struct Server {
    port: u16,
    /// Heads of the requests, in order.
    heads: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

impl Server {
    async fn start(answers: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let answers: Arc<Answers> = Arc::new(answers);
        let mut tasks = JoinSet::new();
        let seen = Arc::clone(&heads);
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, Arc::clone(&answers), Arc::clone(&seen)));
            }
        });
        Self { port, heads, _tasks: tasks }
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}{path}", self.port)).unwrap()
    }

    fn feed_url(&self, path: &str) -> FeedUrl {
        FeedUrl::parse(self.url(path).as_str()).unwrap()
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    /// A fetcher that may reach this server alone.
    fn fetcher(&self) -> Fetcher {
        fetcher(self.port, Duration::from_secs(20))
    }
}

fn fetcher(port: u16, timeout: Duration) -> Fetcher {
    let mut settings = FetchSettings::new("https://example.org/about");
    settings.allow_hosts = vec![format!("127.0.0.1:{port}")];
    settings.spacing = Duration::ZERO;
    settings.timeout = timeout;
    settings.clock = Clock::Fixed("2022-09-07T14:00:00Z".parse().unwrap());
    Fetcher::new(settings).unwrap()
}

async fn serve(mut stream: TcpStream, answers: Arc<Answers>, seen: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let reply = answers(&head);
    seen.lock().unwrap().push(head);
    match reply {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::Late(bytes) => {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::Endless(head, part) => {
            let _ = stream.write_all(&head).await;
            while stream.write_all(&part).await.is_ok() {}
        }
        Reply::Drops(head) => {
            let _ = stream.write_all(&head).await;
            let mut pace = tokio::time::interval(Duration::from_millis(5));
            while stream.write_all(b"H").await.is_ok() {
                pace.tick().await;
            }
        }
        Reply::Silence(head) => {
            let _ = stream.write_all(&head).await;
            // Until the client has had enough.
            let _ = stream.read_u8().await;
        }
    }
}

fn path(head: &str) -> &str {
    head.split(' ').nth(1).unwrap()
}

fn head(status: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    head.push_str("\r\n");
    head.into_bytes()
}

fn reply(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    Reply::Bytes([head(status, headers), body.to_vec()].concat())
}

fn ok(body: &str) -> Reply {
    reply("200 OK", &[("content-type", "text/html")], body.as_bytes())
}

/// The bits of a deflate stream (RFC 1951) of one letter again and again: 258 bytes in 13 bits.
struct Bomb {
    bytes: Vec<u8>,
    bits: u32,
    used: u32,
}

impl Bomb {
    fn push(&mut self, code: u32, length: u32) {
        // Huffman codes go in from their first bit.
        for at in (0..length).rev() {
            self.bits |= (code >> at & 1) << self.used;
            self.used += 1;
            if self.used == 8 {
                self.bytes.push(u8::try_from(self.bits).unwrap());
                (self.bits, self.used) = (0, 0);
            }
        }
    }

    /// A gzip header, a block that never ends, and its part that can be repeated for ever.
    fn gzip() -> (Vec<u8>, Vec<u8>) {
        let mut start = Self { bytes: vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff], bits: 0, used: 0 };
        // Not the last block; fixed codes (01, low bit first).
        start.push(0, 1);
        start.push(1, 1);
        start.push(0, 1);
        // The letter 'a', then matches of 258 bytes at distance 1, as many as fill whole bytes.
        start.push(0x30 + 97, 8);
        let matches = |bomb: &mut Self, count: u32| {
            (0..count).for_each(|_| {
                bomb.push(0b1100_0101, 8);
                bomb.push(0, 5);
            })
        };
        // 11 bits so far: 13 * 1 + 11 is a whole number of bytes, and so is every 8 matches after it.
        matches(&mut start, 1);
        assert_eq!(start.used, 0);
        let mut part = Self { bytes: Vec::new(), bits: 0, used: 0 };
        matches(&mut part, 8_000);
        (start.bytes, part.bytes)
    }
}
