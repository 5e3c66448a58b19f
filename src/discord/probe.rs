//! What Discord says to a bot before it runs.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::BotError;
use super::bot::bot_error;
use super::client::{self, Loopback};

/// Where everybody may ask for the address of the gateway.
const GATEWAY: &str = "https://discord.com/api/v10/gateway";

/// Whether Discord answers, and what time it is by its clock, where it tells.
pub async fn answers(loopback: Option<&Loopback>) -> Result<Option<DateTime<Utc>>, BotError> {
    let client = client::http_client(loopback).map_err(|error| BotError::Start(format!("{error:#}")))?;
    let agent = concat!("DiscordBot (dateline, ", env!("CARGO_PKG_VERSION"), ")");
    let asked = client.get(GATEWAY).header("user-agent", agent).send().await.context("asking discord.com");
    let answer = asked.map_err(|error| BotError::Unreachable(format!("{error:#}")))?;
    let date = answer.headers().get("date").and_then(|date| date.to_str().ok());
    Ok(date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()).map(|date| date.to_utc()))
}

/// The name of the bot whose token this is; asked once.
pub async fn who(token: &SecretString, loopback: Option<&Loopback>) -> Result<String, BotError> {
    let http = client::http(token, loopback).map_err(|error| BotError::Start(format!("{error:#}")))?;
    http.get_current_user().await.map(|user| user.name.clone()).map_err(bot_error)
}
