//! Who may do what: Discord's permission bits and the order in which they combine.

use super::state::{Access, Channel, ChannelKind, Overwrite, World};
use crate::domain::UserId;

pub const ADMINISTRATOR: u64 = 1 << 3;
pub const MANAGE_CHANNELS: u64 = 1 << 4;
pub const ADD_REACTIONS: u64 = 1 << 6;
pub const VIEW_CHANNEL: u64 = 1 << 10;
pub const SEND_MESSAGES: u64 = 1 << 11;
pub const MANAGE_MESSAGES: u64 = 1 << 13;
pub const EMBED_LINKS: u64 = 1 << 14;
pub const ATTACH_FILES: u64 = 1 << 15;
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
pub const MENTION_EVERYONE: u64 = 1 << 17;
pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
pub const MANAGE_THREADS: u64 = 1 << 34;
pub const CREATE_PUBLIC_THREADS: u64 = 1 << 35;
pub const CREATE_PRIVATE_THREADS: u64 = 1 << 36;
pub const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;

/// All bits that Discord defines today.
pub const ALL: u64 = (1 << 53) - 1;
/// What a new server gives everybody.
pub const EVERYONE: u64 = VIEW_CHANNEL
    | SEND_MESSAGES
    | ADD_REACTIONS
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | SEND_MESSAGES_IN_THREADS;
/// What `dateline invite` asks for: nothing here may need more.
pub const BOT: u64 =
    VIEW_CHANNEL | SEND_MESSAGES | SEND_MESSAGES_IN_THREADS | EMBED_LINKS | READ_MESSAGE_HISTORY;
pub const MODERATOR: u64 = EVERYONE | MANAGE_CHANNELS | MANAGE_MESSAGES | MANAGE_THREADS | MENTION_EVERYONE;

/// The names of permissions in a set, as Discord's client gives them; those that matter here.
pub fn names(set: u64) -> Vec<&'static str> {
    let known = [
        (ADMINISTRATOR, "Administrator"),
        (MANAGE_CHANNELS, "Manage Channels"),
        (MANAGE_MESSAGES, "Manage Messages"),
        (VIEW_CHANNEL, "View Channels"),
        (SEND_MESSAGES, "Send Messages"),
        (SEND_MESSAGES_IN_THREADS, "Send Messages in Threads"),
        (EMBED_LINKS, "Embed Links"),
        (ATTACH_FILES, "Attach Files"),
        (READ_MESSAGE_HISTORY, "Read Message History"),
        (MENTION_EVERYONE, "Mention Everyone"),
    ];
    known.into_iter().filter(|(bit, _)| set & bit != 0).map(|(_, name)| name).collect()
}

/// A permission overwrite of one member in one channel: (allowed, denied).
pub fn overwrite(access: Access) -> (u64, u64) {
    match access {
        Access::Full => (0, 0),
        Access::ReadOnly => (0, SEND_MESSAGES),
        Access::Hidden => (0, VIEW_CHANNEL),
    }
}

/// What a user may do in a channel: the owner and administrators everything, others the union of
/// their roles, then the channel's overwrites: of everybody, of their roles, of the member. A thread
/// has those of its channel; a private one is seen by its owner and by who manages threads.
///
/// Source: Discord's documentation, "Permission Overwrites".
pub fn in_channel(world: &World, user: UserId, channel: &Channel) -> u64 {
    if let ChannelKind::Direct(with) = channel.kind {
        return if user == with || user == world.bot { EVERYONE } else { 0 };
    }
    let is_private = channel.thread.as_ref().is_some_and(|thread| thread.private && thread.owner != user);
    let parent = channel.thread.as_ref().and_then(|thread| world.channels.get(&thread.parent));
    let channel = parent.unwrap_or(channel);
    let Some(roles) = world.guild.members.get(&user) else { return 0 };
    let everyone = world.guild.id.0;
    let base = world
        .guild
        .roles
        .iter()
        .filter(|r| r.id == everyone || roles.contains(&r.id))
        .fold(0, |set, role| set | role.permissions);
    if world.guild.owner == user || base & ADMINISTRATOR != 0 {
        return ALL;
    }
    let apply = |set: u64, applies: &dyn Fn(&Overwrite) -> bool| {
        let these = channel.overwrites.iter().filter(|o| applies(o));
        let (allow, deny) = these.fold((0, 0), |(allow, deny), o| (allow | o.allow, deny | o.deny));
        set & !deny | allow
    };
    let set = apply(base, &|o| !o.of_member && o.id == everyone);
    let set = apply(set, &|o| !o.of_member && o.id != everyone && roles.contains(&o.id));
    let mut set = apply(set, &|o| o.of_member && o.id == user.0);
    if user == world.bot {
        let (allow, deny) = overwrite(channel.access);
        set = set & !deny | allow;
    }
    // Without seeing a channel nothing else in it can be done.
    let sees = set & VIEW_CHANNEL != 0 && !(is_private && set & MANAGE_THREADS == 0);
    if sees { set } else { 0 }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_bot_has_what_its_invitation_asks_for() {
        assert_eq!(super::BOT, crate::discord::invite::permissions());
    }
}
