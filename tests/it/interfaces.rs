//! The program interfaces of ARCHITECTURE.md, as the programs that rely on them read them.

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::{Value, json};

use crate::binary::site::Site;
use crate::program::{Bench, models, run};

const WALL: &str = include_str!("../fixtures/pages/berlin-wall.html");
const WALL_URL: &str = "https://chronicle.example/world/berlin-wall-opens";
/// A body, then teasers of other stories with no markup between, then a prompt.
const CUBA: &str = include_str!("../fixtures/pages/cuba-ties-cut.txt");
const CUBA_TITLE: &str = "United States breaks off relations with Cuba";
/// Words of the teasers below [`CUBA`] and of what surrounds the article of [`WALL`].
const RESIDUE: [&str; 14] = [
    "Algeria", "Paris", "French", "chimpanzee", "Redstone", "Mobutu", "Lumumba", "Oslo", "December",
    "Leave a", "newsletter", "Leipzig", "Hungary", "I shall never forget",
];

/// Runs a batch and reads its answers, one per line of input.
async fn batch(arguments: &[&str], lines: &[String]) -> Vec<Value> {
    let ended = Bench::new().feed(arguments, &format!("{}\n", lines.join("\n"))).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let answers: Vec<Value> = ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), lines.len(), "{}", ended.out);
    answers
}

#[track_caller]
fn assert_keys(value: &Value, keys: &str) {
    let found: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(found, keys.split_whitespace().collect(), "{value}");
}

#[track_caller]
fn assert_error(value: &Value, id: &Value) {
    assert_keys(value, "id error");
    assert_eq!(value["id"], *id);
    assert!(!value["error"].as_str().unwrap().is_empty());
}

