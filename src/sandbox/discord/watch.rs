//! What Discord's client shows one person: channels, messages, commands, and answers on their way.

use serde_json::{Value, json};
use tokio::sync::watch;

use super::control::sees;
use super::hub::lock;
use super::interactions::{Kind, Stage};
use super::log::Exchange;
use super::state::{Channel, ChannelKind, StoredFile, StoredMessage, World};
use super::{ControlError, EmbeddedDiscord, objects, permissions};
use crate::domain::{ChannelId, MessageId, UserId};

/// Messages shown of a channel, the newest.
const SHOWN: usize = 60;
/// How long a client shows that an application did not respond.
const FAILURE_SHOWN: std::time::Duration = std::time::Duration::from_secs(120);

impl EmbeddedDiscord {
    /// Changes whenever anything did.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.hub.changes()
    }

    /// The server as `user` sees it, with the messages of one channel.
    ///
    /// # Errors
    /// There is no such channel, or the user does not see it.
    pub fn view(&self, user: UserId, channel: ChannelId) -> Result<Value, ControlError> {
        let world = self.hub.world();
        let open = |c: &&Channel| seen(&world, user, c);
        let place = world.channels.get(&channel).filter(open).ok_or(ControlError::UnknownChannel)?;
        let users: Vec<_> = world.users.values().map(objects::user).collect();
        let channels: Vec<_> =
            world.channels.values().filter(open).map(|c| objects::partial_channel(&world, c, user)).collect();
        let visible = |m: &&StoredMessage| m.only_for.is_none_or(|only| only == user);
        let mut messages: Vec<_> = world.messages_in(channel).rev().filter(visible).take(SHOWN).collect();
        messages.reverse();
        let messages: Vec<_> = messages.into_iter().map(|m| message(&world, m)).collect();
        let commands: Vec<_> = world.commands.iter().map(|c| command(&world, user, place, c)).collect();
        Ok(json!({
            "guild": {"id": world.guild.id.to_string(), "name": world.guild.name},
            "me": world.users.get(&user).map(objects::user),
            "bot": world.bot.to_string(),
            "channel": channel.to_string(),
            "channels": channels,
            "users": users,
            "roles": objects::roles(&world),
            "messages": messages,
            "commands": commands,
            "pending": self.pending(user, channel),
            "connected": lock(&self.hub.sessions).is_live(),
        }))
    }

    /// Interactions of a user that have no answer yet, or got none.
    fn pending(&self, user: UserId, channel: ChannelId) -> Vec<Value> {
        let patience = self.hub.settings.first_answer;
        let interactions = lock(&self.hub.interactions);
        let of_user = interactions.of(user, channel).filter(|i| i.kind != Kind::Autocomplete);
        let waiting = of_user.filter_map(|i| {
            let age = i.opened.elapsed();
            let state = match i.stage() {
                Stage::Waiting if age > patience + FAILURE_SHOWN => return None,
                Stage::Waiting if age > patience => "failed",
                Stage::Waiting => "sent",
                Stage::Deferred { .. } if i.follow_ups.is_empty() => "thinking",
                _ => return None,
            };
            let message = match i.kind {
                Kind::Component(message) => Some(message.to_string()),
                _ => None,
            };
            let ephemeral = matches!(i.stage(), Stage::Deferred { ephemeral: true });
            Some(json!({
                "id": i.id.to_string(),
                "name": i.name,
                "state": state,
                "ephemeral": ephemeral,
                "message": message,
                // When the client should look again, in milliseconds.
                "fails_in": patience.saturating_sub(age).as_millis() as u64,
            }))
        });
        waiting.collect()
    }

    /// Hides an ephemeral answer, as its only reader may.
    ///
    /// # Errors
    /// There is no such message for this user alone.
    pub fn dismiss(&self, user: UserId, message: MessageId) -> Result<(), ControlError> {
        self.hub.change(|world| {
            let own = world.message(message).is_some_and(|m| m.only_for == Some(user));
            let removed = own.then(|| world.remove_message(message)).flatten();
            removed.map(drop).ok_or(ControlError::UnknownMessage)
        })
    }

    /// A file of a message.
    pub fn file(&self, message: MessageId, id: u64) -> Option<StoredFile> {
        self.hub.world().message(message)?.attachments.iter().find(|file| file.id == id).cloned()
    }

    /// What was said over the API of late, newest first, each with its number.
    pub fn newest_exchanges(&self, count: usize) -> Vec<(u64, Exchange)> {
        lock(&self.hub.log).newest(count)
    }
}

fn seen(world: &World, user: UserId, channel: &Channel) -> bool {
    match channel.kind {
        ChannelKind::Direct(with) => with == user,
        _ => permissions::in_channel(world, user, channel) & permissions::VIEW_CHANNEL != 0,
    }
}

fn message(world: &World, stored: &StoredMessage) -> Value {
    let mut out = objects::message(world, stored);
    out["only_you"] = json!(stored.only_for.is_some());
    out["command"] = json!(stored.command);
    out
}

/// A command with whether the user may run it here.
fn command(world: &World, user: UserId, place: &Channel, command: &Value) -> Value {
    let mut out = command.clone();
    out["allowed"] = json!(sees(world, user, place, command));
    let needed = command["default_member_permissions"].as_str().and_then(|set| set.parse().ok());
    out["needs"] = json!(needed.map(permissions::names).unwrap_or_default());
    out
}
