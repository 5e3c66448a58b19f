//! Any bytes, as a page and as a text: an article in bounded time, and no panic.
//!
//! What must hold of every article is asserted here; the fuzzer's own limits (`-timeout`,
//! `-rss_limit_mb`) hold time and memory.

#![no_main]
#![expect(dead_code, unused_imports, reason = "two rooms of a larger crate")]

#[path = "../../../src/clean/mod.rs"]
mod clean;
#[path = "../../../src/domain/mod.rs"]
mod domain;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let hints = clean::Hints {
        url: url::Url::parse("https://gazette.example/1956/07/27/suez").ok(),
        ..clean::Hints::default()
    };
    let page = clean::decode(bytes, None);
    for article in [clean::html(&page, &hints), clean::text(&page, &hints)] {
        assert!(article.paragraphs.iter().all(|text| !text.trim().is_empty() && !text.contains('\n')));
        // `clean` catches what an extractor may do, so that a page never ends the bot; here it must show.
        assert!(!article.warnings.iter().any(|own| own == clean::warning::FAILED));
    }
});
