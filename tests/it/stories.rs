//! One event, one card: stories of several outlets, from their feeds to the channel.

use chrono::TimeDelta;
use dateline::domain::{Nonce, StoryId};
use dateline::sandbox::discord::{Effect, Endpoint, Fault};
use dateline::store::{articles, deliveries, entries, stories, subscriptions};
use dateline::tasks;

use crate::referee::assert_clean;
use crate::world::{CANAL, CANAL_AGAIN, World, words};

/// The same event in the words of a third.
const CANAL_THIRD: [&str; 3] = [
    "Ships of every nation may use the Panama Canal from today, after the American steamer Ancon sailed from the \
     Atlantic to the Pacific in nine hours and forty minutes.",
    "Colonel George Goethals, the engineer who built the waterway, let no band play and followed the Ancon by rail.",
    "Tolls of 1.20 dollars a ton are asked of ships that pass the locks at Gatun, Pedro Miguel and Miraflores.",
];

/// (feed, outlet, page, headline, paragraphs): four outlets, the third of which has the text of the first.
fn told() -> Vec<(&'static str, &'static str, &'static str, &'static str, Vec<String>)> {
    let own = |text: &[&str]| text.iter().map(|paragraph| (*paragraph).to_owned()).collect::<Vec<_>>();
    let mut copy = own(&CANAL);
    copy[0] = format!("COLON, Panama — {}", copy[0]);
    vec![
        ("/a.xml", "Harbour Courier", "/canal", "Panama Canal opens to the world", own(&CANAL)),
        ("/b.xml", "Meridian Wire", "/opened", "Ancon sails through the Panama Canal", own(&CANAL_AGAIN)),
        ("/c.xml", "Valley Sample", "/copy", "Panama Canal is opened", copy),
        ("/d.xml", "Gate Example", "/third", "Panama Canal open to ships of every nation", own(&CANAL_THIRD)),
    ]
}

async fn watching() -> World {
    let world = World::new().await;
    for (feed, outlet, ..) in told() {
        world.site.feed(feed, outlet, &[]);
        world.watch(feed).await;
    }
    world.round().await;
    world
}

impl World {
    /// An outlet publishes its article so many minutes after the first moment of the test.
    fn publish(&self, number: usize, minutes: i64) {
        let (feed, outlet, page, headline, paragraphs) = &told()[number];
        let paragraphs: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
        let at = self.start() + TimeDelta::minutes(minutes);
        self.site.page(page, outlet, headline, at, &paragraphs);
        self.site.feed(feed, outlet, &[(page, headline, at)]);
    }

    /// What a reader sees of all cards.
    fn seen(&self) -> Vec<String> {
        self.cards().iter().map(|card| words(card).replace(&self.site.root, "")).collect()
    }
}

#[tokio::test]
async fn four_outlets_in_two_hours_make_one_card_one_of_them_syndicated() {
    let mut world = watching().await;
    for number in 0..4 {
        world.later(TimeDelta::minutes(40));
        world.publish(number, 40 * (number as i64 + 1));
        world.round().await;
    }
    let cards = world.seen();
    assert_eq!(cards.len(), 1, "{cards:?}");
    for part in [
        "Harbour Courier",
        "Meridian Wire",
        "Valley Sample",
        "· the text of Harbour Courier",
        "Gate Example",
        "4 sources, 1 with the text of another",
    ] {
        assert!(cards[0].contains(part), "{part:?} is not in {}", cards[0]);
    }
    let mut conn = world.ctx.store.read().await.unwrap();
    let story = stories::get(&mut conn, StoryId(1)).await.unwrap().unwrap();
    assert_eq!((story.sources.len(), story.independent_sources()), (4, 3));
    drop(conn);
    assert_clean(&world.discord);
}

/// Four articles that come within a minute, in one order or the other, twice offered, and to a bot that is started
/// anew between any two of them.
#[tokio::test]
async fn neither_order_nor_repetition_nor_restarts_change_what_a_reader_sees() {
    let mut seen = Vec::new();
    for (order, restarts) in
        [([0, 1, 2, 3], false), ([3, 1, 2, 0], false), ([2, 0, 3, 1], true), ([3, 2, 1, 0], true)]
    {
        let mut world = watching().await;
        world.later(TimeDelta::minutes(15));
        for number in order {
            world.publish(number, 14);
            if restarts {
                world.round().await;
                world.restart().await;
            }
        }
        world.round().await;
        world.later(TimeDelta::minutes(15));
        for number in order {
            // Offered once more, as if it were new.
            world.publish(number, 14);
        }
        world.round().await;
        let cards = world.seen();
        assert_eq!(cards.len(), 1, "{order:?}: {cards:?}");
        // When it was last updated differs: articles came one after the other, or all at once.
        let card: Vec<String> =
            cards[0].lines().filter(|line| !line.contains("updated")).map(str::to_owned).collect();
        seen.push(card.join("\n"));
    }
    assert_eq!(seen[0], seen[1], "the order of feeds");
    assert_eq!(seen[0], seen[2], "restarts");
    assert_eq!(seen[0], seen[3], "the order of polls, the copy before its original");
}

