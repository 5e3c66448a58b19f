//! What a program got wrong, page by page, for those who improve it.

use std::io::Write;

use dateline::domain::Published;

use super::programs::{Extracted, Run};
use super::score::collapse;
use super::sets::{Body, Page};
use super::table::{Verdict, verdicts};

/// Writes the faults of a run: a heading for every page that has some, and a line for each.
pub fn write(out: &mut impl Write, run: &Run, pages: &[Page]) -> std::io::Result<()> {
    for (page, output) in pages.iter().zip(&run.outputs) {
        let faults = faults(page, &output.extracted);
        if output.failed || !faults.is_empty() {
            let failed = if output.failed { " (failed)" } else { "" };
            writeln!(out, "{} {} | {}{failed}", run.name, run.version, page.name)?;
        }
        for fault in faults {
            writeln!(out, "  {fault}")?;
        }
    }
    Ok(())
}

fn faults(page: &Page, found: &Extracted) -> Vec<String> {
    let (with, without) = match &page.body {
        Body::Segments { with, without } => (with.clone(), without.clone()),
        // Of a whole text the lines are the segments: its own, and those that it has not.
        Body::Whole(gold) => {
            let gold_text = collapse(gold);
            let strange = lines(&found.text).filter(|line| !gold_text.contains(line.as_str()));
            (lines(gold).collect(), strange.collect())
        }
    };
    let text = collapse(&found.text);
    let missed = with.iter().map(|segment| collapse(segment)).filter(|segment| !text.contains(segment));
    let kept = without.iter().map(|segment| collapse(segment)).filter(|segment| text.contains(segment));
    let mut faults: Vec<String> = missed.map(|segment| format!("missed: {segment}")).collect();
    faults.extend(kept.map(|segment| format!("kept: {segment}")));
    let date = |date: Option<Published>| date.map(|date| date.to_string());
    let fields = [
        ("title", found.title.clone(), page.title.clone()),
        ("byline", found.byline.clone(), page.authors.clone()),
        ("date", date(found.published), date(page.published)),
    ];
    for ((field, found, gold), verdict) in fields.into_iter().zip(verdicts(page, found)) {
        if verdict.is_some_and(|verdict| verdict != Verdict::Right) {
            let [found, gold] =
                [found, gold].map(|value| collapse(&value.unwrap_or_else(|| "none".to_owned())));
            faults.push(format!("{field}: {found} | right: {gold}"));
        }
    }
    faults
}

fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(collapse).filter(|line| !line.is_empty())
}
