//! Rules s111 to s115: the sealed channel, from outside and from inside.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use pingyi::channel::{self, Fresh, Stale};
use pingyi::creation::Handout;
use pingyi::protocol::{ChannelKey, CloseCode, Hello, Join, JoinBy, OpenSession, PROTOCOL, Problem, ProblemKind, Role};
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::problem::RequestError;
use pingyi::rehearsal::socket::Socket;
use pingyi::rehearsal::{ServerAddress, Wire, capability};
use pingyi::secret;
use pingyi::server_secret::ServerSecret;
use pingyi_rules::envelope::{self, EnvelopeKey, padded, padded_length, unpadded};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::Message;

/// A server of its own with a meeting, and the way to it.
struct Place {
    server: OwnServer,
    handout: Handout,
    wire: Wire,
}

impl Place {
    async fn new() -> Self {
        let server = OwnServer::start().await.unwrap();
        let folder = crate::rehearsal::shipped("institute");
        let handout = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap().handout;
        let address = Arc::new(ServerAddress::parse(&server.base_url).unwrap());
        Self { server, handout, wire: Wire::new(address, Duration::ZERO) }
    }

    /// Posts bytes and reads the whole answer: its status line and its body.
    async fn posts(&self, path: &str, more: &str, body: &[u8]) -> (String, Vec<u8>) {
        let mut stream = self.wire.address().connect().await.unwrap();
        let host = &self.wire.address().authority;
        let length = body.len();
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{more}content-length: {length}");
        stream.write_all(format!("{head}\r\n\r\n").as_bytes()).await.unwrap();
        // Who refuses by the head need not read the rest.
        let _ = stream.write_all(body).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let ends = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let body = answer.split_off(ends + 4);
        (String::from_utf8(answer).unwrap().lines().next().unwrap().to_owned(), body)
    }

    async fn is_refused(&self, path: &str, more: &str, body: &[u8]) -> ProblemKind {
        let (status, answer) = self.posts(path, more, body).await;
        assert!(!status.contains(" 200 "), "{path}: {status}");
        serde_json::from_slice::<Problem>(&answer).unwrap().problem
    }

    /// A session of a role, through the channel.
    async fn session(&self, role: Role) -> String {
        let session = secret::token().unwrap();
        let capability = capability(&self.handout, role).unwrap().to_owned();
        let question = OpenSession { capability, session: session.clone() };
        let _: pingyi::protocol::SessionOpened = self.wire.ask("/api/sessions", None, &question).await.unwrap();
        session
    }
}

