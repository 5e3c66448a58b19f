//! Stories of the whole bot: from a feed on a real site to a card in a channel.

use std::time::Duration;

use chrono::TimeDelta;
use dateline::domain::SubscriptionState;
use dateline::sandbox::discord::{EMBED_LINKS, Effect, Endpoint, Fault, Limit, Overwrite, Settings};
use dateline::store::{deliveries, entries, feeds, subscriptions};

use crate::referee::assert_clean;
use crate::world::{CANAL, CANAL_AGAIN, EVEREST, World, requests_for, words};

/// A subscription to one feed with one fresh article about the canal.
async fn with_the_canal() -> World {
    canal_in(World::new().await).await
}

async fn canal_in(world: World) -> World {
    world.watch("/feed.xml").await;
    let at = world.now + TimeDelta::minutes(5);
    world.site.page("/canal", "Harbour Courier", "Panama Canal opens", at, &CANAL);
    world.site.feed("/feed.xml", "Harbour Courier", &[("/canal", "Panama Canal opens", at)]);
    world
}

#[tokio::test]
async fn a_new_article_becomes_one_card_and_a_second_round_posts_nothing() {
    let mut world = with_the_canal().await;
    world.round().await;
    let cards = world.cards();
    assert_eq!(cards.len(), 1);
    let text = words(&cards[0]);
    for part in [
        "Panama Canal opens",
        "The steamer Ancon passed through the Panama Canal",
        "George Goethals",
        "Harbour Courier",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    let history =
        entries::history(&mut world.ctx.store.read().await.unwrap(), &world.site.url("/canal")).await;
    let stages: Vec<String> = history.unwrap().iter().map(|step| format!("{:?}", step.stage)).collect();
    assert_eq!(
        stages,
        ["Poll", "Fetch", "Clean", "Read", "Group", "Match", "Group", "Post"],
        "every stage tells"
    );
    for hours in [1, 12, 48] {
        world.later(TimeDelta::hours(hours));
        world.round().await;
    }
    assert_eq!(world.cards(), cards, "nothing was posted or edited");
    assert_clean(&world.discord);
}

#[tokio::test]
async fn two_outlets_on_one_event_make_one_card() {
    let mut world = with_the_canal().await;
    world.watch("/other.xml").await;
    world.site.feed("/other.xml", "Meridian Wire", &[]);
    world.round().await;
    let first = world.cards();

    world.later(TimeDelta::hours(2));
    world.site.page(
        "/opened",
        "Meridian Wire",
        "Ancon sails through the Panama Canal",
        world.now,
        &CANAL_AGAIN,
    );
    world.site.page("/everest", "Meridian Wire", "Everest climbed", world.now, &EVEREST);
    let items = [
        ("/opened", "Ancon sails through the Panama Canal", world.now),
        ("/everest", "Everest climbed", world.now),
    ];
    world.site.feed("/other.xml", "Meridian Wire", &items);
    world.round().await;

    let cards = world.cards();
    assert_eq!(cards.len(), 2, "one for the canal, one for Everest");
    assert_eq!(cards[0].id, first[0].id, "the first card was edited, not posted again");
    let text = words(&cards[0]);
    assert!(text.contains("Harbour Courier") && text.contains("Meridian Wire"), "{text}");
    assert!(words(&cards[1]).contains("Everest"));
    assert_clean(&world.discord);
}

#[tokio::test]
async fn an_old_card_that_discord_edits_no_more_is_followed_by_a_reply_which_is_edited() {
    // Days go by in this test, not at Discord: of every card one edit is taken, and nonces are forgotten at once.
    let settings = Settings {
        nonce_life: Duration::ZERO,
        old_after: Duration::ZERO,
        old_edit_limit: Limit { count: 1, window: Duration::from_secs(3_600) },
        ..Settings::default()
    };
    let mut world = canal_in(World::with(settings).await).await;
    world.watch("/other.xml").await;
    world.site.feed("/other.xml", "Meridian Wire", &[]);
    world.round().await;
    let mut items = Vec::new();
    for (path, outlet, messages) in
        [("/wire", "Meridian Wire", 1), ("/post", "Evening Post", 2), ("/sample", "Daily Sample", 2)]
    {
        world.later(TimeDelta::hours(2));
        let title = "Ancon sails through the Panama Canal";
        world.site.page(path, outlet, title, world.now, &CANAL_AGAIN);
        items.push((path, title, world.now));
        world.site.feed("/other.xml", "Meridian Wire", &items);
        world.round().await;
        let cards = world.cards();
        assert_eq!(cards.len(), messages, "after {outlet}");
        let newest = words(&cards[messages - 1]);
        assert!(newest.contains(outlet), "{newest}");
    }
    assert!(!words(&world.cards()[0]).contains("Evening Post"), "the old card stays as it was");
    assert_clean(&world.discord);
}

#[tokio::test]
async fn the_first_poll_posts_nothing_older_than_the_subscription() {
    let mut world = World::new().await;
    world.watch("/feed.xml").await;
    let before = world.now - TimeDelta::hours(1);
    world.site.page("/old", "Harbour Courier", "Panama Canal opens", before, &CANAL);
    let paragraphs = EVEREST.map(|text| format!("<p>{text}</p>")).concat();
    let undated = format!("<html><title>Everest climbed</title><article>{paragraphs}</article></html>");
    world.site.put("/undated", 200, "text/html", undated);
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>Harbour Courier</title>\
         <item><title>Panama Canal opens</title><link>{0}/old</link><pubDate>{1}</pubDate></item>\
         <item><title>Everest climbed</title><link>{0}/undated</link></item></channel></rss>",
        world.site.root,
        before.to_rfc2822()
    );
    world.site.put("/feed.xml", 200, "application/rss+xml", feed);
    world.round().await;
    world.later(TimeDelta::days(1));
    world.round().await;
    assert_eq!(world.cards(), []);
    let read = entries::counts(&mut world.ctx.store.read().await.unwrap()).await.unwrap();
    assert_eq!(read.done, 2, "they can be searched all the same");
}

