//! Whole requests against servers on loopback that answer what a test tells them to.

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

#[tokio::test]
async fn an_unchanged_feed_is_not_sent_again() {
    let server = Server::start(|head| {
        if head.contains("if-none-match: W/\"a b\"\r\n") && head.contains("if-modified-since: some day\r\n") {
            return reply("304 Not Modified", &[("etag", "W/\"c\""), ("cache-control", "max-age=600")], b"");
        }
        let headers =
            [("etag", "W/\"a b\""), ("last-modified", "some day"), ("content-type", "text/xml; charset=x")];
        reply("200 OK", &headers, b"<rss>\xe9</rss>")
    })
    .await;
    let fetcher = server.fetcher();
    let url = server.feed_url("/feed.xml?q=1");
    let first = fetcher.feed(&url, &Validators::default()).await.unwrap();
    let FeedResponse::Body { bytes, content_type, final_url, moved_to, validators, .. } = first else {
        panic!("{first:?}");
    };
    assert_eq!(bytes, b"<rss>\xe9</rss>", "bytes stay as they were sent");
    assert_eq!(content_type.as_deref(), Some("text/xml; charset=x"));
    assert_eq!(final_url, server.url("/feed.xml?q=1"));
    assert_eq!(moved_to, None);
    let second = fetcher.feed(&url, &validators).await.unwrap();
    let FeedResponse::Unchanged { validators, freshness, moved_to: None } = second else {
        panic!("{second:?}")
    };
    assert_eq!(validators.etag.as_deref(), Some("W/\"c\""));
    assert_eq!(validators.last_modified.as_deref(), Some("some day"));
    assert_eq!(freshness.max_age, Some(Duration::from_secs(600)));
}

#[tokio::test]
async fn requests_say_who_asks_and_nothing_else() {
    let server = Server::start(|head| match path(head) {
        "/a" => reply("302 Found", &[("location", "/b#part"), ("set-cookie", "id=1; Path=/")], b""),
        _ => reply("200 OK", &[("set-cookie", "id=1")], b"<rss/>"),
    })
    .await;
    let fetcher = server.fetcher();
    for _ in 0..2 {
        fetcher.feed(&server.feed_url("/a"), &Validators::default()).await.unwrap();
    }
    let heads = server.heads();
    assert_eq!(heads.len(), 4);
    let agent =
        format!("user-agent: dateline/{} (+https://example.org/about)\r\n", env!("CARGO_PKG_VERSION"));
    for head in heads {
        let head = head.to_ascii_lowercase();
        assert!(head.contains(&agent), "{head}");
        for never in ["cookie", "referer", "if-none-match", "if-modified-since", "authorization", "#part"] {
            assert!(!head.contains(never), "{never} in {head}");
        }
        for coding in ["gzip", "br", "zstd", "deflate"] {
            assert!(head.contains(coding), "{coding} not in {head}");
        }
    }
}

#[tokio::test]
async fn redirects_are_followed_and_remembered() {
    let server = Server::start(|head| match path(head) {
        "/moved" => reply("301 Moved Permanently", &[("location", "/again")], b""),
        "/again" => reply("308 Permanent Redirect", &[("location", "feed.xml")], b""),
        "/mixed" => reply("301 Moved Permanently", &[("location", "/lent")], b""),
        "/lent" => reply("302 Found", &[("location", "/feed.xml")], b""),
        "/loop" => reply("302 Found", &[("location", "/loop")], b""),
        "/nowhere" => reply("302 Found", &[], b""),
        _ => ok("<rss/>"),
    })
    .await;
    let fetcher = server.fetcher();
    for (from, permanent) in [("/moved", true), ("/mixed", false), ("/feed.xml", false)] {
        let response = fetcher.feed(&server.feed_url(from), &Validators::default()).await.unwrap();
        let FeedResponse::Body { final_url, moved_to, .. } = response else { panic!("{response:?}") };
        assert_eq!(final_url, server.url("/feed.xml"));
        assert_eq!(moved_to.is_some(), permanent, "{from}");
    }
    let error = fetcher.feed(&server.feed_url("/loop"), &Validators::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::TooManyRedirects { limit: 5 }), "{error}");
    let error = fetcher.feed(&server.feed_url("/nowhere"), &Validators::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::BadRedirect), "{error}");
}

