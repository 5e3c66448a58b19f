//! What a person does in Discord's client: run a command, press a button, look at a channel; and
//! what a test waits for and looks at.

use std::pin::pin;
use std::time::Duration;

use serde_json::{Value, json};

use super::EmbeddedDiscord;
use super::endpoint::Endpoint;
use super::hub::{Hub, lock};
use super::interactions::{Interaction, Kind, Stage};
use super::log::Exchange;
use super::options::{Given, command_data};
use super::sessions::intents;
use super::state::{Channel, ChannelKind, StoredMessage, World};
use super::{objects, permissions};
use crate::domain::{ChannelId, MessageId, UserId};

/// Why an action of a user, or a wait, came to nothing.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ControlError {
    #[error("the bot is not connected")]
    NotConnected,
    #[error("there is no such channel")]
    UnknownChannel,
    #[error("there is no command /{0}")]
    UnknownCommand(String),
    #[error("/{0} needs a subcommand")]
    Incomplete(String),
    #[error("the command has no option {0}")]
    UnknownOption(String),
    #[error("the option {0} is required")]
    MissingOption(String),
    #[error("the option {name} {why}")]
    BadOption { name: String, why: String },
    #[error("this user does not see that command here")]
    NotPermitted,
    #[error("this user may not write here: {0}")]
    MayNotWrite(&'static str),
    #[error("there is no such message, or this user does not see it")]
    UnknownMessage,
    #[error("the message has no button {0} that can be pressed")]
    UnknownButton(String),
    #[error("the application did not respond")]
    NoAnswer,
    #[error("gave up waiting for {0}")]
    TimedOut(&'static str),
}

/// What a user sees of the answer to a command or a button, as far as it has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// For [`EmbeddedDiscord::reply`], later.
    pub interaction: u64,
    /// The answer; after a button's update, the button's message.
    pub message: StoredMessage,
    pub ephemeral: bool,
    /// "Thinking…" was shown first.
    pub deferred: bool,
    /// How long the user waited for something, and for all of it.
    pub first_after: Duration,
    pub whole_after: Duration,
    /// Edits since the answer was complete.
    pub edits: usize,
    pub follow_ups: Vec<StoredMessage>,
}

impl EmbeddedDiscord {
    /// Runs a slash command as a user: `invoke(user, channel, "topics subscribe", &[("topic", …)])`.
    ///
    /// Waits for the answer, through a deferral.
    ///
    /// # Errors
    /// What Discord's client would not let the user send, and an answer that does not come in time.
    pub async fn invoke(
        &self,
        user: UserId,
        channel: ChannelId,
        command: &str,
        options: &[(&str, Value)],
    ) -> Result<Reply, ControlError> {
        let id = self.begin(user, channel, command, options)?;
        self.answer_to(id).await
    }

    /// Sends a slash command as [`EmbeddedDiscord::invoke`] does, without waiting; gives the interaction.
    pub fn begin(
        &self,
        user: UserId,
        channel: ChannelId,
        command: &str,
        options: &[(&str, Value)],
    ) -> Result<u64, ControlError> {
        self.command(Kind::Command, user, channel, command, Given { options, focused: None })
    }

    /// The choices that a user is offered while typing `text` into `option`: (name, value) each.
    pub async fn autocomplete(
        &self,
        user: UserId,
        channel: ChannelId,
        command: &str,
        options: &[(&str, Value)],
        (option, text): (&str, &str),
    ) -> Result<Vec<(String, Value)>, ControlError> {
        let given = Given { options, focused: Some((option, text)) };
        let id = self.command(Kind::Autocomplete, user, channel, command, given)?;
        let patience = self.hub.settings.first_answer;
        let choices = self.told(id, patience, |interaction| interaction.choices.clone()).await;
        let choices = choices.ok_or(ControlError::NoAnswer)?;
        Ok(choices
            .iter()
            .map(|c| (c["name"].as_str().unwrap_or_default().to_owned(), c["value"].clone()))
            .collect())
    }

    /// Presses a button as a user and waits for what comes of it.
    pub async fn press(
        &self,
        user: UserId,
        message: MessageId,
        custom_id: &str,
    ) -> Result<Reply, ControlError> {
        let id = self.begin_press(user, message, custom_id)?;
        self.answer_to(id).await
    }

    /// Presses a button without waiting; gives the interaction.
    pub fn begin_press(
        &self,
        user: UserId,
        message: MessageId,
        custom_id: &str,
    ) -> Result<u64, ControlError> {
        let hub = &self.hub;
        hub.change(|world| {
            let seen = world.message(message).filter(|m| m.only_for.is_none_or(|only| only == user));
            let seen = seen.ok_or(ControlError::UnknownMessage)?.clone();
            let place = place(world, seen.channel)?;
            let rows = seen.components.iter().filter_map(|row| row["components"].as_array()).flatten();
            let mut buttons = rows.filter(|c| c["type"] == 2 && c["disabled"] != true);
            let button = buttons.find(|b| b["custom_id"] == custom_id);
            let button = button.ok_or_else(|| ControlError::UnknownButton(custom_id.to_owned()))?;
            let data = json!({"component_type": 2, "custom_id": custom_id, "id": button["id"]});
            let shown = objects::message(world, &seen);
            let kind = Kind::Component(message);
            let wanted = Wanted { kind, name: custom_id.to_owned(), data, message: Some(shown) };
            dispatch(hub, world, user, &place, wanted)
        })
    }

