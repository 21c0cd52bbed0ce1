//! What somebody in the hall's Wi-Fi can record: everything on its way between phones and server, on plain http.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use pingyi::ballot_box::NotCast;
use pingyi::protocol::{CastVerdict, Role};
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::seating::voters;
use pingyi::rehearsal::{
    Attendance, Chair, Manifests, Manners, Phone, RehearsalProgress, Scrutineer, ServerAddress, SheetSource, Storage,
    Wire, capability,
};
use pingyi_rules::ballot::seal::ENVELOPE_BYTES;
use pingyi_rules::meeting::PlainWish;
use tokio::task::JoinSet;

use super::hall::{Hall, all_are, plan};
use super::overheard::Listener;
use crate::patience::PATIENCE;

/// What was asked and answered on connections whose request begins so.
fn overheard(listener: &Listener, begins: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let all = listener.overheard();
    let both = all.iter().map(|one| (one.asked(), one.answered()));
    both.filter(|(asked, _)| asked.starts_with(begins.as_bytes())).collect()
}

/// Whether a mark of the scale can be read in there, as an answer or between quotes of either kind.
fn shows_a_mark(bytes: &[u8], marks: &[String]) -> bool {
    let finds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    marks.iter().any(|mark| finds(&format!("\"{mark}\"")) || finds(&format!("\\\"{mark}\\\"")))
}

