//! What a person does on the page.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Failure, Role, Stage};
use crate::domain::{ChannelId, MessageId};
use crate::sandbox::discord::{ControlError, Effect, Endpoint, Fault};
use crate::store::feeds;

/// How long a slow Discord takes to answer one request.
const SLOW: Duration = Duration::from_secs(2);
/// How long a client has to wait that Discord tells to.
const RATE_LIMIT: Duration = Duration::from_secs(3);
/// Requests of each kind that fail when somebody asks for it.
const FAILURES: usize = 2;

type Outcome = Result<Json<Value>, Failure>;

#[derive(Deserialize)]
pub struct Command {
    #[serde(rename = "as")]
    role: Role,
    channel: String,
    /// With its subcommand: `news search`.
    command: String,
    options: Map<String, Value>,
}

#[derive(Deserialize)]
pub struct Typing {
    #[serde(flatten)]
    command: Command,
    /// The option that is being typed.
    option: String,
    text: String,
}

#[derive(Deserialize)]
pub struct Press {
    #[serde(rename = "as")]
    role: Role,
    message: String,
    custom_id: String,
}

#[derive(Deserialize)]
pub struct Say {
    #[serde(rename = "as")]
    role: Role,
    channel: String,
    content: String,
}

#[derive(Deserialize)]
pub struct Dismiss {
    #[serde(rename = "as")]
    role: Role,
    message: String,
}

#[derive(Deserialize)]
pub struct Fail {
    how: Failing,
}

/// How Discord is to fail.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Failing {
    RateLimit,
    ServerError,
    Forbidden,
    Slow,
    GatewayDrop,
    GatewayEnd,
    Heal,
}

pub async fn command(State(stage): State<Arc<Stage>>, Json(given): Json<Command>) -> Outcome {
    let discord = &stage.discord;
    let user = given.role.user(discord);
    let id = discord.begin(user, channel(&given.channel)?, &given.command, &pairs(&given.options)?)?;
    Ok(Json(json!({"interaction": id.to_string()})))
}

pub async fn complete(State(stage): State<Arc<Stage>>, Json(given): Json<Typing>) -> Outcome {
    let (discord, command) = (&stage.discord, &given.command);
    let user = command.role.user(discord);
    let options = pairs(&command.options)?;
    let typed = (given.option.as_str(), given.text.as_str());
    let choices =
        discord.autocomplete(user, channel(&command.channel)?, &command.command, &options, typed).await?;
    let choices: Vec<_> =
        choices.into_iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    Ok(Json(json!({"choices": choices})))
}

pub async fn press(State(stage): State<Arc<Stage>>, Json(given): Json<Press>) -> Outcome {
    let discord = &stage.discord;
    let user = given.role.user(discord);
    let id = discord.begin_press(user, message(&given.message)?, &given.custom_id)?;
    Ok(Json(json!({"interaction": id.to_string()})))
}

pub async fn say(State(stage): State<Arc<Stage>>, Json(given): Json<Say>) -> Outcome {
    let discord = &stage.discord;
    let user = given.role.user(discord);
    let id = discord.say(user, channel(&given.channel)?, &given.content)?;
    Ok(Json(json!({"message": id.to_string()})))
}

pub async fn dismiss(State(stage): State<Arc<Stage>>, Json(given): Json<Dismiss>) -> Outcome {
    let user = given.role.user(&stage.discord);
    stage.discord.dismiss(user, message(&given.message)?)?;
    Ok(Json(json!({})))
}

pub async fn fail(State(stage): State<Arc<Stage>>, Json(given): Json<Fail>) -> Outcome {
    let discord = &stage.discord;
    let posting = [Endpoint::CREATE_MESSAGE, Endpoint::EDIT_MESSAGE, Endpoint::CALLBACK];
    let each = |effect: Effect| {
        for endpoint in posting {
            discord.fail(Fault::once(endpoint, effect.clone()).times(FAILURES));
        }
    };
    match given.how {
        Failing::RateLimit => each(Effect::RateLimited { retry_after: RATE_LIMIT, global: false }),
        Failing::ServerError => each(Effect::Broken { status: 503, stored: false }),
        Failing::Forbidden => {
            discord.fail(Fault::missing_permissions(Endpoint::CREATE_MESSAGE));
        }
        Failing::Slow => each(Effect::Slow { by: SLOW }),
        Failing::GatewayDrop => discord.drop_gateway(Some(4000)),
        Failing::GatewayEnd => discord.drop_gateway(Some(4009)),
        Failing::Heal => discord.heal(),
    }
    Ok(Json(json!({})))
}

/// Publishes the next sample article, and has the bot ask its feed at once.
pub async fn publish(State(stage): State<Arc<Stage>>) -> Outcome {
    let published = stage.site.publish_next().map_err(|error| Failure(format!("{error:#}")))?;
    let Some((page, feed)) = published else {
        return Err(Failure("Every sample article is published.".into()));
    };
    stage.published.send_modify(|count| *count += 1);
    let polled = async {
        let mut tx = stage.ctx.store.write().await?;
        feeds::poll_by(&mut tx, &feed, stage.ctx.clock.now()).await?;
        tx.commit().await?;
        anyhow::Ok(())
    };
    polled.await.map_err(|error| {
        Failure(format!("The article is published, but its feed is not polled: {error:#}"))
    })?;
    stage.ctx.wake.poll.notify_one();
    Ok(Json(json!({"title": page.header("title")})))
}

/// A file of a message, to keep: never shown by the browser as a page of this origin.
pub async fn file(State(stage): State<Arc<Stage>>, Path((message, id)): Path<(u64, u64)>) -> Response {
    match stage.discord.file(MessageId(message), id) {
        Some(file) => {
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream"),
                (header::CONTENT_DISPOSITION, "attachment"),
            ];
            (headers, file.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn pairs(options: &Map<String, Value>) -> Result<Vec<(&str, Value)>, Failure> {
    let given = |value: &Value| match value["base64"].as_str() {
        Some(base64) => file_option(value, base64),
        None => Ok(value.clone()),
    };
    options.iter().map(|(name, value)| Ok((name.as_str(), given(value)?))).collect()
}

/// A file that a person chose, as the embedded Discord takes it: it keeps texts alone, and one that is in another
/// encoding than UTF-8 must not come to the bot as something else than it is.
fn file_option(file: &Value, base64: &str) -> Result<Value, Failure> {
    let name = file["filename"].as_str().unwrap_or_default();
    let bytes = BASE64.decode(base64).map_err(|error| Failure(format!("{name} came broken: {error}.")))?;
    let content = String::from_utf8(bytes)
        .map_err(|_| Failure(format!("{name} is no text in UTF-8: the sandbox takes no other files.")))?;
    Ok(json!({"filename": name, "content": content, "content_type": file["content_type"]}))
}

fn channel(id: &str) -> Result<ChannelId, Failure> {
    Ok(id.parse().map(ChannelId).map_err(|_| ControlError::UnknownChannel)?)
}

fn message(id: &str) -> Result<MessageId, Failure> {
    Ok(id.parse().map(MessageId).map_err(|_| ControlError::UnknownMessage)?)
}