    /// The answer to an interaction as it is now; `None` before it has one, or if it was deleted.
    pub fn reply(&self, interaction: u64) -> Option<Reply> {
        let world = self.hub.world();
        let interactions = lock(&self.hub.interactions);
        let found = interactions.get(interaction)?;
        let message = match (found.stage(), found.original) {
            (Stage::Answered | Stage::DeferredUpdate, Some(id)) => world.message(id)?.clone(),
            _ => return None,
        };
        let follow_ups = found.follow_ups.iter().filter_map(|id| world.message(*id).cloned()).collect();
        Some(Reply {
            interaction,
            ephemeral: message.only_for.is_some(),
            message,
            deferred: found.deferred,
            first_after: found.first_after.unwrap_or_default(),
            whole_after: found.whole_after.unwrap_or_default(),
            edits: found.edits,
            follow_ups,
        })
    }

    /// The messages of a channel that everybody sees, oldest first.
    pub fn messages(&self, channel: ChannelId) -> Vec<StoredMessage> {
        self.hub.world().messages_in(channel).filter(|m| m.only_for.is_none()).cloned().collect()
    }

    /// The messages of a channel that a user sees: the ephemeral answers to them are among these.
    pub fn messages_for(&self, user: UserId, channel: ChannelId) -> Vec<StoredMessage> {
        let world = self.hub.world();
        let seen = |m: &&StoredMessage| m.only_for.is_none_or(|only| only == user);
        world.messages_in(channel).filter(seen).cloned().collect()
    }

    /// The registered commands, as the API shows them.
    pub fn commands(&self) -> Vec<Value> {
        self.hub.world().commands.clone()
    }

    /// The direct channel between the bot and a user, if it was ever opened.
    pub fn direct(&self, user: UserId) -> Option<ChannelId> {
        let world = self.hub.world();
        world.channels.values().find(|c| c.kind == ChannelKind::Direct(user)).map(|c| c.id)
    }

    /// Posts a message of a user, as a person would type it.
    ///
    /// # Errors
    /// Discord's client would not let the user write in that channel, or what they wrote is no message.
    pub fn say(&self, user: UserId, channel: ChannelId, content: &str) -> Result<MessageId, ControlError> {
        let now = self.hub.now();
        self.hub.change(|world| {
            let place = place(world, channel)?;
            super::rest::may_write(world, user, &place)
                .map_err(|refusal| ControlError::MayNotWrite(refusal.message))?;
            let body = json!({"content": content});
            let mut message = super::rest::draft(world, &place, &body, &[], now).map_err(|refusal| {
                ControlError::BadOption { name: "content".into(), why: refusal.message.into() }
            })?;
            message.author = user;
            let id = message.id;
            world.add_message(message);
            Ok(id)
        })
    }

    /// Waits until the bot is connected: identified or resumed.
    pub async fn wait_ready(&self) -> Result<(), ControlError> {
        let live = || lock(&self.hub.sessions).is_live().then_some(());
        self.hub.until("the bot to connect", self.hub.settings.patience, live).await
    }

    /// Waits until `count` requests to an endpoint have arrived since the start, answered or not.
    pub async fn wait_for(&self, endpoint: Endpoint, count: usize) -> Result<(), ControlError> {
        let enough = || (lock(&self.hub.log).count(endpoint) >= count).then_some(());
        self.hub.until("a request", self.hub.settings.patience, enough).await
    }

    /// Waits until `look` finds something; it is asked again after every change.
    pub async fn wait<T>(
        &self,
        what: &'static str,
        mut look: impl FnMut(&Self) -> Option<T>,
    ) -> Result<T, ControlError> {
        self.hub.until(what, self.hub.settings.patience, || look(self)).await
    }

    /// What was said over the API, oldest first; bounded.
    pub fn exchanges(&self) -> Vec<Exchange> {
        lock(&self.hub.log).exchanges()
    }

    /// How many requests to an endpoint arrived since the start.
    pub fn requests(&self, endpoint: Endpoint) -> usize {
        lock(&self.hub.log).count(endpoint)
    }

    /// The gateway's dispatches, as payloads; bounded.
    pub fn dispatched(&self) -> Vec<Value> {
        lock(&self.hub.sessions).dispatched()
    }

    /// How many exchanges and dispatches are kept no longer: nobody can check them any more.
    pub fn forgotten(&self) -> u64 {
        lock(&self.hub.log).forgotten() + lock(&self.hub.sessions).forgotten
    }

    /// How often clients (identified, resumed).
    pub fn connections(&self) -> (usize, usize) {
        let sessions = lock(&self.hub.sessions);
        (sessions.identified, sessions.resumed)
    }

    /// Hosts that the proxy was asked for and refused.
    pub fn refused_hosts(&self) -> Vec<String> {
        lock(&self.hub.refused).iter().cloned().collect()
    }

