//! The embedded Discord, as an unmodified serenity client meets it.

use std::sync::Arc;
use std::time::Duration;

use dateline::domain::{ChannelId, UserId};
use dateline::sandbox::discord::{
    Access, ControlError, Effect, EmbeddedDiscord, Endpoint, Fault, Limit, Settings,
};
use serde_json::json;
use serenity::all as s;
use tokio::task::JoinSet;

use crate::referee;

/// Starts with no state file, and with a short window of the rate limit.
async fn start() -> EmbeddedDiscord {
    EmbeddedDiscord::start(settings()).await.unwrap()
}

fn settings() -> Settings {
    let message_limit = Limit { count: 5, window: Duration::from_millis(200) };
    Settings { message_limit, ..Settings::default() }
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

#[tokio::test]
async fn commands_are_answered_at_once_or_later() {
    let discord = start().await;
    let mut bots = JoinSet::new();
    connect(&discord, &mut bots).await;
    let (news, _) = news(&discord);
    let people = discord.people();

    let reply = discord.invoke(people.member, news, "status", &[]).await.unwrap();
    assert!(reply.ephemeral && !reply.deferred, "{reply:?}");
    assert_eq!(reply.message.content, "All well");
    assert_eq!(discord.messages(news), []);
    assert_eq!(discord.messages_for(people.member, news).len(), 1);
    assert_eq!(discord.messages_for(people.moderator, news), []);

    let reply = discord.invoke(people.member, news, "digest", &[]).await.unwrap();
    assert!(reply.deferred && !reply.ephemeral, "{reply:?}");
    assert_eq!(reply.message.attachments[0].bytes, b"the page");
    let id = reply.interaction;
    let done = discord.wait("the edit", |d| d.reply(id).filter(|reply| reply.edits == 1)).await.unwrap();
    assert_eq!(done.follow_ups[0].content, "No more.");
    assert_eq!(discord.messages(news).len(), 2);
    referee::assert_clean(&discord);
}

#[tokio::test]
async fn options_have_their_types_and_permissions_hold() {
    let discord = start().await;
    let mut bots = JoinSet::new();
    connect(&discord, &mut bots).await;
    let (news, _) = news(&discord);
    let people = discord.people();
    let subscribe = async |user: UserId, options: &[(&str, serde_json::Value)]| {
        discord.invoke(user, news, "topics subscribe", options).await.map(|reply| reply.message.content)
    };
    let general = ("channel", json!("#general"));

    let given = [general.clone(), ("topic", json!("polar expeditions")), ("count", json!(3))];
    assert_eq!(subscribe(people.moderator, &given).await.unwrap(), "general polar expeditions 3");
    assert_eq!(subscribe(people.administrator, &given[..1]).await.unwrap(), "general");
    assert_eq!(subscribe(people.member, &given).await, Err(ControlError::NotPermitted));
    assert_eq!(subscribe(people.moderator, &[]).await, Err(ControlError::MissingOption("channel".into())));
    let unknown = subscribe(people.moderator, &[general.clone(), ("colour", json!(1))]).await;
    assert_eq!(unknown, Err(ControlError::UnknownOption("colour".into())));
    let too_many = subscribe(people.moderator, &[general.clone(), ("count", json!(6))]).await;
    assert!(matches!(too_many, Err(ControlError::BadOption { .. })), "{too_many:?}");
    let bare = discord.invoke(people.moderator, news, "topics", &[]).await;
    assert_eq!(bare.map(|_| ()), Err(ControlError::Incomplete("topics".into())));

    let typed = ("topic", "zep");
    let choices = discord.autocomplete(people.moderator, news, "topics subscribe", &[], typed).await.unwrap();
    assert_eq!(choices, [("zeppelin".to_owned(), json!("z"))]);
    referee::assert_clean(&discord);
}

#[tokio::test]
async fn buttons_update_their_message() {
    let discord = start().await;
    let mut bots = JoinSet::new();
    connect(&discord, &mut bots).await;
    let (news, _) = news(&discord);
    let people = discord.people();
    let shown = discord.invoke(people.member, news, "status", &[]).await.unwrap().message;

    let stranger = discord.press(people.moderator, shown.id, "timeline").await;
    assert_eq!(stranger, Err(ControlError::UnknownMessage));
    let reply = discord.press(people.member, shown.id, "timeline").await.unwrap();
    assert!(reply.deferred, "{reply:?}");
    assert_eq!((reply.message.id, reply.message.embeds[0]["title"].as_str()), (shown.id, Some("Timeline")));
    let reply = discord.press(people.member, shown.id, "next").await.unwrap();
    assert_eq!((reply.message.content.as_str(), reply.message.components.len()), ("page 2", 0));
    let gone = discord.press(people.member, shown.id, "next").await;
    assert_eq!(gone, Err(ControlError::UnknownButton("next".into())));
    referee::assert_clean(&discord);
}

#[tokio::test]
async fn a_session_is_resumed_with_what_it_missed() {
    let discord = start().await;
    let mut bots = JoinSet::new();
    connect(&discord, &mut bots).await;
    let (news, _) = news(&discord);
    discord.drop_gateway(Some(4000));
    let reply = discord.invoke(discord.people().member, news, "status", &[]).await.unwrap();
    assert_eq!(reply.message.content, "All well");
    assert_eq!(discord.connections(), (1, 1));
    referee::assert_clean(&discord);

    // Nothing keeps the port, though the bot is still connected.
    let addr = discord.addr();
    discord.shutdown().await;
    tokio::net::TcpStream::connect(addr).await.unwrap_err();
}

#[tokio::test]
async fn a_nonce_is_posted_once_even_when_the_answer_was_lost() {
    let discord = start().await;
    let http = http(&discord);
    let (news, channel) = news(&discord);
    let card = |nonce: &str| {
        let embed =
            s::CreateEmbed::new().title("Titanic sinks").url("https://example.org/1912").colour(0x00_55_AA);
        let nonce = s::Nonce::String(nonce.to_owned());
        s::CreateMessage::new().embed(embed).nonce(nonce).enforce_nonce(true)
    };
    let first = channel.send_message(&http, card("1")).await.unwrap();
    let second = channel.send_message(&http, card("1")).await.unwrap();
    assert_eq!(first.id, second.id);

    discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::Broken { status: 502, stored: true }));
    channel.send_message(&http, card("2")).await.unwrap_err();
    channel.send_message(&http, card("2")).await.unwrap();
    discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::Broken { status: 503, stored: false }));
    channel.send_message(&http, card("3")).await.unwrap_err();
    assert_eq!(discord.messages(news).len(), 2);
    channel.send_message(&http, card("3")).await.unwrap();
    assert_eq!(discord.messages(news).len(), 3);
    referee::assert_clean(&discord);
}

