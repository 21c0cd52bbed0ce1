//! How it grows: what many phones need, computed and simulated from the costs that `cargo bench --bench load` measured.
//! `cargo bench --bench grow [-- NAME=VALUE …]` takes other costs. The simulation lets phones cast when halls do, gives every
//! cast to a server and then to the Redis shard of its meeting, and looks how long the acknowledgement takes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// What things cost, as measured.
#[derive(Clone, Copy, Debug)]
struct Costs {
    /// CPU of a server for a sheet cast, in microseconds.
    cast_us: f64,
    /// CPU of a server for the papers of a seat.
    papers_us: f64,
    /// CPU of a server for a view to a phone.
    view_us: f64,
    /// Memory of a server for an idle phone.
    phone_bytes: f64,
    /// CPU of Redis for a sheet cast.
    redis_us: f64,
    /// Memory of Redis for a ballot.
    ballot_bytes: f64,
    /// Bytes of a cast and its answer on the wire; taken, not measured.
    cast_bytes: f64,
    /// Bytes of a view on the wire; taken, not measured.
    view_bytes: f64,
}

const MEASURED: Costs = Costs {
    cast_us: 1_300.0,
    papers_us: 3_430.0,
    view_us: 12.0,
    phone_bytes: 12_288.0,
    redis_us: 180.0,
    ballot_bytes: 654.0,
    cast_bytes: 9_000.0,
    view_bytes: 900.0,
};

const BALLOTS_A_SHEET: f64 = 9.0;
/// Half of a hall casts within the first seconds after the chair has asked for it, the others until the two minutes are over.
const RUSH_S: f64 = 20.0;
const CASTING_S: f64 = 120.0;
/// Papers are handed out while the first report goes on.
const PAPERS_S: f64 = 300.0;
/// Cores of a server in the simulation.
const CORES: usize = 4;
/// What the acknowledgement may take.
const P99_MAX_S: f64 = 2.0;
/// Views that a server sends in a second at most, and how often a phone gets one at most.
const VIEWS_A_SECOND_MAX: f64 = 20_000.0;
const VIEWS_A_PHONE: f64 = 2.0;

struct World {
    name: &'static str,
    phones: u32,
    meetings: u32,
}

const WORLDS: [World; 2] = [
    World { name: "1,000,000 phones in 1,000 meetings", phones: 1_000_000, meetings: 1_000 },
    World { name: "100,000 phones in one meeting", phones: 100_000, meetings: 1 },
];

/// When phones cast, in seconds, ascending, each with its meeting.
fn casts(world: &World, rng: &mut StdRng) -> Vec<(f64, u32)> {
    let when = |rng: &mut StdRng| {
        if rng.random() { rng.random_range(0.0..RUSH_S) } else { rng.random_range(RUSH_S..CASTING_S) }
    };
    let mut casts: Vec<(f64, u32)> =
        (0..world.phones).map(|_| (when(rng), rng.random_range(0..world.meetings))).collect();
    casts.sort_by(|one, other| one.0.total_cmp(&other.0));
    casts
}

/// Queues with so many workers each; `place` chooses a queue. Answers when each job is done.
fn queued(jobs: &[(f64, usize)], queues: usize, workers: usize, takes_s: f64) -> Vec<f64> {
    let mut free: Vec<BinaryHeap<Reverse<u64>>> =
        (0..queues).map(|_| (0..workers).map(|_| Reverse(0)).collect()).collect();
    // Times as whole nanoseconds, which a heap can order.
    #[expect(clippy::cast_possible_truncation, reason = "minutes are few nanoseconds")]
    let ns = |seconds: f64| (seconds * 1e9) as u64;
    let serve = |(at, queue): &(f64, usize)| {
        let Reverse(free_at) = free[*queue].pop().unwrap_or(Reverse(0));
        let done = free_at.max(ns(*at)) + ns(takes_s);
        free[*queue].push(Reverse(done));
        done as f64 / 1e9
    };
    jobs.iter().map(serve).collect()
}

