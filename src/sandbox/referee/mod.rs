//! Checks every request that the bot made, and every answer that the embedded Discord gave, against
//! Discord's own description of its API: `openapi.json` beside this file (MIT, see LICENSE there), or
//! the one that the environment names as `DISCORD_OPENAPI`.
//!
//! The description is taken as it is but for five things: an integer may also be written as a
//! string, as its publisher says; a request may write an id as a number, as its documentation says; the codes in `_errors` are words, as its documentation says; a
//! request (but of commands) may not have members that the description does not know, unless they are null, so that
//! a misspelt one is found; and unions of which an integer is a part accept more than one match, so that the first
//! rule does not break them.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex};

use anyhow::Context as _;
use jsonschema::Validator;
use poise::serenity_prelude as serenity;
use serde_json::{Map, Value, json};
use serenity::{Event, GatewayEvent};

use crate::sandbox::discord::{EmbeddedDiscord, Exchange};

const EMBEDDED: &str = include_str!("openapi.json");

/// Null if it cannot be read: then every operation is one that is not described, and the log says why.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    read(std::env::var_os("DISCORD_OPENAPI").map(PathBuf::from)).unwrap_or_else(|error| {
        tracing::error!("The description of Discord's API cannot be used: {error:#}");
        Value::Null
    })
});

/// The description in a file, or the one that comes with the program.
fn read(file: Option<PathBuf>) -> anyhow::Result<Value> {
    let Some(path) = file else {
        return serde_json::from_str(EMBEDDED).context("the document that comes with the program");
    };
    let text = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is no JSON document", path.display()))
}

/// Schemas by their place in the document and how they are read.
static VALIDATORS: LazyLock<Mutex<HashMap<(String, Reading), Compiled>>> = LazyLock::new(Mutex::default);

/// How a schema is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Reading {
    /// Members that are not described are allowed.
    Open,
    /// They are refused.
    Closed,
    /// To the letter: of a parameter, which is text until it is parsed.
    Parameter,
}

/// A schema, kept for the life of the process, or why it is none.
type Compiled = Result<&'static Validator, String>;

/// Something that the description does not allow.
#[derive(Debug, PartialEq)]
pub struct Violation {
    /// `POST /channels/{channel_id}/messages request`.
    pub what: String,
    pub errors: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.errors.join("; "))
    }
}

/// What is wrong with all that a bot and an embedded Discord have said to each other so far: violations of the
/// description, and events that serenity would drop.
pub fn verdict(discord: &EmbeddedDiscord) -> Vec<String> {
    let violations = check(&discord.exchanges());
    let mut wrong: Vec<String> = violations.iter().map(ToString::to_string).collect();
    let forgotten = discord.forgotten();
    if forgotten > 0 {
        wrong.push(format!("{forgotten} exchanges or events are kept no longer, and were not looked at"));
    }
    let unknown = unknown_events(&discord.dispatched());
    wrong.extend(unknown.into_iter().map(|event| format!("serenity does not know the event {event}")));
    wrong
}

/// What in these exchanges goes against the description.
pub fn check(exchanges: &[Exchange]) -> Vec<Violation> {
    exchanges.iter().flat_map(check_one).collect()
}

/// The events that serenity would drop, each with the reason.
pub fn unknown_events(payloads: &[Value]) -> Vec<String> {
    let unknown = |payload: &Value| match serde_json::from_value::<GatewayEvent>(payload.clone()) {
        Ok(GatewayEvent::Dispatch(_, Event::Unknown(_))) | Err(_) => Some(why_unknown(payload)),
        Ok(_) => None,
    };
    payloads.iter().filter_map(unknown).collect()
}

fn why_unknown(payload: &Value) -> String {
    let data = payload["d"].clone();
    let error = match payload["t"].as_str() {
        Some("INTERACTION_CREATE") => serde_json::from_value::<serenity::Interaction>(data).err(),
        Some("GUILD_CREATE") => serde_json::from_value::<serenity::Guild>(data).err(),
        Some("READY") => serde_json::from_value::<serenity::Ready>(data).err(),
        Some("MESSAGE_CREATE") => serde_json::from_value::<serenity::Message>(data).err(),
        _ => None,
    };
    format!("{}: {}", payload["t"], error.map_or("not understood".to_owned(), |e| e.to_string()))
}

