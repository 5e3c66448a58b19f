//! The gateway: sessions that are resumed, refused and begun anew.

use std::time::Duration;

use dateline::sandbox::discord::{EmbeddedDiscord, Settings};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use serenity::all as s;
use tokio::task::JoinSet;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use super::{client, connect, news, settings, start, with};

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

    // Nothing keeps the port, though the bot is still connected.
    let addr = discord.addr();
    discord.shutdown().await;
    tokio::net::TcpStream::connect(addr).await.unwrap_err();
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
}

#[tokio::test]
async fn a_bot_that_is_asked_to_reconnect_resumes() {
    let discord = start().await;
    let mut bots = JoinSet::new();
    connect(&discord, &mut bots).await;
    for (resumable, expected) in [(None, (1, 1)), (Some(true), (1, 2)), (Some(false), (2, 2))] {
        match resumable {
            None => discord.ask_reconnect(),
            Some(resumable) => discord.invalidate_session(resumable),
        }
        discord.wait("the next session", |d| (d.connections() == expected).then_some(())).await.unwrap();
        let reply = discord.invoke(discord.people().member, news(&discord).0, "status", &[]).await.unwrap();
        assert_eq!(reply.message.content, "All well", "{resumable:?}");
    }
}

#[tokio::test]
async fn a_connection_that_died_unnoticed_is_found_by_its_heartbeats() {
    let discord = with(Settings { heartbeat: Duration::from_secs(1), ..settings() }).await;
    let mut bots = JoinSet::new();
    connect(&discord, &mut bots).await;
    discord.mute_heartbeats(true);
    // serenity begins anew rather than resume.
    discord.wait("another session", |d| (d.connections().0 == 2).then_some(())).await.unwrap();
    discord.mute_heartbeats(false);
    let reply = discord.invoke(discord.people().member, news(&discord).0, "status", &[]).await.unwrap();
    assert_eq!(reply.message.content, "All well");
}

/// The close code that a client gets which sends these payloads.
async fn closed(discord: &EmbeddedDiscord, query: &str, payloads: &[String]) -> u16 {
    let (mut socket, _) = connect_async(format!("ws://{}/{query}", discord.addr())).await.unwrap();
    for payload in payloads {
        // It may be closed before it has said everything.
        if socket.send(Message::text(payload)).await.is_err() {
            break;
        }
    }
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Close(Some(frame)) = message {
            return frame.code.into();
        }
    }
    panic!("closed without a code");
}

#[tokio::test]
async fn what_a_client_must_not_do_closes_its_connection() {
    let discord = start().await;
    let token = discord.token();
    let identify = |token: &str, intents: serde_json::Value, shard: serde_json::Value| {
        json!({"op": 2, "d": {"token": token, "intents": intents, "shard": shard, "properties": {}}})
            .to_string()
    };
    let good = identify(token, json!(1), json!([0, 1]));
    let session = format!("{:032x}", 1);
    let resume = json!({"op": 6, "d": {"token": "wrong", "session_id": session, "seq": 0}}).to_string();
    let beats = vec![json!({"op": 1, "d": null}).to_string(); 121];
    let op = |op: u8| json!({"op": op, "d": {}}).to_string();
    let cases = [
        ("an opcode that does not exist", vec![op(99)], 4001),
        ("no JSON", vec!["{".to_owned()], 4002),
        ("presence before IDENTIFY", vec![op(3)], 4003),
        ("a wrong token", vec![identify("a.b.c", json!(1), json!([0, 1]))], 4004),
        ("a resume with a wrong token", vec![resume], 4004),
        ("IDENTIFY twice", vec![good.clone(), good.clone()], 4005),
        ("121 payloads in a minute", beats, 4008),
        ("a shard beyond the last", vec![identify(token, json!(1), json!([1, 1]))], 4010),
        ("no intents", vec![identify(token, json!(null), json!([0, 1]))], 4013),
        ("intents that do not exist", vec![identify(token, json!(1_u64 << 40), json!([0, 1]))], 4013),
        ("intents that were not granted", vec![identify(token, json!(1 << 15), json!([0, 1]))], 4014),
    ];
    for (what, payloads, code) in cases {
        assert_eq!(closed(&discord, "?v=10", &payloads).await, code, "{what}");
    }
    assert_eq!(closed(&discord, "?v=4", &[]).await, 4012);
}

#[tokio::test]
async fn a_client_without_heartbeats_is_closed() {
    let discord = with(Settings { heartbeat: Duration::from_millis(10), ..settings() }).await;
    assert_eq!(closed(&discord, "?v=10", &[]).await, 4009);
}

#[tokio::test]
async fn a_bot_identifies_a_thousand_times_a_day_at_most() {
    let discord = start().await;
    let identify =
        json!({"op": 2, "d": {"token": discord.token(), "intents": 1, "properties": {}}}).to_string();
    for _ in 0..1000 {
        let (mut socket, _) = connect_async(format!("ws://{}/?v=10", discord.addr())).await.unwrap();
        socket.send(Message::text(&identify)).await.unwrap();
        let ready = async {
            while let Some(Ok(message)) = socket.next().await {
                if message.to_text().is_ok_and(|text| text.contains("READY")) {
                    return true;
                }
            }
            false
        };
        assert!(ready.await);
    }
    assert_eq!(closed(&discord, "?v=10", &[identify]).await, 4004);
}
