//! One address for one article.

use url::Url;

/// Query parameters that say how a reader came, never what is read. Lower case, sorted.
const TRACKING: &[&str] = &[
    "_ga", "_gl", "_hsenc", "_hsmi", "at_campaign", "at_medium", "cmpid", "dclid", "fb_action_ids",
    "fb_action_types", "fb_ref", "fb_source", "fbclid", "gbraid", "gclid", "gclsrc", "ga_campaign",
    "ga_content", "ga_medium", "ga_source", "ga_term", "guccounter", "hsctatracking", "igsh", "igshid",
    "mc_cid", "mc_eid", "mkt_tok", "ml_subscriber", "ml_subscriber_hash", "msclkid", "ncid", "oly_anon_id",
    "oly_enc_id", "rb_clickid", "ref_src", "ref_url", "s_cid", "s_kwcid", "smid", "srsltid",
    "traffic_source", "ttclid", "twclid", "vero_conv", "vero_id", "wbraid", "wickedid", "xtor", "yclid",
    "ysclid",
];

/// Families of such parameters.
const TRACKING_PREFIXES: &[&str] = &["utm_", "mtm_", "matomo_", "pk_", "piwik_", "hsa_", "wt_mc", "itm_"];

/// The address without what does not change the article: tracking parameters, fragment, default port, a dot at the
/// end of the host. Host and scheme are in lower case. Everything else stays as it is written, in its order.
pub fn canonical_url(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    let bare = url.host_str().map(|host| host.trim_end_matches('.')).filter(|host| !host.is_empty());
    if let Some(host) = bare.map(str::to_owned).filter(|host| url.host_str() != Some(host)) {
        // A host that was valid with its dot is valid without; if not, the address stays.
        let _ = url.set_host(Some(&host));
    }
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !tracks(pair)).collect();
        let kept = kept.join("&");
        url.set_query(Some(kept.as_str()).filter(|query| !query.is_empty()));
    }
    url
}

fn tracks(pair: &str) -> bool {
    let name = pair.split_once('=').map_or(pair, |(name, _)| name).to_ascii_lowercase();
    TRACKING.contains(&name.as_str()) || TRACKING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (url, expected) in [
            ("https://example.org/a?utm_source=rss&id=7", "https://example.org/a?id=7"),
            ("https://example.org/a?id=7&fbclid=x&page=2#comments", "https://example.org/a?id=7&page=2"),
            ("https://example.org/a?UTM_Medium=x&GCLID=y", "https://example.org/a"),
            ("https://example.org/a?", "https://example.org/a"),
            ("HTTPS://Example.ORG:443/A", "https://example.org/A"),
            ("http://example.org:80/a", "http://example.org/a"),
            ("http://example.org:8080/a", "http://example.org:8080/a"),
            ("https://example.org./a", "https://example.org/a"),
            ("https://example.org../a", "https://example.org/a"),
            ("https://../a", "https://../a"),
            ("https://example.org/a?q=a%20b+c&x", "https://example.org/a?q=a%20b+c&x"),
            ("https://example.org/a?ref=7&source=8", "https://example.org/a?ref=7&source=8"),
            ("https://example.org/a/?id=1&id=2", "https://example.org/a/?id=1&id=2"),
            ("https://example.org", "https://example.org/"),
        ] {
            let canonical = canonical_url(&Url::parse(url).unwrap());
            assert_eq!(canonical.as_str(), expected, "{url}");
            assert_eq!(canonical_url(&canonical), canonical, "{url} twice");
        }
    }
}
