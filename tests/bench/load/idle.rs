//! Idle phones: what each connected phone costs the server in memory.

use std::sync::Arc;

use pingyi::protocol::NextAction;
use pingyi::rehearsal::RehearsalProgress;

use crate::hall::Hall;
use crate::measure::{RUNS, line, median};

pub async fn run() {
    for phones in [1_000u32, 2_000] {
        let mut each = Vec::new();
        let mut empty_mib = Vec::new();
        for _ in 0..RUNS {
            let mut hall = Hall::new(phones).await;
            hall.steps_to(NextAction::Begin).await;
            hall.is_full(0).await;
            let empty = hall.server.resident_kib();
            let progress = Arc::<RehearsalProgress>::default();
            let (connected, _) = hall.phones(&progress);
            hall.is_full(phones).await;
            // Connections that carried the joining are idle for five seconds, then closed.
            tokio::time::sleep(std::time::Duration::from_secs(6)).await;
            hall.server.settles().await;
            each.push((hall.server.resident_kib() - empty) as f64 / f64::from(phones));
            empty_mib.push(empty as f64 / 1024.0);
            drop(connected);
        }
        let figure = format!("{phones} idle phones: {:.1} KiB each", median(each));
        line("idle", &figure, "≤ 12 KiB", &format!("the empty server: {:.0} MiB", median(empty_mib)));
    }
}
