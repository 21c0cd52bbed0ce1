//! Rules s144, l92 and s26: what fillers are and are not, and the live tally at Redis.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use pingyi::store::entry::BoxEntry;
use pingyi::store::local::LocalStore;
use pingyi::store::{BoxStore as _, CastVerdict, MeetingStore as _, Released};
use pingyi_rules::ballot::Ballot;

use super::super::fixtures::{Casts as _, Frozen as _, ID, Wanted, ballot, opened, sheet};
use super::{RedisStore, Two, cast, frozen, sealed, sealing};
use crate::patience::eventually;
use crate::redis::process::RedisProcess;

fn boxed(redis: &RedisProcess) -> Vec<Vec<u8>> {
    redis.ask(&["ZRANGE", &format!("pingyi:{{{ID}}}:box:1"), "0", "-1"])
}

fn fillers(redis: &RedisProcess) -> usize {
    let opened = boxed(redis).into_iter().map(|sealed| sealing().opened_entry(ID, 1, &sealed).unwrap());
    opened.filter(|entry| matches!(entry, BoxEntry::Filler(_))).count()
}

/// A sheet whose second row was recused.
fn recused(number: u64) -> Vec<Ballot> {
    sheet(number).into_iter().filter(|ballot| ballot.contest != 2).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn s144_a_filler_is_in_no_answer_no_count_and_no_pile() {
    let two = Two::opened().await;
    assert_eq!(
        two.a.casts(ID, 1, &recused(1)).await,
        Ok(vec![CastVerdict::In; 3]),
        "one answer for each that was cast"
    );
    assert_eq!(cast(&two.a, &sheet(2)).await, [CastVerdict::In; 4]);
    let there = boxed(&two.redis);
    assert_eq!((there.len(), fillers(&two.redis)), (8, 1));
    // The same again, at either server, changes nothing.
    for store in [&two.a, &two.b] {
        assert_eq!(store.casts(ID, 1, &recused(1)).await, Ok(vec![CastVerdict::Same; 3]));
        assert_eq!(boxed(&two.redis), there);
    }
    // A conflict takes nothing, and leaves no filler.
    let other = [ballot(1, 1, "hm"), ballot(0, 9, "hao")];
    assert_eq!(two.b.casts(ID, 1, &other).await, Ok(vec![CastVerdict::Conflict, CastVerdict::BatchConflict]));
    assert_eq!(boxed(&two.redis), there);
    assert_eq!(two.b.returned(ID, 1).await.unwrap().values().sum::<u32>(), 2);
    let _: String = two.redis.ask(&["FLUSHALL"]);
    assert_eq!(cast(&two.b, &recused(1)).await, [CastVerdict::Same; 3]);
    let back = async || (boxed(&two.redis) == there).then_some(());
    eventually("all is back as it was, fillers too", back).await;
    let counted = frozen(&two.b).await;
    assert_eq!(counted.len(), 7);
    assert_eq!(cast(&two.a, &recused(1)).await, [CastVerdict::Same; 3], "also of a round that is over");
    // A server that is alone from now on has the same box.
    let Two { redis, places, a, b } = two;
    drop((a, b, redis));
    std::fs::write(places[0].directory.path().join("server-secret"), "").unwrap();
    let alone = eventually("the directory is free", async || LocalStore::open(places[0].directory.path()).ok()).await;
    assert_eq!(alone.frozen(ID, 1).await.unwrap(), counted);
}

#[tokio::test(flavor = "multi_thread")]
async fn s144_nothing_but_the_key_tells_entries_apart() {
    let two = Two::new().await;
    opened(&two.a, &Wanted { opinions: true, ..Wanted::default() }).await;
    cast(&two.a, &recused(1)).await;
    cast(&two.a, &sheet(2)).await;
    let there = boxed(&two.redis);
    let lengths: BTreeSet<usize> = there.iter().map(Vec::len).collect();
    // The sheet, three rows, and as many opinions.
    assert_eq!((there.len(), lengths.len()), (14, 1));
    assert_eq!(fillers(&two.redis), 14 - 7);
    // The same ballot in another round, or in another meeting, is other bytes, and opens as nothing there.
    let one = sealed(&ballot(1, 1, "hao"));
    assert!(sealing().opened_entry(ID, 1, &one).is_ok());
    assert!(sealing().opened_entry(ID, 2, &one).is_err());
    assert!(sealing().opened_entry("other234", 1, &one).is_err());
    let mut changed = one.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert!(sealing().opened_entry(ID, 1, &changed).is_err());
    // Equal marks that wait for the live tally do not look alike.
    let fresh: Vec<Vec<u8>> = two.redis.ask(&["ZRANGE", &format!("pingyi:{{{ID}}}:fresh:1"), "0", "-1"]);
    assert_eq!(fresh.len(), 14, "one for each entry, whatever it is");
    let counted = fresh.iter().filter_map(|fresh| sealing().opened_fresh(ID, 1, fresh).unwrap()).count();
    assert_eq!(counted, 5, "of rows only");
}

fn of_row(released: &Released) -> u32 {
    released.contests.get(&1).map_or(0, |answers| answers.values().sum())
}

#[tokio::test(flavor = "multi_thread")]
async fn l92_ticks_of_several_servers_count_each_ballot_once() {
    const K: u32 = 5;
    let two = Two::new().await;
    opened(&two.a, &Wanted { a: 200, ..Wanted::default() }).await;
    two.b.load(ID).await.unwrap().unwrap();
    let is_over = AtomicBool::new(false);
    let ticks = async |store: &RedisStore| {
        let mut shown = vec![0];
        loop {
            let was_over = is_over.load(Ordering::Acquire);
            let released = of_row(&store.release(ID, 1, K).await.unwrap());
            // An answer that was overtaken shows less, and is never shown: a projector takes the latest.
            if released > *shown.last().unwrap() {
                shown.push(released);
            }
            if was_over {
                return shown;
            }
        }
    };
    let casts = async {
        for number in 0..120 {
            let store = if number % 2 == 0 { &two.a } else { &two.b };
            let mark = if number % 3 == 0 { "hao" } else { "cha" };
            store.casts(ID, 1, &[ballot(1, number, mark)]).await.unwrap();
        }
        is_over.store(true, Ordering::Release);
    };
    let (mut seen, other, ()) = tokio::join!(ticks(&two.a), ticks(&two.b), casts);
    seen.extend(other);
    seen.sort_unstable();
    seen.dedup();
    assert!(seen.len() > 3, "{seen:?}");
    assert!(seen.windows(2).all(|step| step[1] - step[0] >= K), "it grows by k or more: {seen:?}");
    assert!((120 - 2 * K + 1..=120 - K).contains(seen.last().unwrap()), "{seen:?}");
    // With ten more all but k are released: none was lost or counted twice, and each with its mark.
    let more: Vec<Ballot> = (120..130).map(|number| ballot(1, number, "cha")).collect();
    two.a.casts(ID, 1, &more).await.unwrap();
    let released = two.b.release(ID, 1, K).await.unwrap();
    assert_eq!(of_row(&released), 130 - K);
    let of = |mark: &str| released.contests[&1].get(&format!(r#"{{"v":"{mark}"}}"#)).copied().unwrap_or(0);
    assert!((40 - K..=40).contains(&of("hao")) && (90 - K..=90).contains(&of("cha")), "{released:?}");
    assert_eq!(frozen(&two.a).await.len(), 130);
    assert_eq!(of_row(&two.b.release(ID, 1, K).await.unwrap()), 130);
}
