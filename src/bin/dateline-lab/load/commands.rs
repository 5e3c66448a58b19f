//! The commands under load: many people at once, over a database with many stories, through the real Discord client
//! and the embedded Discord.
//!
//! The bot, Discord and the people share the processors of one machine, and what is kept in memory of the stories is read
//! anew every second, as where news comes. Everybody asks at the same time, a question of their own, and the next one as
//! soon as they are answered, or after a pause: first all commands in turn, as a server full of people does, then each
//! command by itself, which shows what is slow.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use dateline::app::App;
use dateline::discord::Loopback;
use dateline::domain::{ChannelId, StoryId, UserId};
use dateline::sandbox::discord::{EmbeddedDiscord, Settings};
use dateline::store::Store;
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::library::{self, address, outlet, somebody, words};

/// `dateline-lab load commands`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  dateline-lab load commands --stories 100000 --users 50\n  dateline-lab load commands --keep /tmp/load.sqlite --only 'news latest' --pause 1000"
)]
pub struct Args {
    #[arg(long, default_value_t = 100_000)]
    stories: usize,
    /// People who ask at the same time
    #[arg(long, default_value_t = 50)]
    users: usize,
    /// Questions of each, one after the other: the next when the last is answered. The bot answers one person 20
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=20))]
    rounds: u16,
    /// Milliseconds between an answer and the next question of the same person, on average
    #[arg(long, default_value_t = 0)]
    pause: u64,
    /// Keep the database in this file, and take it from there the next time, as large as it is
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
    /// Only what contains these words, such as 'news latest'
    #[arg(long, default_value = "")]
    only: String,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Question {
    /// Suggestions for an option of a command, while somebody types.
    Suggest(&'static str, &'static str),
    /// A command that the database answers.
    Ask(&'static str),
    /// A command that a model has part in.
    AskModel(&'static str),
}

const QUESTIONS: [Question; 17] = [
    Question::Suggest("news search", "actor"),
    Question::Suggest("news search", "source"),
    Question::Suggest("news latest", "topic"),
    Question::Suggest("news story", "id"),
    Question::Ask("news latest"),
    Question::Ask("news latest source"),
    Question::Ask("news story"),
    Question::Ask("news actor"),
    Question::Ask("topics list"),
    Question::Ask("feeds list"),
    Question::Ask("settings"),
    Question::Ask("reports"),
    Question::Ask("status"),
    Question::Ask("why"),
    Question::AskModel("news search"),
    Question::AskModel("news search actor"),
    Question::AskModel("news timeline"),
];

impl Question {
    fn name(self) -> String {
        match self {
            Question::Suggest(command, option) => format!("/{command}, typing {option}"),
            Question::Ask(command) => format!("/{command}"),
            Question::AskModel(command) => format!("/{command} (model)"),
        }
    }
}

/// How long what is kept of the stories holds: there comes less news to most bots.
const NEWS: Duration = Duration::from_secs(1);

/// How long an answer may take before the run is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Fills a database, runs the bot on it, and prints how long people wait.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        let path = args.keep.clone().unwrap_or_else(|| folder.path().join("load.sqlite"));
        // Longer than Discord waits: how long is what is measured.
        let settings = Settings { first_answer: PATIENCE, patience: PATIENCE, ..Settings::default() };
        let discord = EmbeddedDiscord::start(settings).await?;
        let channel = discord.channel("news").context("the channel")?;
        let store = Store::open(&path).await?;
        let stories = library::open(&store, discord.guild(), channel, args.stories).await?;
        store.close().await;
        println!("{} stories, {} MB", stories.len(), std::fs::metadata(&path)?.len() / 1_000_000);
        let loopback = Loopback { addr: discord.addr(), ca_pem: discord.ca_pem().to_owned() };
        let mut app = App::start(&library::config(&discord, &path)?, Some(loopback)).await?;
        anyhow::ensure!(app.ready().await, "the bot did not start");
        let people = People { discord: &discord, channel, stories: &stories };
        // The first search reads all vectors.
        people.ask(Question::AskModel("news search"), discord.people().moderator, 0).await?;
        // And the bot reads the stories that new ones are held against, once, with all of a processor.
        loop {
            let before = super::processor_time();
            tokio::time::sleep(Duration::from_secs(1)).await;
            if super::processor_time() - before < Duration::from_millis(100) {
                break;
            }
        }
        println!(
            "{} people at once, {} questions of each, {} ms apart; milliseconds to the first answer and to all of it",
            args.users, args.rounds, args.pause
        );
        println!(
            "{:32} {:>8} {:>8} {:>8}   {:>8} {:>8}   {:>9}",
            "", "p50", "p95", "longest", "p50", "p95", "answers/s"
        );
        let commands = QUESTIONS.into_iter().filter(|question| matches!(question, Question::Ask(_))).collect();
        let mut rows = vec![("all that the database answers".to_owned(), commands)];
        rows.extend(QUESTIONS.map(|question| (question.name(), vec![question])));
        let ctx = app.ctx.clone();
        let asked = async {
            for (name, questions) in rows.iter().filter(|(name, _)| name.contains(&args.only)) {
                people.told(name, questions, args).await?;
            }
            anyhow::Ok(())
        };
        let news = async {
            loop {
                tokio::time::sleep(NEWS).await;
                ctx.edition.turn();
            }
        };
        tokio::select! {
            asked = asked => asked?,
            () = news => {}
        }
        println!("memory: {} MB, and what is mapped of the file", super::memory_mb("RssAnon:")?);
        app.stop().request();
        app.run().await
    })
}

