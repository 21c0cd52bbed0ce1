//! Rules l17, l22, l23, s25 and s27: what the local store does with a disk that fills up, fails, or loses its power.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::sync::Arc;

use pingyi::store::disk::SLOT_BYTES;
use pingyi::store::local::{LocalOptions, LocalStore};
use pingyi::store::{BoxStore, CastVerdict, Claimed, Created, MeetingStore, Released, Replaced, SeatStore, StoreError};
use pingyi_rules::ballot::Ballot;
use pingyi_rules::meeting::RoundState;
use pingyi_rules::meeting::reissue::REISSUES_MAX;
use rand::RngExt;
use tempfile::TempDir;

use super::disk::FailingDisk;
use super::fixtures::{Casts as _, Frozen as _, ID, Wanted, ballot, claim, open_claim, opened, sheet};
use super::world::local_on;

fn on(directory: &TempDir, disk: &FailingDisk) -> Arc<LocalStore> {
    Arc::new(local_on(directory, Arc::new(disk.clone())))
}

/// Every acknowledged ballot is there, none twice, and no row without its sheet.
fn is_sound(frozen: &[Ballot], acknowledged: &BTreeSet<u64>, cast: std::ops::Range<u64>) {
    let leaves: BTreeSet<[u8; 32]> = frozen.iter().map(Ballot::leaf).collect();
    assert_eq!(leaves.len(), frozen.len(), "a ballot is there twice");
    for number in cast {
        let there: Vec<bool> = sheet(number).iter().map(|ballot| leaves.contains(&ballot.leaf())).collect();
        assert!(!acknowledged.contains(&number) || there == [true; 4], "{number} was acknowledged: {there:?}");
        assert!(there[3] || there == [false; 4], "{number} has rows without a sheet: {there:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l17_power_cuts_lose_nothing_that_was_acknowledged() {
    for _cut in 0..20 {
        let (directory, disk) = (TempDir::new().unwrap(), FailingDisk::default());
        let store = on(&directory, &disk);
        opened(&*store, &Wanted { a: 200, ..Wanted::default() }).await;
        disk.power_goes_after(rand::rng().random_range(0..400));
        let casts = (0..8u64).map(|phone| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                for number in (phone..120).step_by(8) {
                    match store.casts(ID, 1, &sheet(number)).await {
                        Ok(answers) => {
                            assert_eq!(answers, [CastVerdict::In; 4]);
                            acknowledged.push(number);
                        }
                        Err(_) => return acknowledged,
                    }
                }
                acknowledged
            })
        });
        let mut acknowledged = BTreeSet::new();
        for cast in casts.collect::<Vec<_>>() {
            acknowledged.extend(cast.await.unwrap());
        }
        drop(store);
        disk.power_comes_back();
        let store = on(&directory, &disk);
        // Some phones repeat; the others are gone.
        for number in (0..120).step_by(2) {
            let answers = store.casts(ID, 1, &sheet(number)).await.unwrap();
            assert!(answers.iter().all(|answer| matches!(answer, CastVerdict::In | CastVerdict::Same)));
            acknowledged.insert(number);
        }
        is_sound(&store.frozen(ID, 1).await.unwrap(), &acknowledged, 0..120);
    }
}

#[tokio::test]
async fn l22_a_full_disk_acknowledges_nothing_and_loses_nothing() {
    let (directory, disk) = (TempDir::new().unwrap(), FailingDisk::default());
    let store = on(&directory, &disk);
    opened(&*store, &Wanted::default()).await;
    for failing in 0..6u32 {
        let number = u64::from(failing) * 2;
        assert_eq!(store.casts(ID, 1, &sheet(number)).await, Ok(vec![CastVerdict::In; 4]));
        disk.fails_after(failing, ErrorKind::StorageFull);
        let during = store.casts(ID, 1, &sheet(number + 1)).await;
        assert_eq!(during, if failing < 4 { Err(StoreError::DiskIsFull) } else { Ok(vec![CastVerdict::In; 4]) });
        disk.heals();
        let after = store.casts(ID, 1, &sheet(number + 1)).await.unwrap();
        assert!(after.iter().all(|answer| matches!(answer, CastVerdict::In | CastVerdict::Same)), "{after:?}");
        assert_eq!(store.casts(ID, 1, &sheet(number)).await, Ok(vec![CastVerdict::Same; 4]));
    }
    is_sound(&store.frozen(ID, 1).await.unwrap(), &(0..12).collect(), 0..12);
}

