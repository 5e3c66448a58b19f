//! The objects of the API as Discord writes them, with every field that serenity insists on.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::permissions;
use super::state::{Channel, ChannelKind, Role, StoredFile, StoredMessage, Thread, User, World};
use crate::domain::{GuildId, UserId};

/// Bytes a user may attach to an interaction.
pub const ATTACHMENT_LIMIT: u32 = 10 * 1024 * 1024;
/// Message flag: only the user who caused the message sees it.
pub const EPHEMERAL: u64 = 1 << 6;
/// Channel flag: every post of the forum needs a tag.
const REQUIRE_TAG: u64 = 1 << 4;
/// Message flag: published to the channels that follow.
pub const CROSSPOSTED: u64 = 1;
const LOCALE: &str = "en-US";

pub fn message(world: &World, message: &StoredMessage) -> Value {
    let author = world.users.get(&message.author).map(user);
    let mentions: Vec<_> =
        message.pings.users.iter().filter_map(|id| world.users.get(id)).map(user).collect();
    let roles: Vec<_> = message.pings.roles.iter().map(u64::to_string).collect();
    let mut out = json!({
        "id": message.id.to_string(),
        "channel_id": message.channel.to_string(),
        "author": author,
        "content": message.content,
        "timestamp": timestamp(message.sent),
        "edited_timestamp": message.edited.map(timestamp),
        "tts": false,
        "mention_everyone": message.pings.everyone,
        "mentions": mentions,
        "mention_roles": roles,
        "attachments": message.attachments.iter().map(|file| attachment(message, file)).collect::<Vec<_>>(),
        "embeds": message.embeds,
        "components": message.components,
        "pinned": false,
        "type": 0,
        "flags": message.flags,
    });
    if let Some(nonce) = &message.nonce {
        out["nonce"] = nonce.clone();
    }
    if let Some(original) = message.reply_to {
        out["type"] = json!(19);
        out["message_reference"] = json!({
            "type": 0,
            "channel_id": message.channel.to_string(),
            "message_id": original.to_string(),
        });
        let original =
            world.message(original).map(|original| StoredMessage { reply_to: None, ..original.clone() });
        out["referenced_message"] = original.map_or(Value::Null, |original| self::message(world, &original));
    }
    if let Some(interaction) = &message.interaction {
        out["type"] = json!(if interaction["type"] == 2 { 20 } else { 0 });
        out["interaction_metadata"] = interaction.clone();
        out["application_id"] = json!(world.bot.to_string());
        out["webhook_id"] = json!(world.bot.to_string());
    }
    out
}

fn attachment(message: &StoredMessage, file: &StoredFile) -> Value {
    let url = attachment_url(message.channel.0, file.id, &file.name);
    json!({
        "id": file.id.to_string(),
        "filename": file.name,
        "size": file.bytes.len(),
        "url": url,
        "proxy_url": url,
        "content_type": file.content_type,
        "ephemeral": message.only_for.is_some(),
    })
}

/// The address of a file, signed as Discord signs it: without the signature it leads nowhere.
pub fn attachment_url(channel: u64, id: u64, name: &str) -> String {
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let signature = attachment_signature(channel, id);
    format!("https://cdn.discordapp.com/attachments/{channel}/{id}/{name}?ex=7fffffff&is=0&hm={signature}")
}

/// No secret: it shows that a client sends the whole address, which is all that the sandbox has to know.
pub fn attachment_signature(channel: u64, id: u64) -> String {
    format!("{:016x}", channel.rotate_left(32) ^ id)
}

pub fn user(user: &User) -> Value {
    json!({
        "id": user.id.to_string(),
        "username": user.name,
        "discriminator": "0",
        "global_name": null,
        "avatar": null,
        "banner": null,
        "accent_color": null,
        "bot": user.bot,
        "system": false,
        "flags": 0,
        "public_flags": 0,
        "avatar_decoration_data": null,
        "collectibles": null,
        "primary_guild": null,
    })
}

/// The user that the token belongs to: with what only it may see of itself.
pub fn current_user(world: &World) -> Value {
    let mut out = world.users.get(&world.bot).map(user).unwrap_or_default();
    out["mfa_enabled"] = json!(true);
    out["locale"] = json!(LOCALE);
    out["verified"] = json!(true);
    out["email"] = Value::Null;
    out
}

pub fn application(world: &World) -> Value {
    let owner = world.users.get(&world.guild.owner).map(user);
    json!({
        "id": world.bot.to_string(),
        "name": "dateline",
        "icon": null,
        "description": "",
        "type": null,
        "bot": world.users.get(&world.bot).map(user),
        "bot_public": false,
        "bot_require_code_grant": false,
        "verify_key": "0".repeat(64),
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": null,
        "role_connections_verification_url": null,
        "owner": owner,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": null,
        "eligible_oauth2_scopes": [],
    })
}

