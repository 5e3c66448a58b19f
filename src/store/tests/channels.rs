use chrono_tz::Tz;

use super::*;
use crate::domain::{
    Delivery, DeliveryId, DeliveryState, Locale, Meaning, MessageId, PIECE, Sensitivity, Settings,
    SettingsChange, SubscriptionState, Terms, WHOLE,
};
use crate::store::subscriptions::NewSubscription;
use crate::store::{deliveries, notices, reports, settings, stories, subscriptions};

const OTHER: ChannelId = ChannelId(7);

#[tokio::test]
async fn a_subscription_comes_back_as_it_went_in() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let feed = feed(&mut tx, "echo").await;
    let filter = Filter {
        topic: Some("space flight".into()),
        sensitivity: Sensitivity::Strict,
        without: vec!["tourism".into(), "science fiction".into()],
        actor: Some("NASA".into()),
        feed: Some(feed),
        pattern: Some("(?i)moon".into()),
    };
    let meaning = Meaning::new(&[0.5; WHOLE], [[0.25; PIECE].as_slice()].into_iter());
    let new = NewSubscription {
        guild: GUILD,
        channel: CHANNEL,
        filter: &filter,
        meaning: Some(&meaning),
        terms: Terms::default(),
        since: at(-60),
        created_by: MODERATOR,
    };
    let id = subscriptions::add(&mut tx, &new, at(3)).await.unwrap();
    assert_eq!(subscriptions::add(&mut tx, &new, at(4)).await.unwrap(), id, "the same is not added twice");
    let elsewhere = NewSubscription { channel: OTHER, ..new };
    assert_ne!(subscriptions::add(&mut tx, &elsewhere, at(4)).await.unwrap(), id);
    let mut reading = bench.reread(tx).await;

    let found = subscriptions::get(&mut reading, id).await.unwrap().unwrap();
    assert_eq!((found.id, found.guild, found.channel), (id, GUILD, CHANNEL));
    assert_eq!((&found.filter, found.meaning), (&filter, Some(meaning)));
    assert_eq!((found.state, found.since), (SubscriptionState::Active, at(-60)));
    assert_eq!((found.created_by, found.created_at, found.changed), (MODERATOR, at(3), None));
    assert_eq!(subscriptions::of_guild(&mut reading, GUILD).await.unwrap().len(), 2);
    assert_eq!(subscriptions::of_guild(&mut reading, GuildId(1)).await.unwrap().len(), 0);
    assert_eq!(subscriptions::active(&mut reading).await.unwrap().len(), 2);
    assert_eq!(subscriptions::active_of_channel(&mut reading, OTHER).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_subscription_is_changed_and_paused_by_a_moderator() {
    let bench = Bench::new().await;
    let mut tx = bench.write().await;
    let id = subscribe(&mut tx, CHANNEL, "NASA").await;
    let other = UserId(77);
    let filter = Filter {
        actor: Some("NASA".into()),
        without: vec!["budget".into()],
        pattern: Some("moon".into()),
        ..Filter::default()
    };
    let change = NewSubscription {
        guild: GUILD,
        channel: CHANNEL,
        filter: &filter,
        meaning: None,
        terms: Terms::default(),
        since: at(0),
        created_by: other,
    };
    assert_eq!(subscriptions::add(&mut tx, &change, at(5)).await.unwrap(), id);
    let changed = subscriptions::get(&mut tx, id).await.unwrap().unwrap();
    assert_eq!(
        (&changed.filter, changed.created_by, changed.changed),
        (&filter, MODERATOR, Some((other, at(5))))
    );
    subscriptions::add(&mut tx, &NewSubscription { created_by: MODERATOR, ..change }, at(6)).await.unwrap();
    let same = subscriptions::get(&mut tx, id).await.unwrap().unwrap();
    assert_eq!(same.changed, Some((other, at(5))), "asking for the same again changes nothing");

    assert!(!subscriptions::toggle(&mut tx, id, GuildId(1), other, at(7)).await.unwrap(), "not theirs");
    assert!(subscriptions::toggle(&mut tx, id, GUILD, other, at(7)).await.unwrap());
    assert_eq!(
        subscriptions::resume_channel(&mut tx, CHANNEL).await.unwrap(),
        0,
        "only a moderator ends that"
    );
    let paused = subscriptions::get(&mut tx, id).await.unwrap().unwrap();
    assert_eq!(paused.state, SubscriptionState::Paused("by a moderator".into()));
    assert!(subscriptions::toggle(&mut tx, id, GUILD, MODERATOR, at(9)).await.unwrap());
    let resumed = subscriptions::get(&mut tx, id).await.unwrap().unwrap();
    assert_eq!(
        (resumed.state, resumed.since),
        (SubscriptionState::Active, at(9)),
        "what came meanwhile stays unposted"
    );
    assert_eq!(resumed.changed, Some((MODERATOR, at(9))));
    assert!(subscriptions::end(&mut tx, id, GUILD, MODERATOR, at(10)).await.unwrap());
    assert!(!subscriptions::toggle(&mut tx, id, GUILD, MODERATOR, at(11)).await.unwrap());
}

#[tokio::test]
async fn subscriptions_pause_resume_and_end() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (first, second) =
        (subscribe(&mut tx, CHANNEL, "NASA").await, subscribe(&mut tx, CHANNEL, "Suez").await);
    let third = subscribe(&mut tx, OTHER, "NASA").await;
    assert!(!subscriptions::end(&mut tx, first, GuildId(1), MODERATOR, at(1)).await.unwrap());
    assert!(subscriptions::end(&mut tx, first, GUILD, MODERATOR, at(1)).await.unwrap());
    assert!(!subscriptions::end(&mut tx, first, GUILD, MODERATOR, at(2)).await.unwrap());
    let paused = subscriptions::pause_channel(&mut tx, CHANNEL, "Let dateline send messages.").await.unwrap();
    assert_eq!(paused.iter().map(|paused| paused.id).collect::<Vec<_>>(), [second]);
    assert!(subscriptions::pause_channel(&mut tx, CHANNEL, "again").await.unwrap().is_empty(), "told once");
    let mut reading = bench.reread(tx).await;

    let state = |subscription: Option<crate::domain::Subscription>| subscription.unwrap().state;
    assert_eq!(
        state(subscriptions::get(&mut reading, first).await.unwrap()),
        SubscriptionState::Ended("unsubscribed by a moderator".into())
    );
    assert_eq!(
        state(subscriptions::get(&mut reading, second).await.unwrap()),
        SubscriptionState::Paused("Let dateline send messages.".into())
    );
    assert_eq!(subscriptions::active(&mut reading).await.unwrap().len(), 1);
    assert_eq!(
        subscriptions::of_guild(&mut reading, GUILD).await.unwrap().len(),
        2,
        "paused ones are listed"
    );
    drop(reading);

    let mut tx = bench.write().await;
    assert_eq!(subscriptions::resume_channel(&mut tx, CHANNEL).await.unwrap(), 1);
    assert_eq!(subscriptions::active_of_channel(&mut tx, CHANNEL).await.unwrap()[0].id, second);
    assert_ne!(subscribe(&mut tx, CHANNEL, "NASA").await, first, "an ended one is not brought back");
    assert_eq!(subscriptions::end_channel(&mut tx, CHANNEL, "channel deleted", at(9)).await.unwrap(), 2);
    assert_eq!(subscriptions::active(&mut tx).await.unwrap()[0].id, third);
    assert_eq!(subscriptions::end_guild(&mut tx, GUILD, "left the server", at(9)).await.unwrap(), 1);
    assert!(subscriptions::active(&mut tx).await.unwrap().is_empty());
}

