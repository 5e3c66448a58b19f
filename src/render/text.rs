//! Foreign text made fit to show: one line, no pings, no formatting, no invisible tricks.
//!
//! Headlines, names and error messages come from pages that nobody here wrote. Whatever they hold, a
//! reader sees the words and nothing else happens. `plain` is for places where Discord renders no
//! markdown (footers, button labels, choices); `fit` and `escape` are for everywhere else.

use url::Url;

/// Escapes and shortens `text` so that the result takes at most `max` UTF-16 code units.
pub fn fit(text: &str, max: usize) -> String {
    let text = plain(text);
    let mut room = max;
    loop {
        let clipped = clip(&text, room);
        let escaped = escape(&clipped);
        let over = units(&escaped).saturating_sub(max);
        if over == 0 {
            return escaped;
        }
        // Every character taken away takes at least one unit of the escaped text with it.
        room = units(&clipped).saturating_sub(over);
    }
}

/// Length as Discord's limits are checked here: UTF-16 code units.
///
/// Discord documents "characters" without saying of which kind; of the three it could mean (code points,
/// UTF-16 units, graphemes), this count is never the smallest.
pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Makes text show literally where Discord renders markdown, and ping nobody.
///
/// Brackets are escaped, so parentheses cannot make a masked link; `<` is, so neither mentions, nor
/// timestamps, nor custom emoji; a colon before a word, so neither addresses nor `:emoji:`.
pub fn escape(text: &str) -> String {
    let text = plain(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut chars = text.char_indices().peekable();
    let mut last = ' ';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let before_word = next.is_some_and(|next| !next.is_whitespace());
        let special = match c {
            '*' | '_' | '~' | '`' | '|' | '<' | '[' | ']' | '\\' => true,
            // Not in "14:30".
            ':' => before_word && !(last.is_ascii_digit() && next.is_some_and(|next| next.is_ascii_digit())),
            // Headings, quotes, lists: only at the start of a line.
            '#' | '>' | '-' | '+' => at == 0,
            '.' => at > 0 && at == digits,
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(c);
        last = c;
    }
    escaped
}

/// Shortens to at most `max` UTF-16 code units, at the end of a word where one is near, with "…".
pub fn clip(text: &str, max: usize) -> String {
    if units(text) <= max {
        return text.to_owned();
    }
    let Some(mut room) = max.checked_sub(1) else {
        return String::new();
    };
    let (mut end, mut word_end) = (0, 0);
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            word_end = at;
        }
        if c.len_utf16() > room {
            break;
        }
        room -= c.len_utf16();
        end = at + c.len_utf8();
    }
    let mut kept = &text[..end];
    if word_end * 2 >= end {
        kept = &text[..word_end];
    } else {
        // A script without spaces, or one very long word: at least leave no half of an emoji or letter.
        let mut next = text[end..].chars().next();
        while let Some(last) = kept.chars().next_back() {
            if last != ZERO_WIDTH_JOINER && !next.is_some_and(extends) {
                break;
            }
            kept = &kept[..kept.len() - last.len_utf8()];
            next = Some(last);
        }
    }
    let kept = kept.trim_end_matches(|c: char| c.is_whitespace() || ",;:-–—(".contains(c));
    format!("{kept}…")
}

/// One line without control, invisible or direction-changing characters; white space collapsed.
///
/// A backslash does not stop `@everyone`, so a zero-width space after the sign does, here already.
pub fn plain(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        // Nearly all of a text, and the tables need not be asked about it.
        let common = c.is_ascii_graphic();
        if !common && (c.is_whitespace() || is_filler(c)) {
            gap = !line.is_empty();
        } else if common || !is_removed(c) {
            if gap {
                line.push(' ');
                gap = false;
            } else if line.ends_with('@') {
                line.push('\u{200b}');
            }
            line.push(c);
        }
    }
    line
}

/// A masked link. `label` is already escaped and not empty.
pub fn link(label: &str, url: &Url) -> String {
    let address = url.as_str().replace('(', "%28").replace(')', "%29").replace('\\', "%5C");
    format!("[{label}]({address})")
}