#[tokio::test]
async fn a_held_request_is_stored_or_not_when_its_client_leaves() {
    let discord = start().await;
    let http = Arc::new(http(&discord));
    let (news, channel) = news(&discord);
    for (count, stored) in [(1, false), (2, true)] {
        let hold = discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::Held { stored }));
        let mut posting = JoinSet::new();
        let http = http.clone();
        posting.spawn(async move { channel.say(&http, "Stop press").await });
        discord.wait_for(Endpoint::CREATE_MESSAGE, count).await.unwrap();
        if stored {
            discord.wait("the message", |d| (d.messages(news).len() == 1).then_some(())).await.unwrap();
        }
        posting.shutdown().await;
        drop(hold);
    }
    let hold = discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::Held { stored: false }));
    let (posted, ()) = tokio::join!(channel.say(&http, "At last"), async {
        discord.wait_for(Endpoint::CREATE_MESSAGE, 3).await.unwrap();
        hold.release();
    });
    posted.unwrap();
    let texts: Vec<_> = discord.messages(news).into_iter().map(|m| m.content).collect();
    assert_eq!(texts, ["Stop press", "At last"]);
    referee::assert_clean(&discord);
}

#[tokio::test]
async fn refusals_carry_discords_codes() {
    let discord = start().await;
    let http = http(&discord);
    let (news, channel) = news(&discord);
    let code = async |channel: s::ChannelId, text: &str| match channel
        .send_message(&http, s::CreateMessage::new().content(text))
        .await
    {
        Err(s::Error::Http(s::HttpError::UnsuccessfulRequest(refused))) => {
            (refused.status_code.as_u16(), refused.error.code)
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(code(s::ChannelId::new(1), "a").await, (404, 10003));
    assert_eq!(code(channel, " ").await, (400, 50006));
    discord.fail(Fault::missing_permissions(Endpoint::CREATE_MESSAGE).in_channel(news));
    assert_eq!(code(channel, "a").await, (403, 50013));
    discord.set_access(news, Access::ReadOnly);
    assert_eq!(code(channel, "a").await, (403, 50013));
    discord.set_access(news, Access::Hidden);
    assert_eq!(code(channel, "a").await, (403, 50001));
    discord.delete_channel(news);
    assert_eq!(code(channel, "a").await, (404, 10003));

    let general = s::ChannelId::new(discord.channel("general").unwrap().0);
    let field = s::CreateEmbed::new().field("When", " ", false);
    let refused = general.send_message(&http, s::CreateMessage::new().embed(field)).await.unwrap_err();
    let s::Error::Http(s::HttpError::UnsuccessfulRequest(refused)) = refused else { panic!("{refused:?}") };
    assert_eq!((refused.status_code.as_u16(), refused.error.code), (400, 50035));
    assert_eq!(refused.error.errors[0].path, "embeds.0.fields.0.value");
    referee::assert_clean(&discord);
}

#[tokio::test]
async fn posting_in_sequence_meets_no_429() {
    let discord = start().await;
    let http = http(&discord);
    let (news, channel) = news(&discord);
    for i in 0..12 {
        channel.say(&http, i.to_string()).await.unwrap();
    }
    let refused = discord.exchanges().iter().filter(|e| e.answer.as_ref().unwrap().status == 429).count();
    assert_eq!((refused, discord.messages(news).len()), (0, 12));

    // One that comes by injection is waited for by serenity itself.
    let retry_after = Duration::from_millis(10);
    discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::RateLimited { retry_after, global: true }));
    channel.say(&http, "after all").await.unwrap();
    assert_eq!(discord.messages(news).len(), 13);
    referee::assert_clean(&discord);
}

