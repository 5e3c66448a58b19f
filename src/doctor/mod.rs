//! What would keep the bot from running well, found before it runs, each with how to mend it.
//!
//! Every check answers a line, whatever happens, and changes nothing: the database is not brought up to date, no
//! message is sent. No line repeats a secret.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use serde::Serialize;
use url::Url;

use crate::clock::Clock;
use crate::config::{Config, ConfigError};
use crate::discord::{BotError, Loopback, invite, probe};
use crate::domain::{FeedUrl, Validators};
use crate::fetch::{FeedResponse, FetchSettings, Fetcher};
use crate::reading::{abstractive, models};
use crate::store::{self, StoreError};
use crate::tasks::Parser;

#[cfg(test)]
mod tests;

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Ok,
    /// The bot runs, but not as well as it could, or not for long.
    Warning,
    /// The bot will not run.
    Failed,
}

/// One line of the examination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub check: &'static str,
    pub state: State,
    pub found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

impl Finding {
    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, state: State::Ok, found: found.into(), fix: None }
    }

    fn warning(check: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { check, state: State::Warning, found: found.into(), fix: Some(fix.into()) }
    }

    fn failed(check: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { check, state: State::Failed, found: found.into(), fix: Some(fix.into()) }
    }
}

/// What is examined.
pub struct Patient {
    pub config: Result<Config, ConfigError>,
    pub database: PathBuf,
    pub models: PathBuf,
    /// An embedded Discord instead of the real one.
    pub loopback: Option<Loopback>,
    /// A feed to try; else one of the database.
    pub feed: Option<FeedUrl>,
    pub clock: Clock,
}

/// Runs every check, in the order in which their faults are best mended.
pub async fn examine(patient: &Patient) -> Vec<Finding> {
    let config = patient.config.as_ref();
    let mut findings = vec![settings(config)];
    let (database, known) = database(&patient.database).await;
    findings.push(database);
    findings.extend(models(patient).await);
    let (answers, said) = discord(patient).await;
    findings.extend(answers);
    findings.extend(fetching(patient, known.as_ref()).await);
    findings.push(clock(said, patient.clock.now()));
    findings.push(zones(chrono_tz::IANA_TZDB_VERSION, patient.clock.now()));
    findings.push(disk(&patient.database));
    findings
}

fn settings(config: Result<&Config, &ConfigError>) -> Finding {
    const CHECK: &str = "settings";
    use secrecy::ExposeSecret as _;
    match config {
        Ok(config) => match invite::application_of(config.discord.token.expose_secret()) {
            Some(application) => {
                Finding::ok(CHECK, format!("complete; the token is of application {application}"))
            }
            None => Finding::failed(
                CHECK,
                "DISCORD_TOKEN has the form of a token, but names no application",
                "Copy the bot's token anew from the developer portal (Bot → Reset Token).",
            ),
        },
        Err(error) => Finding::failed(
            CHECK,
            error.to_string(),
            "Write it into .env, or set it where the bot is started; .env.example explains every setting.",
        ),
    }
}

/// And a feed that the database knows.
async fn database(path: &Path) -> (Finding, Option<FeedUrl>) {
    const CHECK: &str = "database";
    if !path.exists() {
        let folder = existing_folder(path);
        let finding = match tempfile::tempfile_in(&folder) {
            Ok(_) => Finding::ok(CHECK, format!("none yet; the first start makes {}", path.display())),
            Err(error) => Finding::failed(
                CHECK,
                format!(
                    "{} cannot be made: {} cannot be written ({error})",
                    path.display(),
                    folder.display()
                ),
                "Give the user that runs dateline the right to write there, or set DATABASE_PATH.",
            ),
        };
        return (finding, None);
    }
    match store::file::examine(path).await {
        Ok(sound) => {
            let migrates = if sound.outdated { "; the next start brings its schema up to date" } else { "" };
            let found = format!(
                "{} opens, is whole and can be written: {} feeds, {:.1} MB{migrates}",
                path.display(),
                sound.feeds,
                sound.bytes as f64 / 1e6
            );
            (Finding::ok(CHECK, found), sound.feed)
        }
        Err(StoreError::AlreadyRunning(_)) => {
            let found = format!("a dateline is running on {}", path.display());
            let fix = "Nothing, if that is the bot; a second one needs a DATABASE_PATH of its own.";
            (Finding::warning(CHECK, found, fix), None)
        }
        Err(error) => {
            let fix = "The line above says it; `dateline backup` makes the copies that help against damage.";
            (Finding::failed(CHECK, error.to_string(), fix), None)
        }
    }
}

