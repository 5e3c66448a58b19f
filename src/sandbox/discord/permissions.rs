//! Who may do what: Discord's permission bits and the order in which they combine.

use super::state::{Access, Channel, ChannelKind, World};
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

/// All bits that Discord defines today.
pub const ALL: u64 = (1 << 53) - 1;
/// What a new server gives everybody.
pub const EVERYONE: u64 = VIEW_CHANNEL
    | SEND_MESSAGES
    | ADD_REACTIONS
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_APPLICATION_COMMANDS;
/// What `dateline invite` asks for: nothing here may need more.
pub const BOT: u64 = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | READ_MESSAGE_HISTORY;
pub const MODERATOR: u64 = EVERYONE | MANAGE_CHANNELS | MANAGE_MESSAGES | MENTION_EVERYONE;

/// A permission overwrite of one member in one channel: (allowed, denied).
pub fn overwrite(access: Access) -> (u64, u64) {
    match access {
        Access::Full => (0, 0),
        Access::ReadOnly => (0, SEND_MESSAGES),
        Access::Hidden => (0, VIEW_CHANNEL),
    }
}

/// What a user may do in a channel: the owner and administrators everything, others the union of
/// their roles, then the channel's overwrites.
pub fn in_channel(world: &World, user: UserId, channel: &Channel) -> u64 {
    if let ChannelKind::Direct(_) = channel.kind {
        return EVERYONE;
    }
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
    if user != world.bot {
        return base;
    }
    let (allow, deny) = overwrite(channel.access);
    let set = base & !deny | allow;
    // Without seeing a channel nothing else in it can be done.
    if set & VIEW_CHANNEL == 0 { 0 } else { set }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_bot_has_what_its_invitation_asks_for() {
        assert_eq!(super::BOT, crate::discord::invite::permissions());
    }
}