#[tokio::test]
async fn a_5xx_after_the_message_was_stored_posts_once() {
    let mut world = with_the_canal().await;
    world.read().await;
    world.discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::Broken { status: 502, stored: true }));
    world.deliver().await;
    assert_eq!(world.cards().len(), 1, "it is there, though the bot was told otherwise");
    // Long after Discord has forgotten the nonce.
    world.later(TimeDelta::hours(3));
    world.round().await;
    assert_eq!(world.cards().len(), 1);
    assert_eq!(world.discord.requests(Endpoint::CREATE_MESSAGE), 1, "the card was found, not posted again");
    let counts = deliveries::counts(&mut world.ctx.store.read().await.unwrap()).await.unwrap();
    assert_eq!((counts.posted, counts.due), (1, 0));
}

#[tokio::test]
async fn a_failure_before_the_message_was_stored_is_made_good() {
    let mut world = with_the_canal().await;
    world.read().await;
    for effect in [
        Effect::Broken { status: 503, stored: false },
        Effect::RateLimited { retry_after: Duration::from_millis(10), global: false },
    ] {
        world.discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, effect));
    }
    world.deliver().await;
    world.later(TimeDelta::hours(1));
    world.round().await;
    assert_eq!(world.cards().len(), 1);
}

#[tokio::test]
async fn a_403_pauses_the_subscription_and_says_so_once() {
    let mut world = with_the_canal().await;
    world.read().await;
    world.discord.fail(Fault::missing_permissions(Endpoint::CREATE_MESSAGE).in_channel(world.channel()));
    world.deliver().await;
    world.round().await;
    world.later(TimeDelta::days(2));
    world.round().await;
    assert_eq!(world.cards(), [], "nothing is tried behind the moderators' backs");

    let of_guild =
        subscriptions::of_guild(&mut world.ctx.store.read().await.unwrap(), world.discord.guild()).await;
    let SubscriptionState::Paused(reason) = &of_guild.unwrap()[0].state else { panic!("it is paused") };
    assert!(reason.to_lowercase().contains("permission"), "{reason}");
    let moderator = world.discord.people().moderator;
    let told = world.discord.messages(world.discord.direct(moderator).expect("the moderator was written to"));
    assert_eq!(told.len(), 1);
    insta::assert_snapshot!(
        told[0].content.replace(&world.channel().to_string(), "CHANNEL"),
        @"I cannot post in <#CHANNEL>: Missing Permissions. Its subscriptions are paused, and what was to be posted waits. Let me View Channel, Send Messages (in a thread, Send Messages in Threads), Embed Links and Read Message History there, then let one of them go on with /topics pause: the others follow. /topics list shows what is paused."
    );
    assert_clean(&world.discord);
}

/// Cards are embeds: a channel where the bot may write but not embed takes none, and no edit of one.
#[tokio::test]
async fn a_channel_that_denies_embed_links_pauses_its_subscription() {
    for posted_before in [false, true] {
        let mut world = with_the_canal().await;
        if posted_before {
            world.round().await;
        }
        let bot = world.discord.people().bot;
        let deny = Overwrite { id: bot.0, of_member: true, allow: 0, deny: EMBED_LINKS };
        world.discord.set_overwrite(world.channel(), deny);
        world.later(TimeDelta::hours(2));
        world.site.page("/opened", "Meridian Wire", "Ancon sails through the canal", world.now, &CANAL_AGAIN);
        let items = [("/opened", "Ancon sails through the canal", world.now)];
        world.site.feed("/feed.xml", "Harbour Courier", &items);
        world.round().await;
        let cards = world.cards();
        assert_eq!(cards.len(), usize::from(posted_before));
        assert!(cards.iter().all(|card| !words(card).contains("Meridian Wire")));
        let moderator = world.discord.direct(world.discord.people().moderator);
        let told = world.discord.messages(moderator.expect("the moderator was written to"));
        assert_eq!(told.len(), 1);
        assert!(told[0].content.contains("Its subscriptions are paused"), "{}", told[0].content);
        assert!(told[0].content.contains("Embed Links"), "{}", told[0].content);
        assert_clean(&world.discord);
    }
}

