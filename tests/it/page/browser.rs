//! Chromium without a window, driven over its DevTools protocol. Waits are on what the page shows.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chromiumoxide::browser::{Browser, BrowserConfig};
use chromiumoxide::cdp::browser_protocol::emulation::{MediaFeature, SetDeviceMetricsOverrideParams};
use chromiumoxide::cdp::js_protocol::runtime::EvaluateParams;
use chromiumoxide::layout::Point;
use chromiumoxide::page::ScreenshotParams;
use futures_util::StreamExt as _;
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinSet;

/// How long the page may take to show something; the slowest takes a tenth of this.
const PATIENCE: Duration = Duration::from_secs(120);

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Whatever goes wrong in the page, and what its policy forbids.
const NOTE_ERRORS: &str = "window.errors = []; \
    addEventListener('error', event => errors.push(event.message)); \
    addEventListener('unhandledrejection', event => errors.push(String(event.reason))); \
    addEventListener('securitypolicyviolation', event => errors.push(event.violatedDirective));";

pub struct Tab {
    page: chromiumoxide::Page,
    _browser: Browser,
    _handler: JoinSet<()>,
    _profile: TempDir,
}

/// The browser of this machine: `CHROMIUM` or the first of the usual names on the path.
fn executable() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let found = || NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    named.or_else(|| found().find(|candidate| candidate.is_file()))
}

impl Tab {
    /// Opens an address; `None`, and a line that says so, where there is no browser.
    pub async fn open(url: &str) -> Option<Self> {
        Self::launch(url, None).await
    }

    /// Opens an address whose port the browser reaches by way of another one of this machine.
    pub async fn open_by_way_of(port: u16, url: &str) -> Option<Self> {
        let host = url.trim_start_matches("http://").trim_end_matches('/');
        Self::launch(url, Some(format!("host-resolver-rules=MAP {host} 127.0.0.1:{port}"))).await
    }

    async fn launch(url: &str, argument: Option<String>) -> Option<Self> {
        let Some(executable) = executable() else {
            let words =
                "SKIPPED: there is no Chromium on this machine, so the page is not tried in a browser.\n";
            // What `eprintln!` says in a test that passes is not shown.
            std::io::stderr().write_all(words.as_bytes()).unwrap();
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let config = BrowserConfig::builder()
            .chrome_executable(executable)
            .user_data_dir(profile.path())
            // Its sandbox needs rights that containers lack; it loads nothing but our own page.
            .no_sandbox()
            .arg("disable-dev-shm-usage")
            .args(argument)
            .launch_timeout(PATIENCE)
            .request_timeout(PATIENCE)
            .build()
            .unwrap();
        let (browser, mut handler) = Browser::launch(config).await.expect("Chromium starts");
        let mut driving = JoinSet::new();
        driving.spawn(async move { while handler.next().await.is_some() {} });
        let page = browser.new_page("about:blank").await.unwrap();
        let tab = Self { page, _browser: browser, _handler: driving, _profile: profile };
        tab.look(1280, 800, "dark").await;
        tab.page.evaluate_on_new_document(NOTE_ERRORS).await.unwrap();
        tab.page.goto(url).await.unwrap();
        tab.until("document.documentElement.dataset.ready").await;
        Some(tab)
    }

    /// The size of the window in CSS pixels, and the scheme that the system prefers.
    pub async fn look(&self, width: i64, height: i64, scheme: &str) {
        let size = SetDeviceMetricsOverrideParams::new(width, height, 1.0, width < 600);
        self.page.execute(size).await.unwrap();
        let scheme = MediaFeature::new("prefers-color-scheme", scheme);
        self.page.emulate_media_features(vec![scheme]).await.unwrap();
    }

    /// The value of an expression in the page.
    pub async fn value(&self, expression: &str) -> Value {
        let result = self.page.evaluate_expression(expression).await;
        result.unwrap_or_else(|error| panic!("{expression}: {error}")).value().cloned().unwrap_or_default()
    }

    /// What went wrong in the page since it was loaded.
    pub async fn errors(&self) -> Vec<Value> {
        self.value("window.errors").await.as_array().cloned().unwrap_or_default()
    }

    /// Waits until an expression holds.
    #[track_caller]
    pub fn until(&self, expression: &str) -> impl Future<Output = ()> {
        let wait = format!(
            "new Promise(done => {{ const look = () => {{ if ({expression}) done(true); else setTimeout(look, 20); }}; look(); }})"
        );
        let expression = expression.to_owned();
        async move {
            let wait = EvaluateParams::builder().expression(wait).await_promise(true).build().unwrap();
            let held = tokio::time::timeout(PATIENCE, self.page.evaluate_expression(wait)).await;
            if !matches!(held, Ok(Ok(_))) {
                let shown = self.value("document.body.innerText").await;
                panic!("never held: {expression}\n{held:?}\n{}", shown.as_str().unwrap_or_default());
            }
        }
    }

    /// Waits until an element's text has these words.
    pub async fn shows(&self, selector: &str, words: &str) {
        let words = Value::from(words);
        let all = format!("[...document.querySelectorAll(`{selector}`)]");
        self.until(&format!("{all}.some(one => one.innerText.includes({words}))")).await;
    }

    /// Types as on a keyboard, into whatever has the focus.
    pub async fn types(&self, text: &str) {
        self.page.find_element("body").await.unwrap().type_str(text).await.unwrap();
    }

    /// Presses a key by its name: `Enter`, `ArrowDown`, `Tab`.
    pub async fn key(&self, key: &str) {
        self.page.find_element("body").await.unwrap().press_key(key).await.unwrap();
    }

    /// Clicks where an element is, with the mouse.
    pub async fn click(&self, selector: &str) {
        self.until(&format!("document.querySelector(`{selector}`)")).await;
        self.page.find_element(selector).await.unwrap().click().await.unwrap();
    }

    /// Clicks at a place of the window, in CSS pixels.
    pub async fn tap(&self, x: i32, y: i32) {
        self.page.click(Point { x: x.into(), y: y.into() }).await.unwrap();
    }

    /// Keeps a picture of what is shown in `target/tmp`, for people to look at.
    pub async fn picture(&self, name: &str) {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sandbox-{name}.png"));
        self.page.save_screenshot(ScreenshotParams::builder().build(), path).await.unwrap();
    }
}