#[tokio::test]
async fn l22_what_a_failed_sync_lost_is_written_again() {
    let (directory, disk) = (TempDir::new().unwrap(), FailingDisk::default());
    let store = on(&directory, &disk);
    opened(&*store, &Wanted::default()).await;
    store.casts(ID, 1, &sheet(0)).await.unwrap();
    disk.syncs_fail();
    assert!(store.casts(ID, 1, &sheet(1)).await.is_err());
    disk.heals();
    // The disk reads back what it never kept; the store must not take that for durable.
    assert!(store.casts(ID, 1, &sheet(1)).await.is_ok());
    drop(store);
    disk.power_comes_back();
    let store = on(&directory, &disk);
    is_sound(&store.frozen(ID, 1).await.unwrap(), &(0..2).collect(), 0..2);
}

#[tokio::test]
async fn l22_a_full_database_refuses_and_goes_on() {
    let directory = TempDir::new().unwrap();
    let options = LocalOptions { database_pages_max: 60, ..LocalOptions::default() };
    let store = LocalStore::open_with(directory.path(), options).unwrap();
    store.create(Wanted::default().meeting()).await.unwrap();
    let mut made = 0;
    let full = loop {
        let id: &'static str = format!("more{made:04}").leak();
        match store.create(Wanted { id, ..Wanted::default() }.meeting()).await {
            Ok(answer) => assert_eq!(answer, Created::Made),
            Err(error) => break (id, error),
        }
        made += 1;
    };
    assert_eq!(full.1, StoreError::DiskIsFull);
    assert!(store.load(full.0).await.unwrap().is_none());
    assert_eq!(store.meetings(1_000).await.unwrap().len(), made + 1);
    assert!(matches!(store.claim_seat(&claim(1, 1, None)).await, Ok(Claimed::Seated(_))));
    assert_eq!(store.claim_seat(&open_claim("A", 1)).await, Ok(Claimed::Unknown));
}

fn box_file(directory: &TempDir) -> std::path::PathBuf {
    directory.path().join("box").join(format!("{ID}-1.box"))
}

#[tokio::test]
async fn l23_a_full_disk_refuses_to_arm() {
    let (directory, disk) = (TempDir::new().unwrap(), FailingDisk::default());
    let store = on(&directory, &disk);
    store.create(Wanted::default().meeting()).await.unwrap();
    let mut armed = store.load(ID).await.unwrap().unwrap().meeting;
    armed.rounds[0].state = RoundState::Armed;
    disk.fails_after(0, ErrorKind::StorageFull);
    assert_eq!(store.replace(1, &armed).await, Err(StoreError::DiskIsFull));
    assert_eq!(store.load(ID).await.unwrap().unwrap().meeting.rounds[0].state, RoundState::Draft);
    assert!(std::fs::read_dir(directory.path().join("box")).unwrap().next().is_none(), "half a box keeps space");
    disk.heals();
    assert_eq!(store.replace(1, &armed).await, Ok(Replaced::Now(2)));
}

