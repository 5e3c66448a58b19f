//! The files of messages and of commands, where their `url` says.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::domain::ChannelId;
use crate::sandbox::discord::hub::{Hub, lock};

pub const PATH: &str = "/attachments/{channel_id}/{attachment_id}/{filename}";

pub async fn get(State(hub): State<Arc<Hub>>, Path((channel, id, _)): Path<(u64, u64, String)>) -> Response {
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
