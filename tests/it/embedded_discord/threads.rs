//! Threads, posts of forums, announcements, and what a channel's overwrites allow.

use chrono::{DateTime, TimeDelta, Utc};
use dateline::clock::Clock;
use dateline::domain::ChannelId;
use dateline::sandbox::discord::{
    ATTACH_FILES, ControlError, EMBED_LINKS, EmbeddedDiscord, Overwrite, SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS, Settings, VIEW_CHANNEL,
};
use serenity::all as s;

use super::{http, news, refusal, settings, start, with};

fn id(channel: ChannelId) -> s::ChannelId {
    s::ChannelId::new(channel.0)
}

#[tokio::test]
async fn an_archived_thread_is_opened_before_anything_in_it_is_edited() {
    let discord = start().await;
    let http = http(&discord);
    let (news, channel) = news(&discord);
    let thread =
        channel.create_thread(&http, s::CreateThread::new("Titanic").kind(s::ChannelType::PublicThread));
    let thread = thread.await.unwrap();
    let thread_id = ChannelId(thread.id.get());
    assert_eq!(discord.threads(news), [(thread_id, "Titanic".to_owned())]);
    let said = thread.id.say(&http, "She sank").await.unwrap();

    discord.set_thread(thread_id, true, false);
    let edit =
        async || thread.id.edit_message(&http, said.id, s::EditMessage::new().content("She is lost")).await;
    assert_eq!(refusal(edit().await), Some((400, 50083)));
    let opened = thread.id.edit_thread(&http, s::EditThread::new().archived(false)).await.unwrap();
    assert!(!opened.thread_metadata.unwrap().archived);
    assert_eq!(refusal(edit().await), None);

    // Writing opens it too, unless a moderator has locked it.
    discord.set_thread(thread_id, true, false);
    thread.id.say(&http, "The Carpathia saved 700").await.unwrap();
    let guild = s::GuildId::new(discord.guild().0);
    assert_eq!(guild.get_active_threads(&http).await.unwrap().threads.len(), 1);
    discord.set_thread(thread_id, true, true);
    assert_eq!(guild.get_active_threads(&http).await.unwrap().threads.len(), 0);
    assert_eq!(refusal(thread.id.say(&http, "x").await), Some((400, 50083)));
    let reopen = thread.id.edit_thread(&http, s::EditThread::new().archived(false)).await;
    assert_eq!(refusal(reopen), Some((403, 50013)));
    discord.set_thread(thread_id, false, true);
    assert_eq!(refusal(thread.id.say(&http, "x").await), Some((400, 160_005)));

    discord.delete_channel(news);
    assert_eq!(refusal(thread.id.say(&http, "x").await), Some((404, 10003)), "it went with its channel");
}

#[tokio::test]
async fn a_message_begins_one_thread() {
    let discord = start().await;
    let http = http(&discord);
    let (_, channel) = news(&discord);
    let card = channel.say(&http, "A card").await.unwrap();
    let begin =
        async || channel.create_thread_from_message(&http, card.id, s::CreateThread::new("Sources")).await;
    let thread = begin().await.unwrap();
    assert_eq!(thread.id.get(), card.id.get());
    assert_eq!(refusal(begin().await), Some((400, 160_004)));
    let unnamed =
        channel.create_thread(&http, s::CreateThread::new(" ").kind(s::ChannelType::PublicThread)).await;
    assert_eq!(refusal(unnamed), Some((400, 50035)));
}

#[tokio::test]
async fn a_forum_takes_posts_with_its_tags_and_nothing_else() {
    let discord = start().await;
    let http = http(&discord);
    let forum = discord.add_forum("stories", &["world", "science"], true);
    assert_eq!(refusal(id(forum).say(&http, "no post").await), Some((400, 50008)));
    let post = async |tags: &[u64]| {
        let post = s::CreateForumPost::new("Everest climbed", s::CreateMessage::new().content("On Friday"));
        let post = post.set_applied_tags(tags.iter().map(|tag| s::ForumTagId::new(*tag)));
        id(forum).create_forum_post(&http, post).await
    };
    assert_eq!(refusal(post(&[]).await), Some((400, 40067)));
    assert_eq!(refusal(post(&[1]).await), Some((400, 50035)));
    let thread = post(&[discord.tag(forum, "science").unwrap()]).await.unwrap();
    assert_eq!(thread.applied_tags.len(), 1);
    let posted = ChannelId(thread.id.get());
    let texts: Vec<_> = discord.messages(posted).into_iter().map(|m| (m.id.0, m.content)).collect();
    assert_eq!(texts, [(posted.0, "On Friday".to_owned())], "the first message has the id of its post");
}