#[tokio::test]
async fn redirects_into_the_private_network_are_refused() {
    let secret = Server::start(|_| ok("secret")).await;
    let port = secret.port;
    let server = Server::start(move |head| {
        let target = match path(head) {
            "/loopback" => "http://127.0.0.1/".to_owned(),
            "/decimal" => "http://2130706433/".to_owned(),
            "/name" => "http://localhost/".to_owned(),
            "/metadata" => "http://169.254.169.254/latest/meta-data/".to_owned(),
            "/mapped" => "http://[::ffff:127.0.0.1]/".to_owned(),
            "/port" => format!("http://127.0.0.1:{port}/"),
            "/file" => "file:///etc/passwd".to_owned(),
            "/login" => "http://user@example.org/".to_owned(),
            _ => return ok(""),
        };
        reply("302 Found", &[("location", &target)], b"")
    })
    .await;
    let fetcher = server.fetcher();
    for (path, expected) in [
        ("/loopback", Refused::Private),
        ("/decimal", Refused::Private),
        ("/name", Refused::Private),
        ("/metadata", Refused::Private),
        ("/mapped", Refused::Private),
        ("/port", Refused::Port(port)),
        ("/file", Refused::Scheme),
        ("/login", Refused::Credentials),
    ] {
        for error in [
            fetcher.feed(&server.feed_url(path), &Validators::default()).await.unwrap_err(),
            fetcher.page(&server.url(path)).await.unwrap_err(),
        ] {
            assert!(matches!(error, FetchError::Refused(found) if found == expected), "{path}: {error}");
            assert!(error.is_final());
        }
    }
    assert!(secret.heads().is_empty());
}

#[tokio::test]
async fn a_decompression_bomb_ends_at_the_limit() {
    let server = Server::start(|_| {
        let (start, part) = Bomb::gzip();
        Reply::Endless([head("200 OK", &[("content-encoding", "gzip")]), start].concat(), part)
    })
    .await;
    let fetcher = server.fetcher();
    let error = fetcher.feed(&server.feed_url("/"), &Validators::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { limit_mb: 10 }), "{error}");
}

#[tokio::test]
async fn an_endless_body_ends_at_the_limit() {
    let server = Server::start(|head_of_request| match path(head_of_request) {
        "/robots.txt" => reply("404 Not Found", &[], b""),
        _ => Reply::Endless(head("200 OK", &[("content-type", "text/html")]), vec![b'x'; 64 * 1024]),
    })
    .await;
    let fetcher = server.fetcher();
    let error = fetcher.page(&server.url("/")).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { limit_mb: 5 }), "{error}");
}

#[tokio::test]
async fn a_slow_server_is_given_up() {
    for start in [Vec::new(), head("200 OK", &[("content-length", "5")])] {
        let server = Server::start(move |_| Reply::Silence(start.clone())).await;
        let fetcher = fetcher(server.port, Duration::from_millis(50));
        let error = fetcher.feed(&server.feed_url("/"), &Validators::default()).await.unwrap_err();
        assert!(matches!(error, FetchError::TimedOut { .. }), "{error}");
        assert!(!error.is_final());
    }
}

