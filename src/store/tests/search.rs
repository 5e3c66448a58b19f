use super::*;
use crate::store::search::{self, Hit, SearchQuery};
use crate::store::{entries, feeds};

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

/// A feed that a guild watches, with some articles.
async fn carry(tx: &mut WriteTx, guild: GuildId, name: &str, articles: &[ArticleId]) -> FeedId {
    let feed = feed(tx, name).await;
    feeds::watch(tx, guild, feed, MODERATOR, at(0)).await.unwrap();
    for article in articles {
        let entry = entry(&article.to_string());
        let entry = entries::insert_new(tx, feed, &[entry], false, at(0)).await.unwrap()[0];
        entries::mark_read(tx, entry, *article, "", at(1)).await.unwrap();
    }
    feed
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
    carry(&mut tx, GUILD, "own", &[pledge, vote]).await;
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
    let frequent = search::frequent_actors(&mut reading, 9).await.unwrap();
    let suggested = search::actor_names(&mut reading, GUILD, &frequent, "nation", 9).await.unwrap();
    assert_eq!(suggested, ["African National Congress (ANC)"]);
    let suggested = search::actor_names(&mut reading, GUILD, &frequent, "anc", 9).await.unwrap();
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
async fn gives_the_vectors_in_the_order_of_articles() {
    let (bench, [moon, balloon, canal]) = library().await;
    let mut reading = bench.store.read().await.unwrap();
    let all = search::vectors(&mut reading, ArticleId(0), 9).await.unwrap();
    assert_eq!(all.iter().map(|(id, _)| *id).take(3).collect::<Vec<_>>(), [moon, balloon, canal]);
    assert!(all.iter().all(|(_, vector)| *vector == [0.6, -0.8, f32::MIN_POSITIVE]));
    assert_eq!(search::vectors(&mut reading, moon, 1).await.unwrap(), all[1..2]);
    for (count, before) in [(1, canal), (3, moon), (4, ArticleId(0)), (99, ArticleId(0))] {
        assert_eq!(search::vectors_before(&mut reading, count).await.unwrap(), before, "{count}");
    }
}

#[tokio::test]
async fn tells_which_of_some_articles_pass() {
    let (bench, [moon, balloon, canal]) = library().await;
    let mut reading = bench.store.read().await.unwrap();
    let alone = ArticleId(canal.0 + 1);
    let all = [alone, canal, balloon, moon, ArticleId(99)];
    for (query, found) in [
        (words(""), vec![moon, balloon, canal]),
        (words("its words are another matter"), vec![moon, balloon, canal]),
        (SearchQuery { source: Some("HERALD".into()), ..words("") }, vec![canal]),
        (SearchQuery { actor: Some("armstrong".into()), ..words("") }, vec![moon]),
        (SearchQuery { from: Some(at(10)), to: Some(at(20)), ..words("") }, vec![balloon]),
        (SearchQuery { guild: Some(GUILD), ..words("") }, vec![]),
    ] {
        let passing = search::passing(&mut reading, &query, &all).await.unwrap();
        let mut ids: Vec<ArticleId> = passing.into_keys().collect();
        ids.sort_unstable();
        assert_eq!(ids, found, "{query:?}");
    }
}

#[tokio::test]
async fn a_guild_finds_what_its_feeds_carry_and_nothing_else() {
    let (mut bench, [moon, balloon, canal]) = library().await;
    let mut tx = bench.write().await;
    let own = carry(&mut tx, GUILD, "own", &[moon, canal]).await;
    carry(&mut tx, GuildId(5), "other", &[balloon]).await;
    let mut reading = bench.reread(tx).await;
    let all = [moon, balloon, canal];
    for (guild, query, found) in [
        (GUILD, "paris", vec![canal]),
        (GuildId(5), "paris", vec![balloon]),
        (GuildId(5), "moon", vec![]),
        (GuildId(6), "paris", vec![]),
        (GUILD, "", vec![canal, moon]),
    ] {
        let query = SearchQuery { guild: Some(guild), ..words(query) };
        let hits = search::by_words(&mut reading, &query).await.unwrap();
        assert_eq!(hits.iter().map(|hit| hit.article_id).collect::<Vec<_>>(), found, "{query:?}");
    }
    for (guild, found) in [(GUILD, vec![moon, canal]), (GuildId(5), vec![balloon]), (GuildId(6), vec![])] {
        let query = SearchQuery { guild: Some(guild), ..words("") };
        let mut passing: Vec<_> =
            search::passing(&mut reading, &query, &all).await.unwrap().into_keys().collect();
        passing.sort_unstable();
        assert_eq!(passing, found, "{guild}");
    }
    // What is suggested is its own too.
    for (guild, names, outlets) in [
        (GUILD, &["Neil Armstrong", "Eugénie de Montijo"][..], &["Le Petit Écho", "The Herald"][..]),
        (GuildId(5), &["Joseph-Michel Montgolfier"], &["Gazette"]),
        (GuildId(6), &[], &[]),
    ] {
        let frequent = search::frequent_actors(&mut reading, 9).await.unwrap();
        let suggested = search::actor_names(&mut reading, guild, &frequent, "", 9).await.unwrap();
        assert_eq!(suggested, names, "{guild}");
        assert_eq!(search::outlets(&mut reading, guild, "", 9).await.unwrap(), outlets, "{guild}");
    }
    drop(reading);

    let mut tx = bench.write().await;
    feeds::unwatch(&mut tx, GUILD, own).await.unwrap();
    let mut reading = bench.reread(tx).await;
    let query = SearchQuery { guild: Some(GUILD), ..words("moon") };
    assert_eq!(search::by_words(&mut reading, &query).await.unwrap(), [], "it watches nothing any more");
}

#[tokio::test]
async fn suggests_outlets_by_how_much_they_write() {
    let (mut bench, [moon, balloon, canal]) = library().await;
    let mut tx = bench.write().await;
    Told { url: "https://example.org/more", outlet: "The HERALD", ..Told::default() }.insert(&mut tx).await;
    carry(&mut tx, GUILD, "own", &[moon, balloon, canal]).await;
    let mut reading = bench.reread(tx).await;
    for (typed, found) in [
        ("", vec!["Le Petit Écho", "The Herald", "Gazette"]),
        ("hera", vec!["The Herald"]),
        ("ÉCHO", vec!["Le Petit Écho"]),
        ("times", vec![]),
    ] {
        assert_eq!(search::outlets(&mut reading, GUILD, typed, 9).await.unwrap(), found, "{typed}");
    }
    assert_eq!(search::outlets(&mut reading, GUILD, "", 1).await.unwrap(), ["Le Petit Écho"]);
}

#[tokio::test]
async fn suggests_actors_that_are_rarely_written_about_too() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    // More than are looked through, each written about twice, and one who is once.
    sqlx::query(
        "WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 6000)
         INSERT INTO known_actors (folded, name, called, articles) SELECT 'crowd ' || n, 'Crowd ' || n, 'crowd ' || n, 2 FROM up",
    )
    .execute(&mut *tx)
    .await
    .unwrap();
    let rare = Told {
        text: "Valentina Tereshkova orbits the Earth.",
        actor: "Valentina Tereshkova",
        called: &["Valentina Tereshkova"],
        ..Told::default()
    };
    let (_, rare) = rare.story(&mut tx).await;
    carry(&mut tx, GUILD, "own", &[rare]).await;
    let mut reading = bench.reread(tx).await;
    let frequent = search::frequent_actors(&mut reading, 5_000).await.unwrap();
    for typed in ["teresh", "Valentina T", "tereshkova"] {
        let names = search::actor_names(&mut reading, GUILD, &frequent, typed, 9).await.unwrap();
        assert_eq!(names, ["Valentina Tereshkova"], "{typed}");
    }
    let crowd = search::actor_names(&mut reading, GUILD, &frequent, "crowd", 9).await.unwrap();
    assert_eq!(crowd, [""; 0], "no news of the server names them");
}
