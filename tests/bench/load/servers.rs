//! Two servers that meet at Redis, against one on its own store in the same run: casts, what they cost Redis, and how much
//! later than the first a projector at the other server shows a tally.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pingyi::protocol::{Role, ServerMessage};
use pingyi::rehearsal::chair::open_session;
use pingyi::rehearsal::{SealedCast, ServerAddress, Socket, Wire, capability};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::casts::{box_of, cast_all, opened};
use crate::hall::{Hall, KEY, PATIENCE};
use crate::measure::{RUNS, line, median, ms, percentile};
use crate::process::{self, Process, cpu_of};
use crate::redis_process::RedisProcess;

const AT_ONCE: usize = 1_000;
const PACED: usize = 500;
const PACED_A_SECOND: u32 = 50;
const BALLOTS_A_SHEET: f64 = 9.0;
const IDLE: Duration = Duration::from_secs(20);

#[derive(Default)]
struct Seen {
    local: Vec<f64>,
    at_redis: Vec<f64>,
    ratio: Vec<f64>,
    redis_cpu_us: Vec<f64>,
    commands_a_sheet: Vec<f64>,
    bytes_a_ballot: Vec<f64>,
    idle_commands: Vec<f64>,
    later_p50_ms: Vec<f64>,
    later_p99_ms: Vec<f64>,
}

/// A number of Redis's INFO.
fn told(redis: &RedisProcess, section: &str, name: &str) -> f64 {
    let text: String = redis.ask(&["INFO", section]);
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap().trim().parse().unwrap()
}

/// Scripts that were asked for; waiting for replicas has a command of its own.
fn scripts(redis: &RedisProcess) -> f64 {
    let text: String = redis.ask(&["INFO", "commandstats"]);
    let of = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{name}:calls=")))?;
        line.split(',').next()?.parse::<f64>().ok()
    };
    ["evalsha", "eval", "wait"].iter().filter_map(|name| of(name)).sum()
}

/// Commands that anybody asks for in some seconds, without those inside of scripts.
fn asked_in(redis: &RedisProcess, time: Duration) -> usize {
    let mut connection = redis.connection();
    connection.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    connection.send_packed_command(&redis::cmd("MONITOR").get_packed_command()).unwrap();
    let until = Instant::now() + time;
    let mut asked = 0;
    while Instant::now() < until {
        // Where nothing is asked for a while there is nothing to read.
        if let Ok(redis::Value::SimpleString(line)) = connection.recv_response() {
            asked += usize::from(line.contains(']') && !line.contains(" lua]"));
        }
    }
    asked
}

/// The casts of a thousand phones at once: sheets a second.
async fn rate(hall: &Hall, bodies: &[SealedCast]) -> f64 {
    let (wire, path) = box_of(hall);
    let begun = Instant::now();
    let answers = cast_all(&wire, &path, bodies, Duration::ZERO).await;
    assert!(answers.iter().all(|(_, is_new)| *is_new), "every sheet is new");
    bodies.len() as f64 / begun.elapsed().as_secs_f64()
}

async fn run_once(seen: &mut Seen) {
    let seats = u32::try_from(AT_ONCE + PACED).unwrap();
    let local = {
        let mut hall = Hall::new(seats).await;
        let (_phones, bodies) = opened(&mut hall, seats).await;
        rate(&hall, &bodies[..AT_ONCE]).await
    };
    let redis = RedisProcess::start();
    let mut hall = Hall::at_redis(seats, &redis.url()).await;
    let (_phones, bodies) = opened(&mut hall, seats).await;
    let id = redis.id().unwrap();
    let (cpu, before, memory) = (cpu_of(id), scripts(&redis), told(&redis, "memory", "used_memory"));
    let at_redis = rate(&hall, &bodies[..AT_ONCE]).await;
    let sheets = AT_ONCE as f64;
    seen.redis_cpu_us.push((cpu_of(id) - cpu).as_secs_f64() * 1e6 / sheets);
    seen.commands_a_sheet.push((scripts(&redis) - before) / sheets);
    seen.bytes_a_ballot.push((told(&redis, "memory", "used_memory") - memory) / sheets / BALLOTS_A_SHEET);
    seen.local.push(local);
    seen.at_redis.push(at_redis);
    seen.ratio.push(at_redis / local);

    let data = tempfile::tempdir().unwrap();
    let other = process::server(data.path(), "127.0.0.1:0", &["--open", "--key", KEY, "--redis", &redis.url()]);
    let mut later = at_the_other(&hall, &other, &bodies[AT_ONCE..]).await;
    seen.later_p50_ms.push(percentile(&mut later, 50));
    seen.later_p99_ms.push(percentile(&mut later, 99));

    hall.server.settles().await;
    let asked = tokio::task::spawn_blocking(move || asked_in(&redis, IDLE)).await.unwrap();
    seen.idle_commands.push(asked as f64 / IDLE.as_secs_f64() / 2.0);
}

