//! Rules l62 to l65: slips that are replaced.

use futures_util::future::join_all;
use pingyi::store::{Claim, ClaimBy, Claimed, Digest, NewSlips, SlipsReplaced, Store};
use pingyi_rules::meeting::Phase;
use pingyi_rules::meeting::plan::Admission;

use crate::store::fixtures::{ID, Wanted, claim, code, credential, digest, phase_becomes, replaces, saying, slips};
use crate::store::world::World;

fn by_code(code: Digest, by: u32) -> Claim {
    Claim { by: ClaimBy::Code(code), credential: credential(by), leads_subject: None }
}

async fn seat_of(store: &dyn Store, code: Digest, by: u32) -> Option<u32> {
    match store.claim_seat(&by_code(code, by)).await.unwrap() {
        Claimed::Seated(seat) => Some(seat.seat),
        Claimed::Unknown => None,
        other => panic!("{other:?}"),
    }
}

/// A meeting of 30 and 4 seats in which the first two of group A are taken.
async fn with_two_taken(world: &World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    for seat in 1..=2 {
        store.claim_seat(&claim(seat, seat, None)).await.unwrap();
    }
}

pub async fn l62_free_seats_get_new_codes_with_the_document_or_nothing_changes(world: &mut World) {
    with_two_taken(world).await;
    let store = world.store();
    let new = slips(ID, "A", 1, 28);
    let stored = store.load(ID).await.unwrap().unwrap();
    let meeting = saying(stored.meeting, &new);
    assert_eq!(store.replace_slips(7, &meeting, &new).await, Ok(SlipsReplaced::Stale));
    let nowhere = pingyi_rules::meeting::Meeting { id: "nowhere1".to_owned(), ..meeting.clone() };
    assert_eq!(store.replace_slips(1, &nowhere, &new).await, Ok(SlipsReplaced::Unknown));
    assert!(store.load(ID).await.unwrap().unwrap().meeting.slip_series.is_empty());
    assert_eq!(store.claim_seat(&by_code(new.codes[0], 50)).await, Ok(Claimed::Unknown), "nothing was changed");
    assert_eq!(store.replace_slips(1, &meeting, &new).await, Ok(SlipsReplaced::Now(2)));
    drop(store);
    for start in 0..2 {
        let store = world.store();
        let stored = store.load(ID).await.unwrap().unwrap();
        assert_eq!((stored.version, stored.meeting.slip_series["A"]), (2, 1));
        let counts = &store.seat_counts(ID, 1).await.unwrap()["A"];
        assert_eq!((counts.present, counts.slip_series, counts.slips_void), (2 + start, 1, 28));
        for seat in 3..=30 {
            assert_eq!(seat_of(&*store, code(ID, seat), 99).await, None, "the old slip of {seat}");
        }
        assert_eq!(seat_of(&*store, code(ID, 1), 1).await, Some(1), "who sits keeps the slip");
        assert_eq!(store.claim_seat(&claim(2, 60, None)).await, Ok(Claimed::Taken));
        let taken = seat_of(&*store, new.codes[start as usize], 10 + start).await;
        assert_eq!(taken, Some(3 + start), "in the order in which they were given");
        drop(store);
        world.restart().await;
    }
    let store = world.store();
    let leader = Claim { leads_subject: Some(1), ..claim(31, 31, None) };
    assert!(matches!(store.claim_seat(&leader).await, Ok(Claimed::Seated(_))), "another group keeps its slips");
    // Of a second series the seats of the first one that were taken know nothing.
    let next = slips(ID, "A", 2, 26);
    assert_eq!(replaces(&*store, ID, &next).await, SlipsReplaced::Now(3));
    assert_eq!(seat_of(&*store, new.codes[0], 10).await, Some(3));
    assert_eq!(seat_of(&*store, new.codes[2], 70).await, None);
    assert_eq!(seat_of(&*store, next.codes[25], 71).await, Some(30));
    assert_eq!(store.seat_counts(ID, 1).await.unwrap()["A"].slips_void, 54);
}

pub async fn l63_codes_that_are_not_as_many_as_free_seats_change_nothing(world: &mut World) {
    with_two_taken(world).await;
    let store = world.store();
    for count in [0, 1, 27, 29, 30] {
        assert_eq!(replaces(&*store, ID, &slips(ID, "A", 1, count)).await, SlipsReplaced::SeatsFree(28));
    }
    assert_eq!(replaces(&*store, ID, &slips(ID, "C", 1, 3)).await, SlipsReplaced::SeatsFree(0), "no such group");
    let stored = store.load(ID).await.unwrap().unwrap();
    assert_eq!((stored.version, stored.meeting.slip_series.len()), (1, 0));
    assert_eq!(seat_of(&*store, code(ID, 3), 3).await, Some(3), "the old slips are good");
    assert_eq!(seat_of(&*store, slips(ID, "A", 1, 27).codes[0], 4).await, None);
    for seat in 4..=30 {
        store.claim_seat(&claim(seat, seat, None)).await.unwrap();
    }
    assert_eq!(replaces(&*store, ID, &slips(ID, "A", 1, 0)).await, SlipsReplaced::SeatsFree(0), "nothing to replace");
    assert_eq!(replaces(&*store, ID, &slips(ID, "A", 1, 1)).await, SlipsReplaced::SeatsFree(0));
}

