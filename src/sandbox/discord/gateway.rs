//! The gateway: sessions, their sequence numbers, and the WebSocket they speak through.
//!
//! A session outlives its connection: what is dispatched while nobody listens is kept and replayed
//! on RESUME. Payloads are sent as text, which a client that asks for compression must accept too.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::hub::{Hub, lock};
use super::objects;

/// Dispatches kept of a session for its RESUME.
const REPLAY: usize = 512;
/// Sessions kept; Discord, too, ends those that were left long ago.
const SESSIONS: usize = 4;
/// Dispatches kept for [`Sessions::dispatched`].
const DISPATCHED: usize = 1024;
/// Bytes of one payload from a client, as documented.
const PAYLOAD: usize = 4096;
/// Heartbeats that may be late before a client counts as dead.
const MISSED: u32 = 2;
/// Payloads that a client may send in a window, as documented.
const SENT: (u32, Duration) = (120, Duration::from_secs(60));
/// IDENTIFYs of a bot in a day, as documented.
pub const IDENTIFIES: usize = 1000;
/// All intents that exist: above the last bit there is none.
const KNOWN_INTENTS: u64 = (1 << 26) - 1;
/// Intents that must be granted on the developer portal: members, presences, message content.
const PRIVILEGED: u64 = 1 << 1 | 1 << 8 | 1 << 15;

/// Intents that an event asks for: any of these bits; none for events that always come.
pub mod intents {
    pub const ALWAYS: u64 = 0;
    pub const GUILDS: u64 = 1;
    pub const GUILD_MESSAGES: u64 = 1 << 9;
    pub const DIRECT_MESSAGES: u64 = 1 << 12;
}

/// The sessions of the bot; more than one only while it reconnects.
#[derive(Debug, Default)]
pub struct Sessions {
    open: Vec<Session>,
    connections: u64,
    /// As they are sent, numbered 1.
    dispatched: VecDeque<String>,
    /// How many times a client identified.
    pub identified: usize,
    /// How many times a client resumed.
    pub resumed: usize,
    /// Heartbeats get no answer: what a client sees of a connection that died unnoticed.
    pub mute: bool,
}

/// What is known of one connection.
struct Connection {
    id: u64,
    /// It has identified or resumed.
    known: bool,
    /// Payloads in the present window, and when it ends.
    window: (u32, Instant),
    live: mpsc::Sender<Frame>,
}

#[derive(Debug)]
struct Session {
    id: String,
    intents: u64,
    seq: u64,
    replay: VecDeque<(u64, String)>,
    live: Option<(u64, mpsc::Sender<Frame>)>,
}

#[derive(Debug)]
enum Frame {
    Text(String),
    Close(Option<u16>),
}

impl Sessions {
    /// Whether somebody listens now.
    pub fn is_live(&self) -> bool {
        self.open.iter().any(|s| s.live.is_some())
    }

    /// Whether there is a session to dispatch to, connected or about to resume.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// The dispatches so far, bounded, as sent but for interaction tokens.
    pub fn dispatched(&self) -> Vec<Value> {
        let hidden = |text: &String| {
            let mut payload: Value = serde_json::from_str(text).unwrap_or_default();
            if let Some(token) = payload.pointer_mut("/d/token") {
                *token = json!("hidden");
            }
            payload
        };
        self.dispatched.iter().map(hidden).collect()
    }

    /// Sends an event to every session that asked for it.
    pub fn dispatch(&mut self, event: &str, data: &Value, intents: u64) {
        let data = written(data);
        for session in &mut self.open {
            if intents == intents::ALWAYS || session.intents & intents != 0 {
                session.push(event, &data);
            }
        }
        self.note(event, &data);
    }

    /// Closes every connection; the bot may resume unless the code ends its session.
    pub fn close(&mut self, code: Option<u16>) {
        for session in &mut self.open {
            if let Some((_, live)) = session.live.take() {
                // A full queue means a client that no longer reads: it ends with its connection.
                live.try_send(Frame::Close(code)).ok();
            }
        }
        // 1000 and 1001 end a session, 4007 and 4009 say that it is over.
        if matches!(code, Some(1000 | 1001 | 4007 | 4009)) {
            self.open.clear();
        }
    }

