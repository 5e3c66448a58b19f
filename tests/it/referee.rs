//! The end of every test that speaks to the embedded Discord: no violation, no unknown event.

use std::cell::RefCell;
use std::ops::Deref;

use dateline::sandbox::discord::EmbeddedDiscord;
use dateline::sandbox::referee::verdict;

/// An embedded Discord whose every exchange is checked when it goes.
pub struct Refereed {
    discord: Option<EmbeddedDiscord>,
    provoked: RefCell<Vec<&'static str>>,
}

impl Refereed {
    pub fn new(discord: EmbeddedDiscord) -> Self {
        Self { discord: Some(discord), provoked: RefCell::default() }
    }

    /// Says that the test sends what goes against the description, on purpose: `POST /path/{of_it} request`. That it
    /// is found is checked too.
    pub fn provoke(&self, what: &'static str) {
        self.provoked.borrow_mut().push(what);
    }

    /// Stops it, once it is checked.
    pub async fn shutdown(mut self) {
        let discord = self.discord.take().expect("it is taken here only");
        self.check(&discord);
        discord.shutdown().await;
    }

    #[track_caller]
    fn check(&self, discord: &EmbeddedDiscord) {
        let mut wrong = verdict(discord);
        for what in self.provoked.borrow().iter() {
            let before = wrong.len();
            wrong.retain(|found| !found.starts_with(&format!("{what}: ")));
            assert!(wrong.len() < before, "the referee did not find {what:?}, only {wrong:?}");
        }
        assert_eq!(wrong, [""; 0]);
    }
}

impl Deref for Refereed {
    type Target = EmbeddedDiscord;

    fn deref(&self) -> &EmbeddedDiscord {
        self.discord.as_ref().expect("it is taken at its end only")
    }
}

impl Drop for Refereed {
    fn drop(&mut self) {
        if let Some(discord) = self.discord.as_ref().filter(|_| !std::thread::panicking()) {
            self.check(discord);
        }
    }
}

#[track_caller]
pub fn assert_clean(discord: &EmbeddedDiscord) {
    assert_eq!(verdict(discord), [""; 0]);
}