#[tokio::test]
async fn messages_are_read_edited_and_deleted() {
    let discord = start().await;
    let http = http(&discord);
    let (news, channel) = news(&discord);
    let member = discord.people().member;
    let text = format!("<@{member}> @everyone");
    let none = s::CreateAllowedMentions::new();
    let quiet = s::CreateMessage::new().content(&text).allowed_mentions(none);
    let mut quiet = channel.send_message(&http, quiet).await.unwrap();
    channel.say(&http, &text).await.unwrap();
    let pings: Vec<_> = discord.messages(news).into_iter().map(|m| m.pings.users).collect();
    assert_eq!(pings, [vec![], vec![member]]);

    quiet.edit(&http, s::EditMessage::new().content("2 sources")).await.unwrap();
    assert!(channel.message(&http, quiet.id).await.unwrap().edited_timestamp.is_some());
    let said = discord.say(member, news, "Thanks!").unwrap();
    assert!(channel.edit_message(&http, said.0, s::EditMessage::new().content("x")).await.is_err());
    let page = channel.messages(&http, s::GetMessages::new().limit(2)).await.unwrap();
    let texts: Vec<_> = page.iter().map(|m| m.content.as_str()).collect();
    assert_eq!(texts, ["Thanks!", text.as_str()]);
    channel.delete_message(&http, quiet.id).await.unwrap();
    assert!(channel.message(&http, quiet.id).await.is_err());

    let user = s::UserId::new(member.0);
    user.create_dm_channel(&http).await.unwrap().say(&http, "Hello").await.unwrap();
    assert_eq!(discord.messages(discord.direct(member).unwrap())[0].content, "Hello");
    referee::assert_clean(&discord);
}

