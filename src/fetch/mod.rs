//! HTTP: feeds and pages from the public internet, politely and within limits.
//!
//! The only module that asks for addresses which strangers chose. Every hop of every request passes `guard`, waits
//! its turn in `gate` and is counted against the limits; pages ask `robots` first. What comes back is bytes: other
//! modules decode and judge them.

mod body;
mod error;
mod gate;
mod guard;
mod headers;
mod robots;

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{
    ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION,
    SERVER,
};
use reqwest::{Client, Response, StatusCode, redirect};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout};
use url::Url;

pub use body::Body;
pub use error::FetchError;
pub use guard::Refused;

use crate::clock::Clock;
use crate::domain::{FeedUrl, Validators};
use crate::feeds::Freshness;
use body::{Room, read_up_to};
use gate::Gates;
use guard::{AllowList, PublicResolver, Route, SystemResolver};
use robots::RobotsCache;

/// Decompressed bytes of a feed and of a page, in MB of a million.
const FEED_LIMIT_MB: u64 = 10;
const PAGE_LIMIT_MB: u64 = 5;
const MAX_REDIRECTS: usize = 5;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Header lists of HTTP/2, in bytes; those of HTTP/1 are bounded by hyper (100 headers, 400 KB).
const MAX_HEADER_LIST: u32 = 64 * 1024;
/// Bytes of an error page that are searched for a challenge.
const CHALLENGE_BYTES: usize = 32 * 1024;
/// What we are called in robots.txt.
const PRODUCT: &str = "dateline";

const ACCEPT_FEED: &str = "application/rss+xml, application/atom+xml, application/feed+json, \
                           application/rdf+xml;q=0.9, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1";
const ACCEPT_PAGE: &str = "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1";

/// What the operator decides about fetching.
#[derive(Debug, Clone)]
pub struct FetchSettings {
    /// An address under which publishers reach the operator; part of the User-Agent.
    pub contact: String,
    /// Hosts to which the address guard does not apply: `host` with any port, or `host:port`.
    pub allow_hosts: Vec<String>,
    /// For one feed or page in all, redirects and body included; waiting for a turn with the host is not.
    pub timeout: Duration,
    /// Between the starts of two requests to one host.
    pub spacing: Duration,
    /// A request that has waited so long for its turn with a host gives up and is made another time.
    pub turn: Duration,
    pub clock: Clock,
}

impl FetchSettings {
    pub fn new(contact: impl Into<String>) -> Self {
        Self {
            contact: contact.into(),
            allow_hosts: Vec::new(),
            timeout: Duration::from_secs(20),
            spacing: Duration::from_millis(500),
            turn: Duration::from_secs(60),
            clock: Clock::System,
        }
    }
}

/// The fetcher cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum FetcherError {
    #[error("the contact address cannot stand in a User-Agent: {0:?}")]
    Contact(String),
    #[error("the HTTP client cannot be set up")]
    Client(#[from] reqwest::Error),
}

/// The answer to a conditional request for a feed.
#[derive(Debug)]
pub enum FeedResponse {
    /// Nothing new since the validators were given.
    Unchanged {
        validators: Validators,
        freshness: Freshness,
        /// Where it was found, if permanent redirects (301, 308) alone led there.
        moved_to: Option<Url>,
    },
    Body {
        bytes: Body,
        content_type: Option<String>,
        final_url: Url,
        /// `final_url`, if permanent redirects (301, 308) alone led there.
        moved_to: Option<Url>,
        validators: Validators,
        freshness: Freshness,
    },
}

/// A page as it was sent.
#[derive(Debug)]
pub struct FetchedPage {
    /// Decompressed, otherwise as sent.
    pub bytes: Vec<u8>,
    pub content_type: Option<String>,
    pub final_url: Url,
}

/// Fetches feeds and pages. One for the whole program: it keeps connections, turns and robots.txt files.
#[derive(Debug)]
pub struct Fetcher {
    guarded: Client,
    /// For the hosts that the operator vouches for.
    open: Client,
    allowed: AllowList,
    gates: Gates,
    robots: RobotsCache,
    room: Room,
    timeout: Duration,
    clock: Clock,
}

