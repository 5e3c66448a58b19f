//! The HTTP API: what happens to every request, whichever operation it is for.
//!
//! An operation is a plain function from a [`Call`] to an answer. Around it, in this order: the body
//! is read and logged, the token checked, the rate limit counted, an injected fault met.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::faults::{self, Effect, Hold};
use super::hub::{Hub, lock};
use super::limits::Quota;
use super::log::{Answer, Params};
use super::objects;
use super::state::StoredFile;
use super::validate::FormErrors;

mod answers;
mod commands;
mod files;
mod messages;
mod multipart;
mod places;
mod threads;

pub use messages::{draft, may_write};

/// Bytes of a request's body: its files, and a megabyte for the rest.
const BODY: usize = objects::ATTACHMENT_LIMIT as usize + 1024 * 1024;

/// A request, read and parsed.
pub struct Call {
    pub params: Params,
    /// Null for a request without a body.
    pub body: Value,
    pub files: Vec<StoredFile>,
}

/// An operation: `Ok` with a status and a body, or why not.
type Operation = fn(&Hub, &Call) -> Result<(u16, Option<Value>), Refusal>;

/// A 4xx as Discord words it.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub status: u16,
    pub code: u64,
    pub message: &'static str,
    pub errors: Option<Value>,
}

impl Refusal {
    pub const fn new(status: u16, code: u64, message: &'static str) -> Self {
        Refusal { status, code, message, errors: None }
    }

    /// `Err` with a 50035 if anything is wrong.
    pub fn check(errors: &FormErrors) -> Result<(), Self> {
        if errors.is_empty() {
            return Ok(());
        }
        Err(Refusal { errors: Some(errors.to_json()), ..Self::new(400, 50035, "Invalid Form Body") })
    }

    fn body(&self) -> Value {
        let mut body = json!({"message": self.message, "code": self.code});
        if let Some(errors) = &self.errors {
            body["errors"] = errors.clone();
        }
        body
    }
}

impl Call {
    /// An id of the path.
    pub fn id(&self, name: &str) -> Result<u64, Refusal> {
        let id = self.params.get(name).and_then(|id| id.parse().ok());
        id.ok_or_else(|| {
            let mut errors = FormErrors::default();
            errors.add(name, "NUMBER_TYPE_COERCE", "Value is not snowflake.");
            Refusal { errors: Some(errors.to_json()), ..Refusal::new(400, 50035, "Invalid Form Body") }
        })
    }

    pub fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }
}

/// All operations, under `/api/v10`.
pub fn router(hub: &Arc<Hub>) -> Router {
    let operations = places::OPERATIONS
        .iter()
        .chain(messages::OPERATIONS)
        .chain(threads::OPERATIONS)
        .chain(commands::OPERATIONS)
        .chain(answers::OPERATIONS);
    let mut router = Router::new();
    for &(endpoint, operation) in operations {
        let hub = hub.clone();
        let Ok(method) = MethodFilter::try_from(
            axum::http::Method::from_bytes(endpoint.method.as_bytes()).unwrap_or_default(),
        ) else {
            continue;
        };
        let handler = on(method, move |request: Request| serve(hub, endpoint, operation, request));
        router = router.route(&format!("/api/v10{}", endpoint.path), handler);
    }
    let files = axum::routing::get(files::get).with_state(hub.clone());
    let router = router.route(files::PATH, files);
    let hub = hub.clone();
    router.fallback(move |request: Request| serve(hub, Endpoint::UNKNOWN, not_found, request))
}

fn not_found(_: &Hub, _: &Call) -> Result<(u16, Option<Value>), Refusal> {
    Err(Refusal::new(404, 0, "404: Not Found"))
}

