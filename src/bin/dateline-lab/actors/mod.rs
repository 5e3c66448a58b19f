//! Names, actors and key actors on gold data, beside spaCy; and the training of the tagger.
//!
//! Names count where span and kind are those of the gold. Actors are measured over the names found (B-cubed), key
//! actors against those that at least three of five summaries of a document name.

mod gold;
pub mod key;
mod peers;
mod score;
mod states;
pub mod train;
mod votes;

use std::path::{Path, PathBuf};

use dateline::domain::{Article, Mention, Span};
use dateline::reading::actors::Words;
use dateline::reading::actors::tagger::Tagger;
use dateline::reading::encoder::Encoder;
use dateline::reading::{Document, ReadOptions, Reader, models};
use tch::Kind;

use gold::Gold;
use score::{Counts, Found, KeyScores, Scores};
use states::Corpus;

/// What to measure.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder that holds actors/gum.jsonl.gz and actors/gmb_voa.conll.gz
    #[arg(long)]
    data: PathBuf,
    /// Folder that keeps the encoder's states between runs
    #[arg(long)]
    cache: Option<PathBuf>,
    /// Measure spaCy too; `make peers` installs it
    #[arg(long)]
    peers: bool,
    /// Weights other than those in the program
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Only this genre of GUM, all of its documents
    #[arg(long)]
    genre: Option<String>,
    /// Print what was missed and what was wrong
    #[arg(long)]
    errors: bool,
}

/// Prints a table for each set.
pub fn evaluate(args: &Args, models_dir: &Path) -> anyhow::Result<()> {
    tch::set_num_threads(1);
    let encoder = Encoder::load(&models::encoder().folder(models_dir))?;
    let tagger = match &args.weights {
        Some(path) => Tagger::from_bytes(&std::fs::read(path)?),
        None => Tagger::load(),
    };
    let tagger = tagger.map_err(anyhow::Error::msg)?;
    let gum = gold::gum(&args.data.join("actors/gum.jsonl.gz"))?;
    let mut sets: Vec<(String, Vec<Gold>)> = Vec::new();
    if let Some(genre) = &args.genre {
        let all = gum.into_iter().filter(|gold| gold.genre == *genre && gold.trainable).collect();
        sets.push((format!("GUM {genre}"), all));
    } else {
        let gmb = args.data.join("actors/gmb_voa.conll.gz");
        let test =
            || gold::gmb(&gmb).map(|all| all.into_iter().filter(|gold| gold.partition == "test").collect());
        sets.push(("GMB test".to_owned(), test()?));
        if args.peers {
            sets.push((
                "GMB test as corrected".to_owned(),
                votes::corrected(test()?, args.cache.as_deref())?,
            ));
        }
        let (dev, rest): (Vec<Gold>, Vec<Gold>) = gum.into_iter().partition(|gold| gold.partition == "dev");
        let test: Vec<Gold> = rest.into_iter().filter(|gold| gold.partition == "test").collect();
        sets.push(("GUM dev".to_owned(), dev));
        sets.push(("GUM test".to_owned(), test));
    }
    let mut key: Vec<KeyTable> = Vec::new();
    for (set, golds) in &sets {
        let peers = measure(args, set, golds, &encoder, &tagger)?;
        if set.starts_with("GUM") && args.weights.is_none() {
            let table = measure_key(golds, &peers, &Reader::load(models_dir)?, args.errors)?;
            print_key(set, &table);
            key.push(table);
        }
    }
    // A part of GUM has few documents: apart, each says little.
    if let [first, second] = key.as_slice() {
        let both = first.iter().zip(second).map(|((name, one), (_, other))| (name.clone(), one.and(*other)));
        print_key("GUM dev and test", &both.collect());
    }
    Ok(())
}

/// Key actors of the digest and of each peer, by name.
type KeyTable = Vec<(String, KeyScores)>;

fn print_key(set: &str, table: &KeyTable) {
    println!("{set:<40} {:>6} {:>6} {:>6}   at most {} key actors", "P", "R", "F1", score::MOST);
    let row = |name: &str, counts: Counts| {
        let [p, r, f] = [counts.precision(), counts.recall(), counts.f1()].map(|share| 100.0 * share);
        println!("{name:<40} {p:>6.1} {r:>6.1} {f:>6.1}");
    };
    for (name, scores) in table {
        row(name, scores.counts);
    }
    if let Some((_, KeyScores { counts, reachable })) = table.first() {
        row("ceiling", Counts { right: *reachable, found: *reachable, gold: counts.gold });
    }
}

/// A gold text as the reader gets it.
fn article(gold: &Gold) -> Article {
    let paragraphs = gold.text.split("\n\n").map(str::to_owned).collect();
    Article { title: gold.title.clone(), paragraphs, ..Article::default() }
}

/// Key actors of the digest, and the most frequent names of each peer.
fn measure_key(
    golds: &[Gold],
    peers: &[peers::Names],
    reader: &Reader,
    errors: bool,
) -> anyhow::Result<KeyTable> {
    let mut ours = KeyScores::default();
    for gold in golds {
        let digest = reader.read(&article(gold), &ReadOptions::default())?.digest;
        if errors {
            let index = dateline::domain::CharIndex::new(&gold.text);
            let names: Vec<&str> = digest.actors.iter().map(|actor| actor.name.as_str()).collect();
            let wanted = score::key_names(gold).map(|name| &gold.text[index.bytes(name.span)]);
            let wanted: std::collections::BTreeSet<&str> = wanted.collect();
            println!("{}: wanted {wanted:?}, given {names:?}", gold.id);
        }
        let actors: Vec<Vec<Span>> = digest.actors.into_iter().map(|actor| actor.mentions).collect();
        ours.add(gold, &actors);
    }
    let mut table = vec![("digest".to_owned(), ours)];
    for names in peers {
        let mut scores = KeyScores::default();
        for gold in golds {
            let found: &[Found] = names.found.get(&gold.id).map_or(&[], Vec::as_slice);
            scores.add(gold, &most_frequent(&gold.text, found));
        }
        table.push((format!("{}, most frequent", names.peer), scores));
    }
    Ok(table)
}

