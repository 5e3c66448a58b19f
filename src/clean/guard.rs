//! Keeps hostile markup from the parser: depth, number of tags, formatting that multiplies.
//!
//! The HTML tree-building rules walk the stack of open elements for many tags and reopen every unclosed
//! formatting element in every block: deep or unclosed markup costs quadratic time and memory, and
//! extraction recurses over the tree. One linear scan over the tags finds such pages before they are
//! parsed; what is too much is taken out of the markup, never of the text.

use std::borrow::Cow;
use std::collections::HashMap;

/// Deeper elements are dropped, their text kept. Browsers cap the tree at 512.
const MAX_DEPTH: usize = 200;
/// Start tags that are read; long articles have some thousands.
const MAX_TAGS: usize = 60_000;
/// Bytes of text outside scripts that are read: a thick novel.
const MAX_TEXT: usize = 1_000_000;
/// Reopened formatting elements that unclosed formatting may cause, all blocks together.
const MAX_REOPENED: usize = 400_000;

/// What had to be done to a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tamed<'a> {
    pub page: Cow<'a, str>,
    pub flattened: bool,
    pub cut: bool,
}

pub(super) fn tame(page: &str) -> Tamed<'_> {
    let mut limits = Depth::default();
    let (mut tags, mut text, mut after, mut raw) = (0, 0, 0, false);
    let mut end = page.len();
    for tag in Tags::of(page) {
        text += if raw { 0 } else { tag.from - after };
        (after, raw) = (tag.to, !tag.closing && matches!(tag.name.as_str(), "script" | "style"));
        limits.step(&tag);
        tags += usize::from(!tag.closing);
        if tags > MAX_TAGS || text > MAX_TEXT {
            end = tag.from;
            break;
        }
    }
    if end == page.len() && text + (end - after) > MAX_TEXT && !raw {
        end = page.floor_char_boundary(after + MAX_TEXT.saturating_sub(text));
    }
    let cut = end < page.len();
    let page = &page[..end];
    let strip_formatting = limits.reopened > MAX_REOPENED;
    if limits.max <= MAX_DEPTH && !strip_formatting {
        return Tamed { page: Cow::Borrowed(page), flattened: false, cut };
    }
    let mut out = String::with_capacity(page.len());
    let mut depth = Depth::default();
    let mut copied = 0;
    for tag in Tags::of(page) {
        depth.step(&tag);
        let formatting = is_formatting(&tag.name);
        let drop = (strip_formatting && formatting) || (depth.open.len() > MAX_DEPTH && counts(&tag.name));
        if drop {
            out.push_str(&page[copied..tag.from]);
            out.push(' ');
            copied = tag.to;
        }
    }
    out.push_str(&page[copied..]);
    Tamed { page: Cow::Owned(out), flattened: true, cut }
}

/// How deep the tree would be, by the tags alone.
#[derive(Default)]
struct Depth {
    open: Vec<String>,
    counts: HashMap<String, usize>,
    formatting: usize,
    reopened: usize,
    max: usize,
}

impl Depth {
    fn step(&mut self, tag: &Tag) {
        if !counts(&tag.name) {
            self.reopened += self.formatting;
            return;
        }
        let formatting = is_formatting(&tag.name);
        if !tag.closing {
            if formatting {
                self.formatting += 1;
            } else {
                self.reopened += self.formatting;
            }
            *self.counts.entry(tag.name.clone()).or_default() += 1;
            self.open.push(tag.name.clone());
            self.max = self.max.max(self.open.len());
            return;
        }
        if formatting {
            self.formatting = self.formatting.saturating_sub(1);
        }
        if self.counts.get(&tag.name).is_none_or(|count| *count == 0) {
            return;
        }
        if formatting {
            // May close across a block: taken out of the middle, if near.
            if let Some(back) = self.open.iter().rev().take(16).position(|name| *name == tag.name) {
                let at = self.open.len() - 1 - back;
                self.open.remove(at);
                self.forget(&tag.name);
            }
            return;
        }
        while let Some(name) = self.open.pop() {
            self.forget(&name);
            if name == tag.name {
                break;
            }
        }
    }

    fn forget(&mut self, name: &str) {
        if let Some(count) = self.counts.get_mut(name) {
            *count = count.saturating_sub(1);
        }
    }
}

/// Elements that deepen the tree. Void elements do not, nor do those whose like closes them.
fn counts(name: &str) -> bool {
    !matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "p"
            | "li"
            | "dt"
            | "dd"
            | "option"
            | "optgroup"
            | "tr"
            | "td"
            | "th"
            | "thead"
            | "tbody"
            | "tfoot"
            | "colgroup"
            | "caption"
            | "html"
            | "head"
            | "body"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "a"
            | "rb"
            | "rt"
            | "rp"
            | "rtc"
            | "script"
            | "style"
            | "title"
            | "textarea"
    )
}

fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "b" | "big"
            | "code"
            | "em"
            | "font"
            | "i"
            | "nobr"
            | "s"
            | "small"
            | "strike"
            | "strong"
            | "tt"
            | "u"
    )
}

struct Tag {
    name: String,
    closing: bool,
    /// Byte offsets of the tag, brackets included.
    from: usize,
    to: usize,
}

/// The tags of a page in order; comments and the insides of scripts are skipped.
struct Tags<'a> {
    page: &'a str,
    at: usize,
    /// Text up to the end tag of this element is not markup.
    raw: Option<&'static str>,
    /// Inside SVG and MathML, `<style>` and the like hold elements; from the first of them on nothing is raw.
    foreign: bool,
}

impl<'a> Tags<'a> {
    fn of(page: &'a str) -> Self {
        Self { page, at: 0, raw: None, foreign: false }
    }
}

