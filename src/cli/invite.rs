//! `dateline invite`: the link that brings the bot into a server.

use std::io::Write as _;

use serde_json::json;

use super::Usage;
use crate::discord::invite::{OLDEST_ID, PERMISSIONS, SCOPES, application_of, link, permissions};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  dateline invite\n  dateline invite 100000000000000001")]
pub struct Args {
    /// Application id, from the developer portal's page General Information [default: the one DISCORD_TOKEN names]
    #[arg(value_name = "APPLICATION_ID", value_parser = clap::value_parser!(u64).range(OLDEST_ID..))]
    application: Option<u64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let of_token = || application_of(std::env::var("DISCORD_TOKEN").ok()?.trim());
    let application = args.application.or_else(of_token).ok_or_else(|| {
        Usage("no application: give its id, from the developer portal's page General Information, or set DISCORD_TOKEN".to_owned())
    })?;
    let link = link(application);
    let mut out = std::io::stdout().lock();
    if args.json {
        let answer = json!({
            "link": link, "permissions": PERMISSIONS, "permission_bits": permissions().to_string(), "scopes": SCOPES,
        });
        writeln!(out, "{answer}")?;
        return Ok(());
    }
    writeln!(out, "{link}\n\nOpen it as somebody who may manage the server. It asks for")?;
    for need in PERMISSIONS.iter().chain(&SCOPES) {
        writeln!(out, "  {:<22} {}", need.name, need.why)?;
    }
    writeln!(
        out,
        "\nCards mention a role only if everybody may mention it, or the bot may: give it Mention @everyone, @here, and All\n\
         Roles for that; it never mentions everyone."
    )?;
    Ok(())
}
