//! The end of every test that speaks to the embedded Discord: no violation, no unknown event.

use std::ops::Deref;

use dateline::sandbox::discord::EmbeddedDiscord;
use dateline::sandbox::referee::verdict;

/// An embedded Discord whose every exchange is checked when it goes.
pub struct Refereed(Option<EmbeddedDiscord>);

impl Refereed {
    pub fn new(discord: EmbeddedDiscord) -> Self {
        Self(Some(discord))
    }

    /// Stops it, once it is checked.
    pub async fn shutdown(mut self) {
        let discord = self.0.take().expect("it is taken here only");
        assert_clean(&discord);
        discord.shutdown().await;
    }
}

impl Deref for Refereed {
    type Target = EmbeddedDiscord;

    fn deref(&self) -> &EmbeddedDiscord {
        self.0.as_ref().expect("it is taken at its end only")
    }
}

impl Drop for Refereed {
    fn drop(&mut self) {
        if let Some(discord) = self.0.as_ref().filter(|_| !std::thread::panicking()) {
            assert_clean(discord);
        }
    }
}

#[track_caller]
pub fn assert_clean(discord: &EmbeddedDiscord) {
    assert_eq!(verdict(discord), [""; 0]);
}
