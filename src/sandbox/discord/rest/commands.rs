//! Application commands: of every server, or of one.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::messages::without_nulls;
use super::{Call, Operation, Refusal};
use crate::sandbox::discord::endpoint::Endpoint;
use crate::sandbox::discord::hub::Hub;
use crate::sandbox::discord::state::World;
use crate::sandbox::discord::validate;

pub const OPERATIONS: &[(Endpoint, Operation)] = &[
    (Endpoint::GLOBAL_COMMANDS, list),
    (Endpoint::SET_GLOBAL_COMMANDS, set),
    (Endpoint::CREATE_GLOBAL_COMMAND, create),
    (Endpoint::GLOBAL_COMMAND, get),
    (Endpoint::EDIT_GLOBAL_COMMAND, edit),
    (Endpoint::DELETE_GLOBAL_COMMAND, delete),
    (Endpoint::GUILD_COMMANDS, list),
    (Endpoint::SET_GUILD_COMMANDS, set),
    (Endpoint::CREATE_GUILD_COMMAND, create),
    (Endpoint::GUILD_COMMAND, get),
    (Endpoint::EDIT_GUILD_COMMAND, edit),
    (Endpoint::DELETE_GUILD_COMMAND, delete),
];

const UNKNOWN: Refusal = Refusal::new(404, 10063, "Unknown application command");
const TOO_MANY_TODAY: Refusal =
    Refusal::new(400, 30034, "Max number of daily application command creates has been reached (200)");

type Outcome = Result<(u16, Option<Value>), Refusal>;

/// Where a command holds: the guild's id, or null for everywhere.
fn scope(world: &World, call: &Call) -> Result<Value, Refusal> {
    if call.id("application_id")? != world.bot.0 {
        return Err(Refusal::new(
            403,
            20012,
            "You are not authorized to perform this action on this application",
        ));
    }
    match call.params.contains_key("guild_id") {
        false => Ok(Value::Null),
        true if call.id("guild_id")? == world.guild.id.0 => Ok(json!(world.guild.id.to_string())),
        true => Err(Refusal::new(403, 50001, "Missing Access")),
    }
}

fn list(hub: &Hub, call: &Call) -> Outcome {
    let world = hub.world();
    let scope = scope(&world, call)?;
    let mut commands: Vec<Value> =
        world.commands.iter().filter(|c| c["guild_id"] == scope).cloned().collect();
    if call.params.get("with_localizations").is_none_or(|with| with != "true") {
        commands.iter_mut().for_each(without_localizations);
    }
    Ok((200, Some(json!(commands))))
}

/// A command as it is listed for who does not ask for its words in other languages.
fn without_localizations(node: &mut Value) {
    if let Some(members) = node.as_object_mut() {
        members.retain(|name, _| !name.ends_with("_localizations"));
        for list in ["options", "choices"] {
            members
                .get_mut(list)
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
                .for_each(without_localizations);
        }
    }
}

fn set(hub: &Hub, call: &Call) -> Outcome {
    let now = hub.now();
    hub.change(|world| {
        let scope = scope(world, call)?;
        Refusal::check(&validate::commands(&call.body))?;
        let bodies = call.body.as_array().map(Vec::as_slice).unwrap_or_default();
        count_creations(world, &scope, bodies, now)?;
        let fresh: Vec<_> = bodies.iter().map(|body| made(world, &scope, body, now)).collect();
        world.commands.retain(|c| c["guild_id"] != scope);
        world.commands.extend(fresh.iter().cloned());
        Ok((200, Some(json!(fresh))))
    })
}

fn create(hub: &Hub, call: &Call) -> Outcome {
    let now = hub.now();
    hub.change(|world| {
        let scope = scope(world, call)?;
        Refusal::check(&validate::command(&call.body))?;
        count_creations(world, &scope, std::slice::from_ref(&call.body), now)?;
        let command = made(world, &scope, &call.body, now);
        let known = world.commands.len();
        world.commands.retain(|c| c["id"] != command["id"]);
        let status = if world.commands.len() < known { 200 } else { 201 };
        world.commands.push(command.clone());
        Ok((status, Some(command)))
    })
}

