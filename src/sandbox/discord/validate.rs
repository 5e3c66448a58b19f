//! Discord's limits on a message, and the answer it gives when one is broken.
//!
//! Written apart from the bot's own validator, so that the two check each other.

use serde_json::{Map, Value, json};

mod commands;

pub use commands::{choices, command, commands};

/// Characters of one message's content.
const CONTENT: usize = 2000;
/// Characters of all embeds of one message together.
const EMBEDS_TOTAL: usize = 6000;

/// What is wrong with a request body, by the path of the member.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct FormErrors(Vec<FormError>);

#[derive(Debug, Clone, PartialEq)]
struct FormError {
    path: Vec<String>,
    code: &'static str,
    message: String,
}

impl FormErrors {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn add(&mut self, path: &str, code: &'static str, message: impl Into<String>) {
        let path = path.split('.').map(str::to_owned).collect();
        self.0.push(FormError { path, code, message: message.into() });
    }

    /// Takes over what is wrong with a part of the body.
    pub fn under(&mut self, prefix: &str, part: FormErrors) {
        self.0.extend(part.0.into_iter().map(|mut error| {
            error.path.insert(0, prefix.to_owned());
            error
        }));
    }

    /// The `errors` member of a 50035 answer: nested by path, lists under `_errors`.
    pub fn to_json(&self) -> Value {
        let mut root = Value::Object(Map::new());
        for error in &self.0 {
            let mut node = &mut root;
            for key in &error.path {
                node = &mut node[key.as_str()];
            }
            let entry = json!({"code": error.code, "message": error.message});
            match node["_errors"].as_array_mut() {
                Some(list) => list.push(entry),
                None => node["_errors"] = json!([entry]),
            }
        }
        root
    }

    fn text(&mut self, path: &str, value: &Value, min: usize, max: usize) {
        match value {
            Value::Null if min == 0 => {}
            Value::Null => self.add(path, "BASE_TYPE_REQUIRED", "This field is required"),
            Value::String(text) => match text.trim().chars().count() {
                0 if min > 0 => self.add(path, "BASE_TYPE_REQUIRED", "This field is required"),
                n if n < min || n > max => {
                    let message = match min {
                        0 => format!("Must be {max} or fewer in length."),
                        _ => format!("Must be between {min} and {max} in length."),
                    };
                    self.add(
                        path,
                        if min == 0 { "BASE_TYPE_MAX_LENGTH" } else { "BASE_TYPE_BAD_LENGTH" },
                        message,
                    );
                }
                _ => {}
            },
            _ => self.add(path, "STRING_TYPE_CONVERT", "Could not interpret value as string."),
        }
    }

    fn address(&mut self, path: &str, value: &Value, max: usize, schemes: &[&str]) {
        let Some(text) = value.as_str() else {
            if !value.is_null() {
                self.add(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.");
            }
            return;
        };
        match url::Url::parse(text) {
            Err(_) => self.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL."),
            Ok(url) if !schemes.contains(&url.scheme()) => {
                let message = format!("Scheme \"{}\" is not supported.", url.scheme());
                self.add(path, "URL_TYPE_INVALID_SCHEME", message);
            }
            Ok(_) if text.chars().count() > max => {
                self.add(path, "BASE_TYPE_MAX_LENGTH", format!("Must be {max} or fewer in length."));
            }
            Ok(_) => {}
        }
    }

    /// The members of a list, none for null; complains about anything else and about too many.
    fn list<'a>(&mut self, path: &str, value: &'a Value, min: usize, max: usize) -> &'a [Value] {
        match value {
            Value::Null if min == 0 => &[],
            Value::Array(items) if (min..=max).contains(&items.len()) => items,
            Value::Array(_) => {
                let message = format!("Must be between {min} and {max} in length.");
                self.add(path, "BASE_TYPE_BAD_LENGTH", message);
                &[]
            }
            _ => {
                self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
                &[]
            }
        }
    }
}

