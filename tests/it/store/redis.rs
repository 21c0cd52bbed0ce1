//! The store that meets at Redis: the contract, run against it with a redis-server and a directory of its own for each test, and
//! what several servers and a Redis that loses its history must not break.

mod away;
mod batches;
mod checks;
mod earlier;
mod halls;
mod lost;
mod order;
mod people;
mod servers;
mod slips;
mod transport;

use std::sync::Arc;

use async_trait::async_trait;
use pingyi::server_secret::ServerSecret;
use pingyi::store::entry::BoxEntry;
use pingyi::store::redis::sealing::{BatchShape, Sealing};
use pingyi::store::redis::{RedisOptions, RedisStore};
use pingyi::store::{BoxStore as _, CastVerdict, Freeze, MeetingStore as _, MissingServer, Store};
use pingyi_rules::ballot::{Ballot, BoxItem};
use tempfile::TempDir;

use super::fixtures::{Casts as _, ID, Wanted, ballots_of, opened};
use super::world::{Place, World};
use crate::patience::eventually;
use crate::redis::process::RedisProcess;

/// The secret of every server of a test.
pub fn secret() -> ServerSecret {
    ServerSecret::read(&"5e".repeat(32)).unwrap()
}

/// How things lie at Redis, as every server of a test knows it.
pub fn sealing() -> Sealing {
    Sealing::new(&secret())
}

/// A ballot of the first round of the fixtures' meeting as it lies at Redis.
pub fn sealed(ballot: &Ballot) -> Vec<u8> {
    let meeting = Wanted::default().meeting().meeting;
    let shape = BatchShape::of(&meeting, &meeting.rounds[0]);
    sealing().entry(ID, 1, &BoxEntry::Item(BoxItem::Ballot(ballot.clone())), shape).unwrap()
}

/// What a server of a test is told.
pub fn options(url: &str, name: &str) -> RedisOptions {
    RedisOptions { url: url.to_owned(), secret: secret(), name: name.to_owned(), replicas: 0, unchecked: false }
}

/// One server's directory, and the Redis that it meets others at.
pub struct RedisPlace {
    pub redis: Arc<RedisProcess>,
    pub directory: TempDir,
}

impl RedisPlace {
    pub fn at(redis: &Arc<RedisProcess>) -> Self {
        Self { redis: Arc::clone(redis), directory: TempDir::new().unwrap() }
    }

    pub async fn server(&self) -> RedisStore {
        RedisStore::open(self.directory.path(), &options(&self.redis.url(), "server")).await.unwrap()
    }
}

#[async_trait]
impl Place for RedisPlace {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(self.server().await)
    }
}

/// Two servers at one Redis.
pub struct Two {
    pub redis: Arc<RedisProcess>,
    pub places: [RedisPlace; 2],
    pub a: RedisStore,
    pub b: RedisStore,
}

impl Two {
    pub async fn new() -> Self {
        let redis = Arc::new(RedisProcess::start());
        let places = [RedisPlace::at(&redis), RedisPlace::at(&redis)];
        let (a, b) = (places[0].server().await, places[1].server().await);
        Self { redis, places, a, b }
    }

    /// Both serve a meeting whose first round takes casts.
    pub async fn opened() -> Self {
        let two = Self::new().await;
        opened(&two.a, &Wanted::default()).await;
        two.b.load(ID).await.unwrap().unwrap();
        two
    }
}

/// The first of two servers, after the second one is gone and Redis has lost everything.
pub struct Alone {
    pub redis: Arc<RedisProcess>,
    pub places: [RedisPlace; 2],
    pub a: RedisStore,
}

impl Two {
    /// The second server goes, and Redis loses everything.
    pub fn loses_b_and_history(self) -> Alone {
        let Self { redis, places, a, b } = self;
        drop(b);
        let _: String = redis.ask(&["FLUSHALL"]);
        Alone { redis, places, a }
    }
}

/// Waits until every server has looked at everything.
pub async fn looked(redis: &RedisProcess) {
    let beats = || -> Vec<u64> {
        let said: Vec<String> = redis.ask(&["HVALS", "pingyi:{look-ups}:servers"]);
        said.iter().map(|said| said.split(' ').next().unwrap().parse().unwrap()).collect()
    };
    let before = eventually("both live", async || Some(beats()).filter(|beats| beats.len() == 2)).await;
    let passed = || beats().iter().zip(&before).all(|(now, before)| *now >= before + 3);
    eventually("both looked", async || passed().then_some(())).await;
}

/// Repeats a cast as a phone does: identical bytes, until it is known.
pub async fn cast(store: &RedisStore, ballots: &[Ballot]) -> Vec<CastVerdict> {
    eventually("a cast is answered", async || store.casts(ID, 1, ballots).await.ok()).await
}

/// Freezes, waiting for every server.
pub async fn frozen(store: &RedisStore) -> Vec<Ballot> {
    let asks = async || match store.freeze(ID, 1, &[]).await {
        Ok(Freeze::Frozen(items)) => Some(ballots_of(items)),
        Ok(Freeze::Waiting(_)) | Err(_) => None,
    };
    eventually("the box is frozen", asks).await
}

/// Whom a freeze waits for.
pub async fn waits_for(store: &RedisStore) -> Vec<MissingServer> {
    let asks = async || match store.freeze(ID, 1, &[]).await {
        Ok(Freeze::Waiting(servers)) => Some(servers),
        Ok(Freeze::Frozen(_)) => panic!("it waits for nobody"),
        Err(_) => None,
    };
    eventually("the freeze is answered", asks).await
}

async fn redis_world() -> World {
    World::at(RedisPlace::at(&Arc::new(RedisProcess::start()))).await
}

super::contract::every_promise!(redis_world());
