//! Titles and summaries as plain text: one line, no markup, no references.

use super::entities;

/// Markup is known by its element names, so that `if a <b and b> c` and `Vec<T>` keep their letters.
/// Sorted. The elements of HTML that turn up in titles and summaries.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var", "wbr",
];

/// Elements that part words: their tags become a space. Sorted.
const BLOCK: &[&str] = &[
    "address", "article", "aside", "audio", "blockquote", "body", "br", "button", "center", "col", "dd",
    "details", "div", "dl", "dt", "embed", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "head", "header", "hr", "html", "iframe", "img", "input", "label", "li", "link", "main",
    "meta", "nav", "noscript", "object", "ol", "option", "p", "param", "picture", "pre", "script", "section",
    "select", "source", "style", "summary", "svg", "table", "tbody", "td", "textarea", "tfoot", "th",
    "thead", "title", "tr", "ul", "video",
];

/// Elements whose content is not for reading.
const HIDDEN: &[&str] = &["script", "style", "svg", "iframe", "noscript"];

/// Text of `source`: references decoded, white space collapsed, at most `max_chars` characters, and tags removed
/// where it is `html`. Nothing where nothing is left. Linear in the length of `source`.
///
/// Text that is declared as plain loses its tags too if one of them is closed: then it was declared wrongly.
pub(super) fn plain(source: &str, html: bool, max_chars: usize) -> Option<String> {
    let mut out = Line::default();
    let mut rest = source;
    // The text has no further '>' (or end of a hidden element): do not look for one at every '<'.
    let mut no_more_ends = !html && !source.contains("</");
    let mut no_more_hidden_ends = false;
    while out.chars < max_chars {
        let Some(at) = rest.find(['<', '&']) else {
            out.push_str(rest, max_chars);
            break;
        };
        let (before, special) = rest.split_at(at);
        out.push_str(before, max_chars);
        if special.starts_with('&') {
            match entities::reference(special) {
                Some((found, length)) => {
                    out.push(found);
                    rest = special.get(length..).unwrap_or("");
                }
                None => {
                    out.push('&');
                    rest = special.get(1..).unwrap_or("");
                }
            }
            continue;
        }
        match if no_more_ends { Tag::None } else { tag(special) } {
            Tag::Known { name, closing, parts, length } => {
                if parts {
                    out.push(' ');
                }
                rest = special.get(length..).unwrap_or("");
                if !closing && !no_more_hidden_ends && HIDDEN.contains(&name.as_str()) {
                    match end_of(rest, &name) {
                        Some(after) => rest = after,
                        None => no_more_hidden_ends = true,
                    }
                }
            }
            found => {
                no_more_ends |= matches!(found, Tag::Unended);
                out.push('<');
                rest = special.get(1..).unwrap_or("");
            }
        }
    }
    let text = out.text.trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The name in what RSS calls an author: `me@example.org (Me)`, `Me (me@example.org)`, `Me <me@example.org>`; the
/// address where there is no name.
pub(super) fn person_name(text: &str) -> &str {
    let text = text.trim();
    let Some((outer, inner)) = text.strip_suffix(')').and_then(|text| text.split_once('(')).or_else(|| {
        text.strip_suffix('>').and_then(|text| text.split_once('<')).filter(|(_, inner)| inner.contains('@'))
    }) else {
        return text;
    };
    let (outer, inner) = (outer.trim(), inner.trim());
    match (outer.contains('@'), inner.contains('@')) {
        (_, true) if !outer.is_empty() => outer,
        (true, false) if !inner.is_empty() => inner,
        _ if outer.is_empty() => inner,
        _ => text,
    }
}

/// Whether an element of this name, in lower case, is HTML's.
pub(super) fn is_html(name: &str) -> bool {
    INLINE.contains(&name) || BLOCK.contains(&name)
}

/// What stands at a '<'.
enum Tag {
    /// A tag or comment: `parts` where words on its two sides are two.
    Known { name: String, closing: bool, parts: bool, length: usize },
    /// Only a character.
    None,
    /// Only a character, and there is no '>' behind it.
    Unended,
}

fn tag(text: &str) -> Tag {
    let Some(first) = text.find('>') else { return Tag::Unended };
    // A '>' in a value is none: looked for in the first bytes only, or every '<' would cost the whole text.
    let end = quoted_end(text).unwrap_or(first);
    let inner = text.get(1..end).unwrap_or("");
    if inner.starts_with("!--") || inner.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("!doctype"))
    {
        // Up to the first '>': to look for "-->" from every comment that lacks it would take quadratic time.
        let length = first + 1;
        return Tag::Known { name: String::new(), closing: true, parts: false, length };
    }
    let closing = inner.starts_with('/');
    let name: String = inner
        .trim_start_matches('/')
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | ':'))
        .take(20)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let length = end + 1;
    if INLINE.contains(&name.as_str()) {
        Tag::Known { name, closing, parts: false, length }
    } else if BLOCK.contains(&name.as_str()) || (name.len() > 1 && name.contains([':', '-'])) {
        Tag::Known { name, closing, parts: true, length }
    } else {
        Tag::None
    }
}

