//! The whole running bot, asked as people ask it: through the real Discord client.

use chrono::TimeDelta;
use dateline::app::App;
use dateline::clock::Clock;
use dateline::sandbox::discord::{ControlError, EmbeddedDiscord, Reply, Settings, StoredMessage};
use serde_json::json;
use tempfile::TempDir;

use crate::referee::{Refereed, assert_clean};
use crate::world::{CANAL, EVEREST, NEWS, Site, loopback, settings, words};

/// The whole bot, running.
pub struct Running {
    pub site: Site,
    pub discord: Refereed,
    app: App,
    _folder: TempDir,
}

impl Running {
    pub async fn start() -> Self {
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

    pub fn database(&self) -> std::path::PathBuf {
        self._folder.path().join("dateline.sqlite")
    }

    pub async fn moderator(&self, command: &str, options: &[(&str, serde_json::Value)]) -> Reply {
        let channel = self.discord.channel(NEWS).unwrap();
        self.discord.invoke(self.discord.people().moderator, channel, command, options).await.unwrap()
    }

    pub async fn member(
        &self,
        command: &str,
        options: &[(&str, serde_json::Value)],
    ) -> Result<Reply, ControlError> {
        let channel = self.discord.channel(NEWS).unwrap();
        self.discord.invoke(self.discord.people().member, channel, command, options).await
    }

    pub async fn stop(self) {
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

    let answer = bot.member("news latest", &[]).await.unwrap();
    assert!(said(&answer).contains("There are no such stories yet."), "{}", said(&answer));

    // Only the story about mountains is asked for.
    let answer = bot.moderator("topics subscribe", &[("topic", json!("mountaineering"))]).await;
    assert!(answer.ephemeral && said(&answer).contains("mountaineering"), "{}", said(&answer));
    // A site's address is enough.
    let answer = bot.moderator("feeds add", &[("url", json!(bot.site.root))]).await;
    assert!(said(&answer).contains("feed.xml"), "{}", said(&answer));

    let news = bot.discord.channel(NEWS).unwrap();
    // After the answer.
    let card = bot.discord.wait("the card", |discord| discord.messages(news).get(1).cloned()).await.unwrap();
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
    // Asked again with another sensitivity, the subscription changes, and tells what it would have posted.
    let answer = bot
        .moderator(
            "topics subscribe",
            &[("topic", json!("mountaineering -canal")), ("sensitivity", json!(0))],
        )
        .await;
    let preview = said(&answer);
    assert!(preview.contains("strict") && preview.contains("In 7 days: strict"), "{preview}");
    let answer = bot.moderator("why", &[("url", json!(bot.site.url("/everest/?utm_source=mail")))]).await;
    let why = said(&answer);
    assert!(
        why.contains("Everest climbed") && why.contains("mountaineering") && why.contains("is posted"),
        "{why}"
    );
    let answer = bot.moderator("why", &[("url", json!(bot.site.url("/nowhere")))]).await;
    assert!(said(&answer).contains("No feed of this server has offered"), "{}", said(&answer));
    let answer = bot.moderator("feeds list", &[]).await;
    assert!(said(&answer).contains("Harbour Courier"), "{}", said(&answer));
    let answer = bot.moderator("feeds health", &[("feed", json!("Harbour Courier"))]).await;
    let health = said(&answer);
    assert!(health.contains("Next attempt") && health.contains("read for the first time"), "{health}");
    let status = said(&bot.member("status", &[]).await.unwrap());
    for words in ["all-MiniLM-L6-v2", "Feeds: 1 watched, 0 to be polled now, last read", "Stories kept: 2"] {
        assert!(status.contains(words), "{words}: {status}");
    }
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
pub fn button(message: &StoredMessage, label: &str) -> String {
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

pub fn description(reply: &Reply) -> String {
    reply.message.embeds[0]["description"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_the_server_opened_to_everybody_is_still_for_moderators() {
    let bot = Running::start().await;
    let (url, topic) = (json!("https://example.org/"), json!("Moon"));
    let asked = [
        ("topics subscribe", vec![("topic", topic)]),
        ("topics list", vec![]),
        ("feeds add", vec![("url", url.clone())]),
        ("feeds export", vec![]),
        ("settings", vec![]),
        ("reports", vec![]),
        ("why", vec![("url", url)]),
    ];
    for (command, options) in &asked {
        assert!(matches!(bot.member(command, options).await, Err(ControlError::NotPermitted)), "{command}");
    }
    for command in ["topics", "feeds", "settings", "reports", "why"] {
        bot.discord.open_command(command);
    }
    for (command, options) in &asked {
        let answer = bot.member(command, options).await.unwrap();
        let told = "This is for moderators: it needs the Manage Channels permission.";
        assert!(answer.ephemeral && said(&answer).contains(told), "{command}: {}", said(&answer));
    }
    bot.moderator("topics subscribe", &[("topic", json!("Moon"))]).await;
    let (member, news) = (bot.discord.people().member, bot.discord.channel(NEWS).unwrap());
    let typed = bot.discord.autocomplete(member, news, "topics pause", &[], ("subscription", "")).await;
    assert!(typed.is_err(), "nothing is suggested: {typed:?}");
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_feeds_comes_and_goes_as_a_file() {
    let bot = Running::start().await;
    bot.site.feed("/known.xml", "Harbour Courier", &[("/a", "Title", Clock::System.now())]);
    bot.site.feed("/first.xml", "The Ledger", &[("/b", "Title", Clock::System.now())]);
    bot.moderator("feeds add", &[("url", json!(bot.site.url("/known.xml")))]).await;

    // Nested and cut off, as lists are; addresses that are watched, named again, private, or none.
    let outline = |url: &str| format!("<outline type=\"rss\" text=\"Wire &amp; Sons\" xmlUrl=\"{url}\"/>");
    let many: String = (0..500).map(|n| outline(&bot.site.url(&format!("/wire/{n}.xml")))).collect();
    let list = format!(
        "<opml version=\"1.0\"><body><outline text=\"Papers\"><outline text=\"Daily\">{}{}{}{}{}{}</outline>{many}<outl",
        outline(&bot.site.url("/first.xml")),
        outline(&bot.site.url("/known.xml")),
        outline(&bot.site.url("/first.xml")),
        outline("http://10.0.0.1/rss"),
        outline("https://news.example:8443/rss"),
        outline("file:///etc/passwd"),
    );
    let file = |name: &str, content: &str| [("file", json!({"filename": name, "content": content}))];
    let answer = bot.moderator("feeds import", &file("feeds.opml", &list)).await;
    assert!(answer.ephemeral && answer.deferred);
    insta::assert_snapshot!(description(&answer), @r"
    501 feeds added, 1 watched already, 3 refused.
    Named more than once in the list: 1 feed.
    - Refused (only http and https addresses can be watched): file\:///etc/passwd
    - Refused (only ports 80 and 443 are read, not 8443): https\://news.example\:8443/rss
    - Refused (the address is private): http\://10.0.0.1/rss
    -# The list ends in the middle.
    They are read one after another within 9 minutes; `/feeds list` tells how they are.
    `/topics subscribe` decides which of their stories are posted where.
    ");
    // They are read in time, the first ones first, and known by the names of the list until then.
    let first = [("feed", json!(bot.site.url("/first.xml")))];
    while !said(&bot.moderator("feeds health", &first).await).contains("read for the first time") {}
    let answer = bot.moderator("feeds list", &[]).await;
    assert!(said(&answer).contains("The Ledger") && said(&answer).contains("Wire &"), "{}", said(&answer));

    // What is exported is what is watched, and can be imported again.
    let answer = bot.moderator("feeds export", &[]).await;
    let exported = &answer.message.attachments[0];
    assert!(answer.ephemeral && exported.name == "feeds.opml");
    let exported = String::from_utf8(exported.bytes.clone()).unwrap();
    assert_eq!(exported.matches("xmlUrl=").count(), 502);
    assert!(exported.contains("text=\"Wire &amp; Sons\""), "{exported:.600}");
    let answer = bot.moderator("feeds import", &file("again.opml", &exported)).await;
    insta::assert_snapshot!(description(&answer), @"0 feeds added, 502 watched already.");

    let large = "x".repeat(5_000_001);
    for (content, sentence) in [
        ("<html>My feeds</html>", "not a list of feeds (OPML)"),
        ("<opml><body></body></opml>", "The list holds no feed"),
        (large.as_str(), "larger than 5 MB"),
    ] {
        let answer = bot.moderator("feeds import", &file("feeds.opml", content)).await;
        assert!(answer.ephemeral && said(&answer).contains(sentence), "{}", said(&answer));
    }
    bot.stop().await;
}
