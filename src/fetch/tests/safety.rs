//! Servers that mean harm: bounded time and memory, a clear reason, and no other feed is harmed.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write as _;

use super::*;

/// Answers that would never end, or be too much, if they were believed: what is answered, and what is told.
fn hostile() -> Vec<(&'static str, Reply, &'static str)> {
    let (gzip, matches) = Bomb::gzip();
    let encoded = |coding: &str| head("200 OK", &[("content-encoding", coding)]);
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    for _ in 0..16 {
        zlib.write_all(&vec![b'a'; 1_000_000]).unwrap();
    }
    let zlib = zlib.finish().unwrap();
    // RFC 8878: a frame with a window of 128 kB, whose blocks are each one letter 131,072 times.
    let zstd = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38];
    let zstd_block = [0x02, 0x00, 0x10, b'a'];
    let too_large = "larger than 10 MB";
    let no_http = "not reachable: the server's answer is no HTTP";
    let huge = "x".repeat(1_000_000);
    vec![
        ("a gzip bomb", Reply::Endless([encoded("gzip"), gzip].concat(), matches), too_large),
        ("a deflate bomb", Reply::Bytes([encoded("deflate"), zlib].concat()), too_large),
        ("a brotli bomb", Reply::Bytes([encoded("br"), BROTLI.to_vec()].concat()), too_large),
        (
            "a zstd bomb",
            Reply::Endless([encoded("zstd"), zstd.to_vec()].concat(), zstd_block.repeat(1_000)),
            too_large,
        ),
        ("an endless body", Reply::Endless(head("200 OK", &[]), vec![b' '; 64 * 1024]), too_large),
        ("a header of 1 MB", reply("200 OK", &[("x", &huge)], b"<rss/>"), no_http),
        (
            "endless headers",
            Reply::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"x: y\r\n".repeat(1_000)),
            no_http,
        ),
        ("an endless status line", Reply::Endless(b"HTTP/1.1 200 ".to_vec(), b"OK ".repeat(1_000)), no_http),
        ("endless redirects", reply("302 Found", &[("location", "/")], b""), "more than 5 redirects"),
        (
            "a length that is a lie",
            reply("200 OK", &[("content-length", "99999999999999")], b"<rss/>"),
            "the answer breaks off or cannot be decoded",
        ),
        ("silence", Reply::Silence(Vec::new()), "no whole answer within 0 s"),
        ("a head, drop by drop", Reply::Drops(Vec::new()), "no whole answer within 0 s"),
        ("a body, drop by drop", Reply::Drops(head("200 OK", &[])), "no whole answer within 0 s"),
    ]
}

/// 16 MiB of one letter.
const BROTLI: [u8; 14] = [0xcf, 0xff, 0xff, 0x7f, 0xf8, 0x25, 0xc2, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x7f];

#[tokio::test]
async fn hostile_servers_harm_no_other_feed() {
    let mut servers = Vec::new();
    for (what, answer, words) in hostile() {
        let answer = Mutex::new(Some(answer));
        let again = move |_: &str| {
            answer.lock().unwrap().take().unwrap_or_else(|| reply("302 Found", &[("location", "/")], b""))
        };
        servers.push((what, Server::start(again).await, words));
    }
    let healthy = Server::start(|_| ok("<rss/>")).await;
    let mut settings = FetchSettings::new("https://example.org/about");
    settings.allow_hosts = vec!["127.0.0.1".to_owned()];
    settings.spacing = Duration::ZERO;
    // What ends by a limit has seconds to get there; what never ends, these.
    settings.timeout = Duration::from_secs(20);
    let patient = Fetcher::new(settings.clone()).unwrap();
    settings.timeout = Duration::from_millis(200);
    let hasty = Fetcher::new(settings).unwrap();
    let asked = servers.iter().map(|(what, server, words)| {
        let fetcher = if words.starts_with("no whole answer") { &hasty } else { &patient };
        async move {
            let error = fetcher.feed(&server.feed_url("/"), &Validators::default()).await.unwrap_err();
            assert_eq!(error.to_string(), *words, "{what}");
        }
    });
    let others = (0..10).map(|n| {
        let (patient, url) = (&patient, healthy.feed_url(&format!("/{n}")));
        async move { patient.feed(&url, &Validators::default()).await.unwrap() }
    });
    futures_util::future::join(futures_util::future::join_all(asked), futures_util::future::join_all(others))
        .await;
}

/// What is told of a server with a certificate of these parameters; the fetcher trusts its issuer, or nobody new.
async fn tls_answer(change: impl Fn(&mut rcgen::CertificateParams), names: &[&str], trusted: bool) -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = rcgen::CertificateParams::new(names).unwrap();
    change(&mut params);
    let certificate = params.self_signed(&key).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            rustls_pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<rss/>").await;
                let _ = stream.flush().await;
                let _ = stream.read_u8().await;
            }
        }
    });
    let mut fetcher = fetcher(port, Duration::from_secs(20));
    if trusted {
        let issuer = reqwest::Certificate::from_der(certificate.der()).unwrap();
        fetcher.open = Client::builder().no_proxy().add_root_certificate(issuer).build().unwrap();
    }
    let url = FeedUrl::parse(&format!("https://127.0.0.1:{port}/")).unwrap();
    match fetcher.feed(&url, &Validators::default()).await {
        Ok(_) => "read".to_owned(),
        Err(error) => {
            assert!(!error.is_final(), "certificates are mended");
            error.to_string()
        }
    }
}

#[tokio::test]
async fn certificates_that_are_wrong_are_told() {
    assert_eq!(tls_answer(|_| {}, &["127.0.0.1"], true).await, "read");
    assert_eq!(tls_answer(|_| {}, &["127.0.0.1"], false).await, "certificate of an unknown issuer");
    let expired = |params: &mut rcgen::CertificateParams| params.not_after = rcgen::date_time_ymd(2001, 1, 1);
    assert_eq!(tls_answer(expired, &["127.0.0.1"], true).await, "certificate expired");
    let early = |params: &mut rcgen::CertificateParams| params.not_before = rcgen::date_time_ymd(3001, 1, 1);
    assert_eq!(tls_answer(early, &["127.0.0.1"], true).await, "certificate not valid yet");
    assert_eq!(tls_answer(|_| {}, &["elsewhere.example"], true).await, "certificate of another host");
}
