//! Messages of a channel: post, read, edit, delete.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Call, FormErrors, Operation, Refusal};
use crate::domain::{ChannelId, MessageId, UserId};
use crate::sandbox::discord::endpoint::Endpoint;
use crate::sandbox::discord::hub::{Hub, lock};
use crate::sandbox::discord::sessions::intents;
use crate::sandbox::discord::state::{Channel, ChannelKind, StoredFile, StoredMessage, World};
use crate::sandbox::discord::{faults, mentions, objects, permissions, validate};

pub const OPERATIONS: &[(Endpoint, Operation)] = &[
    (Endpoint::CREATE_MESSAGE, create),
    (Endpoint::EDIT_MESSAGE, edit),
    (Endpoint::DELETE_MESSAGE, delete),
    (Endpoint::CROSSPOST, crosspost),
    (Endpoint::MESSAGES, list),
    (Endpoint::MESSAGE, get),
    (Endpoint::TYPING, typing),
];

const ARCHIVED: Refusal = Refusal::new(400, 50083, "Thread is archived");
/// Flags that a bot may set: no embeds shown, ephemeral, no notification sound.
const SETTABLE: u64 = 1 << 2 | objects::EPHEMERAL | 1 << 12;

fn create(hub: &Hub, call: &Call) -> Result<(u16, Option<Value>), Refusal> {
    let now = hub.now();
    let (fresh, value) = hub.change(|world| {
        let place = channel(world, call, 0)?.clone();
        may_write(world, world.bot, &place)?;
        channel(world, call, enclosed(&call.body, &call.files))?;
        let nonce = Some(&call.body["nonce"]).filter(|n| !n.is_null());
        if call.body["enforce_nonce"] == true && nonce.is_some() {
            let recent =
                |m: &&StoredMessage| (now - m.sent).to_std().unwrap_or_default() < hub.settings.nonce_life;
            let mut recent = world.messages_in(place.id).rev().take_while(recent);
            let first = recent.find(|m| m.author == world.bot && m.nonce.as_ref() == nonce);
            if let Some(first) = first {
                return Ok((false, objects::message(world, first)));
            }
        }
        let mut message = draft(world, &place, &call.body, &call.files, now)?;
        message.flags &= !objects::EPHEMERAL;
        message.nonce = nonce.cloned();
        let shown = objects::message(world, &message);
        world.add_message(message);
        Ok((true, shown))
    })?;
    if fresh {
        announce(hub, "MESSAGE_CREATE", &value);
    }
    Ok((200, Some(value)))
}

fn edit(hub: &Hub, call: &Call) -> Result<(u16, Option<Value>), Refusal> {
    let now = hub.now();
    let edited = hub.change(|world| {
        let id = own_message(world, call)?;
        let place = channel(world, call, enclosed(&call.body, &call.files))?;
        if place.thread.as_ref().is_some_and(|thread| thread.archived) {
            return Err(ARCHIVED);
        }
        let sent = world.message(id).map_or(now, |message| message.sent);
        let is_old = (now - sent).to_std().is_ok_and(|age| age >= hub.settings.old_after);
        let now_here = tokio::time::Instant::now();
        if let Some(wait) = is_old.then(|| lock(&hub.limiter).edit_old(id, now_here)).flatten() {
            return Ok(Err(wait));
        }
        fill(world, id, &call.body, &call.files, now)?;
        shown(world, id).map(Ok)
    })?;
    match edited {
        Ok(value) => {
            announce(hub, "MESSAGE_UPDATE", &value);
            Ok((200, Some(value)))
        }
        Err(wait) => {
            let mut body = faults::rate_limited(wait, false);
            body["code"] = json!(30046);
            body["message"] =
                json!("Maximum number of edits to messages older than 1 hour reached. Try again later");
            Ok((429, Some(body)))
        }
    }
}

fn delete(hub: &Hub, call: &Call) -> Result<(u16, Option<Value>), Refusal> {
    let value = hub.change(|world| {
        let message = find(world, call, 0)?;
        let (id, channel) = (message.id, message.channel);
        if message.author != world.bot {
            self::channel(world, call, permissions::MANAGE_MESSAGES)?;
        }
        world.remove_message(id);
        Ok(json!({"id": id.to_string(), "channel_id": channel.to_string()}))
    })?;
    announce(hub, "MESSAGE_DELETE", &value);
    Ok((204, None))
}