/// A story and its card, due in `channel`.
async fn card(tx: &mut WriteTx, name: &str, channel: ChannelId) -> (StoryId, DeliveryId) {
    let url = format!("https://example.org/{name}");
    let (story, _) = Told { url: &url, ..Told::default() }.story(tx).await;
    let subscription = subscribe(tx, channel, "Neil Armstrong").await;
    let id =
        deliveries::enqueue(tx, story, channel, subscription, &nonce(name), at(0)).await.unwrap().unwrap();
    (story, id)
}

async fn grow(tx: &mut WriteTx, story: StoryId, url: &str) {
    let article = Told { url, ..Told::default() }.insert(tx).await;
    assert!(stories::join(tx, story, article, at(0), at(5)).await.unwrap());
}

fn list(deliveries: &[Delivery]) -> Vec<DeliveryId> {
    deliveries.iter().map(|delivery| delivery.id).collect()
}

#[tokio::test]
async fn no_channel_waits_for_all_cards_of_another() {
    let bench = Bench::new().await;
    let mut tx = bench.write().await;
    let mut cards = Vec::new();
    for (name, channel) in [("a", 1), ("b", 1), ("c", 1), ("d", 2), ("e", 2), ("f", 3)] {
        cards.push(card(&mut tx, name, ChannelId(channel)).await.1);
    }
    let [a, b, c, d, e, f] = cards[..] else { unreachable!("there are six") };
    assert_eq!(list(&deliveries::due(&mut tx, at(0), 4).await.unwrap()), [a, d, f, b]);
    assert_eq!(list(&deliveries::due(&mut tx, at(0), 9).await.unwrap()), [a, d, f, b, e, c]);
}

