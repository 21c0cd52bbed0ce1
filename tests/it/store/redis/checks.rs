//! Rules l40, l42 and l43: what Redis must be like, replicas, and versions of the steps.

use pingyi::protocol::Durability;
use pingyi::server_secret::ServerSecret;
use pingyi::store::redis::{RedisOpenError, RedisOptions, RedisStore};
use pingyi::store::{CastVerdict, MeetingStore as _};
use tempfile::TempDir;

use super::super::fixtures::{Casts as _, Frozen as _, ID, Wanted, opened, sheet};
use super::{cast, options};
use crate::patience::eventually;
use crate::redis::process::RedisProcess;

async fn refused(options: &RedisOptions) -> RedisOpenError {
    let directory = TempDir::new().unwrap();
    let Err(error) = RedisStore::open(directory.path(), options).await else { panic!("it opens") };
    assert!(error.sentences().iter().all(|sentence| sentence.len() > 20));
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn l40_a_redis_that_is_set_otherwise_is_refused_with_what_to_change() {
    let redis = RedisProcess::start();
    let at = options(&redis.url(), "server");
    let set = |name: &str, value: &str| {
        let _: String = redis.ask(&["CONFIG", "SET", name, value]);
    };
    set("maxmemory-policy", "allkeys-lru");
    assert_eq!(refused(&at).await, RedisOpenError::Evicts("allkeys-lru".to_owned()));
    set("maxmemory-policy", "noeviction");
    set("appendonly", "yes");
    assert_eq!(refused(&at).await, RedisOpenError::AppendsToFile);
    set("appendonly", "no");
    let replicated = RedisOptions { replicas: 2, ..at.clone() };
    assert_eq!(refused(&replicated).await, RedisOpenError::TooFewReplicas { has: 0, wanted: 2 });
    for url in ["http://127.0.0.1", "redis+sentinel://127.0.0.1", "redis+cluster://", "redis+sentinel://a:1/"] {
        assert_eq!(refused(&options(url, "server")).await, RedisOpenError::Address(url.to_owned()));
    }
    let port = crate::redis::process::free_port();
    let nobody = options(&format!("redis://127.0.0.1:{port}"), "server");
    assert!(matches!(refused(&nobody).await, RedisOpenError::Unreachable(_)));
    let directory = TempDir::new().unwrap();
    assert_eq!(RedisStore::open(directory.path(), &at).await.unwrap().durability(), Durability::Redis);
    let slow: Vec<String> = redis.ask(&["CONFIG", "GET", "slowlog-log-slower-than"]);
    assert_eq!(slow[1], "-1", "no slow command is kept with its time");
}

#[tokio::test(flavor = "multi_thread")]
async fn l40_a_redis_that_cannot_be_checked_is_taken_with_a_lower_class() {
    let redis = RedisProcess::start_with(&["--rename-command", "CONFIG", ""]);
    let at = options(&redis.url(), "server");
    assert!(matches!(refused(&at).await, RedisOpenError::CannotBeChecked(_)));
    let directory = TempDir::new().unwrap();
    let store = RedisStore::open(directory.path(), &RedisOptions { unchecked: true, ..at }).await.unwrap();
    assert_eq!(store.durability(), Durability::Memory);
}

#[tokio::test(flavor = "multi_thread")]
async fn l42_a_cast_is_acknowledged_when_replicas_have_it() {
    let redis = RedisProcess::start();
    let primary = format!("127.0.0.1 {}", redis.port());
    let mut replica = RedisProcess::start_with(&["--replicaof", &primary]);
    let has_replica = || {
        let said: String = redis.ask(&["INFO", "replication"]);
        said.contains("state=online").then_some(())
    };
    eventually("the replica is connected", async || has_replica()).await;
    let directory = TempDir::new().unwrap();
    let replicated = RedisOptions { replicas: 1, ..options(&redis.url(), "server") };
    let store = RedisStore::open(directory.path(), &replicated).await.unwrap();
    assert_eq!(store.durability(), Durability::RedisReplicated);
    opened(&store, &Wanted::default()).await;
    assert_eq!(store.casts(ID, 1, &sheet(1)).await, Ok(vec![CastVerdict::In; 4]));
    replica.kill();
    let (first, second) = (sheet(2), sheet(3));
    let waiting = async { tokio::join!(store.casts(ID, 1, &first), store.casts(ID, 1, &second)) };
    let beside = async { store.load(ID).await.unwrap().unwrap().version };
    let ((first, second), version) = tokio::join!(waiting, beside);
    assert!(first.is_err() && second.is_err(), "nobody knows whether they are safe");
    assert_eq!(version, 3, "and nothing else waits");
    assert!(store.casts(ID, 1, &sheet(1)).await.is_err(), "a repeat is no safer");
    replica.start_again();
    eventually("the replica is back", async || has_replica()).await;
    assert_eq!(cast(&store, &sheet(2)).await, [CastVerdict::Same; 4]);
    assert_eq!(cast(&store, &sheet(3)).await, [CastVerdict::Same; 4]);
    assert_eq!(store.frozen(ID, 1).await.unwrap().len(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn l43_a_meeting_of_later_steps_is_not_served() {
    let redis = RedisProcess::start();
    let places = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let store = RedisStore::open(places[0].path(), &options(&redis.url(), "server")).await.unwrap();
    opened(&store, &Wanted::default()).await;
    let set = |version: &str| {
        let _: u32 = redis.ask(&["HSET", "pingyi:{abcd2345}:meeting", "script", version]);
    };
    set("3");
    let refused = store.casts(ID, 1, &sheet(1)).await.unwrap_err();
    assert!(refused.to_string().contains("newer version of this program"), "{refused}");
    let other = RedisStore::open(places[1].path(), &options(&redis.url(), "other")).await.unwrap();
    assert!(other.load(ID).await.is_err());
    set("2");
    assert_eq!(cast(&store, &sheet(1)).await, [CastVerdict::In; 4]);
    assert_eq!(other.load(ID).await.unwrap().unwrap().version, 3);
}

/// How often a server said that it lives.
fn number(beat: &str) -> u32 {
    beat.split(' ').next().unwrap().parse().unwrap()
}

/// Every key with a dump of what is in it, but for the beats of servers that live.
fn kept(redis: &RedisProcess) -> Vec<(String, Vec<u8>)> {
    let mut keys: Vec<String> = redis.ask(&["KEYS", "*"]);
    keys.retain(|key| !key.ends_with(":servers"));
    keys.sort();
    keys.into_iter().map(|key| (key.clone(), redis.ask(&["DUMP", &key]))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn l90_a_server_with_another_operator_key_is_refused_and_nothing_is_changed() {
    let redis = RedisProcess::start();
    let directory = TempDir::new().unwrap();
    let store = RedisStore::open(directory.path(), &options(&redis.url(), "server")).await.unwrap();
    opened(&store, &Wanted::default()).await;
    assert_eq!(store.casts(ID, 1, &sheet(1)).await, Ok(vec![CastVerdict::In; 4]));
    let stranger = RedisOptions {
        secret: ServerSecret::of_operator_key("the operator key of somebody else").unwrap(),
        ..options(&redis.url(), "stranger")
    };
    let set = |value: &str| {
        let _: String = redis.ask(&["CONFIG", "SET", "slowlog-log-slower-than", value]);
    };
    set("5");
    let before = kept(&redis);
    let there = TempDir::new().unwrap();
    let Err(error) = RedisStore::open(there.path(), &stranger).await else { panic!("it opens") };
    assert_eq!(error, RedisOpenError::OtherKey);
    let [chinese, english] = error.sentences();
    assert!(chinese.contains("--key") && english.contains("another operator key"), "{chinese} {english}");
    assert_eq!(kept(&redis), before);
    assert!(std::fs::read_dir(there.path()).unwrap().next().is_none(), "nor in the own directory");
    let slow: Vec<String> = redis.ask(&["CONFIG", "GET", "slowlog-log-slower-than"]);
    assert_eq!(slow[1], "5", "nor how Redis is set");
    assert_eq!(cast(&store, &sheet(2)).await, [CastVerdict::In; 4], "the others go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn l90_a_server_that_meets_another_key_later_changes_nothing() {
    let redis = RedisProcess::start();
    let directories = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let store = RedisStore::open(directories[0].path(), &options(&redis.url(), "server")).await.unwrap();
    opened(&store, &Wanted::default()).await;
    // Somebody empties this Redis, and gives it to servers of another key.
    let _: String = redis.ask(&["FLUSHALL"]);
    let other = ServerSecret::of_operator_key("the operator key of somebody else").unwrap();
    let stranger = RedisOptions { secret: other, ..options(&redis.url(), "stranger") };
    let opens = async || RedisStore::open(directories[1].path(), &stranger).await.ok();
    // The first server may be back before it: then it is the one that is refused.
    if let Some(other) = opens().await {
        opened(&other, &Wanted::default()).await;
        let before = kept(&redis);
        let refused = async || store.casts(ID, 1, &sheet(1)).await.err();
        eventually("it is not served", refused).await;
        assert!(store.load(ID).await.is_err());
        assert_eq!(kept(&redis), before);
        // Nor does it say there that it lives.
        let _: u32 = redis.ask(&["DEL", "pingyi:{look-ups}:servers"]);
        let beat = || -> Vec<String> { redis.ask(&["HVALS", "pingyi:{look-ups}:servers"]) };
        let first = eventually("a beat", async || beat().pop()).await;
        let later =
            eventually("two more", async || Some(beat()).filter(|now| number(&now[0]) >= number(&first) + 2)).await;
        assert_eq!(later.len(), 1, "{later:?}");
        assert_eq!(other.casts(ID, 1, &sheet(2)).await, Ok(vec![CastVerdict::In; 4]));
    } else {
        assert_eq!(cast(&store, &sheet(1)).await, [CastVerdict::In; 4]);
    }
}