fn crosspost(hub: &Hub, call: &Call) -> Result<(u16, Option<Value>), Refusal> {
    let value = hub.change(|world| {
        let message = find(world, call, permissions::SEND_MESSAGES)?;
        let (id, author, flags) = (message.id, message.author, message.flags);
        if channel(world, call, 0)?.kind != ChannelKind::Announcement {
            return Err(Refusal::new(400, 50024, "Cannot execute action on this channel type"));
        }
        if author != world.bot {
            channel(world, call, permissions::MANAGE_MESSAGES)?;
        }
        if flags & objects::CROSSPOSTED != 0 {
            return Err(Refusal::new(400, 40033, "This message has already been crossposted."));
        }
        if let Some(message) = world.message_mut(id) {
            message.flags |= objects::CROSSPOSTED;
        }
        shown(world, id)
    })?;
    announce(hub, "MESSAGE_UPDATE", &value);
    Ok((200, Some(value)))
}

/// Whether a user may write in a channel as it is now.
pub fn may_write(world: &World, user: UserId, place: &Channel) -> Result<(), Refusal> {
    let has = permissions::in_channel(world, user, place);
    let needed = match place.kind {
        ChannelKind::Forum { .. } => {
            return Err(Refusal::new(400, 50008, "Cannot send messages in a non-text channel"));
        }
        ChannelKind::Thread => permissions::SEND_MESSAGES_IN_THREADS,
        _ => permissions::SEND_MESSAGES,
    };
    if has & needed == 0 {
        return Err(Refusal::new(403, 50013, "Missing Permissions"));
    }
    match &place.thread {
        Some(thread) if thread.locked && has & permissions::MANAGE_THREADS == 0 => {
            Err(if thread.archived { ARCHIVED } else { Refusal::new(400, 160_005, "Thread is locked") })
        }
        _ => Ok(()),
    }
}

/// What the bot needs for that which a message has beside its text. Links of a person are merely shown without their
/// embed, a bot's own embeds are refused.
pub(super) fn enclosed(body: &Value, files: &[StoredFile]) -> u64 {
    let embeds = body["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty());
    let parts = [(embeds, permissions::EMBED_LINKS), (!files.is_empty(), permissions::ATTACH_FILES)];
    parts.into_iter().filter(|(is_there, _)| *is_there).fold(0, |set, (_, permission)| set | permission)
}

fn list(hub: &Hub, call: &Call) -> Result<(u16, Option<Value>), Refusal> {
    let world = hub.world();
    let place = channel(&world, call, permissions::READ_MESSAGE_HISTORY)?;
    let bound = |name: &str| call.params.get(name).and_then(|v| v.parse::<u64>().ok());
    let limit = bound("limit").unwrap_or(50).clamp(1, 100);
    let (before, after) = (bound("before").unwrap_or(u64::MAX), bound("after").unwrap_or(0));
    let within = |m: &&StoredMessage| m.only_for.is_none() && m.id.0 < before && m.id.0 > after;
    let newest = world.messages_in(place.id).rev().filter(within);
    let limit = usize::try_from(limit).unwrap_or(100);
    Ok((200, Some(newest.take(limit).map(|m| objects::message(&world, m)).collect())))
}

fn get(hub: &Hub, call: &Call) -> Result<(u16, Option<Value>), Refusal> {
    let world = hub.world();
    let message = find(&world, call, permissions::READ_MESSAGE_HISTORY)?;
    Ok((200, Some(objects::message(&world, message))))
}

fn typing(hub: &Hub, call: &Call) -> Result<(u16, Option<Value>), Refusal> {
    channel(&hub.world(), call, permissions::SEND_MESSAGES)?;
    Ok((204, None))
}

/// The channel of a path, if the bot may see it and do `needed` in it.
pub(super) fn channel<'a>(world: &'a World, call: &Call, needed: u64) -> Result<&'a Channel, Refusal> {
    let id = ChannelId(call.id("channel_id")?);
    let place = world.channels.get(&id).ok_or(Refusal::new(404, 10003, "Unknown Channel"))?;
    let has = permissions::in_channel(world, world.bot, place);
    if has & permissions::VIEW_CHANNEL == 0 {
        return Err(Refusal::new(403, 50001, "Missing Access"));
    }
    match has & needed == needed {
        true => Ok(place),
        false => Err(Refusal::new(403, 50013, "Missing Permissions")),
    }
}

