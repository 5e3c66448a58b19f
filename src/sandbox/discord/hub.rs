//! What the server's tasks share: the world, what is in progress, and the signal that something changed.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::control::ControlError;
use super::faults::Faults;
use super::interactions::Interactions;
use super::limits::Limiter;
use super::log::Log;
use super::sessions::{Sessions, intents};
use super::state::World;
use super::{Settings, objects, persist};

pub struct Hub {
    pub settings: Settings,
    pub token: SecretString,
    pub addr: SocketAddr,
    pub shutdown: CancellationToken,
    pub tasks: TaskTracker,
    world: Mutex<World>,
    pub interactions: Mutex<Interactions>,
    pub sessions: Mutex<Sessions>,
    pub faults: Mutex<Faults>,
    pub limiter: Mutex<Limiter>,
    pub log: Mutex<Log>,
    /// Hosts that the proxy refused to reach.
    pub refused: Mutex<VecDeque<String>>,
    changed: watch::Sender<u64>,
}

impl Hub {
    pub fn new(settings: Settings, token: SecretString, addr: SocketAddr, world: World) -> Self {
        Hub {
            limiter: Mutex::new(Limiter::new(&settings)),
            settings,
            token,
            addr,
            shutdown: CancellationToken::new(),
            tasks: TaskTracker::new(),
            world: Mutex::new(world),
            interactions: Mutex::default(),
            sessions: Mutex::default(),
            faults: Mutex::default(),
            log: Mutex::default(),
            refused: Mutex::default(),
            changed: watch::Sender::new(0),
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.settings.clock.now()
    }

    /// The world, to look at. Threads that were left alone for long are archived first: nothing can tell that they
    /// were not all the while.
    pub fn world(&self) -> MutexGuard<'_, World> {
        let mut world = lock(&self.world);
        for thread in world.archive_idle(self.now()) {
            let shown = objects::channel(&world, &world.channels[&thread]);
            lock(&self.sessions).dispatch("THREAD_UPDATE", &shown, intents::GUILDS);
        }
        world
    }

    /// Changes the world, writes it down, and tells everybody who waits.
    ///
    /// The file is written before the answer goes out: what a client was told is kept, even if the
    /// process is killed the moment after.
    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let mut world = self.world();
        let out = change(&mut world);
        if let Some(path) = &self.settings.state
            && let Err(error) = persist::save(path, &world)
        {
            tracing::error!("The sandbox could not keep its state: {error:#}");
        }
        drop(world);
        self.bump();
        out
    }

    /// Tells everybody who waits to look again.
    pub fn bump(&self) {
        self.changed.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// Changes whenever anything did.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Looks at every change until there is something to give, for at most `patience`.
    pub async fn until<T>(
        &self,
        what: &'static str,
        patience: Duration,
        mut look: impl FnMut() -> Option<T>,
    ) -> Result<T, ControlError> {
        let mut changed = self.changed.subscribe();
        let wait = async {
            loop {
                changed.borrow_and_update();
                if let Some(found) = look() {
                    return found;
                }
                // The sender lives as long as `self`.
                if changed.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(patience, wait).await.map_err(|_| ControlError::TimedOut(what))
    }
}

/// A panic in another test thread must not hide the state that a message could show.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
