//! The link by which an administrator brings the bot into a server, with what it needs there and no more.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use poise::serenity_prelude::Permissions;
use serde::Serialize;
use url::Url;

/// Something that the bot asks of a server.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Need {
    /// As Discord's settings call it.
    pub name: &'static str,
    pub why: &'static str,
    /// Its bit among the permissions; a scope has none.
    #[serde(skip)]
    bit: Permissions,
}

/// The permissions, each with what it is for.
pub const PERMISSIONS: [Need; 5] = [
    Need {
        name: "View Channels",
        why: "to see the channels that are subscribed",
        bit: Permissions::VIEW_CHANNEL,
    },
    Need { name: "Send Messages", why: "to post cards, in forums as posts", bit: Permissions::SEND_MESSAGES },
    Need {
        name: "Send Messages in Threads",
        why: "the same in threads, and to open those again that were archived",
        bit: Permissions::SEND_MESSAGES_IN_THREADS,
    },
    Need { name: "Embed Links", why: "a card is an embed", bit: Permissions::EMBED_LINKS },
    Need {
        name: "Read Message History",
        why: "to look whether a card was posted before Discord or the bot broke off, so that none comes twice",
        bit: Permissions::READ_MESSAGE_HISTORY,
    },
];

/// The scopes of the installation.
pub const SCOPES: [Need; 2] = [
    Need { name: "bot", why: "to be in the server and post", bit: Permissions::empty() },
    Need { name: "applications.commands", why: "to offer slash commands", bit: Permissions::empty() },
];

/// All bits of [`PERMISSIONS`] together.
pub fn permissions() -> u64 {
    PERMISSIONS.iter().fold(Permissions::empty(), |all, need| all | need.bit).bits()
}

/// The link for an application.
pub fn link(application: u64) -> Url {
    let scopes: Vec<&str> = SCOPES.iter().map(|scope| scope.name).collect();
    let mut link = Url::parse("https://discord.com/oauth2/authorize").expect("a literal address");
    link.query_pairs_mut()
        .append_pair("client_id", &application.to_string())
        .append_pair("permissions", &permissions().to_string())
        .append_pair("scope", &scopes.join(" "));
    link
}

/// The application whose bot a token belongs to: the first part of the token is its id, in base64.
pub fn application_of(token: &str) -> Option<u64> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let id = GeneralPurpose::new(&URL_SAFE, config).decode(token.split('.').next()?).ok()?;
    std::str::from_utf8(&id).ok()?.parse().ok().filter(|id| *id >= OLDEST_ID)
}

/// Ids of Discord have 17 digits at least.
pub const OLDEST_ID: u64 = 10_000_000_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_names_what_is_needed() {
        assert_eq!(
            link(100_000_000_000_000_001).as_str(),
            "https://discord.com/oauth2/authorize?client_id=100000000000000001&permissions=274877991936\
             &scope=bot+applications.commands"
        );
    }

    #[test]
    fn a_token_tells_its_application() {
        for (token, application) in [
            ("MTAwMDAwMDAwMDAwMDAwMDAx.GAbcde.0123456789", Some(100_000_000_000_000_001)),
            ("MTAwMDAwMDAwMDAwMDAwMDAxMA==.GAbcde.0123456789", Some(1_000_000_000_000_000_010)),
            ("MTIz.GAbcde.0123456789", None),
            ("hunter2", None),
            ("", None),
        ] {
            assert_eq!(application_of(token), application, "{token}");
        }
    }
}
