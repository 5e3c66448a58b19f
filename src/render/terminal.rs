//! A message as plain text: what a reader would see, for a terminal and for snapshots in tests.

use chrono::DateTime;
use chrono_tz::Tz;

use super::{Action, Embed, Message, dates};
use crate::domain::Published;

/// Draws a message `width` columns wide. With `colour`, the embeds' bars and what is bold use ANSI codes.
///
/// Addresses are written out behind the links, since a terminal has nothing to press.
pub fn terminal(message: &Message, width: usize, colour: bool) -> String {
    let width = width.max(20);
    let mut blocks = Vec::new();
    if let Some(content) = &message.content {
        blocks.push(wrapped(content, width, colour).join("\n"));
    }
    blocks.extend(message.embeds.iter().map(|embed| draw(embed, width, colour)));
    let rows: Vec<String> = message
        .buttons
        .iter()
        .map(|row| {
            let label = |button: &super::Button| match button.action {
                Action::Link(_) => format!("[ {} ↗ ]", button.label),
                Action::Custom(_) => format!("[ {} ]", button.label),
            };
            row.iter().map(label).collect::<Vec<_>>().join(" ")
        })
        .collect();
    if !rows.is_empty() {
        blocks.push(rows.join("\n"));
    }
    blocks.join("\n\n")
}

/// An embed behind its bar, as on Discord.
fn draw(embed: &Embed, width: usize, colour: bool) -> String {
    let width = width - 2;
    let bold = |text: &str| if colour { format!("\x1b[1m{text}\x1b[22m") } else { text.to_owned() };
    let mut lines = Vec::new();
    // Neither the author's name nor the footer is read as markdown.
    if let Some(author) = &embed.author {
        lines.extend(wrap(author, width));
    }
    if let Some(title) = &embed.title {
        lines.extend(wrapped(title, width, false).iter().map(|line| bold(line)));
    }
    if let Some(description) = &embed.description {
        lines.extend(wrapped(description, width, colour));
    }
    for field in &embed.fields {
        lines.push(String::new());
        lines.extend(wrapped(&field.name, width, false).iter().map(|line| bold(line)));
        lines.extend(wrapped(&field.value, width, colour));
    }
    if let Some(footer) = &embed.footer {
        lines.push(String::new());
        lines.extend(wrap(footer, width));
    }
    let [_, red, green, blue] = embed.colour.to_be_bytes();
    let bar = if colour { format!("\x1b[38;2;{red};{green};{blue}m▌\x1b[39m") } else { "▌".to_owned() };
    lines.iter().map(|line| format!("{bar} {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

fn wrapped(markdown: &str, width: usize, colour: bool) -> Vec<String> {
    markdown.lines().flat_map(|line| wrap(&read(line, colour), width)).collect()
}

/// One line of the little markdown that we write, as it is shown.
fn read(line: &str, colour: bool) -> String {
    let line = line.strip_prefix("-# ").unwrap_or(line);
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    let mut bold = false;
    while let Some(c) = rest.chars().next() {
        if let Some(escaped) = rest.strip_prefix('\\').and_then(|after| after.chars().next()) {
            shown.push(escaped);
            rest = &rest[1 + escaped.len_utf8()..];
        } else if let Some(after) = rest.strip_prefix("**") {
            bold = !bold;
            if colour {
                shown.push_str(if bold { "\x1b[1m" } else { "\x1b[22m" });
            }
            rest = after;
        } else if let Some((time, after)) = timestamp(rest) {
            shown.push_str(&time);
            rest = after;
        } else if let Some((address, after)) = end_of_link(rest) {
            shown.push_str(&format!(" <{address}>"));
            rest = after;
        } else {
            // Code spans, zero-width spaces and the opening bracket of a link are not shown.
            if !matches!(c, '`' | '\u{200b}' | '[') {
                shown.push(c);
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    shown
}

/// `](https://…)`: what follows the label of a link.
fn end_of_link(rest: &str) -> Option<(&str, &str)> {
    rest.strip_prefix("](")?.split_once(')')
}

/// `<t:1662559200:R>` in words; a terminal shows them once, so never relative to now.
fn timestamp(rest: &str) -> Option<(String, &str)> {
    let (tag, after) = rest.strip_prefix("<t:")?.split_once('>')?;
    let seconds = tag.split(':').next()?.parse().ok()?;
    let at = DateTime::from_timestamp(seconds, 0)?;
    Some((dates::published(Published::Moment(at.fixed_offset()), Tz::UTC), after))
}

/// Breaks a line at spaces; a longer word stands alone on its line, whole, so that it can be copied.
fn wrap(line: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in line.split(' ') {
        let length = shown_width(word);
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(last) = lines.last_mut() {
            if used > 0 {
                last.push(' ');
                used += 1;
            }
            last.push_str(word);
            used += length;
        }
    }
    lines
}

/// Characters without the ANSI codes.
fn shown_width(word: &str) -> usize {
    let mut in_code = false;
    word.chars()
        .filter(|&c| {
            let counts = !in_code && c != '\x1b';
            in_code = c == '\x1b' || (in_code && c != 'm');
            counts
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Locale;
    use crate::render::fixtures::{hostile_stories, moon, nonce};
    use crate::render::{Field, card};

    #[test]
    fn colours_only_when_asked_for() {
        let embed = Embed {
            title: Some(r"Moon \*landing\*".to_owned()),
            description: Some(
                "**Eagle** stood [on](https://example.org/a%29b) the surface since <t:-14182980:R>"
                    .to_owned(),
            ),
            fields: vec![Field {
                name: "Key actors".to_owned(),
                value: "**NASA**\n-# and others".to_owned(),
                inline: false,
            }],
            colour: 0x0a_14_1e,
            ..Embed::default()
        };
        let message = Message { embeds: vec![embed], ..Message::default() };
        insta::assert_snapshot!(terminal(&message, 40, false), @"
        ▌ Moon *landing*
        ▌ Eagle stood on
        ▌ <https://example.org/a%29b> the
        ▌ surface since 20 July 1969, 20:17 UTC
        ▌
        ▌ Key actors
        ▌ NASA
        ▌ and others
        ");
        insta::assert_snapshot!(terminal(&message, 40, true).replace('\x1b', "␛"), @"
        ␛[38;2;10;20;30m▌␛[39m ␛[1mMoon *landing*␛[22m
        ␛[38;2;10;20;30m▌␛[39m ␛[1mEagle␛[22m stood on
        ␛[38;2;10;20;30m▌␛[39m <https://example.org/a%29b> the
        ␛[38;2;10;20;30m▌␛[39m surface since 20 July 1969, 20:17 UTC
        ␛[38;2;10;20;30m▌␛[39m
        ␛[38;2;10;20;30m▌␛[39m ␛[1mKey actors␛[22m
        ␛[38;2;10;20;30m▌␛[39m ␛[1mNASA␛[22m
        ␛[38;2;10;20;30m▌␛[39m and others
        ");
    }

    #[test]
    fn draws_anything_at_any_width() {
        for (what, story) in hostile_stories().into_iter().chain([("moon", moon())]) {
            for width in [0, 1, 20, 60] {
                let drawn = terminal(
                    &card(&story, &nonce(), Locale::English, crate::render::fixtures::LATER),
                    width,
                    true,
                );
                assert!(drawn.contains("[ Sources ]"), "{what}");
            }
        }
    }
}
