//! Rules s140 and s141: somebody who has everything that Redis shows, keeps and sends of whole meetings with recused leaders,
//! opinions, a live tally, and rows of several items, through lost history too. He looks for anything that reads, and for the
//! batches that differ from the others, as a leader's did when it lacked the own row.

use std::collections::BTreeSet;
use std::time::Duration;

use pingyi::protocol::RoundStateView;
use pingyi::round_keys::RoundKeys;
use pingyi_rules::form::{Item, Live, OwnBranch};
use pingyi_rules::meeting::plan::{Group, Plan, Publication, Report, Step, StepKind, Subject};
use pingyi_rules::meeting::{CoSigned, PlainWish};

use super::evidence::{Thing, of_redis, of_servers, snapshot};
use super::links::{Pieces, Spelling};
use super::shapes::{Call, calls, differing, rows_read};
use crate::patience::eventually;
use crate::redis::hall::{Hall, MARKS, OPINION, is_at, plan};
use crate::redis::process::RedisProcess;
use crate::redis::recording_proxy::{RecordingProxy, strings};
use crate::redis::secrecy::{Monitor, NO_SLOW_LOG};
use crate::redis::server::{Server, sealing};

const VOTERS: u32 = 24;
const SUBJECTS: u16 = 4;
/// Before the keys in their file: their length, and a digest, in which any byte may stand.
const HEAD_BYTES: usize = 40;

/// Four subjects, of whom each has a leader in group B who gets no paper for the own row.
fn with_leaders() -> Plan {
    let plan = plan(VOTERS);
    let subject = |id: u16| Subject {
        id,
        branch: format!("第{id}支部"),
        secretary: format!("书记{id}"),
        report: Report::Onsite,
        minutes: 5,
        text: String::new(),
    };
    let reports = (1..=SUBJECTS).map(|subject| (StepKind::Report, Some(subject)));
    let steps = [(StepKind::Opening, None)].into_iter().chain(reports);
    let steps = steps.chain([(StepKind::Evaluation, None), (StepKind::Close, None)]);
    let leads = |group: &Group| Group { leaders: if group.leaders > 0 { SUBJECTS.into() } else { 0 }, ..group.clone() };
    Plan {
        subjects: (1..=SUBJECTS).map(subject).collect(),
        agenda: (1..).zip(steps).map(|(id, (kind, subject))| Step { id, kind, subject, form: None }).collect(),
        groups: plan.groups.iter().map(leads).collect(),
        own_branch: OwnBranch::Recused,
        ..plan
    }
}

/// The same with two items a row, of which no tally is shown while the round is open.
fn with_items() -> Plan {
    let item = |label: &str| Item { label: label.to_owned(), label_en: String::new(), not_for: Vec::new() };
    let mut plan = Plan { items: vec![item("履职"), item("作风")], live: Live::Turnout, ..with_leaders() };
    plan.scoring.item_weights_bp = vec![5_000, 5_000];
    plan
}

/// What nobody may read at Redis.
struct Secrets {
    names: Vec<&'static str>,
    pieces: Pieces,
}

impl Secrets {
    fn of(hall: &Hall, keys: &RoundKeys) -> Self {
        let mut secrets: Vec<(&str, Vec<Spelling>)> = Vec::new();
        for text in [MARKS[0], MARKS[1], OPINION] {
            secrets.push(("a mark or an opinion", vec![Spelling::typed(text)]));
        }
        let mut add = |what, value: &[u8]| secrets.push((what, Spelling::all_of(value).into()));
        for voter in &hall.voters {
            for item in voter.items() {
                add("a ballot's key", &item.key().1);
                add("a leaf", &item.leaf());
            }
            for ballot in &voter.ballots {
                add("a token", &ballot.token);
                add("a ballot's signature", &ballot.signature);
            }
        }
        add("the box key", keys.box_key.as_bytes());
        add("the seal key", &keys.seal_key.as_ref().unwrap().to_bytes());
        for token in &keys.tokens {
            let [_, _, _, d, p, q, ..] = crate::ballot::der::parts(&token.to_pkcs8().unwrap());
            for part in [d, p, q] {
                add("a token key", &part.to_bytes_be());
            }
        }
        let (names, spellings): (Vec<_>, Vec<_>) = secrets.into_iter().unzip();
        Self { names, pieces: Pieces::of(&spellings) }
    }

    /// The first of them that somebody reads in there.
    fn read_in(&self, things: &[Thing]) -> Option<String> {
        things.iter().find_map(|thing| {
            let (_, secret) = *self.pieces.found_in(&thing.bytes).first()?;
            Some(format!("{} is in {}", self.names[secret], thing.name))
        })
    }
}

