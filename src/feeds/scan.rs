//! Markup cut into tags and text, whatever its state: never an error, never looked at twice.

/// A piece of the markup, borrowed from it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// `attributes` as they were written, between the name and the end of the tag.
    Start {
        name: &'a str,
        attributes: &'a str,
        empty: bool,
    },
    End {
        name: &'a str,
    },
    /// References are still in it.
    Text(&'a str),
    /// As it stands: an ampersand is an ampersand.
    Cdata(&'a str),
    /// The document declares a general entity. Nothing follows.
    Entity,
    /// Something was read although it is wrong: a sentence.
    Mended(&'static str),
    /// The markup ends within a tag, a comment or a section. Nothing follows.
    Truncated,
}

pub(super) struct Scanner<'a> {
    rest: &'a str,
    /// Said once: a '<' that begins no tag.
    pending: Option<Event<'a>>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text, pending: None }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn truncated(&mut self) -> Event<'a> {
        self.rest = "";
        Event::Truncated
    }

    /// Reads what begins with '<'. Nothing for what is passed over (comments, instructions, declarations).
    fn markup(&mut self) -> Option<Event<'a>> {
        let text = self.rest;
        if text.starts_with("<!--") {
            return match text.find("-->") {
                Some(at) => {
                    self.take(at + 3);
                    None
                }
                None => Some(self.truncated()),
            };
        }
        if let Some(section) = text.strip_prefix("<![CDATA[") {
            return match section.find("]]>") {
                Some(at) => {
                    self.take("<![CDATA[".len() + at + "]]>".len());
                    Some(Event::Cdata(section.get(..at).unwrap_or("")))
                }
                None => Some(self.truncated()),
            };
        }
        if text.starts_with("<!") {
            return self.declaration();
        }
        if text.starts_with("<?") {
            return match text.find('>') {
                Some(at) => {
                    self.take(at + 1);
                    None
                }
                None => Some(self.truncated()),
            };
        }
        let closing = text.starts_with("</");
        let inner = text.get(if closing { 2 } else { 1 }..).unwrap_or("");
        if !inner.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            self.pending = Some(Event::Mended("The feed has a stray < in its text."));
            // No reference and no markup: a Cdata of one character.
            return Some(Event::Cdata(self.take(1)));
        }
        let Some(end) = tag_end(inner) else { return Some(self.truncated()) };
        let (tag, after) = inner.split_at_checked(end).unwrap_or((inner, ""));
        if !after.starts_with('>') {
            // Another tag begins before this one ends.
            self.pending = Some(Event::Mended("The feed has a stray < in its text."));
            return Some(Event::Cdata(self.take(1)));
        }
        self.take(text.len() - after.len() + 1);
        let name_end = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
        let (name, attributes) = tag.split_at_checked(name_end).unwrap_or((tag, ""));
        Some(if closing {
            Event::End { name }
        } else {
            Event::Start { name, attributes, empty: attributes.ends_with('/') }
        })
    }

    /// Passes over a document type, whose internal subset may hold declarations of its own.
    fn declaration(&mut self) -> Option<Event<'a>> {
        let mut depth = 0_usize;
        for (at, c) in self.rest.char_indices() {
            match c {
                '<' => {
                    depth += 1;
                    let declared = self.rest.get(at..at + "<!ENTITY".len());
                    if declared.is_some_and(|text| text.eq_ignore_ascii_case("<!ENTITY"))
                        && let Some(after) = self.rest.get(at + "<!ENTITY".len()..)
                        // Entities of the document type itself stay unread: nothing here can name them.
                        && !after.trim_start().starts_with('%')
                    {
                        self.rest = "";
                        return Some(Event::Entity);
                    }
                }
                '>' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.take(at + 1);
                        return None;
                    }
                }
                _ => {}
            }
        }
        Some(self.truncated())
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        if let Some(pending) = self.pending.take() {
            return Some(pending);
        }
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if self.rest.starts_with('<') {
                match self.markup() {
                    Some(event) => return Some(event),
                    None => continue,
                }
            }
            let length = self.rest.find('<').unwrap_or(self.rest.len());
            return Some(Event::Text(self.take(length)));
        }
    }
}

/// Where a tag ends: at '>' outside quotes, or at a '<' that should not be there.
fn tag_end(inner: &str) -> Option<usize> {
    let mut quote = None;
    let mut previous = ' ';
    for (at, c) in inner.char_indices() {
        match (quote, c) {
            (None, '>' | '<') => return Some(at),
            // A quotation mark anywhere else is a letter of a broken tag.
            (None, '"' | '\'') if previous == '=' => quote = Some(c),
            (Some(open), _) if c == open => quote = None,
            _ => {}
        }
        if !c.is_whitespace() {
            previous = c;
        }
    }
    None
}

/// The value of an attribute as it was written. `attributes` is what [`Event::Start`] holds.
pub(super) fn attribute<'a>(attributes: &'a str, wanted: &str) -> Option<&'a str> {
    let mut rest = attributes;
    // No element of a feed has more.
    for _ in 0..64 {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let name_end = rest.find(|c: char| c.is_whitespace() || c == '=')?;
        let (name, after) = rest.split_at_checked(name_end)?;
        let Some(value) = after.trim_start().strip_prefix('=') else {
            rest = after;
            continue;
        };
        let value = value.trim_start();
        let (found, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value.get(1..)?.split_once(quote)?,
            _ => {
                let end = value.find(char::is_whitespace).unwrap_or(value.len());
                value.split_at_checked(end)?
            }
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(found.trim());
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces() {
        let events: Vec<_> = Scanner::new(
            "<?xml version='1.0'?><!DOCTYPE rss [<!ELEMENT a (b)>]><a b='1>2' c><!-- x -->t&amp;<br/></a>",
        )
        .collect();
        assert_eq!(
            events,
            [
                Event::Start { name: "a", attributes: " b='1>2' c", empty: false },
                Event::Text("t&amp;"),
                Event::Start { name: "br", attributes: "/", empty: true },
                Event::End { name: "a" },
            ]
        );
    }

    #[test]
    fn broken_pieces() {
        let stray = Event::Mended("The feed has a stray < in its text.");
        for (text, expected) in [
            ("<![CDATA[a<b]]>", vec![Event::Cdata("a<b")]),
            ("<![CDATA[a", vec![Event::Truncated]),
            ("<!-- a", vec![Event::Truncated]),
            ("<a href='x", vec![Event::Truncated]),
            ("5 < 6", vec![Event::Text("5 "), Event::Cdata("<"), stray, Event::Text(" 6")]),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]>", vec![Event::Entity]),
            ("<!DOCTYPE a [<!entity b SYSTEM 'file:///etc/passwd'>]>", vec![Event::Entity]),
        ] {
            let events: Vec<_> = Scanner::new(text).take(10).collect();
            assert_eq!(events, expected, "{text}");
        }
    }

    #[test]
    fn attributes() {
        for (text, name, expected) in [
            (" href='a b' rel=\"self\"", "rel", Some("self")),
            (" href=a/b rel = self /", "rel", Some("self")),
            (" checked href='a'", "href", Some("a")),
            (" HREF='a'/", "href", Some("a")),
            (" xhref='a'", "href", None),
            (" href", "href", None),
            ("", "href", None),
        ] {
            assert_eq!(attribute(text, name), expected, "{text}");
        }
    }
}
