//! What breaks in a seed, and when.

use rand::RngExt;
use rand::rngs::StdRng;

use super::world::SERVERS;

/// Everything has healed by then, in milliseconds.
pub const HEALED_MS: u64 = 30_000;
/// The first fault comes no earlier, so that servers have started.
const FIRST_MS: u64 = 500;
/// The longest that something stays broken: longer than a recovery waits for a server, so that one comes back when others have gone
/// on.
const LONGEST_MS: u64 = 14_000;
/// How far a replica may be behind when it takes over.
const BEHIND_MAX_MS: u64 = 4_000;

/// One thing that breaks, or is whole again.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// A server's process is killed.
    Kill(usize),
    /// The power of a server goes, in the midst of a write where there is one.
    PowerCut(usize),
    /// A server is stopped as its operator stops it.
    Stop(usize),
    /// A server that is down starts.
    Start(usize),
    /// Everything at Redis is deleted, and nobody's connection ends.
    Flush,
    /// Redis is started again with nothing.
    RedisEmpty,
    /// Redis goes.
    RedisGoes,
    /// Redis is started again with what it had when it went.
    RedisComesBack,
    /// From now on the replica gets nothing.
    ReplicaFallsBehind,
    /// The replica takes over.
    Failover,
    /// How it is on the way from a server to Redis from now on.
    ToRedis(usize, Weather),
    /// And from the phones to a server.
    ToPhones(usize, Weather),
}

/// How it is on a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    Calm,
    /// Almost a second in each direction.
    Slow,
    /// One of five is lost, in either direction.
    Lossy,
    /// Nothing comes through, and nobody is told.
    Cut,
}

impl Fault {
    /// What is counted of a seed: the kinds of what breaks, and not what heals.
    pub fn kind(self) -> Option<&'static str> {
        match self {
            Self::Kill(_) => Some("kill"),
            Self::PowerCut(_) => Some("power cut"),
            Self::Stop(_) => Some("stop"),
            Self::Flush => Some("flush"),
            Self::RedisEmpty => Some("redis empty"),
            Self::RedisGoes => Some("redis down"),
            Self::Failover => Some("failover"),
            Self::ToRedis(_, Weather::Slow) => Some("redis slow"),
            Self::ToRedis(_, Weather::Lossy) => Some("redis lossy"),
            Self::ToRedis(_, Weather::Cut) => Some("redis cut"),
            Self::ToPhones(_, Weather::Slow | Weather::Lossy | Weather::Cut) => Some("phones"),
            Self::ToRedis(_, Weather::Calm)
            | Self::ToPhones(_, Weather::Calm)
            | Self::Start(_)
            | Self::RedisComesBack
            | Self::ReplicaFallsBehind => None,
        }
    }
}

/// Kinds of faults.
pub const KINDS: usize = 11;

/// What breaks, by when it does, in milliseconds.
pub fn of(rng: &mut StdRng) -> Vec<(u64, Fault)> {
    let mut faults = Vec::new();
    for _ in 0..rng.random_range(2..=9) {
        one(rng, &mut faults);
    }
    for server in 0..SERVERS {
        faults.extend([
            (HEALED_MS, Fault::ToRedis(server, Weather::Calm)),
            (HEALED_MS, Fault::ToPhones(server, Weather::Calm)),
            (HEALED_MS, Fault::Start(server)),
        ]);
    }
    faults.sort_by_key(|(at, _)| *at);
    faults
}

fn one(rng: &mut StdRng, faults: &mut Vec<(u64, Fault)>) {
    let at = rng.random_range(FIRST_MS..HEALED_MS - LONGEST_MS);
    let ends = at + rng.random_range(100..LONGEST_MS);
    let server = rng.random_range(0..SERVERS);
    let weather = [Weather::Slow, Weather::Lossy, Weather::Cut][rng.random_range(0..3)];
    match rng.random_range(0..11) {
        0 => faults.extend([(at, Fault::Kill(server)), (ends, Fault::Start(server))]),
        1 => faults.extend([(at, Fault::PowerCut(server)), (ends, Fault::Start(server))]),
        2 => faults.extend([(at, Fault::Stop(server)), (ends, Fault::Start(server))]),
        3 => faults.push((at, Fault::Flush)),
        4 => faults.push((at, Fault::RedisEmpty)),
        5 => faults.extend([(at, Fault::RedisGoes), (ends, Fault::RedisComesBack)]),
        6 => {
            let behind = rng.random_range(1..BEHIND_MAX_MS).min(at);
            faults.extend([(at - behind, Fault::ReplicaFallsBehind), (at, Fault::Failover)]);
        }
        7..=9 => {
            faults.extend([(at, Fault::ToRedis(server, weather)), (ends, Fault::ToRedis(server, Weather::Calm))]);
        }
        _ => faults.extend([(at, Fault::ToPhones(server, weather)), (ends, Fault::ToPhones(server, Weather::Calm))]),
    }
}