/// An address a reader may be sent to.
pub fn web_url(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// Whether a character is drawn as part of the one before it.
fn extends(c: char) -> bool {
    matches!(c, ZERO_WIDTH_JOINER | '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Letters and symbols that are drawn as nothing, with which a name can be made to look empty.
fn is_filler(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}')
}

/// Controls, direction overrides and other characters that only a renderer sees.
/// Joiners stay: emoji and several scripts need them.
fn is_removed(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_shows_literally() {
        for (text, escaped) in [
            ("Kiruna's church moves east", "Kiruna's church moves east"),
            ("@everyone read @here", "@\u{200b}everyone read @\u{200b}here"),
            ("<@1234> <@&5678> <#9>", "\\<@\u{200b}1234> \\<@\u{200b}&5678> \\<#9>"),
            (
                "**bold** _it_ ~~no~~ `code` ||hidden||",
                r"\*\*bold\*\* \_it\_ \~\~no\~\~ \`code\` \|\|hidden\|\|",
            ),
            ("[click](https://evil.example)", r"\[click\](https\://evil.example)"),
            ("see https://evil.example/a_b", r"see https\://evil.example/a\_b"),
            ("<t:1662559200:R> <:name:1>", r"\<t\:1662559200\:R> \<\:name\:1>"),
            ("the :skull: sign", r"the \:skull: sign"),
            ("at 14:30", "at 14:30"),
            ("# heading", r"\# heading"),
            ("-# small", r"\-# small"),
            ("> quote - not a list", r"\> quote - not a list"),
            ("1. first", r"1\. first"),
            ("3.5 points", r"3\.5 points"),
            (r"a\*b", r"a\\\*b"),
            ("Update: all safe", "Update: all safe"),
            ("two\nlines\r\n\tand\u{2028}more", "two lines and more"),
            ("\u{202e}desrever\u{202c} \u{200b}\u{feff}", "desrever"),
            ("\u{3164}\u{2800} \u{0}", ""),
        ] {
            assert_eq!(escape(text), escaped, "{text:?}");
        }
    }

    #[test]
    fn clips_at_a_word() {
        for (text, max, clipped) in [
            ("The wall came down", 40, "The wall came down"),
            ("The wall came down", 18, "The wall came down"),
            ("The wall came down", 17, "The wall came…"),
            ("The wall came down", 14, "The wall came…"),
            ("The wall, it came down", 11, "The wall…"),
            ("Donaudampfschifffahrt", 9, "Donaudam…"),
            ("壁が崩れた夜の街", 5, "壁が崩れ…"),
            ("🚀🚀🚀🚀", 6, "🚀🚀…"),
            ("ab👩\u{200d}🚀 c", 6, "ab…"),
            ("anything", 1, "…"),
            ("anything", 0, ""),
        ] {
            let got = clip(text, max);
            assert_eq!(got, clipped, "{text:?} within {max}");
            assert!(units(&got) <= max);
        }
    }

    #[test]
    fn fits_whatever_it_holds() {
        for text in [
            "*".repeat(500),
            "@everyone ".repeat(50),
            "ok_ ".repeat(99),
            "é\u{301}".repeat(80),
            "👩\u{200d}🚀".repeat(50),
        ] {
            for max in [0, 1, 2, 3, 10, 57, 200] {
                assert!(units(&fit(&text, max)) <= max);
            }
        }
        assert_eq!(fit("***", 6), r"\*\*\*");
        assert_eq!(fit("***", 5), r"\*…");
    }

    #[test]
    fn links_survive_parentheses() {
        let url = web_url("https://example.org/wiki/Apollo_(programme)").unwrap();
        assert_eq!(link("Apollo", &url), "[Apollo](https://example.org/wiki/Apollo_%28programme%29)");
        for bad in ["javascript:alert(1)", "ftp://example.org/", "not an address", "data:text/html,x"] {
            assert_eq!(web_url(bad), None);
        }
    }
}
