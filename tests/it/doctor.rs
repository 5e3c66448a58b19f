//! `dateline doctor`, `invite`, `backup` and `/status`: what an operator asks before and while the bot runs.

use chrono::TimeDelta;
use dateline::clock::Clock;
use dateline::config::Config;
use dateline::discord::Loopback;
use dateline::doctor::{Finding, Patient, State, examine};
use dateline::domain::FeedUrl;
use dateline::sandbox::discord::{EmbeddedDiscord, Settings};
use dateline::store::{Store, feeds, file};
use tempfile::TempDir;

use crate::program::{Bench, models, run};
use crate::referee::Refereed;
use crate::world::{Site, loopback};

struct Clinic {
    site: Site,
    discord: Refereed,
    folder: TempDir,
}

impl Clinic {
    async fn open() -> Self {
        let discord = Refereed::new(EmbeddedDiscord::start(Settings::default()).await.unwrap());
        Self { site: Site::start().await, discord, folder: tempfile::tempdir().unwrap() }
    }

    fn patient(&self, settings: &[(&str, &str)]) -> Patient {
        let right = [
            ("DISCORD_TOKEN", self.discord.token()),
            ("CONTACT_URL", "https://example.org/bot"),
            ("FETCH_ALLOW_HOSTS", self.site.host.as_str()),
            ("SUMMARIZER", "extractive"),
        ];
        let variable = |name: &str| {
            let mut all = settings.iter().chain(&right);
            all.find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Patient {
            config: Config::read(variable),
            database: self.folder.path().join("data/dateline.sqlite"),
            models: models(),
            loopback: Some(loopback(&self.discord)),
            feed: Some(FeedUrl::parse(&self.site.url("/feed.xml")).unwrap()),
            clock: Clock::System,
        }
    }
}

/// The line of a check; no line repeats a secret.
async fn line(patient: &Patient, check: &str) -> Finding {
    let findings = examine(patient).await;
    let all = serde_json::to_string(&findings).unwrap();
    if let Ok(config) = &patient.config {
        use secrecy::ExposeSecret as _;
        let secret = config.discord.token.expose_secret().rsplit('.').next().unwrap().to_owned();
        assert!(!all.contains(&secret), "{all}");
    }
    assert!(!all.contains("hunter2"), "{all}");
    for finding in &findings {
        assert_eq!(finding.fix.is_some(), finding.state != State::Ok, "{finding:?}");
    }
    let found = findings.into_iter().find(|finding| finding.check == check);
    found.unwrap_or_else(|| panic!("no line on {check}: {all}"))
}

#[tokio::test]
async fn a_healthy_bot_is_found_healthy() {
    let clinic = Clinic::open().await;
    clinic.site.feed("/feed.xml", "The Ledger", &[("/a", "Title", Clock::System.now())]);
    let patient = clinic.patient(&[]);
    for opened in [false, true] {
        if opened {
            Store::open(&patient.database).await.unwrap().close().await;
        }
        let findings = examine(&patient).await;
        let ill: Vec<_> = findings.iter().filter(|finding| finding.state == State::Failed).collect();
        assert!(ill.is_empty(), "{ill:?}");
        let checks: Vec<&str> = findings.iter().map(|finding| finding.check).collect();
        assert_eq!(
            checks,
            [
                "settings", "database", "models", "summaries", "Discord", "token", "address guard", "feed",
                "clock", "time zones", "disk",
            ]
        );
        assert_eq!(patient.database.exists(), opened, "nothing is made");
    }
    assert!(line(&patient, "feed").await.found.contains("is read: 1 entries"));
    assert!(line(&patient, "token").await.found.contains("as the bot dateline"));
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_mending() {
    let clinic = Clinic::open().await;
    clinic.site.put("/feed.xml", 200, "text/html", "<html><body>Parked</body></html>");
    let patient = clinic.patient(&[]);
    let expect = async |patient: &Patient, check: &str, state: State, words: &str| {
        let finding = line(patient, check).await;
        assert_eq!(finding.state, state, "{finding:?}");
        assert!(finding.found.contains(words), "{words:?} is not in {finding:?}");
    };
    expect(&patient, "feed", State::Warning, "not a feed: HTML page").await;
    let unset = clinic.patient(&[("DISCORD_TOKEN", "")]);
    expect(&unset, "settings", State::Failed, "DISCORD_TOKEN is not set").await;
    let wrong = clinic.patient(&[("DISCORD_TOKEN", "hunter2")]);
    expect(&wrong, "settings", State::Failed, "is not a bot token").await;
    let other = "MTAwMDAwMDAwMDAwMDAwMDAx.GAbcde.0123456789_abcdefghijklmnopqrstuvwxyz";
    expect(&clinic.patient(&[("DISCORD_TOKEN", other)]), "token", State::Failed, "Discord refused the token")
        .await;
    let nobody = clinic.patient(&[("DISCORD_TOKEN", "bm9ib2R5.GAbcde.0123456789_abcdefghijklmnop")]);
    expect(&nobody, "settings", State::Failed, "names no application").await;
    let open = clinic.patient(&[("FETCH_ALLOW_HOSTS", "127.0.0.1")]);
    expect(&open, "address guard", State::Warning, "http://127.0.0.1/ may be fetched").await;

    let mut ill = clinic.patient(&[]);
    ill.models = clinic.folder.path().to_owned();
    expect(&ill, "models", State::Failed, "is missing: run `dateline models fetch`").await;
    let mut ill = clinic.patient(&[]);
    ill.clock = Clock::Fixed(Clock::System.now() + TimeDelta::hours(1));
    expect(&ill, "clock", State::Failed, "ahead of Discord's").await;
    let mut ill = clinic.patient(&[]);
    ill.loopback = Some(Loopback { addr: ([127, 0, 0, 1], 9).into(), ..loopback(&clinic.discord) });
    expect(&ill, "Discord", State::Failed, "Discord cannot be reached").await;

    // The database: in use, none, damaged.
    let store = Store::open(&patient.database).await.unwrap();
    expect(&patient, "database", State::Warning, "a dateline is running on").await;
    store.close().await;
    expect(&patient, "database", State::Ok, "is whole and can be written: 0 feeds").await;
    let mut ill = clinic.patient(&[]);
    ill.database = clinic.folder.path().join("note.txt");
    std::fs::write(
        &ill.database,
        "A note, long enough to be taken for the head of a file by a hasty reader.",
    )
    .unwrap();
    expect(&ill, "database", State::Failed, "not a dateline database").await;
    let whole = std::fs::read(&patient.database).unwrap();
    std::fs::write(&patient.database, &whole[..whole.len() / 2]).unwrap();
    expect(&patient, "database", State::Failed, "the database is damaged").await;
}

#[tokio::test]
async fn the_examination_is_told_to_people_and_to_programs() {
    let clinic = Clinic::open().await;
    clinic.site.feed("/feed.xml", "The Ledger", &[("/a", "Title", Clock::System.now())]);
    let bench = Bench::new();
    clinic.discord.write_ca(&bench.path("ca.pem")).unwrap();
    let examined = async |arguments: &[&str], token: &str| {
        let mut command = bench.dateline(arguments);
        command
            .env("HTTPS_PROXY", clinic.discord.proxy_url())
            .env("SSL_CERT_FILE", bench.path("ca.pem"))
            .env("DISCORD_TOKEN", token)
            .env("CONTACT_URL", "https://example.org/bot")
            .env("SUMMARIZER", "extractive")
            .env("FETCH_ALLOW_HOSTS", &clinic.site.host);
        run(command, "").await
    };
    let feed = clinic.site.url("/feed.xml");
    let token = clinic.discord.token();
    let healthy = examined(&["doctor", "--json", "--feed", &feed], token).await;
    assert_eq!((healthy.code, healthy.err.as_str()), (Some(0), ""), "{healthy:?}");
    let lines: Vec<serde_json::Value> = serde_json::from_str(&healthy.out).unwrap();
    assert!(lines.iter().all(|line| line["state"] != "failed"), "{}", healthy.out);
    let ill = examined(&["doctor"], "hunter2").await;
    assert_eq!(ill.code, Some(1), "{ill:?}");
    assert!(ill.err.starts_with("error: 1 of ") && !ill.err.contains("hunter2"), "{}", ill.err);
    assert!(ill.out.starts_with("failed   settings       DISCORD_TOKEN is not a bot token"), "{}", ill.out);
    assert!(
        ill.out.contains("ok       Discord        answers\n") && !ill.out.contains("hunter2"),
        "{}",
        ill.out
    );
}

#[tokio::test]
async fn a_backup_is_whole_and_overwrites_nothing() {
    let bench = Bench::new();
    let (from, to) = (bench.path("data/dateline.sqlite"), bench.path("copy.sqlite"));
    let arguments = ["backup", "copy.sqlite"];
    let none = bench.run(&arguments).await;
    assert_eq!(none.code, Some(1), "{none:?}");
    assert!(none.err.contains("data/dateline.sqlite") && !to.exists(), "{none:?}");

    // The bot is running meanwhile, and writes.
    let store = Store::open(&from).await.unwrap();
    let now = Clock::System.now();
    let watch = async |path: &str| {
        let mut tx = store.write().await.unwrap();
        feeds::add(&mut tx, &FeedUrl::parse(&format!("https://example.org/{path}")).unwrap(), now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    };
    watch("before").await;
    let done = bench.run(&arguments).await;
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{done:?}");
    assert!(done.out.contains("read and found whole"), "{done:?}");
    watch("after").await;
    let copied = std::fs::read(&to).unwrap();
    let again = bench.run(&arguments).await;
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("there is a file already"), "{again:?}");
    assert_eq!(std::fs::read(&to).unwrap(), copied, "nothing is overwritten");
    store.close().await;

    assert_eq!(file::examine(&to).await.unwrap().feeds, 1, "as it was at that moment");
    assert_eq!(file::examine(&from).await.unwrap().feeds, 2);
    // A copy of what is damaged is none.
    let whole = std::fs::read(&from).unwrap();
    std::fs::write(&from, &whole[..whole.len() / 2]).unwrap();
    assert!(file::backup(&from, &bench.path("other.sqlite")).await.is_err());
    assert!(!bench.path("other.sqlite").exists());
}

#[tokio::test]
async fn an_invitation_names_what_it_asks_for() {
    let bench = Bench::new();
    let link = "https://discord.com/oauth2/authorize?client_id=100000000000000001&permissions=274877991936\
                &scope=bot+applications.commands";
    let given = bench.run(&["invite", "100000000000000001"]).await;
    assert_eq!((given.code, given.err.as_str()), (Some(0), ""));
    assert!(given.out.starts_with(link) && given.out.contains("Read Message History"), "{}", given.out);
    let mut command = bench.dateline(&["invite", "--json"]);
    command.env("DISCORD_TOKEN", "MTAwMDAwMDAwMDAwMDAwMDAx.GAbcde.0123456789");
    let of_token = run(command, "").await;
    let json: serde_json::Value = serde_json::from_str(&of_token.out).unwrap();
    assert_eq!(json["link"], link);
    assert!(!of_token.out.contains("GAbcde"), "{}", of_token.out);
    let nothing = bench.run(&["invite"]).await;
    assert_eq!(nothing.code, Some(2), "{nothing:?}");
    assert_eq!(bench.run(&["invite", "12"]).await.code, Some(2));
}