/// Length of a comment from its `<`, by the tokenizer's rules: `<!-->` and `--!>` end one too.
fn comment_end(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(b"<!-->") {
        return Some(5);
    }
    if bytes.starts_with(b"<!--->") {
        return Some(6);
    }
    (4..bytes.len()).find_map(|at| match &bytes[at..] {
        [b'-', b'-', b'>', ..] => Some(at + 3),
        [b'-', b'-', b'!', b'>', ..] => Some(at + 4),
        _ => None,
    })
}

/// Length up to and with the `>` that ends a tag, from behind its name. Only a quote right after `=` quotes.
fn tag_end(bytes: &[u8]) -> Option<usize> {
    enum In {
        Name { any: bool },
        Equals,
        Bare,
        Quotes(u8),
    }
    let mut state = In::Name { any: false };
    for (at, &byte) in bytes.iter().enumerate() {
        state = match (state, byte) {
            (In::Quotes(open), byte) if open == byte => In::Name { any: false },
            (In::Quotes(open), _) => In::Quotes(open),
            (_, b'>') => return Some(at + 1),
            (In::Name { any: true }, b'=') => In::Equals,
            (In::Name { .. }, b'/') => In::Name { any: false },
            (In::Name { any }, byte) => In::Name { any: any || !byte.is_ascii_whitespace() },
            (In::Equals, byte) if byte.is_ascii_whitespace() => In::Equals,
            (In::Equals, quote @ (b'"' | b'\'')) => In::Quotes(quote),
            (In::Bare, byte) if byte.is_ascii_whitespace() => In::Name { any: false },
            (In::Equals | In::Bare, _) => In::Bare,
        };
    }
    None
}

impl Iterator for Tags<'_> {
    type Item = Tag;

    fn next(&mut self) -> Option<Tag> {
        let bytes = self.page.as_bytes();
        loop {
            let from = self.at + bytes.get(self.at..)?.iter().position(|b| *b == b'<')?;
            if bytes[from..].starts_with(b"<!--") && self.raw.is_none() {
                self.at = from + comment_end(&bytes[from..])?;
                continue;
            }
            let closing = bytes.get(from + 1) == Some(&b'/');
            let name_from = from + 1 + usize::from(closing);
            let length = bytes
                .get(name_from..)?
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric() || **b == b'-')
                .count();
            if length == 0 || !bytes[name_from].is_ascii_alphabetic() {
                self.at = from + 1;
                continue;
            }
            let name = self.page[name_from..name_from + length].to_ascii_lowercase();
            if self.raw.is_some_and(|raw| !closing || raw != name) {
                self.at = name_from + length;
                continue;
            }
            let to = name_from + length + tag_end(&bytes[name_from + length..])?;
            self.at = to;
            self.foreign |= matches!(name.as_str(), "svg" | "math");
            self.raw = match name.as_str() {
                _ if closing || self.foreign => None,
                "script" => Some("script"),
                "style" => Some("style"),
                "textarea" => Some("textarea"),
                "title" => Some("title"),
                _ => None,
            };
            return Some(Tag { name, closing, from, to });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sane_pages_pass_untouched() {
        let pages = [
            "<p>One<p>Two<ul><li>a<li>b</ul>",
            "<div><b>bold<div>x</b></div></div>",
            "<!-- <div><div> --><script>if (a<div) {}</script><p title='a>b'>x</p>",
            "a < b, <3, <>",
            "<p unfinished",
        ];
        for page in pages {
            assert_eq!(
                tame(page),
                Tamed { page: Cow::Borrowed(page), flattened: false, cut: false },
                "{page}"
            );
        }
        let paragraphs = "<p>An unclosed paragraph.".repeat(10_000);
        assert!(!tame(&paragraphs).flattened);
    }

    #[test]
    fn deep_pages_lose_tags_but_no_text() {
        for tag in ["div", "b", "span", "blockquote", "x-y"] {
            let page = format!(
                "{}Suez{}<p>after",
                format!("<{tag}>").repeat(10_000),
                format!("</{tag}>").repeat(10_000)
            );
            let tamed = tame(&page);
            assert!(tamed.flattened, "{tag}");
            assert!(tamed.page.contains("Suez") && tamed.page.ends_with("<p>after"));
            assert!(tamed.page.matches(&format!("<{tag}>")).count() <= MAX_DEPTH);
        }
        // Nor do quotes and comments that are none.
        for start in ["<i x=a'>", "<i x=='>", "<i '>", "<!-->", "<!-- --!>", "<svg><style>"] {
            assert!(tame(&format!("{start}{}", "<div>".repeat(1_000))).flattened, "{start}");
        }
        // End tags that close nothing do not hide the depth.
        assert!(tame(&"<div></b>".repeat(1_000)).flattened);
    }

    #[test]
    fn unclosed_formatting_cannot_multiply() {
        let page = format!(
            "{}{}",
            (0..150).map(|n| format!("<font size={n}>")).collect::<String>(),
            "<p>x".repeat(10_000)
        );
        assert!(!tame(&page).page.contains("<font"));
    }

    #[test]
    fn a_page_without_end_is_cut() {
        for long in ["<", "é", "a b "] {
            let tamed = tame(&long.repeat(3_000_000)).page.len();
            assert!(tamed <= MAX_TEXT && tamed > MAX_TEXT - 4, "{long}");
        }
        let script = format!("<script>{}</script><p>x", "é".repeat(MAX_TEXT));
        assert!(!tame(&script).cut);
        let tamed = tame(&"<i>é</i>".repeat(MAX_TAGS + 10)).page.len();
        assert_eq!(tamed, "<i>é</i>".len() * MAX_TAGS);
    }
}
