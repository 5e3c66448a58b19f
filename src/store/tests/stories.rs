use std::collections::HashMap;

use super::*;
use crate::domain::{DeliveryState, MessageId, NewFigure, News};
use crate::store::stories::StoryQuery;
use crate::store::{actors, deliveries, entries, feeds, stories};
use crate::stories::whole;

#[tokio::test]
async fn a_story_grows() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (story, lead) = Told { minutes: 10, ..Told::default() }.story(&mut tx).await;
    let earlier = Told { url: "https://example.com/moon", outlet: "Herald", minutes: 5, ..Told::default() };
    let other = earlier.insert(&mut tx).await;
    assert!(stories::join(&mut tx, story, other, at(5), at(20)).await.unwrap());
    assert!(!stories::join(&mut tx, story, other, at(5), at(21)).await.unwrap(), "it is in already");
    assert_eq!(stories::open(&mut tx, other, at(5), at(22)).await.unwrap(), story, "and stays there");
    let mut reading = bench.reread(tx).await;

    let shown = stories::get(&mut reading, story).await.unwrap().unwrap();
    assert_eq!((shown.revision, shown.updated_at), (2, at(20)));
    let own = digest(Told::default().text, "Neil Armstrong");
    assert_eq!(shown.digest, Digest { text: String::new(), ..own }, "without the text");
    let sources: Vec<_> =
        shown.sources.iter().map(|source| (source.article_id, source.outlet.as_str())).collect();
    assert_eq!(sources, [(other, "Herald"), (lead, "Le Petit Écho")], "the earliest first");
    assert_eq!(shown.sources[0].published, Some(Published::Moment(at(5).into())));
    assert_eq!(stories::articles_of(&mut reading, &[story]).await.unwrap(), [other, lead]);
    assert_eq!(stories::get(&mut reading, StoryId(99)).await.unwrap(), None);
}

#[tokio::test]
async fn lists_the_newest_that_a_guild_may_see() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let feed = feed(&mut tx, "echo").await;
    let (moon, moon_article) = Told::default().story(&mut tx).await;
    let wall = Told { url: "https://example.org/wall", outlet: "The Herald", minutes: 9, ..Told::default() };
    let (wall, _) = wall.story(&mut tx).await;
    let entry = entries::insert_new(&mut tx, feed, &[entry("moon")], false, at(0)).await.unwrap()[0];
    entries::mark_read(&mut tx, entry, moon_article, "", at(1)).await.unwrap();
    feeds::watch(&mut tx, GUILD, feed, MODERATOR, at(0)).await.unwrap();
    let mut reading = bench.reread(tx).await;

    let all = StoryQuery { limit: 9, ..StoryQuery::default() };
    for (query, found) in [
        (all.clone(), vec![wall, moon]),
        (StoryQuery { limit: 1, ..all.clone() }, vec![wall]),
        (StoryQuery { offset: 1, ..all.clone() }, vec![moon]),
        (StoryQuery { guild: Some(GUILD), ..all.clone() }, vec![moon]),
        (StoryQuery { guild: Some(GuildId(1)), ..all.clone() }, vec![]),
        (StoryQuery { source: Some("petit ECHO".into()), ..all.clone() }, vec![moon]),
        (StoryQuery { source: Some("herald".into()), ..all.clone() }, vec![wall]),
        (StoryQuery { source: Some("%".into()), guild: Some(GUILD), ..all.clone() }, vec![moon]),
    ] {
        assert_eq!(stories::latest(&mut reading, &query).await.unwrap(), found, "{query:?}");
    }
    let carried = stories::feeds_of(&mut reading, &[wall, moon]).await.unwrap();
    assert_eq!(carried, HashMap::from([(moon, vec![feed])]));
}