    /// Asks every client to reconnect and resume (opcode 7).
    pub fn ask_reconnect(&mut self) {
        self.send_all(&json!({"op": 7, "d": null, "s": null, "t": null}));
    }

    /// Declares every session invalid (opcode 9), to be resumed or not.
    pub fn invalidate(&mut self, resumable: bool) {
        self.send_all(&json!({"op": 9, "d": resumable, "s": null, "t": null}));
        if !resumable {
            self.open.clear();
        }
    }

    fn send_all(&mut self, payload: &Value) {
        for session in &mut self.open {
            session.send(Frame::Text(payload.to_string()));
        }
    }

    fn note(&mut self, event: &str, data: &RawValue) {
        self.dispatched.push_back(payload(1, event, data));
        if self.dispatched.len() > DISPATCHED {
            self.dispatched.pop_front();
        }
    }

    fn connect(&mut self) -> u64 {
        self.connections += 1;
        self.connections
    }

    fn disconnect(&mut self, connection: u64) {
        for session in &mut self.open {
            if session.live.as_ref().is_some_and(|(id, _)| *id == connection) {
                session.live = None;
            }
        }
    }

    fn identify(&mut self, intents: u64, connection: u64, live: mpsc::Sender<Frame>) -> &mut Session {
        if self.open.len() >= SESSIONS {
            self.open.remove(0);
        }
        self.identified += 1;
        let id = format!("{:032x}", fastrand::u128(..));
        let live = Some((connection, live));
        self.open.push(Session { id, intents, seq: 0, replay: VecDeque::new(), live });
        let last = self.open.len() - 1;
        &mut self.open[last]
    }

    /// Takes a session up again and replays what it missed; else what to tell the client.
    fn resume(&mut self, id: &str, seq: u64, connection: u64, live: mpsc::Sender<Frame>) -> Option<Frame> {
        let invalid = || Some(Frame::Text(json!({"op": 9, "d": false, "s": null, "t": null}).to_string()));
        let Some(session) = self.open.iter_mut().find(|s| s.id == id) else { return invalid() };
        if seq > session.seq {
            return Some(Frame::Close(Some(4007)));
        }
        let oldest = session.replay.front().map_or(session.seq, |(s, _)| s - 1);
        if seq < oldest {
            return invalid();
        }
        let missed: Vec<_> =
            session.replay.iter().filter(|(s, _)| *s > seq).map(|(_, t)| t.clone()).collect();
        session.live = Some((connection, live));
        for text in missed {
            session.send(Frame::Text(text));
        }
        session.push("RESUMED", &written(&json!({})));
        self.resumed += 1;
        None
    }
}

impl Session {
    fn push(&mut self, event: &str, data: &RawValue) {
        self.seq += 1;
        let text = payload(self.seq, event, data);
        self.replay.push_back((self.seq, text.clone()));
        if self.replay.len() > REPLAY {
            self.replay.pop_front();
        }
        self.send(Frame::Text(text));
    }

    fn send(&mut self, frame: Frame) {
        if let Some((_, live)) = &self.live
            && live.try_send(frame).is_err()
        {
            self.live = None;
        }
    }
}

/// A dispatch of a session as it is sent.
fn payload(seq: u64, event: &str, data: &RawValue) -> String {
    #[derive(Serialize)]
    struct Payload<'a> {
        op: u8,
        s: u64,
        t: &'a str,
        d: &'a RawValue,
    }
    serde_json::to_string(&Payload { op: 0, s: seq, t: event, d: data }).unwrap_or_default()
}

/// Written once, however many get it; what is JSON already cannot fail to be written.
fn written(data: &Value) -> Box<RawValue> {
    to_raw_value(data).unwrap_or_default()
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
        Some(2) => match refusal(hub, data) {
            Some(code) => close(code),
            None => {
                connection.known = true;
                identify(hub, data["intents"].as_u64().unwrap_or(0), data, connection.id, &connection.live);
                (false, None)
            }
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
fn refusal(hub: &Hub, data: &Value) -> Option<u16> {
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
        // Nobody identifies a thousand times a day but by mistake; Discord would reset the token.
        _ if lock(&hub.sessions).identified >= IDENTIFIES => Some(4004),
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
