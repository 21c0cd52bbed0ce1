//! Rules t26 and t27: one box key for all rounds of a meeting, which signs the manifest of each; and d15: meetings of before.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{SigningKey, VerifyingKey};
use pingyi::hub::{Hub, Viewer};
use pingyi::protocol::Role;
use pingyi::round_keys::{KeyMaker, RoundKeys, new_seal_key};
use pingyi_rules::ballot::fingerprint::fingerprint;
use pingyi_rules::ballot::promise::is_good;
use pingyi_rules::meeting::plan::Plan;
use pingyi_rules::meeting::{CoSigned, Command, PlainWish, Wish};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::hall::{Hall, plan};

fn key_in(view: &Value) -> VerifyingKey {
    let key = BASE64URL_NOPAD.decode(view["now"]["box_key"]["key"].as_str().unwrap().as_bytes()).unwrap();
    let hash: [u8; 32] = Sha256::digest(&key).into();
    assert_eq!(view["now"]["box_key"]["fingerprint"], fingerprint(&hash));
    VerifyingKey::from_bytes(&key.try_into().unwrap()).unwrap()
}

async fn shown(hall: &Hall, viewer: Viewer) -> VerifyingKey {
    key_in(&hall.screen_shows(viewer, |view| view["now"]["box_key"].is_object()).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn t26_a_meeting_has_one_box_key_for_all_its_rounds() {
    let hall = Hall::with(plan()).await;
    let first = shown(&hall, Viewer::Visitor).await;
    for viewer in [Viewer::Of(Role::Voter), Viewer::Of(Role::Projector), Viewer::Of(Role::Chair)] {
        assert_eq!(shown(&hall, viewer).await, first, "everybody is shown the same, before there is a seat");
    }
    hall.welcomes().await;
    hall.begins_and_arms().await;
    assert_eq!(*hall.frozen().await.box_key(), first);
    // The round is void and repeated as the next one.
    hall.agree(CoSigned::Void { reason: "重来".to_owned() }).await;
    hall.chair(PlainWish::Repeat { round: 1 }).await;
    hall.chair_sees(|view| view["now"]["round"]["number"] == 2).await;
    hall.keys_are_ready().await;
    let arm = Wish::Arm { round: 2, small_groups: pingyi_rules::meeting::round::SmallGroups::Refuse };
    hall.chair(arm).await;
    let manifest = hall.store.manifest(hall.meeting(), 2).await.unwrap().unwrap();
    assert_eq!(*pingyi_rules::ballot::Manifest::parse(&manifest).unwrap().box_key(), first);
    let hall = hall.restarted().await;
    assert_eq!(shown(&hall, Viewer::Visitor).await, first, "a restart changes nothing");
    let other = Hall::with(plan()).await;
    assert_ne!(shown(&other, Viewer::Visitor).await, first, "another meeting has another one");
}

#[tokio::test(flavor = "multi_thread")]
async fn t26_servers_that_load_a_meeting_at_once_have_one_key() {
    let hall = Hall::with(plan()).await;
    let (new, other) = pingyi::creation::make(
        pingyi::creation::MeetingRequest { plan: plan(), seats: Vec::new() },
        hall.store.secret(),
    )
    .unwrap();
    hall.store.create(new).await.unwrap();
    let hubs: Vec<Arc<Hub>> =
        (0..6).map(|_| Hub::new(Arc::clone(&hall.store), "http://hall.test".to_owned())).collect();
    let watched = hubs.iter().map(|hub| hub.watch(&other.meeting));
    let mut keys = Vec::new();
    for watched in futures_util::future::join_all(watched).await {
        let mut views = watched.unwrap().unwrap().views.subscribe(Viewer::Visitor);
        let view = views.wait_for(|view| !view.is_empty()).await.unwrap().clone();
        keys.push(key_in(&serde_json::from_slice(&view).unwrap()));
    }
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    hubs.iter().for_each(|hub| hub.stop());
}

#[tokio::test(flavor = "multi_thread")]
async fn t26_keys_made_before_for_a_draft_get_the_meetings_box_key() {
    let hall = Hall::with(plan()).await;
    hall.keys_are_ready().await;
    let meeting = hall.meeting().to_owned();
    let maker = KeyMaker::of_this_process();
    let mut tokens = Vec::new();
    for _ in 0..6 {
        tokens.push(Arc::new(maker.key().await.unwrap()));
    }
    let of_another_box =
        RoundKeys { tokens, box_key: SigningKey::from_bytes(&[5; 32]), seal_key: Some(new_seal_key().unwrap()) };
    hall.store.keep_keys(&meeting, 1, &of_another_box.kept().unwrap()).await.unwrap();
    let hall = hall.restarted().await;
    hall.welcomes().await;
    hall.begins_and_arms().await;
    assert_eq!(*hall.frozen().await.box_key(), shown(&hall, Viewer::Visitor).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn t26_a_meeting_that_armed_a_round_before_goes_on_without_one() {
    let hall = Hall::with(plan()).await;
    let stored = hall.store.load(hall.meeting()).await.unwrap().unwrap();
    let arm = Command::Arm {
        round: 1,
        manifest_hash: "0".repeat(64),
        fingerprint: "5419-9609-3181-6616".to_owned(),
        promise: None,
        accounting: pingyi_rules::meeting::Accounting { groups: Vec::new() },
        small_groups: pingyi_rules::meeting::round::SmallGroups::Refuse,
        merged: Vec::new(),
    };
    let armed = [PlainWish::OpenCheckin.into(), PlainWish::Begin.into(), arm]
        .iter()
        .fold(stored.meeting, |meeting, command| meeting.apply(command, 0).unwrap());
    hall.store.replace(stored.version, &armed).await.unwrap();
    let store = Arc::clone(&hall.store);
    store.erase_keys(hall.meeting(), 0).await.unwrap();
    let other = Hub::new(store, "http://hall.test".to_owned());
    let watched = other.watch(hall.meeting()).await.unwrap().unwrap();
    let view = watched.views.subscribe(Viewer::Visitor).borrow().clone();
    let view: Value = serde_json::from_slice(&view).unwrap();
    assert_eq!(view["now"]["round"]["fingerprint"], "5419-9609-3181-6616", "digits are shown as they are");
    assert_eq!((&view["now"]["box_key"], &view["now"]["round"]["promise"]), (&Value::Null, &Value::Null));
    assert_eq!(hall.store.keys(hall.meeting(), 0).await.unwrap(), None, "none is made");
    other.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn t26_the_box_key_goes_with_the_people() {
    let hall = Hall::with(plan()).await;
    let body = hall.opens_with_a_sheet().await;
    hall.casts(&body).await;
    hall.closes().await;
    hall.certify().await;
    assert!(hall.store.keys(hall.meeting(), 0).await.unwrap().is_some());
    let kept: Value = serde_json::from_slice(&hall.store.keys(hall.meeting(), 0).await.unwrap().unwrap()).unwrap();
    let secret = kept["box_key"].as_str().unwrap().to_owned();
    assert!(hall.disk_holds(&secret), "the control");
    hall.publish(pingyi_rules::meeting::plan::Publication::HallScores).await;
    for command in [Wish::Plain(PlainWish::CloseMeeting), Wish::Plain(PlainWish::Archive), Wish::ErasePeople] {
        hall.chair(command).await;
    }
    hall.chair_sees(|view| view["destroyed"][0]["is_done"] == true).await;
    assert_eq!(hall.store.keys(hall.meeting(), 0).await.unwrap(), None);
    assert!(!hall.disk_holds(&secret), "no file has it");
    let hall = hall.restarted().await;
    let view = hall.chair_sees(|_| true).await;
    assert_eq!(view["now"]["box_key"], Value::Null);
    let promise = view["now"]["round"]["promise"].clone();
    assert!(promise.is_string(), "what it promised stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn t27_the_box_key_signs_the_manifest_of_each_round() {
    let hall = Hall::with(plan()).await;
    let before = hall.screen_shows(Viewer::Visitor, |view| view["now"]["round"].is_object()).await;
    assert_eq!(before["now"]["round"]["promise"], Value::Null, "a draft is promised to nobody");
    hall.welcomes().await;
    hall.begins_and_arms().await;
    let view = hall.screen_shows(Viewer::Visitor, |view| view["now"]["round"]["promise"].is_string()).await;
    let promise = view["now"]["round"]["promise"].as_str().unwrap().to_owned();
    let signature: [u8; 64] = BASE64URL_NOPAD.decode(promise.as_bytes()).unwrap().try_into().unwrap();
    let (key, frozen) = (key_in(&view), hall.frozen().await);
    let m = frozen.hash();
    assert!(is_good(&key, hall.meeting(), 1, m, &signature));
    let mut other = *m;
    other[31] ^= 1;
    for (meeting, round, m) in [(hall.meeting(), 2, m), ("abcd1234", 1, m), (hall.meeting(), 1, &other)] {
        assert!(!is_good(&key, meeting, round, m, &signature), "{meeting} {round}");
    }
    // Where a name ends and a number begins cannot be moved.
    assert!(!is_good(&key, &hall.meeting()[..7], 1, m, &signature));
    let hall = hall.restarted().await;
    let again =
        hall.screen_shows(Viewer::Of(Role::Projector), |view| view["now"]["round"]["promise"].is_string()).await;
    assert_eq!(again["now"]["round"]["promise"], promise);
    let stored = hall.store.load(hall.meeting()).await.unwrap().unwrap().meeting;
    let prints = pingyi::view::prints::prints(&stored, pingyi::view::prints::PrintInputs::default());
    assert_eq!(prints.rounds[0].promise.as_deref(), Some(promise.as_str()), "on paper it is the same");
    let command = |entry: &pingyi_rules::meeting::HistoryEntry| matches!(&entry.command, Command::Arm { promise: kept, .. } if kept.as_ref() == Some(&promise));
    assert!(stored.history.iter().any(command), "and in the history");
}

#[tokio::test(flavor = "multi_thread")]
async fn d15_a_meeting_of_before_with_unseen_characters_is_held_as_it_is_seen() {
    let plan = Plan { title: "述\u{200b}职  评议会 ".to_owned(), ..plan() };
    let hall = Hall::with(plan).await;
    hall.welcomes().await;
    hall.begins_and_arms().await;
    assert_eq!(hall.frozen().await.manifest().title, "述职 评议会");
}