#[tokio::test]
async fn lists_the_newest_of_several_feeds_once_each() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (one, two) = (feed(&mut tx, "one").await, feed(&mut tx, "two").await);
    feeds::watch(&mut tx, GUILD, one, MODERATOR, at(0)).await.unwrap();
    feeds::watch(&mut tx, GUILD, two, MODERATOR, at(0)).await.unwrap();
    let mut told = Vec::new();
    for (n, carriers) in [(0, vec![one]), (1, vec![one, two]), (2, vec![two]), (3, vec![two]), (4, vec![])] {
        let url = format!("https://example.org/{n}");
        let outlet = if n == 2 { "Herald" } else { "Gazette" };
        // The first story is of long before 1970.
        let minutes = if n == 0 { -40_000_000 } else { n };
        let (story, article) = Told { url: &url, outlet, minutes, ..Told::default() }.story(&mut tx).await;
        for carrier in carriers {
            let key = format!("{n}");
            let entry = entries::insert_new(&mut tx, carrier, &[entry(&key)], false, at(0)).await.unwrap()[0];
            entries::mark_read(&mut tx, entry, article, "", at(1)).await.unwrap();
        }
        told.push((story, article));
    }
    let [first, both, herald, last] = [0, 1, 2, 3].map(|n| told[n].0);
    let own = StoryQuery { guild: Some(GUILD), source: None, limit: 9, offset: 0 };
    for (query, found) in [
        (own.clone(), vec![last, herald, both, first]),
        (StoryQuery { limit: 2, ..own.clone() }, vec![last, herald]),
        (StoryQuery { limit: 2, offset: 1, ..own.clone() }, vec![herald, both]),
        (StoryQuery { source: Some("gazette".into()), ..own.clone() }, vec![last, both, first]),
        (StoryQuery { source: Some("herald".into()), ..own.clone() }, vec![herald]),
        (StoryQuery { limit: 0, ..own.clone() }, vec![]),
    ] {
        assert_eq!(stories::latest(&mut tx, &query).await.unwrap(), found, "{query:?}");
    }
    let headlines = stories::headlines(&mut tx, GUILD, 3).await.unwrap();
    assert_eq!(headlines.iter().map(|headline| headline.story).collect::<Vec<_>>(), [last, herald, both]);
    assert_eq!(headlines[0].words, "Eagle has landed");
    let of_others = stories::headlines(&mut tx, GuildId(5), 9).await.unwrap();
    assert_eq!(of_others, []);

    // News on the oldest story puts it first; a story that became part of another is not listed again.
    let late = Told { url: "https://example.org/late", minutes: 9, ..Told::default() }.insert(&mut tx).await;
    stories::join(&mut tx, first, late, at(9), at(9)).await.unwrap();
    stories::merge(&mut tx, last, both, at(9)).await.unwrap();
    let mut reading = bench.reread(tx).await;
    assert_eq!(stories::latest(&mut reading, &own).await.unwrap(), [first, both, herald]);
    let carried = stories::feeds_of(&mut reading, &[both, last]).await.unwrap();
    assert_eq!(carried, HashMap::from([(both, vec![one, two])]));
    assert!(!stories::is_of_guild(&mut reading, last, GUILD).await.unwrap());
}

#[tokio::test]
async fn a_busy_feed_beside_quiet_ones_is_listed_in_full() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (busy, quiet) = (feed(&mut tx, "busy").await, feed(&mut tx, "quiet").await);
    feeds::watch(&mut tx, GUILD, busy, MODERATOR, at(0)).await.unwrap();
    feeds::watch(&mut tx, GUILD, quiet, MODERATOR, at(0)).await.unwrap();
    let mut newest = Vec::new();
    for n in 0..60 {
        let url = format!("https://example.org/{n}");
        let told = Told { url: &url, minutes: n, ..Told::default() };
        let (story, article) = told.story(&mut tx).await;
        let carrier = if n % 20 == 7 { quiet } else { busy };
        let entry =
            entries::insert_new(&mut tx, carrier, &[entry(&n.to_string())], false, at(0)).await.unwrap()[0];
        entries::mark_read(&mut tx, entry, article, "", at(1)).await.unwrap();
        newest.insert(0, story);
    }
    let mut reading = bench.reread(tx).await;
    for (limit, offset) in [(1, 0), (5, 0), (20, 3), (40, 0), (60, 0), (99, 0), (5, 58)] {
        let query = StoryQuery { guild: Some(GUILD), source: None, limit, offset };
        let expected: Vec<StoryId> =
            newest.iter().skip(offset as usize).take(limit as usize).copied().collect();
        assert_eq!(stories::latest(&mut reading, &query).await.unwrap(), expected, "{query:?}");
        let of_outlet = StoryQuery { source: Some("petit".to_owned()), ..query };
        assert_eq!(stories::latest(&mut reading, &of_outlet).await.unwrap(), expected, "{of_outlet:?}");
    }
}

