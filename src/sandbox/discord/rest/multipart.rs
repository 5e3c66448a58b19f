//! Request bodies: JSON, or `multipart/form-data` with the JSON in `payload_json` and files beside it.

use axum::http::{HeaderMap, header};
use serde_json::Value;

use super::Refusal;
use crate::sandbox::discord::objects;
use crate::sandbox::discord::state::StoredFile;

/// Files of one message.
const FILES: usize = 10;

/// The JSON of a body (null if there is none) and its files, numbered as in `files[n]`: what `attachments` of the
/// JSON calls them by.
pub fn read(headers: &HeaderMap, body: &[u8]) -> Result<(Value, Vec<StoredFile>), Refusal> {
    let invalid = || Refusal::new(400, 50109, "The request body contains invalid JSON.");
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let json = |bytes: &[u8]| serde_json::from_slice(bytes).map_err(|_| invalid());
    let Some(boundary) = boundary(kind) else {
        return if body.is_empty() { Ok((Value::Null, Vec::new())) } else { Ok((json(body)?, Vec::new())) };
    };
    let mut payload = Value::Null;
    let mut files = Vec::new();
    for part in parts(body, boundary.as_bytes()) {
        let Some(split) = find(part, b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&part[..split]);
        let bytes = &part[split + 4..];
        match parameter(&head, "name") {
            Some("payload_json") => payload = json(bytes)?,
            Some(_) if files.len() >= FILES => {
                return Err(Refusal::new(
                    400,
                    30015,
                    "Maximum number of attachments in a message reached (10)",
                ));
            }
            Some(name) if number(name).is_some() => files.push(StoredFile {
                id: number(name).unwrap_or_default(),
                name: parameter(&head, "filename").unwrap_or("unknown").to_owned(),
                content_type: content_type(&head).to_owned(),
                bytes: bytes.to_vec(),
            }),
            _ => {}
        }
    }
    if files.iter().map(|file| file.bytes.len()).sum::<usize>() > objects::ATTACHMENT_LIMIT as usize {
        return Err(Refusal::new(413, 40005, "Request entity too large"));
    }
    Ok((payload, files))
}

/// The `n` of `files[n]`.
fn number(name: &str) -> Option<u64> {
    name.strip_prefix("files[")?.strip_suffix(']')?.parse().ok()
}

fn boundary(content_type: &str) -> Option<&str> {
    let (kind, rest) = content_type.split_once(';')?;
    let value = rest.trim().strip_prefix("boundary=")?.trim_matches('"');
    (kind.trim().eq_ignore_ascii_case("multipart/form-data") && !value.is_empty()).then_some(value)
}

/// What stands between the delimiters (RFC 2046, section 5.1.1), their line ends taken off.
fn parts<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let delimiter = [b"--", boundary].concat();
    let mut out = Vec::new();
    let Some(start) = find(body, &delimiter) else { return out };
    let mut rest = &body[start + delimiter.len()..];
    while let Some(end) = find(rest, &delimiter) {
        let part = &rest[..end];
        let part = part.strip_prefix(b"\r\n").unwrap_or(part);
        out.push(part.strip_suffix(b"\r\n").unwrap_or(part));
        rest = &rest[end + delimiter.len()..];
    }
    out
}

/// A quoted parameter of a part's head.
fn parameter<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let wanted = format!("; {name}=\"");
    let start = head.find(&wanted)? + wanted.len();
    head[start..].split('"').next()
}

fn content_type(head: &str) -> &str {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut types = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    types.next().map_or("application/octet-stream", |(_, value)| value.trim())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde_json::json;

    use super::*;

    #[test]
    fn files_come_beside_the_payload() {
        let mut headers = HeaderMap::new();
        let kind = "multipart/form-data; boundary=b0";
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        let body = "--b0\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"feeds.opml\"\r\n\
                    Content-Type: text/x-opml\r\n\r\n<opml/>\r\n--b0\r\n\
                    Content-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"Feeds\"}\r\n--b0--\r\n";
        let (payload, files) = read(&headers, body.as_bytes()).unwrap();
        assert_eq!(payload, json!({"content": "Feeds"}));
        assert_eq!(files.len(), 1);
        assert_eq!(
            (files[0].name.as_str(), files[0].bytes.as_slice()),
            ("feeds.opml", b"<opml/>".as_slice())
        );
        assert_eq!(files[0].content_type, "text/x-opml");
    }

    #[test]
    fn too_many_files_or_too_much_of_them_is_refused() {
        let mut headers = HeaderMap::new();
        let kind = HeaderValue::from_static("multipart/form-data; boundary=b0");
        headers.insert(header::CONTENT_TYPE, kind);
        let part = |n: usize, bytes: &str| {
            format!(
                "--b0\r\nContent-Disposition: form-data; name=\"files[{n}]\"; filename=\"a\"\r\n\r\n{bytes}\r\n"
            )
        };
        let parts = |count: usize| (0..count).map(|n| part(n, "x")).collect::<String>() + "--b0--\r\n";
        assert_eq!(read(&headers, parts(10).as_bytes()).unwrap().1[9].id, 9);
        assert_eq!(read(&headers, parts(11).as_bytes()).unwrap_err().code, 30015);
        let large = part(0, &"x".repeat(10 * 1024 * 1024 + 1)) + "--b0--\r\n";
        assert_eq!(read(&headers, large.as_bytes()).unwrap_err().code, 40005);
    }

    #[test]
    fn json_that_is_none_is_refused() {
        let headers = HeaderMap::new();
        assert_eq!(read(&headers, b"").unwrap().0, Value::Null);
        assert_eq!(read(&headers, b"{").unwrap_err().code, 50109);
    }
}
