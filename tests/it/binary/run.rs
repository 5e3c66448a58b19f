//! `dateline run`: the unmodified binary against the embedded Discord, through its proxy.

use std::time::Duration;

use chrono::TimeDelta;
use dateline::clock::Clock;
use dateline::domain::ChannelId;
use dateline::sandbox::discord::{Effect, EmbeddedDiscord, Endpoint, Fault, Settings};
use serde_json::json;
use tokio::process::Command;

use super::site::Site;
use crate::program::{Bench, Process};
use crate::referee::{Refereed, assert_clean};

/// What `dateline run --help` promises for its end.
const END: Duration = Duration::from_secs(10);

/// A Discord, a news site and a folder for one bot.
struct Newsroom {
    bench: Bench,
    discord: Refereed,
    site: Site,
    news: ChannelId,
}

impl Newsroom {
    async fn open() -> Self {
        let discord = Refereed::new(EmbeddedDiscord::start(Settings::default()).await.unwrap());
        // Whoever subscribes in the next hour has not missed it.
        let published = Clock::System.now() + TimeDelta::hours(1);
        let site = Site::start(published.fixed_offset()).await;
        let bench = Bench::new();
        discord.write_ca(&bench.path("ca.pem")).unwrap();
        let news = discord.channel("news").unwrap();
        Self { bench, discord, site, news }
    }

    fn command(&self) -> Command {
        let mut command = self.bench.dateline(&["run"]);
        command
            .env("HTTPS_PROXY", self.discord.proxy_url())
            .env("SSL_CERT_FILE", self.bench.path("ca.pem"))
            .env("DISCORD_TOKEN", self.discord.token())
            .env("CONTACT_URL", "https://example.org/bot")
            .env("DATABASE_PATH", self.bench.path("data/news.sqlite"))
            .env("FETCH_ALLOW_HOSTS", self.site.host());
        command
    }

    /// A bot whose commands can be used.
    async fn start(&self) -> Process {
        let mut bot = Process::start(self.command());
        bot.line("Ready").await;
        bot
    }

    /// Follows the space race, then watches the site; the bot fetches its feed at once.
    async fn subscribe(&self) {
        let moderator = self.discord.people().moderator;
        let general = self.discord.channel("general").unwrap();
        let wanted = [("topic", json!("Soviet satellite launch")), ("channel", json!("#news"))];
        self.discord.invoke(moderator, general, "topics subscribe", &wanted).await.unwrap();
        let feed = [("url", json!(self.site.feed()))];
        let reply = self.discord.invoke(moderator, general, "feeds add", &feed).await.unwrap();
        assert!(reply.ephemeral, "{reply:?}");
    }

    fn cards(&self) -> usize {
        self.discord.messages(self.news).len()
    }

    async fn wait_for_card(&self) {
        self.discord.wait("the card", |_| (self.cards() == 1).then_some(())).await.unwrap();
    }

    /// Ends a bot in order, and looks at what the Discord saw.
    async fn close(self, bot: Process) {
        bot.signal("TERM").await;
        let ended = bot.end(END).await;
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        assert!(!ended.err.contains(self.discord.token()), "{}", ended.err);
        assert!(!ended.err.contains('\u{1b}'), "a log in a file has no colours: {}", ended.err);
        assert_eq!(self.cards(), 1);
        let card = serde_json::to_string(&self.discord.messages(self.news)[0].embeds).unwrap();
        assert!(card.contains("Soviet Union launches first artificial satellite"), "{card}");
        assert_eq!(self.discord.refused_hosts(), [""; 0], "nobody but Discord is asked through the proxy");
        assert_clean(&self.discord);
    }
}

