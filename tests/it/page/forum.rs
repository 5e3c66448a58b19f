//! A forum, which has posts for messages.

use serde_json::Value;

use super::Open;
use super::browser::Tab;

#[tokio::test(flavor = "multi_thread")]
async fn a_forum_lists_its_posts_and_leads_to_them() {
    let open = Open::new().await;
    let discord = open.sandbox.discord();
    let Some(tab) = Tab::open(&open.page.url).await else { return open.end().await };
    let go =
        "[...document.querySelectorAll('#channels button')].find(one => one.innerText.trim() === 'stories')";
    tab.value(&format!("{go}.click()")).await;
    tab.until("document.getElementById('messages').dataset.empty === 'true'").await;
    tab.until("!document.getElementById('box').checkVisibility()").await;

    let member = discord.people().member;
    for name in ["A bridge opens", "A harbour freezes"] {
        let post = discord.add_thread(discord.channel("stories").unwrap(), name);
        discord.say(member, post, &format!("What is known: {name}.")).unwrap();
    }
    tab.shows("#messages .post:nth-child(1)", "A harbour freezes").await;
    tab.shows("#messages .post:nth-child(2)", "A bridge opens").await;
    tab.shows("#messages .post:nth-child(2) small", "1 message").await;
    tab.shows("#messages .post:nth-child(2) time", "Today at").await;
    tab.picture("forum").await;

    tab.value("document.querySelector('#messages .post:nth-child(2) button').focus()").await;
    tab.key("Enter").await;
    tab.shows("#messages .content", "What is known: A bridge opens.").await;
    tab.until("document.activeElement.id === 'scroll' && document.getElementById('box').checkVisibility()")
        .await;
    tab.click("#box").await;
    tab.types("It is long.").await;
    tab.key("Enter").await;
    tab.shows("#messages .content", "It is long.").await;
    assert_eq!(tab.errors().await, [Value::Null; 0]);
    open.end().await;
}
