//! Failures that a person asks for backstage, and what becomes of the page then.

use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::browser::Tab;
use super::{Open, search};

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_shown_and_the_page_goes_on() {
    let open = Open::new().await;
    let discord = open.sandbox.discord();
    let Some(tab) = Tab::open(&open.page.url).await else { return open.end().await };
    open.sandbox.settle().await.unwrap();
    tab.until("document.querySelectorAll('#messages .embed').length === 13").await;
    tab.value("document.querySelector('input[value=administrator]').click()").await;
    tab.until("document.querySelector('input[value=administrator]').checked").await;
    let fail = async |how: &str, words: &str| {
        tab.click(&format!("#fail [data-how={how}]")).await;
        tab.shows("#failed", words).await;
    };

    // A request that failed has no tick, and is told apart from those that went well.
    fail("server_error", "503").await;
    search(&tab, "moon").await;
    tab.shows("#messages .failed", "The application did not respond").await;
    tab.shows("#messages .caused strong", "administrator").await;
    tab.until("[...document.querySelectorAll('#log li')].some(line => line.querySelector('.status.bad')?.innerText === '503' && line.querySelector('.verdict.wait'))").await;
    tab.shows("#verdict", "by the rules, ").await;
    tab.picture("failed").await;
    fail("heal", "well again").await;

    fail("slow", "Slow").await;
    tab.click("#publish").await;
    let joined = "[...document.querySelectorAll('#messages .message')].map(one => one.innerText).some(text => \
                  ['Titanic', 'Harbour Courier', 'Meridian Wire', '(edited)'].every(part => text.includes(part)))";
    tab.until(joined).await;
    fail("heal", "well again").await;

    // The bot comes back: to its session, and to a new one.
    fail("gateway_drop", "Drop gateway").await;
    discord
        .wait("the session to be resumed", |discord| (discord.connections().1 == 1).then_some(()))
        .await
        .unwrap();
    fail("gateway_end", "End session").await;
    discord.wait("a new session", |discord| (discord.connections().0 == 2).then_some(())).await.unwrap();
    tab.until("document.getElementById('link').innerText === ''").await;
    search(&tab, "Berlin Wall border opens").await;
    tab.shows("#messages .message", "Stories about “Berlin Wall").await;

    // A channel where the bot may not post is paused: articles are published all the same.
    fail("forbidden", "403").await;
    tab.shows("#next", "Lindbergh").await;
    tab.click("#publish").await;
    tab.until(
        "[...document.querySelectorAll('#log .status.bad')].some(status => status.innerText === '403')",
    )
    .await;
    for next in ["Hillary and Tenzing", "Queen and president"] {
        tab.shows("#next", next).await;
        tab.until("document.getElementById('publish').ariaDisabled === 'false'").await;
        tab.click("#publish").await;
    }
    tab.shows("#next", "Every sample article is published").await;
    assert_eq!(tab.errors().await, [Value::Null; 0]);
    open.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_is_told_of_and_found_again() {
    let open = Open::new().await;
    let discord = open.sandbox.discord();
    let newsroom = discord.channel("newsroom").unwrap();
    let say = |words: &str| discord.say(discord.people().member, newsroom, words).unwrap();
    let host = open.page.url.trim_start_matches("http://").trim_end_matches('/');
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let way = listener.local_addr().unwrap();
    let relaying = relay(listener, host);
    let Some(tab) = Tab::open_by_way_of(way.port(), &open.page.url).await else { return open.end().await };
    tab.value("[...document.querySelectorAll('#channels button')].find(one => one.innerText.includes('newsroom')).click()").await;
    say("before");
    tab.shows("#messages .content", "before").await;

    drop(relaying);
    say("meanwhile");
    tab.shows("#link", "Connection lost").await;
    let _relaying = relay(TcpListener::bind(way).await.unwrap(), host);
    tab.shows("#messages .content", "meanwhile").await;
    tab.until("document.getElementById('link').innerText !== 'Connection lost, trying again…'").await;
    assert_eq!(tab.errors().await, [Value::Null; 0]);
    open.end().await;
}

/// Passes connections on until it is dropped, which cuts them.
fn relay(listener: TcpListener, host: &str) -> JoinSet<()> {
    let host = host.to_owned();
    let mut relaying = JoinSet::new();
    relaying.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((mut from, _)) = listener.accept().await {
            let mut to = TcpStream::connect(&host).await.unwrap();
            connections.spawn(async move { tokio::io::copy_bidirectional(&mut from, &mut to).await });
        }
    });
    relaying
}
