//! `dateline sandbox`: the first thing that somebody tries.

use serde_json::Value;

use crate::program::Bench;

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
