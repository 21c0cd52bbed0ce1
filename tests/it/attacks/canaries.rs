//! Canaries (rule s52): what must be nowhere is planted everywhere, also in what goes wrong, and looked for afterwards in
//! logs, keys and files. What may be there is looked for as well, so that the search is known to find.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use pingyi::creation::{Handout, MeetingRequest};
use pingyi::protocol::{Join, JoinBy, OpenSession, Role, RoundStateView};
use pingyi::rehearsal::problem::RequestError;
use pingyi::rehearsal::socket::Socket;
use pingyi::rehearsal::{ServerAddress, Wire};
use pingyi::secret;
use pingyi_rules::meeting::plan::{Admission, Publication};
use pingyi_rules::meeting::{CoSigned, PlainWish};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::evidence::{Frames, Thing, of_redis, of_servers, snapshot};
use crate::patience::{PATIENCE, eventually};
use crate::redis::hall::{Hall, OPINION, entitled, is_at, plan};
use crate::redis::process::RedisProcess;
use crate::redis::secrecy::{Monitor, NO_SLOW_LOG};
use crate::redis::server::Server;

const VOTERS: u32 = 12;
/// A secret that nobody was given: whoever comes with it is refused. It has the form of one.
const STRANGER: &str = "Q2FuYXJ5Q2FuYXJ5Q2FuYQ";
/// What is no secret of anybody's form.
const RUBBISH: &str = "canary-in-the-rubbish";
const NAME: &str = "金丝雀甲乙";
const ROLE: &str = "canary of a role";

