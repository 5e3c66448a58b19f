//! Commands, buttons and autocompletes, and when they must be answered.

use std::time::Duration;

use dateline::domain::UserId;
use dateline::sandbox::discord::{ControlError, Settings};
use serde_json::json;
use serenity::all as s;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::{connect, http, news, refusal, settings, start, with};

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
}

/// Answers every command twice, then edits its answer, and tells what came of each.
struct Insistent(mpsc::UnboundedSender<Option<(u16, isize)>>);

#[s::async_trait]
impl s::EventHandler for Insistent {
    async fn ready(&self, ctx: s::Context, _: s::Ready) {
        let status = s::CreateCommand::new("status").description("How the bot is");
        s::Command::set_global_commands(&ctx.http, vec![status]).await.unwrap();
    }

    async fn interaction_create(&self, ctx: s::Context, interaction: s::Interaction) {
        let s::Interaction::Command(command) = interaction else { return };
        for _ in 0..2 {
            let text = s::CreateInteractionResponseMessage::new().content("All well");
            let answered =
                command.create_response(&ctx.http, s::CreateInteractionResponse::Message(text)).await;
            self.0.send(refusal(answered)).unwrap();
        }
        let edit = s::EditInteractionResponse::new().content("Still well");
        self.0.send(refusal(command.edit_response(&ctx.http, edit).await)).unwrap();
    }
}

/// What a bot is told that answers twice and then edits.
async fn insist(settings: Settings) -> [Option<(u16, isize)>; 3] {
    let discord = with(settings).await;
    let (told, mut results) = mpsc::unbounded_channel();
    let client = s::ClientBuilder::new_with_http(http(&discord), s::GatewayIntents::GUILDS);
    let mut client = client.event_handler(Insistent(told)).await.unwrap();
    let mut bots = JoinSet::new();
    bots.spawn(async move { client.start().await.unwrap() });
    discord.wait("the command", |d| (d.commands().len() == 1).then_some(())).await.unwrap();
    discord.begin(discord.people().member, news(&discord).0, "status", &[]).unwrap();
    let mut next = async || results.recv().await.unwrap();
    [next().await, next().await, next().await]
}

#[tokio::test]
async fn an_interaction_is_answered_once_and_in_time() {
    assert_eq!(insist(settings()).await, [None, Some((400, 40060)), None]);
    // Three seconds at Discord's.
    let late = Settings { first_answer: Duration::ZERO, ..settings() };
    assert_eq!(insist(late).await, [Some((404, 10062)), Some((404, 10062)), Some((404, 10015))]);
    // A quarter of an hour at Discord's.
    let expired = Settings { token_life: Duration::ZERO, ..settings() };
    assert_eq!(insist(expired).await, [None, Some((400, 40060)), Some((401, 50027))]);
}