async fn serve(hub: Arc<Hub>, endpoint: Endpoint, operation: Operation, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut params = Params::new();
    if let Ok(path) = RawPathParams::from_request_parts(&mut parts, &()).await {
        params.extend(path.iter().map(|(k, v)| (k.to_owned(), v.to_owned())));
    }
    if endpoint == Endpoint::UNKNOWN {
        params.insert("method".into(), parts.method.to_string());
        params.insert("path".into(), without_secrets(parts.uri.path()));
    }
    let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
    params.extend(query.filter(|(k, _)| !k.is_empty()).map(|(k, v)| (k.into_owned(), v.into_owned())));
    let read = axum::body::to_bytes(body, BODY).await;
    let parsed = match &read {
        Ok(bytes) => multipart::read(&parts.headers, bytes),
        Err(_) => Err(Refusal::new(413, 40005, "Request entity too large")),
    };
    let logged = parsed.as_ref().ok().map(|(body, _)| body.clone()).filter(|body| !body.is_null());
    let number = lock(&hub.log).arrived(endpoint, params.clone(), logged, hub.now());
    hub.bump();

    let call = parsed.map(|(body, files)| Call { params, body, files });
    let (mut quota, retry_after) = (None, &mut None);
    let outcome = match call {
        Err(refusal) => Err(refusal),
        // Cloudflare's ban knows nothing of routes.
        Ok(_) if lock(&hub.limiter).is_banned(tokio::time::Instant::now()) => {
            Err(Refusal::new(403, 0, "error code: 1015"))
        }
        Ok(_) if !endpoint.is_open() && !is_authorized(&hub, &parts.headers) => {
            Err(Refusal::new(401, 0, "401: Unauthorized"))
        }
        Ok(call) => {
            quota = take_quota(&hub, endpoint, &call.params);
            match &quota {
                Some(quota) if quota.exceeded => {
                    *retry_after = Some((quota.reset_after, quota.global));
                    Ok((429, Some(faults::rate_limited(quota.reset_after, quota.global))))
                }
                _ => meet(&hub, endpoint, operation, &call, retry_after).await,
            }
        }
    };
    let (status, body) = outcome.unwrap_or_else(|refusal| (refusal.status, Some(refusal.body())));
    if matches!(status, 401 | 403 | 429) {
        lock(&hub.limiter).refused(tokio::time::Instant::now());
    }
    lock(&hub.log).answered(number, Answer { status, body: body.clone() });
    hub.bump();
    write(status, body, quota.as_ref(), *retry_after, hub.now())
}

/// Runs the operation through the fault that waits for it, if any.
async fn meet(
    hub: &Hub,
    endpoint: Endpoint,
    operation: Operation,
    call: &Call,
    retry_after: &mut Option<(Duration, bool)>,
) -> Result<(u16, Option<Value>), Refusal> {
    let fault = lock(&hub.faults).take(endpoint, &call.params);
    let Some((effect, hold)) = fault else { return operation(hub, call) };
    match effect {
        Effect::RateLimited { retry_after: wait, global } => {
            *retry_after = Some((wait, global));
            Ok((429, Some(faults::rate_limited(wait, global))))
        }
        Effect::Refused { status, code, message } => Err(Refusal::new(status, code, message)),
        Effect::Broken { status, stored } => {
            if stored {
                operation(hub, call)?;
            }
            Ok((status, None))
        }
        Effect::Slow { by } => {
            hub.shutdown.run_until_cancelled(tokio::time::sleep(by)).await;
            operation(hub, call)
        }
        Effect::Held { stored: true } => {
            let outcome = operation(hub, call);
            held(hub, &hold).await;
            outcome
        }
        Effect::Held { stored: false } => {
            held(hub, &hold).await;
            operation(hub, call)
        }
    }
}

/// Waits for the release; a client that leaves ends the wait by dropping it.
async fn held(hub: &Hub, hold: &Hold) {
    hub.shutdown.run_until_cancelled(hold.released()).await;
}

fn take_quota(hub: &Hub, endpoint: Endpoint, params: &Params) -> Option<Quota> {
    let major = ["channel_id", "guild_id", "webhook_token"].iter().find_map(|name| params.get(*name));
    let now = tokio::time::Instant::now();
    lock(&hub.limiter).take(endpoint, major.map_or("", String::as_str), now)
}

fn is_authorized(hub: &Hub, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    given.and_then(|value| value.strip_prefix("Bot ")) == Some(hub.token.expose_secret())
}

fn write(
    status: u16,
    body: Option<Value>,
    quota: Option<&Quota>,
    retry: Option<(Duration, bool)>,
    now: DateTime<Utc>,
) -> Response {
    let mut headers = HashMap::new();
    if let Some(quota) = quota {
        // Rounded up: a client that waits as told must not come early.
        let after = (quota.reset_after.as_secs_f64() * 1000.0).ceil() / 1000.0;
        headers.insert("x-ratelimit-bucket", quota.bucket.clone());
        headers.insert("x-ratelimit-limit", quota.limit.to_string());
        headers.insert("x-ratelimit-remaining", quota.remaining.to_string());
        headers.insert("x-ratelimit-reset-after", format!("{after:.3}"));
        let reset = now.timestamp_millis() as f64 / 1000.0 + after;
        headers.insert("x-ratelimit-reset", format!("{reset:.3}"));
    }
    if let Some((after, global)) = retry {
        headers.insert("retry-after", after.as_secs_f64().ceil().to_string());
        headers.insert("x-ratelimit-scope", if global { "global" } else { "user" }.to_owned());
        if global {
            headers.insert("x-ratelimit-global", "true".to_owned());
        }
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match body {
        Some(body) => (status, axum::Json(body)).into_response(),
        None => status.into_response(),
    };
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A path for the log: what is no word and no id may be a token.
fn without_secrets(path: &str) -> String {
    let hide = |part: &str| match part.len() > 24 && part.parse::<u64>().is_err() {
        true => "…".to_owned(),
        false => part.to_owned(),
    };
    path.split('/').map(hide).collect::<Vec<_>>().join("/")
}
