//! Rules s102 and o80: links of roles are listed, given out and withdrawn, at one server and at several.

use std::process::Command;

use pingyi::creation::Handout;
use pingyi::protocol::{CloseCode, OpenSession, ProblemKind, Role};
use pingyi::rehearsal::problem::RequestError;
use pingyi::rehearsal::{Socket, Wire, capability};
use pingyi::secret;
use tokio_tungstenite::tungstenite::Message;

use super::lock_out::{opens, welcoming};
use crate::patience::PATIENCE;
use crate::redis::hall::plan;
use crate::redis::process::RedisProcess;
use crate::redis::server::{OPERATOR_KEY, Server};

/// `pingyi links`, and what it printed: on the terminal where it did it, else as its sentence.
fn links(arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
    let done = command.arg("links").args(arguments).env("LC_ALL", "C").env_remove("PINGYI_KEY").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if done.status.success() { Ok(text(done.stdout)) } else { Err(text(done.stderr)) }
}

/// The ids of a list's lines with all of these words.
fn ids(list: &str, words: &[&str]) -> Vec<String> {
    let lines = list.lines().filter(|line| words.iter().all(|word| line.contains(word)));
    lines.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

/// The secret of the link of a role that was printed.
fn printed(text: &str, role: &str) -> String {
    let line = text.lines().find(|line| line.contains(role)).unwrap_or_else(|| panic!("no {role} in {text}"));
    line.split_once("#k=").unwrap().1.split('&').next().unwrap().to_owned()
}

async fn opens_with(wire: &Wire, capability: &str) -> Result<String, ProblemKind> {
    let session = secret::token().unwrap();
    let link = OpenSession { capability: capability.to_owned(), session: session.clone() };
    match wire.post("/api/sessions", None, serde_json::to_vec(&link).unwrap().into()).await {
        Ok(_) => Ok(session),
        Err(RequestError::Said(problem)) => Err(problem.problem),
        Err(other) => panic!("{other:?}"),
    }
}

/// What a request with a session meets.
async fn view(wire: &Wire, handout: &Handout, session: &str) -> Option<ProblemKind> {
    match wire.get_sealed(&format!("/api/meetings/{}/view", handout.meeting), Some(session)).await {
        Ok(_) => None,
        Err(RequestError::Said(problem)) => Some(problem.problem),
        Err(other) => panic!("{other:?}"),
    }
}

/// A socket that has its first view.
async fn follows(wire: &Wire, handout: &Handout, session: &str) -> Socket {
    let mut socket = Socket::connect(wire.address(), &format!("/ws/{}", handout.meeting), session).await.unwrap();
    for _ in 0..2 {
        assert!(matches!(socket.next().await.unwrap().unwrap(), Message::Text(_)));
    }
    socket
}

/// How a socket is closed.
async fn closed(socket: &mut Socket) -> u16 {
    let last = async {
        loop {
            if let Message::Close(frame) = socket.next().await.unwrap().unwrap() {
                return u16::from(frame.unwrap().code);
            }
        }
    };
    tokio::time::timeout(PATIENCE, last).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn s102_a_link_that_is_withdrawn_takes_with_it_what_it_opened() {
    let server = Server::start_with_key();
    let handout = welcoming(&server, plan(8)).await;
    let url = format!("http://{}", server.wire.address().authority);
    let at = ["--url", &url, "--key", OPERATOR_KEY, "--meeting", &handout.meeting];
    let told = |more: &[&str]| links(&[more, &at].concat());
    // The chair's first link, a deputy's, and a scrutineer's.
    let deputy = printed(&told(&["--new", "chair"]).unwrap(), "Chair:");
    let list = told(&[]).unwrap();
    let of_deputy = ids(&list, &["chair", "asked for"]);
    assert_eq!(of_deputy, [secret::link_id(&secret::capability_digest(&deputy))]);
    assert_eq!(ids(&list, &["made with the meeting"]).len(), 4);
    let chair = opens(&server.wire, &handout, Role::Chair).await;
    let sitting = opens_with(&server.wire, &deputy).await.unwrap();
    let scrutineer = opens(&server.wire, &handout, Role::Scrutineer).await;
    let mut screens = Vec::new();
    for session in [&chair, &sitting, &scrutineer] {
        screens.push(follows(&server.wire, &handout, session).await);
        assert_eq!(view(&server.wire, &handout, session).await, None);
    }
    // Whoever has not the key withdraws nothing, and sees nothing.
    for more in [vec!["--withdraw", &of_deputy[0]], vec!["--new", "scrutineer"], vec![]] {
        let wrong = ["--url", &url, "--key", "another key of operators", "--meeting", &handout.meeting];
        let refused = links(&[more.as_slice(), &wrong].concat()).unwrap_err();
        assert!(refused.contains("operator key"), "{refused}");
    }
    assert_eq!(told(&[]).unwrap(), list);
    told(&["--withdraw", &of_deputy[0]]).unwrap();
    assert_eq!(closed(&mut screens[1]).await, CloseCode::UNKNOWN_SESSION.0);
    assert_eq!(view(&server.wire, &handout, &sitting).await, Some(ProblemKind::UnknownSession));
    assert_eq!(opens_with(&server.wire, &deputy).await, Err(ProblemKind::UnknownSession));
    // Nobody else notices.
    for session in [&chair, &scrutineer] {
        assert_eq!(view(&server.wire, &handout, session).await, None);
        follows(&server.wire, &handout, session).await;
    }
    assert_eq!(ids(&told(&[]).unwrap(), &[&of_deputy[0]]), [""; 0]);
    told(&["--withdraw", &of_deputy[0]]).unwrap();
    let unknown = told(&["--withdraw", "0123456789"]).unwrap_err();
    assert!(unknown.contains("no link with this id"), "{unknown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn o80_the_links_of_a_start_replace_those_of_the_one_before_and_sessions_stay() {
    let mut server = Server::start_with_key();
    let handout = welcoming(&server, plan(8)).await;
    let made = capability(&handout, Role::Chair).unwrap().to_owned();
    let chair = async |server: &Server| printed(&server.printed_link("chair", &handout.meeting).await, "/chair");
    server.start_again();
    let first = chair(&server).await;
    let session = opens_with(&server.wire, &first).await.unwrap();
    server.start_again();
    let second = chair(&server).await;
    assert_ne!(first, second);
    assert_eq!(view(&server.wire, &handout, &session).await, None, "who sits there stays");
    assert_eq!(opens_with(&server.wire, &first).await, Err(ProblemKind::UnknownSession));
    for link in [&second, &made] {
        assert!(opens_with(&server.wire, link).await.is_ok());
    }
    // On the directory of a server that does not run, too; while one runs it says so.
    let data = server.data();
    let here =
        |more: &[&str]| links(&[more, &["--data", data.to_str().unwrap(), "--meeting", &handout.meeting]].concat());
    let in_use = here(&[]).unwrap_err();
    assert!(in_use.contains("Another Pingyi"), "{in_use}");
    server.stops().await;
    let list = here(&[]).unwrap();
    assert_eq!(ids(&list, &["chair", "printed at a start", "replaced"]).len(), 1);
    let last = secret::link_id(&secret::capability_digest(&second));
    assert_eq!(ids(&list, &["chair", "printed at a start"]).last(), Some(&last));
    here(&["--withdraw", &last]).unwrap();
    let teller = printed(&here(&["--new", "teller"]).unwrap(), "Teller:");
    server.start_again();
    assert_eq!(opens_with(&server.wire, &second).await, Err(ProblemKind::UnknownSession));
    assert!(opens_with(&server.wire, &teller).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn s102_every_server_at_redis_ends_what_a_link_opened() {
    let redis = RedisProcess::start();
    let (a, b) = (Server::start(&redis.url(), &[]), Server::start(&redis.url(), &[]));
    let handout = welcoming(&a, plan(8)).await;
    let elsewhere = tempfile::TempDir::new().unwrap();
    let told = |more: &[&str]| {
        let data = elsewhere.path().join("data");
        let at = ["--redis", &redis.url(), "--key", OPERATOR_KEY, "--data", data.to_str().unwrap()];
        links(&[more, &at, &["--meeting", &handout.meeting]].concat())
    };
    let given = printed(&told(&["--new", "scrutineer"]).unwrap(), "Scrutineer:");
    let (here, there) = (opens_with(&a.wire, &given).await.unwrap(), opens_with(&b.wire, &given).await.unwrap());
    let chair = opens(&b.wire, &handout, Role::Chair).await;
    let mut screens = [follows(&a.wire, &handout, &here).await, follows(&b.wire, &handout, &there).await];
    told(&["--withdraw", &secret::link_id(&secret::capability_digest(&given))]).unwrap();
    for screen in &mut screens {
        assert_eq!(closed(screen).await, CloseCode::UNKNOWN_SESSION.0);
    }
    for (server, session) in [(&a, &here), (&b, &there), (&a, &there)] {
        assert_eq!(view(&server.wire, &handout, session).await, Some(ProblemKind::UnknownSession));
        assert_eq!(opens_with(&server.wire, &given).await, Err(ProblemKind::UnknownSession));
    }
    assert_eq!(view(&a.wire, &handout, &chair).await, None);
}
