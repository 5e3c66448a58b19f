//! What an administrator does to the guild in Discord's client: channels of every kind, overwrites, threads.

use super::EmbeddedDiscord;
use super::hub::lock;
use super::objects;
use super::sessions::intents;
use super::state::{Access, ChannelKind, Overwrite, Tag, Thread, User};
use crate::domain::{ChannelId, UserId};

impl EmbeddedDiscord {
    /// Sets what the bot may do in a channel, and tells it as Discord does.
    pub fn set_access(&self, channel: ChannelId, access: Access) {
        self.hub.change(|world| {
            if let Some(place) = world.channels.get_mut(&channel) {
                place.access = access;
                let shown = objects::channel(world, &world.channels[&channel]);
                lock(&self.hub.sessions).dispatch("CHANNEL_UPDATE", &shown, intents::GUILDS);
            }
        });
    }

    /// Deletes a channel, as a moderator would.
    pub fn delete_channel(&self, channel: ChannelId) {
        self.hub.change(|world| {
            if let Some(place) = world.channels.get(&channel) {
                let shown = objects::channel(world, place);
                world.remove_channel(channel);
                lock(&self.hub.sessions).dispatch("CHANNEL_DELETE", &shown, intents::GUILDS);
            }
        });
    }

    /// Lets everybody use a command, as the server's owner may in its integrations.
    pub fn open_command(&self, name: &str) {
        self.hub.change(|world| world.opened.insert(name.to_owned()));
    }

    /// Adds a person who has the roles of another.
    pub fn add_member_like(&self, other: UserId) -> UserId {
        let now = self.hub.now();
        self.hub.change(|world| {
            let id = UserId(world.next_id(now));
            let roles = world.guild.members.get(&other).cloned().unwrap_or_default();
            world.users.insert(
                id,
                User { id, name: format!("member-{id}"), bot: false, locale: "en-US".to_owned() },
            );
            world.guild.members.insert(id, roles);
            id
        })
    }

    /// Adds an announcement channel.
    pub fn add_announcements(&self, name: &str) -> ChannelId {
        self.add(name, ChannelKind::Announcement, &[])
    }

    /// Adds a forum with tags; a tag's id follows from its place, see [`EmbeddedDiscord::tag`].
    pub fn add_forum(&self, name: &str, tags: &[&str], requires_tag: bool) -> ChannelId {
        self.add(name, ChannelKind::Forum { requires_tag }, tags)
    }

    fn add(&self, name: &str, kind: ChannelKind, tags: &[&str]) -> ChannelId {
        let now = self.hub.now();
        self.hub.change(|world| {
            let id = world.add_channel(kind, name.to_owned(), now);
            let tags =
                tags.iter().map(|name| Tag { id: world.next_id(now), name: (*name).to_owned() }).collect();
            if let Some(channel) = world.channels.get_mut(&id) {
                channel.tags = tags;
                let shown = objects::channel(world, &world.channels[&id]);
                lock(&self.hub.sessions).dispatch("CHANNEL_CREATE", &shown, intents::GUILDS);
            }
            id
        })
    }

    /// Begins a thread in a channel, as a moderator would.
    pub fn add_thread(&self, parent: ChannelId, name: &str) -> ChannelId {
        let now = self.hub.now();
        self.hub.change(|world| {
            let id = ChannelId(world.next_id(now));
            let of_announcements =
                world.channels.get(&parent).is_some_and(|place| place.kind == ChannelKind::Announcement);
            let owner = world.guild.owner;
            world.insert_channel(id, ChannelKind::Thread, name.to_owned()).thread = Some(Thread {
                parent,
                owner,
                archived: false,
                locked: false,
                auto_archive_minutes: 1440,
                tags: Vec::new(),
                changed: now,
                of_announcements,
                private: false,
            });
            let shown = objects::channel(world, &world.channels[&id]);
            lock(&self.hub.sessions).dispatch("THREAD_CREATE", &shown, intents::GUILDS);
            id
        })
    }

    /// Sets the guild's preferred language, and tells it as Discord does.
    pub fn set_guild_locale(&self, tag: &str) {
        self.hub.change(|world| {
            world.guild.locale = tag.to_owned();
            lock(&self.hub.sessions).dispatch("GUILD_UPDATE", &objects::guild(world), intents::GUILDS);
        });
    }

    /// Sets the language in which a user has Discord's client.
    pub fn set_user_locale(&self, user: UserId, tag: &str) {
        self.hub.change(|world| {
            if let Some(user) = world.users.get_mut(&user) {
                user.locale = tag.to_owned();
            }
        });
    }

    /// The id of a forum's tag.
    pub fn tag(&self, forum: ChannelId, name: &str) -> Option<u64> {
        let world = self.hub.world();
        world.channels.get(&forum)?.tags.iter().find(|tag| tag.name == name).map(|tag| tag.id)
    }

    /// The role of this name.
    pub fn role(&self, name: &str) -> Option<u64> {
        self.hub.world().guild.roles.iter().find(|role| role.name == name).map(|role| role.id)
    }

    /// Replaces what a role or a member may do in a channel, and tells it as Discord does.
    pub fn set_overwrite(&self, channel: ChannelId, overwrite: Overwrite) {
        self.hub.change(|world| {
            let Some(place) = world.channels.get_mut(&channel) else { return };
            place.overwrites.retain(|o| o.id != overwrite.id);
            place.overwrites.push(overwrite);
            let shown = objects::channel(world, &world.channels[&channel]);
            lock(&self.hub.sessions).dispatch("CHANNEL_UPDATE", &shown, intents::GUILDS);
        });
    }

    /// Archives or opens a thread, and locks or unlocks it, as a moderator would.
    pub fn set_thread(&self, thread: ChannelId, archived: bool, locked: bool) {
        let now = self.hub.now();
        self.hub.change(|world| {
            let Some(place) = world.channels.get_mut(&thread) else { return };
            let Some(state) = &mut place.thread else { return };
            (state.archived, state.locked, state.changed) = (archived, locked, now);
            let shown = objects::channel(world, &world.channels[&thread]);
            lock(&self.hub.sessions).dispatch("THREAD_UPDATE", &shown, intents::GUILDS);
        });
    }

    /// The threads of a channel, oldest first, with their names.
    pub fn threads(&self, channel: ChannelId) -> Vec<(ChannelId, String)> {
        let world = self.hub.world();
        let of_it =
            world.channels.values().filter(|c| c.thread.as_ref().is_some_and(|t| t.parent == channel));
        of_it.map(|c| (c.id, c.name.clone())).collect()
    }

    /// What a user may do in a channel, as a set of permission bits; 0 if there is no such channel.
    pub fn permissions(&self, user: UserId, channel: ChannelId) -> u64 {
        let world = self.hub.world();
        world.channels.get(&channel).map_or(0, |place| super::permissions::in_channel(&world, user, place))
    }
}