#[tokio::test]
async fn places_and_people_are_as_serenity_reads_them() {
    let discord = start().await;
    let http = http(&discord);
    let guild = s::GuildId::new(discord.guild().0);
    let (_, channel) = news(&discord);
    assert!(http.get_current_user().await.unwrap().bot);
    assert_eq!(http.get_current_application_info().await.unwrap().name, "dateline");
    assert_eq!(http.get_bot_gateway().await.unwrap().shards, 1);
    assert_eq!(guild.to_partial_guild(&http).await.unwrap().name, "Sandbox");
    assert_eq!(guild.channels(&http).await.unwrap().len(), 2);
    assert_eq!(guild.roles(&http).await.unwrap().len(), 4);
    assert_eq!(guild.members(&http, None, None).await.unwrap().len(), 4);
    assert_eq!(http.get_guilds(None, None).await.unwrap().len(), 1);
    let member = s::UserId::new(discord.people().member.0);
    assert_eq!(guild.member(&http, member).await.unwrap().user.name, "member");
    assert_eq!(http.get_user(member).await.unwrap().name, "member");
    assert_eq!(channel.to_channel(&http).await.unwrap().guild().unwrap().name, "news");
    http.broadcast_typing(channel).await.unwrap();
    referee::assert_clean(&discord);
}

#[tokio::test]
async fn the_proxy_leads_to_discord_and_nowhere_else() {
    let discord = start().await;
    let ca = reqwest::Certificate::from_pem(discord.ca_pem().as_bytes()).unwrap();
    let proxy = reqwest::Proxy::https(discord.proxy_url()).unwrap();
    let client = reqwest::Client::builder().proxy(proxy).add_root_certificate(ca).build().unwrap();
    let http = s::HttpBuilder::new(discord.token()).client(client.clone()).build();
    let (news, channel) = news(&discord);
    channel.say(&http, "through the proxy").await.unwrap();
    assert_eq!(discord.messages(news).len(), 1);
    client.get("https://example.org/").send().await.unwrap_err();
    assert_eq!(discord.refused_hosts(), ["example.org:443"]);
    referee::assert_clean(&discord);
}

#[tokio::test]
async fn a_wrong_token_is_an_authentication_error() {
    let discord = start().await;
    let client = client(&discord).resolve("discord.com", discord.addr()).build().unwrap();
    let http = s::HttpBuilder::new("a.wrong.token").client(client).build();
    let refused = http.get_current_user().await.unwrap_err();
    let s::Error::Http(s::HttpError::UnsuccessfulRequest(refused)) = refused else { panic!("{refused:?}") };
    assert_eq!(refused.status_code.as_u16(), 401);
    let mut client = s::ClientBuilder::new_with_http(http, s::GatewayIntents::GUILDS).await.unwrap();
    let error = client.start().await.unwrap_err();
    assert!(matches!(error, s::Error::Gateway(s::GatewayError::InvalidAuthentication)), "{error:?}");
    referee::assert_clean(&discord);
}