fn check_one(exchange: &Exchange) -> Vec<Violation> {
    let endpoint = exchange.endpoint;
    let name = |part: &str| format!("{} {} {part}", endpoint.method, endpoint.path);
    let pointer = format!("/paths/{}/{}", endpoint.path.replace('/', "~1"), endpoint.method.to_lowercase());
    let Some(operation) = DOCUMENT.pointer(&pointer) else {
        let errors = vec![format!("no such operation; {:?}", exchange.params)];
        return vec![Violation { what: name("request"), errors }];
    };
    let mut out = Vec::new();
    let mut report = |part: String, errors: Vec<String>| {
        if !errors.is_empty() {
            out.push(Violation { what: name(&part), errors });
        }
    };
    let body = operation.pointer("/requestBody/content/application~1json/schema");
    let request = match (body, &exchange.request) {
        (Some(_), Some(body)) => {
            let schema = format!("{pointer}/requestBody/content/application~1json/schema");
            // serenity writes every member of a command's options, for whatever type of option, and of a
            // message, also where it is the first of a forum's post.
            let open = endpoint.path.contains("/commands") || endpoint.path.ends_with("/threads");
            errors_of(&schema, body, if open { Reading::Open } else { Reading::Closed })
        }
        (Some(_), None) if operation["requestBody"]["required"] == true => vec!["a body is required".into()],
        (None, Some(_)) => vec!["there is a body".into()],
        _ => vec![],
    };
    report("request".into(), request);
    report("parameters".into(), parameters(exchange, operation));
    if let Some(answer) = exchange.answer.as_ref().filter(|answer| answer.status < 500) {
        let responses = format!("{pointer}/responses");
        let errors = match response_schema(&responses, answer.status) {
            None => vec!["a status that is not described".to_owned()],
            Some(None) if answer.body.is_some() => vec!["there is a body".to_owned()],
            Some(None) => vec![],
            Some(Some(schema)) => match &answer.body {
                Some(body) => errors_of(&schema, body, Reading::Open),
                None => vec!["a body is missing".to_owned()],
            },
        };
        report(format!("answer {}", answer.status), errors);
    }
    out
}

/// What is wrong with what the path and the query name. Tokens are not in the log, and not looked at.
fn parameters(exchange: &Exchange, operation: &Value) -> Vec<String> {
    let path = format!("/paths/{}", exchange.endpoint.path.replace('/', "~1"));
    let of_operation = format!("{path}/{}/parameters", exchange.endpoint.method.to_lowercase());
    let lists = [
        (format!("{path}/parameters"), &DOCUMENT["paths"][exchange.endpoint.path]),
        (of_operation, operation),
    ];
    let mut known = BTreeMap::new();
    for (pointer, holder) in lists {
        for (i, parameter) in holder["parameters"].as_array().into_iter().flatten().enumerate() {
            known.insert(
                parameter["name"].as_str().unwrap_or_default(),
                (parameter, format!("{pointer}/{i}/schema")),
            );
        }
    }
    let given = exchange.params.iter().filter_map(|(name, text)| match known.get(name.as_str()) {
        None => Some(format!("{name} is not described")),
        Some((_, schema)) => {
            let typed = serde_json::from_str(text)
                .ok()
                .filter(|value: &Value| value.is_number() || value.is_boolean());
            let readings = typed.into_iter().chain([json!(text)]);
            let mut errors = readings.map(|value| errors_of(schema, &value, Reading::Parameter));
            let first = errors.next()?;
            let wrong = !first.is_empty() && errors.all(|errors| !errors.is_empty());
            wrong.then(|| format!("{name} {}", first.join("; ")))
        }
    });
    let missing = known.iter().filter(|(name, (parameter, _))| {
        parameter["in"] == "query" && parameter["required"] == true && !exchange.params.contains_key(**name)
    });
    given.chain(missing.map(|(name, _)| format!("{name} is missing"))).collect()
}

