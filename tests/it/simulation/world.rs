//! One seed from its beginning to its count.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use pingyi::store::Freeze;
use pingyi_rules::ballot::BoxItem;
use pingyi_rules::meeting::{Meeting, RoundState};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::disk::SimulatedDisk;
use super::faults::{self, Fault, HEALED_MS, KINDS};
use super::hall::{Reach, closes, votes};
use super::network::{Keys, Network};
use super::prepared::Prepared;
use super::resp::Resp;
use super::server::{Clockwork, NOW_MS, SimulatedServer};
use crate::redis::ledger::Ledger;
use crate::redis::process::RedisProcess;

/// Servers of the simulation.
pub const SERVERS: usize = 3;
/// How far each clock goes at once.
const TICK_MS: u64 = 5;
/// By then everybody must know, in milliseconds: a minute and a half after everything healed, for the waiting of a recovery, of a
/// closing round and of phones that were not answered.
const STUCK_MS: u64 = HEALED_MS + 90_000;
/// How long each server has then to tell its count.
const TOLD_MS: u64 = 60_000;
/// A machine that writes nothing loses its power after so long.
const POWER_GOES_MS: u64 = 1_500;

/// A fault of the servers that the simulation must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    Nothing,
    AcknowledgesBeforeTheDisk,
    ForgetsTheEpoch,
}

/// What seeds ended in.
#[derive(Default)]
pub struct Outcome {
    seeds: u32,
    acknowledged: usize,
    counted: usize,
    late: usize,
    faults: BTreeMap<&'static str, u32>,
    steps: u64,
    virtual_ms: u64,
    /// What the order of steps comes to.
    order: u64,
}

impl Outcome {
    pub fn add(&mut self, other: &Self) {
        self.seeds += other.seeds;
        self.acknowledged += other.acknowledged;
        self.counted += other.counted;
        self.late += other.late;
        self.steps += other.steps;
        self.virtual_ms += other.virtual_ms;
        self.order ^= other.order;
        other.faults.iter().for_each(|(fault, count)| *self.faults.entry(fault).or_default() += count);
    }

    /// Where many seeds were tried: all that can break did, and sheets came in time and too late.
    pub fn says_something(&self) {
        if self.seeds >= 50 {
            assert!(self.acknowledged > 0 && self.late > 0, "{self}");
            assert_eq!(self.faults.len(), KINDS, "{self}");
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} seeds, {} min of the clock, {} steps at Redis (order {:x}): {} sheets acknowledged, {} counted, {} too late; faults {:?}",
            self.seeds,
            self.virtual_ms / 60_000,
            self.steps,
            self.order,
            self.acknowledged,
            self.counted,
            self.late,
            self.faults
        )
    }
}

pub struct World<'a> {
    prepared: &'a Prepared,
    planted: Planted,
    rng: StdRng,
    // Before the directories: a server that ends still writes.
    servers: Vec<SimulatedServer>,
    /// Servers whose power goes, and when at the latest.
    falling: BTreeMap<usize, u64>,
    network: Arc<Network>,
    hall: Clockwork,
    reach: Reach,
    ledger: Arc<Ledger>,
    /// What the replica has, where it is behind.
    replica: Option<Keys>,
    now_ms: u64,
    /// Whether each fault and step is told.
    tells: bool,
    _directories: Vec<TempDir>,
}

impl<'a> World<'a> {
    pub fn new(prepared: &'a Prepared, redis: &RedisProcess, seed: u64, planted: Planted, tells: bool) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let network = Network::new(rng.random(), Resp::to(redis.port()), planted == Planted::ForgetsTheEpoch, tells);
        network.redis_holds(&prepared.keys, false);
        NOW_MS.set(prepared.now_ms);
        let directories: Vec<TempDir> = (0..SERVERS).map(|server| prepared.directory(server)).collect();
        let server = |(number, directory): (usize, &TempDir)| {
            let disk = SimulatedDisk::new(planted == Planted::AcknowledgesBeforeTheDisk);
            SimulatedServer::new(number, &prepared.meeting, directory.path().to_owned(), disk, &network)
        };
        let servers: Vec<SimulatedServer> = directories.iter().enumerate().map(server).collect();
        let doors = servers.iter().map(|server| Arc::clone(&server.door)).collect();
        let reach = Reach { network: Arc::clone(&network), doors };
        Self {
            prepared,
            planted,
            rng,
            servers,
            falling: BTreeMap::new(),
            network,
            hall: Clockwork::new(),
            reach,
            ledger: Arc::default(),
            replica: None,
            now_ms: 0,
            tells,
            _directories: directories,
        }
    }

    pub fn run(mut self) -> Outcome {
        let faults = faults::of(&mut self.rng);
        self.servers.iter_mut().for_each(SimulatedServer::starts);
        let mut people: Vec<JoinHandle<()>> = Vec::new();
        for voter in &self.prepared.voters {
            let (voter, ledger) = (Arc::clone(voter), Arc::clone(&self.ledger));
            people.push(self.hall.spawn(votes(self.reach.clone(), voter, ledger, self.rng.random())));
        }
        people.push(self.hall.spawn(closes(self.reach.clone(), self.rng.random())));
        let mut due = faults.iter().copied().peekable();
        while due.peek().is_some() || people.iter().any(|one| !one.is_finished()) {
            while let Some((_, fault)) = due.next_if(|(at, _)| *at <= self.now_ms) {
                self.breaks(fault);
            }
            self.passes();
            assert!(self.now_ms < STUCK_MS, "stuck: somebody does not know yet");
        }
        for one in people {
            // What a phone found wrong is said here.
            self.hall.ended(one);
        }
        self.checks(&faults)
    }