/// The words between two offsets in Unicode scalar values, end exclusive.
#[track_caller]
fn slice(text: &str, span: &Value) -> String {
    let offset = |name: &str| usize::try_from(span[name].as_u64().unwrap()).unwrap();
    let (start, end) = (offset("start"), offset("end"));
    let count = text.chars().count();
    assert!(start < end && end <= count, "{start}..{end} of {count}");
    text.chars().skip(start).take(end - start).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// Everything that holds for every digest.
#[track_caller]
fn assert_digest(digest: &Value, sentences: usize, words: usize) {
    assert_keys(digest, "id headline summary actors dates text warnings provenance");
    let text = digest["text"].as_str().unwrap();
    assert!(digest["headline"].is_null() || digest["headline"].is_string());
    assert!(list(&digest["warnings"]).iter().all(Value::is_string));
    assert_keys(&digest["provenance"], "summarizer model version");
    assert_eq!(digest["provenance"]["model"], "all-MiniLM-L6-v2");
    assert_eq!(digest["provenance"]["version"], env!("CARGO_PKG_VERSION"));

    let mut end = 0;
    for sentence in list(&digest["summary"]) {
        assert_keys(sentence, "text start end");
        assert_eq!(sentence["text"], slice(text, sentence));
        assert!(sentence["start"].as_u64().unwrap() >= end, "in the order of the article");
        end = sentence["end"].as_u64().unwrap();
        assert_ne!(sentence["text"], digest["headline"], "never the title");
    }
    assert!(list(&digest["summary"]).len() <= sentences, "{digest}");
    let shown =
        list(&digest["summary"]).iter().map(|s| s["text"].as_str().unwrap().split_whitespace().count());
    assert!(shown.sum::<usize>() <= words, "{digest}");

    assert!(list(&digest["actors"]).len() <= 5);
    for actor in list(&digest["actors"]) {
        assert_keys(actor, "name kind role mentions");
        let name = actor["name"].as_str().unwrap();
        assert!(text.contains(name), "{name} is not in the text");
        assert!(["person", "organization", "place"].contains(&actor["kind"].as_str().unwrap()), "{actor}");
        assert!(actor["role"].is_null() || actor["role"].as_str().is_some_and(|role| !role.is_empty()));
        let mentions: Vec<_> = list(&actor["mentions"]).iter().map(|mention| slice(text, mention)).collect();
        assert!(mentions.iter().any(|mention| mention == name), "{name}: {mentions:?}");
    }
    assert!(list(&digest["dates"]).len() <= 4);
    for date in list(&digest["dates"]) {
        assert_keys(date, "text start end value granularity until event");
        assert_eq!(date["text"], slice(text, date));
        assert!(!date["value"].as_str().unwrap().is_empty());
        let granularities = "time day week month season quarter year decade century duration";
        assert!(granularities.split(' ').any(|known| date["granularity"] == known), "{date}");
        assert!(date["until"].is_null() || date["until"].is_string());
        assert!(date["event"].is_null() || text.contains(date["event"].as_str().unwrap()), "{date}");
    }
}

/// Nothing of what stood around the article, whatever it was given as.
#[track_caller]
fn assert_no_residue(answer: &Value) {
    let shown = answer.to_string();
    let found: Vec<_> = RESIDUE.into_iter().filter(|words| shown.contains(words)).collect();
    assert!(found.is_empty() && !shown.contains('…'), "{found:?} in {shown}");
}

fn wall() -> String {
    json!({"id": "wall", "html": WALL, "url": WALL_URL}).to_string()
}

fn cuba() -> String {
    json!({"id": 2, "text": CUBA, "title": CUBA_TITLE, "published": "1961-01-03"}).to_string()
}

#[tokio::test]
async fn clean() {
    let lines = [
        wall(),
        json!({"id": [1.5, "ü"], "text": CUBA, "title": CUBA_TITLE}).to_string(),
        json!({"id": {"n": null}, "text": ""}).to_string(),
        json!({"id": "no body", "title": CUBA_TITLE}).to_string(),
        String::new(),
        "  ".to_owned(),
        "{\"id\": 7, \"text\": ".to_owned(),
        json!({"id": null, "html": WALL}).to_string(),
    ];
    let answers = batch(&["clean", "--batch"], &lines).await;
    let cleaned = "id title byline outlet published lang paragraphs text warnings";
    for at in [0, 1, 2, 7] {
        let answer = &answers[at];
        assert_keys(answer, cleaned);
        let paragraphs: Vec<_> = list(&answer["paragraphs"]).iter().map(|p| p.as_str().unwrap()).collect();
        assert_eq!(answer["text"], paragraphs.join("\n\n"));
        assert!(list(&answer["warnings"]).iter().all(Value::is_string));
        assert_no_residue(answer);
    }
    let page = &answers[0];
    assert_eq!(
        (&page["id"], &page["outlet"], &page["lang"]),
        (&json!("wall"), &json!("The Chronicle"), &json!("en"))
    );
    assert_eq!(page["published"], "1989-11-10T06:15:00+01:00");
    assert_eq!(page["byline"], "Our Berlin Desk, Our Bonn Desk");
    assert_eq!(page["title"], "Berlin Wall opens after 28 years");
    assert_eq!(list(&page["paragraphs"]).len(), 5, "{page}");
    let text = &answers[1];
    assert_eq!((&text["id"], &text["title"]), (&json!([1.5, "ü"]), &json!(CUBA_TITLE)));
    assert_eq!(
        (&text["byline"], &text["outlet"], &text["published"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert!(text["text"].as_str().unwrap().ends_with("forbade most exports to the island."), "{text}");
    let empty = &answers[2];
    assert_eq!(
        (&empty["id"], &empty["paragraphs"], &empty["text"]),
        (&json!({"n": null}), &json!([]), &json!(""))
    );
    assert!(!list(&empty["warnings"]).is_empty());
    assert_error(&answers[3], &json!("no body"));
    for answer in &answers[4..=6] {
        assert_error(answer, &Value::Null);
    }
}

#[tokio::test]
async fn digest() {
    let title_only = "Airship Hindenburg burns at Lakehurst";
    let mut lines = vec![
        wall(),
        cuba(),
        json!({"id": {"page": [3, "ü"]}, "text": "", "title": title_only}).to_string(),
        json!({"id": null, "text": title_only, "title": title_only}).to_string(),
        json!({"id": "short", "text": "The airship burned. Nobody knows why."}).to_string(),
        json!({"id": "with its title", "text": format!("{CUBA_TITLE}\n{CUBA}"), "title": CUBA_TITLE})
            .to_string(),
        json!({"id": "no body", "title": CUBA_TITLE}).to_string(),
        json!({"id": "wrong", "text": 7}).to_string(),
        String::new(),
        "no JSON".to_owned(),
    ];
    // Long and short ones by turns: the order is that of the input, not that of the work.
    for n in 0..6 {
        lines.push(if n % 2 == 0 { wall() } else { json!({"id": n, "text": "It burned."}).to_string() });
    }
    let answers = batch(&["digest", "--batch"], &lines).await;
    for (at, id) in [json!("no body"), json!("wrong"), Value::Null, Value::Null].iter().enumerate() {
        assert_error(&answers[6 + at], id);
    }
    for answer in answers[..6].iter().chain(&answers[10..]) {
        assert_digest(answer, 3, 60);
        assert_no_residue(answer);
    }
    for (at, how) in
        [(0, "extractive"), (1, "extractive"), (2, "lede"), (3, "lede"), (4, "lede"), (5, "extractive")]
    {
        assert_eq!(answers[at]["provenance"]["summarizer"], how, "{}", answers[at]);
        assert!(how == "extractive" || !list(&answers[at]["warnings"]).is_empty());
    }

    let page = &answers[0];
    assert_eq!(page["headline"], "Berlin Wall opens after 28 years");
    let values: Vec<_> = list(&page["dates"]).iter().map(|date| date["value"].as_str().unwrap()).collect();
    assert!(values.contains(&"1961-08-13"), "{values:?}");
    assert!(values.iter().any(|value| value.starts_with("1989-11-09")), "{values:?}");

    let text = &answers[1];
    assert_eq!(text["id"], 2);
    let names: Vec<_> = list(&text["actors"]).iter().map(|actor| actor["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"United States") && names.contains(&"Cuba"), "{names:?}");
    let dates: Vec<_> = list(&text["dates"]).iter().map(|date| date["value"].as_str().unwrap()).collect();
    assert!(dates.iter().any(|value| value.starts_with("1961-01-03")), "{dates:?}");
    assert!(
        text["summary"][0]["text"].as_str().unwrap().contains("broke off diplomatic relations"),
        "{text}"
    );

    let empty = &answers[2];
    assert_eq!(empty["id"], json!({"page": [3, "ü"]}));
    assert_eq!((&empty["headline"], &empty["summary"]), (&json!(title_only), &json!([])));
    assert_eq!((&answers[4]["headline"], &answers[4]["id"]), (&Value::Null, &json!("short")));
    for (at, answer) in answers[10..].iter().enumerate() {
        assert_eq!(answer["id"], if at % 2 == 0 { json!("wall") } else { json!(at) });
    }
}

#[tokio::test]
async fn a_digest_is_as_long_as_asked_for() {
    for (arguments, sentences, words) in [
        (&["--sentences", "12"][..], 12, 60),
        (&["--sentences", "1", "--max-words", "25"], 1, 25),
        (&["--max-words", "9", "--summarizer", "extractive"], 3, 9),
        (&["--sentences", "6", "--max-words", "120", "--summarizer", "auto"], 6, 120),
    ] {
        let arguments = [&["digest", "--batch"], arguments].concat();
        for answer in batch(&arguments, &[wall(), cuba()]).await {
            assert_digest(&answer, sentences, words);
            assert!(!list(&answer["summary"]).is_empty(), "{arguments:?}");
        }
    }
}

#[tokio::test]
async fn one_document_gives_the_same_object() {
    let bench = Bench::new();
    let page = bench.file("page.html", WALL);
    let text = bench.file("text.txt", CUBA);
    let wall = ["--url", WALL_URL];
    let cuba = ["--title", CUBA_TITLE];
    let day = ["--published", "1961-01-03"];
    let given = json!({"html": WALL, "url": WALL_URL}).to_string();
    let typed = json!({"text": CUBA, "title": CUBA_TITLE, "published": "1961-01-03"}).to_string();
    for (command, file, options, line) in [
        ("clean", &page, wall.to_vec(), &given),
        ("digest", &page, wall.to_vec(), &given),
        ("clean", &text, cuba.to_vec(), &json!({"text": CUBA, "title": CUBA_TITLE}).to_string()),
        ("digest", &text, [cuba, day].concat(), &typed),
        ("annotate", &text, day.to_vec(), &typed),
    ] {
        let one = bench.run(&[&[command, file, "--json"], &options[..]].concat()).await;
        assert_eq!((one.code, one.err.as_str()), (Some(0), ""), "{command}");
        let one: Value = serde_json::from_str(&one.out).unwrap();
        assert_eq!(
            vec![one],
            batch(&[command, "--batch"], std::slice::from_ref(line)).await,
            "{command} {file}"
        );
    }
}

#[tokio::test]
async fn a_page_on_the_web_is_read_where_it_may_be() {
    let published = "1957-10-05T08:00:00Z".parse().unwrap();
    let site = Site::start(published).await;
    let bench = Bench::new();
    let page = format!("http://{}/sputnik", site.host());
    let mut command = bench.dateline(&["digest", &page, "--json"]);
    command.env("FETCH_ALLOW_HOSTS", site.host());
    let digest: Value = serde_json::from_str(&run(command, "").await.out).unwrap();
    assert_digest(&digest, 3, 60);
    assert_eq!(digest["headline"], "Soviet Union launches first artificial satellite");

    // For people, and without the permission.
    let mut command = bench.dateline(&["clean", &page]);
    command.env("FETCH_ALLOW_HOSTS", site.host());
    let shown = run(command, "").await;
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    assert!(shown.out.starts_with("Soviet Union launches first artificial satellite\n\n"), "{}", shown.out);
    assert!(!shown.out.contains("newsletter") && !shown.out.contains('\u{1b}'), "{}", shown.out);
    assert_eq!(bench.run(&["clean", &page]).await.code, Some(1));
}

/// What people see of a document on standard input.
#[tokio::test]
async fn a_document_is_shown_to_people() {
    for (arguments, shown) in [
        (
            &["digest", "-", "--published", "1961-01-03"][..],
            &["Who     ", "When    ", "By      ", "broke off"][..],
        ),
        (&["annotate", "-", "--published", "1961-01-03"], &["Raúl Roa", "person", "1961-01-03", "1960-10"]),
    ] {
        let ended = Bench::new().feed(arguments, CUBA).await;
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{arguments:?}");
        for words in shown {
            assert!(ended.out.contains(words), "{words:?} is not in {}", ended.out);
        }
        assert!(!ended.out.contains('\u{1b}'));
    }
}

#[tokio::test]
async fn annotate() {
    let text = "“Zoë’s café” — Raúl Roa, Cuba’s foreign minister, told the United Nations in New York on Monday \
        that Fidel Castro had waited since October 1960. Roa left on 4 January 1961 at noon, 48 hours later. 😀 Castro stayed.";
    let lines = [
        json!({"id": 9_007_199_254_740_993_u64, "text": text, "published": "1961-01-03"}).to_string(),
        json!({"id": "undated", "text": text}).to_string(),
        json!({"id": "", "text": ""}).to_string(),
        json!({"id": true}).to_string(),
        String::new(),
        json!({"text": "In 1969."}).to_string(),
    ];
    let answers = batch(&["annotate", "--batch"], &lines).await;
    for answer in answers.iter().filter(|answer| answer.get("error").is_none()) {
        assert_keys(answer, "id mentions times");
    }
    let found = &answers[0];
    assert_eq!(found["id"], 9_007_199_254_740_993_u64);
    let mut names = Vec::new();
    let mut end = 0;
    for mention in list(&found["mentions"]) {
        assert_keys(mention, "start end kind actor");
        assert!(mention["start"].as_u64().unwrap() >= end, "in order and not overlapping");
        end = mention["end"].as_u64().unwrap();
        names.push((
            slice(text, mention),
            mention["kind"].as_str().unwrap(),
            mention["actor"].as_u64().unwrap(),
        ));
    }
    let actor = |name: &str, kind: &str| {
        let found = names.iter().find(|(words, of, _)| words == name && *of == kind);
        found.unwrap_or_else(|| panic!("{name} is not in {names:?}")).2
    };
    assert_eq!(actor("Raúl Roa", "person"), actor("Roa", "person"));
    assert_eq!(actor("Fidel Castro", "person"), actor("Castro", "person"));
    assert_ne!(actor("Cuba", "place"), actor("New York", "place"));
    actor("United Nations", "organization");

    let times = |answer: &Value| {
        let read = |time: &Value| {
            assert_keys(time, "start end type value");
            let kind = time["type"].as_str().unwrap();
            assert!(["date", "time", "duration", "set"].contains(&kind), "{time}");
            (slice(text, time), time["value"].as_str().unwrap().to_owned())
        };
        list(&answer["times"]).iter().map(read).collect::<Vec<_>>()
    };
    let has = |times: &[(String, String)], words: &str, value: &str| {
        assert!(times.contains(&(words.to_owned(), value.to_owned())), "{words} {value} is not in {times:?}");
    };
    has(&times(found), "Monday", "1961-01-02");
    has(&times(found), "October 1960", "1960-10");
    has(&times(&answers[1]), "Monday", "XXXX-WXX-1");
    assert_eq!(answers[2], json!({"id": "", "mentions": [], "times": []}));
    assert_error(&answers[3], &json!(true));
    assert_error(&answers[4], &Value::Null);
    assert_eq!((&answers[5]["id"], &answers[5]["times"][0]["value"]), (&Value::Null, &json!("1969")));
}

#[tokio::test]
async fn cluster() {
    let article = |id: Value, title: &str, text: &str| {
        json!({"id": id, "title": title, "text": text, "url": format!("https://example.org/{id}")})
            .to_string()
    };
    let lines = [
        article(
            json!("a"),
            "East Germany opens the Berlin Wall",
            "East Germany opened the Berlin Wall on Thursday \
            night and let its citizens travel to the West for the first time in 28 years. Thousands of people crossed \
            at Bornholmer Street after Günter Schabowski, a member of the Politburo, said that the new rules took \
            effect at once.",
        ),
        article(
            json!(["b"]),
            "Everest is climbed by Hillary and Tenzing",
            "Edmund Hillary of New Zealand and Tenzing \
            Norgay of Nepal have reached the summit of Mount Everest, the highest point of the earth. The news came \
            by runner from the camp of John Hunt, who led the British expedition.",
        ),
        json!({"id": "no text", "title": "x"}).to_string(),
        String::new(),
        article(
            json!(3),
            "Berlin Wall falls as East Germany opens its border",
            "Thousands of East Berliners crossed \
            the Berlin Wall into the West on Thursday night, hours after East Germany said that its citizens could \
            travel at once. Guards at Bornholmer Street opened the gate; Schabowski had read the new rules to the \
            press.",
        ),
    ];
    let answers = batch(&["cluster"], &lines).await;
    for at in [0, 1, 4] {
        assert_keys(&answers[at], "id story is_new");
        assert!(answers[at]["story"].is_string());
    }
    let placed = |at: usize| (&answers[at]["story"], &answers[at]["is_new"]);
    assert_eq!((placed(0).1, placed(1).1), (&json!(true), &json!(true)));
    assert_ne!(placed(0).0, placed(1).0);
    assert_eq!(placed(4), (placed(0).0, &json!(false)));
    assert_eq!([&answers[1]["id"], &answers[4]["id"]], [&json!(["b"]), &json!(3)]);
    assert_error(&answers[2], &json!("no text"));
    assert_error(&answers[3], &Value::Null);
}

/// By `MODELS_DIR`, else `./models`, else beside the binary's `../../models`.
#[tokio::test]
async fn models_are_found_in_three_places() {
    let bench = Bench::new();
    let built = Path::new(env!("CARGO_BIN_EXE_dateline"));
    let installed = bench.path("project/target/release/dateline");
    std::fs::create_dir_all(installed.parent().unwrap()).unwrap();
    std::fs::hard_link(built, &installed).or_else(|_| std::fs::copy(built, &installed).map(|_| ())).unwrap();
    let listed = async |configured: Option<&Path>| {
        let mut command = bench.program(&installed, &["models", "list"]);
        command.env_remove("MODELS_DIR").envs(configured.map(|folder| ("MODELS_DIR", folder)));
        let ended = run(command, "").await;
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        ended.out.contains(", here")
    };
    assert!(!listed(None).await);
    assert!(listed(Some(&models())).await);
    symlink(models(), bench.path("project/models")).unwrap();
    assert!(listed(None).await, "beside the binary");
    assert!(!listed(Some(&bench.path("nowhere"))).await, "what is configured wins");
    std::fs::remove_file(bench.path("project/models")).unwrap();
    symlink(models(), bench.path("models")).unwrap();
    assert!(listed(None).await, "in the folder");
}

#[tokio::test]
async fn a_reader_that_has_seen_enough_is_no_error() {
    let bench = Bench::new();
    let line = json!({"id": 1, "text": "The wall fell."}).to_string();
    let many = bench.file("many.jsonl", format!("{line}\n").repeat(2_000));
    let pipe = "{ \"$0\" clean --batch \"$1\"; echo \"ended with $?\" >&2; } | head -n 1";
    let binary = env!("CARGO_BIN_EXE_dateline");
    let mut command = bench.program(Path::new("/bin/sh"), &["-c", pipe, binary, &many]);
    command.env("PATH", "/usr/bin:/bin");
    let ended = run(command, "").await;
    assert_eq!((ended.out.lines().count(), ended.err.as_str()), (1, "ended with 0\n"));
}
