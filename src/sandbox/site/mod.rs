//! A small news site on loopback: three outlets with a feed each, 15 pages that retell well-known
//! events of history as the news of their day, with the mess of real pages around the articles, and a
//! few more that are published when somebody asks for the next one.

mod feeds;
mod pages;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context as _;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use pages::{EVENTS, NEXT, OUTLETS, Outlet, PAGES, Page};

use crate::domain::FeedUrl;

/// The running site; it ends when the value is dropped.
pub struct Site {
    addr: SocketAddr,
    /// Where the port and the number of later pages are kept.
    kept: PathBuf,
    /// So many of [`NEXT`] are published.
    later: Arc<AtomicUsize>,
    _server: JoinSet<()>,
}

impl Site {
    /// Serves the site on 127.0.0.1: on the port that the file names, else on a free one, which is
    /// written there. An article's address is its identity, so it must stay the same between runs.
    ///
    /// # Errors
    /// The port of an earlier run is taken, or the file cannot be read or written.
    pub async fn start(port_file: &Path) -> anyhow::Result<Self> {
        let (kept, later) = match std::fs::read_to_string(port_file) {
            Ok(text) => {
                let mut lines = text.lines().map(str::trim);
                let port = lines.next().unwrap_or_default().parse();
                let port = port.with_context(|| format!("{} holds no port", port_file.display()))?;
                (port, lines.next().and_then(|later| later.parse().ok()).unwrap_or(0))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => (0, 0),
            Err(error) => return Err(error).with_context(|| format!("reading {}", port_file.display())),
        };
        let listener = TcpListener::bind(("127.0.0.1", kept)).await.with_context(|| {
            format!("port {kept} of the earlier run is taken: end the program that uses it, or give another --data")
        })?;
        let addr = listener.local_addr().context("reading the port of the sample news site")?;
        let later = Arc::new(AtomicUsize::new(later.min(NEXT.len())));
        let app = router(&format!("http://{addr}"), &later);
        let mut server = JoinSet::new();
        server.spawn(async move {
            if let Err(error) = axum::serve(listener, app).await {
                tracing::error!("The sample news site ended: {error}");
            }
        });
        let site = Self { addr, kept: port_file.to_owned(), later, _server: server };
        site.keep(site.later.load(Ordering::SeqCst))?;
        Ok(site)
    }

    /// What [`Site::publish_next`] would publish.
    pub fn next(&self) -> Option<&'static Page> {
        NEXT.get(self.later.load(Ordering::SeqCst))
    }

    /// Adds the next page to its outlet's feed; gives it with the feed's address. `None`: there is no more.
    ///
    /// # Errors
    /// The number of published pages cannot be written down.
    pub fn publish_next(&self) -> anyhow::Result<Option<(&'static Page, FeedUrl)>> {
        let more = |later: usize| (later < NEXT.len()).then_some(later + 1);
        let Ok(index) = self.later.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more) else {
            return Ok(None);
        };
        self.keep(index + 1)?;
        let page = &NEXT[index];
        let feed = FeedUrl::parse(&format!("http://{}{}", self.addr, page.outlet().feed_path));
        Ok(Some((page, feed.context("the address of a sample feed")?)))
    }

    fn keep(&self, later: usize) -> anyhow::Result<()> {
        std::fs::write(&self.kept, format!("{}\n{later}\n", self.addr.port()))
            .with_context(|| format!("writing {}", self.kept.display()))
    }

    /// `host:port`, as the fetcher's list of allowed hosts wants it.
    pub fn host(&self) -> String {
        self.addr.to_string()
    }

    /// The addresses of the outlets' feeds.
    pub fn feeds(&self) -> Vec<String> {
        OUTLETS.iter().map(|outlet| format!("http://{}{}", self.addr, outlet.feed_path)).collect()
    }
}

/// All routes; `root` is the scheme and authority that pages and feeds link to.
fn router(root: &str, later: &Arc<AtomicUsize>) -> Router {
    let mut router =
        Router::new().route("/robots.txt", get(|| async { "User-agent: *\nDisallow: /admin\n" }));
    for outlet in &OUTLETS {
        let (root, later) = (root.to_owned(), Arc::clone(later));
        let serve = move |headers: axum::http::HeaderMap| {
            let body = feeds::render(outlet, &root, later.load(Ordering::SeqCst));
            let etag = format!("\"{:x}\"", body.len());
            async move { feed_response(&headers, outlet.feed_type, &etag, body) }
        };
        router = router.route(outlet.feed_path, get(serve));
    }
    for page in PAGES.iter().chain(&NEXT) {
        let html = page.render(root);
        router = router.route(page.path, get(move || async move { Html(html) }));
    }
    router
}

/// A feed with its validator: 304 to whoever has it already.
fn feed_response(
    headers: &axum::http::HeaderMap,
    content_type: &'static str,
    etag: &str,
    body: String,
) -> Response {
    if headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag.to_owned())]).into_response();
    }
    let headers = [(header::CONTENT_TYPE, content_type.to_owned()), (header::ETAG, etag.to_owned())];
    (headers, body).into_response()
}
