//! Text as XML can hold it.

use super::entities;

/// Writes text whose references are XML's or HTML's. True where an ampersand stood for itself.
pub(super) fn escape(text: &str, out: &mut String) -> bool {
    let mut rest = text;
    let mut bare = false;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        escape_all(before, out);
        match entities::reference(reference) {
            Some((found, length)) => {
                escape_all(found.encode_utf8(&mut [0; 4]), out);
                rest = reference.get(length..).unwrap_or("");
            }
            None => {
                bare = true;
                out.push_str("&amp;");
                rest = reference.get(1..).unwrap_or("");
            }
        }
    }
    escape_all(rest, out);
    bare
}

/// Writes text that has no references. Characters that XML cannot hold are left out.
pub fn escape_all(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' | '\r' => out.push(c),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_once() {
        for (text, expected, bare) in [
            ("a &amp; b &lt;c&gt;", "a &amp; b &lt;c&gt;", false),
            ("Caf&eacute;&#160;&#8217;", "Café\u{a0}’", false),
            ("Q&A & more", "Q&amp;A &amp; more", true),
            ("&unknown;", "&amp;unknown;", true),
            ("bell\u{7} null\0 tab\t", "bell null tab\t", false),
            ("]]>", "]]&gt;", false),
        ] {
            let mut out = String::new();
            assert_eq!(escape(text, &mut out), bare, "{text}");
            assert_eq!(out, expected);
        }
    }
}