#[tokio::test]
async fn announcements_are_published_once() {
    let discord = start().await;
    let http = http(&discord);
    let channel = id(discord.add_announcements("headlines"));
    let card = channel.say(&http, "A card").await.unwrap();
    let published = channel.crosspost(&http, card.id).await.unwrap();
    assert!(published.flags.unwrap().contains(s::MessageFlags::CROSSPOSTED));
    assert_eq!(refusal(channel.crosspost(&http, card.id).await), Some((400, 40033)));
    let (_, plain) = news(&discord);
    let card = plain.say(&http, "A card").await.unwrap();
    assert_eq!(refusal(plain.crosspost(&http, card.id).await), Some((400, 50024)));
}

#[tokio::test]
async fn overwrites_apply_in_discords_order() {
    let discord = start().await;
    let http = http(&discord);
    let (news, channel) = news(&discord);
    let people = discord.people();
    let say = async || refusal(channel.say(&http, "x").await);
    let set = |id: u64, of_member: bool, allow: u64, deny: u64| {
        discord.set_overwrite(news, Overwrite { id, of_member, allow, deny });
    };
    let may = |discord: &EmbeddedDiscord, user, what: u64| discord.permissions(user, news) & what == what;

    set(discord.guild().0, false, 0, VIEW_CHANNEL);
    assert_eq!(say().await, Some((403, 50001)));
    assert!(!may(&discord, people.member, VIEW_CHANNEL), "a hidden channel");
    assert!(may(&discord, people.administrator, VIEW_CHANNEL), "nothing is hidden from administrators");
    // What a role allows is stronger than what everybody is denied.
    set(discord.role("dateline").unwrap(), false, VIEW_CHANNEL, 0);
    assert_eq!(say().await, None);
    assert!(!may(&discord, people.member, VIEW_CHANNEL));
    // A member's own overwrite is the strongest.
    set(people.bot.0, true, 0, SEND_MESSAGES | SEND_MESSAGES_IN_THREADS);
    assert_eq!(say().await, Some((403, 50013)));
    set(people.bot.0, true, SEND_MESSAGES, 0);
    assert_eq!(say().await, None);
}

#[tokio::test]
async fn embeds_and_files_need_their_permissions() {
    let discord = start().await;
    let http = http(&discord);
    let (news, channel) = news(&discord);
    let forum = discord.add_forum("stories", &[], false);
    let embed = || s::CreateMessage::new().embed(s::CreateEmbed::new().title("Titanic sinks"));
    let file = || s::CreateMessage::new().add_file(s::CreateAttachment::bytes("the page", "page.txt"));
    let refused = Some((403, 50013));
    let card = channel.send_message(&http, embed()).await.unwrap().id;
    for (denied, refused_embed, refused_file) in [(EMBED_LINKS, refused, None), (ATTACH_FILES, None, refused)]
    {
        for place in [news, forum] {
            let id = discord.people().bot.0;
            discord.set_overwrite(place, Overwrite { id, of_member: true, allow: 0, deny: denied });
        }
        assert_eq!(refusal(channel.send_message(&http, embed()).await), refused_embed);
        assert_eq!(refusal(channel.send_message(&http, file()).await), refused_file);
        assert_eq!(refusal(channel.say(&http, "Titanic sinks").await), None);
        let edit = s::EditMessage::new().embed(s::CreateEmbed::new().title("Titanic is lost"));
        assert_eq!(refusal(channel.edit_message(&http, card, edit).await), refused_embed);
        let edit = s::EditMessage::new().new_attachment(s::CreateAttachment::bytes("the page", "page.txt"));
        assert_eq!(refusal(channel.edit_message(&http, card, edit).await), refused_file);
        let post = async |first| {
            refusal(id(forum).create_forum_post(&http, s::CreateForumPost::new("Titanic", first)).await)
        };
        assert_eq!((post(embed()).await, post(file()).await), (refused_embed, refused_file));
    }
}

