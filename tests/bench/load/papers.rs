//! Papers: 1,000 phones, a sheet and eight rows each, from the chair's button to the last paper finalized on its phone.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use pingyi::protocol::NextAction;
use pingyi::rehearsal::RehearsalProgress;

use crate::hall::Hall;
use crate::measure::{RUNS, line, median};

const PHONES: u32 = 1_000;

pub async fn run() {
    let mut seconds = Vec::new();
    let mut server = Vec::new();
    let mut resident = Vec::new();
    for _ in 0..RUNS {
        let mut hall = Hall::new(PHONES).await;
        let progress = Arc::<RehearsalProgress>::default();
        let (_phones, _) = hall.phones(&progress);
        hall.steps_to(NextAction::Begin).await;
        hall.is_full(PHONES).await;
        hall.steps_to(NextAction::Arm).await;
        let cpu = hall.server.cpu();
        let begun = Instant::now();
        hall.presses().await;
        while progress.papers.load(Ordering::Relaxed) < PHONES {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        seconds.push(begun.elapsed().as_secs_f64());
        server.push((hall.server.cpu() - cpu).as_secs_f64());
        resident.push(hall.server.resident_kib() as f64 / 1024.0);
    }
    let figure = format!("1,000 phones have all papers for 8 rows after {:.2} s", median(seconds));
    let beside = format!("server CPU {:.2} s, {:.0} MiB resident", median(server), median(resident));
    line("papers", &figure, "≤ 6 s", &beside);
}
