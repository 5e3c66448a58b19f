//! The commands under load: many people at once, over a database with many stories, through the real Discord client
//! and the embedded Discord.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::{TimeDelta, Utc};
use dateline::app::App;
use dateline::clock::Clock;
use dateline::config::{self, Config, LATE_AFTER};
use dateline::discord::Loopback;
use dateline::domain::{
    Actor, ActorKind, Article, Digest, FeedEntry, FeedUrl, GuildId, Provenance, Published, Span, Summarizer,
    SummarySentence, UserId,
};
use dateline::reading::abstractive::Choice;
use dateline::sandbox::discord::{EmbeddedDiscord, Settings};
use dateline::store::articles::NewArticle;
use dateline::store::{Store, articles, entries, feeds, stories};
use futures_util::future::join_all;
use indicatif::ProgressBar;
use serde_json::{Value, json};

/// `dateline-lab load commands`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dateline-lab load commands --stories 100000 --users 50")]
pub struct Args {
    #[arg(long, default_value_t = 100_000)]
    stories: usize,
    /// People who ask at the same time
    #[arg(long, default_value_t = 50)]
    users: usize,
    /// Questions of each
    #[arg(long, default_value_t = 4)]
    rounds: usize,
}

/// Stories written in one transaction.
const BATCH: usize = 2_000;
const DIMENSIONS: usize = 384;
const OUTLETS: usize = 200;
const PEOPLE: usize = 30_000;
const WORDS: [&str; 24] = [
    "canal", "treaty", "harbour", "election", "strike", "railway", "expedition", "summit", "budget", "flood",
    "trial", "railwaymen", "minister", "parliament", "comet", "telegraph", "wheat", "gold", "border",
    "armistice", "fever", "bridge", "airship", "observatory",
];

/// Fills a database, runs the bot on it, and prints how long people wait.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("load.sqlite");
        let discord = EmbeddedDiscord::start(Settings::default()).await?;
        fill(&path, discord.guild(), args.stories).await?;
        println!("{} stories, {} MB", args.stories, std::fs::metadata(&path)?.len() / 1_000_000);
        let loopback = Loopback { addr: discord.addr(), ca_pem: discord.ca_pem().to_owned() };
        let mut app = App::start(&config(&discord, &path)?, Some(loopback)).await?;
        anyhow::ensure!(app.ready().await, "the bot did not start");
        println!(
            "{} people at once, {} questions each; p50, p95 and the longest wait",
            args.users, args.rounds
        );
        // Nobody may ask as fast alone as all do together.
        let people: Vec<UserId> =
            (0..args.users).map(|n| discord.add_member(&format!("reader {n}"))).collect();
        let person = |n: usize| people[n % people.len()];
        for (what, option) in [("actor", "news search"), ("source", "news search"), ("topic", "news latest")]
        {
            let ask = |n: usize| suggestions(&discord, option, what, n);
            told(&format!("suggestions for {what}"), args, ask).await?;
        }
        told("/news latest, whole answer", args, |n| answer(&discord, person(n), "news latest", Vec::new()))
            .await?;
        told("/news search, whole answer", args, |n| {
            answer(&discord, person(n), "news search", vec![("query", json!(title(n, n * 7)))])
        })
        .await?;
        println!("memory at most: {} MB", super::memory_mb("VmHWM:")?);
        app.stop().request();
        app.run().await
    })
}

async fn told<'a, F>(what: &str, args: &Args, ask: impl Fn(usize) -> F + 'a) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<Duration>> + 'a,
{
    let mut waits = Vec::new();
    for round in 0..args.rounds {
        let asked = (0..args.users).map(|user| ask(round * args.users + user));
        for wait in join_all(asked).await {
            waits.push(wait?);
        }
    }
    waits.sort();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0;
    println!("{what:32} {:8.1} ms {:8.1} ms {:8.1} ms", at(0.5), at(0.95), at(1.0));
    Ok(())
}

async fn suggestions(
    discord: &EmbeddedDiscord,
    command: &str,
    option: &str,
    n: usize,
) -> anyhow::Result<Duration> {
    let typed = ["", "al", "berg", "ma", "x"][n % 5];
    let begun = Instant::now();
    let given: &[(&str, Value)] = if command == "news search" { &[("query", json!("canal"))] } else { &[] };
    let channel = discord.channel("news").context("the channel")?;
    let member = discord.people().member;
    discord.autocomplete(member, channel, command, given, (option, typed)).await?;
    Ok(begun.elapsed())
}

async fn answer(
    discord: &EmbeddedDiscord,
    person: UserId,
    command: &str,
    options: Vec<(&str, Value)>,
) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let channel = discord.channel("news").context("the channel")?;
    discord.invoke(person, channel, command, &options).await?;
    Ok(begun.elapsed())
}

