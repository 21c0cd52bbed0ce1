//! Rule s94, as an attack: more silent visitors than the server has descriptors, and a hall that votes all the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pingyi::protocol::MeetingList;
use pingyi::rehearsal::ServerAddress;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::connections::{open_files, tries_to_follow};
use super::get;
use crate::patience::{PATIENCE, eventually};
use crate::redis::hall::Hall;
use crate::redis::server::Server;

/// Descriptors of the server: room for 200 connections.
const FILES: &str = "-n 400";
const PLACES: usize = 200;
/// Visitors who never leave: half of them follow the meeting, half of them say nothing at all.
const VISITORS: usize = 600;
const VOTERS: u32 = 40;
/// How long somebody who was sent away waits before coming back.
const COMES_BACK_AFTER: Duration = Duration::from_secs(1);

/// Visitors who hold what they have for as long as they can, and come back when it is taken from them.
struct Attack {
    open: Arc<AtomicUsize>,
    sent_away: Arc<AtomicUsize>,
    _visitors: JoinSet<()>,
}

impl Attack {
    fn on(address: &ServerAddress) -> Self {
        let (open, sent_away) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let mut visitors = JoinSet::new();
        for number in 0..VISITORS {
            let (address, open, sent_away) = (address.clone(), Arc::clone(&open), Arc::clone(&sent_away));
            visitors.spawn(async move {
                loop {
                    if let Ok(stream) = address.connect().await {
                        open.fetch_add(1, Ordering::Relaxed);
                        sits(stream, if number % 2 == 0 { followed(&address).await } else { None }).await;
                        open.fetch_sub(1, Ordering::Relaxed);
                        sent_away.fetch_add(1, Ordering::Relaxed);
                    }
                    tokio::time::sleep(COMES_BACK_AFTER).await;
                }
            });
        }
        Self { open, sent_away, _visitors: visitors }
    }

    fn sent_away(&self) -> usize {
        self.sent_away.load(Ordering::Relaxed)
    }

    /// Waits until they have taken so many places.
    async fn takes(&self, places: usize) {
        let is = async || (self.open.load(Ordering::Relaxed) >= places).then_some(());
        eventually("the visitors to be there", is).await;
    }

    /// Waits until so many more were sent away: they have come as often, and been in everybody's way.
    async fn goes_on(&self, more: usize) {
        let enough = self.sent_away() + more;
        let is = async || (self.sent_away() >= enough).then_some(());
        eventually("the visitors to come back", is).await;
    }
}

/// Stays until it is sent away.
async fn sits(mut stream: tokio::net::TcpStream, asks: Option<String>) {
    if let Some(asks) = asks
        && stream.write_all(asks.as_bytes()).await.is_err()
    {
        return;
    }
    let mut heard = vec![0; 4096];
    while stream.read(&mut heard).await.is_ok_and(|read| read > 0) {}
}

/// A request to follow the newest meeting of the list, which everybody may read, as soon as there is one.
async fn followed(address: &ServerAddress) -> Option<String> {
    let list: MeetingList = serde_json::from_str(&get(address, "/api/meetings", "").await?.body).ok()?;
    let meeting = &list.meetings.first()?.id;
    Some(format!("GET /api/meetings/{meeting}/events HTTP/1.1\r\nhost: {}\r\n\r\n", address.authority))
}

#[tokio::test(flavor = "multi_thread")]
async fn s94_more_silent_visitors_than_descriptors_keep_nobody_from_voting() {
    pingyi::descriptors::raise();
    let server = Server::start_limited(FILES);
    let (address, process) = (server.wire.address().clone(), server.process());
    let attack = Attack::on(&address);
    attack.takes(PLACES - PLACES / 8).await;
    attack.goes_on(PLACES).await;
    let is_full = async || (open_files(process) > PLACES).then_some(());
    eventually("the server to be full", is_full).await;
    // Every phone joins, gets its papers and fills in its sheet.
    let hall = Hall::opens(vec![server], VOTERS).await;
    let mut sockets = Vec::new();
    for voter in &hall.voters {
        let follows = async || tries_to_follow(&address, hall.meeting(), &voter.credential).await;
        sockets.push(eventually("a phone to follow by its socket", follows).await);
    }
    attack.goes_on(2 * PLACES).await;
    hall.casts(0..VOTERS as usize, Duration::ZERO).ended().await;
    hall.chair().sees("every sheet to be returned", |view| view.total.returned == VOTERS).await;
    // Every socket is the one that was opened before; the pong comes on it, past whatever views came meanwhile.
    for socket in &mut sockets {
        socket.send(tokio_tungstenite::tungstenite::Message::Ping(b"here".to_vec().into())).await.unwrap();
        let ponged =
            async { while !socket.next().await.expect("the socket is gone").expect("the socket broke").is_pong() {} };
        tokio::time::timeout(PATIENCE, ponged).await.unwrap();
    }
    assert!(open_files(process) < 400);
    let log = std::fs::read_to_string(hall.servers[0].log()).unwrap();
    let lines = log.lines().filter(|line| line.contains("there is no room for all connections")).count();
    assert!(lines >= 1, "nobody is told of it");
}

/// A door with as many places, given to whoever comes first and kept until they leave, as servers have it by themselves.
async fn first_come(places: usize) -> ServerAddress {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = ServerAddress::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        let mut inside = JoinSet::new();
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            while inside.try_join_next().is_some() {}
            if inside.len() >= places {
                continue;
            }
            inside.spawn(async move {
                let mut heard = vec![0; 4096];
                while let Ok(read @ 1..) = stream.read(&mut heard).await {
                    let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok";
                    let is_short = String::from_utf8_lossy(&heard[..read]).starts_with("GET /healthz");
                    if is_short && stream.write_all(answer).await.is_ok() {
                        return;
                    }
                }
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn s94_the_same_visitors_lock_a_hall_out_of_a_door_without_the_rule() {
    pingyi::descriptors::raise();
    let door = first_come(PLACES).await;
    assert_eq!(get(&door, "/healthz", "").await.unwrap().status, 200, "it answers while there is room");
    let attack = Attack::on(&door);
    attack.goes_on(VISITORS).await;
    for _ in 0..20 {
        assert!(get(&door, "/healthz", "").await.is_none(), "somebody came in");
    }
}
