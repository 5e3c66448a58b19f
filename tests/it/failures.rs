//! What people are told when something does not work: each cause has a sentence of its own.
//!
//! A missing permission and a deleted channel are in `flow`, locked threads and missing tags in `places`, a model that is
//! busy beside `desk`.

use dateline::domain::Locale;
use dateline::render::{Script, why};
use dateline::sandbox::discord::{Effect, EmbeddedDiscord, Endpoint, Fault};
use serde_json::json;

use crate::commands::{Running, description};
use crate::world::{CANAL, NEWS, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_cannot_be_read_and_somebody_who_asks_too_much() {
    let bot = Running::start().await;
    bot.site.put("/empty", 200, "text/html", "<html><body><p>Menu</p></body></html>");
    bot.site.put("/broken", 503, "text/plain", "");
    let mut told = Vec::new();
    for url in [bot.site.url("/missing"), bot.site.url("/empty"), "http://10.0.0.1/news".to_owned()] {
        told.push(description(&bot.member("digest", &[("url", json!(url))]).await.unwrap()));
    }
    // Far more than one person has read at a time: who asks is told so, at once and alone.
    let (member, channel) = (bot.discord.people().member, bot.discord.channel(NEWS).unwrap());
    let broken = [("url", json!(bot.site.url("/broken")))];
    let asked: Vec<u64> =
        (0..12).map(|_| bot.discord.begin(member, channel, "digest", &broken).unwrap()).collect();
    let refused = |discord: &EmbeddedDiscord| {
        asked.iter().find_map(|id| discord.reply(*id).filter(|reply| !reply.deferred))
    };
    let refused = bot.discord.wait("a refusal", refused).await.unwrap();
    assert!(refused.ephemeral);
    let words = description(&refused);
    let seconds: String = words.chars().filter(char::is_ascii_digit).collect();
    told.push(words.replace(&seconds, "N"));
    // Others are answered.
    let reply = bot.moderator("digest", &broken).await;
    told.push(description(&reply));
    insta::assert_snapshot!(told.join("\n"), @"
    That page cannot be read: not found (404).
    There is no article on that page, or it is drawn by a script that I do not run.
    That page cannot be read: the address is private.
    That is more than I answer one person at a time. Please wait N s.
    That page cannot be read: the server fails (503).
    ");
    bot.stop().await;
}

#[tokio::test]
async fn discord_is_down() {
    let mut world = World::new().await;
    world.watch("/feed.xml").await;
    world.later(chrono::TimeDelta::minutes(5));
    world.site.page("/canal", "Harbour Courier", "Panama Canal opens", world.now, &CANAL);
    world.site.feed("/feed.xml", "Harbour Courier", &[("/canal", "Panama Canal opens", world.now)]);
    world.read().await;
    world.discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::Broken { status: 503, stored: false }));
    world.deliver().await;
    let mut conn = world.ctx.store.read().await.unwrap();
    let url = world.site.url("/canal").parse().unwrap();
    let trail = dateline::desk::trail::of(&mut conn, None, &url).await.unwrap().unwrap();
    let script = Script {
        channel: |_| "#news".to_owned(),
        moment: |at| at.format("%H:%M").to_string(),
        foreign: |text, _| text.to_owned(),
    };
    let lines = why::lines(&trail, Locale::English, 400, script);
    let told = lines.iter().find(|line| line.contains("Discord")).unwrap();
    insta::assert_snapshot!(told, @"12:05 · Posted, to be tried again: channel #news: Discord is down or out of reach, and is asked again by itself: it answered 503");
}
