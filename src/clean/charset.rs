//! From the bytes of a page to text: which encoding, by whose word.
//!
//! A byte order mark is believed first, then bytes that can only be UTF-8, then the HTTP header, the
//! page's `<meta>`, the XML prolog; what nobody declares is UTF-8 where valid and windows-1252 where
//! not (WHATWG HTML, section 13.2.3 "The input byte stream"). Servers that announce their default
//! charset over a UTF-8 page are common, pages in a legacy charset that happen to be valid UTF-8 are
//! not: hence the second step.

use std::sync::LazyLock;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use regex::bytes::Regex;

/// How far into a page a declaration is looked for, in bytes.
const PRESCAN: usize = 4096;

static HEADER: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?i-u)charset\s*=\s*["']?([A-Za-z0-9_:.\-]+)"#));
static META: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i-u)<meta[^>]{0,400}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]+)"#));
static PROLOG: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i-u)^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.\-]+)"#));

/// Decodes a page; `content_type` is the value of its HTTP header.
///
/// Never fails: bytes that the encoding does not know become U+FFFD. NUL characters are left out.
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    let (text, _, _) = encoding(bytes, content_type).decode(bytes);
    if text.contains('\0') { text.replace('\0', "") } else { text.into_owned() }
}

fn encoding(bytes: &[u8], content_type: Option<&str>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    match bytes {
        [b'<', 0, _, 0, ..] => return UTF_16LE,
        [0, b'<', 0, _, ..] => return UTF_16BE,
        _ => {}
    }
    let header = content_type.and_then(|value| label(&HEADER, value.as_bytes()));
    if let Some(encoding) = header.filter(|encoding| *encoding == UTF_16LE || *encoding == UTF_16BE) {
        return encoding;
    }
    let valid = std::str::from_utf8(bytes).is_ok();
    if valid && !bytes.is_ascii() {
        return UTF_8;
    }
    let start = &bytes[..bytes.len().min(PRESCAN)];
    header
        // A declaration readable as ASCII cannot be UTF-16, whatever it says.
        .or_else(|| {
            label(&META, start).map(|encoding| if encoding.is_ascii_compatible() { encoding } else { UTF_8 })
        })
        .or_else(|| label(&PROLOG, start).filter(|encoding| encoding.is_ascii_compatible()))
        .filter(|encoding| valid || *encoding != UTF_8)
        .unwrap_or(if valid { UTF_8 } else { WINDOWS_1252 })
}

fn label(pattern: &Regex, bytes: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_label(pattern.captures(bytes)?.get(1)?.as_bytes())
}

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the patterns of this file are constants that its tests compile")
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn the_encoding_is_found_by_its_declaration() {
        let latin = b"<p>Proclamation de la R\xe9publique</p>";
        let cases: &[(&str, Vec<u8>, Option<&str>, &str)] = &[
            (
                "UTF-8 mark",
                b"\xef\xbb\xbf<p>\xc3\xa9</p>".to_vec(),
                Some("text/html; charset=latin1"),
                "<p>é</p>",
            ),
            ("UTF-16 mark", b"\xff\xfe<\0p\0>\0\xe9\0".to_vec(), None, "<p>é"),
            ("UTF-16 without mark", b"<\0p\0>\0\xe9\0".to_vec(), None, "<p>é"),
            ("big-endian UTF-16", b"\0<\0p\0>\0\xe9".to_vec(), None, "<p>é"),
            ("UTF-16 by header", b"\0a\0\xe9".to_vec(), Some("text/html; charset=utf-16be"), "aé"),
            ("header", b"\xc4".to_vec(), Some("text/html; Charset=\"iso-8859-5\""), "Ф"),
            (
                "header before meta",
                b"<meta charset=koi8-r>\xc4".to_vec(),
                Some("text/html; charset=iso-8859-5"),
                "<meta charset=koi8-r>Ф",
            ),
            ("meta", b"<meta charset='koi8-r'>\xc4".to_vec(), Some("text/html"), "<meta charset='koi8-r'>д"),
            (
                "meta http-equiv",
                b"<meta http-equiv=Content-Type content='text/html; charset=Shift_JIS'>\x93\xfa".to_vec(),
                None,
                "<meta http-equiv=Content-Type content='text/html; charset=Shift_JIS'>日",
            ),
            (
                "XML prolog",
                b"<?xml version='1.0' encoding='iso-8859-2'?>\xb1".to_vec(),
                None,
                "<?xml version='1.0' encoding='iso-8859-2'?>ą",
            ),
            ("nothing declared", latin.to_vec(), None, "<p>Proclamation de la République</p>"),
            ("UTF-8 nobody declares", "<p>é</p>".into(), None, "<p>é</p>"),
            (
                "UTF-8 under a server's default",
                "<p>é</p>".into(),
                Some("text/html; charset=ISO-8859-1"),
                "<p>é</p>",
            ),
            (
                "Latin-1 declared UTF-8",
                latin.to_vec(),
                Some("text/html; charset=utf-8"),
                "<p>Proclamation de la République</p>",
            ),
            ("a label nobody knows", b"\xe9".to_vec(), Some("text/html; charset=klingon"), "é"),
            ("NUL", b"a\0b".to_vec(), None, "ab"),
            ("empty", Vec::new(), None, ""),
        ];
        for (name, bytes, header, expected) in cases {
            assert_eq!(decode(bytes, *header), *expected, "{name}");
        }
    }
}
