//! What is too much, too slow, broken or out of bounds.

use super::*;

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
async fn the_time_is_for_all_hops_together() {
    assert_eq!(FetchSettings::new("https://example.org/").timeout, Duration::from_secs(20));
    // Five hops take twice the time that is given and each of them less than half. A slow machine ends it sooner, by
    // the same error; were the time given to every hop, it would end with too many redirects.
    let hop = |_: &str| Reply::Late(head("302 Found", &[("location", "/again")]));
    let server = Server::start(hop).await;
    let fetcher = fetcher(server.port, Duration::from_millis(250));
    let error = fetcher.feed(&server.feed_url("/"), &Validators::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::TimedOut { .. }), "{error}");
}

#[tokio::test]
async fn a_turn_that_does_not_come_is_told_apart() {
    let server = Server::start(|_| ok("<rss/>")).await;
    let mut settings = FetchSettings::new("https://example.org/about");
    settings.allow_hosts = vec![format!("127.0.0.1:{}", server.port)];
    settings.spacing = Duration::from_secs(3600);
    settings.turn = Duration::ZERO;
    let fetcher = Fetcher::new(settings).unwrap();
    fetcher.feed(&server.feed_url("/"), &Validators::default()).await.unwrap();
    let error = fetcher.feed(&server.feed_url("/"), &Validators::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::Queue) && !error.is_final(), "{error}");
    // The same where the turn is one to ask robots.txt: nothing is known of the site.
    let error = fetcher.page(&server.url("/")).await.unwrap_err();
    assert!(matches!(error, FetchError::Queue), "{error}");
}
