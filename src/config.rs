//! Settings, read once from the environment.
//!
//! Unset means default, malformed means no start. `.env.example` documents every variable; a
//! test holds the two together.

use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use secrecy::SecretString;
use url::Url;

use crate::reading::abstractive::Choice;

/// All settings of the bot.
#[derive(Debug, Clone)]
pub struct Config {
    pub discord: Discord,
    pub store: Store,
    pub fetch: Fetch,
    pub reading: Reading,
}

#[derive(Debug, Clone)]
pub struct Discord {
    /// Never logged: its `Debug` is redacted.
    pub token: SecretString,
}

#[derive(Debug, Clone)]
pub struct Store {
    pub path: PathBuf,
}

#[derive(Debug, Clone)]
pub struct Fetch {
    /// Where a webmaster learns who reads their site; goes into the User-Agent.
    pub contact: Url,
    /// `host` or `host:port` that may be fetched although the address is private.
    pub allow_hosts: Vec<String>,
    /// The shortest time between two polls of one feed.
    pub poll_interval: Duration,
    /// A feed brings news within this time of its publication; what it brings later is its back catalogue, or an
    /// old article under a new GUID, and not posted.
    pub late_after: TimeDelta,
    /// Between the starts of two requests to one host.
    pub host_spacing: Duration,
}

#[derive(Debug, Clone)]
pub struct Reading {
    /// Where the models are; searched for when not set.
    pub models: Option<PathBuf>,
    /// Model threads, each with its own copy of the encoder (about 225 MB).
    pub threads: usize,
    pub summarizer: Choice,
    /// Folder of the abstractive model under `models`; the first that is installed when not set.
    pub summarizer_model: Option<String>,
}

/// Two requests a second are what a crawler of manners sends.
const HOST_SPACING: Duration = Duration::from_millis(500);
/// How old news may be when a feed first brings it: a weekend and its Monday.
pub const LATE_AFTER: TimeDelta = TimeDelta::days(3);

/// Which setting is missing or malformed, and what it should be.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{name} {problem}")]
pub struct ConfigError {
    pub name: &'static str,
    pub problem: String,
}

/// Every variable that [`Config::read`] looks at.
pub const VARIABLES: [&str; 10] = [
    "DISCORD_TOKEN", "CONTACT_URL", "DATABASE_PATH", "MODELS_DIR", "MODEL_THREADS", "SUMMARIZER",
    "SUMMARIZER_MODEL", "POLL_INTERVAL_MINUTES", "FETCH_ALLOW_HOSTS", "LOG",
];

impl Config {
    /// Reads the settings through `variable`, which answers one name (`std::env::var` in the bot).
    ///
    /// # Errors
    /// The first setting that is missing or malformed; its value is never repeated.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let get =
            |name| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        Ok(Self {
            discord: Discord { token: token(get("DISCORD_TOKEN"))? },
            store: Store { path: database_path(&variable) },
            fetch: Fetch {
                contact: contact(get("CONTACT_URL"))?,
                allow_hosts: allow_hosts(&variable)?,
                late_after: LATE_AFTER,
                poll_interval: Duration::from_secs(
                    60 * number("POLL_INTERVAL_MINUTES", get("POLL_INTERVAL_MINUTES"), 10, 5, 24 * 60)?,
                ),
                host_spacing: HOST_SPACING,
            },
            reading: Reading {
                models: get("MODELS_DIR").map(PathBuf::from),
                threads: number("MODEL_THREADS", get("MODEL_THREADS"), 1, 1, 16)? as usize,
                summarizer: summarizer(get("SUMMARIZER"))?,
                summarizer_model: summarizer_model(&variable),
            },
        })
    }
}

fn error<T>(name: &'static str, problem: impl Into<String>) -> Result<T, ConfigError> {
    Err(ConfigError { name, problem: problem.into() })
}

/// A bot token is three base64url parts joined by dots; anything else is a paste gone wrong.
fn token(value: Option<String>) -> Result<SecretString, ConfigError> {
    const NAME: &str = "DISCORD_TOKEN";
    let Some(value) = value else {
        return error(
            NAME,
            "is not set: copy the bot's token from Discord's developer portal (Bot → Reset Token)",
        );
    };
    let value = value.strip_prefix("Bot ").unwrap_or(&value);
    let parts: Vec<&str> = value.split('.').collect();
    let base64 = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '='))
    };
    if parts.len() != 3 || !parts.into_iter().all(base64) {
        return error(
            NAME,
            "is not a bot token: it has three parts joined by dots, and is not the client secret",
        );
    }
    Ok(SecretString::from(value))
}

