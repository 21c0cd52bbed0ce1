//! Rules l35 to l38: Redis loses its history, and nothing that was acknowledged is lost.

use std::sync::Arc;

use pingyi::store::{BoxStore as _, CastVerdict, Claimed, Freeze, Issued, MeetingStore as _, SeatStore as _};
use pingyi_rules::ballot::Ballot;
use pingyi_rules::meeting::{Phase, RoundState};

use super::super::fixtures::{Casts as _, ID, ballot, claim, credential, digest, phase_becomes, round_becomes, sheet};
use super::{Alone, Two, cast, frozen, looked};
use crate::patience::eventually;
use crate::redis::process::RedisProcess;

/// What two servers acknowledged, by turns.
async fn acknowledged(two: &Two) -> usize {
    two.a.keep_manifest(ID, 1, b"manifest").await.unwrap();
    two.a.keep_keys(ID, 1, b"keys").await.unwrap();
    two.b.offer_keys(ID, 0, None, b"the meeting's own").await.unwrap();
    two.a.claim_seat(&claim(1, 1, None)).await.unwrap();
    two.b.claim_seat(&claim(31, 2, Some(3))).await.unwrap();
    two.a.issue(ID, 1, 1, digest("papers")).await.unwrap();
    two.b.issue(ID, 1, 31, digest("papers of a leader")).await.unwrap();
    two.b.open_session(digest("chair of abcd2345"), digest("session")).await.unwrap();
    for number in 0..20 {
        let store = if number % 2 == 0 { &two.a } else { &two.b };
        assert_eq!(store.casts(ID, 1, &sheet(number)).await, Ok(vec![CastVerdict::In; 4]));
    }
    80
}

/// Nothing of it is missing, or was told otherwise meanwhile.
async fn is_all_there(two: &Two, ballots: usize) {
    for (number, store) in [(1, &two.a), (2, &two.b), (4, &two.b)] {
        // Every answer but "not now" would be wrong.
        assert_eq!(cast(store, &sheet(number)).await, [CastVerdict::Same; 4]);
    }
    let seat = eventually("a seat", async || two.b.seat(credential(1)).await.ok()).await;
    assert_eq!(seat.map(|seat| seat.seat), Some(1));
    let again = eventually("a claim", async || two.a.claim_seat(&claim(31, 9, Some(3))).await.ok()).await;
    assert_eq!(again, Claimed::Taken);
    let other = eventually("papers", async || two.b.issue(ID, 1, 1, digest("other papers")).await.ok()).await;
    assert_eq!(other, Issued::OtherPapers);
    let session = eventually("a session", async || two.a.session(digest("session")).await.ok()).await;
    assert!(session.is_some());
    assert_eq!(two.b.manifest(ID, 1).await.unwrap().unwrap(), b"manifest");
    assert_eq!(two.b.keys(ID, 1).await.unwrap().unwrap(), b"keys");
    assert_eq!(two.a.keys(ID, 0).await.unwrap().unwrap(), b"the meeting's own");
    assert_eq!(cast(&two.a, &sheet(50)).await, [CastVerdict::In; 4]);
    let counts = two.a.seat_counts(ID, 1).await.unwrap();
    assert_eq!((counts["A"].present, counts["A"].issued), (1, 1));
    assert_eq!((counts["B"].present, counts["B"].leaders_present, counts["B"].issued), (1, 1, 1));
    assert_eq!(two.a.returned(ID, 1).await.unwrap().values().sum::<u32>(), 21);
    let leaves = frozen(&two.b).await;
    assert_eq!(leaves.len(), ballots + 4);
    assert_eq!(frozen(&two.a).await, leaves);
}

async fn epoch(two: &Two) -> String {
    two.a.load(ID).await.unwrap().unwrap().epoch
}

