//! Rules l44 to l46 and p20: a meeting whose chair and phones are on different servers.

use std::sync::Arc;
use std::time::Duration;

use pingyi::hub::{Hub, Viewer, WatchLimits};
use pingyi::protocol::{CastVerdict, Role};
use pingyi::store::redis::RedisStore;
use pingyi::store::{Released, Store};
use pingyi::view::record::inputs;
use pingyi_rules::ballot::record::RecordAudience;
use pingyi_rules::ballot::verify::verify;
use pingyi_rules::meeting::plan::{Publication, StepKind};
use pingyi_rules::meeting::{CoSigned, PlainWish, RoundState, Wish};
use tempfile::TempDir;

use super::options;
use crate::patience::eventually;
use crate::redis::process::RedisProcess;
use crate::secrecy::hall::{Hall, all_are, plan};

async fn store(redis: &RedisProcess, data: &TempDir, name: &str) -> Arc<dyn Store> {
    Arc::new(RedisStore::open(data.path(), &options(&redis.url(), name)).await.unwrap())
}

/// Two servers of one meeting: its chair is at the first, six voters of A take their seats, papers and ballots by turns.
async fn two_halls(redis: &RedisProcess) -> (Hall, Hall) {
    let data = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let (here, there) = (store(redis, &data[0], "hall 1").await, store(redis, &data[1], "hall 2").await);
    let [first, second] = data;
    let a = Hall::made_in(first, here, plan()).await;
    let b = Hall::on(second, there, a.handout.clone()).await;
    a.welcomes().await;
    let mut voters = Vec::new();
    for seat in 1..=6 {
        voters.push(if seat % 2 == 0 { &a } else { &b }.seats(seat, None).await);
    }
    a.begins_and_arms().await;
    b.screen_shows(Viewer::Of(Role::Voter), |view| view["now"]["round"]["state"] == "armed").await;
    for (number, voter) in voters.iter_mut().enumerate() {
        voter.gets_papers(if number % 2 == 0 { &a } else { &b }).await;
    }
    a.opens().await;
    b.screen_shows(Viewer::Of(Role::Voter), |view| view["now"]["round"]["state"] == "open").await;
    for (number, voter) in voters.iter().enumerate() {
        let hall = if number % 2 == 0 { &b } else { &a };
        assert!(all_are(&hall.casts(&voter.fills_in(hall, "hao").await).await, CastVerdict::In));
    }
    (a, b)
}

