//! A simulated server: a runtime of its own, so that killing it ends whatever it was doing, at whatever place. It takes what the
//! hall sends as the edges would, without a socket.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pingyi::ballot_box::NotCast;
use pingyi::hub::{Hub, NotDone, WatchLimits};
use pingyi::protocol::CastAnswer;
use pingyi::store::redis::RedisStore;
use pingyi::store::redis::client::transport::Transports;
use pingyi::store::{Freeze, Store};
use pingyi_rules::meeting::{Meeting, PlainWish};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::connection::RedisOfServer;
use super::disk::SimulatedDisk;
use super::network::Network;
use crate::store::redis::options;

/// Requests of the hall, and pokes, that may wait.
const WAITING_MAX: usize = 1_024;
/// How long after it could not start a server is started again.
const START_AGAIN: Duration = Duration::from_millis(300);
/// How long a server that stops may take to sign off, as `running.rs` has it.
const SIGN_OFF_TIMEOUT: Duration = Duration::from_secs(10);
/// How long what a killed process was doing may take to end.
const END_TIMEOUT: Duration = Duration::from_secs(5);

thread_local! {
    /// The clock of the simulation, in milliseconds since 1970.
    pub static NOW_MS: Cell<u64> = const { Cell::new(0) };
}

/// What the hall asks of a server.
pub enum Request {
    Cast(Vec<u8>, oneshot::Sender<Result<CastAnswer, NotCast>>),
    Command(PlainWish, oneshot::Sender<Result<u32, NotDone>>),
    /// The meeting as the server knows it.
    Meeting(oneshot::Sender<Option<Meeting>>),
    /// What is in the frozen box.
    Box(oneshot::Sender<Option<Freeze>>),
    /// As its operator stops it: what came before is answered.
    Stop,
}

/// Where the hall finds a server; nothing while it does not run.
pub type Door = Arc<Mutex<Option<mpsc::Sender<Request>>>>;

/// A runtime whose clock stands still but for [`Clockwork::lives`].
pub struct Clockwork {
    runtime: Runtime,
    began: Instant,
    lived: Duration,
}

impl Clockwork {
    pub fn new() -> Self {
        // One thread for what blocks: its jobs end in the order in which they began.
        let mut builder = Builder::new_current_thread();
        let runtime = builder.enable_time().start_paused(true).max_blocking_threads(1).build().unwrap();
        let began = runtime.block_on(async { Instant::now() });
        Self { runtime, began, lived: Duration::ZERO }
    }

    pub fn spawn<F: Future<Output: Send> + Send + 'static>(&self, run: F) -> JoinHandle<F::Output> {
        self.runtime.spawn(run)
    }

    /// So much time goes by.
    pub fn lives(&mut self, time: Duration) {
        self.lived += time;
        let until = self.began + self.lived;
        self.runtime.block_on(async { sleep_until(until).await });
    }

    /// What a task came to that has ended; its panic goes on here.
    pub fn ended<T>(&self, task: JoinHandle<T>) -> T {
        self.runtime.block_on(task).unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }
}

pub struct SimulatedServer {
    pub number: usize,
    pub meeting: String,
    pub directory: PathBuf,
    pub disk: SimulatedDisk,
    pub network: Arc<Network>,
    pub door: Door,
    running: Option<(Clockwork, JoinHandle<()>)>,
}

impl SimulatedServer {
    pub fn new(number: usize, meeting: &str, directory: PathBuf, disk: SimulatedDisk, network: &Arc<Network>) -> Self {
        let (meeting, network) = (meeting.to_owned(), Arc::clone(network));
        Self { number, meeting, directory, disk, network, door: Door::default(), running: None }
    }

    pub fn starts(&mut self) {
        self.dies();
        let clockwork = Clockwork::new();
        let (sender, requests) = mpsc::channel(WAITING_MAX);
        *self.door.lock().unwrap() = Some(sender);
        let place = Place {
            number: self.number,
            meeting: self.meeting.clone(),
            directory: self.directory.clone(),
            disk: self.disk.clone(),
            network: Arc::clone(&self.network),
        };
        let serving = clockwork.spawn(place.serves(requests));
        self.running = Some((clockwork, serving));
    }