#[tokio::test]
async fn people_write_where_they_may() {
    let discord = start().await;
    let (news, _) = news(&discord);
    let forum = discord.add_forum("stories", &[], false);
    let thread = discord.add_thread(news, "Titanic");
    let people = discord.people();
    let say = |user, channel| discord.say(user, channel, "She sank").map(drop);
    let refused = |why| Err(ControlError::MayNotWrite(why));

    assert_eq!(say(people.member, news), Ok(()));
    assert_eq!(say(people.administrator, forum), refused("Cannot send messages in a non-text channel"));
    let everyone = discord.guild().0;
    let denied = Overwrite { id: everyone, of_member: false, allow: 0, deny: SEND_MESSAGES };
    discord.set_overwrite(news, denied);
    assert_eq!(say(people.member, news), refused("Missing Permissions"));
    assert_eq!(say(people.administrator, news), Ok(()));
    assert_eq!(say(people.member, thread), Ok(()), "threads have a permission of their own");

    discord.set_thread(thread, true, false);
    assert_eq!(say(people.member, thread), Ok(()));
    discord.set_thread(thread, true, true);
    assert_eq!(say(people.member, thread), refused("Thread is archived"));
    discord.set_thread(thread, false, true);
    assert_eq!(say(people.member, thread), refused("Thread is locked"));
    assert_eq!(say(people.moderator, thread), Ok(()));

    let user = s::UserId::new(people.member.0);
    let direct = ChannelId(user.create_dm_channel(&http(&discord)).await.unwrap().id.get());
    assert_eq!(say(people.member, direct), Ok(()));
    assert_eq!(say(people.moderator, direct), refused("Missing Permissions"), "it is another's");
}

#[tokio::test]
async fn a_private_thread_is_for_who_began_it_and_for_who_manages_threads() {
    let discord = start().await;
    let http = http(&discord);
    let (news, channel) = news(&discord);
    let people = discord.people();
    let begin = async |channel: s::ChannelId, kind| {
        channel.create_thread(&http, s::CreateThread::new("Titanic").kind(kind)).await
    };
    let sees = |user, thread: &s::GuildChannel| {
        discord.permissions(user, ChannelId(thread.id.get())) & VIEW_CHANNEL != 0
    };
    let (public, private) = (s::ChannelType::PublicThread, s::ChannelType::PrivateThread);
    for (asked, of_all) in [(public, true), (private, false)] {
        let thread = begin(channel, asked).await.unwrap();
        assert_eq!(thread.kind, asked);
        assert_eq!(sees(people.member, &thread), of_all);
        assert!(sees(people.moderator, &thread));
        thread.id.say(&http, "She sank").await.unwrap();
        // Only public ones are listed once they are archived.
        let guild = s::GuildId::new(discord.guild().0);
        let is_listed = |list: s::ThreadsData| list.threads.iter().any(|listed| listed.id == thread.id);
        assert!(is_listed(guild.get_active_threads(&http).await.unwrap()));
        discord.set_thread(ChannelId(thread.id.get()), true, false);
        let archived = channel.get_archived_public_threads(&http, None, None).await.unwrap();
        assert_eq!(is_listed(archived), of_all);
    }
    let announcements = id(discord.add_announcements("headlines"));
    assert_eq!(refusal(begin(announcements, private).await), Some((400, 50024)));
    begin(announcements, s::ChannelType::NewsThread).await.unwrap();
    // Bit 36: Create Private Threads.
    let denied = Overwrite { id: people.bot.0, of_member: true, allow: 0, deny: 1 << 36 };
    discord.set_overwrite(news, denied);
    assert_eq!(refusal(begin(channel, private).await), Some((403, 50013)));
    assert_eq!(refusal(begin(channel, public).await), None);
}

#[tokio::test]
async fn a_thread_is_archived_when_nothing_is_written_in_it_for_long() {
    let dir = tempfile::tempdir().unwrap();
    let began: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
    let at = async |minutes| {
        let clock = Clock::Fixed(began + TimeDelta::minutes(minutes));
        with(Settings { state: Some(dir.path().join("discord.json")), clock, ..settings() }).await
    };
    let discord = at(0).await;
    let (_, channel) = news(&discord);
    let begin = s::CreateThread::new("Titanic").kind(s::ChannelType::PublicThread);
    let begin = begin.auto_archive_duration(s::AutoArchiveDuration::OneHour);
    let thread = channel.create_thread(http(&discord), begin).await.unwrap().id;
    discord.shutdown().await;

    let is_archived = async |discord: &EmbeddedDiscord| {
        let thread = thread.to_channel(http(discord)).await.unwrap().guild().unwrap();
        thread.thread_metadata.unwrap().archived
    };
    let discord = at(59).await;
    assert!(!is_archived(&discord).await);
    let said = thread.say(http(&discord), "She sank").await.unwrap();
    discord.shutdown().await;
    let discord = at(118).await;
    assert!(!is_archived(&discord).await, "an hour from the last message on");
    discord.shutdown().await;
    let discord = at(119).await;
    assert!(is_archived(&discord).await);
    let edit = s::EditMessage::new().content("She is lost");
    assert_eq!(refusal(thread.edit_message(http(&discord), said.id, edit).await), Some((400, 50083)));
    thread.say(http(&discord), "The Carpathia saved 700").await.unwrap();
    assert!(!is_archived(&discord).await);
}