#[tokio::test]
async fn l23_every_entitled_seat_has_room() {
    let (directory, disk) = (TempDir::new().unwrap(), FailingDisk::default());
    let store = on(&directory, &disk);
    opened(&*store, &Wanted::default()).await;
    // Beside the entitled seats a few papers may be issued anew.
    let sheets = 34 + u64::from(REISSUES_MAX);
    for number in 0..sheets {
        assert_eq!(store.casts(ID, 1, &sheet(number)).await, Ok(vec![CastVerdict::In; 4]));
    }
    assert!(store.casts(ID, 1, &sheet(sheets)).await.is_err(), "more sheets than seats");
    assert_eq!(store.casts(ID, 1, &sheet(33)).await, Ok(vec![CastVerdict::Same; 4]));
    assert_eq!(u64::try_from(store.frozen(ID, 1).await.unwrap().len()), Ok(sheets * 4));
}

#[tokio::test]
async fn s27_a_box_has_its_full_length_from_the_arming_on() {
    let directory = TempDir::new().unwrap();
    let store = on(&directory, &FailingDisk::default());
    store.create(Wanted::default().meeting()).await.unwrap();
    assert!(!box_file(&directory).exists());
    super::fixtures::round_becomes(&*store, ID, RoundState::Armed).await;
    let length = || std::fs::metadata(box_file(&directory)).unwrap().len();
    let armed = length();
    assert!(armed >= 34 * 4 * SLOT_BYTES as u64);
    super::fixtures::round_becomes(&*store, ID, RoundState::Open).await;
    for number in 0..20 {
        store.casts(ID, 1, &sheet(number)).await.unwrap();
    }
    assert_eq!(length(), armed);
    let bytes = std::fs::read(box_file(&directory)).unwrap();
    for ballot in sheet(7) {
        let found = bytes.windows(32).position(|window| *window == ballot.pk).unwrap();
        let next = found / SLOT_BYTES * SLOT_BYTES + SLOT_BYTES;
        assert!(bytes[next - 100..next].iter().all(|byte| *byte == 0), "the tail of a slot is empty");
    }
}

fn told(released: &Released) -> u32 {
    released.contests.get(&1).map_or(0, |answers| answers.values().sum())
}

#[tokio::test]
async fn s25_a_release_that_was_cut_short_was_told_whole_or_not_at_all() {
    const K: u32 = 5;
    // Before the counts are written, while they are, and before they are synced: then any sectors of them may be on the disk.
    for trial in 0..40 {
        let (directory, disk) = (TempDir::new().unwrap(), FailingDisk::default());
        let store = on(&directory, &disk);
        opened(&*store, &Wanted::default()).await;
        let rows = |numbers: std::ops::Range<u64>| -> Vec<Ballot> {
            numbers.map(|number| ballot(1, number, if number % 2 == 0 { "hao" } else { "cha" })).collect()
        };
        store.casts(ID, 1, &rows(0..12)).await.unwrap();
        let first = store.release(ID, 1, K).await.unwrap();
        assert_eq!(told(&first), 7);
        store.casts(ID, 1, &rows(12..22)).await.unwrap();
        match trial % 4 {
            0 => disk.power_goes_after(0),
            1 => disk.power_goes_at_the_next_sync(),
            2 => disk.syncs_fail(),
            _ => disk.power_goes_after(1),
        }
        let cut = store.release(ID, 1, K).await;
        assert_eq!(cut.is_err(), trial % 4 != 3, "{trial}");
        drop(store);
        disk.power_comes_back();
        let store = on(&directory, &disk);
        let second = store.release(ID, 1, K).await.unwrap();
        assert_eq!(told(&second), 17, "{trial}");
        assert!(first.contests[&1].iter().all(|(answer, count)| second.contests[&1][answer] >= *count));
        assert_eq!(store.release(ID, 1, K).await.unwrap(), second);
        // Another cut in the same box: the other one of its two copies is written.
        store.casts(ID, 1, &rows(22..27)).await.unwrap();
        disk.syncs_fail();
        assert!(store.release(ID, 1, K).await.is_err());
        disk.heals();
        assert_eq!(told(&store.release(ID, 1, K).await.unwrap()), 22);
    }
}
