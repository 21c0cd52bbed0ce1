//! Who gets which papers, when, and how often.

use std::sync::Arc;

use pingyi::hub::NotDone;
use pingyi::issuer::NotIssued;
use pingyi::rehearsal::papers::{blind, request};
use pingyi_rules::meeting::round::SmallGroups;
use pingyi_rules::meeting::{PlainWish, Refusal, Wish};

use super::hall::{Hall, plan};

#[tokio::test(flavor = "multi_thread")]
async fn s1_a_seat_gets_papers_for_what_it_may_mark_and_for_nothing_else() {
    let hall = Hall::with(plan()).await;
    hall.welcomes().await;
    let everybody = hall.seats(1, None).await;
    let reporter = hall.seats(7, Some(2)).await;
    hall.begins_and_arms().await;
    let frozen = hall.frozen().await;
    for (voter, allowed, others) in [
        (&everybody, vec![0, 1, 2], vec![vec![0, 1], vec![1, 2], vec![0, 1, 2, 2], vec![2, 1, 0]]),
        (&reporter, vec![0, 1], vec![vec![0, 1, 2], vec![0, 2], vec![0]]),
    ] {
        for contests in others {
            let blindings = blind(&frozen, &voter.seat.group, &contests, &mut rand::rng()).unwrap();
            let refused = hall.hub.issuer.papers(&voter.seat, 1, &request(&blindings)).await;
            assert!(matches!(refused, Err(NotIssued::BadRequest)), "{contests:?}");
        }
        let blindings = blind(&frozen, &voter.seat.group, &allowed, &mut rand::rng()).unwrap();
        hall.hub.issuer.papers(&voter.seat, 1, &request(&blindings)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_the_same_request_gets_the_same_bytes_a_hundred_times_at_once_and_after_a_restart() {
    let hall = Hall::with(plan()).await;
    hall.welcomes().await;
    let mut voter = hall.seats(1, None).await;
    hall.begins_and_arms().await;
    voter.blinds(&hall.frozen().await);
    let (hall, voter) = (Arc::new(hall), Arc::new(voter));
    let first = voter.asks(&hall).await.unwrap();
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (hall, voter) = (Arc::clone(&hall), Arc::clone(&voter));
        asking.spawn(async move { voter.asks(&hall).await.unwrap() });
    }
    while let Some(again) = asking.join_next().await {
        assert_eq!(again.unwrap(), first);
    }
    let hall = Arc::into_inner(hall).unwrap().restarted().await;
    assert_eq!(voter.asks(&hall).await.unwrap(), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_another_request_of_the_same_seat_is_refused_for_ever() {
    let hall = Hall::with(plan()).await;
    hall.welcomes().await;
    let mut voter = hall.seats(1, None).await;
    hall.begins_and_arms().await;
    voter.gets_papers(&hall).await;
    voter.blinds(&hall.frozen().await);
    assert!(matches!(voter.asks(&hall).await, Err(NotIssued::OtherPapers)));
    let hall = hall.restarted().await;
    assert!(matches!(voter.asks(&hall).await, Err(NotIssued::OtherPapers)));
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_no_papers_before_a_round_is_armed() {
    let hall = Hall::with(plan()).await;
    hall.welcomes().await;
    let mut voter = hall.seats(1, None).await;
    assert!(matches!(voter.asks(&hall).await, Err(NotIssued::NotNow)));
    hall.begins_and_arms().await;
    voter.gets_papers(&hall).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s12_a_group_that_is_too_small_keeps_a_round_from_being_armed_until_the_chair_chooses() {
    let hall = Hall::with(pingyi_rules::meeting::Plan { k_min: 5, ..plan() }).await;
    hall.welcomes().await;
    for seat in 1..=5 {
        hall.seats(seat, None).await;
    }
    // Five secretaries, but each row is marked by four of them at most: recusal takes one away.
    for (seat, leads) in [(7, 1), (8, 2)] {
        hall.seats(seat, Some(leads)).await;
    }
    for seat in 9..=11 {
        hall.seats(seat, Some(0)).await;
    }
    hall.chair(PlainWish::Begin).await;
    hall.keys_are_ready().await;
    let arm = |small_groups| Wish::Arm { round: 1, small_groups };
    let refused = hall.watched.command(arm(SmallGroups::Refuse)).await;
    assert_eq!(refused, Err(NotDone::Refused(Refusal::GroupIsTooSmall)));
    // While they came in, five were not there yet: that too is a group that is too small, but for another reason.
    let view = hall.chair_sees(|view| view["groups"][1]["present"] == 5 && view["small_groups"][0] == "B").await;
    assert_eq!(view["small_groups"].as_array().unwrap().len(), 1);
    assert_eq!(view["small_by_recusal"], serde_json::json!(["B"]), "it is too small for the subjects of its reporters");
    hall.chair(arm(SmallGroups::TotalsOnly)).await;
    let manifest = hall.frozen().await;
    assert_eq!(serde_json::to_value(manifest.manifest().group_columns).unwrap(), "totals_only");
}

/// Whether any file below a directory holds these bytes.
pub fn is_anywhere(directory: &std::path::Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(directory).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return is_anywhere(&path, bytes);
        }
        // A file that was removed meanwhile holds nothing.
        std::fs::read(&path).is_ok_and(|held| held.windows(bytes.len()).any(|window| window == bytes))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn s11_keys_that_signed_papers_are_erased_when_the_round_is_closed() {
    let hall = Hall::with(plan()).await;
    hall.welcomes().await;
    let mut voter = hall.seats(1, None).await;
    hall.begins_and_arms().await;
    voter.gets_papers(&hall).await;
    let kept = hall.store.keys(hall.meeting(), 1).await.unwrap().unwrap();
    let kept: serde_json::Value = serde_json::from_slice(&kept).unwrap();
    let tokens: Vec<String> =
        kept["tokens"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()[200..260].to_owned()).collect();
    assert_eq!(tokens.len(), 6);
    // The control: while the round is open, the same search finds each of them.
    assert!(tokens.iter().all(|token| is_anywhere(hall.data.path(), token.as_bytes())));
    hall.opens().await;
    hall.closes().await;
    let forgotten = async {
        while tokens.iter().any(|token| is_anywhere(hall.data.path(), token.as_bytes())) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), forgotten).await.unwrap();
    assert!(matches!(voter.asks(&hall).await, Err(NotIssued::NotNow)));
}
