//! Where cards stand beside plain channels: threads, forums, announcements.

use chrono::TimeDelta;
use dateline::clock::Clock;
use dateline::domain::{ChannelId, MessageId, Nonce, Place, SettingsChange, SubscriptionState, TagId, Terms};
use dateline::render::Message;
use dateline::sandbox::discord::{Access, EMBED_LINKS, Effect, Endpoint, Fault, MANAGE_CHANNELS, Overwrite};
use dateline::store::{crossposts, deliveries, settings, subscriptions};
use serde_json::{Value, json};

use crate::commands::{Running, description};
use crate::referee::assert_clean;
use crate::world::{CANAL, CANAL_AGAIN, EVEREST, NEWS, World, requests_for, words};

fn at(place: Place) -> Terms {
    Terms { place, ..Terms::default() }
}

/// A subscription of a channel to a feed with one fresh article about the canal, read and due to be posted.
async fn with_the_canal(world: &mut World, channel: ChannelId, terms: Terms) {
    world.watch_in("/feed.xml", channel, terms).await;
    world.later(TimeDelta::minutes(5));
    world.site.page("/canal", "Harbour Courier", "Panama Canal opens", world.now, &CANAL);
    world.site.feed("/feed.xml", "Harbour Courier", &[("/canal", "Panama Canal opens", world.now)]);
    world.read().await;
}

async fn publishes(world: &World, channel: ChannelId, crosspost: bool) {
    let change = SettingsChange { crosspost: Some(crosspost), ..SettingsChange::default() };
    let by = world.discord.people().moderator;
    let mut tx = world.ctx.store.write().await.unwrap();
    settings::change(&mut tx, world.discord.guild(), Some(channel), &change, by, world.now).await.unwrap();
    tx.commit().await.unwrap();
}

/// Another outlet tells of the canal too.
async fn told_again(world: &mut World) {
    world.later(TimeDelta::hours(2));
    let title = "Ancon sails through the Panama Canal";
    world.site.page("/opened", "Meridian Wire", title, world.now, &CANAL_AGAIN);
    let items = [("/canal", "Panama Canal opens", world.now), ("/opened", title, world.now)];
    world.site.feed("/feed.xml", "Harbour Courier", &items);
}

/// What the moderator was written, with the channel's number taken out.
fn told_moderator(world: &World, channel: ChannelId) -> Vec<String> {
    let direct =
        world.discord.direct(world.discord.people().moderator).expect("the moderator was written to");
    let told = world.discord.messages(direct).into_iter();
    told.map(|message| message.content.replace(&channel.to_string(), "CHANNEL")).collect()
}

#[tokio::test]
async fn in_a_forum_a_story_is_a_post_whose_first_message_is_edited() {
    let mut world = World::new().await;
    let forum = world.discord.add_forum("stories", &["world", "science"], true);
    let tag = world.discord.tag(forum, "science").map(TagId);
    with_the_canal(&mut world, forum, at(Place::Forum(tag))).await;
    world.round().await;
    let posts = world.discord.threads(forum);
    assert_eq!(posts.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["Panama Canal opens"]);
    let post = posts[0].0;
    assert!(words(&world.discord.messages(post)[0]).contains("The steamer Ancon"));

    // Nobody wrote there for a week: the edit opens it again.
    world.discord.set_thread(post, true, false);
    told_again(&mut world).await;
    world.round().await;
    let messages = world.discord.messages(post);
    assert_eq!(messages.len(), 1, "edited, not posted again");
    assert!(words(&messages[0]).contains("Meridian Wire"), "{}", words(&messages[0]));
    assert_eq!(world.discord.threads(forum), posts);

    // A post that a moderator locks is left alone, and so is one that is deleted; the forum goes on.
    world.discord.set_thread(post, true, true);
    let title = "Canal tolls are set";
    world.later(TimeDelta::hours(2));
    world.site.page("/tolls", "Bay Example", title, world.now, &CANAL_AGAIN);
    world.site.page("/everest", "Bay Example", "Everest climbed", world.now, &EVEREST);
    let items = [("/tolls", title, world.now), ("/everest", "Everest climbed", world.now)];
    world.site.feed("/feed.xml", "Harbour Courier", &items);
    world.round().await;
    let names: Vec<String> = world.discord.threads(forum).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["Panama Canal opens", "Everest climbed"]);
    assert!(!words(&world.discord.messages(post)[0]).contains("Bay Example"), "it stayed as it was");
    assert_clean(&world.discord);
}

