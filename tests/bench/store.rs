//! What the local store can do a second, and the one at Redis with a redis-server beside it, each answer durable:
//! `cargo bench --bench store [-- DIRECTORY]`.
//! Without a directory it works in the system's temporary one; on a memory disk the figures say nothing.
#![expect(clippy::unwrap_used, reason = "a benchmark that panics has failed")]

#[path = "../it/redis/process.rs"]
#[expect(dead_code, reason = "one is started here and never killed")]
mod process;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pingyi::server_secret::ServerSecret;
use pingyi::store::local::LocalStore;
use pingyi::store::redis::{RedisOptions, RedisStore};
use pingyi::store::{CastVerdict, Claim, ClaimBy, Claimed, Digest, Issued, NewMeeting, NewSeat, Store};
use pingyi_rules::ballot::{Ballot, BoxItem};
use pingyi_rules::form::SheetRules;
use pingyi_rules::form::{Live, OwnBranch};
use pingyi_rules::meeting::plan::{Admission, EntitledSeat, Group, Plan, Publication, Report, Step, StepKind, Subject};
use pingyi_rules::meeting::{Meeting, Phase, RoundState};
use pingyi_rules::scoring;
use process::RedisProcess;
use sha2::{Digest as _, Sha256};

const SEATS: u32 = 10_000;
const SUBJECTS: u16 = 8;

fn digest(of: &str) -> Digest {
    Sha256::digest(of.as_bytes()).into()
}

fn meeting(id: &str, seats: u32) -> NewMeeting {
    let subject = |id: u16| Subject {
        id,
        branch: format!("第{id}支部"),
        secretary: format!("书记{id}"),
        report: Report::Onsite,
        minutes: 8,
        text: String::new(),
    };
    let group = Group { id: "A".to_owned(), name: "A".to_owned(), weight_bp: 10_000, entitled: seats, leaders: 0 };
    let plan = Plan {
        title: "述职评议会".to_owned(),
        host: "研究院".to_owned(),
        admission: Admission::Slips,
        groups: vec![group],
        numeric: None,
        items: Vec::new(),
        forms: Vec::new(),
        scale: Vec::new(),
        subjects: (1..=SUBJECTS).map(subject).collect(),
        agenda: vec![Step { id: 1, kind: StepKind::Evaluation, subject: None, form: None }],
        sheet_rules: SheetRules::default(),
        own_branch: OwnBranch::Allowed,
        scoring: scoring::Rules::default(),
        live: Live::Tally,
        pool_k: 5,
        k_min: 5,
        turnout: scoring::TurnoutRule::None,
        publication: Publication::Held,
        opinions: false,
        opinions_min: 10,
        imported: Vec::new(),
    };
    let seat = |seat: u32| EntitledSeat {
        seat,
        name: String::new(),
        role: String::new(),
        group: "A".to_owned(),
        leads_subject: None,
        present: true,
    };
    let seats =
        (1..=seats).map(|n| NewSeat { entitled: seat(n), code: digest(&format!("code {n} of {id}")) }).collect();
    let mut meeting = Meeting::new(id.to_owned(), plan);
    meeting.phase = Phase::Checkin;
    NewMeeting { meeting, seats, links: Vec::new() }
}

fn sheet(number: u32) -> Vec<BoxItem> {
    let ballot = |contest: u16| {
        let random = |what: &str| digest(&format!("{what} {number} {contest}"));
        let mut token = [0; 256];
        token.chunks_mut(32).enumerate().for_each(|(at, part)| part.copy_from_slice(&random(&format!("token {at}"))));
        let mut signature = [0; 64];
        signature.chunks_mut(32).for_each(|part| part.copy_from_slice(&random("signature")));
        let answer = r#"{"v":"hao"}"#.to_owned();
        BoxItem::Ballot(Ballot { contest, group: "A".to_owned(), pk: random("pk"), token, answer, signature })
    };
    (0..=SUBJECTS).map(ballot).collect()
}

/// Runs `all` of something from `callers` tasks at the same time, and prints how fast it went.
async fn measure<F>(what: &str, all: u32, callers: u32, times: u32, act: impl Fn(u32) -> F + Clone + Send + 'static)
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let tasks = (0..callers).map(|caller| {
        let act = act.clone();
        tokio::spawn(async move {
            let mut took = Vec::new();
            for number in (caller..all).step_by(callers as usize) {
                let start = Instant::now();
                act(number).await;
                took.push(start.elapsed());
            }
            took
        })
    });
    let mut took: Vec<Duration> = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        took.extend(task.await.unwrap());
    }
    let whole_s = start.elapsed().as_secs_f64();
    took.sort_unstable();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100].as_secs_f64() * 1_000.0;
    let a_second = f64::from(all) * f64::from(times) / whole_s;
    println!("{what:<34} {callers:>6} callers {a_second:>10.0}/s   p50 {:>7.2} ms   p99 {:>7.2} ms", at(50), at(99));
}

