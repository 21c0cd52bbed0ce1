//! Rule l66 and s60: replaced slips where several servers meet, in their copies, in the look-ups, and through lost history.

use pingyi::store::{Claim, ClaimBy, Claimed, Digest, MeetingStore as _, NewSlips, SeatStore as _, SlipsReplaced};

use super::super::fixtures::{ID, Wanted, claim, code, credential, phase_becomes, replaces, saying, slips};
use super::super::people::hold;
use super::people::redis_holds;
use super::{RedisStore, Two, secret};
use crate::patience::eventually;
use crate::store::contract::people::says_so;

/// Both servers have a meeting whose first seat is taken.
async fn made() -> Two {
    let two = Two::new().await;
    two.a.create(Wanted::default().meeting()).await.unwrap();
    two.a.claim_seat(&claim(1, 1, None)).await.unwrap();
    two.b.load(ID).await.unwrap().unwrap();
    two
}

fn old() -> Vec<Vec<u8>> {
    (2..=30).map(|seat| secret().kept_code(&code(ID, seat)).to_vec()).collect()
}

fn bytes(new: &NewSlips) -> Vec<Vec<u8>> {
    new.codes.iter().map(|code| secret().kept_code(code).to_vec()).collect()
}

/// What a code opens, once the store can tell.
async fn claimed(store: &RedisStore, code: Digest, by: u32) -> Claimed {
    let claim = Claim { by: ClaimBy::Code(code), credential: credential(by), leads_subject: None };
    eventually("a claim is answered", async || store.claim_seat(&claim).await.ok()).await
}