/// Discord knows no nonce for posts: one whose answer was lost is found by its button, in what is open and in what was
/// archived since.
#[tokio::test]
async fn a_post_whose_answer_was_lost_is_found_again() {
    for archived in [false, true] {
        let mut world = World::new().await;
        let forum = world.discord.add_forum("stories", &[], false);
        with_the_canal(&mut world, forum, at(Place::Forum(None))).await;
        world.discord.fail(Fault::once(Endpoint::START_THREAD, Effect::Broken { status: 502, stored: true }));
        world.deliver().await;
        let posts = world.discord.threads(forum);
        assert_eq!(posts.len(), 1, "it is there, though the bot was told otherwise");
        world.discord.set_thread(posts[0].0, archived, false);
        world.restart().await;
        world.later(TimeDelta::hours(3));
        world.round().await;
        assert_eq!(world.discord.threads(forum), posts);
        assert_eq!(world.discord.requests(Endpoint::START_THREAD), 1, "found, not posted again");
        let counts = deliveries::counts(&mut world.ctx.store.read().await.unwrap()).await.unwrap();
        assert_eq!((counts.posted, counts.due), (1, 0));
    }
}

#[tokio::test]
async fn a_forum_that_asks_for_a_tag_later_is_told_to_its_moderator() {
    let mut world = World::new().await;
    let forum = world.discord.add_forum("stories", &["world"], true);
    // Chosen when it asked for none; and a tag that was deleted since.
    with_the_canal(&mut world, forum, at(Place::Forum(None))).await;
    world.round().await;
    assert_eq!(world.discord.threads(forum), []);
    let told = told_moderator(&world, forum);
    insta::assert_snapshot!(told.join("\n"), @"I cannot post in <#CHANNEL>: the forum asks for a tag, or no longer has the one that was chosen. Its subscriptions are paused, and what was to be posted waits. Run /topics subscribe for it again with the option tag. /topics list shows what is paused.");

    let mut world = World::new().await;
    let forum = world.discord.add_forum("stories", &["world"], false);
    with_the_canal(&mut world, forum, at(Place::Forum(Some(TagId(1))))).await;
    world.round().await;
    assert_eq!(told_moderator(&world, forum), told);
}

#[tokio::test]
async fn a_thread_that_was_archived_is_opened_by_its_cards_and_one_that_is_locked_is_told() {
    let mut world = World::new().await;
    let thread = world.discord.add_thread(world.channel(), "The canal");
    with_the_canal(&mut world, thread, Terms::default()).await;
    world.discord.set_thread(thread, true, false);
    world.round().await;
    assert_eq!(world.discord.messages(thread).len(), 1);

    world.discord.set_thread(thread, true, false);
    told_again(&mut world).await;
    world.round().await;
    let card = words(&world.discord.messages(thread)[0]);
    assert!(card.contains("Meridian Wire"), "{card}");

    world.discord.set_thread(thread, true, true);
    world.later(TimeDelta::hours(1));
    world.site.page("/everest", "Harbour Courier", "Everest climbed", world.now, &EVEREST);
    world.site.feed("/feed.xml", "Harbour Courier", &[("/everest", "Everest climbed", world.now)]);
    world.round().await;
    assert_eq!(world.discord.messages(thread).len(), 1);
    let of_guild =
        subscriptions::of_guild(&mut world.ctx.store.read().await.unwrap(), world.discord.guild()).await;
    assert_eq!(of_guild.unwrap()[0].state, SubscriptionState::Paused("the thread is locked".to_owned()));
    insta::assert_snapshot!(told_moderator(&world, thread).join("\n"), @"I cannot post in <#CHANNEL>: the thread is locked. Its subscriptions are paused, and what was to be posted waits. Unlock it, then let one of them go on with /topics pause: the others follow. /topics list shows what is paused.");
}

