//! Who and where: the bot itself, its application, users, the guild and its channels.

use serde_json::{Value, json};

use super::{Call, Operation, Refusal};
use crate::domain::{ChannelId, UserId};
use crate::sandbox::discord::endpoint::Endpoint;
use crate::sandbox::discord::hub::{Hub, lock};
use crate::sandbox::discord::state::World;
use crate::sandbox::discord::{mentions, objects, permissions};

pub const OPERATIONS: &[(Endpoint, Operation)] = &[
    (Endpoint::GATEWAY, gateway),
    (Endpoint::GATEWAY_BOT, gateway_bot),
    (Endpoint::ME, |hub, _| show(objects::current_user(&hub.world()))),
    (Endpoint::MY_GUILDS, my_guilds),
    (Endpoint::OPEN_DIRECT, open_direct),
    (Endpoint::USER, user),
    (Endpoint::APPLICATION, |hub, _| show(objects::application(&hub.world()))),
    (Endpoint::OAUTH_APPLICATION, |hub, _| show(objects::application(&hub.world()))),
    (Endpoint::CHANNEL, channel),
    (Endpoint::GUILD, |hub, call| in_guild(hub, call, objects::guild)),
    (Endpoint::GUILD_CHANNELS, |hub, call| in_guild(hub, call, |w| json!(objects::channels(w)))),
    (Endpoint::GUILD_ROLES, |hub, call| in_guild(hub, call, |w| json!(objects::roles(w)))),
    (Endpoint::GUILD_MEMBERS, members),
    (Endpoint::GUILD_MEMBER, member),
];

type Outcome = Result<(u16, Option<Value>), Refusal>;

fn show(value: Value) -> Outcome {
    Ok((200, Some(value)))
}

fn gateway(hub: &Hub, _: &Call) -> Outcome {
    show(json!({"url": format!("ws://{}", hub.addr)}))
}

fn gateway_bot(hub: &Hub, _: &Call) -> Outcome {
    let total = hub.settings.identify_limit.count;
    let (remaining, reset_after) = lock(&hub.limiter).identifies_left(tokio::time::Instant::now());
    show(json!({
        "url": format!("ws://{}", hub.addr),
        "shards": 1,
        "session_start_limit": {
            "total": total,
            "remaining": remaining,
            "reset_after": reset_after.as_millis() as u64,
            "max_concurrency": 1,
        },
    }))
}

fn my_guilds(hub: &Hub, _: &Call) -> Outcome {
    let world = hub.world();
    show(json!([{
        "id": world.guild.id.to_string(),
        "name": world.guild.name,
        "icon": null,
        "banner": null,
        "owner": world.guild.owner == world.bot,
        "permissions": permissions::BOT.to_string(),
        "features": [],
    }]))
}

fn open_direct(hub: &Hub, call: &Call) -> Outcome {
    let now = hub.now();
    hub.change(|world| {
        let with = mentions::as_id(&call.body["recipient_id"]).map(UserId);
        let known = with.filter(|id| world.users.get(id).is_some_and(|u| !u.bot));
        let with = known.ok_or(Refusal::new(400, 50033, "Invalid Recipient(s)"))?;
        let id = world.open_direct(with, now);
        show(objects::channel(world, &world.channels[&id]))
    })
}

fn user(hub: &Hub, call: &Call) -> Outcome {
    let id = UserId(call.id("user_id")?);
    let world = hub.world();
    let user = world.users.get(&id).ok_or(Refusal::new(404, 10013, "Unknown User"))?;
    show(objects::user(user))
}

fn channel(hub: &Hub, call: &Call) -> Outcome {
    let id = ChannelId(call.id("channel_id")?);
    let world = hub.world();
    let place = world.channels.get(&id).ok_or(Refusal::new(404, 10003, "Unknown Channel"))?;
    match permissions::in_channel(&world, world.bot, place) & permissions::VIEW_CHANNEL {
        0 => Err(Refusal::new(403, 50001, "Missing Access")),
        _ => show(objects::channel(&world, place)),
    }
}

/// Shows something of the guild that the path names.
fn in_guild(hub: &Hub, call: &Call, what: fn(&World) -> Value) -> Outcome {
    let id = call.id("guild_id")?;
    let world = hub.world();
    match id == world.guild.id.0 {
        true => show(what(&world)),
        false => Err(Refusal::new(404, 10004, "Unknown Guild")),
    }
}

/// Members are listed for who was granted the intent to hear of them, which no bot is here.
fn members(hub: &Hub, call: &Call) -> Outcome {
    in_guild(hub, call, |_| Value::Null)?;
    Err(Refusal::new(403, 50001, "Missing Access"))
}

fn member(hub: &Hub, call: &Call) -> Outcome {
    let id = UserId(call.id("user_id")?);
    in_guild(hub, call, |_| Value::Null)?;
    let member = objects::member(&hub.world(), id);
    show(member.ok_or(Refusal::new(404, 10007, "Unknown Member"))?)
}
