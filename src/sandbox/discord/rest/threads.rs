//! Threads: begun in a channel, from a message, or as a post of a forum; archived and opened again.

use serde_json::{Value, json};

use super::messages::{announce, channel, draft, enclosed, find};
use super::{Call, Operation, Refusal};
use crate::domain::{ChannelId, GuildId};
use crate::sandbox::discord::endpoint::Endpoint;
use crate::sandbox::discord::hub::{Hub, lock};
use crate::sandbox::discord::sessions::intents;
use crate::sandbox::discord::state::{Channel, ChannelKind, Thread, World};
use crate::sandbox::discord::validate::FormErrors;
use crate::sandbox::discord::{mentions, objects, permissions};

pub const OPERATIONS: &[(Endpoint, Operation)] = &[
    (Endpoint::START_THREAD, start),
    (Endpoint::START_THREAD_FROM, start_from),
    (Endpoint::EDIT_CHANNEL, edit),
    (Endpoint::JOIN_THREAD, join),
    (Endpoint::ACTIVE_THREADS, active),
    (Endpoint::ARCHIVED_THREADS, archived),
];

/// Minutes without a message after which a thread may be archived; the default is a day.
const ARCHIVES: [u32; 4] = [60, 1440, 4320, 10_080];
const DAY: u32 = 1440;
/// Tags of one post.
const TAGS: usize = 5;

type Outcome = Result<(u16, Option<Value>), Refusal>;

fn start(hub: &Hub, call: &Call) -> Outcome {
    let now = hub.now();
    let (thread, message) = hub.change(|world| {
        let place = channel(world, call, 0)?.clone();
        let name = name(&call.body)?;
        if let ChannelKind::Forum { requires_tag } = place.kind {
            let first = &call.body["message"];
            channel(world, call, permissions::SEND_MESSAGES | enclosed(first, &call.files))?;
            let tags = tags(&place, &call.body, requires_tag)?;
            let id = world.next_id(now);
            // The first message of a post has the post's id.
            let mut message = draft(world, &place, first, &call.files, now)?;
            (message.id.0, message.channel) = (id, ChannelId(id));
            begin(world, hub, ChannelId(id), &place, name, &call.body).tags = tags;
            let shown = objects::message(world, &message);
            world.add_message(message);
            let mut thread = objects::channel(world, &world.channels[&ChannelId(id)]);
            thread["message"] = shown.clone();
            return Ok((thread, Some(shown)));
        }
        // Without a type Discord makes a private one, as it did when it knew no others.
        let private = match (place.kind, call.body["type"].as_u64().unwrap_or(12)) {
            (ChannelKind::Text, 11) | (ChannelKind::Announcement, 10) => false,
            (ChannelKind::Text, 12) => true,
            _ => return Err(Refusal::new(400, 50024, "Cannot execute action on this channel type")),
        };
        channel(
            world,
            call,
            if private { permissions::CREATE_PRIVATE_THREADS } else { permissions::CREATE_PUBLIC_THREADS },
        )?;
        let id = ChannelId(world.next_id(now));
        begin(world, hub, id, &place, name, &call.body).private = private;
        Ok((objects::channel(world, &world.channels[&id]), None))
    })?;
    tell(hub, "THREAD_CREATE", &thread);
    if let Some(message) = message {
        announce(hub, "MESSAGE_CREATE", &message);
    }
    Ok((201, Some(thread)))
}

fn start_from(hub: &Hub, call: &Call) -> Outcome {
    let thread = hub.change(|world| {
        let message = find(world, call, permissions::CREATE_PUBLIC_THREADS)?;
        // A thread that a message begins has the message's id.
        let id = ChannelId(message.id.0);
        if world.channels.contains_key(&id) {
            return Err(Refusal::new(400, 160_004, "A thread has already been created for this message"));
        }
        let place = channel(world, call, 0)?.clone();
        if !matches!(place.kind, ChannelKind::Text | ChannelKind::Announcement) {
            return Err(Refusal::new(400, 50024, "Cannot execute action on this channel type"));
        }
        let name = name(&call.body)?;
        begin(world, hub, id, &place, name, &call.body);
        Ok(objects::channel(world, &world.channels[&id]))
    })?;
    tell(hub, "THREAD_CREATE", &thread);
    Ok((201, Some(thread)))
}

fn begin<'a>(
    world: &'a mut World,
    hub: &Hub,
    id: ChannelId,
    place: &Channel,
    name: String,
    body: &Value,
) -> &'a mut Thread {
    let asked = ARCHIVES.into_iter().find(|minutes| body["auto_archive_duration"] == *minutes);
    let thread = Thread {
        parent: place.id,
        owner: world.bot,
        archived: false,
        locked: false,
        auto_archive_minutes: asked.unwrap_or(DAY),
        tags: Vec::new(),
        changed: hub.now(),
        of_announcements: place.kind == ChannelKind::Announcement,
        private: false,
    };
    world.insert_channel(id, ChannelKind::Thread, name).thread.insert(thread)
}

