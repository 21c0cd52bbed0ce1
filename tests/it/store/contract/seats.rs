//! Rules l4 to l10: who sits where, and who has papers.

use futures_util::future::join_all;
use pingyi::store::{Claim, ClaimBy, Claimed, Issued, Seat};
use pingyi_rules::meeting::plan::Admission;
use pingyi_rules::meeting::{Phase, RoundState};

use crate::store::fixtures::{ID, Wanted, claim, credential, digest, open_claim, opened, phase_becomes, round_becomes};
use crate::store::world::World;

fn seated(seat: u32, group: &str, leads_subject: Option<u16>) -> Claimed {
    Claimed::Seated(Seat { meeting: ID.to_owned(), seat, group: group.to_owned(), leads_subject })
}

pub async fn l4_a_seat_belongs_to_the_first_credential(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    let unknown = Claim { by: ClaimBy::Code(digest("no code")), ..claim(1, 1, None) };
    assert_eq!(store.claim_seat(&unknown).await, Ok(Claimed::Unknown));
    assert_eq!(store.seat(credential(1)).await, Ok(None));
    let claims: Vec<Claim> = (1..=50).map(|by| claim(1, by, None)).collect();
    let all = join_all(claims.iter().map(|claim| store.claim_seat(claim))).await;
    assert_eq!(all.iter().filter(|claimed| **claimed == Ok(seated(1, "A", None))).count(), 1);
    assert_eq!(all.iter().filter(|claimed| **claimed == Ok(Claimed::Taken)).count(), 49);
    let winner = all.iter().position(|claimed| *claimed != Ok(Claimed::Taken)).unwrap();
    assert_eq!(store.claim_seat(&claims[winner]).await, Ok(seated(1, "A", None)));
    drop(store);
    world.restart().await;
    assert_eq!(world.store().claim_seat(&claims[winner]).await, Ok(seated(1, "A", None)));
    assert_eq!(world.store().claim_seat(&claim(1, 99, None)).await, Ok(Claimed::Taken));
    let seat = world.store().seat(claims[winner].credential).await.unwrap().unwrap();
    assert_eq!(Claimed::Seated(seat), seated(1, "A", None));
}

fn which_branch(subjects: &[u16], none_allowed: bool) -> Claimed {
    Claimed::WhichBranch { meeting: ID.to_owned(), group: "B".to_owned(), subjects: subjects.to_vec(), none_allowed }
}

pub async fn l5_a_leader_is_asked_which_branch(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    // Seats 31 to 34 are group B's: four seats, three leaders.
    assert_eq!(store.claim_seat(&claim(31, 1, None)).await, Ok(which_branch(&[1, 2, 3], true)));
    assert_eq!(store.claim_seat(&claim(31, 1, Some(77))).await, Ok(which_branch(&[1, 2, 3], true)));
    assert_eq!(store.seat(credential(1)).await, Ok(None));
    assert_eq!(store.claim_seat(&claim(31, 1, Some(2))).await, Ok(seated(31, "B", Some(2))));
    assert_eq!(store.claim_seat(&claim(31, 1, None)).await, Ok(seated(31, "B", Some(2))));
    assert_eq!(store.claim_seat(&claim(32, 2, None)).await, Ok(which_branch(&[1, 3], true)));
    assert_eq!(store.claim_seat(&claim(32, 2, Some(0))).await, Ok(seated(32, "B", None)));
    assert_eq!(store.claim_seat(&claim(32, 2, Some(3))).await, Ok(seated(32, "B", None)));
    // Group A has no leaders: nobody is asked, and what is said is not heard.
    assert_eq!(store.claim_seat(&claim(1, 3, Some(1))).await, Ok(seated(1, "A", None)));
    let only_leaders = Wanted { id: "efgh2345", b: 3, ..Wanted::default() };
    store.create(only_leaders.meeting()).await.unwrap();
    let by = ClaimBy::Code(crate::store::fixtures::code("efgh2345", 31));
    let none = Claim { by, credential: credential(9), leads_subject: Some(0) };
    let answer = store.claim_seat(&none).await.unwrap();
    assert!(matches!(answer, Claimed::WhichBranch { none_allowed: false, .. }), "{answer:?}");
}

pub async fn l6_no_two_seats_lead_one_subject(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    let claims: Vec<Claim> = (31..=34).map(|seat| claim(seat, seat, Some(2))).collect();
    let all = join_all(claims.iter().map(|claim| store.claim_seat(claim))).await;
    assert_eq!(all.iter().filter(|claimed| matches!(claimed, Ok(Claimed::Seated(_)))).count(), 1);
    assert_eq!(all.iter().filter(|claimed| **claimed == Ok(Claimed::BranchIsTaken)).count(), 3);
}

