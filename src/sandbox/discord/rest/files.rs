//! The files of messages and of commands, where their `url` says.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::domain::ChannelId;
use crate::sandbox::discord::hub::{Hub, lock};
use crate::sandbox::discord::objects;

pub const PATH: &str = "/attachments/{channel_id}/{attachment_id}/{filename}";

pub async fn get(
    State(hub): State<Arc<Hub>>,
    Path((channel, id, _)): Path<(u64, u64, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    if query.get("hm") != Some(&objects::attachment_signature(channel, id)) {
        return (StatusCode::NOT_FOUND, "This content is no longer available.").into_response();
    }
    let sent = || {
        let world = hub.world();
        let mut files = world.messages_in(ChannelId(channel)).flat_map(|m| &m.attachments);
        files.find(|file| file.id == id).cloned()
    };
    let uploaded = lock(&hub.interactions).uploaded(id);
    match uploaded.or_else(sent) {
        Some(file) => ([(header::CONTENT_TYPE, file.content_type)], file.bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
