//! Cleaning measured: bodies, titles, authors and dates against gold, and pages a second, of dateline
//! and of other extractors in the same run.

mod peers;
mod programs;
mod report;
mod score;
mod sets;
mod table;

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::panic::{set_hook, take_hook};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};

use dateline::reading::Reader;
use programs::{Program, Run};
use sets::Page;

/// `dateline-lab eval clean`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  dateline-lab eval clean --data ../data\n  \
                  make peers && dateline-lab eval clean --data ../data --peers\n  \
                  dateline-lab eval clean --data ../data --set fixtures --show faults.txt")]
pub struct Args {
    /// Folder that holds extraction/*.tar.xz
    #[arg(long)]
    data: PathBuf,
    /// One set only
    #[arg(long)]
    set: Option<sets::Name>,
    /// Beside extractors written in Python too; `make peers` installs them
    #[arg(long)]
    peers: bool,
    /// Ours with the encoder too, on the paragraphs that the cleaner is in doubt about
    #[arg(long)]
    encoder: bool,
    /// Write what each program got wrong on each page to a file
    #[arg(long, value_name = "FILE")]
    show: Option<PathBuf>,
}

/// A row of a table.
enum Row {
    Measured(Run),
    /// A peer by its name, that is not installed.
    Missing(&'static str),
}

/// Cleans the sets with every program and prints the tables.
pub fn evaluate(args: &Args, models: &Path) -> anyhow::Result<()> {
    let mut show = match &args.show {
        Some(path) => {
            let file = File::create(path).with_context(|| format!("creating {}", path.display()))?;
            Some(BufWriter::new(file))
        }
        None => None,
    };
    let names = [sets::Name::Trafilatura, sets::Name::Readability, sets::Name::Fixtures];
    for name in names.into_iter().filter(|name| args.set.is_none_or(|only| only == *name)) {
        let pages = sets::load(name, &args.data)?;
        let mut programs = vec![programs::dateline()];
        if args.encoder {
            programs.push(programs::dateline_with_encoder(Reader::load(models)?));
        }
        programs.extend(programs::others());
        let rows = run_all(&pages, &programs, args.peers)?;
        match name {
            sets::Name::Trafilatura => {
                table::segments("Web pages with marked segments", &pages, &rows, |_| true);
                table::segments("The English ones of these", &pages, &rows, |page| page.english);
            }
            sets::Name::Readability => {
                let title = "Reader-mode cases: what is expected is another program's output, so this tells \
                             changes, not truth";
                table::texts(title, &pages, &rows);
            }
            sets::Name::Fixtures => table::texts("This project's own pages", &pages, &rows),
        }
        if let Some(show) = &mut show {
            for row in &rows {
                if let Row::Measured(run) = row {
                    report::write(show, run, &pages)?;
                }
            }
        }
    }
    if let Some(mut show) = show {
        show.flush()?;
    }
    Ok(())
}

/// The pages cleaned by one program after the other.
fn run_all(pages: &[Page], programs: &[Program], with_peers: bool) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    // Panics are counted; their reports would only tear the progress bar.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    for program in programs {
        let bar = progress_bar(program.name, pages.len());
        rows.push(Row::Measured(program.run(pages, || bar.inc(1))?));
        bar.finish_and_clear();
    }
    set_hook(hook);
    for peer in peers::PEERS.into_iter().filter(|_| with_peers) {
        let bar = progress_bar(peer, pages.len());
        rows.push(peers::run(peer, pages, || bar.inc(1))?.map_or(Row::Missing(peer), Row::Measured));
        bar.finish_and_clear();
    }
    Ok(rows)
}

/// Shown on a terminal only: indicatif hides it elsewhere.
fn progress_bar(program: &'static str, pages: usize) -> ProgressBar {
    let bar = ProgressBar::new(pages as u64).with_message(program);
    match ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the mean over our own pages may not fall below.
    const BAR: f64 = 0.98;

    #[test]
    fn our_own_pages_stay_clean() {
        let pages = sets::load(sets::Name::Fixtures, Path::new("")).unwrap();
        let run = programs::dateline().run(&pages, || {}).unwrap();
        let ranked = table::ranked(&pages, &run);
        let mean = table::mean(&ranked);
        let worst: Vec<String> = ranked.iter().take(10).map(|(name, f1)| format!("{f1:.3} {name}")).collect();
        assert!(mean >= BAR, "mean F1 {mean:.4} over {} pages; lowest:\n{}", pages.len(), worst.join("\n"));
    }
}
