use super::*;
use crate::store::{articles, entries};

#[tokio::test]
async fn an_article_comes_back_as_it_went_in() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let told = Told { text: "“Æon” 日本 🌍\n\nThe second paragraph.", ..Told::default() };
    let id = told.insert(&mut tx).await;
    for name in ["echo", "herald"] {
        let feed = feed(&mut tx, name).await;
        let entry = entries::insert_new(&mut tx, feed, &[entry(name)], false, at(0)).await.unwrap()[0];
        entries::mark_read(&mut tx, entry, id, "", at(1)).await.unwrap();
    }
    let mut reading = bench.reread(tx).await;

    assert_eq!(articles::find_by_url(&mut reading, told.url).await.unwrap(), Some(id));
    assert_eq!(articles::find_by_url(&mut reading, "https://example.org/sun").await.unwrap(), None);
    let article = articles::get(&mut reading, id).await.unwrap().unwrap();
    assert_eq!(article.digest, digest(told.text, "Neil Armstrong"));
    assert_eq!(article.vector, [0.6, -0.8, f32::MIN_POSITIVE]);
    assert_eq!((article.title.as_deref(), article.outlet.as_str()), (Some(told.title), told.outlet));
    assert_eq!((article.byline.as_deref(), article.lang.as_deref()), (Some("By the desk"), Some("en")));
    assert_eq!((article.published, article.published_at), (Some(Published::Moment(at(0).into())), at(0)));
    assert_eq!(article.warnings, ["No author was found."]);
    assert_eq!((article.story_id, article.feeds.len()), (None, 2));
    assert_eq!(articles::get(&mut reading, ArticleId(999)).await.unwrap(), None);
}

#[tokio::test]
async fn an_address_is_one_article() {
    let mut bench = Bench::new().await;
    let mut tx = bench.write().await;
    let id = Told::default().insert(&mut tx).await;
    let again = Told { title: "Another title", text: "Another text.", ..Told::default() };
    assert_eq!(again.insert(&mut tx).await, id);
    let mut reading = bench.reread(tx).await;
    let article = articles::get(&mut reading, id).await.unwrap().unwrap();
    assert_eq!(article.title.as_deref(), Some("Eagle has landed"));
    assert_eq!(article.digest.actors.len(), 2, "nothing is added to the first");
}