#[tokio::test]
async fn a_deleted_channel_ends_its_subscription() {
    let mut world = with_the_canal().await;
    world.read().await;
    let channel = world.channel();
    world.discord.delete_channel(channel);
    world.deliver().await;
    world.later(TimeDelta::days(2));
    world.round().await;
    let left = subscriptions::of_guild(&mut world.ctx.store.read().await.unwrap(), world.discord.guild())
        .await
        .unwrap();
    assert!(left.is_empty());
    assert_eq!(
        requests_for(&world.discord, Endpoint::CREATE_MESSAGE, channel),
        1,
        "it is not asked for again"
    );
    let direct =
        world.discord.direct(world.discord.people().moderator).expect("the moderator was written to");
    let told = world.discord.messages(direct);
    assert_eq!(told.len(), 1);
    insta::assert_snapshot!(
        told[0].content.replace(&channel.to_string(), "CHANNEL"),
        @"A channel to which you had me post (<#CHANNEL>) was deleted: its subscriptions have ended. /topics subscribe begins new ones in another channel."
    );
}

#[tokio::test]
async fn hostile_text_can_neither_ping_nor_break_a_card() {
    let mut world = World::new().await;
    world.watch("/feed.xml").await;
    world.later(TimeDelta::minutes(5));
    let everyone = format!("<@{}>", world.discord.people().member);
    let title = format!("@everyone {} *bold* [link](https://evil.example) {}", everyone, "x".repeat(10_000));
    let escaped = title.replace('<', "&lt;").replace('>', "&gt;");
    let hostile = format!(
        "The Panama Canal @everyone @here opened on Saturday &lt;@&amp;1&gt; ||spoiler|| `code` **bold** when {} sailed.",
        escaped
    );
    let page = format!(
        "<html><head><title>{escaped}</title><meta property=\"og:site_name\" content=\"@everyone **Gazette**\"></head>\
         <body><article><h1>{escaped}</h1><p>{hostile}</p>{}</article></body></html>",
        CANAL.map(|text| format!("<p>{text}</p>")).concat()
    );
    world.site.put("/hostile", 200, "text/html", page);
    world.site.feed("/feed.xml", "@everyone", &[("/hostile", "@everyone", world.now)]);
    world.round().await;
    let cards = world.cards();
    assert_eq!(cards.len(), 1);
    assert_eq!(cards[0].pings, Default::default());
    let text = words(&cards[0]);
    assert!(!text.contains("@everyone") && !text.contains("@here") && !text.contains(&everyone), "{text}");
    assert!(!text.contains("**bold**") && !text.contains("](https://evil.example)"), "{text}");
    assert_clean(&world.discord);
}

/// Every kind of page that is no article, and feeds that are none: each leaves its reason, and the
/// good feed beside them is read.
#[tokio::test]
async fn bad_input_is_told_and_harms_nothing() {
    let mut world = with_the_canal().await;
    let at = world.now + TimeDelta::minutes(5);
    world.site.put("/empty", 200, "text/html", "");
    world.site.put("/huge", 200, "text/html", vec![b'x'; 50_000_000]);
    world.site.put("/video", 200, "video/mp4", "....");
    world.site.feed(
        "/odd.xml",
        "Odd",
        &[
            ("/empty", "Empty", at),
            ("/huge", "Huge", at),
            ("/video", "Video", at),
            ("/missing", "Missing", at),
        ],
    );
    world.site.put(
        "/page.html",
        200,
        "text/html",
        "<!DOCTYPE html><html><body><p>Not a feed.</p></body></html>",
    );
    world.site.put("/gone.xml", 410, "text/plain", "");
    for path in ["/odd.xml", "/page.html", "/gone.xml"] {
        world.watch(path).await;
    }
    world.round().await;
    for _ in 0..9 {
        world.later(TimeDelta::days(1));
        world.round().await;
    }
    assert_eq!(world.cards().len(), 1, "the canal alone");

    let mut conn = world.ctx.store.read().await.unwrap();
    let mut told = Vec::new();
    for path in ["/empty", "/huge", "/video", "/missing"] {
        let history = entries::history(&mut conn, &world.site.url(path)).await.unwrap();
        let last = history.last().unwrap();
        told.push(format!("{path}: {:?} {}", last.outcome, last.detail));
    }
    for feed in feeds::of_guild(&mut conn, world.discord.guild()).await.unwrap() {
        if let Some(error) = &feed.last_error {
            told.push(format!("{}: {:?}: {error}", feed.url.as_url().path(), feed.state));
        }
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    /empty: Skipped The page has no article text.
    /huge: Skipped larger than 5 MB
    /video: Skipped not a page to read: video/mp4
    /missing: Skipped not found (404)
    /page.html: Paused: not a feed: HTML page
    /gone.xml: Gone: gone (410)
    ");
}