/// Where the schema of an answer stands: `None` if the status is not described, `Some(None)` if it
/// has no body.
fn response_schema(responses: &str, status: u16) -> Option<Option<String>> {
    let class = format!("{}XX", status / 100);
    let of = |status: &str| {
        let pointer = format!("{responses}/{status}");
        DOCUMENT.pointer(&pointer).map(|response| match response["$ref"].as_str() {
            Some(reference) => reference.trim_start_matches('#').to_owned(),
            None => pointer,
        })
    };
    let response = of(&status.to_string()).or_else(|| of(&class))?;
    let schema = format!("{response}/content/application~1json/schema");
    Some(DOCUMENT.pointer(&schema).is_some().then_some(schema))
}

fn errors_of(pointer: &str, value: &Value, reading: Reading) -> Vec<String> {
    let key = (pointer.to_owned(), reading);
    let mut validators = VALIDATORS.lock().unwrap_or_else(|e| e.into_inner());
    // Leaked: a handful, for the life of the test process.
    let compiled = || compile(pointer, reading).map(|validator| &*Box::leak(Box::new(validator)));
    let validator = validators.entry(key).or_insert_with(compiled).clone();
    drop(validators);
    let validator = match validator {
        Ok(validator) => validator,
        Err(error) => return vec![format!("the schema at {pointer} cannot be used: {error}")],
    };
    validator
        .iter_errors(value)
        .map(|error| {
            let text: String = error.to_string().chars().take(300).collect();
            format!("at {} {text}", error.instance_path())
        })
        .collect()
}

fn compile(pointer: &str, reading: Reading) -> Result<Validator, String> {
    let mut root = DOCUMENT.pointer(pointer).cloned().unwrap_or_default();
    let mut schemas = BTreeMap::new();
    gather(&root, &mut schemas);
    if reading != Reading::Parameter {
        let closed = reading == Reading::Closed;
        relax(&mut root, closed);
        schemas.values_mut().for_each(|schema| relax(schema, closed));
    }
    if pointer.contains("/requestBody/") && schemas.contains_key("SnowflakeType") {
        schemas.insert("SnowflakeType".into(), json!({"type": ["string", "integer"], "pattern": "^[0-9]+$"}));
    }
    if let Some(code) = schemas.get_mut("InnerErrors") {
        *code = json!({
            "type": "object", "required": ["_errors"], "additionalProperties": false,
            "properties": {"_errors": {"type": "array", "items": {
                "type": "object", "required": ["code", "message"],
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            }}},
        });
    }
    let schemas: Map<String, Value> = schemas.into_iter().collect();
    let document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [root],
        "components": {"schemas": schemas},
    });
    jsonschema::options().should_validate_formats(true).build(&document).map_err(|error| error.to_string())
}

/// Collects the named schemas that a schema refers to, directly or not.
fn gather(schema: &Value, into: &mut BTreeMap<String, Value>) {
    match schema {
        Value::Object(members) => {
            let named = members.get("$ref").and_then(Value::as_str);
            if let Some(name) = named.and_then(|r| r.strip_prefix("#/components/schemas/"))
                && !into.contains_key(name)
            {
                let found = DOCUMENT["components"]["schemas"][name].clone();
                into.insert(name.to_owned(), found.clone());
                gather(&found, into);
            }
            members.values().for_each(|member| gather(member, into));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, into)),
        _ => {}
    }
}

