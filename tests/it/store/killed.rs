//! Rule l16: a process that casts under load is killed twenty times at random moments, and nothing that it said is lost.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use pingyi::store::CastVerdict;
use pingyi::store::local::LocalStore;
use pingyi_rules::ballot::Ballot;
use rand::RngExt;
use tempfile::TempDir;

use super::fixtures::{Casts as _, Frozen as _, ID, Wanted, opened, sheet};

const DIRECTORY: &str = "PINGYI_TEST_DIRECTORY";
const FIRST: &str = "PINGYI_TEST_FIRST_SHEET";
const KILLS: u64 = 20;
/// Sheets that one process may cast before it has nothing left to do.
const SHEETS: u64 = 400;

/// What the other process does: casts from sixteen tasks, and prints the number of each sheet that is acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the process that l16 starts and kills"]
async fn casts_until_it_is_killed() {
    let (directory, first) = (std::env::var(DIRECTORY).unwrap(), std::env::var(FIRST).unwrap());
    let first: u64 = first.parse().unwrap();
    let store = Arc::new(LocalStore::open(directory.as_ref()).unwrap());
    let tasks = (0..16u64).map(|task| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for number in (first + task..first + SHEETS).step_by(16) {
                let answers = store.casts(ID, 1, &sheet(number)).await.unwrap();
                assert!(answers.iter().all(|answer| matches!(answer, CastVerdict::In | CastVerdict::Same)));
                println!("\nacknowledged {number}");
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    // Killed while it waits, too.
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn l16_a_killed_store_keeps_what_it_acknowledged() {
    let directory = TempDir::new().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    let sheets = u32::try_from(KILLS * SHEETS / 2 + SHEETS).unwrap();
    opened(&store, &Wanted { a: sheets, ..Wanted::default() }).await;
    drop(store);
    let mut acknowledged = BTreeSet::new();
    for kill in 0..KILLS {
        // Each process begins with sheets that the one before it cast as well.
        let first = kill * SHEETS / 2;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::killed::casts_until_it_is_killed", "--ignored", "--nocapture"])
            .env(DIRECTORY, directory.path())
            .env(FIRST, first.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let numbers =
            lines.filter_map(|line| line.strip_prefix("acknowledged ").and_then(|number| number.parse::<u64>().ok()));
        let killed_after = rand::rng().random_range(1..usize::try_from(SHEETS).unwrap());
        let mut heard = 0;
        for number in numbers {
            acknowledged.insert(number);
            heard += 1;
            if heard == killed_after {
                child.kill().unwrap();
            }
        }
        assert!(heard >= killed_after, "the process ended by itself after {heard} acknowledgements");
        child.wait().unwrap();
    }
    let store = LocalStore::open(directory.path()).unwrap();
    let frozen = store.frozen(ID, 1).await.unwrap();
    let leaves: BTreeSet<[u8; 32]> = frozen.iter().map(Ballot::leaf).collect();
    assert_eq!(leaves.len(), frozen.len(), "a ballot is there twice");
    for number in 0..u64::from(sheets) {
        let there = sheet(number).iter().map(|ballot| leaves.contains(&ballot.leaf())).collect::<Vec<_>>();
        assert!(!acknowledged.contains(&number) || there == [true; 4], "{number} was acknowledged: {there:?}");
        assert!(there[3] || there == [false; 4], "{number} has rows without a sheet: {there:?}");
    }
}