#[tokio::test]
async fn what_waits_longest_for_a_moderator_comes_first_and_the_rest_is_counted() {
    let bench = Bench::new().await;
    let mut tx = bench.write().await;
    assert_eq!(reports::open(&mut tx, GUILD, 2).await.unwrap(), (Vec::new(), 0));
    for (minutes, name, readers) in [(3, "sun", 1), (1, "moon", 2), (2, "mars", 1)] {
        let (_, card) = card(&mut tx, name, CHANNEL).await;
        for reader in 0..readers {
            assert!(reports::add(&mut tx, card, UserId(reader), at(minutes)).await.unwrap());
            assert!(!reports::add(&mut tx, card, UserId(reader), at(9)).await.unwrap(), "the same reader");
        }
    }
    let (first, more) = reports::open(&mut tx, GUILD, 2).await.unwrap();
    let first: Vec<_> = first.into_iter().map(|card| (card.nonce, card.readers, card.since)).collect();
    assert_eq!((first, more), (vec![(nonce("moon"), 2, at(1)), (nonce("mars"), 1, at(2))], 1));
    assert_eq!(reports::open(&mut tx, GuildId(99), 2).await.unwrap(), (Vec::new(), 0), "another server's");
}

#[tokio::test]
async fn a_card_is_posted_once_and_edited_as_its_story_grows() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (story, id) = card(&mut tx, "moon", CHANNEL).await;
    let another = subscribe(&mut tx, CHANNEL, "NASA").await;
    assert_eq!(
        deliveries::enqueue(&mut tx, story, CHANNEL, another, &nonce("x"), at(1)).await.unwrap(),
        None
    );
    deliveries::begin(&mut tx, id, at(1)).await.unwrap();
    let mut reading = bench.reread(tx).await;

    let due = deliveries::due(&mut reading, at(0), 9).await.unwrap().remove(0);
    assert_eq!((due.id, due.story, due.channel, &due.nonce), (id, story, CHANNEL, &nonce("moon")));
    assert_eq!(
        (due.message, due.attempts, due.attempted_at),
        (None, 1, Some(at(1))),
        "begun, outcome unknown"
    );
    assert!(deliveries::due(&mut reading, at(-1), 9).await.unwrap().is_empty());
    drop(reading);

    let mut tx = bench.write().await;
    deliveries::retry(&mut tx, id, "500", at(10)).await.unwrap();
    assert!(deliveries::due(&mut tx, at(9), 9).await.unwrap().is_empty());
    assert_eq!(list(&deliveries::due(&mut tx, at(10), 9).await.unwrap()), [id]);
    grow(&mut tx, story, "https://example.com/moon").await;
    deliveries::posted(&mut tx, id, MessageId(u64::MAX), 1, at(11)).await.unwrap();
    let due = deliveries::due(&mut tx, at(11), 9).await.unwrap().remove(0);
    assert_eq!(
        (due.message, due.attempts),
        (Some(MessageId(u64::MAX)), 0),
        "the story grew while it was posted"
    );
    deliveries::posted(&mut tx, id, MessageId(u64::MAX), 2, at(12)).await.unwrap();
    assert!(deliveries::due(&mut tx, at(99), 9).await.unwrap().is_empty());
    assert_eq!(deliveries::touch_story(&mut tx, story, at(12)).await.unwrap(), 0, "it shows the latest");
    grow(&mut tx, story, "https://example.net/moon").await;
    assert_eq!(deliveries::touch_story(&mut tx, story, at(13)).await.unwrap(), 1);
    let mut reading = bench.reread(tx).await;
    assert_eq!(list(&deliveries::due(&mut reading, at(13), 9).await.unwrap()), [id]);
    let found = deliveries::by_nonce(&mut reading, &nonce("moon")).await.unwrap().unwrap();
    assert_eq!((found.id, found.state), (id, DeliveryState::Due));
    assert!(deliveries::by_nonce(&mut reading, &nonce("sun")).await.unwrap().is_none());
}