/// Milliseconds by which the later one of two projectors, at different servers, shows each tally after the first.
async fn at_the_other(hall: &Hall, other: &Process, bodies: &[SealedCast]) -> Vec<f64> {
    let there = Arc::new(ServerAddress::parse(&other.base_url).unwrap());
    let (sender, mut shown) = mpsc::unbounded_channel();
    let mut watching = Vec::new();
    for (place, address) in [Arc::clone(&hall.address), there].into_iter().enumerate() {
        watching.push(watches(hall, address, place, sender.clone()).await);
    }
    let (wire, path) = box_of(hall);
    cast_all(&wire, &path, bodies, Duration::from_secs(1) / PACED_A_SECOND).await;
    // What was cast last is shown within two ticks.
    tokio::time::sleep(Duration::from_secs(3)).await;
    watching.iter().for_each(JoinHandle::abort);
    let mut first = HashMap::<String, [Option<Instant>; 2]>::new();
    while let Ok((place, tally, at)) = shown.try_recv() {
        first.entry(tally).or_default()[place].get_or_insert(at);
    }
    let both = first.into_values().filter_map(|[here, there]| here.zip(there));
    both.map(|(here, there)| ms(here.max(there) - here.min(there))).collect()
}

/// Follows a projector, and tells each tally with the moment at which it came.
async fn watches(
    hall: &Hall,
    address: Arc<ServerAddress>,
    place: usize,
    shown: mpsc::UnboundedSender<(usize, String, Instant)>,
) -> JoinHandle<()> {
    let wire = Wire::new(Arc::clone(&address), PATIENCE);
    let secret = capability(&hall.target.handout, Role::Projector).unwrap();
    let (session, opened) = open_session(&wire, secret).await.unwrap();
    let mut socket = Socket::connect(&address, &format!("/ws/{}", opened.meeting), &session).await.unwrap();
    tokio::spawn(async move {
        while let Some(Ok(message)) = socket.next().await {
            let at = Instant::now();
            let Ok(text) = message.to_text() else { continue };
            if let Ok(ServerMessage::Projector(view)) = serde_json::from_str(text) {
                // Whoever measured is gone when the run is over.
                let _ = shown.send((place, serde_json::to_string(&view.tally).unwrap(), at));
            }
        }
    })
}

pub async fn run() {
    let mut seen = Seen::default();
    for _ in 0..RUNS {
        run_once(&mut seen).await;
    }
    let figure = format!("casts at Redis: {:.2} times the local rate", median(seen.ratio));
    let beside = format!("{:.0} and {:.0} sheets/s", median(seen.at_redis), median(seen.local));
    line("servers", &figure, "≥ 0.7 times", &beside);
    let figure = format!("scripts of Redis a sheet: {:.2}", median(seen.commands_a_sheet));
    line("servers", &figure, "1 script", &format!("CPU of Redis {:.0} µs a sheet", median(seen.redis_cpu_us)));
    line("servers", &format!("memory of Redis: {:.0} B a ballot", median(seen.bytes_a_ballot)), "≤ 1 KiB", "");
    let (p50, p99) = (median(seen.later_p50_ms), median(seen.later_p99_ms));
    line(
        "servers",
        &format!("a tally at the other server: p50 {p50:.0} ms, p99 {p99:.0} ms later"),
        "p99 ≤ 150 ms",
        "",
    );
    let figure = format!("idle, 1,500 phones: {:.1} commands/s a server", median(seen.idle_commands));
    line("servers", &figure, "< 5 commands/s", "the round open");
}
