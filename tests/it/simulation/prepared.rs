//! What every seed begins with, made once in a process: a meeting whose round is open at three servers, a sheet in its envelope for
//! every voter, and what Redis and the servers' directories hold then.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use pingyi::clock::now_ms;
use pingyi::store::Store;
use pingyi::store::redis::RedisStore;
use pingyi_rules::ballot::{self, Batch, BoxItem};
use tempfile::TempDir;

use super::network::{Keys, keys};
use super::resp::Resp;
use super::world::SERVERS;
use crate::contents::contents;
use crate::patience::eventually;
use crate::redis::process::RedisProcess;
use crate::secrecy::hall::{Hall, plan};
use crate::store::redis::options;

/// Somebody with a sheet that is filled in.
pub struct Voter {
    pub seat: u32,
    /// As it is cast.
    pub envelope: Vec<u8>,
    /// What is in it.
    pub items: Vec<BoxItem>,
}

pub struct Prepared {
    pub meeting: String,
    pub voters: Vec<Arc<Voter>>,
    /// The files of each server, by their paths in its directory.
    directories: Vec<Vec<(PathBuf, Vec<u8>)>>,
    /// What Redis holds.
    pub keys: Keys,
    /// The clock when all of this was so.
    pub now_ms: u64,
}

/// In memory where the system has such a place: a seed opens three databases, and more after every kill.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory).unwrap() } else { TempDir::new().unwrap() }
}

impl Prepared {
    /// Made by whoever asks first.
    pub fn get() -> &'static Self {
        static PREPARED: LazyLock<Prepared> = LazyLock::new(|| {
            // A thread of its own: a runtime may run on that of the test.
            std::thread::spawn(|| tokio::runtime::Runtime::new().unwrap().block_on(prepare())).join().unwrap()
        });
        &PREPARED
    }

    /// A directory as a server has it when the seed begins.
    pub fn directory(&self, server: usize) -> TempDir {
        let directory = folder();
        for (path, bytes) in &self.directories[server] {
            let path = directory.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        directory
    }
}

async fn prepare() -> Prepared {
    let redis = RedisProcess::start();
    let mut halls: Vec<Hall> = Vec::new();
    for number in 0..SERVERS {
        let data = folder();
        let store = RedisStore::open(data.path(), &options(&redis.url(), &format!("hall {number}"))).await.unwrap();
        let store: Arc<dyn Store> = Arc::new(store);
        let made = halls.first().map(|first| first.handout.clone());
        halls.push(match made {
            None => Hall::made_in(data, store, plan()).await,
            Some(handout) => Hall::on(data, store, handout).await,
        });
    }
    let voters = voters(&halls).await;
    let chair = &halls[0];
    chair.opens().await;
    for hall in &halls {
        hall.watched.refresh().await.unwrap();
    }
    let meeting = chair.meeting().to_owned();
    let mut directories = Vec::new();
    for hall in halls {
        directories.push(files(hall.stopped().await.0.path()));
    }
    Prepared { meeting, voters, directories, keys: keys(&mut Resp::to(redis.port())), now_ms: now_ms() }
}

/// Everybody sits, gets papers in an armed round, and fills a sheet in.
async fn voters(halls: &[Hall]) -> Vec<Arc<Voter>> {
    let chair = &halls[0];
    chair.welcomes().await;
    let mut seated = Vec::new();
    for code in &chair.handout.codes {
        let server = &halls[code.seat as usize % SERVERS];
        // Of the second group two lead a subject each, whose row is not theirs to mark, and the others none.
        let leads = match code.seat.checked_sub(plan().groups[0].entitled + 1) {
            None => None,
            Some(0) => Some(1),
            Some(1) => Some(2),
            Some(_) => Some(0),
        };
        seated.push((server, server.seats(code.seat, leads).await));
    }
    chair.begins_and_arms().await;
    let mut voters = Vec::new();
    for (server, mut voter) in seated {
        // A server that learned of the round from another one has a moment's work with it.
        let issues = async || {
            server.watched.refresh().await.unwrap();
            server.hub.issuer.issues(server.meeting(), 1).then_some(())
        };
        eventually("the round is served", issues).await;
        voter.gets_papers(server).await;
        let mark = if voter.seat.seat.is_multiple_of(2) { "hao" } else { "cha" };
        let body = voter.fills_in(server, mark).await;
        let items = ballot::check(&server.frozen().await, &Batch::parse(&body).unwrap()).unwrap();
        let envelope = server.sealed(&body).await.envelope.to_vec();
        voters.push(Arc::new(Voter { seat: voter.seat.seat, envelope, items }));
    }
    voters
}

/// Every file below a directory, by its path in it.
fn files(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let within = |path: PathBuf| path.strip_prefix(directory).unwrap().to_owned();
    contents(directory).into_iter().map(|(path, bytes)| (within(path), bytes)).collect()
}