#[tokio::test]
async fn cards_wait_with_their_channel() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (_, refused) = card(&mut tx, "refused", CHANNEL).await;
    let (_, waiting) = card(&mut tx, "waiting", CHANNEL).await;
    let (_, elsewhere) = card(&mut tx, "elsewhere", OTHER).await;
    deliveries::hold(&mut tx, refused, "400: embeds[0].title").await.unwrap();
    subscriptions::pause_channel(&mut tx, CHANNEL, "No right to post.").await.unwrap();
    assert_eq!(
        list(&deliveries::due(&mut tx, at(0), 9).await.unwrap()),
        [elsewhere],
        "none of a paused channel"
    );
    assert_eq!(deliveries::hold_channel(&mut tx, CHANNEL, "403").await.unwrap(), 1);
    let mut reading = bench.reread(tx).await;
    let counts = deliveries::counts(&mut reading).await.unwrap();
    assert_eq!(counts, deliveries::Counts { due: 1, posted: 0, held: 2 });
    drop(reading);

    let mut tx = bench.write().await;
    subscriptions::resume_channel(&mut tx, CHANNEL).await.unwrap();
    assert_eq!(deliveries::release_channel(&mut tx, CHANNEL, at(5)).await.unwrap(), 1);
    assert_eq!(list(&deliveries::due(&mut tx, at(5), 9).await.unwrap()), [elsewhere, waiting]);
    assert_eq!(
        deliveries::get(&mut tx, refused).await.unwrap().unwrap().state,
        DeliveryState::Held,
        "for good"
    );
}

#[tokio::test]
async fn nobody_gets_old_cards_with_a_new_subscription() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (story, shown) = card(&mut tx, "shown", CHANNEL).await;
    deliveries::posted(&mut tx, shown, MessageId(1), 1, at(1)).await.unwrap();
    let (_, waiting) = card(&mut tx, "waiting", CHANNEL).await;
    let (_, held) = card(&mut tx, "held", CHANNEL).await;
    deliveries::hold_channel(&mut tx, CHANNEL, "403").await.unwrap();
    deliveries::release_channel(&mut tx, CHANNEL, at(1)).await.unwrap();
    deliveries::retry(&mut tx, held, "500", at(1)).await.unwrap();
    let other = subscribe(&mut tx, CHANNEL, "Suez").await;
    let first = subscribe(&mut tx, CHANNEL, "Neil Armstrong").await;

    subscriptions::end(&mut tx, first, GUILD, MODERATOR, at(2)).await.unwrap();
    assert_eq!(list(&deliveries::due(&mut tx, at(2), 9).await.unwrap()), [waiting, held], "still asked for");
    deliveries::hold_channel(&mut tx, CHANNEL, "403").await.unwrap();
    subscriptions::end(&mut tx, other, GUILD, MODERATOR, at(3)).await.unwrap();
    grow(&mut tx, story, "https://example.com/shown").await;
    deliveries::touch_story(&mut tx, story, at(4)).await.unwrap();
    let mut reading = bench.reread(tx).await;
    assert!(deliveries::due(&mut reading, at(99), 9).await.unwrap().is_empty(), "nobody is subscribed");
    drop(reading);

    let mut tx = bench.write().await;
    subscribe(&mut tx, CHANNEL, "Neil Armstrong").await;
    assert_eq!(deliveries::release_channel(&mut tx, CHANNEL, at(100)).await.unwrap(), 0);
    assert_eq!(
        list(&deliveries::due(&mut tx, at(100), 9).await.unwrap()),
        [shown],
        "what is shown there is brought up to date; what waited is past"
    );
}

#[tokio::test]
async fn a_moderator_is_told_once() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let tell = async |tx: &mut WriteTx, user, name: &str| {
        notices::enqueue(tx, user, "channel 7 is closed", "Let me in.", &nonce(name), at(0)).await.unwrap()
    };
    assert!(tell(&mut tx, MODERATOR, "a").await);
    assert!(!tell(&mut tx, MODERATOR, "b").await);
    assert!(tell(&mut tx, UserId(2), "c").await, "another moderator is told as well");
    let mut reading = bench.reread(tx).await;
    let due = notices::due(&mut reading, at(0), 9).await.unwrap();
    assert_eq!(due.len(), 2);
    assert_eq!((due[0].user, due[0].text.as_str()), (MODERATOR, "Let me in."));
    assert_eq!((&due[0].nonce, due[0].attempts), (&nonce("a"), 0));
    drop(reading);

    let mut tx = bench.write().await;
    notices::sent(&mut tx, due[0].id).await.unwrap();
    notices::retry(&mut tx, due[1].id, at(10)).await.unwrap();
    assert!(notices::due(&mut tx, at(9), 9).await.unwrap().is_empty());
    let again = notices::due(&mut tx, at(10), 9).await.unwrap();
    assert_eq!((again.len(), again[0].user, again[0].attempts), (1, UserId(2), 1));
    assert!(!tell(&mut tx, MODERATOR, "d").await, "also after it was sent");
}