/// Kills the bot while its card is on the way, and starts it again.
async fn killed_while_posting(stored: bool) -> (Newsroom, Process) {
    let room = Newsroom::open().await;
    let bot = room.start().await;
    let _held = room.discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::Held { stored }));
    room.subscribe().await;
    room.discord.wait_for(Endpoint::CREATE_MESSAGE, 1).await.unwrap();
    if stored {
        room.wait_for_card().await;
    }
    bot.kill().await;
    assert_eq!(room.cards(), usize::from(stored));
    let bot = room.start().await;
    (room, bot)
}

#[tokio::test]
async fn a_card_that_never_arrived_is_posted_after_a_crash() {
    let (room, bot) = killed_while_posting(false).await;
    room.wait_for_card().await;
    room.close(bot).await;
}

#[tokio::test]
async fn a_card_that_arrived_unnoticed_is_not_posted_again_after_a_crash() {
    let (room, bot) = killed_while_posting(true).await;
    // It is found in the channel and brought up to date.
    room.discord.wait_for(Endpoint::EDIT_MESSAGE, 1).await.unwrap();
    room.close(bot).await;
}

#[tokio::test]
async fn a_signal_ends_it_with_work_under_way_and_the_next_start_takes_it_up() {
    let room = Newsroom::open().await;
    let mut bot = room.start().await;
    let _held = room.discord.fail(Fault::once(Endpoint::CREATE_MESSAGE, Effect::Held { stored: false }));
    room.subscribe().await;
    room.discord.wait_for(Endpoint::CREATE_MESSAGE, 1).await.unwrap();
    bot.signal("TERM").await;
    bot.line("Stopping on SIGTERM").await;
    let ended = bot.end(END).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.err.contains("taken up at the next start"), "{}", ended.err);
    assert_eq!(room.cards(), 0);

    let bot = room.start().await;
    room.wait_for_card().await;
    room.close(bot).await;
}

#[tokio::test]
async fn an_interrupt_during_the_start_ends_it_and_a_second_signal_ends_it_at_once() {
    let room = Newsroom::open().await;
    let _held = room.discord.fail(Fault::once(Endpoint::ME, Effect::Held { stored: false }));
    let mut bot = Process::start(room.command());
    room.discord.wait_for(Endpoint::ME, 1).await.unwrap();
    bot.signal("INT").await;
    bot.line("Stopping on SIGINT").await;
    bot.signal("TERM").await;
    let ended = bot.end(END).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
}

#[tokio::test]
async fn a_token_that_discord_refuses_is_named_and_never_shown() {
    let room = Newsroom::open().await;
    let token = "MTAwMDAwMDAwMDAwMDAwMDAx.GAbcde.0123456789_abcdefghijklmnopqrstuvwxyz";
    let mut command = room.command();
    command.env("DISCORD_TOKEN", token).env("LOG", "trace");
    let ended = Process::start(command).end(END).await;
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    let errors: Vec<&str> = ended.err.lines().filter(|line| line.starts_with("error: ")).collect();
    assert!(errors.len() == 1 && errors[0].contains("DISCORD_TOKEN"), "{}", ended.err);
    for secret in token.split('.') {
        assert!(!ended.err.contains(secret), "{}", ended.err);
    }
    assert_clean(&room.discord);
}

#[tokio::test]
async fn a_gateway_that_is_closed_for_good_ends_it_with_an_error() {
    // 4004: the token was taken back while the bot ran; 4014: it asks for what it is not allowed.
    for (code, said) in [(4004, "DISCORD_TOKEN"), (4014, "ntents")] {
        let room = Newsroom::open().await;
        let mut command = room.command();
        command.env("LOG", "trace");
        let mut bot = Process::start(command);
        bot.line("Ready: ").await;
        room.discord.drop_gateway(Some(code));
        let ended = bot.end(END).await;
        assert_eq!(ended.code, Some(1), "{}", ended.err);
        let error = ended.err.lines().find(|line| line.starts_with("error: ")).unwrap_or_default();
        assert!(error.contains(said), "{}", ended.err);
        assert!(
            !ended.err.contains(room.discord.token()) && !ended.err.contains("panicked"),
            "{}",
            ended.err
        );
    }
}