pub async fn l6_the_roster_names_leaders(world: &mut World) {
    let store = world.store();
    let two_named = Wanted { admission: Admission::Roster, b_named: 2, ..Wanted::default() };
    store.create(two_named.meeting()).await.unwrap();
    // Seats 31 and 32 lead subjects 1 and 2; one leader of group B is not named.
    assert_eq!(store.claim_seat(&claim(33, 3, Some(1))).await, Ok(Claimed::BranchIsTaken));
    assert_eq!(store.claim_seat(&claim(33, 3, None)).await, Ok(which_branch(&[3], true)));
    assert_eq!(store.claim_seat(&claim(31, 1, None)).await, Ok(seated(31, "B", Some(1))));
    assert_eq!(store.claim_seat(&claim(32, 2, Some(3))).await, Ok(seated(32, "B", Some(2))));
    let all_named = Wanted { id: "efgh2345", admission: Admission::Roster, b_named: 3, ..Wanted::default() };
    store.create(all_named.meeting()).await.unwrap();
    let by = ClaimBy::Code(crate::store::fixtures::code("efgh2345", 34));
    let last = Claim { by, credential: credential(4), leads_subject: None };
    let Claimed::Seated(seat) = store.claim_seat(&last).await.unwrap() else { panic!("the last seat is nobody's") };
    assert_eq!((seat.seat, seat.leads_subject), (34, None));
}

pub async fn l7_an_open_claim_takes_the_next_free_seat(world: &mut World) {
    let store = world.store();
    store
        .create(Wanted { admission: Admission::Open, a: 20, b: 0, b_leaders: 0, ..Wanted::default() }.meeting())
        .await
        .unwrap();
    assert_eq!(store.claim_seat(&open_claim("A", 1)).await, Ok(seated(1, "A", None)));
    assert_eq!(store.claim_seat(&open_claim("A", 1)).await, Ok(seated(1, "A", None)));
    assert_eq!(store.claim_seat(&open_claim("C", 2)).await, Ok(Claimed::Unknown));
    let claims: Vec<Claim> = (2..=40).map(|by| open_claim("A", by)).collect();
    let all = join_all(claims.iter().map(|claim| store.claim_seat(claim))).await;
    let mut seats: Vec<u32> = all
        .iter()
        .filter_map(|claimed| match claimed {
            Ok(Claimed::Seated(seat)) => Some(seat.seat),
            other => {
                assert_eq!(*other, Ok(Claimed::Full));
                None
            }
        })
        .collect();
    seats.sort_unstable();
    assert_eq!(seats, (2..=20).collect::<Vec<u32>>());
    let elsewhere = ClaimBy::Open { meeting: "nowhere1".to_owned(), group: "A".to_owned() };
    let elsewhere = Claim { by: elsewhere, ..open_claim("A", 99) };
    assert_eq!(store.claim_seat(&elsewhere).await, Ok(Claimed::Unknown));
    let slips = Wanted { id: "efgh2345", ..Wanted::default() };
    store.create(slips.meeting()).await.unwrap();
    let without_slip = ClaimBy::Open { meeting: "efgh2345".to_owned(), group: "A".to_owned() };
    let without_slip = Claim { by: without_slip, ..open_claim("A", 99) };
    assert_eq!(store.claim_seat(&without_slip).await, Ok(Claimed::Unknown));
}

pub async fn l8_one_credential_has_one_seat(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    assert_eq!(store.claim_seat(&claim(1, 1, None)).await, Ok(seated(1, "A", None)));
    assert_eq!(store.claim_seat(&claim(2, 1, None)).await, Ok(seated(1, "A", None)));
    assert_eq!(store.claim_seat(&claim(2, 2, None)).await, Ok(seated(2, "A", None)));
    assert_eq!(store.claim_seat(&claim(2, 1, None)).await, Ok(Claimed::Taken));
}

