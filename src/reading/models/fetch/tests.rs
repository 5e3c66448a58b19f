//! Against a hub on loopback.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use super::*;

const BODY: &[u8] = b"Not because they are easy, but because they are hard.";

fn model() -> Model {
    Model {
        name: "tiny".into(),
        default: false,
        purpose: String::new(),
        licence: String::new(),
        hub: "https://hub.example/org/tiny/resolve/main/".into(),
        summarizer: false,
        unpinned: Vec::new(),
        files: vec![ModelFile {
            path: "weights.bin".into(),
            size: BODY.len() as u64,
            sha256: Sha256::digest(BODY).iter().map(|byte| format!("{byte:02x}")).collect(),
        }],
    }
}

/// A hub on loopback: `answer` gets the number of the request and the start of its range, and
/// gives the raw response. What was asked is kept: path and range.
fn hub(answer: impl Fn(usize, u64) -> Vec<u8> + Send + 'static) -> (String, Arc<Mutex<Vec<String>>>) {
    let number = std::sync::atomic::AtomicUsize::new(0);
    raw_hub(move |_, _, start| answer(number.fetch_add(1, std::sync::atomic::Ordering::Relaxed), start))
}

/// The same for an answer that looks at method and path, both in lower case.
fn raw_hub(
    answer: impl Fn(&str, &str, u64) -> Vec<u8> + Send + 'static,
) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream: TcpStream = stream.unwrap();
            let head: Vec<String> = BufReader::new(stream.try_clone().unwrap())
                .lines()
                .map(|line| line.unwrap().to_lowercase())
                .take_while(|line| !line.is_empty())
                .collect();
            let range = head.iter().find_map(|line| line.strip_prefix("range: bytes=")).unwrap_or("0-");
            let mut first = head[0].split(' ');
            let (method, path) = (first.next().unwrap(), first.next().unwrap());
            log.lock().unwrap().push(format!("{path} {range}"));
            let start = range.trim_end_matches('-').parse().unwrap();
            stream.write_all(&answer(method, path, start)).unwrap();
        }
    });
    (address, asked)
}