fn config(discord: &EmbeddedDiscord, path: &Path) -> anyhow::Result<Config> {
    Ok(Config {
        discord: config::Discord { token: discord.token().into() },
        store: config::Store { path: path.to_owned() },
        fetch: config::Fetch {
            contact: "https://example.org/load".parse()?,
            allow_hosts: Vec::new(),
            poll_interval: Duration::from_secs(600),
            late_after: LATE_AFTER,
            host_spacing: Duration::ZERO,
        },
        reading: config::Reading {
            models: None,
            threads: 1,
            summarizer: Choice::Extractive,
            summarizer_model: None,
        },
    })
}

/// Stories of one article each, the newest last, five actors each, all from one feed of the guild.
async fn fill(path: &Path, guild: GuildId, count: usize) -> anyhow::Result<()> {
    let store = Store::open(path).await?;
    let now = Clock::System.now();
    let mut tx = store.write().await?;
    let feed =
        feeds::add(&mut tx, &FeedUrl::parse("https://example.org/load.xml")?, now + TimeDelta::days(9))
            .await?;
    feeds::watch(&mut tx, guild, feed, UserId(1), now).await?;
    tx.commit().await?;
    let mut random = fastrand::Rng::with_seed(1914);
    let bar = ProgressBar::new(count as u64);
    for batch in (0..count).collect::<Vec<_>>().chunks(BATCH) {
        let mut tx = store.write().await?;
        for &n in batch {
            let at = now - TimeDelta::seconds(60 * (count - n) as i64);
            let (article, digest, vector) = made(n, at, &mut random);
            let url = format!("https://example.org/{n}");
            let outlet = format!("The {} Herald", name(n % OUTLETS));
            let new = NewArticle {
                article: &article,
                url: &url,
                outlet: &outlet,
                vector: &vector,
                digest: &digest,
                published_at: at,
            };
            let id = articles::insert(&mut tx, &new, at).await?;
            let entry = FeedEntry { key: url.clone(), url: url.parse().ok(), ..FeedEntry::default() };
            for entry in entries::insert_new(&mut tx, feed, &[entry], false, at).await? {
                entries::mark_read(&mut tx, entry, id, "load", at).await?;
                let story = stories::open(&mut tx, id, at, at).await?;
                entries::mark_done(&mut tx, entry, &format!("story {story}"), at).await?;
            }
        }
        tx.commit().await?;
        bar.inc(batch.len() as u64);
    }
    bar.finish_and_clear();
    store.close().await;
    Ok(())
}

/// An article about nothing, with the shape of news: 1,800 characters, five actors.
fn made(n: usize, at: chrono::DateTime<Utc>, random: &mut fastrand::Rng) -> (Article, Digest, Vec<f32>) {
    let title = title(n, random.usize(..WORDS.len()));
    let mut text = format!("{title} was told of on the day after.");
    while text.len() < 1_800 {
        text.push(' ');
        text.push_str(WORDS[random.usize(..WORDS.len())]);
    }
    let actors = (0..5).map(|_| Actor {
        // Few are in the news often, many once.
        name: name((random.f64().powi(3) * PEOPLE as f64) as usize),
        kind: ActorKind::Person,
        role: None,
        mentions: vec![Span { start: 0, end: 5 }],
    });
    let digest = Digest {
        headline: Some(title.clone()),
        summary: vec![SummarySentence {
            text: title.clone(),
            start: Some(0),
            end: Some(title.chars().count()),
        }],
        actors: actors.collect(),
        dates: Vec::new(),
        text,
        warnings: Vec::new(),
        provenance: Provenance {
            summarizer: Summarizer::Extractive,
            model: "none".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
    };
    let mut vector: Vec<f32> = (0..DIMENSIONS).map(|_| random.f32() - 0.5).collect();
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|x| *x /= length);
    let article = Article {
        title: Some(title),
        published: Some(Published::Moment(at.fixed_offset())),
        lang: Some("en".to_owned()),
        ..Article::default()
    };
    (article, digest, vector)
}

fn title(n: usize, seed: usize) -> String {
    let word = |step: usize| WORDS[(n / step + seed) % WORDS.len()];
    format!("{} and {} at the {}", word(1), word(24), word(576))
}

/// A made-up name for each number: "Alberg Marost".
fn name(n: usize) -> String {
    const PARTS: [&str; 16] = [
        "al", "berg", "ma", "rost", "ilde", "tor", "ven", "kar", "osh", "lin", "dur", "ema", "sol", "nit",
        "gra", "pel",
    ];
    let part = |at: usize| PARTS[at % PARTS.len()];
    let capital = |word: String| word[..1].to_uppercase() + &word[1..];
    let first = capital(format!("{}{}", part(n), part(n / 16)));
    format!("{first} {}", capital(format!("{}{}", part(n / 256 + 3), part(n / 4096 + 7))))
}
