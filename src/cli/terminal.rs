//! Plain text for people: wrapped lines.

use std::io::{self, Write};

use crate::render::{Script, clip};

/// Columns of a line: what is comfortable to read, less on a narrow terminal.
fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.unwrap_or(88).clamp(20, 88)
}

/// A channel by its number, a moment in UTC: "2022-09-07 14:30 UTC".
pub const SCRIPT: Script = Script {
    channel: |channel| format!("#{channel}"),
    moment: |at| at.format("%Y-%m-%d %H:%M UTC").to_string(),
    foreign: clip,
};

/// One paragraph, wrapped.
pub fn paragraph(out: &mut impl Write, text: &str) -> io::Result<()> {
    labelled(out, "", text)
}

/// A paragraph behind a label; its further lines are indented as wide as the label.
pub fn labelled(out: &mut impl Write, label: &str, text: &str) -> io::Result<()> {
    for line in wrap(label, text, width()) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn wrap(label: &str, text: &str, width: usize) -> Vec<String> {
    let indent = label.chars().count();
    let mut lines = vec![label.to_owned()];
    let mut column = indent;
    for word in text.split_whitespace() {
        // What a page says must not steer the terminal.
        let word: String = word.chars().filter(|c| !c.is_control()).collect();
        let length = word.chars().count();
        if column > indent && column + 1 + length > width {
            lines.push(" ".repeat(indent));
            column = indent;
        }
        // `lines` is never empty.
        if let Some(line) = lines.last_mut() {
            if column > indent {
                line.push(' ');
                column += 1;
            }
            line.push_str(&word);
            column += length;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_behind_the_label() {
        assert_eq!(wrap("When  ", "one two three four", 14), ["When  one two", "      three", "      four"]);
        assert_eq!(wrap("", "a\u{1b}[31mred  b", 80), ["a[31mred b"]);
        assert_eq!(wrap("- ", "unbreakablylongword", 5), ["- unbreakablylongword"]);
        assert_eq!(wrap("", "", 10), [""]);
    }
}