#[tokio::test]
async fn a_channel_has_its_own_settings_or_its_guilds() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let locale = Locale::English;
    let none =
        Settings { time_zone: Tz::UTC, quiet_hours: None, reply_updates: false, locale, crosspost: false };
    assert_eq!(settings::of(&mut tx, GUILD, Some(CHANNEL)).await.unwrap(), none);
    let night = "22:00-07:00".parse().unwrap();
    let zone = |zone| SettingsChange { time_zone: Some(zone), ..SettingsChange::default() };
    let quiet = |hours| SettingsChange { quiet_hours: Some(hours), ..SettingsChange::default() };
    let speaks = |locale| SettingsChange { locale: Some(locale), ..SettingsChange::default() };
    let publishes = |on| SettingsChange { crosspost: Some(on), ..SettingsChange::default() };
    settings::speak(&mut tx, GUILD, Locale::German).await.unwrap();
    let replies = |on| SettingsChange { reply_updates: Some(on), ..SettingsChange::default() };
    for (channel, change) in [
        (None, replies(true)),
        (None, publishes(true)),
        (Some(OTHER), publishes(false)),
        (None, speaks(Some(Locale::English))),
        (Some(OTHER), speaks(Some(Locale::French))),
        (Some(OTHER), replies(false)),
        (None, zone(Tz::Europe__Paris)),
        (None, quiet(Some(night))),
        (None, zone(Tz::Europe__Tirane)),
        (Some(OTHER), quiet(None)),
        (Some(OTHER), zone(Tz::Asia__Kathmandu)),
    ] {
        settings::change(&mut tx, GUILD, channel, &change, MODERATOR, at(0)).await.unwrap();
    }
    let mut reading = bench.reread(tx).await;
    let guilds = Settings {
        time_zone: Tz::Europe__Tirane,
        quiet_hours: Some(night),
        reply_updates: true,
        locale,
        crosspost: true,
    };
    assert_eq!(settings::of(&mut reading, GUILD, None).await.unwrap(), guilds);
    assert_eq!(settings::of(&mut reading, GUILD, Some(CHANNEL)).await.unwrap(), guilds);
    let own = Settings {
        time_zone: Tz::Asia__Kathmandu,
        quiet_hours: None,
        reply_updates: false,
        locale: Locale::French,
        crosspost: false,
    };
    assert_eq!(settings::of(&mut reading, GUILD, Some(OTHER)).await.unwrap(), own);
    assert_eq!(settings::of(&mut reading, GuildId(1), Some(CHANNEL)).await.unwrap(), none);
    drop(reading);

    let mut tx = bench.write().await;
    settings::change(&mut tx, GUILD, Some(OTHER), &speaks(None), MODERATOR, at(1)).await.unwrap();
    assert_eq!(settings::of(&mut tx, GUILD, Some(OTHER)).await.unwrap().locale, Locale::English);
    settings::change(&mut tx, GUILD, None, &speaks(None), MODERATOR, at(1)).await.unwrap();
    assert_eq!(
        settings::of(&mut tx, GUILD, Some(OTHER)).await.unwrap().locale,
        Locale::German,
        "as Discord tells"
    );
    let reset = SettingsChange { reset: true, ..replies(true) };
    settings::change(&mut tx, GUILD, Some(OTHER), &reset, MODERATOR, at(2)).await.unwrap();
    let holds = Settings { locale: Locale::German, ..guilds };
    assert_eq!(settings::of(&mut tx, GUILD, Some(OTHER)).await.unwrap(), holds, "the guild's again");
    settings::change(&mut tx, GUILD, None, &reset, MODERATOR, at(3)).await.unwrap();
    let holds = Settings { locale: Locale::German, reply_updates: true, ..none };
    assert_eq!(settings::of(&mut tx, GUILD, None).await.unwrap(), holds, "what Discord tells is kept");
}