#[tokio::test]
async fn the_state_outlives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { state: Some(dir.path().join("discord.json")), ..settings() };
    let discord = EmbeddedDiscord::start(settings.clone()).await.unwrap();
    let mut bots = JoinSet::new();
    connect(&discord, &mut bots).await;
    let (news, channel) = news(&discord);
    let card =
        || s::CreateMessage::new().content("kept").nonce(s::Nonce::String("n".into())).enforce_nonce(true);
    let kept = channel.send_message(&http(&discord), card()).await.unwrap();
    discord.invoke(discord.people().member, news, "status", &[]).await.unwrap();
    referee::assert_clean(&discord);
    bots.shutdown().await;
    let before = (discord.people(), discord.channels(), discord.commands());
    discord.shutdown().await;

    let discord = EmbeddedDiscord::start(settings).await.unwrap();
    assert_eq!((discord.people(), discord.channels(), discord.commands()), before);
    let http = http(&discord);
    let again = channel.send_message(&http, card()).await.unwrap();
    let other = channel.say(&http, "new").await.unwrap();
    assert_eq!(again.id, kept.id);
    assert!(other.id > kept.id);
    let member = discord.people().member;
    let texts: Vec<_> = discord.messages_for(member, news).into_iter().map(|m| m.content).collect();
    assert_eq!(texts, ["kept", "new"], "ephemeral answers are gone");
    referee::assert_clean(&discord);
}

type PoiseContext<'a> = poise::Context<'a, (), s::Error>;

/// Reads a page.
#[poise::command(slash_command)]
async fn read(
    ctx: PoiseContext<'_>,
    #[description = "The page"]
    #[autocomplete = "pages"]
    page: String,
    #[description = "Feeds to import"] file: Option<s::Attachment>,
) -> Result<(), s::Error> {
    ctx.defer_ephemeral().await?;
    let size = file.map_or(0, |file| file.size);
    ctx.say(format!("{page} {size}")).await?;
    Ok(())
}

async fn pages(_: PoiseContext<'_>, typed: &str) -> s::CreateAutocompleteResponse {
    s::CreateAutocompleteResponse::new().add_string_choice(format!("{typed}…"), typed)
}

#[tokio::test]
async fn poise_runs_unmodified() {
    let discord = start().await;
    let framework = poise::Framework::builder()
        .options(poise::FrameworkOptions { commands: vec![read()], ..Default::default() })
        .setup(|ctx, _, framework| {
            Box::pin(poise::builtins::register_globally(ctx, &framework.options().commands))
        })
        .build();
    let intents = s::GatewayIntents::GUILDS;
    let builder = s::ClientBuilder::new_with_http(http(&discord), intents).framework(framework);
    let mut client = builder.await.unwrap();
    let mut bots = JoinSet::new();
    bots.spawn(async move { client.start().await.unwrap() });
    discord.wait("commands", |d| (d.commands().len() == 1).then_some(())).await.unwrap();

    let (news, _) = news(&discord);
    let member = discord.people().member;
    let choices = discord.autocomplete(member, news, "read", &[], ("page", "exam")).await.unwrap();
    assert_eq!(choices, [("exam…".to_owned(), json!("exam"))]);
    let file = json!({"filename": "feeds.opml", "content": "<opml/>"});
    let given = [("page", json!("example.org")), ("file", file)];
    let reply = discord.invoke(member, news, "read", &given).await.unwrap();
    assert!(reply.deferred && reply.ephemeral, "{reply:?}");
    assert_eq!(reply.message.content, "example.org 7");
    referee::assert_clean(&discord);
}

#[tokio::test]
async fn files_are_where_their_address_says() {
    let discord = start().await;
    let http = http(&discord);
    let (_, channel) = news(&discord);
    let file = s::CreateAttachment::bytes("<opml/>", "my feeds.opml");
    let sent = channel.send_files(&http, [file], s::CreateMessage::new()).await.unwrap();
    let client = client(&discord).resolve("cdn.discordapp.com", discord.addr()).build().unwrap();
    let address = &sent.attachments[0].url;
    let answer = client.get(address).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "<opml/>");
    // The signature is a part of it.
    let bare = address.split('?').next().unwrap();
    assert_eq!(client.get(bare).send().await.unwrap().status(), 404);
    referee::assert_clean(&discord);
}