async fn models(patient: &Patient) -> Vec<Finding> {
    const CHECK: &str = "models";
    let folder = patient.models.clone();
    let reading = patient.config.as_ref().ok().map(|config| config.reading.clone());
    let examined = tokio::task::spawn_blocking(move || {
        let mut findings: Vec<Finding> = models::all()
            .iter()
            .filter(|model| model.default)
            .map(|model| match model.verify(&folder) {
                Ok(()) => Finding::ok(CHECK, format!("{} is here, and right by SHA-256", model.name)),
                Err(error) => Finding::failed(
                    CHECK,
                    error.to_string(),
                    "Run `dateline models fetch`, or set MODELS_DIR.",
                ),
            })
            .collect();
        if let Some(reading) = reading {
            findings.push(
                match abstractive::chosen(reading.summarizer, reading.summarizer_model.as_deref(), &folder) {
                    Ok(None) => Finding::ok("summaries", "sentences of the article"),
                    Ok(Some(model)) => {
                        let name = model.file_name().unwrap_or_default().to_string_lossy().into_owned();
                        Finding::ok("summaries", format!("in the words of {name}"))
                    }
                    Err(error) => Finding::failed("summaries", error.to_string(), "Run `dateline models list`, then `dateline models fetch NAME`, or set SUMMARIZER=extractive."),
                },
            );
        }
        findings
    });
    let broken =
        |error: tokio::task::JoinError| vec![Finding::failed(CHECK, error.to_string(), "Report this.")];
    examined.await.unwrap_or_else(broken)
}

/// Whether Discord answers, and to our token; and what time it says that it is.
async fn discord(patient: &Patient) -> (Vec<Finding>, Option<DateTime<Utc>>) {
    const CHECK: &str = "Discord";
    let said = match probe::answers(patient.loopback.as_ref()).await {
        Ok(said) => said,
        Err(error) => {
            let fix = "Check network, DNS and firewall of this machine, and its certificate authorities: it must reach \
                       discord.com and gateway.discord.gg on port 443.";
            return (vec![Finding::failed(CHECK, error.to_string(), fix)], None);
        }
    };
    let mut findings = vec![Finding::ok(CHECK, "answers")];
    if let Ok(config) = &patient.config {
        let fix = "Copy the bot's token anew from the developer portal (Bot → Reset Token).";
        let later = "Try again in some minutes; https://discordstatus.com tells what Discord knows of it.";
        findings.push(match probe::who(&config.discord.token, patient.loopback.as_ref()).await {
            Ok(name) => Finding::ok("token", format!("Discord knows it as the bot {name}")),
            Err(error @ BotError::Token) => Finding::failed("token", error.to_string(), fix),
            Err(error) => Finding::warning("token", error.to_string(), later),
        });
    }
    (findings, said)
}

/// What is fetched, as the settings have it.
async fn fetching(patient: &Patient, known: Option<&FeedUrl>) -> Vec<Finding> {
    // No publisher is asked by somebody without an address.
    let Ok(config) = &patient.config else { return Vec::new() };
    let settings = FetchSettings {
        allow_hosts: config.fetch.allow_hosts.clone(),
        clock: patient.clock.clone(),
        ..FetchSettings::new(config.fetch.contact.as_str())
    };
    match Fetcher::new(settings) {
        Ok(fetcher) => {
            vec![guard(&fetcher, config), feed(patient.feed.as_ref().or(known), &fetcher).await]
        }
        Err(error) => {
            vec![Finding::failed(
                "settings",
                error.to_string(),
                "Set CONTACT_URL to an address without brackets.",
            )]
        }
    }
}

/// Whether private addresses are out of reach.
fn guard(fetcher: &Fetcher, config: &Config) -> Finding {
    const CHECK: &str = "address guard";
    let private = ["http://127.0.0.1/", "http://169.254.169.254/", "http://[::1]/", "http://10.0.0.1/"];
    let open: Vec<&str> = private
        .into_iter()
        .filter(|address| Url::parse(address).is_ok_and(|url| fetcher.may_ask(&url).is_ok()))
        .collect();
    let hosts = config.fetch.allow_hosts.join(", ");
    if !open.is_empty() {
        let found = format!("{} may be fetched", open.join(", "));
        return Finding::warning(CHECK, found, "Take it out of FETCH_ALLOW_HOSTS, unless you mean it.");
    }
    match hosts.as_str() {
        "" => Finding::ok(CHECK, "private addresses are refused"),
        hosts => {
            Finding::ok(CHECK, format!("private addresses are refused, but for {hosts} (FETCH_ALLOW_HOSTS)"))
        }
    }
}

