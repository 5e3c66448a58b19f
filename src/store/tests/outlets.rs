use std::collections::HashSet;

use super::*;
use crate::store::{housekeeping, outlets};

fn prints(numbers: std::ops::Range<i64>) -> HashSet<i64> {
    numbers.collect()
}

#[tokio::test]
async fn what_recurs_on_three_pages_of_an_outlet_is_furniture() {
    let bench = Bench::new().await;
    let mut tx = bench.store.write().await.unwrap();
    for page in 1..=3 {
        let mut page_prints = prints(100 * page..100 * page + 9);
        page_prints.insert(7);
        assert!(outlets::recurring(&mut tx, "gazette.example").await.unwrap().is_empty());
        outlets::learn(&mut tx, "gazette.example", &page_prints, at(page)).await.unwrap();
    }
    assert_eq!(outlets::recurring(&mut tx, "gazette.example").await.unwrap(), HashSet::from([7]));
    assert!(outlets::recurring(&mut tx, "herald.example").await.unwrap().is_empty());

    let pruned = housekeeping::prune(&mut tx, at(3)).await.unwrap();
    assert_eq!(pruned.outlet_blocks, 18, "the paragraphs of the first two pages");
    assert_eq!(outlets::recurring(&mut tx, "gazette.example").await.unwrap(), HashSet::from([7]));
}

#[tokio::test]
async fn an_article_that_comes_again_teaches_nothing() {
    let bench = Bench::new().await;
    let mut tx = bench.store.write().await.unwrap();
    for edition in 1..=5 {
        outlets::learn(&mut tx, "gazette.example", &prints(0..10 + edition), at(edition)).await.unwrap();
    }
    assert!(outlets::recurring(&mut tx, "gazette.example").await.unwrap().is_empty());
}

#[tokio::test]
async fn the_memory_of_an_outlet_is_bounded() {
    let bench = Bench::new().await;
    let mut tx = bench.store.write().await.unwrap();
    for page in 0..50 {
        outlets::learn(&mut tx, "gazette.example", &prints(100 * page..100 * page + 100), at(page))
            .await
            .unwrap();
    }
    let pruned = housekeeping::prune(&mut tx, at(1_000)).await.unwrap();
    assert_eq!(pruned.outlet_blocks, 4_000);
}
