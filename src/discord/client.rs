//! The HTTP client that serenity uses: ours, so that it has time-outs and one TLS stack is linked.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use poise::serenity_prelude as serenity;
use secrecy::{ExposeSecret, SecretString};

/// serenity waits for ever on its own.
const TIMEOUT: Duration = Duration::from_secs(15);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Where Discord keeps the files that people attach.
pub(super) const FILES_HOST: &str = "cdn.discordapp.com";

/// Where an embedded Discord stands in for discord.com.
#[derive(Debug, Clone)]
pub struct Loopback {
    /// A TLS listener; its port is used whatever the address in the request.
    pub addr: SocketAddr,
    /// Certificate authority, in PEM, of the certificate it shows for discord.com.
    pub ca_pem: String,
}

/// Discord's HTTP interface to post through: rate limiter on, nobody pinged unless a message says so.
pub(super) fn http(token: &SecretString, loopback: Option<&Loopback>) -> anyhow::Result<serenity::Http> {
    Ok(builder(token, loopback)?.build())
}

/// The same to answer interactions through, with serenity's rate limiter off: Discord counts the answers to every
/// interaction apart and none of them with the bot's requests, but serenity takes those to all interactions for one
/// route, of which five may be sent in some seconds, and remembers every interaction for ever.
pub(super) fn answering_http(
    token: &SecretString,
    loopback: Option<&Loopback>,
) -> anyhow::Result<serenity::Http> {
    Ok(builder(token, loopback)?.ratelimiter_disabled(true).build())
}

fn builder(token: &SecretString, loopback: Option<&Loopback>) -> anyhow::Result<serenity::HttpBuilder> {
    Ok(serenity::HttpBuilder::new(token.expose_secret())
        .client(http_client(loopback)?)
        .default_allowed_mentions(serenity::CreateAllowedMentions::new()))
}

/// The user agent is left to serenity, which names itself as Discord asks for.
pub(super) fn http_client(loopback: Option<&Loopback>) -> anyhow::Result<reqwest::Client> {
    build(reqwest::Client::builder(), loopback)
}

/// A client for the files that people attach, which lie on [`FILES_HOST`]; no other host is reached through a
/// redirect.
pub(super) fn files_client(loopback: Option<&Loopback>) -> anyhow::Result<reqwest::Client> {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).https_only(true);
    build(builder, loopback)
}

fn build(builder: reqwest::ClientBuilder, loopback: Option<&Loopback>) -> anyhow::Result<reqwest::Client> {
    let mut builder = builder.timeout(TIMEOUT).connect_timeout(CONNECT_TIMEOUT);
    if let Some(Loopback { addr, ca_pem }) = loopback {
        let authority = reqwest::Certificate::from_pem(ca_pem.as_bytes())
            .context("reading the embedded Discord's certificate")?;
        // Nothing but the embedded Discord is trusted, so nothing else can be reached by mistake.
        builder = builder
            .no_proxy()
            .resolve("discord.com", *addr)
            .resolve(FILES_HOST, *addr)
            .tls_built_in_root_certs(false)
            .add_root_certificate(authority);
    }
    builder.build().context("building the HTTP client for Discord")
}
