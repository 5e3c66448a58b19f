//! `dateline sandbox`: the first thing that somebody tries.

use serde_json::{Value, json};

use crate::program::{Bench, run};

#[tokio::test]
async fn a_second_round_on_the_same_data_posts_nothing() {
    let bench = Bench::new();
    let mut counts = Vec::new();
    for round in 1..=2 {
        let ended = bench.run(&["sandbox", "--once", "--data", "demo"]).await;
        assert_eq!(ended.code, Some(0), "round {round}: {}", ended.err);
        for shown in [
            "── #world-news",
            "Armstrong and Aldrin walk on the moon",
            "Nelson Mandela",
            "Key actors",
            "── /news search query: Berlin Wall",
            "Stories about “Berlin Wall",
            "── numbers",
            "against its rules 0",
            "stories 13 · cards 13",
        ] {
            assert!(ended.out.contains(shown), "round {round}: {shown:?} is not in\n{}", ended.out);
        }
        assert!(!ended.out.contains('\u{1b}'), "no colours but in a terminal");
        assert_eq!(ended.out.contains("pages 15"), round == 1, "{}", ended.out);
        let state: Value =
            serde_json::from_slice(&std::fs::read(bench.path("demo/discord.json")).unwrap()).unwrap();
        let state = &state["world"];
        let channels = state["channels"].as_object().unwrap();
        let (news, _) = channels.iter().find(|(_, channel)| channel["name"] == "world-news").unwrap();
        counts.push(state["messages"][news].as_object().map_or(0, |messages| messages.len()));
    }
    assert_eq!(counts, [13, 13]);
}

#[tokio::test]
async fn what_a_round_kept_can_be_asked_from_the_command_line() {
    let bench = Bench::new();
    let ended = bench.run(&["sandbox", "--once", "--data", "demo"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let asked = async |arguments: &[&str]| {
        let mut command = bench.dateline(arguments);
        command.env("DATABASE_PATH", bench.path("demo/dateline.sqlite"));
        run(command, "").await
    };

    let search = ["search", "when men walked on the moon", "--limit", "3"];
    let shown = asked(&search).await;
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    assert!(shown.out.starts_with("Armstrong and Aldrin walk on the moon\n"), "{}", shown.out);
    let hits: Value = serde_json::from_str(&asked(&[&search[..], &["--json"]].concat()).await.out).unwrap();
    let first = &hits[0];
    assert_eq!(first["headline"], "Armstrong and Aldrin walk on the moon", "{hits}");
    assert!(hits.as_array().unwrap().len() <= 3 && first["sources"].as_u64() >= Some(2), "{hits}");
    let url = first["url"].as_str().unwrap();

    let why: Value = serde_json::from_str(&asked(&["why", url, "--json"]).await.out).unwrap();
    assert_eq!(why["url"], url, "{why}");
    let shown = asked(&["why", url]).await;
    assert!(shown.out.contains("Grouped: ") && shown.out.contains("Matched: "), "{}", shown.out);
    let unknown = asked(&["why", "https://ledger.example/never"]).await;
    assert_eq!((unknown.code, unknown.out.as_str()), (Some(1), ""), "{}", unknown.err);
    assert!(unknown.err.contains("no feed has offered"), "{}", unknown.err);

    let feeds: Value = serde_json::from_str(&asked(&["feeds", "list", "--json"]).await.out).unwrap();
    let ledger = feeds.as_array().unwrap().iter().find(|feed| feed["title"] == "The Morning Ledger").unwrap();
    assert_eq!((&ledger["state"], &ledger["error"]), (&json!("active"), &Value::Null));
    let shown = asked(&["feeds", "list"]).await;
    assert!(shown.out.contains("The Morning Ledger\n  http") && shown.out.contains("Read "), "{}", shown.out);
    assert_eq!(asked(&["feeds", "list", "--failing"]).await.out, "There is none.\n");
    let list = asked(&["feeds", "export"]).await.out;
    assert!(list.contains(&format!("xmlUrl=\"{}\"", ledger["url"].as_str().unwrap())), "{list}");
}
