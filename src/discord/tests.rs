//! The real client against the embedded Discord: what people see, and what Discord is asked.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};

use super::commands::tests::FakeDesk;
use super::*;
use crate::domain::{ChannelId, Locale, MessageId, Nonce, UserId};
use crate::render::fixtures::{LATER, moon, nonce, ultimatum};
use crate::render::{Action, Button, Message, card};
use crate::sandbox::discord::{
    ControlError, Effect, EmbeddedDiscord, Endpoint, Fault, Limit, Settings, StoredMessage,
};

async fn discord() -> EmbeddedDiscord {
    // A busy machine may be slower than a user is patient.
    let settings = Settings { first_answer: Duration::from_secs(30), ..Settings::default() };
    EmbeddedDiscord::start(settings).await.unwrap()
}

fn loopback(discord: &EmbeddedDiscord) -> Loopback {
    Loopback { addr: discord.addr(), ca_pem: discord.ca_pem().to_owned() }
}

fn settings(discord: &EmbeddedDiscord, desk: Arc<FakeDesk>) -> BotSettings {
    BotSettings {
        token: SecretString::from(discord.token()),
        loopback: Some(loopback(discord)),
        desk,
        patience: Duration::from_secs(300),
    }
}

async fn started(discord: &EmbeddedDiscord) -> Bot {
    let bot = Bot::start(settings(discord, Arc::default())).unwrap();
    bot.wait_ready().await.unwrap();
    bot
}

fn publisher(discord: &EmbeddedDiscord) -> Publisher {
    Publisher::new(&SecretString::from(discord.token()), Some(&loopback(discord))).unwrap()
}

fn news(discord: &EmbeddedDiscord) -> ChannelId {
    discord.channel("news").unwrap()
}

fn moon_card() -> Message {
    card(&moon(), &nonce(), Locale::English, LATER)
}

/// Titles or descriptions of the embeds.
fn told(message: &StoredMessage) -> Vec<String> {
    let text = |embed: &Value| embed["title"].as_str().or(embed["description"].as_str()).unwrap().to_owned();
    message.embeds.iter().map(text).collect()
}

fn custom_ids(message: &StoredMessage) -> Vec<String> {
    let buttons = message.components.iter().flat_map(|row| row["components"].as_array().unwrap());
    buttons.filter_map(|button| Some(button["custom_id"].as_str()?.to_owned())).collect()
}

/// Discord took everything it was asked. That its description allows all that was said is checked at its end.
#[track_caller]
fn assert_clean(discord: &EmbeddedDiscord) {
    for exchange in discord.exchanges() {
        let answer = exchange.answer.as_ref().map_or(200, |answer| answer.status);
        assert!(answer < 400, "{exchange:?}");
    }
}