/// One request as no page makes it; its answer, which is a refusal.
async fn says(address: &ServerAddress, head: &str, body: &[u8]) -> String {
    let mut stream = address.connect().await.unwrap();
    let request =
        format!("{head}\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", address.authority, body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    // A server that refuses by the head need not read the rest.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

async fn is_refused(address: &ServerAddress, head: &str, body: &[u8]) {
    let answer = says(address, head, body).await;
    // A server that just came back knows nothing yet.
    assert!(answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.1 503"), "{head}: {answer}");
}

/// A request that is refused both in clear, as no page makes it, and in its envelope.
async fn asks_in_vain(address: &ServerAddress, path: &str, bearer: Option<&str>, body: &[u8]) {
    let identity = bearer.map(|bearer| format!("\r\nauthorization: Bearer {bearer}")).unwrap_or_default();
    is_refused(address, &format!("POST {path} HTTP/1.1{identity}"), body).await;
    let wire = Wire::new(Arc::new(address.clone()), Duration::ZERO);
    let answer = wire.post(path, bearer, Bytes::copy_from_slice(body)).await;
    assert!(matches!(answer, Err(RequestError::Said(_))), "{path}: {answer:?}");
}

/// Everything that goes wrong around one meeting, with canaries in it.
async fn goes_wrong(hall: &Hall, address: &ServerAddress) {
    let meeting = hall.meeting();
    let json = |value: serde_json::Value| serde_json::to_vec(&value).unwrap();
    let join = |by| {
        json(
            serde_json::to_value(Join { by, credential: STRANGER.to_owned(), leads_subject: None, kiosk: None })
                .unwrap(),
        )
    };
    let used = hall.handout.codes[0].code.clone();
    for code in [RUBBISH.to_owned(), "CANARYCANA".to_owned(), used] {
        asks_in_vain(address, "/api/join", None, &join(JoinBy::Slip { code })).await;
    }
    let session = OpenSession { capability: STRANGER.to_owned(), session: secret::token().unwrap() };
    asks_in_vain(address, "/api/sessions", None, &serde_json::to_vec(&session).unwrap()).await;
    for path in ["/api/join", "/api/sessions", "/api/meetings", "/api/qr"] {
        asks_in_vain(address, path, None, format!("{{\"{RUBBISH}\":\"{STRANGER}").as_bytes()).await;
    }
    let papers = format!("/api/meetings/{meeting}/rounds/1/papers");
    for bearer in [STRANGER, &hall.voters[0].credential] {
        let body = json(serde_json::json!({"papers": [{"c": 0, "z": RUBBISH}]}));
        asks_in_vain(address, &papers, Some(bearer), &body).await;
    }
    let command = format!("/api/meetings/{meeting}/commands");
    let chair = hall.opens_session(Role::Chair).await;
    for bearer in [STRANGER, &chair] {
        let body = json(serde_json::json!({"do": RUBBISH}));
        asks_in_vain(address, &command, Some(bearer), &body).await;
    }
    let slips = format!("/api/meetings/{meeting}/slips");
    for bearer in [STRANGER, &chair] {
        let body = json(serde_json::json!({"group": RUBBISH, "series": 1, "codes": [STRANGER]}));
        asks_in_vain(address, &slips, Some(bearer), &body).await;
    }
    let cast = format!("POST /box/{meeting}/1/cast HTTP/1.1");
    let naked = hall.voters[0].opened.clone();
    for identity in [format!("cookie: {STRANGER}"), format!("authorization: Bearer {}", hall.voters[0].credential)] {
        is_refused(address, &format!("{cast}\r\n{identity}"), &naked).await;
    }
    let too_long = Bytes::from(vec![b'A'; 400_000]);
    for body in [
        &naked,
        &Bytes::from(RUBBISH),
        &Bytes::from([RUBBISH.as_bytes(), &hall.voters[1].cast.envelope].concat()),
        &too_long,
    ] {
        is_refused(address, &cast, body).await;
    }
    for path in [format!("/{RUBBISH}?k={STRANGER}"), format!("/api/meetings/{RUBBISH}/plan?k={STRANGER}")] {
        is_refused(address, &format!("GET {path} HTTP/1.1\r\nreferer: http://{RUBBISH}/"), b"").await;
    }
    for session in [STRANGER, RUBBISH] {
        let mut socket = Socket::connect(address, &format!("/ws/{meeting}"), session).await.unwrap();
        // Whatever it is told, the socket ends.
        let _ = socket.send(RUBBISH.into()).await;
        while let Some(Ok(_)) = socket.next().await {}
    }
}

/// A second meeting on the same server, in which people look for their names.
async fn with_names(address: &ServerAddress) -> Handout {
    let plan = pingyi_rules::meeting::Plan { admission: Admission::Roster, ..plan(VOTERS) };
    let mut seats = entitled(&plan);
    for seat in &mut seats {
        seat.name = format!("{NAME}{}", seat.seat);
        ROLE.clone_into(&mut seat.role);
    }
    let wire = Wire::new(Arc::new(address.clone()), PATIENCE);
    let handout: Handout = wire.ask("/api/meetings", None, &MeetingRequest { plan, seats }).await.unwrap();
    let by = |code: String| JoinBy::Roster { meeting: handout.meeting.clone(), seat: 7, code };
    let code = handout.codes.iter().find(|code| code.seat == 7).unwrap().code.clone();
    for (code, fits) in [("000000".to_owned(), code == "000000"), (code.clone(), true)] {
        let join = Join { by: by(code), credential: secret::token().unwrap(), leads_subject: None, kiosk: None };
        // The meeting is a draft: nobody is let in yet, with the right code or without.
        let answer = wire.post("/api/join", None, serde_json::to_vec(&join).unwrap().into()).await;
        assert!(fits || matches!(answer, Err(RequestError::Said(_))), "{answer:?}");
    }
    handout
}

/// Canaries by where they may be.
struct Canaries {
    /// Nowhere at all, but where they are given out.
    nowhere: Vec<Vec<u8>>,
    /// Not in logs: in files and keys they stand where they belong.
    not_in_logs: Vec<Vec<u8>>,
}

fn canaries(hall: &Hall, sessions: &[String], names: &Handout) -> Canaries {
    let bytes = |text: &str| text.as_bytes().to_vec();
    let mut nowhere = vec![bytes(STRANGER), bytes(RUBBISH), b"CANARYCANA".to_vec()];
    nowhere.extend(sessions.iter().map(|session| bytes(session)));
    nowhere.extend(hall.handout.codes.iter().map(|code| bytes(&code.code)));
    nowhere.extend(hall.handout.capabilities.iter().chain(&names.capabilities).map(|(_, link)| bytes(link)));
    nowhere.extend(hall.voters.iter().map(|voter| bytes(&voter.credential)));
    nowhere.extend(hall.voters.iter().flat_map(|voter| voter.blinded.iter().map(|z| bytes(&z[..40]))));
    let mut not_in_logs = vec![bytes(NAME), bytes(ROLE), bytes(OPINION)];
    not_in_logs.extend(plan(VOTERS).scale.iter().map(|mark| bytes(&mark.id)));
    for ballot in hall.voters.iter().flat_map(|voter| &voter.ballots) {
        not_in_logs.extend([ballot.pk.to_vec(), bytes(&data_encoding::BASE64URL_NOPAD.encode(&ballot.pk))]);
        not_in_logs.push(bytes(&data_encoding::HEXLOWER.encode(&ballot.leaf())));
    }
    Canaries { nowhere, not_in_logs }
}

fn has(thing: &Thing, canary: &[u8]) -> bool {
    thing.bytes.windows(canary.len()).any(|window| window == canary)
}

/// Looks for canaries in everything, and for what has to be there.
fn searched(hall: &Hall, canaries: &Canaries, things: &[Thing], [names, digests]: [&str; 2]) {
    for thing in things {
        let is_log = thing.name.contains("log");
        let forbidden = canaries.nowhere.iter().chain(canaries.not_in_logs.iter().filter(|_| is_log));
        for canary in forbidden {
            let line = if is_log { String::from_utf8_lossy(&thing.bytes) } else { "".into() };
            assert!(!has(thing, canary), "{:?} is in {}: {line}", String::from_utf8_lossy(canary), thing.name);
        }
    }
    // The controls: names where a roster is kept, digests in place of secrets, marks in a box.
    let holds = |what: &[u8], place: &str| things.iter().any(|thing| thing.name.contains(place) && has(thing, what));
    assert!(holds(NAME.as_bytes(), names), "the search finds names in {names}");
    let voter = &hall.voters[0];
    assert!(holds(&secret::credential_digest(&voter.credential), digests), "and digests in {digests}");
    assert!(holds(voter.ballots[0].answer.as_bytes(), "box"), "and marks");
    assert!(holds(OPINION.as_bytes(), "box"), "and opinions");
}

/// Held, counted, published, over: with everything that goes wrong on the way.
async fn ends(hall: &Hall) {
    let chair = hall.chair();
    chair.says(PlainWish::Close { round: 1 }).await;
    chair.sees("the round to be closed", |view| is_at(view, RoundStateView::Closed)).await;
    hall.agree(1, CoSigned::Certificate).await;
    hall.agree(2, CoSigned::Publication { publication: Publication::HallScores }).await;
    chair.says(PlainWish::CloseMeeting).await;
    chair.says(PlainWish::Archive).await;
}

async fn is_held(hall: &mut Hall, redis: Option<&mut RedisProcess>) -> (Vec<String>, Handout, Frames) {
    let address = hall.servers[0].wire.address().clone();
    let names = with_names(&address).await;
    let mut sessions = Vec::new();
    for role in [Role::Chair, Role::Projector, Role::Scrutineer] {
        sessions.push(hall.opens_session(role).await);
    }
    let frames = Frames::of(hall, Some(&hall.voters[0].credential)).await;
    goes_wrong(hall, &address).await;
    let half = hall.voters.len() / 2;
    hall.casts(0..half, Duration::ZERO).ended().await;
    if let Some(redis) = redis {
        redis.start_again_empty();
    }
    hall.servers[0].start_again();
    hall.casts(0..hall.voters.len(), Duration::ZERO).ended().await;
    ends(hall).await;
    goes_wrong(hall, &address).await;
    (sessions, names, frames)
}

#[tokio::test(flavor = "multi_thread")]
async fn s52_no_canary_is_in_a_log_or_a_file_of_one_server() {
    let mut hall = Hall::opens(vec![Server::start_talkative(None)], VOTERS).await;
    let (sessions, names, frames) = is_held(&mut hall, None).await;
    let mut things = of_servers(&hall);
    things.extend(frames.things());
    searched(&hall, &canaries(&hall, &sessions, &names), &things, ["meetings.sqlite"; 2]);
    // The control for logs: on a server that logs what goes through its sockets the same search finds what all phones are told;
    // their credentials it does not find even there, because a hello is sealed.
    let (leaking, seated) = Hall::arms(vec![Server::start_leaking()], VOTERS).await;
    let (_, _, credential) = &seated[0];
    let _frames = Frames::of(&leaking, Some(credential)).await;
    let told = data_encoding::HEXLOWER.encode(leaking.frozen.hash());
    let logged = |what: &str| {
        let things = of_servers(&leaking);
        things.iter().any(|thing| thing.name.contains("log") && has(thing, what.as_bytes()))
    };
    eventually("a log that leaks", async || logged(&told).then_some(())).await;
    assert!(!logged(credential));
}

#[tokio::test(flavor = "multi_thread")]
async fn s52_no_canary_is_in_redis() {
    let mut redis = RedisProcess::start_with(&[NO_SLOW_LOG[0], NO_SLOW_LOG[1], "--rdbcompression", "no"]);
    let servers = (0..2).map(|_| Server::start_talkative(Some(&redis.url()))).collect();
    let mut hall = Hall::opens(servers, VOTERS).await;
    let (sessions, names, frames) = is_held(&mut hall, Some(&mut redis)).await;
    let monitor = Monitor::of(&redis);
    goes_wrong(&hall, &hall.servers[1].wire.address().clone()).await;
    let mut things = of_servers(&hall);
    things.extend(frames.things());
    things.extend(of_redis(&redis, &monitor.shown(&redis).await));
    things.push(Thing { name: "the snapshot".to_owned(), bytes: snapshot(&redis) });
    searched(&hall, &canaries(&hall, &sessions, &names), &things, ["meetings.sqlite", ":taken"]);
    // At Redis there is nothing that reads: neither names and marks nor what was written.
    let mut of_redis = of_redis(&redis, &[]);
    of_redis.push(Thing { name: "the snapshot".to_owned(), bytes: snapshot(&redis) });
    for canary in canaries(&hall, &sessions, &names).not_in_logs {
        let found = of_redis.iter().find(|thing| has(thing, &canary)).map(|thing| &thing.name);
        assert_eq!(found, None, "{:?}", String::from_utf8_lossy(&canary));
    }
}
