//! Feeds in the wild: what the bot makes of those that withhold, repeat, flood, move and fail.

use chrono::{DateTime, TimeDelta, Utc};
use dateline::domain::{FeedState, FeedUrl};
use dateline::store::{articles, entries, feeds};
use dateline::tasks;

use crate::referee::assert_clean;
use crate::world::{CANAL, EVEREST, World, words};

/// A feed of items as they are written here.
fn feed(world: &World, path: &str, items: &str) {
    let feed = format!(
        "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
         <title>Harbour Courier</title>{items}</channel></rss>"
    );
    world.site.put(path, 200, "application/rss+xml", feed);
}

fn item(guid: &str, link: &str, title: &str, at: DateTime<Utc>, more: &str) -> String {
    format!(
        "<item><guid isPermaLink=\"false\">{guid}</guid><link>{link}</link><title>{title}</title><pubDate>{}</pubDate>{more}</item>",
        at.to_rfc2822()
    )
}

async fn told(world: &World, path: &str) -> Vec<String> {
    let mut reading = world.ctx.store.read().await.unwrap();
    let history = entries::history(&mut reading, &world.site.url(path)).await.unwrap();
    history.into_iter().map(|record| record.detail).collect()
}

#[tokio::test]
async fn a_withheld_page_is_read_from_its_feed_and_what_is_no_article_is_recorded() {
    let world = World::new().await;
    world.watch("/feed.xml").await;
    let at = world.now + TimeDelta::minutes(5);
    world.site.put("/canal", 403, "text/html", "<h1>Subscribers only</h1>");
    world.site.put("/everest", 403, "text/html", "<h1>Subscribers only</h1>");
    world.site.put("/scan", 200, "application/pdf", "%PDF-1.7");
    let whole: String = CANAL.iter().map(|text| format!("<p>{text}</p>")).collect();
    let whole = format!("<content:encoded><![CDATA[{whole}]]></content:encoded>");
    let items = [
        item("1", "/canal", "Panama Canal opens", at, &whole),
        item("2", "/everest", "Everest climbed", at, "<description>A teaser.</description>"),
        item("3", "/podcasts/canal", "The canal, told", at, ""),
        item("4", "/scan", "The treaty", at, ""),
    ];
    feed(&world, "/feed.xml", &items.concat());
    world.round().await;

    let cards = world.cards();
    assert_eq!(cards.len(), 1, "{:?}", told(&world, "/canal").await);
    assert!(
        words(&cards[0]).contains("The steamer Ancon passed through the Panama Canal"),
        "{}",
        words(&cards[0])
    );
    let canal = told(&world, "/canal").await;
    assert!(canal.contains(&"the text of the feed: access denied (403)".to_owned()), "{canal:?}");
    let everest = told(&world, "/everest").await;
    assert_eq!(everest, ["In the feed at its first poll.", "access denied (403)"]);
    assert_eq!(
        told(&world, "/podcasts/canal").await,
        ["Its address leads to an episode of a podcast, not an article."]
    );
    assert_eq!(told(&world, "/scan").await.last().unwrap(), "not a page to read: application/pdf");
    assert_clean(&world.discord);
}

#[tokio::test]
async fn behind_a_redirector_is_the_article_and_behind_a_consent_page_is_none() {
    let world = World::new().await;
    world.watch("/feed.xml").await;
    let at = world.now + TimeDelta::minutes(5);
    world.site.page("/canal", "Harbour Courier", "Panama Canal opens", at, &CANAL);
    world.site.put("/go/1", 302, "text/plain", "/out/1");
    world.site.put("/out/1", 302, "text/plain", "/canal?utm_source=rss");
    world.site.put("/go/2", 302, "text/plain", "/canal");
    world.site.put("/everest", 302, "text/plain", "/consent?continue=%2Feverest");
    world.site.put(
        "/consent",
        200,
        "text/html",
        "<html><head><title>Before you continue</title></head><body><h1>We value your privacy</h1>\
         <p>We and our partners store and access information on your device, such as cookies, and process \
         personal data for advertising and measurement.</p><form><button>Accept all</button>\
         <button>Reject all</button></form></body></html>",
    );
    let items = [
        item("1", "/go/1", "Panama Canal opens", at, ""),
        item("2", "/go/2", "Panama Canal opens", at, ""),
        item("3", "/everest", "Everest climbed", at, ""),
    ];
    feed(&world, "/feed.xml", &items.concat());
    world.round().await;
    let cards = world.cards();
    assert_eq!(cards.len(), 1);
    let card = words(&cards[0]);
    assert!(card.contains(&format!("({})", world.site.url("/canal"))), "its own address: {card}");
    assert!(told(&world, "/go/2").await.contains(&"is in story 1 already".to_owned()));
    let everest = told(&world, "/everest").await;
    assert_eq!(everest.last().unwrap(), "The page asks for consent to tracking where the article should be.");
    assert_clean(&world.discord);
}