/// Checks the body of a message: of a POST, a PATCH, or an interaction's answer.
pub fn message(body: &Value) -> FormErrors {
    let mut errors = FormErrors::default();
    if !body.is_object() {
        errors.add("_", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
        return errors;
    }
    errors.text("content", &body["content"], 0, CONTENT);
    let mut total = 0;
    for (i, embed) in errors.list("embeds", &body["embeds"], 0, 10).iter().enumerate() {
        total += check_embed(&mut errors, &format!("embeds.{i}"), embed);
    }
    if total > EMBEDS_TOTAL {
        let message = format!("Embed size exceeds maximum size of {EMBEDS_TOTAL}");
        errors.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", message);
    }
    check_components(&mut errors, &body["components"]);
    check_mentions(&mut errors, &body["allowed_mentions"]);
    for (i, file) in errors.list("attachments", &body["attachments"], 0, 10).iter().enumerate() {
        let at = |member: &str| format!("attachments.{i}.{member}");
        if crate::sandbox::discord::mentions::as_id(&file["id"]).is_none() {
            errors.add(&at("id"), "BASE_TYPE_REQUIRED", "This field is required");
        }
        errors.text(&at("filename"), &file["filename"], 0, 1024);
        errors.text(&at("description"), &file["description"], 0, 1024);
    }
    match &body["nonce"] {
        Value::String(nonce) if nonce.chars().count() > 25 => {
            errors.add("nonce", "NONCE_TYPE_TOO_LONG", "Nonce must be 25 characters or fewer.");
        }
        Value::Null | Value::String(_) | Value::Number(_) => {}
        _ => errors.add("nonce", "NONCE_TYPE_CONVERT", "Could not interpret value as a nonce."),
    }
    errors
}

/// Checks one embed; gives the characters that count towards the message's total.
fn check_embed(errors: &mut FormErrors, path: &str, embed: &Value) -> usize {
    let at = |member: &str| format!("{path}.{member}");
    let parts = ["author", "footer", "image", "thumbnail"].map(|part| (at(part), &embed[part]));
    let given = parts.into_iter().filter(|(_, part)| !part.is_null()).chain([(path.to_owned(), embed)]);
    for (path, _) in given.filter(|(_, part)| !part.is_object()) {
        errors.add(&path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
    }
    errors.text(&at("title"), &embed["title"], 0, 256);
    errors.text(&at("description"), &embed["description"], 0, 4096);
    errors.address(&at("url"), &embed["url"], 2048, &["http", "https"]);
    for (part, address) in
        [("image", "url"), ("thumbnail", "url"), ("author", "icon_url"), ("footer", "icon_url")]
    {
        let path = at(&format!("{part}.{address}"));
        errors.address(&path, &embed[part][address], 2048, &["http", "https", "attachment"]);
    }
    let mut total = length(&embed["title"]) + length(&embed["description"]);
    if embed["author"].is_object() {
        errors.text(&at("author.name"), &embed["author"]["name"], 1, 256);
        errors.address(&at("author.url"), &embed["author"]["url"], 2048, &["http", "https"]);
        total += length(&embed["author"]["name"]);
    }
    if embed["footer"].is_object() {
        errors.text(&at("footer.text"), &embed["footer"]["text"], 1, 2048);
        total += length(&embed["footer"]["text"]);
    }
    if embed["color"].as_i64().is_some_and(|c| !(0..=0xFF_FF_FF).contains(&c)) {
        errors.add(&at("color"), "NUMBER_TYPE_MAX", "int value should be less than or equal to 16777215.");
    }
    for (i, field) in errors.list(&at("fields"), &embed["fields"], 0, 25).iter().enumerate() {
        errors.text(&at(&format!("fields.{i}.name")), &field["name"], 1, 256);
        errors.text(&at(&format!("fields.{i}.value")), &field["value"], 1, 1024);
        total += length(&field["name"]) + length(&field["value"]);
    }
    total
}

fn check_components(errors: &mut FormErrors, rows: &Value) {
    let mut seen = std::collections::HashSet::new();
    for (i, row) in errors.list("components", rows, 0, 5).iter().enumerate() {
        let path = format!("components.{i}");
        if row["type"] != 1 {
            errors.add(
                &format!("{path}.type"),
                "UNION_TYPE_CHOICES",
                "Value of field \"type\" must be one of (1,).",
            );
            continue;
        }
        let path = format!("{path}.components");
        let inner = errors.list(&path, &row["components"], 1, 5);
        for (j, component) in inner.iter().enumerate() {
            let path = format!("{path}.{j}");
            match component["type"].as_u64() {
                Some(2) => check_button(errors, &path, component),
                Some(3) => {
                    errors.text(&format!("{path}.custom_id"), &component["custom_id"], 1, 100);
                    errors.list(&format!("{path}.options"), &component["options"], 1, 25);
                }
                Some(5..=8) => errors.text(&format!("{path}.custom_id"), &component["custom_id"], 1, 100),
                _ => errors.add(
                    &format!("{path}.type"),
                    "UNION_TYPE_CHOICES",
                    "Value of field \"type\" must be one of (2, 3, 5, 6, 7, 8).",
                ),
            }
            if component["type"] != 2 && inner.len() > 1 {
                errors.add(
                    &path,
                    "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                    "The specified component exceeds the maximum width",
                );
            }
            if let Some(id) = component["custom_id"].as_str()
                && !seen.insert(id)
            {
                let message = "Component custom id cannot be duplicated";
                errors.add(&format!("{path}.custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", message);
            }
        }
    }
}

fn check_button(errors: &mut FormErrors, path: &str, button: &Value) {
    errors.text(&format!("{path}.label"), &button["label"], 0, 80);
    if length(&button["label"]) == 0 && button["emoji"].is_null() {
        errors.add(path, "BUTTON_COMPONENT_INVALID_EMOJI", "A button needs a label or an emoji");
    }
    match button["style"].as_u64() {
        Some(1..=4) => errors.text(&format!("{path}.custom_id"), &button["custom_id"], 1, 100),
        Some(5) if button["url"].is_null() => {
            errors.add(&format!("{path}.url"), "BASE_TYPE_REQUIRED", "This field is required");
        }
        Some(5) => {
            errors.address(&format!("{path}.url"), &button["url"], 512, &["http", "https", "discord"]);
        }
        _ => errors.add(
            &format!("{path}.style"),
            "BASE_TYPE_CHOICES",
            "Value must be one of (1, 2, 3, 4, 5, 6).",
        ),
    }
}

fn check_mentions(errors: &mut FormErrors, allowed: &Value) {
    let parse = errors.list("allowed_mentions.parse", &allowed["parse"], 0, 3);
    for kind in ["users", "roles"] {
        let path = format!("allowed_mentions.{kind}");
        let listed = errors.list(&path, &allowed[kind], 0, 100);
        if !listed.is_empty() && parse.iter().any(|p| p == kind) {
            let message = format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.");
            errors.add("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
        }
    }
}

fn length(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.trim().chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dotted paths of what is wrong.
    fn wrong(body: Value) -> Vec<String> {
        message(&body).0.iter().map(|e| format!("{} {}", e.path.join("."), e.code)).collect()
    }

    #[test]
    fn limits_are_inclusive_and_count_characters() {
        let embed = |title: usize, description: usize| json!({"embeds": [{"title": "é".repeat(title), "description": "é".repeat(description)}]});
        let field =
            |name: &str, value: &str| json!({"embeds": [{"fields": [{"name": name, "value": value}]}]});
        let button = |id: &str| json!({"type": 2, "style": 1, "label": "Timeline", "custom_id": id});
        let row = |buttons: Vec<Value>| json!({"components": [{"type": 1, "components": buttons}]});
        let link = |url: &str| row(vec![json!({"type": 2, "style": 5, "label": "Read", "url": url})]);
        let mut two = embed(256, 4096);
        two["embeds"].as_array_mut().unwrap().push(json!({"description": "d".repeat(1648)}));
        let mut over = embed(256, 4096);
        over["embeds"].as_array_mut().unwrap().push(json!({"description": "d".repeat(1649)}));
        let cases = [
            (json!({"content": "é".repeat(2000)}), ""),
            (json!({"content": "é".repeat(2001)}), "content BASE_TYPE_MAX_LENGTH"),
            (json!({"content": format!("{}   ", "x".repeat(2000))}), ""),
            (embed(256, 4096), ""),
            (embed(257, 1), "embeds.0.title BASE_TYPE_MAX_LENGTH"),
            (embed(1, 4097), "embeds.0.description BASE_TYPE_MAX_LENGTH"),
            (two, ""),
            (over, "embeds MAX_EMBED_SIZE_EXCEEDED"),
            (field("When", "1912"), ""),
            (field("When", " "), "embeds.0.fields.0.value BASE_TYPE_REQUIRED"),
            (field("", "1912"), "embeds.0.fields.0.name BASE_TYPE_REQUIRED"),
            (field("When", &"x".repeat(1025)), "embeds.0.fields.0.value BASE_TYPE_BAD_LENGTH"),
            (json!({"embeds": [{"url": "no address"}]}), "embeds.0.url URL_TYPE_INVALID_URL"),
            (json!({"embeds": [{"url": "ftp://a.example/"}]}), "embeds.0.url URL_TYPE_INVALID_SCHEME"),
            (json!({"embeds": [{"author": {"name": "a", "icon_url": "attachment://a.png"}}]}), ""),
            (
                json!({"embeds": [{"author": {"name": "a", "icon_url": "ftp://a.example/"}}]}),
                "embeds.0.author.icon_url URL_TYPE_INVALID_SCHEME",
            ),
            (
                json!({"embeds": [{"footer": {"text": "f", "icon_url": format!("https://a.example/{}", "x".repeat(2048))}}]}),
                "embeds.0.footer.icon_url BASE_TYPE_MAX_LENGTH",
            ),
            (json!({"embeds": vec![json!({"title": "t"}); 11]}), "embeds BASE_TYPE_BAD_LENGTH"),
            (row((0..5).map(|i| button(&i.to_string())).collect()), ""),
            (
                row((0..6).map(|i| button(&i.to_string())).collect()),
                "components.0.components BASE_TYPE_BAD_LENGTH",
            ),
            (row(vec![]), "components.0.components BASE_TYPE_BAD_LENGTH"),
            (
                row(vec![button("a"), button("a")]),
                "components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED",
            ),
            (row(vec![button(&"x".repeat(101))]), "components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH"),
            (link("https://a.example/"), ""),
            (link("javascript:alert(1)"), "components.0.components.0.url URL_TYPE_INVALID_SCHEME"),
            (json!({"embeds": ["text"]}), "embeds.0 MODEL_TYPE_CONVERT"),
            (json!({"embeds": [null]}), "embeds.0 MODEL_TYPE_CONVERT"),
            (json!({"embeds": [{"title": "t", "footer": "text"}]}), "embeds.0.footer MODEL_TYPE_CONVERT"),
            (json!({"components": ["text"]}), "components.0.type UNION_TYPE_CHOICES"),
            (json!({"nonce": "x".repeat(26)}), "nonce NONCE_TYPE_TOO_LONG"),
            (json!({"attachments": [{"id": 0, "filename": "feeds.opml"}]}), ""),
            (json!({"attachments": [{"filename": "feeds.opml"}]}), "attachments.0.id BASE_TYPE_REQUIRED"),
            (
                json!({"attachments": [{"id": "0", "description": "x".repeat(1025)}]}),
                "attachments.0.description BASE_TYPE_MAX_LENGTH",
            ),
            (json!({"attachments": vec![json!({"id": 0}); 11]}), "attachments BASE_TYPE_BAD_LENGTH"),
            (json!("text"), "_ MODEL_TYPE_CONVERT"),
            (
                json!({"allowed_mentions": {"parse": ["users"], "users": ["1"]}}),
                "allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
            ),
        ];
        for (body, expected) in cases {
            let shown: String = body.to_string().chars().take(120).collect();
            assert_eq!(wrong(body).join(", "), expected, "{shown}");
        }
    }

    #[test]
    fn errors_nest_by_path() {
        let errors = message(&json!({"embeds": [{"title": "x".repeat(257)}]}));
        let expected = json!({"embeds": {"0": {"title": {"_errors": [
            {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 256 or fewer in length."}]}}}});
        assert_eq!(errors.to_json(), expected);
    }
}
