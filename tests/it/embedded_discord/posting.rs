//! Messages: posted, edited, refused, limited.

use std::sync::Arc;
use std::time::Duration;

use dateline::sandbox::discord::{Access, Effect, Endpoint, Fault};
use serenity::all as s;
use tokio::task::JoinSet;

use super::{client, http, news, refusal, start};

#[tokio::test]
async fn a_nonce_is_posted_once_even_when_the_answer_was_lost() {
    let discord = start().await;
    let http = http(&discord);
    let (news, channel) = news(&discord);
    let card = |nonce: &str| {
        let embed =
            s::CreateEmbed::new().title("Titanic sinks").url("https://example.org/1912").colour(0x00_55_AA);
        let nonce = s::Nonce::String(nonce.to_owned());
        s::CreateMessage::new().embed(embed).nonce(nonce).enforce_nonce(true)
    };
    let first = channel.send_message(&http, card("1")).await.unwrap();
    let second = channel.send_message(&http, card("1")).await.unwrap();
    assert_eq!(first.id, second.id);

    discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::Broken { status: 502, stored: true }));
    channel.send_message(&http, card("2")).await.unwrap_err();
    channel.send_message(&http, card("2")).await.unwrap();
    discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::Broken { status: 503, stored: false }));
    channel.send_message(&http, card("3")).await.unwrap_err();
    assert_eq!(discord.messages(news).len(), 2);
    channel.send_message(&http, card("3")).await.unwrap();
    assert_eq!(discord.messages(news).len(), 3);
}

#[tokio::test]
async fn a_held_request_is_stored_or_not_when_its_client_leaves() {
    let discord = start().await;
    let http = Arc::new(http(&discord));
    let (news, channel) = news(&discord);
    for (count, stored) in [(1, false), (2, true)] {
        let hold = discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::Held { stored }));
        let mut posting = JoinSet::new();
        let http = http.clone();
        posting.spawn(async move { channel.say(&http, "Stop press").await });
        discord.wait_for(Endpoint::CREATE_MESSAGE, count).await.unwrap();
        if stored {
            discord.wait("the message", |d| (d.messages(news).len() == 1).then_some(())).await.unwrap();
        }
        posting.shutdown().await;
        drop(hold);
    }
    let hold = discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::Held { stored: false }));
    let (posted, ()) = tokio::join!(channel.say(&http, "At last"), async {
        discord.wait_for(Endpoint::CREATE_MESSAGE, 3).await.unwrap();
        hold.release();
    });
    posted.unwrap();
    let texts: Vec<_> = discord.messages(news).into_iter().map(|m| m.content).collect();
    assert_eq!(texts, ["Stop press", "At last"]);
}

#[tokio::test]
async fn refusals_carry_discords_codes() {
    let discord = start().await;
    let http = http(&discord);
    let (news, channel) = news(&discord);
    let code = async |channel: s::ChannelId, text: &str| {
        refusal(channel.send_message(&http, s::CreateMessage::new().content(text)).await).unwrap()
    };
    assert_eq!(code(s::ChannelId::new(1), "a").await, (404, 10003));
    assert_eq!(code(channel, " ").await, (400, 50006));
    discord.fail(Fault::missing_permissions(Endpoint::CREATE_MESSAGE).in_channel(news));
    assert_eq!(code(channel, "a").await, (403, 50013));
    discord.set_access(news, Access::ReadOnly);
    assert_eq!(code(channel, "a").await, (403, 50013));
    discord.set_access(news, Access::Hidden);
    assert_eq!(code(channel, "a").await, (403, 50001));
    discord.delete_channel(news);
    assert_eq!(code(channel, "a").await, (404, 10003));

    let general = s::ChannelId::new(discord.channel("general").unwrap().0);
    let field = s::CreateEmbed::new().field("When", " ", false);
    let refused = general.send_message(&http, s::CreateMessage::new().embed(field)).await.unwrap_err();
    let s::Error::Http(s::HttpError::UnsuccessfulRequest(refused)) = refused else { panic!("{refused:?}") };
    assert_eq!((refused.status_code.as_u16(), refused.error.code), (400, 50035));
    assert_eq!(refused.error.errors[0].path, "embeds.0.fields.0.value");
}

#[tokio::test]
async fn posting_in_sequence_meets_no_429() {
    let discord = start().await;
    let http = http(&discord);
    let (news, channel) = news(&discord);
    for i in 0..12 {
        channel.say(&http, i.to_string()).await.unwrap();
    }
    let refused = discord.exchanges().iter().filter(|e| e.answer.as_ref().unwrap().status == 429).count();
    assert_eq!((refused, discord.messages(news).len()), (0, 12));

    // One that comes by injection is waited for by serenity itself.
    let retry_after = Duration::from_millis(10);
    discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::RateLimited { retry_after, global: true }));
    channel.say(&http, "after all").await.unwrap();
    assert_eq!(discord.messages(news).len(), 13);
}

#[tokio::test]
async fn messages_are_read_edited_and_deleted() {
    let discord = start().await;
    let http = http(&discord);
    let (news, channel) = news(&discord);
    let member = discord.people().member;
    let text = format!("<@{member}> @everyone");
    let none = s::CreateAllowedMentions::new();
    let quiet = s::CreateMessage::new().content(&text).allowed_mentions(none);
    let mut quiet = channel.send_message(&http, quiet).await.unwrap();
    channel.say(&http, &text).await.unwrap();
    let pings: Vec<_> = discord.messages(news).into_iter().map(|m| m.pings.users).collect();
    assert_eq!(pings, [vec![], vec![member]]);

    quiet.edit(&http, s::EditMessage::new().content("2 sources")).await.unwrap();
    assert!(channel.message(&http, quiet.id).await.unwrap().edited_timestamp.is_some());
    let said = discord.say(member, news, "Thanks!").unwrap();
    assert!(channel.edit_message(&http, said.0, s::EditMessage::new().content("x")).await.is_err());
    let page = channel.messages(&http, s::GetMessages::new().limit(2)).await.unwrap();
    let texts: Vec<_> = page.iter().map(|m| m.content.as_str()).collect();
    assert_eq!(texts, ["Thanks!", text.as_str()]);
    channel.delete_message(&http, quiet.id).await.unwrap();
    assert!(channel.message(&http, quiet.id).await.is_err());

    let user = s::UserId::new(member.0);
    user.create_dm_channel(&http).await.unwrap().say(&http, "Hello").await.unwrap();
    assert_eq!(discord.messages(discord.direct(member).unwrap())[0].content, "Hello");
}

#[tokio::test]
async fn files_are_where_their_address_says() {
    let discord = start().await;
    let http = http(&discord);
    let (_, channel) = news(&discord);
    let file = s::CreateAttachment::bytes("<opml/>", "my feeds.opml");
    let sent = channel.send_files(&http, [file], s::CreateMessage::new()).await.unwrap();
    let client = client(&discord).resolve("cdn.discordapp.com", discord.addr()).build().unwrap();
    let address = &sent.attachments[0].url;
    let answer = client.get(address).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "<opml/>");
    // The signature is a part of it.
    let bare = address.split('?').next().unwrap();
    assert_eq!(client.get(bare).send().await.unwrap().status(), 404);
}
