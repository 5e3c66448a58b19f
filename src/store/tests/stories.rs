use super::*;
use crate::store::stories::StoryQuery;
use crate::store::{entries, feeds, stories};

#[tokio::test]
async fn a_story_grows() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (story, lead) = Told { minutes: 10, ..Told::default() }.story(&mut tx).await;
    let earlier = Told { url: "https://example.com/moon", outlet: "Herald", minutes: 5, ..Told::default() };
    let other = earlier.insert(&mut tx).await;
    assert!(stories::join(&mut tx, story, other, at(5), at(20)).await.unwrap());
    assert!(!stories::join(&mut tx, story, other, at(5), at(21)).await.unwrap(), "it is in already");
    assert_eq!(stories::open(&mut tx, other, at(5), at(22)).await.unwrap(), story, "and stays there");
    let mut reading = bench.reread(tx).await;

    let shown = stories::get(&mut reading, story).await.unwrap().unwrap();
    assert_eq!((shown.revision, shown.updated_at), (2, at(20)));
    assert_eq!(shown.digest, digest(Told::default().text, "Neil Armstrong"));
    let sources: Vec<_> =
        shown.sources.iter().map(|source| (source.article_id, source.outlet.as_str())).collect();
    assert_eq!(sources, [(other, "Herald"), (lead, "Le Petit Écho")], "the earliest first");
    assert_eq!(shown.sources[0].published, Some(Published::Moment(at(5).into())));
    assert_eq!(stories::articles_of(&mut reading, story).await.unwrap(), [other, lead]);
    assert_eq!(stories::get(&mut reading, StoryId(99)).await.unwrap(), None);
}

#[tokio::test]
async fn lists_the_newest_that_a_guild_may_see() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let feed = feed(&mut tx, "echo").await;
    let (moon, moon_article) = Told::default().story(&mut tx).await;
    let wall = Told { url: "https://example.org/wall", outlet: "The Herald", minutes: 9, ..Told::default() };
    let (wall, _) = wall.story(&mut tx).await;
    let entry = entries::insert_new(&mut tx, feed, &[entry("moon")], false, at(0)).await.unwrap()[0];
    entries::mark_read(&mut tx, entry, moon_article, "", at(1)).await.unwrap();
    feeds::watch(&mut tx, GUILD, feed, MODERATOR, at(0)).await.unwrap();
    let mut reading = bench.reread(tx).await;

    let all = StoryQuery { limit: 9, ..StoryQuery::default() };
    for (query, found) in [
        (all.clone(), vec![wall, moon]),
        (StoryQuery { limit: 1, ..all.clone() }, vec![wall]),
        (StoryQuery { offset: 1, ..all.clone() }, vec![moon]),
        (StoryQuery { guild: Some(GUILD), ..all.clone() }, vec![moon]),
        (StoryQuery { guild: Some(GuildId(1)), ..all.clone() }, vec![]),
        (StoryQuery { source: Some("petit ECHO".into()), ..all.clone() }, vec![moon]),
        (StoryQuery { source: Some("herald".into()), ..all.clone() }, vec![wall]),
        (StoryQuery { source: Some("%".into()), guild: Some(GUILD), ..all.clone() }, vec![moon]),
    ] {
        assert_eq!(stories::latest(&mut reading, &query).await.unwrap(), found, "{query:?}");
    }
    assert_eq!(stories::feeds_of(&mut reading, moon).await.unwrap(), [feed]);
    assert_eq!(stories::feeds_of(&mut reading, wall).await.unwrap(), []);
}

#[tokio::test]
async fn candidates_are_what_was_published_about_then() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let (story, article) = Told::default().story(&mut tx).await;
    Told { url: "https://example.org/later", minutes: 60, ..Told::default() }.story(&mut tx).await;
    Told { url: "https://example.org/alone", ..Told::default() }.insert(&mut tx).await;
    let mut reading = bench.reread(tx).await;

    let found = stories::candidates(&mut reading, at(-10), at(0)).await.unwrap();
    assert_eq!(found.len(), 1, "in a story, and in time: {found:?}");
    let candidate = &found[0];
    assert_eq!((candidate.story_id, candidate.article_id), (story, article));
    assert_eq!(candidate.actors, ["neil armstrong"], "folded, and only what can be compared");
    assert_eq!(candidate.dates, ["1969-07-20", "PT24H"]);
    assert_eq!(candidate.vector, [0.6, -0.8, f32::MIN_POSITIVE]);
    assert_eq!((candidate.published_at, candidate.outlet.as_str()), (at(0), "Le Petit Écho"));
    assert_eq!(candidate.text, Told::default().text);
    assert_eq!(stories::candidates(&mut reading, at(0), at(60)).await.unwrap().len(), 2);
    assert_eq!(stories::candidates(&mut reading, at(1), at(59)).await.unwrap().len(), 0);
}