/// The keys of the round, as a server keeps them in its directory while it runs. While it keeps the same keys again the file
/// is zeros for a moment.
async fn keys_of(hall: &Hall) -> RoundKeys {
    let file = hall.servers[0].data().join("keys").join(format!("{}-1.keys", hall.meeting()));
    eventually("the keys to be whole", async || {
        let kept = std::fs::read(&file).ok()?;
        RoundKeys::read(kept.get(HEAD_BYTES..)?)
    })
    .await
}

/// Closed, counted, published.
async fn ends(hall: &Hall) {
    let chair = hall.chair();
    chair.says(PlainWish::Close { round: 1 }).await;
    chair.sees("the round to be closed", |view| is_at(view, RoundStateView::Closed)).await;
    hall.agree(1, CoSigned::Certificate).await;
    hall.agree(2, CoSigned::Publication { publication: Publication::Chair }).await;
    chair.sees("the result", |view| view.result.is_some()).await;
}

/// Everybody's batch as it was first sent: of the calls in which a whole batch is sent, the first one of each.
fn batches<'a>(calls: &'a [Call], hall: &Hall) -> Vec<&'a Call> {
    let all: Vec<BTreeSet<Vec<u8>>> =
        hall.voters.iter().map(|voter| hall.sealed(voter).into_iter().collect()).collect();
    let of = |sealed: &BTreeSet<Vec<u8>>| {
        let is_it = |call: &&Call| call.is_cast() && call.entries().iter().any(|entry| sealed.contains(*entry));
        calls.iter().find(is_it).expect("everybody's cast is shown")
    };
    all.iter().map(of).collect()
}

/// Leaders by their place in the hall.
fn leaders(hall: &Hall) -> BTreeSet<usize> {
    let places = hall.voters.iter().enumerate().filter(|(_, voter)| hall.recused(voter).is_some());
    places.map(|(place, _)| place).collect()
}

/// The controls: what the same attacks find where batches are sent as they were, open and as long as they are, or sealed and
/// not filled up.
fn leaks(hall: &Hall) {
    let open: Vec<Call> = hall.voters.iter().map(|voter| Call::open(&voter.items())).collect();
    for voter in leaders(hall) {
        let rows = rows_read(&open[voter]);
        let missing: Vec<u16> = (1..=SUBJECTS).filter(|row| !rows.contains_key(row)).collect();
        let recused = hall.recused(&hall.voters[voter]).unwrap();
        assert_eq!(missing, [recused], "an open batch names its leader");
        assert!(
            rows.values().all(|mark| mark.starts_with(MARKS[0]) || mark.starts_with(MARKS[1])),
            "and all the marks"
        );
    }
    // Of those who wrote nothing, by how long batches are.
    let silent: Vec<usize> = (0..hall.voters.len()).filter(|place| hall.voters[*place].opinions.is_empty()).collect();
    let cut: Vec<Call> = silent.iter().map(|place| Call::sent(&hall.sealed(&hall.voters[*place]))).collect();
    let named: BTreeSet<usize> = differing(&cut.iter().collect::<Vec<_>>()).iter().map(|at| silent[*at]).collect();
    let of_leaders: BTreeSet<usize> = leaders(hall).into_iter().filter(|place| silent.contains(place)).collect();
    assert_eq!(named, of_leaders, "sealed batches that are not filled up name their leaders");
    assert!(!of_leaders.is_empty());
}

