//! Sessions of the gateway and their sequence numbers.
//!
//! A session outlives its connection: what is dispatched while nobody listens is kept and replayed
//! on RESUME.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// Dispatches kept of a session for its RESUME.
pub const REPLAY: usize = 512;
/// Sessions kept; Discord, too, ends those that were left long ago.
const SESSIONS: usize = 4;
/// Dispatches kept for [`Sessions::dispatched`].
const DISPATCHED: usize = 1024;

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
    /// How many of these are kept no longer.
    pub forgotten: u64,
    /// How many times a client identified.
    pub identified: usize,
    /// How many times a client resumed.
    pub resumed: usize,
    /// Heartbeats get no answer: what a client sees of a connection that died unnoticed.
    pub mute: bool,
}

#[derive(Debug)]
pub struct Session {
    pub id: String,
    intents: u64,
    seq: u64,
    replay: VecDeque<(u64, String)>,
    live: Option<(u64, mpsc::Sender<Frame>)>,
}

#[derive(Debug)]
pub enum Frame {
    Text(String),
    Close(Option<u16>),
}

impl Frame {
    /// Opcode 9, not to be resumed.
    pub fn invalid() -> Self {
        Frame::Text(invalidation(false).to_string())
    }
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
        self.send_all(&invalidation(resumable));
        if !resumable {
            self.open.clear();
        }
    }

    fn send_all(&mut self, payload: &Value) {
        for session in &mut self.open {
            session.send(Frame::Text(payload.to_string()));
        }
    }

    pub fn note(&mut self, event: &str, data: &RawValue) {
        self.dispatched.push_back(payload(1, event, data));
        if self.dispatched.len() > DISPATCHED {
            self.dispatched.pop_front();
            self.forgotten += 1;
        }
    }

    pub fn connect(&mut self) -> u64 {
        self.connections += 1;
        self.connections
    }

    pub fn disconnect(&mut self, connection: u64) {
        for session in &mut self.open {
            if session.live.as_ref().is_some_and(|(id, _)| *id == connection) {
                session.live = None;
            }
        }
    }

    pub fn identify(&mut self, intents: u64, connection: u64, live: mpsc::Sender<Frame>) -> &mut Session {
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
    pub fn resume(
        &mut self,
        id: &str,
        seq: u64,
        connection: u64,
        live: mpsc::Sender<Frame>,
    ) -> Option<Frame> {
        let Some(session) = self.open.iter_mut().find(|s| s.id == id) else { return Some(Frame::invalid()) };
        if seq > session.seq {
            return Some(Frame::Close(Some(4007)));
        }
        let oldest = session.replay.front().map_or(session.seq, |(s, _)| s - 1);
        if seq < oldest {
            return Some(Frame::invalid());
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
    pub fn push(&mut self, event: &str, data: &RawValue) {
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

fn invalidation(resumable: bool) -> Value {
    json!({"op": 9, "d": resumable, "s": null, "t": null})
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
pub fn written(data: &Value) -> Box<RawValue> {
    to_raw_value(data).unwrap_or_default()
}
