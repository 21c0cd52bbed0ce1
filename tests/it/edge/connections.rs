//! Rules p30, p31 and o70: how many connections there are, and whose.

use std::sync::Arc;
use std::time::Duration;

use pingyi::creation::{Handout, MeetingRequest};
use pingyi::protocol::{Join, JoinBy, Joined, OpenSession, Role, SessionOpened};
use pingyi::rehearsal::socket::Socket;
use pingyi::rehearsal::{ServerAddress, Wire, capability};
use pingyi::secret;
use pingyi_rules::meeting::PlainWish;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::get;
use crate::patience::{PATIENCE, eventually};
use crate::redis::hall::{Chair, asks, entitled, plan};
use crate::redis::server::Server;

/// A meeting whose phones can join, at a server that anybody may make meetings on.
pub async fn welcoming(server: &Server, voters: u32) -> (Handout, Chair) {
    let wires = Arc::new(vec![server.wire.clone()]);
    let plan = plan(voters);
    let seats = entitled(&plan);
    let handout: Handout = asks(&wires, 0, "/api/meetings", None, &MeetingRequest { plan, seats }).await;
    let session = secret::token().unwrap();
    let link = capability(&handout, Role::Chair).unwrap().to_owned();
    let question = OpenSession { capability: link, session: session.clone() };
    let _: SessionOpened = asks(&wires, 0, "/api/sessions", None, &question).await;
    let chair = Chair { wires, meeting: handout.meeting.clone(), session };
    chair.says(PlainWish::OpenCheckin).await;
    (handout, chair)
}

/// A phone takes the seat of a slip: its credential.
pub async fn sits_down(wires: &[Wire], slip: &str) -> String {
    let credential = secret::token().unwrap();
    let by = JoinBy::Slip { code: slip.to_owned() };
    let mut join = Join { by, credential: credential.clone(), leads_subject: None, kiosk: None };
    while let Joined::WhichBranch { .. } = asks(wires, 0, "/api/join", None, &join).await {
        join.leads_subject = Some(0);
    }
    credential
}

/// A phone's socket that has been welcomed and has its first view.
pub async fn follows(address: &ServerAddress, meeting: &str, credential: &str) -> Socket {
    tries_to_follow(address, meeting, credential).await.expect("the socket was closed")
}

/// The same, or nothing where it broke before.
pub async fn tries_to_follow(address: &ServerAddress, meeting: &str, credential: &str) -> Option<Socket> {
    let mut socket = Socket::connect(address, &format!("/ws/{meeting}"), credential).await.ok()?;
    for _ in ["a welcome", "a view"] {
        socket.next().await?.ok()?;
    }
    Some(socket)
}

