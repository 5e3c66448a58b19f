//! The stages of the flow: each is a `tick(&Ctx, now)` over the database and a loop around it.
//!
//! A tick takes what is due, acts, and marks it in one transaction with whatever the next stage
//! needs. It may be killed anywhere and run again: nothing is lost, nothing shown twice. Tests
//! drive ticks by hand.

pub mod deliver;
pub mod group;
pub mod housekeeping;
pub mod meanings;
mod parser;
pub mod poll;
pub mod read;
mod shelf;
mod timings;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::{Mutex, Notify};

use crate::clock::Clock;
use crate::discord::Publisher;
use crate::fetch::Fetcher;
use crate::lifecycle::{Tasks, repeat};
use crate::reading::ReaderPool;
use crate::store::Store;

pub use parser::Parser;
pub use shelf::LiveShelf;
pub use timings::{Step, Timings};

/// How often a stage looks at the database when nobody wakes it.
const IDLE: Duration = Duration::from_secs(5);
const HOUSEKEEPING: Duration = Duration::from_secs(3600);

/// What every stage works with.
pub struct Ctx {
    pub store: Store,
    pub fetcher: Fetcher,
    pub parser: Parser,
    pub reader: ReaderPool,
    pub publisher: Publisher,
    pub clock: Clock,
    /// The shortest time between two polls of one feed.
    pub poll_interval: Duration,
    /// News that a feed brings later than this after its publication is old.
    pub late_after: TimeDelta,
    /// What new articles are held against; nothing before the first tick, and after one that failed.
    pub shelf: Mutex<Option<LiveShelf>>,
    pub wake: Wake,
    /// Of the stories that guilds see.
    pub edition: Edition,
    pub timings: Timings,
}

/// Counts how often something has changed, such as the stories that guilds see: what is kept in memory of it holds for
/// one edition.
#[derive(Debug, Default)]
pub struct Edition(AtomicU64);

impl Edition {
    /// To be read before what it is of.
    pub fn number(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// Something has changed. To be called once that is committed.
    pub fn turn(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

/// Tells a stage that the one before it has left it work.
#[derive(Default)]
pub struct Wake {
    pub poll: Notify,
    pub read: Notify,
    pub group: Notify,
    pub deliver: Notify,
    housekeeping: Notify,
    meanings: Notify,
}

/// Starts a loop for every stage.
pub fn start(tasks: &Tasks, ctx: &Arc<Ctx>) {
    macro_rules! stage {
        ($stage:ident, $pause:expr) => {{
            let (ctx, stop) = (Arc::clone(ctx), tasks.stop());
            tasks.spawn(stringify!($stage), async move {
                let tick = || $stage::tick(&ctx, ctx.clock.now());
                repeat(stringify!($stage), stop, &ctx.wake.$stage, $pause, tick).await
            });
        }};
    }
    stage!(poll, IDLE);
    stage!(read, IDLE);
    stage!(group, IDLE);
    stage!(deliver, IDLE);
    stage!(housekeeping, HOUSEKEEPING);
    stage!(meanings, HOUSEKEEPING);
}
