//! `dateline feeds`: what a feed holds.

use serde_json::Value;

use super::site::Site;
use crate::program::{Bench, run};

#[tokio::test]
async fn a_feed_is_shown_as_it_is_read() {
    let bench = Bench::new();
    let site = Site::start("1957-10-05T06:00:00Z".parse().unwrap()).await;
    let read = async |source: &str, more: &[&str]| {
        let mut command = bench.dateline(&[&["feeds", "read", source], more].concat());
        command.env("FETCH_ALLOW_HOSTS", site.host());
        run(command, "").await
    };
    let shown = read(&site.feed(), &[]).await;
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    let holds: Value = serde_json::from_str(&read(&site.feed(), &["--json"]).await.out).unwrap();
    let first = &holds["entries"][0];
    assert!(shown.out.contains(first["title"].as_str().unwrap()), "{}", shown.out);

    let file = "<rss><channel><title>Ledger</title><item><title>Suez</title><link>/suez</link></item></channel></rss>";
    let file = bench.file("feed.xml", file);
    let holds: Value =
        serde_json::from_str(&read(&file, &["--url", "https://ledger.example/feed.xml", "--json"]).await.out)
            .unwrap();
    assert_eq!(holds["entries"][0]["url"], "https://ledger.example/suez");

    let page = format!("http://{}/sputnik", site.host());
    let refused = read(&page, &[]).await;
    assert_eq!((refused.code, refused.out.as_str()), (Some(1), ""));
    assert!(refused.err.starts_with(&format!("error: {page}: ")), "{}", refused.err);
}
