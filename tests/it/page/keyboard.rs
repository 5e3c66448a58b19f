//! The page without a mouse: whoever presses a key stays where they are.

use dateline::sandbox::discord::{Effect, Endpoint, Fault};

use serde_json::Value;

use super::browser::Tab;
use super::{Open, SOURCES};

#[tokio::test(flavor = "multi_thread")]
async fn the_focus_stays_where_a_key_was_pressed() {
    let open = Open::new().await;
    let Some(tab) = Tab::open(&open.page.url).await else { return open.end().await };
    open.sandbox.settle().await.unwrap();
    tab.until("document.querySelectorAll('#messages .embed').length === 13").await;

    // A card's button keeps the focus while it waits, and when its answer is there.
    let at_sources = format!("document.activeElement === {SOURCES}");
    tab.value("document.getElementById('scroll').focus()").await;
    tab_to(&tab, &at_sources).await;
    let hold = open.sandbox.discord().fail(Fault::once(Endpoint::CALLBACK, Effect::Held { stored: false }));
    tab.key("Enter").await;
    let waits = "document.activeElement.matches('.button[aria-disabled=true][aria-busy=true]')";
    tab.until(waits).await;
    // Pressed once more it does nothing.
    tab.key("Enter").await;
    hold.release();
    tab.shows("#messages .message.private", "Only you can see this").await;
    tab.until(&format!("!document.querySelector('#messages [aria-busy]') && {at_sources}")).await;
    assert_eq!(tab.value("document.querySelectorAll('#messages .private').length").await, 1);

    // Roles are one group of radio buttons.
    tab_to(&tab, "document.activeElement.value === 'member'").await;
    for (key, role) in [("ArrowDown", "moderator"), ("ArrowDown", "administrator"), ("ArrowUp", "moderator")]
    {
        tab.key(key).await;
        let chosen = format!("document.activeElement.value === '{role}' && document.activeElement.checked");
        tab.until(&chosen).await;
    }
    tab.value("document.getElementById('box').focus()").await;
    tab.types("/feeds list").await;
    tab.until(
        "document.querySelector('#suggestions [aria-selected=true]:not(.locked)')?.innerText.includes('/feeds list')",
    )
    .await;
    tab.key("Escape").await;

    // So does the button that publishes.
    let at_publish = "document.activeElement.id === 'publish'";
    tab_to(&tab, at_publish).await;
    tab.key("Enter").await;
    tab.shows("#next", "Lindbergh").await;
    tab.until(at_publish).await;
    tab.key("Enter").await;
    tab.shows("#messages .embed-title", "Lindbergh lands in Paris").await;
    tab.until(at_publish).await;
    assert_eq!(tab.errors().await, [Value::Null; 0]);
    open.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_may_be_left_or_sent_while_its_choices_are_awaited() {
    let open = Open::new().await;
    let Some(tab) = Tab::open(&open.page.url).await else { return open.end().await };
    open.sandbox.settle().await.unwrap();
    // Faster than any person: the page has no time to ask the bot between the two.
    let typed_and = |key: &str| {
        format!(
            "{{ const field = document.getElementById('option-name'); field.value = 'East Germany'; \
             field.dispatchEvent(new Event('input')); {key} }}"
        )
    };
    let escape =
        "field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true, cancelable: true}))";
    let send = "document.getElementById('composer').requestSubmit()";
    for leaves in [escape, send] {
        begin_actor(&tab).await;
        tab.value(&typed_and(leaves)).await;
        tab.until("document.activeElement.id === 'box' && !document.querySelector('.option')").await;
        // Choices are shown again for a later command, and not before it asks.
        assert_eq!(tab.value("document.getElementById('suggestions').hidden").await, true);
        begin_actor(&tab).await;
        tab.types("East G").await;
        tab.until("!document.getElementById('suggestions').hidden").await;
        tab.key("Escape").await;
        tab.key("Escape").await;
        tab.until("document.activeElement.id === 'box'").await;
    }
    tab.shows("#messages .caused", "/news actor").await;
    assert_eq!(tab.errors().await, [Value::Null; 0]);
    open.end().await;
}

async fn begin_actor(tab: &Tab) {
    tab.value("document.getElementById('box').focus()").await;
    tab.types("/news actor ").await;
    tab.until("document.activeElement.id === 'option-name'").await;
}

/// Presses Tab until something holds that has the focus.
async fn tab_to(tab: &Tab, reached: &str) {
    for _ in 0..200 {
        tab.key("Tab").await;
        if tab.value(reached).await == true {
            return;
        }
    }
    panic!("Tab never led to where {reached}");
}
