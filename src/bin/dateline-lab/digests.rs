//! Digests against written summaries: ROUGE beside Lead-3, LexRank and the oracle, and what a reader
//! would stumble over.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args as ClapArgs;
use dateline::domain::{Digest, Span, Summarizer};
use dateline::reading::salience::forms;
use dateline::reading::{Document, MAX_SENTENCES, ReadOptions, Reader, Vectors};

use crate::news::rows;
use crate::rouge::{self, Lines, Scores};
use crate::{lexrank, oracle};

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  dateline-lab eval digest --data ../data --show digests.txt")]
pub struct Args {
    /// Folder that holds summaries/dev.jsonl.gz
    #[arg(long)]
    data: PathBuf,
    /// Articles read, from the first
    #[arg(long, default_value_t = usize::MAX, hide_default_value = true)]
    limit: usize,
    /// Writes 30 digests beside Lead-3 into this file
    #[arg(long)]
    show: Option<PathBuf>,
}

/// Digests in the file of `--show`, spread over all articles.
const SHOWN: usize = 30;

/// Bounds on the sentences that are looked at, to see what a bound costs.
const BOUNDS: [usize; 3] = [20, 40, 80];

const THREE: ReadOptions = ReadOptions { sentences: 3, max_words: usize::MAX };

/// Reads the articles and prints the tables.
pub fn evaluate(args: &Args, models_dir: &Path) -> anyhow::Result<()> {
    let reader = Reader::load(models_dir)?;
    let rows = rows(&args.data.join("summaries/dev.jsonl.gz"), args.limit)?;
    let mut table = Table::default();
    let mut faults = Faults::default();
    let mut shown = String::new();
    for (number, row) in rows.iter().enumerate() {
        let article = row.article();
        let document = Document::of_article(&article);
        let (vectors, mentions) = reader.see(&document, MAX_SENTENCES)?;
        let reference = rouge::lines(&row.summary);
        let texts: Vec<&str> = document.sentences.iter().map(|s| document.slice(s.span)).collect();
        let tokens: Lines = texts.iter().map(|text| rouge::tokens(text)).collect();
        let pick = |chosen: &[usize]| chosen.iter().map(|&at| texts[at]).collect::<Vec<_>>();
        let lead: Vec<usize> = (0..texts.len().min(3)).collect();

        table.add("Lead-3", &reference, &pick(&lead));
        table.add("LexRank, 3 sentences", &reference, &pick(&lexrank::choose(&tokens, 3)));
        let (three, _) = reader.digest(&article, &document, &vectors, &mentions, &THREE)?;
        table.add("dateline, 3 sentences", &reference, &sentences(&three));
        let as_many = &texts[..texts.len().min(three.summary.len())];
        table.add("Lead of as many sentences", &reference, as_many);
        for bound in BOUNDS {
            let first = Vectors {
                title: vectors.title.clone(),
                sentences: vectors.sentences.iter().take(bound).cloned().collect(),
            };
            let (bounded, _) = reader.digest(&article, &document, &first, &mentions, &THREE)?;
            table.add(&format!("  of the first {bound} only"), &reference, &sentences(&bounded));
        }
        table.add("oracle, 3 sentences", &reference, &pick(&oracle::greedy(&tokens, &reference, 3)));

        let options = ReadOptions::default();
        let (digest, _) = reader.digest(&article, &document, &vectors, &mentions, &options)?;
        table.add("digest, 60 words", &reference, &sentences(&digest));
        let cut = cut(&pick(&lead), options.max_words);
        table.add("Lead-3, 60 words", &reference, &cut.iter().map(String::as_str).collect::<Vec<_>>());
        for digest in [&three, &digest] {
            faults.look(&document, digest);
        }
        if number % rows.len().div_ceil(SHOWN) == 0 {
            show(&mut shown, &row.id, &digest, &pick(&lead), &row.summary)?;
        }
    }
    table.print();
    faults.print();
    if let Some(path) = &args.show {
        std::fs::write(path, shown).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

fn sentences(digest: &Digest) -> Vec<&str> {
    digest.summary.iter().map(|sentence| sentence.text.as_str()).collect()
}

/// The first `most` words of sentences.
fn cut(sentences: &[&str], most: usize) -> Vec<String> {
    let mut left = most;
    let mut kept = Vec::new();
    for sentence in sentences {
        let words: Vec<&str> = sentence.split_whitespace().take(left).collect();
        left -= words.len();
        kept.push(words.join(" "));
    }
    kept
}

fn show(to: &mut String, id: &str, digest: &Digest, lead: &[&str], summary: &str) -> std::fmt::Result {
    writeln!(to, "=== {id}")?;
    writeln!(to, "dateline ({:?}):", digest.provenance.summarizer)?;
    sentences(digest).iter().try_for_each(|text| writeln!(to, "  {text}"))?;
    writeln!(to, "Lead-3:")?;
    lead.iter().try_for_each(|text| writeln!(to, "  {text}"))?;
    writeln!(to, "written:")?;
    summary.lines().try_for_each(|text| writeln!(to, "  {text}"))?;
    writeln!(to)
}

/// Means over articles, in the order in which the rows came.
#[derive(Default)]
struct Table {
    rows: Vec<(String, Sums)>,
}

#[derive(Default)]
struct Sums {
    rouge: Scores,
    sentences: usize,
    words: usize,
    articles: usize,
}

impl Table {
    fn add(&mut self, name: &str, reference: &Lines, summary: &[&str]) {
        let at = self.rows.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.rows.push((name.to_owned(), Sums::default()));
            self.rows.len() - 1
        });
        let sums = &mut self.rows[at].1;
        let lines: Lines = summary.iter().map(|text| rouge::tokens(text)).collect();
        sums.rouge.iter_mut().zip(rouge::score(reference, &lines)).for_each(|(sum, score)| *sum += score);
        sums.sentences += summary.len();
        sums.words += summary.iter().map(|text| text.split_whitespace().count()).sum::<usize>();
        sums.articles += 1;
    }

    fn print(&self) {
        println!("F1 in percent, stemmed      ROUGE-1  ROUGE-2  ROUGE-Lsum  sentences    words  articles");
        for (name, sums) in &self.rows {
            let mean = |sum: f64| sum / sums.articles.max(1) as f64;
            let [one, two, lsum] = sums.rouge.map(|sum| 100.0 * mean(sum));
            let (sentences, words) = (mean(sums.sentences as f64), mean(sums.words as f64));
            println!(
                "{name:<27} {one:>7.2}  {two:>7.2}  {lsum:>10.2}  {sentences:>9.2}  {words:>7.1}  {:>8}",
                sums.articles
            );
        }
    }
}

