//! Sentences that trap whoever looks for names: `cases.tsv`, every one of which must be right.

use super::tests::found;

#[test]
fn every_trap_is_told_from_a_name() {
    let rows = include_str!("cases.tsv").lines().filter(|line| !line.starts_with('#'));
    let mut wrong = Vec::new();
    for row in rows {
        let (sentence, expected) = row.split_once('\t').unwrap();
        let found = found(sentence).join(" | ");
        if found != expected {
            wrong.push(format!("{sentence}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