async fn nothing_at_redis_reads(plan: Plan) {
    let redis = RedisProcess::start_with(&[NO_SLOW_LOG[0], NO_SLOW_LOG[1], "--rdbcompression", "no"]);
    let monitor = Monitor::of(&redis);
    let wire = RecordingProxy::to(redis.port());
    let servers = (0..2).map(|_| Server::start(&wire.url(), &[])).collect();
    let hall = Hall::opens_with(servers, plan).await;
    let keys = keys_of(&hall).await;
    let all = 0..hall.voters.len();
    // Leaders cast before and after history is lost.
    let before = all.len() / 2 + 2;
    hall.casts(0..before, Duration::ZERO).ended().await;
    let mut things = of_redis(&redis, &[]);
    things.push(Thing { name: "the first snapshot".to_owned(), bytes: snapshot(&redis) });
    let _: () = redis.ask(&["FLUSHALL"]);
    hall.casts(0..before - 1, Duration::ZERO).ended().await;
    hall.casts(before..all.end, Duration::ZERO).ended().await;
    hall.casts(all, Duration::ZERO).ended().await;
    things.extend(of_redis(&redis, &[]));
    things.push(Thing { name: "the second snapshot".to_owned(), bytes: snapshot(&redis) });
    ends(&hall).await;
    things.extend(of_redis(&redis, &[]));
    things.push(Thing { name: "the last snapshot".to_owned(), bytes: snapshot(&redis) });
    let lines = monitor.lines(&redis).await;
    let bytes = |line: &crate::redis::secrecy::Line| line.arguments.concat();
    things.extend(lines.iter().map(|line| Thing { name: "a line of MONITOR".to_owned(), bytes: bytes(line) }));
    let heard = wire.heard();
    for line in &heard {
        things.push(Thing { name: "the wire to Redis".to_owned(), bytes: line.asked.clone() });
        things.push(Thing { name: "the wire from Redis".to_owned(), bytes: line.answered.clone() });
    }

    // Nothing reads, before the count and after it.
    let secrets = Secrets::of(&hall, &keys);
    let (mut searched, count) = (0, things.len());
    things.iter().for_each(|thing| searched += thing.bytes.len());
    let (casts, of_leaders) = (hall.voters.len(), leaders(&hall).len());
    println!("{count} things of {searched} bytes at Redis, {casts} casts, {of_leaders} of leaders");
    assert_eq!(secrets.read_in(&things), None);
    let in_clear = secrets.read_in(&of_servers(&hall));
    assert!(in_clear.is_some(), "the search finds what stands in the servers' own directories");
    let kept = keys.kept().unwrap();
    let token = data_encoding::BASE64URL_NOPAD.encode(&keys.tokens[0].to_pkcs8().unwrap()).into_bytes();
    let opened = data_encoding::BASE64URL_NOPAD.decode(&token).unwrap();
    for (name, bytes) in [("keys", kept), ("a token key", opened)] {
        assert!(secrets.read_in(&[Thing { name: name.to_owned(), bytes }]).is_some(), "and keys: {name}");
    }
    // Whoever has the operator key reads all of it: it is sealed, and not something else.
    let boxed: Vec<Vec<u8>> = redis.ask(&["ZRANGE", &format!("pingyi:{{{}}}:box:1", hall.meeting()), "0", "-1"]);
    let opened = boxed.iter().map(|sealed| sealing().opened_entry(hall.meeting(), 1, sealed).unwrap());
    let cast: usize = hall.voters.iter().map(|voter| voter.items().len()).sum();
    assert_eq!(opened.filter_map(|entry| entry.item()).count(), cast);
    let shape = 1 + 2 * usize::from(SUBJECTS);
    assert_eq!(boxed.len(), hall.voters.len() * shape, "every batch is filled up, also after it was brought back");

    // No batch differs from the others, nor an entry of one from the rest of it, whatever is done with them later.
    let calls = calls(&lines);
    let batches = batches(&calls, &hall);
    // A live tally stands still once history was lost, for everybody.
    for some in [&batches[..before], &batches[before..]] {
        assert!(differing(some).is_empty(), "{:?} of {:?}", differing(some), leaders(&hall));
    }
    let led = |some: std::ops::Range<usize>| leaders(&hall).iter().filter(|leader| some.contains(leader)).count();
    assert!(led(0..before) > 0 && led(before..batches.len()) > 0);
    for batch in &batches {
        assert_eq!(batch.entries().len(), shape);
        let fates: BTreeSet<Vec<(usize, usize)>> =
            batch.entries().iter().map(|entry| Call::fate(&calls, entry)).collect();
        assert_eq!(fates.len(), 1, "entries of one batch are told apart: {fates:?}");
    }
    // Nor an answer: each letter of a cast's is the same.
    let mut answers = 0;
    for line in &heard {
        let strings = strings(&line.answered);
        for pair in strings.windows(2).filter(|pair| pair[0] == b"cast") {
            answers += 1;
            assert_eq!(pair[1].len(), shape);
            assert!(pair[1].iter().all(|letter| *letter == pair[1][0]), "{:?}", String::from_utf8_lossy(pair[1]));
        }
    }
    assert!(answers >= 2 * hall.voters.len(), "the wire shows {answers} answers");
    leaks(&hall);
}

#[tokio::test(flavor = "multi_thread")]
async fn s140_s141_redis_reads_nothing_of_leaders_opinions_and_a_live_tally() {
    nothing_at_redis_reads(with_leaders()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s140_s141_redis_reads_nothing_of_rows_with_items() {
    nothing_at_redis_reads(with_items()).await;
}
