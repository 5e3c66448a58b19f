use super::*;
use crate::store::search::{self, Hit, SearchQuery};

/// Three stories: the Moon landing, a balloon flight in 1783, the opening of the Suez Canal.
async fn library() -> (Bench, [ArticleId; 3]) {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (_, moon) = Told::default().story(&mut tx).await;
    let balloon = Told {
        url: "https://example.org/balloon",
        title: "Balloon rises over Paris",
        text: "A paper balloon carried two men over the city for twenty-five minutes.\n\nThe Montgolfier brothers had tried it with a sheep, a duck and a rooster before. The crowd in Paris did not walk home until dark.",
        outlet: "Gazette",
        actor: "Joseph-Michel Montgolfier",
        called: &[],
        minutes: 10,
    };
    let (_, balloon) = balloon.story(&mut tx).await;
    let canal = Told {
        url: "https://example.org/canal",
        title: "Ships pass the Suez Canal",
        text: "The canal at Suez was opened with a fleet of ships, the Aigle of Empress Eugénie first among them. The U.S. sent no warship, nor did Paris.",
        outlet: "The Herald",
        actor: "Eugénie de Montijo",
        called: &[],
        minutes: 20,
    };
    let (_, canal) = canal.story(&mut tx).await;
    Told { url: "https://example.org/alone", ..Told::default() }.insert(&mut tx).await;
    bench.reread(tx).await;
    (bench, [moon, balloon, canal])
}

async fn find(bench: &Bench, query: SearchQuery) -> Vec<Hit> {
    let mut reading = bench.store.read().await.unwrap();
    search::by_words(&mut reading, &query).await.unwrap()
}

fn words(query: &str) -> SearchQuery {
    SearchQuery { query: query.into(), limit: 9, ..SearchQuery::default() }
}

async fn ids(bench: &Bench, query: SearchQuery) -> Vec<ArticleId> {
    find(bench, query).await.into_iter().map(|hit| hit.article_id).collect()
}

#[tokio::test]
async fn finds_by_words() {
    let (bench, [moon, balloon, canal]) = library().await;
    for (query, found) in [
        ("balloon", vec![balloon]),
        ("BALLOONS", vec![balloon]),
        ("eugenie", vec![canal]),
        ("U.S. warship", vec![canal]),
        ("twenty-five", vec![balloon]),
        // The title counts more than the text.
        ("paris", vec![balloon, canal]),
        // All the words where that finds something, else any of them.
        ("walked Moon", vec![moon]),
        ("walked Suez", vec![canal, moon, balloon]),
        ("zeppelin", vec![]),
    ] {
        let mut got = ids(&bench, words(query)).await;
        if query == "walked Suez" {
            assert_eq!(got[0], canal);
            got.sort();
            assert_eq!(got, [moon, balloon, canal]);
        } else {
            assert_eq!(got, found, "{query}");
        }
    }
}

#[tokio::test]
async fn finds_an_actor_under_every_name() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let vote = Told {
        url: "https://example.org/vote",
        text: "The African National Congress (ANC) won. Nelson Mandela leads it; Mandela voted in Inanda.",
        actor: "African National Congress (ANC)",
        called: &["African National Congress", "ANC"],
        ..Told::default()
    };
    let (_, vote) = vote.story(&mut tx).await;
    let pledge = Told {
        url: "https://example.org/pledge",
        text: "The ANC pledged a million homes.",
        actor: "ANC",
        called: &["ANC"],
        minutes: 10,
        ..Told::default()
    };
    let (_, pledge) = pledge.story(&mut tx).await;
    let oath = Told {
        url: "https://example.org/oath",
        text: "Nelson Mandela took the oath. Mandela danced.",
        actor: "Nelson Mandela",
        called: &["Nelson Mandela", "Mandela"],
        minutes: 20,
        ..Told::default()
    };
    let (_, oath) = oath.story(&mut tx).await;
    let visit = Told {
        url: "https://example.org/visit",
        text: "Winnie Mandela opened a school. Mandela stayed an hour.",
        actor: "Winnie Mandela",
        called: &["Winnie Mandela", "Mandela"],
        minutes: 30,
        ..Told::default()
    };
    let (_, visit) = visit.story(&mut tx).await;
    bench.reread(tx).await;
    for (actor, found) in [
        ("anc", vec![pledge, vote]),
        ("African National Congress", vec![pledge, vote]),
        ("Mandela", vec![visit, oath]),
        ("Nelson Mandela", vec![oath]),
        ("F. W. de Klerk", vec![]),
    ] {
        let query = SearchQuery { actor: Some(actor.into()), ..words("") };
        assert_eq!(ids(&bench, query).await, found, "{actor}");
    }
    let mut reading = bench.store.read().await.unwrap();
    let suggested = search::actor_names(&mut reading, "nation", 9).await.unwrap();
    assert_eq!(suggested, ["African National Congress (ANC)"]);
    let suggested = search::actor_names(&mut reading, "anc", 9).await.unwrap();
    assert_eq!(suggested, ["African National Congress (ANC)", "ANC"]);
}