#[tokio::test]
async fn nothing_old_and_nothing_twice() {
    let mut world = World::new().await;
    world.watch("/feed.xml").await;
    let at = world.now + TimeDelta::minutes(5);
    world.site.page("/canal", "Harbour Courier", "Panama Canal opens", at, &CANAL);
    feed(&world, "/feed.xml", &item("1", "/canal", "Panama Canal opens", at, ""));
    world.round().await;
    let cards = world.cards();
    assert_eq!(cards.len(), 1);

    // The same article under a new GUID, a later date and an address that tracks; and one of a month ago.
    world.later(TimeDelta::days(40));
    let old = world.now - TimeDelta::days(30);
    world.site.page("/everest", "Harbour Courier", "Everest climbed", old, &EVEREST);
    let items = [
        item("new", "/canal?utm_source=rss", "Panama Canal opens (updated)", world.now, ""),
        item("2", "/everest", "Everest climbed", old, ""),
    ];
    feed(&world, "/feed.xml", &items.concat());
    world.round().await;
    assert_eq!(world.cards(), cards, "nothing was posted or edited");
    let everest = told(&world, "/everest").await;
    assert!(everest.iter().any(|line| line.contains("or came late")), "{everest:?}");
    assert_clean(&world.discord);
}

#[tokio::test]
async fn a_back_catalogue_that_is_offered_at_once_is_not_posted() {
    let mut world = World::new().await;
    world.watch("/feed.xml").await;
    feed(&world, "/feed.xml", "");
    world.round().await;
    // Neither the feed nor the page says when it is of.
    let body: String = CANAL.iter().map(|text| format!("<p>{text}</p>")).collect();
    let page = format!(
        "<html><head><title>Panama Canal opens</title></head><body><article>{body}</article></body></html>"
    );
    world.site.put("/canal", 200, "text/html", page);
    let undated = |path: &str| {
        let link = world.site.url(path);
        format!("<item><guid>{path}</guid><link>{link}</link><title>A title of {path}</title></item>")
    };
    let items: String = (0..30).map(|n| undated(&format!("/gone/{n}"))).collect();
    feed(&world, "/feed.xml", &format!("{}{items}", undated("/canal")));
    world.later(TimeDelta::hours(1));
    world.round().await;
    let canal = told(&world, "/canal").await;
    assert!(canal.len() > 1, "it was read: {canal:?}");
    assert_eq!(world.cards(), [], "{canal:?}");
    let history = history(&world, of(&world, "/feed.xml").await.unwrap().id).await;
    assert_eq!(history[0], "offered 31 new entries at once");
    assert_clean(&world.discord);
}

#[tokio::test]
async fn feeds_that_fail_move_and_end_are_told() {
    let mut world = World::new().await;
    let moderator = world.discord.people().moderator;
    for path in ["/failing.xml", "/moving.xml", "/gone.xml", "/sound.xml"] {
        world.watch(path).await;
    }
    world.site.put("/failing.xml", 200, "text/html", "<html><body>Parked</body></html>");
    world.site.put("/moving.xml", 301, "text/plain", "/moved.xml");
    world.site.put("/gone.xml", 410, "text/plain", "");
    feed(&world, "/moved.xml", "");
    feed(&world, "/sound.xml", "");
    let mut waits = Vec::new();
    for _ in 0..24 {
        while tasks::poll::tick(&world.ctx, world.now).await.unwrap() {}
        world.deliver().await;
        waits.push(of(&world, "/failing.xml").await.map(|feed| feed.next_poll_at - world.now));
        world.later(TimeDelta::hours(12));
    }
    let failing = of(&world, "/failing.xml").await.unwrap();
    assert_eq!(failing.state, FeedState::Paused);
    assert_eq!(failing.last_error.as_deref(), Some("not a feed: HTML page"));
    assert_eq!(history(&world, failing.id).await.last().unwrap(), "failed: not a feed: HTML page");
    assert_eq!(
        history(&world, failing.id).await[0],
        "paused after a week of failures: not a feed: HTML page"
    );
    assert_eq!(of(&world, "/gone.xml").await.unwrap().state, FeedState::Gone);
    assert!(of(&world, "/moving.xml").await.is_none());
    let moved = of(&world, "/moved.xml").await.unwrap();
    assert_eq!(moved.state, FeedState::Active);
    assert!(history(&world, moved.id).await[0].starts_with("moved from "));
    let sound = of(&world, "/sound.xml").await.unwrap();
    assert_eq!((sound.state, sound.failures), (FeedState::Active, 0), "the others are unharmed");
    assert_eq!(history(&world, sound.id).await, ["read for the first time"]);
    // Back-off, and no wait beyond a day and its jitter.
    assert!(waits.iter().flatten().all(|wait| *wait <= TimeDelta::hours(27)), "{waits:?}");

    let direct = world.discord.direct(moderator).unwrap();
    let mut texts: Vec<String> =
        world.discord.messages(direct).into_iter().map(|message| message.content).collect();
    texts.sort();
    assert_eq!(texts.len(), 2, "each is told once: {texts:?}");
    assert!(texts[0].contains("/failing.xml") && texts[0].contains("not a feed: HTML page"), "{texts:?}");
    assert!(texts[1].contains("/gone.xml") && texts[1].contains("410"), "{texts:?}");
    assert_clean(&world.discord);
}

