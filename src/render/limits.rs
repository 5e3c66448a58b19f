//! Discord's limits on a message, checked before it is sent.
//!
//! serenity checks two of them; a message beyond any other is answered with 400, which must not be
//! retried. So each message passes here first, and a test of each kind of message does too.

use std::collections::HashSet;

use url::Url;

use super::text::{plain, units};
use super::{Action, Embed, Message};

/// <https://discord.com/developers/docs/resources/message>, in characters unless named otherwise.
pub mod max {
    pub const CONTENT: usize = 2000;
    pub const EMBEDS: usize = 10;
    pub const TITLE: usize = 256;
    pub const DESCRIPTION: usize = 4096;
    pub const FIELDS: usize = 25;
    pub const FIELD_NAME: usize = 256;
    pub const FIELD_VALUE: usize = 1024;
    pub const FOOTER: usize = 2048;
    pub const AUTHOR: usize = 256;
    /// Titles, descriptions, fields, footers and authors of all embeds of one message.
    pub const ALL_EMBEDS: usize = 6000;
    pub const EMBED_URL: usize = 2048;
    pub const ROWS: usize = 5;
    pub const ROW: usize = 5;
    pub const LABEL: usize = 80;
    pub const BUTTON_URL: usize = 512;
    pub const CUSTOM_ID: usize = 100;
    pub const POST_NAME: usize = 100;
}

/// Which part of a message Discord would refuse, and by how much it is beyond the limit.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub struct LimitError(pub String);

/// Checks every limit that Discord puts on a message.
pub fn validate(message: &Message) -> Result<(), LimitError> {
    if let Some(content) = &message.content {
        text("content", content, max::CONTENT)?;
    }
    if message.content.is_none() && message.embeds.is_empty() {
        return Err(LimitError("the message is empty: it has neither content nor an embed".to_owned()));
    }
    at_most("embeds", message.embeds.len(), max::EMBEDS)?;
    let mut total = 0;
    for (n, embed) in (1..).zip(&message.embeds) {
        total += check_embed(&format!("embed {n}"), embed)?;
    }
    at_most("characters of all embeds together", total, max::ALL_EMBEDS)?;
    check_buttons(message)
}

/// Returns how many characters count towards the sum over all embeds.
fn check_embed(part: &str, embed: &Embed) -> Result<usize, LimitError> {
    let mut total = 0;
    for (name, value, limit) in [
        ("author", &embed.author, max::AUTHOR),
        ("title", &embed.title, max::TITLE),
        ("description", &embed.description, max::DESCRIPTION),
        ("footer", &embed.footer, max::FOOTER),
    ] {
        if let Some(value) = value {
            total += text(&format!("{part}, {name}"), value, limit)?;
        }
    }
    at_most(&format!("{part}, fields"), embed.fields.len(), max::FIELDS)?;
    for (n, field) in (1..).zip(&embed.fields) {
        total += text(&format!("{part}, name of field {n}"), &field.name, max::FIELD_NAME)?;
        total += text(&format!("{part}, value of field {n}"), &field.value, max::FIELD_VALUE)?;
    }
    if total == 0 {
        return Err(LimitError(format!("{part} is empty")));
    }
    if let Some(url) = &embed.url {
        address(&format!("{part}, url"), url, max::EMBED_URL)?;
    }
    for (name, url) in [("icon", &embed.icon), ("thumbnail", &embed.thumbnail)] {
        if let Some(url) = url {
            address(&format!("{part}, {name}"), url, max::EMBED_URL)?;
        }
    }
    if embed.icon.is_some() && embed.author.is_none() {
        return Err(LimitError(format!("{part}, icon: there is no author to stand before")));
    }
    if embed.colour > 0xff_ff_ff {
        return Err(LimitError(format!("{part}, colour: {:#x} is beyond 0xffffff", embed.colour)));
    }
    Ok(total)
}

