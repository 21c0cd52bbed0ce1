//! Rules s90 to s93: whoever fails slows down nobody but himself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use pingyi::creation::{Handout, MeetingRequest};
use pingyi::protocol::{Join, JoinBy, Joined, OpenSession, Problem, ProblemKind, Role, SessionOpened};
use pingyi::rehearsal::problem::RequestError;
use pingyi::rehearsal::{Wire, capability};
use pingyi::secret;
use pingyi_rules::meeting::PlainWish;
use pingyi_rules::meeting::plan::{Admission, EntitledSeat, Plan};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinSet;

use crate::patience::eventually;
use crate::redis::hall::{Chair, entitled, plan};
use crate::redis::server::{OPERATOR_KEY, Server};

/// Who floods at the same time: more than may wait.
const FLOODING: usize = 96;
/// As many failures as once locked a whole hall out for a minute.
const ONCE_ENOUGH: usize = 300;
/// What a log line of these rules says, and no other one.
const LINE: &str = "keys were told to slow down";

fn problem(answer: Result<Bytes, RequestError>) -> Problem {
    match answer {
        Err(RequestError::Said(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

/// One attempt: nothing is tried again.
async fn once<A: DeserializeOwned>(wire: &Wire, path: &str, bearer: Option<&str>, question: &impl Serialize) -> A {
    let answer = wire.post(path, bearer, serde_json::to_vec(question).unwrap().into()).await;
    serde_json::from_slice(&answer.unwrap_or_else(|why| panic!("{path}: {why:?}"))).unwrap()
}

async fn tries(wire: &Wire, by: JoinBy) -> Result<Bytes, RequestError> {
    let join = Join { by, credential: secret::token().unwrap(), leads_subject: None, kiosk: None };
    wire.post("/api/join", None, serde_json::to_vec(&join).unwrap().into()).await
}

/// Sends an attempt and goes away.
async fn tries_and_leaves(server: &Server, by: JoinBy) {
    let join = Join { by, credential: secret::token().unwrap(), leads_subject: None, kiosk: None };
    let body = serde_json::to_vec(&join).unwrap();
    let sealed = server.wire.sealed("POST", "/api/join", None, &body, 0).await.unwrap();
    let address = server.wire.address();
    let mut stream = address.connect().await.unwrap();
    let (path, length) = (&sealed.path, sealed.envelope.len());
    let head = format!("POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {length}", address.authority);
    stream.write_all(format!("{head}\r\n\r\n").as_bytes()).await.unwrap();
    stream.write_all(&sealed.envelope).await.unwrap();
}

/// A meeting whose check-in is open, made with the key.
pub async fn welcoming(server: &Server, plan: Plan) -> Handout {
    // A roster has everybody's name; slips keep none.
    let named = |seat: EntitledSeat| EntitledSeat { name: format!("名{}", seat.seat), ..seat };
    let seats = entitled(&plan).into_iter().map(named).collect();
    let handout: Handout =
        once(&server.wire, "/api/meetings", Some(OPERATOR_KEY), &MeetingRequest { plan, seats }).await;
    let session = opens(&server.wire, &handout, Role::Chair).await;
    let wires = Arc::new(vec![server.wire.clone()]);
    let chair = Chair { wires, meeting: handout.meeting.clone(), session };
    chair.says(PlainWish::OpenCheckin).await;
    handout
}

pub async fn opens(wire: &Wire, handout: &Handout, role: Role) -> String {
    let session = secret::token().unwrap();
    let link = capability(handout, role).unwrap().to_owned();
    let _: SessionOpened =
        once(wire, "/api/sessions", None, &OpenSession { capability: link, session: session.clone() }).await;
    session
}

/// Somebody who goes on trying wrong slips, links and keys, from many connections at once.
struct Flood {
    told_wrong: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
    _flooding: JoinSet<()>,
}

impl Flood {
    fn begins(server: &Server) -> Self {
        let (told_wrong, refused) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let mut flooding = JoinSet::new();
        for number in 0..FLOODING {
            let wire = Wire::new(Arc::new(server.wire.address().clone()), Duration::ZERO);
            let (told_wrong, refused) = (Arc::clone(&told_wrong), Arc::clone(&refused));
            flooding.spawn(async move {
                for attempt in 0u32.. {
                    let code = format!("CANARY{:04}", (number + attempt as usize) % 10_000);
                    let answer = match number % 8 {
                        0 => wire.post("/api/meetings", Some("canary of a wrong key"), Bytes::new()).await,
                        1 => {
                            let session = secret::token().unwrap();
                            let link = OpenSession { capability: "canary of a wrong link".to_owned(), session };
                            wire.post("/api/sessions", None, serde_json::to_vec(&link).unwrap().into()).await
                        }
                        _ => tries(&wire, JoinBy::Slip { code }).await,
                    };
                    match answer {
                        Err(RequestError::Said(said)) if said.problem == ProblemKind::SlowDown => {
                            assert_eq!(said.retry_after_s, Some(1));
                            refused.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(RequestError::Said(_)) => drop(told_wrong.fetch_add(1, Ordering::Relaxed)),
                        // The test is over.
                        _ => return,
                    }
                }
            });
        }
        Self { told_wrong, refused, _flooding: flooding }
    }

    fn told_wrong(&self) -> usize {
        self.told_wrong.load(Ordering::Relaxed)
    }

    fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }

    /// Waits until so many more were refused.
    async fn goes_on(&self, more: usize) {
        let enough = self.refused() + more;
        eventually("the flood to go on", async || (self.refused() >= enough).then_some(())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s90_s93_a_flood_of_wrong_attempts_keeps_no_right_one_waiting() {
    let mut server = Server::start_with_key();
    let handout = welcoming(&server, plan(24)).await;
    let flood = Flood::begins(&server);
    flood.goes_on(ONCE_ENOUGH).await;
    // Each of these is tried once, while others fail all the time.
    for seat in &handout.codes {
        let join = Join {
            by: JoinBy::Slip { code: seat.code.clone() },
            credential: secret::token().unwrap(),
            leads_subject: None,
            kiosk: None,
        };
        let mut joined: Joined = once(&server.wire, "/api/join", None, &join).await;
        if matches!(joined, Joined::WhichBranch { .. }) {
            joined = once(&server.wire, "/api/join", None, &Join { leads_subject: Some(0), ..join }).await;
        }
        assert!(matches!(joined, Joined::Joined { .. }), "{joined:?}");
    }
    for role in [Role::Chair, Role::Projector, Role::Teller, Role::Scrutineer] {
        opens(&server.wire, &handout, role).await;
    }
    welcoming(&server, plan(8)).await;
    flood.goes_on(ONCE_ENOUGH).await;
    // The control: it was a flood, and whoever floods is slowed down.
    assert!(flood.told_wrong() > 0, "some wait and are told what was wrong");
    // A line tells of it, and nothing of what was tried.
    let told = async || std::fs::read_to_string(server.log()).unwrap().contains(LINE).then_some(());
    eventually("a line in the log", told).await;
    server.stops().await;
    let log = std::fs::read_to_string(server.log()).unwrap();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains(LINE)).collect();
    assert_eq!(lines.len(), 1, "one line a minute at most: {lines:?}");
    let refused: usize = number_after(lines[0], "refused=");
    assert!((1..=flood.refused()).contains(&refused), "{refused} of {}", flood.refused());
    assert!(!log.to_lowercase().contains("canary"), "what was tried is in the log");
}

/// A field of a log line, without the colours of a terminal.
fn number_after(line: &str, name: &str) -> usize {
    let plain: String = line.split('\u{1b}').map(|part| part.split_once('m').map_or(part, |(_, text)| text)).collect();
    let digits = plain.split_once(name).unwrap().1.chars().take_while(char::is_ascii_digit);
    digits.collect::<String>().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn s91_of_many_who_fail_at_once_some_wait_and_the_rest_are_refused() {
    let server = Server::start_with_key();
    welcoming(&server, plan(8)).await;
    const ATTEMPTS: usize = 200;
    let mut trying = JoinSet::new();
    for _ in 0..ATTEMPTS {
        let wire = Wire::new(Arc::new(server.wire.address().clone()), Duration::ZERO);
        trying
            .spawn(async move { problem(tries(&wire, JoinBy::Slip { code: "0000000000".to_owned() }).await).problem });
    }
    let told = trying.join_all().await;
    let count = |kind| told.iter().filter(|problem| **problem == kind).count();
    let (waited, refused) = (count(ProblemKind::UnknownSlip), count(ProblemKind::SlowDown));
    assert_eq!(waited + refused, ATTEMPTS, "{told:?}");
    // Were nobody to wait, or everybody, nobody would be refused.
    assert!(waited >= 64 && refused > 0, "{waited} waited, {refused} were refused");
    // Whoever fails alone is told what was wrong.
    let alone = problem(tries(&server.wire, JoinBy::Slip { code: "not a slip".to_owned() }).await);
    assert_eq!(alone.problem, ProblemKind::UnknownSlip);
}

#[tokio::test(flavor = "multi_thread")]
async fn s92_s93_a_seat_rests_after_five_wrong_codes_however_they_come_and_no_other_one_does() {
    let server = Server::start_with_key();
    let handout = welcoming(&server, Plan { admission: Admission::Roster, ..plan(8) }).await;
    let by = |seat: u32, code: &str| {
        let (meeting, code) = (handout.meeting.clone(), code.to_owned());
        JoinBy::Roster { meeting, seat, code }
    };
    let wrong = |right: &str| if right == "000000" { "000001" } else { "000000" };
    let [first, second, third] = [&handout.codes[0], &handout.codes[1], &handout.codes[2]];
    // Somebody who does not wait for the answer, and looks whether the seat is taken: each of these is a guess too.
    let told = async || {
        tries_and_leaves(&server, by(third.seat, wrong(&third.code))).await;
        let log = std::fs::read_to_string(server.log()).unwrap();
        log.lines().find(|line| line.contains(LINE)).map(|line| number_after(line, "seats_paused="))
    };
    assert_eq!(eventually("a line in the log", told).await, 1);
    let rests = |told: &Problem| told.problem == ProblemKind::SlowDown && told.retry_after_s.unwrap() > 1;
    let right = problem(tries(&server.wire, by(third.seat, &third.code)).await);
    assert!(rests(&right), "{right:?}");
    // All at once: none of them knows yet that another one failed.
    let mut trying = JoinSet::new();
    for _ in 0..40 {
        let wire = Wire::new(Arc::new(server.wire.address().clone()), Duration::ZERO);
        let guess = by(first.seat, wrong(&first.code));
        trying.spawn(async move { problem(tries(&wire, guess).await) });
    }
    let told = trying.join_all().await;
    let heard = told.iter().filter(|told| told.problem == ProblemKind::WrongCode).count();
    assert_eq!(heard, 5, "a guess more was heard");
    assert_eq!(told.iter().filter(|told| rests(told)).count(), 35);
    let right = problem(tries(&server.wire, by(first.seat, &first.code)).await);
    assert!(rests(&right), "{right:?}");
    // What has no seat is no guess, and another seat is another one.
    let nowhere = problem(tries(&server.wire, by(u32::MAX, "000000")).await);
    assert_eq!(nowhere.problem, ProblemKind::WrongCode);
    for _ in 0..4 {
        let told = problem(tries(&server.wire, by(second.seat, wrong(&second.code))).await);
        assert_eq!(told.problem, ProblemKind::WrongCode);
    }
    let joined: Joined =
        serde_json::from_slice(&tries(&server.wire, by(second.seat, &second.code)).await.unwrap()).unwrap();
    assert!(matches!(joined, Joined::Joined { .. }), "{joined:?}");
}
