//! What an abstractive model costs: seconds a summary, memory.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use dateline::reading::abstractive::{self, BeamSearch, Model};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dateline-lab bart models/distilbart-cnn-6-6 --threads 2")]
pub struct Args {
    /// Folder of the model
    folder: PathBuf,
    /// Threads of libtorch
    #[arg(long, default_value_t = 1)]
    threads: i32,
    /// Summaries of each kind
    #[arg(long, default_value_t = 2)]
    times: usize,
}

/// Beams and tokens: what a digest asks for, the same with more beams, and what the model was trained to write.
const SEARCHES: [(i64, i64); 4] = [(2, 90), (4, 90), (2, 142), (4, 142)];

pub fn run(args: &Args) -> anyhow::Result<()> {
    ensure!(args.times > 0 && args.threads > 0, "nothing to measure");
    abstractive::use_threads(args.threads);
    let begun = Instant::now();
    let model = Model::load(&args.folder)?;
    println!("loading: {:.1} s, {}", begun.elapsed().as_secs_f64(), memory()?);
    let full = model.encode(&"The guards opened the gate before midnight. ".repeat(400))?;
    for share in [4, 1] {
        let ids = &full[..full.len() / share];
        for (num_beams, max_length) in SEARCHES {
            // Of full length, which is the worst that can come.
            let search = BeamSearch {
                num_beams,
                min_length: max_length,
                max_length,
                no_repeat_ngram_size: 3,
                length_penalty: 2.0,
                early_stopping: true,
            };
            let begun = Instant::now();
            for _ in 0..args.times {
                model.generate(ids, search, &|| false)?;
            }
            println!(
                "{} tokens of text, {num_beams} beams, {max_length} tokens of summary, threads {}: {:.1} s",
                ids.len(),
                args.threads,
                begun.elapsed().as_secs_f64() / args.times as f64
            );
        }
    }
    println!("at the end: {}", memory()?);
    Ok(())
}

/// Resident memory now and at most, as the kernel counts it.
fn memory() -> anyhow::Result<String> {
    let status = std::fs::read_to_string("/proc/self/status").context("reading the memory in use")?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()
    };
    let megabytes =
        |name| field(name).map_or_else(|| "?".to_owned(), |kilobytes| (kilobytes / 1024).to_string());
    Ok(format!("{} MB resident, {} MB at most", megabytes("VmRSS:"), megabytes("VmHWM:")))
}