pub fn member(world: &World, id: UserId) -> Option<Value> {
    let roles = world.guild.members.get(&id)?;
    let mut out = partial_member(world, roles);
    out["user"] = user(world.users.get(&id)?);
    Some(out)
}

/// A member without its user, as `resolved` gives it.
pub fn partial_member(world: &World, roles: &[u64]) -> Value {
    json!({
        "nick": null,
        "avatar": null,
        "banner": null,
        "roles": roles.iter().map(u64::to_string).collect::<Vec<_>>(),
        "joined_at": timestamp(world.guild.created),
        "premium_since": null,
        "deaf": false,
        "mute": false,
        "flags": 0,
        "pending": false,
        "communication_disabled_until": null,
        "avatar_decoration_data": null,
        "collectibles": null,
    })
}

pub fn role(role: &Role, position: usize) -> Value {
    let mut out = json!({
        "id": role.id.to_string(),
        "name": role.name,
        "permissions": role.permissions.to_string(),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
        "hoist": false,
        "managed": role.bot.is_some(),
        "mentionable": false,
        "icon": null,
        "unicode_emoji": null,
        "flags": 0,
    });
    if let Some(bot) = role.bot {
        out["tags"] = json!({"bot_id": bot.to_string()});
    }
    out
}

pub fn roles(world: &World) -> Vec<Value> {
    world.guild.roles.iter().enumerate().map(|(position, r)| role(r, position)).collect()
}

pub fn channel(world: &World, channel: &Channel) -> Value {
    let last = world.messages_in(channel.id).next_back().map(|m| m.id.to_string());
    if let ChannelKind::Direct(with) = channel.kind {
        let recipients: Vec<_> = world.users.get(&with).map(user).into_iter().collect();
        return json!({
            "id": channel.id.to_string(), "type": 1, "last_message_id": last, "flags": 0,
            "recipients": recipients,
        });
    }
    if let Some(thread) = &channel.thread {
        return self::thread(world, channel, thread, last);
    }
    let (allow, deny) = permissions::overwrite(channel.access);
    let of_bot = (allow | deny != 0).then_some((world.bot.0, true, allow, deny));
    let set = channel.overwrites.iter().map(|o| (o.id, o.of_member, o.allow, o.deny));
    let overwrites: Vec<_> = of_bot
        .into_iter()
        .chain(set)
        .map(|(id, of_member, allow, deny)| {
            json!({
                "id": id.to_string(), "type": u8::from(of_member), "allow": allow.to_string(), "deny": deny.to_string(),
            })
        })
        .collect();
    let before = world.channels.range(..channel.id);
    let position = before.filter(|(_, c)| c.is_in_guild() && c.thread.is_none()).count();
    let mut out = json!({
        "id": channel.id.to_string(),
        "type": channel.kind.number(),
        "guild_id": world.guild.id.to_string(),
        "name": channel.name,
        "position": position,
        "permission_overwrites": overwrites,
        "parent_id": null,
        "topic": null,
        "nsfw": false,
        "rate_limit_per_user": 0,
        "last_message_id": last,
        "flags": 0,
    });
    if let ChannelKind::Forum { requires_tag } = channel.kind {
        let tag = |tag: &super::state::Tag| {
            json!({
                "id": tag.id.to_string(), "name": tag.name, "moderated": false, "emoji_id": null, "emoji_name": null,
            })
        };
        out["available_tags"] = channel.tags.iter().map(tag).collect();
        out["flags"] = json!(if requires_tag { REQUIRE_TAG } else { 0 });
        out["default_forum_layout"] = json!(0);
        out["default_sort_order"] = Value::Null;
        out["default_reaction_emoji"] = Value::Null;
    }
    out
}

fn thread(world: &World, channel: &Channel, thread: &Thread, last: Option<String>) -> Value {
    let messages = world.messages_in(channel.id).count();
    let kind = match thread {
        Thread { of_announcements: true, .. } => 10,
        Thread { private: true, .. } => 12,
        _ => channel.kind.number(),
    };
    let mut out = json!({
        "id": channel.id.to_string(),
        "type": kind,
        "guild_id": world.guild.id.to_string(),
        "parent_id": thread.parent.to_string(),
        "owner_id": thread.owner.to_string(),
        "name": channel.name,
        "last_message_id": last,
        "rate_limit_per_user": 0,
        "flags": 0,
        "message_count": messages,
        "total_message_sent": messages,
        "member_count": 1,
        "applied_tags": thread.tags.iter().map(u64::to_string).collect::<Vec<_>>(),
        "thread_metadata": {
            "archived": thread.archived,
            "locked": thread.locked,
            "auto_archive_duration": thread.auto_archive_minutes,
            "archive_timestamp": timestamp(thread.changed),
            "create_timestamp": timestamp(thread.changed),
        },
    });
    if thread.private {
        out["thread_metadata"]["invitable"] = json!(true);
    }
    out
}

