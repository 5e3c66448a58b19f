//! The `<meta>` elements of a page, and text that its template escaped once too often.

use std::sync::LazyLock;

use regex::Regex;
use trafilatura::dom::Document;

use super::super::shape;

/// The `<meta>` elements by lower-case name, in page order.
pub(super) struct Meta(Vec<(String, String)>);

impl Meta {
    pub fn of(document: &Document) -> Self {
        let mut pairs = Vec::new();
        for id in document.get_elements_by_tag_name(document.root(), "meta").into_iter().take(500) {
            let Some(content) = document.get_attribute(id, "content").map(|content| plain(&content)) else {
                continue;
            };
            for attribute in ["property", "name", "itemprop", "http-equiv"] {
                let names = document.get_attribute(id, attribute).filter(|_| !content.is_empty());
                // One element may bear several names; the Dublin Core is written with dots or with colons.
                for name in names.iter().flat_map(|names| names.split_whitespace()) {
                    let name = name.to_ascii_lowercase();
                    let name = match name.split_once(':') {
                        Some((core @ ("dc" | "dcterms"), rest)) => format!("{core}.{rest}"),
                        _ => name,
                    };
                    pairs.push((name, content.clone()));
                }
            }
        }
        Self(pairs)
    }

    pub fn first(&self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find_map(|name| self.0.iter().find(|(own, _)| own == name).map(|(_, content)| content.clone()))
    }

    /// Every value of a name, each once; at most 20.
    pub fn all(&self, name: &str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for (_, content) in self.0.iter().filter(|(own, _)| own == name) {
            if !all.contains(content) && all.len() < 20 {
                all.push(content.clone());
            }
        }
        all
    }
}

/// Reads the entities of a text, those of a template that escaped twice too.
pub(super) fn unescape(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..2 {
        if !(text.contains('&') && text.contains(';')) {
            break;
        }
        let escaped = text.replace('<', "&lt;");
        let document = Document::parse(&escaped);
        let read = document.body().map(|body| document.text_content(body)).unwrap_or_default();
        if read == text {
            break;
        }
        text = read;
    }
    text
}

/// One line of plain text: entities that a template escaped twice are read, inline tags dropped.
pub(super) fn plain(text: &str) -> String {
    static TAG: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)</?(?:i|em|b|strong|br|span|su[bp]|mark|wbr|q|cite|small|u)(?:\s[^<>]*)?/?>")
            .expect("a fixed pattern")
    });
    let mut text = unescape(text);
    if text.contains('<') {
        text = TAG.replace_all(&text, "").into_owned();
    }
    shape::collapse(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_unescaped_as_often_as_it_was_escaped() {
        let cases = [
            ("Suez &amp;amp; the world", "Suez & the world"),
            ("“Nasser&#8217;s canal”", "“Nasser’s canal”"),
            ("Redacci&oacute;n", "Redacción"),
            ("The <em>Titanic</em> sinks", "The Titanic sinks"),
            ("The &lt;i&gt;Titanic&lt;/i&gt; sinks", "The Titanic sinks"),
            ("1 < 2 & 3 > 2; so", "1 < 2 & 3 > 2; so"),
            ("AT&T; Bell", "AT&T; Bell"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text), expected);
        }
    }
}
