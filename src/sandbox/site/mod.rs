//! A small news site on loopback: three outlets with a feed each, 15 pages that retell well-known
//! events of history as the news of their day, with the mess of real pages around the articles.

mod feeds;
mod pages;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context as _;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use pages::{EVENTS, OUTLETS, Outlet, PAGES, Page};

/// The running site; it ends when the value is dropped.
pub struct Site {
    addr: SocketAddr,
    _server: JoinSet<()>,
}

impl Site {
    /// Serves the site on 127.0.0.1: on the port that the file names, else on a free one, which is
    /// written there. An article's address is its identity, so it must stay the same between runs.
    ///
    /// # Errors
    /// The port of an earlier run is taken, or the file cannot be read or written.
    pub async fn start(port_file: &Path) -> anyhow::Result<Self> {
        let kept = match std::fs::read_to_string(port_file) {
            Ok(text) => {
                text.trim().parse().with_context(|| format!("{} holds no port", port_file.display()))?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => 0,
            Err(error) => return Err(error).with_context(|| format!("reading {}", port_file.display())),
        };
        let listener = TcpListener::bind(("127.0.0.1", kept)).await.with_context(|| {
            format!("port {kept} of the earlier run is taken: end the program that uses it, or give another --data")
        })?;
        let addr = listener.local_addr().context("reading the port of the sample news site")?;
        std::fs::write(port_file, addr.port().to_string())
            .with_context(|| format!("writing {}", port_file.display()))?;
        let app = router(&format!("http://{addr}"));
        let mut server = JoinSet::new();
        server.spawn(async move {
            if let Err(error) = axum::serve(listener, app).await {
                tracing::error!("The sample news site ended: {error}");
            }
        });
        Ok(Self { addr, _server: server })
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
fn router(root: &str) -> Router {
    let mut router =
        Router::new().route("/robots.txt", get(|| async { "User-agent: *\nDisallow: /admin\n" }));
    for outlet in &OUTLETS {
        let body = feeds::render(outlet, root);
        let etag = format!("\"{:x}\"", body.len());
        let serve = move |headers: axum::http::HeaderMap| {
            let (body, etag) = (body.clone(), etag.clone());
            async move { feed_response(&headers, outlet.feed_type, &etag, body) }
        };
        router = router.route(outlet.feed_path, get(serve));
    }
    for page in &PAGES {
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
