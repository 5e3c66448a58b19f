//! The operations of the API that are served, named as Discord's OpenAPI description names them.

/// A method and a path template, without the `/api/v10` before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Endpoint {
    pub method: &'static str,
    pub path: &'static str,
}

const fn endpoint(method: &'static str, path: &'static str) -> Endpoint {
    Endpoint { method, path }
}

const GUILD_COMMANDS: &str = "/applications/{application_id}/guilds/{guild_id}/commands";
const GUILD_COMMAND: &str = "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}";
const COMMANDS: &str = "/applications/{application_id}/commands";
const COMMAND: &str = "/applications/{application_id}/commands/{command_id}";
const MESSAGES: &str = "/channels/{channel_id}/messages";
const MESSAGE: &str = "/channels/{channel_id}/messages/{message_id}";
const ORIGINAL: &str = "/webhooks/{webhook_id}/{webhook_token}/messages/@original";
const FOLLOW_UP: &str = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}";

impl Endpoint {
    pub const GATEWAY: Self = endpoint("GET", "/gateway");
    pub const GATEWAY_BOT: Self = endpoint("GET", "/gateway/bot");
    pub const ME: Self = endpoint("GET", "/users/@me");
    pub const MY_GUILDS: Self = endpoint("GET", "/users/@me/guilds");
    pub const OPEN_DIRECT: Self = endpoint("POST", "/users/@me/channels");
    pub const USER: Self = endpoint("GET", "/users/{user_id}");
    pub const APPLICATION: Self = endpoint("GET", "/applications/@me");
    pub const OAUTH_APPLICATION: Self = endpoint("GET", "/oauth2/applications/@me");

    pub const GLOBAL_COMMANDS: Self = endpoint("GET", COMMANDS);
    pub const SET_GLOBAL_COMMANDS: Self = endpoint("PUT", COMMANDS);
    pub const CREATE_GLOBAL_COMMAND: Self = endpoint("POST", COMMANDS);
    pub const GLOBAL_COMMAND: Self = endpoint("GET", COMMAND);
    pub const EDIT_GLOBAL_COMMAND: Self = endpoint("PATCH", COMMAND);
    pub const DELETE_GLOBAL_COMMAND: Self = endpoint("DELETE", COMMAND);
    pub const GUILD_COMMANDS: Self = endpoint("GET", GUILD_COMMANDS);
    pub const SET_GUILD_COMMANDS: Self = endpoint("PUT", GUILD_COMMANDS);
    pub const CREATE_GUILD_COMMAND: Self = endpoint("POST", GUILD_COMMANDS);
    pub const GUILD_COMMAND: Self = endpoint("GET", GUILD_COMMAND);
    pub const EDIT_GUILD_COMMAND: Self = endpoint("PATCH", GUILD_COMMAND);
    pub const DELETE_GUILD_COMMAND: Self = endpoint("DELETE", GUILD_COMMAND);

    pub const CHANNEL: Self = endpoint("GET", "/channels/{channel_id}");
    pub const TYPING: Self = endpoint("POST", "/channels/{channel_id}/typing");
    pub const MESSAGES: Self = endpoint("GET", MESSAGES);
    pub const CREATE_MESSAGE: Self = endpoint("POST", MESSAGES);
    pub const MESSAGE: Self = endpoint("GET", MESSAGE);
    pub const EDIT_MESSAGE: Self = endpoint("PATCH", MESSAGE);
    pub const DELETE_MESSAGE: Self = endpoint("DELETE", MESSAGE);
    pub const CROSSPOST: Self = endpoint("POST", "/channels/{channel_id}/messages/{message_id}/crosspost");

    pub const EDIT_CHANNEL: Self = endpoint("PATCH", "/channels/{channel_id}");
    pub const START_THREAD: Self = endpoint("POST", "/channels/{channel_id}/threads");
    pub const START_THREAD_FROM: Self =
        endpoint("POST", "/channels/{channel_id}/messages/{message_id}/threads");
    pub const JOIN_THREAD: Self = endpoint("PUT", "/channels/{channel_id}/thread-members/@me");
    pub const ARCHIVED_THREADS: Self = endpoint("GET", "/channels/{channel_id}/threads/archived/public");
    pub const ACTIVE_THREADS: Self = endpoint("GET", "/guilds/{guild_id}/threads/active");

    pub const GUILD: Self = endpoint("GET", "/guilds/{guild_id}");
    pub const GUILD_CHANNELS: Self = endpoint("GET", "/guilds/{guild_id}/channels");
    pub const GUILD_ROLES: Self = endpoint("GET", "/guilds/{guild_id}/roles");
    pub const GUILD_MEMBERS: Self = endpoint("GET", "/guilds/{guild_id}/members");
    pub const GUILD_MEMBER: Self = endpoint("GET", "/guilds/{guild_id}/members/{user_id}");

    pub const CALLBACK: Self =
        endpoint("POST", "/interactions/{interaction_id}/{interaction_token}/callback");
    pub const FOLLOW_UP: Self = endpoint("POST", "/webhooks/{webhook_id}/{webhook_token}");
    pub const ORIGINAL: Self = endpoint("GET", ORIGINAL);
    pub const EDIT_ORIGINAL: Self = endpoint("PATCH", ORIGINAL);
    pub const DELETE_ORIGINAL: Self = endpoint("DELETE", ORIGINAL);
    pub const FOLLOW_UP_MESSAGE: Self = endpoint("GET", FOLLOW_UP);
    pub const EDIT_FOLLOW_UP: Self = endpoint("PATCH", FOLLOW_UP);
    pub const DELETE_FOLLOW_UP: Self = endpoint("DELETE", FOLLOW_UP);

    /// A path that is not served.
    pub const UNKNOWN: Self = endpoint("ANY", "/{unknown}");

    /// Whether a request needs no bot token: the gateway's address is public, and an interaction's
    /// path carries its own secret.
    pub fn is_open(self) -> bool {
        self == Self::GATEWAY || self.path.contains("_token}")
    }
}