#[tokio::test]
async fn the_newest_articles_of_an_actor_by_several_names() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let feed = feed(&mut tx, "echo").await;
    feeds::watch(&mut tx, GUILD, feed, MODERATOR, at(0)).await.unwrap();
    let mut newest = Vec::new();
    for n in 0..12 {
        let url = format!("https://example.org/{n}");
        let (actor, called): (_, &[&str]) =
            if n % 3 == 0 { ("Rama", &["Rama"]) } else { ("Edi Rama", &["Edi Rama", "Rama"]) };
        let text = "Edi Rama spoke. Rama left.";
        let told = Told { url: &url, text, actor, called, minutes: n, ..Told::default() };
        let (_, article) = told.story(&mut tx).await;
        let entry =
            entries::insert_new(&mut tx, feed, &[entry(&n.to_string())], false, at(0)).await.unwrap()[0];
        entries::mark_read(&mut tx, entry, article, "", at(1)).await.unwrap();
        newest.insert(0, article);
    }
    let mut reading = bench.reread(tx).await;
    let query = actors::ActorQuery { guild: GUILD, name: "Rama".to_owned(), from: None, to: Some(at(11)) };
    for most in [1, 4, 11, 99] {
        let found = actors::appearances(&mut reading, &query, most).await.unwrap();
        let found: Vec<_> = found.iter().map(|found| found.article).collect();
        let expected: Vec<_> = newest[1..].iter().take(most as usize).copied().collect();
        assert_eq!(found, expected, "{most}");
    }
}

#[tokio::test]
async fn articles_come_back_in_the_order_in_which_they_joined() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (story, _) = Told { minutes: 9, ..Told::default() }.story(&mut tx).await;
    let late = Told { url: "https://example.org/late", minutes: 2, ..Told::default() }.insert(&mut tx).await;
    let next = Told { url: "https://example.org/next", minutes: 5, ..Told::default() }.insert(&mut tx).await;
    Told { url: "https://example.org/alone", ..Told::default() }.insert(&mut tx).await;
    stories::join(&mut tx, story, next, at(5), at(30)).await.unwrap();
    stories::join(&mut tx, story, late, at(2), at(31)).await.unwrap();
    let mut reading = bench.reread(tx).await;

    let found = stories::placed(&mut reading, at(-60), 0, 7, 9).await.unwrap();
    assert_eq!(found.iter().map(|article| article.published_at).collect::<Vec<_>>(), [at(9), at(5), at(2)]);
    assert_eq!(found.iter().map(|article| article.placed).collect::<Vec<_>>(), [1, 2, 3]);
    let first = &found[0];
    assert_eq!((first.story_id, first.beginning.chars().count()), (story, 7));
    assert_eq!(first.vector, [0.6, -0.8, f32::MIN_POSITIVE]);
    assert_eq!(stories::placed(&mut reading, at(31), 0, 7, 9).await.unwrap(), found[2..]);
    assert_eq!(stories::placed(&mut reading, at(-60), 1, 7, 1).await.unwrap(), found[1..2]);
    for (count, before) in [(0, 3), (2, 1), (3, 0), (99, 0)] {
        assert_eq!(stories::placed_before(&mut reading, count).await.unwrap(), before);
    }
}

#[tokio::test]
async fn a_story_is_shown_as_its_articles_make_it() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (story, lead) = Told { minutes: 10, ..Told::default() }.story(&mut tx).await;
    let other = Told {
        url: "https://example.com/moon",
        text: "Buzz Aldrin walked on the Moon.",
        outlet: "Herald",
        actor: "Buzz Aldrin",
        called: &["Buzz Aldrin"],
        ..Told::default()
    };
    let other = other.insert(&mut tx).await;
    stories::join(&mut tx, story, other, at(0), at(20)).await.unwrap();
    let mut made = whole(stories::members(&mut tx, story).await.unwrap()).unwrap();
    assert_eq!(made.lead, other, "the earlier of equals");
    let news = News { figures: vec![NewFigure { now: "2 dead".into(), before: None }], ..News::default() };
    made.articles[1] = (lead, Some(other), Some(news.clone()));
    stories::keep(&mut tx, story, &made).await.unwrap();
    let mut reading = bench.reread(tx).await;

    let shown = stories::get(&mut reading, story).await.unwrap().unwrap();
    assert_eq!((shown.lead, shown.independent_sources()), (other, 1));
    assert_eq!(
        shown.digest.actors.iter().map(|actor| actor.name.as_str()).take(2).collect::<Vec<_>>(),
        ["Buzz Aldrin", "Neil Armstrong"]
    );
    assert_eq!(shown.sources[1].copy_of, Some(other));
    assert_eq!(shown.latest_news(), Some((&shown.sources[1], &news)));
    assert_eq!(shown.timeline.len(), 1, "what has an event");
    assert!(shown.earlier.is_none() && shown.merged_into.is_none());
}