fn check_buttons(message: &Message) -> Result<(), LimitError> {
    at_most("rows of buttons", message.buttons.len(), max::ROWS)?;
    let mut seen = HashSet::new();
    for (r, row) in (1..).zip(&message.buttons) {
        at_most(&format!("buttons in row {r}"), row.len(), max::ROW)?;
        if row.is_empty() {
            return Err(LimitError(format!("row {r} has no button")));
        }
        for (b, button) in (1..).zip(row) {
            let part = format!("row {r}, button {b}");
            text(&format!("{part}, label"), &button.label, max::LABEL)?;
            match &button.action {
                Action::Link(url) => address(&format!("{part}, url"), url, max::BUTTON_URL)?,
                Action::Custom(id) => {
                    text(&format!("{part}, custom_id"), id, max::CUSTOM_ID)?;
                    if !seen.insert(id) {
                        return Err(LimitError(format!("{part}, custom_id: {id:?} is already taken")));
                    }
                }
            }
        }
    }
    Ok(())
}

/// A text that must hold something visible. Returns its length.
fn text(part: &str, text: &str, limit: usize) -> Result<usize, LimitError> {
    if plain(text).is_empty() {
        return Err(LimitError(format!("{part} is blank")));
    }
    let length = units(text.trim());
    at_most(&format!("{part}, characters"), length, limit)?;
    Ok(length)
}

fn address(part: &str, url: &Url, limit: usize) -> Result<(), LimitError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(LimitError(format!("{part}: only http and https addresses can be linked")));
    }
    at_most(&format!("{part}, characters"), units(url.as_str()), limit)
}

