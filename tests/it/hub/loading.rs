//! Rule o71: a meeting that takes long to load keeps no other one waiting.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use pingyi::creation::Handout;
use pingyi::hub::{Hub, WatchLimits};
use pingyi::protocol::CastVerdict;
use pingyi::store::Store;
use pingyi::store::local::{LocalOptions, LocalStore};
use tempfile::TempDir;

use super::slow_disk::SlowDisk;
use crate::patience::{PATIENCE, eventually};
use crate::secrecy::hall::{Hall, Voter, all_are, plan};

/// Two meetings in one directory, each with an open round, that a server has just opened and not looked at.
struct Two {
    disk: SlowDisk,
    data: TempDir,
    store: Arc<dyn Store>,
    hub: Arc<Hub>,
    slow: Handout,
    other: Handout,
    /// A sheet of the other meeting that is filled in, and somebody there who has a seat and no papers.
    sheet: Bytes,
    late: Voter,
}

fn opened(data: &TempDir, disk: &SlowDisk) -> Arc<dyn Store> {
    let options = LocalOptions { disk: disk.files(), ..LocalOptions::default() };
    Arc::new(LocalStore::open_with(data.path(), options).unwrap())
}

fn hub_on(store: &Arc<dyn Store>, load_timeout: Duration) -> Arc<Hub> {
    let limits = WatchLimits { load_timeout, ..WatchLimits::default() };
    Hub::with(Arc::clone(store), "http://hall.test".to_owned(), limits, pingyi::clock::now_ms)
}

async fn two() -> Two {
    let (data, disk) = (TempDir::new().unwrap(), SlowDisk::default());
    let store = opened(&data, &disk);
    let slow = Hall::made_in(TempDir::new().unwrap(), Arc::clone(&store), plan()).await;
    let other = Hall::made_in(TempDir::new().unwrap(), Arc::clone(&store), plan()).await;
    slow.opens_with_a_sheet().await;
    let sheet = other.opens_with_a_sheet().await;
    let late = other.seats(2, None).await;
    drop(store);
    let handout = slow.handout.clone();
    slow.hub.stop();
    drop(slow);
    // It waits until nobody has the store any more.
    let (_, other) = other.stopped().await;
    let store = opened(&data, &disk);
    let hub = hub_on(&store, PATIENCE);
    Two { disk, data, store, hub, slow: handout, other, sheet, late }
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("it waits for another meeting")
}

/// Everything goes on in the other meeting while the files whose names have this text are not opened.
async fn goes_on_beside(stuck: impl Fn(&Two) -> String) {
    let two = two().await;
    two.disk.sticks(&stuck(&two));
    let Two { disk, data, store, hub, slow, other, sheet, mut late } = two;
    let loads = || {
        let (hub, meeting) = (Arc::clone(&hub), slow.meeting.clone());
        tokio::spawn(async move { hub.watch(&meeting).await })
    };
    // More than the threads that there are: were each of them to wait for the disk, everything else would.
    let loading: Vec<_> = (0..64).map(|_| loads()).collect();
    eventually("the slow meeting to be stuck", async || (disk.waiting() > 0).then_some(())).await;
    let watched = soon(hub.watch(&other.meeting)).await.unwrap().unwrap();
    let other = Hall { data, hub: Arc::clone(&hub), watched, handout: other, store };
    assert!(all_are(&soon(other.casts(&sheet)).await, CastVerdict::In));
    soon(late.gets_papers(&other)).await;
    soon(other.chair_sees(|view| view["total"]["returned"] == 1)).await;
    assert!(soon(hub.watch("nobody00")).await.unwrap().is_none());
    // The control: the other one is still being loaded, once, whoever asked.
    assert!(loading.iter().all(|load| !load.is_finished()));
    assert_eq!(disk.waiting(), 1);
    disk.answers();
    let mut watched = Vec::new();
    for load in loading {
        watched.push(load.await.unwrap().unwrap().unwrap());
    }
    assert!(watched.iter().all(|one| Arc::ptr_eq(one, &watched[0])), "one loading for everybody");
    assert_eq!(hub.watched(), 2, "what is no meeting left nothing behind");
    hub.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn o71_casts_papers_and_screens_of_others_go_on_while_the_keys_of_a_meeting_are_read() {
    goes_on_beside(|two| two.slow.meeting.clone()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn o71_and_while_its_box_is_opened() {
    goes_on_beside(|two| format!("{}-1.box", two.slow.meeting)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn o71_a_loading_that_fails_leaves_nothing_behind_and_is_tried_by_the_next_who_asks() {
    let Two { disk, data: _data, hub, slow, .. } = two().await;
    // Its keys can be read, its box cannot: a round of it had begun by then.
    disk.fails(&format!("{}-1.box", slow.meeting));
    assert!(hub.watch(&slow.meeting).await.is_err());
    assert!(disk.asked() > 0, "the box was asked for");
    assert_eq!(hub.watched(), 0);
    assert!(hub.ballot_box.round(&slow.meeting, 1).is_none() && !hub.issuer.issues(&slow.meeting, 1));
    disk.answers();
    let watched = hub.watch(&slow.meeting).await.unwrap();
    assert!(watched.is_some() && hub.ballot_box.round(&slow.meeting, 1).is_some());
    hub.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn o71_nobody_waits_without_end_for_a_meeting_and_it_is_loaded_all_the_same() {
    let Two { disk, data: _data, store, slow, .. } = two().await;
    let hub = hub_on(&store, Duration::ZERO);
    disk.sticks(&slow.meeting);
    let asks = async || hub.watch(&slow.meeting).await.is_err().then_some(());
    for _ in 0..3 {
        eventually("somebody to be told that it takes long", asks).await;
    }
    eventually("it to be read", async || (disk.waiting() > 0).then_some(())).await;
    assert_eq!((hub.watched(), disk.asked()), (1, 1), "it is being loaded, once");
    disk.answers();
    let is_there = async || hub.watch(&slow.meeting).await.ok().flatten();
    eventually("it to be loaded", is_there).await;
    hub.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn o71_a_meeting_that_cannot_be_taken_up_at_the_start_keeps_no_other_from_it() {
    let Two { disk, data: _data, hub, slow, other, .. } = two().await;
    disk.sticks(&slow.meeting);
    let resuming = tokio::spawn({
        let hub = Arc::clone(&hub);
        async move { hub.resume().await }
    });
    let is_there = async || hub.ballot_box.round(&other.meeting, 1).is_some().then_some(());
    eventually("the other meeting to be taken up", is_there).await;
    assert!(hub.ballot_box.round(&slow.meeting, 1).is_none() && !resuming.is_finished());
    // It fails, and is tried again until it does not.
    disk.fails(&slow.meeting);
    eventually("it to be tried again", async || (disk.asked() > 3).then_some(())).await;
    disk.answers();
    resuming.await.unwrap().unwrap();
    assert!(hub.ballot_box.round(&slow.meeting, 1).is_some());
    hub.stop();
}
