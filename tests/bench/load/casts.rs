//! Casts: sheets of eight rows that were signed before the clock starts, each on a connection of its own as a browser makes
//! it; all at once, then duplicates, then at 50 a second. Every acknowledgement is counted; none may come twice.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use pingyi::protocol::{CastVerdict, NextAction};
use pingyi::rehearsal::{RehearsalError, RehearsalProgress, SealedCast, Wire};
use tokio::task::JoinSet;

use crate::hall::{Hall, PATIENCE, casts};
use crate::measure::{RUNS, line, median, ms, percentile};

const AT_ONCE: usize = 1_000;
const DUPLICATES: usize = 400;
const PACED: usize = 500;
const PACED_A_SECOND: u32 = 50;

#[derive(Default)]
struct Seen {
    sheets_a_second: Vec<f64>,
    p50_ms: Vec<f64>,
    p99_ms: Vec<f64>,
    cpu_us: Vec<f64>,
    resident_mib: Vec<f64>,
    duplicates_p99_ms: Vec<f64>,
    paced_p50_ms: Vec<f64>,
    paced_p99_ms: Vec<f64>,
}

/// Casts bodies, each `pause` after the one before, and answers with milliseconds and whether all of it was new.
pub async fn cast_all(wire: &Wire, path: &str, bodies: &[SealedCast], pause: Duration) -> Vec<(f64, bool)> {
    let mut sending = JoinSet::new();
    let begun = Instant::now();
    for (at, body) in (0u32..).zip(bodies) {
        let (wire, path, body) = (wire.clone(), path.to_owned(), body.clone());
        sending.spawn(async move {
            let due = begun + pause * at;
            tokio::time::sleep_until(due.into()).await;
            let answer = wire.until_answered(|| body.sent(&wire, &path)).await.unwrap();
            let took = ms(due.elapsed());
            let is_all = |verdict| answer.items.iter().all(|item| item.answer == verdict);
            assert!(is_all(CastVerdict::In) || is_all(CastVerdict::Same), "an honest sheet is taken whole");
            (took, is_all(CastVerdict::In))
        });
    }
    sending.join_all().await
}

/// Connected phones; they leave when it is dropped.
pub type Phones = JoinSet<Result<(), RehearsalError>>;

/// Brings a hall to its open round: everybody is connected and has papers, and the casts are ours to send.
pub async fn opened(hall: &mut Hall, seats: u32) -> (Phones, Vec<SealedCast>) {
    let progress = Arc::<RehearsalProgress>::default();
    let (phones, storages) = hall.phones(&progress);
    hall.steps_to(NextAction::Begin).await;
    hall.is_full(seats).await;
    hall.steps_to(NextAction::Open).await;
    hall.chair.sees(|view| view.total.issued == seats).await.unwrap();
    while progress.papers.load(Ordering::Relaxed) < seats {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let bodies = casts(&storages);
    hall.presses().await;
    hall.server.settles().await;
    (phones, bodies)
}

/// Where a hall's casts go.
pub fn box_of(hall: &Hall) -> (Wire, String) {
    let path = format!("/box/{}/1/cast", hall.target.handout.meeting);
    (Wire::new(Arc::clone(&hall.address), PATIENCE), path)
}

async fn run_once(seen: &mut Seen) {
    let seats = u32::try_from(AT_ONCE + PACED).unwrap();
    let mut hall = Hall::new(seats).await;
    let (phones, bodies) = opened(&mut hall, seats).await;
    let (wire, path) = box_of(&hall);

    let cpu = hall.server.cpu();
    let begun = Instant::now();
    let answers = cast_all(&wire, &path, &bodies[..AT_ONCE], Duration::ZERO).await;
    let seconds = begun.elapsed().as_secs_f64();
    let mut took: Vec<f64> = answers.iter().map(|(took, _)| *took).collect();
    assert!(answers.iter().all(|(_, is_new)| *is_new), "every sheet is new");
    seen.sheets_a_second.push(AT_ONCE as f64 / seconds);
    seen.p50_ms.push(percentile(&mut took, 50));
    seen.p99_ms.push(percentile(&mut took, 99));
    seen.cpu_us.push((hall.server.cpu() - cpu).as_secs_f64() * 1e6 / AT_ONCE as f64);
    seen.resident_mib.push(hall.server.resident_kib() as f64 / 1024.0);

    let answers = cast_all(&wire, &path, &bodies[..DUPLICATES], Duration::ZERO).await;
    assert!(answers.iter().all(|(_, is_new)| !is_new), "no sheet is taken twice");
    let mut took: Vec<f64> = answers.iter().map(|(took, _)| *took).collect();
    seen.duplicates_p99_ms.push(percentile(&mut took, 99));

    let answers = cast_all(&wire, &path, &bodies[AT_ONCE..], Duration::from_secs(1) / PACED_A_SECOND).await;
    let mut took: Vec<f64> = answers.iter().map(|(took, _)| *took).collect();
    seen.paced_p50_ms.push(percentile(&mut took, 50));
    seen.paced_p99_ms.push(percentile(&mut took, 99));
    hall.chair.sees(|view| view.total.returned == seats).await.unwrap();
    drop(phones);
}

pub async fn run() {
    let mut seen = Seen::default();
    for _ in 0..RUNS {
        run_once(&mut seen).await;
    }
    let rate = median(seen.sheets_a_second);
    let figure = format!("1,000 sheets at once: {rate:.0} sheets/s, {:.0} ballots/s durable", rate * 9.0);
    let beside =
        format!("server CPU {:.0} µs a sheet, {:.0} MiB resident", median(seen.cpu_us), median(seen.resident_mib));
    line("casts", &figure, "≥ 600 sheets/s", &beside);
    let figure = format!("… acknowledged p50 {:.0} ms, p99 {:.0} ms", median(seen.p50_ms), median(seen.p99_ms));
    let beside = format!("then 400 duplicates, none taken: p99 {:.0} ms", median(seen.duplicates_p99_ms));
    line("casts", &figure, "p99 ≤ 2,000 ms", &beside);
    let figure = format!(
        "50 sheets/s: acknowledged p50 {:.1} ms, p99 {:.1} ms",
        median(seen.paced_p50_ms),
        median(seen.paced_p99_ms)
    );
    line("casts", &figure, "p99 ≤ 150 ms", "1,500 phones connected");
}