#[tokio::test(flavor = "multi_thread")]
async fn s32_who_listens_on_plain_http_learns_no_mark_and_no_length() {
    let folder = crate::rehearsal::shipped("institute");
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let listener = Listener::before(&server.base_url);
    let marks: Vec<String> = folder.plan.scale.iter().map(|mark| mark.id.clone()).collect();
    let mut hall = voters(&folder, &target.handout, &SheetSource::Random(3));
    let (first, last) = (marks.first().unwrap(), marks.last().unwrap());
    for (place, voter) in hall.iter_mut().enumerate() {
        let mark = if place % 2 == 0 { first } else { last };
        voter.marks = Some(folder.plan.subjects.iter().map(|subject| (subject.id, mark.clone())).collect());
    }
    let attendance = Attendance::new(&folder.plan, hall.iter().map(|voter| (voter.leads, true)).collect());
    let everybody = hall.len();
    let phones_address = Arc::new(ServerAddress::parse(&listener.door("a phone").await).unwrap());
    let (manifests, storages): (_, Vec<Storage>) =
        (Manifests::default(), hall.iter().map(|_| Storage::default()).collect());
    let mut phones = JoinSet::new();
    for (voter, storage) in hall.into_iter().zip(&storages) {
        let manners = Manners { think: Duration::ZERO..=Duration::from_secs(1), patience: PATIENCE };
        let wire = Wire::new(Arc::clone(&phones_address), PATIENCE);
        let progress = Arc::<RehearsalProgress>::default();
        phones.spawn(Phone::new(voter, manners, wire, manifests.clone(), progress, Arc::clone(storage)).live());
    }
    let address = Arc::new(ServerAddress::parse(&target.base_url).unwrap());
    let link = |role| capability(&target.handout, role).unwrap();
    let scrutineer = Scrutineer::opens(&address, link(Role::Scrutineer), PATIENCE).await.unwrap();
    let chair = Chair::opens(&address, link(Role::Chair), PATIENCE).await.unwrap();
    let mut chair = chair.with_scrutineer(scrutineer);
    chair.leads_through(&attendance, Duration::ZERO, |_, _| {}).await.unwrap();
    while let Some(ended) = phones.join_next().await {
        ended.unwrap().unwrap();
    }

    let casts = overheard(&listener, "POST /box/");
    assert!(casts.len() >= everybody, "each sheet came on a connection of its own");
    for (asked, answered) in &casts {
        assert!(!shows_a_mark(asked, &marks), "a cast shows a mark");
        assert!(!shows_a_mark(answered, &marks), "an answer shows a mark");
    }
    // Reporters get one paper less: neither their casts nor the answers are shorter, and a repeat is as long as a first one.
    let lengths: std::collections::BTreeSet<usize> = casts.iter().map(|(asked, _)| asked.len()).collect();
    assert_eq!(lengths.len(), 1, "casts of {lengths:?} bytes");
    let answers: std::collections::BTreeSet<usize> = casts.iter().map(|(_, answered)| answered.len()).collect();
    assert_eq!(answers.len(), 1, "answers of {answers:?} bytes");
    // Whatever else was asked, on connections of its own or one after the other on kept ones.
    let everything = overheard(&listener, "");
    for request in ["POST /sealed", "GET /api/", "GET /ws/"] {
        let asks = |asked: &[u8]| asked.windows(request.len()).any(|window| window == request.as_bytes());
        assert!(everything.iter().any(|(asked, _)| asks(asked)), "{request}");
    }
    assert!(everything.iter().all(|(asked, _)| !shows_a_mark(asked, &marks)), "a request shows a mark");
    // The control: the same sheet without its envelope is read at once.
    let (body, envelope) = {
        let storage = storages[0].lock().unwrap();
        (storage.body(1).unwrap(), storage.cast(1).unwrap().envelope)
    };
    assert!(shows_a_mark(&body, &marks));
    assert!(!shows_a_mark(&envelope, &marks));
    assert_eq!(envelope.len(), body.len() + ENVELOPE_BYTES);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s30_a_cast_without_its_envelope_is_refused() {
    let hall = Hall::with(plan()).await;
    let body = hall.opens_with_a_sheet().await;
    let naked = hall.hub.ballot_box.cast(hall.meeting(), 1, body.to_vec()).await;
    assert!(naked.reply_to.is_none(), "nobody is known who could read an answer");
    let naked = naked.answer;
    assert!(matches!(naked, Err(NotCast::Bad(pingyi_rules::ballot::BadCast::NotSealed))), "{naked:?}");
    assert!(all_are(&hall.casts(&body).await, CastVerdict::In));
}

/// Somebody cast, and the round was counted: the hall and the cast.
async fn counted() -> (Hall, Bytes) {
    let hall = Hall::with(plan()).await;
    let body = hall.opens_with_a_sheet().await;
    assert!(all_are(&hall.casts(&body).await, CastVerdict::In));
    hall.closes().await;
    assert!(all_are(&hall.casts(&body).await, CastVerdict::Same), "who lost the answer has time to ask again");
    let seal_key = hall.seal_key().await.unwrap();
    assert!(hall.disk_holds(&seal_key), "the control: it is found while it is kept");
    (hall, body)
}

async fn opens_nothing(hall: &Hall, body: &Bytes, seal_key: &str) {
    let late = hall.answers(body).await;
    assert!(matches!(late, Err(NotCast::Counted)), "{late:?}");
    assert_eq!(hall.seal_key().await, None);
    assert!(!hall.disk_holds(seal_key));
}

#[tokio::test(flavor = "multi_thread")]
async fn s31_a_moment_after_the_count_no_envelope_opens_any_more() {
    let (hall, body) = counted().await;
    let seal_key = hall.seal_key().await.unwrap();
    let begun = Instant::now();
    while !matches!(hall.answers(&body).await, Err(NotCast::Counted)) {
        assert!(begun.elapsed() < PATIENCE, "its envelopes still open");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    opens_nothing(&hall, &body, &seal_key).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s31_after_a_restart_and_when_the_meeting_is_over_no_envelope_of_a_counted_round_opens() {
    let (hall, body) = counted().await;
    let seal_key = hall.seal_key().await.unwrap();
    let hall = hall.restarted().await;
    opens_nothing(&hall, &body, &seal_key).await;
    let (hall, body) = counted().await;
    let seal_key = hall.seal_key().await.unwrap();
    hall.chair(PlainWish::CloseMeeting).await;
    opens_nothing(&hall, &body, &seal_key).await;
}
