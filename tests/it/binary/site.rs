//! A news site of one feed with one article.

use axum::Router;
use axum::http::header;
use axum::response::Html;
use axum::routing::get;
use chrono::{DateTime, FixedOffset};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Ends when it is dropped.
pub struct Site {
    host: String,
    _server: JoinSet<()>,
}

impl Site {
    /// Serves the page on the launch of Sputnik as published at a moment.
    pub async fn start(published: DateTime<FixedOffset>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let page = include_str!("../../fixtures/pages/sputnik.html");
        let page = page.replace("PUBLISHED", &published.to_rfc3339());
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>Orbit Post</title><link>http://{host}/</link><item>\
             <title>Soviet Union launches first artificial satellite</title><link>http://{host}/sputnik</link>\
             <guid>http://{host}/sputnik</guid><pubDate>{}</pubDate></item></channel></rss>",
            published.to_rfc2822()
        );
        let app = Router::new()
            .route(
                "/feed.xml",
                get(move || async { ([(header::CONTENT_TYPE, "application/rss+xml")], feed) }),
            )
            .route("/sputnik", get(move || async { Html(page) }));
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { host, _server: server }
    }

    /// `host:port`.
    pub fn host(&self) -> &str {
        &self.host
    }

    pub fn feed(&self) -> String {
        format!("http://{}/feed.xml", self.host)
    }
}
