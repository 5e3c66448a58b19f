//! Answers to interactions: the first one by callback, later ones through the interaction's token.

use serde_json::{Value, json};

use super::messages::{announce, draft, fill, shown};
use super::{Call, Operation, Refusal};
use crate::domain::MessageId;
use crate::sandbox::discord::endpoint::Endpoint;
use crate::sandbox::discord::hub::{Hub, lock};
use crate::sandbox::discord::interactions::{Interaction, Kind, Stage};
use crate::sandbox::discord::objects::{self, EPHEMERAL};
use crate::sandbox::discord::state::World;
use crate::sandbox::discord::validate::{self, FormErrors};

pub const OPERATIONS: &[(Endpoint, Operation)] = &[
    (Endpoint::CALLBACK, callback),
    (Endpoint::FOLLOW_UP, follow_up),
    (Endpoint::ORIGINAL, get),
    (Endpoint::EDIT_ORIGINAL, edit),
    (Endpoint::DELETE_ORIGINAL, delete),
    (Endpoint::FOLLOW_UP_MESSAGE, get),
    (Endpoint::EDIT_FOLLOW_UP, edit),
    (Endpoint::DELETE_FOLLOW_UP, delete),
];

const UNKNOWN_INTERACTION: Refusal = Refusal::new(404, 10062, "Unknown interaction");
const ACKNOWLEDGED: Refusal = Refusal::new(400, 40060, "Interaction has already been acknowledged.");
const UNKNOWN_WEBHOOK: Refusal = Refusal::new(404, 10015, "Unknown Webhook");
const UNKNOWN_MESSAGE: Refusal = Refusal::new(404, 10008, "Unknown Message");

type Outcome = Result<(u16, Option<Value>), Refusal>;

fn callback(hub: &Hub, call: &Call) -> Outcome {
    let id = call.id("interaction_id")?;
    hub.change(|world| {
        let mut interactions = lock(&hub.interactions);
        let interaction = interactions.get_mut(id).filter(|i| i.token == call.param("interaction_token"));
        let interaction = interaction.ok_or(UNKNOWN_INTERACTION)?;
        if interaction.stage() != Stage::Waiting {
            return Err(ACKNOWLEDGED);
        }
        if interaction.opened.elapsed() > hub.settings.first_answer {
            return Err(UNKNOWN_INTERACTION);
        }
        let message = first_answer(hub, world, interaction, call)?;
        if call.param("with_response") != "true" {
            return Ok((204, None));
        }
        let mut body = json!({"interaction": {"id": id.to_string(), "type": interaction.kind.number()}});
        if let Some(message) = message {
            body["resource"] = json!({"type": call.body["type"], "message": shown(world, message)?});
        }
        Ok((200, Some(body)))
    })
}