pub async fn l28_seats_are_taken_between_checkin_and_close(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    let phases = [
        (Phase::Draft, Some(Claimed::NotYetOpen)),
        (Phase::Checkin, None),
        (Phase::InSession, None),
        (Phase::Closed, Some(Claimed::MeetingIsOver)),
        (Phase::Archived, Some(Claimed::MeetingIsOver)),
    ];
    for (seat, (phase, refused)) in (1..).zip(phases) {
        phase_becomes(&*store, ID, phase).await;
        let expected = refused.unwrap_or_else(|| seated(seat, "A", None));
        assert_eq!(store.claim_seat(&claim(seat, seat, None)).await, Ok(expected), "{phase:?}");
        if seat > 2 {
            assert_eq!(store.claim_seat(&claim(2, 2, None)).await, Ok(seated(2, "A", None)), "{phase:?}");
            assert_eq!(store.claim_seat(&claim(2, 1, None)).await, Ok(Claimed::Taken), "{phase:?}");
        }
    }
}

pub async fn l9_a_seat_has_one_digest_for_ever(world: &mut World) {
    opened(&*world.store(), &Wanted::default()).await;
    for _start in 0..2 {
        let store = world.store();
        assert_eq!(store.issue(ID, 1, 1, digest("papers of 1")).await, Ok(Issued::Sign));
        assert_eq!(store.issue(ID, 1, 1, digest("other papers")).await, Ok(Issued::OtherPapers));
        assert_eq!(store.issue(ID, 1, 2, digest("papers of 2")).await, Ok(Issued::Sign));
        drop(store);
        world.restart().await;
    }
}

pub async fn l9_a_hundred_requests_at_once_sign_one_digest(world: &mut World) {
    let store = world.store();
    opened(&*store, &Wanted::default()).await;
    let same = join_all((0..100).map(|_| store.issue(ID, 1, 1, digest("papers")))).await;
    assert!(same.iter().all(|issued| *issued == Ok(Issued::Sign)));
    let other = join_all((0..100).map(|n| store.issue(ID, 1, 2, digest(&format!("papers {n}"))))).await;
    assert_eq!(other.iter().filter(|issued| **issued == Ok(Issued::Sign)).count(), 1);
    assert_eq!(other.iter().filter(|issued| **issued == Ok(Issued::OtherPapers)).count(), 99);
    assert_eq!(store.seat_counts(ID, 1).await.unwrap()["A"].issued, 2);
}

pub async fn l9_papers_are_issued_only_while_armed_or_open(world: &mut World) {
    let store = world.store();
    store.create(Wanted::default().meeting()).await.unwrap();
    assert_eq!(store.issue("nowhere1", 1, 1, digest("papers")).await, Ok(Issued::NotNow));
    let states = [
        (RoundState::Draft, Issued::NotNow),
        (RoundState::Armed, Issued::Sign),
        (RoundState::Open, Issued::Sign),
        (RoundState::Closing { ends_at_ms: 1 }, Issued::NotNow),
        (RoundState::Closed, Issued::NotNow),
        (RoundState::Void, Issued::NotNow),
    ];
    for (state, issued) in states {
        round_becomes(&*store, ID, state).await;
        assert_eq!(store.issue(ID, 1, 1, digest("papers")).await, Ok(issued), "{state:?}");
        assert_eq!(store.issue(ID, 2, 1, digest("papers")).await, Ok(Issued::NotNow), "no such round");
        assert_eq!(store.issue(ID, 1, 99, digest("papers")).await, Ok(Issued::NotNow), "no such seat");
    }
}

pub async fn l10_head_counts_are_by_group(world: &mut World) {
    opened(&*world.store(), &Wanted::default()).await;
    for seat in 1..=5 {
        world.store().claim_seat(&claim(seat, seat, None)).await.unwrap();
    }
    world.store().claim_seat(&claim(31, 31, Some(3))).await.unwrap();
    world.store().claim_seat(&claim(32, 32, Some(0))).await.unwrap();
    for seat in [1, 2, 31] {
        world.store().issue(ID, 1, seat, digest("papers")).await.unwrap();
    }
    for _start in 0..2 {
        let counts = world.store().seat_counts(ID, 1).await.unwrap();
        assert_eq!((counts["A"].present, counts["A"].leaders_present, counts["A"].issued), (5, 0, 2));
        assert_eq!((counts["B"].present, counts["B"].leaders_present, counts["B"].issued), (2, 1, 1));
        let of_no_round = world.store().seat_counts(ID, 2).await.unwrap();
        assert_eq!((of_no_round["A"].present, of_no_round["A"].issued), (5, 0));
        world.restart().await;
    }
    world.store().claim_seat(&claim(6, 6, None)).await.unwrap();
    assert_eq!(world.store().seat_counts(ID, 1).await.unwrap()["A"].present, 6);
}
