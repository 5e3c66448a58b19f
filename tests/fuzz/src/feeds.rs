//! Any bytes, as a feed, a list of feeds and a page that names feeds: read or refused in bounded time, and no panic.

#![no_main]
#![expect(dead_code, unused_imports, reason = "two rooms of a larger crate")]

#[path = "../../../src/domain/mod.rs"]
mod domain;
#[path = "../../../src/feeds/mod.rs"]
mod feeds;

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let base = url::Url::parse("https://gazette.example/feeds/all.xml").expect("an address");
    match feeds::parse(bytes, None, &base) {
        Ok(feed) => {
            let keys: HashSet<&str> = feed.entries.iter().map(|entry| entry.key.as_str()).collect();
            assert_eq!(keys.len(), feed.entries.len(), "each key once");
            for entry in &feed.entries {
                assert!(!entry.key.is_empty() && entry.key.len() <= 500);
                assert!(entry.url.as_ref().is_none_or(|url| matches!(url.scheme(), "http" | "https")));
                for text in [&entry.title, &entry.summary, &entry.author].into_iter().flatten() {
                    assert!(!text.trim().is_empty() && !text.contains('\n'));
                }
            }
        }
        // What the parser behind does in a panic is caught, so that a feed never ends the bot; here it must show.
        Err(error) => assert_ne!(error, feeds::FeedError::Unreadable("the parser failed".to_owned())),
    }
    if let Ok(list) = feeds::opml::read(bytes) {
        let again = feeds::opml::read(feeds::opml::write("", &list.feeds).as_bytes()).expect("it is a list");
        assert_eq!(again.feeds.len(), list.feeds.len());
    }
    assert!(feeds::discover(&String::from_utf8_lossy(bytes), &base).len() <= 8);
});