#[tokio::test]
async fn two_stories_become_one_with_one_card_in_every_channel() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (older, _) = Told::default().story(&mut tx).await;
    let (younger, article) =
        Told { url: "https://example.org/again", minutes: 9, ..Told::default() }.story(&mut tx).await;
    let (later, _) =
        Told { url: "https://example.org/later", minutes: 99, ..Told::default() }.story(&mut tx).await;
    stories::follow(&mut tx, later, younger).await.unwrap();
    /// What became of a card before the merge.
    #[derive(Clone, Copy, PartialEq)]
    enum Card {
        None,
        Waits,
        Begun,
        Posted,
        Deleted,
    }
    use Card::{Begun, Deleted, None as No, Posted, Waits};
    // The cards of the older and of the younger story, and of which story they are afterwards.
    let cases = [
        (Posted, Posted, Some(older), Some(younger)),
        (No, Posted, None, Some(older)),
        (Waits, Posted, None, Some(older)),
        (Posted, Waits, Some(older), None),
        (Waits, Waits, Some(older), None),
        (Deleted, Posted, None, Some(older)),
        (Posted, Begun, Some(older), Some(younger)),
        (Begun, Posted, Some(older), Some(younger)),
        (Posted, No, Some(older), None),
    ];
    for (number, case) in (1..).zip(cases) {
        let channel = ChannelId(number);
        let subscription = subscribe(&mut tx, channel, "Neil Armstrong").await;
        for (story, card, name) in [(older, case.0, "older"), (younger, case.1, "younger")] {
            if card == No {
                continue;
            }
            let nonce = nonce(&format!("{name}-{number}"));
            let id = deliveries::enqueue(&mut tx, story, channel, subscription, &nonce, at(10))
                .await
                .unwrap()
                .unwrap();
            if card != Waits {
                deliveries::begin(&mut tx, id, at(11)).await.unwrap();
            }
            if matches!(card, Posted | Deleted) {
                let message = MessageId(number * 10 + story.0 as u64);
                deliveries::posted(&mut tx, id, message, 1, at(12)).await.unwrap();
            }
            if card == Deleted {
                deliveries::hold(&mut tx, id, "the card was deleted in Discord").await.unwrap();
            }
        }
    }
    stories::merge(&mut tx, younger, older, at(20)).await.unwrap();
    deliveries::merge(&mut tx, younger, older, at(20)).await.unwrap();
    let mut reading = bench.reread(tx).await;

    for (number, (_, _, of_older, of_younger)) in (1..).zip(cases) {
        for (name, expected) in [("older", of_older), ("younger", of_younger)] {
            let found =
                deliveries::by_nonce(&mut reading, &nonce(&format!("{name}-{number}"))).await.unwrap();
            assert_eq!(found.as_ref().map(|card| card.story), expected, "{name} card in channel {number}");
            assert!(
                found.is_none_or(|card| card.state == DeliveryState::Due),
                "{name} card in channel {number}"
            );
        }
    }
    let mut pointer = stories::get(&mut reading, younger).await.unwrap().unwrap();
    assert_eq!((pointer.sources.len(), pointer.merged_into.as_ref().unwrap().story), (0, older));
    deliveries::link(&mut reading, &mut pointer, GUILD, ChannelId(1)).await.unwrap();
    assert_eq!(pointer.merged_into.unwrap().card, Some((GUILD, ChannelId(1), MessageId(11))));
    let whole = stories::get(&mut reading, older).await.unwrap().unwrap();
    let current = stories::current(&mut reading, &[younger, StoryId(99), older]).await.unwrap();
    assert_eq!(current, std::slice::from_ref(&whole), "each once");
    assert!(whole.sources.iter().any(|source| source.article_id == article));
    assert_eq!(stories::get(&mut reading, later).await.unwrap().unwrap().earlier.unwrap().story, older);
    let all = StoryQuery { limit: 9, ..StoryQuery::default() };
    assert_eq!(stories::latest(&mut reading, &all).await.unwrap(), [later, older], "nobody lists the other");
}

