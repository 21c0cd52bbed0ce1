//! Rules s26, s142 and s143: what a box file says of a release, in the format of today and in the one before, where a byte in
//! each slot said it.

use std::path::PathBuf;

use pingyi::store::disk::SLOT_BYTES;
use pingyi::store::local::LocalStore;
use pingyi::store::{BoxStore as _, CastVerdict, Released};
use pingyi_rules::ballot::{Ballot, BoxItem};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::fixtures::{Casts as _, Frozen as _, ID, Wanted, ballot, opened};

/// Where the counts begin in both formats.
const COUNTS_AT: usize = 1024;
/// Where a slot of format 1 says whether its ballot was released.
const MARK_AT: usize = 2;

fn box_file(directory: &TempDir) -> PathBuf {
    directory.path().join("box").join(format!("{ID}-1.box"))
}

fn read(directory: &TempDir) -> Vec<u8> {
    std::fs::read(box_file(directory)).unwrap()
}

fn number(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

/// The slots of a box of today, and before them the copies of its counts.
fn parts(bytes: &[u8]) -> (&[u8], &[u8]) {
    let counts_end = COUNTS_AT + 2 * number(bytes, 24);
    let slots_at = counts_end.next_multiple_of(4096);
    assert_eq!(bytes.len(), slots_at + number(bytes, 16) * SLOT_BYTES);
    (&bytes[COUNTS_AT..counts_end], &bytes[slots_at..])
}

fn checksum(of: &[&[u8]]) -> Vec<u8> {
    Sha256::digest(of.concat())[..8].to_vec()
}

/// A box of format 1 with the same slots, of which those of these ballots are marked, and that told so many of contest 1.
fn in_format_1(bytes: &[u8], marked: &[Ballot], told: u32) -> Vec<u8> {
    let contests = number(bytes, 20);
    let mut old = bytes[..12].to_vec();
    old.extend(1u32.to_le_bytes());
    old.extend(&bytes[16..24]);
    let sum = checksum(&[&old]);
    old.extend(sum);
    old.resize(512, 0);
    // The sector that says whether it is frozen.
    old.extend(&bytes[512..1024]);
    let counts_bytes = (16 + 4 * contests).next_multiple_of(512);
    let mut counts = vec![0; counts_bytes - 16];
    counts[4..8].copy_from_slice(&told.to_le_bytes());
    let turn = 1u64.to_le_bytes();
    old.resize(COUNTS_AT + counts_bytes, 0);
    old.extend([&turn[..], &checksum(&[&turn, &counts]), &counts].concat());
    old.resize((COUNTS_AT + 2 * counts_bytes).next_multiple_of(4096), 0);
    let (_, slots) = parts(bytes);
    for slot in slots.chunks_exact(SLOT_BYTES) {
        let is_marked = marked.iter().any(|ballot| slot.windows(32).any(|window| *window == ballot.pk));
        let mut slot = slot.to_vec();
        slot[MARK_AT] = u8::from(is_marked);
        old.extend(slot);
    }
    old
}

/// The attack on slots: ballots that stand apart from the others by the byte that was the mark, or any other of the head.
fn parted(bytes: &[u8], cast: &[Ballot]) -> usize {
    let slot = |ballot: &Ballot| {
        let at = bytes.windows(32).position(|window| *window == ballot.pk).unwrap() / SLOT_BYTES * SLOT_BYTES;
        // The checksum is the ballot's; what is before it is the slot's own.
        bytes[at..at + 8].to_vec()
    };
    let heads: Vec<Vec<u8>> = cast.iter().map(slot).collect();
    heads.iter().filter(|head| **head != heads[0]).count()
}

fn rows(numbers: std::ops::Range<u64>) -> Vec<Ballot> {
    // Of one length, whatever is marked.
    numbers.map(|number| ballot(1, number, if number.is_multiple_of(2) { "hao" } else { "cha" })).collect()
}

fn of_row(released: &Released) -> u32 {
    released.contests.get(&1).map_or(0, |answers| answers.values().sum())
}

#[tokio::test]
async fn s142_a_release_changes_no_byte_of_a_slot() {
    let directory = TempDir::new().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    opened(&store, &Wanted::default()).await;
    let cast = rows(0..20);
    store.casts(ID, 1, &cast).await.unwrap();
    let before = read(&directory);
    assert_eq!(of_row(&store.release(ID, 1, 5).await.unwrap()), 15);
    let after = read(&directory);
    let (counts_before, slots_before) = parts(&before);
    let (counts_after, slots_after) = parts(&after);
    assert!(slots_before == slots_after && before[..COUNTS_AT] == after[..COUNTS_AT]);
    assert!(counts_before != counts_after, "what was released is there, as counts");
    assert_eq!(parted(&after, &cast), 0);
    let (early, _) = cast.split_at(15);
    assert!(parted(&in_format_1(&after, early, 15), &cast) > 0, "the attack sees marks");
}

#[tokio::test]
async fn s26_a_frozen_box_holds_nothing_of_a_release() {
    let directory = TempDir::new().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    opened(&store, &Wanted::default()).await;
    store.casts(ID, 1, &rows(0..20)).await.unwrap();
    store.release(ID, 1, 5).await.unwrap();
    let is_empty = || parts(&read(&directory)).0.iter().all(|byte| *byte == 0);
    assert!(!is_empty(), "the attack sees what was told before the last tick");
    store.frozen(ID, 1).await.unwrap();
    assert!(is_empty());
}

/// A store that is started again with a box of format 1: of twenty rows the first `marked` as released, `told` of them told.
async fn started_with(directory: &TempDir, marked: usize, told: u32) -> (LocalStore, Vec<Ballot>) {
    let store = LocalStore::open(directory.path()).unwrap();
    opened(&store, &Wanted::default()).await;
    let cast = rows(0..20);
    store.casts(ID, 1, &cast).await.unwrap();
    drop(store);
    let old = in_format_1(&read(directory), &cast[..marked], told);
    std::fs::write(box_file(directory), old).unwrap();
    (LocalStore::open(directory.path()).unwrap(), cast)
}

#[tokio::test]
async fn s143_a_box_of_format_1_shows_what_it_showed_and_releases_nothing_more() {
    let directory = TempDir::new().unwrap();
    let (mut store, cast) = started_with(&directory, 15, 15).await;
    let late = &cast[15..];
    let shown = store.release(ID, 1, 5).await.unwrap();
    assert_eq!((shown.contests[&1][r#"{"v":"hao"}"#], shown.contests[&1][r#"{"v":"cha"}"#]), (8, 7));
    store.casts(ID, 1, &rows(20..60)).await.unwrap();
    for _start in 0..2 {
        assert_eq!(store.release(ID, 1, 5).await.unwrap(), shown);
        assert_eq!(store.casts(ID, 1, late).await, Ok(vec![CastVerdict::Same; 5]));
        drop(store);
        store = LocalStore::open(directory.path()).unwrap();
    }
    let bytes = read(&directory);
    assert_eq!(number(&bytes, 12), 1, "it stays what it is");
    let frozen = store.frozen(ID, 1).await.unwrap();
    assert_eq!(frozen.len(), 60);
    assert_eq!(of_row(&store.release(ID, 1, 5).await.unwrap()), 60);
    assert_eq!(parted(&read(&directory), &cast), 0, "the marks are gone");
    // One that was frozen in that format.
    drop(store);
    let store = LocalStore::open(directory.path()).unwrap();
    let leaves =
        |ballots: &[Ballot]| ballots.iter().cloned().map(|ballot| BoxItem::Ballot(ballot).leaf()).collect::<Vec<_>>();
    assert_eq!(leaves(&store.frozen(ID, 1).await.unwrap()), leaves(&frozen));
    assert_eq!(store.casts(ID, 1, &rows(60..61)).await, Ok(vec![CastVerdict::Closed]));
}

#[tokio::test]
async fn s143_a_release_of_format_1_that_was_cut_short_shows_nothing_of_its_contest() {
    let directory = TempDir::new().unwrap();
    // Fifteen were to be marked, three were, and none was told.
    let (store, _) = started_with(&directory, 3, 0).await;
    assert_eq!(of_row(&store.release(ID, 1, 5).await.unwrap()), 0);
    assert_eq!(store.frozen(ID, 1).await.unwrap().len(), 20);
    assert_eq!(of_row(&store.release(ID, 1, 5).await.unwrap()), 20);
}
