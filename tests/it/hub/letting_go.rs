//! Rules o72 to o75: a meeting that nobody needs is let go, one that somebody needs is not, and coming back changes nothing.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use pingyi::ballot_box::NotCast;
use pingyi::hub::{Hub, Viewer, WatchLimits, Watched};
use pingyi::protocol::{CastVerdict, Role};
use pingyi::store::Store;
use pingyi::view::record::inputs;
use pingyi_rules::ballot::record::RecordAudience;
use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::meeting::{PlainWish, RoundState, Wish};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::patience::{PATIENCE, eventually};
use crate::secrecy::hall::{Hall, all_are, plan};

/// Short enough that a test sees it many times over.
const SOON: Duration = Duration::from_millis(40);

fn hub_on(store: &Arc<dyn Store>, meetings_max: usize, let_go_after: Duration) -> Arc<Hub> {
    let limits = WatchLimits { let_go_after, meetings_max, ..WatchLimits::default() };
    Hub::with(Arc::clone(store), "http://hall.test".to_owned(), limits, pingyi::clock::now_ms)
}

/// The hall at another hub of the same store.
async fn at(hall: Hall, hub: &Arc<Hub>) -> Hall {
    let Hall { data, hub: before, watched, handout, store } = hall;
    before.stop();
    drop((before, watched));
    let watched = watched_at(hub, &handout.meeting).await;
    Hall { data, hub: Arc::clone(hub), watched, handout, store }
}

async fn watched_at(hub: &Arc<Hub>, meeting: &str) -> Arc<Watched> {
    hub.watch(meeting).await.unwrap().unwrap()
}

/// Waits until a hub watches so many meetings.
async fn watches(hub: &Hub, meetings: usize) {
    eventually(format!("{meetings} meetings to be watched"), async || (hub.watched() == meetings).then_some(())).await;
}

/// The views of all screens, as they are; only the clock in them goes on.
fn views(watched: &Watched) -> Vec<serde_json::Value> {
    let viewers = [Viewer::Visitor, Viewer::Of(Role::Voter), Viewer::Of(Role::Projector), Viewer::Of(Role::Chair)];
    let read = |viewer| -> serde_json::Value { serde_json::from_slice(&watched.views.view(viewer)).unwrap() };
    let mut views: Vec<serde_json::Value> = viewers.into_iter().map(read).collect();
    views.push(serde_json::from_slice(&watched.views.plan()).unwrap());
    views
}

