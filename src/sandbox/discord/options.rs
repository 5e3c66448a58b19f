//! From what a user typed to the `data` of an interaction, by the registered command's definition.

use serde_json::{Map, Value, json};

use super::control::ControlError;
use super::hub::{Hub, lock};
use super::state::{Channel, StoredFile, World};
use super::{mentions, objects};
use crate::domain::ChannelId;

/// What a user gave a command.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    pub options: &'a [(&'a str, Value)],
    /// The option that is being typed, and its text so far: an autocomplete.
    pub focused: Option<(&'a str, &'a str)>,
}

/// The `data` of a command interaction.
///
/// Values are taken leniently, as a form gives them: numbers and booleans also as text, channels and
/// users also by name, an attachment as `{"filename", "content"}`.
pub fn command_data(
    hub: &Hub,
    world: &World,
    place: &Channel,
    command: &Value,
    path: &[&str],
    given: Given<'_>,
) -> Result<Value, ControlError> {
    let mut node = command;
    let mut nest = Vec::new();
    for word in path {
        let inner = list(node, "options").iter().find(|o| o["name"] == *word && is_subcommand(o));
        node = inner.ok_or_else(|| ControlError::UnknownCommand(path.join(" ")))?;
        nest.push(node);
    }
    let definitions = list(node, "options");
    if definitions.iter().any(is_subcommand) {
        return Err(ControlError::Incomplete(node["name"].as_str().unwrap_or_default().to_owned()));
    }
    let mut resolved = Map::new();
    let mut values = Vec::new();
    for definition in definitions {
        let name = definition["name"].as_str().unwrap_or_default();
        if let Some((focused, text)) = given.focused.filter(|(focused, _)| *focused == name) {
            if definition["autocomplete"] != true {
                return Err(bad(focused, "has no autocomplete"));
            }
            values.push(json!({"name": name, "type": definition["type"], "value": text, "focused": true}));
        } else if let Some((_, value)) = given.options.iter().find(|(n, _)| *n == name) {
            let value = value_of(hub, world, place, definition, value, &mut resolved)?;
            values.push(json!({"name": name, "type": definition["type"], "value": value}));
        } else if definition["required"] == true && given.focused.is_none() {
            return Err(ControlError::MissingOption(name.to_owned()));
        }
    }
    let names = given.options.iter().map(|(name, _)| *name).chain(given.focused.map(|(name, _)| name));
    for name in names {
        if !definitions.iter().any(|d| d["name"] == name) {
            return Err(ControlError::UnknownOption(name.to_owned()));
        }
    }
    for node in nest.iter().rev() {
        values = vec![json!({"name": node["name"], "type": node["type"], "options": values})];
    }
    let mut data = json!({"id": command["id"], "name": command["name"], "type": 1, "options": values});
    if !resolved.is_empty() {
        data["resolved"] = Value::Object(resolved);
    }
    if !command["guild_id"].is_null() {
        data["guild_id"] = command["guild_id"].clone();
    }
    Ok(data)
}

fn is_subcommand(option: &Value) -> bool {
    matches!(option["type"].as_u64(), Some(1 | 2))
}

