//! What a person gets wrong is answered in one line that says what to do.

use std::os::unix::fs::symlink;
use std::path::Path;

use dateline::store::Store;

use crate::program::{Bench, models, run};

const TOKEN: &str = "MTAwMDAwMDAwMDAwMDAwMDAx.GAbcde.0123456789_abcdefghijklmnopqrstuvwxyz";

/// What is said when `dateline` is run with these arguments and settings: one line and the exit code.
async fn refusal(bench: &Bench, arguments: &[&str], settings: &[(&str, &str)]) -> (i32, String) {
    let mut command = bench.dateline(arguments);
    command.envs(settings.iter().copied());
    let ended = run(command, "").await;
    let (code, error) = (ended.code.expect("no signal"), ended.err.trim_end());
    assert_eq!(ended.out, "", "an error is no answer: {arguments:?}");
    assert!(error.starts_with("error: "), "{arguments:?} {settings:?}: {error}");
    for wrong in ["panicked", "RUST_BACKTRACE", "hunter2", "GAbcde", "\u{1b}"] {
        assert!(!error.contains(wrong), "{arguments:?} {settings:?}: {error}");
    }
    // What the command line's own parser says has the usage below it.
    let line = match error.split_once("\n\n") {
        Some((line, usage)) if usage.contains("--help") => line,
        _ => error,
    };
    assert!(line.lines().skip(1).all(|more| more.starts_with("  ")), "is one line: {line}");
    (code, line.to_owned())
}

fn assert_says((code, line): &(i32, String), expected: i32, words: &[&str]) {
    assert_eq!(*code, expected, "{line}");
    for words in words {
        assert!(line.contains(words), "{words:?} is not in: {line}");
    }
}

#[tokio::test]
async fn settings_that_are_missing_or_malformed() {
    let bench = Bench::new();
    let right = [("DISCORD_TOKEN", TOKEN), ("CONTACT_URL", "https://example.org/bot")];
    for (name, value, words) in [
        ("DISCORD_TOKEN", "", "is not set: copy the bot's token"),
        ("DISCORD_TOKEN", "hunter2", "is not a bot token"),
        ("CONTACT_URL", "", "is not set: give a page or mailto: address"),
        ("CONTACT_URL", "hunter2", "write https://… or mailto:…"),
        ("POLL_INTERVAL_MINUTES", "hunter2", "must be a whole number from 5 to 1440"),
        ("MODEL_THREADS", "0", "must be a whole number from 1 to 16"),
        ("FETCH_ALLOW_HOSTS", "hunter2 at home", "write host or host:port"),
    ] {
        let settings: Vec<_> =
            right.into_iter().filter(|(other, _)| *other != name).chain([(name, value)]).collect();
        assert_says(&refusal(&bench, &["run"], &settings).await, 2, &[name, words]);
    }
    assert_says(&refusal(&bench, &["run"], &[]).await, 2, &["DISCORD_TOKEN is not set"]);
    for arguments in [&["run"][..], &["clean", "page.html"]] {
        let said = refusal(&bench, arguments, &[("LOG", "loud=very=much")]).await;
        assert_says(&said, 2, &["LOG is not a filter such as info"]);
    }
    let said = refusal(&bench, &["digest", "http://192.0.2.1/"], &[("FETCH_ALLOW_HOSTS", "a b")]).await;
    assert_says(&said, 2, &["FETCH_ALLOW_HOSTS is malformed"]);
}

#[tokio::test]
async fn the_file_with_settings_is_read_and_never_repeated() {
    let bench = Bench::new();
    bench.file(".env", format!("DISCORD_TOKEN={TOKEN}\n"));
    assert_says(&refusal(&bench, &["run"], &[]).await, 2, &["CONTACT_URL is not set"]);
    for broken in ["DISCORD_TOKEN: hunter2", "DISCORD_TOKEN=hunter2 and more", "=hunter2", "A='hunter2"] {
        bench.file(".env", broken);
        let words = [".env cannot be read", "every line must be NAME=value"];
        assert_says(&refusal(&bench, &["run"], &[]).await, 2, &words);
    }
}

