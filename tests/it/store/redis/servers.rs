//! Rules l31 to l34, l39 and l41: several servers at one Redis that is well.

use pingyi::protocol::Role;
use pingyi::store::{BoxStore as _, CastVerdict, Claimed, Freeze, Issued, MeetingStore as _, SeatStore as _};
use pingyi_rules::meeting::{Phase, RoundState};

use super::super::contract::meetings::session_of;
use super::super::fixtures::{
    Casts as _, Frozen as _, ID, Wanted, ballot, ballots_of, claim, credential, digest, opened, phase_becomes,
    round_becomes, sheet,
};
use super::{RedisPlace, Two, cast, frozen, waits_for};
use crate::patience::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn l31_what_one_server_acknowledged_every_server_knows() {
    let two = Two::opened().await;
    let seated = two.a.claim_seat(&claim(1, 1, None)).await.unwrap();
    assert!(matches!(seated, Claimed::Seated(_)));
    assert_eq!(two.b.claim_seat(&claim(1, 1, None)).await.unwrap(), seated);
    assert_eq!(two.b.claim_seat(&claim(1, 2, None)).await.unwrap(), Claimed::Taken);
    assert_eq!(two.b.seat(credential(1)).await.unwrap().map(Claimed::Seated), Some(seated));
    assert_eq!(two.a.issue(ID, 1, 1, digest("papers")).await, Ok(Issued::Sign));
    assert_eq!(two.b.issue(ID, 1, 1, digest("papers")).await, Ok(Issued::Sign));
    assert_eq!(two.b.issue(ID, 1, 1, digest("others")).await, Ok(Issued::OtherPapers));
    assert_eq!(two.a.casts(ID, 1, &sheet(1)).await, Ok(vec![CastVerdict::In; 4]));
    assert_eq!(two.b.casts(ID, 1, &sheet(1)).await, Ok(vec![CastVerdict::Same; 4]));
    assert_eq!(two.b.casts(ID, 1, &[ballot(1, 1, "hao")]).await, Ok(vec![CastVerdict::Conflict]));
    let chair = digest("chair of abcd2345");
    assert_eq!(two.a.open_session(chair, digest("s")).await, Ok(Some((ID.to_owned(), Role::Chair))));
    assert_eq!(two.b.session(digest("s")).await, Ok(Some(session_of(Role::Chair, chair))));
    two.a.keep_manifest(ID, 1, b"manifest").await.unwrap();
    two.a.keep_keys(ID, 1, b"keys").await.unwrap();
    assert_eq!(two.b.manifest(ID, 1).await.unwrap().unwrap(), b"manifest");
    assert_eq!(two.b.keys(ID, 1).await.unwrap().unwrap(), b"keys");
    // The counts are those of the other server's poke, a second later at most.
    let count = async || Some(two.b.seat_counts(ID, 1).await.unwrap()).filter(|counts| counts["A"].issued == 1);
    eventually("heads are counted", count).await;
    assert_eq!(two.b.meetings(10).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn l32_a_change_of_one_server_pokes_the_others() {
    let two = Two::opened().await;
    // Both look at it by the clock from now on, and so hear pokes.
    eventually("a look", async || two.b.returned(ID, 1).await.ok()).await;
    let mut changes = two.b.changes();
    for number in 1..=3 {
        phase_becomes(&two.a, ID, if number % 2 == 0 { Phase::Checkin } else { Phase::InSession }).await;
        let version = 3 + number;
        let seen = async || {
            let changed = tokio::time::timeout(std::time::Duration::from_secs(3), changes.recv()).await;
            assert_eq!(changed.expect("no poke").unwrap().meeting, ID);
            let (_, seen) = two.b.version(ID).await.unwrap().unwrap();
            (seen == version).then_some(())
        };
        eventually("the other server sees the version", seen).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l33_a_freeze_waits_until_every_server_has_signed_off() {
    let two = Two::opened().await;
    for number in 0..10 {
        let store = if number % 2 == 0 { &two.a } else { &two.b };
        assert_eq!(cast(store, &sheet(number)).await, [CastVerdict::In; 4]);
    }
    let all = frozen(&two.a).await;
    assert_eq!(all.len(), 40);
    assert_eq!(frozen(&two.b).await, all);
    assert_eq!(two.b.casts(ID, 1, &sheet(99)).await, Ok(vec![CastVerdict::Closed; 4]));
    assert_eq!(two.b.casts(ID, 1, &sheet(4)).await, Ok(vec![CastVerdict::Same; 4]));
}

#[tokio::test(flavor = "multi_thread")]
async fn l33_a_server_that_is_gone_is_named_and_can_be_left_out() {
    let two = Two::opened().await;
    cast(&two.a, &sheet(1)).await;
    cast(&two.b, &sheet(2)).await;
    cast(&two.b, &sheet(3)).await;
    let Two { a, b, redis, places } = two;
    drop(b);
    let missing = waits_for(&a).await;
    assert_eq!(missing.iter().map(|server| (server.name.as_str(), server.sheets)).collect::<Vec<_>>(), [("server", 2)]);
    assert_eq!(a.casts(ID, 1, &sheet(4)).await, Ok(vec![CastVerdict::Closed; 4]), "no cast is taken meanwhile");
    let without = [missing[0].server.clone()];
    let Freeze::Frozen(items) = a.freeze(ID, 1, &without).await.unwrap() else { panic!("it still waits") };
    let ballots = ballots_of(items);
    assert_eq!(ballots.len(), 12, "what Redis has is counted");
    // When it comes back it signs off by itself.
    let b = places[1].server().await;
    assert_eq!(frozen(&a).await, ballots);
    drop((b, redis));
}

#[tokio::test(flavor = "multi_thread")]
async fn l31_a_server_that_came_after_the_count_acknowledges_a_repeat() {
    let two = Two::opened().await;
    cast(&two.a, &sheet(1)).await;
    frozen(&two.a).await;
    round_becomes(&two.a, ID, RoundState::Closed).await;
    let place = RedisPlace::at(&two.redis);
    let later = place.server().await;
    assert_eq!(later.casts(ID, 1, &sheet(1)).await, Ok(vec![CastVerdict::Same; 4]));
    assert_eq!(later.casts(ID, 1, &sheet(2)).await, Ok(vec![CastVerdict::Closed; 4]));
}

#[tokio::test(flavor = "multi_thread")]
async fn l34_nobody_waits_for_a_server_that_signed_off_before_it_stopped() {
    let two = Two::opened().await;
    cast(&two.b, &sheet(1)).await;
    two.b.sign_off().await.unwrap();
    let Two { a, b, redis, places } = two;
    drop(b);
    assert_eq!(a.frozen(ID, 1).await.unwrap().len(), 4);
    drop((redis, places));
}

#[tokio::test(flavor = "multi_thread")]
async fn l39_keys_are_erased_from_every_server() {
    let two = Two::opened().await;
    let key = b"a private key of which no byte may stay";
    two.a.keep_keys(ID, 1, key).await.unwrap();
    assert_eq!(two.b.keys(ID, 1).await.unwrap().unwrap(), key);
    two.a.issue(ID, 1, 1, digest("papers")).await.unwrap();
    two.b.issue(ID, 1, 2, digest("other papers")).await.unwrap();
    let secrets = [key.to_vec(), digest("papers").to_vec(), digest("other papers").to_vec()];
    let stays = |place: &RedisPlace| {
        let mut waiting = vec![place.directory.path().to_owned()];
        let mut found = false;
        while let Some(folder) = waiting.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map_while(Result::ok) {
                let path = entry.path();
                if path.is_dir() {
                    waiting.push(path);
                } else if let Ok(bytes) = std::fs::read(&path) {
                    found |= secrets.iter().any(|secret| bytes.windows(8).any(|part| part == &secret[..8]));
                }
            }
        }
        found
    };
    assert!(two.places.iter().all(stays), "the search finds what is there");
    round_becomes(&two.a, ID, RoundState::Closed).await;
    two.a.erase_keys(ID, 1).await.unwrap();
    eventually("no file holds them", async || (!two.places.iter().any(stays)).then_some(())).await;
    assert_eq!(two.b.keys(ID, 1).await, Ok(None));
    let dump: Option<Vec<u8>> = two.redis.ask(&["DUMP", "pingyi:{abcd2345}:issued:1"]);
    assert!(!dump.unwrap().windows(8).any(|part| secrets.iter().any(|secret| part == &secret[..8])));
}

#[tokio::test(flavor = "multi_thread")]
async fn s26_a_frozen_round_keeps_no_mark_of_a_release_at_redis() {
    let two = Two::opened().await;
    for number in 0..20 {
        two.a.casts(ID, 1, &sheet(number)).await.unwrap();
    }
    two.a.release(ID, 1, 5).await.unwrap();
    let marks = || -> Vec<String> {
        let all: Vec<String> = two.redis.ask(&["KEYS", "*"]);
        let is_mark = |key: &String| ["pool", "fresh", "tick"].iter().any(|name| key.contains(name));
        all.into_iter().filter(is_mark).collect()
    };
    two.a.casts(ID, 1, &sheet(20)).await.unwrap();
    assert_eq!(marks().len(), 2, "the pool, and what was cast since: {:?}", marks());
    frozen(&two.b).await;
    assert!(marks().is_empty(), "{:?}", marks());
}

#[tokio::test(flavor = "multi_thread")]
async fn l41_an_idle_meeting_costs_redis_less_than_five_commands_a_second() {
    let two = Two::new().await;
    opened(&two.a, &Wanted::default()).await;
    let calls = || -> u64 {
        let stats: String = two.redis.ask(&["INFO", "commandstats"]);
        let direct = ["cmdstat_evalsha:", "cmdstat_eval:", "cmdstat_publish:", "cmdstat_subscribe:"];
        let count = |line: &str| line.split("calls=").nth(1)?.split(',').next()?.parse::<u64>().ok();
        let of_servers = stats.lines().filter(|line| direct.iter().any(|name| line.starts_with(name)));
        of_servers.filter_map(count).sum()
    };
    // Both servers, three of their seconds: the beats tell how many those were.
    let beats = || -> u64 {
        let said: Vec<String> = two.redis.ask(&["HVALS", "pingyi:{look-ups}:servers"]);
        said.iter().filter_map(|said| said.split(' ').next()?.parse::<u64>().ok()).sum()
    };
    eventually("a beat", async || (beats() >= 2).then_some(())).await;
    let (calls_before, beats_before) = (calls(), beats());
    let passed = eventually("three seconds", async || Some(beats() - beats_before).filter(|beats| *beats >= 6)).await;
    let a_second = (calls() - calls_before) / (passed / 2);
    assert!(a_second / 2 < 5, "{a_second} commands a second of two servers");
}