async fn of(world: &World, path: &str) -> Option<dateline::domain::Feed> {
    let url = FeedUrl::parse(&world.site.url(path)).unwrap();
    feeds::find_by_url(&mut world.ctx.store.read().await.unwrap(), &url).await.unwrap()
}

async fn history(world: &World, id: dateline::domain::FeedId) -> Vec<String> {
    let history = feeds::history(&mut world.ctx.store.read().await.unwrap(), id).await.unwrap();
    history.into_iter().map(|record| record.words).collect()
}

/// By the byte order mark, the header, the declaration of the markup: in this order.
#[tokio::test]
async fn letters_are_read_in_whatever_encoding_they_come() {
    let world = World::new().await;
    let feed = |declared: &str, title: &str, more: &str| {
        format!("<?xml version=\"1.0\"{declared}?><rss><channel><title>{title}</title>{more}</channel></rss>")
    };
    let (izvestia, ete, prawda) = ("Известия", "Journal d’été", "Głos Gdańska");
    let by_header = encoding_rs::WINDOWS_1251.encode(&feed("", izvestia, "")).0.into_owned();
    let by_mark =
        feed(" encoding=\"ISO-8859-1\"", ete, "").encode_utf16().fold(vec![0xff, 0xfe], |mut bytes, unit| {
            bytes.extend(unit.to_le_bytes());
            bytes
        });
    let item = format!("<item><title>x</title><link>{}</link></item>", world.site.url("/strajk"));
    let declared = feed(" encoding=\"ISO-8859-2\"", prawda, &item);
    let declared = encoding_rs::ISO_8859_2.encode(&declared).0.into_owned();
    world.site.put("/header.xml", 200, "application/rss+xml; charset=windows-1251", by_header);
    world.site.put("/mark.xml", 200, "application/rss+xml; charset=utf-8", by_mark);
    world.site.put("/declared.xml", 200, "application/rss+xml", declared);
    let told = [
        "Lech Wałęsa ogłosił w piątek w Stoczni Gdańskiej porozumienie strajkujących z rządem.",
        "Wicepremier Mieczysław Jagielski podpisał dwadzieścia jeden postulatów, wśród nich zgodę na wolne związki.",
        "Strajk trwał osiemnaście dni; stoczniowcy wracają w poniedziałek do pracy, jak zapowiedzieli po południu.",
    ];
    let page = format!(
        "<html lang=\"pl\"><head><meta charset=\"iso-8859-2\"><title>Porozumienie w Gdańsku</title></head>\
         <body><article><h1>Porozumienie w Gdańsku</h1>{}</article></body></html>",
        told.map(|paragraph| format!("<p>{paragraph}</p>")).concat()
    );
    world.site.put("/strajk", 200, "text/html", encoding_rs::ISO_8859_2.encode(&page).0.into_owned());
    for (path, title) in [("/header.xml", izvestia), ("/mark.xml", ete), ("/declared.xml", prawda)] {
        world.watch(path).await;
        world.read().await;
        assert_eq!(of(&world, path).await.unwrap().title.as_deref(), Some(title), "{path}");
    }
    let mut conn = world.ctx.store.read().await.unwrap();
    let id = articles::find_by_url(&mut conn, &world.site.url("/strajk")).await.unwrap().expect("it is read");
    let article = articles::get(&mut conn, id).await.unwrap().unwrap();
    assert_eq!(article.title.as_deref(), Some("Porozumienie w Gdańsku"));
    assert!(article.digest.text.contains("Wałęsa ogłosił w piątek"), "{}", article.digest.text);
}
