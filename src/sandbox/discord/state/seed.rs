//! The world that a sandbox begins with.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{Guild, Role, User, World, english, next_snowflake};
use crate::domain::{GuildId, UserId};
use crate::sandbox::discord::permissions;

impl World {
    /// A guild "Sandbox" with a bot, a member, a moderator, an administrator, and no channel yet.
    pub fn seed(now: DateTime<Utc>) -> Self {
        let last_id = Cell::new(0);
        let id = || next_snowflake(&last_id, now);
        let guild_id = id();
        let [bot, member, moderator, administrator] = [id(), id(), id(), id()].map(UserId);
        let role = |id, name: &str, permissions, bot| Role { id, name: name.into(), permissions, bot };
        let roles = vec![
            role(guild_id, "@everyone", permissions::EVERYONE, None),
            role(id(), "dateline", permissions::BOT, Some(bot)),
            role(id(), "Moderators", permissions::MODERATOR, None),
            role(id(), "Administrators", permissions::ADMINISTRATOR, None),
        ];
        let members = BTreeMap::from([
            (bot, vec![roles[1].id]),
            (member, vec![]),
            (moderator, vec![roles[2].id]),
            (administrator, vec![roles[3].id]),
        ]);
        let user = |id, name: &str| (id, User { id, name: name.into(), bot: id == bot, locale: english() });
        let users = BTreeMap::from([
            user(bot, "dateline"),
            user(member, "member"),
            user(moderator, "moderator"),
            user(administrator, "administrator"),
        ]);
        let guild = Guild {
            id: GuildId(guild_id),
            name: "Sandbox".into(),
            owner: administrator,
            roles,
            members,
            created: now,
            locale: english(),
        };
        World {
            last_id,
            bot,
            guild,
            users,
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            commands: Vec::new(),
            opened: BTreeSet::new(),
            creations: Vec::new(),
        }
    }
}
