//! Guild, channels and people; the ways in; what is kept.

use dateline::sandbox::discord::{EmbeddedDiscord, Settings};
use serenity::all as s;
use tokio::task::JoinSet;

use super::{connect, http, news, refusal, settings, start};
use crate::referee::Refereed;

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
    let members = guild.members(&http, None, None).await;
    assert_eq!(refusal(members), Some((403, 50001)), "they are for who has the intent");
    assert_eq!(http.get_guilds(None, None).await.unwrap().len(), 1);
    let member = s::UserId::new(discord.people().member.0);
    assert_eq!(guild.member(&http, member).await.unwrap().user.name, "member");
    assert_eq!(http.get_user(member).await.unwrap().name, "member");
    assert_eq!(channel.to_channel(&http).await.unwrap().guild().unwrap().name, "news");
    http.broadcast_typing(channel).await.unwrap();
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
}

#[tokio::test]
async fn the_state_outlives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { state: Some(dir.path().join("discord.json")), ..settings() };
    let discord = Refereed::new(EmbeddedDiscord::start(settings.clone()).await.unwrap());
    let mut bots = JoinSet::new();
    connect(&discord, &mut bots).await;
    let (news, channel) = news(&discord);
    let card =
        || s::CreateMessage::new().content("kept").nonce(s::Nonce::String("n".into())).enforce_nonce(true);
    let kept = channel.send_message(&http(&discord), card()).await.unwrap();
    discord.invoke(discord.people().member, news, "status", &[]).await.unwrap();
    bots.shutdown().await;
    let before = (discord.people(), discord.channels(), discord.commands());
    discord.shutdown().await;

    let discord = Refereed::new(EmbeddedDiscord::start(settings).await.unwrap());
    assert_eq!((discord.people(), discord.channels(), discord.commands()), before);
    let http = http(&discord);
    let again = channel.send_message(&http, card()).await.unwrap();
    let other = channel.say(&http, "new").await.unwrap();
    assert_eq!(again.id, kept.id);
    assert!(other.id > kept.id);
    let member = discord.people().member;
    let texts: Vec<_> = discord.messages_for(member, news).into_iter().map(|m| m.content).collect();
    assert_eq!(texts, ["kept", "new"], "ephemeral answers are gone");
}