#[tokio::test]
async fn commands_are_registered_once() {
    let discord = discord().await;
    for _ in 0..2 {
        started(&discord).await.shutdown().await.unwrap();
        assert_eq!(discord.requests(Endpoint::SET_GLOBAL_COMMANDS), 1);
    }
    let names: Vec<_> =
        discord.commands().iter().map(|command| command["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, ["news", "digest", "topics", "feeds", "settings", "reports", "status", "why"]);
    assert_clean(&discord);
}

#[tokio::test]
async fn readers_page_through_stories() {
    let discord = discord().await;
    let bot = started(&discord).await;
    let member = discord.people().member;
    let reply = discord
        .invoke(member, news(&discord), "news latest", &[("count", json!(1)), ("topic", json!("space"))])
        .await
        .unwrap();
    assert!(reply.deferred && !reply.ephemeral);
    let first = &reply.follow_ups.first().unwrap_or(&reply.message).clone();
    assert_eq!(told(first), ["Two men walk on the Moon"]);
    assert_eq!(first.content, "**Newest stories** about “space”");
    assert_eq!(first.allowed_mentions, Some(json!({ "parse": [], "users": [], "roles": [] })));
    let [next] = custom_ids(first).try_into().unwrap();
    let second = discord.press(member, first.id, &next).await.unwrap().message;
    assert_eq!(told(&second), ["Vienna gives Belgrade 48 hours"]);
    assert_eq!(second.content, first.content, "the heading stays");
    bot.shutdown().await.unwrap();
    assert_clean(&discord);
}

#[tokio::test]
async fn what_the_database_answers_is_said_at_once_unless_it_is_busy() {
    let discord = discord().await;
    let (free, held) = tokio::sync::watch::channel(true);
    let desk = Arc::new(FakeDesk { free: Some(held), ..FakeDesk::default() });
    let bot = Bot::start(settings(&discord, desk)).unwrap();
    bot.wait_ready().await.unwrap();
    let member = discord.people().member;
    for (command, options, deferred) in [
        ("news latest", vec![], false),
        ("news story", vec![("id", json!("20"))], false),
        ("news actor", vec![("name", json!("Armstrong"))], false),
        ("status", vec![], false),
        ("news latest", vec![("topic", json!("space"))], true),
        ("news search", vec![("query", json!("moon"))], true),
    ] {
        let reply = discord.invoke(member, news(&discord), command, &options).await.unwrap();
        assert_eq!((reply.deferred, reply.follow_ups.len()), (deferred, 0), "/{command} {options:?}");
    }
    free.send_replace(false);
    let before = discord.requests(Endpoint::CALLBACK);
    let asked = discord.begin(member, news(&discord), "status", &[]).unwrap();
    discord.wait_for(Endpoint::CALLBACK, before + 1).await.unwrap();
    assert!(discord.reply(asked).is_none(), "it is shown as on its way");
    free.send_replace(true);
    let reply = discord.wait("the answer", |discord| discord.reply(asked)).await.unwrap();
    assert!(reply.deferred && reply.ephemeral, "{reply:?}");
    bot.shutdown().await.unwrap();
    assert_clean(&discord);
}

#[tokio::test]
async fn answers_to_many_readers_do_not_wait_for_one_another() {
    // Each interaction has a limit of its own: one message an hour is enough for every one.
    let an_hour = Limit { count: 1, window: Duration::from_secs(3600) };
    let settings =
        Settings { first_answer: Duration::from_secs(30), message_limit: an_hour, ..Settings::default() };
    let discord = EmbeddedDiscord::start(settings).await.unwrap();
    let bot = started(&discord).await;
    let member = discord.people().member;
    let options = [("query", json!("moon"))];
    let asked = (0..12).map(|_| discord.invoke(member, news(&discord), "news search", &options));
    for reply in futures_util::future::join_all(asked).await {
        assert!(reply.unwrap().deferred);
    }
    bot.shutdown().await.unwrap();
    assert_clean(&discord);
}

#[tokio::test]
async fn settings_are_for_moderators_and_private() {
    let discord = discord().await;
    let bot = started(&discord).await;
    let people = discord.people();
    let refused = discord.invoke(people.member, news(&discord), "feeds list", &[]).await;
    assert_eq!(refused.unwrap_err(), ControlError::NotPermitted);
    let options = [("topic", json!("space")), ("channel", json!(news(&discord).to_string()))];
    let reply = discord.invoke(people.moderator, news(&discord), "topics subscribe", &options).await.unwrap();
    let answer = reply.follow_ups.first().unwrap_or(&reply.message);
    assert!(told(answer)[0].contains("now gets stories about “space”"), "{answer:?}");
    assert_eq!(answer.only_for, Some(people.moderator));
    let choices = discord
        .autocomplete(people.moderator, news(&discord), "feeds remove", &[], ("feed", "flor"))
        .await
        .unwrap();
    assert_eq!(choices, [("The Florida Example (https://florida.example/rss)".to_owned(), json!("7"))]);
    bot.shutdown().await.unwrap();
    assert_clean(&discord);
}

#[tokio::test]
async fn what_goes_wrong_is_told_without_its_cause() {
    let discord = discord().await;
    let bot = started(&discord).await;
    for (url, sentence) in [
        ("https://down.example/", "The page did not answer."),
        ("https://broken.example/", "Something went wrong (ref "),
        ("https://panic.example/", "Something went wrong (ref "),
    ] {
        let reply = discord
            .invoke(discord.people().member, news(&discord), "digest", &[("url", json!(url))])
            .await
            .unwrap();
        let answer = reply.follow_ups.first().unwrap_or(&reply.message);
        assert!(told(answer)[0].starts_with(sentence), "{answer:?}");
    }
    bot.shutdown().await.unwrap();
    assert_clean(&discord);
}

#[tokio::test]
async fn a_cards_button_works_after_a_restart() {
    let discord = discord().await;
    let member = discord.people().member;
    let id = publisher(&discord).create(news(&discord), &moon_card(), &nonce()).await.unwrap();
    for _ in 0..2 {
        let bot = started(&discord).await;
        let reply = discord.press(member, id, "sources:d1-7f3a9c").await.unwrap();
        let answer = reply.follow_ups.first().unwrap_or(&reply.message);
        assert_eq!(told(answer), ["3 sources: Two men walk on the Moon"]);
        assert_eq!(answer.only_for, Some(member));
        // All that is needed is in the buttons and the database.
        for (button, expected) in [("timeline", "Two men"), ("inaccurate", "Thank you")] {
            let reply = discord.press(member, id, &format!("{button}:d1-7f3a9c")).await.unwrap();
            let answer = told(reply.follow_ups.first().unwrap_or(&reply.message)).concat();
            assert!(answer.contains(expected), "{button}: {answer}");
        }
        bot.shutdown().await.unwrap();
    }
    assert_clean(&discord);
}

#[tokio::test]
async fn a_button_from_another_version_says_so() {
    let discord = discord().await;
    let bot = started(&discord).await;
    let mut old = moon_card();
    old.buttons =
        vec![vec![Button { label: "Old".to_owned(), action: Action::Custom("old:thing".to_owned()) }]];
    let id = publisher(&discord).create(news(&discord), &old, &nonce()).await.unwrap();
    let reply = discord.press(discord.people().member, id, "old:thing").await.unwrap();
    assert!(reply.ephemeral);
    assert_eq!(reply.message.content, "This button is from another version of me and does nothing any more.");
    bot.shutdown().await.unwrap();
    assert_clean(&discord);
}

#[tokio::test]
async fn a_deleted_channel_is_reported() {
    let discord = discord().await;
    let desk = Arc::new(FakeDesk::default());
    let bot = Bot::start(settings(&discord, Arc::clone(&desk))).unwrap();
    bot.wait_ready().await.unwrap();
    let channel = news(&discord);
    discord.delete_channel(channel);
    assert_eq!(*desk.gone.subscribe().wait_for(Option::is_some).await.unwrap(), Some(channel));
    bot.shutdown().await.unwrap();
    assert_clean(&discord);
}

/// However long a model, a page or the disk takes: "thinking…" is what Discord hears first.
#[tokio::test]
async fn every_command_defers_before_it_waits_for_anything() {
    let discord = discord().await;
    let (free, held) = tokio::sync::watch::channel(false);
    let desk = Arc::new(FakeDesk { free: Some(held), ..FakeDesk::default() });
    let bot = Bot::start(settings(&discord, desk)).unwrap();
    bot.wait_ready().await.unwrap();
    let (query, url) = (("query", json!("landing")), ("url", json!("https://tribune.example/1914/note")));
    let asked: Vec<(&str, Vec<(&str, Value)>)> = vec![
        ("news latest", vec![("topic", json!("space"))]),
        ("news search", vec![query.clone()]),
        ("news story", vec![("id", json!("20"))]),
        ("news timeline", vec![query]),
        ("news actor", vec![("name", json!("Armstrong"))]),
        ("digest", vec![url.clone()]),
        ("topics subscribe", vec![("topic", json!("space"))]),
        ("topics list", vec![]),
        ("topics pause", vec![("subscription", json!("5"))]),
        ("topics unsubscribe", vec![("subscription", json!("5"))]),
        ("feeds add", vec![("url", json!("florida.example"))]),
        ("feeds list", vec![]),
        ("feeds health", vec![("feed", json!("7"))]),
        ("feeds remove", vec![("feed", json!("7"))]),
        ("feeds import", vec![("file", json!({"filename": "feeds.opml", "content": "<opml/>"}))]),
        ("feeds export", vec![]),
        ("settings", vec![]),
        ("reports", vec![]),
        ("status", vec![]),
        ("why", vec![url]),
    ];
    let moderator = discord.people().moderator;
    for (command, options) in &asked {
        discord.begin(moderator, news(&discord), command, options).unwrap();
    }
    let all = asked.len();
    let deferred = |discord: &EmbeddedDiscord| (discord.requests(Endpoint::CALLBACK) == all).then_some(());
    discord.wait("a first answer to each", deferred).await.unwrap();
    assert_eq!(discord.requests(Endpoint::FOLLOW_UP), 0, "nothing is known yet");
    for exchange in discord.exchanges().iter().filter(|exchange| exchange.endpoint == Endpoint::CALLBACK) {
        let kind = exchange.request.as_ref().map(|request| request["type"].clone());
        assert_eq!(kind, Some(json!(5)), "{exchange:?}");
    }
    free.send_replace(true);
    let answered = |discord: &EmbeddedDiscord| (discord.requests(Endpoint::FOLLOW_UP) == all).then_some(());
    discord.wait("the answers", answered).await.unwrap();
    // More pages than one person has read at a time: one after the other is refused at once, to them alone.
    let page = [("url", json!("https://tribune.example/1914/note"))];
    for _ in 0..12 {
        discord.begin(discord.people().member, news(&discord), "digest", &page).unwrap();
    }
    let heard = |discord: &EmbeddedDiscord| (discord.requests(Endpoint::CALLBACK) == all + 12).then_some(());
    discord.wait("a first answer to each page", heard).await.unwrap();
    let answers: Vec<Value> =
        discord.exchanges().into_iter().filter_map(|exchange| exchange.request).collect();
    let refused = answers.iter().find(|answer| answer["type"] == 4).expect("a refusal");
    assert_eq!(refused["data"]["flags"], 64, "{refused}");
    let words = refused["data"]["embeds"][0]["description"].as_str().unwrap();
    assert!(words.starts_with("That is more than I answer one person"), "{words}");
    bot.shutdown().await.unwrap();
    assert_clean(&discord);
}

#[tokio::test]
async fn posts_follow_the_guild_and_private_answers_the_asker() {
    let discord = discord().await;
    discord.set_guild_locale("de");
    let desk = Arc::new(FakeDesk::default());
    let mut language = desk.language.subscribe();
    let bot = Bot::start(settings(&discord, desk)).unwrap();
    bot.wait_ready().await.unwrap();
    language.wait_for(|language| *language == Some(Locale::German)).await.unwrap();
    discord.set_guild_locale("fr");
    language.wait_for(|language| *language == Some(Locale::French)).await.unwrap();
    discord.set_guild_locale("ja");
    language.wait_for(|language| *language == Some(Locale::English)).await.unwrap();

    discord.set_guild_locale("de");
    language.wait_for(|language| *language == Some(Locale::German)).await.unwrap();
    let member = discord.people().member;
    discord.set_user_locale(member, "fr");
    let query = [("query", json!("nothing"))];
    let reply = discord.invoke(member, news(&discord), "news search", &query).await.unwrap();
    assert_eq!(
        told(reply.follow_ups.first().unwrap_or(&reply.message))[0],
        "Keine Meldung gefunden. Weniger oder andere Wörter könnten helfen."
    );
    let url = [("url", json!("https://broken.example/"))];
    let reply = discord.invoke(member, news(&discord), "digest", &url).await.unwrap();
    let failed = &told(reply.follow_ups.first().unwrap_or(&reply.message))[0];
    assert!(failed.starts_with("Quelque chose s’est mal passé (réf. "), "{failed}");
    let moderator = discord.people().moderator;
    discord.set_user_locale(moderator, "en-GB");
    let reply = discord.invoke(moderator, news(&discord), "settings", &[]).await.unwrap();
    assert!(
        told(reply.follow_ups.first().unwrap_or(&reply.message))[0].starts_with("This server counts hours"),
        "{reply:?}"
    );

    // Discord shows each the descriptions in their own language; names are the same for all.
    let commands = discord.commands();
    let digest = commands.iter().find(|command| command["name"] == "digest").unwrap();
    assert_eq!(
        digest["description_localizations"]["fr"],
        "Résumer une page publique : ce qui s’est passé, qui, quand"
    );
    assert_eq!(digest["options"][0]["description_localizations"]["de"], "Adresse der Seite");
    bot.shutdown().await.unwrap();
    assert_clean(&discord);
}

#[tokio::test]
async fn a_lost_connection_is_resumed() {
    let discord = discord().await;
    let bot = started(&discord).await;
    discord.drop_gateway(Some(4000));
    discord
        .wait("the bot to resume", |discord| (discord.connections() == (1, 1)).then_some(()))
        .await
        .unwrap();
    let reply = discord.invoke(discord.people().member, news(&discord), "news latest", &[]).await.unwrap();
    assert_eq!(told(reply.follow_ups.first().unwrap_or(&reply.message)).len(), 2);
    bot.shutdown().await.unwrap();
    assert_clean(&discord);
}

#[tokio::test]
async fn a_wrong_token_says_what_to_set() {
    let discord = discord().await;
    let mut settings = settings(&discord, Arc::default());
    settings.token =
        SecretString::from("AAAAAAAAAAAAAAAAAAAAAAAAAA.BBBBBB.CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC");
    let bot = Bot::start(settings).unwrap();
    assert_eq!(bot.wait_ready().await, Err(BotError::Token));
    assert_eq!(bot.ended().await, Err(BotError::Token));
    assert!(BotError::Token.to_string().starts_with("Discord refused the token: set DISCORD_TOKEN"));
    assert_eq!(discord.requests(Endpoint::ME), 1, "a refused token is not tried again");
    assert_eq!(
        Publisher::new(&SecretString::from("x.y.z"), Some(&loopback(&discord)))
            .unwrap()
            .create(news(&discord), &moon_card(), &nonce())
            .await,
        Err(PostError::Unauthorized),
    );
}

#[tokio::test]
async fn a_card_is_posted_once_edited_and_found_again() {
    let discord = discord().await;
    let publisher = publisher(&discord);
    let channel = news(&discord);
    let id = publisher.create(channel, &moon_card(), &nonce()).await.unwrap();
    assert_eq!(
        publisher.create(channel, &moon_card(), &nonce()).await,
        Ok(id),
        "a repeat is no second message"
    );
    assert_eq!(discord.messages(channel).len(), 1);
    let grown = card(&ultimatum(), &nonce(), Locale::English, LATER);
    publisher.edit(channel, id, &grown).await.unwrap();
    assert_eq!(told(&discord.messages(channel)[0]), ["Vienna gives Belgrade 48 hours"]);
    assert_eq!(publisher.find_by_nonce(channel, &nonce()).await, Ok(Some(id)));
    assert_eq!(publisher.find_by_nonce(channel, &Nonce("d1-7f3a9".to_owned())).await, Ok(None));
    let notice = crate::render::answer::refused("I may not post any more.");
    let user = discord.people().moderator;
    publisher.direct_message(user, &notice, &Nonce("n1".to_owned())).await.unwrap();
    assert_eq!(told(&discord.messages(discord.direct(user).unwrap())[0]), ["I may not post any more."]);
    assert_clean(&discord);
}

#[tokio::test]
async fn refusals_are_sorted_by_who_acts() {
    let discord = discord().await;
    let publisher = publisher(&discord);
    let channel = news(&discord);
    discord.fail(Fault::missing_permissions(Endpoint::CREATE_MESSAGE));
    let forbidden = publisher.create(channel, &moon_card(), &nonce()).await;
    assert_eq!(forbidden, Err(PostError::Forbidden("Missing Permissions".to_owned())));
    discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::Broken { status: 502, stored: true }));
    let broken = publisher.create(channel, &moon_card(), &nonce()).await;
    assert!(matches!(broken, Err(PostError::Retry { .. })), "{broken:?}");
    let again = publisher.create(channel, &moon_card(), &nonce()).await.unwrap();
    assert_eq!(discord.messages(channel).len(), 1, "it had been posted already");
    assert_eq!(
        publisher.edit(channel, MessageId(again.0 + 1), &moon_card()).await,
        Err(PostError::MessageGone)
    );
    assert_eq!(publisher.create(ChannelId(1), &moon_card(), &nonce()).await, Err(PostError::ChannelGone));
    assert_eq!(publisher.create(ChannelId(0), &moon_card(), &nonce()).await, Err(PostError::ChannelGone));
    let blank = publisher.create(channel, &Message::default(), &nonce()).await;
    assert!(matches!(blank, Err(PostError::Rejected(_))), "{blank:?}");
    let nobody = publisher.direct_message(UserId(0), &moon_card(), &nonce()).await;
    assert!(matches!(nobody, Err(PostError::Forbidden(_))), "{nobody:?}");
}
