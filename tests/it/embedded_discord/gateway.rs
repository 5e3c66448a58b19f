//! The gateway: sessions that are resumed, refused and begun anew.

use std::net::Ipv4Addr;
use std::time::Duration;

use dateline::sandbox::discord::{EmbeddedDiscord, Limit, Settings};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use serenity::all as s;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{client, connect, http, news, settings, start, with};

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

/// A client that says only what it is told to.
async fn socket(discord: &EmbeddedDiscord) -> Socket {
    connect_async(format!("ws://{}/?v=10", discord.addr())).await.unwrap().0
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

fn identify(discord: &EmbeddedDiscord) -> Message {
    Message::text(
        json!({"op": 2, "d": {"token": discord.token(), "intents": 1, "properties": {}}}).to_string(),
    )
}

fn resume(discord: &EmbeddedDiscord, session: &str, seq: u64) -> Message {
    let data = json!({"token": discord.token(), "session_id": session, "seq": seq});
    Message::text(json!({"op": 6, "d": data}).to_string())
}

/// The next payload that is no dispatch of a guild and no greeting; else the close code, 0 for none.
async fn next(socket: &mut Socket) -> Result<Value, u16> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                let payload: Value = serde_json::from_str(&text).unwrap();
                if payload["op"] != 10 && payload["t"] != "GUILD_CREATE" {
                    return Ok(payload);
                }
            }
            Some(Ok(Message::Close(frame))) => return Err(frame.map_or(0, |frame| frame.code.into())),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_bot_identifies_a_thousand_times_a_day_at_most() {
    let identify_limit = Limit { count: 2, window: Duration::from_secs(3600) };
    let discord = with(Settings { identify_limit, ..settings() }).await;
    let http = http(&discord);
    for remaining in [2, 1] {
        assert_eq!(http.get_bot_gateway().await.unwrap().session_start_limit.remaining, remaining);
        let mut socket = socket(&discord).await;
        socket.send(identify(&discord)).await.unwrap();
        assert_eq!(next(&mut socket).await.unwrap()["t"], "READY");
    }
    let left = http.get_bot_gateway().await.unwrap().session_start_limit;
    assert_eq!(left.remaining, 0);
    assert!((1..=3_600_000).contains(&left.reset_after), "{left:?}");
    let mut socket = socket(&discord).await;
    socket.send(identify(&discord)).await.unwrap();
    assert_eq!(next(&mut socket).await, Err(4004));
}

#[tokio::test]
async fn a_bot_identifies_once_in_five_seconds() {
    let discord = with(Settings { identify_spacing: Duration::from_secs(3600), ..settings() }).await;
    let mut first = socket(&discord).await;
    first.send(identify(&discord)).await.unwrap();
    let ready = next(&mut first).await.unwrap();
    let mut second = socket(&discord).await;
    second.send(identify(&discord)).await.unwrap();
    let told = next(&mut second).await.unwrap();
    assert_eq!((&told["op"], &told["d"]), (&json!(9), &json!(false)));
    assert_eq!(discord.connections().0, 1);
    // It may go on with the session that it has.
    let session = ready["d"]["session_id"].as_str().unwrap();
    second.send(resume(&discord, session, 2)).await.unwrap();
    assert_eq!(next(&mut second).await.unwrap()["t"], "RESUMED");
}

#[tokio::test]
async fn a_session_is_taken_up_after_a_close_without_a_code_and_only_with_what_was_sent() {
    let discord = start().await;
    let mut socket = socket(&discord).await;
    socket.send(identify(&discord)).await.unwrap();
    let ready = next(&mut socket).await.unwrap();
    let session = ready["d"]["session_id"].as_str().unwrap();
    discord.drop_gateway(None);
    assert_eq!(next(&mut socket).await, Err(0));

    let mut socket = self::socket(&discord).await;
    socket.send(resume(&discord, session, 2)).await.unwrap();
    assert_eq!(next(&mut socket).await.unwrap()["t"], "RESUMED");
    let mut socket = self::socket(&discord).await;
    socket.send(resume(&discord, session, 99)).await.unwrap();
    assert_eq!(next(&mut socket).await, Err(4007), "a number that was not given out");
}

#[tokio::test]
async fn the_gateway_is_for_bots_of_this_machine() {
    let discord = start().await;
    let addr = discord.addr();
    for (name, value) in [("origin", "https://discord.com"), ("host", "discord.example:443")] {
        let mut request = format!("ws://{addr}/?v=10").into_client_request().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
        let refused = connect_async(request).await.unwrap_err();
        let tungstenite::Error::Http(answer) = refused else { panic!("{refused:?}") };
        assert_eq!(answer.status(), 403, "{name}");
    }
    assert_eq!(addr.ip(), Ipv4Addr::LOCALHOST);
    // What listens on every interface answers here too.
    TcpStream::connect((Ipv4Addr::new(127, 0, 0, 2), addr.port())).await.unwrap_err();
}