    /// A tick of every clock.
    fn passes(&mut self) {
        let tick = Duration::from_millis(TICK_MS);
        self.network.delivers_late();
        for server in &mut self.servers {
            server.lives(tick);
        }
        self.hall.lives(tick);
        self.now_ms += TICK_MS;
        NOW_MS.set(self.prepared.now_ms + self.now_ms);
        let has_fallen = |(server, at): (&usize, &u64)| {
            (*at <= self.now_ms || self.servers[*server].disk.power_is_off()).then_some(*server)
        };
        let fallen: Vec<usize> = self.falling.iter().filter_map(has_fallen).collect();
        for server in fallen {
            self.falling.remove(&server);
            self.dies(server, true);
        }
    }

    fn breaks(&mut self, fault: Fault) {
        if self.tells {
            println!("{} ms: {fault:?}", self.now_ms);
        }
        match fault {
            // What was not written when a process ends is in no file, whatever it has answered.
            Fault::Kill(server) => self.dies(server, self.planted == Planted::AcknowledgesBeforeTheDisk),
            Fault::PowerCut(server) => {
                self.servers[server].disk.power_goes(&mut self.rng);
                self.falling.insert(server, self.now_ms + POWER_GOES_MS);
            }
            Fault::Stop(server) => self.servers[server].stops(),
            Fault::Start(server) => {
                if !self.servers[server].is_open() {
                    self.servers[server].starts();
                }
            }
            Fault::Flush => self.network.flush(),
            Fault::RedisEmpty => self.starts_redis(&Vec::new()),
            Fault::RedisGoes => self.network.redis_goes(),
            Fault::RedisComesBack => self.starts_redis(&self.network.keys()),
            Fault::ReplicaFallsBehind => self.replica = Some(self.network.keys()),
            Fault::Failover => {
                let keys = self.replica.take().unwrap_or_else(|| self.network.keys());
                self.starts_redis(&keys);
            }
            Fault::ToRedis(server, weather) => self.network.way_to_redis(server, weather),
            Fault::ToPhones(server, weather) => self.network.way_to_phones(server, weather),
        }
    }

    /// Another process of Redis takes the place of the one that was there.
    fn starts_redis(&self, keys: &Keys) {
        self.network.redis_goes();
        self.network.redis_holds(keys, true);
        self.network.redis_comes_back();
    }

    fn dies(&mut self, server: usize, loses_power: bool) {
        self.servers[server].dies();
        if loses_power {
            self.ledger.power_goes();
            self.servers[server].disk.power_comes_back(&mut self.rng);
        }
    }

    /// Every server has the same count, and the count is true to what phones were told.
    fn checks(mut self, faults: &[(u64, Fault)]) -> Outcome {
        let counts: Vec<(Vec<BoxItem>, Meeting)> = (0..SERVERS).map(|server| self.asks(server)).collect();
        for (items, meeting) in &counts {
            self.ledger.holds(items);
            let round = &meeting.rounds[0];
            let shown: u32 = round.accounting.as_ref().unwrap().groups.iter().map(|group| group.returned).sum();
            assert_eq!(shown as usize, sheets(items), "the count that is shown is not what was counted");
            assert_eq!(items.len(), counts[0].0.len(), "two servers counted different boxes");
            assert_eq!(round.tally, counts[0].1.rounds[0].tally, "two servers counted differently");
        }
        let broken = self.network.broken_steps();
        assert!(broken.is_empty(), "Redis could not run a step: {broken:?}");
        let mut outcome = Outcome {
            seeds: 1,
            acknowledged: self.ledger.acknowledged(),
            counted: sheets(&counts[0].0),
            late: self.ledger.late(),
            faults: BTreeMap::new(),
            steps: self.network.steps(),
            virtual_ms: self.now_ms,
            order: self.network.order(),
        };
        for kind in faults.iter().filter_map(|(_, fault)| fault.kind()) {
            *outcome.faults.entry(kind).or_default() += 1;
        }
        outcome
    }

    /// The frozen box and the meeting, as a server has them once it knows.
    fn asks(&mut self, server: usize) -> (Vec<BoxItem>, Meeting) {
        let reach = self.reach.clone();
        let asked = self.hall.spawn(async move {
            loop {
                let meeting = reach.meeting(server).await;
                if let Some(meeting) = meeting.filter(|meeting| meeting.rounds[0].state == RoundState::Closed)
                    && let Some(Freeze::Frozen(items)) = reach.frozen(server).await
                {
                    return (items, meeting);
                }
                sleep(Duration::from_millis(500)).await;
            }
        });
        let give_up_at = self.now_ms + TOLD_MS;
        while !asked.is_finished() {
            self.passes();
            assert!(self.now_ms < give_up_at, "stuck: server {server} does not know the count");
        }
        self.hall.ended(asked)
    }
}

fn sheets(items: &[BoxItem]) -> usize {
    items.iter().filter(|item| item.key().0 == 0).count()
}
