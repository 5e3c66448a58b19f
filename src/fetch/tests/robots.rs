//! robots.txt, asked before pages.

use super::*;

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

#[tokio::test]
async fn robots_are_kept_for_a_day_and_their_absence_for_minutes() {
    for (status, times) in [
        // Minutes of the clock, and how often robots.txt was asked for by then. The last is a clock put right.
        ("200 OK", [(0, 1), (23 * 60 + 59, 1), (24 * 60, 2), (0, 3)]),
        ("500 Oops", [(0, 1), (9, 1), (10, 2), (0, 3)]),
    ] {
        let server = Server::start(move |head| match path(head) {
            "/robots.txt" => reply(status, &[], b"User-agent: *\nDisallow: /private\n"),
            _ => ok("page"),
        })
        .await;
        let mut fetcher = server.fetcher();
        let start = fetcher.clock.now();
        for (minutes, asked) in times {
            fetcher.clock = Clock::Fixed(start + chrono::TimeDelta::minutes(minutes));
            assert_eq!(fetcher.page(&server.url("/news")).await.is_ok(), status == "200 OK");
            let heads = server.heads();
            assert_eq!(
                heads.iter().filter(|head| path(head) == "/robots.txt").count(),
                asked,
                "{status} {minutes}"
            );
        }
    }
}