fn name(body: &Value) -> Result<String, Refusal> {
    let name = body["name"].as_str().unwrap_or_default().trim();
    let mut errors = FormErrors::default();
    if !(1..=100).contains(&name.chars().count()) {
        errors.add("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.");
    }
    Refusal::check(&errors)?;
    Ok(name.to_owned())
}

fn tags(forum: &Channel, body: &Value, required: bool) -> Result<Vec<u64>, Refusal> {
    let given = body["applied_tags"].as_array().map(Vec::as_slice).unwrap_or_default();
    let tags: Vec<u64> = given.iter().filter_map(mentions::as_id).collect();
    let mut errors = FormErrors::default();
    if tags.len() > TAGS {
        errors.add("applied_tags", "BASE_TYPE_BAD_LENGTH", format!("Must be {TAGS} or fewer in length."));
    }
    if tags.len() != given.len() || tags.iter().any(|id| !forum.tags.iter().any(|tag| tag.id == *id)) {
        errors.add("applied_tags", "FORUM_TAG_INVALID", "Unknown tag.");
    }
    Refusal::check(&errors)?;
    match required && tags.is_empty() {
        true => Err(Refusal::new(400, 40067, "A tag is required to create a forum post in this channel")),
        false => Ok(tags),
    }
}

/// Changes a thread. Of other channels nothing can be changed here: that is for moderators.
fn edit(hub: &Hub, call: &Call) -> Outcome {
    let now = hub.now();
    let value = hub.change(|world| {
        let place = channel(world, call, 0)?;
        let (id, has) = (place.id, permissions::in_channel(world, world.bot, place));
        let Some(thread) = &place.thread else { return Err(Refusal::new(403, 50013, "Missing Permissions")) };
        let manages = has & permissions::MANAGE_THREADS != 0;
        let (own, body) = (thread.owner == world.bot, &call.body);
        let opens = body["archived"] == false && has & permissions::SEND_MESSAGES_IN_THREADS != 0;
        let only_opens = opens && body.as_object().is_some_and(|members| members.len() == 1);
        if !manages && (thread.locked || !body["locked"].is_null() || !(own || only_opens)) {
            return Err(Refusal::new(403, 50013, "Missing Permissions"));
        }
        if thread.archived && body["archived"] != false {
            return Err(Refusal::new(400, 50083, "Thread is archived"));
        }
        let renamed = if body["name"].is_null() { None } else { Some(name(body)?) };
        if let Some(place) = world.channels.get_mut(&id)
            && let Some(thread) = &mut place.thread
        {
            place.name = renamed.unwrap_or_else(|| place.name.clone());
            thread.archived = body["archived"].as_bool().unwrap_or(thread.archived);
            thread.locked = body["locked"].as_bool().unwrap_or(thread.locked);
            thread.changed = now;
        }
        Ok(objects::channel(world, &world.channels[&id]))
    })?;
    tell(hub, "THREAD_UPDATE", &value);
    Ok((200, Some(value)))
}

fn join(hub: &Hub, call: &Call) -> Outcome {
    let world = hub.world();
    match &channel(&world, call, 0)?.thread {
        None => Err(Refusal::new(400, 50024, "Cannot execute action on this channel type")),
        Some(thread) if thread.archived => Err(Refusal::new(400, 50083, "Thread is archived")),
        // The only bot here is in every thread it sees.
        Some(_) => Ok((204, None)),
    }
}

fn active(hub: &Hub, call: &Call) -> Outcome {
    let id = GuildId(call.id("guild_id")?);
    let world = hub.world();
    match id == world.guild.id {
        true => Ok((
            200,
            Some(json!({"threads": objects::active_threads(&world), "members": [], "has_more": false})),
        )),
        false => Err(Refusal::new(404, 10004, "Unknown Guild")),
    }
}

fn archived(hub: &Hub, call: &Call) -> Outcome {
    let world = hub.world();
    let place = channel(&world, call, permissions::READ_MESSAGE_HISTORY)?;
    let limit = call.params.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(50).clamp(2, 100);
    let mut threads: Vec<&Channel> = world.channels.values().filter(|c| is_archived(c, place.id)).collect();
    // The last archived first.
    threads.sort_by_key(|c| std::cmp::Reverse(c.thread.as_ref().map(|thread| thread.changed)));
    let shown: Vec<Value> = threads.iter().take(limit).map(|c| objects::channel(&world, c)).collect();
    Ok((200, Some(json!({"threads": shown, "members": [], "has_more": threads.len() > limit}))))
}

/// Whether it is a public thread of that channel which is archived.
fn is_archived(channel: &Channel, parent: ChannelId) -> bool {
    let thread = channel.thread.as_ref();
    thread.is_some_and(|thread| thread.parent == parent && thread.archived && !thread.private)
}

fn tell(hub: &Hub, event: &str, thread: &Value) {
    lock(&hub.sessions).dispatch(event, thread, intents::GUILDS);
}
