//! Whom a message notifies, by its text and its `allowed_mentions`.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::permissions;
use super::state::{Channel, Pings, World};
use crate::domain::UserId;

static MENTION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<@(!?|&)(\d{1,20})>|@(everyone|here)").expect("a literal pattern"));

/// The notifications of a message that the bot sends; embeds never notify.
///
/// Source: Discord's documentation, "Allowed Mentions Object": without the object everything in the
/// text counts; with it only what it names.
pub fn pings(world: &World, channel: &Channel, content: &str, allowed: Option<&Value>) -> Pings {
    let may_all = permissions::in_channel(world, world.bot, channel) & permissions::MENTION_EVERYONE != 0;
    let mut pings = Pings::default();
    for found in MENTION.captures_iter(content) {
        let Some(id) = found.get(2).and_then(|id| id.as_str().parse::<u64>().ok()) else {
            pings.everyone |= found.get(3).is_some() && may_all && permits(allowed, "everyone", None);
            continue;
        };
        if found.get(1).is_some_and(|kind| kind.as_str() == "&") {
            let known = world.guild.roles.iter().any(|role| role.id == id);
            if known && may_all && permits(allowed, "roles", Some(id)) && !pings.roles.contains(&id) {
                pings.roles.push(id);
            }
        } else {
            let user = UserId(id);
            if world.users.contains_key(&user)
                && permits(allowed, "users", Some(id))
                && !pings.users.contains(&user)
            {
                pings.users.push(user);
            }
        }
    }
    pings
}

fn permits(allowed: Option<&Value>, kind: &str, id: Option<u64>) -> bool {
    let Some(allowed) = allowed.filter(|a| !a.is_null()) else { return true };
    let list = |key: &str| allowed[key].as_array().map(Vec::as_slice).unwrap_or_default();
    list("parse").iter().any(|k| k == kind)
        || id.is_some_and(|id| list(kind).iter().any(|v| as_id(v) == Some(id)))
}

/// An id written as a number or as digits.
pub fn as_id(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_allowed_notifies() {
        let now = Utc.with_ymd_and_hms(2026, 8, 1, 12, 0, 0).unwrap();
        let mut world = World::seed(now);
        let channel = world.open_channel("news", now);
        let channel = world.channels[&channel].clone();
        let member = *world.users.keys().find(|id| world.users[id].name == "member").unwrap();
        let text = format!("<@{member}> <@!{member}> <@&{}> @everyone <@1>", world.guild.roles[2].id);
        let users = |allowed: Option<Value>| pings(&world, &channel, &text, allowed.as_ref()).users;
        assert_eq!(users(None), [member]);
        assert_eq!(users(Some(json!({"parse": []}))), []);
        assert_eq!(users(Some(json!({"parse": ["users"]}))), [member]);
        assert_eq!(users(Some(json!({"parse": [], "users": [member.to_string()]}))), [member]);
        let all = pings(&world, &channel, &text, None);
        assert!(!all.everyone && all.roles.is_empty(), "the bot lacks the permission: {all:?}");

        world.guild.roles[1].permissions |= permissions::MENTION_EVERYONE;
        let all = pings(&world, &channel, &text, None);
        assert!(all.everyone && all.roles == [world.guild.roles[2].id], "{all:?}");
        let none = pings(&world, &channel, &text, Some(&json!({"parse": []})));
        assert_eq!(none, Pings::default());
    }
}
