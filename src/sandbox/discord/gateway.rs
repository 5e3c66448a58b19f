//! The gateway: the WebSocket that sessions speak through.
//!
//! Payloads are sent as text, which a client that asks for compression must accept too.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::hub::{Hub, lock};
use super::limits::Turn;
use super::objects;
use super::sessions::{Frame, REPLAY, intents, written};

/// Bytes of one payload from a client, as documented.
const PAYLOAD: usize = 4096;
/// Heartbeats that may be late before a client counts as dead.
const MISSED: u32 = 2;
/// Payloads that a client may send in a window, as documented.
const SENT: (u32, Duration) = (120, Duration::from_secs(60));
/// All intents that exist: above the last bit there is none.
const KNOWN_INTENTS: u64 = (1 << 26) - 1;
/// Intents that must be granted on the developer portal: members, presences, message content.
const PRIVILEGED: u64 = 1 << 1 | 1 << 8 | 1 << 15;

/// What is known of one connection.
struct Connection {
    id: u64,
    /// It has identified or resumed.
    known: bool,
    /// Payloads in the present window, and when it ends.
    window: (u32, Instant),
    live: mpsc::Sender<Frame>,
}

/// `GET /` of the plain port.
pub async fn connect(
    State(hub): State<Arc<Hub>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    // A page in a browser says where it is from, a bot does not; and the name it came by may be another's.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    if headers.contains_key(header::ORIGIN) || host != Some(&hub.addr.to_string()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let task = hub.tasks.token();
    let version = query.get("v").is_none_or(|version| version == "10");
    upgrade
        .max_message_size(PAYLOAD)
        .on_upgrade(async move |mut socket| {
            let _task = task;
            if !version {
                return close(&mut socket, Some(4012)).await;
            }
            let connection = lock(&hub.sessions).connect();
            serve(&hub, socket, connection).await;
            lock(&hub.sessions).disconnect(connection);
            hub.bump();
        })
        .into_response()
}

async fn close(socket: &mut WebSocket, code: Option<u16>) {
    let frame = code.map(|code| CloseFrame { code, reason: "".into() });
    socket.send(Message::Close(frame)).await.ok();
}