fn json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn s111_a_secret_in_clear_is_refused_before_anything_is_made_of_it() {
    let place = Place::new().await;
    let meeting = &place.handout.meeting;
    let capability = capability(&place.handout, Role::Chair).unwrap().to_owned();
    let session = secret::token().unwrap();
    let open = json(&OpenSession { capability, session: session.clone() });
    assert_eq!(place.is_refused("/api/sessions", "", &open).await, ProblemKind::NotSealed);
    // Nothing was made of it: the session does not exist.
    let asked = place.wire.get(&format!("/api/meetings/{meeting}/view"), Some(&session)).await;
    assert!(matches!(asked, Err(RequestError::Said(problem)) if problem.problem == ProblemKind::UnknownSession));
    let by = JoinBy::Slip { code: place.handout.codes[0].code.clone() };
    let join = json(&Join { by, credential: secret::token().unwrap(), leads_subject: None, kiosk: None });
    assert_eq!(place.is_refused("/api/join", "", &join).await, ProblemKind::NotSealed);
    let session = place.session(Role::Chair).await;
    let bearer = format!("authorization: Bearer {session}\r\n");
    let rounds = format!("/api/meetings/{meeting}/rounds/1");
    for path in [
        format!("/api/meetings/{meeting}/commands"),
        format!("/api/meetings/{meeting}/slips"),
        format!("{rounds}/papers"),
        format!("{rounds}/components"),
        "/api/meetings".to_owned(),
        "/api/qr".to_owned(),
    ] {
        for more in ["", &bearer] {
            assert_eq!(place.is_refused(&path, more, b"{}").await, ProblemKind::NotSealed, "{path}");
        }
    }
    for path in ["view", "events", "prints", "kept", "archive.zip", "plan", "exports/summary.csv", "rounds/1/opinions"]
    {
        let path = format!("/api/meetings/{meeting}/{path}");
        let answer = crate::edge::get(place.wire.address(), &path, &bearer).await.unwrap();
        let problem: Problem = serde_json::from_str(&answer.body).unwrap();
        assert_eq!((answer.status, problem.problem), (400, ProblemKind::NotSealed), "{path}");
    }
    // The control: in its envelope the same is answered.
    place.wire.get(&format!("/api/meetings/{meeting}/prints"), Some(&session)).await.unwrap();
    place.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s111_what_is_sealed_to_another_key_or_for_another_meeting_is_refused() {
    let place = Place::new().await;
    let meeting = &place.handout.meeting;
    let session = place.session(Role::Chair).await;
    let path = format!("/api/meetings/{meeting}/prints");
    let sealed = place.wire.sealed("GET", &path, Some(&session), b"", 0).await.unwrap();
    // Another meeting's route has another key, and so has the servers'.
    for other in ["/sealed", "/sealed/abcd2345"] {
        assert_eq!(place.is_refused(other, "", &sealed.envelope).await, ProblemKind::NotSealed, "{other}");
    }
    for length in [0, 31, 48, sealed.envelope.len() - 1] {
        assert_eq!(place.is_refused(&sealed.path, "", &sealed.envelope[..length]).await, ProblemKind::NotSealed);
    }
    // Sealed to the servers' key, or to another meeting's, a request is not for this one.
    let key = async |path: &str| {
        let said = place.wire.get(path, None).await.unwrap();
        let said: ChannelKey = serde_json::from_slice(&said).unwrap();
        let key = data_encoding::BASE64URL_NOPAD.decode(said.key.as_bytes()).unwrap();
        (<[u8; 32]>::try_from(key).unwrap(), said.now_ms)
    };
    for (scope, of) in [("", "/api/key".to_owned()), ("abcd2345", "/api/meetings/abcd2345/key".to_owned())] {
        let (key, now_ms) = key(&of).await;
        let head = serde_json::json!({"method": "GET", "path": path, "at_ms": now_ms, "bearer": session});
        let text = padded(format!("{head}\n").as_bytes(), 0);
        let (envelope, _) = envelope::seal(&key, &channel::info(scope), &text, &mut rand::rng()).unwrap();
        let to = if scope.is_empty() { "/sealed".to_owned() } else { format!("/sealed/{scope}") };
        assert_eq!(place.is_refused(&to, "", &envelope).await, ProblemKind::NotSealed, "{scope}");
    }
    // The control.
    let (status, answer) = place.posts(&sealed.path, "", &sealed.envelope).await;
    assert!(status.contains(" 200 ") && sealed.opened(&answer).unwrap().0 == 200, "{status}");
    place.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s112_the_same_envelope_opens_nothing_again() {
    let place = Place::new().await;
    let meeting = &place.handout.meeting;
    let session = place.session(Role::Chair).await;
    let command = json(&serde_json::json!({"do": "open_checkin"}));
    let path = format!("/api/meetings/{meeting}/commands");
    let sealed = place.wire.sealed("POST", &path, Some(&session), &command, 0).await.unwrap();
    let (status, answer) = place.posts(&sealed.path, "", &sealed.envelope).await;
    assert!(status.contains(" 200 ") && sealed.opened(&answer).unwrap().0 == 200);
    let (status, answer) = place.posts(&sealed.path, "", &sealed.envelope).await;
    let problem: Problem = serde_json::from_slice(&answer).unwrap();
    assert!(status.contains(" 400 ") && problem.problem == ProblemKind::Stale, "{status}");
    assert!(problem.detail.unwrap().parse::<u64>().unwrap() > 0, "it tells the server's time");
    place.server.stop().await;
}

#[test]
fn s112_what_was_sealed_long_ago_or_ahead_of_time_is_stale() {
    let key = EnvelopeKey::from_bytes(&[5; 32]).unwrap();
    let envelope = || envelope::seal(&key.public(), b"", b"", &mut rand::rng()).unwrap().1;
    let (fresh, now) = (Fresh::default(), 1_000_000_000);
    for (at_ms, is) in [
        (now, Ok(())),
        (now - 120_000, Ok(())),
        (now + 120_000, Ok(())),
        (now - 120_001, Err(Stale)),
        (now + 120_001, Err(Stale)),
        (0, Err(Stale)),
        (u64::MAX, Err(Stale)),
    ] {
        assert_eq!(fresh.check(now, at_ms, &envelope()), is, "{at_ms}");
    }
    let once = envelope();
    assert_eq!(fresh.check(now, now, &once), Ok(()));
    assert_eq!(fresh.check(now + 1, now, &once), Err(Stale));
}

#[tokio::test(flavor = "multi_thread")]
async fn s112_a_hello_that_was_heard_is_none_again() {
    let place = Place::new().await;
    let meeting = &place.handout.meeting;
    let session = place.session(Role::Chair).await;
    let said = place.wire.get(&format!("/api/meetings/{meeting}/key"), None).await.unwrap();
    let said: ChannelKey = serde_json::from_slice(&said).unwrap();
    let key: [u8; 32] = data_encoding::BASE64URL_NOPAD.decode(said.key.as_bytes()).unwrap().try_into().unwrap();
    let sealed = |at_ms: u64, scope: &str| {
        let hello = json(&Hello { session: session.clone(), protocol: PROTOCOL, at_ms });
        envelope::seal(&key, &channel::info(scope), &padded(&hello, 0), &mut rand::rng()).unwrap().0
    };
    // What becomes of a socket that begins so: none where it goes on.
    let path = format!("/ws/{meeting}");
    let begins = async |first: Message| {
        use futures_util::{SinkExt as _, StreamExt as _};
        let url = format!("ws://{}{path}", place.wire.address().authority);
        let stream = place.wire.address().connect().await.unwrap();
        let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
        socket.send(first).await.unwrap();
        match socket.next().await.unwrap().unwrap() {
            Message::Close(frame) => Some(u16::from(frame.unwrap().code)),
            _ => None,
        }
    };
    let hello = sealed(said.now_ms, meeting);
    assert_eq!(begins(Message::binary(hello.clone())).await, None);
    assert_eq!(begins(Message::binary(hello)).await, Some(CloseCode::STALE.0));
    assert_eq!(begins(Message::binary(sealed(said.now_ms - 130_000, meeting))).await, Some(CloseCode::STALE.0));
    assert_eq!(begins(Message::binary(sealed(said.now_ms, ""))).await, Some(CloseCode::NOT_SEALED.0));
    let clear = String::from_utf8(json(&Hello { session: session.clone(), protocol: 2, at_ms: 0 })).unwrap();
    assert_eq!(begins(Message::text(clear)).await, Some(CloseCode::OLD_PAGE.0));
    place.server.stop().await;
}

#[test]
fn s113_padding_has_few_lengths_and_loses_nothing() {
    let lengths: BTreeSet<usize> = (0..64 * 1024).map(|length| padded(&vec![7; length], 0).len()).collect();
    let powers: BTreeSet<usize> = (9..=17).map(|power| 1 << power).collect();
    assert!(lengths.is_subset(&powers), "{lengths:?}");
    for length in [0, 1, 507, 508, 509, 65_532, 65_533, 1_000_000] {
        let body = vec![9; length];
        let whole = padded(&body, 0);
        assert_eq!(whole.len(), padded_length(length));
        assert_eq!(unpadded(&whole), Some(body.as_slice()));
        assert_eq!(padded(&body, 3_000).len(), padded_length(length.max(3_000)));
    }
    assert_eq!((unpadded(&[]), unpadded(&[0, 0, 0, 2, 7])), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn s114_a_roles_frames_are_sealed_and_a_phones_are_in_clear() {
    use futures_util::StreamExt as _;
    let place = Place::new().await;
    let meeting = &place.handout.meeting;
    let session = place.session(Role::Chair).await;
    let command = serde_json::json!({"do": "open_checkin"});
    let path = format!("/api/meetings/{meeting}/commands");
    let _: pingyi::protocol::Done = place.wire.ask(&path, Some(&session), &command).await.unwrap();
    let credential = secret::token().unwrap();
    let by = JoinBy::Slip { code: place.handout.codes[0].code.clone() };
    let join = Join { by, credential: credential.clone(), leads_subject: Some(0), kiosk: None };
    let _: pingyi::protocol::Joined = place.wire.ask("/api/join", None, &join).await.unwrap();
    for (secret, is_sealed) in [(&session, true), (&credential, false)] {
        let mut socket = Socket::connect(place.wire.address(), &format!("/ws/{meeting}"), secret).await.unwrap();
        let mut raw = Vec::new();
        for kind in ["welcome", if is_sealed { "chair" } else { "voter" }] {
            let Message::Text(text) = socket.next().await.unwrap().unwrap() else { panic!("no view") };
            let view: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(view["kind"], kind);
            raw.push(text.len());
        }
        drop(socket);
        // As it travels: binary, and nothing of it readable, or text.
        let stream = place.wire.address().connect().await.unwrap();
        let url = format!("ws://{}/ws/{meeting}", place.wire.address().authority);
        let (mut bare, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
        futures_util::SinkExt::send(&mut bare, Message::binary(hello(&place, secret).await)).await.unwrap();
        for _ in 0..2 {
            let message = bare.next().await.unwrap().unwrap();
            assert_eq!(message.is_binary(), is_sealed);
            let shows = message.into_data().windows(6).any(|window| window == b"\"kind\"");
            assert_eq!(shows, !is_sealed);
        }
    }
    place.server.stop().await;
}

/// A hello in its envelope.
async fn hello(place: &Place, session: &str) -> Vec<u8> {
    let meeting = &place.handout.meeting;
    let said = place.wire.get(&format!("/api/meetings/{meeting}/key"), None).await.unwrap();
    let said: ChannelKey = serde_json::from_slice(&said).unwrap();
    let key = data_encoding::BASE64URL_NOPAD.decode(said.key.as_bytes()).unwrap().try_into().unwrap();
    let hello = json(&Hello { session: session.to_owned(), protocol: PROTOCOL, at_ms: said.now_ms });
    envelope::seal(&key, &channel::info(meeting), &padded(&hello, 0), &mut rand::rng()).unwrap().0
}

#[test]
fn s115_the_hash_of_a_meetings_key_stands_in_every_address() {
    let secret = ServerSecret::of_operator_key("the operator key of all servers").unwrap();
    let folder = crate::rehearsal::shipped("institute");
    let request = pingyi::creation::MeetingRequest { plan: folder.plan.clone(), seats: folder.seats.clone() };
    let (_, handout) = pingyi::creation::make(request, &secret).unwrap();
    let hash = channel::hash_for(&secret, &handout.meeting);
    assert_eq!((hash.len(), &handout.key_hash), (22, &hash));
    let same = ServerSecret::of_operator_key("the operator key of all servers").unwrap();
    assert_eq!(channel::hash_for(&same, &handout.meeting), hash);
    let other = ServerSecret::random().unwrap();
    let all = [channel::hash_for(&other, &handout.meeting), channel::hash_for(&secret, "abcd2345"), hash.clone()];
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 3);
    let meeting = &handout.meeting;
    for role in [Role::Chair, Role::Teller, Role::Scrutineer, Role::Projector] {
        let link = handout.link("http://hall", role).unwrap();
        assert!(link.ends_with(&format!("&m={meeting}&h={hash}")), "{link}");
    }
    assert_eq!(handout.join_link("http://hall"), format!("http://hall/m/{meeting}#h={hash}"));
    assert_eq!(
        handout.slip_link("http://hall", "ABCDE12345"),
        format!("http://hall/m/{meeting}#s=ABCDE12345&h={hash}")
    );
    for not_an_id in ["ABC", "a b", "../x", &"a".repeat(65)] {
        assert!(channel::key_of(&secret, not_an_id).is_none(), "{not_an_id}");
    }
}
