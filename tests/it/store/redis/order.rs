//! Rules s41 and s42: what somebody learns of the order of casting who has all that Redis keeps. Each attack is shown to work
//! on something that leaks.

use std::collections::HashMap;

use pingyi::store::redis::RedisStore;
use pingyi_rules::ballot::Ballot;
use rand::seq::SliceRandom as _;
use redis::Commands as _;
use tempfile::TempDir;

use super::{options, sealed, sealing};
use crate::redis::process::RedisProcess;
use crate::store::fixtures::{Casts as _, ID, Wanted, ballot, opened};

const BOXES: u32 = 5;
const BALLOTS: u64 = 120;
/// Where a snapshot is to be searched, its strings must stand as they are.
const PLAIN: [&str; 4] = ["--rdbcompression", "no", "--slowlog-log-slower-than", "-1"];

/// Kendall's τ between the order of casting and that of some places.
fn kendall_tau(places: &[usize]) -> f64 {
    let (mut sum, mut pairs) = (0i32, 0i32);
    for (at, first) in places.iter().enumerate() {
        for second in &places[at + 1..] {
            sum += if first < second { 1 } else { -1 };
            pairs += 1;
        }
    }
    f64::from(sum) / f64::from(pairs)
}

/// Where each ballot stands in bytes, by how it begins there.
fn places_in(bytes: &[u8], begins: &[Vec<u8>]) -> Vec<usize> {
    let place = |begins: &Vec<u8>| bytes.windows(24).position(|window| *window == begins[..24]).unwrap();
    begins.iter().map(place).collect()
}

/// Ballots as they lie in the box.
fn boxed(cast: &[Ballot]) -> Vec<Vec<u8>> {
    cast.iter().map(sealed).collect()
}

/// Ballots as they wait for the live tally: each has an answer of its own here, by which who has the key finds it.
fn waiting(redis: &RedisProcess, cast: &[Ballot]) -> Vec<Vec<u8>> {
    let all: Vec<Vec<u8>> = redis.ask(&["ZRANGE", &format!("pingyi:{{{ID}}}:fresh:1"), "0", "-1"]);
    let opened = |fresh: &Vec<u8>| sealing().opened_fresh(ID, 1, fresh).unwrap().unwrap().1;
    let by_answer: HashMap<String, &Vec<u8>> = all.iter().map(|fresh| (opened(fresh), fresh)).collect();
    cast.iter().map(|ballot| by_answer[&ballot.answer].clone()).collect()
}

fn joined(members: Vec<Vec<u8>>) -> Vec<u8> {
    members.concat()
}

