//! The sandbox's page, as a person meets it in a browser.

use dateline::domain::ChannelId;
use dateline::sandbox::discord::{Effect, Endpoint, Fault};
use dateline::sandbox::{Page, Sandbox};
use serde_json::Value;
use tempfile::TempDir;

use crate::program::models;
use crate::referee::assert_clean;

mod browser;
mod failures;
mod files;
mod forum;
mod keyboard;
mod narrow;

use browser::Tab;

/// The whole sandbox with its page.
struct Open {
    sandbox: Sandbox,
    page: Page,
    _folder: TempDir,
}

/// The button of the newest card that has these words.
const SOURCES: &str =
    "[...document.querySelectorAll('#messages .button')].findLast(one => one.innerText === 'Sources')";

impl Open {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::start(folder.path(), Some(models()), None).await.unwrap();
        let page = sandbox.serve_page().await.unwrap();
        Self { sandbox, page, _folder: folder }
    }

    fn news(&self) -> ChannelId {
        self.sandbox.discord().channel("world-news").unwrap()
    }

    async fn end(self) {
        assert_clean(self.sandbox.discord());
        drop(self.page);
        self.sandbox.stop().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_watches_asks_presses_and_publishes() {
    let open = Open::new().await;
    let Some(tab) = Tab::open(&open.page.url).await else { return open.end().await };
    open.sandbox.settle().await.unwrap();

    // The cards of the sample news are there, each with its buttons.
    tab.until("document.querySelectorAll('#messages .embed').length === 13").await;
    tab.shows("#messages .embed-title", "Titanic sinks").await;
    tab.shows("#verdict", "by the rules").await;
    pictures(&tab).await;

    // The scheme follows the system until somebody chooses.
    let ground = async || tab.value("getComputedStyle(document.documentElement).backgroundColor").await;
    let dark = ground().await;
    tab.click("#theme").await;
    tab.until("document.documentElement.dataset.theme === 'light'").await;
    assert_ne!(ground().await, dark);
    tab.click("#theme").await;
    assert_eq!(ground().await, dark);

    search(&tab, "Berlin Wall border opens").await;
    tab.shows("#messages .message", "Stories about “Berlin Wall").await;
    tab.shows("#messages .caused", "/news search").await;
    tab.look(1200, 720, "dark").await;
    tab.until("document.getElementById('newest').hidden").await;
    tab.picture("readme").await;

    // Before an answer is there, it is awaited as in Discord.
    let hold = open.sandbox.discord().fail(Fault::once(Endpoint::FOLLOW_UP, Effect::Held { stored: false }));
    search(&tab, "moon").await;
    tab.shows("#messages .thinking", "dateline is thinking").await;
    hold.release();
    tab.shows("#messages .message", "Stories about “moon”").await;
    tab.until("!document.querySelector('#messages .pending')").await;
    let hold = open.sandbox.discord().fail(Fault::once(Endpoint::CALLBACK, Effect::Held { stored: false }));
    search(&tab, "canal").await;
    tab.shows("#messages .failed", "The application did not respond").await;
    hold.release();
    tab.click("#messages .pending [data-focus=dismiss]").await;
    tab.until("!document.querySelector('#messages .pending')").await;

    // A button of a card.
    tab.value(&format!("{SOURCES}.click()")).await;
    tab.shows("#messages .message.private", "Only you can see this").await;
    tab.click("#messages .message.private [data-focus=dismiss]").await;
    tab.until("!document.querySelector('#messages .message.private')").await;

    // Moderators' commands are refused to a member, and offered to a moderator.
    tab.value("document.getElementById('box').focus()").await;
    tab.types("/feeds list").await;
    tab.shows("#suggestions .lock", "Manage Channels").await;
    tab.key("Enter").await;
    tab.shows("#told", "You do not have permission").await;
    tab.value("document.querySelector('input[value=moderator]').click()").await;
    tab.value("document.getElementById('box').focus()").await;
    tab.types("/feeds list").await;
    tab.until("document.querySelector('#suggestions [aria-selected=true]') && !document.querySelector('#suggestions .lock')").await;
    tab.key("Enter").await;
    tab.until("document.activeElement.id === 'send'").await;
    tab.key("Enter").await;
    tab.shows("#messages .message.private", "Harbour Courier").await;

    // A rate limit is seen in the log, and waited for. A second outlet's article joins its card, another is a card of
    // its own; nothing is loaded anew.
    tab.value("window.same = true").await;
    tab.click("#fail [data-how=rate_limit]").await;
    tab.shows("#failed", "429").await;
    tab.click("#publish").await;
    tab.shows("#log .status.bad", "429").await;
    let joined = "[...document.querySelectorAll('#messages .message')].map(one => one.innerText).some(text => \
                  ['Titanic', 'Harbour Courier', 'Meridian Wire', '(edited)'].every(part => text.includes(part)))";
    tab.until(joined).await;
    tab.shows("#next", "Lindbergh").await;
    tab.click("#publish").await;
    tab.shows("#messages .embed-title", "Lindbergh lands in Paris").await;
    assert_eq!(tab.value("window.same").await, true, "the page was not loaded again");
    let cards = open.sandbox.discord().messages(open.news()).into_iter().filter(|one| one.command.is_empty());
    assert_eq!(cards.count(), 14);
    tab.picture("published").await;
    assert_eq!(tab.errors().await, [Value::Null; 0]);
    open.end().await;
}

/// Asks by keyboard alone.
async fn search(tab: &Tab, query: &str) {
    tab.value("document.getElementById('box').focus()").await;
    tab.types("/news se").await;
    let marked =
        "document.querySelector('#suggestions [aria-selected=true]')?.innerText.includes('/news search')";
    tab.until(marked).await;
    tab.key("Enter").await;
    tab.until("document.activeElement.id === 'option-query'").await;
    tab.types(query).await;
    tab.key("Enter").await;
    tab.until("document.activeElement.id === 'box' && !document.querySelector('.option')").await;
}

/// Dark and light, wide and narrow, for people to look at.
async fn pictures(tab: &Tab) {
    for (width, height) in [(1280, 800), (400, 800)] {
        for scheme in ["dark", "light"] {
            tab.look(width, height, scheme).await;
            let fits = "document.documentElement.scrollWidth <= innerWidth";
            tab.until(fits).await;
            to_newest(tab).await;
            tab.picture(&format!("{width}-{scheme}")).await;
            // A card with a picture, which the page asks nobody for.
            tab.shows("#messages .embed-author", "Harbour Courier").await;
            tab.shows("#messages .picture.thumbnail", "Picture").await;
            tab.value("document.querySelector('.picture.thumbnail').closest('.embed').scrollIntoView()")
                .await;
            tab.picture(&format!("{width}-{scheme}-pictured")).await;
        }
    }
    tab.look(1280, 800, "dark").await;
    to_newest(tab).await;
}

/// Scrolls to the end, where a reader sees what comes.
async fn to_newest(tab: &Tab) {
    tab.value("document.getElementById('scroll').scrollTop = 0").await;
    tab.until("document.getElementById('newest').hidden").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_write_is_text() {
    let open = Open::new().await;
    let hostile = "<img src=x onerror=\"window.ran=1\"><script>window.ran=1</script> **bold** \\*plain\\* \
                   [a](javascript:window.ran=1) [b](https://example.org/) <t:0:R> `<b>` ||the end||\n-# small";
    let discord = open.sandbox.discord();
    let channel = discord.channel("newsroom").unwrap();
    discord.say(discord.people().member, channel, hostile).unwrap();
    let Some(tab) = Tab::open(&open.page.url).await else { return open.end().await };
    tab.value("[...document.querySelectorAll('#channels button')].find(one => one.innerText.includes('newsroom')).click()").await;
    tab.shows("#messages .content", "<img src=x onerror=\"window.ran=1\"><script>window.ran=1</script>")
        .await;
    let count = async |selector: &str| {
        tab.value(&format!("document.querySelectorAll(`#messages .content {selector}`).length")).await
    };
    for (selector, number) in [
        ("img", 0),
        ("script", 0),
        ("strong", 1),
        ("em", 0),
        ("a", 1),
        ("time", 1),
        ("code", 1),
        ("small", 1),
    ] {
        assert_eq!(count(selector).await, number, "{selector}");
    }
    assert_eq!(tab.value("String(window.ran)").await, "undefined");
    // A spoiler is called so until it is opened.
    let spoiler = "#messages .content .spoiler";
    assert_eq!(tab.value(&format!("document.querySelector('{spoiler}').ariaLabel")).await, "Spoiler");
    tab.click(spoiler).await;
    tab.until(&format!("document.querySelector('{spoiler}').ariaLabel === null")).await;
    tab.shows(spoiler, "the end").await;
    assert_eq!(tab.errors().await, [Value::Null; 0]);
    open.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_stays_at_the_newest_message_or_where_they_read() {
    let open = Open::new().await;
    let discord = open.sandbox.discord();
    let channel = discord.channel("newsroom").unwrap();
    let Some(tab) = Tab::open(&open.page.url).await else { return open.end().await };
    tab.value("[...document.querySelectorAll('#channels button')].find(one => one.innerText.includes('newsroom')).click()").await;
    let say = |number: u32| {
        let text = format!("{}end of {number}", "A long tale of the sea.\n".repeat(8));
        discord.say(discord.people().member, channel, &text).unwrap();
    };
    let newest_is_seen = "document.querySelector('#messages > :last-child').getBoundingClientRect().bottom \
         <= document.getElementById('scroll').getBoundingClientRect().bottom";
    for number in 1..=9 {
        say(number);
        tab.shows("#messages .content", &format!("end of {number}")).await;
        assert_eq!(tab.value(newest_is_seen).await, true, "{number}");
    }
    let newer_is_hidden = "document.getElementById('newest').hidden";
    assert_eq!(tab.value(newer_is_hidden).await, true);

    let first = "document.querySelector('#messages .content').getBoundingClientRect().top";
    tab.value("document.querySelector('#messages .content').scrollIntoView()").await;
    let before = tab.value(first).await;
    say(10);
    tab.until(&format!("!{newer_is_hidden}")).await;
    assert_eq!(tab.value(first).await, before, "what is read does not move");
    tab.click("#newest").await;
    tab.until(newer_is_hidden).await;
    tab.until(newest_is_seen).await;
    assert_eq!(tab.errors().await, [Value::Null; 0]);
    open.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_page_itself_is_answered() {
    let open = Open::new().await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = &open.page.url;
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status().as_u16();
    let page = client.get(url).send().await.unwrap();
    assert!(page.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    let state = format!("{url}state?as=member");
    assert_eq!(status(client.get(&state)).await, 200);
    assert_eq!(status(client.get(&state).header("host", "rebound.example")).await, 403);
    assert_eq!(status(client.get(&state).header("origin", "https://evil.example")).await, 403);
    let heal = || client.post(format!("{url}act/fail"));
    let json = "application/json";
    assert_eq!(status(heal().header("content-type", json).body("{\"how\":\"heal\"}")).await, 200);
    assert_eq!(status(heal().body("{\"how\":\"heal\"}")).await, 403);
    open.end().await;
}