impl Fetcher {
    pub fn new(settings: FetchSettings) -> Result<Self, FetcherError> {
        let agent = format!("{PRODUCT}/{} (+{})", env!("CARGO_PKG_VERSION"), settings.contact);
        let agent = HeaderValue::from_str(&agent)
            .ok()
            .filter(|_| !settings.contact.contains(['(', ')']))
            .ok_or_else(|| FetcherError::Contact(settings.contact.clone()))?;
        let builder = || {
            Client::builder()
                .user_agent(agent.clone())
                // A proxy would resolve names itself, past the guard.
                .no_proxy()
                // Every hop is checked; see `follow`.
                .redirect(redirect::Policy::none())
                .referer(false)
                .connect_timeout(CONNECT_TIMEOUT)
                .http2_max_header_list_size(MAX_HEADER_LIST)
                .pool_max_idle_per_host(2)
        };
        Ok(Self {
            guarded: builder().dns_resolver(std::sync::Arc::new(PublicResolver(SystemResolver))).build()?,
            open: builder().build()?,
            allowed: AllowList::new(&settings.allow_hosts),
            gates: Gates::new(settings.spacing, settings.turn),
            robots: RobotsCache::default(),
            room: Room::default(),
            timeout: settings.timeout,
            clock: settings.clock,
        })
    }

    /// Asks for a feed, saying what is known of it.
    pub async fn feed(&self, url: &FeedUrl, validators: &Validators) -> Result<FeedResponse, FetchError> {
        let mut budget = Budget::new(self.timeout);
        let want = Want { accept: ACCEPT_FEED, validators: Some(validators), obey_robots: false };
        let answer = self.follow(url.as_url(), &want, &mut budget).await?;
        let now = self.clock.now();
        let headers = answer.response.headers();
        let freshness = headers::freshness(headers, now);
        let status = answer.response.status();
        if status == StatusCode::NOT_MODIFIED && want.conditional() {
            return Ok(FeedResponse::Unchanged {
                validators: headers::revalidated(headers, validators),
                freshness,
                moved_to: answer.moved_to(),
            });
        }
        if !status.is_success() {
            return Err(failure(answer.response, now, &mut budget).await);
        }
        let validators = headers::validators(headers);
        let content_type = content_type(headers);
        let moved_to = answer.moved_to();
        let bytes = self.room.read(answer.response, FEED_LIMIT_MB, &mut budget).await?;
        Ok(FeedResponse::Body { bytes, content_type, final_url: answer.url, moved_to, validators, freshness })
    }

    /// Asks for an article's page, if the site's robots.txt allows it.
    pub async fn page(&self, url: &Url) -> Result<FetchedPage, FetchError> {
        let mut budget = Budget::new(self.timeout);
        let want = Want { accept: ACCEPT_PAGE, validators: None, obey_robots: true };
        let answer = self.follow(url, &want, &mut budget).await?;
        if !answer.response.status().is_success() {
            return Err(failure(answer.response, self.clock.now(), &mut budget).await);
        }
        let content_type = content_type(answer.response.headers());
        if let Some(other) = content_type.as_deref().filter(|found| !is_text(found)) {
            return Err(FetchError::NotText(other.chars().take(80).collect()));
        }
        let bytes = self.room.read(answer.response, PAGE_LIMIT_MB, &mut budget).await?.into_bytes();
        if bytes.starts_with(b"%PDF-") {
            return Err(FetchError::NotText("application/pdf".to_owned()));
        }
        Ok(FetchedPage { bytes, content_type, final_url: answer.url })
    }

    /// Whether an address may be asked, as far as that is known before its name is resolved; the rest is checked
    /// at every request.
    pub fn may_ask(&self, url: &Url) -> Result<(), Refused> {
        guard::check(url, &self.allowed).map(|_| ())
    }