#[tokio::test(flavor = "multi_thread")]
async fn l35_a_flushed_redis_is_filled_again() {
    let two = Two::opened().await;
    let ballots = acknowledged(&two).await;
    let before = epoch(&two).await;
    let _: String = two.redis.ask(&["FLUSHALL"]);
    is_all_there(&two, ballots).await;
    assert_ne!(epoch(&two).await, before, "it is another epoch");
    assert_eq!(two.a.load(ID).await.unwrap().unwrap().version, 3);
    assert_eq!(two.a.meetings(9).await.unwrap().len(), 1);
}

/// The only handle of the process, to kill it and start it again.
fn process(two: &mut Two) -> &mut RedisProcess {
    let [a, b] = &mut two.places;
    let own = Arc::new(RedisProcess::nowhere());
    for place in [a, b] {
        place.redis = Arc::clone(&own);
    }
    drop(own);
    Arc::get_mut(&mut two.redis).expect("somebody else holds the process")
}

#[tokio::test(flavor = "multi_thread")]
async fn l35_a_redis_that_starts_with_nothing_is_filled_again() {
    let mut two = Two::opened().await;
    let ballots = acknowledged(&two).await;
    process(&mut two).start_again_empty();
    is_all_there(&two, ballots).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn l35_a_redis_that_starts_with_an_old_snapshot_is_filled_again() {
    let mut two = Two::opened().await;
    two.a.casts(ID, 1, &[ballot(1, 90, "hao")]).await.unwrap();
    let _: String = two.redis.ask(&["SAVE"]);
    let ballots = acknowledged(&two).await;
    phase_becomes(&two.a, ID, Phase::InSession).await;
    process(&mut two).start_again();
    is_all_there(&two, ballots + 1).await;
    assert_eq!(two.b.load(ID).await.unwrap().unwrap().meeting.phase, Phase::InSession);
}

#[tokio::test(flavor = "multi_thread")]
async fn l35_a_round_that_was_counted_can_be_read_after_lost_history() {
    let two = Two::opened().await;
    cast(&two.a, &sheet(1)).await;
    cast(&two.b, &sheet(2)).await;
    let counted = frozen(&two.a).await;
    round_becomes(&two.a, ID, RoundState::Closed).await;
    two.b.latest(ID).await.unwrap().unwrap();
    let _: String = two.redis.ask(&["FLUSHALL"]);
    // Both servers bring back what they took.
    let is_whole = async || Some(frozen(&two.b).await).filter(|again| again.len() == counted.len());
    assert_eq!(eventually("the box is back", is_whole).await, counted);
    assert_eq!(cast(&two.a, &sheet(3)).await, [CastVerdict::Closed; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn l35_nothing_is_told_otherwise_while_history_is_brought_back() {
    let two = Two::opened().await;
    acknowledged(&two).await;
    let _: String = two.redis.ask(&["FLUSHALL"]);
    let mut not_now = 0;
    let asks = async || {
        let answers = two.b.casts(ID, 1, &sheet(0)).await;
        let seat = two.b.seat(credential(7)).await;
        let session = two.a.session(digest("session")).await;
        let claimed = two.a.claim_seat(&claim(2, 7, None)).await;
        not_now += u32::from(answers.is_err());
        assert!(answers.as_ref().map_or(true, |answers| *answers == [CastVerdict::Same; 4]), "{answers:?}");
        assert!(session.as_ref().map_or(true, Option::is_some), "{session:?}");
        assert!(claimed.as_ref().map_or(true, |claimed| matches!(claimed, Claimed::Seated(_))), "{claimed:?}");
        (answers.is_ok() && session.is_ok() && claimed.is_ok() && seat.is_ok()).then_some(())
    };
    eventually("all is back", asks).await;
    assert!(not_now > 0, "the first cast after the loss cannot be acknowledged");
}

#[tokio::test(flavor = "multi_thread")]
async fn l36_live_releases_stand_still_after_lost_history() {
    let two = Two::opened().await;
    let row = |number: u64| ballot(1, number, if number.is_multiple_of(2) { "hao" } else { "cha" });
    for number in 0..20 {
        two.a.casts(ID, 1, &[row(number)]).await.unwrap();
    }
    let shown = two.a.release(ID, 1, 5).await.unwrap();
    assert_eq!(shown.contests[&1].values().sum::<u32>(), 15);
    let _: String = two.redis.ask(&["FLUSHALL"]);
    for number in 20..40 {
        cast(&two.a, &[row(number)]).await;
    }
    assert_eq!(two.a.release(ID, 1, 5).await.unwrap(), shown);
    assert_eq!(frozen(&two.a).await.len(), 40);
    assert_eq!(two.a.release(ID, 1, 5).await.unwrap().contests[&1].values().sum::<u32>(), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn l37_a_ballot_acknowledged_before_wins_over_one_taken_since() {
    let two = Two::opened().await;
    let (first, second) = (ballot(1, 1, "hao"), ballot(1, 1, "cha"));
    assert_eq!(two.a.casts(ID, 1, std::slice::from_ref(&first)).await, Ok(vec![CastVerdict::In]));
    cast(&two.b, &sheet(2)).await;
    looked(&two.redis).await;
    let Two { a, b, redis, places } = two;
    drop(a);
    let _: String = redis.ask(&["FLUSHALL"]);
    // The first server does not come back in time; somebody marks the same paper again at the second one.
    assert_eq!(cast(&b, std::slice::from_ref(&second)).await, [CastVerdict::In]);
    let Freeze::Waiting(missing) = b.freeze(ID, 1, &[]).await.unwrap() else {
        panic!("nobody waits for the first server")
    };
    assert_eq!(missing.len(), 1);
    let a = places[0].server().await;
    let ballots = frozen(&b).await;
    assert_eq!(ballots.len(), 5);
    assert!(ballots.contains(&first) && !ballots.contains(&second));
    assert_eq!(a.casts(ID, 1, &[first]).await, Ok(vec![CastVerdict::Same]));
    assert_eq!(b.casts(ID, 1, &[second]).await, Ok(vec![CastVerdict::Conflict]));
    drop((redis, places));
}

#[tokio::test(flavor = "multi_thread")]
async fn l38_who_was_left_out_stays_out() {
    let two = Two::opened().await;
    cast(&two.a, &sheet(1)).await;
    cast(&two.b, &sheet(2)).await;
    looked(&two.redis).await;
    let Alone { a, redis, places } = two.loses_b_and_history();
    let missing = eventually("it is missing", async || match a.freeze(ID, 1, &[]).await {
        Ok(Freeze::Waiting(missing)) => Some(missing),
        _ => None,
    })
    .await;
    let without = [missing[0].server.clone()];
    let Freeze::Frozen(counted) = a.freeze(ID, 1, &without).await.unwrap() else { panic!("it still waits") };
    assert_eq!(counted.len(), 4, "only what the first server brought back");
    let mut stored = a.load(ID).await.unwrap().unwrap();
    let left_out =
        pingyi_rules::meeting::round::LeftOutServer { server: without[0].clone(), name: String::new(), sheets: 1 };
    stored.meeting.rounds[0].closed_without.push(left_out);
    stored.meeting.rounds[0].state = RoundState::Closed;
    a.replace(stored.version, &stored.meeting).await.unwrap();
    let b = places[1].server().await;
    eventually("it is back", async || b.load(ID).await.ok().flatten().filter(|now| now.version > stored.version)).await;
    // Of a counted round everybody gets what was counted, and waits for nobody.
    let again = eventually("a freeze", async || a.freeze(ID, 1, &[]).await.ok()).await;
    assert_eq!(again, Freeze::Frozen(counted));
    let leaves = |ballots: &[Ballot]| ballots.iter().map(Ballot::leaf).collect::<Vec<_>>();
    assert_eq!(
        cast(&b, &sheet(2)).await,
        [CastVerdict::Closed; 4],
        "it was acknowledged, and not counted: {:?}",
        leaves(&sheet(2))
    );
    drop((redis, places));
}
