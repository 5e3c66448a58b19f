//! When a channel gets its stories: at once, from so many outlets on, in round-ups, after quiet hours.

use chrono::{DateTime, TimeDelta, Utc};
use dateline::domain::{Mode, RoleId, SettingsChange, Terms};
use dateline::sandbox::discord::{Effect, Endpoint, Exchange, Fault, StoredMessage};
use dateline::store::settings;

use crate::referee::assert_clean;
use crate::world::{CANAL, CANAL_AGAIN, EVEREST, World, words};

/// The news channel subscribed on these terms, and the server's quiet hours.
async fn on(terms: Terms, quiet: Option<&str>) -> World {
    let world = World::new().await;
    world.watch_on("/feed.xml", terms).await;
    world.watch_on("/other.xml", terms).await;
    if let Some(hours) = quiet {
        let quiet_hours = Some(Some(hours.parse().unwrap()));
        set(&world, SettingsChange { quiet_hours, ..SettingsChange::default() }).await;
    }
    world
}

async fn set(world: &World, change: SettingsChange) {
    let mut tx = world.ctx.store.write().await.unwrap();
    let (guild, moderator) = (world.discord.guild(), world.discord.people().moderator);
    settings::change(&mut tx, guild, None, &change, moderator, world.now).await.unwrap();
    tx.commit().await.unwrap();
}

fn hourly() -> Terms {
    Terms { mode: Mode::Hourly, ..Terms::default() }
}

/// Moves to a moment and does whatever is due then.
async fn at(world: &mut World, moment: &str) {
    world.now = moment.parse::<DateTime<Utc>>().unwrap();
    world.round().await;
}

fn canal(world: &World) {
    let at = world.now + TimeDelta::minutes(4);
    world.site.page("/canal", "Harbour Courier", "Panama Canal opens", at, &CANAL);
    world.site.feed("/feed.xml", "Harbour Courier", &[("/canal", "Panama Canal opens", at)]);
}

fn canal_again_and_everest(world: &World) {
    let at = world.now + TimeDelta::minutes(4);
    let (again, everest) = ("Ancon sails through the Panama Canal", "Everest climbed");
    world.site.page("/opened", "Meridian Wire", again, at, &CANAL_AGAIN);
    world.site.page("/everest", "Meridian Wire", everest, at, &EVEREST);
    world.site.feed("/other.xml", "Meridian Wire", &[("/opened", again, at), ("/everest", everest, at)]);
}

fn pings(exchange: &Exchange) -> serde_json::Value {
    exchange.request.as_ref().map(|body| body["allowed_mentions"]["roles"].clone()).unwrap_or_default()
}

/// The lines of a round-up.
fn lines(message: &StoredMessage) -> Vec<String> {
    words(message).lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn an_hour_of_stories_is_one_message_at_the_full_hour() {
    let mut world = on(hourly(), None).await;
    canal(&world);
    canal_again_and_everest(&world);
    at(&mut world, "2026-03-01T12:20:00Z").await;
    at(&mut world, "2026-03-01T12:59:59Z").await;
    assert_eq!(world.cards(), [], "nothing before its time");

    // Discord stores the message and answers with an error: it is found again, not posted twice.
    let broken = Effect::Broken { status: 502, stored: true };
    world.discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, broken));
    at(&mut world, "2026-03-01T13:00:00Z").await;
    at(&mut world, "2026-03-01T13:30:00Z").await;
    at(&mut world, "2026-03-02T13:30:00Z").await;
    let messages = world.cards();
    assert_eq!(messages.len(), 1, "once");
    let lines = lines(&messages[0]);
    assert_eq!(lines[0], "2 stories");
    assert!(lines[1].contains("Panama Canal"), "what two outlets tell comes first: {lines:?}");
    assert!(lines.iter().any(|line| line.contains("2 sources")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("Everest climbed")), "{lines:?}");
    assert_clean(&world.discord);
}

#[tokio::test]
async fn a_single_story_of_an_hour_has_its_card() {
    let mut world = on(hourly(), None).await;
    canal(&world);
    at(&mut world, "2026-03-01T12:20:00Z").await;
    at(&mut world, "2026-03-01T13:00:00Z").await;
    at(&mut world, "2026-03-01T13:05:00Z").await;
    let cards = world.cards();
    assert_eq!(cards.len(), 1);
    assert!(words(&cards[0]).contains("Key actors"), "{}", words(&cards[0]));
    assert_clean(&world.discord);
}

