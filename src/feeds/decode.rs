//! From bytes to characters, whatever the feed claims to be written in.
//!
//! The order is that of RFC 7303 (byte order mark, then Content-Type, then the XML declaration) with one
//! exception that practice asks for: bytes that hold valid multi-byte UTF-8 are UTF-8 whatever is declared. Text in
//! another encoding practically never passes for it.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The declaration is looked for in so many bytes.
const PROLOG: usize = 1024;

/// The text of a feed, and what was wrong with its encoding, a sentence each.
pub(super) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> (Cow<'a, str>, Vec<String>) {
    let mut warnings = Vec::new();
    if let Some(text) = utf32(bytes) {
        return (Cow::Owned(text), warnings);
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or(&[])).0;
        return (text, warnings);
    }
    let mut declared = Vec::new();
    for label in charset_of(content_type).into_iter().chain(prolog(bytes)) {
        match Encoding::for_label(label.trim().as_bytes()) {
            Some(encoding) => declared.push(encoding),
            None => {
                let label: String = label.chars().take(30).collect();
                warnings.push(format!("The feed declares an unknown encoding, {label:?}."));
            }
        }
    }
    // UTF-16 without its mark (XML 1.0, appendix F).
    let unmarked = match bytes {
        [b'<', 0, ..] => Some(UTF_16LE),
        [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    };
    if let Some(encoding) = unmarked {
        return (encoding.decode_without_bom_handling(bytes).0, warnings);
    }
    if !bytes.is_ascii()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        if let Some(declared) = declared.first().filter(|declared| **declared != UTF_8) {
            warnings.push(format!("The feed declares {} but is written in UTF-8.", declared.name()));
        }
        return (Cow::Borrowed(text), warnings);
    }
    // A declaration that could be read as ASCII is not one of UTF-16.
    declared.retain(|declared| *declared != UTF_16LE && *declared != UTF_16BE);
    if declared.is_empty() {
        declared.push(UTF_8);
    }
    for (at, encoding) in declared.iter().enumerate() {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        if !broken {
            if at > 0 {
                warnings.push(format!(
                    "The server declares another encoding than the feed: {}.",
                    encoding.name()
                ));
            }
            return (text, warnings);
        }
    }
    // Neither what it declares nor UTF-8 throughout. Mostly UTF-8 with a few torn characters, or Latin letters?
    let (lossy, _) = UTF_8.decode_without_bom_handling(bytes);
    let torn = lossy.chars().filter(|c| *c == '\u{fffd}').count();
    let whole = lossy.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
    if whole > torn {
        warnings.push("A few characters of the feed are broken.".to_owned());
        return (lossy, warnings);
    }
    if let Some(declared) = declared.iter().find(|declared| **declared != UTF_8) {
        warnings.push(format!("A few characters of the feed are not {}.", declared.name()));
        return (declared.decode_without_bom_handling(bytes).0, warnings);
    }
    warnings.push("The feed is not written in UTF-8; it was read as windows-1252.".to_owned());
    (WINDOWS_1252.decode_without_bom_handling(bytes).0, warnings)
}

/// UTF-32, with its mark or known by the '<' that a feed begins with (XML 1.0, appendix F). Browsers have dropped it,
/// and so has the decoder used for all else.
fn utf32(bytes: &[u8]) -> Option<String> {
    let (little, start) = match bytes {
        [0xff, 0xfe, 0, 0, ..] => (true, 4),
        [0, 0, 0xfe, 0xff, ..] => (false, 4),
        [b'<', 0, 0, 0, ..] => (true, 0),
        [0, 0, 0, b'<', ..] => (false, 0),
        _ => return None,
    };
    let units = bytes.get(start..)?.chunks_exact(4).filter_map(|unit| <[u8; 4]>::try_from(unit).ok());
    let code = |unit| if little { u32::from_le_bytes(unit) } else { u32::from_be_bytes(unit) };
    Some(units.map(|unit| char::from_u32(code(unit)).unwrap_or('\u{fffd}')).collect())
}

fn charset_of(content_type: Option<&str>) -> Option<String> {
    content_type?.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    })
}

/// The encoding that `<?xml … encoding="…"?>` names.
fn prolog(bytes: &[u8]) -> Option<String> {
    let head: String = bytes.iter().take(PROLOG).map(|byte| char::from(*byte)).collect();
    let (_, declaration) = head.split_once("<?xml")?;
    let (declaration, _) = declaration.split_once('>')?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.split(quote).nth(1).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        let utf16: Vec<u8> = "<a>Orléans</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf16.iter().copied()).collect();
        let utf32: Vec<u8> = "<a>Orléans</a>".chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        let utf32_marked: Vec<u8> =
            "\u{feff}<a>Orléans</a>".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        let latin1 = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>Orl\xe9ans</a>";
        let windows1251 = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><a>\u{421}</a>";
        for (bytes, content_type, expected, warned) in [
            ("<a>Orléans</a>".as_bytes(), None, "Orléans", false),
            ("\u{feff}<a>Orléans</a>".as_bytes(), Some("text/xml; charset=iso-8859-1"), "Orléans", false),
            ("<?xml encoding='iso-8859-1'?><a>Orléans</a>".as_bytes(), None, "Orléans", true),
            (latin1, None, "Orléans", false),
            (latin1, Some("text/xml; charset=utf-8"), "Orléans", true),
            (b"<a>Orl\xe9ans</a>", None, "Orléans", true),
            (b"<a>Orl\xe9ans</a>", Some("text/xml; charset=\"ISO-8859-1\""), "Orléans", false),
            (b"<a>Orl\xe9ans</a>", Some("text/xml; charset=nonsense"), "Orléans", true),
            ("<a>Orléans, Orléans \u{e9}".as_bytes(), None, "Orléans", false),
            (b"<a>Orl\xc3\xa9ans, Orl\xc3\xa9ans \xe9", None, "Orléans", true),
            (&utf32, Some("text/xml; charset=utf-8"), "Orléans", false),
            (&utf32_marked, None, "Orléans", false),
            (b"<\0\0\0\xff\xff\xff\xff", None, "<\u{fffd}", false),
            (&utf16, None, "Orléans", false),
            (&marked, Some("text/xml; charset=utf-8"), "Orléans", false),
            (windows1251.as_bytes(), None, "\u{421}", true),
            (b"<?xml encoding='utf-16'?><a>plain</a>", None, "plain", false),
            (b"<?xml encoding='shift_jis'?><a>\x93\xfa\x96\x7b</a>", None, "日本", false),
        ] {
            let (text, warnings) = decode(bytes, content_type);
            assert!(text.contains(expected), "{text:?}");
            assert!(text.trim_start().starts_with('<'), "{text:?}");
            assert_eq!(!warnings.is_empty(), warned, "{text:?} {warnings:?}");
        }
    }
}