/// Where a tag with values in quotes ends, if it has them and is no longer than a tag of a text is.
fn quoted_end(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut previous = ' ';
    for (at, c) in text.char_indices().take(2_000) {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') if previous == '=' => quote = Some(c),
            (Some(open), _) if c == open => quote = None,
            _ => {}
        }
        previous = c;
    }
    None
}

/// What follows `</name`, whose '>' the caller reads as part of the next tag.
fn end_of<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text;
    loop {
        let at = rest.find("</")?;
        let after = rest.get(at + 2..)?;
        if after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return rest.get(at..);
        }
        rest = after;
    }
}

/// One line that is being written: white space collapsed, invisible characters left out.
#[derive(Default)]
struct Line {
    text: String,
    chars: usize,
}

impl Line {
    fn push_str(&mut self, text: &str, max_chars: usize) {
        for c in text.chars() {
            if self.chars >= max_chars {
                return;
            }
            self.push(c);
        }
    }

    fn push(&mut self, c: char) {
        let c = entities::meant(c);
        if c.is_whitespace() {
            if !self.text.is_empty() && !self.text.ends_with(' ') {
                self.text.push(' ');
                self.chars += 1;
            }
        } else if !invisible(c) {
            self.text.push(c);
            self.chars += 1;
        }
    }
}

/// Controls, soft hyphens, marks of width zero and of direction: nothing to read, and a way to disguise a title.
/// The joiners stay: scripts and emoji need them.
fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for (source, expected) in [
            ("Man walks on the Moon", "Man walks on the Moon"),
            ("  Man\n\twalks  on\u{a0}the Moon ", "Man walks on the Moon"),
            ("<b>Man</b> walks on <i class=\"x\">the</i> Moon", "Man walks on the Moon"),
            ("<p>One small step</p><p>for a man</p>", "One small step for a man"),
            ("Bed\u{92}s ship", "Bed’s ship"),
            ("Line<br/>break", "Line break"),
            ("One <img alt=\"a<br>b > c\" src='x'>small step", "One small step"),
            ("<!DOCTYPE html>One small step", "One small step"),
            ("a <b title=\"never closed> b", "a b"),
            ("Bed&eacute; &amp; Sons&#8217; ship", "Bedé & Sons’ ship"),
            ("Q&A at AT&T", "Q&A at AT&T"),
            ("if a <b and b> c", "if a c"),
            ("5 < 6 > 4", "5 < 6 > 4"),
            ("Vec<T> and <vector>", "Vec<T> and <vector>"),
            ("<script>alert('x')</script>Eagle has landed", "Eagle has landed"),
            ("<STYLE>p{}</STYLE >Eagle<!-- a b -->", "Eagle"),
            ("<script>never closed", "never closed"),
            ("unclosed <b", "unclosed <b"),
            ("<o:p></o:p>Eagle<my-tag> two", "Eagle two"),
            ("so\u{ad}ft\u{200b} \u{202e}hyphen", "soft hyphen"),
        ] {
            assert_eq!(plain(source, true, 500).as_deref(), Some(expected), "{source}");
        }
    }

    #[test]
    fn names_of_persons() {
        for (text, expected) in [
            ("Marie Curie", "Marie Curie"),
            ("curie@example.org (Marie Curie)", "Marie Curie"),
            ("Marie Curie (curie@example.org)", "Marie Curie"),
            ("Marie Curie (mailto:curie@example.org)", "Marie Curie"),
            ("Marie Curie <curie@example.org>", "Marie Curie"),
            ("curie@example.org", "curie@example.org"),
            ("(curie@example.org)", "curie@example.org"),
            ("curie@example.org ()", "curie@example.org ()"),
            ("Marie Curie (physics)", "Marie Curie (physics)"),
            ("<b>Marie Curie</b>", "<b>Marie Curie</b>"),
            ("", ""),
        ] {
            assert_eq!(person_name(text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_is_none() {
        for source in ["", "   ", "<img src=x>", "<p>&nbsp;</p>"] {
            assert_eq!(plain(source, true, 500), None, "{source}");
        }
    }

    #[test]
    fn declared_as_plain() {
        for (source, expected) in [
            ("The <table> element", "The <table> element"),
            ("The <b>table</b>", "The table"),
            ("AT&amp;T", "AT&T"),
        ] {
            assert_eq!(plain(source, false, 500).as_deref(), Some(expected), "{source}");
        }
    }

    #[test]
    fn at_most_so_many_characters() {
        assert_eq!(plain("ééééé", true, 3).as_deref(), Some("ééé"));
        assert_eq!(plain("a &amp; b", true, 3).as_deref(), Some("a &"));
    }

    #[test]
    fn hostile_markup_ends() {
        for unit in ["<", "<b", "<b>", "&", "<script>", "</", "<!--", "<!-- >", "&amp"] {
            plain(&unit.repeat(50_000), true, usize::MAX);
        }
    }
}
