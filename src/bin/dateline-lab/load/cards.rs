//! Posting under load: many cards to many channels, through the real Discord client and the embedded Discord with
//! Discord's limits.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use dateline::app::App;
use dateline::clock::Clock;
use dateline::discord::Loopback;
use dateline::domain::{ChannelId, Filter, Nonce, StoryId, SubscriptionId, Terms};
use dateline::sandbox::discord::{EmbeddedDiscord, Endpoint, Exchange, Limit, Settings};
use dateline::store::subscriptions::NewSubscription;
use dateline::store::{Store, deliveries, subscriptions};

use super::library;

/// `dateline-lab load cards`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  dateline-lab load cards\n  dateline-lab load cards --cards 200 --channels 4 --clumped"
)]
pub struct Args {
    #[arg(long, default_value_t = 1_000)]
    cards: usize,
    #[arg(long, default_value_t = 50)]
    channels: usize,
    /// All cards of a channel come due before those of the next, not all channels' of a story before the next story's
    #[arg(long)]
    clumped: bool,
}

/// How long all may take before it is given up.
const STUCK: Duration = Duration::from_secs(600);
/// Requests that the embedded Discord remembers, some of them not for cards.
const MOST: usize = 4_000;

/// Fills an outbox, has the bot empty it, and prints how long that took.
pub fn run(args: &Args) -> anyhow::Result<()> {
    anyhow::ensure!(
        (1..=MOST).contains(&args.cards) && args.channels > 0,
        "1 to {MOST} cards, some channels"
    );
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("load.sqlite");
        let channels = (0..args.channels).map(|n| format!("news-{n}")).collect();
        let settings = Settings { channels, patience: STUCK, ..Settings::default() };
        let discord = EmbeddedDiscord::start(settings).await?;
        fill(&path, &discord, args).await?;
        let loopback = Loopback { addr: discord.addr(), ca_pem: discord.ca_pem().to_owned() };
        let mut app = App::start(&library::config(&discord, &path)?, Some(loopback)).await?;
        anyhow::ensure!(app.ready().await, "the bot did not start");
        discord.wait_for(Endpoint::CREATE_MESSAGE, args.cards).await?;
        discord.wait("the last card", |discord| (shown(discord, args) >= args.cards).then_some(())).await?;
        let exchanges = discord.exchanges();
        let posts: Vec<_> = exchanges.iter().filter(|one| one.endpoint == Endpoint::CREATE_MESSAGE).collect();
        let took = posts.first().zip(posts.last()).map_or(0, |(first, last)| (last.at - first.at).num_milliseconds());
        let refused = |one: &&Exchange| one.answer.as_ref().is_some_and(|answer| answer.status == 429);
        println!(
            "{} cards to {} channels: {:.1} s from the first request to the last, at least {:.1} s by Discord's limits; \
             {} requests, {} answered 429",
            args.cards,
            args.channels,
            took as f64 / 1000.0,
            least(args.cards, args.channels).as_secs_f64(),
            posts.len(),
            exchanges.iter().filter(refused).count()
        );
        app.stop().request();
        app.run().await
    })
}

/// The shortest time between the first request and the last that the windows of Discord's limits leave.
fn least(cards: usize, channels: usize) -> Duration {
    let windows = |cards: usize, limit: Limit| limit.window * ((cards - 1) / limit.count as usize) as u32;
    windows(cards, Limit::GLOBAL).max(windows(cards.div_ceil(channels), Limit::MESSAGES))
}

/// Messages in all channels.
fn shown(discord: &EmbeddedDiscord, args: &Args) -> usize {
    let channels = (0..args.channels).filter_map(|n| discord.channel(&format!("news-{n}")));
    channels.map(|channel| discord.messages(channel).len()).sum()
}

/// A story for every card of a channel, in the outbox of all channels.
async fn fill(path: &Path, discord: &EmbeddedDiscord, args: &Args) -> anyhow::Result<()> {
    let store = Store::open(path).await?;
    let stories = library::fill(&store, discord.guild(), args.cards.div_ceil(args.channels)).await?;
    let now = Clock::System.now();
    let mut tx = store.write().await?;
    let mut subscribed: Vec<(ChannelId, SubscriptionId)> = Vec::new();
    for n in 0..args.channels {
        let channel = discord.channel(&format!("news-{n}")).context("a channel")?;
        let new = NewSubscription {
            guild: discord.guild(),
            channel,
            filter: &Filter { actor: Some("Nobody".to_owned()), ..Filter::default() },
            meaning: None,
            terms: Terms::default(),
            since: now,
            created_by: discord.people().moderator,
        };
        subscribed.push((channel, subscriptions::add(&mut tx, &new, now).await?));
    }
    let mut due: Vec<(StoryId, (ChannelId, SubscriptionId))> =
        stories.iter().flat_map(|story| subscribed.iter().map(|channel| (*story, *channel))).collect();
    if args.clumped {
        due.sort_by_key(|(_, (channel, _))| *channel);
    }
    due.truncate(args.cards);
    for (story, (channel, subscription)) in due {
        deliveries::enqueue(&mut tx, story, channel, subscription, &Nonce::random(), now).await?;
    }
    tx.commit().await?;
    store.close().await;
    Ok(())
}
