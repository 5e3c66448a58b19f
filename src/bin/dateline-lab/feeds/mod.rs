//! Feeds measured: read or refused, and the fields that dateline keeps against what the tests of two other parsers
//! expect; ours beside the parser that it stands on, in one table.

mod expect;
mod opml;
mod programs;
mod python;
mod sets;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::panic::{set_hook, take_hook};
use std::path::PathBuf;

use anyhow::Context as _;

use expect::Out;
use programs::{Outcome, PROGRAMS, Program};
use sets::{Case, Set};

/// `dateline-lab eval feeds`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dateline-lab eval feeds --data ../data/feeds --show faults.txt")]
pub struct Args {
    /// Folder that holds feedparser-tests.tar.xz, gofeed.tar.xz and opml.tar.xz
    #[arg(long)]
    data: PathBuf,
    /// Write what each parser refused or got wrong to a file
    #[arg(long, value_name = "FILE")]
    show: Option<PathBuf>,
}

/// Reads the sets with every parser and prints the tables.
pub fn evaluate(args: &Args) -> anyhow::Result<()> {
    let mut show = match &args.show {
        Some(path) => {
            let file = File::create(path).with_context(|| format!("creating {}", path.display()))?;
            Some(BufWriter::new(file))
        }
        None => None,
    };
    let sets = sets::load(&args.data)?;
    scope(&sets);
    println!("read: feeds that were not refused; panics: refused by a panic");
    println!("right: of the expectations on kept fields, those that are met; what is refused meets none\n");
    println!(
        "{:<12}{:<15}{:>7}{:>7}{:>9}{:>8}{:>10}{:>8}{:>9}",
        "", "", "feeds", "read", "refused", "panics", "expected", "right", "share"
    );
    // Panics are counted; their reports would only tear the table.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    for set in &sets {
        for program in &PROGRAMS {
            let score = Score::of(set, program, show.as_mut())?;
            println!(
                "{:<12}{:<15}{:>7}{:>7}{:>9}{:>8}{:>10}{:>8}{:>8.2}%",
                set.name,
                program.name,
                set.cases.len(),
                score.read,
                score.refused,
                score.panics,
                score.expected,
                score.right,
                100.0 * score.right as f64 / f64::max(score.expected as f64, 1.0)
            );
        }
    }
    set_hook(hook);
    opml::evaluate(&args.data, show.as_mut())?;
    if let Some(mut show) = show {
        show.flush()?;
    }
    Ok(())
}

/// Says what the tests' parts come to.
fn scope(sets: &[Set]) {
    let cases = || sets.iter().flat_map(|set| &set.cases);
    let within: usize = cases().map(|case| case.expected.len()).sum();
    let out = |why: Out| cases().flat_map(|case| &case.out).filter(|out| **out == why).count();
    println!(
        "{} feeds; {within} expectations on kept fields: title and site of the feed; title, link, id, date,",
        { cases().count() }
    );
    println!("summary, content, author of an entry. Put aside of feedparser's conditions:");
    println!("  {} on fields that are not kept", out(Out::NotKept));
    println!("  {} on the parser's state, the encoding's name or headers", out(Out::State));
    println!("  {} that compare with something else than a text or a moment", out(Out::Form));
    println!("  {} on CDF, a format that is not read\n", out(Out::Format));
}

#[derive(Default)]
struct Score {
    read: usize,
    refused: usize,
    panics: usize,
    expected: usize,
    right: usize,
}

impl Score {
    fn of(set: &Set, program: &Program, mut show: Option<&mut impl Write>) -> anyhow::Result<Self> {
        let mut score = Self::default();
        for case in &set.cases {
            score.expected += case.expected.len();
            let faults = match program.read(case) {
                Outcome::Read(found) => {
                    score.read += 1;
                    let wrong = case.expected.iter().filter(|expected| !found.meets(expected, &case.base));
                    let wrong: Vec<String> = wrong
                        .map(|expected| {
                            let found = found.shown(expected.field);
                            format!("{:?}: {found} | right: {:?}", expected.field, expected.values)
                        })
                        .collect();
                    score.right += case.expected.len() - wrong.len();
                    wrong
                }
                Outcome::Refused(reason) => {
                    score.refused += 1;
                    vec![format!("refused: {reason}")]
                }
                Outcome::Panicked => {
                    score.panics += 1;
                    vec!["panicked".to_owned()]
                }
            };
            if let Some(show) = &mut show {
                tell(*show, program, case, &faults)?;
            }
        }
        Ok(score)
    }
}

fn tell(show: &mut impl Write, program: &Program, case: &Case, faults: &[String]) -> std::io::Result<()> {
    if !faults.is_empty() {
        writeln!(show, "{} | {}", program.name, case.name)?;
    }
    for fault in faults {
        writeln!(show, "  {fault}")?;
    }
    Ok(())
}