    fn command(
        &self,
        kind: Kind,
        user: UserId,
        channel: ChannelId,
        command: &str,
        given: Given<'_>,
    ) -> Result<u64, ControlError> {
        let words: Vec<&str> = command.trim_start_matches('/').split_whitespace().collect();
        let Some((name, path)) = words.split_first() else {
            return Err(ControlError::UnknownCommand(String::new()));
        };
        self.hub.change(|world| {
            let place = place(world, channel)?;
            // A server's own command stands before a global one of the same name.
            let named = |c: &&Value| c["name"] == *name && c["type"] == 1;
            let own = world.commands.iter().filter(named).max_by_key(|c| !c["guild_id"].is_null());
            let found = own.ok_or_else(|| ControlError::UnknownCommand((*name).to_owned()))?;
            if !sees(world, user, &place, found) {
                return Err(ControlError::NotPermitted);
            }
            let data = command_data(&self.hub, world, &place, found, path, given)?;
            let wanted = Wanted { kind, name: words.join(" "), data, message: None };
            dispatch(&self.hub, world, user, &place, wanted)
        })
    }

    async fn answer_to(&self, id: u64) -> Result<Reply, ControlError> {
        let settings = &self.hub.settings;
        let first = |found: &Interaction| Some(found.stage()).filter(|stage| *stage != Stage::Waiting);
        let first = self.told(id, settings.first_answer, first).await.ok_or(ControlError::NoAnswer)?;
        if first != Stage::Answered {
            let complete = |found: &Interaction| {
                (found.stage() == Stage::Answered || !found.follow_ups.is_empty()).then_some(())
            };
            let told = self.told(id, settings.patience, complete).await;
            told.ok_or(ControlError::TimedOut("a deferred answer"))?;
        }
        self.reply(id).ok_or(ControlError::UnknownMessage)
    }

    /// Looks at an interaction whenever it is answered until there is something to give, for at most `patience`.
    async fn told<T>(
        &self,
        id: u64,
        patience: Duration,
        look: impl Fn(&Interaction) -> Option<T>,
    ) -> Option<T> {
        let told = lock(&self.hub.interactions).get(id)?.told.clone();
        let wait = async {
            loop {
                let mut next = pin!(told.notified());
                // From here on no answer is missed.
                next.as_mut().enable();
                if let Some(found) = lock(&self.hub.interactions).get(id).and_then(&look) {
                    return found;
                }
                next.await;
            }
        };
        tokio::time::timeout(patience, wait).await.ok()
    }
}

fn place(world: &World, channel: ChannelId) -> Result<Channel, ControlError> {
    world.channels.get(&channel).cloned().ok_or(ControlError::UnknownChannel)
}

/// Whether Discord's client offers a command to a user in a channel.
pub(super) fn sees(world: &World, user: UserId, place: &Channel, command: &Value) -> bool {
    let has = permissions::in_channel(world, user, place);
    if !place.is_in_guild() {
        let contexts = command["contexts"].as_array();
        let here = contexts.map_or(command["dm_permission"] == true, |c| c.iter().any(|c| c == 1));
        return here && place.kind == ChannelKind::Direct(user) && command["guild_id"].is_null();
    }
    let in_guilds = command["contexts"].as_array().is_none_or(|c| c.iter().any(|c| c == 0));
    let needed = command["default_member_permissions"].as_str().and_then(|p| p.parse::<u64>().ok());
    let opened = command["name"].as_str().is_some_and(|name| world.opened.contains(name));
    let allowed = match needed {
        _ if opened => true,
        None => true,
        // "0" hides a command from all but administrators.
        Some(0) => has & permissions::ADMINISTRATOR != 0,
        Some(needed) => has & needed == needed,
    };
    in_guilds && allowed && has & permissions::USE_APPLICATION_COMMANDS != 0
}

/// An interaction that a user asks for.
struct Wanted {
    kind: Kind,
    /// The command as typed, or the button's `custom_id`.
    name: String,
    data: Value,
    /// The button's message.
    message: Option<Value>,
}

/// Opens an interaction and sends it to the bot; gives its id.
fn dispatch(
    hub: &Hub,
    world: &World,
    user: UserId,
    place: &Channel,
    wanted: Wanted,
) -> Result<u64, ControlError> {
    let Wanted { kind, name, data, message } = wanted;
    let mut sessions = lock(&hub.sessions);
    if !sessions.is_open() {
        return Err(ControlError::NotConnected);
    }
    let owners = objects::owners(world.guild.id, place);
    let mut interaction = Interaction::open(world.next_id(hub.now()), kind, user, place.id, owners);
    interaction.name = name;
    let id = interaction.id;
    let mut payload = objects::interaction_context(world, place, user);
    payload["id"] = json!(id.to_string());
    payload["type"] = json!(kind.number());
    payload["token"] = json!(interaction.token);
    payload["data"] = data;
    if let Some(message) = message {
        payload["message"] = message;
    }
    lock(&hub.interactions).add(interaction);
    sessions.dispatch("INTERACTION_CREATE", &payload, intents::ALWAYS);
    Ok(id)
}