#[tokio::test]
async fn a_card_that_points_to_a_story_follows_where_that_goes() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let subscription = subscribe(&mut tx, CHANNEL, "Neil Armstrong").await;
    let mut told = Vec::new();
    for (number, url) in
        (0..).zip(["https://example.org/a", "https://example.org/b", "https://example.org/c"])
    {
        let (story, _) = Told { url, minutes: number, ..Told::default() }.story(&mut tx).await;
        let nonce = nonce(&format!("card-{number}"));
        let card = deliveries::enqueue(&mut tx, story, CHANNEL, subscription, &nonce, at(10)).await.unwrap();
        let card = card.unwrap();
        deliveries::posted(&mut tx, card, MessageId(100 + number as u64), 1, at(11)).await.unwrap();
        told.push((story, card, nonce));
    }
    let [(first, ..), (second, ..), (third, card, nonce)] = told.try_into().unwrap();
    stories::merge(&mut tx, third, second, at(20)).await.unwrap();
    deliveries::merge(&mut tx, third, second, at(20)).await.unwrap();
    let shown = stories::get(&mut tx, third).await.unwrap().unwrap().revision;
    deliveries::posted(&mut tx, card, MessageId(102), shown, at(21)).await.unwrap();
    stories::merge(&mut tx, second, first, at(30)).await.unwrap();
    deliveries::merge(&mut tx, second, first, at(30)).await.unwrap();
    let mut reading = bench.reread(tx).await;

    let due = deliveries::by_nonce(&mut reading, &nonce).await.unwrap().unwrap();
    assert_eq!((due.story, due.state), (third, DeliveryState::Due), "it is edited once more");
    let mut pointer = stories::get(&mut reading, third).await.unwrap().unwrap();
    deliveries::link(&mut reading, &mut pointer, GUILD, CHANNEL).await.unwrap();
    assert_eq!(pointer.merged_into.unwrap().card, Some((GUILD, CHANNEL, MessageId(100))));
}

#[tokio::test]
async fn an_actor_is_found_under_every_name_with_their_company() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let feed = feed(&mut tx, "echo").await;
    feeds::watch(&mut tx, GUILD, feed, MODERATOR, at(0)).await.unwrap();
    let text = "Edi Rama spoke. Rama left.";
    let told = Told { text, actor: "Edi Rama", called: &["Edi Rama", "Rama"], ..Told::default() };
    let (story, article) = told.story(&mut tx).await;
    let entry = entries::insert_new(&mut tx, feed, &[entry("moon")], false, at(0)).await.unwrap()[0];
    entries::mark_read(&mut tx, entry, article, "", at(1)).await.unwrap();
    let mut reading = bench.reread(tx).await;

    let query = |guild, name: &str, from, to| actors::ActorQuery { guild, name: name.to_owned(), from, to };
    for name in ["Edi Rama", "rama", "RAMA"] {
        let found = actors::appearances(&mut reading, &query(GUILD, name, None, None), 9).await.unwrap();
        assert_eq!((found.len(), found[0].story, found[0].name.as_str()), (1, story, "Edi Rama"), "{name}");
        assert_eq!(found[0].role.as_deref(), Some("commander"));
        // The digest of these tests has one more actor, whose name has no letters.
        assert_eq!(found[0].others, [(String::new(), "—".to_owned())], "{name}");
    }
    for missing in [
        query(GuildId(1), "Rama", None, None),
        query(GUILD, "Ramadan", None, None),
        query(GUILD, "Rama", Some(at(1)), None),
        query(GUILD, "Rama", None, Some(at(0))),
    ] {
        assert_eq!(actors::appearances(&mut reading, &missing, 9).await.unwrap(), [], "{missing:?}");
    }
    assert!(stories::is_of_guild(&mut reading, story, GUILD).await.unwrap());
    assert!(!stories::is_of_guild(&mut reading, story, GuildId(1)).await.unwrap());
}
