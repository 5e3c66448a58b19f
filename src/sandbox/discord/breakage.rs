//! What only a test can do, or a person who wants to see it: make requests fail and break connections.

use super::EmbeddedDiscord;
use super::faults::{Fault, Hold};
use super::hub::lock;

impl EmbeddedDiscord {
    /// Makes the next requests of a kind fail; the hold is for [`super::Effect::Held`].
    pub fn fail(&self, fault: Fault) -> Hold {
        lock(&self.hub.faults).add(fault)
    }

    /// Forgets the faults that have not happened.
    pub fn heal(&self) {
        lock(&self.hub.faults).clear();
    }

    /// Closes the bot's gateway connection with a code, or without any.
    ///
    /// 1000, 1001, 4007 and 4009 end the session too; after any other the bot may resume it.
    pub fn drop_gateway(&self, close_code: Option<u16>) {
        lock(&self.hub.sessions).close(close_code);
        self.hub.bump();
    }

    /// Asks the bot to reconnect and resume, as Discord does before it restarts a server (opcode 7).
    pub fn ask_reconnect(&self) {
        lock(&self.hub.sessions).ask_reconnect();
        self.hub.bump();
    }

    /// Declares the bot's session invalid (opcode 9), to be resumed or to be begun anew.
    pub fn invalidate_session(&self, resumable: bool) {
        lock(&self.hub.sessions).invalidate(resumable);
        self.hub.bump();
    }

    /// Whether heartbeats go unanswered: to the bot, its connection has died unnoticed.
    pub fn mute_heartbeats(&self, mute: bool) {
        lock(&self.hub.sessions).mute = mute;
    }
}
