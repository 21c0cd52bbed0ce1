//! Rules s60 and s62 on the local store: what a copy of the disk holds once a meeting's people are erased, and whether the list
//! of what is kept is whole. Each search is shown to find what is there.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use pingyi::protocol::{InventoryKind, InventoryLine, InventoryPlace};
use pingyi::server_secret::ServerSecret;
use pingyi::store::local::LocalStore;
use pingyi::store::{Digest, MeetingStore, SeatStore, SlipsReplaced};
use pingyi_rules::meeting::{Phase, RoundState};
use rand::RngExt;
use tempfile::TempDir;

use super::contract::people::{held, says_so};
use super::fixtures::{self, ID, Wanted, claim, code, credential, digest, phase_becomes, replaces, round_becomes};
use crate::contents::contents;

/// Which of these have eight bytes in any file of a directory.
fn held_of<'a>(directory: &Path, secrets: &'a [Vec<u8>]) -> HashSet<&'a [u8]> {
    let pieces: HashMap<&[u8], &[u8]> =
        secrets.iter().flat_map(|secret| secret.windows(8).map(|piece| (piece, secret.as_slice()))).collect();
    let mut held = HashSet::new();
    for (_, bytes) in contents(directory) {
        held.extend(bytes.windows(8).filter_map(|window| pieces.get(window)).copied());
    }
    held
}

/// Whether any file of a directory holds eight bytes of one of these.
pub fn hold(directory: &Path, secrets: &[Vec<u8>]) -> bool {
    !held_of(directory, secrets).is_empty()
}

/// What the fixtures' meeting knows of its people, but for its keys.
pub fn of_people(secret: &ServerSecret, seats: u32) -> Vec<Vec<u8>> {
    let of_seat = |seat| {
        let code = secret.kept_code(&code(ID, seat));
        [code.to_vec(), credential(seat).to_vec(), digest(&format!("papers of {seat}")).to_vec()]
    };
    (1..=seats).flat_map(of_seat).chain([digest("a session").to_vec()]).collect()
}

#[tokio::test]
async fn s60_nothing_of_people_that_were_erased_is_on_the_disk() {
    const SEATS: u32 = 200;
    let directory = TempDir::new().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    // Other meetings before and after it: rows of all of them share pages, and are moved when some go.
    for id in ["aaaa1111", "zzzz9999"] {
        store.create(Wanted { id, a: 150, ..Wanted::default() }.meeting()).await.unwrap();
    }
    let mut new = Wanted { a: SEATS, ..Wanted::default() }.meeting();
    let name = |seat: u32| format!("{:?}", &digest(&format!("name of {seat}"))[..12]);
    new.seats.iter_mut().for_each(|seat| seat.entitled.name = name(seat.entitled.seat));
    store.create(new).await.unwrap();
    round_becomes(&store, ID, RoundState::Armed).await;
    for seat in 1..=SEATS {
        store.claim_seat(&claim(seat, seat, None)).await.unwrap();
        store.issue(ID, 1, seat, digest(&format!("papers of {seat}"))).await.unwrap();
    }
    let keys: Vec<u8> = (0..5_000).map(|_| rand::rng().random()).collect();
    store.keep_keys(ID, 1, &keys).await.unwrap();
    store.open_session(digest("chair of abcd2345"), digest("a session")).await.unwrap();
    let slips = directory.path().join(pingyi::store::disk::slips_file(ID));
    std::fs::write(&slips, "a page with the code WXYZ-2345-67").unwrap();
    // The slips of the other group were replaced.
    let new = fixtures::slips(ID, "B", 1, 4);
    assert!(matches!(replaces(&store, ID, &new).await, SlipsReplaced::Now(_)));
    phase_becomes(&store, ID, Phase::Archived).await;
    let kept = |code: &Digest| store.secret().kept_code(code).to_vec();
    let mut people = of_people(store.secret(), SEATS);
    people.extend(new.codes.iter().map(kept));
    people.extend([keys, b"WXYZ-2345-67".to_vec()]);
    people.extend((1..=SEATS).map(|seat| name(seat).into_bytes()));
    assert_eq!(held_of(directory.path(), &people).len(), people.len(), "the search finds what is there");
    people.extend((SEATS + 1..=SEATS + 4).map(|seat| kept(&code(ID, seat))));
    // Somebody reads meanwhile.
    store.roster(ID).await.unwrap();
    says_so(&store).await;
    store.destroy_people(ID).await.unwrap();
    let left = held_of(directory.path(), &people);
    assert!(left.is_empty(), "{} are left, as {:?}", left.len(), left.iter().next());
    assert_eq!(store.roster("aaaa1111").await.unwrap().len(), 154, "another meeting's stay");
    assert!(hold(directory.path(), &[kept(&code("zzzz9999", 1))]));
}

/// Whether a list names every file that the system has and every table that SQLite has.
fn is_whole(directory: &Path, kept: &[InventoryLine]) -> bool {
    let is_named = |(path, _): &(PathBuf, Vec<u8>)| {
        let name = path.strip_prefix(directory).unwrap().to_string_lossy().into_owned();
        // Its one round, and the keys of the meeting itself, which lie as those of round 0.
        let of_round = |name: String, round: u32| name.replace(&format!("{ID}-{round}"), "{meeting}-{round}");
        let name = (0..=1).fold(name, of_round);
        kept.iter().any(|thing| {
            thing.place == InventoryPlace::File && thing.name == name && thing.kind != InventoryKind::Unknown
        })
    };
    let database = rusqlite::Connection::open(directory.join("meetings.sqlite")).unwrap();
    let mut statement = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").unwrap();
    let tables: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(tables.len() >= 7);
    let is_table = |table: &String| {
        kept.iter().any(|thing| {
            thing.place == InventoryPlace::Table && thing.name == *table && thing.kind != InventoryKind::Unknown
        })
    };
    contents(directory).iter().all(is_named) && tables.iter().all(is_table)
}

#[tokio::test]
async fn s62_the_list_names_every_table_and_file() {
    let directory = TempDir::new().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    held(&store).await;
    assert!(is_whole(directory.path(), &store.kept(ID).await.unwrap()));
    // What somebody hid there is in no list of ours, so the list says that it does not know it.
    std::fs::write(directory.path().join("box").join("who-cast-what"), "1 hao").unwrap();
    let kept = store.kept(ID).await.unwrap();
    assert!(!is_whole(directory.path(), &kept));
    let unknown: Vec<&str> =
        kept.iter().filter(|thing| thing.kind == InventoryKind::Unknown).map(|thing| thing.name.as_str()).collect();
    assert_eq!(unknown, ["box/who-cast-what"]);
    std::fs::remove_file(directory.path().join("box").join("who-cast-what")).unwrap();
    let database = rusqlite::Connection::open(directory.path().join("meetings.sqlite")).unwrap();
    database.execute_batch("CREATE TABLE joins (seat, mark); INSERT INTO joins VALUES (1, 'hao')").unwrap();
    let kept = store.kept(ID).await.unwrap();
    assert!(!is_whole(directory.path(), &kept));
    let joins = kept.iter().find(|thing| thing.name == "joins").unwrap();
    assert_eq!((joins.kind, joins.count), (InventoryKind::Unknown, 1));
}
