//! What was overheard, sent again as it is.

use pingyi::protocol::{CloseCode, Problem, ProblemKind};
use pingyi::rehearsal::ServerAddress;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::Message;

use super::exchanges::{Exchange, Part, exchanges, part};
use super::meeting::{Hall, Meeting, SHEETS};

async fn sent(address: &ServerAddress, path: &str, body: &[u8]) -> Part {
    let mut stream = address.connect().await.unwrap();
    let (host, length) = (&address.authority, body.len());
    let head = format!("POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(&[head.as_bytes(), body].concat()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    part(&answer).unwrap()
}

/// What a socket is told that begins so.
async fn said(address: &ServerAddress, path: &str, hello: &[u8]) -> Message {
    use futures_util::{SinkExt as _, StreamExt as _};
    let stream = address.connect().await.unwrap();
    let url = format!("ws://{}{path}", address.authority);
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
    socket.send(Message::binary(hello.to_vec())).await.unwrap();
    socket.next().await.unwrap().unwrap()
}

/// Every envelope, hello and cast so far: how many of each.
pub async fn opens_nothing(meeting: &Meeting, hall: &Hall) -> [usize; 3] {
    let overheard = exchanges(&meeting.listener);
    let mut again = [0; 3];
    for exchange in overheard.iter().filter(|exchange| exchange.is_sealed()) {
        let answer = sent(&meeting.server, exchange.path(), &exchange.asked.body).await;
        let problem: Problem = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem.problem, ProblemKind::Stale, "{}", exchange.door);
        again[0] += 1;
    }
    let hello = |exchange: &'_ Exchange| exchange.frames[0].first().cloned();
    for (exchange, hello) in overheard.iter().filter_map(|exchange| Some((exchange, hello(exchange)?))) {
        let Message::Close(Some(frame)) = said(&meeting.server, exchange.path(), &hello).await else {
            panic!("{} is heard twice", exchange.door)
        };
        assert_eq!(u16::from(frame.code), CloseCode::STALE.0);
        again[1] += 1;
    }
    for exchange in overheard.iter().filter(|exchange| exchange.is_cast()) {
        let answer = sent(&meeting.server, exchange.path(), &exchange.asked.body).await;
        assert_eq!(answer.body.len(), exchange.answered.body.len(), "{}", exchange.door);
        // Two phones know what opens their own answers, and open no other's.
        for own in &hall.own_casts {
            let is_own = own.envelope == exchange.asked.body;
            assert_eq!(own.reads(&answer.body).is_some(), is_own, "{}", exchange.door);
        }
        again[2] += 1;
    }
    let returned = meeting.store.returned(&meeting.handout.meeting, 1).await.unwrap();
    assert_eq!(returned.values().sum::<u32>(), SHEETS, "what was cast again counts once");
    again
}