#[tokio::test(flavor = "multi_thread")]
async fn o72_what_was_let_go_comes_back_as_it_was() {
    let hall = Hall::with(plan()).await;
    let sheet = hall.opens_with_a_sheet().await;
    assert!(all_are(&hall.casts(&sheet).await, CastVerdict::In));
    hall.closes().await;
    hall.certify().await;
    hall.publish(Publication::HallScores).await;
    let hub = hub_on(&hall.store, 10, SOON);
    let mut hall = at(hall, &hub).await;
    let (meeting, store) = (hall.meeting().to_owned(), Arc::clone(&hall.store));
    let record = async || {
        let stored = store.load(&meeting).await.unwrap().unwrap();
        let inputs = inputs(stored.meeting.round(1).unwrap());
        hub.ballot_box.record(&meeting, 1, &inputs, RecordAudience::Whole).await.unwrap().map(|made| made.file.clone())
    };
    let (before, recorded) = (views(&hall.watched), record().await.expect("there is a record"));
    for _ in 0..3 {
        let Hall { data, watched, handout, .. } = hall;
        drop(watched);
        watches(&hub, 0).await;
        assert!(hub.ballot_box.round(&meeting, 1).is_none(), "its rounds are forgotten");
        assert_eq!(record().await, None);
        let watched = watched_at(&hub, &meeting).await;
        hall = Hall { data, hub: Arc::clone(&hub), watched, handout, store: Arc::clone(&store) };
        assert_eq!(views(&hall.watched), before);
        assert_eq!(record().await.as_ref(), Some(&recorded));
        // Its envelopes open no more, as after any restart once a round was counted (s31).
        assert!(matches!(hall.answers(&sheet).await, Err(NotCast::Counted)));
    }
    hub.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn o72_a_meeting_that_was_let_go_before_its_round_has_papers_and_casts_afterwards() {
    let hall = Hall::with(plan()).await;
    let hub = hub_on(&hall.store, 10, SOON);
    let hall = at(hall, &hub).await;
    hall.welcomes().await;
    let mut voter = hall.seats(1, None).await;
    let Hall { data, watched, handout, store, .. } = hall;
    drop(watched);
    watches(&hub, 0).await;
    let watched = watched_at(&hub, &handout.meeting).await;
    let hall = Hall { data, hub: Arc::clone(&hub), watched, handout, store };
    hall.begins_and_arms().await;
    voter.gets_papers(&hall).await;
    hall.opens().await;
    let sheet = voter.fills_in(&hall, "hao").await;
    assert!(all_are(&hall.casts(&sheet).await, CastVerdict::In));
    hub.stop();
}

/// A meeting that nobody needs, to tell the time by: whenever it was let go, one that nobody needs would have been too.
struct Clock {
    _data: TempDir,
    hub: Arc<Hub>,
    meeting: String,
}

impl Clock {
    async fn beside(hall: &Hall) -> Self {
        let other = Hall::made_in(TempDir::new().unwrap(), Arc::clone(&hall.store), plan()).await;
        let meeting = other.meeting().to_owned();
        other.hub.stop();
        Self { _data: other.data, hub: Arc::clone(&hall.hub), meeting }
    }

    /// Waits until this one was loaded and let go a few times, while so many others stay.
    async fn passes(&self, others: usize) {
        for _ in 0..4 {
            drop(watched_at(&self.hub, &self.meeting).await);
            watches(&self.hub, others).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn o73_a_round_that_runs_keeps_its_meeting_and_is_frozen_though_nobody_looks() {
    let hall = Hall::with(plan()).await;
    let sheet = hall.opens_with_a_sheet().await;
    let hub = hub_on(&hall.store, 10, SOON);
    let hall = at(hall, &hub).await;
    let clock = Clock::beside(&hall).await;
    assert!(all_are(&hall.casts(&sheet).await, CastVerdict::In));
    let Hall { data: _data, watched, handout, store, .. } = hall;
    drop(watched);
    clock.passes(1).await;
    assert!(hub.ballot_box.round(&handout.meeting, 1).is_some(), "casts can be taken all the time");
    watched_at(&hub, &handout.meeting).await.command(PlainWish::Close { round: 1 }).await.unwrap();
    let state = async || store.load(&handout.meeting).await.unwrap().unwrap().meeting.rounds[0].state;
    assert!(matches!(state().await, RoundState::Closing { .. }));
    let is_closed = async || (state().await == RoundState::Closed).then_some(());
    eventually("the round to be frozen", is_closed).await;
    // Its envelopes open for a while yet; with the meeting they end at once.
    watched_at(&hub, &handout.meeting).await.command(PlainWish::CloseMeeting).await.unwrap();
    watches(&hub, 0).await;
    hub.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn o73_a_screen_keeps_its_meeting() {
    let hall = Hall::with(plan()).await;
    let hub = hub_on(&hall.store, 10, SOON);
    let hall = at(hall, &hub).await;
    let clock = Clock::beside(&hall).await;
    let Hall { data: _data, watched, handout, .. } = hall;
    let screen = watched.views.subscribe(Viewer::Of(Role::Projector));
    drop(watched);
    clock.passes(1).await;
    // What the chair does then is on it.
    let mut seen = screen.clone();
    seen.mark_unchanged();
    watched_at(&hub, &handout.meeting).await.command(PlainWish::OpenCheckin).await.unwrap();
    tokio::time::timeout(PATIENCE, seen.changed()).await.unwrap().unwrap();
    drop((screen, seen));
    watches(&hub, 0).await;
    hub.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn o74_no_order_is_lost_however_often_its_meeting_is_let_go() {
    const ORDERS: u32 = 40;
    const AT_ONCE: u32 = 4;
    let hall = Hall::with(plan()).await;
    // Let go as soon as nobody holds it, which is all the time.
    let hub = hub_on(&hall.store, 10, Duration::ZERO);
    let (store, handout) = (Arc::clone(&hall.store), hall.handout.clone());
    hall.hub.stop();
    let Hall { data: _data, hub: before, watched, .. } = hall;
    drop((before, watched));
    watched_at(&hub, &handout.meeting).await.command(PlainWish::OpenCheckin).await.unwrap();
    watched_at(&hub, &handout.meeting).await.command(PlainWish::Begin).await.unwrap();
    let mut giving = JoinSet::new();
    for number in 0..AT_ONCE {
        let (hub, meeting) = (Arc::clone(&hub), handout.meeting.clone());
        giving.spawn(async move {
            for order in 0..ORDERS / AT_ONCE {
                let step = 100 + order * AT_ONCE + number;
                let add = Wish::AddStep {
                    step_kind: pingyi_rules::meeting::plan::StepKind::Break,
                    subject: None,
                    step,
                    after: 1,
                    form: None,
                };
                if order % 2 == 0 {
                    watched_at(&hub, &meeting).await.command(add).await.unwrap();
                } else {
                    // Whoever gives it goes away before it is carried out: it stands all the same.
                    let watched = watched_at(&hub, &meeting).await;
                    let mut given = Box::pin(async move { watched.command(add).await });
                    // It is on its way after the first look at it.
                    poll_fn(|context| Poll::Ready(given.as_mut().poll(context).is_ready())).await;
                }
            }
        });
    }
    giving.join_all().await;
    let steps = async || {
        let meeting = store.load(&handout.meeting).await.unwrap().unwrap().meeting;
        let added = meeting.plan.agenda.iter().filter(|step| step.id >= 100).count();
        (added == ORDERS as usize).then_some(())
    };
    eventually("every order to be carried out", steps).await;
    watches(&hub, 0).await;
    hub.stop();
}

/// Watches a meeting once another one makes room for it, whose keys may still be made at this moment.
async fn makes_room(hub: &Arc<Hub>, meeting: &str) -> Arc<Watched> {
    eventually("another meeting to make room", async || hub.watch(meeting).await.ok().flatten()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn o75_as_many_meetings_are_watched_as_may_be_and_one_that_nobody_needs_makes_room() {
    let hall = Hall::with(plan()).await;
    let mut meetings = vec![hall.meeting().to_owned()];
    for _ in 0..3 {
        let other = Hall::made_in(TempDir::new().unwrap(), Arc::clone(&hall.store), plan()).await;
        meetings.push(other.meeting().to_owned());
        other.hub.stop();
    }
    // Nothing is let go but for others' sake.
    let hub = hub_on(&hall.store, 2, Duration::from_secs(3600));
    let hall = at(hall, &hub).await;
    drop(makes_room(&hub, &meetings[1]).await);
    let held = makes_room(&hub, &meetings[2]).await;
    assert_eq!(hub.watched(), 2, "the second one made room");
    let refused = hub.watch(&meetings[3]).await.map(|watched| watched.is_some());
    assert!(refused.is_err(), "both are held: {refused:?}");
    assert!(hub.watch(&meetings[2]).await.unwrap().is_some(), "what is watched already is there");
    drop(held);
    drop(makes_room(&hub, &meetings[3]).await);
    // One with a round that runs makes no room.
    hall.welcomes().await;
    hall.begins_and_arms().await;
    let Hall { data: _data, watched, handout, .. } = hall;
    drop(watched);
    for other in [&meetings[1], &meetings[2], &meetings[3]] {
        drop(makes_room(&hub, other).await);
    }
    assert!(hub.issuer.issues(&handout.meeting, 1), "its papers can be had all the time");
    hub.stop();
}