    /// Follows redirects to an answer that is none, checking every hop.
    async fn follow(&self, url: &Url, want: &Want<'_>, budget: &mut Budget) -> Result<Answer, FetchError> {
        let mut url = url.clone();
        url.set_fragment(None);
        let mut permanent = true;
        for hop in 0..=MAX_REDIRECTS {
            let client = match guard::check(&url, &self.allowed)? {
                Route::Guarded => &self.guarded,
                Route::Open => &self.open,
            };
            if want.obey_robots {
                self.robots.check(self, &url).await?;
            }
            let turn = self.gates.enter(url.host_str().unwrap_or_default()).await?;
            let request = client.get(url.clone()).headers(want.headers());
            let response =
                budget.spend(request.send()).await?.map_err(|error| FetchError::of_client(&error))?;
            let status = response.status();
            if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok(Answer { response, url, permanent: hop > 0 && permanent, _turn: turn });
            }
            permanent &= matches!(status.as_u16(), 301 | 308);
            let location = response.headers().get(LOCATION).and_then(|location| {
                // Some servers send the bytes of an address with its accents.
                let location = std::str::from_utf8(location.as_bytes()).ok()?;
                url.join(location).ok()
            });
            url = location.ok_or(FetchError::BadRedirect)?;
            url.set_fragment(None);
        }
        Err(FetchError::TooManyRedirects { limit: MAX_REDIRECTS })
    }
}

/// What is asked for.
struct Want<'a> {
    accept: &'static str,
    validators: Option<&'a Validators>,
    obey_robots: bool,
}

impl Want<'_> {
    fn conditional(&self) -> bool {
        self.validators.is_some_and(|known| known.etag.is_some() || known.last_modified.is_some())
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(self.accept));
        let mut validator = |name: HeaderName, value: Option<&String>| {
            // What could not be sent as it came is not sent.
            if let Some(value) = value.and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok()) {
                headers.insert(name, value);
            }
        };
        if let Some(known) = self.validators {
            validator(IF_NONE_MATCH, known.etag.as_ref());
            validator(IF_MODIFIED_SINCE, known.last_modified.as_ref());
        }
        headers
    }
}

/// An answer whose body is still to be read.
struct Answer {
    response: Response,
    /// Where it came from.
    url: Url,
    permanent: bool,
    /// The turn with the host lasts until the body is read.
    _turn: OwnedSemaphorePermit,
}

impl Answer {
    fn moved_to(&self) -> Option<Url> {
        self.permanent.then(|| self.url.clone())
    }
}

/// Time on the network that is left to one feed or page.
struct Budget {
    whole: Duration,
    left: Duration,
}

impl Budget {
    fn new(whole: Duration) -> Self {
        Self { whole, left: whole }
    }

    async fn spend<T>(&mut self, step: impl Future<Output = T>) -> Result<T, FetchError> {
        let started = Instant::now();
        let done = timeout(self.left, step).await;
        self.left = self.left.saturating_sub(started.elapsed());
        done.map_err(|_| FetchError::TimedOut { seconds: self.whole.as_secs() })
    }
}

/// The error that an answer is.
async fn failure(mut response: Response, now: DateTime<Utc>, budget: &mut Budget) -> FetchError {
    let status = response.status().as_u16();
    let headers = response.headers();
    let retry_after = headers::retry_after(headers, now);
    let is =
        |name: &str, value: &str| headers.get(name).is_some_and(|found| found.as_bytes() == value.as_bytes());
    let mut challenge = is("cf-mitigated", "challenge");
    if !challenge && matches!(status, 403 | 429 | 503) && is(SERVER.as_str(), "cloudflare") {
        let mut page = Vec::new();
        // What came before it broke off is looked at all the same.
        let _ = budget.spend(read_up_to(&mut response, &mut page, CHALLENGE_BYTES)).await;
        let page = String::from_utf8_lossy(&page);
        challenge = ["Just a moment", "challenge-platform", "cf-chl-"].iter().any(|sign| page.contains(sign));
    }
    match status {
        _ if challenge => FetchError::Challenge { status, retry_after },
        410 => FetchError::Gone,
        429 => FetchError::Busy { status, retry_after },
        503 if retry_after.is_some() => FetchError::Busy { status, retry_after },
        _ => FetchError::Status(status),
    }
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Whether a content type can hold an article.
fn is_text(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    matches!(
        kind.as_str(),
        "" | "text/html" | "text/plain" | "application/xhtml+xml" | "application/xml" | "text/xml"
    )
}

#[cfg(test)]
mod tests;