    /// As its operator stops it. It is gone once it has signed off.
    pub fn stops(&mut self) {
        if let Some(door) = self.door.lock().unwrap().take() {
            drop(door.try_send(Request::Stop));
        }
    }

    /// `kill -9`.
    pub fn dies(&mut self) {
        *self.door.lock().unwrap() = None;
        if let Some((clockwork, _)) = self.running.take() {
            clockwork.runtime.shutdown_timeout(END_TIMEOUT);
        }
    }

    /// Whether it runs, and is not about to stop.
    pub fn is_open(&self) -> bool {
        self.door.lock().unwrap().is_some()
    }

    /// So much time goes by.
    pub fn lives(&mut self, time: Duration) {
        let Some((clockwork, serving)) = &mut self.running else { return };
        clockwork.lives(time);
        if serving.is_finished() {
            if let Some((clockwork, serving)) = self.running.take() {
                clockwork.ended(serving);
                clockwork.runtime.shutdown_timeout(END_TIMEOUT);
            }
            self.dies();
        }
    }
}

impl Drop for SimulatedServer {
    fn drop(&mut self) {
        self.dies();
    }
}

/// Where a process runs.
struct Place {
    number: usize,
    meeting: String,
    directory: PathBuf,
    disk: SimulatedDisk,
    network: Arc<Network>,
}

impl Place {
    async fn opens(&self) -> Arc<dyn Store> {
        let options = options("", &format!("hall {}", self.number));
        loop {
            let (hear, pokes) = mpsc::channel(WAITING_MAX);
            let steps = RedisOfServer::new(&self.network, self.number, hear);
            let transports = Transports { steps, pokes, replicated: None };
            let (disk, clock) = (Arc::new(self.disk.clone()), || NOW_MS.get());
            match RedisStore::open_over(&self.directory, &options, transports, disk, clock).await {
                Ok(store) => return Arc::new(store),
                Err(_) => sleep(START_AGAIN).await,
            }
        }
    }

    async fn serves(self, mut requests: mpsc::Receiver<Request>) {
        let store = self.opens().await;
        let hub = Hub::with(Arc::clone(&store), "http://hall.test".to_owned(), WatchLimits::default(), || NOW_MS.get());
        let resumed = Arc::clone(&hub);
        tokio::spawn(async move { drop(resumed.resume().await) });
        let mut answering = JoinSet::new();
        while let Some(request) = requests.recv().await {
            match request {
                Request::Stop => break,
                request => {
                    answering.spawn(answers(Arc::clone(&hub), Arc::clone(&store), self.meeting.clone(), request))
                }
            };
            while answering.try_join_next().is_some_and(|ended| ended.is_ok()) {}
        }
        hub.stop();
        // A panic of the server is one of the seed.
        answering.join_all().await;
        drop(timeout(SIGN_OFF_TIMEOUT, store.sign_off()).await);
    }
}

async fn answers(hub: Arc<Hub>, store: Arc<dyn Store>, meeting: String, request: Request) {
    match request {
        Request::Cast(envelope, answer) => {
            // A cast for a meeting that is not loaded yet is answered as one for an unknown round.
            let _watched = hub.watch(&meeting).await;
            let answered = hub.ballot_box.cast(&meeting, 1, envelope).await;
            drop(answer.send(answered.answer));
        }
        Request::Command(wish, answer) => {
            if let Ok(Some(watched)) = hub.watch(&meeting).await {
                drop(answer.send(watched.command(wish).await));
            }
        }
        Request::Meeting(answer) => {
            let stored = store.latest(&meeting).await.ok().flatten();
            drop(answer.send(stored.map(|stored| stored.meeting)));
        }
        Request::Box(answer) => drop(answer.send(store.freeze(&meeting, 1, &[]).await.ok())),
        Request::Stop => {}
    }
}
