//! A guild in another language.

use chrono::TimeDelta;
use dateline::clock::Clock;
use dateline::domain::Locale;
use dateline::store::{Store, settings};
use serde_json::json;

use crate::commands::{Running, button};
use crate::world::{CANAL, NEWS, words};

#[tokio::test(flavor = "multi_thread")]
async fn a_german_guild_reads_german_words() {
    let bot = Running::start().await;
    bot.discord.set_guild_locale("de");
    // Discord has told the bot, and it has kept it.
    let mut conn = Store::beside(&bot.database()).await.unwrap();
    let guild = bot.discord.guild();
    while settings::of(&mut conn, guild, None).await.unwrap().locale != Locale::German {
        tokio::task::yield_now().await;
    }
    let at = Clock::System.now() + TimeDelta::hours(1);
    bot.site.page("/canal", "Harbour Courier", "Panama Canal opens", at, &CANAL);
    bot.site.feed("/feed.xml", "Harbour Courier", &[("/canal", "Panama Canal opens", at)]);
    bot.moderator("topics subscribe", &[("topic", json!("Panama Canal"))]).await;
    bot.moderator("feeds add", &[("url", json!(bot.site.url("/feed.xml")))]).await;
    let news = bot.discord.channel(NEWS).unwrap();
    let card = bot.discord.wait("the card", |discord| discord.messages(news).first().cloned()).await.unwrap();
    let text = words(&card);
    for part in ["Hauptakteure", "Quellen", "The steamer Ancon passed through"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let footer = card.embeds[0]["footer"]["text"].as_str().unwrap();
    assert!(footer.starts_with("Automatische Zusammenfassung"), "{footer}");
    // Who presses a button is answered in their own language.
    let member = bot.discord.people().member;
    bot.discord.set_user_locale(member, "fr");
    let answer = bot.discord.press(member, card.id, &button(&card, "Unzutreffend")).await.unwrap();
    assert!(answer.ephemeral);
    let told = crate::commands::description(&answer);
    assert_eq!(told, "Merci. L’équipe de modération de ce serveur examinera cette carte.");

    // So is who asks for a list, how the bot is, why an article was posted, or for what cannot be done.
    let moderator = bot.discord.people().moderator;
    bot.discord.set_user_locale(moderator, "de");
    let url = json!(bot.site.url("/canal"));
    for (command, options, part) in [
        ("feeds list", vec![], "Gelesen"),
        ("topics list", vec![], "über „Panama Canal“"),
        ("status", vec![], "Gespeicherte Meldungen: 1"),
        ("reports", vec![], "von einer Person gemeldet"),
        ("why", vec![("url", url)], "hat Meldung 1 eröffnet"),
        ("feeds remove", vec![("feed", json!("nothing"))], "Feed"),
    ] {
        let told = crate::commands::description(&bot.moderator(command, &options).await);
        assert!(told.contains(part), "{command}: {told}");
    }

    // A channel may choose, and public answers follow it.
    let chosen = bot.moderator("settings", &[("locale", json!(3)), ("channel", json!(NEWS))]).await;
    assert!(crate::commands::description(&chosen).contains("Français"));
    let answer = bot.member("news latest", &[]).await.unwrap();
    let content = answer.follow_ups.first().unwrap_or(&answer.message).content.clone();
    assert!(content.contains("Dernières actualités"), "{content}");
    bot.stop().await;
}