pub(super) fn find<'a>(world: &'a World, call: &Call, needed: u64) -> Result<&'a StoredMessage, Refusal> {
    let place = channel(world, call, needed)?;
    let id = MessageId(call.id("message_id")?);
    let message = world.message(id).filter(|m| m.channel == place.id && m.only_for.is_none());
    message.ok_or(Refusal::new(404, 10008, "Unknown Message"))
}

fn own_message(world: &World, call: &Call) -> Result<MessageId, Refusal> {
    let message = find(world, call, 0)?;
    match message.author == world.bot {
        true => Ok(message.id),
        false => Err(Refusal::new(403, 50005, "Cannot edit a message authored by another user")),
    }
}

pub(super) fn shown(world: &World, id: MessageId) -> Result<Value, Refusal> {
    let message = world.message(id).ok_or(Refusal::new(404, 10008, "Unknown Message"))?;
    Ok(objects::message(world, message))
}

/// A new message of the bot, checked; not stored yet.
pub fn draft(
    world: &mut World,
    place: &Channel,
    body: &Value,
    files: &[StoredFile],
    now: DateTime<Utc>,
) -> Result<StoredMessage, Refusal> {
    Refusal::check(&validate::message(body))?;
    let content = text(&body["content"]);
    let allowed = Some(&body["allowed_mentions"]).filter(|a| !a.is_null());
    let reply_to = replied(world, place, &body["message_reference"])?;
    let message = StoredMessage {
        id: MessageId(world.next_id(now)),
        channel: place.id,
        author: world.bot,
        pings: mentions::pings(world, place, &content, allowed),
        content,
        embeds: embeds(&body["embeds"]),
        components: components(&body["components"]),
        attachments: attach(world, &body["attachments"], &[], files, now)?,
        sent: now,
        edited: None,
        nonce: None,
        flags: body["flags"].as_u64().unwrap_or(0) & SETTABLE,
        allowed_mentions: allowed.cloned(),
        only_for: None,
        interaction: None,
        command: String::new(),
        reply_to,
    };
    refuse_empty(&message)?;
    Ok(message)
}

/// The message that a new one is a reply to. One that is gone is refused, unless the request says that it may be.
fn replied(world: &World, place: &Channel, reference: &Value) -> Result<Option<MessageId>, Refusal> {
    let Some(id) = reference["message_id"].as_str().and_then(|id| id.parse().ok()).map(MessageId) else {
        return Ok(None);
    };
    if permissions::in_channel(world, world.bot, place) & permissions::READ_MESSAGE_HISTORY == 0 {
        let message = "Cannot reply without permission to read message history";
        return Err(Refusal::new(403, 160_002, message));
    }
    match world.message(id).filter(|message| message.channel == place.id && message.only_for.is_none()) {
        Some(_) => Ok(Some(id)),
        None if reference["fail_if_not_exists"] == false => Ok(None),
        None => Err(Refusal::new(400, 50035, "Invalid Form Body: message_reference: Unknown message")),
    }
}

/// Changes a message as a PATCH says: members that are absent stay, those that are null are emptied.
pub fn fill(
    world: &mut World,
    id: MessageId,
    body: &Value,
    files: &[StoredFile],
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    Refusal::check(&validate::message(body))?;
    let unknown = Refusal::new(404, 10008, "Unknown Message");
    let mut message = world.message(id).ok_or(unknown.clone())?.clone();
    if let Some(content) = body.get("content") {
        message.content = text(content);
    }
    if let Some(list) = body.get("embeds") {
        message.embeds = embeds(list);
    }
    if let Some(rows) = body.get("components") {
        message.components = components(rows);
    }
    message.attachments = attach(world, &body["attachments"], &message.attachments, files, now)?;
    refuse_empty(&message)?;
    message.edited = Some(now);
    *world.message_mut(id).ok_or(unknown)? = message;
    Ok(())
}

