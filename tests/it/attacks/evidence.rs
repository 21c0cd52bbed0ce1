//! What an operator has of a hall: every file with the WAL as it is, every line that was logged, every frame that was sent,
//! and at Redis every key, the dump of each, the snapshot, the slow log, idle times and what MONITOR showed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use pingyi::protocol::Role;
use pingyi::rehearsal::ServerAddress;
use pingyi::rehearsal::socket::Socket;
use rusqlite::Connection;
use tokio::task::JoinHandle;

use super::links::Voter;
use crate::contents::contents;
use crate::redis::hall::Hall;
use crate::redis::process::RedisProcess;
use crate::redis::secrecy::keyspace;

/// Bytes of the WAL's head and of the head of each of its frames.
const WAL_HEAD_BYTES: usize = 32;
const FRAME_HEAD_BYTES: usize = 24;

/// Something that was kept or said by itself: a file, a line, a frame, a key.
pub struct Thing {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Thing {
    fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

/// Listens on screens of every kind and keeps every frame.
pub struct Frames {
    kept: Arc<Mutex<Vec<Vec<u8>>>>,
    listening: Vec<JoinHandle<()>>,
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.listening.iter().for_each(JoinHandle::abort);
    }
}

impl Frames {
    pub async fn of(hall: &Hall, phone: Option<&str>) -> Self {
        let kept = Arc::<Mutex<Vec<Vec<u8>>>>::default();
        let mut sessions: Vec<String> = phone.into_iter().map(str::to_owned).collect();
        for role in [Role::Chair, Role::Projector, Role::Scrutineer] {
            sessions.push(hall.opens_session(role).await);
        }
        let mut listening = Vec::new();
        for session in sessions {
            let address: ServerAddress = hall.servers[0].wire.address().clone();
            let mut socket = Socket::connect(&address, &format!("/ws/{}", hall.meeting()), &session).await.unwrap();
            let kept = Arc::clone(&kept);
            listening.push(tokio::spawn(async move {
                while let Some(Ok(frame)) = socket.next().await {
                    kept.lock().unwrap().push(frame.into_data().to_vec());
                }
            }));
        }
        Self { kept, listening }
    }

