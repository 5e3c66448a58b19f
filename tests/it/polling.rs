//! When feeds are asked: the poller over a real database and a server on loopback, neither models nor Discord.
//! Ticks are driven by hand.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use chrono::{DateTime, TimeDelta, Utc};
use dateline::clock::Clock;
use dateline::domain::{Feed, FeedState, FeedUrl, GuildId, UserId};
use dateline::fetch::{FetchSettings, Fetcher};
use dateline::store::{Store, feeds};
use dateline::tasks::{Parser, Timings, Wake, poll};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Status, headers and body that a path is answered with, by what the request says.
type Answers = dyn Fn(&str, &HeaderMap) -> (u16, Vec<(&'static str, String)>, String) + Send + Sync;

#[derive(Clone)]
struct Server {
    answers: Arc<Answers>,
    /// Paths of the requests, in order.
    asked: Arc<Mutex<Vec<String>>>,
}

async fn answer(State(server): State<Server>, request: Request) -> Response<Body> {
    let path = request.uri().path().to_owned();
    server.asked.lock().unwrap().push(path.clone());
    let (status, headers, body) = (server.answers)(&path, request.headers());
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(Body::from(body)).unwrap()
}

struct Polling {
    server: Server,
    root: String,
    store: Store,
    fetcher: Fetcher,
    path: PathBuf,
    now: DateTime<Utc>,
    _folder: TempDir,
    _tasks: JoinSet<()>,
}

const INTERVAL: Duration = Duration::from_secs(600);
const FEED: &str = "<rss><channel><title>A paper</title></channel></rss>";

impl Polling {
    async fn new(
        answers: impl Fn(&str, &HeaderMap) -> (u16, Vec<(&'static str, String)>, String) + Send + Sync + 'static,
        change: impl FnOnce(&mut FetchSettings),
    ) -> Self {
        let server = Server { answers: Arc::new(answers), asked: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let app = Router::new().fallback(answer).with_state(server.clone());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, app).await.unwrap() });
        // A Sunday.
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let mut settings = FetchSettings {
            allow_hosts: vec![host.clone()],
            spacing: Duration::ZERO,
            clock: Clock::Fixed(now),
            ..FetchSettings::new("https://example.org/contact")
        };
        change(&mut settings);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dateline.sqlite");
        Self {
            server,
            root: format!("http://{host}"),
            store: Store::open(&path).await.unwrap(),
            fetcher: Fetcher::new(settings).unwrap(),
            path,
            now,
            _folder: folder,
            _tasks: tasks,
        }
    }

    fn url(&self, path: &str) -> FeedUrl {
        FeedUrl::parse(&format!("{}{path}", self.root)).unwrap()
    }

    async fn watch(&self, path: &str) {
        let mut tx = self.store.write().await.unwrap();
        let id = feeds::add(&mut tx, &self.url(path), self.now).await.unwrap();
        feeds::watch(&mut tx, GuildId(1), id, UserId(2), self.now).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn feed(&self, path: &str) -> Feed {
        let mut conn = self.store.read().await.unwrap();
        feeds::find_by_url(&mut conn, &self.url(path)).await.unwrap().unwrap()
    }

    /// Nothing of the process is left but the file.
    async fn restart(mut self) -> Self {
        self.store.close().await;
        self.store = Store::open(&self.path).await.unwrap();
        self
    }

    /// Polls what is due; answers the paths that were asked meanwhile.
    async fn tick(&self) -> Vec<String> {
        let before = self.server.asked.lock().unwrap().len();
        let (parser, wake, timings) = (Parser::default(), Wake::default(), Timings::default());
        let watch = poll::Watch {
            store: &self.store,
            fetcher: &self.fetcher,
            parser: &parser,
            poll_interval: INTERVAL,
            wake: &wake,
            timings: &timings,
        };
        while poll::poll_due(&watch, self.now).await.unwrap() {}
        self.server.asked.lock().unwrap()[before..].to_vec()
    }
}

#[tokio::test]
async fn nothing_is_asked_before_its_time_not_even_after_a_restart() {
    let text = |text: &str| text.to_owned();
    let cases = move |path: &str| {
        let feed = |inside: &str| text(&FEED.replace("<title>", &format!("{inside}<title>")));
        // What is answered, and after how many minutes it may be asked again.
        match path {
            "/interval" => (200, vec![], feed(""), 10),
            "/ttl" => (200, vec![], feed("<ttl>120</ttl>"), 120),
            "/max-age" => (200, vec![("cache-control", text("max-age=7200"))], feed(""), 120),
            "/expires" => {
                let expires = ("expires", text("Sun, 01 Mar 2026 15:00:00 GMT"));
                (200, vec![("date", text("Sun, 01 Mar 2026 12:00:00 GMT")), expires], feed(""), 180)
            }
            "/busy" => (429, vec![("retry-after", text("10800"))], text(""), 180),
            "/down" => (503, vec![("retry-after", text("Sun, 01 Mar 2026 14:00:00 GMT"))], text(""), 120),
            "/failing" => (500, vec![], text(""), 10),
            "/a-year" => (200, vec![("cache-control", text("max-age=31536000"))], feed(""), 24 * 60),
            "/hours" => (200, vec![], feed("<skipHours><hour>12</hour><hour>13</hour></skipHours>"), 120),
            "/days" => (200, vec![], feed("<skipDays><day>Sunday</day></skipDays>"), 12 * 60),
            other => panic!("{other}"),
        }
    };
    let paths = [
        "/interval", "/ttl", "/max-age", "/expires", "/busy", "/down", "/failing", "/a-year", "/hours",
        "/days",
    ];
    let answers = move |path: &str, _: &HeaderMap| {
        let (status, headers, body, _) = cases(path);
        (status, headers, body)
    };
    let mut polling = Polling::new(answers, |_| {}).await;
    for path in paths {
        polling.watch(path).await;
    }
    assert_eq!(polling.tick().await.len(), paths.len());
    let start = polling.now;
    polling = polling.restart().await;
    assert_eq!(polling.tick().await, [""; 0], "a restart");
    for path in paths {
        let minutes = cases(path).3;
        let next = polling.feed(path).await.next_poll_at;
        let (earliest, latest) =
            (start + TimeDelta::minutes(minutes), start + TimeDelta::minutes(minutes * 11 / 10 + 10));
        assert!((earliest..=latest).contains(&next), "{path}: {next}");
    }
    // Each when its time has come, and not before.
    polling.now = start + TimeDelta::minutes(9);
    assert_eq!(polling.tick().await, [""; 0]);
    polling.now = start + TimeDelta::minutes(11);
    let mut asked = polling.tick().await;
    asked.sort();
    assert_eq!(asked, ["/failing", "/interval"]);
}

#[tokio::test]
async fn validators_are_sent_back_as_they_came() {
    let answers = |path: &str, headers: &HeaderMap| {
        let sent = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let known = (sent("if-none-match").as_deref(), sent("if-modified-since").as_deref())
            == (Some("W/\"a, b\""), Some("once"));
        let mut answer = vec![("etag", "W/\"a, b\"".to_owned()), ("last-modified", "once".to_owned())];
        match path {
            "/kept" if known => (304, vec![], String::new()),
            "/kept" => (200, answer, FEED.to_owned()),
            _ => {
                assert_eq!((sent("if-none-match"), sent("if-modified-since")), (None, None), "{path}");
                answer.push(("expires", "0".to_owned()));
                (200, answer, FEED.to_owned())
            }
        }
    };
    let mut polling = Polling::new(answers, |_| {}).await;
    polling.watch("/kept").await;
    polling.watch("/uncached").await;
    for _ in 0..3 {
        assert_eq!(polling.tick().await.len(), 2);
        polling.now += TimeDelta::hours(7);
        polling = polling.restart().await;
        let kept = polling.feed("/kept").await;
        assert_eq!(kept.validators.etag.as_deref(), Some("W/\"a, b\""));
        assert_eq!((kept.failures, kept.title.as_deref()), (0, Some("A paper")));
        assert_eq!(polling.feed("/uncached").await.validators.etag, None);
    }
}

#[tokio::test]
async fn a_turn_that_does_not_come_is_no_failure() {
    let answers = |_: &str, _: &HeaderMap| (200, vec![], FEED.to_owned());
    let change = |settings: &mut FetchSettings| {
        settings.spacing = Duration::from_secs(3600);
        settings.turn = Duration::ZERO;
    };
    let polling = Polling::new(answers, change).await;
    polling.watch("/first").await;
    polling.watch("/second").await;
    assert_eq!(polling.tick().await, ["/first"], "their host is asked once an hour");
    let second = polling.feed("/second").await;
    assert_eq!((second.failures, second.failing_since, second.last_error), (0, None, None));
    assert_eq!(second.state, FeedState::Active);
    let wait = second.next_poll_at - polling.now;
    assert!((TimeDelta::minutes(5)..=TimeDelta::minutes(6)).contains(&wait), "{wait}");
}

#[tokio::test]
async fn what_is_no_feed_is_told_and_what_is_broken_is_read() {
    let entities = "<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><rss><channel/></rss>";
    let cases = [
        ("/page", "<html><body>Parked</body></html>".to_owned(), Some("not a feed: HTML page")),
        ("/entities", entities.to_owned(), Some("refused: the feed declares entities of its own")),
        ("/deep", "<rss>".repeat(10_000), Some("refused: the feed's markup is nested more than")),
        ("/list", "<opml/>".to_owned(), Some("not a feed: an OPML list of feeds")),
        ("/cut", FEED.replace("</channel></rss>", "<item><link>/a</link>"), None),
        (
            "/nameless",
            "<rss><channel><item><description>No link, no date</description></item>".to_owned(),
            None,
        ),
        ("/markup", FEED.replace("A paper", "A <b>paper</b> &eacute; &nonsense; <"), None),
    ];
    let bodies = cases.clone();
    let answers = move |path: &str, _: &HeaderMap| {
        let (_, body, _) = bodies.iter().find(|(of, ..)| *of == path).unwrap();
        (200, vec![], body.clone())
    };
    let polling = Polling::new(answers, |_| {}).await;
    for (path, ..) in &cases {
        polling.watch(path).await;
    }
    polling.tick().await;
    for (path, _, told) in cases {
        let error = polling.feed(path).await.last_error;
        match told {
            Some(words) => {
                assert!(error.as_deref().is_some_and(|error| error.starts_with(words)), "{path}: {error:?}")
            }
            None => assert_eq!(error, None, "{path}"),
        }
    }
}

#[tokio::test]
async fn a_clock_that_jumps_does_no_harm() {
    let answers = |path: &str, _: &HeaderMap| match path {
        "/failing" => (500, vec![], String::new()),
        _ => (200, vec![], FEED.to_owned()),
    };
    let mut polling = Polling::new(answers, |_| {}).await;
    let right = polling.now;
    polling.watch("/sound").await;
    polling.watch("/failing").await;
    assert_eq!(polling.tick().await.len(), 2);
    // Ahead by years: no week of failures has passed.
    polling.now = right + TimeDelta::days(3000);
    assert_eq!(polling.tick().await.len(), 2);
    assert_eq!(polling.feed("/failing").await.state, FeedState::Active);
    // And back: what was put off by years is asked.
    polling.now = right + TimeDelta::days(1);
    assert_eq!(polling.tick().await.len(), 2);
    let wait = polling.feed("/sound").await.next_poll_at - polling.now;
    assert!(wait <= TimeDelta::hours(27), "{wait}");
}