/// Something that tells: its name, its bytes, and how each ballot begins in them.
type Telling = (&'static str, Vec<u8>, Vec<Vec<u8>>);

/// What Redis tells, each as bytes in the order in which it tells, with how the ballots begin there: the box, its scan, what
/// waits for the live tally, dumps, the snapshot.
fn tells(redis: &RedisProcess, cast: &[Ballot]) -> Vec<Telling> {
    let (ballots, fresh) = (format!("pingyi:{{{ID}}}:box:1"), format!("pingyi:{{{ID}}}:fresh:1"));
    let scan = |key: &str| -> Vec<u8> {
        let scanned: (String, Vec<Vec<u8>>) =
            redis::cmd("ZSCAN").arg(key).arg(0).arg("COUNT").arg(100_000).query(&mut redis.connection()).unwrap();
        joined(scanned.1)
    };
    let _: () = redis.ask(&["SAVE"]);
    let snapshot = std::fs::read(redis.directory().join("dump.rdb")).unwrap();
    vec![
        ("box", joined(redis.ask(&["ZRANGE", &ballots, "0", "-1"])), boxed(cast)),
        ("scan of the box", scan(&ballots), boxed(cast)),
        ("what waits", joined(redis.ask(&["ZRANGE", &fresh, "0", "-1"])), waiting(redis, cast)),
        ("scan of what waits", scan(&fresh), waiting(redis, cast)),
        ("dump", redis.ask(&["DUMP", &ballots]), boxed(cast)),
        ("dump of what waits", redis.ask(&["DUMP", &fresh]), waiting(redis, cast)),
        ("snapshot", snapshot, boxed(cast)),
    ]
}

/// A box that was cast into, a ballot at a time, and the order of casting.
async fn cast_into(redis: &RedisProcess) -> Vec<Ballot> {
    let directory = TempDir::new().unwrap();
    cast_by(&opened_at(redis, &directory).await).await
}

async fn opened_at(redis: &RedisProcess, directory: &TempDir) -> RedisStore {
    let store = RedisStore::open(directory.path(), &options(&redis.url(), "server")).await.unwrap();
    opened(&store, &Wanted { a: 30, ..Wanted::default() }).await;
    store
}

async fn cast_by(store: &RedisStore) -> Vec<Ballot> {
    let mut cast: Vec<Ballot> = (0..BALLOTS).map(|number| ballot(1, number, &format!("mark_{number}"))).collect();
    cast.shuffle(&mut rand::rng());
    for ballot in &cast {
        store.casts(ID, 1, std::slice::from_ref(ballot)).await.unwrap();
    }
    cast
}

#[tokio::test(flavor = "multi_thread")]
async fn s41_nothing_in_redis_tells_the_order_of_casting() {
    let mut taus: Vec<(&str, f64)> = Vec::new();
    for _box in 0..BOXES {
        let redis = RedisProcess::start_with(&PLAIN);
        let cast = cast_into(&redis).await;
        for (place, (what, bytes, begins)) in tells(&redis, &cast).into_iter().enumerate() {
            let tau = kendall_tau(&places_in(&bytes, &begins)) / f64::from(BOXES);
            if taus.len() <= place {
                taus.push((what, 0.0));
            }
            taus[place].1 += tau;
        }
    }
    let n = f64::from(u32::try_from(BALLOTS).unwrap());
    let sigma = (2.0 * (2.0 * n + 5.0) / (9.0 * n * (n - 1.0))).sqrt();
    for (what, tau) in taus {
        assert!(tau.abs() < 3.0 * sigma, "{what}: τ = {tau}, σ of one box = {sigma}");
    }
    // The same attack on a Redis that keeps the ballots in a list, and in a small hash.
    let leaking = RedisProcess::start_with(&["--rdbcompression", "no", "--hash-max-listpack-value", "1000"]);
    let cast: Vec<Ballot> = (0..BALLOTS).map(|number| ballot(1, number, "hao")).collect();
    let mut connection = leaking.connection();
    for entry in boxed(&cast) {
        let _: () = connection.rpush("list", &entry).unwrap();
        let _: () = connection.hset("hash", &entry[..16], &entry).unwrap();
    }
    for key in ["list", "hash"] {
        let dump: Vec<u8> = leaking.ask(&["DUMP", key]);
        assert!(kendall_tau(&places_in(&dump, &boxed(&cast))) > 0.99, "the attack on a {key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s42_the_slow_log_is_off_where_we_ship_redis_because_it_tells_the_order() {
    let shipped = include_str!("../../../../deploy/redis.conf");
    let set = |line: &str| shipped.lines().any(|known| known == line);
    assert!(set("slowlog-log-slower-than -1") && set("appendonly no") && set("latency-tracking no"));
    let redis = RedisProcess::start_with(&PLAIN);
    cast_into(&redis).await;
    assert_eq!(redis.ask::<u32>(&["SLOWLOG", "LEN"]), 0);
    // One that is set otherwise keeps none either, once a server came to it.
    let telling = RedisProcess::start_with(&["--slowlog-log-slower-than", "0", "--slowlog-max-len", "100000"]);
    let directory = TempDir::new().unwrap();
    let store = opened_at(&telling, &directory).await;
    let _: () = telling.ask(&["SLOWLOG", "RESET"]);
    cast_by(&store).await;
    assert_eq!(telling.ask::<u32>(&["SLOWLOG", "LEN"]), 0);
    // The control: somebody has it write everything down, the newest first.
    let telling = RedisProcess::start_with(&["--slowlog-max-len", "100000"]);
    let directory = TempDir::new().unwrap();
    let store = opened_at(&telling, &directory).await;
    let _: () = telling.ask(&["CONFIG", "SET", "slowlog-log-slower-than", "0"]);
    let cast = cast_by(&store).await;
    let log: Vec<redis::Value> = telling.ask(&["SLOWLOG", "GET", "-1"]);
    let mut bytes = Vec::new();
    log.iter().rev().for_each(|entry| push_strings(entry, &mut bytes));
    assert!(kendall_tau(&places_in(&bytes, &boxed(&cast))) > 0.99);
}

fn push_strings(value: &redis::Value, bytes: &mut Vec<u8>) {
    match value {
        redis::Value::BulkString(text) => bytes.extend(text),
        redis::Value::Array(values) => values.iter().for_each(|value| push_strings(value, bytes)),
        _ => {}
    }
}