/// What must not be among the sentences shown.
#[derive(Default)]
struct Faults {
    sentences: usize,
    spans_broken: usize,
    dangling: Vec<String>,
    residue: Vec<String>,
    abstained: usize,
}

impl Faults {
    fn look(&mut self, document: &Document, digest: &Digest) {
        if digest.provenance.summarizer != Summarizer::Extractive {
            self.abstained += 1;
            return;
        }
        let mut shown_before = None;
        for sentence in &digest.summary {
            self.sentences += 1;
            let span = sentence.start.zip(sentence.end).map(|(start, end)| Span { start, end });
            let of = |span: Span| {
                document.sentences.iter().position(|s| s.span.start <= span.start && span.end <= s.span.end)
            };
            let whole = span.filter(|span| document.slice(*span) == sentence.text).and_then(of);
            self.spans_broken += usize::from(whole.is_none());
            let follows = whole.is_some() && whole == shown_before.map(|before: usize| before + 1);
            shown_before = whole;
            if dangles(&sentence.text) && !follows {
                self.dangling.push(sentence.text.clone());
            }
            if is_residue(&sentence.text) {
                self.residue.push(sentence.text.clone());
            }
        }
    }

    fn print(&self) {
        let percent = |part: usize| 100.0 * part as f64 / self.sentences.max(1) as f64;
        println!("{} extractive sentences, {} lede digests", self.sentences, self.abstained);
        println!("not equal to their span: {}", self.spans_broken);
        println!("dangling openings: {} ({:.2} %)", self.dangling.len(), percent(self.dangling.len()));
        println!("residue: {}", self.residue.len());
        for text in self.dangling.iter().take(20) {
            println!("  dangling: {text}");
        }
        for text in self.residue.iter().take(20) {
            println!("  residue: {text}");
        }
    }
}

/// Whether a sentence, as shown, begins with a word that points at one before it.
fn dangles(text: &str) -> bool {
    const POINTING: &[&str] = &[
        "he", "she", "they", "it", "his", "her", "their", "its", "him", "them", "this", "that", "these",
        "those", "such", "but", "and", "or", "so", "yet", "however", "instead", "nevertheless", "therefore",
        "moreover", "furthermore", "additionally", "similarly", "then", "also", "meanwhile", "he's", "she's",
        "it's", "both", "another", "others",
    ];
    /// "This week" means the day of publication.
    const TIMES: &[&str] =
        &["week", "weekend", "month", "year", "morning", "summer", "winter", "spring", "season"];
    let lower = text.to_lowercase().replace('’', "'");
    let mut words = lower.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    POINTING.contains(&first) && !(first == "this" && TIMES.contains(&second))
        || forms(&Document::new(text, None)).first().is_none_or(|form| form.dangling)
}

/// Whether a sentence speaks of the page, not of the news.
fn is_residue(text: &str) -> bool {
    const PHRASES: &[&str] = &[
        "scroll down",
        "click here",
        "read more",
        "read:",
        "watch:",
        "see also",
        "share this",
        "follow us",
        "follow @",
        "sign up",
        "subscribe",
        "newsletter",
        "leave a comment",
        "contributed to this report",
        "all rights reserved",
        "last updated",
        "photo:",
        "pictured:",
        "video:",
        "copyright ©",
        "©",
        "comments below",
        "for confidential support",
        "hide caption",
    ];
    let lower = text.to_lowercase();
    PHRASES.iter().any(|phrase| lower.contains(phrase))
}
