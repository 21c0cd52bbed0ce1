//! A server's connection to Redis over the network of the simulation.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use pingyi::store::redis::client::step::Call;
use pingyi::store::redis::client::transport::Transport;
use pingyi::store::{Result, StoreError};
use redis::Value;
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::faults::Weather;
use super::network::{Hearing, Leg, Network, State};
use super::world::SERVERS;

/// How long a server waits for an answer of Redis, as on a real connection.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long for a connection.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(2);
/// How often one that waits looks whether the way is free again.
const LOOK: Duration = Duration::from_millis(20);
/// Pokes that are lost, of 100.
const POKES_LOST: u64 = 20;

/// Redis, as one server reaches it: one connection, made anew when it ended, over which steps arrive in the order of sending.
pub struct RedisOfServer {
    network: Arc<Network>,
    server: usize,
    pokes: mpsc::Sender<String>,
    /// What the connection was made to, while there is one.
    line: Mutex<Option<u64>>,
    connecting: tokio::sync::Mutex<()>,
    channels: Mutex<BTreeSet<String>>,
    connected: Arc<Notify>,
    /// When the last step and the last answer arrive: what is sent later is not there earlier.
    arrives: [Mutex<Option<Instant>>; 2],
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    Ended,
    Silent,
}

impl RedisOfServer {
    pub fn new(network: &Arc<Network>, server: usize, pokes: mpsc::Sender<String>) -> Arc<Self> {
        Arc::new(Self {
            network: Arc::clone(network),
            server,
            pokes,
            line: Mutex::default(),
            connecting: tokio::sync::Mutex::default(),
            channels: Mutex::default(),
            connected: Arc::default(),
            arrives: [Mutex::default(), Mutex::default()],
        })
    }

    fn is_there(&self, incarnation: u64) -> bool {
        let state = self.network.state();
        state.is_up && state.incarnation == incarnation
    }

    /// One leg on the connection: 0 to Redis, 1 from it.
    async fn passes(&self, incarnation: u64, direction: usize, what: &'static str) -> std::result::Result<(), Lost> {
        let (delay, ending) = loop {
            if !self.is_there(incarnation) {
                return Err(Lost::Ended);
            }
            {
                let mut state = self.network.state();
                let weather = state.to_redis[self.server];
                if weather != Weather::Cut {
                    break state.leg(weather, self.server, what);
                }
            }
            sleep(LOOK).await;
        };
        let arrives = {
            let mut last = self.arrives[direction].lock().unwrap();
            let arrives = last.map_or(Instant::now() + delay, |last| last.max(Instant::now() + delay));
            *last = Some(arrives);
            arrives
        };
        sleep_until(arrives).await;
        match ending {
            Leg::Passed if self.is_there(incarnation) => Ok(()),
            Leg::Passed | Leg::Ended => Err(Lost::Ended),
            Leg::Silent => {
                while self.is_there(incarnation) {
                    sleep(LOOK).await;
                }
                Err(Lost::Ended)
            }
        }
    }

    /// The connection, made now where there is none.
    async fn connection(&self) -> std::result::Result<u64, Lost> {
        let there = || *self.line.lock().unwrap();
        if let Some(incarnation) = there() {
            return Ok(incarnation);
        }
        let _connecting = self.connecting.lock().await;
        if let Some(incarnation) = there() {
            return Ok(incarnation);
        }
        let incarnation = self.network.state().incarnation;
        let made = async {
            self.passes(incarnation, 0, "connect").await?;
            self.passes(incarnation, 1, "connect").await
        };
        timeout(CONNECTION_TIMEOUT, made).await.map_err(|_| Lost::Silent)??;
        let hearing = Hearing { channels: self.channels.lock().unwrap().clone(), pokes: self.pokes.clone() };
        self.network.state().hearing[self.server] = Some(hearing);
        *self.line.lock().unwrap() = Some(incarnation);
        self.connected.notify_one();
        Ok(incarnation)
    }

    fn loses(&self, incarnation: u64) {
        let mut line = self.line.lock().unwrap();
        if *line == Some(incarnation) {
            *line = None;
            self.network.state().hearing[self.server] = None;
        }
    }

    /// Does something at Redis over the connection, and brings the answer back.
    async fn asks<A>(
        &self,
        what: &'static str,
        step: Option<&Call>,
        act: impl Fn(&mut State) -> A + Send,
    ) -> std::result::Result<A, Lost> {
        let incarnation = self.connection().await?;
        let arrived = AtomicBool::new(false);
        let asking = async {
            self.passes(incarnation, 0, what).await?;
            arrived.store(true, Ordering::Relaxed);
            let answer = act(&mut self.network.state());
            self.passes(incarnation, 1, what).await?;
            Ok(answer)
        };
        let asked = timeout(RESPONSE_TIMEOUT, asking).await.unwrap_or(Err(Lost::Silent));
        if let Err(lost) = &asked {
            self.loses(incarnation);
            let may_arrive = *lost == Lost::Silent && !arrived.load(Ordering::Relaxed);
            if let Some(call) = step.filter(|_| may_arrive) {
                self.network.state().late.push((self.server, incarnation, call.clone()));
            }
        }
        asked
    }
}

fn unanswered(lost: Lost) -> StoreError {
    StoreError::Broken(format!("redis: no answer: {lost:?}"))
}

#[async_trait]
impl Transport for RedisOfServer {
    async fn run(&self, call: &Call) -> Result<Value> {
        let forgets = self.network.forgets_epochs;
        let ask = || self.asks(call.step.name, Some(call), |state| state.runs(self.server, call, forgets));
        // As the real one: sent again once where the connection was gone.
        let answered = match ask().await {
            Err(Lost::Ended) => ask().await,
            answered => answered,
        };
        answered.map_err(unanswered)?.map_err(|error| {
            self.network.state().broken_steps.push(format!("{}: {error}", call.step.name));
            StoreError::Broken(format!("redis: {error}"))
        })
    }

    async fn run_replicated(&self, _: &[Call], _: u32) -> Result<Vec<Value>> {
        Err(StoreError::Broken("it has no replicas to wait for".to_owned()))
    }

    async fn hear(&self, channel: &str) -> Result<()> {
        let is_new = self.channels.lock().unwrap().insert(channel.to_owned());
        if !is_new || self.line.lock().unwrap().is_none() {
            return Ok(());
        }
        let hear = |state: &mut State| {
            if let Some(hearing) = &mut state.hearing[self.server] {
                hearing.channels.insert(channel.to_owned());
            }
        };
        self.asks("hear", None, hear).await.map_err(unanswered)
    }

    async fn publish(&self, channel: &str) -> Result<()> {
        let publish = |state: &mut State| {
            for server in 0..SERVERS {
                let is_lost = state.draws(server, "poke", 100) < POKES_LOST;
                let hearing = state.hearing[server].as_ref().filter(|hearing| hearing.channels.contains(channel));
                if let Some(hearing) = hearing.filter(|_| !is_lost) {
                    // Where too many wait it is lost, as pokes may be.
                    drop(hearing.pokes.try_send(channel.to_owned()));
                }
            }
        };
        self.asks("publish", None, publish).await.map_err(unanswered)
    }

    fn connected(&self) -> Arc<Notify> {
        Arc::clone(&self.connected)
    }
}
