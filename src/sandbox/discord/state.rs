//! What the embedded Discord holds: one guild, its people, channels, messages and commands.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{ChannelId, GuildId, MessageId, UserId};

mod seed;

/// Messages kept in one channel; the oldest go first, so that a long-lived sandbox stays small.
const MESSAGES_PER_CHANNEL: usize = 1000;
/// New commands of a guild, or of everywhere, in a day.
const CREATIONS: usize = 200;
/// 2015-01-01T00:00:00Z in Unix milliseconds, where snowflakes start.
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

/// Everything that survives a restart.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct World {
    /// A new id changes nothing else.
    last_id: Cell<u64>,
    /// The bot's user; also the id of its application, as with every application made since 2016.
    pub bot: UserId,
    pub guild: Guild,
    pub users: BTreeMap<UserId, User>,
    pub channels: BTreeMap<ChannelId, Channel>,
    messages: BTreeMap<ChannelId, BTreeMap<MessageId, StoredMessage>>,
    /// Registered commands as the API shows them; `guild_id` is there for a guild's own.
    pub commands: Vec<Value>,
    /// Names of those that the server's owner has opened to everybody.
    #[serde(default)]
    pub opened: BTreeSet<String>,
    /// When commands were created within the last day, with their `guild_id`.
    #[serde(default)]
    creations: Vec<(Value, DateTime<Utc>)>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Guild {
    pub id: GuildId,
    pub name: String,
    pub owner: UserId,
    /// The first is `@everyone`, whose id is the guild's.
    pub roles: Vec<Role>,
    /// The roles of each member beside `@everyone`.
    pub members: BTreeMap<UserId, Vec<u64>>,
    pub created: DateTime<Utc>,
    /// Its preferred language, as Discord's tag.
    #[serde(default = "english")]
    pub locale: String,
}

fn english() -> String {
    "en-US".to_owned()
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Role {
    pub id: u64,
    pub name: String,
    /// A set of [`super::permissions`].
    pub permissions: u64,
    /// The bot whose own role this is.
    pub bot: Option<UserId>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    pub name: String,
    pub bot: bool,
    /// In which they use Discord's client, as its tag.
    #[serde(default = "english")]
    pub locale: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Channel {
    pub id: ChannelId,
    pub kind: ChannelKind,
    /// Empty for a direct channel.
    pub name: String,
    /// What the bot may do here.
    pub access: Access,
    /// What roles and members may do here, beside what their roles say.
    #[serde(default)]
    pub overwrites: Vec<Overwrite>,
    /// The tags of a forum.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// Set on threads.
    #[serde(default)]
    pub thread: Option<Thread>,
}

impl Channel {
    /// Whether it belongs to the guild, threads included.
    pub fn is_in_guild(&self) -> bool {
        !matches!(self.kind, ChannelKind::Direct(_))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChannelKind {
    Text,
    /// Between the bot and one user.
    Direct(UserId),
    /// Its messages can be published to the servers that follow it.
    Announcement,
    /// Holds posts only, each a thread.
    Forum {
        /// Every post needs one of its tags.
        requires_tag: bool,
    },
    /// A thread; what it is of is told by its channel.
    Thread,
}

impl ChannelKind {
    /// The `type` of the channel.
    pub fn number(self) -> u8 {
        match self {
            ChannelKind::Text => 0,
            ChannelKind::Direct(_) => 1,
            ChannelKind::Announcement => 5,
            ChannelKind::Forum { .. } => 15,
            ChannelKind::Thread => 11,
        }
    }
}

/// What a thread is beside a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    pub parent: ChannelId,
    pub owner: UserId,
    pub archived: bool,
    /// Only who manages threads may write or open it again.
    pub locked: bool,
    /// After how long without a message it is archived.
    pub auto_archive_minutes: u32,
    /// Tags of the forum.
    pub tags: Vec<u64>,
    /// When it was last archived or opened.
    pub changed: DateTime<Utc>,
    /// In a thread of an announcement channel the type is another.
    pub of_announcements: bool,
    /// Only its owner and who manages threads see it.
    #[serde(default)]
    pub private: bool,
}

/// A tag of a forum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    pub id: u64,
    pub name: String,
}

/// What one role or member may do in one channel, whatever their roles say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overwrite {
    /// Of a role, or of a user.
    pub id: u64,
    pub of_member: bool,
    pub allow: u64,
    pub deny: u64,
}

/// What the bot may do in a channel; a control for tests of 50013 and 50001.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Access {
    #[default]
    Full,
    /// It sees the channel and cannot send: 403, code 50013.
    ReadOnly,
    /// It does not see the channel: 403, code 50001.
    Hidden,
}