/// An event stream, with the credential of whoever follows it, which is sealed then; only its head was read.
async fn streams(wire: &Wire, meeting: &str, credential: Option<&str>) -> TcpStream {
    let mut stream = wire.address().connect().await.unwrap();
    let host = &wire.address().authority;
    let path = format!("/api/meetings/{meeting}/events");
    if credential.is_some() {
        let sealed = wire.sealed("GET", &path, credential, b"", 0).await.unwrap();
        let (path, length) = (&sealed.path, sealed.envelope.len());
        let head = format!("POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&sealed.envelope).await.unwrap();
    } else {
        stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n").as_bytes()).await.unwrap();
    }
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    stream
}

/// How many of these the server has closed.
fn closed(streams: Vec<TcpStream>) -> Closed {
    let mut reading = JoinSet::new();
    for mut stream in streams {
        reading.spawn(async move {
            let mut rest = vec![0; 4096];
            // Views go on coming; the end, or a reset, is what is waited for.
            while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
        });
    }
    Closed { reading, count: 0 }
}

struct Closed {
    reading: JoinSet<()>,
    count: usize,
}

impl Closed {
    fn so_far(&mut self) -> usize {
        while self.reading.try_join_next().is_some() {
            self.count += 1;
        }
        self.count
    }
}

/// Files that a process has open.
pub fn open_files(process: u32) -> usize {
    std::fs::read_dir(format!("/proc/{process}/fd")).unwrap().count()
}

#[tokio::test(flavor = "multi_thread")]
async fn p30_sockets_are_counted_for_as_long_as_they_live_and_short_requests_keep_their_share() {
    pingyi::descriptors::raise();
    // 200 connections, of which 175 may be kept by seats and roles.
    let server = Server::start_limited("-n 400");
    let (handout, _chair) = welcoming(&server, 80).await;
    let address = server.wire.address().clone();
    let mut sockets = Vec::new();
    for code in &handout.codes {
        let credential = sits_down(std::slice::from_ref(&server.wire), &code.code).await;
        for _ in 0..3 {
            sockets.push(follows(&address, &handout.meeting, &credential).await);
        }
    }
    assert_eq!(sockets.len(), 240, "every newcomer is let in, and told what there is");
    let mut listening = JoinSet::new();
    for (place, mut socket) in sockets.into_iter().enumerate() {
        listening.spawn(async move {
            while socket.next().await.is_some_and(|message| message.is_ok()) {}
            place
        });
    }
    // More than there is room for: of those that found the share of seats full the oldest went.
    let mut gone = Vec::new();
    while gone.len() < 40 {
        let ended = tokio::time::timeout(PATIENCE, listening.join_next());
        gone.push(ended.await.expect("sockets beyond the room are closed").unwrap().unwrap());
    }
    assert!(gone.iter().all(|place| *place >= 175), "a socket of a seat's share went: {gone:?}");
    assert!(open_files(server.process()) < 400);
    // There is room for whoever asks something.
    assert_eq!(get(&address, "/healthz", "").await.unwrap().status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn p30_sockets_close_no_kept_connection_and_a_rush_of_others_does() {
    pingyi::descriptors::raise();
    let server = Server::start_limited("-n 1024");
    let (handout, _chair) = welcoming(&server, 100).await;
    let address = server.wire.address().clone();
    let mut sockets = Vec::new();
    for code in &handout.codes {
        let credential = sits_down(std::slice::from_ref(&server.wire), &code.code).await;
        sockets.push(follows(&address, &handout.meeting, &credential).await);
    }
    let kept = async || {
        let mut stream = address.connect().await.unwrap();
        let head = format!("GET /healthz HTTP/1.1\r\nhost: {}\r\n\r\n", address.authority);
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let read = stream.read(&mut answer).await.unwrap();
        !String::from_utf8_lossy(&answer[..read]).to_lowercase().contains("connection: close")
    };
    let is_kept = async || kept().await.then_some(());
    eventually("a connection that is kept beside a hundred sockets", is_kept).await;
    let mut rush = Vec::new();
    for _ in 0..70 {
        rush.push(streams(&server.wire, &handout.meeting, None).await);
    }
    assert!(!kept().await, "in a rush connections are closed after their answers");
    drop((sockets, rush));
}

#[tokio::test(flavor = "multi_thread")]
async fn p31_one_seat_keeps_a_few_connections_and_visitors_streams_have_a_share_of_their_own() {
    pingyi::descriptors::raise();
    // 200 connections: 50 streams of visitors at most.
    let server = Server::start_limited("-n 400");
    let (handout, _chair) = welcoming(&server, 4).await;
    let address = server.wire.address().clone();
    let credential = sits_down(std::slice::from_ref(&server.wire), &handout.codes[0].code).await;
    let mut of_seat = Vec::new();
    for _ in 0..20 {
        of_seat.push(streams(&server.wire, &handout.meeting, Some(&credential)).await);
    }
    let mut of_visitors = Vec::new();
    for _ in 0..80 {
        of_visitors.push(streams(&server.wire, &handout.meeting, None).await);
    }
    let (mut of_seat, mut of_visitors) = (closed(of_seat), closed(of_visitors));
    let gone = async |closed: &mut Closed, count: usize| {
        let until = tokio::time::Instant::now() + PATIENCE;
        while closed.so_far() < count {
            assert!(tokio::time::Instant::now() < until, "{} of {count} were closed", closed.so_far());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    gone(&mut of_seat, 14).await;
    gone(&mut of_visitors, 30).await;
    // A socket of the seat is one more, and takes the place of the oldest.
    let socket = follows(&address, &handout.meeting, &credential).await;
    gone(&mut of_seat, 15).await;
    assert_eq!((of_seat.so_far(), of_visitors.so_far()), (15, 30), "six of a seat with its socket, fifty of visitors");
    drop(socket);
}

#[tokio::test(flavor = "multi_thread")]
async fn o70_a_server_takes_all_files_that_it_may_have_and_says_when_they_are_too_few() {
    let limits = |server: &Server| {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.process())).unwrap();
        let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap().to_owned();
        let numbers: Vec<u64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        numbers
    };
    let said = |server: &Server| std::fs::read_to_string(server.log()).unwrap_or_default();
    const SENTENCE: &str = "connections at once, and its meetings have 34 seats";
    // A shell's few, and the system's many.
    let raised = Server::start_limited("-S -n 64");
    let [soft, hard] = limits(&raised)[..] else { panic!("no limits") };
    assert!(soft == hard && soft > 64, "{soft} of {hard}");
    // The sample meeting has 34 seats: 50 connections are too few for it, 200 are enough.
    let few = Server::start_limited("-n 100");
    let tells = async || said(&few).contains(SENTENCE).then_some(());
    eventually("a sentence about too few connections", tells).await;
    assert!(said(&few).contains("can have 50 connections"), "{}", said(&few));
    let enough = Server::start_limited("-n 400");
    // Both say whatever they have to say before they stop.
    let (mut raised, mut enough) = (raised, enough);
    raised.stops().await;
    enough.stops().await;
    assert!(!said(&raised).contains(SENTENCE) && !said(&enough).contains(SENTENCE));
}