/// The 99th percentile of the acknowledgement in seconds, with so many servers and shards.
fn p99(casts: &[(f64, u32)], servers: usize, shards: usize, costs: &Costs, rng: &mut StdRng) -> f64 {
    let at_servers: Vec<(f64, usize)> = casts.iter().map(|(at, _)| (*at, rng.random_range(0..servers))).collect();
    let checked = queued(&at_servers, servers, CORES, costs.cast_us / 1e6);
    let mut at_shards: Vec<(f64, usize, f64)> = (casts.iter().zip(&checked))
        .map(|((began, meeting), done)| (*done, *meeting as usize % shards, *began))
        .collect();
    at_shards.sort_by(|one, other| one.0.total_cmp(&other.0));
    let jobs: Vec<(f64, usize)> = at_shards.iter().map(|(at, shard, _)| (*at, *shard)).collect();
    let done = queued(&jobs, shards, 1, costs.redis_us / 1e6);
    let mut took: Vec<f64> = done.iter().zip(&at_shards).map(|(done, (_, _, began))| done - began).collect();
    took.sort_by(f64::total_cmp);
    took[took.len() * 99 / 100]
}

/// The fewest of something, from one on, for which the acknowledgement is quick enough.
fn fewest(is_quick: impl FnMut(&usize) -> bool) -> usize {
    (1..=4_096).find(is_quick).unwrap_or(4_096)
}

fn tell(world: &World, costs: &Costs) {
    let mut rng = StdRng::seed_from_u64(1);
    let phones = f64::from(world.phones);
    let casts = casts(world, &mut rng);
    let plenty = 512;
    let shards = fewest(|shards| p99(&casts, plenty, *shards, costs, &mut rng) <= P99_MAX_S / 2.0);
    let servers = fewest(|servers| p99(&casts, *servers, shards, costs, &mut rng) <= P99_MAX_S);
    let rush = phones / 2.0 / RUSH_S;
    println!("\n{}", world.name);
    println!("cores for casts: {:.1} (half of the hall within {RUSH_S} s)", rush * costs.cast_us / 1e6);
    println!("cores for papers within {PAPERS_S} s: {:.1}", phones / PAPERS_S * costs.papers_us / 1e6);
    let views = (phones * VIEWS_A_PHONE).min(VIEWS_A_SECOND_MAX * servers as f64);
    println!("cores for views, {views:.0}/s: {:.1}", views * costs.view_us / 1e6);
    println!("memory of servers: {:.1} GB", phones * costs.phone_bytes / 1e9);
    println!("memory of Redis: {:.2} GB", phones * BALLOTS_A_SHEET * costs.ballot_bytes / 1e9);
    println!("busiest shard of {shards}: {:.0} % of a core", rush / shards as f64 * costs.redis_us / 1e4);
    println!(
        "network: {:.0} Mbit/s of casts, {:.0} Mbit/s of views",
        rush * costs.cast_bytes * 8.0 / 1e6,
        views * costs.view_bytes * 8.0 / 1e6
    );
    let p99 = p99(&casts, servers, shards, costs, &mut rng);
    println!("simulated: {servers} servers of {CORES} cores and {shards} shards acknowledge with p99 {:.2} s", p99);
}

fn main() {
    let mut costs = MEASURED;
    for argument in std::env::args().skip(1).filter(|argument| !argument.starts_with("--")) {
        let Some((name, Ok(value))) = argument.split_once('=').map(|(name, value)| (name, value.parse::<f64>())) else {
            println!("{argument}: a cost is named as cast_us=1100");
            continue;
        };
        match name {
            "cast_us" => costs.cast_us = value,
            "papers_us" => costs.papers_us = value,
            "view_us" => costs.view_us = value,
            "phone_bytes" => costs.phone_bytes = value,
            "redis_us" => costs.redis_us = value,
            "ballot_bytes" => costs.ballot_bytes = value,
            "cast_bytes" => costs.cast_bytes = value,
            "view_bytes" => costs.view_bytes = value,
            other => println!("{other}: no such cost; {costs:?} are known"),
        }
    }
    println!("{costs:?}");
    for world in &WORLDS {
        tell(world, &costs);
    }
}