/// A message as stored, richer than what the API shows of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredMessage {
    pub id: MessageId,
    pub channel: ChannelId,
    pub author: UserId,
    pub content: String,
    /// As the API shows them, `type` and `inline` filled in.
    pub embeds: Vec<Value>,
    /// Action rows as the API shows them, each component with its `id`.
    pub components: Vec<Value>,
    pub attachments: Vec<StoredFile>,
    pub sent: DateTime<Utc>,
    pub edited: Option<DateTime<Utc>>,
    pub nonce: Option<Value>,
    pub flags: u64,
    /// As received with the message.
    pub allowed_mentions: Option<Value>,
    /// Whom the message notified when it was sent; an edit notifies nobody.
    pub pings: Pings,
    /// Set on an ephemeral answer: the only user who sees it.
    pub only_for: Option<UserId>,
    /// The interaction that the message answers, as `interaction_metadata`.
    pub interaction: Option<Value>,
    /// The command that the message answers, as typed; empty otherwise.
    #[serde(default)]
    pub command: String,
    /// The message that this one is a reply to.
    #[serde(default)]
    pub reply_to: Option<MessageId>,
}

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    pub id: u64,
    pub name: String,
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// Whom a message notifies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pings {
    pub everyone: bool,
    pub users: Vec<UserId>,
    pub roles: Vec<u64>,
}

impl World {
    /// Counts new commands of a guild, or of everywhere. False, and none is counted, if they are too many for a day.
    pub fn may_create(&mut self, count: usize, guild_id: &Value, now: DateTime<Utc>) -> bool {
        self.creations.retain(|(_, at)| now - at < TimeDelta::days(1));
        let today = self.creations.iter().filter(|(of, _)| of == guild_id).count();
        let may = today + count <= CREATIONS;
        if may {
            self.creations.extend(iter::repeat_n((guild_id.clone(), now), count));
        }
        may
    }

    /// A new snowflake, above every one given before, whatever the clock says.
    pub fn next_id(&self, now: DateTime<Utc>) -> u64 {
        next_snowflake(&self.last_id, now)
    }

    /// The channel of that name, made if there is none.
    pub fn open_channel(&mut self, name: &str, now: DateTime<Utc>) -> ChannelId {
        if let Some(channel) = self.channel_named(name) {
            return channel;
        }
        self.add_channel(ChannelKind::Text, name.to_owned(), now)
    }

    pub fn user_named(&self, name: &str) -> Option<UserId> {
        self.users.values().find(|u| u.name == name).map(|u| u.id)
    }

    pub fn channel_named(&self, name: &str) -> Option<ChannelId> {
        self.channels.values().find(|c| c.is_in_guild() && c.thread.is_none() && c.name == name).map(|c| c.id)
    }

    /// The direct channel between the bot and a user, made if there is none.
    pub fn open_direct(&mut self, user: UserId, now: DateTime<Utc>) -> ChannelId {
        let kind = ChannelKind::Direct(user);
        match self.channels.values().find(|c| c.kind == kind) {
            Some(channel) => channel.id,
            None => self.add_channel(kind, String::new(), now),
        }
    }

    /// Adds a channel of any kind.
    pub fn add_channel(&mut self, kind: ChannelKind, name: String, now: DateTime<Utc>) -> ChannelId {
        let id = ChannelId(self.next_id(now));
        self.insert_channel(id, kind, name);
        id
    }

    /// Adds a channel with an id of its own: a thread that a message begins has the message's.
    pub fn insert_channel(&mut self, id: ChannelId, kind: ChannelKind, name: String) -> &mut Channel {
        let (access, overwrites, tags) = (Access::Full, Vec::new(), Vec::new());
        let channel = Channel { id, kind, name, access, overwrites, tags, thread: None };
        self.channels.entry(id).insert_entry(channel).into_mut()
    }