    pub fn things(&self) -> Vec<Thing> {
        self.kept.lock().unwrap().iter().map(|frame| Thing::new("a frame", frame.clone())).collect()
    }
}

/// Everything that servers keep and log.
pub fn of_servers(hall: &Hall) -> Vec<Thing> {
    let mut things = Vec::new();
    for server in &hall.servers {
        let kept = contents(&server.data());
        things.extend(kept.into_iter().map(|(file, bytes)| Thing::new(file.display().to_string(), bytes)));
        let log = std::fs::read(server.log()).unwrap();
        things.extend(log.split(|byte| *byte == b'\n').map(|line| Thing::new("a line of the log", line)));
    }
    things
}

/// Everything that Redis tells who asks it: each key with its name and values, each dump, each entry of the slow log, and what
/// was monitored.
pub fn of_redis(redis: &RedisProcess, monitored: &[Vec<Vec<u8>>]) -> Vec<Thing> {
    let mut things = Vec::new();
    for (key, values) in keyspace(redis) {
        let dump: Option<Vec<u8>> = redis.ask(&["DUMP", &key]);
        things.push(Thing::new(format!("dump of {key}"), [key.as_bytes(), &dump.unwrap_or_default()].concat()));
        things.push(Thing::new(key.clone(), [vec![key.into_bytes()], values].concat().concat()));
    }
    things.extend(slow_log(redis).iter().map(|entry| Thing::new("the slow log", entry.concat())));
    things.extend(monitored.iter().map(|line| Thing::new("a line of MONITOR", line.concat())));
    things
}

/// The snapshot that Redis saves when it is asked to.
pub fn snapshot(redis: &RedisProcess) -> Vec<u8> {
    let _: () = redis.ask(&["SAVE"]);
    std::fs::read(redis.directory().join("dump.rdb")).unwrap()
}

/// The commands of the slow log, the oldest first, each with its arguments.
pub fn slow_log(redis: &RedisProcess) -> Vec<Vec<Vec<u8>>> {
    let entries: Vec<redis::Value> = redis.ask(&["SLOWLOG", "GET", "-1"]);
    entries.iter().rev().map(texts).collect()
}

/// All texts in an answer, in their order.
fn texts(value: &redis::Value) -> Vec<Vec<u8>> {
    match value {
        redis::Value::BulkString(text) => vec![text.clone()],
        redis::Value::Array(values) => values.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Who asked for papers in which order, from the WAL alone: every commit in it is a state of the table, and the one who is
/// new in it came then.
pub fn asked_by_the_wal(hall: &Hall) -> Vec<Voter> {
    let data = hall.servers[0].data();
    let database = std::fs::read(data.join("meetings.sqlite")).unwrap();
    let wal = std::fs::read(data.join("meetings.sqlite-wal")).unwrap();
    let word = |at: usize| u32::from_be_bytes(wal[at..at + 4].try_into().unwrap());
    let frame_bytes = FRAME_HEAD_BYTES + usize::try_from(word(8)).unwrap();
    let frames = (wal.len() - WAL_HEAD_BYTES) / frame_bytes;
    // A frame that names the size of the database ends a commit.
    let end = |frame: usize| WAL_HEAD_BYTES + frame * frame_bytes;
    let commits: Vec<usize> =
        (0..frames).filter(|frame| word(end(*frame) + 4) > 0).map(|frame| end(frame + 1)).collect();
    let folder = tempfile::tempdir().unwrap();
    let issued_at = |bytes: usize| -> Vec<u32> {
        let path = folder.path().join(format!("{bytes}.sqlite"));
        std::fs::write(&path, &database).unwrap();
        std::fs::write(folder.path().join(format!("{bytes}.sqlite-wal")), &wal[..bytes]).unwrap();
        let connection = Connection::open(&path).unwrap();
        let asked = connection.prepare("SELECT seat FROM papers WHERE issued = 1").and_then(|mut query| {
            let seats = query.query_map([], |row| row.get(0))?;
            seats.collect()
        });
        // Early commits make the tables.
        asked.unwrap_or_default()
    };
    let first = commits.partition_point(|bytes| issued_at(*bytes).is_empty());
    let mut order: Vec<Voter> = Vec::new();
    for bytes in &commits[first..] {
        let seats = issued_at(*bytes);
        for seat in seats {
            let voter = hall.voters.iter().position(|voter| voter.seat == seat).unwrap();
            if !order.contains(&voter) {
                order.push(voter);
            }
        }
        if order.len() == hall.voters.len() {
            break;
        }
    }
    order
}

/// Who asked for papers, and whose ballots came, with their moments in a stream of commands: of MONITOR or of the slow log.
pub fn in_commands(hall: &Hall, commands: &[Vec<Vec<u8>>]) -> [Vec<(usize, Voter)>; 2] {
    let (mut asked, mut came) = (Vec::<(usize, Voter)>::new(), Vec::<(usize, Voter)>::new());
    let of_voter = |(voter, known): (Voter, &Arc<crate::redis::hall::Voter>)| {
        hall.sealed(known).into_iter().map(|sealed| (sealed[..32].to_vec(), voter)).collect::<Vec<_>>()
    };
    let keys: HashMap<Vec<u8>, Voter> = hall.voters.iter().enumerate().flat_map(of_voter).collect();
    for (moment, command) in commands.iter().enumerate() {
        // `… round seat digest`: as the step is called with them, and as it notes them.
        let seat = command.windows(2).find(|pair| pair[1].len() == 32 && pair[0].iter().all(u8::is_ascii_digit));
        let seat = seat.and_then(|pair| std::str::from_utf8(&pair[0]).ok()?.parse::<u32>().ok());
        let is_issue = command.iter().any(|part| part.ends_with(b":issued:1"));
        let asks = seat.filter(|_| is_issue).and_then(|seat| hall.voters.iter().position(|voter| voter.seat == seat));
        if let Some(voter) = asks.filter(|voter| asked.iter().all(|(_, known)| known != voter)) {
            asked.push((moment, voter));
        }
        let parts = command.iter().filter(|part| part.len() > 32);
        for voter in parts.filter_map(|part| keys.get(&part[..32])) {
            if came.iter().all(|(_, known)| known != voter) {
                came.push((moment, *voter));
            }
        }
    }
    [asked, came]
}

/// Voters in the order in which their sheets stand in some bytes, open or sealed; those that are not there are left out.
pub fn order_in(bytes: &[u8], hall: &Hall) -> Vec<Voter> {
    let mut places: Vec<(usize, Voter)> = Vec::new();
    for (voter, known) in hall.voters.iter().enumerate() {
        let of_sheet = known.items().into_iter().zip(hall.sealed(known)).find(|(item, _)| item.key().0 == 0);
        let (sheet, sealed) = of_sheet.unwrap();
        let begins = |window: &[u8]| window == sheet.key().1 || window == &sealed[..32];
        places.extend(bytes.windows(32).position(begins).map(|place| (place, voter)));
    }
    places.sort_unstable();
    places.into_iter().map(|(_, voter)| voter).collect()
}

/// The boxes on the disks of all servers, one after the other.
pub fn boxes(hall: &Hall) -> Vec<u8> {
    let all = hall.servers.iter().flat_map(|server| contents(&server.data()));
    let boxes = all.filter(|(file, _)| file.extension().is_some_and(|ending| ending == "box"));
    boxes.flat_map(|(_, bytes)| bytes).collect()
}
