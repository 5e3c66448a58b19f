//! Interactions in progress: slash commands, buttons and autocompletes that wait for the bot's answer.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::state::StoredFile;
use crate::domain::{ChannelId, MessageId, UserId};

/// Interactions remembered.
const KEPT: usize = 1024;
/// Files remembered.
const UPLOADS: usize = 32;

/// One interaction and how far its answer has come.
#[derive(Debug, Clone)]
pub struct Interaction {
    pub id: u64,
    pub token: String,
    pub kind: Kind,
    /// The command as typed, or the button's `custom_id`.
    pub name: String,
    pub user: UserId,
    pub channel: ChannelId,
    /// `authorizing_integration_owners`, repeated on the messages that answer.
    pub owners: Value,
    pub opened: Instant,
    /// After how long something was said, and all.
    pub first_after: Option<Duration>,
    pub whole_after: Option<Duration>,
    stage: Stage,
    /// What `@original` means: the first answer, or for a button's update the button's message.
    pub original: Option<MessageId>,
    pub follow_ups: Vec<MessageId>,
    pub choices: Option<Vec<Value>>,
    /// Edits of any of its messages, not counting the one that completes a deferred answer.
    pub edits: usize,
    /// The answer was deferred at first.
    pub deferred: bool,
    /// For those who wait for this answer: others need not look when it comes.
    pub told: Arc<Notify>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Command,
    Autocomplete,
    /// A component of this message.
    Component(MessageId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nothing said yet.
    Waiting,
    /// "Thinking…": a message is to come.
    Deferred {
        ephemeral: bool,
    },
    /// A button's message is to change, or a follow-up to come.
    DeferredUpdate,
    Answered,
}

impl Kind {
    /// The `type` of the interaction.
    pub fn number(self) -> u8 {
        match self {
            Kind::Command => 2,
            Kind::Component(_) => 3,
            Kind::Autocomplete => 4,
        }
    }
}

impl Interaction {
    /// Opens an interaction; the secret in its token is fresh.
    pub fn open(id: u64, kind: Kind, user: UserId, channel: ChannelId, owners: Value) -> Self {
        let secret: String = std::iter::repeat_with(fastrand::alphanumeric).take(64).collect();
        Interaction {
            id,
            token: format!("{id}.{secret}"),
            kind,
            name: String::new(),
            user,
            channel,
            owners,
            opened: Instant::now(),
            first_after: None,
            whole_after: None,
            stage: Stage::Waiting,
            original: None,
            follow_ups: Vec::new(),
            choices: None,
            edits: 0,
            deferred: false,
            told: Arc::default(),
        }
    }

    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Goes on to a stage of its answer.
    pub fn come_to(&mut self, stage: Stage) {
        let after = self.opened.elapsed();
        self.first_after.get_or_insert(after);
        if stage == Stage::Answered {
            self.whole_after.get_or_insert(after);
        }
        self.stage = stage;
        self.told.notify_waiters();
    }

    /// Goes on to a further message.
    pub fn follow(&mut self, message: MessageId) {
        self.follow_ups.push(message);
        self.told.notify_waiters();
    }

    /// What a message that answers says of its cause, as `interaction_metadata`.
    pub fn metadata(&self, user: Value) -> Value {
        let mut out = json!({
            "id": self.id.to_string(),
            "type": self.kind.number(),
            "user": user,
            "authorizing_integration_owners": self.owners,
        });
        if let Kind::Component(message) = self.kind {
            out["interacted_message_id"] = json!(message.to_string());
        }
        out
    }
}

/// The interactions of late and the files that came with them, oldest first.
#[derive(Debug, Default)]
pub struct Interactions {
    open: VecDeque<Interaction>,
    uploads: VecDeque<StoredFile>,
}

impl Interactions {
    pub fn add(&mut self, interaction: Interaction) {
        self.open.push_back(interaction);
        if self.open.len() > KEPT {
            self.open.pop_front();
        }
    }

    /// Keeps a file that a user attaches to a command, for the bot to fetch.
    pub fn upload(&mut self, file: StoredFile) {
        self.uploads.push_back(file);
        if self.uploads.len() > UPLOADS {
            self.uploads.pop_front();
        }
    }

    pub fn uploaded(&self, id: u64) -> Option<StoredFile> {
        self.uploads.iter().find(|file| file.id == id).cloned()
    }

    pub fn get(&self, id: u64) -> Option<&Interaction> {
        self.open.iter().rev().find(|i| i.id == id)
    }

    pub fn get_mut(&mut self, id: u64) -> Option<&mut Interaction> {
        self.open.iter_mut().rev().find(|i| i.id == id)
    }

    /// Those that were begun by a user in a channel, oldest first.
    pub fn of(&self, user: UserId, channel: ChannelId) -> impl Iterator<Item = &Interaction> {
        self.open.iter().filter(move |i| i.user == user && i.channel == channel)
    }

    /// The interaction that a token belongs to, while the token works: for `life` from its beginning.
    pub fn by_token(&mut self, token: &str, life: Duration) -> Option<&mut Interaction> {
        self.open.iter_mut().rev().find(|i| i.token == token && i.opened.elapsed() < life)
    }
}