    /// The messages of a channel, oldest first, ephemeral ones included.
    pub fn messages_in(&self, channel: ChannelId) -> impl DoubleEndedIterator<Item = &StoredMessage> {
        self.messages.get(&channel).into_iter().flat_map(|m| m.values())
    }

    pub fn message(&self, id: MessageId) -> Option<&StoredMessage> {
        self.messages.values().find_map(|m| m.get(&id))
    }

    pub fn message_mut(&mut self, id: MessageId) -> Option<&mut StoredMessage> {
        self.messages.values_mut().find_map(|m| m.get_mut(&id))
    }

    /// Stores a message. A thread opens again when something is written in it that all its readers see.
    pub fn add_message(&mut self, message: StoredMessage) {
        let thread = self.channels.get_mut(&message.channel).and_then(|channel| channel.thread.as_mut());
        if let Some(thread) = thread.filter(|thread| thread.archived && message.only_for.is_none()) {
            (thread.archived, thread.changed) = (false, message.sent);
        }
        let channel = self.messages.entry(message.channel).or_default();
        channel.insert(message.id, message);
        while channel.len() > MESSAGES_PER_CHANNEL {
            channel.pop_first();
        }
    }

    /// Archives the threads in which nothing was written for as long as each allows; gives these.
    pub fn archive_idle(&mut self, now: DateTime<Utc>) -> Vec<ChannelId> {
        let over = |channel: &&Channel| {
            let Some(thread) = channel.thread.as_ref().filter(|thread| !thread.archived) else {
                return false;
            };
            let allowed = TimeDelta::minutes(thread.auto_archive_minutes.into());
            let last = || self.messages_in(channel.id).next_back().map(|message| message.sent);
            now - thread.changed >= allowed && last().is_none_or(|last| now - last >= allowed)
        };
        let idle: Vec<ChannelId> = self.channels.values().filter(over).map(|channel| channel.id).collect();
        for id in &idle {
            if let Some(thread) = self.channels.get_mut(id).and_then(|channel| channel.thread.as_mut()) {
                (thread.archived, thread.changed) = (true, now);
            }
        }
        idle
    }

    pub fn remove_message(&mut self, id: MessageId) -> Option<StoredMessage> {
        self.messages.values_mut().find_map(|m| m.remove(&id))
    }

    /// Removes a channel, its threads and their messages.
    pub fn remove_channel(&mut self, id: ChannelId) -> Option<Channel> {
        let of_it = |c: &&Channel| c.thread.as_ref().is_some_and(|thread| thread.parent == id);
        let threads: Vec<_> = self.channels.values().filter(of_it).map(|c| c.id).collect();
        for thread in threads {
            self.messages.remove(&thread);
            self.channels.remove(&thread);
        }
        self.messages.remove(&id);
        self.channels.remove(&id)
    }

    /// Forgets what Discord itself keeps only for a session.
    pub fn drop_ephemeral(&mut self) {
        for channel in self.messages.values_mut() {
            channel.retain(|_, message| message.only_for.is_none());
        }
    }
}

/// Discord's layout: 42 bits of milliseconds, then 22 that tell ids of one millisecond apart.
fn next_snowflake(last: &Cell<u64>, now: DateTime<Utc>) -> u64 {
    let ms = u64::try_from(now.timestamp_millis() - DISCORD_EPOCH_MS).unwrap_or(0);
    last.set((ms << 22).max(last.get() + 1));
    last.get()
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn ids_grow_even_when_the_clock_goes_back() {
        let now = Utc.with_ymd_and_hms(2026, 8, 1, 12, 0, 0).unwrap();
        let world = World::seed(now);
        let first = world.next_id(now);
        let second = world.next_id(now - chrono::TimeDelta::hours(1));
        let third = world.next_id(now + chrono::TimeDelta::hours(1));
        assert!(first < second && second < third, "{first} {second} {third}");
        assert_eq!(first >> 22, (now.timestamp_millis() - DISCORD_EPOCH_MS) as u64);
    }
}
