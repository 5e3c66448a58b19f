//! What the embedded Discord holds, as a reader would see it in a terminal.

use serde_json::Value;
use url::Url;

use super::discord::{EmbeddedDiscord, StoredMessage};
use crate::domain::ChannelId;
use crate::render::{Action, Button, Embed, Field, Message, terminal};

/// A channel with everything in it that everybody sees.
pub fn channel(
    discord: &EmbeddedDiscord,
    channel: ChannelId,
    name: &str,
    width: usize,
    colour: bool,
) -> String {
    let messages = discord.messages(channel);
    let shown: Vec<String> = messages.iter().map(|stored| message(stored, width, colour)).collect();
    let body = if shown.is_empty() { "(nothing yet)".to_owned() } else { shown.join("\n\n") };
    format!("{}\n\n{body}", heading(&format!("#{name}"), width))
}

/// One message.
pub fn message(stored: &StoredMessage, width: usize, colour: bool) -> String {
    terminal(&as_message(stored), width, colour)
}

/// A title on a line of its own, ruled to the width.
pub fn heading(title: &str, width: usize) -> String {
    let rule = "─".repeat(width.saturating_sub(title.chars().count() + 4));
    format!("── {title} {rule}")
}

fn as_message(stored: &StoredMessage) -> Message {
    Message {
        content: Some(stored.content.clone()).filter(|content| !content.is_empty()),
        embeds: stored.embeds.iter().map(embed).collect(),
        buttons: stored.components.iter().map(row).collect(),
        ..Message::default()
    }
}

fn embed(value: &Value) -> Embed {
    Embed {
        author: text(&value["author"]["name"]),
        title: text(&value["title"]),
        url: url(&value["url"]),
        description: text(&value["description"]),
        fields: items(&value["fields"])
            .map(|field| Field {
                name: text(&field["name"]).unwrap_or_default(),
                value: text(&field["value"]).unwrap_or_default(),
                inline: field["inline"].as_bool().unwrap_or(false),
            })
            .collect(),
        footer: text(&value["footer"]["text"]),
        colour: value["color"].as_u64().and_then(|colour| u32::try_from(colour).ok()).unwrap_or_default(),
        // A terminal shows no pictures.
        ..Embed::default()
    }
}

fn row(value: &Value) -> Vec<Button> {
    items(&value["components"])
        .map(|button| Button {
            label: text(&button["label"]).or_else(|| text(&button["emoji"]["name"])).unwrap_or_default(),
            action: match url(&button["url"]) {
                Some(url) => Action::Link(url),
                None => Action::Custom(text(&button["custom_id"]).unwrap_or_default()),
            },
        })
        .collect()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn url(value: &Value) -> Option<Url> {
    value.as_str().and_then(|url| Url::parse(url).ok())
}
