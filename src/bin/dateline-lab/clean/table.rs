//! The tables that are printed.

use super::Row;
use super::programs::{Extracted, Output, Run};
use super::score::{self, Segments};
use super::sets::{Body, Page};

const PACE: &str = "pages/s: of CPU time, one thread";

/// Bodies against segments, and metadata, of the pages that `pick` picks.
pub fn segments(title: &str, pages: &[Page], rows: &[Row], pick: impl Fn(&Page) -> bool) {
    println!("{title}: {} pages", pages.iter().filter(|page| pick(page)).count());
    println!("recall: share of the segments that must be in a body which are (must-have accuracy)");
    println!("missed: how many are not; must-not: share of those that must not be in it which are not");
    println!("kept: how many are; {PACE}\n");
    let head =
        ["", "version", "precision", "recall", "F1", "must-not", "kept", "missed", "pages/s", "failed"];
    print(&head, rows, |run| {
        let mut sum = Segments::default();
        for (page, output) in judged(pages, run, &pick) {
            if let Body::Segments { with, without } = &page.body {
                sum.add(&Segments::of(&output.extracted.text, with, without));
            }
        }
        let shares = [sum.precision(), sum.recall(), sum.f1(), sum.rejection()].map(decimals);
        let counts = [sum.kept, sum.missed].map(|count| count.to_string());
        shares.into_iter().chain(counts).chain(pace(judged(pages, run, &pick))).collect()
    });
    metadata(pages, rows, &pick);
}

/// Bodies against whole texts, and metadata where there is gold.
pub fn texts(title: &str, pages: &[Page], rows: &[Row]) {
    println!("{title}: {} pages", pages.len());
    println!("F1: of the runs of four words, mean over the pages; {PACE}\n");
    print(&["", "version", "F1", "lowest", "pages/s", "failed"], rows, |run| {
        let ranked = ranked(pages, run);
        let lowest = ranked.first().map_or(0.0, |(_, f1)| *f1);
        let shares = [mean(&ranked), lowest].map(decimals);
        shares.into_iter().chain(pace(judged(pages, run, &|_| true))).collect()
    });
    if let Some(Row::Measured(run)) = rows.first() {
        let worst = ranked(pages, run).into_iter().take(5);
        let worst: Vec<String> = worst.map(|(name, f1)| format!("{name} {}", decimals(f1))).collect();
        println!("Lowest of {}: {}\n", run.name, worst.join(", "));
    }
    metadata(pages, rows, &|_| true);
}

/// The pages with whole texts and their shingle F1, lowest first.
pub fn ranked<'a>(pages: &'a [Page], run: &'a Run) -> Vec<(&'a str, f64)> {
    let scored = judged(pages, run, &|_| true).filter_map(|(page, output)| match &page.body {
        Body::Whole(gold) => Some((page.name.as_str(), score::shingles(&output.extracted.text, gold))),
        Body::Segments { .. } => None,
    });
    let mut ranked: Vec<(&str, f64)> = scored.collect();
    ranked.sort_by(|one, other| one.1.total_cmp(&other.1));
    ranked
}

/// The mean of what [`ranked`] gives.
pub fn mean(ranked: &[(&str, f64)]) -> f64 {
    ranked.iter().map(|(_, f1)| f1).sum::<f64>() / ranked.len().max(1) as f64
}

/// How often a program's metadata are right, and how often it gives any, where there is gold.
fn metadata(pages: &[Page], rows: &[Row], pick: &impl Fn(&Page) -> bool) {
    let has: [fn(&Page) -> bool; 3] =
        [|page| page.title.is_some(), |page| page.authors.is_some(), |page| page.published.is_some()];
    let [titles, authors, dates] = has.map(|has| pages.iter().filter(|page| pick(page) && has(page)).count());
    if titles + authors + dates == 0 {
        return;
    }
    println!(
        "Right where gold is known ({titles} titles, {authors} bylines, {dates} dates), and given at all\n"
    );
    let head = ["", "version", "title", "given", "byline", "given", "date", "given"];
    print(&head, rows, |run| {
        let verdicts: Vec<[Option<Verdict>; 3]> =
            judged(pages, run, pick).map(|(page, output)| verdicts(page, &output.extracted)).collect();
        let column = |at: usize| {
            let known: Vec<Verdict> = verdicts.iter().filter_map(|page| page[at]).collect();
            let part = |is: fn(Verdict) -> bool| known.iter().filter(|one| is(**one)).count();
            let right = part(|one| one == Verdict::Right);
            let given = part(|one| one != Verdict::Absent);
            [right, given].map(|part| decimals(score::share(part, known.len())))
        };
        (0..3).flat_map(column).collect()
    });
}

/// What is to be said of a piece of metadata that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Right,
    Wrong,
    /// The program gives none.
    Absent,
}

/// Title, byline and date, each where gold is known.
pub fn verdicts(page: &Page, found: &Extracted) -> [Option<Verdict>; 3] {
    fn verdict<T: ?Sized>(
        found: Option<&T>,
        gold: Option<&T>,
        same: impl Fn(&T, &T) -> bool,
    ) -> Option<Verdict> {
        let gold = gold?;
        Some(match found {
            Some(found) if same(found, gold) => Verdict::Right,
            Some(_) => Verdict::Wrong,
            None => Verdict::Absent,
        })
    }
    [
        verdict(found.title.as_deref(), page.title.as_deref(), score::same_title),
        verdict(found.byline.as_deref(), page.authors.as_deref(), score::same_authors),
        verdict(found.published.as_ref(), page.published.as_ref(), score::same_date),
    ]
}

fn judged<'a>(
    pages: &'a [Page],
    run: &'a Run,
    pick: &impl Fn(&Page) -> bool,
) -> impl Iterator<Item = (&'a Page, &'a Output)> {
    pages.iter().zip(&run.outputs).filter(move |(page, _)| pick(page))
}

/// Pages a second on one thread, and how many pages failed.
fn pace<'a>(judged: impl Iterator<Item = (&'a Page, &'a Output)>) -> [String; 2] {
    let (mut pages, mut seconds, mut failed) = (0, 0.0, 0);
    for (_, output) in judged {
        pages += 1;
        seconds += output.seconds;
        failed += usize::from(output.failed);
    }
    [format!("{:.1}", f64::from(pages) / f64::max(seconds, f64::EPSILON)), failed.to_string()]
}

fn decimals(share: f64) -> String {
    format!("{share:.4}")
}

/// Prints a row for each program: its name, its version, and the cells that `cells` makes of its run.
fn print(head: &[&str], rows: &[Row], cells: impl Fn(&Run) -> Vec<String>) {
    let mut lines = vec![head.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>()];
    let mut missing = Vec::new();
    for row in rows {
        match row {
            Row::Measured(run) => {
                lines.push([run.name.clone(), run.version.clone()].into_iter().chain(cells(run)).collect());
            }
            Row::Missing(name) => missing.push(name),
        }
    }
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    for line in &lines {
        let mut row = format!("{:<1$}", line[0], widths[0]);
        for (cell, width) in line.iter().zip(&widths).skip(1) {
            row.push_str(&format!("  {cell:>width$}"));
        }
        println!("{row}");
    }
    for name in missing {
        println!("{name} (Python): not installed; `make peers` installs it");
    }
    println!();
}
