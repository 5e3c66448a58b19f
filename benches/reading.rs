//! What reading costs: cleaning, and a digest of a page against the bare encoder pass over its sentences.
//!
//! `cargo bench --bench reading`. One torch thread, as in the bot. The last lines are the ratios that
//! matter: all that stands on the encoder (salience, summary, actors, dates) must not cost more than a
//! tenth of it, and everything from the page on not more than a third.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use dateline::clean::{self, Hints};
use dateline::domain::Article;
use dateline::reading::{Document, MAX_SENTENCES, ReadError, ReadOptions, Reader, models};

/// Forty sentences, one to a line.
const ARTICLE: &str = include_str!("wall.txt");

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let page = page();
    let mut cleaning = criterion.benchmark_group("clean");
    cleaning.throughput(Throughput::Elements(1));
    cleaning.bench_function("page", |b| b.iter(|| clean::html(black_box(&page), &Hints::default())));
    cleaning.finish();

    let reader = Reader::load(&models::directory(None::<&Path>)).expect("the encoder is installed");
    let article = article();
    let document = Document::of_article(&article);
    let title = article.title.as_deref();
    let sentences = document.sentences.iter().map(|sentence| document.slice(sentence.span));
    let texts: Vec<&str> = title.into_iter().chain(sentences).collect();
    let mut reading = criterion.benchmark_group("read");
    reading.bench_function("encoder alone", |b| b.iter(|| reader.embed(black_box(&texts))));
    reading.bench_function("names", |b| b.iter(|| reader.mentions(black_box(&document))));
    reading.bench_function("digest", |b| b.iter(|| digest(&reader, black_box(&page))));
    reading.finish();
    criterion.final_summary();

    // In turns, so that a busy machine slows both alike; the least is what the work itself takes.
    let (mut bare, mut names, mut heads, mut whole) =
        (Duration::MAX, Duration::MAX, Duration::MAX, Duration::MAX);
    let (vectors, mentions) = reader.see(&document, MAX_SENTENCES).expect("the article can be encoded");
    let options = ReadOptions::default();
    for _ in 0..10 {
        bare = bare.min(time(|| reader.embed(&texts).map(drop)));
        names = names.min(time(|| reader.mentions(&document).map(drop)));
        heads =
            heads.min(time(|| reader.digest(&article, &document, &vectors, &mentions, &options).map(drop)));
        whole = whole.min(time(|| digest(&reader, &page)));
    }
    let ratio = |time: Duration| time.as_secs_f64() / bare.as_secs_f64();
    println!("names and their actors, encoder pass included: {names:.1?}, ratio {:.2}", ratio(names));
    println!(
        "from vectors and names to digest: {heads:.1?}, {:.1} % of the encoder alone",
        100.0 * ratio(heads)
    );
    println!(
        "from HTML to digest, {} sentences: {whole:.1?}, encoder alone: {bare:.1?}, ratio {:.2}",
        document.sentences.len(),
        ratio(whole)
    );
    println!("{}", lexrank(&models::encoder().folder(&models::directory(None::<&Path>))));
}

/// What sentence-transformers with LexRank, which gives a summary only, takes for the same sentences.
fn lexrank(encoder: &Path) -> String {
    let mut program = Command::new(".peers/bin/python");
    program.args(["benches/peers/lexrank.py", "benches/wall.txt"]).arg(encoder);
    match program.output() {
        Ok(output) if output.status.success() => {
            format!("sentence-transformers with LexRank: {}", String::from_utf8_lossy(&output.stdout).trim())
        }
        _ => "sentence-transformers with LexRank: not installed (`make peers-torch`)".to_owned(),
    }
}

/// From the page to its digest.
fn digest(reader: &Reader, page: &str) -> Result<(), ReadError> {
    let article = clean::html(page, &Hints::default());
    reader.read(&article, &ReadOptions::default()).map(drop)
}

fn time<E: std::fmt::Debug>(work: impl FnOnce() -> Result<(), E>) -> Duration {
    let start = Instant::now();
    work().expect("the article can be read");
    start.elapsed()
}

/// Paragraphs of two sentences.
fn article() -> Article {
    let lines: Vec<&str> = ARTICLE.lines().collect();
    Article {
        title: Some("East Germany opens the Berlin Wall".to_owned()),
        published: "1989-11-10".parse().ok(),
        paragraphs: lines.chunks(2).map(|pair| pair.join(" ")).collect(),
        ..Article::default()
    }
}

/// The article as a page with what outlets put around it.
fn page() -> String {
    let paragraphs: String = article().paragraphs.iter().map(|text| format!("<p>{text}</p>\n")).collect();
    let links: String =
        (0..60).map(|n| format!("<li><a href=\"/{n}\">More from section {n}</a></li>\n")).collect();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>East Germany opens the Berlin Wall | Example</title></head>\
         <body><nav><ul>{links}</ul></nav><main><article><h1>East Germany opens the Berlin Wall</h1>\n{paragraphs}\
         </article></main><aside><ul>{links}</ul></aside><footer>Example Gazette</footer></body></html>"
    )
}