/// Applies a callback; gives the message that it made or changed.
fn first_answer(
    hub: &Hub,
    world: &mut World,
    interaction: &mut Interaction,
    call: &Call,
) -> Result<Option<MessageId>, Refusal> {
    let data = &call.body["data"];
    let ephemeral = data["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0;
    let kind = call.body["type"].as_u64().unwrap_or(0);
    let message = match (kind, interaction.kind) {
        (4, Kind::Command | Kind::Component(_)) => {
            let id = say(hub, world, interaction, data, call, ephemeral)?;
            interaction.original = Some(id);
            interaction.come_to(Stage::Answered);
            id
        }
        (5, Kind::Command | Kind::Component(_)) => {
            interaction.deferred = true;
            interaction.come_to(Stage::Deferred { ephemeral });
            return Ok(None);
        }
        (6, Kind::Component(pressed)) => {
            interaction.deferred = true;
            interaction.original = Some(pressed);
            interaction.come_to(Stage::DeferredUpdate);
            return Ok(None);
        }
        (7, Kind::Component(pressed)) => {
            fill(world, pressed, data, &call.files, hub.now())?;
            interaction.original = Some(pressed);
            interaction.come_to(Stage::Answered);
            pressed
        }
        (8, Kind::Autocomplete) => {
            Refusal::check(&validate::choices(data))?;
            interaction.choices = Some(data["choices"].as_array().cloned().unwrap_or_default());
            interaction.come_to(Stage::Answered);
            return Ok(None);
        }
        _ => {
            let mut errors = FormErrors::default();
            errors.add("type", "BASE_TYPE_CHOICES", "Value is not a valid answer to this interaction.");
            Refusal::check(&errors)?;
            return Ok(None);
        }
    };
    Ok(Some(message))
}

fn follow_up(hub: &Hub, call: &Call) -> Outcome {
    let value = with_interaction(hub, call, |world, interaction| {
        let id = match interaction.stage() {
            Stage::Deferred { ephemeral } => {
                let id = say(hub, world, interaction, &call.body, call, ephemeral)?;
                interaction.original = Some(id);
                interaction.come_to(Stage::Answered);
                id
            }
            _ => {
                let ephemeral = call.body["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0;
                let id = say(hub, world, interaction, &call.body, call, ephemeral)?;
                interaction.follow(id);
                id
            }
        };
        shown(world, id)
    })?;
    announce(hub, "MESSAGE_CREATE", &value);
    Ok((200, Some(value)))
}

fn get(hub: &Hub, call: &Call) -> Outcome {
    let value = with_interaction(hub, call, |world, interaction| shown(world, target(interaction, call)?))?;
    Ok((200, Some(value)))
}

fn edit(hub: &Hub, call: &Call) -> Outcome {
    let value = with_interaction(hub, call, |world, interaction| {
        let original = !call.params.contains_key("message_id");
        if let (true, Stage::Deferred { ephemeral }) = (original, interaction.stage()) {
            let id = say(hub, world, interaction, &call.body, call, ephemeral)?;
            interaction.original = Some(id);
            interaction.come_to(Stage::Answered);
            return shown(world, id);
        }
        let id = target(interaction, call)?;
        fill(world, id, &call.body, &call.files, hub.now())?;
        match interaction.stage() {
            Stage::DeferredUpdate if original => interaction.come_to(Stage::Answered),
            _ => interaction.edits += 1,
        }
        shown(world, id)
    })?;
    announce(hub, "MESSAGE_UPDATE", &value);
    Ok((200, Some(value)))
}

fn delete(hub: &Hub, call: &Call) -> Outcome {
    with_interaction(hub, call, |world, interaction| {
        let id = target(interaction, call)?;
        world.remove_message(id).map(|_| Value::Null).ok_or(UNKNOWN_MESSAGE)
    })?;
    Ok((204, None))
}

/// Runs on the interaction whose token is in the path, once it has had its first answer.
fn with_interaction(
    hub: &Hub,
    call: &Call,
    run: impl FnOnce(&mut World, &mut Interaction) -> Result<Value, Refusal>,
) -> Result<Value, Refusal> {
    let webhook = call.id("webhook_id")?;
    hub.change(|world| {
        if webhook != world.bot.0 {
            return Err(UNKNOWN_WEBHOOK);
        }
        let mut interactions = lock(&hub.interactions);
        let interaction = interactions.by_token(call.param("webhook_token"), hub.settings.token_life);
        let interaction = interaction.ok_or(Refusal::new(401, 50027, "Invalid Webhook Token"))?;
        if interaction.stage() == Stage::Waiting || interaction.kind == Kind::Autocomplete {
            return Err(UNKNOWN_WEBHOOK);
        }
        run(world, interaction)
    })
}

/// The message that a path means: one of this interaction's own.
fn target(interaction: &Interaction, call: &Call) -> Result<MessageId, Refusal> {
    if !call.params.contains_key("message_id") {
        return interaction.original.ok_or(UNKNOWN_MESSAGE);
    }
    let id = MessageId(call.id("message_id")?);
    let own = interaction.original == Some(id) || interaction.follow_ups.contains(&id);
    if own { Ok(id) } else { Err(UNKNOWN_MESSAGE) }
}

/// Stores a message that answers an interaction.
fn say(
    hub: &Hub,
    world: &mut World,
    interaction: &Interaction,
    body: &Value,
    call: &Call,
    ephemeral: bool,
) -> Result<MessageId, Refusal> {
    let place = world.channels.get(&interaction.channel).cloned();
    let place = place.ok_or(Refusal::new(404, 10003, "Unknown Channel"))?;
    let body = if body.is_null() { &json!({}) } else { body };
    let mut message = draft(world, &place, body, &call.files, hub.now())?;
    let user = world.users.get(&interaction.user).map(objects::user).unwrap_or_default();
    message.interaction = Some(interaction.metadata(user));
    if interaction.kind == Kind::Command {
        message.command.clone_from(&interaction.name);
    }
    if ephemeral {
        message.flags |= EPHEMERAL;
        message.only_for = Some(interaction.user);
        // Only one user sees it, and that user is there.
        message.pings = Default::default();
    }
    let id = message.id;
    world.add_message(message);
    Ok(id)
}
