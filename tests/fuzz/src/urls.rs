//! Any text, as an address that a person types and as one that a redirect leads to: nothing private passes the
//! guard, an address has one canonical form, and no panic.

#![no_main]
#![expect(dead_code, unused_imports, reason = "parts of a larger crate")]

#[path = "../../../src/domain/mod.rs"]
mod domain;
#[path = "../../../src/feeds/mod.rs"]
mod feeds;
#[path = "../../../src/fetch/guard.rs"]
mod guard;

use libfuzzer_sys::fuzz_target;
use url::{Host, Url};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let base = Url::parse("https://gazette.example/feeds/all.xml?a=1").expect("an address");
    let allowed = guard::AllowList::default();
    let typed = domain::FeedUrl::parse(&text);
    if let Ok(typed) = &typed {
        assert_eq!(domain::FeedUrl::parse(typed.as_str()).as_ref(), Ok(typed), "what is stored is read again");
    }
    let found = [Url::parse(&text).ok(), base.join(&text).ok(), typed.ok().map(|typed| typed.as_url().clone())];
    for url in found.into_iter().flatten() {
        let canonical = feeds::canonical_url(&url);
        assert_eq!(feeds::canonical_url(&canonical), canonical);
        feeds::usual_places(&url);
        if guard::check(&url, &allowed).is_err() {
            continue;
        }
        assert!(matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none());
        assert!(matches!(url.port_or_known_default(), Some(80 | 443)));
        // Independently of the guard's own tables.
        match url.host() {
            Some(Host::Ipv4(ip)) => assert!(
                !(ip.is_loopback()
                    || ip.is_private()
                    || ip.is_link_local()
                    || ip.is_multicast()
                    || ip.is_broadcast()
                    || ip.is_documentation()
                    || ip.is_unspecified())
            ),
            Some(Host::Ipv6(ip)) => assert!(
                !(ip.is_loopback()
                    || ip.is_unspecified()
                    || ip.is_multicast()
                    || ip.is_unique_local()
                    || ip.is_unicast_link_local()
                    || ip.to_ipv4().is_some())
            ),
            Some(Host::Domain(name)) => assert!(!name.is_empty()),
            None => panic!("no host"),
        }
    }
});