/// Names by frequency, a person's surname counting for the full name.
fn most_frequent(text: &str, found: &[Found]) -> Vec<Vec<Span>> {
    let index = dateline::domain::CharIndex::new(text);
    let name = |one: &Found| &text[index.bytes(one.span)];
    let mut groups: Vec<(String, Vec<Span>)> = Vec::new();
    let mut longest_first: Vec<&Found> = found.iter().collect();
    longest_first.sort_by_key(|one| std::cmp::Reverse(name(one).split_whitespace().count()));
    for one in longest_first {
        let same = |group: &&mut (String, Vec<Span>)| {
            group.0 == name(one) || group.0.rsplit(' ').next() == Some(name(one))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.1.push(one.span),
            None => groups.push((name(one).to_owned(), vec![one.span])),
        }
    }
    groups.sort_by_key(|(_, spans)| (std::cmp::Reverse(spans.len()), spans.iter().min().copied()));
    groups.into_iter().map(|(_, spans)| spans).collect()
}

/// Prints the table of one set; returns what the peers found.
fn measure(
    args: &Args,
    set: &str,
    golds: &[Gold],
    encoder: &Encoder,
    tagger: &Tagger,
) -> anyhow::Result<Vec<peers::Names>> {
    let texts = || golds.iter().map(|gold| gold.text.as_str());
    let name = set.trim_end_matches(" as corrected").to_lowercase().replace(' ', "-");
    let corpus = Corpus::encode(&name, texts(), encoder, args.cache.as_deref())?;
    let (mut by_rules, mut by_tagger) = (Scores::default(), Scores::default());
    let mut row = 0;
    for (gold, document) in golds.iter().zip(&corpus.documents) {
        let words = Words::new(document);
        by_rules.add(gold, &found(words.mentions_by_rules()));
        let features = words.features();
        let states: Vec<_> = features
            .iter()
            .map(|sentence| {
                let first = row;
                row += sentence.len() as i64;
                corpus.states.narrow(0, first, sentence.len() as i64).to_kind(Kind::Float)
            })
            .collect();
        let found = found(words.mentions_by_scores(tagger.score(&features, &states)));
        by_tagger.add(gold, &found);
        if args.errors {
            print_errors(gold, &found, document);
        }
    }
    let count: usize = golds.iter().map(|gold| gold.names.len()).sum();
    println!("\n{set}: {} documents, {count} names", golds.len());
    println!(
        "{:<40} {:>6} {:>6} {:>6} {:>8} {:>7} {:>7} {:>7} {:>8}",
        "", "P", "R", "F1", "span F1", "person", "organ.", "place", "B-cubed"
    );
    print_row("rules alone", &by_rules);
    print_row("tagger", &by_tagger);
    let mut peers = Vec::new();
    if args.peers {
        let texts: Vec<(&str, &str)> =
            golds.iter().map(|gold| (gold.id.as_str(), gold.text.as_str())).collect();
        for size in ["sm", "md"] {
            match peers::spacy(size, &texts) {
                Ok(names) => {
                    let mut scores = Scores::default();
                    for gold in golds {
                        let found: &[Found] = names.found.get(&gold.id).map_or(&[], Vec::as_slice);
                        scores.add(gold, found);
                    }
                    print_row(&names.peer, &scores);
                    peers.push(names);
                }
                Err(error) => println!("spaCy {size}: not measured ({error:#})"),
            }
        }
    } else {
        println!("spaCy: not measured (ask for it with --peers)");
    }
    Ok(peers)
}

fn found(mentions: Vec<Mention>) -> Vec<Found> {
    mentions.into_iter().map(|m| Found { span: m.span, kind: m.kind, actor: m.actor }).collect()
}

fn print_row(name: &str, scores: &Scores) {
    let percent = |of: Counts| 100.0 * of.f1();
    let Scores { names, spans, by_kind, .. } = scores;
    let cubed = scores.b_cubed().map_or("-".to_owned(), |(_, _, f1)| format!("{f1:.3}"));
    println!(
        "{name:<40} {:>6.1} {:>6.1} {:>6.1} {:>8.1} {:>7.1} {:>7.1} {:>7.1} {cubed:>8}",
        100.0 * names.precision(),
        100.0 * names.recall(),
        percent(*names),
        percent(*spans),
        percent(by_kind[0]),
        percent(by_kind[1]),
        percent(by_kind[2]),
    );
}

fn print_errors(gold: &Gold, found: &[Found], document: &Document) {
    let around = |span: Span| {
        let start = span.start.saturating_sub(30);
        let end = span.end + 20;
        let slice = |start, end| document.slice(Span { start, end }).replace('\n', " ");
        format!("{}[{}]{}", slice(start, span.start), slice(span.start, span.end), slice(span.end, end))
    };
    for name in &gold.names {
        if !found.iter().any(|one| one.span == name.span && one.kind == name.kind) {
            println!("missed {:<12} {:<10} {}", format!("{:?}", name.kind), gold.genre, around(name.span));
        }
    }
    for one in found {
        let right = gold.names.iter().any(|name| name.span == one.span && name.kind == one.kind);
        if !right && !gold.optional.contains(&one.span) {
            println!("wrong  {:<12} {:<10} {}", format!("{:?}", one.kind), gold.genre, around(one.span));
        }
    }
}
