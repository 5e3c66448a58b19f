//! The whole running bot, asked as people ask it: through the real Discord client.

use chrono::TimeDelta;
use dateline::app::App;
use dateline::clock::Clock;
use dateline::sandbox::discord::{ControlError, EmbeddedDiscord, Reply, Settings, StoredMessage};
use serde_json::json;
use tempfile::TempDir;

use crate::referee::{Refereed, assert_clean};
use crate::world::{CANAL, EVEREST, NEWS, Site, loopback, settings, words};

struct Running {
    site: Site,
    discord: Refereed,
    app: App,
    _folder: TempDir,
}

impl Running {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = Site::start().await;
        let channels = vec![NEWS.to_owned()];
        let discord = EmbeddedDiscord::start(Settings { channels, ..Settings::default() }).await.unwrap();
        let discord = Refereed::new(discord);
        let config = settings(&discord, &site, folder.path());
        let mut app = App::start(&config, Some(loopback(&discord))).await.unwrap();
        assert!(app.ready().await, "{:?}", app.run().await);
        Self { site, discord, app, _folder: folder }
    }

    async fn moderator(&self, command: &str, options: &[(&str, serde_json::Value)]) -> Reply {
        let channel = self.discord.channel(NEWS).unwrap();
        self.discord.invoke(self.discord.people().moderator, channel, command, options).await.unwrap()
    }

    async fn member(
        &self,
        command: &str,
        options: &[(&str, serde_json::Value)],
    ) -> Result<Reply, ControlError> {
        let channel = self.discord.channel(NEWS).unwrap();
        self.discord.invoke(self.discord.people().member, channel, command, options).await
    }

    async fn stop(self) {
        assert_clean(&self.discord);
        self.app.stop().request();
        self.app.run().await.unwrap();
    }
}

