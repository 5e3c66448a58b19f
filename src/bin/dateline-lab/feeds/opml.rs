//! Lists of feeds: every file is read, or refused with a reason; and whether what is written of it is read again.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use dateline::feeds::opml;

use crate::unpack;

#[derive(Default)]
struct Score {
    read: usize,
    refused: usize,
    panics: usize,
    feeds: usize,
    /// Files of OPML whose test expects feeds, and those of them with exactly so many.
    counted: usize,
    right: usize,
    /// Lists that come back as they were when they are written and read again.
    round: usize,
}

/// Reads the lists of a folder `feeds` and prints the table.
pub fn evaluate(data: &Path, mut show: Option<&mut impl Write>) -> anyhow::Result<()> {
    let files = unpack(&data.join("opml.tar.xz"))?;
    println!(
        "\nLists of feeds. counted: files of OPML whose test says how many feeds or at least which one;"
    );
    println!("again: read again as it was, once written\n");
    println!(
        "{:<20}{:>7}{:>7}{:>9}{:>8}{:>8}{:>9}{:>7}{:>7}",
        "", "files", "read", "refused", "panics", "feeds", "counted", "right", "again"
    );
    for set in ["listparser", "awesome-rss-feeds"] {
        let of_set = files
            .iter()
            .filter(|(path, _)| path.starts_with(set) && (path.ends_with(".xml") || path.ends_with(".opml")));
        let mut score = Score::default();
        let mut count = 0;
        for (path, bytes) in of_set {
            count += 1;
            match catch_unwind(AssertUnwindSafe(|| opml::read(bytes))) {
                Ok(Ok(list)) => {
                    score.read += 1;
                    score.feeds += list.feeds.len();
                    let again = opml::read(opml::write("", &list.feeds).as_bytes());
                    score.round +=
                        usize::from(again.is_ok_and(|again| again.feeds.len() == list.feeds.len()));
                    if let Some(expected) = expected(bytes) {
                        score.counted += 1;
                        let right = expected == list.feeds.len();
                        score.right += usize::from(right);
                        if let (Some(show), false) = (&mut show, right) {
                            writeln!(show, "{path}: {} feeds | right: {expected}", list.feeds.len())?;
                        }
                    }
                }
                Ok(Err(error)) => {
                    score.refused += 1;
                    if let Some(show) = &mut show {
                        writeln!(show, "{path}: refused: {error}")?;
                    }
                }
                Err(_) => score.panics += 1,
            }
        }
        println!(
            "{set:<20}{count:>7}{:>7}{:>9}{:>8}{:>8}{:>9}{:>7}{:>7}",
            score.read, score.refused, score.panics, score.feeds, score.counted, score.right, score.round
        );
    }
    Ok(())
}

/// How many feeds a test of listparser expects.
fn expected(bytes: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(bytes);
    let (_, count) = text.split_once("len(result['feeds']) ==")?;
    count.trim_start().split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
