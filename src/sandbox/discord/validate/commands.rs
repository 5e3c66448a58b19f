//! Discord's limits on application commands and on the choices of an autocomplete.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{FormErrors, length};

/// Slash commands of one scope.
const COMMANDS: usize = 100;
/// Characters of names, descriptions and values over the whole command.
const COMMAND_TOTAL: usize = 8000;

static NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[-_'\p{L}\p{N}]{1,32}$").expect("a literal pattern"));

/// Checks a command that is to be registered.
pub fn command(body: &Value) -> FormErrors {
    let mut errors = FormErrors::default();
    // User and message commands have free names and no description.
    if body["type"].as_u64().unwrap_or(1) == 1 {
        words(&mut errors, "", body);
        options(&mut errors, "options", &body["options"], 0);
        if total(body, 0) > COMMAND_TOTAL {
            let message = format!("Command exceeds maximum size ({COMMAND_TOTAL})");
            errors.add("_", "APPLICATION_COMMAND_TOO_LARGE", message);
        }
    } else {
        errors.text("name", &body["name"], 1, 32);
    }
    errors
}

/// Checks a list of commands that replaces those of a scope.
pub fn commands(list: &Value) -> FormErrors {
    let mut errors = FormErrors::default();
    let bodies = list.as_array().map(Vec::as_slice).unwrap_or_default();
    if !list.is_array() {
        errors.add("_", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
    }
    if bodies.len() > COMMANDS {
        let message = format!("Maximum number of commands reached ({COMMANDS})");
        errors.add("_", "APPLICATION_COMMANDS_MAX", message);
    }
    for (i, body) in bodies.iter().enumerate() {
        errors.under(&i.to_string(), command(body));
    }
    errors
}

/// Checks the choices that answer an autocomplete.
pub fn choices(data: &Value) -> FormErrors {
    let mut errors = FormErrors::default();
    check_choices(&mut errors, "data.choices", &data["choices"]);
    errors
}

/// Checks the name and the description of a command or an option, in every language.
fn words(errors: &mut FormErrors, prefix: &str, node: &Value) {
    name(errors, &format!("{prefix}name"), &node["name"]);
    errors.text(&format!("{prefix}description"), &node["description"], 1, 100);
    for (language, text) in localized(&node["name_localizations"]) {
        name(errors, &format!("{prefix}name_localizations.{language}"), text);
    }
    for (language, text) in localized(&node["description_localizations"]) {
        errors.text(&format!("{prefix}description_localizations.{language}"), text, 1, 100);
    }
}

/// The words in other languages, by Discord's tag; null is none.
fn localized(words: &Value) -> impl Iterator<Item = (&String, &Value)> {
    words.as_object().into_iter().flatten().filter(|(_, text)| !text.is_null())
}

fn name(errors: &mut FormErrors, path: &str, value: &Value) {
    let valid = value.as_str().is_some_and(|n| NAME.is_match(n) && n.to_lowercase() == n);
    if !valid {
        errors.add(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
}

fn options(errors: &mut FormErrors, path: &str, list: &Value, depth: usize) {
    let mut names = HashSet::new();
    let mut optional_seen = false;
    for (i, option) in errors.list(path, list, 0, 25).iter().enumerate() {
        let path = format!("{path}.{i}");
        words(errors, &format!("{path}."), option);
        if !names.insert(option["name"].as_str().unwrap_or_default()) {
            errors.add(
                &path,
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                "Option name already exists",
            );
        }
        let required = option["required"] == true;
        if required && optional_seen {
            let message = "Required options must be placed before non-required options";
            errors.add(&path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message);
        }
        optional_seen |= !required;
        match option["type"].as_u64() {
            // A group holds subcommands, a subcommand holds values: no deeper.
            Some(2) if depth == 0 => options(errors, &format!("{path}.options"), &option["options"], 1),
            Some(1) if depth <= 1 => options(errors, &format!("{path}.options"), &option["options"], 2),
            Some(3..=11) => check_choices(errors, &format!("{path}.choices"), &option["choices"]),
            _ => errors.add(
                &format!("{path}.type"),
                "BASE_TYPE_CHOICES",
                "Value is not a valid option type here.",
            ),
        }
        if option["autocomplete"] == true && option["choices"].as_array().is_some_and(|c| !c.is_empty()) {
            let message = "Autocomplete cannot be set along with choices";
            errors.add(&path, "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", message);
        }
    }
}

fn check_choices(errors: &mut FormErrors, path: &str, list: &Value) {
    for (i, choice) in errors.list(path, list, 0, 25).iter().enumerate() {
        errors.text(&format!("{path}.{i}.name"), &choice["name"], 1, 100);
        for (language, text) in localized(&choice["name_localizations"]) {
            errors.text(&format!("{path}.{i}.name_localizations.{language}"), text, 1, 100);
        }
        if choice["value"].is_string() {
            errors.text(&format!("{path}.{i}.value"), &choice["value"], 1, 100);
        }
    }
}

fn total(node: &Value, depth: usize) -> usize {
    // Of a text in several languages the longest counts.
    let longest = |member: &str| {
        let others = localized(&node[format!("{member}_localizations")]).map(|(_, text)| length(text));
        others.fold(length(&node[member]), usize::max)
    };
    let own = longest("name") + longest("description") + length(&node["value"]);
    let lists = [&node["options"], &node["choices"]];
    // Options nest twice, then come choices; anything deeper was refused already.
    let inner = lists.iter().filter(|_| depth < 4).filter_map(|l| l.as_array()).flatten();
    own + inner.map(|n| total(n, depth + 1)).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn commands_are_held_to_the_documented_form() {
        let with = |options: Value| json!({"name": "topics", "description": "Topics", "options": options});
        let option = |kind: u64, required: bool| json!({"type": kind, "name": format!("o{kind}"), "description": "An option", "required": required});
        let group = json!({"type": 2, "name": "g", "description": "Group", "options": [
            {"type": 2, "name": "h", "description": "Group in a group"}]});
        let cases = [
            (with(json!([option(3, true), option(7, false)])), ""),
            (json!({"name": "Topics", "description": "Topics"}), "name"),
            (json!({"name": "a b", "description": "Topics"}), "name"),
            (json!({"name": "topics"}), "description"),
            (json!({"name": "topics", "description": "x".repeat(101)}), "description"),
            (with(json!([option(3, false), option(7, true)])), "options.1"),
            (with(json!([option(3, true), option(3, true)])), "options.1"),
            (with(json!([group])), "options.0.options.0.type"),
            (with(json!(vec![option(3, true); 26])), "options"),
            (
                json!({"name": "topics", "description": "Topics", "name_localizations": {"de": "themen", "fr": null},
                    "description_localizations": {"de": "é".repeat(100)}}),
                "",
            ),
            (
                json!({"name": "topics", "description": "Topics", "name_localizations": {"de": "Die Themen"}}),
                "name_localizations.de",
            ),
            (
                json!({"name": "topics", "description": "Topics",
                    "description_localizations": {"de": "é".repeat(101), "fr": ""}}),
                "description_localizations.de description_localizations.fr",
            ),
            (
                with(json!([{"type": 3, "name": "o", "description": "An option",
                    "description_localizations": {"de": "x".repeat(101)},
                    "choices": [{"name": "c", "value": "c", "name_localizations": {"de": " "}}]}])),
                "options.0.description_localizations.de options.0.choices.0.name_localizations.de",
            ),
        ];
        for (body, path) in cases {
            let errors = command(&body);
            let paths: Vec<_> = errors.0.iter().map(|e| e.path.join(".")).collect();
            assert_eq!(paths.join(" "), path, "{body}");
        }
        let long = |n: usize| {
            let subcommand = |_| json!({"type": 1, "name": "s", "description": "d", "description_localizations": {"de": "x".repeat(n)}});
            total(&with((0..80).map(subcommand).collect()), 0)
        };
        assert_eq!(long(99) - long(98), 80, "the longest of all languages counts");
        assert!(choices(&json!({"choices": vec![json!({"name": "a", "value": "a"}); 25]})).is_empty());
        assert!(!choices(&json!({"choices": vec![json!({"name": "a", "value": "a"}); 26]})).is_empty());
        assert!(!choices(&json!({"choices": [{"name": "x".repeat(101), "value": "a"}]})).is_empty());
    }
}
