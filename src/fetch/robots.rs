//! robots.txt (RFC 9309), asked before every article page and remembered for a day.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use robotxt::{BYTE_LIMIT, Robots};
use url::Url;

use super::body::read_up_to;
use super::{Budget, FetchError, Fetcher, PRODUCT, Want};

/// RFC 9309, 2.4: not to be used for longer.
const KEEP: TimeDelta = TimeDelta::hours(24);
/// A site that did not answer is not asked again for every page of it.
const KEEP_FAILURE: TimeDelta = TimeDelta::minutes(10);
/// Sites remembered. Their rules may be half a megabyte each.
const MAX_SITES: usize = 256;

/// The rules of the sites that were asked lately.
#[derive(Debug, Default)]
pub(super) struct RobotsCache {
    sites: Mutex<HashMap<String, Arc<Site>>>,
}

/// Locked while it is asked, so that a site's first pages ask once.
type Site = tokio::sync::Mutex<Option<Known>>;

#[derive(Debug)]
struct Known {
    asked_at: DateTime<Utc>,
    /// Or why they could not be read.
    rules: Result<Robots, String>,
}

impl Known {
    /// Not for ever after a clock that was ahead was put right.
    fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        let keep = if self.rules.is_ok() { KEEP } else { KEEP_FAILURE };
        (TimeDelta::zero()..keep).contains(&(now - self.asked_at))
    }
}

impl RobotsCache {
    /// Whether a page may be asked for.
    pub(super) async fn check(&self, fetcher: &Fetcher, url: &Url) -> Result<(), FetchError> {
        let site = self.site(url.origin().ascii_serialization(), fetcher.clock.now());
        let mut known = site.lock().await;
        // Another page may have asked while this one waited.
        let now = fetcher.clock.now();
        let fresh = match known.take().filter(|known| known.is_fresh(now)) {
            Some(fresh) => fresh,
            None => {
                let rules = match ask(fetcher, url).await {
                    // The site was not asked: nothing is known of it.
                    Err(FetchError::Queue) => return Err(FetchError::Queue),
                    asked => asked.map_err(|error| error.to_string()),
                };
                Known { asked_at: now, rules }
            }
        };
        let verdict = match &fresh.rules {
            Ok(rules) if rules.is_url_allowed(url) => Ok(()),
            Ok(_) => Err(FetchError::Disallowed),
            Err(why) => Err(FetchError::RobotsUnreachable(why.clone())),
        };
        *known = Some(fresh);
        verdict
    }

    fn site(&self, origin: String, now: DateTime<Utc>) -> Arc<Site> {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        if sites.len() >= MAX_SITES && !sites.contains_key(&origin) {
            let stale = |site: &Arc<Site>| {
                site.try_lock().is_ok_and(|known| known.as_ref().is_none_or(|known| !known.is_fresh(now)))
            };
            sites.retain(|_, site| !stale(site));
            if sites.len() >= MAX_SITES
                && let Some(any) = sites.keys().next().cloned()
            {
                sites.remove(&any);
            }
        }
        Arc::clone(sites.entry(origin).or_default())
    }
}

/// Reads a site's robots.txt: none (4xx) allows everything, an unreachable one nothing for the moment (2.3.1).
async fn ask(fetcher: &Fetcher, page: &Url) -> Result<Robots, FetchError> {
    match robotxt::robots_url(page) {
        Ok(url) => read(fetcher, &url).await,
        Err(_) => Ok(Robots::allow_all()),
    }
}

async fn read(fetcher: &Fetcher, url: &Url) -> Result<Robots, FetchError> {
    let mut budget = Budget::new(fetcher.timeout);
    let want = Want { accept: "text/plain, */*;q=0.1", validators: None, obey_robots: false };
    // Boxed: following asks for robots.txt, and robots.txt is followed.
    let mut answer = match Box::pin(fetcher.follow(url, &want, &mut budget)).await {
        // A file behind the guard is none. The page's own request meets the guard next.
        Err(FetchError::TooManyRedirects { .. } | FetchError::Refused(_)) => return Ok(Robots::allow_all()),
        answer => answer?,
    };
    match answer.response.status().as_u16() {
        200..300 => {
            // The parser leaves a cut last line out when it sees that it is cut.
            let mut text = Vec::new();
            budget.spend(read_up_to(&mut answer.response, &mut text, BYTE_LIMIT)).await??;
            Ok(Robots::parse(&text, PRODUCT))
        }
        // Too many requests is no word about the rules.
        status @ (429 | 500..) => Err(FetchError::Status(status)),
        _ => Ok(Robots::allow_all()),
    }
}