#[tokio::test]
async fn a_card_is_published_where_that_is_asked_for() {
    // The second became an announcement channel after it was subscribed.
    for (place, crosspost, published) in
        [(Place::Announcements, true, 1), (Place::Channel, true, 1), (Place::Announcements, false, 0)]
    {
        let mut world = World::new().await;
        let headlines = world.discord.add_announcements("headlines");
        with_the_canal(&mut world, headlines, at(place)).await;
        publishes(&world, headlines, crosspost).await;
        world.round().await;
        told_again(&mut world).await;
        world.round().await;
        let cards = world.discord.messages(headlines);
        assert!(words(&cards[0]).contains("Meridian Wire"), "an edit reaches those who follow by itself");
        assert_eq!(cards.iter().filter(|card| card.flags & 1 == 1).count(), published);
        assert_eq!(world.discord.requests(Endpoint::CROSSPOST), published);
        assert_clean(&world.discord);
    }
}

#[tokio::test]
async fn ten_cards_an_hour_are_published_and_the_others_wait() {
    let mut world = World::new().await;
    let headlines = world.discord.add_announcements("headlines");
    let mut messages: Vec<MessageId> = Vec::new();
    for n in 0..13 {
        let message = Message { content: Some(format!("Card {n}")), ..Message::default() };
        let nonce = Nonce(format!("card-{n}"));
        messages.push(world.ctx.publisher.create(headlines, &message, &nonce).await.unwrap());
    }
    let mut tx = world.ctx.store.write().await.unwrap();
    for message in &messages {
        crossposts::enqueue(&mut tx, headlines, *message, world.now).await.unwrap();
    }
    tx.commit().await.unwrap();
    // One is published, but the bot is not told so; it counts all the same.
    world.discord.fail(Fault::once(Endpoint::CROSSPOST, Effect::Broken { status: 502, stored: true }));
    let published = |world: &World| {
        world.discord.messages(headlines).iter().filter(|message| message.flags & 1 == 1).count()
    };
    world.round().await;
    assert_eq!((published(&world), requests_for(&world.discord, Endpoint::CROSSPOST, headlines)), (10, 10));
    // Within the hour nothing more, also for a bot that was started anew.
    world.restart().await;
    world.later(TimeDelta::minutes(59));
    world.round().await;
    assert_eq!(requests_for(&world.discord, Endpoint::CROSSPOST, headlines), 10);
    world.later(TimeDelta::minutes(4));
    world.round().await;
    assert_eq!(published(&world), 13);
    assert_eq!(
        requests_for(&world.discord, Endpoint::CROSSPOST, headlines),
        14,
        "that one was tried once more"
    );
    let too_many = world.discord.exchanges();
    assert!(
        too_many.iter().all(|exchange| exchange.answer.as_ref().is_none_or(|answer| answer.status != 429))
    );
    world.later(TimeDelta::days(1));
    world.round().await;
    assert_eq!(requests_for(&world.discord, Endpoint::CROSSPOST, headlines), 14, "published for good");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moderator_chooses_a_tag_of_a_forum_and_has_an_announcement_channel_published() {
    let bot = Running::start().await;
    bot.discord.add_forum("stories", &["world", "science"], true);
    bot.discord.add_announcements("headlines");
    let ask = async |more: &[(&str, Value)]| {
        let options = [&[("topic", json!("Panama Canal"))], more].concat();
        description(&bot.moderator("topics subscribe", &options).await)
    };
    let forum = ("channel", json!("stories"));
    let untagged = ask(std::slice::from_ref(&forum)).await;
    assert_eq!(untagged, "That forum asks for a tag on every post. Choose one with the option tag.");
    let moderator = bot.discord.people().moderator;
    let news = bot.discord.channel(NEWS).unwrap();
    let given = [forum.clone()];
    let offered = bot.discord.autocomplete(moderator, news, "topics subscribe", &given, ("tag", "SCI")).await;
    let (name, tag) = offered.unwrap().remove(0);
    assert_eq!(name, "science");
    let answer = ask(&[forum, ("tag", tag)]).await;
    assert!(answer.contains("now gets stories about “Panama Canal”, as posts."), "{answer}");
    let publish = async |channel: &str| {
        let options = [("channel", json!(channel)), ("crosspost", json!(true))];
        description(&bot.moderator("settings", &options).await)
    };
    assert_eq!(publish(NEWS).await, "Only what stands in an announcement channel can be published.");
    let answer = publish("headlines").await;
    assert!(answer.contains("is published to the servers that follow"), "{answer}");
    bot.stop().await;
}

/// Takes the right to embed links in a channel from everybody, or gives it back; and that of managing it from a member.
fn overwrite(bot: &Running, channel: ChannelId, id: u64, deny: u64) {
    let of_member = id != bot.discord.guild().0;
    bot.discord.set_overwrite(channel, Overwrite { id, of_member, allow: 0, deny });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_another_channel_is_checked_there() {
    let bot = Running::start().await;
    let headlines = bot.discord.add_announcements("headlines");
    let everybody = bot.discord.guild().0;
    let (moderator, news) = (bot.discord.people().moderator, bot.discord.channel(NEWS).unwrap());
    let canal = [("topic", json!("Panama Canal")), ("channel", json!("headlines"))];
    overwrite(&bot, headlines, everybody, EMBED_LINKS);
    let subscribed = async || description(&bot.moderator("topics subscribe", &canal).await);
    assert_eq!(subscribed().await, "I may not post there. Allow me: Embed Links.");
    overwrite(&bot, headlines, everybody, 0);
    let answer = subscribed().await;
    assert!(answer.contains("now gets stories about “Panama Canal”"), "{answer}");

    // A subscription is offered by the name of its channel, and left alone by who only manages another.
    let typed = ("subscription", "headl");
    let offered = bot.discord.autocomplete(moderator, news, "topics pause", &[], typed).await.unwrap();
    let (name, id) = offered.into_iter().next().expect("it is offered");
    assert_eq!(name, "#headlines: about “Panama Canal”");
    overwrite(&bot, headlines, moderator.0, MANAGE_CHANNELS);
    for command in ["topics pause", "topics unsubscribe"] {
        let answer = description(&bot.moderator(command, &[("subscription", id.clone())]).await);
        assert_eq!(answer, "You need the Manage Channels permission in that channel too.", "{command}");
    }
    overwrite(&bot, headlines, moderator.0, 0);
    let answer = description(&bot.moderator("topics unsubscribe", &[("subscription", id)]).await);
    assert!(answer.contains("no longer gets stories about “Panama Canal”"), "{answer}");
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_refused_a_card_gets_it_once_that_is_mended() {
    let bot = Running::start().await;
    let at = Clock::System.now() + TimeDelta::hours(1);
    bot.site.page("/canal", "Harbour Courier", "Panama Canal opens", at, &CANAL);
    bot.site.feed("/feed.xml", "Harbour Courier", &[("/canal", "Panama Canal opens", at)]);
    let headlines = bot.discord.add_announcements("headlines");
    let canal = [("topic", json!("Panama Canal")), ("channel", json!("headlines"))];
    bot.moderator("topics subscribe", &canal).await;
    bot.discord.set_access(headlines, Access::ReadOnly);
    bot.moderator("feeds add", &[("url", json!(bot.site.url("/feed.xml")))]).await;
    let moderator = bot.discord.people().moderator;
    let told = bot.discord.wait("the notice", |discord| {
        discord.messages(discord.direct(moderator)?).first().map(|message| message.content.clone())
    });
    assert!(told.await.unwrap().contains("what was to be posted waits"));

    bot.discord.set_access(headlines, Access::Full);
    let typed = ("subscription", "headlines");
    let news = bot.discord.channel(NEWS).unwrap();
    let offered = bot.discord.autocomplete(moderator, news, "topics pause", &[], typed).await.unwrap();
    let (_, id) = offered.into_iter().next().expect("it is offered");
    let answer = description(&bot.moderator("topics pause", &[("subscription", id)]).await);
    assert!(answer.contains("gets stories about “Panama Canal” again, with what has waited"), "{answer}");
    let card = bot.discord.wait("the card", |discord| discord.messages(headlines).first().cloned());
    assert!(words(&card.await.unwrap()).contains("Panama Canal opens"));
    bot.stop().await;
}