/// How long somebody waited for something, and for all.
type Wait = (Duration, Duration);

struct People<'a> {
    discord: &'a EmbeddedDiscord,
    channel: ChannelId,
    stories: &'a [StoryId],
}

impl People<'_> {
    /// Has everybody ask some questions in turn, each beginning with another, and prints how long they waited.
    async fn told(&self, name: &str, questions: &[Question], args: &Args) -> anyhow::Result<()> {
        let rounds = usize::from(args.rounds);
        let begun = Instant::now();
        let everybody = (0..args.users).map(|user| async move {
            let who = self.discord.add_member_like(self.discord.people().moderator);
            let mut waits = Vec::with_capacity(rounds);
            for round in 0..rounds {
                // Uneven, as people are: else they would ask in step for ever.
                tokio::time::sleep(Duration::from_millis(args.pause).mul_f64(2.0 * fastrand::f64())).await;
                let question = questions[(user + round) % questions.len()];
                waits.push(self.ask(question, who, round * args.users + user).await?);
            }
            anyhow::Ok(waits)
        });
        let waits: Vec<Wait> = try_join_all(everybody).await?.concat();
        let rate = waits.len() as f64 / begun.elapsed().as_secs_f64();
        let (mut first, mut whole): (Vec<Duration>, Vec<Duration>) = waits.into_iter().unzip();
        first.sort_unstable();
        whole.sort_unstable();
        println!(
            "{name:32} {:8.1} {:8.1} {:8.1}   {:8.1} {:8.1}   {rate:9.0}",
            at(&first, 0.5),
            at(&first, 0.95),
            at(&first, 1.0),
            at(&whole, 0.5),
            at(&whole, 0.95)
        );
        Ok(())
    }

    async fn ask(&self, question: Question, who: UserId, n: usize) -> anyhow::Result<Wait> {
        let mut random = fastrand::Rng::with_seed(n as u64);
        let (command, options) = match question {
            Question::Suggest(command, option) => {
                let typed = ["", "al", "berg", "ma", "x", "sol", "tor ven"][n % 7];
                let given: &[(&str, Value)] =
                    if command == "news search" { &[("query", json!("canal"))] } else { &[] };
                let begun = Instant::now();
                self.discord.autocomplete(who, self.channel, command, given, (option, typed)).await?;
                return Ok((begun.elapsed(), begun.elapsed()));
            }
            Question::Ask(command) | Question::AskModel(command) => match command {
                "news latest source" => ("news latest", vec![("source", json!(outlet(n)))]),
                "news story" => {
                    let story = self.stories[n * 7919 % self.stories.len()];
                    (command, vec![("id", json!(story.to_string()))])
                }
                "news actor" => (command, vec![("name", json!(somebody(&mut random)))]),
                "why" => (command, vec![("url", json!(address(n * 7919 % self.stories.len())))]),
                "news search actor" => {
                    let actor = ("actor", json!(somebody(&mut random)));
                    ("news search", vec![("query", json!(words(2, &mut random))), actor])
                }
                "news search" | "news timeline" => {
                    (command, vec![("query", json!(words(1 + n % 3, &mut random)))])
                }
                _ => (command, Vec::new()),
            },
        };
        let reply = self.discord.invoke(who, self.channel, command, &options).await?;
        Ok((reply.first_after, reply.whole_after))
    }
}

/// Milliseconds at a share of sorted waits.
fn at(waits: &[Duration], share: f64) -> f64 {
    let last = waits.len().saturating_sub(1) as f64;
    waits.get((last * share).round() as usize).map_or(0.0, |wait| wait.as_secs_f64() * 1000.0)
}