/// The channels of the guild, in order, without its threads.
pub fn channels(world: &World) -> Vec<Value> {
    let of_guild = world.channels.values().filter(|c| c.is_in_guild() && c.thread.is_none());
    of_guild.map(|c| channel(world, c)).collect()
}

/// The threads that are not archived and that the bot sees.
pub fn active_threads(world: &World) -> Vec<Value> {
    let is_active = |c: &&Channel| {
        c.thread.as_ref().is_some_and(|thread| !thread.archived)
            && permissions::in_channel(world, world.bot, c) & permissions::VIEW_CHANNEL != 0
    };
    world.channels.values().filter(is_active).map(|c| channel(world, c)).collect()
}

/// A channel as an interaction shows it: with what `user` may do in it.
pub fn partial_channel(world: &World, shown: &Channel, user: UserId) -> Value {
    let mut out = channel(world, shown);
    out["permissions"] = json!(permissions::in_channel(world, user, shown).to_string());
    out
}

/// The guild as `GET /guilds/{guild_id}` shows it.
pub fn guild(world: &World) -> Value {
    let guild = &world.guild;
    json!({
        "id": guild.id.to_string(),
        "name": guild.name,
        "icon": null,
        "description": null,
        "home_header": null,
        "splash": null,
        "discovery_splash": null,
        "features": [],
        "banner": null,
        "owner_id": guild.owner.to_string(),
        "application_id": null,
        "region": "us-central",
        "afk_channel_id": null,
        "afk_timeout": 300,
        "system_channel_id": null,
        "system_channel_flags": 0,
        "widget_enabled": false,
        "widget_channel_id": null,
        "verification_level": 0,
        "roles": roles(world),
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": null,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": null,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": guild.locale,
        "rules_channel_id": null,
        "safety_alerts_channel_id": null,
        "public_updates_channel_id": null,
        "premium_progress_bar_enabled": false,
        "nsfw": false,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": null,
    })
}

/// The guild as the gateway's `GUILD_CREATE` shows it.
pub fn guild_create(world: &World) -> Value {
    let members: Vec<_> = world.guild.members.keys().filter_map(|id| member(world, *id)).collect();
    let mut out = guild(world);
    out["joined_at"] = json!(timestamp(world.guild.created));
    out["large"] = json!(false);
    out["unavailable"] = json!(false);
    out["member_count"] = json!(members.len());
    out["members"] = json!(members);
    out["channels"] = json!(channels(world));
    out["threads"] = json!(active_threads(world));
    for empty in ["voice_states", "presences", "stage_instances", "guild_scheduled_events"] {
        out[empty] = json!([]);
    }
    out["soundboard_sounds"] = json!([]);
    out
}

/// What every interaction carries about where and by whom it was made.
pub fn interaction_context(world: &World, place: &Channel, user_id: UserId) -> Value {
    let mut out = json!({
        "application_id": world.bot.to_string(),
        "version": 1,
        "channel_id": place.id.to_string(),
        "channel": partial_channel(world, place, user_id),
        "app_permissions": permissions::in_channel(world, world.bot, place).to_string(),
        "locale": world.users.get(&user_id).map_or(LOCALE, |user| user.locale.as_str()),
        "entitlements": [],
        "attachment_size_limit": ATTACHMENT_LIMIT,
    });
    if place.is_in_guild() {
        let guild = world.guild.id.to_string();
        out["guild_id"] = json!(guild);
        out["guild"] = json!({"id": guild, "locale": world.guild.locale, "features": []});
        out["guild_locale"] = json!(world.guild.locale);
        out["context"] = json!(0);
        let mut who = member(world, user_id).unwrap_or_default();
        who["permissions"] = json!(permissions::in_channel(world, user_id, place).to_string());
        out["member"] = who;
    } else {
        out["context"] = json!(1);
        out["user"] = world.users.get(&user_id).map(user).unwrap_or_default();
    }
    out["authorizing_integration_owners"] = owners(world.guild.id, place);
    out
}

/// By whose installation an interaction reached the application.
pub fn owners(guild: GuildId, place: &Channel) -> Value {
    json!({"0": if place.is_in_guild() { guild.to_string() } else { "0".into() }})
}

pub fn timestamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, false)
}