fn refuse_empty(message: &StoredMessage) -> Result<(), Refusal> {
    // An embed with nothing but its type and colour shows nothing.
    let shows = |embed: &Value| {
        embed.as_object().is_some_and(|e| e.keys().any(|k| !["type", "color", "url"].contains(&k.as_str())))
    };
    let embeds = message.embeds.iter().any(shows);
    match message.content.is_empty() && !embeds && message.attachments.is_empty() {
        true => Err(Refusal::new(400, 50006, "Cannot send an empty message")),
        false => Ok(()),
    }
}

/// The files of a message: of those it `had`, the ones that `listed` names by id, all of them without a list; and
/// the new ones, which a list names by their number.
fn attach(
    world: &mut World,
    listed: &Value,
    had: &[StoredFile],
    new: &[StoredFile],
    now: DateTime<Utc>,
) -> Result<Vec<StoredFile>, Refusal> {
    let mut files = had.to_vec();
    let mut new = new.to_vec();
    if let Some(listed) = listed.as_array() {
        let entry = |file: &StoredFile| listed.iter().find(|a| mentions::as_id(&a["id"]) == Some(file.id));
        files.retain(|file| entry(file).is_some());
        for file in &mut new {
            if let Some(name) = entry(file).and_then(|entry| entry["filename"].as_str()) {
                file.name = name.to_owned();
            }
        }
        let mut errors = FormErrors::default();
        for (i, entry) in listed.iter().enumerate() {
            let id = mentions::as_id(&entry["id"]);
            if !files.iter().chain(&new).any(|file| Some(file.id) == id) {
                errors.add(&format!("attachments.{i}"), "ATTACHMENT_NOT_FOUND", "Attachment data not found");
            }
        }
        Refusal::check(&errors)?;
    }
    files.extend(new.into_iter().map(|file| StoredFile { id: world.next_id(now), ..file }));
    Ok(files)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().trim().to_owned()
}

/// Embeds as the API shows them: without what is null, with what it fills in.
fn embeds(list: &Value) -> Vec<Value> {
    let mut embeds = without_nulls(list).as_array().cloned().unwrap_or_default();
    for embed in &mut embeds {
        embed["type"] = json!("rich");
        for field in embed.get_mut("fields").and_then(Value::as_array_mut).into_iter().flatten() {
            field["inline"] = json!(field["inline"] == true);
        }
        if embed["timestamp"].is_null() {
            embed.as_object_mut().map(|e| e.remove("timestamp"));
        }
    }
    embeds
}

/// Action rows as the API shows them: every component with a number that is unique in the message.
fn components(rows: &Value) -> Vec<Value> {
    let mut rows = without_nulls(rows).as_array().cloned().unwrap_or_default();
    let mut next = 0;
    let mut number = |component: &mut Value| {
        next += 1;
        component["id"] = json!(next);
    };
    for row in &mut rows {
        number(row);
        for component in row["components"].as_array_mut().into_iter().flatten() {
            number(component);
            if component["type"] == 3 {
                for bound in ["min_values", "max_values"] {
                    component[bound] = json!(component[bound].as_u64().unwrap_or(1));
                }
            }
        }
    }
    rows
}

/// A copy without members that are null, at any depth; bodies nest as deep as the JSON parser lets them.
pub(super) fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), without_nulls(v))).collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// Sends a message event to clients that asked for them.
pub(super) fn announce(hub: &Hub, event: &str, message: &Value) {
    if message["flags"].as_u64().unwrap_or(0) & objects::EPHEMERAL != 0 {
        return;
    }
    let mut message = message.clone();
    let world = hub.world();
    let id = mentions::as_id(&message["channel_id"]).map(ChannelId);
    let Some(place) = id.and_then(|id| world.channels.get(&id)) else { return };
    let wanted = match place.kind {
        ChannelKind::Direct(_) => intents::DIRECT_MESSAGES,
        _ => {
            message["guild_id"] = json!(world.guild.id.to_string());
            intents::GUILD_MESSAGES
        }
    };
    lock(&hub.sessions).dispatch(event, &message, wanted);
}