#[tokio::test]
async fn narrows_and_pages() {
    let (bench, [moon, balloon, canal]) = library().await;
    let paris = words("paris");
    for (query, found) in [
        (SearchQuery { actor: Some("EUGENIE".into()), ..paris.clone() }, vec![canal]),
        (SearchQuery { actor: Some("Montgolfier".into()), ..paris.clone() }, vec![balloon]),
        (SearchQuery { actor: Some("Mont".into()), ..paris.clone() }, vec![]),
        (SearchQuery { source: Some("herald".into()), ..paris.clone() }, vec![canal]),
        (SearchQuery { from: Some(at(20)), ..paris.clone() }, vec![canal]),
        (SearchQuery { to: Some(at(20)), ..paris.clone() }, vec![balloon]),
        (SearchQuery { limit: 1, ..paris.clone() }, vec![balloon]),
        (SearchQuery { limit: 1, offset: 1, ..paris.clone() }, vec![canal]),
        (SearchQuery { offset: 2, ..paris.clone() }, vec![]),
        (SearchQuery { offset: 1, ..words("walked Moon") }, vec![]),
        (words("  "), vec![canal, balloon, moon]),
        (SearchQuery { actor: Some("neil armstrong".into()), ..words("") }, vec![moon]),
        (
            SearchQuery { source: Some("gazette".into()), from: Some(at(0)), to: Some(at(11)), ..words("") },
            vec![balloon],
        ),
        (SearchQuery { limit: 1, offset: 1, ..words("") }, vec![balloon]),
    ] {
        assert_eq!(ids(&bench, query.clone()).await, found, "{query:?}");
    }
}

#[tokio::test]
async fn shows_where_the_words_stand() {
    let (bench, _) = library().await;
    let hit = find(&bench, words("rooster")).await.remove(0);
    assert!(hit.score > 0.0);
    insta::assert_snapshot!(
        hit.snippet,
        @"…The Montgolfier brothers had tried it with a sheep, a duck and a rooster before. The crowd in Paris did not walk home until dark."
    );
    let hit = find(&bench, SearchQuery { limit: 1, ..words("") }).await.remove(0);
    assert_eq!(hit.score, 0.0);
    insta::assert_snapshot!(
        hit.snippet,
        @"The canal at Suez was opened with a fleet of ships, the Aigle of Empress Eugénie first among them. The U.S. sent no warship, nor did Paris."
    );
}

#[tokio::test]
async fn no_text_of_a_person_is_an_error() {
    let (bench, [_, balloon, _]) = library().await;
    for hostile in [
        "\"",
        "\"\"",
        "'",
        "*",
        "^",
        "(",
        ")",
        "-",
        "+",
        "{a b}:c",
        "title:",
        "title : balloon",
        "text:(",
        "NEAR(",
        "NEAR",
        "AND",
        "OR",
        "NOT",
        "a AND",
        "AND AND",
        "OR NOT (",
        "balloon*",
        "^balloon",
        "-balloon",
        "\"balloon",
        "balloon\"rises",
        "; DROP TABLE articles; --",
        "%_",
        "\\",
        "\0",
        "bal\0loon",
        "\u{202e}",
        "🎈",
        "½",
        "٣",
        "\u{300}",
        "x\u{300}",
        "ﷺ",
        "ª",
        "\u{1e900}",
        "\u{32000}",
        "???",
        "?1",
        ":a",
        "@a",
        "$a",
        "'; --",
        "balloon\n\rrises\tover",
        "*\"*",
        "\"*",
        "()\"()",
    ] {
        find(&bench, words(hostile)).await;
        find(
            &bench,
            SearchQuery { actor: Some(hostile.into()), source: Some(hostile.into()), ..words("balloon") },
        )
        .await;
    }
    assert_eq!(ids(&bench, words("\"balloon rises")).await, [balloon]);
    assert_eq!(ids(&bench, words("title:balloon")).await, []);
    assert_eq!(ids(&bench, words("(balloon) AND -paris*")).await, [balloon]);
    assert_eq!(ids(&bench, words("\u{1f388} ??? …")).await, [], "nothing to look for");
    for long in [
        "balloon ".repeat(1_250),
        "b".repeat(10_000),
        "\"".repeat(10_000),
        "(".repeat(10_000),
        "日本".repeat(5_000),
    ] {
        find(&bench, words(&long)).await;
    }
    assert_eq!(ids(&bench, words(&"balloon ".repeat(1_250))).await, [balloon]);
}

#[tokio::test]
async fn finds_what_is_near_in_meaning() {
    let (bench, [moon, balloon, canal]) = library().await;
    let mut reading = bench.store.read().await.unwrap();
    let asked = [0.6, -0.8, 0.0];
    for (span, least, limit, found) in [
        ((None, None), 0.5, 9, vec![canal, balloon, moon]),
        ((Some(at(10)), None), 0.5, 9, vec![canal, balloon]),
        ((Some(at(0)), Some(at(10))), 0.5, 9, vec![moon]),
        ((None, None), 0.5, 1, vec![canal]),
        ((None, None), 1.1, 9, vec![]),
    ] {
        let near = search::nearest(&mut reading, &asked, span, (least, limit), |_, _| true).await.unwrap();
        assert_eq!(
            near.iter().map(|near| near.article_id).collect::<Vec<_>>(),
            found,
            "{span:?} {least} {limit}"
        );
        assert!(near.iter().all(|near| (near.likeness - 1.0).abs() < 1e-6));
    }
    let but_one = |article, _| article != balloon;
    let near = search::nearest(&mut reading, &asked, (None, None), (0.5, 9), but_one).await.unwrap();
    assert_eq!(near.len(), 2);
    let of_another_encoder = search::nearest(&mut reading, &[1.0], (None, None), (0.5, 9), |_, _| true).await;
    assert_eq!(of_another_encoder.unwrap(), []);
}
