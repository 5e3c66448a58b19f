//! Files that a person gives a command: they reach the bot as they are, or not at all.

use serde_json::Value;

use super::Open;
use super::browser::Tab;

#[tokio::test(flavor = "multi_thread")]
async fn a_file_arrives_as_it_is_or_is_refused() {
    let open = Open::new().await;
    let Some(tab) = Tab::open(&open.page.url).await else { return open.end().await };
    open.sandbox.settle().await.unwrap();
    tab.value("document.querySelector('input[value=moderator]').click()").await;
    tab.until("document.querySelector('input[value=moderator]').checked").await;

    // A list of feeds larger than what servers take by default, in letters of several bytes; its feed is one that
    // nobody would ask for.
    let feed = "<outline text='Küstenpost' xmlUrl='file:///kueste'/>";
    let opml = format!("`<opml version='2.0'><!--${{'ü'.repeat(2e6)}}--><body>{feed}</body></opml>`");
    import(&tab, &format!("new File([{opml}], 'feeds.opml')")).await;
    tab.shows("#messages .message.private", "only http and https addresses can be watched").await;

    // The same in ISO 8859-1, and more than Discord takes.
    let latin = "new File([Uint8Array.of(0x3c, 0x6f, 0xfc, 0x3e)], 'latin.opml')";
    import(&tab, latin).await;
    tab.shows("#told", "latin.opml is no text in UTF-8").await;
    let too_large =
        [("11e6", "larger than Discord lets users attach"), ("20e6", "larger than the sandbox takes")];
    for (bytes, words) in too_large {
        tab.key("Escape").await;
        import(&tab, &format!("new File(['x'.repeat({bytes})], 'large.opml')")).await;
        tab.shows("#told", words).await;
    }
    assert_eq!(tab.errors().await, [Value::Null; 0]);
    open.end().await;
}

/// Chooses a file for `/feeds import`, as the browser's own window would, and sends it.
async fn import(tab: &Tab, file: &str) {
    tab.value("document.getElementById('box').focus()").await;
    tab.types("/feeds import ").await;
    tab.until("document.activeElement.id === 'option-file'").await;
    tab.value(&format!(
        "{{ const chosen = new DataTransfer(); chosen.items.add({file}); \
         document.activeElement.files = chosen.files; }}"
    ))
    .await;
    tab.value("document.getElementById('composer').requestSubmit()").await;
}