/// Everything an answer says, embeds and buttons included.
fn said(reply: &Reply) -> String {
    let mut all = reply.message.content.clone();
    for message in std::iter::once(&reply.message).chain(&reply.follow_ups) {
        for embed in &message.embeds {
            all.push_str(&serde_json::to_string(embed).unwrap());
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moderator_subscribes_and_everybody_reads_and_asks() {
    let bot = Running::start().await;
    let at = Clock::System.now() + TimeDelta::hours(1);
    bot.site.page("/canal", "Harbour Courier", "Panama Canal opens", at, &CANAL);
    bot.site.page("/everest", "Harbour Courier", "Everest climbed", at, &EVEREST);
    let items = [("/canal", "Panama Canal opens", at), ("/everest", "Everest climbed", at)];
    bot.site.feed("/feed.xml", "Harbour Courier", &items);
    let home = format!(
        "<html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\"></head><body>{}</body></html>",
        "<p>Home of the Courier</p>"
    );
    bot.site.put("/", 200, "text/html", home);

    // Only the story about mountains is asked for.
    let answer = bot.moderator("topics subscribe", &[("topic", json!("mountaineering"))]).await;
    assert!(answer.ephemeral && said(&answer).contains("mountaineering"), "{}", said(&answer));
    // A site's address is enough.
    let answer = bot.moderator("feeds add", &[("url", json!(bot.site.root))]).await;
    assert!(said(&answer).contains("feed.xml"), "{}", said(&answer));

    let news = bot.discord.channel(NEWS).unwrap();
    let card = bot.discord.wait("the card", |discord| discord.messages(news).first().cloned()).await.unwrap();
    assert!(words(&card).contains("Everest climbed"), "{}", words(&card));

    let answer =
        bot.member("news search", &[("query", json!("ship through the isthmus canal"))]).await.unwrap();
    assert!(said(&answer).contains("Panama Canal opens"), "{}", said(&answer));
    let answer = bot.member("news latest", &[]).await.unwrap();
    assert!(said(&answer).contains("Panama") && said(&answer).contains("Everest"), "{}", said(&answer));
    let answer = bot.member("news search", &[("query", json!("zzzz qqqq"))]).await.unwrap();
    assert!(!said(&answer).is_empty(), "nothing found is said");
    let answer = bot.member("digest", &[("url", json!(bot.site.url("/canal")))]).await.unwrap();
    assert!(answer.deferred && said(&answer).contains("The steamer Ancon"), "{}", said(&answer));

    let sources = card.components[0]["components"][1]["custom_id"].as_str().unwrap().to_owned();
    let answer = bot.discord.press(bot.discord.people().member, card.id, &sources).await.unwrap();
    assert!(answer.ephemeral && said(&answer).contains("Harbour Courier"), "{}", said(&answer));

    let answer = bot.moderator("topics list", &[]).await;
    assert!(said(&answer).contains("mountaineering"), "{}", said(&answer));
    let answer = bot.moderator("feeds list", &[]).await;
    assert!(said(&answer).contains("Harbour Courier"), "{}", said(&answer));
    let answer = bot.moderator("feeds health", &[("feed", json!("Harbour Courier"))]).await;
    let health = said(&answer);
    assert!(health.contains("Next attempt") && health.contains("read for the first time"), "{health}");
    let unasked = bot.discord.messages(news).into_iter().filter(|message| message.interaction.is_none());
    assert_eq!(unasked.collect::<Vec<_>>(), [card], "one card, and nothing but answers beside it");
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_readers_call_inaccurate_moderators_take_back() {
    let bot = Running::start().await;
    let at = Clock::System.now() + TimeDelta::hours(1);
    bot.site.page("/canal", "Harbour Courier", "Panama Canal opens", at, &CANAL);
    bot.site.feed("/feed.xml", "Harbour Courier", &[("/canal", "Panama Canal opens", at)]);
    bot.moderator("topics subscribe", &[("topic", json!("Panama Canal"))]).await;
    bot.moderator("feeds add", &[("url", json!(bot.site.url("/feed.xml")))]).await;
    let news = bot.discord.channel(NEWS).unwrap();
    let card = bot.discord.wait("the card", |discord| discord.messages(news).first().cloned()).await.unwrap();

    let people = bot.discord.people();
    let inaccurate = button(&card, "Inaccurate");
    let answer = bot.discord.press(people.member, card.id, &inaccurate).await.unwrap();
    assert!(answer.ephemeral && said(&answer).contains("Thank you"), "{}", said(&answer));
    let answer = bot.discord.press(people.member, card.id, &inaccurate).await.unwrap();
    assert!(said(&answer).contains("already"), "{}", said(&answer));
    let told =
        |discord: &EmbeddedDiscord| discord.messages(discord.direct(people.moderator)?).first().cloned();
    let told = bot.discord.wait("the word to the moderator", told).await.unwrap();
    assert!(told.content.contains("/reports"), "{}", told.content);

    let queue = bot.moderator("reports", &[]).await;
    assert!(queue.ephemeral && said(&queue).contains("Panama Canal opens"), "{}", said(&queue));
    let retract = button(&queue.message, "Retract 1");
    let answer = bot.discord.press(people.moderator, queue.message.id, &retract).await.unwrap();
    assert!(said(&answer).contains("No card waits"), "{}", said(&answer));
    let edited = |discord: &EmbeddedDiscord| {
        discord.messages(news).into_iter().find(|message| message.id == card.id && message.edited.is_some())
    };
    let edited = bot.discord.wait("the retracted card", edited).await.unwrap();
    assert!(edited.embeds[0].to_string().contains("taken this card back"), "{}", edited.embeds[0]);
    assert!(!edited.embeds[0].to_string().contains("steamer Ancon"), "{}", edited.embeds[0]);
    bot.stop().await;
}

/// The `custom_id` of the button with this label.
fn button(message: &StoredMessage, label: &str) -> String {
    let buttons =
        message.components.iter().flat_map(|row| row["components"].as_array().into_iter().flatten());
    let button =
        buttons.into_iter().find(|button| button["label"] == label).unwrap_or_else(|| panic!("no {label}"));
    button["custom_id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_told_in_a_sentence() {
    let bot = Running::start().await;
    bot.site.put("/page", 200, "text/html", "<html><body><p>Nothing to watch here.</p></body></html>");
    let names = |path: &str| format!("<link rel=\"alternate\" type=\"application/rss+xml\" href=\"{path}\">");
    let page = ["/world.xml", "/sport.xml", "/comments.xml", "/broken.xml"].map(names).concat();
    bot.site.put("/several", 200, "text/html", format!("<html><head>{page}</head></html>"));
    for path in ["/world.xml", "/sport.xml", "/comments.xml"] {
        bot.site.feed(path, path, &[(path, "Title", Clock::System.now())]);
    }
    for (command, options, sentence) in [
        ("feeds add", vec![("url", json!("nonsense"))], "write it whole"),
        ("feeds add", vec![("url", json!("http://10.0.0.1/feed.xml"))], "private"),
        ("feeds add", vec![("url", json!(bot.site.url("/page")))], "not a feed"),
        ("feeds add", vec![("url", json!(bot.site.url("/missing")))], "404"),
        ("feeds add", vec![("url", json!(bot.site.url("/several")))], "That site has several feeds"),
        ("topics subscribe", vec![], ""),
    ] {
        let answer = bot.moderator(command, &options).await;
        assert!(answer.ephemeral, "{command}");
        assert!(said(&answer).contains(sentence), "{command} {options:?}: {}", said(&answer));
        assert!(!said(&answer).contains("Something went wrong"), "{command}: {}", said(&answer));
    }
    for command in ["feeds list", "topics list"] {
        let refused = bot.member(command, &[]).await;
        assert!(refused.is_err(), "members may not change settings: {refused:?}");
    }
    bot.stop().await;
}
