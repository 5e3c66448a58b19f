//! The embedded Discord, as an unmodified serenity client meets it.

use std::time::Duration;

use dateline::domain::ChannelId;
use dateline::sandbox::discord::{EmbeddedDiscord, Limit, Settings};
use serenity::all as s;
use tokio::task::JoinSet;

use crate::referee::Refereed;

mod answers;
mod gateway;
mod limits;
mod places;
mod posting;
mod threads;

/// Starts with no state file, a short window of the rate limit, and IDENTIFYs as often as one likes.
async fn start() -> Refereed {
    with(settings()).await
}

async fn with(settings: Settings) -> Refereed {
    Refereed::new(EmbeddedDiscord::start(settings).await.unwrap())
}

fn settings() -> Settings {
    let message_limit = Limit { count: 5, window: Duration::from_millis(200) };
    Settings { message_limit, identify_spacing: Duration::ZERO, ..Settings::default() }
}

/// serenity's HTTP client, its rate limiter on, with the address and the certificate given to reqwest.
fn http(discord: &EmbeddedDiscord) -> s::Http {
    let client = client(discord).resolve("discord.com", discord.addr()).build().unwrap();
    s::HttpBuilder::new(discord.token()).client(client).build()
}

fn client(discord: &EmbeddedDiscord) -> reqwest::ClientBuilder {
    let ca = reqwest::Certificate::from_pem(discord.ca_pem().as_bytes()).unwrap();
    reqwest::Client::builder().add_root_certificate(ca).tls_built_in_root_certs(false).no_proxy()
}

/// A bot with a few commands, connected; it ends with the set.
async fn connect(discord: &EmbeddedDiscord, bots: &mut JoinSet<()>) {
    let mut client = s::ClientBuilder::new_with_http(http(discord), s::GatewayIntents::GUILDS)
        .event_handler(Bot)
        .await
        .unwrap();
    bots.spawn(async move { client.start().await.unwrap() });
    discord.wait_ready().await.unwrap();
    discord.wait("commands", |d| (d.commands().len() == 3).then_some(())).await.unwrap();
}

struct Bot;

#[serenity::async_trait]
impl s::EventHandler for Bot {
    async fn ready(&self, ctx: s::Context, _: s::Ready) {
        use s::{CommandOptionType as Kind, CreateCommand, CreateCommandOption};
        let topic = CreateCommandOption::new(Kind::String, "topic", "What to follow").set_autocomplete(true);
        let channel = CreateCommandOption::new(Kind::Channel, "channel", "Where").required(true);
        let count = CreateCommandOption::new(Kind::Integer, "count", "How many").max_int_value(5);
        let subscribe = CreateCommandOption::new(Kind::SubCommand, "subscribe", "Follow a topic")
            .add_sub_option(channel)
            .add_sub_option(topic)
            .add_sub_option(count);
        let commands = vec![
            CreateCommand::new("status").description("How the bot is"),
            CreateCommand::new("digest").description("Read a page"),
            CreateCommand::new("topics")
                .description("What a channel follows")
                .default_member_permissions(s::Permissions::MANAGE_CHANNELS)
                .contexts(vec![s::InteractionContext::Guild])
                .add_option(subscribe),
        ];
        s::Command::set_global_commands(&ctx.http, commands).await.unwrap();
    }

    async fn interaction_create(&self, ctx: s::Context, interaction: s::Interaction) {
        match interaction {
            s::Interaction::Command(command) => answer(&ctx, &command).await,
            s::Interaction::Autocomplete(typed) => {
                let text = typed.data.autocomplete().unwrap().value;
                let choices =
                    s::CreateAutocompleteResponse::new().add_string_choice(format!("{text}pelin"), "z");
                typed
                    .create_response(&ctx, s::CreateInteractionResponse::Autocomplete(choices))
                    .await
                    .unwrap();
            }
            s::Interaction::Component(button) if button.data.custom_id == "next" => {
                let page = s::CreateInteractionResponseMessage::new().content("page 2").components(vec![]);
                button
                    .create_response(&ctx, s::CreateInteractionResponse::UpdateMessage(page))
                    .await
                    .unwrap();
            }
            s::Interaction::Component(button) => {
                button.defer(&ctx.http).await.unwrap();
                let embed =
                    s::CreateEmbed::new().title("Timeline").field("1912-04-15", "The ship sank", false);
                button.edit_response(&ctx, s::EditInteractionResponse::new().embed(embed)).await.unwrap();
            }
            _ => {}
        }
    }
}

async fn answer(ctx: &s::Context, command: &s::CommandInteraction) {
    match command.data.name.as_str() {
        "status" => {
            let row = s::CreateActionRow::Buttons(vec![
                s::CreateButton::new("next").label("Next"),
                s::CreateButton::new("timeline").label("Timeline"),
                s::CreateButton::new_link("https://example.org/").label("Read"),
            ]);
            let text = s::CreateInteractionResponseMessage::new();
            let text = text.content("All well").ephemeral(true).components(vec![row]);
            command.create_response(ctx, s::CreateInteractionResponse::Message(text)).await.unwrap();
        }
        "digest" => {
            command.defer(ctx).await.unwrap();
            let file = s::CreateAttachment::bytes("the page", "page.txt");
            let answer = s::EditInteractionResponse::new().content("Read.").new_attachment(file);
            command.edit_response(ctx, answer).await.unwrap();
            let more = s::CreateInteractionResponseFollowup::new().content("More.");
            let more = command.create_followup(ctx, more).await.unwrap();
            let edited = s::CreateInteractionResponseFollowup::new().content("No more.");
            command.edit_followup(ctx, more.id, edited).await.unwrap();
        }
        _ => {
            let options = command.data.options();
            let s::ResolvedValue::SubCommand(options) = &options[0].value else { panic!("{options:?}") };
            let text: Vec<_> = options
                .iter()
                .map(|option| match &option.value {
                    s::ResolvedValue::Channel(channel) => channel.name.clone().unwrap(),
                    s::ResolvedValue::String(text) => (*text).to_owned(),
                    s::ResolvedValue::Integer(number) => number.to_string(),
                    other => panic!("{other:?}"),
                })
                .collect();
            let text = s::CreateInteractionResponseMessage::new().content(text.join(" "));
            command.create_response(ctx, s::CreateInteractionResponse::Message(text)).await.unwrap();
        }
    }
}

/// The channel "news", for the control and for serenity.
fn news(discord: &EmbeddedDiscord) -> (ChannelId, s::ChannelId) {
    let id = discord.channel("news").unwrap();
    (id, s::ChannelId::new(id.0))
}

/// The status and the code of a refusal; `None` if there was none.
fn refusal<T: std::fmt::Debug>(result: s::Result<T>) -> Option<(u16, isize)> {
    match result {
        Ok(_) => None,
        Err(s::Error::Http(s::HttpError::UnsuccessfulRequest(refused))) => {
            Some((refused.status_code.as_u16(), refused.error.code))
        }
        Err(other) => panic!("{other:?}"),
    }
}