async fn serve(hub: &Hub, mut socket: WebSocket, id: u64) {
    // Room for a whole replay and then some: a client that falls further behind is cut off.
    let (live, mut frames) = mpsc::channel(REPLAY * 2);
    let mut connection = Connection { id, known: false, window: (0, Instant::now()), live };
    let interval = hub.settings.heartbeat;
    let hello =
        json!({"op": 10, "d": {"heartbeat_interval": interval.as_millis() as u64}, "s": null, "t": null});
    if socket.send(Message::text(hello.to_string())).await.is_err() {
        return;
    }
    let mut beaten = Instant::now();
    loop {
        let frame = tokio::select! {
            () = hub.shutdown.cancelled() => Frame::Close(Some(1001)),
            // A client that no longer sends heartbeats is dead, though its connection stands.
            () = tokio::time::sleep_until(beaten + interval * (MISSED + 1)) => Frame::Close(Some(4009)),
            frame = frames.recv() => match frame {
                Some(frame) => frame,
                None => return,
            },
            received = socket.recv() => match received {
                Some(Ok(Message::Text(text))) => {
                    let (beat, frame) = answer(hub, &text, &mut connection);
                    if beat {
                        beaten = Instant::now();
                    }
                    match frame {
                        Some(frame) => frame,
                        None => continue,
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => continue,
            },
        };
        let sent = match frame {
            Frame::Text(text) => socket.send(Message::text(text)).await,
            Frame::Close(code) => return close(&mut socket, code).await,
        };
        if sent.is_err() {
            return;
        }
    }
}

/// Whether a payload was a heartbeat, and what to send at once in answer; dispatches come through the
/// session's queue.
fn answer(hub: &Hub, text: &str, connection: &mut Connection) -> (bool, Option<Frame>) {
    let close = |code: u16| (false, Some(Frame::Close(Some(code))));
    let now = Instant::now();
    if connection.window.1 <= now {
        connection.window = (0, now + SENT.1);
    }
    connection.window.0 += 1;
    if connection.window.0 > SENT.0 {
        return close(4008);
    }
    let Ok(payload) = serde_json::from_str::<Value>(text) else { return close(4002) };
    let data = &payload["d"];
    let authentic =
        data["token"].as_str().map(|t| t.trim_start_matches("Bot ")) == Some(hub.token.expose_secret());
    match payload["op"].as_u64() {
        Some(1) if lock(&hub.sessions).mute => (true, None),
        Some(1) => (true, Some(Frame::Text(json!({"op": 11, "d": null, "s": null, "t": null}).to_string()))),
        Some(2 | 6) if connection.known => close(4005),
        Some(2 | 6) if !authentic => close(4004),
        Some(2) => match refusal(data) {
            Some(code) => close(code),
            None => match lock(&hub.limiter).identify(now) {
                Turn::TooSoon => (false, Some(Frame::invalid())),
                // Nobody identifies a thousand times a day but by mistake; Discord would reset the token.
                Turn::Spent => close(4004),
                Turn::Granted => {
                    connection.known = true;
                    identify(
                        hub,
                        data["intents"].as_u64().unwrap_or(0),
                        data,
                        connection.id,
                        &connection.live,
                    );
                    (false, None)
                }
            },
        },
        Some(6) => {
            let seq = data["seq"].as_u64().unwrap_or(0);
            let id = data["session_id"].as_str().unwrap_or_default();
            let refused = lock(&hub.sessions).resume(id, seq, connection.id, connection.live.clone());
            connection.known = refused.is_none();
            hub.bump();
            (false, refused)
        }
        Some(3 | 4 | 8 | 31) if !connection.known => close(4003),
        // Presence, voice state, members, soundboard: nothing of it is shown here.
        Some(3 | 4 | 8 | 31) => (false, None),
        _ => close(4001),
    }
}

/// The close code of an IDENTIFY that cannot be accepted.
fn refusal(data: &Value) -> Option<u16> {
    let intents = data["intents"].as_u64();
    let shard = data["shard"]
        .as_array()
        .map(|shard| (shard.first().and_then(Value::as_u64), shard.get(1).and_then(Value::as_u64)));
    match (intents, shard) {
        (None, _) => Some(4013),
        (Some(intents), _) if intents & !KNOWN_INTENTS != 0 => Some(4013),
        (Some(intents), _) if intents & PRIVILEGED != 0 => Some(4014),
        (_, Some((Some(number), Some(count)))) if number >= count => Some(4010),
        (_, Some((None, _) | (_, None))) => Some(4010),
        _ => None,
    }
}

fn identify(hub: &Hub, intents: u64, data: &Value, connection: u64, live: &mpsc::Sender<Frame>) {
    let world = hub.world();
    let mut sessions = lock(&hub.sessions);
    let session = sessions.identify(intents, connection, live.clone());
    let guild = world.guild.id.to_string();
    let ready = written(&json!({
        "v": 10,
        "user": objects::current_user(&world),
        "guilds": [{"id": guild, "unavailable": true}],
        "session_id": session.id,
        "resume_gateway_url": format!("ws://{}", hub.addr),
        "shard": data.get("shard").cloned().unwrap_or(json!([0, 1])),
        "application": {"id": world.bot.to_string(), "flags": 0},
    }));
    let create = written(&objects::guild_create(&world));
    session.push("READY", &ready);
    if intents & intents::GUILDS != 0 {
        session.push("GUILD_CREATE", &create);
    }
    sessions.note("READY", &ready);
    sessions.note("GUILD_CREATE", &create);
    drop(sessions);
    drop(world);
    hub.bump();
}