fn get(hub: &Hub, call: &Call) -> Outcome {
    let world = hub.world();
    let index = position(&world, call)?;
    Ok((200, Some(world.commands[index].clone())))
}

fn edit(hub: &Hub, call: &Call) -> Outcome {
    let now = hub.now();
    hub.change(|world| {
        let index = position(world, call)?;
        let mut body = world.commands[index].clone();
        for (key, value) in call.body.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        Refusal::check(&validate::command(&body))?;
        let scope = world.commands[index]["guild_id"].clone();
        let id = world.commands[index]["id"].clone();
        let mut command = made(world, &scope, &body, now);
        command["id"] = id;
        world.commands[index] = command.clone();
        Ok((200, Some(command)))
    })
}

fn delete(hub: &Hub, call: &Call) -> Outcome {
    hub.change(|world| {
        let index = position(world, call)?;
        world.commands.remove(index);
        Ok((204, None))
    })
}

fn position(world: &World, call: &Call) -> Result<usize, Refusal> {
    let scope = scope(world, call)?;
    let id = call.id("command_id")?.to_string();
    let found = world.commands.iter().position(|c| c["guild_id"] == scope && c["id"] == id.as_str());
    found.ok_or(UNKNOWN)
}

/// Discord counts what gets a new id; a change of what is there is free.
fn count_creations(
    world: &mut World,
    scope: &Value,
    bodies: &[Value],
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let created = bodies.iter().filter(|body| same(world, scope, body).is_none()).count();
    if world.may_create(created, scope, now) { Ok(()) } else { Err(TOO_MANY_TODAY) }
}

/// The command of the same scope, name and type, as it is now.
fn same<'w>(world: &'w World, scope: &Value, body: &Value) -> Option<&'w Value> {
    let kind = body["type"].as_u64().unwrap_or(1);
    world
        .commands
        .iter()
        .find(|known| known["guild_id"] == *scope && known["name"] == body["name"] && known["type"] == kind)
}

/// A command as the API shows it. One of the same name and type keeps its id, and its version too
/// if nothing changed.
fn made(world: &mut World, scope: &Value, body: &Value, now: DateTime<Utc>) -> Value {
    let or = |key: &str, other: Value| if body[key].is_null() { other } else { body[key].clone() };
    let permissions = match &body["default_member_permissions"] {
        Value::Number(bits) => json!(bits.to_string()),
        other => other.clone(),
    };
    let mut command = json!({
        "application_id": world.bot.to_string(),
        "type": or("type", json!(1)),
        "name": body["name"],
        "name_localizations": body["name_localizations"],
        "description": or("description", json!("")),
        "description_localizations": body["description_localizations"],
        "default_member_permissions": permissions,
        "contexts": body["contexts"],
        "integration_types": or("integration_types", json!([0])),
        "options": options(&body["options"]),
        "nsfw": body["nsfw"] == true,
    });
    match scope.is_null() {
        true => command["dm_permission"] = or("dm_permission", json!(true)),
        false => command["guild_id"] = scope.clone(),
    }
    if let Some(mut old) = same(world, scope, body).cloned() {
        command["id"] = old["id"].take();
        let version = old["version"].take();
        let unchanged = without_nulls(&old) == {
            let mut new = without_nulls(&command);
            new.as_object_mut().map(|c| c.remove("id"));
            new
        };
        command["version"] = if unchanged { version } else { json!(world.next_id(now).to_string()) };
    } else {
        command["id"] = json!(world.next_id(now).to_string());
        command["version"] = json!(world.next_id(now).to_string());
    }
    command
}

/// Options without what is null or an empty list of choices, `options` of a subcommand always there.
fn options(list: &Value) -> Value {
    let mut list = without_nulls(list).as_array().cloned().unwrap_or_default();
    for option in &mut list {
        if matches!(option["type"].as_u64(), Some(1 | 2)) {
            option["options"] = options(&option["options"]);
        }
    }
    json!(list)
}