#[tokio::test]
async fn bodies_that_break_off() {
    let server = Server::start(|head| match path(head) {
        "/short" => reply("200 OK", &[("content-length", "100")], b"<rss>"),
        "/nogzip" => reply("200 OK", &[("content-encoding", "gzip")], b"<rss/>"),
        _ => Reply::Bytes(b"SMTP ready\r\n".to_vec()),
    })
    .await;
    let fetcher = server.fetcher();
    for (path, words) in [
        ("/short", "the answer breaks off or cannot be decoded"),
        ("/nogzip", "the answer breaks off or cannot be decoded"),
        ("/smtp", "not reachable: the server's answer is no HTTP"),
    ] {
        let error = fetcher.feed(&server.feed_url(path), &Validators::default()).await.unwrap_err();
        assert_eq!(error.to_string(), words, "{path}");
        assert!(!error.is_final(), "{path}");
    }
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = FeedUrl::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
    let error = fetcher(port, Duration::from_secs(20)).feed(&url, &Validators::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "not reachable: connection refused");
}

#[tokio::test]
async fn a_certificate_of_nobody_is_told() {
    let signed = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = rustls_pki_types::PrivateKeyDer::Pkcs8(signed.signing_key.serialize_der().into());
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![signed.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = acceptor.accept(stream).await;
        }
    });
    let url = FeedUrl::parse(&format!("https://127.0.0.1:{port}/")).unwrap();
    let error = fetcher(port, Duration::from_secs(20)).feed(&url, &Validators::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "certificate of an unknown issuer");
}

#[tokio::test]
async fn what_servers_answer_in_words() {
    let server = Server::start(|head| match path(head) {
        "/seconds" => reply("429 Too Many Requests", &[("retry-after", "300")], b""),
        "/date" => reply("503 Service Unavailable", &[("retry-after", "Wed, 07 Sep 2022 15:30:00 GMT")], b""),
        "/busy" => reply("429 Too Many Requests", &[], b""),
        "/gone" => reply("410 Gone", &[], b""),
        "/missing" => reply("404 Not Found", &[], b""),
        "/broken" => reply("500 Internal Server Error", &[], b""),
        "/mitigated" => reply("403 Forbidden", &[("cf-mitigated", "challenge")], b""),
        "/challenge" => {
            reply("503 Service Unavailable", &[("server", "cloudflare")], b"<title>Just a moment...</title>")
        }
        "/denied" => reply("403 Forbidden", &[("server", "cloudflare")], b"<h1>No</h1>"),
        _ => reply("304 Not Modified", &[], b""),
    })
    .await;
    let fetcher = server.fetcher();
    for (path, words, retry_after, is_final) in [
        ("/seconds", "429 until 2022-09-07 14:05 UTC", Some("2022-09-07T14:05:00Z"), false),
        ("/date", "503 until 2022-09-07 15:30 UTC", Some("2022-09-07T15:30:00Z"), false),
        ("/busy", "429", None, false),
        ("/gone", "gone (410)", None, true),
        ("/missing", "not found (404)", None, true),
        ("/broken", "the server fails (500)", None, false),
        ("/mitigated", "Cloudflare challenge (403)", None, false),
        ("/challenge", "Cloudflare challenge (503)", None, false),
        ("/denied", "access denied (403)", None, false),
        ("/unasked", "the server answered 304", None, false),
    ] {
        let error = fetcher.feed(&server.feed_url(path), &Validators::default()).await.unwrap_err();
        assert_eq!(error.to_string(), words, "{path}");
        assert_eq!(error.retry_after(), retry_after.map(|at| at.parse().unwrap()), "{path}");
        assert_eq!(error.is_final(), is_final, "{path}");
        assert_eq!(error.is_gone(), path == "/gone");
    }
}