pub async fn l63_phones_that_sit_down_meanwhile_keep_their_seats(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    let claims: Vec<Claim> = (1..=10).map(|seat| claim(seat, seat, None)).collect();
    // Somebody who tries with the number that was right a moment ago, and with what the refusal says.
    let replacing = async {
        let mut count = 30;
        loop {
            match replaces(&*store, ID, &slips(ID, "A", 1, count)).await {
                SlipsReplaced::SeatsFree(free) => count = free,
                SlipsReplaced::Now(_) => return count,
                other => panic!("{other:?}"),
            }
        }
    };
    let (claimed, replaced) = tokio::join!(join_all(claims.iter().map(|claim| store.claim_seat(claim))), replacing);
    let seated = claimed.iter().filter(|claimed| matches!(claimed, Ok(Claimed::Seated(_)))).count();
    let unknown = claimed.iter().filter(|claimed| **claimed == Ok(Claimed::Unknown)).count();
    assert_eq!(seated + unknown, 10, "{claimed:?}");
    let counts = &store.seat_counts(ID, 1).await.unwrap()["A"];
    assert_eq!((counts.present as usize, counts.slips_void), (seated, replaced));
    assert_eq!(seated, 30 - replaced as usize, "who came before the step sits, who came after it has an old slip");
    for new in slips(ID, "A", 1, replaced).codes {
        let by = 100 + u32::from(new[0]) * 256 + u32::from(new[1]);
        assert!(seat_of(&*store, new, by).await.is_some(), "every new slip opens a seat");
    }
}

pub async fn l64_the_same_codes_again_change_nothing(world: &mut World) {
    with_two_taken(world).await;
    let new = slips(ID, "A", 1, 28);
    assert_eq!(replaces(&*world.store(), ID, &new).await, SlipsReplaced::Now(2));
    let mut codes = new.codes.clone();
    codes.reverse();
    let in_another_order = NewSlips { codes, ..new.clone() };
    for start in 0..2 {
        let store = world.store();
        assert_eq!(replaces(&*store, ID, &new).await, SlipsReplaced::Before);
        assert_eq!(replaces(&*store, ID, &in_another_order).await, SlipsReplaced::Before);
        let meeting = store.load(ID).await.unwrap().unwrap().meeting;
        assert_eq!(store.replace_slips(99, &meeting, &new).await, Ok(SlipsReplaced::Before), "whatever was seen");
        assert_eq!(store.load(ID).await.unwrap().unwrap().version, 2);
        // One of them is used meanwhile: it is still the same request.
        assert!(seat_of(&*store, new.codes[start], 10 + u32::try_from(start).unwrap()).await.is_some());
        drop(store);
        world.restart().await;
    }
    let store = world.store();
    assert_eq!(store.seat_counts(ID, 1).await.unwrap()["A"].slips_void, 28);
    // A hundred at once of the next series.
    let next = slips(ID, "A", 2, 26);
    let all = join_all((0..100).map(|_| replaces(&*store, ID, &next))).await;
    assert_eq!(all.iter().filter(|replaced| **replaced == SlipsReplaced::Now(3)).count(), 1);
    assert!(all.iter().all(|replaced| matches!(replaced, SlipsReplaced::Now(3) | SlipsReplaced::Before)), "{all:?}");
    assert_eq!(replaces(&*store, ID, &new).await, SlipsReplaced::Another, "a late repeat does not come back");
    assert_eq!(seat_of(&*store, new.codes[0], 10).await, Some(3), "who sat down with a slip of it still sits");
}

pub async fn l64_another_series_or_a_code_that_is_there_is_refused(world: &mut World) {
    with_two_taken(world).await;
    let store = world.store();
    let another = Wanted { id: "efgh2345", ..Wanted::default() };
    store.create(another.meeting()).await.unwrap();
    for series in [0, 2, 9] {
        assert_eq!(replaces(&*store, ID, &slips(ID, "A", series, 28)).await, SlipsReplaced::Another, "{series}");
    }
    let good = slips(ID, "A", 1, 28);
    let with = |code: Digest| {
        let mut new = good.clone();
        new.codes[5] = code;
        new
    };
    for code in [good.codes[0], code(ID, 1), code(ID, 3), code(ID, 31), code("efgh2345", 1)] {
        assert_eq!(replaces(&*store, ID, &with(code)).await, SlipsReplaced::Another);
    }
    assert_eq!(replaces(&*store, ID, &good).await, SlipsReplaced::Now(2));
    // Two who print at once have the same number: the second one learns it.
    assert_eq!(replaces(&*store, ID, &with(digest("a code of somebody else"))).await, SlipsReplaced::Another);
    let by = ClaimBy::Code(code("efgh2345", 1));
    let elsewhere = Claim { by, credential: credential(77), leads_subject: None };
    assert!(matches!(store.claim_seat(&elsewhere).await, Ok(Claimed::Seated(_))), "its slip is still good");
}

pub async fn l65_codes_are_replaced_from_draft_to_session_where_slips_let_in(world: &mut World) {
    with_two_taken(world).await;
    let store = world.store();
    for (series, phase) in (1..).zip([Phase::Draft, Phase::Checkin, Phase::InSession]) {
        phase_becomes(&*store, ID, phase).await;
        let replaced = replaces(&*store, ID, &slips(ID, "A", series, 28)).await;
        assert!(matches!(replaced, SlipsReplaced::Now(_)), "{phase:?}: {replaced:?}");
    }
    for phase in [Phase::Closed, Phase::Archived] {
        phase_becomes(&*store, ID, phase).await;
        assert_eq!(replaces(&*store, ID, &slips(ID, "A", 4, 28)).await, SlipsReplaced::NotNow, "{phase:?}");
        assert_eq!(replaces(&*store, ID, &slips(ID, "A", 3, 28)).await, SlipsReplaced::Before, "what was done is done");
    }
    for (id, admission) in [("open2345", Admission::Open), ("rost2345", Admission::Roster)] {
        store.create(Wanted { id, admission, ..Wanted::default() }.meeting()).await.unwrap();
        assert_eq!(replaces(&*store, id, &slips(id, "A", 1, 30)).await, SlipsReplaced::NotNow);
    }
}
