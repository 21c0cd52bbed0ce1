//! Rules s20 to s22 and s26: what somebody learns who copies the directory. Each attack is shown to work on something that leaks.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use pingyi::store::disk::SLOT_BYTES;
use pingyi::store::local::LocalStore;
use pingyi::store::{BoxStore, MeetingStore, SeatStore};
use pingyi_rules::ballot::{Ballot, BoxItem, Opinion};
use rand::RngExt;
use rand::seq::SliceRandom;
use tempfile::TempDir;

use super::fixtures::{Casts as _, ID, Wanted, ballot, claim, code, credential, digest, items, opened, sheet};
use crate::contents::contents;

/// Kendall's τ between the order of casting and the order in the file.
fn kendall_tau(bytes: &[u8], cast: &[Ballot]) -> f64 {
    let place = |ballot: &Ballot| bytes.windows(32).position(|window| *window == ballot.pk).unwrap();
    tau_of(&cast.iter().map(place).collect::<Vec<_>>())
}

/// The same for places in the order of casting.
fn tau_of(places: &[usize]) -> f64 {
    let (mut sum, mut pairs) = (0i32, 0i32);
    for (at, first) in places.iter().enumerate() {
        for second in &places[at + 1..] {
            sum += if first < second { 1 } else { -1 };
            pairs += 1;
        }
    }
    f64::from(sum) / f64::from(pairs)
}

#[tokio::test]
async fn s20_the_place_of_a_ballot_tells_no_order() {
    const BOXES: u32 = 5;
    const BALLOTS: u64 = 120;
    let (mut taus, mut in_order) = (0.0, Vec::new());
    for _box in 0..BOXES {
        let directory = TempDir::new().unwrap();
        let store = LocalStore::open(directory.path()).unwrap();
        opened(&store, &Wanted { a: 30, ..Wanted::default() }).await;
        let mut cast: Vec<Ballot> = (0..BALLOTS).map(|number| ballot(1, number, "hao")).collect();
        cast.shuffle(&mut rand::rng());
        for ballot in &cast {
            store.casts(ID, 1, std::slice::from_ref(ballot)).await.unwrap();
        }
        taus += kendall_tau(&read(&box_file(&directory)), &cast) / f64::from(BOXES);
        in_order = cast;
    }
    let n = f64::from(u32::try_from(BALLOTS).unwrap());
    let sigma = (2.0 * (2.0 * n + 5.0) / (9.0 * n * (n - 1.0))).sqrt();
    assert!(taus.abs() < 3.0 * sigma, "τ = {taus}, σ of one box = {sigma}");
    // The same attack on a box that appends.
    let appended: Vec<u8> = in_order.iter().flat_map(Ballot::encode).collect();
    assert!(kendall_tau(&appended, &in_order) > 0.99);
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

fn box_file(directory: &TempDir) -> PathBuf {
    directory.path().join("box").join(format!("{ID}-1.box"))
}

/// The first common piece of eight bytes, if there is one.
fn common<'a>(secrets: impl IntoIterator<Item = &'a [u8]>, bytes: &[u8]) -> Option<Vec<u8>> {
    let pieces: HashSet<&[u8]> = secrets.into_iter().flat_map(|secret| secret.windows(8)).collect();
    bytes.windows(8).find(|window| pieces.contains(window)).map(<[u8]>::to_vec)
}

