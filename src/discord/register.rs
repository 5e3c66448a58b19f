//! Telling Discord our commands, only when they changed: creating them is limited to 200 a day.

use poise::serenity_prelude as serenity;
use serde_json::{Map, Value};

/// Makes Discord's list of our commands equal to ours. Returns whether it had to be changed.
pub(super) async fn register(
    http: &serenity::Http,
    commands: Vec<serenity::CreateCommand>,
) -> anyhow::Result<bool> {
    let registered = http.get_global_commands_with_localizations().await?;
    if essence_of_all(&serde_json::to_value(&registered)?)
        == essence_of_all(&serde_json::to_value(&commands)?)
    {
        return Ok(false);
    }
    serenity::Command::set_global_commands(http, commands).await?;
    Ok(true)
}

/// Discord keeps its own order.
fn essence_of_all(commands: &Value) -> Vec<Value> {
    let mut all: Vec<Value> = commands.as_array().into_iter().flatten().map(essence).collect();
    for command in &mut all {
        if let Value::Object(command) = command {
            command.entry("type").or_insert(Value::from(1.0));
        }
    }
    all.sort_by_key(|command| command["name"].to_string());
    all
}

/// What we say of a command, without what Discord adds, in one spelling.
fn essence(value: &Value) -> Value {
    const OURS: [&str; 19] = [
        "name",
        "description",
        "type",
        "options",
        "required",
        "autocomplete",
        "choices",
        "value",
        "min_value",
        "max_value",
        "min_length",
        "max_length",
        "channel_types",
        "default_member_permissions",
        "contexts",
        "integration_types",
        "nsfw",
        "name_localizations",
        "description_localizations",
    ];
    match value {
        Value::Object(members) => {
            let ours = members.iter().filter(|(name, _)| OURS.contains(&name.as_str()));
            // Absent, null, false and empty are the same to Discord.
            let essence = |name: &str, value: &Value| match name.ends_with("_localizations") {
                true => value.clone(),
                false => essence(value),
            };
            let said = ours.map(|(name, value)| (name.clone(), essence(name, value))).filter(|(_, value)| {
                !value.is_null()
                    && *value != Value::Bool(false)
                    && value.as_array().is_none_or(|array| !array.is_empty())
                    && value.as_object().is_none_or(|members| !members.is_empty())
            });
            Value::Object(said.collect::<Map<_, _>>())
        }
        Value::Array(values) => Value::Array(values.iter().map(essence).collect()),
        Value::Number(number) => Value::from(number.as_f64()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_discord_adds_is_no_change() {
        let ours = json!([{ "name": "digest", "description": "Digest a page", "contexts": [0], "options": [
            { "type": 3, "name": "url", "description": "Its address", "required": true, "autocomplete": false, "min_length": 4 },
        ] }]);
        let theirs = json!([{ "id": "1", "application_id": "2", "version": "3", "type": 1, "name": "digest", "nsfw": false,
            "description": "Digest a page", "contexts": [0], "default_member_permissions": null, "options": [
            { "type": 3, "name": "url", "description": "Its address", "required": true, "min_length": 4.0, "choices": [] },
        ] }]);
        assert_eq!(essence_of_all(&ours), essence_of_all(&theirs));
        let mut changed = theirs.clone();
        changed[0]["options"][0]["description"] = json!("The address");
        assert_ne!(essence_of_all(&ours), essence_of_all(&changed));
        assert_ne!(essence_of_all(&ours), essence_of_all(&json!([])));
    }
}