#[tokio::test]
async fn pages_are_text() {
    let server = Server::start(|head| {
        let kind = match path(head) {
            "/robots.txt" => return reply("404 Not Found", &[], b""),
            "/html" => "text/html; charset=windows-1252",
            "/xhtml" => "application/xhtml+xml",
            "/plain" => "TEXT/PLAIN",
            "/pdf" => "application/pdf",
            "/video" => "video/mp4",
            "/audio" => "audio/mpeg",
            "/json" => "application/json",
            "/disguised" => return reply("200 OK", &[], b"%PDF-1.7 ..."),
            _ => return reply("200 OK", &[], b"no type"),
        };
        reply("200 OK", &[("content-type", kind)], b"Orl\xe9ans")
    })
    .await;
    let fetcher = server.fetcher();
    for (path, readable) in [
        ("/html", true),
        ("/xhtml", true),
        ("/plain", true),
        ("/untyped", true),
        ("/pdf", false),
        ("/video", false),
        ("/audio", false),
        ("/json", false),
        ("/disguised", false),
    ] {
        match fetcher.page(&server.url(path)).await {
            Ok(page) => {
                assert!(readable, "{path}");
                assert!(path == "/untyped" || page.bytes == b"Orl\xe9ans", "{path}");
            }
            Err(error) => {
                assert!(
                    !readable && matches!(error, FetchError::NotText(_)) && error.is_final(),
                    "{path}: {error}"
                );
            }
        }
    }
}

#[tokio::test]
async fn robots_are_obeyed_and_asked_once() {
    let server = Server::start(|head| match path(head) {
        "/robots.txt" => ok(
            "User-agent: *\nDisallow: /\n\nUser-agent: dateline\nDisallow: /private\nAllow: /private/open\n",
        ),
        "/moved" => reply("302 Found", &[("location", "/private/elsewhere")], b""),
        _ => ok("page"),
    })
    .await;
    let fetcher = server.fetcher();
    for (path, allowed) in [
        ("/news", true),
        ("/private/a", false),
        ("/private/open", true),
        ("/moved", false),
        ("/news?q=2", true),
    ] {
        let page = fetcher.page(&server.url(path)).await;
        match page {
            Ok(page) => assert!(allowed && page.bytes == b"page", "{path}"),
            Err(error) => {
                assert!(!allowed && matches!(error, FetchError::Disallowed) && error.is_final(), "{path}")
            }
        }
    }
    let asked = |wanted: &str| server.heads().iter().filter(|head| path(head).starts_with(wanted)).count();
    assert_eq!(asked("/robots.txt"), 1);
    assert_eq!(asked("/private/a"), 0);
    assert_eq!(asked("/private/elsewhere"), 0);
    // A feed is there to be read by programs.
    fetcher.feed(&server.feed_url("/private/feed.xml"), &Validators::default()).await.unwrap();
}

#[tokio::test]
async fn robots_that_cannot_be_read() {
    for (status, allowed) in
        [("404 Not Found", true), ("403 Forbidden", true), ("500 Oops", false), ("429 Slow", false)]
    {
        let server = Server::start(move |head| match path(head) {
            "/robots.txt" => reply(status, &[], b"User-agent: *\nDisallow: /\n"),
            _ => ok("page"),
        })
        .await;
        match server.fetcher().page(&server.url("/news")).await {
            Ok(_) => assert!(allowed, "{status}"),
            Err(error) => {
                assert!(!allowed && matches!(error, FetchError::RobotsUnreachable(_)), "{status}: {error}");
                assert!(!error.is_final());
            }
        }
    }
}

#[tokio::test]
async fn pages_that_start_together_ask_robots_once() {
    let server = Server::start(|_| ok("page")).await;
    let fetcher = server.fetcher();
    let pages = (0..20).map(|n| {
        let url = server.url(&format!("/{n}"));
        let fetcher = &fetcher;
        async move { fetcher.page(&url).await.unwrap().bytes }
    });
    let pages = futures_util::future::join_all(pages).await;
    assert_eq!(pages.len(), 20);
    assert_eq!(server.heads().iter().filter(|head| path(head) == "/robots.txt").count(), 1);
}

#[test]
fn a_contact_that_breaks_the_header_is_refused() {
    for contact in ["https://example.org/\r\nx: y", "(nested)"] {
        assert!(matches!(Fetcher::new(FetchSettings::new(contact)), Err(FetcherError::Contact(_))));
    }
}