#[tokio::test]
async fn s21_no_file_joins_a_seat_and_a_ballot() {
    let directory = TempDir::new().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    opened(&store, &Wanted::default()).await;
    let mut ballots = Vec::new();
    for seat in 1..=30u32 {
        store.claim_seat(&claim(seat, seat, None)).await.unwrap();
        store.issue(ID, 1, seat, digest(&format!("papers of {seat}"))).await.unwrap();
        let mut sheet = sheet(seat.into());
        for ballot in &mut sheet {
            ballot.answer = format!(r#"{{"v":"marked_by_{seat}"}}"#);
        }
        store.casts(ID, 1, &sheet).await.unwrap();
        ballots.extend(sheet);
    }
    store.release(ID, 1, 5).await.unwrap();
    let fields: Vec<Vec<u8>> = ballots
        .iter()
        .flat_map(|ballot| {
            let answer = ballot.answer.trim_start_matches(r#"{"v":""#).as_bytes().to_vec();
            [ballot.pk.to_vec(), ballot.token.to_vec(), ballot.signature.to_vec(), answer, ballot.leaf().to_vec()]
        })
        .collect();
    let of_seats: Vec<[u8; 32]> = (1..=30)
        .flat_map(|seat| [code(ID, seat), credential(seat), digest(&format!("papers of {seat}"))])
        .chain([digest("chair of abcd2345")])
        .collect();
    let of_seats = || of_seats.iter().map(<[u8; 32]>::as_slice);
    let fields = || fields.iter().map(Vec::as_slice);
    let mut looked_at = 0;
    // The store still runs, so the WAL is there as well.
    for (path, bytes) in contents(directory.path()) {
        if path == box_file(&directory) {
            assert_eq!(common(of_seats(), &bytes), None, "a seat in the box");
            assert!(common(fields(), &bytes).is_some(), "the search finds what is there");
        } else {
            assert_eq!(common(fields(), &bytes), None, "a ballot in {}", path.display());
        }
        looked_at += usize::from(path.to_string_lossy().contains("meetings.sqlite"));
    }
    assert_eq!(looked_at, 3, "the database, its WAL and its index");
    let of_database: Vec<u8> =
        [read(&directory.path().join("meetings.sqlite")), read(&directory.path().join("meetings.sqlite-wal"))].concat();
    assert!(common(of_seats(), &of_database).is_some(), "the search finds what is there");
    // The same attack on a database with one row that joins them.
    let leaking = directory.path().join("leaking.sqlite");
    let connection = rusqlite::Connection::open(&leaking).unwrap();
    connection.execute_batch("CREATE TABLE cast (seat INTEGER, pk BLOB)").unwrap();
    connection.execute("INSERT INTO cast VALUES (1, ?1)", [ballots[0].pk]).unwrap();
    assert!(common(fields(), &read(&leaking)).is_some());
}

#[tokio::test]
async fn s22_erased_keys_and_digests_are_in_no_file() {
    let directory = TempDir::new().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    opened(&store, &Wanted { a: 500, ..Wanted::default() }).await;
    let random = |length: usize| -> Vec<u8> { (0..length).map(|_| rand::rng().random()).collect() };
    let (first, second) = (random(5_000), random(3_000));
    store.keep_keys(ID, 1, &first).await.unwrap();
    store.keep_keys(ID, 1, &second).await.unwrap();
    let digests: Vec<[u8; 32]> = (1..=500).map(|seat| digest(&format!("papers of {seat}"))).collect();
    for (seat, digest) in (1..).zip(&digests) {
        store.claim_seat(&claim(seat, seat, None)).await.unwrap();
        store.issue(ID, 1, seat, *digest).await.unwrap();
    }
    let found = |secrets: &[&[u8]]| {
        let everything: Vec<u8> = contents(directory.path()).into_iter().flat_map(|(_, bytes)| bytes).collect();
        common(secrets.iter().copied(), &everything).is_some()
    };
    let digests: Vec<&[u8]> = digests.iter().map(<[u8; 32]>::as_slice).collect();
    assert!(!found(&[&first]), "keys that were replaced");
    assert!(found(&[&second]) && found(&digests), "the search finds what is there");
    // Somebody reads while they are erased.
    store.roster(ID).await.unwrap();
    store.erase_keys(ID, 1).await.unwrap();
    assert!(!found(&[&second]), "keys that were erased");
    assert!(!found(&digests), "digests that were erased");
    let counts = store.seat_counts(ID, 1).await.unwrap();
    assert_eq!(counts["A"].issued, 500, "how many were issued is still known");
}

#[tokio::test]
async fn s66_no_stored_opinion_tells_its_order_its_length_or_its_sheet() {
    const BOXES: u32 = 5;
    const SHEETS: u32 = 30;
    let (mut tau, mut stored) = (0.0, Vec::new());
    for _box in 0..BOXES {
        let directory = TempDir::new().unwrap();
        let store = LocalStore::open(directory.path()).unwrap();
        opened(&store, &Wanted { opinions: true, ..Wanted::default() }).await;
        stored.clear();
        for number in 0..SHEETS {
            let nonce = std::array::from_fn(|_| rand::rng().random());
            let text = "好".repeat(1 + number as usize * 6);
            let opinion = Opinion { contest: 1, nonce, text };
            let ballots = sheet(number.into());
            let batch: Vec<BoxItem> = items(&ballots).into_iter().chain([BoxItem::Opinion(opinion.clone())]).collect();
            store.cast(ID, 1, &batch).await.unwrap();
            stored.push((opinion, ballots));
        }
        let bytes = read(&box_file(&directory));
        // In the file an opinion stands where chance put it.
        let place = |opinion: &Opinion| bytes.windows(32).position(|window| *window == opinion.nonce).unwrap();
        let places: Vec<usize> = stored.iter().map(|(opinion, _)| place(opinion)).collect();
        tau += tau_of(&places) / f64::from(BOXES);
        // Between its slot and those of its sheet nothing is common, and its slot says nothing of how much was written.
        let slot = |at: usize| &bytes[at / SLOT_BYTES * SLOT_BYTES..(at / SLOT_BYTES + 1) * SLOT_BYTES];
        let lengths: HashSet<&[u8]> = places.iter().map(|at| &slot(*at)[..2]).collect();
        assert_eq!(lengths.len(), 1, "all opinions have one length");
        for ((_, ballots), at) in stored.iter().zip(&places) {
            let padded = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
            let own: Vec<&[u8]> = slot(*at).windows(8).filter(|piece| !padded(piece)).collect();
            for ballot in ballots {
                let at = bytes.windows(32).position(|window| *window == ballot.pk).unwrap();
                assert_eq!(common(own.iter().copied(), slot(at)), None, "an opinion and its ballot");
            }
        }
    }
    let n = f64::from(SHEETS);
    let sigma = (2.0 * (2.0 * n + 5.0) / (9.0 * n * (n - 1.0))).sqrt();
    assert!(tau.abs() < 3.0 * sigma, "τ = {tau}, σ of one box = {sigma}");
    // The same attacks on a list in order, and on an opinion that bears a ballot's key.
    assert!(tau_of(&(0..SHEETS as usize).collect::<Vec<_>>()) > 0.99);
    let (opinion, ballots) = &stored[0];
    let leaking = Opinion { nonce: ballots[0].pk, ..opinion.clone() };
    assert!(common([leaking.encode().as_slice()], &ballots[0].encode()).is_some());
}
