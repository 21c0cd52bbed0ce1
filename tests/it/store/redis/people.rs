//! Rules l61, s60 and s62 where servers meet at Redis: the end of a meeting's people in every place, and the list of keys.

use std::collections::HashSet;

use pingyi::protocol::{InventoryKind, InventoryPlace};
use pingyi::store::{MeetingStore as _, SeatStore as _};

use super::{Two, options, sealing, secret};
use crate::patience::eventually;
use crate::redis::process::RedisProcess;
use crate::store::contract::people::{held, says_so};
use crate::store::fixtures::{ID, credential};
use crate::store::people::{hold, of_people};

/// Whether any value at Redis holds eight bytes of one of these.
pub fn redis_holds(redis: &RedisProcess, secrets: &[Vec<u8>]) -> bool {
    let pieces: HashSet<&[u8]> = secrets.iter().flat_map(|secret| secret.windows(8)).collect();
    let keys: Vec<String> = redis.ask(&["KEYS", "*"]);
    keys.iter().any(|key| {
        let kind: String = redis.ask(&["TYPE", key]);
        let values: Vec<Vec<u8>> = match kind.as_str() {
            "string" => vec![redis.ask(&["GET", key])],
            "hash" => redis.ask(&["HGETALL", key]),
            "set" => redis.ask(&["SMEMBERS", key]),
            "zset" => redis.ask(&["ZRANGE", key, "0", "-1"]),
            _ => redis.ask(&["LRANGE", key, "0", "-1"]),
        };
        values.iter().any(|value| value.windows(8).any(|window| pieces.contains(window)))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn l61_s60_every_server_and_redis_destroy_what_they_have_of_people() {
    let Two { redis, places, a, b } = Two::new().await;
    held(&a).await;
    b.load(ID).await.unwrap().unwrap();
    assert!(b.seat(credential(1)).await.unwrap().is_some(), "it remembers seats");
    // Seats that nobody took have neither a credential nor a paper.
    let (people, keys) = (of_people(&secret(), 10), vec![b"the private keys of a round".to_vec()]);
    let at_redis = vec![sealing().keys(ID, 1, &keys[0]).unwrap()];
    b.keys(ID, 1).await.unwrap().unwrap();
    for place in &places {
        assert!(hold(place.directory.path(), &people[..1]) && hold(place.directory.path(), &keys));
    }
    assert!(redis_holds(&redis, &people[..1]) && redis_holds(&redis, &at_redis), "the search finds what is there");
    assert!(!redis_holds(&redis, &keys), "keys are never open there");
    // One server is away when the meeting says so.
    drop(b);
    says_so(&a).await;
    let destroyed = a.destroy_people(ID).await.unwrap();
    let away: Vec<bool> = destroyed.iter().map(|place| place.is_done).collect();
    assert_eq!(away.iter().filter(|is_done| !**is_done).count(), 1, "{destroyed:?}");
    assert!(!redis_holds(&redis, &people) && !redis_holds(&redis, &at_redis));
    assert!(!hold(places[0].directory.path(), &people) && !hold(places[0].directory.path(), &keys));
    assert!(hold(places[1].directory.path(), &people[..1]), "the one that is away has not");
    let b = places[1].server().await;
    assert_eq!(b.archived_with_people(10).await.unwrap(), [ID]);
    b.load(ID).await.unwrap().unwrap();
    let all_done = async || {
        let destroyed = a.destroy_people(ID).await.ok()?;
        destroyed.iter().all(|place| place.is_done).then_some(destroyed.len())
    };
    assert_eq!(eventually("all have destroyed", all_done).await, 3, "Redis and two servers");
    assert!(!hold(places[1].directory.path(), &people) && !hold(places[1].directory.path(), &keys));
    assert!(b.archived_with_people(10).await.unwrap().is_empty());
    assert_eq!(b.seat(credential(1)).await, Ok(None));
}

#[tokio::test(flavor = "multi_thread")]
async fn l61_a_server_that_watches_destroys_its_copy_by_itself() {
    let Two { places, a, b, .. } = Two::new().await;
    held(&a).await;
    b.load(ID).await.unwrap().unwrap();
    says_so(&a).await;
    let done = async || (!hold(places[1].directory.path(), &of_people(&secret(), 10))).then_some(());
    eventually("the other one heard of it", done).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s62_the_list_names_every_key() {
    let redis = RedisProcess::start();
    let directory = tempfile::TempDir::new().unwrap();
    let store =
        pingyi::store::redis::RedisStore::open(directory.path(), &options(&redis.url(), "server")).await.unwrap();
    held(&store).await;
    let keys: Vec<String> = redis.ask(&["KEYS", "*"]);
    let pattern = |key: &String| {
        let parts: Vec<&str> = key.splitn(3, ':').collect();
        let place = if parts[1] == "{look-ups}" { "{look-ups}" } else { "{meeting}" };
        let rest = match parts[2].split_once(':') {
            Some(("free", _)) => "free:{group}".to_owned(),
            Some((head @ ("links" | "sessions"), _)) => format!("{head}:{{role}}"),
            Some((head, _)) => format!("{head}:{{round}}"),
            None => parts[2].to_owned(),
        };
        format!("pingyi:{place}:{rest}")
    };
    let is_whole = |kept: &[pingyi::protocol::InventoryLine], keys: &[String]| {
        keys.iter().map(pattern).all(|name| {
            let is_it = |thing: &pingyi::protocol::InventoryLine| {
                thing.place == InventoryPlace::Redis && thing.name == name && thing.kind != InventoryKind::Unknown
            };
            kept.iter().any(is_it)
        })
    };
    let kept = store.kept(ID).await.unwrap();
    assert!(keys.len() > 15, "{keys:?}");
    assert!(is_whole(&kept, &keys), "{keys:?} {kept:?}");
    let ballots = kept.iter().find(|thing| thing.name == "pingyi:{meeting}:box:{round}").unwrap();
    assert_eq!((ballots.kind, ballots.count), (InventoryKind::Ballots, 40));
    // What somebody hid there.
    let _: i64 = redis.ask(&["HSET", &format!("pingyi:{{{ID}}}:joins"), "1", "hao"]);
    let keys: Vec<String> = redis.ask(&["KEYS", "*"]);
    let kept = store.kept(ID).await.unwrap();
    assert!(!is_whole(&kept, &keys));
    let unknown: Vec<_> = kept.iter().filter(|thing| thing.kind == InventoryKind::Unknown).collect();
    assert_eq!(unknown.len(), 1);
    assert_eq!((unknown[0].name.as_str(), unknown[0].count), ("pingyi:{meeting}:joins", 1));
}
