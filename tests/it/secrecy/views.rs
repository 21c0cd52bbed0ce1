//! What screens tell while a round is open.

use pingyi::hub::Viewer;
use pingyi::protocol::{CastVerdict, Role};

use super::hall::{Hall, all_are, plan};

/// A hall in which six voters of A have papers, and the round is open.
async fn hall_of_six() -> (Hall, Vec<super::hall::Voter>) {
    let hall = Hall::with(plan()).await;
    hall.welcomes().await;
    let mut voters = Vec::new();
    for seat in 1..=6 {
        voters.push(hall.seats(seat, None).await);
    }
    hall.begins_and_arms().await;
    for voter in &mut voters {
        voter.gets_papers(&hall).await;
    }
    hall.opens().await;
    hall.screen_shows(Viewer::Of(Role::Voter), |view| view["now"]["round"]["state"] == "open").await;
    (hall, voters)
}

/// What a screen shows, without what differs between any two meetings.
fn without_names(view: &serde_json::Value) -> String {
    let mut view = view.clone();
    for name in ["epoch", "version", "plan", "box_key"] {
        view["now"][name] = serde_json::Value::Null;
    }
    for name in ["manifest_hash", "fingerprint", "promise"] {
        view["now"]["round"][name] = serde_json::Value::Null;
    }
    for name in ["join_qr", "history", "rounds"] {
        view[name] = serde_json::Value::Null;
    }
    view.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_frames_do_not_depend_on_marks_that_are_not_released() {
    let mut shown = Vec::new();
    for mark in ["hao", "cha"] {
        let (hall, voters) = hall_of_six().await;
        let mut frames = Vec::new();
        for (cast, voter) in voters.iter().enumerate() {
            assert!(all_are(&hall.casts(&voter.fills_in(&hall, mark).await).await, CastVerdict::In));
            for role in [Role::Projector, Role::Chair, Role::Voter] {
                let view = hall
                    .screen_shows(Viewer::Of(role), |view| {
                        view["total"].is_null() || view["total"]["returned"] == cast + 1
                    })
                    .await;
                frames.push(without_names(&view));
            }
        }
        // Six are fewer than twice five: the pool rule lets nothing out, however long one waits.
        let tally = hall.chair_sees(|view| !view["tally"].is_null()).await["tally"]["rows"].clone();
        assert_eq!(tally[0]["marks"], serde_json::json!([0, 0]));
        shown.push(frames);
    }
    assert!(shown[0] == shown[1], "opposite marks gave different frames");
}

#[tokio::test(flavor = "multi_thread")]
async fn s9_a_cast_changes_no_phone() {
    let (hall, voters) = hall_of_six().await;
    let mut phones = hall.watched.views.subscribe(Viewer::Of(Role::Voter));
    phones.mark_unchanged();
    for (cast, voter) in voters.iter().enumerate() {
        hall.casts(&voter.fills_in(&hall, "hao").await).await;
        hall.screen_shows(Viewer::Of(Role::Projector), |view| view["total"]["returned"] == cast + 1).await;
    }
    assert!(!phones.has_changed().unwrap());
}
