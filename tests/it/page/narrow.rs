//! The page on a telephone: what lies beside the messages on a wide screen lies over them, until it is closed.

use serde_json::Value;

use super::browser::Tab;
use super::{Open, SOURCES, search};

const BEHIND: &str = "document.getElementById('talk').inert";

#[tokio::test(flavor = "multi_thread")]
async fn drawers_open_over_the_messages_and_close_again() {
    let open = Open::new().await;
    let Some(tab) = Tab::open(&open.page.url).await else { return open.end().await };
    open.sandbox.settle().await.unwrap();
    tab.look(400, 800, "light").await;
    tab.until("!document.body.classList.contains('with-desk')").await;
    let shown = async |id: &str, shown: bool| {
        let is =
            format!("document.getElementById('{id}').checkVisibility() === {shown} && {BEHIND} === {shown}");
        tab.until(&is).await;
    };
    let opener_has_focus = |id: &str| format!("document.activeElement.id === 'open-{id}'");

    for id in ["rail", "desk"] {
        // By its button, by Escape, and by a tap on what is left of the messages.
        tab.click(&format!("#open-{id}")).await;
        shown(id, true).await;
        tab.picture(&format!("400-{id}")).await;
        tab.click(&format!("#close-{id}")).await;
        shown(id, false).await;
        tab.until(&opener_has_focus(id)).await;
        tab.key("Enter").await;
        shown(id, true).await;
        tab.key("Escape").await;
        shown(id, false).await;
        tab.until(&opener_has_focus(id)).await;
    }
    tab.click("#open-rail").await;
    shown("rail", true).await;
    tab.tap(390, 400).await;
    shown("rail", false).await;

    // To choose is to be done, but not with arrow keys.
    tab.click("#open-rail").await;
    tab.value("document.querySelector('#roles :checked').focus()").await;
    tab.key("ArrowDown").await;
    tab.until("document.querySelector('#roles [value=moderator]').checked").await;
    shown("rail", true).await;
    tab.click("#roles label").await;
    shown("rail", false).await;
    tab.until("document.querySelector('#roles [value=member]').checked").await;
    tab.click("#open-rail").await;
    tab.click("#channels li:nth-child(2) button").await;
    shown("rail", false).await;
    tab.shows("#channel", "newsroom").await;
    tab.click("#open-rail").await;
    tab.click("#channels li:first-child button").await;
    tab.shows("#channel", "world-news").await;

    // The messages are used as on a wide screen.
    tab.until(SOURCES).await;
    tab.value(&format!("{SOURCES}.id = 'sources'")).await;
    tab.click("#sources").await;
    tab.shows("#messages .message.private", "Only you can see this").await;
    search(&tab, "Berlin Wall border opens").await;
    tab.shows("#messages .message", "Stories about “Berlin Wall").await;
    tab.picture("400-answered").await;
    assert_eq!(tab.value("document.documentElement.scrollWidth <= innerWidth").await, true);
    assert_eq!(tab.errors().await, [Value::Null; 0]);
    open.end().await;
}