fn list<'a>(node: &'a Value, key: &str) -> &'a [Value] {
    node[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn bad(name: &str, why: impl Into<String>) -> ControlError {
    ControlError::BadOption { name: name.to_owned(), why: why.into() }
}

/// The value of one option as an interaction carries it; what it refers to goes into `resolved`.
fn value_of(
    hub: &Hub,
    world: &World,
    place: &Channel,
    definition: &Value,
    value: &Value,
    resolved: &mut Map<String, Value>,
) -> Result<Value, ControlError> {
    let name = definition["name"].as_str().unwrap_or_default();
    let choices = list(definition, "choices");
    if !choices.is_empty() {
        let chosen = choices.iter().find(|c| c["value"] == *value || c["name"] == *value);
        return chosen.map(|c| c["value"].clone()).ok_or_else(|| bad(name, "is none of the choices"));
    }
    let text = value.as_str();
    match definition["type"].as_u64() {
        Some(3) => {
            let text = text.ok_or_else(|| bad(name, "is no text"))?;
            within(definition, "min_length", "max_length", text.chars().count() as f64)?;
            Ok(json!(text))
        }
        Some(4) => {
            let number = value.as_i64().or_else(|| text?.parse().ok());
            let number = number.ok_or_else(|| bad(name, "is no whole number"))?;
            within(definition, "min_value", "max_value", number as f64)?;
            Ok(json!(number))
        }
        Some(5) => {
            let truth = value.as_bool().or_else(|| text?.parse().ok());
            truth.map(Value::from).ok_or_else(|| bad(name, "is neither true nor false"))
        }
        Some(10) => {
            let number = value.as_f64().or_else(|| text?.parse().ok());
            let number = number.ok_or_else(|| bad(name, "is no number"))?;
            within(definition, "min_value", "max_value", number)?;
            Ok(json!(number))
        }
        Some(11) => attachment(hub, world, place, name, value, resolved),
        Some(kind) => {
            let id = reference(world, place, kind, definition, value, resolved);
            id.ok_or_else(|| bad(name, "names nothing that can be chosen here"))
        }
        None => Err(bad(name, "has no type")),
    }
}

fn within(definition: &Value, least: &str, most: &str, size: f64) -> Result<(), ControlError> {
    let outside = definition[least].as_f64().is_some_and(|least| size < least)
        || definition[most].as_f64().is_some_and(|most| size > most);
    let name = definition["name"].as_str().unwrap_or_default();
    if outside { Err(bad(name, "is outside the allowed range")) } else { Ok(()) }
}

/// The id of a user (6), channel (7), role (8) or any of users and roles (9).
fn reference(
    world: &World,
    place: &Channel,
    kind: u64,
    definition: &Value,
    value: &Value,
    resolved: &mut Map<String, Value>,
) -> Option<Value> {
    let named = value.as_str().map(|text| text.trim_start_matches(['#', '@']));
    let id = mentions::as_id(value);
    let mut note = |key: &str, id: u64, object: Value| {
        resolved.entry(key).or_insert_with(|| json!({}))[id.to_string()] = object;
        Some(json!(id.to_string()))
    };
    if matches!(kind, 6 | 9) {
        let user = world.users.values().find(|u| Some(u.id.0) == id || Some(u.name.as_str()) == named);
        if let Some(user) = user {
            if let Some(roles) = world.guild.members.get(&user.id) {
                let mut member = objects::partial_member(world, roles);
                let permissions = super::permissions::in_channel(world, user.id, place);
                member["permissions"] = json!(permissions.to_string());
                note("members", user.id.0, member);
            }
            return note("users", user.id.0, objects::user(user));
        }
    }
    if matches!(kind, 8 | 9) {
        let mut roles = world.guild.roles.iter().enumerate();
        let (position, role) = roles.find(|(_, r)| Some(r.id) == id || Some(r.name.as_str()) == named)?;
        return note("roles", role.id, objects::role(role, position));
    }
    if kind == 7 {
        let types = list(definition, "channel_types");
        let fits = |c: &Channel| types.is_empty() || types.iter().any(|t| *t == c.kind.number());
        let of_guild = |c: &&Channel| c.is_in_guild() && fits(c);
        let channel = world
            .channels
            .values()
            .filter(of_guild)
            .find(|c| Some(c.id) == id.map(ChannelId) || Some(c.name.as_str()) == named)?;
        // The user who chooses a channel sees it; what they may do in it comes along.
        let shown = objects::partial_channel(world, channel, world.guild.owner);
        return note("channels", channel.id.0, shown);
    }
    None
}

fn attachment(
    hub: &Hub,
    world: &World,
    place: &Channel,
    name: &str,
    value: &Value,
    resolved: &mut Map<String, Value>,
) -> Result<Value, ControlError> {
    let (Some(filename), Some(content)) = (value["filename"].as_str(), value["content"].as_str()) else {
        return Err(bad(name, "needs a filename and a content"));
    };
    if content.len() > objects::ATTACHMENT_LIMIT as usize {
        return Err(bad(name, "is larger than Discord lets users attach"));
    }
    let file = StoredFile {
        id: world.next_id(hub.now()),
        name: filename.to_owned(),
        content_type: value["content_type"].as_str().unwrap_or("text/plain; charset=utf-8").to_owned(),
        bytes: content.as_bytes().to_vec(),
    };
    let url = objects::attachment_url(place.id.0, file.id, &file.name);
    let id = file.id.to_string();
    resolved.entry("attachments").or_insert_with(|| json!({}))[id.as_str()] = json!({
        "id": id,
        "filename": file.name,
        "size": file.bytes.len(),
        "url": url,
        "proxy_url": url,
        "content_type": file.content_type,
        "ephemeral": true,
    });
    lock(&hub.interactions).upload(file);
    Ok(json!(id))
}