/// A bot that runs on and one that is started anew hold new articles against the same shelf.
#[tokio::test]
async fn a_restart_finds_the_same_stories() {
    let mut likenesses = Vec::new();
    for restarts in [false, true] {
        let mut world = watching().await;
        for number in 0..4 {
            world.later(TimeDelta::minutes(40));
            world.publish(number, 40 * (number as i64 + 1));
            world.round().await;
            if restarts {
                world.restart().await;
            }
        }
        let mut conn = world.ctx.store.read().await.unwrap();
        let mut told = Vec::new();
        for page in ["/canal", "/opened", "/copy", "/third"] {
            let history = entries::history(&mut conn, &world.site.url(page)).await.unwrap();
            told.extend(
                history.into_iter().map(|step| step.detail).filter(|detail| detail.contains("ed story 1")),
            );
        }
        likenesses.push(told);
    }
    assert!(likenesses[0].iter().any(|detail| detail.contains("joined story 1 (likeness")), "{likenesses:?}");
    assert_eq!(likenesses[0], likenesses[1], "to the last digit that is told");
}

/// Two cards of one event that were posted before it could be told that they are one, and an article that tells.
async fn with_two_cards() -> World {
    let mut world = watching().await;
    world.later(TimeDelta::minutes(15));
    world.publish(0, 14);
    world.round().await;
    world.later(TimeDelta::minutes(15));
    world.publish(1, 29);
    while tasks::poll::tick(&world.ctx, world.now).await.unwrap() {}
    while tasks::read::tick(&world.ctx, world.now).await.unwrap() {}
    // As if the grouping had not seen the likeness.
    let mut tx = world.ctx.store.write().await.unwrap();
    let entry = entries::to_group(&mut tx, 9).await.unwrap().remove(0);
    let at = articles::get(&mut tx, entry.article).await.unwrap().unwrap().published_at;
    let story = stories::open(&mut tx, entry.article, at, world.now).await.unwrap();
    let asked = subscriptions::active(&mut tx).await.unwrap().remove(0);
    deliveries::enqueue(&mut tx, story, world.channel(), asked.id, &Nonce::random(), world.now)
        .await
        .unwrap();
    entries::mark_done(&mut tx, entry.id, "opened by hand", world.now).await.unwrap();
    tx.commit().await.unwrap();
    world.restart().await;
    world.round().await;
    assert_eq!(world.cards().len(), 2);
    world.later(TimeDelta::minutes(15));
    world.publish(3, 44);
    world
}

/// One card tells of three outlets, the other leads to it.
fn assert_one_live_card(world: &World) {
    let cards = world.cards();
    assert_eq!(cards.len(), 2, "nothing is deleted, nothing posted");
    let seen = world.seen();
    for outlet in ["Harbour Courier", "Meridian Wire", "Gate Example"] {
        assert!(seen[0].contains(outlet), "{outlet} is not on {}", seen[0]);
        assert!(!seen[1].contains(outlet), "{outlet} is still on {}", seen[1]);
    }
    assert!(
        seen[1].contains(&format!("/{}/{})", world.channel(), cards[0].id)),
        "a link to the card: {}",
        seen[1]
    );
}

#[tokio::test]
async fn two_cards_of_one_event_become_one_and_a_pointer() {
    let mut world = with_two_cards().await;
    world.round().await;
    assert_one_live_card(&world);
    let settled = world.cards();
    world.later(TimeDelta::hours(1));
    world.restart().await;
    world.round().await;
    assert_eq!(world.cards(), settled);
    // The event goes on at the first card.
    world.later(TimeDelta::minutes(15));
    world.publish(2, 110);
    world.round().await;
    assert!(world.seen()[0].contains("4 sources"), "{}", world.seen()[0]);
    assert_eq!(world.cards()[1], settled[1]);
    assert_clean(&world.discord);
}

#[tokio::test]
async fn a_merge_survives_lost_answers_and_a_restart_at_every_step() {
    let mut world = with_two_cards().await;
    world.read().await;
    world.restart().await;
    for stored in [false, true] {
        world.discord.fail(Fault::once(Endpoint::EDIT_MESSAGE, Effect::Broken { status: 502, stored }));
        world.deliver().await;
        world.restart().await;
        world.later(TimeDelta::minutes(20));
    }
    world.round().await;
    assert_one_live_card(&world);
}