#[tokio::test(flavor = "multi_thread")]
async fn l44_every_screen_of_every_server_sees_the_same() {
    let redis = RedisProcess::start();
    let (a, b) = two_halls(&redis).await;
    for hall in [&a, &b] {
        for role in [Role::Chair, Role::Projector] {
            let seen = |view: &serde_json::Value| view["total"]["returned"] == 6 && view["total"]["issued"] == 6;
            hall.screen_shows(Viewer::Of(role), seen).await;
        }
    }
    // A chair's deputy at the other server closes; both have the same count.
    b.closes().await;
    let counted = a.chair_sees(|view| view["now"]["round"]["state"] == "closed").await;
    assert_eq!(counted["left_out"], serde_json::json!([]));
    let meeting = |hall: &Hall| (Arc::clone(&hall.store), hall.meeting().to_owned());
    let ((here, id), (there, _)) = (meeting(&a), meeting(&b));
    let (first, second) = (here.load(&id).await.unwrap().unwrap(), there.load(&id).await.unwrap().unwrap());
    assert_eq!(first.meeting, second.meeting);
    let row = &first.meeting.rounds[0].tally.as_ref().unwrap().rows[0];
    assert_eq!(row.groups.iter().map(|group| group.marks[0]).sum::<u32>(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn l47_what_one_server_released_the_others_show() {
    let redis = RedisProcess::start();
    let (a, b) = two_halls(&redis).await;
    // Six ballots a row: of them one stays unseen.
    let released = a.store.release(a.meeting(), 1, 1).await.unwrap();
    let of_row = |released: &Released, row: u16| released.contests[&row].values().sum::<u32>();
    assert_eq!((of_row(&released, 1), of_row(&released, 2)), (5, 5));
    let seen = async || b.store.released_elsewhere(b.meeting(), 1).await.unwrap().filter(|there| *there == released);
    // At once: not when somebody looks a minute later.
    tokio::time::timeout(Duration::from_secs(5), eventually("the other server to show it", seen)).await.unwrap();
    b.screen_shows(Viewer::Of(Role::Projector), |view| view["tally"]["rows"][0]["marks"][0] == 5).await;
    assert_eq!(b.store.released_elsewhere(b.meeting(), 1).await.unwrap(), Some(released));
}

#[tokio::test(flavor = "multi_thread")]
async fn l48_a_command_after_another_servers_answer_meets_the_meeting_as_it_is() {
    let redis = RedisProcess::start();
    let data = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let (here, there) = (store(&redis, &data[0], "hall 1").await, store(&redis, &data[1], "hall 2").await);
    let [first, second] = data;
    let a = Hall::made_in(first, here, plan()).await;
    let b = Hall::on(second, there, a.handout.clone()).await;
    a.welcomes().await;
    a.chair(PlainWish::Begin).await;
    let steps = a.store.load(a.meeting()).await.unwrap().unwrap().meeting.plan.agenda;
    let reports: Vec<u32> = steps.iter().filter(|step| step.kind == StepKind::Report).map(|step| step.id).collect();
    assert!(!reports.is_empty());
    // Nothing waits for a poke between the two: a chair behind a proxy is answered by one server and asks the other.
    for _ in 0..5 {
        for step in &reports {
            let moved = a.watched.command(PlainWish::GoTo { step: *step }).await;
            let started = b.watched.command(PlainWish::StartTimer { step: *step }).await;
            let paused = a.watched.command(PlainWish::PauseTimer { step: *step }).await;
            assert!(moved.is_ok() && started.is_ok() && paused.is_ok(), "{moved:?} {started:?} {paused:?}");
            let timer = b.store.latest(b.meeting()).await.unwrap().unwrap().meeting.timer.unwrap();
            assert_eq!((timer.step, timer.running_since_ms), (*step, None));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l48_m14_what_the_chair_asks_at_one_server_is_confirmed_at_another() {
    let redis = RedisProcess::start();
    let (a, b) = two_halls(&redis).await;
    a.closes().await;
    let publication = CoSigned::Publication { publication: Publication::HallScores };
    // Nothing waits for a poke between the two.
    for (number, asked) in [(1, CoSigned::Certificate), (2, publication)] {
        a.chair(PlainWish::Ask { round: 1, number, asked: asked.clone() }).await;
        let confirm = Wish::Confirm { round: 1, number, asked };
        b.watched.command(confirm.clone()).await.unwrap();
        a.watched.command(confirm).await.unwrap();
    }
    for hall in [&a, &b] {
        let round = hall.store.latest(hall.meeting()).await.unwrap().unwrap().meeting.rounds[0].clone();
        assert_eq!(round.publication, Some(Publication::HallScores));
        assert!(round.record.is_some(), "the server that confirmed made the public record");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l45_the_chair_sees_who_is_missing_and_counts_without() {
    let redis = RedisProcess::start();
    let (a, b) = two_halls(&redis).await;
    // Gone without a word.
    b.stopped().await;
    a.chair(PlainWish::Close { round: 1 }).await;
    let waiting = a.chair_sees(|view| view["missing_servers"] != serde_json::json!([])).await;
    let missing = &waiting["missing_servers"][0];
    assert_eq!((&missing["name"], &missing["sheets"]), (&serde_json::json!("hall 2"), &serde_json::json!(3)));
    assert_eq!(waiting["now"]["round"]["state"], "closing");
    let unknown = Wish::CloseWithout { round: 1, servers: vec!["nobody".to_owned()] };
    assert!(a.watched.command(unknown).await.is_err());
    let server = missing["server"].as_str().unwrap().to_owned();
    a.chair(Wish::CloseWithout { round: 1, servers: vec![server] }).await;
    let counted = a.chair_sees(|view| view["now"]["round"]["state"] == "closed").await;
    assert_eq!(counted["left_out"][0]["name"], "hall 2");
    assert_eq!(counted["missing_servers"], serde_json::json!([]));
    let did: Vec<&str> =
        counted["history"].as_array().unwrap().iter().filter_map(|line| line["command"].as_str()).collect();
    assert_eq!(did[..2], ["freeze", "close_without"]);
    a.certify().await;
    a.publish(Publication::HallScores).await;
    let stored = a.store.load(a.meeting()).await.unwrap().unwrap();
    let inputs = inputs(stored.meeting.round(1).unwrap());
    let record = a.hub.ballot_box.record(a.meeting(), 1, &inputs, RecordAudience::Public).await.unwrap().unwrap();
    let found = verify(&record.file, None, &|_, _| {}).unwrap();
    let told: Vec<(&str, u32)> = found.left_out.iter().map(|left| (left.name.as_str(), left.sheets)).collect();
    assert_eq!(told, [("hall 2", 3)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn l46_a_stopping_server_signs_off_and_nobody_waits() {
    let redis = RedisProcess::start();
    let (a, b) = two_halls(&redis).await;
    b.store.sign_off().await.unwrap();
    b.stopped().await;
    a.closes().await;
    let counted = a.chair_sees(|view| view["now"]["round"]["state"] == "closed").await;
    assert_eq!((&counted["total"]["returned"], &counted["left_out"]), (&serde_json::json!(6), &serde_json::json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn p20_a_stopping_server_spreads_the_closing_of_its_sockets() {
    let hall = Hall::with(plan()).await;
    assert_eq!(hall.watched.views.moment_to_close(), Duration::ZERO, "nobody is there");
    let few: Vec<_> = (0..10).map(|seat| hall.watched.views.seat_opens(seat)).collect();
    let longest = |most: Duration| (0..200).all(|_| hall.watched.views.moment_to_close() <= most);
    assert!(longest(Duration::from_millis(20)));
    let many: Vec<_> = (10..5_000).map(|seat| hall.watched.views.seat_opens(seat)).collect();
    assert!(longest(Duration::from_secs(2)));
    let late = (0..200).filter(|_| hall.watched.views.moment_to_close() > Duration::from_secs(1)).count();
    assert!((50..150).contains(&late), "{late} of 200 in the second half");
    drop((few, many));
}

#[tokio::test(flavor = "multi_thread")]
async fn o73_a_round_that_runs_at_a_server_which_is_lost_is_frozen_by_one_that_let_the_meeting_go() {
    let redis = RedisProcess::start();
    let data = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let (here, there) = (store(&redis, &data[0], "hall 1").await, store(&redis, &data[1], "hall 2").await);
    let [first, _second] = data;
    let a = Hall::made_in(first, here, plan()).await;
    let meeting = a.meeting().to_owned();
    let limits = WatchLimits { let_go_after: Duration::from_millis(40), ..WatchLimits::default() };
    let b = Hub::with(Arc::clone(&there), "http://hall.test".to_owned(), limits, pingyi::clock::now_ms);
    a.welcomes().await;
    drop(b.watch(&meeting).await.unwrap().unwrap());
    let watches = async |meetings: usize| {
        let what = format!("the other server to watch {meetings} meetings");
        eventually(what, async || (b.watched() == meetings).then_some(())).await;
    };
    watches(0).await;
    // Nobody asks the other server for anything.
    a.begins_and_arms().await;
    watches(1).await;
    a.opens().await;
    a.chair(PlainWish::Close { round: 1 }).await;
    drop(a.stopped().await);
    let is_closed = async || {
        let stored = there.latest(&meeting).await.ok()??;
        (stored.meeting.rounds[0].state == RoundState::Closed).then_some(())
    };
    eventually("the other server to freeze it", is_closed).await;
    b.stop();
}
