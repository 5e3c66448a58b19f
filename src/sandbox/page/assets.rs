//! What the page is made of: files that are part of the program.

use axum::http::header;
use axum::response::{IntoResponse, Response};

pub struct Asset {
    pub path: &'static str,
    kind: &'static str,
    body: &'static str,
}

impl Asset {
    pub fn response(&self) -> Response {
        ([(header::CONTENT_TYPE, self.kind)], self.body).into_response()
    }
}

macro_rules! asset {
    ($path:literal, $file:literal, $kind:literal) => {
        Asset {
            path: $path,
            kind: concat!($kind, "; charset=utf-8"),
            body: include_str!(concat!("assets/", $file)),
        }
    };
}

pub static ALL: [Asset; 16] = [
    asset!("/", "index.html", "text/html"),
    asset!("/theme.css", "theme.css", "text/css"),
    asset!("/layout.css", "layout.css", "text/css"),
    asset!("/chat.css", "chat.css", "text/css"),
    asset!("/desk.css", "desk.css", "text/css"),
    asset!("/icon.svg", "icon.svg", "image/svg+xml"),
    asset!("/app.js", "app.js", "text/javascript"),
    asset!("/api.js", "api.js", "text/javascript"),
    asset!("/drawers.js", "drawers.js", "text/javascript"),
    asset!("/dom.js", "dom.js", "text/javascript"),
    asset!("/icons.js", "icons.js", "text/javascript"),
    asset!("/markdown.js", "markdown.js", "text/javascript"),
    asset!("/message.js", "message.js", "text/javascript"),
    asset!("/composer.js", "composer.js", "text/javascript"),
    asset!("/suggest.js", "suggest.js", "text/javascript"),
    asset!("/panel.js", "panel.js", "text/javascript"),
];
