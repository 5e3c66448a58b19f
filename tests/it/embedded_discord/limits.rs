//! Rate limits, as their headers and bodies tell them.

use std::time::Duration;

use dateline::sandbox::discord::{EmbeddedDiscord, Limit, Settings};
use serde_json::{Value, json};
use serenity::all as s;

use super::{client, http, news, refusal, settings, with};

/// Longer than any test: a window that does not end.
const HOUR: Duration = Duration::from_secs(3600);

/// Posts without a client that keeps to limits: status, headers, body.
async fn post(
    discord: &EmbeddedDiscord,
    client: &reqwest::Client,
) -> (u16, reqwest::header::HeaderMap, Value) {
    let channel = news(discord).0;
    let answer = client
        .post(format!("https://discord.com/api/v10/channels/{channel}/messages"))
        .header("authorization", format!("Bot {}", discord.token()))
        .json(&json!({"content": "Extra!"}))
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.headers().clone(), answer.json().await.unwrap())
}

fn header<'a>(headers: &'a reqwest::header::HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_route_tells_its_limit_and_refuses_what_is_over_it() {
    let message_limit = Limit { count: 2, window: HOUR };
    let discord = with(Settings { message_limit, ..settings() }).await;
    let client = client(&discord).resolve("discord.com", discord.addr()).build().unwrap();
    let mut buckets = Vec::new();
    for remaining in ["1", "0"] {
        let (status, headers, _) = post(&discord, &client).await;
        assert_eq!(status, 200);
        assert_eq!(header(&headers, "x-ratelimit-limit"), Some("2"));
        assert_eq!(header(&headers, "x-ratelimit-remaining"), Some(remaining));
        let reset: f64 = header(&headers, "x-ratelimit-reset").unwrap().parse().unwrap();
        let after: f64 = header(&headers, "x-ratelimit-reset-after").unwrap().parse().unwrap();
        assert!(reset > after && after <= HOUR.as_secs_f64(), "{reset} {after}");
        buckets.push(header(&headers, "x-ratelimit-bucket").unwrap().to_owned());
    }
    let (status, headers, body) = post(&discord, &client).await;
    assert_eq!(status, 429);
    assert_eq!(header(&headers, "x-ratelimit-scope"), Some("user"));
    assert_eq!(header(&headers, "x-ratelimit-global"), None);
    let wait: f64 = header(&headers, "retry-after").unwrap().parse().unwrap();
    assert!(wait >= body["retry_after"].as_f64().unwrap(), "{wait} {body}");
    assert_eq!(body["global"], false);
    buckets.push(header(&headers, "x-ratelimit-bucket").unwrap().to_owned());
    assert!(buckets.iter().all(|bucket| *bucket == buckets[0]), "{buckets:?}");
    assert_eq!(discord.messages(news(&discord).0).len(), 2);
}

#[tokio::test]
async fn all_routes_together_have_a_limit() {
    let global_limit = Limit { count: 2, window: HOUR };
    let discord = with(Settings { global_limit, ..settings() }).await;
    let client = client(&discord).resolve("discord.com", discord.addr()).build().unwrap();
    for expected in [200, 200, 429] {
        let (status, headers, body) = post(&discord, &client).await;
        assert_eq!(status, expected);
        if status == 429 {
            assert_eq!(header(&headers, "x-ratelimit-scope"), Some("global"));
            assert_eq!(header(&headers, "x-ratelimit-global"), Some("true"));
            assert_eq!(body["global"], true);
        }
    }
}

#[tokio::test]
async fn two_hundred_commands_are_created_in_a_day() {
    let discord = with(settings()).await;
    let client = client(&discord).resolve("discord.com", discord.addr()).build().unwrap();
    let put = async |commands: &Value| {
        let application = discord.people().bot;
        let answer = client
            .put(format!("https://discord.com/api/v10/applications/{application}/commands"))
            .header("authorization", format!("Bot {}", discord.token()))
            .json(commands)
            .send();
        let answer: Value = answer.await.unwrap().json().await.unwrap();
        answer["code"].as_u64()
    };
    let set = async |names: &str| {
        let command = |i: u32| json!({"name": format!("{names}-{i}"), "description": "One of many"});
        put(&(0..100).map(command).collect()).await
    };
    assert_eq!(set("first").await, None);
    assert_eq!(set("first").await, None, "a change creates nothing");
    assert_eq!(set("second").await, None);
    assert_eq!(set("first").await, Some(30034), "what was removed is created anew");
    assert!(discord.commands().iter().all(|command| command["name"].as_str().unwrap().starts_with("second")));

    discord.provoke("PUT /applications/{application_id}/commands request");
    assert_eq!(put(&json!({"name": "alone", "description": "No list"})).await, Some(50035));
    assert_eq!(discord.commands().len(), 100, "what is no list deletes nothing");
}

#[tokio::test]
async fn a_message_that_is_old_is_edited_a_few_times_an_hour() {
    let old_edit_limit = Limit { count: 2, window: HOUR };
    // A message is old after an hour at Discord's.
    for (old_after, third) in [(Duration::ZERO, Some((429, 30046))), (HOUR, None)] {
        let discord = with(Settings { old_edit_limit, old_after, ..settings() }).await;
        let http = http(&discord);
        let (_, channel) = news(&discord);
        let (card, other) = (channel.say(&http, "A card").await, channel.say(&http, "Another").await);
        let edit = async |id: s::MessageId, text: &str| {
            refusal(channel.edit_message(&http, id, s::EditMessage::new().content(text)).await)
        };
        let card = card.unwrap().id;
        assert_eq!(
            [edit(card, "1").await, edit(card, "2").await, edit(card, "3").await],
            [None, None, third]
        );
        assert_eq!(edit(other.unwrap().id, "1").await, None, "each message has its own");
    }
}