#[tokio::main]
async fn main() {
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).map(PathBuf::from);
    let given = given.unwrap_or_else(std::env::temp_dir);
    println!("\nlocal");
    let temporary = tempfile::TempDir::new_in(&given).unwrap();
    let mut store: Arc<dyn Store> = Arc::new(LocalStore::open(temporary.path()).unwrap());
    twice(&store).await;
    for old in 0..100 {
        let new = meeting(&format!("old{old:05}"), 60);
        store.create(new).await.unwrap();
    }
    drop(store);
    let start = Instant::now();
    store = Arc::new(LocalStore::open(temporary.path()).unwrap());
    println!("opening with 102 meetings: {:.1} ms", start.elapsed().as_secs_f64() * 1_000.0);
    let start = Instant::now();
    let returned = store.returned("bench001", 1).await.unwrap()["A"];
    println!("reading a box of {} ballots: {:.0} ms", returned * 9, start.elapsed().as_secs_f64() * 1_000.0);
    freeze(&store).await;
    drop(store);
    at_redis(&given).await;
}

async fn twice(store: &Arc<dyn Store>) {
    for (round, callers) in [(1u32, 64u32), (2, SEATS)] {
        let id: &'static str = format!("bench{round:03}").leak();
        seats_and_ballots(store, id, callers).await;
    }
}

async fn freeze(store: &Arc<dyn Store>) {
    let start = Instant::now();
    store.freeze("bench001", 1, &[]).await.unwrap();
    println!("freezing it: {:.0} ms", start.elapsed().as_secs_f64() * 1_000.0);
}

async fn at_redis(given: &std::path::Path) {
    println!("\nat redis, on the same machine");
    let redis = RedisProcess::start();
    let temporary = tempfile::TempDir::new_in(given).unwrap();
    let secret = ServerSecret::random().unwrap();
    let options = RedisOptions { url: redis.url(), secret, name: "bench".to_owned(), replicas: 0, unchecked: false };
    let store: Arc<dyn Store> = Arc::new(RedisStore::open(temporary.path(), &options).await.unwrap());
    twice(&store).await;
    let mut bytes = 0;
    let keys: Vec<String> = redis.ask(&["KEYS", "pingyi:{bench001}:*:1*"]);
    for key in keys.iter().filter(|key| key.contains(":box:") || key.contains(":pending:")) {
        bytes += redis.ask::<u64>(&["MEMORY", "USAGE", key, "SAMPLES", "0"]);
    }
    println!("bytes of redis a ballot: {}", bytes / u64::from(SEATS * 9));
    freeze(&store).await;
}

async fn seats_and_ballots(store: &Arc<dyn Store>, id: &'static str, callers: u32) {
    let start = Instant::now();
    store.create(meeting(id, SEATS)).await.unwrap();
    println!("creating {SEATS} seats: {:.0} ms", start.elapsed().as_secs_f64() * 1_000.0);
    let mut stored = store.load(id).await.unwrap().unwrap();
    stored.meeting.rounds[0].state = RoundState::Armed;
    let start = Instant::now();
    store.replace(1, &stored.meeting).await.unwrap();
    println!("arming, with a box of {} slots: {:.0} ms", SEATS * 9, start.elapsed().as_secs_f64() * 1_000.0);
    stored.meeting.rounds[0].state = RoundState::Open;
    store.replace(2, &stored.meeting).await.unwrap();
    let own = Arc::clone(store);
    measure("claims", SEATS, callers, 1, move |n| {
        let store = Arc::clone(&own);
        async move {
            let by = ClaimBy::Code(digest(&format!("code {} of {id}", n + 1)));
            let claim = Claim { by, credential: digest(&format!("credential {n} of {id}")), leads_subject: None };
            assert!(matches!(store.claim_seat(&claim).await, Ok(Claimed::Seated(_))));
        }
    })
    .await;
    let own = Arc::clone(store);
    measure("looking a seat up", SEATS, callers, 1, move |n| {
        let store = Arc::clone(&own);
        async move {
            assert!(store.seat(digest(&format!("credential {n} of {id}"))).await.unwrap().is_some());
        }
    })
    .await;
    let own = Arc::clone(store);
    measure("papers", SEATS, callers, 1, move |n| {
        let store = Arc::clone(&own);
        async move {
            assert_eq!(store.issue(id, 1, n + 1, digest(&format!("papers {n}"))).await, Ok(Issued::Sign));
        }
    })
    .await;
    let sheets: Arc<Vec<Vec<BoxItem>>> = Arc::new((0..SEATS).map(sheet).collect());
    for (what, answer) in [("ballots, in sheets of 9", CastVerdict::In), ("the same ballots again", CastVerdict::Same)]
    {
        let (own, sheets) = (Arc::clone(store), Arc::clone(&sheets));
        measure(what, SEATS, callers, 9, move |n| {
            let (store, sheets) = (Arc::clone(&own), Arc::clone(&sheets));
            async move {
                assert_eq!(store.cast(id, 1, &sheets[n as usize]).await.unwrap(), [answer; 9]);
            }
        })
        .await;
    }
}