async fn feed(url: Option<&FeedUrl>, fetcher: &Fetcher) -> Finding {
    const CHECK: &str = "feed";
    let Some(url) = url else {
        return Finding::ok(CHECK, "none to try; --feed URL names one");
    };
    let fix =
        "If it is the only one that fails, the fault is its publisher's; if all do, check network and DNS.";
    match fetcher.feed(url, &Validators::default()).await {
        Ok(FeedResponse::Unchanged { .. }) => Finding::ok(CHECK, format!("{url} answers")),
        Ok(FeedResponse::Body { bytes, content_type, final_url, .. }) => {
            match Parser::default().parse(bytes, content_type, final_url).await.0 {
                Ok(read) => Finding::ok(CHECK, format!("{url} is read: {} entries", read.entries.len())),
                Err(error) => Finding::warning(CHECK, format!("{url}: {error}"), fix),
            }
        }
        Err(error) => Finding::warning(CHECK, format!("{url}: {error}"), fix),
    }
}

/// Beyond this the clock is worth a look, and beyond that, news of today is posted as news of yesterday.
const CLOCK_WARNING: TimeDelta = TimeDelta::seconds(30);
const CLOCK_WRONG: TimeDelta = TimeDelta::minutes(5);

fn clock(said: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Finding {
    const CHECK: &str = "clock";
    let fix = "Let the system keep it: `timedatectl set-ntp true`, or chrony.";
    let Some(said) = said else {
        return Finding::warning(CHECK, "nobody could be asked for the time", "Mend the network first.");
    };
    let off = now - said;
    let found = format!(
        "{} s {} Discord's",
        off.num_seconds().abs(),
        if off < TimeDelta::zero() { "behind" } else { "ahead of" }
    );
    match off.abs() {
        off if off <= CLOCK_WARNING => {
            Finding::ok(CHECK, format!("right within {} s", off.num_seconds() + 1))
        }
        off if off <= CLOCK_WRONG => Finding::warning(CHECK, found, fix),
        _ => Finding::failed(CHECK, found, fix),
    }
}

/// The data is a part of the program, so that it is never missing, but grows old.
fn zones(version: &str, now: DateTime<Utc>) -> Finding {
    const CHECK: &str = "time zones";
    let year: i32 = version.get(..4).and_then(|year| year.parse().ok()).unwrap_or_default();
    match now.year() - year {
        ..=1 => Finding::ok(CHECK, format!("built in, of {version}")),
        _ => {
            Finding::warning(CHECK, format!("built in, of {version}"), "A newer dateline knows newer rules.")
        }
    }
}

/// Bytes free: below the first the database has no room for a day, below the second for months.
const DISK_FULL: u64 = 100_000_000;
const DISK_LOW: u64 = 1_000_000_000;

fn disk(database: &Path) -> Finding {
    const CHECK: &str = "disk";
    let folder = existing_folder(database);
    let fix = "Free some space, or set DATABASE_PATH to another disk.";
    match rustix::fs::statvfs(&folder) {
        Ok(disk) => room(&folder, disk.f_bavail.saturating_mul(disk.f_frsize)),
        Err(error) => Finding::warning(CHECK, format!("{}: {error}", folder.display()), fix),
    }
}

fn room(folder: &Path, free: u64) -> Finding {
    const CHECK: &str = "disk";
    let found = format!("{:.1} GB free in {}", free as f64 / 1e9, folder.display());
    let fix = "Free some space, or set DATABASE_PATH to another disk.";
    match free {
        ..DISK_FULL => Finding::failed(CHECK, found, fix),
        DISK_FULL..DISK_LOW => Finding::warning(CHECK, found, fix),
        DISK_LOW.. => Finding::ok(CHECK, found),
    }
}

/// The folder of a file, or the nearest one above it that exists.
fn existing_folder(path: &Path) -> PathBuf {
    let mut folders = path.ancestors().skip(1).map(|folder| match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    });
    folders.find(|folder| folder.is_dir()).unwrap_or(Path::new(".")).to_owned()
}
