//! Keeps other sites out: a page on the web must neither read the sandbox nor act in it, whatever name
//! it gives 127.0.0.1 (DNS rebinding), and nothing that news say can run as a script.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Scripts, styles and pictures are files of the program; no frames.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The authorities that this page answers for.
#[derive(Debug, Clone)]
pub struct Own([String; 2]);

impl Own {
    pub fn new(port: u16) -> Self {
        Self([format!("127.0.0.1:{port}"), format!("localhost:{port}")])
    }

    fn is_host(&self, host: &str) -> bool {
        self.0.iter().any(|own| own.eq_ignore_ascii_case(host))
    }

    fn is_origin(&self, origin: &str) -> bool {
        origin.strip_prefix("http://").is_some_and(|host| self.is_host(host))
    }
}

pub async fn check(State(own): State<Own>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&own, request.method(), request.uri().path(), request.headers()) {
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn refusal(own: &Own, method: &Method, path: &str, headers: &HeaderMap) -> Option<&'static str> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if !text("host").is_some_and(|host| own.is_host(host)) {
        return Some("This page answers to 127.0.0.1 and localhost only.");
    }
    if text("origin").is_some_and(|origin| !own.is_origin(origin)) {
        return Some("Requests from other sites are refused.");
    }
    // A link on another site may open the page itself, and nothing else of it.
    let opens = *method == Method::GET && path == "/";
    if !opens && text("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return Some("Requests from other sites are refused.");
    }
    // What a form of another site can send is no JSON.
    let json = text("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    if *method == Method::POST && !json {
        return Some("Only JSON is taken.");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_page_is_listened_to() {
        let refused = |method: Method, path: &str, headers: &[(&'static str, &'static str)]| {
            let headers = headers.iter().map(|(name, value)| {
                (header::HeaderName::from_static(name), HeaderValue::from_static(value))
            });
            refusal(&Own::new(8080), &method, path, &headers.collect()).is_some()
        };
        let own = ("host", "127.0.0.1:8080");
        let json = ("content-type", "application/json");
        assert!(!refused(Method::GET, "/", &[own]));
        assert!(!refused(Method::GET, "/", &[("host", "localhost:8080"), ("sec-fetch-site", "cross-site")]));
        assert!(!refused(Method::POST, "/act/say", &[own, json, ("origin", "http://127.0.0.1:8080")]));
        assert!(refused(Method::GET, "/", &[]));
        assert!(refused(Method::GET, "/", &[("host", "rebound.example:8080")]));
        assert!(refused(Method::GET, "/", &[("host", "127.0.0.1:8081")]));
        assert!(refused(Method::GET, "/state", &[own, ("sec-fetch-site", "cross-site")]));
        assert!(refused(Method::GET, "/state", &[own, ("sec-fetch-site", "same-site")]));
        assert!(refused(Method::POST, "/act/say", &[own, json, ("origin", "http://evil.example")]));
        assert!(refused(Method::POST, "/act/say", &[own, json, ("origin", "null")]));
        assert!(refused(Method::POST, "/act/say", &[own, ("content-type", "text/plain")]));
    }
}