fn relax(schema: &mut Value, closed: bool) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(|member| relax(member, closed));
            let alternatives = members.get("oneOf").and_then(Value::as_array);
            if alternatives.is_some_and(|list| list.iter().any(|a| a.get("anyOf").is_some())) {
                let list = members.remove("oneOf").unwrap_or_default();
                members.insert("anyOf".into(), list);
            }
            // A composition names its members in several schemas, each of which knows only its own.
            let object =
                closed && members.contains_key("properties") && members.get("type") == Some(&json!("object"));
            if object && !members.contains_key("allOf") {
                // serenity says `"proxy_url": null` of every picture.
                members.entry("additionalProperties").or_insert(json!({"type": "null"}));
            }
            let integer = match members.get("type") {
                Some(Value::String(kind)) => kind == "integer",
                Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "integer"),
                _ => false,
            };
            if integer && !members.contains_key("enum") {
                let own = std::mem::take(schema);
                *schema = json!({"anyOf": [own, {"type": "string", "pattern": "^-?[0-9]+$"}]});
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| relax(item, closed)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::sandbox::discord::{Answer, Endpoint, Params};

    fn exchange(endpoint: Endpoint, request: Value, status: u16, body: Option<Value>) -> Exchange {
        let answer = Some(Answer { status, body });
        let at = DateTime::UNIX_EPOCH;
        Exchange { at, endpoint, params: Params::new(), request: Some(request), answer }
    }

    #[test]
    fn a_wrong_request_or_answer_is_found() {
        let say = |request: Value| check(&[exchange(Endpoint::CREATE_MESSAGE, request, 500, None)]);
        assert_eq!(say(json!({"content": "Extra!", "nonce": "77", "flags": "64"})), []);
        for wrong in [
            json!({"contents": "misspelt"}),
            json!({"content": "x".repeat(4001)}),
            json!({"embeds": vec![json!({}); 11]}),
            json!({"embeds": [{"title": "x".repeat(257)}]}),
            json!({"embeds": [{"url": "no address"}]}),
        ] {
            assert_eq!(say(wrong.clone()).len(), 1, "{wrong}");
        }
        let refused = exchange(Endpoint::CREATE_MESSAGE, json!({"contents": "misspelt"}), 400, None);
        let found: Vec<String> = check(&[refused]).into_iter().map(|violation| violation.what).collect();
        let request = "POST /channels/{channel_id}/messages request";
        assert!(found.iter().any(|what| what == request), "a refusal excuses nothing: {found:?}");
        let answer = |body: Option<Value>| check(&[exchange(Endpoint::CREATE_MESSAGE, json!({}), 200, body)]);
        assert_eq!(answer(Some(json!({"id": "1"}))).len(), 1);
        assert_eq!(answer(None).len(), 1);
        assert_eq!(check(&[exchange(Endpoint::UNKNOWN, json!({}), 404, None)]).len(), 1);
    }

    #[test]
    fn a_wrong_parameter_is_found() {
        let list = |name: &str, value: &str| {
            let params =
                Params::from([("channel_id", "7"), (name, value)].map(|(k, v)| (k.to_owned(), v.to_owned())));
            let (at, endpoint) = (DateTime::UNIX_EPOCH, Endpoint::MESSAGES);
            let errors = check(&[Exchange { at, endpoint, params, request: None, answer: None }]);
            errors.into_iter().flat_map(|violation| violation.errors).collect::<Vec<_>>().join(", ")
        };
        for (name, value) in [("limit", "1"), ("limit", "100"), ("before", "42"), ("channel_id", "8")] {
            assert_eq!(list(name, value), "");
        }
        for (name, value) in [
            ("limit", "0"),
            ("limit", "101"),
            ("limit", "many"),
            ("limit", ""),
            ("before", "now"),
            ("channel_id", "news"),
            ("limits", "1"),
        ] {
            assert!(list(name, value).contains(name), "{name}={value}: {}", list(name, value));
        }
    }

    #[test]
    fn another_description_is_read_where_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("openapi.json");
        let small = json!({"paths": {"/gateway": {"get": {"responses": {}}}}});
        std::fs::write(&path, small.to_string()).unwrap();
        assert_eq!(read(Some(path.clone())).unwrap(), small);
        let own = read(None).unwrap();
        assert!(own.pointer("/paths/~1channels~1{channel_id}~1messages/post").is_some());
        for (text, said) in [(Some("{"), "is no JSON document"), (None, "reading")] {
            match text {
                Some(text) => std::fs::write(&path, text).unwrap(),
                None => std::fs::remove_file(&path).unwrap(),
            }
            let error = format!("{:#}", read(Some(path.clone())).unwrap_err());
            assert!(error.contains(said) && error.contains("openapi.json"), "{error}");
        }
    }

    #[test]
    fn an_event_that_serenity_drops_is_found() {
        let payload = json!({"op": 0, "s": 1, "t": "INTERACTION_CREATE", "d": {"type": 2, "id": "1"}});
        assert_eq!(unknown_events(&[payload]).len(), 1);
        assert_eq!(unknown_events(&[json!({"op": 0, "s": 1, "t": "RESUMED", "d": {}})]), [""; 0]);
    }
}