async fn are_the_slips(store: &RedisStore, good: &NewSlips, void: &[Digest], by: u32) {
    for code in void {
        assert_eq!(claimed(store, *code, by).await, Claimed::Unknown, "it was replaced");
    }
    assert!(matches!(claimed(store, good.codes[5], by).await, Claimed::Seated(_)), "it is good");
    assert!(matches!(claimed(store, code(ID, 1), 1).await, Claimed::Seated(seat) if seat.seat == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn l66_every_copy_has_the_latest_series_and_old_names_are_forgotten() {
    let two = made().await;
    let new = slips(ID, "A", 1, 29);
    assert_eq!(replaces(&two.a, ID, &new).await, SlipsReplaced::Now(2));
    assert!(hold(two.places[0].directory.path(), &bytes(&new)), "before it was acknowledged");
    assert!(!redis_holds(&two.redis, &old()), "neither as codes nor as names");
    // The other server has them as soon as it has the document, or at its look a second later.
    two.b.latest(ID).await.unwrap().unwrap();
    assert!(hold(two.places[1].directory.path(), &bytes(&new)));
    // At it, who prints again is told the same.
    assert_eq!(replaces(&two.b, ID, &new).await, SlipsReplaced::Before);
    let fewer = slips(ID, "A", 2, 7);
    assert_eq!(replaces(&two.b, ID, &fewer).await, SlipsReplaced::SeatsFree(29));
    assert!(!redis_holds(&two.redis, &bytes(&fewer)), "what was refused leaves no name");
    are_the_slips(&two.b, &new, &[code(ID, 2), fewer.codes[0]], 9).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn l66_a_copy_follows_by_its_look_alone() {
    let two = made().await;
    let new = slips(ID, "A", 1, 29);
    // As after two histories became one: the codes are at Redis, and the document does not say so.
    let stored = two.a.load(ID).await.unwrap().unwrap();
    let replaced = two.a.replace_slips(stored.version, &stored.meeting, &new).await;
    assert_eq!(replaced, Ok(SlipsReplaced::Now(2)));
    for place in &two.places {
        let has = async || hold(place.directory.path(), &bytes(&new)).then_some(());
        eventually("the copy has the codes", has).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l66_a_replaced_code_does_not_come_back_after_lost_history() {
    let two = made().await;
    let new = slips(ID, "A", 1, 29);
    assert_eq!(replaces(&two.a, ID, &new).await, SlipsReplaced::Now(2));
    for round in 0..2 {
        let _: String = two.redis.ask(&["FLUSHALL"]);
        let store = if round == 0 { &two.b } else { &two.a };
        are_the_slips(store, &new, &[code(ID, 2), code(ID, 30)], 9).await;
        let counts = eventually("heads", async || store.seat_counts(ID, 1).await.ok()).await;
        assert_eq!((counts["A"].slip_series, counts["A"].slips_void), (1, 29));
    }
    assert_eq!(eventually("a repeat", async || Some(replaces(&two.b, ID, &new).await)).await, SlipsReplaced::Before);
}

#[tokio::test(flavor = "multi_thread")]
async fn l66_the_later_series_wins_whoever_brings_back_what_first() {
    for first in 0..2 {
        let Two { redis, places, a, b } = made().await;
        let (one, two) = (slips(ID, "A", 1, 29), slips(ID, "A", 2, 29));
        assert_eq!(replaces(&a, ID, &one).await, SlipsReplaced::Now(2));
        b.latest(ID).await.unwrap().unwrap();
        // One server is away, and its copy stays behind.
        drop(b);
        assert_eq!(replaces(&a, ID, &two).await, SlipsReplaced::Now(3));
        drop(a);
        let _: String = redis.ask(&["FLUSHALL"]);
        let early = places[1 - first].server().await;
        eventually("the first one is back", async || early.load(ID).await.ok().flatten()).await;
        let late = places[first].server().await;
        eventually("both are back", async || late.load(ID).await.ok().flatten().filter(|now| now.version == 3)).await;
        let follows = async || {
            let counts = early.seat_counts(ID, 1).await.ok()?;
            (counts.get("A")?.slip_series == 2 && !redis_holds(&redis, &bytes(&one))).then_some(())
        };
        eventually("the later series is everybody's", follows).await;
        are_the_slips(&early, &two, &[one.codes[3], code(ID, 3)], 9).await;
        are_the_slips(&late, &two, &[one.codes[4], code(ID, 4)], 9).await;
        for place in &places {
            let has = async || hold(place.directory.path(), &bytes(&two)).then_some(());
            eventually("every copy has it", has).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l66_of_two_series_with_one_number_every_server_has_the_same() {
    let Two { redis, places, a, b } = made().await;
    drop(b);
    let lost = slips(ID, "A", 1, 29);
    assert_eq!(replaces(&a, ID, &lost).await, SlipsReplaced::Now(2));
    // The only server that knows of it is away while history is lost; somebody prints again at the other one.
    drop(a);
    let _: String = redis.ask(&["FLUSHALL"]);
    let b = places[1].server().await;
    eventually("it goes on alone", async || b.load(ID).await.ok().flatten()).await;
    let again = NewSlips { codes: slips(ID, "A", 7, 30).codes, ..lost.clone() };
    let replaced = async || match replaces_if_it_can(&b, &again).await {
        Some(SlipsReplaced::SeatsFree(free)) => panic!("{free} are free"),
        other => other,
    };
    assert_eq!(eventually("the other slips", replaced).await, SlipsReplaced::Now(2));
    let a = places[0].server().await;
    eventually("it is back", async || a.seat_counts(ID, 1).await.ok().filter(|counts| counts["A"].present == 1)).await;
    let has = async || hold(places[0].directory.path(), &bytes(&again)).then_some(());
    eventually("it has the slips that are good now", has).await;
    for store in [&a, &b] {
        assert_eq!(claimed(store, lost.codes[3], 9).await, Claimed::Unknown);
        assert!(matches!(claimed(store, again.codes[5], 9).await, Claimed::Seated(_)));
    }
}

/// New slips, where history is not being brought back.
async fn replaces_if_it_can(store: &RedisStore, new: &NewSlips) -> Option<SlipsReplaced> {
    let stored = store.load(ID).await.ok()??;
    store.replace_slips(stored.version, &saying(stored.meeting, new), new).await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn s60_replaced_slips_are_erased_from_every_place() {
    let Two { redis, places, a, b } = made().await;
    let new = slips(ID, "A", 1, 29);
    assert_eq!(replaces(&a, ID, &new).await, SlipsReplaced::Now(2));
    b.latest(ID).await.unwrap().unwrap();
    let people = [old(), bytes(&new)].concat();
    assert!(redis_holds(&redis, &people) && hold(places[1].directory.path(), &bytes(&new)));
    phase_becomes(&a, ID, pingyi_rules::meeting::Phase::Archived).await;
    says_so(&a).await;
    let done = async || {
        // As its hub does, once it is poked.
        b.latest(ID).await.ok()?;
        let destroyed = a.destroy_people(ID).await.ok()?;
        destroyed.iter().all(|place| place.is_done).then_some(())
    };
    eventually("all have destroyed", done).await;
    assert!(!redis_holds(&redis, &people));
    for place in &places {
        assert!(!hold(place.directory.path(), &people));
    }
    let heads: Vec<String> = redis.ask(&["HKEYS", &format!("pingyi:{{{ID}}}:heads")]);
    assert!(!heads.iter().any(|name| name.starts_with("series:") || name.starts_with("void:")), "{heads:?}");
}