fn at_most(part: &str, count: usize, limit: usize) -> Result<(), LimitError> {
    match count.checked_sub(limit) {
        None | Some(0) => Ok(()),
        Some(over) => Err(LimitError(format!("{part}: {count}, {over} over the limit of {limit}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Button, Field};

    fn embed(edit: impl FnOnce(&mut Embed)) -> Message {
        let mut embed = Embed { title: Some("A title".to_owned()), ..Embed::default() };
        edit(&mut embed);
        Message { embeds: vec![embed], ..Message::default() }
    }

    fn field(name: &str, value: &str) -> Field {
        Field { name: name.to_owned(), value: value.to_owned(), inline: false }
    }

    fn button(label: &str, id: &str) -> Button {
        Button { label: label.to_owned(), action: Action::Custom(id.to_owned()) }
    }

    fn rows(buttons: Vec<Vec<Button>>) -> Message {
        Message { content: Some("hello".to_owned()), buttons, ..Message::default() }
    }

    fn url(length: usize) -> Url {
        Url::parse(&format!("https://example.org/{}", "a".repeat(length - 20))).unwrap()
    }

    /// Every limit: what just fits, what is one too many, and what the error says of it.
    #[test]
    fn names_the_part_and_the_excess() {
        let x = |n: usize| Some("x".repeat(n));
        let many = |n: usize| (0..n).map(|i| vec![button("ok", &i.to_string())]).collect::<Vec<_>>();
        let cases: Vec<(Message, Option<Message>, &str)> = vec![
            (
                Message { content: x(2001), ..Message::default() },
                Some(Message { content: x(2000), ..Message::default() }),
                "content, characters: 2001, 1 over the limit of 2000",
            ),
            (Message::default(), None, "the message is empty: it has neither content nor an embed"),
            (
                Message { content: Some(" \u{200b} ".to_owned()), ..Message::default() },
                None,
                "content is blank",
            ),
            (
                embed(|e| e.title = x(257)),
                Some(embed(|e| e.title = x(256))),
                "embed 1, title, characters: 257, 1 over the limit of 256",
            ),
            // An emoji beyond the basic plane counts twice.
            (
                embed(|e| e.title = Some("🚀".repeat(129))),
                Some(embed(|e| e.title = Some("🚀".repeat(128)))),
                "embed 1, title, characters: 258, 2 over the limit of 256",
            ),
            (
                embed(|e| e.description = x(4097)),
                Some(embed(|e| e.description = x(4096))),
                "embed 1, description, characters: 4097, 1 over the limit of 4096",
            ),
            (
                embed(|e| e.footer = x(2050)),
                Some(embed(|e| e.footer = x(2048))),
                "embed 1, footer, characters: 2050, 2 over the limit of 2048",
            ),
            (
                embed(|e| e.author = x(257)),
                Some(embed(|e| e.author = x(256))),
                "embed 1, author, characters: 257, 1 over the limit of 256",
            ),
            (
                embed(|e| e.fields = vec![field("n", "v"); 26]),
                Some(embed(|e| e.fields = vec![field("n", "v"); 25])),
                "embed 1, fields: 26, 1 over the limit of 25",
            ),
            (
                embed(|e| e.fields = vec![field("n", "v"), field(" ", "v")]),
                None,
                "embed 1, name of field 2 is blank",
            ),
            (embed(|e| e.fields = vec![field("n", "\u{200b}")]), None, "embed 1, value of field 1 is blank"),
            (
                embed(|e| e.fields = vec![field(&"n".repeat(257), "v")]),
                None,
                "embed 1, name of field 1, characters: 257, 1 over the limit of 256",
            ),
            (
                embed(|e| e.fields = vec![field("n", &"v".repeat(1025))]),
                Some(embed(|e| e.fields = vec![field("n", &"v".repeat(1024))])),
                "embed 1, value of field 1, characters: 1025, 1 over the limit of 1024",
            ),
            (embed(|e| e.title = None), None, "embed 1 is empty"),
            (embed(|e| e.colour = 0x0100_0000), None, "embed 1, colour: 0x1000000 is beyond 0xffffff"),
            (
                embed(|e| e.url = Some(url(2049))),
                Some(embed(|e| e.url = Some(url(2048)))),
                "embed 1, url, characters: 2049, 1 over the limit of 2048",
            ),
            (
                embed(|e| e.url = Some(Url::parse("ftp://example.org").unwrap())),
                None,
                "embed 1, url: only http and https addresses can be linked",
            ),
            (
                Message { embeds: vec![embed(|_| ()).embeds[0].clone(); 11], ..Message::default() },
                None,
                "embeds: 11, 1 over the limit of 10",
            ),
            (
                Message {
                    embeds: vec![embed(|e| e.description = x(2994)).embeds[0].clone(); 2],
                    ..Message::default()
                },
                Some(Message {
                    embeds: vec![embed(|e| e.description = x(2993)).embeds[0].clone(); 2],
                    ..Message::default()
                }),
                "characters of all embeds together: 6002, 2 over the limit of 6000",
            ),
            (rows(many(6)), Some(rows(many(5))), "rows of buttons: 6, 1 over the limit of 5"),
            (
                rows(vec![(0..6).map(|i| button("ok", &i.to_string())).collect()]),
                None,
                "buttons in row 1: 6, 1 over the limit of 5",
            ),
            (rows(vec![vec![]]), None, "row 1 has no button"),
            (rows(vec![vec![button("", "a")]]), None, "row 1, button 1, label is blank"),
            (
                rows(vec![vec![button(&"l".repeat(81), "a")]]),
                Some(rows(vec![vec![button(&"l".repeat(80), "a")]])),
                "row 1, button 1, label, characters: 81, 1 over the limit of 80",
            ),
            (rows(vec![vec![button("ok", "")]]), None, "row 1, button 1, custom_id is blank"),
            (
                rows(vec![vec![button("ok", &"i".repeat(101))]]),
                Some(rows(vec![vec![button("ok", &"i".repeat(100))]])),
                "row 1, button 1, custom_id, characters: 101, 1 over the limit of 100",
            ),
            (
                rows(vec![vec![button("ok", "a")], vec![button("ok", "a")]]),
                None,
                "row 2, button 1, custom_id: \"a\" is already taken",
            ),
            (
                rows(vec![vec![Button { label: "Read".to_owned(), action: Action::Link(url(513)) }]]),
                Some(rows(vec![vec![Button { label: "Read".to_owned(), action: Action::Link(url(512)) }]])),
                "row 1, button 1, url, characters: 513, 1 over the limit of 512",
            ),
        ];
        for (beyond, within, error) in cases {
            assert_eq!(validate(&beyond), Err(LimitError(error.to_owned())));
            if let Some(within) = within {
                assert_eq!(validate(&within), Ok(()), "just within: {error}");
            }
        }
    }

    #[test]
    fn white_space_at_the_ends_does_not_count() {
        let content = format!("  {}\n", "x".repeat(2000));
        assert_eq!(validate(&Message { content: Some(content), ..Message::default() }), Ok(()));
    }
}