/// `DATABASE_PATH`, on its own for commands that need no other setting.
pub fn database_path(variable: impl Fn(&str) -> Option<String>) -> PathBuf {
    let path = variable("DATABASE_PATH").map(|path| path.trim().to_owned()).filter(|path| !path.is_empty());
    PathBuf::from(path.as_deref().unwrap_or("data/dateline.sqlite"))
}

/// `SUMMARIZER`, on its own for commands that need no other setting.
pub fn summarizer(value: Option<String>) -> Result<Choice, ConfigError> {
    match value.as_deref().map(str::trim) {
        None | Some("") => Ok(Choice::default()),
        Some(value) => {
            value.parse().or_else(|()| error("SUMMARIZER", "must be auto, extractive or abstractive"))
        }
    }
}

/// `SUMMARIZER_MODEL`, likewise.
pub fn summarizer_model(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    variable("SUMMARIZER_MODEL").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}

fn contact(value: Option<String>) -> Result<Url, ConfigError> {
    const NAME: &str = "CONTACT_URL";
    let Some(value) = value else {
        return error(NAME, "is not set: give a page or mailto: address by which webmasters can reach you");
    };
    match Url::parse(&value) {
        Ok(url) if matches!(url.scheme(), "http" | "https" | "mailto") => Ok(url),
        _ => error(NAME, "is not an address: write https://… or mailto:…"),
    }
}

/// `FETCH_ALLOW_HOSTS`, on its own for commands that fetch and need no other setting.
pub fn allow_hosts(variable: impl Fn(&str) -> Option<String>) -> Result<Vec<String>, ConfigError> {
    let list = variable("FETCH_ALLOW_HOSTS").unwrap_or_default();
    list.split(',')
        .map(str::trim)
        .filter(|host| !host.is_empty())
        .map(|host| match Url::parse(&format!("http://{host}/")) {
            Ok(url) if url.path() == "/" && url.username().is_empty() => Ok(host.to_ascii_lowercase()),
            _ => error("FETCH_ALLOW_HOSTS", "is malformed: write host or host:port, separated by commas"),
        })
        .collect()
}

fn number(
    name: &'static str,
    value: Option<String>,
    default: u64,
    least: u64,
    most: u64,
) -> Result<u64, ConfigError> {
    let Some(value) = value else { return Ok(default) };
    match value.parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => error(name, format!("must be a whole number from {least} to {most}")),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    const TOKEN: &str = "MTAwMDAwMDAwMDAwMDAwMDAx.GAbcde.0123456789_abcdefghijklmnopqrstuvwxyz";

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let mut all = vec![("DISCORD_TOKEN", TOKEN), ("CONTACT_URL", "https://example.org/bot")];
        all.retain(|(name, _)| pairs.iter().all(|(other, _)| other != name));
        all.extend_from_slice(pairs);
        Config::read(|name| all.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn unset_means_default() {
        let config = read(&[]).unwrap();
        assert_eq!(config.discord.token.expose_secret(), TOKEN);
        assert_eq!(config.store.path, PathBuf::from("data/dateline.sqlite"));
        assert_eq!(config.fetch.poll_interval, Duration::from_secs(600));
        assert_eq!(config.reading.threads, 1);
        assert_eq!(config.reading.summarizer, Choice::Auto);
    }

    #[test]
    fn missing_or_malformed_is_named_and_never_repeated() {
        for (name, value) in [
            ("DISCORD_TOKEN", ""),
            ("DISCORD_TOKEN", "hunter2"),
            ("DISCORD_TOKEN", "a.b.c d"),
            ("CONTACT_URL", ""),
            ("CONTACT_URL", "me at home"),
            ("FETCH_ALLOW_HOSTS", "ok.example, no/such host"),
            ("POLL_INTERVAL_MINUTES", "2"),
            ("POLL_INTERVAL_MINUTES", "often"),
            ("MODEL_THREADS", "0"),
            ("SUMMARIZER", "generative"),
        ] {
            let error = read(&[(name, value)]).unwrap_err();
            assert_eq!(error.name, name, "{value:?}");
            assert!(value.is_empty() || !error.to_string().contains(value), "{error}");
        }
    }

    #[test]
    fn the_token_is_not_in_the_debug_output() {
        assert!(!format!("{:?}", read(&[]).unwrap()).contains("GAbcde"));
    }

    #[test]
    fn the_example_file_documents_every_variable_and_no_other() {
        let example = include_str!("../.env.example");
        let mut documented: Vec<&str> = example
            .lines()
            .filter_map(|line| line.trim_start_matches("# ").split_once('='))
            .map(|(name, _)| name)
            .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
            .collect();
        let mut known = VARIABLES.to_vec();
        documented.sort_unstable();
        known.sort_unstable();
        assert_eq!(documented, known);
    }
}