#[tokio::test]
async fn an_empty_setting_is_none() {
    let bench = Bench::new();
    let mut command = bench.dateline(&["models", "list"]);
    command.env("MODELS_DIR", "").env("LOG", " ").env("FETCH_ALLOW_HOSTS", "");
    let ended = run(command, "").await;
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn models_that_are_missing_or_damaged() {
    let bench = Bench::new();
    let story = bench.file("story.txt", "The wall fell.");
    let folder = bench.path("models/all-MiniLM-L6-v2");
    std::fs::create_dir_all(&folder).unwrap();
    let here = bench.path("models");
    let settings = [
        ("MODELS_DIR", here.to_str().unwrap()),
        ("DISCORD_TOKEN", TOKEN),
        ("CONTACT_URL", "mailto:editor@example.org"),
        ("DATABASE_PATH", "news.sqlite"),
    ];
    let commands =
        [&["run"][..], &["digest", &story], &["digest", "--batch"], &["cluster"], &["models", "verify"]];
    for arguments in commands {
        let words = ["is missing", "dateline models fetch", "make setup"];
        assert_says(&refusal(&bench, arguments, &settings).await, 1, &words);
    }
    let whole = models().join("all-MiniLM-L6-v2");
    symlink(whole.join("model.safetensors"), folder.join("model.safetensors")).unwrap();
    std::fs::copy(whole.join("config.json"), folder.join("config.json")).unwrap();
    let mut words = std::fs::read(whole.join("vocab.txt")).unwrap();
    words[1000] ^= 1;
    std::fs::write(folder.join("vocab.txt"), &words).unwrap();
    for arguments in [&["run"][..], &["digest", &story], &["models", "verify"]] {
        let said = refusal(&bench, arguments, &settings).await;
        assert_says(&said, 1, &["vocab.txt has a wrong SHA-256", "dateline models fetch"]);
    }
    std::fs::write(folder.join("vocab.txt"), &words[1..]).unwrap();
    let said = refusal(&bench, &["digest", &story], &settings).await;
    assert_says(&said, 1, &["vocab.txt has 231507 bytes where 231508 are expected", "dateline models fetch"]);

    let said = refusal(&bench, &["models", "fetch", "GPT"], &[]).await;
    assert_says(&said, 2, &["there is no model \"GPT\"", "dateline models list"]);
    let said = refusal(&bench, &["models", "verify", "GPT"], &[]).await;
    assert_says(&said, 2, &["there is no model \"GPT\""]);
}

#[tokio::test]
async fn databases_that_cannot_be_used() {
    let bench = Bench::new();
    let open = async |path: &Path| Store::open(path).await.unwrap();
    let locked = bench.path("locked.sqlite");
    open(&locked).await.close().await;
    let mut rights = std::fs::metadata(&locked).unwrap().permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(&locked, rights).unwrap();
    std::fs::create_dir(bench.path("folder")).unwrap();
    bench.file("letter.txt", "Dear editor, this is a letter and no database. ".repeat(100));
    let in_use = bench.path("in-use.sqlite");
    let other = open(&in_use).await;
    for (path, words) in [
        ("locked.sqlite", "is read-only; give dateline the right to write"),
        ("folder", "the file cannot be opened: is a directory"),
        ("letter.txt", "is not a dateline database; name another one"),
        ("letter.txt/news.sqlite", "the file cannot be opened"),
        ("in-use.sqlite", "another dateline is running on this database"),
    ] {
        let settings =
            [("DISCORD_TOKEN", TOKEN), ("CONTACT_URL", "https://example.org/bot"), ("DATABASE_PATH", path)];
        assert_says(&refusal(&bench, &["run"], &settings).await, 1, &[path, words]);
    }
    other.close().await;
}

#[tokio::test]
async fn documents_that_cannot_be_read() {
    let bench = Bench::new();
    let story = bench.file("story.txt", "The wall fell.");
    bench.file("latin.txt", b"caf\xe9");
    for (arguments, code, words) in [
        (&["digest", "nowhere.html"][..], 1, &["reading nowhere.html", "No such file"][..]),
        (&["clean", "."], 1, &["reading .", "directory"]),
        (&["annotate", "latin.txt"], 1, &["latin.txt is not UTF-8"]),
        (&["digest", "--batch", "nowhere.jsonl"], 1, &["opening nowhere.jsonl"]),
        (
            &["digest", "http://127.0.0.1/story"],
            1,
            &["fetching http://127.0.0.1/story: the address is private"],
        ),
        (
            &["digest", "https://example.org:9/"],
            1,
            &["fetching https://example.org:9/: only ports 80 and 443 are read, not 9"],
        ),
        (&["clean", "http://169.254.169.254/latest"], 1, &["private"]),
        (&["clean", "https://"], 1, &["is not an address"]),
        (
            &["digest", &story, "--summarizer", "abstractive"],
            1,
            &["no abstractive model is in", "dateline models fetch distilbart-cnn-6-6"],
        ),
        (&["digest", &story, "--summarizer", "best"], 2, &["extractive, abstractive, auto"]),
        (&["digest", &story, "--published", "next week"], 2, &["--published", "write 2022-09-07"]),
        (&["digest", &story, "--sentences", "0"], 2, &["--sentences"]),
        (&["digest", &story, "--max-words", "few"], 2, &["--max-words"]),
        (&["digest"], 2, &["FILE|URL|-"]),
        (&["digest", "--batch", "--published", "1989-11-09"], 2, &["--batch"]),
        (&["sandbox", "--once", "--feed", "ftp://example.org/"], 2, &["--feed: "]),
    ] {
        assert_says(&refusal(&bench, arguments, &[]).await, code, words);
    }
    assert_says(
        &refusal(&bench, &["digest", "https://example.org/"], &[("FETCH_ALLOW_HOSTS", "/")]).await,
        2,
        &["FETCH_ALLOW_HOSTS"],
    );
}
