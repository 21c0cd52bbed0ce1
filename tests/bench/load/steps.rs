//! A chair's step on its way to 1,000 phones, and the same bytes from the floor to the same sockets in the same run: from
//! sending the command to the last byte of the view at each phone.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use pingyi::protocol::NextAction;
use pingyi::rehearsal::{RehearsalProgress, ServerAddress, Socket, Wire};
use pingyi_rules::meeting::{PlainWish, Wish};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::hall::{Hall, PATIENCE};
use crate::measure::{RUNS, line, median, ms, percentile};
use crate::process;

const PHONES: usize = 1_000;
const STEPS: u32 = 20;
/// More than the least time between two views of a phone, so that no step waits for the one before.
const PAUSE: Duration = Duration::from_millis(700);

/// A view's version, read without reading the view: the load must stay small beside the server.
fn version(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("\"version\":")?;
    rest.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

/// Sockets that say when each version reached them.
struct Sockets {
    reading: JoinSet<()>,
    arrived: mpsc::UnboundedReceiver<(u32, Instant)>,
    last: mpsc::UnboundedReceiver<String>,
}

impl Sockets {
    async fn connect(address: &Arc<ServerAddress>, meeting: &str, sessions: Vec<String>) -> Self {
        let (sender, arrived) = mpsc::unbounded_channel();
        let (keep, last) = mpsc::unbounded_channel();
        let mut reading = JoinSet::new();
        for (number, session) in sessions.into_iter().enumerate() {
            let mut socket = Socket::connect(address, &format!("/ws/{meeting}"), &session).await.unwrap();
            let (sender, keep) = (sender.clone(), (number == 0).then(|| keep.clone()));
            reading.spawn(async move {
                while let Some(Ok(message)) = socket.next().await {
                    let at = Instant::now();
                    let Ok(text) = message.to_text() else { continue };
                    let Some(version) = version(text) else { continue };
                    // Whoever measured is gone when the run is over.
                    let _ = sender.send((version, at));
                    if let Some(keep) = &keep {
                        let _ = keep.send(text.to_owned());
                    }
                }
            });
        }
        Self { reading, arrived, last }
    }

    /// Milliseconds from `begun` until each socket had this version or a later one.
    async fn all_have(&mut self, wanted: u32, begun: Instant, took: &mut Vec<f64>) {
        let mut missing = PHONES;
        while missing > 0 {
            let (version, at) = tokio::time::timeout(PATIENCE, self.arrived.recv()).await.unwrap().unwrap();
            if version >= wanted {
                took.push(ms(at.saturating_duration_since(begun)));
                missing -= 1;
            }
        }
    }
}

/// A meeting in its first report, with its 1,000 phones: milliseconds of every step to every phone, and the last view.
async fn of_the_server(took: &mut Vec<f64>) -> (String, f64) {
    let mut hall = Hall::new(u32::try_from(PHONES).unwrap()).await;
    hall.steps_to(NextAction::Begin).await;
    let progress = Arc::<RehearsalProgress>::default();
    let (phones, storages) = hall.phones(&progress);
    hall.is_full(u32::try_from(PHONES).unwrap()).await;
    drop(phones);
    let sessions = storages.iter().map(|kept| kept.lock().unwrap().credential().unwrap().to_owned()).collect();
    let mut sockets = Sockets::connect(&hall.address, &hall.target.handout.meeting, sessions).await;
    hall.steps_to(NextAction::StartTimer).await;
    hall.is_full(u32::try_from(PHONES).unwrap()).await;
    while sockets.arrived.try_recv().is_ok() {}
    let cpu = hall.server.cpu();
    for step in 0..STEPS {
        tokio::time::sleep(PAUSE).await;
        let command = if step % 2 == 0 {
            Wish::Plain(PlainWish::StartTimer { step: 2 })
        } else {
            Wish::Plain(PlainWish::PauseTimer { step: 2 })
        };
        let begun = Instant::now();
        let done = hall.chair.commands(&command).await.unwrap();
        sockets.all_have(done.version, begun, took).await;
    }
    let deliveries = f64::from(STEPS) * PHONES as f64;
    let cpu_us = (hall.server.cpu() - cpu).as_secs_f64() * 1e6 / deliveries;
    let mut last = String::new();
    while let Ok(view) = sockets.last.try_recv() {
        last = view;
    }
    sockets.reading.abort_all();
    (last, cpu_us)
}

async fn of_the_floor(view: &str, took: &mut Vec<f64>) -> f64 {
    let floor = process::floor();
    let address = Arc::new(ServerAddress::parse(&floor.base_url).unwrap());
    let mut sockets = Sockets::connect(&address, "floor", vec![String::new(); PHONES]).await;
    floor.settles().await;
    let wire = Wire::new(address, PATIENCE);
    let last = version(view).unwrap();
    let cpu = floor.cpu();
    for step in 1..=STEPS {
        tokio::time::sleep(PAUSE).await;
        let wanted = last + step;
        let bytes = view.replacen(&format!("\"version\":{last}"), &format!("\"version\":{wanted}"), 1);
        let begun = Instant::now();
        wire.post("/step", None, Bytes::from(bytes)).await.unwrap();
        sockets.all_have(wanted, begun, took).await;
    }
    sockets.reading.abort_all();
    (floor.cpu() - cpu).as_secs_f64() * 1e6 / (f64::from(STEPS) * PHONES as f64)
}

pub async fn run() {
    let (mut p50, mut p99, mut floor_p50, mut floor_p99, mut ratio) = (vec![], vec![], vec![], vec![], vec![]);
    let (mut cpu, mut floor_cpu) = (vec![], vec![]);
    for _ in 0..RUNS {
        let (mut ours, mut floors) = (Vec::new(), Vec::new());
        let (view, cpu_us) = of_the_server(&mut ours).await;
        floor_cpu.push(of_the_floor(&view, &mut floors).await);
        cpu.push(cpu_us);
        p50.push(percentile(&mut ours, 50));
        p99.push(percentile(&mut ours, 99));
        floor_p50.push(percentile(&mut floors, 50));
        floor_p99.push(percentile(&mut floors, 99));
        ratio.push(percentile(&mut ours, 99) / percentile(&mut floors, 99));
    }
    let figure = format!("a step at 1,000 phones: p50 {:.0} ms, p99 {:.0} ms", median(p50), median(p99));
    let beside = format!(
        "floor p50 {:.0} ms, p99 {:.0} ms; CPU {:.1} and {:.1} µs a delivery",
        median(floor_p50),
        median(floor_p99),
        median(cpu),
        median(floor_cpu)
    );
    line("steps", &figure, "p99 ≤ 150 ms", &beside);
    line("steps", &format!("… {:.2} times the bare axum floor's p99", median(ratio)), "≤ 2 times", "");
}
