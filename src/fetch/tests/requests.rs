//! What is asked, and what answers make of it: validators, redirects, statuses.

use super::*;

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
    assert_eq!(&*bytes, b"<rss>\xe9</rss>", "bytes stay as they were sent");
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

#[test]
fn a_contact_that_breaks_the_header_is_refused() {
    for contact in ["https://example.org/\r\nx: y", "(nested)"] {
        assert!(matches!(Fetcher::new(FetchSettings::new(contact)), Err(FetcherError::Contact(_))));
    }
}