#[tokio::test]
async fn the_stories_of_a_quiet_night_come_in_the_morning_once() {
    let mut world = on(Terms::default(), Some("22:00-07:00")).await;
    at(&mut world, "2026-03-01T22:30:00Z").await;
    canal(&world);
    at(&mut world, "2026-03-01T23:00:00Z").await;
    canal_again_and_everest(&world);
    for moment in ["2026-03-02T01:00:00Z", "2026-03-02T06:59:59Z"] {
        at(&mut world, moment).await;
        assert_eq!(world.cards(), [], "{moment} is quiet");
    }
    for moment in ["2026-03-02T07:00:00Z", "2026-03-02T07:10:00Z", "2026-03-03T07:00:00Z"] {
        at(&mut world, moment).await;
        assert_eq!(world.cards().len(), 1, "{moment}");
    }
    assert_eq!(lines(&world.cards()[0])[0], "2 stories");
    assert_clean(&world.discord);
}

#[tokio::test]
async fn a_story_waits_for_as_many_outlets_as_were_asked_for() {
    let mut world = on(Terms { min_sources: 2, ..Terms::default() }, None).await;
    canal(&world);
    at(&mut world, "2026-03-01T12:20:00Z").await;
    assert_eq!(world.cards(), [], "one outlet is too few");
    canal_again_and_everest(&world);
    at(&mut world, "2026-03-01T12:40:00Z").await;
    let cards = world.cards();
    assert_eq!(cards.len(), 1, "Everest is told by one");
    assert!(words(&cards[0]).contains("Harbour Courier") && words(&cards[0]).contains("Meridian Wire"));
    assert_clean(&world.discord);
}

#[tokio::test]
async fn a_role_is_mentioned_when_the_card_is_new() {
    let role = RoleId(4_077);
    let mut world = on(Terms { mention: Some(role), ..Terms::default() }, None).await;
    canal(&world);
    at(&mut world, "2026-03-01T12:20:00Z").await;
    canal_again_and_everest(&world);
    at(&mut world, "2026-03-01T12:40:00Z").await;
    let first = &world.cards()[0];
    assert!(words(first).contains("2 sources"), "it was edited");
    assert_eq!(first.content, format!("<@&{role}>"), "the mention stays");
    let only = serde_json::json!([role.to_string()]);
    let pinged: Vec<_> =
        world.discord.exchanges().into_iter().filter(|exchange| pings(exchange) == only).collect();
    assert_eq!(pinged.len(), 2, "each of the two cards when it was posted, no edit");
    assert_clean(&world.discord);
}

#[tokio::test]
async fn a_round_up_mentions_the_roles_of_its_stories_once() {
    let role = RoleId(4_077);
    let mut world = on(Terms { mention: Some(role), ..hourly() }, None).await;
    canal(&world);
    canal_again_and_everest(&world);
    at(&mut world, "2026-03-01T12:20:00Z").await;
    at(&mut world, "2026-03-01T13:00:00Z").await;
    let messages = world.cards();
    assert_eq!((messages.len(), messages[0].content.as_str()), (1, format!("<@&{role}>").as_str()));
    let only = serde_json::json!([role.to_string()]);
    assert_eq!(world.discord.exchanges().iter().filter(|exchange| pings(exchange) == only).count(), 1);
    assert_clean(&world.discord);
}

#[tokio::test]
async fn what_is_new_is_a_reply_to_the_card_where_moderators_want_it() {
    let mut world = on(Terms::default(), Some("22:00-07:00")).await;
    canal(&world);
    at(&mut world, "2026-03-01T12:20:00Z").await;
    set(&world, SettingsChange { reply_updates: Some(true), ..SettingsChange::default() }).await;

    // Discord stores the reply and answers with an error: it is found again, not posted twice.
    let broken = Effect::Broken { status: 502, stored: true };
    world.discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, broken));
    let (again, published) = ("Ancon sails through the Panama Canal", world.now + TimeDelta::minutes(4));
    world.site.page("/opened", "Meridian Wire", again, published, &CANAL_AGAIN);
    world.site.feed("/other.xml", "Meridian Wire", &[("/opened", again, published)]);
    for moment in ["2026-03-01T12:40:00Z", "2026-03-01T12:50:00Z", "2026-03-01T14:00:00Z"] {
        at(&mut world, moment).await;
    }
    world.restart().await;
    at(&mut world, "2026-03-01T15:00:00Z").await;
    let messages = world.cards();
    assert_eq!(messages.len(), 2, "one card, one reply");
    assert!(words(&messages[0]).contains("2 sources"), "{}", words(&messages[0]));
    let update = words(&messages[1]);
    assert_eq!(messages[1].embeds[0]["author"]["name"], "Update");
    assert!(update.contains("The Panama Canal was opened") && update.contains("Meridian Wire"), "{update}");
    assert_eq!(messages[1].reply_to, Some(messages[0].id));
    assert_clean(&world.discord);
}