fn whole(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn rest(start: u64) -> Vec<u8> {
    let body = &BODY[start as usize..];
    let range = format!("bytes {start}-{}/{}", BODY.len() - 1, BODY.len());
    let head = format!(
        "HTTP/1.1 206 Partial Content\r\ncontent-range: {range}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn status(line: &str) -> Vec<u8> {
    format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").into_bytes()
}

async fn fetch(hub: &str, models: &Path) -> Result<(), FetchError> {
    let fetcher = Fetcher { pause: Duration::ZERO, ..Fetcher::new(Some(hub))? };
    fetcher.fetch(&model(), models, &|_, _| ()).await
}

#[tokio::test]
async fn resumes_after_a_cut_connection() {
    let models = tempfile::tempdir().unwrap();
    let (hub, asked) = hub(|number, start| match number {
        0 => whole(BODY)[..whole(BODY).len() - 20].to_vec(),
        1 => status("503 Service Unavailable"),
        _ => rest(start),
    });
    fetch(&hub, models.path()).await.unwrap();
    assert_eq!(std::fs::read(models.path().join("tiny/weights.bin")).unwrap(), BODY);
    assert!(!models.path().join("tiny/weights.bin.partial").exists());
    let path = "/org/tiny/resolve/main/weights.bin";
    let resumed = format!("{path} {}-", BODY.len() - 20);
    assert_eq!(*asked.lock().unwrap(), [format!("{path} 0-"), resumed.clone(), resumed]);
    // What is there and right is not fetched again.
    fetch(&hub, models.path()).await.unwrap();
    assert_eq!(asked.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn begins_again_when_the_part_was_another_file_or_cannot_be_resumed() {
    for unresumable in [false, true] {
        let models = tempfile::tempdir().unwrap();
        std::fs::create_dir(models.path().join("tiny")).unwrap();
        std::fs::write(models.path().join("tiny/weights.bin.partial"), "something else").unwrap();
        let (hub, _) = hub(move |_, start| match start {
            0 => whole(BODY),
            _ if unresumable => status("416 Range Not Satisfiable"),
            _ => rest(start),
        });
        fetch(&hub, models.path()).await.unwrap();
        assert_eq!(std::fs::read(models.path().join("tiny/weights.bin")).unwrap(), BODY);
    }
}

#[tokio::test]
async fn never_keeps_a_wrong_file() {
    let models = tempfile::tempdir().unwrap();
    let (hub, _) = hub(|_, _| whole(&BODY.to_ascii_uppercase()));
    let error = fetch(&hub, models.path()).await.unwrap_err().to_string();
    assert!(error.contains("wrong SHA-256") && error.contains("models fetch"), "{error}");
    assert_eq!(std::fs::read_dir(models.path().join("tiny")).unwrap().count(), 0);
}

#[tokio::test]
async fn gives_up_with_words_that_help() {
    let models = tempfile::tempdir().unwrap();
    let (missing, asked) = hub(|_, _| status("404 Not Found"));
    let error = fetch(&missing, models.path()).await.unwrap_err().to_string();
    assert!(error.contains("HTTP 404") && error.contains("--from"), "{error}");
    assert_eq!(asked.lock().unwrap().len(), 1);

    let (down, asked) = hub(|_, _| status("500 Internal Server Error"));
    let error = fetch(&down, models.path()).await.unwrap_err().to_string();
    assert!(error.contains("HTTP 500") && error.contains("again"), "{error}");
    assert_eq!(asked.lock().unwrap().len(), ATTEMPTS as usize);

    assert!(fetch("hub.example", models.path()).await.is_err());
    assert!(fetch("ftp://hub.example", models.path()).await.is_err());
}

const REVISION: &str = "0123456789abcdef0123456789abcdef01234567";

/// A model whose hub alone knows its files: weights with a published SHA-256, and a small text file.
fn unpinned() -> Model {
    Model { files: Vec::new(), unpinned: vec!["config.json".into(), "weights.bin".into()], ..model() }
}

/// What such a hub answers: what it says of a file to HEAD, the file to GET.
fn unpinned_hub(weights: &'static [u8], published: &'static [u8]) -> (String, Arc<Mutex<Vec<String>>>) {
    raw_hub(move |method, path, start| {
        let sha256: String = Sha256::digest(published).iter().map(|byte| format!("{byte:02x}")).collect();
        let body: &[u8] = if path.ends_with("config.json") { b"{}" } else { weights };
        match method {
            "head" if path.ends_with("config.json") => format!(
                "HTTP/1.1 200 OK\r\nx-repo-commit: {REVISION}\r\netag: \"99914b932bd37a50b983c5e7c90ae93b\"\r\n\
                 content-length: 2\r\nconnection: close\r\n\r\n"
            )
            .into_bytes(),
            // Large files lie elsewhere; the hub says what they are and where.
            "head" => format!(
                "HTTP/1.1 302 Found\r\nx-repo-commit: {REVISION}\r\nx-linked-size: {}\r\nx-linked-etag: \"{sha256}\"\r\n\
                 location: https://cdn.example/file\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                published.len()
            )
            .into_bytes(),
            _ if start > 0 => rest(start),
            _ => whole(body),
        }
    })
}

#[tokio::test]
async fn an_unpinned_model_is_pinned_by_its_first_fetch() {
    let models = tempfile::tempdir().unwrap();
    let model = unpinned();
    assert!(model.verify(models.path()).unwrap_err().to_string().contains("`dateline models fetch tiny`"));
    let (hub, asked) = unpinned_hub(BODY, BODY);
    let fetcher = Fetcher { pause: Duration::ZERO, ..Fetcher::new(Some(&hub)).unwrap() };
    fetcher.fetch(&model, models.path(), &|_, _| ()).await.unwrap();
    model.verify(models.path()).unwrap();
    assert_eq!(model.size(models.path()), Some(2 + BODY.len() as u64));
    let lock = Lock::read(&model.folder(models.path())).unwrap().unwrap();
    assert_eq!(lock.revision, REVISION);
    // Only the first question may go to the moving branch.
    let asked = std::mem::take(&mut *asked.lock().unwrap());
    assert_eq!(asked.iter().filter(|line| line.contains("/resolve/main/")).count(), 1, "{asked:?}");

    // From then on it is as fixed as any other: another file is refused, and the right one fetched again.
    let weights = models.path().join("tiny/weights.bin");
    std::fs::write(&weights, BODY.to_ascii_uppercase()).unwrap();
    assert!(model.verify(models.path()).unwrap_err().to_string().contains("wrong SHA-256"));
    fetcher.fetch(&model, models.path(), &|_, _| ()).await.unwrap();
    assert_eq!(std::fs::read(&weights).unwrap(), BODY);
}

#[tokio::test]
async fn weights_that_are_not_what_the_hub_published_are_never_kept() {
    let models = tempfile::tempdir().unwrap();
    let (hub, _) = unpinned_hub(BODY, b"Not because they are easy, but because they are HARD.");
    let fetcher = Fetcher { pause: Duration::ZERO, ..Fetcher::new(Some(&hub)).unwrap() };
    let error = fetcher.fetch(&unpinned(), models.path(), &|_, _| ()).await.unwrap_err().to_string();
    assert!(error.contains("wrong SHA-256"), "{error}");
    assert!(
        !models.path().join("tiny/weights.bin").exists() && !models.path().join("tiny/lock.toml").exists()
    );

    // A hub that says nothing of its files is not believed.
    let (silent, _) = raw_hub(|_, _, _| whole(BODY));
    let fetcher = Fetcher { pause: Duration::ZERO, ..Fetcher::new(Some(&silent)).unwrap() };
    let error = fetcher.fetch(&unpinned(), models.path(), &|_, _| ()).await.unwrap_err().to_string();
    assert!(error.contains("no revision") && error.contains("--from"), "{error}");
}

#[tokio::test]
async fn a_disk_without_room_is_noticed_before_anything_is_fetched() {
    let models = tempfile::tempdir().unwrap();
    let (hub, asked) = hub(|_, _| whole(BODY));
    let mut model = model();
    model.files[0].size = 1 << 60;
    let fetcher = Fetcher::new(Some(&hub)).unwrap();
    let error = fetcher.fetch(&model, models.path(), &|_, _| ()).await.unwrap_err().to_string();
    assert!(error.contains("MB free; free some"), "{error}");
    assert!(asked.lock().unwrap().is_empty());
}
